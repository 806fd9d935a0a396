//! The destinations of a key of the project, compared with the key by fingerprint.

use futures_util::future::join_all;
use serde::Serialize;

use super::Context;
use super::delivery::open_for_check;
use crate::api::ApiClient;
use crate::core::error::Result;
use crate::core::key::Key;
use crate::core::untrusted::{Untrusted, escape};
use crate::destination::{DestinationSpec, StoredContent};
use crate::platform::Platform;
use crate::profile::{Project, ProjectKey};
use crate::rotation::journal::{self, DeliveredKey, EventLog, RecordSummary};

/// A destination of a key of the project.
#[derive(Debug, Serialize)]
pub(super) struct DestinationView {
    /// Its text, with its path in full.
    pub destination: String,
    /// Its content beside the key.
    pub state: DestinationState,
    /// Says that the key was delivered from here.
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

/// Returns the destinations of a key of the project, each with its content beside the key; they are read side by side.
pub(super) async fn destinations(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    known: &Deliveries,
    (project, entry): (&Project, &ProjectKey),
    key: &Key,
) -> Vec<DestinationView> {
    let fingerprint = known.fingerprint(client, key);
    let places = project.allowed_destinations(entry);
    let contents = contents(context, &places).await;
    let view = |(to, content): (&DestinationSpec, Result<StoredContent>)| DestinationView {
        destination: escape(&to.to_string()),
        state: match (content, &fingerprint) {
            (Err(_) | Ok(StoredContent::Unreadable), _) => DestinationState::Unreadable,
            (Ok(StoredContent::Absent), _) => DestinationState::Missing,
            (Ok(_), None) => DestinationState::Unknown,
            (Ok(there), Some(known)) => {
                if there.fingerprint().as_ref() == Some(known) {
                    DestinationState::Same
                } else {
                    DestinationState::Different
                }
            }
        },
        is_delivered: fingerprint.is_some(),
    };
    places.iter().zip(contents).map(view).collect()
}

/// Returns the content of each destination; they are read side by side.
pub(super) async fn contents(
    context: &Context<'_>,
    places: &[DestinationSpec],
) -> Vec<Result<StoredContent>> {
    join_all(places.iter().map(|to| content(context, to))).await
}

async fn content(context: &Context<'_>, spec: &DestinationSpec) -> Result<StoredContent> {
    if *spec == DestinationSpec::STDOUT {
        return Ok(StoredContent::Unreadable);
    }
    let destination = open_for_check(context, spec)?;
    destination.read_if_possible().await
}

/// The records of rotations and the keys that were delivered, read once for all keys.
pub(super) struct Deliveries {
    open: Vec<EventLog>,
    delivered: Vec<DeliveredKey>,
}

impl Deliveries {
    /// Reads them.
    pub(super) fn load(platform: &Platform) -> Result<Self> {
        Ok(Deliveries::of(&journal::all(platform)?, platform))
    }

    /// Reads the keys that were delivered, beside records that were read before.
    pub(super) fn of(records: &[RecordSummary], platform: &Platform) -> Self {
        let open = records.iter().filter_map(|seen| seen.events.as_ref().ok());
        Deliveries {
            open: open.cloned().collect(),
            // A damaged file is reported by `doctor`; nothing is known then, and everything else is shown.
            delivered: journal::delivered(platform).unwrap_or_default(),
        }
    }

    /// Returns whether a key is replaced just now: it is not the one that its destinations are for.
    pub(super) fn replaces(&self, id: &str) -> bool {
        let old = |events: &EventLog| events.replaces().and_then(|old| old.id.clone());
        self.open
            .iter()
            .any(|events| is_it(old(events).as_ref(), id))
    }

    /// Returns the digest of the secret of a key, if this machine delivered it.
    pub(super) fn fingerprint(&self, client: &ApiClient<'_>, key: &Key) -> Option<String> {
        let Some(id) = key.id.as_ref().map(Untrusted::as_received) else {
            return self.fingerprint_of_only_key(client, key);
        };
        let staged = |events: &EventLog| {
            let of_profile = events.intent()?.profile == client.profile;
            let kept = events.staged().filter(|_| of_profile)?;
            is_it(kept.id.as_ref(), id).then(|| kept.fingerprint.clone())
        };
        if let Some(staged) = self.open.iter().find_map(staged) {
            return staged;
        }
        let is_own = |known: &&DeliveredKey| {
            known.provider == client.service.name()
                && known.profile == client.profile
                && is_it(known.id.as_ref(), id)
        };
        let found = self.delivered.iter().rev().find(is_own)?;
        found.fingerprint.clone()
    }

    /// Returns the digest of the secret of the only key of a service, which has no id, if this machine delivered it last.
    fn fingerprint_of_only_key(&self, client: &ApiClient<'_>, key: &Key) -> Option<String> {
        let is_own = |known: &&DeliveredKey| {
            known.provider == client.service.name() && known.profile == client.profile
        };
        let last = self.delivered.iter().rev().find(is_own)?;
        let is_later = key.secret_since().is_some_and(|made| made > last.at);
        let is_only = client.service.manifest.one_key && last.id.is_none() && !is_later;
        last.fingerprint.clone().filter(|_| is_only)
    }
}

/// Returns whether a recorded id is that of the key.
fn is_it(recorded: Option<&String>, id: &str) -> bool {
    recorded.is_some_and(|recorded| journal::is_id(recorded, id))
}
