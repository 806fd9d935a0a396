//! Private files: whole or not at all, under a lock, and every error names its path.

mod access;
mod append;
mod archive;
mod ownership;
mod lock_deadline;
mod once;
mod read;
mod repair;
mod replace;
mod resolved;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use access::{NO_HOME, check_own_folder, is_denied, refuse_if_unwritable};
pub use append::append;
pub use archive::move_private;
pub use lock_deadline::{LockDeadline, LockWait};
pub use once::create_once;
pub use ownership::{CheckedFile, folder_and_name, read_checked};
pub use read::{
    is_descriptor_path, is_readable, other_than_file, read, read_named, read_named_text,
    read_private, read_text, read_text_within, read_within, refuse_if_foreign, refuse_if_shared,
};
pub use repair::{make_private, take_back};
pub use replace::{check_replaceable, remove_synced, replace, replace_readable};
pub use resolved::{FileMetadata, ResolvedPath};

use crate::core::encoding::to_hex;
use crate::core::error::{Error, Kind, Result};
use crate::platform::fault;

/// The interval between two attempts to take a held lock.
const LOCK_POLL: Duration = Duration::from_millis(20);

/// The extension of a damaged file that was set aside.
pub const SET_ASIDE_EXTENSION: &str = "damaged";

/// The longest wait for a lock that can be skipped without loss.
const BRIEF_LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// A lock on a sentinel file, released when it is dropped or the process dies. Only the holder of the lock deletes
/// the file, together with the data that it protects.
///
/// The data file itself is never locked: a write replaces it, and a lock would stay with the old file.
#[derive(Debug)]
pub struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock at `path`, or returns `None` when another process holds it.
    pub fn try_acquire(path: &Path) -> Result<Option<FileLock>> {
        FileLock::try_with(path, File::try_lock)
    }

    fn try_with(
        path: &Path,
        take: fn(&File) -> Result<(), fs::TryLockError>,
    ) -> Result<Option<FileLock>> {
        if let Some(folder) = path.parent() {
            create_private_folder(folder)?;
        }
        loop {
            let file = private_options()
                .create(true)
                .write(true)
                .open(path)
                .map_err(|error| path_error("open the lock", path, error))?;
            match take(&file) {
                // It was deleted between the open and the lock, so it excludes no other process any more.
                Ok(()) if !stands_at(&file, path) => {}
                Ok(()) => return Ok(Some(FileLock { _file: file })),
                Err(fs::TryLockError::WouldBlock) => return Ok(None),
                Err(fs::TryLockError::Error(error)) => {
                    return Err(cannot_lock(path, error));
                }
            }
        }
    }

    /// Deletes the lock file at `path` and releases the lock.
    pub fn remove(self, path: &Path) -> Result<()> {
        remove(path, &self).map(drop)
    }

    /// Takes the lock at `path`, waiting for it as long as `lock_deadline` lasts; blocks the thread.
    pub fn acquire(path: &Path, lock_deadline: &LockDeadline) -> Result<FileLock> {
        FileLock::wait_for(
            lock_deadline.for_lock(path, Duration::MAX),
            path,
            File::try_lock,
        )?
        .ok_or_else(|| FileLock::busy(path))
    }

    /// Acquires the lock as [`FileLock::acquire`] does, in a queue: the wait does not time out while earlier
    /// processes change `watched`.
    pub fn acquire_queued(
        path: &Path,
        watched: &Path,
        lock_deadline: &LockDeadline,
    ) -> Result<FileLock> {
        let state = || {
            let data = fs::metadata(watched).ok()?;
            Some((data.modified().ok()?, data.len()))
        };
        let mut seen = state();
        let mut wait = lock_deadline.for_lock(path, Duration::MAX);
        loop {
            if let Some(lock) = FileLock::try_acquire(path)? {
                return Ok(lock);
            }
            let now = state();
            if now != seen {
                lock_deadline.refill();
                seen = now;
            }
            if !wait.spend(LOCK_POLL) {
                return Err(FileLock::busy(path));
            }
            fault::pause(LOCK_POLL);
        }
    }

    /// As [`FileLock::acquire`], beside others who take it in the same way.
    pub fn acquire_shared(path: &Path, lock_deadline: &LockDeadline) -> Result<FileLock> {
        let wait = lock_deadline.for_lock(path, Duration::MAX);
        FileLock::wait_for(wait, path, File::try_lock_shared)?.ok_or_else(|| FileLock::busy(path))
    }

    /// Takes the lock at `path` where that takes `most` at most.
    pub fn acquire_within(
        path: &Path,
        most: Duration,
        lock_deadline: &LockDeadline,
    ) -> Result<Option<FileLock>> {
        FileLock::wait_for(lock_deadline.for_lock(path, most), path, File::try_lock)
    }

    /// Acquires the lock at `path` within a moment or not at all; the work that needs it can be done later.
    pub fn acquire_brief(path: &Path, lock_deadline: &LockDeadline) -> Result<Option<FileLock>> {
        FileLock::acquire_within(path, BRIEF_LOCK_TIMEOUT, lock_deadline)
    }

    fn wait_for(
        mut wait: LockWait<'_>,
        path: &Path,
        take: fn(&File) -> Result<(), fs::TryLockError>,
    ) -> Result<Option<FileLock>> {
        loop {
            let lock = FileLock::try_with(path, take)?;
            if lock.is_some() || !wait.spend(LOCK_POLL) {
                return Ok(lock);
            }
            fault::pause(LOCK_POLL);
        }
    }

    /// Begins to wait for the lock at `path`, where what is waited for may come without it.
    pub fn wait<'p>(path: &'p Path, lock_deadline: &'p LockDeadline) -> LockWait<'p> {
        lock_deadline.for_lock(path, Duration::MAX)
    }

    /// Returns the error for a lock at `path` that another process holds.
    pub fn busy(path: &Path) -> Error {
        Error::new(
            Kind::Conflict,
            format!("another process holds the lock `{}`", path.display()),
        )
        .hint("wait for the other keywright to exit, then run this again")
    }
}

/// Returns the error for a system that cannot lock the file at all.
fn cannot_lock(path: &Path, error: io::Error) -> Error {
    #[cfg(unix)]
    let has_none = {
        use rustix::io::Errno;
        [
            Errno::NOLCK,
            Errno::NOTSUP,
            Errno::OPNOTSUPP,
            Errno::NOSYS,
            Errno::INVAL,
        ]
        .iter()
        .any(|known| error.raw_os_error() == Some(known.raw_os_error()))
    };
    #[cfg(not(unix))]
    let has_none = error.kind() == ErrorKind::Unsupported;
    let told = path_error("lock", path, error);
    if !has_none {
        return told;
    }
    told.with_kind(Kind::Store)
        .hint("its file system gives no locks, as NFS without a lock service does")
        .hint("use folders on a local disk: set KEYWRIGHT_STATE_DIR and KEYWRIGHT_CONFIG_DIR")
}

/// Returns whether an opened file is still the one at `path`.
#[cfg(unix)]
fn stands_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(opened), Ok(there)) => (opened.dev(), opened.ino()) == (there.dev(), there.ino()),
        (_, Err(error)) => !is_absent(&error),
        (Err(_), _) => true,
    }
}

/// A file that is open is not deleted on other systems.
#[cfg(not(unix))]
fn stands_at(_file: &File, _path: &Path) -> bool {
    true
}

/// Creates `path` and what is missing above it, for its owner alone.
pub fn create_private_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if path.starts_with(NO_HOME) {
        return Err(access::no_home());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| path_error("create the folder", path, error).with_kind(Kind::Store))
}

/// Returns the files of a folder that have the extension, sorted; none if the folder does not exist.
pub fn list(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) || access::belongs_to_another_user(folder, &error) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(path_error("list", folder, error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| path_error("list", folder, error))?
            .path();
        if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Replaces `path` by `bytes`, readable by its owner alone: temporary file, sync, rename, folder sync.
///
/// The lock proves that no other process writes the same file. The temporary name is fixed under it, so a killed
/// process leaves at most one.
pub fn write_private(path: &Path, bytes: &[u8], lock: &FileLock) -> Result<()> {
    create_private(path, bytes, lock).map(drop)
}

/// As [`write_private`], and returns the file, open for more to be written behind `bytes`.
pub fn create_private(path: &Path, bytes: &[u8], lock: &FileLock) -> Result<File> {
    let file = replace_private(path, bytes, lock)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    sync_folder(folder).map_err(|error| path_error("write", path, error))?;
    Ok(file)
}

/// As [`create_private`], but the folder is synced with the next file that is written there: until then a power failure
/// may leave the previous file, which is never mixed with the new one.
pub fn replace_private(path: &Path, bytes: &[u8], _lock: &FileLock) -> Result<File> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    let temporary = with_suffix(path, ".new");
    let write = || -> io::Result<File> {
        let mut file = create_new_file(&temporary)?;
        fault::write_all(&mut file, &temporary, bytes)?;
        fault::sync_all(&file, &temporary)?;
        fault::rename(&temporary, path)?;
        Ok(file)
    };
    write().map_err(|error| {
        // A file that cannot be removed now is removed by the next write.
        let _ = fault::remove_file(&temporary);
        path_error("write", path, error)
    })
}

/// As [`write_private`]; a link stays, and what it leads to is replaced.
pub fn write_private_through(path: &Path, bytes: &[u8], lock: &FileLock) -> Result<()> {
    write_private(&target_of(path)?, bytes, lock)
}

/// The most links followed from a name to its file.
const MAX_LINKS: usize = 40;

/// Returns the path of a file behind all links, even if the file does not exist.
fn target_of(path: &Path) -> Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&target) {
            // A relative link counts from its own folder.
            Ok(next) => target = target.parent().unwrap_or(Path::new("/")).join(next),
            // It is no link, or there is nothing.
            Err(_) => return Ok(target),
        }
    }
    Err(Error::new(
        Kind::Failed,
        format!("`{}` is a link that leads nowhere", path.display()),
    ))
}

/// Replaces `path` by `bytes` where that can be done: readable by its owner alone, not synced, and no failure matters.
pub fn write_best_effort(path: &Path, bytes: &[u8]) {
    let folder = path.parent().unwrap_or(Path::new("."));
    let temporary = with_suffix(path, &format!(".{}", std::process::id()));
    if create_private_folder(folder).is_err() {
        return;
    }
    let write = || -> io::Result<()> {
        let mut file = private_options()
            .create_new(true)
            .write(true)
            .open(&temporary)?;
        fault::write_all(&mut file, &temporary, bytes)?;
        fault::rename(&temporary, path)
    };
    if write().is_err() {
        let _ = fault::remove_file(&temporary);
    }
}

/// Writes a world-readable file, such as a manual page, and creates its folder if needed.
pub fn write_public(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // A planted link must not be followed.
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, read::no_link());
        options.open(path)?.write_all(bytes)
    };
    write().map_err(|error| named_error("write", path, error))
}

/// Removes a file; false when it was not there.
pub fn remove(path: &Path, _lock: &FileLock) -> Result<bool> {
    match fault::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(path_error("remove", path, error)),
    }
}

/// Returns the SHA-256 of what a file holds, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    to_hex(&sha2::Sha256::digest(bytes))
}

/// Renames a damaged file, so that it is out of the way and can still be looked at; returns its new path.
pub fn set_aside(path: &Path, _lock: &FileLock) -> Result<PathBuf> {
    let mut aside = with_suffix(path, &format!(".{SET_ASIDE_EXTENSION}"));
    for number in 2.. {
        if !aside.exists() {
            break;
        }
        aside = with_suffix(path, &format!(".{number}.{SET_ASIDE_EXTENSION}"));
    }
    fault::rename(path, &aside).map_err(|error| path_error("rename", path, error))?;
    Ok(aside)
}

/// `path` with `suffix` behind its name.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Returns the path of the lock of the file or folder at `path`.
pub fn lock_path(path: &Path) -> PathBuf {
    with_suffix(path, ".lock")
}

/// Returns an error that says what was tried with which path, where keywright keeps something there.
pub fn path_error(tried: &str, path: &Path, error: io::Error) -> Error {
    let is_denied = error.kind() == ErrorKind::PermissionDenied;
    let ways_out = if is_denied {
        access::ways_out_of_denial(path)
    } else {
        Vec::new()
    };
    let told = named_error(tried, path, error).with_hints(ways_out);
    if is_denied {
        told.with_kind(Kind::Store)
    } else {
        told
    }
}

/// Returns the error of [`path_error`] for a path that the user named.
fn named_error(tried: &str, path: &Path, error: io::Error) -> Error {
    let kind = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::ReadOnlyFilesystem => {
            Kind::Store
        }
        _ => Kind::Failed,
    };
    Error::new(kind, format!("cannot {tried} `{}`", path.display())).caused_by(error)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn private_options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "the mode is set on Unix"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Creates a temporary file for its owner alone. A leftover of a killed process is removed first: its permissions may
/// be wider, and a link that another user put there must not be followed.
fn create_new_file(temporary: &Path) -> io::Result<File> {
    match fault::remove_file(temporary) {
        Err(error) if !is_absent(&error) => return Err(error),
        _ => {}
    }
    private_options()
        .create_new(true)
        .write(true)
        .open(temporary)
}

/// Makes a rename in `folder` last, where the file system and the folder's mode let anybody do that.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    forgive_unsyncable(fault::sync_folder(folder))
}

/// Takes it for synced where a folder cannot be synced at all.
#[cfg(unix)]
fn forgive_unsyncable(synced: io::Result<()>) -> io::Result<()> {
    match synced {
        Err(error) if cannot_sync(&error) => Ok(()),
        outcome => outcome,
    }
}

/// Returns whether a folder cannot be synced at all, as on network and FUSE file systems or without read permission.
/// A failing disk reports another error.
#[cfg(unix)]
fn cannot_sync(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [
        Errno::INVAL,
        Errno::NOTSUP,
        Errno::OPNOTSUPP,
        Errno::NOSYS,
        Errno::BADF,
        Errno::ACCESS,
    ]
    .iter()
    .any(|known| error.raw_os_error() == Some(known.raw_os_error()))
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
