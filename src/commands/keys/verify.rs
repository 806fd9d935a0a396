//! `keywright keys verify`.

use serde_json::json;

use super::super::Context;
use super::named;
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{KeyStatus, Validity, Verdict};
use crate::manifest::CredentialKind;
use crate::profile::session::CredentialSource;

/// Asks whether a key works; 0 only when it does.
pub(super) async fn verify(text: Option<&str>, context: &Context<'_>) -> Result<u8> {
    let opened = context.open_to_read()?;
    let verdict = context
        .with_client(&opened, async |client| match text {
            Some(text) => verify_listed(context, client, text).await,
            None => verify_own(client).await,
        })
        .await?;
    if context.reporter.json {
        context.reporter.json_value(&json!(verdict))?;
    } else {
        let who = verdict
            .identity
            .as_ref()
            .map_or_else(String::new, |identity| format!(" ({identity})"));
        context.reporter.status(verdict.result.name(), &who)?;
    }
    if verdict.result == Validity::Unknown && text.is_none() {
        let why = verdict.why_unknown(&opened.manifest.name, "a key");
        context.log.note(&match verdict.status_code {
            Some(_) => why,
            None => format!("{why} without using it"),
        });
        if let Some(way_out) = verdict.hint() {
            context.log.note(way_out);
        }
    }
    Ok(match verdict.result {
        Validity::Unknown => verdict.error_kind().exit_code(),
        other => exit_code(other),
    })
}

/// Returns the exit code of a verdict: 0 only for valid.
pub(in crate::commands) fn exit_code(result: Validity) -> u8 {
    match result {
        Validity::Valid => 0,
        Validity::Invalid | Validity::Expired | Validity::Disabled => Kind::Auth.exit_code(),
        Validity::Restricted | Validity::Blocked => Kind::Forbidden.exit_code(),
        Validity::Unknown => Kind::Failed.exit_code(),
    }
}

/// Verifies the profile's own key, or its token if it has no key; of several, one that the service can be asked about.
pub(in crate::commands) async fn verify_own(client: &ApiClient<'_>) -> Result<Verdict> {
    let manifest = client.service.manifest;
    let kinds = [CredentialKind::Key, CredentialKind::Token].into_iter();
    let names = kinds.flat_map(|kind| {
        let mut names: Vec<&str> = manifest.credentials_of(kind).collect();
        names.sort_by_key(|name| manifest.credentials[*name].verify.is_none());
        names
    });
    let names: Vec<String> = names.map(str::to_owned).collect();
    let held = client
        .session
        .credential(&names)
        .await?
        .ok_or_else(|| Error::new(Kind::Auth, "there is no credential to verify"))?;
    Ok(client.verify_held(&held).await?)
}

/// Verifies a listed key: with its secret if it is the profile's own, otherwise by its status in the list.
async fn verify_listed(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    text: &str,
) -> Result<Verdict> {
    let key = named(context, client, Some(text)).await?;
    if let Some(name) = client.service.manifest.new_key()
        && let Some(held) = client.session.valid(name, None).await?
        && key
            .masked
            .as_ref()
            .is_some_and(|masked| client.is_shown_as(&held.secret, masked.as_received()))
        && !matches!(held.from, CredentialSource::Ephemeral)
    {
        return Ok(client.verify_held(&held).await?);
    }
    Ok(Verdict {
        result: match key.status {
            KeyStatus::Active => Validity::Valid,
            KeyStatus::Disabled => Validity::Disabled,
            KeyStatus::Expired => Validity::Expired,
            KeyStatus::Revoked => Validity::Invalid,
            KeyStatus::Unknown => Validity::Unknown,
        },
        identity: key.name,
        ..Verdict::undecided()
    })
}
