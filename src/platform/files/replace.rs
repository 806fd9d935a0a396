//! Replacing a file that belongs to the user: its mode and owner stay, and no folder is made for it.

use std::ffi::OsString;
use std::fs::File;
use std::io;

use super::resolved::{FileMetadata, ResolvedPath};
use super::{FileLock, is_absent, path_error};
use crate::core::error::{Error, Kind, Result};
use crate::platform::fault;

/// The extra space that a new file may need compared with the old one, in bytes.
const EXTRA_SPACE: usize = 4096;

/// Replaces the file at `target`, or makes it for its owner alone: temporary file beside it, sync, rename, folder sync.
///
/// An error of [`Kind::Store`] means that it is as it was; one of [`Kind::Uncertain`] that it was replaced and may be as
/// it was after a power failure.
pub fn replace(target: &ResolvedPath, bytes: &[u8], lock: &FileLock) -> Result<()> {
    put(target, &write_beside(target, bytes, PRIVATE, lock)?)
}

/// As [`replace`], for a file without secrets: it stays readable for those who can read it.
pub fn replace_readable(target: &ResolvedPath, bytes: &[u8], lock: &FileLock) -> Result<()> {
    put(target, &write_beside(target, bytes, READABLE, lock)?)
}

fn put(target: &ResolvedPath, temporary: &OsString) -> Result<()> {
    target.rename(temporary).map_err(|error| {
        // A file that cannot be removed now is removed by the next write.
        let _ = target.remove(temporary);
        path_error("write", target.path(), error).with_kind(Kind::Store)
    })?;
    target
        .sync()
        .map_err(|error| unsynced("written", target, error))
}

/// The bits of a mode that a file keeps: those of its owner, or all.
const PRIVATE: u32 = 0o700;
const READABLE: u32 = 0o777;

/// Proves that [`replace`] will work, also for a file that is 4 KiB longer, and leaves nothing behind.
pub fn check_replaceable(target: &ResolvedPath, lock: &FileLock) -> Result<()> {
    let size = target.metadata()?.map_or(0, |metadata| metadata.len);
    let size = usize::try_from(size)
        .unwrap_or(usize::MAX)
        .saturating_add(EXTRA_SPACE);
    let temporary = write_beside(target, &vec![b'#'; size], PRIVATE, lock)?;
    target.remove(&temporary).map_err(|error| {
        path_error("remove the temporary file next to", target.path(), error).with_kind(Kind::Store)
    })
}

/// Removes a file for good; no trouble when it was not there.
pub fn remove_synced(target: &ResolvedPath, _lock: &FileLock) -> Result<()> {
    match target.remove(target.name()) {
        Ok(()) => target
            .sync()
            .map_err(|error| unsynced("removed", target, error)),
        Err(error) if is_absent(&error) => Ok(()),
        Err(error) => Err(path_error("remove", target.path(), error).with_kind(Kind::Store)),
    }
}

/// Writes a synced sibling with the mode and the owner of the existing file, and returns its name.
fn write_beside(
    target: &ResolvedPath,
    bytes: &[u8],
    kept: u32,
    _lock: &FileLock,
) -> Result<OsString> {
    let like = target.metadata()?;
    let temporary = temporary_name(target);
    let shown = target.path().with_file_name(&temporary);
    let write = || -> io::Result<()> {
        // The name is fixed under the lock, so that a killed process leaves at most one.
        let mut file = target.create(&temporary)?;
        fault::write_all(&mut file, &shown, bytes)?;
        if let Some(like) = &like {
            copy_ownership(&file, like, kept)?;
        }
        fault::sync_all(&file, &shown)
    };
    write().map_err(|error| {
        // A file that cannot be removed now is removed by the next write.
        let _ = target.remove(&temporary);
        path_error("write a temporary file next to", target.path(), error)
            .with_kind(Kind::Store)
            .hint("its folder must be writable for you and have room")
    })?;
    Ok(temporary)
}

/// Copies the owner and the mode. ACLs are not copied: on a private file none of their entries has any effect.
#[cfg(unix)]
fn copy_ownership(file: &File, like: &FileMetadata, kept: u32) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let (owner, group, mode) = like.owner;
    let now = file.metadata()?;
    if now.uid() != owner {
        fchown(file, Some(owner), Some(group))?;
    } else if now.gid() != group {
        // The group may do nothing with a private file; it is kept where that is allowed.
        let _ = fchown(file, None, Some(group));
    }
    file.set_permissions(Permissions::from_mode(mode & kept))
}

#[cfg(not(unix))]
fn copy_ownership(_: &File, _: &FileMetadata, _: u32) -> io::Result<()> {
    Ok(())
}

/// `.NAME.keywright-new`, the name of the temporary file.
fn temporary_name(target: &ResolvedPath) -> OsString {
    let mut name = OsString::from(".");
    name.push(target.name());
    name.push(".keywright-new");
    name
}

fn unsynced(done: &str, target: &ResolvedPath, error: io::Error) -> Error {
    Error::new(
        Kind::Uncertain,
        format!(
            "`{}` was {done}, but the disk did not confirm it",
            target.path().display()
        ),
    )
    .caused_by(error)
}
