//! Appends to a private file: what cannot be appended whole is cut off again.

use std::fs::File;
use std::io::{self, Seek};
use std::path::Path;

use super::{FileLock, path_error};
use crate::core::error::Result;
use crate::platform::fault;

/// Appends `bytes` to the file at `path`, which is open at its end, and syncs them if `synced` is set.
///
/// After an error the file is as it was, or ends in a part of `bytes` if the disk does not even allow it to be cut back.
pub fn append(
    mut file: File,
    path: &Path,
    bytes: &[u8],
    synced: bool,
    _lock: &FileLock,
) -> Result<File> {
    let failed = |error: io::Error| path_error("write", path, error);
    let length = file.stream_position().map_err(failed)?;
    let mut write = || {
        fault::write_all(&mut file, path, bytes)?;
        if synced {
            fault::sync_data(&file, path)?;
        }
        Ok(())
    };
    if let Err(error) = write() {
        let _ = fault::set_len(&file, path, length);
        return Err(failed(error));
    }
    Ok(file)
}
