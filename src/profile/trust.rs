//! Records your consent on this machine: project files by path and bytes, programs of manifests by their hash.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::core::error::{Error, Kind, Result};
use crate::core::format::{WriterVersion, refuse_newer};
use crate::manifest::Manifest;
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};

/// The variable that allows the programs of one manifest, for CI jobs, which have no record.
const TRUST_VARIABLE: &str = "KEYWRIGHT_TRUST_PROVIDER";

/// The version of the record.
const RECORD_VERSION: u32 = 1;

/// The record of trusted files, in the local state folder.
#[derive(Debug, Serialize, Deserialize)]
pub struct TrustRecord {
    version: u32,
    #[serde(default, rename = "keywright")]
    writer: WriterVersion,
    /// Project files by their path.
    #[serde(default)]
    projects: BTreeMap<String, TrustEntry>,
    /// Manifests that start programs, by the name of their provider.
    #[serde(default)]
    providers: BTreeMap<String, TrustEntry>,
}

/// A trusted file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustEntry {
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// The effects that it had then, a line each.
    pub may: Vec<String>,
    /// The time at which it was trusted.
    pub at: Timestamp,
}

impl Default for TrustRecord {
    fn default() -> Self {
        TrustRecord {
            version: RECORD_VERSION,
            writer: WriterVersion,
            projects: BTreeMap::new(),
            providers: BTreeMap::new(),
        }
    }
}

impl TrustRecord {
    fn path(platform: &Platform) -> PathBuf {
        platform.dirs.state.join("trust.json")
    }

    /// Reads the record; without one, nothing is trusted.
    pub fn load(platform: &Platform) -> Result<TrustRecord> {
        let path = TrustRecord::path(platform);
        let Some(bytes) = files::read_private(&path)? else {
            return Ok(TrustRecord::default());
        };
        refuse_newer(&path, &bytes, RECORD_VERSION)?;
        serde_json::from_slice(&bytes).map_err(|error| {
            let message = format!("`{}` is damaged, so nothing is trusted", path.display());
            Error::new(Kind::Store, message)
                .caused_by(error)
                .hint("remove it, then allow each project file again: keywright trust")
        })
    }

    /// Returns the entry of the project file at `path`.
    pub fn project(&self, path: &Path) -> Option<&TrustEntry> {
        self.projects.get(path.to_str()?)
    }

    /// Returns the entry of the programs of a provider's manifest.
    pub fn provider(&self, name: &str) -> Option<&TrustEntry> {
        self.providers.get(name)
    }

    /// Records that a project file is trusted, or with `None` that it is not; returns false if nothing changes.
    pub fn set_project(
        platform: &Platform,
        path: &Path,
        trusted: Option<TrustEntry>,
    ) -> Result<bool> {
        let name = path.to_str().ok_or_else(|| {
            Error::usage(format!("the path `{}` is not UTF-8 text", path.display()))
        })?;
        change(platform, |trust| set(&mut trust.projects, name, trusted))
    }

    /// Records that the programs of a provider's manifest are trusted, or with `None` that they are not; returns
    /// false if nothing changes.
    pub fn set_provider(
        platform: &Platform,
        name: &str,
        trusted: Option<TrustEntry>,
    ) -> Result<bool> {
        change(platform, |trust| set(&mut trust.providers, name, trusted))
    }
}

fn set(all: &mut BTreeMap<String, TrustEntry>, name: &str, trusted: Option<TrustEntry>) -> bool {
    match trusted {
        Some(trusted) => {
            let is_new = all
                .get(name)
                .is_none_or(|known| known.sha256 != trusted.sha256);
            all.insert(name.to_owned(), trusted);
            is_new
        }
        None => all.remove(name).is_some(),
    }
}

fn change(platform: &Platform, change: impl FnOnce(&mut TrustRecord) -> bool) -> Result<bool> {
    let path = TrustRecord::path(platform);
    let lock = FileLock::acquire(&files::lock_path(&path), &platform.lock_deadline)?;
    let mut trust = TrustRecord::load(platform)?;
    let changed = change(&mut trust);
    let text = serde_json::to_string_pretty(&trust)
        .map_err(|error| Error::failed("cannot write `trust.json`").caused_by(error))?;
    files::write_private(&path, text.as_bytes(), &lock)?;
    Ok(changed)
}

/// Returns whether the programs of a manifest may be started: it names none, or exactly this manifest is trusted.
pub fn may_start_programs(platform: &Platform, manifest: &Manifest) -> Result<bool> {
    if manifest.programs.is_empty() {
        return Ok(true);
    }
    let Some(digest) = &manifest.digest else {
        return Ok(false);
    };
    let wanted = format!("{}@{digest}", manifest.name);
    let variable = platform.env.get(TRUST_VARIABLE).unwrap_or_default();
    if variable.split([',', ' ']).any(|given| given == wanted) {
        return Ok(true);
    }
    let trust = TrustRecord::load(platform)?;
    let known = trust.provider(&manifest.name);
    Ok(known.is_some_and(|known| known.sha256 == *digest))
}
