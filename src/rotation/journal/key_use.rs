//! Reads from the events of a record how the old key was used, and until when it is left.

use jiff::Timestamp;

use super::event::{Event, EventKind, EventLog};
use crate::core::key_use::KeyUse;

impl EventLog {
    /// Returns the moment from which the old key may be revoked: the end of its grace, counted from the delivery of
    /// the new one and the hooks that follow it. Of the local clock and the service's, the later one counts: a clock that was wrong then must not
    /// shorten the grace.
    pub fn grace_ends(&self) -> Option<Timestamp> {
        let grace = self.replaces()?.grace?;
        let placed = self.0.iter().rev().find_map(|entry| match entry.event {
            Event::DeliveredAll { server_at } | Event::HooksDone { server_at } => {
                Some(server_at.map_or(entry.at, |at| at.max(entry.at)))
            }
            _ => None,
        });
        grace.after(placed?)
    }

    /// Returns the uses of the old key at the last look that showed a new one, or at the first look.
    pub fn last_use(&self) -> Option<KeyUse> {
        self.0.iter().rev().find_map(|entry| match entry.event {
            Event::UseSeen {
                last_used_at,
                requests,
                ..
            } => Some(KeyUse {
                last_used_at,
                requests,
            }),
            _ => None,
        })
    }

    /// Returns the moment from which the old key counts as unused if no use is seen until then; never before its grace
    /// is over. Of the local clock and the service's, the later one counts.
    pub fn unused_ends(&self) -> Option<Timestamp> {
        let unused_for = self.replaces()?.retire?.unused_for;
        let seen = self.0.iter().rev().find_map(|entry| match entry.event {
            Event::UseSeen { server_at, .. } => {
                Some(server_at.map_or(entry.at, |at| at.max(entry.at)))
            }
            _ => None,
        });
        unused_for.after(seen?).max(self.grace_ends())
    }

    /// Returns whether the old key may be disabled.
    pub fn may_be_disabled(&self) -> bool {
        let mut last = self.0.iter().rev().map(|entry| entry.event.kind());
        let last = last.find(|kind| matches!(kind, EventKind::Disabling | EventKind::Enabled));
        last == Some(EventKind::Disabling)
    }
}
