//! The versions of a record's format: the newer one refuses to be read by a keywright that would misread it.

use super::event::{Intent, OldKey};

/// The latest version: that of a record about a repair, which an older keywright would take for a creation.
pub(super) const FORMAT_VERSION: u32 = 4;

/// The version of a record with hooks or with a proof of disuse.
const HOOKS_VERSION: u32 = 3;

/// The version of a record without hooks and without a proof of disuse, which an older keywright can finish.
const PLAIN_VERSION: u32 = 2;

/// Returns the version of records that name none.
pub(super) fn first_version() -> u32 {
    1
}

impl Intent {
    /// Returns the version of the record of a key that replaces `replaces`.
    pub fn version_for(replaces: Option<&OldKey>) -> u32 {
        match replaces {
            Some(old) if old.has_hooks() || old.retire.is_some() => HOOKS_VERSION,
            _ => PLAIN_VERSION,
        }
    }

    /// Returns whether its record shows the sending of the request; older ones do not.
    pub fn records_sending(&self) -> bool {
        self.version > 1
    }
}
