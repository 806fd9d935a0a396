//! Defines the states of a record, and the one table of the events that may follow each.

use serde::Serialize;

use super::event::Event;
use crate::core::error::{Error, Result};

/// The state of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// Nothing is recorded.
    Nothing,
    /// The request was not sent; in a record of the first version it may be in progress.
    Intended,
    /// The request may be in progress.
    Sending,
    /// The response was lost.
    ResponseLost,
    /// The new key may be revoked: no store took its secret.
    RevokingNew,
    /// The secret is safe and was not printed.
    Staged,
    /// The secret is safe, and the service accepts it.
    Verified,
    /// The secret is safe and may have been printed.
    Printing,
    /// The secret is at all its destinations; an old key may still work.
    DeliveredAll,
    /// The old key may be revoked already.
    Revoking,
    /// The old key is revoked.
    Revoked,
    /// Previous values are being restored.
    RollingBack,
    /// Everything is done.
    Done,
    /// The rotation was given up.
    Abandoned,
}

impl RecordState {
    /// Returns the state after an event: the complete table of allowed transitions.
    pub fn next(self, event: &Event) -> Result<RecordState> {
        use RecordState as S;
        match (self, event) {
            (S::Intended | S::Sending, Event::Sending) => Ok(S::Sending),
            (S::Nothing, Event::Intended(_)) | (S::Sending, Event::Refused) => Ok(S::Intended),
            (S::Intended | S::Sending | S::RevokingNew, Event::ResponseLost { .. }) => {
                Ok(S::ResponseLost)
            }
            (S::Intended | S::Sending, Event::RevokingNew { .. }) => Ok(S::RevokingNew),
            // A rollback that leads to no working key is abandoned again.
            (
                S::Intended
                | S::Sending
                | S::ResponseLost
                | S::RevokingNew
                | S::Staged
                | S::RollingBack,
                Event::Staged(_),
            ) => Ok(S::Staged),
            (S::Staged, Event::Verified) => Ok(S::Verified),
            (
                S::Staged | S::Verified | S::Printing,
                Event::BackedUp { .. } | Event::Delivered { .. },
            ) => Ok(self),
            (S::Staged | S::Verified | S::Printing, Event::Printing) => Ok(S::Printing),
            (S::Staged | S::Verified | S::Printing, Event::DeliveredAll { .. }) => {
                Ok(S::DeliveredAll)
            }
            (S::DeliveredAll | S::Revoking, Event::Revoking) => Ok(S::Revoking),
            (S::Revoking, Event::Revoked) => Ok(S::Revoked),
            (S::DeliveredAll | S::Revoked, Event::Done) => Ok(S::Done),
            (
                S::Staged
                | S::Verified
                | S::Printing
                | S::DeliveredAll
                | S::Revoking
                | S::RollingBack,
                Event::RollbackStarted,
            )
            | (S::RollingBack, Event::Restored { .. }) => Ok(S::RollingBack),
            (
                S::Intended
                | S::Sending
                | S::ResponseLost
                | S::RevokingNew
                | S::Staged
                | S::Verified
                | S::Printing
                | S::RollingBack,
                Event::Abandoned,
            ) => Ok(S::Abandoned),
            (state, event) => Err(Error::failed(format!(
                "the journal is damaged: {} cannot follow {}",
                event.kind().name(),
                state.name()
            ))),
        }
    }

    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            RecordState::Nothing => "nothing",
            RecordState::Intended => "intended",
            RecordState::Sending => "sending",
            RecordState::ResponseLost => "lost",
            RecordState::RevokingNew => "taking_back",
            RecordState::Staged => "kept",
            RecordState::Verified => "verified",
            RecordState::Printing => "showing",
            RecordState::DeliveredAll => "placed",
            RecordState::Revoking => "revoking",
            RecordState::Revoked => "revoked",
            RecordState::RollingBack => "undoing",
            RecordState::Done => "done",
            RecordState::Abandoned => "abandoned",
        }
    }

    /// Returns whether the service may hold a key whose secret is not safe yet.
    pub fn awaits_secret(self) -> bool {
        matches!(
            self,
            RecordState::Intended | RecordState::Sending | RecordState::ResponseLost
        )
    }

    /// Returns whether only the cleanup remains.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            RecordState::Nothing | RecordState::Done | RecordState::Abandoned
        )
    }
}
