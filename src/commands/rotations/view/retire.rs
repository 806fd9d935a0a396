//! The view of the proof of disuse that an old key waits for.

use jiff::Timestamp;
use serde::Serialize;

use super::StepView;
use crate::rotation::journal::{EventKind, EventLog, OldKey};

/// The proof of disuse that an old key waits for.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct RetireView {
    unused_for: String,
    /// The time of the look since which no use was seen.
    since: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    requests: Option<u64>,
    /// The earliest end of the wait.
    earliest: Option<Timestamp>,
}

impl RetireView {
    pub(super) fn of(old: &OldKey, events: &EventLog) -> Option<Self> {
        let seen = events.last_use().unwrap_or_default();
        Some(RetireView {
            unused_for: old.retire?.unused_for.to_string(),
            since: events.at(EventKind::UseSeen),
            last_used_at: seen.last_used_at,
            requests: seen.requests,
            earliest: events.unused_ends(),
        })
    }
}

/// Returns the name of the step that waits for disuse.
pub(super) fn until_unused(replaces: Option<&OldKey>) -> String {
    let retire = replaces.and_then(|old| old.retire);
    let time = retire.map_or_else(String::new, |retire| retire.unused_for.to_string());
    format!("leave the old key until it is unused for {time}")
}

/// Returns the wait for disuse; a key that was enabled again is waited for once more.
pub(super) fn watch(view: StepView, replaces: Option<&OldKey>, events: &EventLog) -> StepView {
    let is_over = replaces.is_none_or(|old| !old.disable) || events.may_be_disabled();
    let begun = events.at(EventKind::UseSeen);
    if is_over {
        return view.begun(begun);
    }
    let again = StepView {
        at: None,
        state: "pending",
        ..view
    };
    again.begun(begun)
}
