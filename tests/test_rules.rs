//! The rules for tests, read from the tests themselves.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

use crate::architecture::rust_files;

/// The number of outputs that no test compares. It may only shrink: say what a command prints with
/// `expect_stdout`, `expect_stderr`, `stdout_has`, `stderr_has` or `json`.
const UNCOMPARED_OUTPUTS: usize = 63;

/// The most words in the name of a test.
const MAX_NAME_WORDS: usize = 6;

/// The fewest words in a message that may be written down only once.
const MIN_MESSAGE_WORDS: usize = 3;

#[test]
fn uncompared_outputs_only_shrink() {
    let calls = Regex::new(r"\.any_std(out|err)\(\)").unwrap();
    let count: usize = rust_files("tests")
        .values()
        .map(|text| calls.find_iter(text).count())
        .sum();
    assert!(
        count <= UNCOMPARED_OUTPUTS,
        "{count} outputs are not compared, and {UNCOMPARED_OUTPUTS} were: say what each command prints"
    );
    assert_eq!(
        count, UNCOMPARED_OUTPUTS,
        "lower UNCOMPARED_OUTPUTS to {count}"
    );
}

#[test]
fn test_names_have_six_words() {
    let tests = Regex::new(r"#\[test\]\n(?:\s*#\[[^\n]*\n|\s*//[^\n]*\n)*\s*(?:async )?fn (\w+)\(")
        .unwrap();
    let mut long = Vec::new();
    for folder in ["src", "tests"] {
        for (path, text) in rust_files(folder) {
            let names = tests.captures_iter(&text).map(|found| found[1].to_owned());
            let too_long = names.filter(|name| name.split('_').count() > MAX_NAME_WORDS);
            long.extend(too_long.map(|name| format!("{folder}/{path}: {name}")));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn repeated_messages_stand_in_table() {
    let literal = Regex::new(r#""((?:[^"\\]|\\.|\\\n)*)""#).unwrap();
    let from_table = Regex::new(r"messages::[a-z_]+\([^()]*\)").unwrap();
    let continued = Regex::new(r"\\\n\s*").unwrap();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in rust_files("tests") {
        for argument in compared(&text) {
            let argument = from_table.replace_all(argument, "");
            for found in literal.captures_iter(&argument) {
                let message = continued.replace_all(&found[1], "").into_owned();
                if message.split_whitespace().count() >= MIN_MESSAGE_WORDS {
                    places.entry(message).or_default().push(path.clone());
                }
            }
        }
    }
    let repeated: Vec<String> = places
        .into_iter()
        .filter(|(_, places)| places.len() > 1)
        .map(|(message, places)| {
            let files: BTreeSet<String> = places.into_iter().collect();
            format!("{message}: {}", Vec::from_iter(files).join(", "))
        })
        .collect();
    assert!(
        repeated.is_empty(),
        "these belong in tests/support/messages.rs:\n{}",
        repeated.join("\n")
    );
}

/// Returns the arguments of every comparison with an output, hints included; a double of the keyring `fails`, too.
fn compared(text: &str) -> Vec<&str> {
    let comparison = Regex::new(
        r"\.(?:expect_stderr|stderr_has|expect_stdout|stdout_has|fails)\((?:\s|&|format!\()*",
    )
    .unwrap();
    let ends = [").", ")\n", ");"];
    comparison
        .find_iter(text)
        .map(|call| {
            let rest = &text[call.end()..];
            let end = ends.iter().filter_map(|end| rest.find(end)).min();
            &rest[..end.unwrap_or(rest.len())]
        })
        .filter(|argument| !argument.starts_with("KeychainError"))
        .collect()
}
