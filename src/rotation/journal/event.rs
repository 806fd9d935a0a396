//! The words of the journal: what can happen to a key that is created or rotated, and what may follow what.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::RecordState;
use crate::core::error::Result;
use crate::core::key::{Asked, CreatedKey};
use crate::destination::DestinationSpec;
use crate::manifest::{Span, Strategy};
use crate::store::{SecretRef, StoreKind};

/// Something that happened or is about to happen; none of it holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A key is about to be created.
    Intended(Box<Intent>),
    /// The request that creates the key is about to be sent: every question was answered.
    Sending,
    /// The service refused that request until a second factor is given: nothing is under way.
    Refused,
    /// The answer was lost: there may be a key whose secret nobody has.
    #[serde(rename = "lost")]
    ResponseLost {
        /// Why.
        why: String,
    },
    /// No store takes the new secret, so the new key is about to be revoked again.
    #[serde(rename = "taking_back")]
    RevokingNew {
        /// The service's id of the key.
        id: String,
        /// The part of its secret that may be shown.
        masked: String,
    },
    /// The new secret is safe; written once more where the id of its key is found later.
    #[serde(rename = "kept")]
    Staged(StagedSecret),
    /// The service accepts the new secret, or has no way to say so.
    Verified,
    /// What stood at a destination is safe, so that it can be put back.
    #[serde(rename = "saved")]
    BackedUp {
        /// The destination.
        to: DestinationSpec,
        /// What stood there.
        previous: PreviousValue,
    },
    /// The new secret stands at a destination.
    Delivered {
        /// Its text, as on the command line.
        to: DestinationSpec,
    },
    /// The new secret is about to be shown; from here on it may have been seen.
    #[serde(rename = "showing")]
    Printing,
    /// The new secret is everywhere it belongs.
    #[serde(rename = "placed")]
    DeliveredAll {
        /// When, by the clock of the service, where its latest answer told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        server_at: Option<Timestamp>,
    },
    /// The old key is about to be revoked.
    Revoking,
    /// The old key is gone.
    Revoked,
    /// The old values are about to be put back.
    #[serde(rename = "undoing")]
    RollbackStarted,
    /// A destination holds again what it held before.
    Restored {
        /// The destination.
        to: DestinationSpec,
    },
    /// Everything is done.
    Done,
    /// It was given up, and nothing of it is left.
    Abandoned,
}

/// A key that is about to be created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The version of the record's form: each later one may hold what an older keywright does not know.
    #[serde(default = "first_version")]
    pub version: u32,
    /// The profile.
    pub profile: String,
    /// Its provider.
    pub provider: String,
    /// The name asked for.
    pub name: Option<String>,
    /// The ids that were there before; `None` where nobody could say.
    pub before: Option<Vec<String>>,
    /// When they were listed, by the clock of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_at: Option<Timestamp>,
    /// Where the new key goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<DestinationSpec>,
    /// Where the new secret will be safe: named before there is one, so that it is found whatever happens.
    pub place: StorageLocation,
    /// The key that is replaced; none where a key is only created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<OldKey>,
    /// What was asked of the new key; none where nobody holds it against that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// Whether the key is for one command, and is revoked when that has ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lease: bool,
}

/// The form in which records are written.
pub const FORMAT_VERSION: u32 = 2;

/// Returns the version of records that name none.
fn first_version() -> u32 {
    1
}

impl Intent {
    /// Returns whether its record says when the request is sent; older ones do not.
    pub fn records_sending(&self) -> bool {
        self.version > 1
    }

    /// Whether it replaces a key by that strategy.
    pub fn is_by(&self, strategy: Strategy) -> bool {
        let replaces = self.replaces.as_ref();
        replaces.is_some_and(|replaced| replaced.strategy == strategy)
    }
}

/// Where a secret of a record is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageLocation {
    /// Which store keeps it.
    pub store: StoreKind,
    /// Whether it is the store beside the journal, which opens without a passphrase.
    pub shelter: bool,
    /// Its item there.
    pub item: SecretRef,
    /// The item of what opens the answer to the call; none where a person pastes the secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opener: Option<SecretRef>,
}

/// The key that a rotation replaces, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldKey {
    /// The order of things.
    pub strategy: Strategy,
    /// The service's id of the old key.
    pub id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// What may be shown of it.
    pub masked: Option<String>,
    /// How long the old key lives on beside the new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Span>,
    /// Whether the new key may do other things, so that one call need not be answered alike to both.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_scopes: bool,
    /// The destination whose previous value is the old key itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<DestinationSpec>,
}

impl OldKey {
    /// The id, or else the name, or else what may be shown of it.
    pub fn label(&self) -> Option<String> {
        let known = [&self.id, &self.name, &self.masked];
        known.into_iter().flatten().next().cloned()
    }

    /// Whether the old key lives until it is revoked.
    pub fn survives(&self) -> bool {
        matches!(self.strategy, Strategy::Overlap | Strategy::Manual)
    }
}

/// A new secret that is safe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedSecret {
    /// Where.
    pub place: StorageLocation,
    /// The service's id of the key.
    pub id: Option<String>,
    /// What may be shown of it.
    pub masked: String,
    /// A digest of the secret, by which it is known again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

impl StagedSecret {
    /// A new key whose secret is at `place`.
    pub fn new(place: StorageLocation, minted: &CreatedKey) -> Self {
        let id = minted.key.id.as_ref();
        StagedSecret {
            place,
            id: id.map(|id| id.as_received().to_owned()),
            masked: minted.secret.masked(),
            fingerprint: Some(minted.secret.fingerprint()),
        }
    }
}

/// What stood at a destination before the new secret came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviousValue {
    /// A value, kept at this item of the store that keeps the new secret.
    Value(SecretRef),
    /// Nothing.
    Absent,
    /// Nobody can tell: the place does not give back what it holds.
    Unreadable,
}

impl Event {
    /// The word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Event::Intended(_) => "intended",
            Event::Sending => "sending",
            Event::Refused => "refused",
            Event::ResponseLost { .. } => "lost",
            Event::RevokingNew { .. } => "taking_back",
            Event::Staged(_) => "kept",
            Event::Verified => "verified",
            Event::BackedUp { .. } => "saved",
            Event::Delivered { .. } => "delivered",
            Event::Printing => "showing",
            Event::DeliveredAll { .. } => "placed",
            Event::Revoking => "revoking",
            Event::Revoked => "revoked",
            Event::RollbackStarted => "undoing",
            Event::Restored { .. } => "restored",
            Event::Done => "done",
            Event::Abandoned => "abandoned",
        }
    }

    /// The destination it is about.
    pub fn destination(&self) -> Option<&DestinationSpec> {
        match self {
            Event::BackedUp { to, .. } | Event::Delivered { to } | Event::Restored { to } => {
                Some(to)
            }
            _ => None,
        }
    }
}

/// An event and when it was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What was written down of one creation or rotation, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventLog(pub Vec<LoggedEvent>);

impl EventLog {
    /// How far it has come.
    pub fn state(&self) -> Result<RecordState> {
        let mut entries = self.0.iter();
        entries.try_fold(RecordState::Nothing, |state, entry| {
            state.next(&entry.event)
        })
    }

    /// What was intended.
    pub fn intent(&self) -> Option<&Intent> {
        self.0.iter().find_map(|entry| match &entry.event {
            Event::Intended(intent) => Some(intent.as_ref()),
            _ => None,
        })
    }

    /// Whether the key is for one command only.
    pub fn is_lease(&self) -> bool {
        self.intent().is_some_and(|intent| intent.lease)
    }

    /// The key that is replaced.
    pub fn replaces(&self) -> Option<&OldKey> {
        self.intent()?.replaces.as_ref()
    }

    /// Where the new secret is.
    pub fn kept(&self) -> Option<&StagedSecret> {
        self.0.iter().rev().find_map(|entry| match &entry.event {
            Event::Staged(kept) => Some(kept),
            _ => None,
        })
    }

    /// The key that was about to be revoked because no store took its secret: its id and its masked secret.
    pub fn taking_back(&self) -> Option<(&str, &str)> {
        self.0.iter().rev().find_map(|entry| match &entry.event {
            Event::RevokingNew { id, masked } => Some((id.as_str(), masked.as_str())),
            _ => None,
        })
    }

    /// When the request may have been sent.
    pub fn sent_at(&self) -> Option<Timestamp> {
        self.at("sending").or_else(|| self.at("intended"))
    }

    /// What stood at each destination before.
    pub fn saved(&self) -> impl DoubleEndedIterator<Item = (&DestinationSpec, &PreviousValue)> {
        self.0.iter().filter_map(|entry| match &entry.event {
            Event::BackedUp { to, previous } => Some((to, previous)),
            _ => None,
        })
    }

    /// What stood at this destination before.
    pub fn previous(&self, wanted: &DestinationSpec) -> Option<&PreviousValue> {
        let mut saved = self.saved();
        saved.find_map(|(to, previous)| (to == wanted).then_some(previous))
    }

    /// The destinations that do not have the secret yet.
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

    /// Whether the destination holds again what it held before.
    pub fn is_restored(&self, to: &DestinationSpec) -> bool {
        let mut last = self.last_at(to);
        last.any(|event| matches!(event, Event::Restored { .. }))
    }

    /// What was done last with the secret at a destination: at most one event.
    fn last_at(&self, to: &DestinationSpec) -> impl Iterator<Item = &Event> {
        let events = self.0.iter().rev().map(|entry| &entry.event);
        let moved = events
            .filter(|event| matches!(event, Event::Delivered { .. } | Event::Restored { .. }));
        moved
            .filter(move |event| event.destination() == Some(to))
            .take(1)
    }

    /// When something of this name was last written down.
    pub fn at(&self, name: &str) -> Option<Timestamp> {
        let mut entries = self.0.iter().rev();
        let found = entries.find(|entry| entry.event.name() == name)?;
        Some(found.at)
    }

    /// When something of this name was last written down of a destination.
    pub fn at_destination(&self, name: &str, to: &DestinationSpec) -> Option<Timestamp> {
        let mut entries = self.0.iter().rev();
        let found = entries
            .find(|entry| entry.event.name() == name && entry.event.destination() == Some(to))?;
        Some(found.at)
    }

    /// When the old key may be revoked: after its grace, counted from the moment the new one was in place. Of the local
    /// clock and the service's the later one counts: one that was wrong then must not end the old key early.
    pub fn grace_ends(&self) -> Option<Timestamp> {
        let grace = self.replaces()?.grace?;
        let placed = self.0.iter().rev().find_map(|entry| match entry.event {
            Event::DeliveredAll { server_at } => {
                Some(server_at.map_or(entry.at, |at| at.max(entry.at)))
            }
            _ => None,
        });
        grace.after(placed?)
    }
}

#[cfg(test)]
mod tests;
