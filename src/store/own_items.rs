//! Records the names of the keyring items that this machine has written, so that items of other programs are
//! recognized.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::core::error::{Error, Kind, Result};
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};

/// A service and an account.
type Items = BTreeSet<(String, String)>;

fn path(platform: &Platform) -> PathBuf {
    platform.dirs.state.join("keyring-items.json")
}

fn load(platform: &Platform) -> Result<Items> {
    let path = path(platform);
    let Some(bytes) = files::read_private(&path)? else {
        return Ok(Items::new());
    };
    serde_json::from_slice(&bytes).map_err(|error| {
        Error::new(Kind::Store, format!("`{}` is damaged", path.display()))
            .caused_by(error)
            .hint("remove it: keyring items then count as another program's")
    })
}

/// Records that an item was written.
pub(super) fn record(platform: &Platform, service: &str, account: &str) -> Result<()> {
    let path = path(platform);
    let lock = FileLock::acquire(&files::lock_path(&path), &platform.lock_deadline)?;
    let mut items = load(platform)?;
    if !items.insert((service.to_owned(), account.to_owned())) {
        return Ok(());
    }
    let text = serde_json::to_string(&items)
        .map_err(|error| Error::failed("cannot write the list of items").caused_by(error))?;
    files::write_private(&path, text.as_bytes(), &lock)
}

/// Returns whether an item was written here.
pub(super) fn is_recorded(platform: &Platform, service: &str, account: &str) -> Result<bool> {
    Ok(load(platform)?.contains(&(service.to_owned(), account.to_owned())))
}
