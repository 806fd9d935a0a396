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

fn path(world: &World) -> PathBuf {
    world.dirs.cache.join("keys.json")
}

impl Cache {
    /// What is remembered; nothing where the file is missing or damaged.
    pub fn load(world: &World) -> Cache {
        let bytes = files::read(&path(world)).ok().flatten();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// The keys of a profile.
    pub fn keys(&self, profile: &str) -> &[Remembered] {
        self.0.get(profile).map_or(&[], Vec::as_slice)
    }
}

/// Remembers the keys of a profile; written only where they have changed, and no failure of it is anybody's business.
pub fn remember(world: &World, profile: &str, keys: &[Key]) {
    // A sandbox has a state of its own, and nobody completes for it.
    if !world.addresses.is_empty() {
        return;
    }
    let text = |field: &Option<Untrusted>| field.as_ref().map(ToString::to_string);
    let now: Vec<Remembered> = keys
        .iter()
        .filter(|key| key.status.takes_a_slot())
        .map(|key| Remembered {
            id: text(&key.id),
            name: text(&key.name),
        })
        .filter(|key| key.id.is_some() || key.name.is_some())
        .collect();
    let mut cache = Cache::load(world);
    if cache.keys(profile) == now {
        return;
    }
    cache.0.insert(profile.to_owned(), now);
    if let Ok(bytes) = serde_json::to_vec(&cache) {
        files::write_forgettable(&path(world), &bytes);
    }
}
