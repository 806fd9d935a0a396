//! Reads a value as one of our types, and says which part of it does not fit.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Diagnostic, UNSUPPORTED_SIGNATURES, span};
use crate::core::error::{Error, Result};

/// Reads a TOML text; an error names the file, line and key.
///
/// Every text becomes a [`Value`] first, so that each type is read from one format, and its code stands once in the
/// program.
pub fn parse_toml<T: DeserializeOwned>(text: &str, file: &str) -> Result<T> {
    let value = toml_value(text, file)?;
    read_typed(&value).map_err(|found| found.as_error(text, file))
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
    read_lines(value).map_err(|mut found| {
        if is_variant::<T>(value, &found) {
            found.path.pop();
        } else if let Some(path) = last_entry_at_fault::<T>(value, &found) {
            found.path = path;
        }
        let message = found.message.unwrap_or_else(|| {
            let is = match part_mut(&mut value.clone(), &found.path) {
                Some(Value::Object(_)) => return NO_SINGLE_KEY.to_owned(),
                Some(Value::Array(_)) => "sequence".to_owned(),
                Some(Value::Bool(word)) => format!("boolean `{word}`"),
                Some(Value::Number(number)) if number.is_f64() => {
                    format!("floating point `{number}`")
                }
                Some(Value::Number(number)) => format!("integer `{number}`"),
                _ => "unit value".to_owned(),
            };
            format!("invalid type: {is}, expected string or map")
        });
        // A table whose fields are gathered first is at fault as a whole.
        if let Some(key) = unknown_key(&message)
            && found.path.last().map(String::as_str) != Some(key)
        {
            found.path.push(key.to_owned());
        }
        Diagnostic::new(found.path, message)
    })
}

/// The message about a table that stands for an enum.
const NO_SINGLE_KEY: &str = "invalid value: map, expected a table with a single key";

/// The first part that does not fit.
struct Unfit {
    path: Vec<String>,
    /// The message of the deserializer; `None` where an enum is neither a word nor a table with a single key.
    message: Option<String>,
}

/// Reads a value from its text, as built-in manifests are read, so that the code of each type stands once in the program.
///
/// Indented, each part has a line of its own, and the line of an error is its place.
fn read_lines<T: DeserializeOwned>(value: &Value) -> Result<T, Unfit> {
    let lines = format!("{value:#}");
    serde_json::from_str(&lines).map_err(|error| {
        let text = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = text.strip_suffix(&place).unwrap_or(&text).to_owned();
        let mut line = error.line();
        // In a list, the place after a value is the next line, of which nothing was read but its indentation.
        let next = lines
            .lines()
            .nth(line.saturating_sub(1))
            .unwrap_or_default();
        if next.len() - next.trim_start().len() == error.column() {
            line = line.saturating_sub(1);
        }
        Unfit {
            path: path_of_line(value, line),
            message: (!error.is_syntax()).then_some(message),
        }
    })
}

/// Returns whether the part is the variant of an enum, which is no place of its own, and not an entry of a table.
///
/// An empty table can be read, an enum without a variant cannot; and of two variants one alone can be read.
fn is_variant<T: DeserializeOwned>(value: &Value, found: &Unfit) -> bool {
    let Some((last, around)) = found.path.split_last() else {
        return false;
    };
    let mut tried = value.clone();
    let Some(Value::Object(table)) = part_mut(&mut tried, around) else {
        return false;
    };
    match found.message.as_deref().map(unknown_word) {
        Some(word) if word == Some(last) => {
            table.clear();
            fails_at::<T>(&tried, around)
        }
        None if table.len() > 1 => {
            table.retain(|key, _| key == last);
            !fails_at::<T>(&tried, &found.path)
        }
        _ => false,
    }
}

/// Returns the path of the last entry of a table or list if the error is that entry's.
///
/// An error about a value that was read is given the place after it, which is the closing bracket of what it ends. With one
/// more entry it comes at its own line again, where an error about the whole gives way to one about that entry.
fn last_entry_at_fault<T: DeserializeOwned>(value: &Value, found: &Unfit) -> Option<Vec<String>> {
    let mut longer = value.clone();
    match part_mut(&mut longer, &found.path)? {
        Value::Object(table) if !table.is_empty() => {
            table.insert(String::new(), Value::Null);
        }
        Value::Array(items) if !items.is_empty() => items.push(Value::Null),
        _ => return None,
    }
    let next = read_lines::<T>(&longer).err()?;
    (next.message == found.message).then_some(next.path)
}

/// Returns whether there is an enum at the path that has no form of one.
fn fails_at<T: DeserializeOwned>(value: &Value, path: &[String]) -> bool {
    read_lines::<T>(value).is_err_and(|next| next.message.is_none() && next.path == path)
}

/// Returns the part at a path.
pub fn part_mut<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, part| match value {
        Value::Object(entries) => entries.get_mut(part),
        Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?),
        _ => None,
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

/// Returns the words that a message of the deserializer allows in place of another.
pub fn expected_words(message: &str) -> Vec<String> {
    let Some((_, known)) = message.split_once(", expected ") else {
        return Vec::new();
    };
    known
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| !UNSUPPORTED_SIGNATURES.contains(word))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "lowercase")]
    enum Form {
        Word,
        Text(String),
        Number(u8),
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only errors are looked at")]
    struct Outer {
        one: Form,
        #[serde(default)]
        all: Vec<Form>,
        #[serde(default)]
        named: BTreeMap<Form, u8>,
        #[serde(default)]
        even: Vec<Even>,
        #[serde(default)]
        pair: Option<Pair>,
    }

    /// A number that is refused once it was read.
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "u8")]
    struct Even;

    impl TryFrom<u8> for Even {
        type Error = &'static str;

        fn try_from(number: u8) -> Result<Self, Self::Error> {
            number.is_multiple_of(2).then_some(Even).ok_or("it is odd")
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only errors are looked at")]
    struct Pair {
        first: Even,
        last: Even,
    }

    #[test]
    fn unfit_part_is_named() {
        let form = |is: &str| format!("invalid type: {is}, expected string or map");
        let unknown = |word: &str| {
            format!("unknown variant `{word}`, expected one of `word`, `text`, `number`")
        };
        let word = json!("word");
        for (value, path, message) in [
            (json!({ "one": 5 }), "one", form("integer `5`")),
            (json!({ "one": 1.5 }), "one", form("floating point `1.5`")),
            (json!({ "one": null }), "one", form("unit value")),
            (json!({ "one": {} }), "one", NO_SINGLE_KEY.to_owned()),
            (
                json!({ "one": { "text": "a", "number": 1 } }),
                "one",
                NO_SINGLE_KEY.to_owned(),
            ),
            (json!({ "one": "wodr" }), "one", unknown("wodr")),
            (json!({ "one": { "txt": "a" } }), "one", unknown("txt")),
            (
                json!({ "one": { "txt": "a", "number": 1 } }),
                "one",
                unknown("txt"),
            ),
            (
                json!({ "one": word, "all": ["word", { "txt": "a" }] }),
                "all/1",
                unknown("txt"),
            ),
            (
                json!({ "one": word, "all": ["word", true] }),
                "all/1",
                form("boolean `true`"),
            ),
            (
                json!({ "one": word, "named": { "word": 1, "wodr": 2 } }),
                "named/wodr",
                unknown("wodr"),
            ),
            (
                json!({ "one": { "text": 5 } }),
                "one/text",
                "invalid type: integer `5`, expected a string".to_owned(),
            ),
            (
                json!({ "one": word, "named": { "word": "x" } }),
                "named/word",
                "invalid type: string \"x\", expected u8".to_owned(),
            ),
            (
                json!({ "one": word, "even": [2, 3] }),
                "even/1",
                "it is odd".to_owned(),
            ),
            (
                json!({ "one": word, "even": [3, 2] }),
                "even/0",
                "it is odd".to_owned(),
            ),
            (
                json!({ "one": word, "pair": { "first": 2, "last": 5 } }),
                "pair/last",
                "it is odd".to_owned(),
            ),
            (
                json!({ "one": word, "pair": { "last": 2, "first": 5 }, "even": [2] }),
                "pair/first",
                "it is odd".to_owned(),
            ),
            (
                json!({ "one": word, "pair": { "first": 2 } }),
                "pair",
                "missing field `last`".to_owned(),
            ),
            (json!({}), "", "missing field `one`".to_owned()),
            (
                json!({ "one": word, "tow": 1 }),
                "tow",
                "unknown field `tow`, expected one of `one`, `all`, `named`, `even`, `pair`"
                    .to_owned(),
            ),
        ] {
            let found = read_typed::<Outer>(&value).unwrap_err();
            assert_eq!(
                (found.path.join("/"), found.message),
                (path.to_owned(), message),
                "{value}"
            );
        }
    }

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
