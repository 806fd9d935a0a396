//! The value that stands at a destination.

use jiff::Timestamp;
use serde_json::Value;

use super::super::source::plain_text;
use super::{Extractor, ParsedResponse};
use crate::core::exact_json;
use crate::core::secret::Secret;

impl Extractor {
    /// Returns the first text that stands at one of the locations, an empty one included; any other value as its JSON.
    pub fn stored(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> Option<Secret> {
        let found = self.0.iter().find_map(|rule| {
            let raw = rule.raw(seen, within).filter(|raw| !raw.is_null())?;
            rule.form.decode(raw, now)
        });
        found.map(|value| {
            Secret::new(plain_text(&value).unwrap_or_else(|| exact_json::write(&value)))
        })
    }
}
