//! Writes a file that must not be there yet.

use std::io::ErrorKind;
use std::path::Path;

use super::{named_error, private_options};
use crate::core::error::{Error, Kind, Result};
use crate::platform::fault;

/// Writes a file that is not there yet, readable by its owner alone; one that is there, or a link, is left as it is.
pub fn create_once(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = private_options()
        .create_new(true)
        .write(true)
        .open(path)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Error::new(
                Kind::Conflict,
                format!(
                    "`{}` is there already, and was left as it is",
                    path.display()
                ),
            )
            .hint("name another file"),
            _ => named_error("write", path, error),
        })?;
    let write =
        fault::write_all(&mut file, path, bytes).and_then(|()| fault::sync_all(&file, path));
    write.map_err(|error| {
        let _ = fault::remove_file(path);
        named_error("write", path, error)
    })
}
