//! The pointers to credentials that machines share: one document, written with check-and-set.

use super::{FORMAT_VERSION, Profiles};
use crate::core::error::{Error, Result};
use crate::core::format::{WriterVersion, first_version, refuse_newer};
use crate::core::secret::Secret;
use crate::platform::Platform;

use serde::{Deserialize, Serialize};

/// The name of the document.
const NAME: &str = "credentials";

/// The pointers that machines share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SharedPointers {
    pub(super) profiles: Profiles,
    /// The version of the document; 0 before the first.
    version: u64,
}

/// The text of the document.
#[derive(Serialize, Deserialize)]
struct Text {
    #[serde(default = "first_version")]
    version: u32,
    #[serde(default, rename = "keywright")]
    writer: WriterVersion,
    profiles: Profiles,
}

impl SharedPointers {
    /// Reads them; there are none if this machine shares no state.
    pub(super) fn load(platform: &Platform) -> Result<SharedPointers> {
        let Some(state) = &platform.shared_state else {
            return Ok(SharedPointers::default());
        };
        let Some(found) = state.read_recent(NAME)? else {
            return Ok(SharedPointers::default());
        };
        let text = found.plain();
        refuse_newer(NAME.as_ref(), text.as_bytes(), FORMAT_VERSION)?;
        let text: Text = serde_json::from_str(text).map_err(|error| {
            Error::failed(format!("`{NAME}` in {} is damaged", state.place())).caused_by(error)
        })?;
        Ok(SharedPointers {
            profiles: text.profiles,
            version: found.version,
        })
    }

    /// Writes them if they differ from `before`; returns false if another machine has changed them since.
    pub(super) fn save(&self, platform: &Platform, before: &SharedPointers) -> Result<bool> {
        let state = platform.shared_state.as_ref();
        let Some(state) = state.filter(|_| self.profiles != before.profiles) else {
            return Ok(true);
        };
        let text = Text {
            version: FORMAT_VERSION,
            writer: WriterVersion,
            profiles: self.profiles.clone(),
        };
        let text = serde_json::to_string(&text)
            .map_err(|error| Error::failed("cannot write the shared pointers").caused_by(error))?;
        let written = state.write(NAME, &Secret::new(text), before.version)?;
        Ok(written.is_some())
    }
}
