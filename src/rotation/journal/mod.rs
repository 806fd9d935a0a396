//! What is under way: each intent is on disk before its effect, and one match says what may follow what.

mod delivered;
mod event;
mod hidden;
mod locks;
mod read;
mod revoked;
mod state;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use delivered::{DeliveredKey, delivered};
pub use event::{
    Event, EventLog, FORMAT_VERSION, Intent, LoggedEvent, OldKey, PreviousValue, StagedSecret,
    StorageLocation,
};
pub use hidden::{hidden_id, is_hidden, is_id};
pub use locks::{lock_profile, try_lock_profile};
use read::ReadRecord;
pub use read::Unreadable;
pub use revoked::{RevokedKey, remember_revoked, revoked};
pub use state::RecordState;

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};
use crate::providers::is_name;
use crate::store::{SecretRef, Spool, SpooledCall};

/// How long a lock may seem held that nobody holds: a child that is just being started has our files open until it is
/// another program.
const BRIEF_LOCK_TIMEOUT: Duration = Duration::from_millis(200);

/// The record of one creation or rotation, under its lock.
#[derive(Debug)]
pub struct Record {
    /// Its name.
    pub id: String,
    /// What was written down.
    pub story: EventLog,
    /// Whether ids stand in the file as fingerprints only.
    hides_ids: bool,
    /// Whether the file ends in a line that was cut off: the next write leaves it out.
    torn: bool,
    state: RecordState,
    path: PathBuf,
    lock: FileLock,
}

fn missing(id: &str) -> Error {
    let id = crate::core::untrusted::mask_typed_secret(id);
    Error::new(
        Kind::NotFound,
        format!("there is nothing unfinished named `{id}`"),
    )
    .hint("see what is: keywright rotations")
}

fn folder(platform: &Platform) -> PathBuf {
    platform.dirs.state.join("rotations")
}

impl Record {
    /// Starts a record under a fresh name; with `hides_ids` the file holds fingerprints in place of ids.
    pub fn start(platform: &Platform, intent: Intent, hides_ids: bool) -> Result<Record> {
        let item = SecretRef::fresh()?;
        let random = &item.file_stem()[..6];
        let day = platform.clock.now().strftime("%Y%m%d");
        let id = format!("{day}-{random}");
        locks::clear_orphans(&folder(platform));
        let path = folder(platform).join(format!("{id}.jsonl"));
        let lock = FileLock::acquire(&lock_path(&path), &platform.patience)?;
        let mut record = Record {
            id,
            story: EventLog::default(),
            hides_ids,
            torn: false,
            state: RecordState::Nothing,
            path,
            lock,
        };
        record.write(platform, Event::Intended(Box::new(intent)))?;
        Ok(record)
    }

    /// Opens the record of that name.
    pub fn open(platform: &Platform, id: &str) -> Result<Record> {
        Ok(Record::try_open(platform, id)?)
    }

    /// As [`Record::open`], and tells why it cannot be read.
    pub fn try_open(platform: &Platform, id: &str) -> Result<Record, Unreadable> {
        let path = path_of(platform, id).map_err(Unreadable::Failed)?;
        let lock = locks::lock_soon(platform, &lock_path(&path)).map_err(Unreadable::Failed)?;
        let aside = format!("set it aside: keywright rotations abort {id}");
        let ReadRecord { story, torn } = match read::read(&path) {
            Ok(Some(found)) => found,
            Ok(None) => {
                // Closed by another process while this one waited for the lock.
                lock.remove(&lock_path(&path)).map_err(Unreadable::Failed)?;
                return Err(Unreadable::Failed(missing(id)));
            }
            Err((unreadable, _)) => return Err(unreadable.hint(&aside)),
        };
        let state = story.state().map_err(Unreadable::Damaged)?;
        Ok(Record {
            id: id.to_owned(),
            hides_ids: story.hides_ids(),
            torn: torn.is_some(),
            story,
            state,
            path,
            lock,
        })
    }

    /// Writes an event down, synced, before its effect.
    pub fn write(&mut self, platform: &Platform, event: Event) -> Result<()> {
        let state = self.state.next(&event)?;
        self.story.0.push(LoggedEvent {
            at: platform.clock.now(),
            event,
        });
        let written = self.save();
        match written {
            Ok(()) => {
                self.state = state;
                self.torn = false;
            }
            // What is not on disk did not happen.
            Err(_) => drop(self.story.0.pop()),
        }
        written
    }

    fn save(&self) -> Result<()> {
        let mut text = String::new();
        for entry in &self.story.0 {
            let line = if self.hides_ids {
                serde_json::to_string(&entry.with_hidden_ids())
            } else {
                serde_json::to_string(entry)
            };
            let line = line.map_err(|error| {
                Error::failed("the journal could not be written").caused_by(error)
            })?;
            text.push_str(&line);
            text.push('\n');
        }
        files::write_private(&self.path, text.as_bytes(), &self.lock)
    }

    /// Sets a damaged record aside, under another name beside the others; it is never deleted. Returns its path.
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

    /// Makes room for the answer to the call that makes the key, which `opener` will open.
    pub fn spool(&self, opener: &Secret) -> Result<Spool> {
        Spool::begin(&answer_path(&self.path), &(), opener, &self.lock)
    }

    /// What there is of that answer; `None` when no call was about to be made.
    pub fn spooled(&self) -> Result<Option<SpooledCall<()>>> {
        SpooledCall::find(&answer_path(&self.path))
    }

    /// Removes the record of something that is over; the key that it delivered is remembered.
    pub fn close(self, platform: &Platform) -> Result<()> {
        delivered::remember(platform, &self.told())?;
        remove_answer(&self.path, &self.lock)?;
        files::remove(&self.path, &self.lock)?;
        // The lock file goes with its record: its name is never used again.
        self.lock.remove(&lock_path(&self.path))
    }

    /// Keeps ids out of the file from now on: the id of the new key has turned out to be as good as its secret.
    pub fn hide_ids(&mut self) {
        self.hides_ids = true;
    }

    /// Whether ids stand in the file as fingerprints only.
    pub fn hides_ids(&self) -> bool {
        self.hides_ids
    }

    /// What is said of a file that ends in a line that was cut off.
    pub fn torn_notice(&self) -> Option<String> {
        self.torn.then(|| torn_notice(&self.id))
    }

    /// Returns what was written down as it may be shown.
    pub fn told(&self) -> EventLog {
        if self.hides_ids {
            self.story.with_hidden_ids()
        } else {
            self.story.clone()
        }
    }

    /// How far it has come.
    pub fn state(&self) -> RecordState {
        self.state
    }

    /// What was intended.
    pub fn intent(&self) -> Result<&Intent> {
        let intent = self.story.intent();
        intent.ok_or_else(|| Error::failed("the record does not say what was intended"))
    }

    /// Where the new secret is.
    pub fn kept(&self) -> Result<&StagedSecret> {
        let kept = self.story.kept();
        kept.ok_or_else(|| Error::failed("the record does not say where the key is"))
    }
}

fn torn_notice(id: &str) -> String {
    format!("the record {id} ends in a line that was cut off: what stands before it counts")
}

/// Returns where the record of that name stands.
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

fn answer_path(path: &Path) -> PathBuf {
    path.with_extension("answer")
}

/// Removes the answer of the record at `path`, also one that was not made whole.
fn remove_answer(path: &Path, lock: &FileLock) -> Result<()> {
    let answer = answer_path(path);
    files::remove(&files::with_suffix(&answer, ".new"), lock)?;
    files::remove(&answer, lock).map(drop)
}

/// A record as it is on disk, looked at without its lock.
pub struct RecordSummary {
    /// Its name.
    pub id: String,
    /// What was written down, or why it cannot be read.
    pub story: Result<EventLog, Unreadable>,
    /// The text of what cannot be read of it, as far as there is any.
    text: String,
}

impl RecordSummary {
    /// What is said of a file that ends in a line that was cut off.
    pub fn torn_notice(&self) -> Option<String> {
        (self.story.is_ok() && !self.text.is_empty()).then(|| torn_notice(&self.id))
    }

    /// Returns whether what cannot be read of a record may be about the key of that id.
    pub fn may_know(&self, id: &str) -> bool {
        match &self.story {
            Err(Unreadable::Failed(_)) => true,
            Ok(_) | Err(_) => self.text.contains(id) || self.text.contains(&hidden_id(id)),
        }
    }
}

/// Every record, the oldest first.
pub fn all(platform: &Platform) -> Result<Vec<RecordSummary>> {
    let mut found = Vec::new();
    for path in files::list(&folder(platform), "jsonl")? {
        let Some(id) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        let (story, text) = match read::read(&path) {
            // Closed by another process between the listing and the reading.
            Ok(None) => continue,
            Ok(Some(found)) => (Ok(found.story), found.torn.unwrap_or_default()),
            Err((unreadable, text)) => (Err(unreadable), text),
        };
        found.push(RecordSummary {
            id: id.to_owned(),
            story,
            text,
        });
    }
    Ok(found)
}

/// Returns the damaged records that were set aside.
pub fn set_aside(platform: &Platform) -> Result<Vec<PathBuf>> {
    files::list(&folder(platform), files::SET_ASIDE_EXTENSION)
}

/// Returns whether another process has taken the record of that name up.
pub fn is_held(platform: &Platform, id: &str) -> Result<bool> {
    let path = folder(platform).join(format!("{id}.jsonl"));
    if !path.exists() {
        return Ok(false);
    }
    let lock = FileLock::try_acquire(&lock_path(&path))?;
    Ok(lock.is_none())
}

/// Removes what killed processes have left of locks whose record is gone.
pub fn clear_orphans(platform: &Platform) {
    locks::clear_orphans(&folder(platform));
}
