//! What is under way: each intent is on disk before its effect, and one match says what may follow what.

mod event;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use event::{Entry, Event, Intent, Kept, Place, Previous, Replaced, State, Story};

use crate::error::{Error, Kind, Result};
use crate::files::{self, Lock};
use crate::providers::is_name;
use crate::secret::Secret;
use crate::store::{SecretRef, Spool, Spooled};
use crate::world::World;

/// How long a lock may seem held that nobody holds: a child that is just being started has our files open until it is
/// another program.
const MOMENT: Duration = Duration::from_millis(200);

/// The record of one creation or rotation, under its lock.
#[derive(Debug)]
pub struct Record {
    /// Its name.
    pub id: String,
    /// What was written down.
    pub story: Story,
    state: State,
    path: PathBuf,
    lock: Lock,
}

fn missing(id: &str) -> Error {
    let id = crate::untrusted::typed(id);
    Error::new(
        Kind::NotFound,
        format!("there is nothing unfinished named `{id}`"),
    )
    .hint("see what is: keywright rotations")
}

fn folder(world: &World) -> PathBuf {
    world.dirs.state.join("rotations")
}

impl Record {
    /// Starts a record under a fresh name.
    pub fn start(world: &World, intent: Intent) -> Result<Record> {
        let item = SecretRef::fresh()?;
        let random = &item.file_stem()[..6];
        let day = world.clock.now().strftime("%Y%m%d");
        let id = format!("{day}-{random}");
        let path = folder(world).join(format!("{id}.jsonl"));
        let lock = Lock::acquire(&files::with_suffix(&path, ".lock"), &world.patience)?;
        let mut record = Record {
            id,
            story: Story::default(),
            state: State::Nothing,
            path,
            lock,
        };
        record.write(world, Event::Intended(Box::new(intent)))?;
        Ok(record)
    }

    /// Opens the record of that name.
    pub fn open(world: &World, id: &str) -> Result<Record> {
        let path = folder(world).join(format!("{id}.jsonl"));
        if !is_name(id) || !path.is_file() {
            return Err(missing(id));
        }
        let lock = lock_soon(world, &files::with_suffix(&path, ".lock"))?;
        let damaged = |error: Error| {
            error.hint(format!(
                "look at it: keywright rotations show {id}; give it up: keywright rotations abort {id}"
            ))
        };
        let story = read(&path).map_err(damaged)?;
        let story = story.ok_or_else(|| missing(id))?;
        let state = story.state().map_err(damaged)?;
        Ok(Record {
            id: id.to_owned(),
            story,
            state,
            path,
            lock,
        })
    }

    /// Writes an event down, synced, before its effect.
    pub fn write(&mut self, world: &World, event: Event) -> Result<()> {
        let state = self.state.next(&event)?;
        self.story.0.push(Entry {
            at: world.clock.now(),
            event,
        });
        let written = self.save();
        match written {
            Ok(()) => self.state = state,
            // What is not on disk did not happen.
            Err(_) => drop(self.story.0.pop()),
        }
        written
    }

    fn save(&self) -> Result<()> {
        let mut text = String::new();
        for entry in &self.story.0 {
            let line = serde_json::to_string(entry).map_err(|error| {
                Error::failed("the journal could not be written").caused_by(error)
            })?;
            text.push_str(&line);
            text.push('\n');
        }
        files::write_private(&self.path, text.as_bytes(), &self.lock)
    }

    /// Forgets a record that cannot be read, to give it up.
    pub fn discard(world: &World, id: &str) -> Result<()> {
        let path = folder(world).join(format!("{id}.jsonl"));
        if !is_name(id) || !path.is_file() {
            return Err(missing(id));
        }
        let lock_path = files::with_suffix(&path, ".lock");
        let lock = lock_soon(world, &lock_path)?;
        remove_answer(&path, &lock)?;
        files::remove(&path, &lock)?;
        files::remove(&lock_path, &lock)?;
        Ok(())
    }

    /// Makes room for the answer to the call that makes the key, which `opener` will open.
    pub fn spool(&self, opener: &Secret) -> Result<Spool> {
        Spool::begin(&answer_path(&self.path), &(), opener, &self.lock)
    }

    /// What there is of that answer; `None` when no call was about to be made.
    pub fn spooled(&self) -> Result<Option<Spooled<()>>> {
        Spooled::find(&answer_path(&self.path))
    }

    /// Removes the record of something that is over.
    pub fn close(self) -> Result<()> {
        remove_answer(&self.path, &self.lock)?;
        files::remove(&self.path, &self.lock)?;
        // The lock file goes with its record: its name is never used again.
        files::remove(&files::with_suffix(&self.path, ".lock"), &self.lock)?;
        Ok(())
    }

    /// How far it has come.
    pub fn state(&self) -> State {
        self.state
    }

    /// What was intended.
    pub fn intent(&self) -> Result<&Intent> {
        let intent = self.story.intent();
        intent.ok_or_else(|| Error::failed("the record does not say what was intended"))
    }

    /// Where the new secret is.
    pub fn kept(&self) -> Result<&Kept> {
        let kept = self.story.kept();
        kept.ok_or_else(|| Error::failed("the record does not say where the key is"))
    }
}

fn answer_path(path: &Path) -> PathBuf {
    path.with_extension("answer")
}

/// Removes the answer of the record at `path`, also one that was not made whole.
fn remove_answer(path: &Path, lock: &Lock) -> Result<()> {
    let answer = answer_path(path);
    files::remove(&files::with_suffix(&answer, ".new"), lock)?;
    files::remove(&answer, lock).map(drop)
}

/// The lock under which the keys of one profile are rotated; `None` when another process holds it.
///
/// It covers the whole profile: what a list shows as new after a lost answer must not be another rotation's key.
pub fn try_lock_profile(world: &World, profile: &str) -> Result<Option<Lock>> {
    let name = format!("{profile}.rotation.lock");
    let path = world.dirs.state.join("locks").join(name);
    Lock::acquire_within(&path, MOMENT, &world.patience)
}

fn lock_soon(world: &World, path: &Path) -> Result<Lock> {
    Lock::acquire_within(path, MOMENT, &world.patience)?.ok_or_else(|| Lock::held(path))
}

/// Takes the lock under which the keys of one profile are rotated, or says that another process holds it.
pub fn lock_profile(world: &World, profile: &str) -> Result<Lock> {
    try_lock_profile(world, profile)?.ok_or_else(|| {
        Error::new(
            Kind::Conflict,
            format!("another process rotates a key of the profile `{profile}`"),
        )
        .hint("wait for it to end, then look: keywright rotations")
    })
}

/// A record as it is on disk, looked at without its lock.
pub struct Seen {
    /// Its name.
    pub id: String,
    /// What was written down, or why it cannot be read.
    pub story: Result<Story>,
}

/// Every record, the oldest first.
pub fn all(world: &World) -> Result<Vec<Seen>> {
    let mut found = Vec::new();
    for path in files::list(&folder(world), "jsonl")? {
        let Some(id) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        let story = match read(&path) {
            // Closed by another process between the listing and the reading.
            Ok(None) => continue,
            Ok(Some(story)) => Ok(story),
            Err(error) => Err(error),
        };
        found.push(Seen {
            id: id.to_owned(),
            story,
        });
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Option<Story>> {
    let Some(text) = files::read_text(path)? else {
        return Ok(None);
    };
    let story = text
        .parse()
        .map_err(|line| Error::failed(format!("`{}` is damaged at line {line}", path.display())));
    story.map(Some)
}
