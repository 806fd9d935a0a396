//! Locks records and profiles: a record's lock file is removed with it, a profile's stays.

use std::path::Path;
use std::time::Duration;

use super::BRIEF_LOCK_TIMEOUT;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::files::{self, FileLock};
use crate::platform::{Hold, Platform, SharedState};
use crate::wal::{StateLock, held_elsewhere, hold_shared};

/// Takes the lock under which the keys of one profile are rotated; `None` if another process holds it.
///
/// It covers the whole profile: a key that a list shows as new after a lost response must not be another rotation's.
pub fn try_lock_profile(platform: &Platform, profile: &str) -> Result<Option<StateLock>> {
    try_lock_within(platform, profile, Duration::ZERO)
}

/// As [`try_lock_profile`]; a holder on another machine that seems to be gone is waited for as long as `most`.
fn try_lock_within(
    platform: &Platform,
    profile: &str,
    most: Duration,
) -> Result<Option<StateLock>> {
    if let Some(state) = &platform.shared_state {
        let name = shared_name(profile);
        let empty = Secret::new("");
        let held = hold_shared(platform, state, (&name, Some(&empty)), most)?;
        return Ok(match held {
            Hold::Held(lease) => Some(StateLock::Shared(lease)),
            Hold::Elsewhere(_) | Hold::Missing => None,
        });
    }
    let name = format!("{profile}.rotation.lock");
    let path = platform.dirs.state.join("locks").join(name);
    let lock = FileLock::acquire_within(&path, BRIEF_LOCK_TIMEOUT, &platform.lock_deadline)?;
    Ok(lock.map(StateLock::from))
}

/// Returns the name of the document whose lease is the lock of a profile.
fn shared_name(profile: &str) -> String {
    format!("locks/{profile}.rotation")
}

/// Looks at the locks of all profiles: the holder of a record may be gone, and they are waited for from here on.
pub(super) fn watch(state: &dyn SharedState) -> Result<()> {
    for lock in state.list("locks")? {
        state.read(&format!("locks/{lock}"))?;
    }
    Ok(())
}

/// Takes a lock that no process holds for longer than a moment.
pub(super) fn lock_soon(platform: &Platform, path: &Path) -> Result<FileLock> {
    FileLock::acquire_within(path, BRIEF_LOCK_TIMEOUT, &platform.lock_deadline)?
        .ok_or_else(|| FileLock::busy(path))
}

/// Takes the lock under which the keys of one profile are rotated, or says that another process holds it.
pub fn lock_profile(platform: &Platform, profile: &str) -> Result<StateLock> {
    let lock = try_lock_within(platform, profile, Duration::MAX)?;
    lock.ok_or_else(|| {
        if let Some(state) = &platform.shared_state {
            return held_elsewhere(state, &shared_name(profile));
        }
        Error::new(
            Kind::Conflict,
            format!("another process rotates a key of the profile `{profile}`"),
        )
        .hint("wait for it to finish, then check: keywright rotations")
    })
}

/// Removes the locks whose record no longer exists, each only if no process holds it. A failure to remove one is
/// harmless.
pub(super) fn clear_orphans(folder: &Path) {
    for path in files::list(folder, "lock").unwrap_or_default() {
        let record = path.with_extension("");
        if record.exists() {
            continue;
        }
        let Ok(Some(lock)) = FileLock::try_acquire(&path) else {
            continue;
        };
        // It may have been written before the lock was taken.
        if !record.exists() {
            let _ = files::remove(&files::with_suffix(&record, ".new"), &lock);
            let _ = lock.remove(&path);
        }
    }
}
