//! Checks if an unfinished rotation may have replaced the key that a profile logs in with: nothing that
//! depends on it is handed out then.

use std::time::Duration;

use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::destination::DestinationSpec;
use crate::platform::Platform;
use crate::platform::files::FileLock;
use crate::profile::credential_index::CredentialIndex;
use crate::rotation::journal::{self, EventLog, RecordState, RecordSummary};
use crate::rotation::liveness::is_accepted;

/// The interval of checks on a rotation that another process runs.
const POLL: Duration = Duration::from_millis(50);

/// Returns whether a record shows that the profile's login key may be invalid; reads only the journal.
pub(in crate::commands) fn may_have_ended(platform: &Platform, profile: &str) -> Result<bool> {
    Ok(ending(platform, profile)?.is_some())
}

/// Refuses to go on where the key of the profile was replaced and the new one is not in its place yet.
pub(in crate::commands) async fn must_stand(client: &ApiClient<'_>) -> Result<()> {
    let (platform, profile) = (client.session.platform, client.profile);
    let folder = platform.dirs.state.join("rotations");
    let mut wait = FileLock::wait(&folder, &platform.lock_deadline);
    loop {
        let Some((seen, state)) = ending(platform, profile)? else {
            return Ok(());
        };
        if is_followed(client, &seen)? {
            return Ok(());
        }
        // Another process may be about to put the new key in its place.
        if journal::is_held(platform, &seen.id)? && wait.spend(POLL) {
            platform.clock.sleep(POLL).await;
            continue;
        }
        let known = !matches!(state, RecordState::Sending | RecordState::ResponseLost);
        if !known && still_works(client).await? {
            return Ok(());
        }
        let was = if known {
            "was replaced"
        } else {
            "may have been replaced"
        };
        return Err(Error::new(
            Kind::Uncertain,
            format!(
                "the key that the profile `{profile}` logs in with {was}, and the rotation is unfinished"
            ),
        )
        .hint(format!("go on: keywright rotations resume {}", seen.id))
        .hint("list the unfinished ones: keywright rotations"));
    }
}

/// Returns the record that may have ended the login of the profile, with its state.
fn ending(platform: &Platform, profile: &str) -> Result<Option<(RecordSummary, RecordState)>> {
    if !platform.env.credentials().is_empty() {
        return Ok(None);
    }
    let all = journal::all(platform)?;
    Ok(all.into_iter().find_map(|seen| {
        let events = seen.events.as_ref().ok()?;
        let state = events.state().ok()?;
        let ends = ends_login(events, profile) && state.awaits_delivery();
        ends.then_some((seen, state))
    }))
}

/// Returns whether the rotation of a record invalidates the profile's login key.
fn ends_login(events: &EventLog, profile: &str) -> bool {
    let Some(intent) = events.intent().filter(|intent| intent.profile == profile) else {
        return false;
    };
    if intent.repairs.is_some() {
        return false;
    }
    let own = DestinationSpec::of_profile(profile);
    match &intent.replaces {
        Some(old) => !old.survives() && old.own.as_ref() == Some(&own),
        None => intent.to.first() == Some(&own),
    }
}

/// Returns whether the profile got another key since the request was sent, or its key stayed valid.
fn is_followed(client: &ApiClient<'_>, seen: &RecordSummary) -> Result<bool> {
    let Ok(events) = &seen.events else {
        return Ok(true);
    };
    let manifest = client.service.manifest;
    let (Some(name), Some(sent)) = (manifest.new_key(), events.sent_at()) else {
        return Ok(true);
    };
    // A creation invalidates another key if the service has one key only.
    if events.replaces().is_none() && !manifest.one_key {
        return Ok(true);
    }
    let index = CredentialIndex::load(client.session.platform)?;
    let stored = index.get(client.profile, name);
    Ok(stored.is_none_or(|stored| stored.saved_at > sent))
}

/// Returns whether the service still accepts the profile's login key. One that it calls restricted may be a key that
/// it no longer knows.
async fn still_works(client: &ApiClient<'_>) -> Result<bool> {
    let Some(name) = client.service.manifest.new_key() else {
        return Ok(true);
    };
    match client.session.kept(name)? {
        Some(key) => Ok(is_accepted(client, &key).await? == Some(true)),
        None => Ok(true),
    }
}
