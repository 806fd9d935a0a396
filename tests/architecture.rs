//! The rules of the house, read from the source itself.

use std::collections::BTreeMap;
use std::path::Path;

use regex_lite::Regex;

/// The modules from the ground floor up: each file imports only from its own module and from those below it.
const STAIRCASE: [&str; 21] = [
    "core",
    "platform",
    "report",
    "manifest",
    "providers",
    "service",
    "engine",
    "store",
    "wal",
    "destination",
    "hook",
    "profile",
    "api",
    "rotation",
    "audit",
    "authoring",
    "cli",
    "docs",
    "sandbox",
    "commands",
    "lib",
];

/// The roof: what stands above every module.
const ROOF: [&str; 2] = ["lib", "main"];

/// The names of files, and of folders, that are tests as a whole.
const WHOLLY_TESTS: [&str; 3] = ["test_world", "conformance", "tests"];

/// Where a secret may be taken out of its wrapping; `output` only prints the one that is the answer.
const MAY_EXPOSE: [&str; 12] = [
    "core/secret",
    "report/redact",
    "report/output",
    "profile/session",
    "service",
    "api",
    "engine",
    "store",
    "wal",
    "destination",
    "hook/deploy",
    "platform",
];

/// Files that are longer than they should be, and by how much at most; this list may only shrink.
const TOO_LONG: [(&str, usize); 0] = [];

/// The longest that a file should be, in lines.
const LONGEST: usize = 500;

/// Returns every source file of a folder of this project with its path below it.
pub(crate) fn rust_files(folder: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = keywright::platform::files::read_text(&path)
                    .unwrap()
                    .unwrap();
                let name = path.strip_prefix(&root).unwrap();
                found.insert(name.display().to_string(), text);
            }
        }
    }
    found
}

/// Every source file with its path below `src/`.
fn files() -> BTreeMap<String, String> {
    rust_files("src")
}

/// The module of a file: the first part of its path.
fn module(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// Returns whether a file belongs to a room: it is the file of that name, or lies in the folder.
fn is_within(path: &str, room: &str) -> bool {
    let rest = path.strip_prefix(room);
    rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

fn floor(module: &str) -> usize {
    STAIRCASE
        .iter()
        .position(|step| *step == module)
        .unwrap_or_else(|| panic!("the module `{module}` has no place in the staircase"))
}

/// The source without its tests: what stands before the first `#[cfg(test)]` that is followed by a module with a
/// body. Files that are tests as a whole are left out.
fn shipped(path: &str, text: &str) -> String {
    let mut parts = path
        .split('/')
        .map(|part| part.strip_suffix(".rs").unwrap_or(part));
    if parts.any(|part| WHOLLY_TESTS.contains(&part)) {
        return String::new();
    }
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..tests].to_owned()
}

/// The modules that a file names as `crate::…`, each with its line.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for after in code.split("crate::").skip(1) {
            let word: String = after
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            // `crate::{…}` would hide what is imported.
            assert!(
                !after.starts_with('{'),
                "line {}: name each module in full",
                number + 1
            );
            if !word.is_empty() {
                found.push((number + 1, word));
            }
        }
    }
    found
}

#[test]
fn modules_import_no_higher_layer() {
    let mut climbs = Vec::new();
    for (path, text) in files() {
        let here = module(&path);
        if ROOF.contains(&here) {
            continue;
        }
        for (line, there) in imports(&shipped(&path, &text)) {
            if there != here && floor(&there) > floor(here) {
                climbs.push(format!("src/{path}:{line}: {here} imports {there}"));
            }
        }
    }
    assert!(climbs.is_empty(), "{}", climbs.join("\n"));
}

#[test]
fn modules_are_declared_in_layer_order() {
    let declared: Vec<String> = files()["lib.rs"]
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    let mut ordered = declared.clone();
    ordered.sort_by_key(|module| floor(module));
    assert_eq!(declared, ordered);
}

#[test]
fn secrets_are_exposed_only_where_allowed() {
    let mut exposed = Vec::new();
    for (path, text) in files() {
        if MAY_EXPOSE.iter().any(|room| is_within(&path, room)) {
            continue;
        }
        for (number, line) in shipped(&path, &text).lines().enumerate() {
            if line.contains(".expose()") || line.contains("expose_secret") {
                exposed.push(format!("src/{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(exposed.is_empty(), "{}", exposed.join("\n"));
}

#[test]
fn source_files_stay_within_length_limit() {
    let known: BTreeMap<&str, usize> = TOO_LONG.into_iter().collect();
    let mut wrong = Vec::new();
    for (path, text) in files() {
        let lines = text.lines().count();
        match known.get(path.as_str()) {
            None if lines > LONGEST => wrong.push(format!("src/{path}: {lines} lines")),
            Some(most) if lines > *most => wrong.push(format!("src/{path}: grew to {lines} lines")),
            Some(_) if lines <= LONGEST => {
                wrong.push(format!("src/{path}: strike it from the list"));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn source_has_no_todo_markers() {
    let mut left = Vec::new();
    for (path, text) in files() {
        for (number, line) in text.lines().enumerate() {
            let words = ["todo!", "unimplemented!", "FIXME", "TODO", "XXX"];
            if words.iter().any(|word| line.contains(word)) {
                left.push(format!("src/{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn comments_begin_with_their_subject() {
    let clause = Regex::new(r"(?m)^\s*//[/!]? (?:What|Whether|Who|How|Why)\b.*").unwrap();
    let mut wrong = Vec::new();
    for (path, text) in rust_files("src").into_iter().chain(rust_files("tests")) {
        let found = clause.find_iter(&text);
        wrong.extend(found.map(|found| format!("{path}: {}", found.as_str().trim())));
    }
    assert!(
        wrong.is_empty(),
        "say what the item is or does: a clause is no subject\n{}",
        wrong.join("\n")
    );
}
