//! Defines the states of a record.

use serde::Serialize;

use super::event::Event;
use super::steps;
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
    /// The hooks that follow the delivery have done their work.
    HooksDone,
    /// The old key is left until it is unused.
    Watching,
    /// The old key may be disabled already.
    Disabling,
    /// The old key is disabled.
    Disabled,
    /// The old key may be revoked already.
    Revoking,
    /// The old key is revoked.
    Revoked,
    /// Previous values are being restored.
    RollingBack,
    /// Everything is done.
    Done,
    /// The rotation was aborted.
    Abandoned,
}

impl RecordState {
    /// Returns the state after an event, if it may follow.
    pub fn next(self, event: &Event) -> Result<RecordState> {
        let event = event.kind();
        steps::after(self, event).ok_or_else(|| {
            Error::failed(format!(
                "the journal is damaged: {} cannot follow {}",
                event.name(),
                self.name()
            ))
        })
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
            RecordState::HooksDone => "hooked",
            RecordState::Watching => "watching",
            RecordState::Disabling => "disabling",
            RecordState::Disabled => "disabled",
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

    /// Returns whether the new key may exist and is not at all its destinations.
    pub fn awaits_delivery(self) -> bool {
        matches!(
            self,
            RecordState::Sending
                | RecordState::ResponseLost
                | RecordState::Staged
                | RecordState::Verified
                | RecordState::Printing
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
