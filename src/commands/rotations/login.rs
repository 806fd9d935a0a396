//! Whether the key that a profile logs in with may have been replaced by a rotation that is not finished: nothing that
//! depends on it is handed out then.

use std::time::Duration;

use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::destination::DestinationSpec;
use crate::platform::Platform;
use crate::platform::files::FileLock;
use crate::profile::credential_index::CredentialIndex;
use crate::rotation::journal::{self, EventLog, RecordState, RecordSummary};
use crate::rotation::liveness::is_refused;

/// How often a rotation that another process carries out is looked at.
const POLL: Duration = Duration::from_millis(50);

/// Whether a record says that the login of the profile may have ended; only the journal is read.
pub(in crate::commands) fn may_have_ended(platform: &Platform, profile: &str) -> Result<bool> {
    Ok(ending(platform, profile)?.is_some())
}

/// Refuses to go on where the key of the profile was replaced and the new one is not in its place yet.
pub(in crate::commands) async fn must_stand(client: &ApiClient<'_>) -> Result<()> {
    let (platform, profile) = (client.session.platform, client.profile);
    let folder = platform.dirs.state.join("rotations");
    let mut wait = FileLock::wait(&folder, &platform.patience);
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

/// The record that may have ended the login of the profile, with its state.
fn ending(platform: &Platform, profile: &str) -> Result<Option<(RecordSummary, RecordState)>> {
    if !platform.env.credentials().is_empty() {
        return Ok(None);
    }
    let all = journal::all(platform)?;
    Ok(all.into_iter().find_map(|seen| {
        let story = seen.story.as_ref().ok()?;
        let state = story.state().ok()?;
        let ends = ends_login(story, profile)
            && matches!(
                state,
                RecordState::Sending
                    | RecordState::ResponseLost
                    | RecordState::Staged
                    | RecordState::Verified
                    | RecordState::Printing
            );
        ends.then_some((seen, state))
    }))
}

/// Whether what a record tells of ends the key that the profile logs in with.
fn ends_login(story: &EventLog, profile: &str) -> bool {
    let Some(intent) = story.intent().filter(|intent| intent.profile == profile) else {
        return false;
    };
    let own = DestinationSpec::Profile {
        name: profile.to_owned(),
    };
    match &intent.replaces {
        Some(old) => !old.survives() && old.own.as_ref() == Some(&own),
        None => intent.to.first() == Some(&own),
    }
}

/// Whether the profile has had another key since the request was sent, or its key never ended.
fn is_followed(client: &ApiClient<'_>, seen: &RecordSummary) -> Result<bool> {
    let Ok(story) = &seen.story else {
        return Ok(true);
    };
    let manifest = client.service.manifest;
    let (Some(name), Some(sent)) = (manifest.new_key(), story.sent_at()) else {
        return Ok(true);
    };
    // What was only created ends another key where there is never more than one.
    if story.replaces().is_none() && !manifest.one_key {
        return Ok(true);
    }
    let holdings = CredentialIndex::load(client.session.platform)?;
    let holding = holdings.get(client.profile, name);
    Ok(holding.is_none_or(|holding| holding.saved_at > sent))
}

/// Whether the service still accepts the key that the profile logs in with.
async fn still_works(client: &ApiClient<'_>) -> Result<bool> {
    let Some(name) = client.service.manifest.new_key() else {
        return Ok(true);
    };
    match client.session.kept(name)? {
        Some(key) => Ok(is_refused(client, &key).await? == Some(false)),
        None => Ok(true),
    }
}
