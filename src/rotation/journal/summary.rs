//! Lists records without their locks.

use std::path::PathBuf;

use super::chain::first_change;
use super::event::EventLog;
use super::hidden::hidden_id;
use super::locks;
use super::read::{self, ReadRecord, Unreadable};
use super::storage::document_name;
use super::{changed_notice, folder, torn_notice};
use crate::core::error::Result;
use crate::platform::files::{self, FileLock, lock_path};
use crate::platform::{Actor, Platform, SharedState};
use crate::wal::SharedText;

/// A record, read without its lock.
pub struct RecordSummary {
    /// Its id.
    pub id: String,
    /// Its events, or the reason why it cannot be read.
    pub events: Result<EventLog, Unreadable>,
    /// Its holder, where machines share it.
    pub held_by: Option<Actor>,
    /// Set if machines share it.
    pub is_shared: bool,
    /// The first line that was changed after it was written.
    pub(super) changed_line: Option<usize>,
    /// The readable text of an unreadable record.
    text: String,
}

impl RecordSummary {
    fn new(
        id: &str,
        read: Result<ReadRecord, (Unreadable, String)>,
        held_by: Option<Actor>,
    ) -> Self {
        let (events, text, changed_line) = match read {
            Ok(found) => {
                let changed = first_change(id, &found.lines);
                (Ok(found.events), found.torn.unwrap_or_default(), changed)
            }
            Err((unreadable, text)) => (Err(unreadable), text, None),
        };
        RecordSummary {
            id: id.to_owned(),
            events,
            held_by,
            is_shared: false,
            changed_line,
            text,
        }
    }

    /// Returns the notice about a file whose last line is incomplete.
    pub fn torn_notice(&self) -> Option<String> {
        (self.events.is_ok() && !self.text.is_empty()).then(|| torn_notice(&self.id))
    }

    /// Returns the notices about its text: an incomplete last line, or one that was changed.
    pub fn notices(&self) -> Vec<String> {
        let changed = self.changed_line.map(|line| changed_notice(&self.id, line));
        self.torn_notice().into_iter().chain(changed).collect()
    }

    /// Returns whether the unreadable part of a record may be about the key of that id.
    pub fn may_know(&self, id: &str) -> bool {
        match &self.events {
            Err(Unreadable::Failed(_)) => true,
            Ok(_) | Err(_) => self.text.contains(id) || self.text.contains(&hidden_id(id)),
        }
    }
}

/// Returns every record, the oldest first.
pub fn all(platform: &Platform) -> Result<Vec<RecordSummary>> {
    let mut found = Vec::new();
    for path in files::list(&folder(platform), "jsonl")? {
        let Some(id) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        match read::read(&path) {
            // Closed by another process between the listing and the reading.
            Ok(None) => {}
            Ok(Some(record)) => found.push(RecordSummary::new(id, Ok(record), None)),
            Err(unreadable) => found.push(RecordSummary::new(id, Err(unreadable), None)),
        }
    }
    let Some(state) = &platform.shared_state else {
        return Ok(found);
    };
    for id in state.list("rotations")? {
        found.extend(shared(&**state, &id)?);
    }
    if found.iter().any(|seen| seen.held_by.is_some()) {
        locks::watch(&**state)?;
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(found)
}

/// Reads a record that machines share; `None` if it is closed.
pub(super) fn shared(state: &dyn SharedState, id: &str) -> Result<Option<RecordSummary>> {
    let name = document_name(id);
    let Some(document) = state.read(&name)? else {
        return Ok(None);
    };
    let text = SharedText::read(&name, &document.text)?;
    if text.lines.is_empty() {
        return Ok(None);
    }
    let shown = format!("{name} in {}", state.place());
    let held_by = document.holder.map(|holder| holder.actor);
    let read = read::understood(text.lines, &shown);
    Ok(Some(RecordSummary {
        is_shared: true,
        ..RecordSummary::new(id, read, held_by)
    }))
}

/// Returns the damaged records that were set aside.
pub fn set_aside(platform: &Platform) -> Result<Vec<PathBuf>> {
    files::list(&folder(platform), files::SET_ASIDE_EXTENSION)
}

/// Returns whether another process holds the record of that id.
pub fn is_held(platform: &Platform, id: &str) -> Result<bool> {
    let path = folder(platform).join(format!("{id}.jsonl"));
    if path.exists() {
        let lock = FileLock::try_acquire(&lock_path(&path))?;
        return Ok(lock.is_none());
    }
    let Some(state) = &platform.shared_state else {
        return Ok(false);
    };
    let document = state.read(&document_name(id))?;
    let holder = document.and_then(|document| document.holder);
    Ok(holder.is_some_and(|holder| !platform.processes.is_gone(&holder)))
}

/// Removes the locks without a record that killed processes left.
pub fn clear_orphans(platform: &Platform) {
    locks::clear_orphans(&folder(platform));
}
