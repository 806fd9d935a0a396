//! Asks at a terminal for the properties of a new key.

use super::super::Context;
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Error, Result};
use crate::core::key::NewKey;
use crate::destination::{self, DestinationSpec};
use crate::manifest::{InputSpec, Verb, read_expiry};
use crate::platform::{ask_optional_until, ask_until};

/// A longer form of a destination leaves no room for its description on a narrow screen.
const MAX_SYNTAX_WIDTH: usize = 24;

/// Asks for what a new key can be given, in the order of the help: its name, its scopes, its expiry, and where it goes.
pub(super) fn ask(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    mut new: NewKey,
) -> Result<(NewKey, Vec<DestinationSpec>)> {
    let terminal = &*context.platform.terminal;
    if client.takes(Verb::Create, "name") {
        let check_name = |name: &str| {
            let named = NewKey {
                name: Some(name.to_owned()),
                ..NewKey::default()
            };
            client
                .check_property("name", &named)
                .map(|()| name.to_owned())
        };
        new.name = ask_property(context, client, "name", "Name of the key", check_name)?;
    }
    let scopes = &client.service.manifest.scopes;
    if client.takes(Verb::Create, "scopes") && !scopes.is_empty() {
        let items: Vec<String> = scopes
            .iter()
            .map(|(scope, about)| format!("{scope}  {about}").trim_end().to_owned())
            .collect();
        let optional = !is_required(client, "scopes");
        let prompt = if optional {
            "Scopes (without a mark: as the service decides)"
        } else {
            "Scopes"
        };
        let chosen = terminal.choose_many(prompt, &items, optional)?;
        let names = scopes.keys().enumerate();
        let names = names.filter(|(index, _)| chosen.contains(index));
        new.scopes = names.map(|(_, scope)| scope.clone()).collect();
    } else if is_required(client, "scopes") {
        if let Some(spec) = client.input(Verb::Create, "scopes") {
            explain(context, "scopes", spec);
        }
        let prompt = "Scopes, with commas between them";
        new.scopes = ask_until(terminal, prompt, "", |text| {
            let scopes: Vec<String> = text
                .split(',')
                .map(|scope| scope.trim().to_owned())
                .filter(|scope| !scope.is_empty())
                .collect();
            let with_scopes = NewKey {
                scopes: scopes.clone(),
                ..NewKey::default()
            };
            let checked = client.check_property("scopes", &with_scopes);
            checked.map(|()| scopes)
        })?;
    }
    if client.takes(Verb::Create, "expires") {
        let prompt = "Expiry (90d, 2027-01-31, never)";
        new.expires = ask_property(context, client, "expires", prompt, |text| {
            let expires = read_expiry(text, context.started)?;
            let ending = NewKey {
                expires: Some(expires),
                ..NewKey::default()
            };
            client.check_property("expires", &ending).map(|()| expires)
        })?;
    }
    let new = ask_required_fields(context, client, new)?;
    Ok((new, destination(context)?.into_iter().collect()))
}

/// Asks for each field that the service requires and that was not given with `--set`, if prompts are possible.
pub(super) fn ask_required_fields(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    mut new: NewKey,
) -> Result<NewKey> {
    let terminal = &*context.platform.terminal;
    let Support::Native(operation) = support(client.service.manifest, Verb::Create) else {
        return Ok(new);
    };
    if !context.may_ask {
        return Ok(new);
    }
    for (field, spec) in &operation.parameters {
        let given = new.fields.iter().any(|(name, _)| name == field);
        if given
            || !spec.must_be_given()
            || ["name", "scopes", "expires", "id"].contains(&field.as_str())
        {
            continue;
        }
        explain(context, field, spec);
        let value = if spec.choices.is_empty() {
            ask_until(terminal, field, "", |value| {
                let fields = vec![(field.clone(), value.to_owned())];
                let with_field = NewKey {
                    fields,
                    ..NewKey::default()
                };
                client
                    .check_property(field, &with_field)
                    .map(|()| value.to_owned())
            })?
        } else {
            spec.choices[terminal.choose(field, &spec.choices)?].clone()
        };
        new.fields.push((field.clone(), value));
    }
    Ok(new)
}

/// Prints the note of the manifest about an input.
fn explain(context: &Context<'_>, name: &str, spec: &InputSpec) {
    if let Some(about) = &spec.about {
        context.log.preface(&format!("{name}: {about}"));
    }
}

/// Asks for a property; it may be left empty unless the service requires it.
fn ask_property<T>(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    name: &str,
    prompt: &str,
    read: impl FnMut(&str) -> Result<T>,
) -> Result<Option<T>> {
    let terminal = &*context.platform.terminal;
    if is_required(client, name) {
        return ask_until(terminal, prompt, "", read).map(Some);
    }
    ask_optional_until(terminal, prompt, "", read)
}

/// Returns whether a new key cannot be created without the input.
fn is_required(client: &ApiClient<'_>, name: &str) -> bool {
    let spec = client.input(Verb::Create, name);
    spec.is_some_and(InputSpec::must_be_given)
}

/// Asks for the destination of the key: first the kind, then the rest of it.
fn destination(context: &Context<'_>) -> Result<Option<DestinationSpec>> {
    let mut offered = destination::offered(context.platform)?;
    // The files of a job's runner are nothing that a person writes to.
    offered.retain(|kind| !matches!(kind.name(), "github-env" | "github-output"));
    let widths = offered.iter().map(|kind| kind.syntax.len());
    let width = widths.max().unwrap_or_default().min(MAX_SYNTAX_WIDTH);
    let stdout = DestinationSpec::STDOUT.to_string();
    let items: Vec<String> = offered
        .iter()
        .map(|kind| {
            let summary = if kind.syntax == stdout {
                "show it here, once"
            } else {
                &kind.summary
            };
            format!("{:width$}  {summary}", kind.syntax)
        })
        .collect();
    let terminal = &*context.platform.terminal;
    let kind = &offered[terminal.choose("Destination", &items)?];
    if kind.syntax == stdout {
        return Ok(None);
    }
    let start = format!("{}:", kind.name());
    ask_until(
        terminal,
        &format!("Destination ({})", kind.syntax),
        &start,
        |text| {
            if text == start {
                return Err(Error::usage(format!(
                    "the rest is missing: {}",
                    kind.syntax
                )));
            }
            kind.read(text).map(Some)
        },
    )
}
