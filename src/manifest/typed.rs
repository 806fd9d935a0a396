//! Reads a value as one of our types, and says which part of it does not fit.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Diagnostic, span};
use crate::core::error::{Error, Result};

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
    // Read as a text, as built-in manifests are, so that the code of each type stands once in the program. Indented, each
    // part has a line of its own, and the line of an error is its place.
    serde_json::from_str(&format!("{value:#}")).map_err(|error| {
        let text = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = text.strip_suffix(&place).unwrap_or(&text).to_owned();
        let mut path = path_of_line(value, error.line());
        // A table whose fields are gathered first is at fault as a whole.
        if let Some(key) = unknown_key(&message)
            && path.last().map(String::as_str) != Some(key)
        {
            path.push(key.to_owned());
        }
        Diagnostic::new(path, message)
    })
}

/// Returns the path of the part on a line, counted from 1, of the indented text of a value.
fn path_of_line(value: &Value, line: usize) -> Vec<String> {
    let mut path = Vec::new();
    find_line(value, &mut line.saturating_sub(1), &mut path);
    path
}

/// Walks to the part that stands so many lines further; returns whether it is in this value.
fn find_line(value: &Value, lines: &mut usize, path: &mut Vec<String>) -> bool {
    let entries: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, entry)| (key.clone(), entry))
            .collect(),
        Value::Array(items) => (0..).map(|at: usize| at.to_string()).zip(items).collect(),
        _ => Vec::new(),
    };
    let closes = !entries.is_empty();
    if is_next(lines) {
        return true;
    }
    for (name, entry) in entries {
        path.push(name);
        if find_line(entry, lines, path) {
            return true;
        }
        path.pop();
    }
    closes && is_next(lines)
}

/// Counts one line; returns whether it is the one that is looked for.
fn is_next(lines: &mut usize) -> bool {
    let found = *lines == 0;
    *lines = lines.saturating_sub(1);
    found
}

/// Returns the key that a message of the deserializer calls unknown.
pub fn unknown_key(message: &str) -> Option<&str> {
    message.strip_prefix("unknown field `")?.split('`').next()
}

/// Returns the word that a message of the deserializer does not allow.
pub fn unknown_word(message: &str) -> Option<&str> {
    message.strip_prefix("unknown variant `")?.split('`').next()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn line_belongs_to_its_part() {
        let value = json!({ "a": 1, "b": { "c": [{}, [], { "d": null }] }, "e": "x\ny" });
        let paths: Vec<String> = (1..=format!("{value:#}").lines().count())
            .map(|line| path_of_line(&value, line).join("/"))
            .collect();
        assert_eq!(
            paths,
            [
                "", "a", "b", "b/c", "b/c/0", "b/c/1", "b/c/2", "b/c/2/d", "b/c/2", "b/c", "b",
                "e", ""
            ]
        );
    }
}
