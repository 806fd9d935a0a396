//! Keeps the key of a passphrase file in the kernel, so that a command asks for no passphrase and spends no work.

use std::path::PathBuf;
use std::time::Duration;

use super::FileStore;
use crate::core::error::{Error, Kind, Result};
use crate::platform::files;
use crate::platform::{KernelKeysError, Platform};
use crate::store::file_key::KnownFileKey;
use crate::store::identity::{self, Identity, KeyKind};

/// The result of [`unlock`].
#[derive(Debug, PartialEq, Eq)]
pub enum Unlocked {
    /// The key is kept.
    ForTime,
    /// The file is opened by an identity, without a passphrase.
    NeedsNothing,
}

/// The digits of a digest in a name in the kernel.
const NAME_DIGITS: usize = 32;

/// Returns the name of the key in the kernel: the stores of one user differ in their folder.
fn name(store: &FileStore) -> String {
    let path = store.path.as_os_str().as_encoded_bytes();
    let mut name = files::sha256(path);
    name.truncate(NAME_DIGITS);
    format!("keywright:store:{name}")
}

/// Returns what opens the file `cipher` if it is unlocked; a kernel that refuses is as good as one that has nothing.
pub(super) fn unlocked(store: &FileStore, cipher: &[u8]) -> Option<Identity> {
    let kept = store.platform.kernel_keys.get(&name(store)).ok()??;
    let key = KnownFileKey::of_bytes(&kept, cipher)?;
    Some(Identity::of_file(key, "the key in the kernel's keyring"))
}

/// Opens the encrypted file of `platform` with its passphrase, and keeps its key in the kernel for `time`. Returns the
/// path of the file, and whether there was something to keep.
pub fn unlock(platform: &Platform, may_ask: bool, time: Duration) -> Result<(PathBuf, Unlocked)> {
    let store = FileStore::new(platform, may_ask);
    let Some(cipher) = files::read_private(&store.path)? else {
        return Err(Error::new(
            Kind::Store,
            format!(
                "{} does not exist: there is nothing to unlock",
                super::SecretStore::place(&store)
            ),
        )
        .hint("it begins with the first secret in it: keywright login --store file"));
    };
    let lock = identity::key_kind(&cipher).ok_or_else(|| store.damaged("it is not an age file"))?;
    if lock == KeyKind::Identity {
        return Ok((store.path, Unlocked::NeedsNothing));
    }
    // Refused before a passphrase is typed in vain.
    let name = name(&store);
    platform.kernel_keys.get(&name).map_err(refused)?;
    if let Some(given) = store.given(Some(lock))? {
        given
            .decrypt(&cipher)
            .map_err(|wrong| store.refused(&wrong, &given))?;
        let _ = store.identity.set(given);
    } else {
        store.opened_by_person(&cipher, lock)?;
    }
    let opened = store.identity.get().and_then(Identity::known_file_key);
    let key = opened.ok_or_else(|| store.damaged("its header has no end"))?;
    let kept = platform.kernel_keys.set(&name, &key, time);
    kept.map_err(refused)?;
    Ok((store.path, Unlocked::ForTime))
}

/// Removes the key from the kernel; returns the path of the file, and whether there was a key.
pub fn lock(platform: &Platform) -> Result<(PathBuf, bool)> {
    let store = FileStore::new(platform, false);
    let removed = platform.kernel_keys.remove(&name(&store));
    let removed = removed.map_err(refused)?;
    Ok((store.path, removed))
}

fn refused(error: KernelKeysError) -> Error {
    match error {
        KernelKeysError::Unsupported => Error::usage(
            "only Linux has a keyring in its kernel: nothing can be unlocked for later commands here",
        )
        .hint("use the system's own keyring: keywright profiles move --store keyring"),
        KernelKeysError::Refused(why) => Error::new(
            Kind::Store,
            format!("the kernel's keyring cannot be used here: {why}"),
        )
        .hint("containers often forbid it; give the passphrase by KEYWRIGHT_PASSPHRASE_FILE instead")
        .hint("or keep secrets with an identity, which costs no time: keywright identity new FILE"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::secret::Secret;
    use crate::store::error::StoreError;
    use crate::store::file_key::WORK;
    use crate::store::{SecretRef, SecretStore, test_world};

    const PHRASE: (&str, &str) = ("KEYWRIGHT_PASSPHRASE", "fake phrase");

    #[test]
    fn unlocked_store_spends_no_work() {
        let folder = test_world::folder();
        let platform = test_world::platform(&folder, &[PHRASE]);
        let item = SecretRef::fresh().unwrap();
        let secret = Secret::new("sk-fake-0123456789");
        let store = FileStore::new(&platform, false);
        store.put(&item, "a label", &secret).unwrap();
        let time = Duration::from_secs(60);
        let (_, kept) = unlock(&platform, false, time).unwrap();
        assert_eq!(kept, Unlocked::ForTime);

        let mut later = test_world::platform(&folder, &[]);
        later.kernel_keys = platform.kernel_keys.clone();
        let before = WORK.get();
        let second = SecretRef::fresh().unwrap();
        for _ in 0..2 {
            let store = FileStore::new(&later, false);
            assert!(store.get(&item).unwrap().unwrap().eq_secret(&secret));
            store.put(&second, "a label", &secret).unwrap();
        }
        assert_eq!(WORK.get(), before);

        // The passphrase opens what was written without it.
        let store = FileStore::new(&platform, false);
        assert!(store.get(&second).unwrap().unwrap().eq_secret(&secret));
        assert!(lock(&later).unwrap().1);
        assert!(!lock(&later).unwrap().1);
        let store = FileStore::new(&later, false);
        assert!(matches!(store.get(&item), Err(StoreError::Locked(_))));
    }

    #[test]
    fn passphrase_write_repeats_no_work() {
        let folder = test_world::folder();
        let platform = test_world::platform(&folder, &[PHRASE]);
        let secret = Secret::new("sk-fake-0123456789");
        let put = || {
            let store = FileStore::new(&platform, false);
            store
                .put(&SecretRef::fresh().unwrap(), "a label", &secret)
                .unwrap();
        };
        put();
        let before = WORK.get();
        put();
        assert_eq!(WORK.get(), before + 1);
    }
}
