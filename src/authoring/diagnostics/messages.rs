//! Translates the deserializer's messages into the words of the manifest language.

use crate::core::error::did_you_mean;
use crate::manifest::{Diagnostic, expected_words, unknown_key, unknown_word};

/// The deserializer's names for things, and the names in the manifest language.
const NAMES: [(&str, &str); 14] = [
    ("a string", "text"),
    ("a boolean", "`true` or `false`"),
    ("a sequence", "a list"),
    ("a map", "a table"),
    ("u8", "a whole number"),
    ("u16", "a whole number"),
    ("u32", "a whole number"),
    ("u64", "a whole number"),
    ("usize", "a whole number"),
    ("i64", "a whole number"),
    ("f64", "a number"),
    ("string or map", "a word or a table"),
    ("variant identifier", "a word"),
    ("field identifier", "a key"),
];

/// Returns the missing key.
pub(super) fn missing(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split('`').next()
}

/// Returns a mistake of the deserializer in the words of the manifest language.
pub(super) fn explain(found: &Diagnostic) -> Diagnostic {
    let (message, fix) = explained(&found.message);
    Diagnostic {
        message,
        fix,
        ..found.clone()
    }
}

fn explained(message: &str) -> (String, Option<String>) {
    let known = expected_words(message);
    let choice = |typed: &str| {
        let near = did_you_mean(typed, known.iter().map(String::as_str));
        let known = format!("known here: {}", known.join(", "));
        Some(match near {
            Some(near) => format!("{near} {known}"),
            None => known,
        })
    };
    if let Some(key) = missing(message) {
        return (
            format!("`{key}` is missing"),
            Some(format!("write `{key} = …`")),
        );
    }
    if let Some(key) = unknown_key(message) {
        return (format!("there is no key `{key}` here"), choice(key));
    }
    if let Some(word) = unknown_word(message) {
        return (format!("`{word}` is not an allowed value"), choice(word));
    }
    let Some(rest) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
    else {
        return (message.to_owned(), None);
    };
    let (is, wanted) = rest
        .split_once(", expected ")
        .unwrap_or((rest, "something else"));
    let is = is
        .replace("string \"", "the text \"")
        .replace("integer `", "the number `")
        .replace("floating point `", "the number `")
        .replace("boolean `", "the word `")
        .replace("sequence", "a list")
        .replace("map", "a table");
    (
        format!("it is {is}"),
        Some(format!("write {}", name_of(wanted))),
    )
}

fn name_of(wanted: &str) -> String {
    let known = NAMES.iter().find(|(name, _)| *name == wanted);
    match known {
        Some((_, said)) => (*said).to_owned(),
        None if wanted.starts_with("struct ") => "a table".to_owned(),
        None if wanted.contains("enum ") => "a word or a table".to_owned(),
        None => wanted.to_owned(),
    }
}
