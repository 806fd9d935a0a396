//! Checks whether the folders of this user are usable, with hints if they are not.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::core::error::{Error, Kind, Result};

/// The place of the folders of a user without a home: nothing exists there, and nothing can be created there.
pub const NO_HOME: &str = "/dev/null/keywright";

/// Returns the error for data that must be stored without a home folder.
pub(super) fn no_home() -> Error {
    Error::new(
        Kind::Store,
        "nothing can be kept: this user has no home folder",
    )
    .hint("set HOME, or both KEYWRIGHT_CONFIG_DIR and KEYWRIGHT_STATE_DIR")
}

/// The depth of the search for files of another user.
const MAX_DEPTH: usize = 4;

/// The number of entries that this search looks at.
const MAX_ENTRIES: usize = 10_000;

/// Proves that a folder of this user's can be written, or made; returns whether it is there.
pub fn check_own_folder(path: &Path) -> Result<bool> {
    if path.starts_with(NO_HOME) {
        return Err(no_home());
    }
    match fs::metadata(path) {
        Ok(data) if !data.is_dir() => Err(Error::new(
            Kind::Store,
            format!("`{}` is not a folder", path.display()),
        )
        .hint("move it away")),
        Ok(_) => {
            refuse_if_unwritable(path)?;
            match foreign_in(path, MAX_DEPTH, &mut 0) {
                Some(foreign) => Err(belongs_to_others(&foreign, path)),
                None => Ok(true),
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let above = path.ancestors().skip(1).find(|above| above.exists());
            let above = above.unwrap_or(Path::new("."));
            check_folder_access(above)
                .map_err(|error| super::path_error("create the folder", path, error))?;
            Ok(false)
        }
        Err(error) => Err(super::path_error("open the folder", path, error)),
    }
}

fn belongs_to_others(foreign: &Path, folder: &Path) -> Error {
    let error = Error::new(
        Kind::Store,
        format!("`{}` belongs to another user", foreign.display()),
    );
    error.hint(chown_hint(folder))
}

/// Returns the command that gives a folder, and what is in it, back to this user.
pub(super) fn chown_hint(path: &Path) -> String {
    format!(
        "give it back to yourself, as after a `sudo`: sudo chown -R \"$(id -un)\" {}",
        quoted(path)
    )
}

/// Returns a path as a shell takes it.
fn quoted(path: &Path) -> String {
    shell_words::quote(&path.display().to_string()).into_owned()
}

#[cfg(unix)]
fn check_folder_access(folder: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    let all = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
    Ok(accessat(CWD, folder, all, AtFlags::EACCESS)?)
}

#[cfg(not(unix))]
fn check_folder_access(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn owner(path: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    Some(fs::symlink_metadata(path).ok()?.uid())
}

#[cfg(unix)]
fn is_foreign(path: &Path) -> bool {
    owner(path).is_some_and(|owner| owner != rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn is_foreign(_: &Path) -> bool {
    false
}

/// Returns the folder, or something in it, that belongs to another user.
fn foreign_in(path: &Path, depth: usize, seen: &mut usize) -> Option<PathBuf> {
    if is_foreign(path) {
        return Some(path.to_owned());
    }
    if depth == 0 || !path.is_dir() || path.is_symlink() {
        return None;
    }
    for entry in fs::read_dir(path).ok()?.flatten() {
        *seen += 1;
        if *seen > MAX_ENTRIES {
            return None;
        }
        let found = foreign_in(&entry.path(), depth - 1, seen);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Returns whether the system denies access to `path`.
pub fn is_denied(path: &Path) -> bool {
    matches!(fs::metadata(path), Err(error) if error.kind() == ErrorKind::PermissionDenied)
}

/// Returns whether the denied path belongs to another user, so that nothing of this user can be there: a home folder
/// that was kept in the environment when switching accounts.
#[cfg(unix)]
pub(super) fn belongs_to_another_user(path: &Path, error: &io::Error) -> bool {
    if error.kind() != ErrorKind::PermissionDenied {
        return false;
    }
    let Some(there) = path.ancestors().find(|there| owner(there).is_some()) else {
        return false;
    };
    let is_ours = |path: &Path| owner(path) == Some(rustix::process::geteuid().as_raw());
    is_foreign(there) && !there.parent().is_some_and(is_ours)
}

#[cfg(not(unix))]
pub(super) fn belongs_to_another_user(_: &Path, _: &io::Error) -> bool {
    false
}

/// Returns the ways out where the system denies access to `path`.
#[cfg(unix)]
pub(super) fn ways_out_of_denial(path: &Path) -> Vec<String> {
    // If the path is visible but not usable, access is denied by it or by its folder.
    let Some(there) = path.ancestors().find(|there| owner(there).is_some()) else {
        return Vec::new();
    };
    let around = there.parent().filter(|_| !there.is_dir());
    let denies = |place: &&Path| is_foreign(place) || may_use(place).is_err();
    let Some(denying) = std::iter::once(there).chain(around).find(denies) else {
        return Vec::new();
    };
    if !is_foreign(denying) {
        return vec![format!(
            "make it readable and writable for yourself: chmod u+rwX {}",
            quoted(denying)
        )];
    }
    let around = denying.parent();
    let is_ours = |path: &Path| owner(path) == Some(rustix::process::geteuid().as_raw());
    if around.is_some_and(is_ours) {
        return vec![chown_hint(denying)];
    }
    let other = format!(
        "`{}` belongs to another user (uid {}): use folders of your own, with HOME or KEYWRIGHT_CONFIG_DIR and KEYWRIGHT_STATE_DIR",
        denying.display(),
        owner(denying).unwrap_or_default()
    );
    // In a folder where this user may put files, it may be one of theirs.
    let may_be_ours = around.is_some_and(|around| check_folder_access(around).is_ok());
    let mut ways = vec![other];
    ways.extend(may_be_ours.then(|| chown_hint(denying)));
    ways
}

/// Proves that this user may read and write a file, or use a folder.
#[cfg(unix)]
fn may_use(path: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    if path.is_dir() {
        return check_folder_access(path);
    }
    let both = Access::READ_OK | Access::WRITE_OK;
    Ok(accessat(CWD, path, both, AtFlags::EACCESS)?)
}

#[cfg(not(unix))]
pub(super) fn ways_out_of_denial(_: &Path) -> Vec<String> {
    Vec::new()
}

/// Refuses a folder of keywright's that this user may not write to.
pub fn refuse_if_unwritable(folder: &Path) -> Result<()> {
    check_folder_access(folder).map_err(|error| super::path_error("write to", folder, error))
}
