//! Lists the credentials of each profile and their store items: pointers to secrets, never secrets.

mod orphans;
mod shared;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use shared::SharedPointers;

pub use orphans::{PendingItems, changing, collect, collect_files, delete_unused};

use crate::core::error::{Error, Kind, Result};
use crate::core::format::{WriterVersion, first_version, refuse_newer};
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};
use crate::store::{SecretRef, StoreKind};

/// A stored credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCredential {
    /// The store that holds it.
    pub store: StoreKind,
    /// Its item there.
    pub item: SecretRef,
    /// The item of the secret that obtains the next token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_item: Option<SecretRef>,
    /// The origins that it may be sent to: those of the profile's addresses when it was saved.
    pub origins: Vec<String>,
    /// The time at which it was saved.
    pub saved_at: Timestamp,
    /// Its expiry.
    pub expires_at: Option<Timestamp>,
    /// Its masked form.
    pub masked: String,
    /// The key's name at the service, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The identity that it belongs to, if the service shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The time by which this machine's clock was ahead of the service's when it was saved; zero where the expiry is by
    /// this machine's clock, as all that are written now.
    #[serde(default, skip_serializing_if = "SignedDuration::is_zero")]
    pub clock_ahead: SignedDuration,
    /// The credential that it was exchanged from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<DerivedFrom>,
    /// The variables of the profile that the service returned with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub found: BTreeMap<String, String>,
}

/// The source of an exchanged token: once the source has changed, the token counts as missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivedFrom {
    /// The credential.
    pub credential: String,
    /// Its item in the store; another secret has another item.
    pub item: SecretRef,
    /// The addresses and variables of the profile at that time.
    pub setting: Vec<String>,
}

impl StoredCredential {
    /// Returns the items that it points to.
    pub fn items(&self) -> Vec<SecretRef> {
        let refresh = self.refresh_item.iter();
        std::iter::once(&self.item)
            .chain(refresh)
            .cloned()
            .collect()
    }
}

/// The version of the file's form.
const FORMAT_VERSION: u32 = 1;

/// The pointers of every profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CredentialIndex {
    #[serde(default = "first_version")]
    version: u32,
    #[serde(default, rename = "keywright")]
    writer: WriterVersion,
    profiles: Profiles,
    /// Those that this machine shares with others.
    #[serde(skip)]
    shared: SharedPointers,
}

/// The credentials of profiles, each by name.
type Profiles = BTreeMap<String, BTreeMap<String, StoredCredential>>;

impl Default for CredentialIndex {
    fn default() -> Self {
        CredentialIndex {
            version: FORMAT_VERSION,
            writer: WriterVersion,
            profiles: BTreeMap::new(),
            shared: SharedPointers::default(),
        }
    }
}

impl CredentialIndex {
    /// Returns the path of the file.
    pub fn path(platform: &Platform) -> PathBuf {
        platform.dirs.state.join("credentials.json")
    }

    /// Reads the pointers; a file that cannot be read is an error, not an empty one.
    pub fn load(platform: &Platform) -> Result<CredentialIndex> {
        let mut index = CredentialIndex::load_local(platform)?;
        index.shared = SharedPointers::load(platform)?;
        Ok(index)
    }

    /// As [`CredentialIndex::load`], for one credential: those that machines share are read only if this machine has not
    /// got it, or its source.
    pub fn load_for(
        platform: &Platform,
        profile: &str,
        credential: &str,
    ) -> Result<CredentialIndex> {
        let mut index = CredentialIndex::load_local(platform)?;
        let own = index.profiles.get(profile);
        let is_whole = own.is_some_and(|own| {
            own.get(credential).is_some_and(|stored| {
                let source = stored.derived.as_ref();
                source.is_none_or(|source| own.contains_key(&source.credential))
            })
        });
        if !is_whole {
            index.shared = SharedPointers::load(platform)?;
        }
        Ok(index)
    }

    fn load_local(platform: &Platform) -> Result<CredentialIndex> {
        let path = CredentialIndex::path(platform);
        let Some(bytes) = files::read(&path).map_err(|error| error.with_kind(Kind::Store))? else {
            return Ok(CredentialIndex::default());
        };
        refuse_newer(&path, &bytes, FORMAT_VERSION)?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Error::failed(format!(
                "`{}` is damaged: line {}, column {}",
                path.display(),
                error.line(),
                error.column()
            ))
            .hint("your secrets are still in their store; move the file away and log in again")
        })
    }

    /// Returns the credential of that name. That of this machine comes before one that machines share.
    pub fn get(&self, profile: &str, credential: &str) -> Option<&StoredCredential> {
        let own = self
            .profiles
            .get(profile)
            .and_then(|all| all.get(credential));
        own.or_else(|| self.shared.profiles.get(profile)?.get(credential))
    }

    /// Returns the credentials of a profile, by name.
    pub fn of(&self, profile: &str) -> impl Iterator<Item = (&str, &StoredCredential)> {
        let own = self.profiles.get(profile).into_iter().flatten();
        let shared = self.shared.profiles.get(profile).into_iter().flatten();
        let shared = shared.filter(move |(name, _)| {
            let own = self.profiles.get(profile);
            own.is_none_or(|own| !own.contains_key(*name))
        });
        own.chain(shared)
            .map(|(name, stored)| (name.as_str(), stored))
    }

    /// Returns whether a credential of any profile is stored at this item.
    pub fn points_to(&self, item: &SecretRef) -> bool {
        let mut all = [&self.profiles, &self.shared.profiles]
            .into_iter()
            .flat_map(|profiles| profiles.values().flat_map(BTreeMap::values));
        all.any(|stored| stored.item == *item || stored.refresh_item.as_ref() == Some(item))
    }

    /// Points to `stored`; returns the previous pointer.
    fn insert(
        &mut self,
        profile: &str,
        credential: &str,
        stored: StoredCredential,
    ) -> Option<StoredCredential> {
        let previous = self.take(profile, credential);
        let profiles = if stored.store == StoreKind::VAULT {
            &mut self.shared.profiles
        } else {
            &mut self.profiles
        };
        let own = profiles.entry(profile.to_owned()).or_default();
        own.insert(credential.to_owned(), stored);
        previous
    }

    /// Removes the pointer to a credential, and returns the one that counted.
    fn take(&mut self, profile: &str, credential: &str) -> Option<StoredCredential> {
        let mut found = None;
        for profiles in [&mut self.profiles, &mut self.shared.profiles] {
            let Some(own) = profiles.get_mut(profile) else {
                continue;
            };
            let gone = own.remove(credential);
            if own.is_empty() {
                profiles.remove(profile);
            }
            found = found.or(gone);
        }
        found
    }

    /// Returns whether the profile still has the source that `stored` was exchanged from, with the same `setting`.
    pub fn source_is_current(
        &self,
        profile: &str,
        stored: &StoredCredential,
        setting: &[String],
    ) -> bool {
        let derived = stored.derived.as_ref();
        derived.is_none_or(|derived| self.is_current(profile, derived, setting))
    }

    /// Returns whether the profile still has the source that `derived` names, with the same `setting`.
    pub fn is_current(&self, profile: &str, derived: &DerivedFrom, setting: &[String]) -> bool {
        let from = self.get(profile, &derived.credential);
        from.is_some_and(|from| from.item == derived.item) && derived.setting == setting
    }

    /// Points to the same secret at another item; tokens that were exchanged from it stay valid.
    pub fn relocate(
        platform: &Platform,
        profile: &str,
        credential: &str,
        stored: &StoredCredential,
    ) -> Result<()> {
        edit(platform, |index| {
            let item = stored.item.clone();
            let Some(old) = index.insert(profile, credential, stored.clone()) else {
                return;
            };
            for profiles in [&mut index.profiles, &mut index.shared.profiles] {
                let own = profiles.get_mut(profile).into_iter();
                let own = own.flat_map(BTreeMap::values_mut);
                for derived in own.filter_map(|one| one.derived.as_mut()) {
                    if derived.credential == credential && derived.item == old.item {
                        derived.item = item.clone();
                    }
                }
            }
        })
    }

    /// Points to another item; returns the previous pointer.
    pub fn put(
        platform: &Platform,
        profile: &str,
        credential: &str,
        stored: &StoredCredential,
    ) -> Result<Option<StoredCredential>> {
        edit(platform, |index| {
            index.insert(profile, credential, stored.clone())
        })
    }

    /// Points to another item if the pointer is still `before`; returns false if another process was faster.
    pub fn replace_if_unchanged(
        platform: &Platform,
        profile: &str,
        credential: &str,
        before: Option<&SecretRef>,
        stored: &StoredCredential,
    ) -> Result<bool> {
        edit(platform, |index| {
            let now = index.get(profile, credential);
            if now.map(|now| &now.item) != before {
                return false;
            }
            index.insert(profile, credential, stored.clone());
            true
        })
    }

    /// Removes one credential; returns its pointer.
    pub fn forget(
        platform: &Platform,
        profile: &str,
        credential: &str,
    ) -> Result<Option<StoredCredential>> {
        edit(platform, |index| index.take(profile, credential))
    }
}

fn edit<T>(platform: &Platform, change: impl Fn(&mut CredentialIndex) -> T) -> Result<T> {
    let path = CredentialIndex::path(platform);
    let lock = FileLock::acquire(&files::lock_path(&path), &platform.lock_deadline)?;
    let mut before = CredentialIndex::load(platform)?;
    loop {
        let mut index = before.clone();
        let outcome = change(&mut index);
        index.version = FORMAT_VERSION;
        let shares = index.shared != before.shared;
        let own = index.profiles != before.profiles || !shares;
        // A pointer stands at its new place before it leaves the old one.
        let is_leaving = before.profiles.iter().any(|(profile, all)| {
            let now = index.profiles.get(profile);
            all.keys()
                .any(|name| now.is_none_or(|now| !now.contains_key(name)))
        });
        if own && !is_leaving {
            write_local(&path, &index, &lock)?;
        }
        if !index.shared.save(platform, &before.shared)? {
            // Another machine was faster: its pointers count.
            before.shared = SharedPointers::load(platform)?;
            continue;
        }
        if own && is_leaving {
            write_local(&path, &index, &lock)?;
        }
        return Ok(outcome);
    }
}

fn write_local(path: &Path, index: &CredentialIndex, lock: &FileLock) -> Result<()> {
    let bytes = serde_json::to_vec_pretty(index)
        .map_err(|error| Error::failed("cannot write `credentials.json`").caused_by(error))?;
    files::write_private(path, &bytes, lock)
}
