//! The notes of calls in the state that machines share: a note and the response to its call stand in the document whose
//! lease is the lock of the call.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::calls::{ResponseSlot, Wal};
use super::shared_text::SharedText;
use super::spool::{ResponseSeal, SpooledCall};
use super::state_lock::StateLock;
use crate::core::error::{Kind, Result};
use crate::core::secret::Secret;
use crate::platform::files::{self, FileLock};
use crate::platform::{HttpResponse, Platform, SharedLease, SharedState};

/// The longest that a call to a service takes, and what is done with its response, unless `--timeout` allows more.
const MOST: Duration = Duration::from_secs(30);

/// Notes of calls in shared documents.
pub(super) struct SharedCalls {
    state: Rc<dyn SharedState>,
    /// The folder of this machine for responses that the engine does not take.
    folder: PathBuf,
}

/// Returns the name of the document of a call; its lease is the lock of the call.
pub fn document(call: &str) -> &str {
    let ends = [".answer", ".call"];
    let mut stems = ends.iter().filter_map(|end| call.strip_suffix(end));
    stems.next().unwrap_or(call)
}

/// The folder of responses that came when the lease of their call was lost.
const LATE: &str = "late";

/// Returns the beginning of the names of such responses to a call; the fencing number follows.
fn late(call: &str) -> String {
    format!("{}.", document(call).replace('/', "."))
}

/// Returns the name of the document of such a response that the holder with this fencing number received.
fn late_document(call: &str, fence: u64) -> String {
    format!("{LATE}/{}{fence}", late(call))
}

/// Returns whether a response may stand beside the document of its call: none is in it, or calls may follow the first
/// one, as in a record. `fence` is the number of its holder; the first one has not lost the lease.
fn may_be_late(text: &SharedText, fence: u64) -> bool {
    let may_follow = !text.lines.is_empty() && fence > 1;
    text.note.is_some() && (text.response.is_none() || may_follow)
}

/// Takes the lock of a response that the engine did not take, which no process holds for longer than a moment.
fn lock_of(path: &Path) -> Result<FileLock> {
    let lock = FileLock::try_acquire(&files::lock_path(path))?;
    lock.ok_or_else(|| FileLock::busy(path))
}

impl SharedCalls {
    pub(super) fn new(platform: &Platform, state: &Rc<dyn SharedState>) -> Self {
        SharedCalls {
            state: Rc::clone(state),
            folder: platform.dirs.state.join(LATE),
        }
    }

    /// Returns the names of the responses that earlier holders staged after they had lost the lease, that of the last
    /// holder last.
    fn late(&self, call: &str) -> Result<Vec<String>> {
        let start = late(call);
        let fence = |name: &String| name.strip_prefix(&start)?.parse::<u64>().ok();
        let mut names = self.state.list(LATE)?;
        names.retain(|name| fence(name).is_some());
        names.sort_by_key(fence);
        let full = names.into_iter().map(|name| format!("{LATE}/{name}"));
        Ok(full.collect())
    }

    /// Returns the responses that earlier holders staged under their fencing numbers after they had lost their lease, and
    /// those that this machine kept because the engine did not take them.
    fn late_responses(&self, call: &str) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for name in self.late(call)? {
            let late = self.state.read(&name)?;
            found.extend(late.map(|late| late.text.expose().to_owned()));
        }
        let here = files::read_text(&self.kept_here(call))?.unwrap_or_default();
        found.extend(here.lines().map(str::to_owned));
        Ok(found)
    }

    /// Adds to the text of a document the responses to its call that are beside it.
    fn add_late(&self, call: &str, text: &mut SharedText) -> Result<()> {
        if may_be_late(text, u64::MAX) {
            for response in self.late_responses(call)? {
                text.add_response(response);
            }
        }
        Ok(())
    }

    /// Returns the path of a response that the engine did not take.
    fn kept_here(&self, call: &str) -> PathBuf {
        self.folder.join(format!("{}response", late(call)))
    }

    fn slot(
        &self,
        call: &str,
        lease: &Rc<dyn SharedLease>,
        seal: ResponseSeal,
    ) -> Box<dyn ResponseSlot> {
        Box::new(SharedSlot {
            path: self.kept_here(call),
            state: Rc::clone(&self.state),
            call: call.to_owned(),
            lease: Rc::clone(lease),
            seal,
        })
    }

    /// Removes the responses to a call that are not in its document.
    fn forget_late(&self, call: &str, text: &SharedText, fence: u64) -> Result<()> {
        if may_be_late(text, fence) {
            for late in self.late(call)? {
                self.state.discard(&late)?;
            }
        }
        let path = self.kept_here(call);
        if path.exists() {
            let lock = lock_of(&path)?;
            files::remove(&path, &lock)?;
            lock.remove(&files::lock_path(&path))?;
        }
        Ok(())
    }
}

/// Removes what is left of the call of a record that is about to be closed.
pub fn forget_call(
    platform: &Platform,
    state: &Rc<dyn SharedState>,
    call: &str,
    lease: &dyn SharedLease,
) -> Result<()> {
    let text = SharedText::read(document(call), &lease.text())?;
    SharedCalls::new(platform, state).forget_late(call, &text, lease.fence())
}

/// Removes the response to a call that this process kept after it had lost its lease.
pub fn forget_late_response(
    state: &dyn SharedState,
    call: &str,
    lease: &dyn SharedLease,
) -> Result<()> {
    state.discard(&late_document(call, lease.fence()))
}

impl Wal for SharedCalls {
    fn begin(
        &self,
        call: &str,
        note: Vec<u8>,
        spool_key: &Secret,
        lock: &StateLock,
    ) -> Result<Box<dyn ResponseSlot>> {
        let lease = lock.lease()?;
        let seal = ResponseSeal::new(spool_key)?;
        let mut text = SharedText::read(document(call), &lease.text())?;
        text.forget_call();
        text.note = Some(String::from_utf8_lossy(&note).into_owned());
        if text.lines.is_empty() {
            lease.replace(&text.to_text()?, MOST)?;
        } else {
            // A record announces the call with an event of its own, which brings the note along.
            lease.prepare(&text.to_text()?);
        }
        Ok(self.slot(call, lease, seal))
    }

    fn extend(
        &self,
        call: &str,
        spool_key: &Secret,
        lock: &StateLock,
    ) -> Result<Option<Box<dyn ResponseSlot>>> {
        let lease = lock.lease()?;
        let seal = ResponseSeal::new(spool_key)?;
        let text = SharedText::read(document(call), &lease.text())?;
        Ok(text.note.is_some().then(|| self.slot(call, lease, seal)))
    }

    fn recover(&self, call: &str) -> Result<Option<SpooledCall>> {
        let name = document(call);
        let Some(found) = self.state.read(name)? else {
            return Ok(None);
        };
        let mut text = SharedText::read(name, &found.text)?;
        self.add_late(call, &mut text)?;
        Ok(text.call(name))
    }

    fn commit(&self, call: &str, lock: &StateLock) -> Result<()> {
        let lease = lock.lease()?;
        let name = document(call);
        let mut text = SharedText::read(name, &lease.text())?;
        if text.note.is_none() {
            return Ok(());
        }
        self.forget_late(call, &text, lease.fence())?;
        text.forget_call();
        lease.replace(&text.to_text()?, Duration::ZERO)
    }
}

/// The room for the response to a call, and to those that follow it.
struct SharedSlot {
    state: Rc<dyn SharedState>,
    call: String,
    lease: Rc<dyn SharedLease>,
    seal: ResponseSeal,
    /// The file for responses that the engine does not take, one a line.
    path: PathBuf,
}

impl ResponseSlot for SharedSlot {
    fn keep(&mut self, call: usize, answer: &HttpResponse, at: Timestamp) -> Result<()> {
        let response = STANDARD.encode(self.seal.seal(call, answer, at)?);
        let name = document(&self.call);
        let kept = SharedText::change(&*self.lease, name, MOST, |text| {
            text.add_response(response.clone());
        });
        let Err(error) = kept else {
            return Ok(());
        };
        let is_lost = error.kind() == Kind::Uncertain;
        if is_lost {
            // The present holder finds it, and the call is not sent again.
            let name = late_document(&self.call, self.lease.fence());
            let secret = Secret::new(response.as_str());
            if self.state.write(&name, &secret, 0).is_ok() {
                return Err(error);
            }
        }
        // The engine does not answer: the response waits here, encrypted, until the call is taken up on this machine.
        let lock = lock_of(&self.path)?;
        let mut kept = files::read_text(&self.path)?.unwrap_or_default();
        kept.push_str(&response);
        kept.push('\n');
        files::write_private(&self.path, kept.as_bytes(), &lock)?;
        if is_lost { Err(error) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_world;

    #[test]
    fn late_responses_follow_fencing_numbers() {
        let folder = test_world::folder();
        let platform = test_world::sharing(test_world::platform(&folder, &[]));
        let state = platform.shared_state.clone().unwrap();
        for name in ["p.token.9", "p.token.10", "p.token.more.11"] {
            let text = Secret::new(name);
            state
                .write(&format!("late/pending.{name}"), &text, 0)
                .unwrap();
        }
        let calls = SharedCalls::new(&platform, &state);
        let found = calls.late_responses("pending/p.token.call").unwrap();
        assert_eq!(found, ["p.token.9", "p.token.10"]);
    }
}
