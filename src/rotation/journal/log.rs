//! The trail of what was done with keys: the events of open and closed records, whose digests are verified.

use super::chain;
use super::event::{Event, EventLog, LoggedEvent};
use super::read;
use super::storage::{ClosedRecord, closed};
use super::summary::{RecordSummary, all};
use crate::core::error::{Error, Result};
use crate::platform::Platform;

/// The events of one record, and whether they are as they were written.
pub struct RecordTrail {
    /// The id of the record.
    pub id: String,
    /// Its events.
    pub events: EventLog,
    /// The place of the first change; `None` if there is none.
    pub change: Option<TrailChange>,
}

/// The place of a change to the lines of a record.
pub enum TrailChange {
    /// At the line of this number.
    Line(usize),
    /// At its end.
    End,
    /// The record cannot be read any more.
    Unreadable(Error),
}

impl RecordTrail {
    fn of_open(seen: RecordSummary) -> RecordTrail {
        let changed = seen.changed_line.map(TrailChange::Line);
        let (events, change) = match seen.events {
            Ok(events) => (events, changed),
            Err(error) => (
                EventLog::default(),
                Some(TrailChange::Unreadable(error.into())),
            ),
        };
        RecordTrail {
            id: seen.id,
            events,
            change,
        }
    }

    fn of_closed(record: ClosedRecord) -> RecordTrail {
        let ClosedRecord { id, head, text } = record;
        let shown = format!("the closed record {id}");
        let (events, change) = match read::understood(text, &shown) {
            Ok(found) => {
                let change = match chain::first_change(&id, &found.lines) {
                    Some(line) => Some(TrailChange::Line(line)),
                    None if found.torn.is_some() || chain::head(&found.lines) != head => {
                        Some(TrailChange::End)
                    }
                    None => None,
                };
                (found.events, change)
            }
            Err((unreadable, _)) => (
                EventLog::default(),
                Some(TrailChange::Unreadable(unreadable.into())),
            ),
        };
        RecordTrail { id, events, change }
    }

    /// Returns each event with the id of the key that it is about and the fingerprint of its secret, as far as the
    /// record knows them.
    pub fn entries(&self) -> impl Iterator<Item = (&LoggedEvent, Option<&str>, Option<&str>)> {
        let repaired = self.events.repairs().and_then(|key| key.id.as_deref());
        let old = self.events.replaces().and_then(|old| old.id.as_deref());
        let old = old.or(repaired);
        let mut new = (None, None);
        self.events.0.iter().map(move |entry| match &entry.event {
            Event::Intended(_) | Event::Revoking | Event::Revoked => (entry, old, None),
            event => {
                match event {
                    Event::Staged(kept) => {
                        new = (kept.id.as_deref(), kept.fingerprint.as_deref());
                    }
                    Event::Created { id, .. } => new.0 = id.as_deref(),
                    Event::RevokingNew { id, .. } => new.0 = Some(id),
                    _ => {}
                }
                (entry, new.0, new.1)
            }
        })
    }
}

/// Returns the trails of all records, open and closed, of every machine that shares the state; the oldest first.
pub fn trails(platform: &Platform) -> Result<Vec<RecordTrail>> {
    let open = all(platform)?;
    // A record that is closed meanwhile is in both.
    let mut trails: Vec<RecordTrail> = closed(platform)?
        .into_iter()
        .map(RecordTrail::of_closed)
        .collect();
    for seen in open {
        if !trails.iter().any(|trail| trail.id == seen.id) {
            trails.push(RecordTrail::of_open(seen));
        }
    }
    trails.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(trails)
}
