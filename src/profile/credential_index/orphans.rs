//! Deletes items that a killed process left. They are noted before they are written or before their pointer is
//! removed, so that the next run finds them.

use serde::{Deserialize, Serialize};

use super::CredentialIndex;
use crate::core::error::{Error, Result};
use crate::core::format::{WriterVersion, first_version, refuse_newer};
use crate::platform::Platform;
use crate::platform::files::FileLock;
use crate::store::{SecretRef, StoreKind, Stores};
use crate::wal::{Notes, Pending};

/// The version of the note's form.
const FORMAT_VERSION: u32 = 1;

/// A note of items that are being changed; while it exists, they are not considered orphans.
#[derive(Serialize, Deserialize)]
pub struct PendingItems {
    #[serde(default = "first_version")]
    version: u32,
    #[serde(default, rename = "keywright")]
    writer: WriterVersion,
    store: StoreKind,
    items: Vec<SecretRef>,
}

impl PendingItems {
    /// Notes items of `store` before anything happens to them.
    pub fn begin(platform: &Platform, store: StoreKind, items: Vec<SecretRef>) -> Result<Pending> {
        let note = PendingItems {
            version: FORMAT_VERSION,
            writer: WriterVersion,
            store,
            items,
        };
        let note = serde_json::to_vec(&note).map_err(|error| {
            Error::failed("cannot record the pending change in `leftovers/`").caused_by(error)
        })?;
        notes(platform).begin(&SecretRef::fresh()?, &note)
    }
}

fn notes(platform: &Platform) -> Notes<'_> {
    Notes {
        platform,
        folder: "leftovers",
        extension: "json",
    }
}

/// Takes the lock under which an item that is about to be pointed to is not considered an orphan.
pub fn changing(platform: &Platform) -> Result<FileLock> {
    notes(platform).hold()
}

/// Deletes the items that dead processes left in `store`, unless a pointer to them exists; returns their number.
pub fn collect(platform: &Platform, stores: &Stores, store: StoreKind) -> Result<usize> {
    let mut gone = 0;
    notes(platform).recover(|path, text| -> Result<bool> {
        refuse_newer(path, text, FORMAT_VERSION)?;
        let note: PendingItems = serde_json::from_slice(text).map_err(|_| {
            Error::failed(format!("`{}` is damaged", path.display()))
                .hint("it only names items of a store that may be left over: it may be removed")
        })?;
        if note.store == store {
            gone += delete_unused(platform, stores, store, &note.items)?;
        }
        Ok(note.store == store)
    })?;
    Ok(gone)
}

/// Deletes files of `store` that can no longer be opened, unless a profile points to them; returns their number.
///
/// No other operation may be in progress, since it may be about to write such a file.
pub fn collect_files(platform: &Platform, stores: &Stores, store: StoreKind) -> Result<usize> {
    let Some(_alone) = notes(platform).alone()? else {
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
    let index = CredentialIndex::load(platform)?;
    let mut gone = 0;
    for item in items.iter().filter(|item| !index.points_to(item)) {
        gone += usize::from(stores.of(store)?.delete(item)?);
    }
    Ok(gone)
}
