//! Private files: whole or not at all, under a lock, and every error names its path.

mod replace;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use replace::{prove_replaceable, remove_for_good, replace};

use crate::error::{Error, Kind, Result};
use crate::seam;

/// How often a held lock is tried again.
const LOCK_POLL: Duration = Duration::from_millis(20);

/// How long is waited for a lock without which nothing is lost.
const MOMENT: Duration = Duration::from_secs(1);

/// A lock on a sentinel file that is never deleted; freed when dropped or when the process dies.
///
/// The data file itself is never locked: writing replaces it, and a lock would stay with the old one.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock at `path`, or returns `None` when another process holds it.
    pub fn try_acquire(path: &Path) -> Result<Option<Lock>> {
        Lock::try_with(path, File::try_lock)
    }

    fn try_with(
        path: &Path,
        take: fn(&File) -> Result<(), fs::TryLockError>,
    ) -> Result<Option<Lock>> {
        if let Some(folder) = path.parent() {
            create_private_folder(folder)?;
        }
        let file = private_options()
            .create(true)
            .write(true)
            .open(path)
            .map_err(|error| path_error("open the lock", path, error))?;
        match take(&file) {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(path_error("lock", path, error)),
        }
    }

    /// Takes the lock at `path`, waiting for it at most `wait`; blocks the thread.
    pub fn acquire(path: &Path, wait: Duration) -> Result<Lock> {
        Lock::wait_for(path, wait, File::try_lock)?.ok_or_else(|| Lock::held(path))
    }

    /// As [`Lock::acquire`], beside others who take it in the same way.
    pub fn acquire_shared(path: &Path, wait: Duration) -> Result<Lock> {
        Lock::wait_for(path, wait, File::try_lock_shared)?.ok_or_else(|| Lock::held(path))
    }

    /// Takes the lock at `path` where that takes a moment at most; what needs it can be done another time.
    pub fn acquire_soon(path: &Path) -> Result<Option<Lock>> {
        Lock::wait_for(path, MOMENT, File::try_lock)
    }

    fn wait_for(
        path: &Path,
        wait: Duration,
        take: fn(&File) -> Result<(), fs::TryLockError>,
    ) -> Result<Option<Lock>> {
        let mut waited = Duration::ZERO;
        loop {
            let lock = Lock::try_with(path, take)?;
            if lock.is_some() || waited >= wait {
                return Ok(lock);
            }
            seam::pause(LOCK_POLL);
            waited += LOCK_POLL;
        }
    }

    /// What to say when another process holds the lock at `path`.
    pub fn held(path: &Path) -> Error {
        Error::new(
            Kind::Conflict,
            format!("another process holds the lock `{}`", path.display()),
        )
        .hint("wait for the other keywright to end, then run this again")
    }
}

/// Creates `path` and what is missing above it, for its owner alone.
pub fn create_private_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| path_error("create the folder", path, error))
}

/// Reads a file; `None` only when it is not there, any other trouble is an error.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(path_error("read", path, error)),
    };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(|error| path_error("read", path, error))?;
    Ok(Some(bytes))
}

/// Reads a text file of at most `most` bytes; `None` only when it is not there.
pub fn read_text_within(path: &Path, most: u64) -> Result<Option<String>> {
    match fs::metadata(path) {
        Ok(data) if data.len() > most => Err(Error::usage(format!(
            "`{}` is larger than the {} KiB that are read",
            path.display(),
            most >> 10
        ))),
        _ => read_text(path),
    }
}

/// The files of a folder whose names end in `.extension`, sorted; none where there is no such folder.
pub fn list(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
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

/// Reads a text file; `None` only when it is not there.
pub fn read_text(path: &Path) -> Result<Option<String>> {
    read(path)?
        .map(|bytes| {
            String::from_utf8(bytes)
                .map_err(|_| Error::usage(format!("`{}` is not UTF-8 text", path.display())))
        })
        .transpose()
}

/// Replaces `path` by `bytes`, readable by its owner alone: temporary file, sync, rename, folder sync.
///
/// The lock is the proof that nobody else writes the same file; the temporary name is fixed under it, so
/// that a killed process leaves at most one.
pub fn write_private(path: &Path, bytes: &[u8], lock: &Lock) -> Result<()> {
    create_private(path, bytes, lock).map(drop)
}

/// As [`write_private`], and returns the file, open for more to be written behind `bytes`.
pub fn create_private(path: &Path, bytes: &[u8], _lock: &Lock) -> Result<File> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    let temporary = with_suffix(path, ".new");
    let write = || -> io::Result<File> {
        let mut file = create_anew(&temporary)?;
        seam::write_all(&mut file, &temporary, bytes)?;
        seam::sync_all(&file, &temporary)?;
        seam::rename(&temporary, path)?;
        sync_folder(folder)?;
        Ok(file)
    };
    write().map_err(|error| {
        // What cannot be removed is removed by the next write.
        let _ = seam::remove_file(&temporary);
        path_error("write", path, error)
    })
}

/// Replaces `path` by `bytes` where that can be done: readable by its owner alone, not synced, and no failure matters.
pub fn write_forgettable(path: &Path, bytes: &[u8]) {
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
        seam::write_all(&mut file, &temporary, bytes)?;
        seam::rename(&temporary, path)
    };
    if write().is_err() {
        let _ = seam::remove_file(&temporary);
    }
}

/// Writes a file that everybody may read, such as a manual page, in a folder that is made where it is missing.
pub fn write_public(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        File::create(path)?.write_all(bytes)
    };
    write().map_err(|error| path_error("write", path, error))
}

/// Removes a file; false when it was not there.
pub fn remove(path: &Path, _lock: &Lock) -> Result<bool> {
    match seam::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(path_error("remove", path, error)),
    }
}

/// Reads a file that holds secrets; refuses one that others can read, that belongs to somebody else, or that is only a
/// link. `None` only when it is not there.
pub fn read_private(path: &Path) -> Result<Option<Vec<u8>>> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        let no_link = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, no_link);
    }
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(_) if path.is_symlink() => {
            return Err(Error::new(
                Kind::Store,
                format!(
                    "`{}` is a symbolic link, which is not followed",
                    path.display()
                ),
            )
            .hint("put the file itself there"));
        }
        Err(error) => return Err(path_error("read", path, error)),
    };
    // Of the file that was opened: what stands under that name may be another one by now.
    let data = file
        .metadata()
        .map_err(|error| path_error("read", path, error))?;
    refuse_mode(path, &data)?;
    refuse_owner(path, &data)?;
    let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or(0));
    file.read_to_end(&mut bytes)
        .map_err(|error| path_error("read", path, error))?;
    Ok(Some(bytes))
}

/// Refuses a file that others on this machine can read.
pub fn refuse_if_shared(path: &Path) -> Result<()> {
    match fs::metadata(path) {
        Ok(data) => refuse_mode(path, &data),
        Err(error) if is_absent(&error) => Ok(()),
        Err(error) => Err(path_error("read", path, error)),
    }
}

#[cfg(unix)]
fn refuse_mode(path: &Path, data: &fs::Metadata) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = data.permissions().mode() & 0o777;
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(Error::new(
        Kind::Store,
        format!(
            "`{}` can be read by others (mode {mode:03o})",
            path.display()
        ),
    )
    .hint(format!("make it private: chmod 600 {}", path.display())))
}

#[cfg(unix)]
fn refuse_owner(path: &Path, data: &fs::Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let (owner, user) = (data.uid(), rustix::process::geteuid().as_raw());
    if owner == user {
        return Ok(());
    }
    Err(Error::new(
        Kind::Store,
        format!(
            "`{}` belongs to another user (uid {owner}, and this is {user})",
            path.display()
        ),
    )
    .hint("run keywright as its owner, or give it to yourself with `chown`"))
}

/// Permissions of other systems are not looked at.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
fn refuse_mode(_path: &Path, _data: &fs::Metadata) -> Result<()> {
    Ok(())
}

/// Owners of other systems are not looked at.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
fn refuse_owner(_path: &Path, _data: &fs::Metadata) -> Result<()> {
    Ok(())
}

/// `path` with `suffix` behind its name.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// An error that says what was tried with which path.
pub fn path_error(tried: &str, path: &Path, error: io::Error) -> Error {
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

/// Makes a temporary file for its owner alone. What a killed process has left there goes first: it may be wider open,
/// and a link that somebody else put there must not be followed.
fn create_anew(temporary: &Path) -> io::Result<File> {
    match seam::remove_file(temporary) {
        Err(error) if !is_absent(&error) => return Err(error),
        _ => {}
    }
    private_options()
        .create_new(true)
        .write(true)
        .open(temporary)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    seam::sync_folder(folder)
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
