//! Remembers the keys that this machine delivered after their records are closed: none of them is ever the lost one.
//! The revoked keys are remembered beside them.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EventLog, RecordState, RevokedKey};
use crate::core::error::{Error, Result};
use crate::core::format::{WriterVersion, first_version, refuse_newer};
use crate::core::secret::Secret;
use crate::platform::files::{self, FileLock};
use crate::platform::{Platform, SharedDocument, SharedState};

/// The number of keys of each kind that are remembered; the oldest is dropped first.
const MAX_REMEMBERED: usize = 1_000;

/// A delivered key; holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredKey {
    /// Its provider.
    pub provider: String,
    /// The profile that it was created with.
    pub profile: String,
    /// Its id at the service, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its masked secret.
    pub masked: String,
    /// A digest of its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The moment at which its record was closed.
    pub at: Timestamp,
}

/// The version of the file's form.
const FORMAT_VERSION: u32 = 1;

/// The keys that this machine remembers.
#[derive(Serialize, Deserialize)]
pub struct KeyHistory {
    #[serde(default = "first_version")]
    version: u32,
    #[serde(default, rename = "keywright")]
    writer: WriterVersion,
    /// The keys that it delivered.
    keys: Vec<DeliveredKey>,
    /// The keys that it revoked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) revoked: Vec<RevokedKey>,
}

impl Default for KeyHistory {
    fn default() -> Self {
        KeyHistory {
            version: FORMAT_VERSION,
            writer: WriterVersion,
            keys: Vec::new(),
            revoked: Vec::new(),
        }
    }
}

impl KeyHistory {
    /// Returns the newest of them as they are kept.
    fn newest_as_bytes(&mut self) -> Result<Vec<u8>> {
        self.version = FORMAT_VERSION;
        let surplus = self.keys.len().saturating_sub(MAX_REMEMBERED);
        self.keys.drain(..surplus);
        let surplus = self.revoked.len().saturating_sub(MAX_REMEMBERED);
        self.revoked.drain(..surplus);
        serde_json::to_vec(self).map_err(|error| {
            Error::failed("cannot record the delivered or revoked key").caused_by(error)
        })
    }

    /// Adds a revoked key as the newest.
    pub(super) fn add_revoked(&mut self, key: RevokedKey) {
        let same = |known: &RevokedKey| {
            (&known.provider, &known.profile, &known.id) == (&key.provider, &key.profile, &key.id)
        };
        self.revoked.retain(|known| !same(known));
        self.revoked.push(key);
    }
}

impl DeliveredKey {
    /// Returns the key that a record delivered; `None` if it delivered none, or rolled it back.
    fn of(events: &EventLog, at: Timestamp) -> Option<DeliveredKey> {
        let (intent, kept) = (events.intent()?, events.staged()?);
        let delivered = matches!(events.state(), Ok(RecordState::Done));
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

fn path(platform: &Platform) -> PathBuf {
    platform.dirs.state.join("delivered.json")
}

/// Returns the keys that this machine delivered, the newest last.
pub fn delivered(platform: &Platform) -> Result<Vec<DeliveredKey>> {
    Ok(memory(platform)?.keys)
}

/// Returns the remembered keys: those of this machine, and those that machines share.
pub(super) fn memory(platform: &Platform) -> Result<KeyHistory> {
    let path = path(platform);
    let mut own = read(&path)?.map_err(|error| {
        Error::failed(format!("`{}` is damaged", path.display()))
            .caused_by(error)
            .hint(
                "it names the keys that were delivered or revoked from here; move it away to go on without it",
            )
    })?;
    if let Some(state) = &platform.shared_state {
        let (shared, _) = shared(&**state, state.read(NAME)?)?;
        own.keys.extend(shared.keys);
        own.revoked.extend(shared.revoked);
    }
    Ok(own)
}

/// The name of the document that machines share.
const NAME: &str = "delivered";

/// Returns the keys in the document of those that machines remember together, and its version.
fn shared(state: &dyn SharedState, document: Option<SharedDocument>) -> Result<(KeyHistory, u64)> {
    let Some(document) = document else {
        return Ok((KeyHistory::default(), 0));
    };
    let text = document.plain();
    refuse_newer(NAME.as_ref(), text.as_bytes(), FORMAT_VERSION)?;
    let memory = serde_json::from_str(text).map_err(|error| {
        Error::failed(format!("`{NAME}` in {} is damaged", state.place())).caused_by(error)
    })?;
    Ok((memory, document.version))
}

/// Adds remembered keys to those of `platform`.
pub(super) fn join(platform: &Platform, keys: &KeyHistory) -> Result<()> {
    if keys.keys.is_empty() && keys.revoked.is_empty() {
        return Ok(());
    }
    change(platform, |memory| {
        for key in &keys.keys {
            if !memory.keys.contains(key) {
                memory.keys.push(key.clone());
            }
        }
        for key in &keys.revoked {
            memory.add_revoked(key.clone());
        }
    })
}

/// Forgets the keys at the place of `platform`.
pub(super) fn forget(platform: &Platform) -> Result<()> {
    if let Some(state) = &platform.shared_state {
        return state.remove(NAME).map(drop);
    }
    let path = path(platform);
    let lock = FileLock::acquire(&files::lock_path(&path), &platform.lock_deadline)?;
    files::remove(&path, &lock).map(drop)
}

/// Refuses a memory that a newer keywright wrote: nothing could be remembered in it. One that cannot be read stops nothing
/// here; the warning comes when the record is closed.
pub(super) fn check_version(platform: &Platform) -> Result<()> {
    let path = path(platform);
    match files::read(&path) {
        Ok(Some(bytes)) => refuse_newer(&path, &bytes, FORMAT_VERSION),
        Ok(None) | Err(_) => Ok(()),
    }
}

/// Reads the file; the inner error is one of its content.
fn read(path: &Path) -> Result<serde_json::Result<KeyHistory>> {
    let Some(bytes) = files::read(path)? else {
        return Ok(Ok(KeyHistory::default()));
    };
    refuse_newer(path, &bytes, FORMAT_VERSION)?;
    Ok(serde_json::from_slice(&bytes))
}

/// Remembers the key that a record delivered, and the one that it revoked.
pub(super) fn remember(
    platform: &Platform,
    events: &EventLog,
    revoked: Option<&RevokedKey>,
) -> Result<()> {
    let delivered = DeliveredKey::of(events, platform.clock.now());
    if delivered.is_none() && revoked.is_none() {
        return Ok(());
    }
    change(platform, |memory| {
        if let Some(key) = &delivered {
            let same =
                |known: &DeliveredKey| known.fingerprint == key.fingerprint && known.id == key.id;
            memory.keys.retain(|known| !same(known));
            memory.keys.push(key.clone());
        }
        if let Some(key) = revoked {
            memory.add_revoked(key.clone());
        }
    })
}

/// Changes the remembered keys: those that machines share if they share any, else those of this machine.
pub(super) fn change(platform: &Platform, change: impl Fn(&mut KeyHistory)) -> Result<()> {
    let Some(state) = &platform.shared_state else {
        return change_local(platform, change);
    };
    loop {
        let (mut memory, version) = shared(&**state, state.recall(NAME)?)?;
        change(&mut memory);
        let text = Secret::new(String::from_utf8_lossy(&memory.newest_as_bytes()?));
        // Another machine may be faster: its keys are remembered, too.
        if state.write(NAME, &text, version)?.is_some() {
            return Ok(());
        }
    }
}

fn change_local(platform: &Platform, change: impl Fn(&mut KeyHistory)) -> Result<()> {
    let path = path(platform);
    let lock = FileLock::acquire(&files::lock_path(&path), &platform.lock_deadline)?;
    // An unreadable memory is set aside: a record that stays open because of it would be no better.
    let mut memory = if let Ok(memory) = read(&path)? {
        memory
    } else {
        files::set_aside(&path, &lock)?;
        KeyHistory::default()
    };
    change(&mut memory);
    let bytes = memory.newest_as_bytes()?;
    // A power failure may take this back, and with it the later removal of the record.
    files::replace_private(&path, &bytes, &lock).map(drop)
}
