//! Reads a value as one of our types, and says which part of it does not fit.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Diagnostic, span};
use crate::core::error::{Error, Result};

/// The deserializer's name for the key of an enum, such as a verb.
pub const UNNAMED_KEY: &str = "?";

/// Reads a TOML text; an error names the file, line and key.
///
/// Every text becomes a [`Value`] first, so that each type is read from one format, and its code stands once in the
/// program.
pub fn parse_toml<T: DeserializeOwned>(text: &str, file: &str) -> Result<T> {
    let value = toml_value(text, file)?;
    read_typed(&value).map_err(|found| Error::usage(found.in_file(text, file)))
}

/// Reads a TOML text as data.
pub(super) fn toml_value(text: &str, file: &str) -> Result<Value> {
    toml_edit::de::from_str(text).map_err(|error| {
        let place = span::place(text, error.span());
        Error::usage(format!("{file}:{place}: {}", error.message().trim()))
    })
}

/// Reads a value, or returns the first part that does not fit, with the message of the deserializer.
pub fn read_typed<T: DeserializeOwned>(value: &Value) -> Result<T, Diagnostic> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().iter().map(ToString::to_string);
        let mut path: Vec<String> = path
            .map(|part| part.trim_matches(['[', ']']).to_owned())
            .collect();
        let message = error.inner().to_string();
        // A key outside the type has no place yet.
        if path.last().is_some_and(|last| last == UNNAMED_KEY)
            && let Some(word) = unknown_word(&message)
        {
            path.pop();
            path.push(word.to_owned());
        }
        if let Some(key) = unknown_key(&message)
            && path.last().map(String::as_str) != Some(key)
        {
            path.push(key.to_owned());
        }
        Diagnostic::new(path, message)
    })
}

/// Returns the key that a message of the deserializer calls unknown.
pub fn unknown_key(message: &str) -> Option<&str> {
    message.strip_prefix("unknown field `")?.split('`').next()
}

/// Returns the word that a message of the deserializer does not allow.
pub fn unknown_word(message: &str) -> Option<&str> {
    message.strip_prefix("unknown variant `")?.split('`').next()
}
