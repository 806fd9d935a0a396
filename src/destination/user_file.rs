//! A file of the user's: checked, read and replaced as a whole.
//!
//! A symbolic link of this user's is written through: what it points to is replaced, and the link stays. One that others
//! may have put there, what others can read, what is no regular file and what cannot be read back is refused.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use zeroize::Zeroizing;

use crate::core::error::{Error, Kind, Result};
use crate::platform::Platform;
use crate::platform::files::{self, FileLock, LockDeadline, ResolvedPath};

/// The largest file that is edited, in bytes: larger ones do not hold secrets.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// A path of the user's and where the locks are.
pub(super) struct UserFile {
    path: PathBuf,
    locks: PathBuf,
    patience: Rc<LockDeadline>,
}

/// What a file held before; it is wiped when it is dropped.
pub(super) type FileText = Zeroizing<String>;

impl UserFile {
    pub(super) fn new(path: PathBuf, platform: &Platform) -> Self {
        UserFile {
            path,
            locks: platform.dirs.state.join("locks"),
            patience: Rc::clone(&platform.patience),
        }
    }

    /// Proves that the file can be replaced; leaves nothing behind. Returns what it holds.
    pub(super) fn probe(&self) -> Result<Option<FileText>> {
        let spot = self.spot()?;
        let lock = self.lock(&spot)?;
        files::check_replaceable(&spot, &lock)?;
        read(&spot)
    }

    /// What the file holds; `None` when it is not there.
    pub(super) fn read(&self) -> Result<Option<FileText>> {
        read(&self.spot()?)
    }

    /// Replaces what the file holds by what `edit` makes of it; `None` is a file that is not there.
    pub(super) fn edit(
        &self,
        edit: impl FnOnce(Option<&str>) -> Result<Option<FileText>>,
    ) -> Result<()> {
        let spot = self.spot()?;
        let lock = self.lock(&spot)?;
        let old = read(&spot)?;
        match edit(old.as_ref().map(|text| text.as_str()))? {
            // Also what is the same already: nobody knows whether it was synced.
            Some(new) => files::replace(&spot, new.as_bytes(), &lock),
            None => files::remove_synced(&spot, &lock),
        }
    }

    /// Where the file itself is, behind all links.
    pub(super) fn target(&self) -> Result<PathBuf> {
        Ok(ResolvedPath::find(&self.path)?.path().to_owned())
    }

    /// Where the file itself is; refused where it cannot take a secret.
    fn spot(&self) -> Result<ResolvedPath> {
        let spot = ResolvedPath::find(&self.path)?;
        check(&spot)?;
        Ok(spot)
    }

    fn lock(&self, spot: &ResolvedPath) -> Result<FileLock> {
        let name = format!("destination-{:016x}.lock", fingerprint(spot.path()));
        FileLock::acquire(&self.locks.join(name), &self.patience)
    }
}

/// FNV-1a: the same in every version, and a collision costs no more than a wait.
fn fingerprint(path: &Path) -> u64 {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

fn check(spot: &ResolvedPath) -> Result<()> {
    let target = spot.path();
    let Some(standing) = spot.metadata()? else {
        return Ok(());
    };
    if standing.is_folder {
        return Err(refused(target, "it is a folder").hint("name a file in it"));
    }
    if !standing.is_file {
        return Err(refused(target, "it is no regular file").hint(
            "for a pipe or a terminal use `stdout`, or `exec:` with a program that writes to it",
        ));
    }
    if standing.len > MAX_FILE_BYTES {
        return Err(refused(target, "it is larger than 1 MiB"));
    }
    if spot.is_mounted() {
        return Err(refused(
            target,
            "it is mounted by itself and cannot be replaced as a whole",
        )
        .hint("mount its folder instead"));
    }
    standing.refuse_if_shared(target)?;
    // The owner is kept, and would get the secret.
    if standing.is_foreign() && spot.is_shared()? {
        return Err(refused(
            target,
            "it belongs to somebody else, in a folder where everybody may put files",
        )
        .hint("name a file in a folder that only its owner can write"));
    }
    spot.prove_writable()
        .map_err(|error| error.hint("make it writable for you, or name another file"))
}

fn read(spot: &ResolvedPath) -> Result<Option<FileText>> {
    let Some(bytes) = spot.read(MAX_FILE_BYTES)? else {
        return Ok(None);
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err(refused(
                spot.path(),
                "what it holds is no UTF-8 text, and would be lost",
            ))
        }
    }
}

fn refused(target: &Path, why: &str) -> Error {
    Error::new(
        Kind::Store,
        format!("cannot write `{}`: {why}", target.display()),
    )
}
