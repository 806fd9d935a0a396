//! `profile:NAME` and `keyring:SERVICE/ACCOUNT`: places that higher floors keep.

use super::{Content, Destination, Slot};
use crate::error::Result;
use crate::secret::Secret;

pub(super) struct Kept {
    shown: String,
    slot: Box<dyn Slot>,
}

impl Kept {
    pub(super) fn new(shown: String, slot: Box<dyn Slot>) -> Self {
        Kept { shown, slot }
    }

    fn context(&self, tried: &str) -> String {
        format!("cannot {tried} `{}`", self.shown)
    }
}

impl Destination for Kept {
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

    fn read(&self) -> Result<Content> {
        let read = self.slot.read();
        let found = read.map_err(|error| error.context(&self.context("read")))?;
        Ok(found.map_or(Content::Absent, Content::Value))
    }

    fn restore(&self, previous: &Content) -> Result<()> {
        let secret = match previous {
            Content::Value(secret) => Some(secret),
            Content::Absent => None,
            Content::Unreadable => return Err(super::nothing_to_restore(&self.shown)),
        };
        let written = self.slot.write(secret);
        written.map_err(|error| error.context(&self.context("restore")))
    }
}
