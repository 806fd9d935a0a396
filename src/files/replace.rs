//! Replacing a file that belongs to the user: its mode and owner stay, and no folder is made for it.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::{Lock, create_anew, is_absent, path_error, sync_folder};
use crate::error::{Error, Kind, Result};
use crate::seam;

/// How much more than the old file a new one may need, in bytes.
const ROOM_TO_GROW: usize = 4096;

/// Replaces `path`, or makes it for its owner alone: temporary file beside it, sync, rename, folder sync.
///
/// An error of [`Kind::Store`] means that `path` is as it was; one of [`Kind::Uncertain`] that it was replaced and
/// may be as it was after a power failure.
pub fn replace(path: &Path, bytes: &[u8], lock: &Lock) -> Result<()> {
    let temporary = write_beside(path, bytes, lock)?;
    seam::rename(&temporary, path).map_err(|error| {
        // What cannot be removed is removed by the next write.
        let _ = seam::remove_file(&temporary);
        path_error("write", path, error).as_kind(Kind::Store)
    })?;
    sync_folder(folder_of(path)).map_err(|error| unsynced("written", path, error))
}

/// Proves that [`replace`] will work, also for a file that is 4 KiB longer, and leaves nothing behind.
pub fn prove_replaceable(path: &Path, lock: &Lock) -> Result<()> {
    let size = existing(path)?.map_or(0, |data| data.len());
    let size = usize::try_from(size)
        .unwrap_or(usize::MAX)
        .saturating_add(ROOM_TO_GROW);
    let temporary = write_beside(path, &vec![b'#'; size], lock)?;
    seam::remove_file(&temporary)
        .map_err(|error| path_error("remove", &temporary, error).as_kind(Kind::Store))
}

/// Removes a file for good; no trouble when it was not there.
pub fn remove_for_good(path: &Path, lock: &Lock) -> Result<()> {
    match super::remove(path, lock) {
        Ok(true) => sync_folder(folder_of(path)).map_err(|error| unsynced("removed", path, error)),
        Ok(false) => Ok(()),
        Err(error) => Err(error.as_kind(Kind::Store)),
    }
}

/// Writes a synced sibling with the mode and the owner that `path` has.
fn write_beside(path: &Path, bytes: &[u8], _lock: &Lock) -> Result<PathBuf> {
    let like = existing(path)?;
    let temporary = beside(path);
    let write = || -> io::Result<()> {
        // The name is fixed under the lock, so that a killed process leaves at most one.
        let mut file = create_anew(&temporary)?;
        seam::write_all(&mut file, &temporary, bytes)?;
        if let Some(like) = &like {
            liken(&file, like)?;
        }
        seam::sync_all(&file, &temporary)
    };
    write().map_err(|error| {
        // What cannot be removed is removed by the next write.
        let _ = seam::remove_file(&temporary);
        path_error("write beside", path, error)
            .as_kind(Kind::Store)
            .hint("its folder must be writable for you and have room")
    })?;
    Ok(temporary)
}

fn existing(path: &Path) -> Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(data) => Ok(Some(data)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(path_error("read", path, error).as_kind(Kind::Store)),
    }
}

/// Lists of further readers need no copy: on a private file none of their entries has any effect.
#[cfg(unix)]
fn liken(file: &File, like: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let now = file.metadata()?;
    if now.uid() != like.uid() {
        fchown(file, Some(like.uid()), Some(like.gid()))?;
    } else if now.gid() != like.gid() {
        // The group may do nothing with a private file; it is kept where that is allowed.
        let _ = fchown(file, None, Some(like.gid()));
    }
    file.set_permissions(fs::Permissions::from_mode(like.mode() & 0o700))
}

#[cfg(not(unix))]
fn liken(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

/// `.NAME.keywright-new` in the same folder.
fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".keywright-new");
    path.with_file_name(name)
}

fn unsynced(done: &str, path: &Path, error: io::Error) -> Error {
    Error::new(
        Kind::Uncertain,
        format!(
            "`{}` was {done}, but the disk did not confirm it",
            path.display()
        ),
    )
    .caused_by(error)
}
