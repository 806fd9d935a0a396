//! Proves that a store keeps secrets: a dummy is written, read back and deleted. The next proof deletes one that a
//! killed process left.

use std::path::PathBuf;

use super::{SecretRef, SecretStore, StoreError};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};

/// The size of a large key, and less than the keyring passes on to a file.
pub(super) const BYTES: usize = 1500;

/// Proves that `store`, whose state is that of `platform`, keeps a secret, and leaves nothing behind.
pub(super) fn probe(store: &dyn SecretStore, platform: &Platform) -> Result<(), StoreError> {
    clear(store, platform)?;
    let at = SecretRef::fresh().map_err(StoreError::Failed)?;
    // While the lock is held, the dummy is not considered an orphan.
    let alive = FileLock::acquire_shared(&lock_path(platform), &platform.patience)
        .map_err(StoreError::Failed)?;
    let mark = folder(platform).join(format!("{}.{}", at.file_stem(), store.kind()));
    files::write_private(&mark, b"", &alive).map_err(StoreError::Failed)?;
    let dummy = Secret::new("keywright probe ".repeat(BYTES / 16));
    let kept = store
        .put(&at, "keywright: probe", &dummy)
        .and_then(|()| store.get(&at));
    // The dummy is deleted in any case; the first error explains the failure.
    let gone = store.delete(&at);
    if gone.is_ok() {
        files::remove(&mark, &alive).map_err(StoreError::Failed)?;
    }
    match kept? {
        Some(found) if found.eq_secret(&dummy) => {}
        _ => return Err(StoreError::not_kept(&store.place())),
    }
    if gone? && store.get(&at)?.is_none() {
        return Ok(());
    }
    Err(StoreError::Failed(Error::new(
        Kind::Store,
        format!("{} does not delete", store.place()),
    )))
}

/// Deletes the dummies of processes that were killed.
fn clear(store: &dyn SecretStore, platform: &Platform) -> Result<(), StoreError> {
    let list = |end: &str| files::list(&folder(platform), end).map_err(StoreError::Failed);
    let marks = list(store.kind().name())?;
    let unfinished = list("new")?;
    if marks.is_empty() && unfinished.is_empty() {
        return Ok(());
    }
    let Some(alone) = FileLock::acquire_brief(&lock_path(platform), &platform.patience)
        .map_err(StoreError::Failed)?
    else {
        return Ok(());
    };
    for mark in unfinished {
        // A mark that was not written whole: its dummy had not been written yet.
        files::remove(&mark, &alone).map_err(StoreError::Failed)?;
    }
    for mark in marks {
        let stem = mark.file_stem().and_then(|stem| stem.to_str());
        if let Some(at) = stem.and_then(|stem| SecretRef::of_stem(stem).ok()) {
            match store.delete(&at) {
                // A store that was never written holds no dummy.
                Ok(_) | Err(StoreError::Missing(_)) => {}
                Err(error) => return Err(error),
            }
        }
        files::remove(&mark, &alone).map_err(StoreError::Failed)?;
    }
    Ok(())
}

fn folder(platform: &Platform) -> PathBuf {
    platform.dirs.state.join("probes")
}

fn lock_path(platform: &Platform) -> PathBuf {
    platform.dirs.state.join("probes.lock")
}
