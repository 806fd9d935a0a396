//! The table of the kinds of stores. A kind is a file in `registry/`, and its two lines here.

mod file;
mod keyring;
mod vault;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use file::{Unlocked, lock, unlock};

use super::SecretStore;
#[cfg(test)]
use super::conformance::Fixture;
use crate::core::error::{Error, Result};
use crate::platform::{Platform, Variable};

/// The kinds of stores, the usual one first.
const KINDS: &[&StoreDescription] = &[&keyring::STORE, &file::STORE, &vault::STORE];

/// The names in the table, for the error of an unknown one.
const NAMES: [&str; KINDS.len()] = {
    let mut names = [""; KINDS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = KINDS[at].name;
        at += 1;
    }
    names
};

/// Everything that the crate knows about a kind of store.
pub(super) struct StoreDescription {
    /// Its name in commands and configuration.
    pub(super) name: &'static str,
    /// The environment variables that it reads.
    pub(super) variables: &'static [Variable],
    /// Opens it, with whether it may prompt; nothing is read before the first use.
    pub(super) open: fn(&Platform, bool) -> Result<Box<dyn SecretStore>>,
    /// Returns whether the environment says how to open it: then it is used unasked.
    pub(super) is_set_up: fn(&Platform) -> bool,
    /// Returns a line of `doctor` about what it depends on, as a name and a detail.
    pub(super) check: fn(&Platform) -> Option<(&'static str, String)>,
    /// The words for a store that is missing, although a secret was kept in it.
    pub(super) missing: FailureText,
    /// The words for a store that is closed.
    pub(super) locked: FailureText,
    /// The places in which the conformance suite tries it.
    #[cfg(test)]
    pub(super) fixture: Fixture,
}

/// The words for a failure of a store.
pub(super) struct FailureText {
    /// The sentence behind the store's place.
    pub(super) says: &'static str,
    pub(super) hints: &'static [&'static str],
}

/// A kind of store that can be written.
#[derive(Clone, Copy)]
pub struct StoreKind(&'static StoreDescription);

impl StoreKind {
    /// One encrypted file in the state folder.
    pub const FILE: StoreKind = StoreKind(&file::STORE);

    /// The keyring of the system.
    pub const KEYRING: StoreKind = StoreKind(&keyring::STORE);

    /// The engine that holds the state which machines share.
    pub const VAULT: StoreKind = StoreKind(&vault::STORE);

    /// The store that is used where nothing says otherwise.
    pub const USUAL: StoreKind = StoreKind(KINDS[0]);

    /// Returns every kind.
    pub fn all() -> impl DoubleEndedIterator<Item = StoreKind> {
        KINDS.iter().copied().map(StoreKind)
    }

    /// Returns the kind that the environment says how to open.
    pub fn set_up(platform: &Platform) -> Option<StoreKind> {
        StoreKind::all().find(|kind| (kind.0.is_set_up)(platform))
    }

    /// Returns its name in commands and configuration.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns the environment variables that it reads.
    pub fn variables(self) -> &'static [Variable] {
        self.0.variables
    }

    /// Returns a line of `doctor` about what it depends on, as a name and a detail.
    pub fn check(self, platform: &Platform) -> Option<(&'static str, String)> {
        (self.0.check)(platform)
    }

    /// Returns everything that is known about it.
    pub(super) fn description(self) -> &'static StoreDescription {
        self.0
    }
}

impl PartialEq for StoreKind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for StoreKind {}

impl fmt::Debug for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for StoreKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let known = StoreKind::all().find(|kind| kind.name() == text);
        known.ok_or_else(|| {
            let names: Vec<String> = NAMES.iter().map(|name| format!("`{name}`")).collect();
            Error::usage(format!("`{}` is not a store", text.escape_debug()))
                .hint(format!("stores are {}", names.join(", ")))
        })
    }
}

impl Serialize for StoreKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for StoreKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = StoreKind::all().find(|kind| kind.name() == text);
        known.ok_or_else(|| serde::de::Error::unknown_variant(&text, &NAMES))
    }
}
