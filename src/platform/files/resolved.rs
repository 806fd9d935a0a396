//! A file addressed through its folder. The folder is opened once and everything is done in it, so that no link that
//! another user puts on the way can lead a secret elsewhere.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::{MAX_LINKS, is_absent, path_error};
use crate::core::error::{Error, Kind, Result};

#[cfg(not(unix))]
use self::by_path as system;
#[cfg(unix)]
use self::in_folder as system;

/// A place for a file, behind the links that may be followed.
pub struct ResolvedPath {
    folder: system::Folder,
    name: OsString,
    path: PathBuf,
}

/// The metadata of a file that is not opened.
pub struct FileMetadata {
    /// Its size in bytes.
    pub len: u64,
    /// Says that it is a folder.
    pub is_folder: bool,
    /// Says that it is a regular file.
    pub is_file: bool,
    /// The owner, the group and the mode.
    #[cfg(unix)]
    pub(super) owner: (u32, u32, u32),
}

impl ResolvedPath {
    /// Resolves `path`. A link is followed only if nobody but its owner, this user or root, could have put it there.
    pub fn find(path: &Path) -> Result<ResolvedPath> {
        system::find(path)
    }

    /// Returns the resolved path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the metadata of the file; `None` if it does not exist.
    pub fn metadata(&self) -> Result<Option<FileMetadata>> {
        match system::metadata(&self.folder, &self.name) {
            Ok(standing) => Ok(Some(standing)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.failed("read", error)),
        }
    }

    /// Reads the file, of at most `most` bytes; refuses one that others can read.
    pub fn read(&self, most: u64) -> Result<Option<Vec<u8>>> {
        self.read_with(|file| super::read::read_shown(&self.path, file, most))
    }

    /// Reads the file, of at most `most` bytes, which holds no secret in plain text.
    pub fn read_public(&self, most: u64) -> Result<Option<Vec<u8>>> {
        self.read_with(|file| super::read::read_regular(&self.path, file, most))
    }

    fn read_with(&self, read: impl FnOnce(&File) -> Result<Vec<u8>>) -> Result<Option<Vec<u8>>> {
        let file = match system::open(&self.folder, &self.name, false) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(self.failed("read", error)),
        };
        read(&file)
            .map(Some)
            .map_err(|error| error.with_kind(Kind::Store))
    }

    /// Fails where the file may not be written.
    pub fn prove_writable(&self) -> Result<()> {
        system::open(&self.folder, &self.name, true)
            .map(drop)
            .map_err(|error| self.failed("write", error))
    }

    /// Returns whether other users may put files beside it.
    pub fn is_shared(&self) -> Result<bool> {
        system::is_shared(&self.folder).map_err(|error| self.failed("look around", error))
    }

    /// Returns whether it is a mount point, as single files in containers are.
    pub fn is_mounted(&self) -> bool {
        system::is_mounted(&self.folder, &self.name)
    }

    /// Makes a file beside it for its owner alone; one of that name, and a link, goes first.
    pub(super) fn create(&self, name: &OsStr) -> io::Result<File> {
        match self.remove(name) {
            Err(error) if !is_absent(&error) => return Err(error),
            _ => {}
        }
        system::create(&self.folder, name)
    }

    /// Puts the file `name` beside it in its place.
    pub(super) fn rename(&self, name: &OsStr) -> io::Result<()> {
        system::rename(&self.folder, name, &self.name, &self.path)
    }

    /// Removes the file `name` beside it.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        system::remove(&self.folder, name, &self.path.with_file_name(name))
    }

    /// Makes the entries of its folder last.
    pub(super) fn sync(&self) -> io::Result<()> {
        system::sync(&self.folder, self.path.parent().unwrap_or(Path::new("/")))
    }

    pub(super) fn name(&self) -> &OsStr {
        &self.name
    }

    fn failed(&self, tried: &str, error: io::Error) -> Error {
        path_error(tried, &self.path, error).with_kind(Kind::Store)
    }
}

fn refused(path: &Path, why: &str) -> Error {
    Error::new(
        Kind::Store,
        format!("cannot write `{}`: {why}", path.display()),
    )
}

fn no_folder(path: &Path, folder: &Path) -> Error {
    refused(path, &format!("there is no folder `{}`", folder.display()))
        .hint(format!("make it first: mkdir -p {}", folder.display()))
}

fn is_a_folder(path: &Path) -> Error {
    refused(path, "it is a folder").hint("name a file in it")
}

#[cfg(unix)]
mod in_folder {
    use std::collections::VecDeque;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStringExt;

    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};
    use rustix::io::Errno;

    use super::{
        File, FileMetadata, MAX_LINKS, OsStr, OsString, Path, PathBuf, ResolvedPath, Result, io,
        is_a_folder, no_folder, path_error, refused,
    };
    use crate::core::error::Kind;
    use crate::platform::fault;

    pub(super) type Folder = OwnedFd;

    /// Opens a folder to go through it: reading it is not asked for where the system can do without.
    fn enter(folder: impl std::os::fd::AsFd, name: &OsStr) -> Result<OwnedFd, Errno> {
        #[cfg(target_os = "linux")]
        let way = OFlags::PATH;
        #[cfg(not(target_os = "linux"))]
        let way = OFlags::RDONLY;
        let flags = way | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        rustix::fs::openat(folder, name, flags, Mode::empty())
    }

    pub(super) fn find(path: &Path) -> Result<ResolvedPath> {
        let parts = |path: &Path| -> Vec<OsString> {
            let parts = path.components();
            parts.map(|part| part.as_os_str().to_owned()).collect()
        };
        let failed =
            |at: &Path, error: Errno| path_error("find", at, error.into()).with_kind(Kind::Store);
        let mut todo: VecDeque<OsString> = parts(path).into();
        let mut folder = enter(CWD, OsStr::new(".")).map_err(|error| failed(path, error))?;
        let (mut at, mut links) = (PathBuf::new(), 0);
        while let Some(part) = todo.pop_front() {
            let here = at.join(&part);
            match rustix::fs::readlinkat(&folder, &part, Vec::new()) {
                Ok(target) if part != "/" => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(refused(path, "it is a link that leads nowhere"));
                    }
                    refuse_planted(&folder, &part, &here, path)?;
                    let target = PathBuf::from(OsString::from_vec(target.into_bytes()));
                    for part in parts(&target).into_iter().rev() {
                        todo.push_front(part);
                    }
                    continue;
                }
                _ => {}
            }
            if todo.is_empty() && !matches!(part.as_encoded_bytes(), b"/" | b"." | b"..") {
                return Ok(ResolvedPath {
                    folder,
                    name: part,
                    path: here,
                });
            }
            folder = enter(&folder, &part).map_err(|error| match error {
                Errno::NOENT | Errno::NOTDIR | Errno::LOOP => no_folder(path, &here),
                other => failed(&here, other),
            })?;
            match part.as_encoded_bytes() {
                b".." => drop(at.pop()),
                b"." => {}
                _ => at = here,
            }
        }
        Err(is_a_folder(path))
    }

    fn is_trusted(owner: u32) -> bool {
        owner == 0 || owner == rustix::process::geteuid().as_raw()
    }

    /// Returns whether others may add files to a folder. A group that is the owner's alone has the owner's number.
    fn is_open(folder: &Stat) -> bool {
        folder.st_mode & 0o002 != 0 || folder.st_mode & 0o020 != 0 && folder.st_gid != folder.st_uid
    }

    /// Refuses to follow a link that another user made or may have made.
    fn refuse_planted(folder: &OwnedFd, name: &OsStr, at: &Path, path: &Path) -> Result<()> {
        let look = || -> Result<bool, Errno> {
            let link = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
            let around = rustix::fs::fstat(folder)?;
            Ok(is_trusted(link.st_uid) && is_trusted(around.st_uid) && !is_open(&around))
        };
        if look().map_err(|error| path_error("read", at, error.into()).with_kind(Kind::Store))? {
            return Ok(());
        }
        Err(refused(
            path,
            &format!(
                "`{}` is a link that others may have put there, and it is not followed",
                at.display()
            ),
        )
        .hint("name the file that it leads to, or one in a folder that only you can write"))
    }

    pub(super) fn is_shared(folder: &OwnedFd) -> io::Result<bool> {
        Ok(is_open(&rustix::fs::fstat(folder)?))
    }

    pub(super) fn metadata(folder: &OwnedFd, name: &OsStr) -> io::Result<FileMetadata> {
        let data = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let kind = FileType::from_raw_mode(data.st_mode);
        Ok(FileMetadata {
            len: u64::try_from(data.st_size).unwrap_or(0),
            is_folder: kind == FileType::Directory,
            is_file: kind == FileType::RegularFile,
            owner: (data.st_uid, data.st_gid, mode_of(&data)),
        })
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn mode_of(data: &Stat) -> u32 {
        data.st_mode
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn mode_of(data: &Stat) -> u32 {
        u32::from(data.st_mode)
    }

    pub(super) fn open(folder: &OwnedFd, name: &OsStr, write: bool) -> io::Result<File> {
        let way = if write {
            OFlags::WRONLY
        } else {
            OFlags::RDONLY
        };
        let flags = way | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(folder, name, flags, Mode::empty())?.into())
    }

    pub(super) fn create(folder: &OwnedFd, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let mode = Mode::RUSR | Mode::WUSR;
        Ok(rustix::fs::openat(folder, name, flags | OFlags::CLOEXEC, mode)?.into())
    }

    pub(super) fn rename(
        folder: &OwnedFd,
        from: &OsStr,
        to: &OsStr,
        path: &Path,
    ) -> io::Result<()> {
        fault::rename_in(folder, from, to, path)
    }

    pub(super) fn remove(folder: &OwnedFd, name: &OsStr, path: &Path) -> io::Result<()> {
        fault::remove_in(folder, name, path)
    }

    pub(super) fn sync(folder: &OwnedFd, path: &Path) -> io::Result<()> {
        let synced = fault::sync_opened_folder(folder, path);
        super::super::forgive_unsyncable(synced)
    }

    #[cfg(target_os = "linux")]
    pub(super) fn is_mounted(folder: &OwnedFd, name: &OsStr) -> bool {
        use rustix::fs::{StatxAttributes, StatxFlags, statx};
        // A kernel that does not tell has to be believed.
        statx(folder, name, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::TYPE)
            .is_ok_and(|data| data.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn is_mounted(_: &OwnedFd, _: &OsStr) -> bool {
        false
    }

    impl FileMetadata {
        /// Refuses a file that others on this machine can read.
        pub fn refuse_if_shared(&self, path: &Path) -> Result<()> {
            super::super::read::refuse_wide(path, self.owner.2, self.is_folder)
        }

        /// Returns whether it belongs to another user.
        pub fn is_foreign(&self) -> bool {
            self.owner.0 != rustix::process::geteuid().as_raw()
        }
    }
}

/// The fallback by path, for systems that cannot hold a folder open.
#[cfg(not(unix))]
mod by_path {
    use std::fs::{self, OpenOptions};

    use super::{
        File, FileMetadata, OsStr, Path, PathBuf, ResolvedPath, Result, io, is_a_folder, no_folder,
    };
    use crate::platform::fault;

    pub(super) type Folder = PathBuf;

    pub(super) fn find(path: &Path) -> Result<ResolvedPath> {
        let Some(name) = path.file_name() else {
            return Err(is_a_folder(path));
        };
        let folder = path.parent().unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(no_folder(path, folder));
        }
        Ok(ResolvedPath {
            folder: folder.to_owned(),
            name: name.to_owned(),
            path: path.to_owned(),
        })
    }

    #[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
    pub(super) fn is_shared(_: &Folder) -> io::Result<bool> {
        Ok(false)
    }

    pub(super) fn metadata(folder: &Folder, name: &OsStr) -> io::Result<FileMetadata> {
        let data = fs::metadata(folder.join(name))?;
        Ok(FileMetadata {
            len: data.len(),
            is_folder: data.is_dir(),
            is_file: data.is_file(),
        })
    }

    pub(super) fn open(folder: &Folder, name: &OsStr, write: bool) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(!write).write(write).open(folder.join(name))
    }

    pub(super) fn create(folder: &Folder, name: &OsStr) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.create_new(true).write(true).open(folder.join(name))
    }

    pub(super) fn rename(folder: &Folder, from: &OsStr, _: &OsStr, path: &Path) -> io::Result<()> {
        fault::rename(&folder.join(from), path)
    }

    pub(super) fn remove(_: &Folder, _: &OsStr, path: &Path) -> io::Result<()> {
        fault::remove_file(path)
    }

    #[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
    pub(super) fn sync(_: &Folder, _: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn is_mounted(_: &Folder, _: &OsStr) -> bool {
        false
    }

    impl FileMetadata {
        /// Permissions of other systems are not looked at.
        #[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
        pub fn refuse_if_shared(&self, _: &Path) -> Result<()> {
            Ok(())
        }

        /// Owners of other systems are not looked at.
        pub fn is_foreign(&self) -> bool {
            false
        }
    }
}
