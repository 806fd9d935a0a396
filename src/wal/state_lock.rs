//! The lock of an operation: a file of this machine, or a lease of the state that machines share.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::files::{FileLock, LockWait};
use crate::platform::{Hold, Platform, SharedLease, SharedState};

/// The first pause between two looks at a lease that another process holds, and the longest.
const FIRST_LOOK: Duration = Duration::from_millis(250);
const LAST_LOOK: Duration = Duration::from_secs(2);

/// The proof that no other process does the same.
#[derive(Debug)]
pub enum StateLock {
    /// No other process of this machine does.
    Local(FileLock),
    /// No process of any machine does.
    Shared(Rc<dyn SharedLease>),
}

impl From<FileLock> for StateLock {
    fn from(lock: FileLock) -> Self {
        StateLock::Local(lock)
    }
}

impl StateLock {
    /// Returns the lock of a file; fails if the state is not in the state folder.
    pub fn local(&self) -> Result<&FileLock> {
        match self {
            StateLock::Local(lock) => Ok(lock),
            StateLock::Shared(_) => Err(Error::failed("a file is written under a lease")),
        }
    }

    /// Returns the lease; fails if the state is in the state folder.
    pub fn lease(&self) -> Result<&Rc<dyn SharedLease>> {
        match self {
            StateLock::Shared(lease) => Ok(lease),
            StateLock::Local(_) => Err(Error::failed(
                "a shared document is written without a lease",
            )),
        }
    }

    /// Fails unless the lock lasts for `time` from now: an effect is about to begin. A lock of this machine lasts as
    /// long as the process.
    pub fn check(&self, time: Duration) -> Result<()> {
        match self {
            StateLock::Local(_) => Ok(()),
            StateLock::Shared(lease) => lease.check(time),
        }
    }

    /// Fails if another process may have taken the lock since a key of the profile was chosen under it.
    pub fn check_choice(&self, profile: &str) -> Result<()> {
        self.check(Duration::ZERO).map_err(|error| {
            let message = format!(
                "another machine may have changed the keys of the profile `{profile}` since they were listed"
            );
            Error::new(Kind::Conflict, message)
                .caused_by(error)
                .hint("nothing was begun here; to list them anew, run this again")
        })
    }
}

/// Takes the lease of a document within `most`, as far as the deadline of the command allows, if its holder seems to be
/// gone; the document is created with `text` if that is given.
pub fn hold_shared(
    platform: &Platform,
    state: &Rc<dyn SharedState>,
    (name, text): (&str, Option<&Secret>),
    most: Duration,
) -> Result<Hold> {
    let path = Path::new(name);
    let mut wait = platform.lock_deadline.for_lock(path, most);
    let mut pause = FIRST_LOOK;
    let mut seen = None;
    loop {
        let hold = state.try_hold(name, text)?;
        let Hold::Elsewhere(version) = hold else {
            return Ok(hold);
        };
        // A version that moves is that of a holder who is alive.
        let is_alive = seen.replace(version).is_some_and(|seen| seen != version);
        if is_alive || !next_look(&mut wait, &mut pause) {
            return Ok(hold);
        }
        platform.clock.pause(pause);
    }
}

/// Spends the next pause on waiting, each longer than the last; returns false if no time is left.
fn next_look(wait: &mut LockWait<'_>, pause: &mut Duration) -> bool {
    let spent = wait.spend(*pause);
    *pause = (*pause * 2).min(LAST_LOOK);
    spent
}

/// Returns the error for a document that another process holds.
pub fn held_elsewhere(state: &Rc<dyn SharedState>, name: &str) -> Error {
    let holder = state.read(name).ok().flatten();
    let holder = holder.and_then(|found| found.holder);
    let who = holder.map_or_else(
        || "another machine".to_owned(),
        |holder| holder.actor.to_string(),
    );
    Error::new(
        Kind::Conflict,
        format!("{who} holds `{name}` in {}", state.place()),
    )
    .hint("wait for it to finish, then run this again")
    .hint("if its machine is gone, its lease expires within a minute: wait for it with --timeout 1m, or run this again then")
}
