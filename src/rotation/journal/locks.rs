//! Locks records and profiles: a record's lock file is removed with it, a profile's stays.

use std::path::Path;

use super::BRIEF_LOCK_TIMEOUT;
use crate::core::error::{Error, Kind, Result};
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};

/// Takes the lock under which the keys of one profile are rotated; `None` if another process holds it.
///
/// It covers the whole profile: a key that a list shows as new after a lost response must not be another rotation's.
pub fn try_lock_profile(platform: &Platform, profile: &str) -> Result<Option<FileLock>> {
    let name = format!("{profile}.rotation.lock");
    let path = platform.dirs.state.join("locks").join(name);
    FileLock::acquire_within(&path, BRIEF_LOCK_TIMEOUT, &platform.lock_deadline)
}

/// Takes a lock that no process holds for longer than a moment.
pub(super) fn lock_soon(platform: &Platform, path: &Path) -> Result<FileLock> {
    FileLock::acquire_within(path, BRIEF_LOCK_TIMEOUT, &platform.lock_deadline)?
        .ok_or_else(|| FileLock::busy(path))
}

/// Takes the lock under which the keys of one profile are rotated, or says that another process holds it.
pub fn lock_profile(platform: &Platform, profile: &str) -> Result<FileLock> {
    try_lock_profile(platform, profile)?.ok_or_else(|| {
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
