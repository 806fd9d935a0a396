//! Keys for a moment: made for one purpose, and revoked when that is over.

use super::Context;
use super::delivery::{CliCallbacks, NewKeyInfo};
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{CreatedKey, NewKey};
use crate::core::untrusted::Untrusted;
use crate::manifest::{CredentialEffect, Verb, read_expiry};
use crate::platform::{Platform, ReceivedSignal, SignalStream};
use crate::report::log::Log;
use crate::rotation::Rotation;
use crate::rotation::journal::Record;
use crate::rotation::liveness::{KeyQuery, Liveness, OtherKey, find_out, found};

/// The default lifetime of a leased key, if the service can limit it: it expires in any case.
const DEFAULT_LIFETIME: &str = "24h";

/// Returns the reason why the service cannot create and revoke a key, if it cannot.
pub(super) fn unsupported_reason(client: &ApiClient<'_>) -> Option<String> {
    let manifest = client.service.manifest;
    for verb in [Verb::Create, Verb::Revoke] {
        match support(manifest, verb) {
            Support::Native(operation) if operation.effect == CredentialEffect::ReplacesOwn => {
                return Some("a new key would invalidate the current one".to_owned());
            }
            Support::Native(_) => {}
            _ => return Some(client.cannot(verb).message().to_owned()),
        }
    }
    let only = "it has one key only, and that one is in use";
    manifest.one_key.then(|| only.to_owned())
}

/// Sets the default expiry of a new key, if none was given and the service accepts one.
pub(super) fn with_default_expiry(
    mut new: NewKey,
    client: &ApiClient<'_>,
    context: &Context<'_>,
) -> Result<NewKey> {
    if new.expires.is_none() && client.takes(Verb::Create, "expires") {
        new.expires = Some(read_expiry(DEFAULT_LIFETIME, context.started)?);
    }
    Ok(new)
}

/// Waits until the service accepts a leased key; fails where it does not within the time allowed. `scopes` were asked for.
pub(super) async fn wait_until_live(
    client: &ApiClient<'_>,
    created: &CreatedKey,
    scopes: &[String],
) -> Result<()> {
    let own = match client.service.manifest.new_key() {
        Some(name) => match client.session.credential(&[name.to_owned()]).await {
            // A store that fails proves nothing: the answer to the new key would have nothing to be compared with.
            Err(error) if error.kind() == Kind::Store => return Err(error),
            own => own.ok().flatten(),
        },
        None => None,
    };
    let own = || found(own.as_ref().map(|held| held.secret.duplicate()));
    let subject = KeyQuery {
        what: "the leased key",
        secret: Some(&created.secret),
        id: created.key.id.as_ref().map(Untrusted::as_received),
        record: None,
        lives_for: None,
        young: true,
        may_look: false,
        before_revocation: false,
        beside: OtherKey::Key {
            secret: &own,
            other_scopes: !scopes.is_empty(),
            young: false,
        },
    };
    match find_out(client, &subject).await? {
        Liveness::Works(limited) => {
            if let Some(limited) = limited {
                client
                    .log
                    .warn(&format!("the leased key is {}", limited.name()));
            }
            Ok(())
        }
        Liveness::Unproved => Ok(()),
        Liveness::Dead(why, _) => Err(Error::new(Kind::Auth, why)),
        Liveness::Open(why) => Err(Error::new(Kind::Uncertain, why)),
    }
}

/// Revokes a leased key, and forgets its record where that has worked.
pub(super) async fn revoke_lease(
    client: &ApiClient<'_>,
    context: &Context<'_>,
    record: Record,
) -> Result<()> {
    let person = silent_callbacks(context);
    let outcome = Rotation::new(client, &person, record, None).run().await;
    outcome.map(drop)
}

/// Returns the callbacks of a lease: its key is never shown.
fn silent_callbacks<'c>(context: &'c Context<'c>) -> CliCallbacks<'c> {
    CliCallbacks {
        context,
        about: NewKeyInfo::default(),
        show: &|_, _| Ok(()),
        subject: String::new(),
        places: String::new(),
    }
}

/// The note for a signal to stop while a call is out that must not be lost.
pub const WAITING: &str = "waiting for the answer to a call that must not be lost, then stopping";

/// Waits for a call that must not be lost; reports a signal to stop once, and returns it.
pub(super) async fn wait_for_answer<T>(
    call: impl Future<Output = T>,
    signals: &mut dyn SignalStream,
    log: &Log,
) -> (T, Option<ReceivedSignal>) {
    let mut call = Box::pin(call);
    let mut first: Option<ReceivedSignal> = None;
    let mut hear = |heard: ReceivedSignal| {
        if first.is_none() && heard.ends_programs() {
            log.note(WAITING);
            first = Some(heard);
        }
    };
    let outcome = loop {
        tokio::select! {
            biased;
            heard = signals.next() => hear(heard),
            outcome = &mut call => break outcome,
        }
    };
    while let Some(heard) = signals.ready() {
        hear(heard);
    }
    (outcome, first)
}

/// Catches signals from now on, so that the key is revoked before keywright exits.
pub(super) fn listen(platform: &Platform) -> Result<Box<dyn SignalStream>> {
    let ears = platform.programs.listen();
    ears.map_err(|error| Error::failed("cannot listen for signals").caused_by(error))
}
