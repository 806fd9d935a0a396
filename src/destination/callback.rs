//! Delivers to slots that higher layers store.

use super::{Destination, SecretSlot, StoredContent};
use crate::core::error::Result;
use crate::core::secret::Secret;

pub(super) struct CallbackDestination {
    shown: String,
    slot: Box<dyn SecretSlot>,
}

impl CallbackDestination {
    pub(super) fn new(shown: String, slot: Box<dyn SecretSlot>) -> Self {
        CallbackDestination { shown, slot }
    }

    fn context(&self, tried: &str) -> String {
        format!("cannot {tried} `{}`", self.shown)
    }
}

impl Destination for CallbackDestination {
    fn describe(&self) -> String {
        self.shown.clone()
    }

    fn can_read(&self) -> bool {
        true
    }

    fn probe(&self) -> Result<()> {
        let probed = self.slot.probe();
        probed.map_err(|error| error.context(&self.context("write to")))
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        let written = self.slot.write(Some(secret));
        written.map_err(|error| error.context(&self.context("write to")))
    }

    fn read(&self) -> Result<StoredContent> {
        let read = self.slot.read();
        let found = read.map_err(|error| error.context(&self.context("read")))?;
        Ok(found.map_or(StoredContent::Absent, StoredContent::Value))
    }

    fn restore(&self, previous: &StoredContent) -> Result<()> {
        let secret = match previous {
            StoredContent::Value(secret) => Some(secret),
            StoredContent::Absent => None,
            StoredContent::Digest(_) | StoredContent::Unreadable => {
                return Err(super::nothing_to_restore(&self.shown));
            }
        };
        let written = self.slot.write(secret);
        written.map_err(|error| error.context(&self.context("restore")))
    }
}
