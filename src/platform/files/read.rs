//! Bounded reads of files; secrets are read only from files of this user.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::access::belongs_to_another_user;
use super::{is_absent, named_error, path_error};
use crate::core::error::{Error, Kind, Result};

/// The default limit for a file, in bytes: every file of keywright's own is far smaller.
const MAX_FILE: u64 = 64 << 20;

/// The default limit for a text file, in bytes.
const MAX_TEXT: u64 = 16 << 20;

/// Reads a regular file; `None` only when it is not there, any other trouble is an error.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    read_within(path, MAX_FILE)
}

/// As [`read`], of at most `most` bytes.
pub fn read_within(path: &Path, most: u64) -> Result<Option<Vec<u8>>> {
    match open(path) {
        Ok(file) => read_regular(path, &file, most).map(Some),
        Err(error) if is_absent(&error) || belongs_to_another_user(path, &error) => Ok(None),
        Err(error) => Err(path_error("read", path, error)),
    }
}

/// Returns whether there is a regular file that can be opened; an error where it is something else, or cannot be.
pub fn is_readable(path: &Path) -> Result<bool> {
    match open(path) {
        Ok(file) => match other_than_regular(&metadata(path, &file)?) {
            None => Ok(true),
            Some(other) => Err(unreadable(path, other)),
        },
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(path_error("read", path, error)),
    }
}

/// Returns the kind of the file at `path`, to follow "it is", unless it is a regular file.
pub fn other_than_file(path: &Path) -> Option<&'static str> {
    other_than_regular(&fs::metadata(path).ok()?)
}

/// Reads a path that the user named: a regular file, or a descriptor of a shell below `/dev` and `/proc`, of at most
/// `most` bytes. Returns `None` only if it does not exist.
pub fn read_named(path: &Path, most: u64) -> Result<Option<Vec<u8>>> {
    let handed_over = is_descriptor_path(path);
    let opened = if handed_over {
        File::open(path)
    } else {
        open(path)
    };
    match opened {
        Ok(file) if handed_over => read_bounded(path, &file, most).map(Some),
        Ok(file) => read_regular(path, &file, most).map(Some),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(named_error("read", path, error)),
    }
}

/// Returns whether a path names an open stream, such as `/dev/stdin` or the result of `<(command)`.
pub fn is_descriptor_path(path: &Path) -> bool {
    path.starts_with("/dev") || path.starts_with("/proc")
}

/// As [`read_named`], text.
pub fn read_named_text(path: &Path, most: u64) -> Result<Option<String>> {
    read_named(path, most)?
        .map(|bytes| text_of(path, bytes))
        .transpose()
}

/// Reads a text file of at most `most` bytes; `None` only when it is not there.
pub fn read_text_within(path: &Path, most: u64) -> Result<Option<String>> {
    read_within(path, most)?
        .map(|bytes| text_of(path, bytes))
        .transpose()
}

fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes)
        .map_err(|_| Error::usage(format!("`{}` is not UTF-8 text", path.display())))
}

/// Options that read, and do not wait where a pipe has no writer.
fn reading(flags: i32) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        let at_once = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, at_once | flags);
    }
    #[cfg(not(unix))]
    let _ = flags;
    options
}

/// Opens a file to read it.
pub(super) fn open(path: &Path) -> io::Result<File> {
    reading(0).open(path)
}

/// Reads a file that may hold a secret; refuses one that others can read.
pub(super) fn read_shown(path: &Path, file: &File, most: u64) -> Result<Vec<u8>> {
    let data = metadata(path, file)?;
    refuse_mode(path, &data)?;
    read_regular(path, file, most)
}

/// An open file, read as a regular file of limited size.
pub(super) enum Whole {
    /// All that it holds, and what is known of it.
    Bytes(fs::Metadata, Vec<u8>),
    /// Its actual kind, to follow "it is".
    Refused(String),
}

/// Reads an open file where it is a regular one of at most `most` bytes; one that has more is refused, and not cut.
pub(super) fn whole(path: &Path, file: &File, most: u64) -> Result<Whole> {
    let data = metadata(path, file)?;
    if let Some(other) = other_than_regular(&data) {
        return Ok(Whole::Refused(other.to_owned()));
    }
    let bytes = if data.len() > most {
        None
    } else {
        bounded(path, file, most)?
    };
    Ok(match bytes {
        Some(bytes) => Whole::Bytes(data, bytes),
        None => Whole::Refused(larger_than(most)),
    })
}

fn metadata(path: &Path, file: &File) -> Result<fs::Metadata> {
    file.metadata()
        .map_err(|error| path_error("read", path, error))
}

/// Returns the kind of the file, unless it is a regular one.
fn other_than_regular(data: &fs::Metadata) -> Option<&'static str> {
    match data {
        data if data.is_file() => None,
        data if data.is_dir() => Some("a folder"),
        _ => Some("not a regular file"),
    }
}

pub(super) fn read_regular(path: &Path, file: &File, most: u64) -> Result<Vec<u8>> {
    match whole(path, file, most)? {
        Whole::Bytes(_, bytes) => Ok(bytes),
        Whole::Refused(why) => Err(unreadable(path, &why)),
    }
}

/// Reads at most `most` bytes of what may be no regular file; one that has more is an error, and not cut.
fn read_bounded(path: &Path, file: &File, most: u64) -> Result<Vec<u8>> {
    bounded(path, file, most)?.ok_or_else(|| unreadable(path, &larger_than(most)))
}

/// Reads at most `most` bytes; `None` where there are more.
fn bounded(path: &Path, file: &File, most: u64) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| path_error("read", path, error))?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

fn larger_than(most: u64) -> String {
    let limit = if most >= 1 << 20 {
        format!("{} MiB", most >> 20)
    } else {
        format!("{} KiB", most >> 10)
    };
    format!("larger than the {limit} that are read")
}

fn unreadable(path: &Path, why: &str) -> Error {
    Error::usage(format!("cannot read `{}`: it is {why}", path.display()))
}

/// Reads a text file; `None` only when it is not there.
pub fn read_text(path: &Path) -> Result<Option<String>> {
    read_text_within(path, MAX_TEXT)
}

/// Reads a file that holds secrets. Refuses one that others can read, that belongs to another user, or that is only a
/// link. Returns `None` only if it does not exist.
pub fn read_private(path: &Path) -> Result<Option<Vec<u8>>> {
    let file = match reading(no_link()).open(path) {
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
    // Of the opened file: another one may have that name by now.
    let data = metadata(path, &file)?;
    refuse_mode(path, &data)?;
    refuse_owner(path, &data)?;
    read_regular(path, &file, MAX_FILE)
        .map(Some)
        .map_err(|error| match error.kind() {
            Kind::Usage => error.with_kind(Kind::Store),
            _ => error,
        })
}

/// Returns the flag that opens no link.
#[cfg(unix)]
pub(super) fn no_link() -> i32 {
    rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()
}

/// Links of other systems are followed.
#[cfg(not(unix))]
pub(super) fn no_link() -> i32 {
    0
}

/// Refuses a file or folder that belongs to another user of this machine.
pub fn refuse_if_foreign(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(data) => refuse_owner(path, &data),
        Err(error) if is_absent(&error) => Ok(()),
        Err(error) => Err(path_error("read", path, error)),
    }
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
    refuse_wide(path, data.permissions().mode(), data.is_dir())
}

/// Refuses what others can read, by its mode.
#[cfg(unix)]
pub(super) fn refuse_wide(path: &Path, mode: u32, is_folder: bool) -> Result<()> {
    let mode = mode & 0o777;
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
    .hint(format!(
        "make it private: chmod {} {}",
        if is_folder { 700 } else { 600 },
        path.display()
    )))
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
    .hint("run keywright as its owner")
    .hint(super::access::chown_hint(path)))
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
