//! The expiry of a new key that is in place before the old one is gone.

use jiff::Timestamp;

use super::{EventLog, RecordState};
use crate::core::moment::to_the_minute;

impl EventLog {
    /// Returns since when the new key has been expired, if it is in place and the old key still lives.
    pub fn expired_in_place(&self, now: Timestamp) -> Option<Timestamp> {
        let is_in_place = matches!(
            self.state().ok()?,
            RecordState::DeliveredAll
                | RecordState::HooksDone
                | RecordState::Watching
                | RecordState::Disabled
        );
        self.replaces().filter(|_| is_in_place)?;
        let expired = self.staged()?.expires_at?;
        (expired <= now).then_some(expired)
    }
}

/// Returns that the new key expired, in words.
pub fn expired_notice(expired: Timestamp) -> String {
    format!("the new key expired at {}", to_the_minute(expired))
}

/// Returns the way back to the old key.
pub fn way_back(id: &str) -> String {
    format!("keywright rotations undo {id}")
}
