//! Proves that a store keeps secrets: a dummy is written, read back and deleted. The next proof deletes one that a
//! killed process left.

use super::Notes;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::store::{SecretRef, SecretStore, StoreError};

/// The size of a large key, and less than the keyring passes on to a file.
pub const PROBE_BYTES: usize = 1500;

/// Proves that `store`, whose state is that of `platform`, keeps a secret, and leaves nothing behind.
pub fn probe(store: &dyn SecretStore, platform: &Platform) -> Result<(), StoreError> {
    let notes = Notes {
        platform,
        folder: "probes",
        extension: store.kind().name(),
    };
    notes.recover(|path, _| {
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let Some(at) = stem.and_then(|stem| SecretRef::of_stem(stem).ok()) else {
            return Ok(true);
        };
        match store.delete(&at) {
            // A store that was never written holds no dummy.
            Ok(_) | Err(StoreError::Missing(_)) => Ok(true),
            Err(error) => Err(error),
        }
    })?;
    let at = SecretRef::fresh()?;
    let note = notes.begin(&at, b"")?;
    let dummy = Secret::new("keywright probe ".repeat(PROBE_BYTES / 16));
    let kept = put_and_read_back(store, &at, "keywright: probe", &dummy);
    // The dummy is deleted in any case; the first error explains the failure.
    let gone = store.delete(&at);
    if gone.is_ok() {
        note.commit()?;
    }
    kept?;
    if gone? && store.get(&at)?.is_none() {
        return Ok(());
    }
    let message = format!("{} does not delete", store.place());
    Err(Error::new(Kind::Store, message).into())
}

/// Stores a secret, and fails unless the store gives it back, or proves what it writes.
pub fn put_and_read_back(
    store: &dyn SecretStore,
    at: &SecretRef,
    label: &str,
    secret: &Secret,
) -> Result<(), StoreError> {
    store.put(at, label, secret)?;
    if store.proves_writes() {
        return Ok(());
    }
    match store.get(at)? {
        Some(found) if found.eq_secret(secret) => Ok(()),
        _ => Err(StoreError::not_kept(&store.place())),
    }
}
