//! Moves a private file to another folder of the same disk.

use std::path::Path;

use super::{FileLock, create_private_folder, is_absent, path_error};
use crate::core::error::Result;
use crate::platform::fault;

/// Moves the file at `from` to `to`, whose folder is created if needed; returns false if there is none. It is synced
/// with the next file that is written there.
pub fn move_private(from: &Path, to: &Path, _lock: &FileLock) -> Result<bool> {
    if let Some(folder) = to.parent() {
        create_private_folder(folder)?;
    }
    match fault::rename(from, to) {
        Ok(()) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(path_error("move", from, error)),
    }
}
