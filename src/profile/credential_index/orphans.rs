//! Deletes items that a killed process left. They are noted before they are written or before their pointer is
//! removed, so that the next run finds them.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::CredentialIndex;
use crate::core::error::{Error, Result};
use crate::core::format::{first_version, refuse_newer};
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};
use crate::store::{SecretRef, StoreKind, Stores};

/// A note of items that are being changed; while it exists, they are not considered orphans.
pub struct PendingDelete {
    path: PathBuf,
    alive: FileLock,
}

/// The version of the note's form.
const FORMAT_VERSION: u32 = 1;

/// The note as it is written down.
#[derive(Serialize, Deserialize)]
pub struct PendingItems {
    #[serde(default = "first_version")]
    version: u32,
    store: StoreKind,
    items: Vec<SecretRef>,
}

impl PendingDelete {
    /// Notes items of `store` before anything happens to them.
    pub fn begin(
        platform: &Platform,
        store: StoreKind,
        items: Vec<SecretRef>,
    ) -> Result<PendingDelete> {
        let alive = changing(platform)?;
        let path = folder(platform).join(format!("{}.json", SecretRef::fresh()?.file_stem()));
        let note = PendingItems {
            version: FORMAT_VERSION,
            store,
            items,
        };
        let note = serde_json::to_vec(&note)
            .map_err(|error| Error::failed("a note could not be written").caused_by(error))?;
        files::write_private(&path, &note, &alive)?;
        Ok(PendingDelete { path, alive })
    }

    /// Removes the note: no orphan remains.
    pub fn commit(self) -> Result<()> {
        files::remove(&self.path, &self.alive).map(drop)
    }
}

/// Takes the lock under which an item that is about to be pointed to is not considered an orphan.
pub fn changing(platform: &Platform) -> Result<FileLock> {
    FileLock::acquire_shared(&lock_path(platform), &platform.patience)
}

/// Deletes the items that dead processes left in `store`, unless a pointer to them exists; returns their number.
///
/// Does nothing while another process changes items, since it may be about to point to them.
pub fn collect(platform: &Platform, stores: &Stores, store: StoreKind) -> Result<usize> {
    let notes = files::list(&folder(platform), "json")?;
    let unfinished = files::list(&folder(platform), "new")?;
    if notes.is_empty() && unfinished.is_empty() {
        return Ok(0);
    }
    let Some(alone) = FileLock::acquire_brief(&lock_path(platform), &platform.patience)? else {
        return Ok(0);
    };
    for path in unfinished {
        // A note that was not written whole: its change had not begun.
        files::remove(&path, &alone)?;
    }
    let mut gone = 0;
    for path in notes {
        let Some(text) = files::read(&path)? else {
            continue;
        };
        refuse_newer(&path, &text, FORMAT_VERSION)?;
        let note: PendingItems = serde_json::from_slice(&text).map_err(|_| {
            Error::failed(format!("`{}` is damaged", path.display()))
                .hint("it only names items of a store that may be left over: it may be removed")
        })?;
        if note.store != store {
            continue;
        }
        gone += delete_unused(platform, stores, store, &note.items)?;
        files::remove(&path, &alone)?;
    }
    Ok(gone)
}

/// Deletes files of `store` that can no longer be opened, unless a profile points to them; returns their number.
///
/// No other operation may be in progress, since it may be about to write such a file.
pub fn collect_files(platform: &Platform, stores: &Stores, store: StoreKind) -> Result<usize> {
    let Some(_alone) = FileLock::acquire_brief(&lock_path(platform), &platform.patience)? else {
        return Ok(0);
    };
    let is_used = |item: &SecretRef| Ok(CredentialIndex::load(platform)?.points_to(item));
    Ok(stores.of(store)?.sweep(&is_used)?)
}

/// Deletes those of `items` that no profile points to; returns the number that existed.
pub fn delete_unused(
    platform: &Platform,
    stores: &Stores,
    store: StoreKind,
    items: &[SecretRef],
) -> Result<usize> {
    let holdings = CredentialIndex::load(platform)?;
    let mut gone = 0;
    for item in items.iter().filter(|item| !holdings.points_to(item)) {
        gone += usize::from(stores.of(store)?.delete(item)?);
    }
    Ok(gone)
}

fn folder(platform: &Platform) -> PathBuf {
    platform.dirs.state.join("leftovers")
}

fn lock_path(platform: &Platform) -> PathBuf {
    platform.dirs.state.join("leftovers.lock")
}
