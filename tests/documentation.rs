//! README and `docs/`: links lead somewhere, commands can be typed, tables and lists are complete.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Parser;
use clap::error::ErrorKind;
use keywright::commands::Cli;
use regex_lite::Regex;

use crate::architecture::rust_files;
use crate::support::home::TestEnv;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    keywright::platform::files::read_text(path)
        .unwrap()
        .unwrap_or_else(|| panic!("{} does not exist", path.display()))
}

/// The Markdown files in a folder of the repository.
fn pages_in(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(repository().join(folder)).unwrap();
    let mut pages: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

fn pages() -> Vec<PathBuf> {
    let pages = [pages_in(""), pages_in("docs")].concat();
    assert!(pages.len() >= 14);
    pages
}

/// A page taken apart: its text without blocks of code, and the lines of those blocks.
fn split(page: &str) -> (String, Vec<String>) {
    let (mut prose, mut code) = (String::new(), Vec::new());
    let mut inside = false;
    for line in page.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if inside {
            code.push(line.to_owned());
        } else {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    assert!(!inside, "a block of code is not closed");
    (prose, code)
}

/// The anchors of a page's headings, as forges and mdBook make them.
fn anchors(page: &str) -> BTreeSet<String> {
    let (prose, _) = split(page);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            title
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

#[test]
fn links_and_anchors_resolve() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut count = 0;
    for path in pages() {
        let page = read(&path);
        let (prose, _) = split(&page);
        for found in link.captures_iter(&prose) {
            let target = &found[1];
            if target.starts_with("https://") {
                continue;
            }
            count += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let to = match file {
                "" => path.clone(),
                file => path.parent().unwrap().join(file),
            };
            let shown = path.display();
            assert!(to.is_file(), "{shown}: `{target}` leads to no file");
            assert!(
                anchor.is_empty() || anchors(&read(&to)).contains(anchor),
                "{shown}: `{target}` leads to no heading"
            );
            // The site holds nothing but `docs/`.
            let is_page = path.parent().unwrap().ends_with("docs");
            assert!(
                !is_page || !file.starts_with(".."),
                "{shown}: `{target}` leads out of the site"
            );
        }
    }
    assert!(count >= 20);
}

#[test]
fn summary_lists_every_page() {
    let summary = read(&repository().join("docs/SUMMARY.md"));
    for path in pages_in("docs") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_listed = summary.contains(&format!("]({name})"));
        assert_eq!(is_listed, name != "SUMMARY.md", "{name}");
    }
}

#[test]
fn pages_stay_within_their_length() {
    for (name, most) in [
        ("README.md", 150),
        ("CONTRIBUTING.md", 120),
        ("STYLE.md", 45),
    ] {
        let lines = read(&repository().join(name)).lines().count();
        assert!(lines <= most, "{name} has {lines} lines, {most} at most");
    }
}

#[test]
fn files_named_in_pages_exist() {
    let file =
        Regex::new(r"`((?:src|tests|docs|man|schema|completions|benches|\.ci)/[\w./-]*)`").unwrap();
    let mut count = 0;
    for name in ["CONTRIBUTING.md", "docs/architecture.md"] {
        for found in file.captures_iter(&read(&repository().join(name))) {
            count += 1;
            // Only the name of a manifest is left to the reader.
            let path = found[1].replace("NAME.toml", "schatzi.toml");
            assert!(repository().join(&path).exists(), "{name}: {path}");
        }
    }
    assert!(count >= 30);
}

/// The words of a command line up to what the shell keeps for itself; `None` where the line is no single command.
fn words(line: &str) -> Option<Vec<String>> {
    let line = line.split("  #").next().unwrap_or_default();
    let words = shell_words::split(line).ok()?;
    let is_shell = |word: &String| word.starts_with(['<', '>', '|', ';']) || word.starts_with("2>");
    let end = words.iter().position(is_shell).unwrap_or(words.len());
    Some(words[..end].to_vec())
}

/// The command lines of every page: those in blocks of code, and those in the text.
fn command_lines() -> Vec<String> {
    let mut found = Vec::new();
    for path in pages() {
        let (prose, code) = split(&read(&path));
        let code = code.iter().map(|line| line.trim_start_matches("$ "));
        let prose = prose.replace('\n', " ");
        let quoted = prose.split('`').skip(1).step_by(2);
        let lines = code.chain(quoted);
        found.extend(
            lines
                .filter(|line| line.starts_with("keywright "))
                .map(str::to_owned),
        );
    }
    found
}

#[test]
fn commands_in_pages_parse() {
    let lines = command_lines();
    assert!(lines.len() >= 60);
    for line in lines {
        let words = words(&line).unwrap_or_else(|| panic!("{line}: no words"));
        // A topic is no command.
        if let [_, help, topic] = words.as_slice()
            && help == "help"
            && (topic == "TOPIC" || keywright::docs::topics::topic(topic).is_some())
        {
            continue;
        }
        // One that is named, and not shown whole.
        let is_name = words.len() <= 4;
        let Err(error) = Cli::try_parse_from(words) else {
            continue;
        };
        let is_fine = match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
            ErrorKind::MissingRequiredArgument
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => is_name,
            _ => false,
        };
        assert!(is_fine, "{line}: {error}");
    }
}

#[test]
fn providers_are_documented_and_counted() {
    let page = read(&repository().join("docs/services.md"));
    let providers = TestEnv::new().run(["providers", "--json"]).json();
    let providers = providers.as_array().unwrap();
    for provider in providers {
        let name = provider["name"].as_str().unwrap();
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    let count = format!("| {} built in,", providers.len());
    assert!(
        read(&repository().join("README.md")).contains(&count),
        "{count}"
    );
}

#[test]
fn pages_avoid_forbidden_words() {
    let word = Regex::new(r"(?i)\b(strangers?|mends?|shall|nobody|somebody|whoever)\b").unwrap();
    for path in pages() {
        // The style names the words that it forbids, and the tables of the reference are the code's own.
        if path.ends_with("STYLE.md") || path.ends_with("reference.md") {
            continue;
        }
        let found = word
            .find(&read(&path))
            .map(|found| found.as_str().to_owned());
        assert_eq!(found, None, "{}", path.display());
    }
}

/// The quoted words of messages about manifests that are values or places, not keys of the language.
const WORDS_OF_MANIFESTS: [&str; 10] = [
    "credential.identity",
    "credential.password",
    "false",
    "never",
    "random.uuid",
    "server.origin",
    "servers.api",
    "signer.spki",
    "signer.thumbprint",
    "true",
];

#[test]
fn manifest_messages_name_existing_keys() {
    let schema = read(&repository().join("schema/keywright-manifest.json"));
    let mut known = BTreeSet::new();
    collect_words(&serde_json::from_str(&schema).unwrap(), &mut known);
    let text = Regex::new(r#""(?:[^"\\]|\\.)*""#).unwrap();
    let quoted = Regex::new(r"`([a-z][a-z_]+(?:\.[a-z_]+)*)`|\[([a-z_]+(?:\.[a-z_]+)+)\]").unwrap();
    let about_manifests = |path: &str| {
        let folders = ["manifest/", "authoring/", "service/", "commands/providers/"];
        // The platforms of jobs and authorization servers have keys of their own.
        let foreign = path.starts_with("service/identity")
            || path.starts_with("service/oauth")
            // The tables that a draft writes have names of their own; `diagnose` reads each draft.
            || path.starts_with("authoring/openapi/security");
        let told = folders.iter().any(|folder| path.starts_with(folder));
        told && !foreign && !path.ends_with("tests.rs")
    };
    let mut count = 0;
    for (path, source) in rust_files("src") {
        if !about_manifests(&path) {
            continue;
        }
        let code = source.lines().take_while(|line| *line != "mod tests {");
        for line in code.filter(|line| !line.trim_start().starts_with("//")) {
            let messages = text.find_iter(line).map(|found| found.as_str());
            for found in messages.flat_map(|message| quoted.captures_iter(message)) {
                let word = found.get(1).or(found.get(2)).unwrap().as_str();
                let is_key = word.split('.').all(|part| known.contains(part));
                let is_known = is_key || WORDS_OF_MANIFESTS.contains(&word);
                assert!(is_known, "{path}: the language has no `{word}`: {line}");
                count += 1;
            }
        }
    }
    assert!(count > 60, "{count}");
}

/// Collects the keys of the manifest language, and the words that they take.
fn collect_words(schema: &serde_json::Value, words: &mut BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                match (&**key, value) {
                    ("properties", serde_json::Value::Object(keys)) => {
                        words.extend(keys.keys().cloned());
                    }
                    ("enum", serde_json::Value::Array(choices)) => {
                        words.extend(
                            choices
                                .iter()
                                .filter_map(|word| word.as_str())
                                .map(str::to_owned),
                        );
                    }
                    ("const", serde_json::Value::String(word)) => {
                        words.insert(word.clone());
                    }
                    _ => {}
                }
                collect_words(value, words);
            }
        }
        serde_json::Value::Array(items) => {
            for item in items {
                collect_words(item, words);
            }
        }
        _ => {}
    }
}
