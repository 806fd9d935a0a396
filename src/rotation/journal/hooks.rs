//! Reads the progress of hooks from the events of a record.

use jiff::Timestamp;

use super::event::{Event, EventKind, EventLog, LoggedEvent, OldKey};
use crate::hook::HookSpec;

impl OldKey {
    /// Returns the hooks in the order in which they are run; the check is the last one.
    pub fn hooks(&self) -> impl Iterator<Item = &HookSpec> {
        self.after.iter().chain(&self.check)
    }

    /// Returns whether anything is run after the delivery.
    pub fn has_hooks(&self) -> bool {
        self.hooks().next().is_some()
    }
}

impl EventLog {
    /// Returns the numbers of the hooks that have done their work since the delivery or rollback in progress began.
    pub fn hooks_done(&self) -> Vec<usize> {
        let begins =
            |entry: &LoggedEvent| matches!(entry.event, Event::Staged(_) | Event::RollbackStarted);
        let begun = self.0.iter().rposition(begins).unwrap_or_default();
        let entries = self.0[begun..].iter();
        let done = entries.filter(|entry| entry.event.kind() == EventKind::HookDone);
        done.filter_map(|entry| entry.event.hook()).collect()
    }

    /// Returns whether a hook was begun before the rollback in progress.
    pub fn hooks_before_rollback(&self) -> bool {
        let entries = self.0.iter();
        let mut before = entries.take_while(|entry| entry.event != Event::RollbackStarted);
        before.any(|entry| entry.event.kind() == EventKind::HookStarted)
    }

    /// Returns the time of the last event of this kind about a hook.
    pub fn at_hook(&self, kind: EventKind, wanted: usize) -> Option<Timestamp> {
        let mut entries = self.0.iter().rev();
        let is_about =
            |entry: &&LoggedEvent| entry.event.kind() == kind && entry.event.hook() == Some(wanted);
        entries.find(is_about).map(|entry| entry.at)
    }
}

impl Event {
    /// Returns the number of the hook of the event.
    pub fn hook(&self) -> Option<usize> {
        match self {
            Event::HookStarted { number } | Event::HookDone { number } => Some(*number),
            _ => None,
        }
    }
}
