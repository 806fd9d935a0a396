//! `keywright.toml`: which keys a project uses, where they go and how often they are replaced; no secrets, no addresses.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::config::read_toml;
use crate::destination::DestinationSpec;
use crate::error::Result;
use crate::manifest::{Span, Strategy, read_expiry};
use crate::world::World;

/// The project file that is looked for from the current folder upwards.
pub const PROJECT_FILE: &str = "keywright.toml";

/// `keywright.toml` of a project.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The profile that commands use in this project.
    pub profile: Option<String>,
    /// The keys that the project uses, by the name or id they have at their service.
    #[serde(default)]
    pub keys: ProjectKeys,
    /// Where the file is.
    #[serde(skip)]
    pub path: PathBuf,
}

/// The keys of a project, in the order of the file.
#[derive(Debug, Default)]
pub struct ProjectKeys(pub Vec<(String, ProjectKey)>);

/// A key that a project uses.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectKey {
    /// The profile it belongs to; that of the project where it is left out.
    pub profile: Option<String>,
    /// How often it is replaced; the service's own advice where it is left out.
    pub rotate_every: Option<Span>,
    /// When a new one ends: `90d`, `2027-01-31` or `never`; as long as the old one where it is left out.
    #[serde(default, deserialize_with = "an_end")]
    pub expires: Option<String>,
    /// What it may do; as the old one where it is left out.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Where it goes; paths count from the folder of the file.
    #[serde(default)]
    pub destinations: Vec<DestinationSpec>,
    /// How long an old key lives on beside a new one.
    pub grace: Option<Span>,
    /// Another order of things than the service's own.
    pub strategy: Option<Strategy>,
}

/// Reads when a key ends; whether that is still to come is asked when it is used.
fn an_end<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_expiry(&text, Timestamp::UNIX_EPOCH).map_err(serde::de::Error::custom)?;
    Ok(Some(text))
}

impl<'de> Deserialize<'de> for ProjectKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = ProjectKeys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table `[keys.NAME]` for each key")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ProjectKeys, A::Error> {
        let mut keys = Vec::new();
        while let Some(entry) = map.next_entry::<String, ProjectKey>()? {
            keys.push(entry);
        }
        Ok(ProjectKeys(keys))
    }
}

impl Project {
    /// The nearest project file, from the current folder upwards.
    pub fn find(world: &World) -> Result<Option<Project>> {
        // A sandbox knows nothing of the projects around it.
        if !world.addresses.is_empty() {
            return Ok(None);
        }
        for folder in world.folder.ancestors() {
            let path = folder.join(PROJECT_FILE);
            if path.is_file() {
                let project: Project = read_toml(&path)?;
                return Ok(Some(Project { path, ..project }));
            }
        }
        Ok(None)
    }

    /// The key of that name.
    pub fn key(&self, name: &str) -> Option<&ProjectKey> {
        let mut keys = self.keys.0.iter();
        keys.find_map(|(known, key)| (known == name).then_some(key))
    }

    /// The profile that a key belongs to, where the file says it.
    pub fn profile_of<'p>(&'p self, key: &'p ProjectKey) -> Option<&'p str> {
        key.profile.as_deref().or(self.profile.as_deref())
    }

    /// The destinations of a key, wherever the command was started.
    pub fn destinations(&self, key: &ProjectKey, world: &World) -> Result<Vec<DestinationSpec>> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let destinations = key.destinations.iter();
        destinations
            .map(|to| to.anchored(folder, &world.env))
            .collect()
    }
}
