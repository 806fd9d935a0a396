//! Gives files back to their user, and to nobody else.

use std::fs;
use std::io;
use std::path::Path;

/// Makes a file or folder of this user private, and returns the change in words; a link, and what it leads to, stays.
#[cfg(unix)]
pub fn make_private(path: &Path) -> io::Result<Option<String>> {
    use std::os::unix::fs::PermissionsExt;
    let data = fs::symlink_metadata(path)?;
    if data.is_symlink() {
        return Ok(None);
    }
    let wanted = if data.is_dir() { 0o700 } else { 0o600 };
    let mode = data.permissions().mode() & 0o7777;
    // An owner who may do less than usual is a fault as well; one who may execute a file is none.
    let of_others = mode & 0o077;
    if of_others == 0 && mode & wanted == wanted {
        return Ok(None);
    }
    fs::set_permissions(path, fs::Permissions::from_mode(wanted))?;
    Ok(Some(format!(
        "`{}` is private (mode {mode:03o}, now {wanted:03o})",
        path.display()
    )))
}

/// Gives a file or folder of another user to this one, and returns the change in words; the system may refuse.
#[cfg(unix)]
pub fn take_back(path: &Path) -> io::Result<Option<String>> {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::geteuid().as_raw();
    let owner = fs::symlink_metadata(path)?.uid();
    if owner == own {
        return Ok(None);
    }
    std::os::unix::fs::lchown(path, Some(own), None)?;
    Ok(Some(format!(
        "`{}` belongs to you (it was user {owner}'s)",
        path.display()
    )))
}

#[cfg(not(unix))]
pub fn make_private(_: &Path) -> io::Result<Option<String>> {
    Ok(None)
}

#[cfg(not(unix))]
pub fn take_back(_: &Path) -> io::Result<Option<String>> {
    Ok(None)
}
