//! What completion may know of keys: ids and names, never a secret; lost or wrong, it harms nobody.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::files;
use crate::key::Key;
use crate::untrusted::Untrusted;
use crate::world::World;

/// A key as completion offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The service's id.
    pub id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
}

/// The keys that were last listed, by profile.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cache(BTreeMap<String, Vec<Remembered>>);

/// The most keys that are remembered of a profile: a shell waits for them at each Tab, and nobody picks from more.
const MOST: usize = 2_000;

/// The largest file that is read, in bytes: a shell waits for it at each Tab.
const MAX_BYTES: u64 = 4 << 20;

fn path(world: &World) -> PathBuf {
    world.dirs.cache.join("keys.json")
}

impl Cache {
    /// What is remembered; nothing where the file is missing or damaged.
    pub fn load(world: &World) -> Cache {
        let bytes = files::read_within(&path(world), MAX_BYTES).ok().flatten();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// The keys of a profile.
    pub fn keys(&self, profile: &str) -> &[Remembered] {
        self.0.get(profile).map_or(&[], Vec::as_slice)
    }
}

impl Remembered {
    fn of(key: &Key) -> Option<Remembered> {
        let text = |field: &Option<Untrusted>| field.as_ref().map(ToString::to_string);
        let remembered = Remembered {
            id: text(&key.id),
            name: text(&key.name),
        };
        let says_something = remembered.id.is_some() || remembered.name.is_some();
        says_something.then_some(remembered)
    }

    /// Whether it is the same key, whatever it is called now.
    fn is(&self, other: &Remembered) -> bool {
        match (&self.id, &other.id) {
            (Some(id), Some(other)) => id == other,
            _ => self.name == other.name,
        }
    }
}

/// Remembers the keys of a profile that were just listed.
pub fn remember(world: &World, profile: &str, keys: &[Key]) {
    let counting = keys.iter().filter(|key| key.status.counts_toward_limit());
    let now: Vec<Remembered> = counting.filter_map(Remembered::of).collect();
    change(world, profile, |known| *known = now);
}

/// Remembers one key, new or with another name.
pub fn learn(world: &World, profile: &str, key: &Key) {
    let Some(now) = Remembered::of(key) else {
        return;
    };
    change(world, profile, |known| {
        match known.iter_mut().find(|known| known.is(&now)) {
            Some(known) => *known = now,
            None => known.push(now),
        }
    });
}

/// Forgets one key.
pub fn unlearn(world: &World, profile: &str, key: &Key) {
    if let Some(gone) = Remembered::of(key) {
        change(world, profile, |known| {
            known.retain(|known| !known.is(&gone));
        });
    }
}

/// Forgets all keys of a profile.
pub fn forget(world: &World, profile: &str) {
    change(world, profile, Vec::clear);
}

/// Written only where something has changed, and no failure of it is anybody's business.
fn change(world: &World, profile: &str, change: impl FnOnce(&mut Vec<Remembered>)) {
    // A sandbox has a state of its own, and nobody completes for it.
    if !world.addresses.is_empty() {
        return;
    }
    let mut cache = Cache::load(world);
    let mut keys = cache.keys(profile).to_vec();
    change(&mut keys);
    keys.truncate(MOST);
    if cache.keys(profile) == keys {
        return;
    }
    if keys.is_empty() {
        cache.0.remove(profile);
    } else {
        cache.0.insert(profile.to_owned(), keys);
    }
    if let Ok(bytes) = serde_json::to_vec(&cache) {
        files::write_forgettable(&path(world), &bytes);
    }
}
