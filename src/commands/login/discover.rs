//! Variables that the service itself can tell.

use std::collections::BTreeMap;

use super::super::Context;
use crate::api::ApiClient;
use crate::error::{Error, Result};
use crate::manifest::{Discovery, VariableSpec};
use crate::profile;
use crate::secret::Secret;
use crate::service::{Carried, Choice};
use crate::untrusted::clean;

/// Finds the variables that nobody said and that a call can tell.
pub(super) async fn variables(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    (name, secret): (&str, &Secret),
    known: &mut BTreeMap<String, String>,
) -> Result<()> {
    let manifest = client.service.manifest;
    let carried = Carried { name, secret };
    for (variable, spec) in &manifest.variables {
        let Some(discovery) = &spec.discover else {
            continue;
        };
        if known.contains_key(variable) || client.service.variables.contains_key(variable) {
            continue;
        }
        let found = look(client, discovery, &carried).await;
        let value = found.and_then(|choices| choose(context, variable, spec, &choices));
        match value {
            Ok(Some(value)) => {
                profile::check_variable(manifest, variable, &value)?;
                context
                    .log
                    .note(&format!("{}: {}", spec.title, clean(&value)));
                known.insert(variable.clone(), value);
            }
            Ok(None) => {}
            Err(error) if spec.required => {
                return Err(error.hint(format!("or say it yourself: --set {variable}=VALUE")));
            }
            Err(error) => context
                .log
                .warn(&format!("the {} was not found: {error}", spec.title)),
        }
    }
    Ok(())
}

async fn look(
    client: &ApiClient<'_>,
    discovery: &Discovery,
    carried: &Carried<'_>,
) -> Result<Vec<Choice>> {
    Ok(client.service.discover(discovery, carried).await?)
}

fn choose(
    context: &Context<'_>,
    variable: &str,
    spec: &VariableSpec,
    choices: &[Choice],
) -> Result<Option<String>> {
    let titles: Vec<String> = choices
        .iter()
        .map(|choice| {
            let (value, title) = (clean(&choice.value), clean(&choice.title));
            if value == title {
                value
            } else {
                format!("{title} ({value})")
            }
        })
        .collect();
    match choices {
        [] => Err(Error::usage(format!("the service knows no {}", spec.title))),
        [only] => Ok(Some(only.value.clone())),
        _ if context.may_ask => {
            let index = context.world.terminal.choose(&spec.title, &titles)?;
            Ok(choices.get(index).map(|choice| choice.value.clone()))
        }
        _ => Err(Error::usage(format!(
            "which {}? there are several, and there is nobody to ask",
            spec.title
        ))
        .hint(format!(
            "`--set {variable}=VALUE` is one of: {}",
            titles.join(", ")
        ))),
    }
}
