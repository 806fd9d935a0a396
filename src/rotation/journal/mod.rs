//! Records rotations in progress: each intent is on disk before its effect, and one table defines the order of steps
//! and events.

mod delivered;
mod event;
mod hidden;
mod hooks;
mod key_use;
mod locks;
mod read;
mod revoked;
mod state;
mod steps;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use delivered::{DeliveredKey, KeyHistory, delivered};
pub use event::{
    Event, EventKind, EventLog, Intent, LoggedEvent, OldKey, PreviousValue, StagedSecret,
    StorageLocation,
};
pub use hidden::{hidden_id, is_hidden, is_id};
pub use locks::{lock_profile, try_lock_profile};
use read::ReadRecord;
pub use read::Unreadable;
pub use revoked::{RevokedKey, remember_revoked, revoked};
pub use state::RecordState;
pub use steps::{Step, steps};

use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};
use crate::providers::is_name;
use crate::store::SecretRef;
use crate::wal::{ResponseSlot, SpooledCall, StateLock, Wal, remove_call};

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
    /// Set if the file holds ids as fingerprints only.
    hides_ids: bool,
    /// Set if the last line of the file is incomplete: the next write removes it.
    torn: bool,
    state: RecordState,
    path: PathBuf,
    /// The file, open at its end, if this run has written it.
    file: Option<File>,
    lock: StateLock,
}

fn missing(id: &str) -> Error {
    let id = crate::core::untrusted::mask_typed_secret(id);
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
    /// Starts a record under a fresh id; with `hides_ids` the file holds fingerprints in place of ids.
    pub fn start(platform: &Platform, intent: Intent, hides_ids: bool) -> Result<Record> {
        delivered::check_version(platform)?;
        let item = SecretRef::fresh()?;
        let random = &item.file_stem()[..6];
        let day = platform.clock.now().strftime("%Y%m%d");
        let id = format!("{day}-{random}");
        locks::clear_orphans(&folder(platform));
        let path = folder(platform).join(format!("{id}.jsonl"));
        let lock = FileLock::acquire(&lock_path(&path), &platform.lock_deadline)?.into();
        let mut record = Record {
            id,
            events: EventLog::default(),
            hides_ids,
            torn: false,
            state: RecordState::Nothing,
            path,
            file: None,
            lock,
        };
        record.write(platform, Event::Intended(Box::new(intent)))?;
        Ok(record)
    }

    /// Opens the record of that id.
    pub fn open(platform: &Platform, id: &str) -> Result<Record> {
        Ok(Record::try_open(platform, id)?)
    }

    /// As [`Record::open`], but returns the reason why it cannot be read.
    pub fn try_open(platform: &Platform, id: &str) -> Result<Record, Unreadable> {
        let path = path_of(platform, id).map_err(Unreadable::Failed)?;
        let lock = locks::lock_soon(platform, &lock_path(&path)).map_err(Unreadable::Failed)?;
        let hint = format!("set it aside: keywright rotations abort {id}");
        let ReadRecord { events, torn } = match read::read(&path) {
            Ok(Some(found)) => found,
            Ok(None) => {
                // Closed by another process while this one waited for the lock.
                lock.remove(&lock_path(&path)).map_err(Unreadable::Failed)?;
                return Err(Unreadable::Failed(missing(id)));
            }
            Err((unreadable, _)) => return Err(unreadable.hint(&hint)),
        };
        let state = events.state().map_err(Unreadable::Damaged)?;
        Ok(Record {
            id: id.to_owned(),
            hides_ids: events.hides_ids(),
            torn: torn.is_some(),
            events,
            state,
            path,
            file: None,
            lock: lock.into(),
        })
    }

    /// Writes an event; one that announces an effect is synced before this returns.
    pub fn write(&mut self, platform: &Platform, event: Event) -> Result<()> {
        let state = self.state.next(&event)?;
        self.events.0.push(LoggedEvent {
            at: platform.clock.now(),
            event,
        });
        let written = self.save();
        match written {
            Ok(()) => {
                self.state = state;
                self.torn = false;
            }
            // An event that is not on disk did not happen.
            Err(_) => drop(self.events.0.pop()),
        }
        written
    }

    /// Appends the last event. The first write of a run, and one after a failure, replaces the whole file: its end may be
    /// incomplete.
    fn save(&mut self) -> Result<()> {
        let Some(last) = self.events.0.last() else {
            return Ok(());
        };
        let file = if let Some(file) = self.file.take() {
            let synced = last.event.kind().announces() || self.events.is_lease();
            let line = self.line(last)?;
            files::append(
                file,
                &self.path,
                line.as_bytes(),
                synced,
                self.lock.local()?,
            )?
        } else {
            let lines = self.events.0.iter().map(|entry| self.line(entry));
            let text = lines.collect::<Result<String>>()?;
            match &last.event {
                // The file for the response is created beside it next, and the folder synced with that.
                Event::Intended(intent) if intent.place.spool_key.is_some() => {
                    files::replace_private(&self.path, text.as_bytes(), self.lock.local()?)?
                }
                _ => files::create_private(&self.path, text.as_bytes(), self.lock.local()?)?,
            }
        };
        self.file = Some(file);
        Ok(())
    }

    fn line(&self, entry: &LoggedEvent) -> Result<String> {
        let line = if self.hides_ids {
            serde_json::to_string(&entry.with_hidden_ids())
        } else {
            serde_json::to_string(entry)
        };
        let line =
            line.map_err(|error| Error::failed("cannot write the journal").caused_by(error))?;
        Ok(line + "\n")
    }

    /// Renames a damaged record, beside the others; it is never deleted. Returns its path.
    pub fn set_aside(platform: &Platform, id: &str) -> Result<PathBuf> {
        let path = path_of(platform, id)?;
        let lock = locks::lock_soon(platform, &lock_path(&path))?;
        match read::read(&path) {
            Err((Unreadable::Damaged(_), _)) => {}
            Err((unreadable, _)) => return Err(unreadable.into()),
            Ok(_) => {
                return Err(Error::new(
                    Kind::Conflict,
                    format!("the record `{id}` can be read again"),
                ));
            }
        }
        let aside = files::set_aside(&path, &lock)?;
        lock.remove(&lock_path(&path))?;
        Ok(aside)
    }

    /// Reserves space for the response to the call that creates the key; `spool_key` decrypts it.
    pub async fn spool(&self, wal: &dyn Wal, spool_key: &Secret) -> Result<Box<dyn ResponseSlot>> {
        let (call, note) = (self.call_name(), b"null".to_vec());
        wal.begin(&call, note, spool_key, &self.lock).await
    }

    /// Returns what arrived of that response; `None` if no call was about to be made.
    pub async fn spooled(&self, wal: &dyn Wal) -> Result<Option<SpooledCall>> {
        let found = wal.recover(&self.call_name()).await?;
        found.map(|call| call.note().map(|()| call)).transpose()
    }

    /// Returns the name under which the call that creates the key is noted.
    fn call_name(&self) -> String {
        format!("rotations/{}.answer", self.id)
    }

    /// Removes the record of a finished rotation; the key that it delivered and the one that it revoked are remembered.
    pub fn close(self, platform: &Platform, revoked: Option<&Key>) -> Result<()> {
        let revoked = revoked.and_then(|key| RevokedKey::of(platform, key, self.hides_ids));
        delivered::remember(platform, &self.displayed(), revoked)?;
        drop(self.file);
        let StateLock::Local(lock) = self.lock else {
            return Ok(());
        };
        remove_call(&self.path.with_extension("answer"), &lock)?;
        files::remove(&self.path, &lock)?;
        // The lock file is removed with its record: its id is never used again.
        lock.remove(&lock_path(&self.path))
    }

    /// Keeps ids out of the file from now on: the id of the new key turned out to be as good as its secret.
    pub fn hide_ids(&mut self) {
        self.hides_ids = true;
        // The lines before hold them: the next write replaces the file.
        self.file = None;
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

/// Returns the path of the record of that id.
fn path_of(platform: &Platform, id: &str) -> Result<PathBuf> {
    let path = folder(platform).join(format!("{id}.jsonl"));
    let there = || {
        let there = path.try_exists();
        there.map_err(|error| files::path_error("read", &path, error))
    };
    if !is_name(id) || !there()? {
        return Err(missing(id));
    }
    Ok(path)
}

fn lock_path(path: &Path) -> PathBuf {
    files::with_suffix(path, ".lock")
}

/// A record on disk, read without its lock.
pub struct RecordSummary {
    /// Its id.
    pub id: String,
    /// Its events, or the reason why it cannot be read.
    pub events: Result<EventLog, Unreadable>,
    /// The readable text of an unreadable record.
    text: String,
}

impl RecordSummary {
    /// Returns the notice about a file whose last line is incomplete.
    pub fn torn_notice(&self) -> Option<String> {
        (self.events.is_ok() && !self.text.is_empty()).then(|| torn_notice(&self.id))
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
        let (events, text) = match read::read(&path) {
            // Closed by another process between the listing and the reading.
            Ok(None) => continue,
            Ok(Some(found)) => (Ok(found.events), found.torn.unwrap_or_default()),
            Err((unreadable, text)) => (Err(unreadable), text),
        };
        found.push(RecordSummary {
            id: id.to_owned(),
            events,
            text,
        });
    }
    Ok(found)
}

/// Returns the damaged records that were set aside.
pub fn set_aside(platform: &Platform) -> Result<Vec<PathBuf>> {
    files::list(&folder(platform), files::SET_ASIDE_EXTENSION)
}

/// Returns whether another process holds the record of that id.
pub fn is_held(platform: &Platform, id: &str) -> Result<bool> {
    let path = folder(platform).join(format!("{id}.jsonl"));
    if !path.exists() {
        return Ok(false);
    }
    let lock = FileLock::try_acquire(&lock_path(&path))?;
    Ok(lock.is_none())
}

/// Removes the locks without a record that killed processes left.
pub fn clear_orphans(platform: &Platform) {
    locks::clear_orphans(&folder(platform));
}
