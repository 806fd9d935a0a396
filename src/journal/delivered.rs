//! Keys that this machine delivered, remembered after their records are closed: none of them is ever the lost one.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{State, Story};
use crate::error::{Error, Result};
use crate::files::{self, Lock};
use crate::world::World;

/// How many keys are remembered: the oldest goes first.
const MAX_REMEMBERED: usize = 1_000;

/// A key that was delivered; holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredKey {
    /// Its provider.
    pub provider: String,
    /// The profile that it was made with.
    pub profile: String,
    /// The service's id of the key, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The part of its secret that may be shown.
    pub masked: String,
    /// A digest of its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// When its record was closed.
    pub at: Timestamp,
}

#[derive(Default, Serialize, Deserialize)]
struct Remembered {
    keys: Vec<DeliveredKey>,
}

impl DeliveredKey {
    /// Returns the key that a record has delivered; `None` where it delivered none, or took it back.
    fn of(story: &Story, at: Timestamp) -> Option<DeliveredKey> {
        let (intent, kept) = (story.intent()?, story.kept()?);
        let delivered = matches!(story.state(), Ok(State::Done));
        delivered.then(|| DeliveredKey {
            provider: intent.provider.clone(),
            profile: intent.profile.clone(),
            id: kept.id.clone(),
            masked: kept.masked.clone(),
            fingerprint: kept.fingerprint.clone(),
            at,
        })
    }
}

fn path(world: &World) -> PathBuf {
    world.dirs.state.join("delivered.json")
}

/// Returns the keys that this machine delivered, the newest last.
pub fn delivered(world: &World) -> Result<Vec<DeliveredKey>> {
    let path = path(world);
    read(&path)?.map_err(|error| {
        Error::failed(format!("`{}` is damaged", path.display()))
            .caused_by(error)
            .hint(
                "it names the keys that were delivered from here; move it away to go on without it",
            )
    })
}

/// Reads the file; the inner error is one of what stands in it.
fn read(path: &Path) -> Result<serde_json::Result<Vec<DeliveredKey>>> {
    let Some(bytes) = files::read(path)? else {
        return Ok(Ok(Vec::new()));
    };
    let remembered: serde_json::Result<Remembered> = serde_json::from_slice(&bytes);
    Ok(remembered.map(|remembered| remembered.keys))
}

/// Remembers the key that a record has delivered.
pub(super) fn remember(world: &World, story: &Story) -> Result<()> {
    let Some(key) = DeliveredKey::of(story, world.clock.now()) else {
        return Ok(());
    };
    let path = path(world);
    let lock = Lock::acquire(&files::with_suffix(&path, ".lock"), &world.patience)?;
    // A memory that nobody can read is set aside: a record that stays for its sake would be no better.
    let mut keys = if let Ok(keys) = read(&path)? {
        keys
    } else {
        files::set_aside(&path, &lock)?;
        Vec::new()
    };
    let same = |known: &DeliveredKey| known.fingerprint == key.fingerprint && known.id == key.id;
    keys.retain(|known| !same(known));
    keys.push(key);
    let surplus = keys.len().saturating_sub(MAX_REMEMBERED);
    keys.drain(..surplus);
    let bytes = serde_json::to_vec(&Remembered { keys }).map_err(|error| {
        Error::failed("the delivered key could not be written down").caused_by(error)
    })?;
    files::write_private(&path, &bytes, &lock)
}
