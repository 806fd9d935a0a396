//! Every command that a message suggests is one that the grammar accepts.

use clap::{CommandFactory, Parser};
use keywright::commands::Cli;
use keywright::core::advice;
use regex_lite::Regex;

use crate::architecture::rust_files;

/// Returns what is wrong with a suggested command, if anything.
pub(crate) fn objection(command: &str) -> Option<String> {
    // A redirection is for the shell.
    let line = command.split(" < ").next().unwrap_or_default();
    let words = match shell_words::split(line) {
        Ok(words) => words,
        Err(error) => return Some(format!("`{command}`: {error}")),
    };
    let wrong = Cli::try_parse_from(words).err()?;
    // Help is an answer.
    wrong.use_stderr().then(|| format!("`{command}`: {wrong}"))
}

/// Returns what is wrong with the commands that hints suggest where the config file is this text.
pub(crate) fn objections(stderr: &str, config: &str) -> Vec<String> {
    let mut found = Vec::new();
    for hint in stderr
        .lines()
        .filter_map(|line| line.strip_prefix("hint: "))
    {
        for command in advice::commands(hint).into_iter().map(|at| &hint[at]) {
            found.extend(objection(command));
            let words = shell_words::split(command).unwrap_or_default();
            let flag = words.iter().position(|word| word == "-p");
            let named = flag.and_then(|flag| words.get(flag + 1));
            let is_saved = |name: &String| {
                let tables = [
                    format!("[profiles.{name}]"),
                    format!("[profiles.\"{name}\"]"),
                ];
                name == "NAME" || tables.iter().any(|table| config.contains(table))
            };
            if !named.is_none_or(is_saved) {
                found.push(format!("`{command}` names no profile"));
            }
        }
    }
    found
}

/// The string literals of a source file, joined over line ends.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut letters = source.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'/') => {
                letters.by_ref().find(|letter| *letter == '\n');
            }
            '\'' => {
                // A letter, which may be a quote; a lifetime has no second quote.
                let mut ahead = letters.clone();
                let escaped = ahead.next() == Some('\\');
                if escaped {
                    ahead.next();
                }
                if ahead.next() == Some('\'') {
                    letters = ahead;
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(letter) = letters.next() {
                    match letter {
                        '"' => break,
                        '\\' => match letters.next() {
                            Some('n') => text.push('\n'),
                            Some('\n') => {
                                while letters.next_if(|letter| *letter == ' ').is_some() {}
                            }
                            Some(other) => text.push(other),
                            None => {}
                        },
                        letter => text.push(letter),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}

/// Every text of which the placeholders are filled in, or left out.
fn filled(template: &str) -> Vec<String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((_, behind)) = behind.split_once('}') else {
            break;
        };
        text.extend([before, "\u{1}"]);
        rest = behind;
    }
    text.push_str(rest);
    let mut all: Vec<String> = ["x", "key"]
        .map(|value| text.replace('\u{1}', value))
        .to_vec();
    if let Some((before, behind)) = text.rsplit_once('\u{1}') {
        all.push(format!("{before}{behind}").replace('\u{1}', "x"));
    }
    all
}

/// The manifests of the built-in providers.
fn manifests() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/providers");
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let read = |path: std::path::PathBuf| {
        let text = keywright::platform::files::read_text(&path).unwrap();
        (path.display().to_string(), text.unwrap())
    };
    paths.map(read).collect()
}

/// Returns the commands in a text that do not stand where they are recognised.
fn hidden(text: &str) -> Vec<String> {
    let mut rest = text.to_owned();
    for at in advice::commands(text).into_iter().rev() {
        rest.replace_range(at, "");
    }
    let mentioned = Regex::new(r"(\S+ )?keywright ([a-z]+)").unwrap();
    let grammar = Cli::command();
    mentioned
        .captures_iter(&rest)
        .filter(|found| grammar.find_subcommand(&found[2]).is_some())
        .map(|found| found[0].to_owned())
        .collect()
}

#[test]
fn suggested_commands_in_manifests_parse() {
    let mut wrong = Vec::new();
    for (path, text) in manifests() {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            for literal in literals(line) {
                let found = advice::commands(&literal).into_iter();
                let objections = found.filter_map(|at| objection(&literal[at]));
                let unled = hidden(&literal).into_iter();
                wrong.extend(objections.chain(unled).map(|why| format!("{path}: {why}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn suggested_commands_in_source_parse() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (path, source) in rust_files("src") {
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
        if is_test || path.starts_with("docs/") {
            continue;
        }
        for literal in literals(source) {
            // Examples are held by a test of their own; others are what files and hashes begin with.
            let examples = ["Examples:", "keywright response", "keywright probe"];
            if examples.iter().any(|text| literal.contains(text)) || literal == "keywright " {
                continue;
            }
            for at in advice::commands(&literal) {
                count += 1;
                let texts = filled(&literal[at]);
                // The beginning of a command: its words are added to it.
                if texts[0].ends_with("-p x") {
                    continue;
                }
                let objections: Vec<_> = texts.iter().map(|text| objection(text)).collect();
                if objections.iter().all(Option::is_some) {
                    wrong.extend(objections[0].iter().map(|why| format!("{path}: {why}")));
                }
            }
        }
    }
    assert!(count > 80, "only {count} were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
