//! Asks at a terminal for the properties of a new key.

use super::super::Context;
use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::key::NewKey;
use crate::destination::{DestinationKind, DestinationSpec, KINDS};
use crate::manifest::{Verb, read_expiry};
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
        new.name = ask_optional_until(terminal, "Name of the key", "", |name| {
            let named = NewKey {
                name: Some(name.to_owned()),
                ..NewKey::default()
            };
            check(client, "name", &named).map(|()| name.to_owned())
        })?;
    }
    let scopes = &client.service.manifest.scopes;
    if client.takes(Verb::Create, "scopes") && !scopes.is_empty() {
        let items: Vec<String> = scopes
            .iter()
            .map(|(scope, about)| format!("{scope}  {about}").trim_end().to_owned())
            .collect();
        let prompt = "Scopes (without a mark: as the service decides)";
        let chosen = terminal.choose_many(prompt, &items, true)?;
        let names = scopes.keys().enumerate();
        let names = names.filter(|(index, _)| chosen.contains(index));
        new.scopes = names.map(|(_, scope)| scope.clone()).collect();
    }
    if client.takes(Verb::Create, "expires") {
        let prompt = "Expiry (90d, 2027-01-31, never)";
        new.expires = ask_optional_until(terminal, prompt, "", |text| {
            let expires = read_expiry(text, context.started)?;
            let ending = NewKey {
                expires: Some(expires),
                ..NewKey::default()
            };
            check(client, "expires", &ending).map(|()| expires)
        })?;
    }
    Ok((new, destination(context)?.into_iter().collect()))
}

/// Refuses what the service would not take as the input `name`; whatever else is missing may come later.
fn check(client: &ApiClient<'_>, name: &str, new: &NewKey) -> Result<()> {
    match client.check_new(new) {
        Err(error) if error.message().starts_with(&format!("`{name}` ")) => Err(error),
        _ => Ok(()),
    }
}

/// Asks where the key goes: first the kind, then the rest of it.
fn destination(context: &Context<'_>) -> Result<Option<DestinationSpec>> {
    // The files of a job's runner are nothing that a person writes to.
    let offered: Vec<&DestinationKind> = KINDS
        .iter()
        .copied()
        .filter(|kind| !matches!(kind.name(), "github-env" | "github-output"))
        .collect();
    let widths = offered.iter().map(|kind| kind.syntax.len());
    let width = widths.max().unwrap_or_default().min(MAX_SYNTAX_WIDTH);
    let items: Vec<String> = offered
        .iter()
        .map(|kind| {
            let summary = if kind.takes_text() {
                kind.summary
            } else {
                "show it here, once"
            };
            format!("{:width$}  {summary}", kind.syntax)
        })
        .collect();
    let terminal = &*context.platform.terminal;
    let kind = offered[terminal.choose("Where it goes", &items)?];
    if !kind.takes_text() {
        return Ok(None);
    }
    let start = format!("{}:", kind.name());
    ask_until(
        terminal,
        &format!("Where ({})", kind.syntax),
        &start,
        |text| {
            if text == start {
                return Err(Error::usage(format!(
                    "the rest is missing: {}",
                    kind.syntax
                )));
            }
            text.parse().map(Some)
        },
    )
}
