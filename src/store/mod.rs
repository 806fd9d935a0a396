//! Stores secrets: immutable items in the keyring of the system or in one encrypted file.
//!
//! An item is written once under a fresh name and never overwritten, so a process that dies leaves either the item or
//! nothing. The pointer to the current item is kept elsewhere.

mod file_key;
mod identity;
mod keyring_item;
mod timeout;
mod payload;
mod overflow;
mod error;
mod own_items;
mod registry;

#[cfg(test)]
mod conformance;
#[cfg(test)]
pub(crate) mod test_world;

use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use error::StoreError;
pub use identity::{sealed_by, unsealed_by};
pub use keyring_item::KeyringItem;
pub use registry::{StoreKind, Unlocked, lock, unlock};

use crate::core::encoding::to_hex;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::platform::fault;
use crate::platform::files::{self, FileLock, LockDeadline};

/// The maximum wait for another process that creates the identity.
const IDENTITY_WAIT: Duration = Duration::from_secs(10);

/// The prefix of every item's name.
const PREFIX: &str = "keywright:";

/// The maximum length of a name after the prefix.
const MAX_NAME: usize = 64;

/// The name of one stored secret: opaque, never used twice, safe to show and to write into a file name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretRef(String);

impl SecretRef {
    /// Returns an unused name: 128 bits from the system; fails if the system has none. Its secret may be sent to no
    /// address.
    pub fn fresh() -> Result<Self> {
        SecretRef::fresh_for(&[])
    }

    /// As [`SecretRef::fresh`], for a secret that may only be sent to these origins.
    ///
    /// Their fingerprint is part of the name. Giving an item another name requires opening the store, so a changed
    /// pointer cannot send the secret anywhere else.
    pub fn fresh_for(origins: &[String]) -> Result<Self> {
        let mut bytes = [0_u8; 16];
        fault::random(&mut bytes)
            .map_err(|error| Error::failed("the system gives no random bytes").caused_by(error))?;
        let random = to_hex(&bytes);
        let binding = binding(&random, origins);
        Ok(SecretRef(format!("{PREFIX}{random}-{binding}")))
    }

    /// Returns whether the secret may be sent to `origins`, as far as its name shows: names of older versions do not.
    pub fn is_bound_to(&self, origins: &[String]) -> bool {
        self.file_stem()
            .split_once('-')
            .is_none_or(|(random, bound)| bound == binding(random, origins))
    }

    /// Returns the whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name with this part after the prefix.
    pub fn of_stem(stem: &str) -> Result<Self> {
        format!("{PREFIX}{stem}").parse()
    }

    /// Returns the part after the prefix: letters, digits and `-` only, so that it can name a file.
    pub fn file_stem(&self) -> &str {
        self.0.strip_prefix(PREFIX).unwrap_or(&self.0)
    }
}

/// The length of the fingerprint in a name, in hexadecimal digits: the available room, and enough that no other
/// origins with the same one can be found.
const BINDING_DIGITS: usize = 31;

fn binding(random: &str, origins: &[String]) -> String {
    let mut hash = Sha256::new();
    hash.update(random);
    for origin in origins {
        hash.update("\n");
        hash.update(origin);
    }
    let mut text = to_hex(&hash.finalize());
    text.truncate(BINDING_DIGITS);
    text
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SecretRef {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let fits = text.strip_prefix(PREFIX).is_some_and(|name| {
            (1..=MAX_NAME).contains(&name.len())
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        if fits {
            Ok(SecretRef(text.to_owned()))
        } else {
            Err(Error::usage(format!(
                "`{}` is not the name of a stored secret",
                text.escape_debug()
            )))
        }
    }
}

impl TryFrom<String> for SecretRef {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<SecretRef> for String {
    fn from(at: SecretRef) -> Self {
        at.0
    }
}

/// Returns the identity of a store without a passphrase: a file in `folder`, created at first use.
pub fn machine_identity(folder: &Path) -> Result<PathBuf> {
    let path = folder.join(identity::MACHINE_IDENTITY);
    if !path.is_file() {
        let lock = FileLock::acquire(
            &folder.join("identity.lock"),
            &LockDeadline::new(IDENTITY_WAIT),
        )?;
        // Another process may have created it during the wait: a second one would lock the first out.
        if !path.is_file() {
            let (text, _) = identity::generate_file();
            files::write_private(&path, text.expose().as_bytes(), &lock)?;
        }
    }
    Ok(path)
}

/// Writes a new identity to `path`, for its owner alone, and returns its public half. A file that is there stays.
pub fn write_identity(path: &Path) -> Result<String> {
    let (text, public) = identity::generate_file();
    if let Some(folder) = path.parent() {
        files::create_private_folder(folder)?;
    }
    files::create_once(path, text.expose().as_bytes())?;
    Ok(public)
}

/// A store of secrets under names.
pub trait SecretStore {
    /// Returns its kind.
    fn kind(&self) -> StoreKind;

    /// Returns its location, for messages: a path in backticks, or the name of the keyring.
    fn place(&self) -> String;

    /// Returns the secret at `at`; `None` only if the store can be read and has no such item.
    fn get(&self, at: &SecretRef) -> Result<Option<Secret>, StoreError>;

    /// Stores `secret` at `at` permanently; the keyring's own program shows `label`.
    ///
    /// The secret is read back before this returns. Writing the same value again succeeds; writing another value
    /// under a used name fails.
    fn put(&self, at: &SecretRef, label: &str, secret: &Secret) -> Result<(), StoreError>;

    /// Returns whether a write that succeeded is proof that the secret is kept: it is not read back then.
    fn proves_writes(&self) -> bool {
        false
    }

    /// Deletes the item at `at`; returns false if there was none.
    fn delete(&self, at: &SecretRef) -> Result<bool, StoreError>;

    /// Deletes several items, in one write if they lie in one file. Every deletion is tried; the first error is returned.
    fn delete_all(&self, items: &[&SecretRef]) -> Result<(), StoreError> {
        let deleted = items.iter().map(|item| self.delete(item).map(drop));
        deleted.fold(Ok(()), Result::and)
    }

    /// Returns the warnings since the last call, each one sentence.
    fn notices(&self) -> Vec<String> {
        Vec::new()
    }

    /// Deletes files whose item is missing, so that nothing opens them, unless they are in use; returns their number.
    /// No process may be writing to the store meanwhile.
    fn sweep(&self, _is_used: &dyn Fn(&SecretRef) -> Result<bool>) -> Result<usize, StoreError> {
        Ok(0)
    }
}

/// Opens a store; nothing is read or prompted for before the first use.
///
/// A store remembers its passphrase and its decrypted content, so one run opens each kind once: see [`Stores`].
/// `may_ask` allows a passphrase prompt, at a terminal only.
pub fn open(kind: StoreKind, platform: &Platform, may_ask: bool) -> Result<Box<dyn SecretStore>> {
    (kind.description().open)(platform, may_ask)
}

/// The stores of one run. Each is opened at most once, so that it prompts for a passphrase and decrypts a file once.
pub struct Stores {
    platform: Platform,
    may_ask: bool,
    opened: RefCell<Vec<Rc<dyn SecretStore>>>,
}

impl Stores {
    /// Returns the stores of `platform`, none of them open.
    pub fn new(platform: &Platform, may_ask: bool) -> Self {
        Stores {
            platform: platform.clone(),
            may_ask,
            opened: RefCell::default(),
        }
    }

    /// Returns the store of that kind.
    pub fn of(&self, kind: StoreKind) -> Result<Rc<dyn SecretStore>> {
        let mut opened = self.opened.borrow_mut();
        if let Some(store) = opened.iter().find(|store| store.kind() == kind) {
            return Ok(Rc::clone(store));
        }
        let store: Rc<dyn SecretStore> = Rc::from(open(kind, &self.platform, self.may_ask)?);
        opened.push(Rc::clone(&store));
        Ok(store)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_secret_refs_differ_and_parse() {
        let one = SecretRef::fresh().unwrap();
        let two = SecretRef::fresh().unwrap();
        assert_ne!(one, two);
        let json = serde_json::to_string(&one).unwrap();
        assert_eq!(json, format!("\"{one}\""));
        assert_eq!(serde_json::from_str::<SecretRef>(&json).unwrap(), one);
        assert_eq!(one.to_string().parse::<SecretRef>().unwrap(), one);
        assert_eq!(one.file_stem().len(), MAX_NAME);
    }

    #[test]
    fn secret_ref_is_bound_to_origins() {
        let origins = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let saved = origins(&["https://api.example.com", "https://app.example.com"]);
        let at = SecretRef::fresh_for(&saved).unwrap();
        assert!(at.is_bound_to(&saved));
        for other in [
            origins(&[]),
            origins(&["https://api.example.com"]),
            origins(&[
                "https://api.example.com\nhttps://app.example.com",
                "https://x.example",
            ]),
            origins(&[
                "https://api.example.com",
                "https://app.example.com",
                "https://x.example",
            ]),
        ] {
            assert!(!at.is_bound_to(&other), "{other:?}");
            assert!(!SecretRef::fresh().unwrap().is_bound_to(&saved));
        }
        let older: SecretRef = "keywright:0123456789abcdef0123456789abcdef"
            .parse()
            .unwrap();
        assert!(older.is_bound_to(&saved));
    }

    #[test]
    fn secret_ref_invalid_name_is_rejected() {
        for text in [
            "",
            "keywright:",
            "keywright:../x",
            "keywright:a/b",
            "keywright:a.b",
            "other:abc",
            "keywright:a\n",
        ] {
            assert!(text.parse::<SecretRef>().is_err(), "{text:?}");
        }
        assert!(
            format!("keywright:{}", "a".repeat(65))
                .parse::<SecretRef>()
                .is_err()
        );
    }

    #[test]
    fn stores_are_opened_once_per_run() {
        let folder = test_world::folder();
        let person = test_world::who_answers(&["fake phrase", "fake phrase", "more"]);
        let platform = test_world::sharing(test_world::world_with(&folder, &[], Some(&person)));
        let stores = Stores::new(&platform, true);
        let at = SecretRef::fresh().unwrap();
        let secret = Secret::new("sk-fake-0123456789");
        for kind in StoreKind::all() {
            assert_eq!(stores.of(kind).unwrap().kind(), kind);
            stores
                .of(kind)
                .unwrap()
                .put(&at, "a label", &secret)
                .unwrap();
            let found = stores.of(kind).unwrap().get(&at).unwrap().unwrap();
            assert!(found.eq_secret(&secret));
        }
        assert_eq!(person.asked.borrow().len(), 2);
    }
}
