//! The lock under which a credential is renewed: one of this machine, or of every machine that shares its store.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use super::Session;
use super::pending_refresh::{PendingCall, delete_unused};
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::platform::files::FileLock;
use crate::platform::{Hold, Platform, SharedState};
use crate::profile::credential_index::CredentialIndex;
use crate::store::{SecretRef, StoreKind, Stores};
use crate::wal::{self, StateLock, Wal, document, held_elsewhere};

/// The interval at which a held lock is tried again.
const LOCK_POLL: Duration = Duration::from_millis(50);

/// The first interval at which a lease that another process holds is tried again, and the longest.
const FIRST_LOOK: Duration = Duration::from_millis(250);
const LAST_LOOK: Duration = Duration::from_secs(3);

impl Session<'_> {
    /// Returns the state in which the credential `name` is kept together with other machines; `None` if this machine
    /// keeps it alone.
    fn sharing(&self, name: &str) -> Result<Option<&Rc<dyn SharedState>>> {
        let Some(state) = &self.platform.shared_state else {
            return Ok(None);
        };
        let index = CredentialIndex::load_for(self.platform, self.profile, name)?;
        let stored = index.get(self.profile, name);
        let kind = stored.map_or(self.store, |stored| stored.store);
        Ok((kind == StoreKind::VAULT).then_some(state))
    }

    /// Returns the notes of calls that are made under this lock.
    pub(super) fn calls(&self, lock: &StateLock) -> Box<dyn Wal> {
        match lock {
            StateLock::Local(_) => wal::open_local(self.platform),
            StateLock::Shared(_) => wal::open(self.platform),
        }
    }

    pub(super) async fn lock(&self, name: &str) -> Result<StateLock> {
        let lock = self.lock_unless(name, || Ok(false)).await?;
        lock.ok_or_else(|| FileLock::busy(&lock_path(self.platform, self.profile, name)))
    }

    /// Takes the lock of the credential `name`; returns `None` if its purpose has `come` about without it. Does not
    /// give up while the processes that hold it make progress.
    pub(super) async fn lock_unless(
        &self,
        name: &str,
        come: impl Fn() -> Result<bool>,
    ) -> Result<Option<StateLock>> {
        if let Some(state) = self.sharing(name)? {
            return self.lease_unless(state, name, come).await;
        }
        let path = lock_path(self.platform, self.profile, name);
        let mut wait = FileLock::wait(&path, &self.platform.lock_deadline);
        let mut seen = None;
        loop {
            if come()? {
                return Ok(None);
            }
            if let Some(lock) = FileLock::try_acquire(&path)? {
                return Ok(Some(lock.into()));
            }
            let now = self.progress(name)?;
            if seen.replace(now.clone()).is_some_and(|seen| seen != now) {
                self.platform.lock_deadline.refill();
            }
            if !wait.spend(LOCK_POLL) {
                return Err(FileLock::busy(&path));
            }
            self.platform.clock.sleep(LOCK_POLL).await;
        }
    }

    /// As [`Session::lock_unless`], for a credential that machines share.
    async fn lease_unless(
        &self,
        state: &Rc<dyn SharedState>,
        name: &str,
        come: impl Fn() -> Result<bool>,
    ) -> Result<Option<StateLock>> {
        let call = call_name(self.profile, name);
        let path = PathBuf::from(document(&call));
        let mut wait = FileLock::wait(&path, &self.platform.lock_deadline);
        let mut pause = FIRST_LOOK;
        loop {
            if come()? {
                return Ok(None);
            }
            let held = state.try_hold(document(&call), Some(&Secret::new("")))?;
            if let Hold::Held(lease) = held {
                return Ok(Some(StateLock::Shared(lease)));
            }
            if !wait.spend(pause) {
                return Err(held_elsewhere(state, document(&call)));
            }
            let end = self.platform.clock.elapsed() + pause;
            while self.platform.clock.elapsed() < end {
                self.platform.clock.sleep(LOCK_POLL).await;
            }
            pause = (pause * 2).min(LAST_LOOK);
        }
    }

    /// Returns the state that changes while other processes renew the credential `name`: its location and the noted
    /// call.
    fn progress(&self, name: &str) -> Result<(Option<SecretRef>, Option<SystemTime>)> {
        let item = CredentialIndex::load_for(self.platform, self.profile, name)?
            .get(self.profile, name)
            .map(|stored| stored.item.clone());
        let call = call_name(self.profile, name);
        let call = self.platform.dirs.state.join(call);
        let changed = call.metadata().and_then(|data| data.modified());
        Ok((item, changed.ok()))
    }
}

/// Deletes the note of a call for a credential that is deleted, unless the call is being made right now: that process
/// will find the credential missing. `kind` is the store of the credential.
pub(super) fn drop_note(
    platform: &Platform,
    stores: &Stores,
    (profile, name): (&str, &str),
    kind: StoreKind,
) -> Result<()> {
    let call = call_name(profile, name);
    let shared = platform.shared_state.as_ref();
    let shared = shared.filter(|_| kind == StoreKind::VAULT);
    let calls = match shared {
        Some(_) => wal::open(platform),
        None if platform.dirs.state.join(&call).exists() => wal::open_local(platform),
        None => return Ok(()),
    };
    if calls.recover(&call)?.is_none() {
        return Ok(());
    }
    let path = lock_path(platform, profile, name);
    let lock = match shared {
        Some(state) => match state.try_hold(document(&call), None)? {
            Hold::Held(lease) => Some(StateLock::Shared(lease)),
            Hold::Elsewhere(_) | Hold::Missing => None,
        },
        None => FileLock::acquire_brief(&path, &platform.lock_deadline)?.map(StateLock::from),
    };
    let Some(lock) = lock else {
        return Ok(());
    };
    let Some(found) = calls.recover(&call)? else {
        return Ok(());
    };
    let note: PendingCall = found.note()?;
    delete_unused(platform, stores, &note)?;
    calls.commit(&call, &lock)
}

/// Returns the path of the lock of a credential that is being renewed.
fn lock_path(platform: &Platform, profile: &str, name: &str) -> PathBuf {
    let folder = platform.dirs.state.join("locks");
    folder.join(format!("{profile}.{name}.lock"))
}

/// Returns the name under which the call that renews a credential is noted.
pub(super) fn call_name(profile: &str, name: &str) -> String {
    format!("pending/{profile}.{name}.call")
}
