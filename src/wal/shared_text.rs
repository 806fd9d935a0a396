//! The text of a document that is held while a call is made: the lines and the secrets of a record, the note of the
//! call, and the response to it.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::spool::SpooledCall;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::SharedLease;
use crate::store::SecretRef;

/// The text of a document that is held while a call is made.
#[derive(Default, Serialize, Deserialize)]
pub struct SharedText {
    /// The lines of a record, if it is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lines: String,
    /// The note of the call in progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    /// The encrypted response to it, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) response: Option<String>,
    /// Those to the calls that follow it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) further: Vec<String>,
    /// The secrets of a record, each under the name of its item.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", with = "items")]
    items: BTreeMap<String, Secret>,
}

/// The secrets of a record as they are written.
mod items {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use crate::core::map::map_of;
    use crate::core::secret::Secret;

    pub(super) fn serialize<S: Serializer>(
        items: &BTreeMap<String, Secret>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_map(items.iter().map(|(name, secret)| (name, secret.expose())))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<String, Secret>, D::Error> {
        let items = BTreeMap::<String, String>::deserialize(from)?;
        let secrets = items.into_iter();
        Ok(map_of(
            secrets.map(|(name, text)| (name, Secret::new(text))),
        ))
    }
}

impl SharedText {
    /// Reads the text of a document; an empty one holds nothing.
    pub fn read(name: &str, text: &Secret) -> Result<SharedText> {
        if text.is_empty() {
            return Ok(SharedText::default());
        }
        serde_json::from_str(text.expose()).map_err(|_| {
            Error::new(
                Kind::Store,
                format!("the shared document `{name}` is damaged"),
            )
        })
    }

    /// Changes the text of a document that is held; its lease lasts for `time` from now at least.
    pub fn change(
        lease: &dyn SharedLease,
        name: &str,
        time: Duration,
        change: impl FnOnce(&mut SharedText),
    ) -> Result<()> {
        let mut text = SharedText::read(name, &lease.text())?;
        change(&mut text);
        lease.replace(&text.to_text()?, time)
    }

    /// Returns the text of a new record.
    pub fn of_lines(lines: String) -> SharedText {
        SharedText {
            lines,
            ..SharedText::default()
        }
    }

    /// Returns whether the response to the call is kept in it.
    pub fn has_response(&self) -> bool {
        self.response.is_some()
    }

    /// Adds an encrypted response, in base64.
    pub(super) fn add_response(&mut self, response: String) {
        if self.response.is_none() {
            self.response = Some(response);
        } else {
            self.further.push(response);
        }
    }

    /// Removes the note of the call, and the responses.
    pub(super) fn forget_call(&mut self) {
        self.note = None;
        self.response = None;
        self.further.clear();
    }

    /// Returns it as the text of a document.
    pub fn to_text(&self) -> Result<Secret> {
        let text = serde_json::to_string(self);
        text.map(Secret::new)
            .map_err(|error| Error::failed("cannot write a shared document").caused_by(error))
    }

    /// Returns the secret of an item.
    pub fn item(&self, at: &SecretRef) -> Option<&Secret> {
        self.items.get(at.file_stem())
    }

    /// Adds the secret of an item.
    pub fn add_item(&mut self, at: &SecretRef, secret: &Secret) {
        self.items
            .insert(at.file_stem().to_owned(), secret.duplicate());
    }

    /// Removes the secret of an item; returns false if there was none.
    pub fn remove_item(&mut self, at: &SecretRef) -> bool {
        self.items.remove(at.file_stem()).is_some()
    }

    /// Returns the call in progress.
    pub(super) fn call(&self, name: &str) -> Option<SpooledCall> {
        let note = self.note.as_ref()?;
        let responses = self.response.iter().chain(&self.further);
        let responses = responses.filter_map(|text| STANDARD.decode(text).ok());
        let note = note.as_bytes().to_vec();
        Some(SpooledCall::of(name, note, responses.collect()))
    }
}
