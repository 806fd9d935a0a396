//! What is under way: each intent is on disk before its effect, and one match says what may follow what.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::destination::DestinationSpec;
use crate::error::{Error, Kind, Result};
use crate::files::{self, Lock};
use crate::providers::is_name;
use crate::store::{SecretRef, StoreKind};
use crate::world::World;

/// How long to wait for another keywright that works on the same record.
const WAIT: Duration = Duration::from_secs(10);

/// Something that happened or is about to happen; none of it holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A key is about to be created.
    Intended(Intent),
    /// The answer was lost: there may be a key whose secret nobody has.
    Lost {
        /// Why.
        why: String,
    },
    /// The new secret is safe.
    Kept(Kept),
    /// The new secret stands at a destination.
    Delivered {
        /// Its text, as on the command line.
        to: DestinationSpec,
    },
    /// The new secret is about to be shown; from here on it may have been seen.
    Showing,
    /// Everything is done.
    Done,
    /// It was given up, and nothing of it is left.
    Abandoned,
}

/// A key that is about to be created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The profile.
    pub profile: String,
    /// Its provider.
    pub provider: String,
    /// The name asked for.
    pub name: Option<String>,
    /// The ids that were there before; `None` where nobody could say.
    pub before: Option<Vec<String>>,
    /// Where the new key goes; empty means stdout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<DestinationSpec>,
}

/// A new secret that is safe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Which store keeps it.
    pub store: StoreKind,
    /// Whether it is the store beside the journal, which opens without a passphrase.
    pub shelter: bool,
    /// Its item there.
    pub item: SecretRef,
    /// The service's id of the key.
    pub id: Option<String>,
    /// What may be shown of it.
    pub masked: String,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is recorded.
    Nothing,
    /// The request may be under way.
    Intended,
    /// The answer was lost.
    Lost,
    /// The secret is safe and was not shown.
    Kept,
    /// The secret is safe and may have been shown.
    Showing,
    /// All is done.
    Done,
    /// It was given up.
    Abandoned,
}

impl State {
    /// The whole truth: what may follow what.
    pub fn next(self, event: &Event) -> Result<State> {
        match (self, event) {
            (State::Nothing, Event::Intended(_)) => Ok(State::Intended),
            (State::Intended, Event::Lost { .. }) => Ok(State::Lost),
            (State::Intended, Event::Kept(_)) => Ok(State::Kept),
            (State::Kept | State::Showing, Event::Delivered { .. }) => Ok(self),
            (State::Kept | State::Showing, Event::Showing) => Ok(State::Showing),
            (State::Kept | State::Showing, Event::Done) => Ok(State::Done),
            (State::Intended | State::Lost | State::Kept | State::Showing, Event::Abandoned) => {
                Ok(State::Abandoned)
            }
            (state, event) => Err(Error::failed(format!(
                "the journal is damaged: {} cannot follow {}",
                event.name(),
                state.name()
            ))
            .hint(
                "look at it: keywright rotations show ID; give it up: keywright rotations abort ID",
            )),
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            State::Nothing => "nothing",
            State::Intended => "intended",
            State::Lost => "lost",
            State::Kept => "kept",
            State::Showing => "showing",
            State::Done => "done",
            State::Abandoned => "abandoned",
        }
    }

    /// Whether something is left to do.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            State::Intended | State::Lost | State::Kept | State::Showing
        )
    }
}

impl Event {
    /// The word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Event::Intended(_) => "intended",
            Event::Lost { .. } => "lost",
            Event::Kept(_) => "kept",
            Event::Delivered { .. } => "delivered",
            Event::Showing => "showing",
            Event::Done => "done",
            Event::Abandoned => "abandoned",
        }
    }
}

/// An event and when it was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// The record of one creation.
#[derive(Debug)]
pub struct Record {
    /// Its name.
    pub id: String,
    /// What was written down, in order.
    pub entries: Vec<Entry>,
    state: State,
    path: PathBuf,
    lock: Lock,
}

fn missing(id: &str) -> Error {
    let id = crate::untrusted::clean(id);
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
        let lock = Lock::acquire(&files::with_suffix(&path, ".lock"), WAIT)?;
        let mut record = Record {
            id,
            entries: Vec::new(),
            state: State::Nothing,
            path,
            lock,
        };
        record.write(world, Event::Intended(intent))?;
        Ok(record)
    }

    /// Opens the record of that name.
    pub fn open(world: &World, id: &str) -> Result<Record> {
        let path = folder(world).join(format!("{id}.jsonl"));
        if !is_name(id) || !path.is_file() {
            return Err(missing(id));
        }
        let lock = Lock::try_acquire(&files::with_suffix(&path, ".lock"))?
            .ok_or_else(|| Lock::held(&path))?;
        let entries = read(&path)?.ok_or_else(|| missing(id))?;
        let state = replay(&entries)?;
        Ok(Record {
            id: id.to_owned(),
            entries,
            state,
            path,
            lock,
        })
    }

    /// Writes an event down, synced, before its effect.
    pub fn write(&mut self, world: &World, event: Event) -> Result<()> {
        let state = self.state.next(&event)?;
        self.entries.push(Entry {
            at: world.clock.now(),
            event,
        });
        let mut text = String::new();
        for entry in &self.entries {
            let line = serde_json::to_string(entry).map_err(|error| {
                Error::failed("the journal could not be written").caused_by(error)
            })?;
            text.push_str(&line);
            text.push('\n');
        }
        files::write_private(&self.path, text.as_bytes(), &self.lock)?;
        self.state = state;
        Ok(())
    }

    /// Opens a record that cannot be read, to give it up.
    pub fn discard(world: &World, id: &str) -> Result<()> {
        let path = folder(world).join(format!("{id}.jsonl"));
        if !is_name(id) || !path.is_file() {
            return Err(missing(id));
        }
        let lock_path = files::with_suffix(&path, ".lock");
        let lock = Lock::try_acquire(&lock_path)?.ok_or_else(|| Lock::held(&path))?;
        files::remove(&path, &lock)?;
        files::remove(&lock_path, &lock)?;
        Ok(())
    }

    /// Removes the record of something that is over.
    pub fn close(self) -> Result<()> {
        files::remove(&self.path, &self.lock)?;
        // The lock file goes with its record: its name is never used again.
        files::remove(&files::with_suffix(&self.path, ".lock"), &self.lock)?;
        Ok(())
    }

    /// How far it has come.
    pub fn state(&self) -> State {
        self.state
    }

    /// The destinations that do not have the secret yet.
    pub fn undelivered(&self) -> Vec<DestinationSpec> {
        let done = delivered(&self.entries);
        let wanted = self.intent().map(|intent| intent.to.clone());
        let wanted = wanted.unwrap_or_default().into_iter();
        wanted.filter(|to| !done.contains(&to)).collect()
    }

    /// Whether the secret is to be printed.
    pub fn goes_to_stdout(&self) -> bool {
        self.intent().is_none_or(|intent| {
            intent.to.is_empty() || intent.to.contains(&DestinationSpec::Stdout)
        })
    }

    /// What was intended.
    pub fn intent(&self) -> Option<&Intent> {
        intent(&self.entries)
    }

    /// Where the secret is.
    pub fn kept(&self) -> Option<&Kept> {
        kept(&self.entries)
    }
}

/// What was intended.
pub fn intent(entries: &[Entry]) -> Option<&Intent> {
    entries.iter().find_map(|entry| match &entry.event {
        Event::Intended(intent) => Some(intent),
        _ => None,
    })
}

/// Where the secret is.
pub fn kept(entries: &[Entry]) -> Option<&Kept> {
    entries.iter().find_map(|entry| match &entry.event {
        Event::Kept(kept) => Some(kept),
        _ => None,
    })
}

/// Where the secret stands already.
pub fn delivered(entries: &[Entry]) -> Vec<&DestinationSpec> {
    entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Delivered { to } => Some(to),
            _ => None,
        })
        .collect()
}

/// How far the entries have come.
pub fn replay(entries: &[Entry]) -> Result<State> {
    entries
        .iter()
        .try_fold(State::Nothing, |state, entry| state.next(&entry.event))
}

/// A record as it is on disk, looked at without its lock.
pub struct Seen {
    /// Its name.
    pub id: String,
    /// What was written down, or why it cannot be read.
    pub entries: Result<Vec<Entry>>,
}

/// Every record, the oldest first.
pub fn all(world: &World) -> Result<Vec<Seen>> {
    let mut found = Vec::new();
    for path in files::list(&folder(world), "jsonl")? {
        let Some(id) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        let entries = match read(&path) {
            // Closed by another process between the listing and the reading.
            Ok(None) => continue,
            Ok(Some(entries)) => Ok(entries),
            Err(error) => Err(error),
        };
        found.push(Seen {
            id: id.to_owned(),
            entries,
        });
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Option<Vec<Entry>>> {
    let Some(text) = files::read_text(path)? else {
        return Ok(None);
    };
    let entry = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|_| {
            Error::failed(format!(
                "`{}` is damaged at line {}",
                path.display(),
                number + 1
            ))
        })
    };
    text.lines()
        .enumerate()
        .map(entry)
        .collect::<Result<Vec<Entry>>>()
        .map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intended() -> Event {
        Event::Intended(Intent {
            profile: "p".to_owned(),
            provider: "p".to_owned(),
            name: None,
            before: None,
            to: Vec::new(),
        })
    }

    fn kept_event() -> Event {
        Event::Kept(Kept {
            store: StoreKind::File,
            shelter: true,
            item: SecretRef::fresh().unwrap(),
            id: None,
            masked: "***".to_owned(),
        })
    }

    #[test]
    fn every_step_is_in_the_table_and_nothing_else() {
        let lost = Event::Lost { why: String::new() };
        let events = [
            intended(),
            lost,
            kept_event(),
            Event::Delivered {
                to: DestinationSpec::Stdout,
            },
            Event::Showing,
            Event::Done,
            Event::Abandoned,
        ];
        let allowed = |state: State| -> Vec<&'static str> {
            events
                .iter()
                .filter(|event| state.next(event).is_ok())
                .map(Event::name)
                .collect()
        };
        assert_eq!(allowed(State::Nothing), ["intended"]);
        assert_eq!(allowed(State::Intended), ["lost", "kept", "abandoned"]);
        assert_eq!(allowed(State::Lost), ["abandoned"]);
        let after_kept = ["delivered", "showing", "done", "abandoned"];
        assert_eq!(allowed(State::Kept), after_kept);
        assert_eq!(allowed(State::Showing), after_kept);
        assert!(allowed(State::Done).is_empty());
        assert!(allowed(State::Abandoned).is_empty());
    }

    #[test]
    fn an_entry_reads_as_it_was_written() {
        for event in [intended(), kept_event(), Event::Showing] {
            let entry = Entry {
                at: "2026-11-20T00:00:00Z".parse().unwrap(),
                event,
            };
            let text = serde_json::to_string(&entry).unwrap();
            assert_eq!(serde_json::from_str::<Entry>(&text).unwrap(), entry);
        }
    }
}
