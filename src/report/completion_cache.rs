//! The cache of key ids and names for shell completion. It never holds a secret, and a lost or wrong cache does no
//! harm.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::core::key::Key;
use crate::core::untrusted::Untrusted;
use crate::platform::Platform;
use crate::platform::files;

/// A key as completion offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedKey {
    /// The service's id.
    pub id: Option<String>,
    /// Its display name.
    pub name: Option<String>,
}

/// The keys that were last listed, by profile.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CompletionCache(BTreeMap<String, Vec<CachedKey>>);

/// The most keys that are cached for a profile: the shell waits for them at each Tab, and a longer list is no help.
const MAX_KEYS: usize = 2_000;

/// The largest file that is read, in bytes: a shell waits for it at each Tab.
const MAX_BYTES: u64 = 4 << 20;

fn path(platform: &Platform) -> PathBuf {
    platform.dirs.cache.join("keys.json")
}

impl CompletionCache {
    /// Loads the cache; empty if the file is missing or damaged.
    pub fn load(platform: &Platform) -> CompletionCache {
        let bytes = files::read_within(&path(platform), MAX_BYTES)
            .ok()
            .flatten();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Returns the keys of a profile.
    pub fn keys(&self, profile: &str) -> &[CachedKey] {
        self.0.get(profile).map_or(&[], Vec::as_slice)
    }
}

impl CachedKey {
    fn of(key: &Key) -> Option<CachedKey> {
        let text = |field: &Option<Untrusted>| field.as_ref().map(ToString::to_string);
        let remembered = CachedKey {
            id: text(&key.id),
            name: text(&key.name),
        };
        let says_something = remembered.id.is_some() || remembered.name.is_some();
        says_something.then_some(remembered)
    }

    /// Returns whether both are the same key, whatever its name is now.
    fn is(&self, other: &CachedKey) -> bool {
        match (&self.id, &other.id) {
            (Some(id), Some(other)) => id == other,
            _ => self.name == other.name,
        }
    }
}

/// Remembers the keys of a profile that were just listed.
pub fn replace(platform: &Platform, profile: &str, keys: &[Key]) {
    let counting = keys.iter().filter(|key| key.status.counts_toward_limit());
    let now: Vec<CachedKey> = counting.filter_map(CachedKey::of).collect();
    change(platform, profile, |known| *known = now);
}

/// Remembers one key, new or with another name.
pub fn insert(platform: &Platform, profile: &str, key: &Key) {
    let Some(now) = CachedKey::of(key) else {
        return;
    };
    change(platform, profile, |known| {
        match known.iter_mut().find(|known| known.is(&now)) {
            Some(known) => *known = now,
            None => known.push(now),
        }
    });
}

/// Forgets one key.
pub fn remove(platform: &Platform, profile: &str, key: &Key) {
    if let Some(gone) = CachedKey::of(key) {
        change(platform, profile, |known| {
            known.retain(|known| !known.is(&gone));
        });
    }
}

/// Forgets all keys of a profile.
pub fn forget(platform: &Platform, profile: &str) {
    change(platform, profile, Vec::clear);
}

/// Writes the cache if something has changed. Failures are ignored: the cache is optional.
fn change(platform: &Platform, profile: &str, change: impl FnOnce(&mut Vec<CachedKey>)) {
    let mut cache = CompletionCache::load(platform);
    let mut keys = cache.keys(profile).to_vec();
    change(&mut keys);
    keys.truncate(MAX_KEYS);
    if cache.keys(profile) == keys {
        return;
    }
    if keys.is_empty() {
        cache.0.remove(profile);
    } else {
        cache.0.insert(profile.to_owned(), keys);
    }
    if let Ok(bytes) = serde_json::to_vec(&cache) {
        files::write_best_effort(&path(platform), &bytes);
    }
}
