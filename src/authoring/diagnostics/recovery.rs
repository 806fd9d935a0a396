//! Error recovery: replaces an unreadable value by a readable one, so that the next mistake is found.

use std::collections::VecDeque;
use std::slice;

use serde_json::{Map, Value, json};

use super::messages::missing;
use crate::manifest::{
    Diagnostic, Manifest, expected_words, part_mut, read_typed, unknown_key, unknown_word,
};

/// The most mistakes that are reported: a text with more is not a manifest.
const MAX_MISTAKES: usize = 100;

/// Placeholders for a required value: nearly every place can read one of them.
fn placeholders() -> [Value; 12] {
    [
        json!("x"),
        json!("/x"),
        json!(1),
        json!([]),
        json!({}),
        json!(true),
        json!("1d"),
        json!({ "at": "/x" }),
        json!({ "header": { "name": "x" } }),
        json!({ "method": "GET", "path": "/" }),
        json!({ "kind": "key", "title": "x" }),
        json!({ "url": "https://x.example.com" }),
    ]
}

/// A manifest that is read repeatedly, each time with one mistake less.
pub(super) struct Recovery {
    value: Value,
    /// The mistakes, as the deserializer reports them.
    pub(super) found: Vec<Diagnostic>,
    /// The paths whose value is not the written one.
    altered: Vec<Vec<String>>,
}

impl Recovery {
    pub(super) fn of(value: Value) -> Self {
        Recovery {
            value,
            found: Vec::new(),
            altered: Vec::new(),
        }
    }

    /// Reads it; `None` if a mistake prevents the rest from being read.
    pub(super) fn recover(&mut self) -> Option<Manifest> {
        for _ in 0..MAX_MISTAKES {
            let found = match read(&self.value) {
                Ok(manifest) => return Some(manifest),
                Err(found) => found,
            };
            let is_new = !self.was_altered(&found.path);
            let fixed = self.replace_unreadable(&found);
            if is_new {
                self.found.push(found);
            }
            if !fixed {
                return None;
            }
        }
        None
    }

    /// Returns whether a problem at that place may follow from a mistake already found: one in the same operation or
    /// credential, or, at the top, the same key.
    pub(super) fn explains(&self, path: &[String]) -> bool {
        self.altered.iter().any(|altered| match altered.len() {
            0 => true,
            // Without its address a destination is taken for a service.
            1 if altered[0] == "address" => true,
            1 | 2 => path.starts_with(altered) || altered.starts_with(path),
            _ => path.starts_with(&altered[..2]),
        })
    }

    /// Returns whether the value there was added, replaced or removed.
    fn was_altered(&self, path: &[String]) -> bool {
        self.altered.iter().any(|altered| altered == path)
    }

    fn replace_unreadable(&mut self, found: &Diagnostic) -> bool {
        let target = found.path.clone();
        if self.was_altered(&target) {
            // Either the removed value is missing, or its placeholder does not fit and the table is removed.
            let is_missed = missing(&found.message).is_some();
            return is_missed && self.insert_placeholder(&target, "") || self.without(&target);
        }
        self.altered.push(target.clone());
        if unknown_key(&found.message).is_some() {
            return take(&mut self.value, &target);
        }
        if missing(&found.message).is_none() && self.can_go(&target) {
            return take(&mut self.value, &target);
        }
        self.insert_placeholder(&target, &found.message) || self.without(&target)
    }

    /// Returns whether it can be removed without being missed.
    fn can_go(&self, target: &[String]) -> bool {
        let mut without = self.value.clone();
        let in_a_list = target
            .last()
            .is_some_and(|last| last.parse::<usize>().is_ok());
        !in_a_list
            && take(&mut without, target)
            && match read(&without) {
                Ok(_) => true,
                Err(next) => next.path != target,
            }
    }

    /// Replaces the value by a placeholder that can be read there.
    fn insert_placeholder(&mut self, target: &[String], message: &str) -> bool {
        let words = |message: &str| expected_words(message).into_iter().map(Value::String);
        let mut candidates: VecDeque<Value> = words(message).chain(placeholders()).collect();
        let mut asked = false;
        while let Some(candidate) = candidates.pop_front() {
            let mut tried = self.value.clone();
            if !put(&mut tried, target, candidate) {
                return false;
            }
            match read(&tried) {
                Err(next) if next.path.starts_with(target) => {
                    // The message lists the allowed words.
                    if !asked && unknown_word(&next.message).is_some() {
                        asked = true;
                        words(&next.message).for_each(|word| candidates.push_front(word));
                    }
                }
                _ => {
                    self.value = tried;
                    return true;
                }
            }
        }
        false
    }

    /// Removes the innermost entry around the target that is not required.
    fn without(&mut self, target: &[String]) -> bool {
        for depth in (1..target.len()).rev() {
            let around = &target[..depth];
            if self.can_go(around) {
                self.altered.push(around.to_vec());
                return take(&mut self.value, around);
            }
        }
        false
    }
}

/// Reads it, or returns the first part that cannot be read; a missing value is named by its own place.
fn read(value: &Value) -> Result<Manifest, Diagnostic> {
    read_typed(value).map_err(|mut found: Diagnostic| {
        if let Some(key) = missing(&found.message)
            && found.path.last().map(String::as_str) != Some(key)
        {
            found.path.push(key.to_owned());
        }
        found
    })
}

fn take(value: &mut Value, path: &[String]) -> bool {
    let Some((last, way)) = path.split_last() else {
        return false;
    };
    part_mut(value, way)
        .and_then(Value::as_object_mut)
        .is_some_and(|entries: &mut Map<String, Value>| entries.shift_remove(last).is_some())
}

fn put(value: &mut Value, path: &[String], new: Value) -> bool {
    let Some((last, way)) = path.split_last() else {
        return false;
    };
    match part_mut(value, way) {
        Some(Value::Object(entries)) => {
            entries.insert(last.clone(), new);
            true
        }
        Some(table) => part_mut(table, slice::from_ref(last))
            .map(|place| *place = new)
            .is_some(),
        None => false,
    }
}
