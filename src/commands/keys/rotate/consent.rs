//! Everything that is proved and asked before a rotation begins.

use super::super::super::{Context, delivery};
use super::RotateRequest;
use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::key::Key;
use crate::core::untrusted::one_line;
use crate::destination::DestinationSpec;
use crate::hook::{HookRunner, HookSpec};
use crate::manifest::{CredentialKind, Span, Strategy};
use crate::rotation::Plan;

/// Refuses before anything is sent where nobody can agree to the revocation of the old key; a person who pastes a new one
/// removes the old one as well.
pub(super) fn check_consent(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    request: &RotateRequest<'_>,
) -> Result<()> {
    let manifest = client.service.manifest;
    match request
        .options
        .strategy
        .unwrap_or(manifest.rotation.strategy)
    {
        Strategy::Manual => Ok(()),
        _ => context.check_consent(&format!(
            "rotating a key at {} invalidates it",
            manifest.name
        )),
    }
}

/// Proves that every hook of the key can be run, before there is a new key that waits for them. An error says that
/// `nothing_done`.
pub(in super::super) fn prove_hooks(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    hooks: &[HookSpec],
    nothing_done: &str,
) -> Result<()> {
    let runner = HookRunner {
        platform: context.platform,
        log: context.log,
        may_ask: context.may_ask,
        call_timeout: client.service.transport.timeout,
        all: hooks,
    };
    hooks.iter().try_for_each(|hook| {
        let probed = runner.probe(hook);
        probed.map_err(|error| error.hint(nothing_done))
    })
}

/// Refuses a proof of disuse of the key in the environment: each question of ours would be a use of it.
pub(super) async fn check_no_variable(client: &ApiClient<'_>, old: &Key) -> Result<()> {
    if !client.is_key_of_environment(old).await? {
        return Ok(());
    }
    let variable = CredentialKind::Key.variable();
    Err(Error::usage(format!(
        "{} is the key in {variable}: every look at its last use would be a use of it",
        old.label()
    ))
    .hint("leave the old key for a time instead: `--grace 24h`"))
}

/// Asks whether the key may be rotated, with everything that follows from it.
pub(super) fn confirm(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    plan: &Plan,
    to: &[DestinationSpec],
    grace: Option<Span>,
) -> Result<()> {
    let subject = delivery::subject(client, &delivery::full_label(client, &plan.old));
    let places = delivery::places(to) + &delivery::followed_by(Some(&plan.replaces));
    let unused = plan.replaces.retire.map_or_else(String::new, |retire| {
        format!(" and it is unused for {}", retire.unused_for)
    });
    match plan.replaces.strategy {
        Strategy::Manual => Ok(()),
        Strategy::Overlap => context.confirm(
            &format!("rotating {subject} revokes it once the new key is in place{unused}{places}"),
            "Rotate?",
        ),
        Strategy::Slots => context.confirm(
            &format!(
                "rotating {subject} overwrites the slot `{}`, and ends the key in `{}` once the new one is in place{places}",
                one_line(plan.replaces.slot.as_deref().unwrap_or_default()),
                one_line(plan.replaces.id.as_deref().unwrap_or_default()),
            ),
            "Rotate?",
        ),
        Strategy::Atomic if let Some(grace) = grace => context.confirm(
            &format!("rotating {subject} revokes its old value {grace} later{places}"),
            "Rotate?",
        ),
        Strategy::Replace | Strategy::Atomic => context.confirm(
            &format!("rotating {subject} invalidates it at once: programs that use it stop working until the new key is in place{places}"),
            "Rotate?",
        ),
    }
}
