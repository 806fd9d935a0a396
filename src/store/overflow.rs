//! Stores secrets that are too long for a keyring: each encrypted in its own file, whose key is in the keyring.
//!
//! The item holds the text of an age identity file, so that `age -d -i` opens the secret without keywright.

use std::path::PathBuf;
use std::rc::Rc;

use super::identity::Identity;
use super::{SecretRef, StoreError};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::platform::files::{self, FileLock, LockDeadline};

/// The maximum size of a secret that is stored in the keyring directly. Windows accepts 2560 bytes, and others little
/// more.
const MAX_ITEM: usize = 2000;

/// The prefix of an item whose secret is in a file.
const MARKER: &str = "# keywright: this opens ";

/// The folder of such files.
pub(super) struct OverflowFiles {
    folder: PathBuf,
    lock_deadline: Rc<LockDeadline>,
}

impl OverflowFiles {
    pub(super) fn new(platform: &Platform) -> Self {
        OverflowFiles {
            folder: platform.dirs.state.join("spill"),
            lock_deadline: Rc::clone(&platform.lock_deadline),
        }
    }

    /// Returns whether `secret` does not fit into an item: it is too long, or looks like the key to a file.
    pub(super) fn takes(secret: &Secret) -> bool {
        secret.len() > MAX_ITEM || OverflowFiles::holds(secret)
    }

    /// Returns whether `item` is the key to a file and not the secret itself.
    pub(super) fn holds(item: &Secret) -> bool {
        item.expose().starts_with(MARKER)
    }

    /// Returns whether there is a file for `at`; a process that died may have left one without an item.
    pub(super) fn has(&self, at: &SecretRef) -> Result<bool> {
        let path = self.path(at);
        path.try_exists()
            .map_err(|error| files::path_error("read", &path, error))
    }

    /// Encrypts `secret` into its file and returns the item that opens it.
    pub(super) fn put(&self, at: &SecretRef, secret: &Secret) -> Result<Secret> {
        let (identity, text) = Identity::generate("the keyring");
        let cipher = identity.encrypt(secret.expose().as_bytes())?;
        let path = self.path(at);
        files::write_private(&path, &cipher, &self.lock()?)?;
        if files::read(&path)? != Some(cipher) {
            return Err(Error::from(StoreError::not_kept(&format!(
                "`{}`",
                path.display()
            ))));
        }
        let item = format!("{MARKER}{}\n{}\n", path.display(), text.expose());
        Ok(Secret::new(item))
    }

    /// Returns the secret that `item` opens.
    pub(super) fn get(&self, at: &SecretRef, item: &Secret) -> Result<Secret> {
        let path = self.path(at);
        let shown = path.display();
        let cipher = files::read_private(&path)?.ok_or_else(|| {
            Error::new(Kind::Store, format!("`{shown}` is not there"))
                .hint("the keyring holds the key to it: restore the file, or log in again")
        })?;
        let identity = Identity::x25519(item, "the keyring")?;
        let plain = identity.decrypt(&cipher).map_err(|_| {
            Error::new(
                Kind::Store,
                format!("`{shown}` is damaged: the key in the keyring does not open it"),
            )
            .hint("it was left as it is")
        })?;
        std::str::from_utf8(&plain)
            .map(Secret::new)
            .map_err(|_| Error::new(Kind::Store, format!("`{shown}` holds no text")))
    }

    /// Removes the file of `at`, if there is one, even an incomplete one.
    pub(super) fn delete(&self, at: &SecretRef) -> Result<()> {
        let path = self.path(at);
        let unfinished = files::with_suffix(&path, ".new");
        if self.has(at)? || unfinished.exists() {
            let lock = self.lock()?;
            files::remove(&path, &lock)?;
            files::remove(&unfinished, &lock)?;
        }
        Ok(())
    }

    /// Returns the names of all files, even incomplete ones.
    pub(super) fn all(&self) -> Result<Vec<SecretRef>> {
        let mut found = Vec::new();
        for end in ["age", "new"] {
            for path in files::list(&self.folder, end)? {
                let name = path.file_name().and_then(|name| name.to_str());
                let stem = name.and_then(|name| name.split('.').next());
                // A file of another name is not ours.
                found.extend(stem.and_then(|stem| SecretRef::of_stem(stem).ok()));
            }
        }
        Ok(found)
    }

    fn path(&self, at: &SecretRef) -> PathBuf {
        self.folder.join(format!("{}.age", at.file_stem()))
    }

    fn lock(&self) -> Result<FileLock> {
        FileLock::acquire(&self.folder.with_extension("lock"), &self.lock_deadline)
    }
}
