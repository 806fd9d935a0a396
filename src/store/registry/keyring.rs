//! Keeps secrets in the keyring of the system: one item for each secret, under one service name.

use std::cell::Cell;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{FailureText, StoreDescription, StoreKind};
use crate::core::error::{Error, Kind};
use crate::core::secret::Secret;
use crate::core::untrusted::one_line;
use crate::platform::{Keychain, KeychainError, Platform, Variable};
#[cfg(test)]
use crate::store::conformance::Fixture;
use crate::store::error::{OTHER_STORE, StoreError, StoreLocation};
use crate::store::overflow::OverflowFiles;
#[cfg(test)]
use crate::store::test_world;
use crate::store::timeout::{KeyringFailure, KeyringTimeout};
use crate::store::{SecretRef, SecretStore};

pub(super) const STORE: StoreDescription = StoreDescription {
    name: "keyring",
    variables: &[
        Variable {
            name: "KEYWRIGHT_KEYRING_TIMEOUT",
            purpose: "seconds to wait for the keyring, instead of 60 at a terminal and 3 elsewhere",
        },
        Variable {
            name: BUS,
            purpose: "the address of the keyring of a Linux desktop",
        },
    ],
    open: |platform, may_ask| Ok(Box::new(KeyringStore::new(platform, may_ask)?)),
    is_set_up: |_| false,
    check: |platform| Some(("bus", bus(platform))),
    missing: FailureText {
        says: "has no item of keywright, although a secret was stored there",
        hints: &[
            "this may be another user, session or machine than the one that logged in",
            "log in again: keywright login",
        ],
    },
    locked: FailureText {
        says: "is locked",
        hints: &[
            "unlock it: log in to the desktop, or open its password program",
            OTHER_STORE,
        ],
    },
    #[cfg(test)]
    fixture: Fixture {
        setups: &[|folder| test_world::platform(folder, &[])],
        closed: Some(|folder| {
            let mut platform = test_world::platform(folder, &[]);
            platform.keychain = test_world::locked_keychain();
            platform
        }),
        can_be_missing: true,
    },
};

/// The variable with the address of the session bus.
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

fn bus(platform: &Platform) -> String {
    match platform.env.get(BUS) {
        Some(address) => one_line(address),
        None if cfg!(target_os = "linux") => {
            format!("{BUS} is not set: the user's usual bus is tried")
        }
        None => "not needed here".to_owned(),
    }
}

/// The service of every item. No other program uses it, so that a search finds only our items.
const SERVICE: &str = "keywright";

/// An item that proves that secrets were kept here. Without it, a missing item may be in a keyring that is absent,
/// which the Secret Service reports in the same way.
const SENTINEL: &str = "keywright-store";

/// Secrets in the keyring of the system.
struct KeyringStore {
    platform: Platform,
    timeout: KeyringTimeout,
    spill: OverflowFiles,
    /// Set after a response that did not come in time: the next call would wait just as long.
    silent: Cell<Option<(bool, Duration)>>,
}

/// The result of a write.
enum WriteResult {
    Kept,
    Taken,
    Lost,
}

/// The result of a search.
enum SearchResult {
    Item(Zeroizing<Vec<u8>>),
    Nothing,
    NoStore,
}

impl KeyringStore {
    fn new(platform: &Platform, may_ask: bool) -> Result<Self, Error> {
        Ok(KeyringStore {
            platform: platform.clone(),
            timeout: KeyringTimeout::of(platform, may_ask)?,
            spill: OverflowFiles::new(platform),
            silent: Cell::new(None),
        })
    }

    fn at_place(&self) -> StoreLocation {
        StoreLocation {
            kind: StoreKind::KEYRING,
            name: self.place(),
        }
    }

    fn ask<T: Send + 'static>(
        &self,
        timeout: KeyringTimeout,
        job: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeyringFailure> {
        if let Some((reached, waited)) = self.silent.get() {
            return Err(KeyringFailure::Late { reached, waited });
        }
        timeout.ask(&self.platform, job)
    }

    /// Returns the error that `silence` means for `at`, and prevents further calls.
    fn explain(&self, silence: KeyringFailure, at: &SecretRef, bytes: usize) -> StoreError {
        let place = self.at_place();
        match silence {
            KeyringFailure::Refused(KeychainError::Locked) => StoreError::Locked(place),
            KeyringFailure::Refused(KeychainError::Unavailable(why)) => {
                StoreError::Unavailable(place, why)
            }
            KeyringFailure::Refused(KeychainError::TooLarge) => StoreError::TooLarge(place, bytes),
            KeyringFailure::Refused(KeychainError::Ambiguous) => {
                StoreError::Ambiguous(place, at.clone())
            }
            KeyringFailure::Refused(KeychainError::Failed(why)) => {
                StoreError::Failed(Error::new(Kind::Store, format!("{place} failed: {why}")))
            }
            KeyringFailure::Late { reached, waited } => {
                self.silent.set(Some((reached, waited)));
                let maybe = if reached {
                    "; it may be waiting for its password"
                } else {
                    ""
                };
                StoreError::Unavailable(
                    place,
                    format!(
                        "no answer within {} s{maybe} (KEYWRIGHT_KEYRING_TIMEOUT sets the limit)",
                        waited.as_secs()
                    ),
                )
            }
            KeyringFailure::Broken => StoreError::Failed(Error::new(
                Kind::Store,
                format!("the program's side of {place} broke off"),
            )),
        }
    }

    fn find(&self, at: &SecretRef) -> Result<Option<Secret>, StoreError> {
        let account = at.to_string();
        let found = self
            .ask(self.timeout, move |keychain| find_item(keychain, &account))
            .map_err(|silence| self.explain(silence, at, 0))?;
        match found {
            SearchResult::Item(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) => Ok(Some(Secret::new(text))),
                Err(_) => Err(StoreError::Failed(Error::new(
                    Kind::Store,
                    format!("`{at}` in {} is not text", self.place()),
                ))),
            },
            SearchResult::Nothing => Ok(None),
            SearchResult::NoStore => Err(StoreError::Missing(self.at_place())),
        }
    }

    fn write(&self, at: &SecretRef, label: &str, item: &Secret) -> Result<(), StoreError> {
        let job = |account: String, label: String, item: Secret| {
            move |keychain: &dyn Keychain| write_new(keychain, &account, &label, &item)
        };
        let first = job(at.to_string(), label.to_owned(), item.duplicate());
        let written = match self.ask(self.timeout, first) {
            Err(KeyringFailure::Late {
                reached: true,
                waited,
            }) => {
                // The write may have happened all the same: the current item decides.
                let account = at.to_string();
                let item = item.duplicate();
                let again = self.ask(self.timeout.short(), move |keychain| {
                    let found = keychain.get(SERVICE, &account)?;
                    Ok(found.is_some_and(|bytes| is(&bytes, &item)))
                });
                match again {
                    Ok(true) => Ok(WriteResult::Kept),
                    _ => Err(KeyringFailure::Late {
                        reached: true,
                        waited,
                    }),
                }
            }
            other => other,
        };
        match written.map_err(|silence| self.explain(silence, at, item.len()))? {
            WriteResult::Kept => Ok(()),
            WriteResult::Taken => Err(StoreError::taken(&self.place(), at)),
            WriteResult::Lost => Err(StoreError::not_kept(&self.place())),
        }
    }
}

/// Searches for an item, and if there is none, checks whether it could have been there.
fn find_item(keychain: &dyn Keychain, account: &str) -> Result<SearchResult, KeychainError> {
    if let Some(bytes) = keychain.get(SERVICE, account)? {
        return Ok(SearchResult::Item(bytes));
    }
    Ok(match keychain.get(SERVICE, SENTINEL)? {
        Some(_) => SearchResult::Nothing,
        None => SearchResult::NoStore,
    })
}

/// Writes an item under a free name and searches for it again: some keyrings accept items that they do not keep.
fn write_new(
    keychain: &dyn Keychain,
    account: &str,
    label: &str,
    item: &Secret,
) -> Result<WriteResult, KeychainError> {
    if let Some(bytes) = keychain.get(SERVICE, account)? {
        return Ok(if is(&bytes, item) {
            WriteResult::Kept
        } else {
            WriteResult::Taken
        });
    }
    if keychain.get(SERVICE, SENTINEL)?.is_none() {
        // The sentinel is written first, so that an item never exists without it.
        keychain.set(SERVICE, SENTINEL, "keywright: keeps secrets here", b"1")?;
    }
    keychain.set(SERVICE, account, label, item.expose().as_bytes())?;
    Ok(match keychain.get(SERVICE, account)? {
        Some(bytes) if is(&bytes, item) => WriteResult::Kept,
        _ => WriteResult::Lost,
    })
}

fn is(bytes: &[u8], item: &Secret) -> bool {
    bytes == item.expose().as_bytes()
}

impl SecretStore for KeyringStore {
    fn kind(&self) -> StoreKind {
        StoreKind::KEYRING
    }

    fn place(&self) -> String {
        self.platform.keychain.name().to_owned()
    }

    fn get(&self, at: &SecretRef) -> Result<Option<Secret>, StoreError> {
        match self.find(at)? {
            Some(item) if OverflowFiles::holds(&item) => self
                .spill
                .get(at, &item)
                .map(Some)
                .map_err(StoreError::Failed),
            found => Ok(found),
        }
    }

    fn put(&self, at: &SecretRef, label: &str, secret: &Secret) -> Result<(), StoreError> {
        if !OverflowFiles::takes(secret) {
            return self.write(at, label, secret);
        }
        if self.spill.has(at).map_err(StoreError::Failed)? {
            match self.get(at) {
                Ok(Some(known)) if known.eq_secret(secret) => return Ok(()),
                Ok(Some(_)) => return Err(StoreError::taken(&self.place(), at)),
                // The first write of all was interrupted between the file and its item.
                Ok(None) | Err(StoreError::Missing(_)) => {}
                Err(error) => return Err(error),
            }
        }
        // The file is written first: an item whose file is missing would be a lost secret.
        let item = self.spill.put(at, secret).map_err(StoreError::Failed)?;
        let written = self.write(at, label, &item);
        // A call without a response may still create the item, and a refusal may come after it was created.
        let is_refused = |refused: &StoreError| !matches!(refused, StoreError::Unavailable(..));
        if written.as_ref().is_err_and(is_refused) {
            match self.find(at) {
                Ok(Some(found)) if found.eq_secret(&item) => {}
                // A file that nothing opens.
                Ok(_) | Err(StoreError::Missing(_)) => {
                    self.spill.delete(at).map_err(StoreError::Failed)?;
                }
                Err(_) => {}
            }
        }
        written
    }

    fn delete(&self, at: &SecretRef) -> Result<bool, StoreError> {
        let account = at.to_string();
        let deleted = self
            .ask(self.timeout, move |keychain| {
                Ok(if keychain.delete(SERVICE, &account)? {
                    Some(true)
                } else {
                    keychain.get(SERVICE, SENTINEL)?.map(|_| false)
                })
            })
            .map_err(|silence| self.explain(silence, at, 0))?;
        // The key is deleted before the file, which cannot be opened without it.
        self.spill.delete(at).map_err(StoreError::Failed)?;
        deleted.ok_or_else(|| StoreError::Missing(self.at_place()))
    }

    fn sweep(
        &self,
        is_used: &dyn Fn(&SecretRef) -> Result<bool, Error>,
    ) -> Result<usize, StoreError> {
        let mut gone = 0;
        for at in self.spill.all().map_err(StoreError::Failed)? {
            if !is_used(&at).map_err(StoreError::Failed)? && self.find(&at)?.is_none() {
                self.spill.delete(&at).map_err(StoreError::Failed)?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

#[cfg(test)]
mod tests;
