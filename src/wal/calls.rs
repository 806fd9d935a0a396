//! The notes of calls that must not be lost, as a trait: one implementation keeps them in the state folder.

use std::path::PathBuf;

use jiff::Timestamp;

use super::shared_calls::SharedCalls;
use super::spool::{Spool, SpooledCall, remove_call};
use super::state_lock::StateLock;
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::platform::{HttpResponse, Platform};

/// The notes of calls in progress, each under the name of its call. The lock of a call proves that no other process
/// makes it.
pub trait Wal {
    /// Notes a call that is about to be made and reserves room for its response, which `spool_key` decrypts.
    fn begin(
        &self,
        call: &str,
        note: Vec<u8>,
        spool_key: &Secret,
        lock: &StateLock,
    ) -> Result<Box<dyn ResponseSlot>>;

    /// Reserves room for the responses to the calls that follow one which did not end; `None` if it was not begun.
    fn extend(
        &self,
        call: &str,
        spool_key: &Secret,
        lock: &StateLock,
    ) -> Result<Option<Box<dyn ResponseSlot>>>;

    /// Returns the note of a call that did not end, and its responses; `None` if there is none.
    fn recover(&self, call: &str) -> Result<Option<SpooledCall>>;

    /// Removes the note of a call, and its response: whatever followed from it is complete.
    fn commit(&self, call: &str, lock: &StateLock) -> Result<()>;
}

/// The room for the response to a call, and to those that follow it.
pub trait ResponseSlot {
    /// Keeps a response, encrypted; once this has returned, no crash loses it. `call` is the position of its call among
    /// those that follow the first one, from 1 on; 0 is the first one.
    fn keep(&mut self, call: usize, answer: &HttpResponse, at: Timestamp) -> Result<()>;
}

/// Opens the notes of calls: in the state that machines share if there is one, else in the state folder.
pub fn open(platform: &Platform) -> Box<dyn Wal> {
    match &platform.shared_state {
        Some(state) => Box::new(SharedCalls::new(platform, state)),
        None => open_local(platform),
    }
}

/// Opens the notes of calls in the state folder, for credentials of this machine alone.
pub fn open_local(platform: &Platform) -> Box<dyn Wal> {
    Box::new(StateFolder(platform.dirs.state.clone()))
}

/// Notes of calls as files: the name of a call is the path of its file in the state folder.
struct StateFolder(PathBuf);

impl Wal for StateFolder {
    fn begin(
        &self,
        call: &str,
        note: Vec<u8>,
        spool_key: &Secret,
        lock: &StateLock,
    ) -> Result<Box<dyn ResponseSlot>> {
        let spool = Spool::begin(&self.0.join(call), note, spool_key, lock.local()?)?;
        Ok(Box::new(spool))
    }

    fn extend(
        &self,
        call: &str,
        spool_key: &Secret,
        lock: &StateLock,
    ) -> Result<Option<Box<dyn ResponseSlot>>> {
        let spool = Spool::extend(&self.0.join(call), spool_key, lock.local()?)?;
        Ok(spool.map(|spool| Box::new(spool) as Box<dyn ResponseSlot>))
    }

    fn recover(&self, call: &str) -> Result<Option<SpooledCall>> {
        SpooledCall::find(&self.0.join(call))
    }

    fn commit(&self, call: &str, lock: &StateLock) -> Result<()> {
        remove_call(&self.0.join(call), lock.local()?)
    }
}

impl ResponseSlot for Spool {
    fn keep(&mut self, call: usize, answer: &HttpResponse, at: Timestamp) -> Result<()> {
        self.write(call, answer, at)
    }
}
