//! Variables that the service itself can tell.

use std::collections::BTreeMap;

use super::super::Context;
use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::one_line;
use crate::manifest::{Discovery, Manifest, Operation, VariableSpec, Verb};
use crate::platform::Platform;
use crate::profile;
use crate::profile::credential_index::CredentialIndex;
use crate::service::{CallError, CredentialRef, VariableChoice};

/// Takes out of `known` what a service told for the logins of the profile before, and returns it: another credential or
/// address may have other values.
pub(super) fn forget(
    platform: &Platform,
    manifest: &Manifest,
    profile: &str,
    known: &mut BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let index = CredentialIndex::load(platform)?;
    let told = index.of(profile).flat_map(|(_, stored)| &stored.found);
    let mut before = BTreeMap::new();
    for (variable, value) in told {
        let spec = manifest.variables.get(variable);
        let can_be_found = spec.is_some_and(|spec| spec.discover.is_some());
        if can_be_found && known.get(variable) == Some(value) {
            known.remove(variable);
            before.insert(variable.clone(), value.clone());
        }
    }
    Ok(before)
}

/// Finds the variables that nobody said and that a call can tell, and returns them; a value that was found `before` and
/// is still there is taken again.
pub(super) async fn variables(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    (name, secret): (&str, &Secret),
    (known, before): (&mut BTreeMap<String, String>, &BTreeMap<String, String>),
) -> Result<BTreeMap<String, String>> {
    let manifest = client.service.manifest;
    let mut told = BTreeMap::new();
    let carried = CredentialRef { name, secret };
    for (variable, spec) in &manifest.variables {
        let Some(discovery) = &spec.discover else {
            continue;
        };
        if known.contains_key(variable) || client.service.variables.contains_key(variable) {
            continue;
        }
        let found = look(client, discovery, &carried, known).await;
        let value = found.and_then(|choices| {
            let again = before.get(variable);
            match again.filter(|value| choices.iter().any(|choice| choice.value == **value)) {
                Some(value) => Ok(Some(value.clone())),
                None => choose(context, variable, spec, &choices),
            }
        });
        match value {
            Ok(Some(value)) => {
                profile::check_variable(manifest, variable, &value)?;
                context
                    .log
                    .note(&format!("{}: {}", spec.title, one_line(&value)));
                known.insert(variable.clone(), value.clone());
                told.insert(variable.clone(), value);
            }
            Ok(None) => {}
            Err(error) if spec.required => {
                return Err(error.hint(format!("or give it yourself: --set {variable}=VALUE")));
            }
            Err(error) => context
                .log
                .warn(&format!("the {} was not found: {error}", spec.title)),
        }
    }
    Ok(told)
}

async fn look(
    client: &ApiClient<'_>,
    discovery: &Discovery,
    carried: &CredentialRef<'_>,
    known: &BTreeMap<String, String>,
) -> Result<Vec<VariableChoice>> {
    let token = exchanged(client, discovery, carried).await?;
    let token = token
        .as_ref()
        .map(|(name, secret)| CredentialRef { name, secret });
    let carried = token.as_ref().unwrap_or(carried);
    let found = client.service.discover(discovery, carried, known).await;
    Ok(found?)
}

/// Returns a token for the credential in hand, where the call takes no other; it is for this call alone.
async fn exchanged<'m>(
    client: &ApiClient<'m>,
    discovery: &Discovery,
    carried: &CredentialRef<'_>,
) -> Result<Option<(&'m str, Secret)>> {
    let manifest = client.service.manifest;
    let takes = |operation: &Operation, name: &str| {
        let mut uses = manifest.accepted_credentials(operation).iter();
        uses.any(|one| one == name)
    };
    let Some(operation) = manifest.operation(Verb::Exchange) else {
        return Ok(None);
    };
    let Some(name) = operation.yields.as_deref() else {
        return Ok(None);
    };
    if takes(&discovery.call, carried.name)
        || !takes(&discovery.call, name)
        || !takes(operation, carried.name)
    {
        return Ok(None);
    }
    let mut values = client.service.values();
    values.credential(carried.name, carried.secret);
    let reading = client
        .service
        .execute(Verb::Exchange, operation, values, Some(carried))
        .await?;
    let token = reading
        .token()
        .ok_or_else(|| CallError::incomplete(&manifest.name, Verb::Exchange, "the token"))?;
    client.log.register_secret(&token.value);
    Ok(Some((name, token.value)))
}

fn choose(
    context: &Context<'_>,
    variable: &str,
    spec: &VariableSpec,
    choices: &[VariableChoice],
) -> Result<Option<String>> {
    let titles: Vec<String> = choices
        .iter()
        .map(|choice| {
            let (value, title) = (one_line(&choice.value), one_line(&choice.title));
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
            let index = context.platform.terminal.choose(&spec.title, &titles)?;
            Ok(choices.get(index).map(|choice| choice.value.clone()))
        }
        _ => Err(Error::usage(format!(
            "there are several values for {}, and prompts are disabled",
            spec.title
        ))
        .hint(format!(
            "`--set {variable}=VALUE` is one of: {}",
            titles.join(", ")
        ))),
    }
}
