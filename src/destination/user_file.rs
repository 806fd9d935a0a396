//! Checks, reads and replaces a file of the user as a whole.
//!
//! A symbolic link of this user is followed: its target is replaced, and the link stays. Refused are a link that
//! others may have created, a file that others can read, one that is not a regular file, and one that cannot be read
//! back.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use zeroize::Zeroizing;

use crate::core::error::{Error, Kind, Result};
use crate::platform::Platform;
use crate::platform::files::{self, FileLock, LockDeadline, ResolvedPath};

/// The maximum size of an edited file, in bytes: larger ones do not hold secrets.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// A path of the user and the folder of the locks.
pub(super) struct UserFile {
    path: PathBuf,
    locks: PathBuf,
    lock_deadline: Rc<LockDeadline>,
    content: FileContent,
}

/// The kind of content of a file, which decides who may read it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FileContent {
    PlainText,
    Ciphertext,
}

/// The previous content of a file; it is wiped when it is dropped.
pub(super) type FileText = Zeroizing<String>;

impl UserFile {
    pub(super) fn new(path: PathBuf, platform: &Platform) -> Self {
        UserFile {
            path,
            locks: platform.dirs.state.join("locks"),
            lock_deadline: Rc::clone(&platform.lock_deadline),
            content: FileContent::PlainText,
        }
    }

    /// Returns the file at `path`, which others may read, because it is encrypted; its mode stays.
    pub(super) fn encrypted(path: PathBuf, platform: &Platform) -> Self {
        UserFile {
            content: FileContent::Ciphertext,
            ..UserFile::new(path, platform)
        }
    }

    /// Proves that the file can be replaced; leaves nothing behind. Returns its content.
    pub(super) fn probe(&self) -> Result<Option<FileText>> {
        let target = self.resolved_target()?;
        let lock = self.lock(&target)?;
        files::check_replaceable(&target, &lock)?;
        self.read_at(&target)
    }

    /// Returns the result of `look` at the content of the file, which no other process changes meanwhile.
    pub(super) fn examine<T>(&self, look: impl FnOnce(Option<&str>) -> Result<T>) -> Result<T> {
        let target = self.resolved_target()?;
        let _lock = self.lock(&target)?;
        let text = self.read_at(&target)?;
        look(text.as_ref().map(|text| text.as_str()))
    }

    /// Returns the content of the file; `None` if it does not exist.
    pub(super) fn read(&self) -> Result<Option<FileText>> {
        self.read_at(&self.resolved_target()?)
    }

    /// Replaces the content of the file by the result of `edit`; `None` is a missing file.
    pub(super) fn edit(
        &self,
        edit: impl FnOnce(Option<&str>) -> Result<Option<FileText>>,
    ) -> Result<()> {
        let target = self.resolved_target()?;
        let lock = self.lock(&target)?;
        let old = self.read_at(&target)?;
        let replace = match self.content {
            FileContent::PlainText => files::replace,
            FileContent::Ciphertext => files::replace_readable,
        };
        match edit(old.as_ref().map(|text| text.as_str()))? {
            // The same content is written again, too: it may not have been synced.
            Some(new) => replace(&target, new.as_bytes(), &lock),
            None => files::remove_synced(&target, &lock),
        }
    }

    /// Returns the path of the file itself, with all links followed.
    pub(super) fn target(&self) -> Result<PathBuf> {
        Ok(ResolvedPath::find(&self.path)?.path().to_owned())
    }

    /// Returns the resolved path of the file; refuses one that cannot take a secret.
    fn resolved_target(&self) -> Result<ResolvedPath> {
        let target = ResolvedPath::find(&self.path)?;
        check(&target, self.content)?;
        Ok(target)
    }

    fn read_at(&self, target: &ResolvedPath) -> Result<Option<FileText>> {
        let bytes = match self.content {
            FileContent::PlainText => target.read(MAX_FILE_BYTES),
            FileContent::Ciphertext => target.read_public(MAX_FILE_BYTES),
        };
        bytes?.map(|bytes| text(target, bytes)).transpose()
    }

    fn lock(&self, target: &ResolvedPath) -> Result<FileLock> {
        let name = format!("destination-{:016x}.lock", fingerprint(target.path()));
        FileLock::acquire(&self.locks.join(name), &self.lock_deadline)
    }
}

/// FNV-1a: the same in every version, and a collision only costs a wait.
fn fingerprint(path: &Path) -> u64 {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

fn check(target: &ResolvedPath, content: FileContent) -> Result<()> {
    let path = target.path();
    let Some(metadata) = target.metadata()? else {
        return Ok(());
    };
    if metadata.is_folder {
        return Err(refused(path, "it is a folder").hint("name a file in it"));
    }
    if !metadata.is_file {
        return Err(refused(path, "it is not a regular file").hint(
            "for a pipe or a terminal use `stdout`, or `exec:` with a program that writes to it",
        ));
    }
    if metadata.len > MAX_FILE_BYTES {
        return Err(refused(path, "it is larger than 1 MiB"));
    }
    if target.is_mounted() {
        return Err(refused(
            path,
            "it is mounted by itself and cannot be replaced as a whole",
        )
        .hint("mount its folder instead"));
    }
    if content == FileContent::PlainText {
        metadata.refuse_if_shared(path)?;
    }
    // The owner is preserved, and would get the secret.
    if metadata.is_foreign() && target.is_shared()? {
        return Err(refused(
            path,
            "it belongs to another user, in a folder that everyone can write to",
        )
        .hint("name a file in a folder that only its owner can write"));
    }
    target
        .prove_writable()
        .map_err(|error| error.hint("make it writable for you, or name another file"))
}

fn text(target: &ResolvedPath, bytes: Vec<u8>) -> Result<FileText> {
    String::from_utf8(bytes)
        .map(FileText::new)
        .map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            refused(
                target.path(),
                "its content is not UTF-8 text, and would be lost",
            )
        })
}

fn refused(target: &Path, why: &str) -> Error {
    Error::new(
        Kind::Store,
        format!("cannot write `{}`: {why}", target.display()),
    )
}
