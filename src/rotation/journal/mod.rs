//! Records rotations in progress: each intent is on disk before its effect, and one table defines the order of steps
//! and events.

mod chain;
#[cfg(test)]
mod conformance;
mod delivered;
mod event;
mod expiry;
mod hidden;
mod hooks;
mod items;
mod key_use;
mod locks;
mod log;
mod moving;
mod read;
mod repair;
mod revoked;
mod state;
mod steps;
mod storage;
mod summary;
mod version;

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

pub use delivered::{DeliveredKey, KeyHistory, delivered};
pub use event::{
    Event, EventKind, EventLog, Intent, LoggedEvent, OldKey, PreviousValue, StagedSecret,
    StorageLocation,
};
pub use expiry::{expired_notice, way_back};
pub use hidden::{hidden_id, is_hidden, is_id};
pub use locks::{lock_profile, try_lock_profile};
pub use log::{RecordTrail, TrailChange, trails};
pub use moving::move_closed;
use read::ReadRecord;
pub use read::Unreadable;
pub use repair::RepairedKey;
pub use revoked::{RevokedKey, remember_revoked, revoked};
pub use state::RecordState;
pub use steps::{Step, steps};
use storage::{HeldRecord, NewLine, document_name};
pub use summary::{RecordSummary, all, clear_orphans, is_held, set_aside};

use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::secret::Secret;
use crate::core::untrusted::{mask_typed_secret, one_line};
use crate::platform::files::{self, FileLock, lock_path};
use crate::platform::{Actor, Hold, Platform, SharedState};
use crate::providers::is_name;
use crate::store::SecretRef;
use crate::wal::{
    ResponseSlot, SharedText, SpooledCall, StateLock, Wal, forget_late_response, held_elsewhere,
    hold_shared,
};

/// The time for which a free lock may seem held: a child that is just being started shares our open files until it
/// executes its program.
const BRIEF_LOCK_TIMEOUT: Duration = Duration::from_millis(200);

/// The record of one creation or rotation, under its lock.
#[derive(Debug)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// Its events.
    pub events: EventLog,
    /// The line of each event, as it is kept.
    lines: Vec<String>,
    /// Set if the lines hold ids as fingerprints only.
    hides_ids: bool,
    /// Set if the last line of the file is incomplete: the next write removes it.
    torn: bool,
    state: RecordState,
    /// The author of the events that are added here.
    by: Box<Actor>,
    place: Box<HeldRecord>,
}

/// Returns the id of a new record: the day, and 48 random bits, so that machines which rotate ten thousand keys a day draw
/// no id twice. Groups of six digits look like no secret.
fn fresh_id(platform: &Platform) -> Result<String> {
    let item = SecretRef::fresh()?;
    let random = item.file_stem();
    let day = platform.clock.now().strftime("%Y%m%d");
    Ok(format!("{day}-{}-{}", &random[..6], &random[6..12]))
}

fn missing(id: &str) -> Error {
    let id = mask_typed_secret(id);
    Error::new(
        Kind::NotFound,
        format!("no unfinished rotation with id `{id}`"),
    )
    .hint("list the unfinished ones: keywright rotations")
}

fn folder(platform: &Platform) -> PathBuf {
    platform.dirs.state.join("rotations")
}

impl Record {
    /// Starts a record under a fresh id; with `hides_ids` the lines hold fingerprints in place of ids.
    pub fn start(platform: &Platform, intent: Intent, hides_ids: bool) -> Result<Record> {
        let id = fresh_id(platform)?;
        if let Some(state) = &platform.shared_state {
            return Record::start_shared(platform, state, id, intent, hides_ids);
        }
        delivered::check_version(platform)?;
        locks::clear_orphans(&folder(platform));
        let path = folder(platform).join(format!("{id}.jsonl"));
        let lock = FileLock::acquire(&lock_path(&path), &platform.lock_deadline)?;
        let mut record = Record {
            id,
            events: EventLog::default(),
            lines: Vec::new(),
            hides_ids,
            torn: false,
            state: RecordState::Nothing,
            by: Box::new(platform.actor()),
            place: Box::new(HeldRecord::in_folder(path, lock)),
        };
        record.write(platform, Event::Intended(Box::new(intent)))?;
        Ok(record)
    }

    fn start_shared(
        platform: &Platform,
        state: &Rc<dyn SharedState>,
        id: String,
        intent: Intent,
        hides_ids: bool,
    ) -> Result<Record> {
        let by = platform.actor();
        let event = Event::Intended(Box::new(intent));
        let now = RecordState::Nothing.next(&event)?;
        let entry = LoggedEvent {
            at: platform.clock.now(),
            event,
            by: Some(by.clone()),
        };
        let line = chain::chained(&json(&entry, hides_ids)?, &id);
        let place = HeldRecord::create(state, document_name(&id), &line)?;
        Ok(Record {
            id,
            events: EventLog(vec![entry]),
            lines: vec![line],
            hides_ids,
            torn: false,
            state: now,
            by: Box::new(by),
            place: Box::new(place),
        })
    }

    /// Opens the record of that id.
    pub fn open(platform: &Platform, id: &str) -> Result<Record> {
        Ok(Record::try_open(platform, id)?)
    }

    /// As [`Record::open`], but returns the reason why it cannot be read.
    pub fn try_open(platform: &Platform, id: &str) -> Result<Record, Unreadable> {
        let (place, read) = held(platform, id)?;
        let hint = format!("set it aside: keywright rotations abort {id}");
        let found = read.map_err(|(unreadable, _)| unreadable.hint(&hint))?;
        let state = found.events.state().map_err(Unreadable::Damaged)?;
        Ok(Record {
            id: id.to_owned(),
            hides_ids: found.events.hides_ids(),
            torn: found.torn.is_some(),
            events: found.events,
            lines: found.lines,
            state,
            by: Box::new(platform.actor()),
            place: Box::new(place),
        })
    }

    /// Writes an event; one that announces an effect is safe before this returns.
    pub fn write(&mut self, platform: &Platform, event: Event) -> Result<()> {
        let state = self.state.next(&event)?;
        self.events.0.push(LoggedEvent {
            at: platform.clock.now(),
            event,
            by: Some(Actor::clone(&self.by)),
        });
        let written = self.save(platform);
        if written.is_ok() {
            self.state = state;
            self.torn = false;
        } else {
            // An event that is not on disk did not happen.
            self.events.0.pop();
            self.lines.truncate(self.events.0.len());
        }
        written
    }

    /// Writes the line of the last event.
    fn save(&mut self, platform: &Platform) -> Result<()> {
        for entry in &self.events.0[self.lines.len()..] {
            let before = self.lines.last().unwrap_or(&self.id);
            let line = chain::chained(&json(entry, self.hides_ids)?, before);
            self.lines.push(line);
        }
        let Some(last) = self.events.0.last() else {
            return Ok(());
        };
        let new = NewLine {
            lines: &self.lines,
            event: &last.event,
            is_lease: self.events.is_lease(),
        };
        self.place.save(platform, &new)
    }

    /// Sets a damaged record aside, beside the others; it is never deleted. Returns its new place.
    pub fn set_aside(platform: &Platform, id: &str) -> Result<String> {
        let (place, read) = held(platform, id)?;
        match read {
            Err((Unreadable::Damaged(_), _)) => place.set_aside(id),
            Err((unreadable, _)) => Err(unreadable.into()),
            Ok(_) => Err(Error::new(
                Kind::Conflict,
                format!("the record `{id}` can be read again"),
            )),
        }
    }

    /// Reserves space for the response to the call that creates the key; `spool_key` decrypts it.
    pub fn spool(&self, wal: &dyn Wal, spool_key: &Secret) -> Result<Box<dyn ResponseSlot>> {
        let (call, note) = (self.call_name(), b"null".to_vec());
        wal.begin(&call, note, spool_key, self.place.lock())
    }

    /// Reserves space for the responses to the calls that follow it, behind those that arrived; `None` if no call was
    /// about to be made.
    pub fn extend_spool(
        &self,
        wal: &dyn Wal,
        spool_key: &Secret,
    ) -> Result<Option<Box<dyn ResponseSlot>>> {
        wal.extend(&self.call_name(), spool_key, self.place.lock())
    }

    /// Returns what arrived of that response and of those to the calls that follow; `None` if no call was about to be made.
    pub fn spooled(&self, wal: &dyn Wal) -> Result<Option<SpooledCall>> {
        let found = wal.recover(&self.call_name())?;
        found.map(|call| call.note().map(|()| call)).transpose()
    }

    /// Returns the name under which the call that creates the key is noted.
    fn call_name(&self) -> String {
        format!("rotations/{}.answer", self.id)
    }

    /// Removes the record of a finished rotation; the key that it delivered and the one that it revoked are remembered.
    pub fn close(self, platform: &Platform, revoked: Option<&Key>) -> Result<()> {
        let revoked = revoked.and_then(|key| RevokedKey::of(platform, key, self.hides_ids));
        delivered::remember(platform, &self.displayed(), revoked.as_ref())?;
        self.place.close(platform, &self.id, &self.lines)
    }

    /// Fails unless this process holds the record for as long as an effect may take that is about to begin.
    pub fn check(&self, platform: &Platform) -> Result<()> {
        self.place.lock().check(platform.lock_deadline.limit())
    }

    /// Removes the response that arrived too late if another machine took the record over and has closed it; returns
    /// whether it has.
    pub fn forget_if_closed_elsewhere(&self, platform: &Platform) -> Result<bool> {
        let Some(state) = &platform.shared_state else {
            return Ok(false);
        };
        if summary::shared(&**state, &self.id)?.is_some() {
            return Ok(false);
        }
        let lease = self.place.lock().lease()?;
        forget_late_response(&**state, &self.call_name(), &**lease)?;
        Ok(true)
    }

    /// Returns the machine on which the record was begun, if that is another one.
    pub fn begun_elsewhere(&self) -> Option<&str> {
        let begun = self.events.0.first()?.by.as_ref()?;
        let is_shared = matches!(*self.place, HeldRecord::Shared(_));
        (is_shared && begun.host != self.by.host).then_some(begun.host.as_str())
    }

    /// Keeps ids out of the file from now on: the id of the new key turned out to be as good as its secret.
    pub fn hide_ids(&mut self) {
        self.hides_ids = true;
        // The lines before hold them: the next write replaces them.
        self.lines.clear();
        self.place.rewrite();
    }

    /// Returns whether the file holds ids as fingerprints only.
    pub fn hides_ids(&self) -> bool {
        self.hides_ids
    }

    /// Returns the notice about a file whose last line is incomplete.
    pub fn torn_notice(&self) -> Option<String> {
        self.torn.then(|| torn_notice(&self.id))
    }

    /// Returns the events as they may be shown.
    pub fn displayed(&self) -> EventLog {
        if self.hides_ids {
            self.events.with_hidden_ids()
        } else {
            self.events.clone()
        }
    }

    /// Returns its state.
    pub fn state(&self) -> RecordState {
        self.state
    }

    /// Returns the step whose turn it is; `None` if none is left.
    pub fn next_step(&self) -> Option<Step> {
        self.events.next_step(self.state)
    }

    /// Returns its intent.
    pub fn intent(&self) -> Result<&Intent> {
        let intent = self.events.intent();
        intent.ok_or_else(|| Error::failed("the record does not say what was intended"))
    }

    /// Returns the new secret's location and properties.
    pub fn staged(&self) -> Result<&StagedSecret> {
        let kept = self.events.staged();
        kept.ok_or_else(|| Error::failed("the record does not say where the key is"))
    }
}

fn torn_notice(id: &str) -> String {
    format!("the record {id} ends in an incomplete line: the lines before it count")
}

/// Returns the notice about a record that was changed after it was written.
pub fn changed_notice(id: &str, line: usize) -> String {
    format!(
        "the record {} was changed at line {line} after it was written",
        one_line(id)
    )
}

/// Returns the line of an entry, without its digest.
fn json(entry: &LoggedEvent, hides_ids: bool) -> Result<String> {
    let line = if hides_ids {
        serde_json::to_string(&entry.with_hidden_ids())
    } else {
        serde_json::to_string(entry)
    };
    line.map_err(|error| Error::failed("cannot write the journal").caused_by(error))
}

/// A record that is held, and what was read of it.
type Opened = (HeldRecord, Result<ReadRecord, (Unreadable, String)>);

/// Takes the lock of the record of that id, and reads it.
fn held(platform: &Platform, id: &str) -> Result<Opened, Unreadable> {
    if !is_name(id) {
        return Err(Unreadable::Failed(missing(id)));
    }
    let path = folder(platform).join(format!("{id}.jsonl"));
    let there = path.try_exists();
    let there =
        there.map_err(|error| Unreadable::Failed(files::path_error("read", &path, error)))?;
    if !there {
        return match &platform.shared_state {
            Some(state) => held_shared(platform, state, id).map_err(Unreadable::Failed),
            None => Err(Unreadable::Failed(missing(id))),
        };
    }
    let lock = locks::lock_soon(platform, &lock_path(&path)).map_err(Unreadable::Failed)?;
    let read = match read::read(&path) {
        Ok(Some(found)) => Ok(found),
        Ok(None) => {
            // Closed by another process while this one waited for the lock.
            lock.remove(&lock_path(&path)).map_err(Unreadable::Failed)?;
            return Err(Unreadable::Failed(missing(id)));
        }
        Err(unreadable) => Err(unreadable),
    };
    Ok((HeldRecord::in_folder(path, lock), read))
}

fn held_shared(platform: &Platform, state: &Rc<dyn SharedState>, id: &str) -> Result<Opened> {
    let name = document_name(id);
    if state
        .read(&name)?
        .is_some_and(|found| found.holder.is_some())
    {
        locks::watch(&**state)?;
    }
    let lease = match hold_shared(platform, state, (&name, None), Duration::MAX)? {
        Hold::Held(lease) => lease,
        Hold::Missing => return Err(missing(id)),
        Hold::Elsewhere(_) => return Err(held_elsewhere(state, &name)),
    };
    let text = SharedText::read(&name, &lease.text())?;
    let read = read::understood(text.lines, &format!("{name} in {}", state.place()));
    let place = HeldRecord::shared(name, StateLock::Shared(lease), state);
    Ok((place, read))
}
