//! `keywright doctor --fix`: modes, owners, locks of nobody, and what killed writers left.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::state_files::walk;
use super::{CheckResult, CheckState, fine, odd};
use crate::core::error::{Error, Kind, Result};
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};

const NAME: &str = "fixed";

/// The age from which a file that is about to replace another is taken for that of a killed writer.
const ABANDONED: Duration = Duration::from_secs(600);

/// The ending of a file that is about to replace another.
const HALF_WRITTEN: &str = "new";

/// Repairs what it can, and returns what it did.
pub(super) fn repair(platform: &Platform) -> Vec<CheckResult> {
    let dirs = &platform.dirs;
    let mut found = Vec::new();
    for root in [&dirs.config, &dirs.state, &dirs.cache] {
        if root.exists() {
            below(root, platform, &mut found);
        }
    }
    if found.is_empty() {
        found.push(fine(NAME, "nothing needed it"));
    }
    found
}

fn below(root: &Path, platform: &Platform, found: &mut Vec<CheckResult>) {
    // A folder that is closed hides what is in it.
    own(root, found);
    let (paths, _) = walk(root);
    let mut locks = 0;
    for path in &paths {
        own(path, found);
        let ending = path.extension().and_then(|ending| ending.to_str());
        let removed = match ending {
            Some("lock") => lock_of_nobody(path).map(|removed| {
                locks += usize::from(removed);
                None
            }),
            Some(HALF_WRITTEN) => half_written(path, platform),
            _ => Ok(None),
        };
        match removed {
            Ok(None) => {}
            Ok(Some(what)) => found.push(fine(NAME, what)),
            Err(error) => found.push(odd(NAME, CheckState::Warning, &error)),
        }
    }
    if locks > 0 {
        let files = if locks == 1 { "file" } else { "files" };
        let what = format!(
            "removed {locks} lock {files} in `{}` that nothing holds",
            root.display()
        );
        found.push(fine(NAME, what));
    }
}

/// Gives a path back to its user, and makes it private.
fn own(path: &Path, found: &mut Vec<CheckResult>) {
    for repaired in [files::take_back(path), files::make_private(path)] {
        match repaired {
            Ok(None) => {}
            Ok(Some(what)) => found.push(fine(NAME, what)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            // The check of the files that follows says how.
            Err(error) => {
                let error = files::path_error("repair", path, error).with_kind(Kind::Store);
                found.push(odd(NAME, CheckState::Warning, &error));
            }
        }
    }
}

/// Removes a lock that no process holds; the next one that needs it makes it again.
fn lock_of_nobody(path: &Path) -> Result<bool> {
    if path.is_symlink() || !path.is_file() {
        return Ok(false);
    }
    match FileLock::try_acquire(path)? {
        Some(lock) => lock.remove(path).map(|()| true),
        None => Ok(false),
    }
}

/// Removes a file that a killed writer left; one of a writer that is at work is younger.
fn half_written(path: &Path, platform: &Platform) -> Result<Option<String>> {
    let Ok(data) = fs::symlink_metadata(path) else {
        return Ok(None);
    };
    let written = data
        .modified()
        .ok()
        .and_then(|time| jiff::Timestamp::try_from(time).ok());
    let age = written.map(|written| written.duration_until(platform.clock.now()));
    let is_old = age.is_some_and(|age| age.unsigned_abs() >= ABANDONED && age.is_positive());
    if !data.is_file() || !is_old {
        return Ok(None);
    }
    fs::remove_file(path).map_err(|error| -> Error { files::path_error("remove", path, error) })?;
    Ok(Some(format!(
        "removed `{}`, which was never finished",
        path.display()
    )))
}
