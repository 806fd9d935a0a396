//! The record of a repair: the current key is written again to destinations that do not hold it. Nothing is created and
//! nothing is revoked.

use serde::{Deserialize, Serialize};

use super::event::{EventLog, Intent, OldKey, StorageLocation};
use super::version::FORMAT_VERSION;
use crate::core::format::WriterVersion;
use crate::destination::DestinationSpec;
use crate::hook::HookSpec;

/// The key whose destinations are repaired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairedKey {
    /// Its id at the service.
    pub id: Option<String>,
    /// Its name at the service.
    pub name: Option<String>,
    /// The hooks that follow the delivery.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<HookSpec>,
    /// The program by which the application says that it works with the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<HookSpec>,
}

impl RepairedKey {
    /// Returns the hooks in the order in which they are run; the check is the last one.
    pub fn hooks(&self) -> impl Iterator<Item = &HookSpec> {
        self.after.iter().chain(&self.check)
    }

    /// Returns whether it is the key of that id or name.
    pub fn is(&self, text: &str) -> bool {
        let known = [&self.id, &self.name].into_iter().flatten();
        known.into_iter().any(|known| super::is_id(known, text))
    }
}

impl Intent {
    /// Returns the intent to write the key of a profile again to the destinations `to`.
    pub fn of_repair(
        (profile, provider): (&str, &str),
        key: RepairedKey,
        to: &[DestinationSpec],
        place: StorageLocation,
    ) -> Intent {
        Intent {
            version: FORMAT_VERSION,
            writer: WriterVersion,
            profile: profile.to_owned(),
            provider: provider.to_owned(),
            name: key.name.clone(),
            before: None,
            listed_at: None,
            to: to.to_vec(),
            place,
            replaces: None,
            repairs: Some(Box::new(key)),
            asked: None,
            lease: false,
        }
    }
}

impl EventLog {
    /// Returns the key whose destinations are repaired.
    pub fn repairs(&self) -> Option<&RepairedKey> {
        self.intent()?.repairs.as_deref()
    }

    /// Returns the hooks that follow the delivery, and how many of them are no check.
    pub fn hooks(&self) -> (Vec<HookSpec>, usize) {
        if let Some(key) = self.repairs() {
            return (key.hooks().cloned().collect(), key.after.len());
        }
        let old = self.replaces();
        let hooks = old.into_iter().flat_map(OldKey::hooks).cloned();
        (hooks.collect(), old.map_or(0, |old| old.after.len()))
    }
}
