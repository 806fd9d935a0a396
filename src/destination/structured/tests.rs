use std::path::PathBuf;

use serde_json::Value;

use super::{Json, PointerEntry, Syntax, pointer};
use crate::core::error::Kind;
use crate::destination::dice::Dice;
use crate::destination::entry::TextEntry;
use crate::manifest::unescaped_part;

mod json;
mod toml;
mod yaml;

/// Returns the entry at a pointer in a document of `syntax`.
fn entry(syntax: &'static dyn Syntax, at: &str) -> PointerEntry {
    PointerEntry {
        path: PathBuf::from("app"),
        parts: at.split('/').skip(1).map(unescaped_part).collect(),
        syntax,
    }
}

/// Checks that a new value makes `after` of `before`, that it is read back, and that the bytes come back.
#[track_caller]
fn replaces(syntax: &'static dyn Syntax, at: &str, before: &str, after: &str) {
    let entry = entry(syntax, at);
    if let Err(error) = entry.prove(Some(before)) {
        panic!("{before:?}: {error}");
    }
    let new = entry.set(Some(before), "new").unwrap();
    assert_eq!(*new, after, "{before:?}");
    comes_back(&entry, before, "new");
}

/// Checks that `value` is read back, and that what stood there comes back to the byte.
#[track_caller]
fn comes_back(entry: &PointerEntry, before: &str, value: &str) {
    let new = entry.set(Some(before), value).unwrap();
    let read = entry.get(&new).unwrap();
    assert_eq!(
        read.as_ref().map(|read| read.as_str()),
        Some(value),
        "{new:?}"
    );
    let back = match entry.written(before).unwrap() {
        Some(written) => entry.put_back(Some(&new), &written).unwrap(),
        None => entry
            .remove(&new)
            .unwrap_or_else(|error| panic!("{new:?}: {error}")),
    };
    assert_eq!(*back, before, "{new:?}");
    // The same value again changes nothing.
    assert_eq!(entry.set(Some(&new), value).unwrap(), new);
}

/// Checks that a text is refused before a delivery and at one.
#[track_caller]
fn refuses(syntax: &'static dyn Syntax, at: &str, text: &str, why: &str) {
    let entry = entry(syntax, at);
    for result in [
        entry.prove(Some(text)),
        entry.set(Some(text), "new").map(drop),
    ] {
        let Err(error) = result else {
            panic!("{text:?} is not refused");
        };
        assert_eq!(error.kind(), Kind::Store);
        assert!(error.message().contains(why), "{text:?}: {error}");
        assert!(!error.hints().is_empty(), "{error}");
    }
}

/// Checks that new values of random entries are read back, and that what stood there comes back. `make` returns a
/// document, a pointer, and what `compare` needs beside the entry, its new value, and the document before and after.
fn round_trips<C>(
    syntax: &'static dyn Syntax,
    rounds: usize,
    make: impl Fn(&mut Dice, usize) -> (String, &'static str, C),
    compare: impl Fn(C, &PointerEntry, &str, [&str; 2]),
) {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut edited = 0;
    for round in 0..rounds {
        let (before, at, known) = make(&mut dice, round);
        let entry = entry(syntax, at);
        if entry.prove(Some(&before)).is_err() {
            continue;
        }
        edited += 1;
        let new = dice.text(&VALUE_PARTS, 8);
        comes_back(&entry, &before, &new);
        let after = entry.set(Some(&before), &new).unwrap();
        compare(known, &entry, &new, [&before, &after]);
    }
    assert!(edited > 500, "{edited}");
}

/// Returns a text with the newlines of another system, or without the last one, now and then.
fn reshaped(dice: &mut Dice, mut text: String) -> String {
    if dice.roll(3) == 0 {
        text = text.replace('\n', "\r\n");
    }
    if dice.roll(5) == 0 {
        text = text.trim_end().to_owned();
    }
    text
}

/// Sets the string at a pointer as a library does.
fn set_in(document: &mut Value, parts: &[String], new: &str) {
    let Some((name, before)) = parts.split_last() else {
        return;
    };
    let mut parent = document;
    for part in before {
        parent = match parent {
            Value::Array(elements) => &mut elements[part.parse::<usize>().unwrap()],
            other => other.get_mut(part).unwrap(),
        };
    }
    match parent {
        Value::Array(elements) => elements[name.parse::<usize>().unwrap()] = new.into(),
        other => other[name.as_str()] = new.into(),
    }
}

const VALUE_PARTS: [&str; 20] = [
    "a", "Z9", "'", "\"", "`", "\\", "$", "#", " ", "\n", ":", ": ", "\t", "é", "{", "]", ",",
    "\\n", "\u{7f}", "\u{2028}",
];

#[test]
fn pointer_is_displayed_as_written() {
    for text in ["/a", "/a/b~1c", "/~0/0"] {
        assert_eq!(pointer(&entry(&Json, text).parts), text);
    }
}
