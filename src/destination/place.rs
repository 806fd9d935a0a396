//! A file of the user's: checked, read and replaced as a whole.
//!
//! A symbolic link is written through: what it points to is replaced, and the link stays. What others can read, what
//! is no regular file and what cannot be read back is refused.

use std::fs::{self, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::files::{self, Lock};
use crate::world::World;

/// How long to wait for another keywright that writes the same file.
const WAIT: Duration = Duration::from_secs(10);

/// How many links may stand between a name and its file.
const MOST_LINKS: usize = 40;

/// The largest file that is edited, in bytes: larger ones do not hold secrets.
const LARGEST: u64 = 1 << 20;

/// A path of the user's and where the locks are.
pub(super) struct Place {
    path: PathBuf,
    locks: PathBuf,
}

/// What a file held before; it is wiped when it is dropped.
pub(super) type Text = Zeroizing<String>;

impl Place {
    pub(super) fn new(path: PathBuf, world: &World) -> Self {
        Place {
            path,
            locks: world.dirs.state.join("locks"),
        }
    }

    /// Proves that the file can be replaced; leaves nothing behind. Returns what it holds.
    pub(super) fn probe(&self) -> Result<Option<Text>> {
        let target = self.target()?;
        check(&target)?;
        let lock = self.lock(&target)?;
        files::prove_replaceable(&target, &lock)?;
        read(&target)
    }

    /// What the file holds; `None` when it is not there.
    pub(super) fn read(&self) -> Result<Option<Text>> {
        let target = self.target()?;
        check(&target)?;
        read(&target)
    }

    /// Replaces what the file holds by what `edit` makes of it; `None` is a file that is not there.
    pub(super) fn edit(
        &self,
        edit: impl FnOnce(Option<&str>) -> Result<Option<Text>>,
    ) -> Result<()> {
        let target = self.target()?;
        check(&target)?;
        let lock = self.lock(&target)?;
        let old = read(&target)?;
        match edit(old.as_ref().map(|text| text.as_str()))? {
            // Also what is the same already: nobody knows whether it was synced.
            Some(new) => files::replace(&target, new.as_bytes(), &lock),
            None => files::remove_for_good(&target, &lock),
        }
    }

    /// Where the file itself is, behind all links.
    pub(super) fn target(&self) -> Result<PathBuf> {
        let mut target = self.path.clone();
        for _ in 0..MOST_LINKS {
            match fs::read_link(&target) {
                // A relative link counts from its own folder.
                Ok(next) => target = folder_of(&target).join(next),
                // It is no link, or there is nothing.
                Err(_) => return Ok(target),
            }
        }
        Err(refused(&self.path, "it is a link that leads nowhere"))
    }

    fn lock(&self, target: &Path) -> Result<Lock> {
        let folder = fs::canonicalize(folder_of(target)).map_err(|error| {
            files::path_error("find", folder_of(target), error).as_kind(Kind::Store)
        })?;
        let whole = folder.join(target.file_name().unwrap_or_default());
        let name = format!("destination-{:016x}.lock", fingerprint(&whole));
        Lock::acquire(&self.locks.join(name), WAIT)
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

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

fn check(target: &Path) -> Result<()> {
    let folder = folder_of(target);
    if !folder.is_dir() {
        return Err(refused(
            target,
            &format!("there is no folder `{}`", folder.display()),
        )
        .hint(format!("make it first: mkdir -p {}", folder.display())));
    }
    let data = match fs::metadata(target) {
        Ok(data) => data,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(files::path_error("read", target, error).as_kind(Kind::Store)),
    };
    if data.is_dir() {
        return Err(refused(target, "it is a folder").hint("name a file in it"));
    }
    if !data.is_file() {
        return Err(refused(target, "it is no regular file").hint(
            "for a pipe or a terminal use `stdout`, or `exec:` with a program that writes to it",
        ));
    }
    if data.len() > LARGEST {
        return Err(refused(target, "it is larger than 1 MiB"));
    }
    if is_mounted(target) {
        return Err(refused(
            target,
            "it is mounted by itself and cannot be replaced as a whole",
        )
        .hint("mount its folder instead"));
    }
    files::refuse_if_shared(target)?;
    refuse_if_planted(target, &data)?;
    OpenOptions::new()
        .write(true)
        .open(target)
        .map(drop)
        .map_err(|error| {
            files::path_error("write", target, error)
                .as_kind(Kind::Store)
                .hint("make it writable for you, or name another file")
        })
}

/// Refuses a stranger's file in a folder where strangers may put files: its owner is kept, and would get the secret.
#[cfg(unix)]
fn refuse_if_planted(target: &Path, data: &Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    if data.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    let folder = fs::metadata(folder_of(target)).map_err(|error| {
        files::path_error("read", folder_of(target), error).as_kind(Kind::Store)
    })?;
    if folder.mode() & 0o022 == 0 {
        return Ok(());
    }
    Err(refused(
        target,
        "it belongs to somebody else, in a folder where everybody may put files",
    )
    .hint("name a file in a folder that only its owner can write"))
}

#[cfg(not(unix))]
fn refuse_if_planted(_: &Path, _: &Metadata) -> Result<()> {
    Ok(())
}

/// Whether a file is a mount point of its own, as containers are given single files.
#[cfg(target_os = "linux")]
fn is_mounted(target: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    // A kernel that does not tell has to be believed.
    statx(CWD, target, AtFlags::empty(), StatxFlags::TYPE)
        .is_ok_and(|data| data.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(not(target_os = "linux"))]
fn is_mounted(_: &Path) -> bool {
    false
}

fn read(target: &Path) -> Result<Option<Text>> {
    let Some(bytes) = files::read(target).map_err(|error| error.as_kind(Kind::Store))? else {
        return Ok(None);
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err(refused(
                target,
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
