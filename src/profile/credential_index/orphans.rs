//! Items that a process may leave behind when it is killed: noted before they are written or their pointer goes, so
//! that the next run finds and deletes them.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::CredentialIndex;
use crate::core::error::{Error, Result};
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};
use crate::store::{SecretRef, StoreKind, Stores};

/// A note of items that are being changed; while it lives, nobody takes them for left over.
pub struct PendingDelete {
    path: PathBuf,
    alive: FileLock,
}

#[derive(Serialize, Deserialize)]
struct PendingItems {
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
        let note = serde_json::to_vec(&PendingItems { store, items })
            .map_err(|error| Error::failed("a note could not be written").caused_by(error))?;
        files::write_private(&path, &note, &alive)?;
        Ok(PendingDelete { path, alive })
    }

    /// Nothing is left over.
    pub fn commit(self) -> Result<()> {
        files::remove(&self.path, &self.alive).map(drop)
    }
}

/// While it is held, nobody takes an item for left over that is about to be pointed to.
pub fn changing(platform: &Platform) -> Result<FileLock> {
    FileLock::acquire_shared(&lock_path(platform), &platform.patience)
}

/// Deletes what dead processes have left over in `store`, unless something points to it; returns how many items.
///
/// Nothing is done while another process changes items: it may be about to point to them.
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
        // A note that was not written whole: nothing had happened yet.
        files::remove(&path, &alone)?;
    }
    let mut gone = 0;
    for path in notes {
        let Some(text) = files::read(&path)? else {
            continue;
        };
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

/// Deletes files of `store` that nobody can open any more, unless a profile points to them; returns how many.
///
/// What else is unfinished may be about to write such a file: it must be known that nothing is.
pub fn collect_files(platform: &Platform, stores: &Stores, store: StoreKind) -> Result<usize> {
    let Some(_alone) = FileLock::acquire_brief(&lock_path(platform), &platform.patience)? else {
        return Ok(0);
    };
    let is_used = |item: &SecretRef| Ok(CredentialIndex::load(platform)?.points_to(item));
    Ok(stores.of(store)?.sweep(&is_used)?)
}

/// Deletes those of `items` that no profile points to; returns how many were there.
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
