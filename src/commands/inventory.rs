//! The destinations of a key of the project, compared with the key by fingerprint.

use serde::Serialize;

use super::Context;
use super::delivery::open_for_check;
use crate::api::ApiClient;
use crate::core::error::Result;
use crate::core::key::Key;
use crate::core::untrusted::{Untrusted, escape};
use crate::destination::{DestinationSpec, StoredContent};
use crate::profile::{Project, ProjectKey};
use crate::rotation::journal;

/// A destination of a key of the project.
#[derive(Debug, Serialize)]
pub(super) struct DestinationView {
    /// Its text, with its path in full.
    pub destination: String,
    /// Its content beside the key.
    pub state: DestinationState,
    /// Whether the key was delivered from here.
    #[serde(skip)]
    pub is_delivered: bool,
}

/// The content of a destination beside the key that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum DestinationState {
    /// It holds the key.
    Same,
    /// It holds something else.
    Different,
    /// It holds nothing.
    Missing,
    /// It cannot be read.
    Unreadable,
    /// It holds something, and this machine did not deliver the key.
    Unknown,
}

impl DestinationState {
    /// Returns its word.
    pub(super) fn name(self) -> &'static str {
        match self {
            DestinationState::Same => "same",
            DestinationState::Different => "different",
            DestinationState::Missing => "missing",
            DestinationState::Unreadable => "unreadable",
            DestinationState::Unknown => "unknown",
        }
    }
}

/// Returns the entry of a key in the project file.
pub(super) fn entry<'p>(project: &'p Project, profile: &str, key: &Key) -> Option<&'p ProjectKey> {
    [&key.name, &key.id].into_iter().flatten().find_map(|name| {
        let found = project.key(name.as_received())?;
        let own = project.profile_of(found);
        own.is_none_or(|own| own == profile).then_some(found)
    })
}

/// Returns the destinations of a key of the project, each with its content beside the key.
pub(super) async fn destinations(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    (project, entry): (&Project, &ProjectKey),
    key: &Key,
) -> Result<Vec<DestinationView>> {
    let fingerprint = fingerprint(context, client, key)?;
    let mut views = Vec::new();
    for to in project.allowed_destinations(entry) {
        let state = match content(context, &to).await {
            None | Some(StoredContent::Unreadable) => DestinationState::Unreadable,
            Some(StoredContent::Absent) => DestinationState::Missing,
            Some(StoredContent::Value(value)) => match &fingerprint {
                None => DestinationState::Unknown,
                Some(known) if value.fingerprint() == *known => DestinationState::Same,
                Some(_) => DestinationState::Different,
            },
        };
        views.push(DestinationView {
            destination: escape(&to.to_string()),
            state,
            is_delivered: fingerprint.is_some(),
        });
    }
    Ok(views)
}

/// Returns the content of a destination; `None` if it cannot be read.
async fn content(context: &Context<'_>, spec: &DestinationSpec) -> Option<StoredContent> {
    if *spec == DestinationSpec::STDOUT {
        return None;
    }
    let destination = open_for_check(context, spec).ok()?;
    destination.read_if_possible().await.ok()
}

/// Returns the digest of the secret of a key, if this machine delivered it.
fn fingerprint(context: &Context<'_>, client: &ApiClient<'_>, key: &Key) -> Result<Option<String>> {
    let Some(id) = key.id.as_ref().map(Untrusted::as_received) else {
        return Ok(None);
    };
    for seen in journal::all(context.platform)? {
        let events = seen.events.unwrap_or_default();
        let of_profile = events
            .intent()
            .is_some_and(|intent| intent.profile == client.profile);
        let kept = events.staged().filter(|_| of_profile);
        if let Some(kept) = kept.filter(|kept| {
            kept.id
                .as_deref()
                .is_some_and(|own| journal::is_id(own, id))
        }) {
            return Ok(kept.fingerprint.clone());
        }
    }
    // A damaged file is reported by `doctor`; nothing is known then, and everything else is shown.
    let delivered = journal::delivered(context.platform).unwrap_or_default();
    let is_it = |known: &&journal::DeliveredKey| {
        known.provider == client.service.name()
            && known.profile == client.profile
            && known
                .id
                .as_deref()
                .is_some_and(|own| journal::is_id(own, id))
    };
    let found = delivered.iter().rev().find(is_it);
    Ok(found.and_then(|known| known.fingerprint.clone()))
}
