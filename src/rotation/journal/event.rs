//! Defines the events of the journal: the steps of a key that is created or rotated.

mod kind;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use kind::EventKind;

use super::repair::RepairedKey;
use super::state::RecordState;
use super::version::first_version;
use crate::core::error::Result;
use crate::core::format::WriterVersion;
use crate::core::key::{CreatedKey, RequestedProperties};
use crate::destination::DestinationSpec;
use crate::hook::HookSpec;
use crate::manifest::{Retirement, Span, Strategy};
use crate::platform::Actor;
use crate::store::{SecretRef, StoreKind};

/// A step that happened or is about to happen; none holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A key is about to be created.
    Intended(Box<Intent>),
    /// The request that creates the key is about to be sent, after every question was answered.
    Sending,
    /// The service refused that request until a second factor is given: nothing is in progress.
    Refused,
    /// The key is created: the calls that bring its secret are about to be sent, or it was found after its response was
    /// lost, and is about to be revoked.
    Created {
        /// The id of the key at the service; a service with one key has none.
        id: Option<String>,
        /// Set if other keys may be the lost one, too.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        one_of_several: bool,
    },
    /// The response was lost: there may be a key whose secret is lost.
    #[serde(rename = "lost")]
    ResponseLost {
        /// The reason.
        why: String,
    },
    /// No store takes the new secret, so the new key is about to be revoked again.
    #[serde(rename = "taking_back")]
    RevokingNew {
        /// The id of the key at the service.
        id: String,
        /// The masked secret.
        masked: String,
    },
    /// The new secret is safe. Written again if the id of its key is found later.
    #[serde(rename = "kept")]
    Staged(StagedSecret),
    /// The service accepts the new secret, or has no operation to verify it.
    Verified,
    /// The previous value of a destination is saved, so that it can be restored.
    #[serde(rename = "saved")]
    BackedUp {
        /// The destination.
        to: DestinationSpec,
        /// Its previous value.
        previous: PreviousValue,
    },
    /// A destination holds the new secret.
    Delivered {
        /// Its text, as on the command line.
        to: DestinationSpec,
    },
    /// The new secret is about to be printed; from here on it may have been seen.
    #[serde(rename = "showing")]
    Printing,
    /// The new secret is at all its destinations.
    #[serde(rename = "placed")]
    DeliveredAll {
        /// The moment by the clock of the service, if its latest response showed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        server_at: Option<Timestamp>,
    },
    /// A hook is about to be run.
    HookStarted {
        /// Its place among the hooks of the key.
        number: usize,
    },
    /// A hook has done its work.
    HookDone {
        /// Its place among the hooks of the key.
        number: usize,
    },
    /// All hooks have done their work.
    #[serde(rename = "hooked")]
    HooksDone {
        /// The moment by the clock of the service, if its latest response showed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        server_at: Option<Timestamp>,
    },
    /// The service showed a use of the old key that was not known, or how it was used before the wait.
    UseSeen {
        /// The time of its last use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_used_at: Option<Timestamp>,
        /// The number of its requests in all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        requests: Option<u64>,
        /// The moment by the clock of the service, if its latest response showed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        server_at: Option<Timestamp>,
    },
    /// The old key is about to be disabled, before it is revoked in a later run.
    Disabling,
    /// The old key is disabled.
    Disabled,
    /// The old key works again.
    Enabled,
    /// The old key is about to be revoked.
    Revoking,
    /// The old key no longer exists.
    Revoked,
    /// The previous values are about to be restored.
    #[serde(rename = "undoing")]
    RollbackStarted,
    /// A destination holds its previous value again.
    Restored {
        /// The destination.
        to: DestinationSpec,
    },
    /// Everything is done.
    Done,
    /// The rotation was aborted, and nothing of it remains.
    Abandoned,
}

/// A key that is about to be created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The version of the record's format: a later one may hold content that an older keywright does not know.
    #[serde(default = "first_version")]
    pub version: u32,
    /// The keywright that wrote it.
    #[serde(default, rename = "keywright")]
    pub writer: WriterVersion,
    /// The profile.
    pub profile: String,
    /// Its provider.
    pub provider: String,
    /// The requested name.
    pub name: Option<String>,
    /// The ids that existed before; `None` if they could not be listed.
    pub before: Option<Vec<String>>,
    /// The time at which they were listed, by the clock of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_at: Option<Timestamp>,
    /// The destinations of the new key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<DestinationSpec>,
    /// The future location of the new secret. It is recorded before the secret exists, so that it is found in any
    /// case.
    pub place: StorageLocation,
    /// The key that is replaced; none if a key is only created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<OldKey>,
    /// The key whose destinations are repaired; none if a key is created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repairs: Option<Box<RepairedKey>>,
    /// The requested properties of the new key; none if it is not compared with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<RequestedProperties>,
    /// Set if the key is for one command, and is revoked when that has ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lease: bool,
}

impl Intent {
    /// Returns whether it replaces a key by that strategy.
    pub fn is_by(&self, strategy: Strategy) -> bool {
        let replaces = self.replaces.as_ref();
        replaces.is_some_and(|replaced| replaced.strategy == strategy)
    }
}

/// The location of a secret of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageLocation {
    /// The store that holds it.
    pub store: StoreKind,
    /// Set for the store beside the journal, which opens without a passphrase.
    pub shelter: bool,
    /// Its item there.
    pub item: SecretRef,
    /// The item of the spool key of the call; none for a secret that you paste.
    #[serde(default, rename = "opener", skip_serializing_if = "Option::is_none")]
    pub spool_key: Option<SecretRef>,
}

/// The key that a rotation replaces, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldKey {
    /// The strategy.
    pub strategy: Strategy,
    /// Its id at the service.
    pub id: Option<String>,
    /// Its name at the service.
    pub name: Option<String>,
    /// Its masked secret.
    pub masked: Option<String>,
    /// The grace of the old key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Span>,
    /// The slot that gets the new key, if the strategy has slots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// Set if the new key may have other scopes, so that one call need not give both the same response.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_scopes: bool,
    /// The destination whose previous value is the old key itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<DestinationSpec>,
    /// The hooks that follow the delivery of the new key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<HookSpec>,
    /// The program by which the application says that it works with the new key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<HookSpec>,
    /// The proof of disuse after which the old key is retired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retire: Option<Retirement>,
    /// Set if the old key is disabled before it is revoked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disable: bool,
}

impl OldKey {
    /// Returns the id, or else the name, or else the masked secret.
    pub fn label(&self) -> Option<String> {
        let known = [&self.id, &self.name, &self.masked];
        known.into_iter().flatten().next().cloned()
    }

    /// Returns whether the old key works until it is revoked.
    pub fn survives(&self) -> bool {
        matches!(
            self.strategy,
            Strategy::Overlap | Strategy::Slots | Strategy::Manual
        )
    }

    /// Returns the slot that gets the new key.
    pub fn slot(&self) -> Option<&str> {
        self.slot.as_deref()
    }

    /// Returns the id of the key that the call gives a new secret: the slot, or the old key itself.
    pub fn renewed(&self) -> Option<&String> {
        match self.strategy {
            Strategy::Slots => self.slot.as_ref(),
            Strategy::Atomic => self.id.as_ref(),
            _ => None,
        }
    }
}

/// A new secret that is safe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedSecret {
    /// Its location.
    pub place: StorageLocation,
    /// The id of the key at the service.
    pub id: Option<String>,
    /// The masked secret.
    pub masked: String,
    /// A digest of the secret, by which it is recognized.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The expiry of the key, if the response stated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

impl StagedSecret {
    /// Returns the new key whose secret is at `place`.
    pub fn new(place: StorageLocation, created: &CreatedKey) -> Self {
        let id = created.key.id.as_ref();
        StagedSecret {
            place,
            id: id.map(|id| id.as_received().to_owned()),
            masked: created.secret.masked(),
            fingerprint: Some(created.secret.fingerprint()),
            expires_at: created.key.expires_at,
        }
    }
}

/// The previous value of a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviousValue {
    /// A value, saved at this item of the store that holds the new secret.
    Value(SecretRef),
    /// A value of which the destination shows a digest alone: its fingerprint.
    Digest(String),
    /// Nothing.
    Absent,
    /// Not known: the destination cannot be read.
    Unreadable,
}

impl Event {
    /// Returns its kind.
    pub fn kind(&self) -> EventKind {
        match self {
            Event::Intended(_) => EventKind::Intended,
            Event::Sending => EventKind::Sending,
            Event::Refused => EventKind::Refused,
            Event::Created { .. } => EventKind::Created,
            Event::ResponseLost { .. } => EventKind::ResponseLost,
            Event::RevokingNew { .. } => EventKind::RevokingNew,
            Event::Staged(_) => EventKind::Staged,
            Event::Verified => EventKind::Verified,
            Event::BackedUp { .. } => EventKind::BackedUp,
            Event::Delivered { .. } => EventKind::Delivered,
            Event::Printing => EventKind::Printing,
            Event::DeliveredAll { .. } => EventKind::DeliveredAll,
            Event::HookStarted { .. } => EventKind::HookStarted,
            Event::HookDone { .. } => EventKind::HookDone,
            Event::HooksDone { .. } => EventKind::HooksDone,
            Event::UseSeen { .. } => EventKind::UseSeen,
            Event::Disabling => EventKind::Disabling,
            Event::Disabled => EventKind::Disabled,
            Event::Enabled => EventKind::Enabled,
            Event::Revoking => EventKind::Revoking,
            Event::Revoked => EventKind::Revoked,
            Event::RollbackStarted => EventKind::RollbackStarted,
            Event::Restored { .. } => EventKind::Restored,
            Event::Done => EventKind::Done,
            Event::Abandoned => EventKind::Abandoned,
        }
    }

    /// Returns the destination of the event.
    pub fn destination(&self) -> Option<&DestinationSpec> {
        match self {
            Event::BackedUp { to, .. } | Event::Delivered { to } | Event::Restored { to } => {
                Some(to)
            }
            _ => None,
        }
    }
}

/// An event and the time at which it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedEvent {
    /// The time.
    pub at: Timestamp,
    /// The event.
    #[serde(flatten)]
    pub event: Event,
    /// Its author; unknown in records of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
}

/// The recorded events of one creation or rotation, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventLog(pub Vec<LoggedEvent>);

impl EventLog {
    /// Returns the state that the events lead to.
    pub fn state(&self) -> Result<RecordState> {
        let mut entries = self.0.iter();
        entries.try_fold(RecordState::Nothing, |state, entry| {
            state.next(&entry.event)
        })
    }

    /// Returns the intent.
    pub fn intent(&self) -> Option<&Intent> {
        self.0.iter().find_map(|entry| match &entry.event {
            Event::Intended(intent) => Some(intent.as_ref()),
            _ => None,
        })
    }

    /// Returns whether the key is for one command only.
    pub fn is_lease(&self) -> bool {
        self.intent().is_some_and(|intent| intent.lease)
    }

    /// Returns the key that is replaced.
    pub fn replaces(&self) -> Option<&OldKey> {
        self.intent()?.replaces.as_ref()
    }

    /// Returns the new secret's location and properties.
    pub fn staged(&self) -> Option<&StagedSecret> {
        self.0.iter().rev().find_map(|entry| match &entry.event {
            Event::Staged(kept) => Some(kept),
            _ => None,
        })
    }

    /// Returns the id of the key that is certainly the one which was created, and whose secret did not arrive.
    pub fn created(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|entry| match &entry.event {
            Event::Created {
                id,
                one_of_several: false,
            } => id.as_deref(),
            _ => None,
        })
    }

    /// Returns the id and the masked secret of the key that was about to be revoked because no store took its secret.
    pub fn revoking_new(&self) -> Option<(&str, &str)> {
        self.0.iter().rev().find_map(|entry| match &entry.event {
            Event::RevokingNew { id, masked } => Some((id.as_str(), masked.as_str())),
            _ => None,
        })
    }

    /// Returns the time at which the request may have been sent.
    pub fn sent_at(&self) -> Option<Timestamp> {
        self.at(EventKind::Sending)
            .or_else(|| self.at(EventKind::Intended))
    }

    /// Returns the previous value of each destination.
    pub fn backups(&self) -> impl DoubleEndedIterator<Item = (&DestinationSpec, &PreviousValue)> {
        self.0.iter().filter_map(|entry| match &entry.event {
            Event::BackedUp { to, previous } => Some((to, previous)),
            _ => None,
        })
    }

    /// Returns the previous value of this destination, as it was saved last.
    pub fn previous(&self, wanted: &DestinationSpec) -> Option<&PreviousValue> {
        let mut saved = self.backups().rev();
        saved.find_map(|(to, previous)| (to == wanted).then_some(previous))
    }

    /// Returns the destinations that do not have the secret yet.
    pub fn undelivered(&self) -> Vec<DestinationSpec> {
        let Some(intent) = self.intent() else {
            return Vec::new();
        };
        let missing = |to: &&DestinationSpec| {
            let mut last = self.last_at(to);
            !last.any(|event| matches!(event, Event::Delivered { .. }))
        };
        intent.to.iter().filter(missing).cloned().collect()
    }

    /// Returns whether the destination holds its previous value again.
    pub fn is_restored(&self, to: &DestinationSpec) -> bool {
        let mut last = self.last_at(to);
        last.any(|event| matches!(event, Event::Restored { .. }))
    }

    /// Returns whether the new secret was not sent to the destination, or was refused there.
    pub fn is_untouched(&self, to: &DestinationSpec) -> bool {
        self.last_at(to).next().is_none() || self.is_restored(to)
    }

    /// Returns the last event about a destination, if any.
    fn last_at(&self, to: &DestinationSpec) -> impl Iterator<Item = &Event> {
        let events = self.0.iter().rev().map(|entry| &entry.event);
        events
            .filter(move |event| event.destination() == Some(to))
            .take(1)
    }

    /// Returns the time of the last event of this kind.
    pub fn at(&self, kind: EventKind) -> Option<Timestamp> {
        let mut entries = self.0.iter().rev();
        let found = entries.find(|entry| entry.event.kind() == kind)?;
        Some(found.at)
    }

    /// Returns the time of the last event of this kind about a destination.
    pub fn at_destination(&self, kind: EventKind, to: &DestinationSpec) -> Option<Timestamp> {
        let mut entries = self.0.iter().rev();
        let found = entries
            .find(|entry| entry.event.kind() == kind && entry.event.destination() == Some(to))?;
        Some(found.at)
    }
}

#[cfg(test)]
mod tests;
