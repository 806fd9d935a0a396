//! The state of a service: one JSON file, shared by every sandbox that runs on the same folder.

use super::SandboxClock;
use crate::core::error::{Error, Kind};
use crate::platform::files::{self, FileLock};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A change takes milliseconds; who waits longer than this waits for something that hangs.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// Seconds in a day.
pub(super) const DAY: i64 = 24 * 60 * 60;

/// More sessions than this are of no use to anybody, and the file is rewritten at each change.
const MAX_TOKENS: usize = 500;

/// One service's state and the clock it lives by.
pub(super) struct StateFile<T> {
    file: PathBuf,
    lock: PathBuf,
    now: SandboxClock,
    seed: fn(i64) -> Result<T, Error>,
}

impl<T: Serialize + DeserializeOwned> StateFile<T> {
    /// Opens `name` in `folder`; where there is no state yet, `seed` makes the first, given the time in Unix seconds.
    pub(super) fn open(
        folder: &Path,
        name: &str,
        now: SandboxClock,
        seed: fn(i64) -> Result<T, Error>,
    ) -> Result<StateFile<T>, Error> {
        let store = StateFile {
            file: folder.join(format!("{name}.json")),
            lock: folder.join(format!("{name}.lock")),
            now,
            seed,
        };
        store.change(|_| Ok::<(), Error>(()))?;
        Ok(store)
    }

    /// Returns the time in Unix seconds.
    pub(super) fn now(&self) -> i64 {
        (self.now)().as_second()
    }

    /// Returns the state as it was last written. Files are replaced whole, so that reading needs no lock.
    pub(super) fn read(&self) -> Result<T, Error> {
        if let Some(bytes) = files::read(&self.file)? {
            return self.parse(&bytes);
        }
        // Deleted while this runs: start anew, as a new run would.
        self.change(|_| Ok::<(), Error>(()))?;
        self.parse(&files::read(&self.file)?.unwrap_or_default())
    }

    /// Changes the state while no other process can; nothing is written when `change` fails or changes nothing.
    pub(super) fn change<R, E: From<Error>>(
        &self,
        change: impl FnOnce(&mut T) -> Result<R, E>,
    ) -> Result<R, E> {
        let lock = FileLock::acquire(&self.lock, &files::LockDeadline::new(LOCK_TIMEOUT))?;
        let before = files::read(&self.file)?;
        let mut state = match &before {
            Some(bytes) => self.parse(bytes)?,
            None => (self.seed)(self.now())?,
        };
        let result = change(&mut state)?;
        let after = serde_json::to_vec_pretty(&state).map_err(|error| self.unusable(&error))?;
        if before.is_none_or(|before| before != after) {
            files::write_private(&self.file, &after, &lock)?;
        }
        Ok(result)
    }

    fn parse(&self, bytes: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(bytes).map_err(|error| self.unusable(&error))
    }

    fn unusable(&self, error: &serde_json::Error) -> Error {
        let file = self.file.display();
        let what = format!(
            "the sandbox's state in `{file}` is unusable ({error}); delete it to start anew"
        );
        Error::new(Kind::Failed, what)
    }
}

/// A token that was issued.
#[derive(Serialize, Deserialize)]
pub(super) struct IssuedToken {
    pub(super) token: String,
    /// In Unix seconds.
    pub(super) expires_at: i64,
}

/// The status of a token that a client presents.
#[derive(PartialEq, Eq)]
pub(super) enum TokenStatus {
    Live,
    Expired,
    Unknown,
}

/// The tokens a service issued: being among them is what makes one genuine.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct IssuedTokens(Vec<IssuedToken>);

impl IssuedTokens {
    /// Remembers a token, and forgets those that expired more than `keep` seconds ago.
    pub(super) fn add(&mut self, token: String, expires_at: i64, now: i64, keep: i64) {
        self.0
            .retain(|session| session.expires_at.saturating_add(keep) > now);
        self.0.push(IssuedToken { token, expires_at });
        let excess = self.0.len().saturating_sub(MAX_TOKENS);
        self.0.drain(..excess);
    }

    /// Returns the status of a token.
    pub(super) fn standing(&self, token: &str, now: i64) -> TokenStatus {
        match self.0.iter().find(|session| session.token == token) {
            Some(session) if session.expires_at > now => TokenStatus::Live,
            Some(_) => TokenStatus::Expired,
            None => TokenStatus::Unknown,
        }
    }

    /// Forgets a token; true when it was good until now.
    pub(super) fn take(&mut self, token: &str, now: i64) -> bool {
        let live = self.standing(token, now) == TokenStatus::Live;
        self.0.retain(|session| session.token != token);
        live
    }

    /// Returns the token that stays good the longest, if it does so beyond `until`.
    pub(super) fn lasting(&self, until: i64) -> Option<&str> {
        let longest = self.0.iter().max_by_key(|session| session.expires_at)?;
        (longest.expires_at > until).then_some(longest.token.as_str())
    }
}

/// `2026-11-20T22:04:56Z`
pub(super) fn rfc3339(seconds: i64) -> String {
    written(seconds, "%Y-%m-%dT%H:%M:%SZ")
}

/// `2026-11-20 22:04:56`, in UTC though it does not say so.
pub(super) fn naive(seconds: i64) -> String {
    written(seconds, "%Y-%m-%d %H:%M:%S")
}

/// `Fri, 20 Nov 2026 22:04:56 GMT`
pub(super) fn http_date(seconds: i64) -> String {
    written(seconds, "%a, %d %b %Y %H:%M:%S GMT")
}

fn written(seconds: i64, format: &str) -> String {
    let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    time.strftime(format).to_string()
}
