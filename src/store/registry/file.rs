//! Keeps secrets in one age file in the state folder, which is replaced as a whole under a lock.
//!
//! A file that cannot be read or decrypted is never considered absent, never rewritten and never deleted.

mod unlock;

pub use unlock::{Unlocked, lock, unlock};

use std::cell::{OnceCell, RefCell};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{FailureText, StoreDescription, StoreKind};
use crate::core::error::{Error, Kind};
use crate::core::secret::Secret;
use crate::platform::fault;
use crate::platform::files;
use crate::platform::{Platform, SECRET_TRIES, Variable};
#[cfg(test)]
use crate::store::conformance::Fixture;
use crate::store::error::{StoreError, StoreLocation};
use crate::store::identity::{self, DecryptFailure, Identity, KeyKind};
use crate::store::payload::{Payload, StoredSecret};
#[cfg(test)]
use crate::store::test_world;
use crate::store::{SecretRef, SecretStore};

pub(super) const STORE: StoreDescription = StoreDescription {
    name: "file",
    variables: &[
        Variable {
            name: "KEYWRIGHT_PASSPHRASE",
            purpose: "the passphrase of the file store",
        },
        Variable {
            name: "KEYWRIGHT_PASSPHRASE_FD",
            purpose: "the number of an open file descriptor to read that passphrase from, to the end of its first line",
        },
        Variable {
            name: "KEYWRIGHT_PASSPHRASE_FILE",
            purpose: "a file with the passphrase of the file store",
        },
        Variable {
            name: "KEYWRIGHT_STORE_KEY",
            purpose: "an age X25519 identity that opens the file store",
        },
        Variable {
            name: "KEYWRIGHT_STORE_KEY_FILE",
            purpose: "a file with an age X25519 identity that opens the file store",
        },
        Variable {
            name: "CREDENTIALS_DIRECTORY",
            purpose: "set by systemd: `keywright-store-key` in it is an age X25519 identity that opens the file store",
        },
    ],
    open: |platform, may_ask| Ok(Box::new(FileStore::new(platform, may_ask))),
    is_set_up: |platform| {
        [
            "KEYWRIGHT_STORE_KEY_FILE",
            "KEYWRIGHT_STORE_KEY",
            "KEYWRIGHT_PASSPHRASE_FILE",
            "KEYWRIGHT_PASSPHRASE",
            "KEYWRIGHT_PASSPHRASE_FD",
        ]
        .iter()
        .any(|name| platform.env.get(name).is_some())
    },
    check: |_| None,
    missing: FailureText {
        says: "does not exist, although a secret was stored in it",
        hints: &[
            "if it was moved, put it back; the version before the last one is `store.age.bak` beside it",
            "to begin a new one, remove `store.age.bak` and `store.revision` and log in again: keywright login",
        ],
    },
    locked: FailureText {
        says: "is encrypted, and nothing was given to open it",
        hints: &[
            "set KEYWRIGHT_PASSPHRASE_FILE or KEYWRIGHT_PASSPHRASE for a store with a passphrase, \
             KEYWRIGHT_STORE_KEY_FILE or KEYWRIGHT_STORE_KEY for one with an age identity",
            "to make an identity: keywright identity new FILE",
            "or run this at a terminal, where the passphrase is asked for",
        ],
    },
    #[cfg(test)]
    fixture: Fixture {
        setups: &[
            |folder| {
                let (_, text) = Identity::generate("a test");
                test_world::platform(folder, &[("KEYWRIGHT_STORE_KEY", text.expose())])
            },
            |folder| test_world::platform(folder, &[("KEYWRIGHT_PASSPHRASE", "fake phrase")]),
        ],
        closed: Some(|folder| test_world::platform(folder, &[])),
        can_be_missing: true,
    },
};

/// Secrets in `store.age`.
struct FileStore {
    platform: Platform,
    may_ask: bool,
    path: PathBuf,
    identity: OnceCell<Identity>,
    opened: RefCell<Option<DecryptedStore>>,
    notices: RefCell<Vec<String>>,
}

/// The last decrypted content, valid as long as the same bytes are on disk.
struct DecryptedStore {
    cipher: Vec<u8>,
    payload: Payload,
}

impl FileStore {
    fn new(platform: &Platform, may_ask: bool) -> Self {
        FileStore {
            platform: platform.clone(),
            may_ask,
            path: platform.dirs.state.join("store.age"),
            identity: OnceCell::new(),
            opened: RefCell::new(None),
            notices: RefCell::new(Vec::new()),
        }
    }

    fn at_place(&self) -> StoreLocation {
        StoreLocation {
            kind: StoreKind::FILE,
            name: self.place(),
        }
    }

    fn backup(&self) -> PathBuf {
        files::with_suffix(&self.path, ".bak")
    }

    fn lock(&self) -> Result<files::FileLock, StoreError> {
        let path = self.path.with_extension("lock");
        files::FileLock::acquire_queued(&path, &self.path, &self.platform.lock_deadline)
            .map_err(StoreError::Failed)
    }

    /// Returns the store on disk, decrypted unless the same bytes already were; `None` if it has never been written.
    fn take(&self) -> Result<Option<DecryptedStore>, StoreError> {
        let known = self.opened.borrow_mut().take();
        // The revision is read before the store: a writer replaces the store first, so the revision read here is
        // never newer.
        let revision = self.mirrored_revision()?;
        let Some(cipher) = files::read_private(&self.path).map_err(StoreError::Failed)? else {
            return if self.was_written()? {
                Err(StoreError::Missing(self.at_place()))
            } else {
                Ok(None)
            };
        };
        match known {
            Some(known) if known.cipher == cipher => Ok(Some(known)),
            _ => self.decrypt(cipher, revision).map(Some),
        }
    }

    fn decrypt(&self, cipher: Vec<u8>, revision: u64) -> Result<DecryptedStore, StoreError> {
        let lock =
            identity::key_kind(&cipher).ok_or_else(|| self.damaged("it is not an age file"))?;
        let plain = self.opened_with_identity(&cipher, lock)?;
        let payload = Payload::parse(&plain)
            .map_err(|place| self.damaged(&format!("its content is not a store ({place})")))?;
        self.compare_revision(payload.revision, revision)?;
        Ok(DecryptedStore { cipher, payload })
    }

    /// Decrypts the file.
    fn opened_with_identity(
        &self,
        cipher: &[u8],
        lock: KeyKind,
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        match self.known_identity(Some((lock, cipher)))? {
            Some(identity) => identity
                .decrypt(cipher)
                .map_err(|refused| self.refused(&refused, identity)),
            None => self.opened_by_person(cipher, lock),
        }
    }

    /// Decrypts the file with a passphrase that is asked for, and again if it is wrong.
    fn opened_by_person(
        &self,
        cipher: &[u8],
        lock: KeyKind,
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        if !self.may_ask || lock == KeyKind::Identity {
            return Err(StoreError::Locked(self.at_place()));
        }
        let terminal = &self.platform.terminal;
        let _hidden = terminal.hide_typing();
        let mut left = SECRET_TRIES;
        loop {
            left -= 1;
            let identity = identity::from_person(&self.platform, &self.place(), false)
                .map_err(StoreError::Failed)?;
            match identity.decrypt(cipher) {
                Ok(plain) => {
                    let _ = self.identity.set(identity);
                    return Ok(plain);
                }
                Err(DecryptFailure::WrongKey) if left > 0 => {
                    terminal.preface("wrong passphrase\n");
                }
                Err(refused) => return Err(self.refused(&refused, &identity)),
            }
        }
    }

    /// Returns the identity that is known already, that `unlock` kept for the file, or that the machine gives.
    fn known_identity(
        &self,
        there: Option<(KeyKind, &[u8])>,
    ) -> Result<Option<&Identity>, StoreError> {
        if let Some(identity) = self.identity.get() {
            return Ok(Some(identity));
        }
        let unlocked = match there {
            Some((KeyKind::Passphrase, cipher)) => unlock::unlocked(self, cipher),
            _ => None,
        };
        let found = match unlocked {
            Some(identity) => Some(identity),
            None => self.given(there.map(|(lock, _)| lock))?,
        };
        Ok(found.map(|identity| self.identity.get_or_init(|| identity)))
    }

    /// Returns the identity that the environment gives, or that a first login made for this machine.
    fn given(&self, lock: Option<KeyKind>) -> Result<Option<Identity>, StoreError> {
        let found = identity::from_environment(&self.platform, &mut self.notices.borrow_mut())
            .map_err(StoreError::Failed)?;
        match found {
            None if lock != Some(KeyKind::Passphrase) => {
                identity::of_machine(&self.platform).map_err(StoreError::Failed)
            }
            found => Ok(found),
        }
    }

    /// Returns the identity that the file is written with: that of the file, or a new one that is asked for.
    fn identity(&self) -> Result<&Identity, StoreError> {
        if let Some(identity) = self.known_identity(None)? {
            return Ok(identity);
        }
        if !self.may_ask {
            return Err(StoreError::Locked(self.at_place()));
        }
        let identity = identity::from_person(&self.platform, &self.place(), true)
            .map_err(StoreError::Failed)?;
        Ok(self.identity.get_or_init(|| identity))
    }

    /// Replaces the file by `payload`; the lock proves that `payload` is based on the current file.
    fn write(&self, mut payload: Payload, lock: &files::FileLock) -> Result<(), StoreError> {
        payload.revision = payload.revision.max(self.mirrored_revision()?) + 1;
        let plain = payload.to_bytes().map_err(|error| {
            let error = Error::failed("cannot write the store as JSON").caused_by(error);
            StoreError::Failed(error)
        })?;
        let cipher = self
            .identity()?
            .encrypt(&plain)
            .map_err(StoreError::Failed)?;
        self.keep_previous(lock).map_err(StoreError::Failed)?;
        files::write_private(&self.path, &cipher, lock).map_err(StoreError::Failed)?;
        let revision = format!("{}\n", payload.revision);
        // A power failure may leave an older number, which no store is refused for.
        files::replace_private(&self.revision_path(), revision.as_bytes(), lock)
            .map_err(StoreError::Failed)?;
        let found = files::read(&self.path).map_err(StoreError::Failed)?;
        if found.as_ref() != Some(&cipher) {
            return Err(StoreError::not_kept(&self.place()));
        }
        *self.opened.borrow_mut() = Some(DecryptedStore { cipher, payload });
        Ok(())
    }

    /// Keeps the file that is about to be replaced under a second name.
    fn keep_previous(&self, lock: &files::FileLock) -> Result<(), Error> {
        let backup = self.backup();
        files::remove(&backup, lock)?;
        match fault::hard_link(&self.path, &backup) {
            Ok(()) => Ok(()),
            // Not every file system has hard links, and a new store has nothing to keep.
            Err(_) => match files::read(&self.path)? {
                Some(bytes) => files::write_private(&backup, &bytes, lock),
                None => Ok(()),
            },
        }
    }

    /// Deletes items in one write; returns whether there was any.
    fn remove(&self, items: &[&SecretRef]) -> Result<bool, StoreError> {
        let before = self.take()?;
        *self.opened.borrow_mut() = before;
        let lock = self.lock()?;
        let Some(DecryptedStore { mut payload, .. }) = self.take()? else {
            return Ok(false);
        };
        let count = payload.items.len();
        payload.items.retain(|at, _| !items.contains(&at));
        if payload.items.len() == count {
            return Ok(false);
        }
        self.write(payload, &lock)?;
        // A secret that was deleted on purpose must not remain in the copy of the previous file.
        files::remove(&self.backup(), &lock).map_err(StoreError::Failed)?;
        Ok(true)
    }

    fn revision_path(&self) -> PathBuf {
        self.path.with_extension("revision")
    }

    /// Returns the revision that this machine wrote last; 0 before the first.
    fn mirrored_revision(&self) -> Result<u64, StoreError> {
        let text = files::read_text(&self.revision_path())
            .map_err(|error| StoreError::Failed(error.with_kind(Kind::Store)))?;
        let Some(text) = text else { return Ok(0) };
        let Ok(revision) = text.trim().parse() else {
            let path = self.revision_path();
            let notice = format!(
                "`{}` holds no number: the next write to the store repairs it",
                path.display()
            );
            let mut notices = self.notices.borrow_mut();
            if !notices.contains(&notice) {
                notices.push(notice);
            }
            return Ok(0);
        };
        Ok(revision)
    }

    /// Refuses a store that is older than one that this machine has seen.
    fn compare_revision(&self, found: u64, known: u64) -> Result<(), StoreError> {
        if found >= known {
            return Ok(());
        }
        let message = format!(
            "{} is older than it was: revision {found} after {known}",
            self.place()
        );
        Err(StoreError::Failed(
            Error::new(Kind::Store, message)
                .hint("an old copy may hold keys that were revoked, and lacks newer ones: put the newest one back")
                .hint(format!(
                    "if it is the right one, say so by removing `{}`",
                    self.revision_path().display()
                )),
        ))
    }

    fn was_written(&self) -> Result<bool, StoreError> {
        let exists = |path: &Path| {
            path.try_exists()
                .map_err(|error| StoreError::Failed(files::path_error("read", path, error)))
        };
        Ok(exists(&self.revision_path())? || exists(&self.backup())?)
    }

    fn damaged(&self, why: &str) -> StoreError {
        let message = format!("{} is damaged: {why}", self.place());
        StoreError::Failed(
            Error::new(Kind::Store, message)
                .hint("it was left as it is")
                .hint(format!(
                    "the version before the last write is `{}`",
                    self.backup().display()
                )),
        )
    }

    fn refused(&self, refused: &DecryptFailure, identity: &Identity) -> StoreError {
        let place = self.place();
        let source = &identity.source;
        let error = match (refused, identity.key_kind()) {
            (DecryptFailure::Damaged, _) => {
                return self.damaged("it was cut off or changed since it was written");
            }
            (DecryptFailure::WrongKey, KeyKind::Passphrase) => {
                format!("wrong passphrase: {source} does not open {place}")
            }
            (DecryptFailure::WrongKey, KeyKind::Identity) => {
                format!("wrong identity: {source} does not open {place}")
            }
            (DecryptFailure::OtherLock(KeyKind::Identity), _) => {
                format!("{place} was made for an age identity, and {source} gives a passphrase")
            }
            (DecryptFailure::OtherLock(KeyKind::Passphrase), _) => {
                format!("{place} was made with a passphrase, and {source} gives an age identity")
            }
            (DecryptFailure::TooMuchWork(work), _) => {
                format!("{place} asks for more work (2^{work}) than a passphrase is given here")
            }
        };
        let error = Error::new(Kind::Store, error);
        StoreError::Failed(match refused {
            DecryptFailure::OtherLock(KeyKind::Identity) => {
                error.hint("set KEYWRIGHT_STORE_KEY_FILE or KEYWRIGHT_STORE_KEY")
            }
            DecryptFailure::OtherLock(KeyKind::Passphrase) => error.hint(
                "set KEYWRIGHT_PASSPHRASE_FILE or KEYWRIGHT_PASSPHRASE and unset the identity",
            ),
            DecryptFailure::TooMuchWork(_) => {
                error.hint("write it again with `age`, or restore it")
            }
            _ => error.hint("it was left as it is").hint(format!(
                "if the key is the right one, the file is damaged: the version before is `{}`",
                self.backup().display()
            )),
        })
    }
}

impl SecretStore for FileStore {
    fn kind(&self) -> StoreKind {
        StoreKind::FILE
    }

    fn place(&self) -> String {
        format!("`{}`", self.path.display())
    }

    fn get(&self, at: &SecretRef) -> Result<Option<Secret>, StoreError> {
        let opened = self
            .take()?
            .ok_or_else(|| StoreError::Missing(self.at_place()))?;
        let secret = opened
            .payload
            .items
            .get(at)
            .map(|item| item.secret.duplicate());
        *self.opened.borrow_mut() = Some(opened);
        Ok(secret)
    }

    fn put(&self, at: &SecretRef, label: &str, secret: &Secret) -> Result<(), StoreError> {
        // Every prompt comes before the lock, so that no other process waits for the answer.
        let before = self.take()?;
        if before.is_none() {
            self.identity()?;
        }
        *self.opened.borrow_mut() = before;
        let lock = self.lock()?;
        let mut payload = match self.take()? {
            Some(opened) => opened.payload,
            None => Payload::empty(),
        };
        match payload.items.get(at) {
            Some(item) if item.secret.eq_secret(secret) => return Ok(()),
            Some(_) => return Err(StoreError::taken(&self.place(), at)),
            None => {}
        }
        let item = StoredSecret {
            label: label.to_owned(),
            secret: secret.duplicate(),
        };
        payload.items.insert(at.clone(), item);
        self.write(payload, &lock)
    }

    fn delete(&self, at: &SecretRef) -> Result<bool, StoreError> {
        self.remove(&[at])
    }

    fn delete_all(&self, items: &[&SecretRef]) -> Result<(), StoreError> {
        self.remove(items).map(drop)
    }

    fn notices(&self) -> Vec<String> {
        self.notices.take()
    }
}

#[cfg(test)]
mod tests;
