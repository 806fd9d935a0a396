//! Defines the kinds of event, and the word of each in the journal.

/// An event without its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is documented at `Event`")]
pub enum EventKind {
    Intended,
    Sending,
    Refused,
    Created,
    ResponseLost,
    RevokingNew,
    Staged,
    Verified,
    BackedUp,
    Delivered,
    Printing,
    DeliveredAll,
    HookStarted,
    HookDone,
    HooksDone,
    UseSeen,
    Disabling,
    Disabled,
    Enabled,
    Revoking,
    Revoked,
    RollbackStarted,
    Restored,
    Done,
    Abandoned,
}

impl EventKind {
    /// Returns whether the event announces an effect, and is on disk before it. One that confirms an effect gets there
    /// with the next that announces one: if the machine stops before, the step is taken again, as after a kill.
    pub fn announces(self) -> bool {
        !matches!(
            self,
            EventKind::Staged
                | EventKind::Verified
                | EventKind::Delivered
                | EventKind::DeliveredAll
                | EventKind::HookDone
                | EventKind::HooksDone
                | EventKind::UseSeen
                | EventKind::Disabled
                | EventKind::Enabled
                | EventKind::Revoked
                | EventKind::Restored
        )
    }

    /// Returns its word in the journal.
    pub fn name(self) -> &'static str {
        match self {
            EventKind::Intended => "intended",
            EventKind::Sending => "sending",
            EventKind::Refused => "refused",
            EventKind::Created => "created",
            EventKind::ResponseLost => "lost",
            EventKind::RevokingNew => "taking_back",
            EventKind::Staged => "kept",
            EventKind::Verified => "verified",
            EventKind::BackedUp => "saved",
            EventKind::Delivered => "delivered",
            EventKind::Printing => "showing",
            EventKind::DeliveredAll => "placed",
            EventKind::HookStarted => "hook_started",
            EventKind::HookDone => "hook_done",
            EventKind::HooksDone => "hooked",
            EventKind::UseSeen => "use_seen",
            EventKind::Disabling => "disabling",
            EventKind::Disabled => "disabled",
            EventKind::Enabled => "enabled",
            EventKind::Revoking => "revoking",
            EventKind::Revoked => "revoked",
            EventKind::RollbackStarted => "undoing",
            EventKind::Restored => "restored",
            EventKind::Done => "done",
            EventKind::Abandoned => "abandoned",
        }
    }
}
