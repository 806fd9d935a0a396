//! The place of a record that this process holds: a file in the state folder, or a document that machines share.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use super::chain;
use super::event::{Event, EventKind};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::files::{self, FileLock, LockDeadline, lock_path};
use crate::platform::{Platform, SharedLease, SharedState};
use crate::wal::{SharedText, StateLock, forget_call, remove_call};

/// The folder of closed records, and the extension of their files.
const LOG: &str = "log";

/// The longest wait for another process that moves the same files.
const WAIT: Duration = Duration::from_secs(10);

/// A record that this process holds.
#[derive(Debug)]
pub(super) enum HeldRecord {
    /// In the state folder.
    Local(RecordFile),
    /// In a document that other machines can take up.
    Shared(RecordDocument),
}

/// The file of a record.
#[derive(Debug)]
pub(super) struct RecordFile {
    path: PathBuf,
    /// The file, open at its end, if this run has written it.
    file: Option<File>,
    lock: StateLock,
}

/// The document of a record, with its lease.
pub(super) struct RecordDocument {
    name: String,
    lock: StateLock,
    state: Rc<dyn SharedState>,
}

impl fmt::Debug for RecordDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordDocument({}, {:?})", self.name, self.lock)
    }
}

/// Returns the name of the document of a record.
pub(super) fn document_name(id: &str) -> String {
    format!("rotations/{id}")
}

/// The content that is about to be written: every line, of which the last one is new.
pub(super) struct NewLine<'l> {
    pub(super) lines: &'l [String],
    pub(super) event: &'l Event,
    /// Set for a lease, whose events are all on disk at once.
    pub(super) is_lease: bool,
}

impl NewLine<'_> {
    fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }
}

impl HeldRecord {
    /// Returns the place of a record in the state folder.
    pub(super) fn in_folder(path: PathBuf, lock: FileLock) -> Self {
        HeldRecord::Local(RecordFile {
            path,
            file: None,
            lock: lock.into(),
        })
    }

    /// Returns the place of a record that machines share.
    pub(super) fn shared(name: String, lock: StateLock, state: &Rc<dyn SharedState>) -> Self {
        HeldRecord::Shared(RecordDocument {
            name,
            lock,
            state: Rc::clone(state),
        })
    }

    /// Creates the document of a new record with its first line.
    pub(super) fn create(
        state: &Rc<dyn SharedState>,
        name: String,
        line: &str,
    ) -> Result<HeldRecord> {
        let text = SharedText::of_lines(format!("{line}\n")).to_text()?;
        let lease = state.hold_new(&name, &text)?;
        Ok(HeldRecord::shared(name, StateLock::Shared(lease), state))
    }

    pub(super) fn lock(&self) -> &StateLock {
        match self {
            HeldRecord::Local(file) => &file.lock,
            HeldRecord::Shared(document) => &document.lock,
        }
    }

    /// Replaces the whole place with the next write: its earlier lines change.
    pub(super) fn rewrite(&mut self) {
        if let HeldRecord::Local(file) = self {
            file.file = None;
        }
    }

    /// Writes the new line; one that announces an effect is safe before this returns.
    pub(super) fn save(&mut self, platform: &Platform, new: &NewLine<'_>) -> Result<()> {
        match self {
            HeldRecord::Local(file) => file.save(new),
            HeldRecord::Shared(document) => document.save(platform, new),
        }
    }

    /// Moves a damaged record out of the way; returns its new place.
    pub(super) fn set_aside(self, id: &str) -> Result<String> {
        match self {
            HeldRecord::Local(RecordFile { path, lock, .. }) => {
                let StateLock::Local(lock) = lock else {
                    return Err(Error::failed("a record of this machine has no lock of it"));
                };
                let aside = files::set_aside(&path, &lock)?;
                lock.remove(&lock_path(&path))?;
                Ok(aside.display().to_string())
            }
            HeldRecord::Shared(RecordDocument { lock, state, .. }) => {
                let lease = lock.lease()?;
                let name = format!("damaged/{id}.{}", lease.fence());
                state.write(&name, &lease.text(), 0)?;
                lease.remove()?;
                Ok(format!("{name} in {}", state.place()))
            }
        }
    }

    /// Ends the record: its lines go to the log.
    pub(super) fn close(self, platform: &Platform, id: &str, lines: &[String]) -> Result<()> {
        match self {
            HeldRecord::Local(file) => file.close(platform, id, lines),
            HeldRecord::Shared(document) => document.close(platform, id, lines),
        }
    }
}

impl RecordFile {
    /// Appends the line. The first write of a run, and one after a failure, replaces the whole file: its end may be
    /// incomplete.
    fn save(&mut self, new: &NewLine<'_>) -> Result<()> {
        let lock = self.lock.local()?;
        let Some(line) = new.lines.last() else {
            return Ok(());
        };
        let file = if let Some(file) = self.file.take() {
            let synced = new.event.kind().announces() || new.is_lease;
            let line = format!("{line}\n");
            files::append(file, &self.path, line.as_bytes(), synced, lock)?
        } else {
            let text = new.text();
            match new.event {
                // The file for the response is created beside it next, and the folder synced with that.
                Event::Intended(intent) if intent.place.spool_key.is_some() => {
                    files::replace_private(&self.path, text.as_bytes(), lock)?
                }
                _ => files::create_private(&self.path, text.as_bytes(), lock)?,
            }
        };
        self.file = Some(file);
        Ok(())
    }

    fn close(self, platform: &Platform, id: &str, lines: &[String]) -> Result<()> {
        let RecordFile { path, file, lock } = self;
        drop(file);
        let StateLock::Local(lock) = lock else {
            return Err(Error::failed("a record of this machine has no lock of it"));
        };
        remove_call(&path.with_extension("answer"), &lock)?;
        let name = closed_name(id, &chain::head(lines));
        files::move_private(&path, &closed_path(platform, &name), &lock)?;
        // The lock file is removed with its record: its id is never used again.
        lock.remove(&lock_path(&path))
    }
}

/// Returns the name of a closed record, whose last digest begins with `head`.
fn closed_name(id: &str, head: &str) -> String {
    format!("{id}-{head}")
}

/// Returns the path of the closed record of that name.
fn closed_path(platform: &Platform, name: &str) -> PathBuf {
    platform.dirs.state.join(LOG).join(format!("{name}.{LOG}"))
}

/// Returns the name of its document.
fn closed_document(name: &str) -> String {
    format!("{LOG}/{name}")
}

/// Keeps a closed record where machines share it, unless it is there.
fn keep_shared(state: &dyn SharedState, name: &str, text: &Secret) -> Result<()> {
    if state.write_once(name, text)? {
        return Ok(());
    }
    let place = state.place();
    let message = format!("`{name}` in {place} holds another record");
    Err(Error::new(Kind::Store, message))
}

impl RecordDocument {
    /// Returns its name, and its lease.
    pub(super) fn held(&self) -> Option<(&str, &Rc<dyn SharedLease>)> {
        Some((&self.name, self.lock.lease().ok()?))
    }

    /// Writes the document, unless the event only confirms an effect: it gets there with the next that announces one.
    fn save(&self, platform: &Platform, new: &NewLine<'_>) -> Result<()> {
        let lease = self.lock.lease()?;
        let announces = new.event.kind().announces();
        let mut text = SharedText::read(&self.name, &lease.text())?;
        let is_staged = new.event.kind() == EventKind::Staged;
        let only_here = is_staged && !text.has_response();
        text.lines = new.text();
        let written = text.to_text()?;
        if !announces && !new.is_lease && !only_here {
            lease.prepare(&written);
            return Ok(());
        }
        let is_over = matches!(new.event.kind(), EventKind::Done | EventKind::Abandoned);
        let time = if is_over || !announces {
            Duration::ZERO
        } else {
            platform.lock_deadline.limit()
        };
        lease.replace(&written, time)
    }

    fn close(self, platform: &Platform, id: &str, lines: &[String]) -> Result<()> {
        let lease = self.lock.lease()?;
        forget_call(platform, &self.state, &self.name, &**lease)?;
        let name = closed_name(id, &chain::head(lines));
        let text = Secret::new(lines.join("\n") + "\n");
        lease.check(Duration::ZERO)?;
        keep_shared(&*self.state, &closed_document(&name), &text)?;
        lease.remove()
    }
}

/// A closed record, as it is kept: its id, the digest in its name, and its text.
pub(super) struct ClosedRecord {
    pub(super) id: String,
    pub(super) head: String,
    pub(super) text: String,
}

impl ClosedRecord {
    fn name(&self) -> String {
        closed_name(&self.id, &self.head)
    }

    /// Keeps it at the place of `platform`, unless it is there.
    pub(super) fn keep(&self, platform: &Platform) -> Result<()> {
        let name = self.name();
        if let Some(state) = &platform.shared_state {
            let text = Secret::new(self.text.as_str());
            return keep_shared(&**state, &closed_document(&name), &text);
        }
        let path = closed_path(platform, &name);
        if path.exists() {
            return Ok(());
        }
        files::write_private(&path, self.text.as_bytes(), &log_lock(platform)?)
    }

    /// Removes it from the place of `platform`.
    pub(super) fn forget(&self, platform: &Platform) -> Result<()> {
        let name = self.name();
        if let Some(state) = &platform.shared_state {
            return state.discard(&closed_document(&name));
        }
        let path = closed_path(platform, &name);
        files::remove(&path, &log_lock(platform)?).map(drop)
    }
}

/// Takes the lock under which closed records are moved to another place.
fn log_lock(platform: &Platform) -> Result<FileLock> {
    let path = platform.dirs.state.join(format!("{LOG}.lock"));
    FileLock::acquire(&path, &LockDeadline::new(WAIT))
}

/// Returns the closed records, the oldest first.
pub(super) fn closed(platform: &Platform) -> Result<Vec<ClosedRecord>> {
    let split = |name: &str| {
        let (id, head) = name.rsplit_once('-')?;
        Some((id.to_owned(), head.to_owned()))
    };
    let mut found = Vec::new();
    for path in files::list(&platform.dirs.state.join(LOG), LOG)? {
        let name = path.file_stem().and_then(|name| name.to_str());
        let Some((id, head)) = name.and_then(split) else {
            continue;
        };
        let text = files::read_text(Path::new(&path))?.unwrap_or_default();
        found.push(ClosedRecord { id, head, text });
    }
    let Some(state) = &platform.shared_state else {
        return Ok(found);
    };
    for name in state.list(LOG)? {
        let document = state.read(&closed_document(&name))?;
        if let (Some((id, head)), Some(document)) = (split(&name), document) {
            let text = document.plain().to_owned();
            found.push(ClosedRecord { id, head, text });
        }
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(found)
}
