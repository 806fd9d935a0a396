//! The answer of a destination, as its `read` describes it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::core::map::map_of;
use crate::destination::{StoredContent, ValueDigest};
use crate::manifest::Verb;
use crate::service::ResponseReader;

/// The answer of a destination, as its `read` describes it.
pub struct PlaceState {
    /// The value that stands there.
    pub content: StoredContent,
    /// Says that there is not even an entry that could hold a value.
    pub is_absent: bool,
    /// Says that the value is the only one of its entry.
    pub is_alone: bool,
    /// The values for the request that follows.
    pub captured: BTreeMap<String, Value>,
    /// The values that the steps before the call took, by the name of their source.
    pub(super) steps: BTreeMap<String, Value>,
}

impl PlaceState {
    /// Reads the answer to an operation.
    pub fn of(answer: &ResponseReader<'_>, verb: Verb) -> Self {
        let (spec, seen) = (answer.spec, &answer.seen);
        let entry = spec.entry_of(seen, answer.now);
        let is_absent = verb == Verb::Read && (spec.is_absent(seen) || entry.is_none());
        let entry = entry.unwrap_or_default();
        let hidden = || {
            let shown = spec.sha256.as_ref();
            let shown = shown.and_then(|reads| reads.text(seen, &entry, answer.now));
            let digest = shown.and_then(|text| ValueDigest::read(&text));
            digest.map_or(StoredContent::Unreadable, StoredContent::Digest)
        };
        let content = match &spec.value {
            _ if is_absent => StoredContent::Absent,
            None => hidden(),
            Some(_) if spec.is_hidden(seen) => hidden(),
            Some(reads) => match reads.stored(seen, &entry, answer.now) {
                Some(value) => StoredContent::Value(value),
                // An entry that is there and holds no text could not be put back.
                None if reads.is_empty_at(seen, &entry) => hidden(),
                None => StoredContent::Absent,
            },
        };
        let members = spec.container.as_ref();
        let members = members.and_then(|reads| reads.value(seen, &entry, answer.now));
        let captured = spec.capture.iter().filter_map(|(name, reads)| {
            Some((name.clone(), reads.value(seen, &entry, answer.now)?))
        });
        PlaceState {
            content,
            is_absent,
            is_alone: match members {
                Some(Value::Object(members)) => members.len() <= 1,
                Some(Value::Array(items)) => items.len() <= 1,
                _ => false,
            },
            captured: map_of(captured),
            steps: answer.seen.known.clone(),
        }
    }
}
