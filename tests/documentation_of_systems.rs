//! `RELEASING.md` names every line that is compiled for other systems only: nothing here has run it.

use std::collections::BTreeMap;
use std::path::Path;

use regex_lite::Regex;

use crate::architecture::rust_files;

/// Returns whether a condition holds on Linux; `None` if it does not depend on the system.
fn holds_on_linux(condition: &str) -> Option<bool> {
    let condition = condition.trim();
    let inside = |name: &str| {
        let rest = condition.strip_prefix(name)?.trim_start();
        rest.strip_prefix('(')?.strip_suffix(')')
    };
    if let Some(inner) = inside("not") {
        return holds_on_linux(inner.trim_end().trim_end_matches(',')).map(|holds| !holds);
    }
    if let Some(inner) = inside("all") {
        let parts: Vec<Option<bool>> = parts(inner).map(holds_on_linux).collect();
        return if parts.contains(&Some(false)) {
            Some(false)
        } else {
            parts.contains(&Some(true)).then_some(true)
        };
    }
    if let Some(inner) = inside("any") {
        let parts: Vec<Option<bool>> = parts(inner).map(holds_on_linux).collect();
        return if parts.contains(&None) {
            None
        } else {
            Some(parts.contains(&Some(true)))
        };
    }
    match condition {
        "unix" => Some(true),
        "windows" => Some(false),
        other if other.starts_with("target_os") => Some(other.contains("\"linux\"")),
        _ => None,
    }
}

/// Splits a list at the commas that stand in no parentheses.
fn parts(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    list.split(move |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    })
    .filter(|part| !part.trim().is_empty())
}

/// Returns the text up to the parenthesis that closes the one before it.
fn closed(text: &str) -> &str {
    let mut depth = 1_i32;
    let end = text.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    &text[..end.unwrap()]
}

/// Returns how many conditions of a source choose code that Linux does not run.
fn unchecked(source: &str) -> usize {
    let condition = Regex::new(r"#!?\[cfg(?:_attr)?\(|\bcfg!\(").unwrap();
    let found = condition.find_iter(source).filter(|start| {
        let text = closed(&source[start.end()..]);
        if start.as_str() == "cfg!(" {
            // Both branches are compiled, and one of them runs.
            return holds_on_linux(text).is_some();
        }
        let is_attribute = start.as_str().contains("cfg_attr");
        let first = parts(text).next().unwrap();
        holds_on_linux(if is_attribute { first } else { text }) == Some(false)
    });
    found.count()
}

#[test]
fn conditions_of_systems_are_told_apart() {
    for (source, count) in [
        ("#[cfg(unix)] #[cfg(test)] #[cfg(debug_assertions)]", 0),
        ("#[cfg(not(unix))]", 1),
        ("#[cfg(all(unix, not(target_os = \"linux\")))]", 1),
        (
            "#[cfg(any(target_os = \"linux\", target_os = \"android\"))]",
            0,
        ),
        (
            "#[cfg(not(any(target_os = \"linux\", target_os = \"android\")))]",
            1,
        ),
        (
            "#[cfg_attr(not(unix), expect(unused_mut, reason = \"x\"))]",
            1,
        ),
        ("#[cfg_attr(test, derive(A), b(c(d)))]", 0),
        ("#[cfg(all(test, windows))]", 1),
        (
            "if cfg!(windows) { a } else if cfg!(feature = \"x\") { b }",
            1,
        ),
        (
            "#[cfg(not(all(\n    unix,\n    not(any(target_os = \"macos\", target_os = \"ios\"))\n)))]",
            1,
        ),
    ] {
        assert_eq!(unchecked(source), count, "{source}");
    }
}

#[test]
fn unchecked_lines_stand_in_releasing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = keywright::platform::files::read_text(&root.join("RELEASING.md"))
        .unwrap()
        .unwrap();
    let row = Regex::new(r"(?m)^\| `(src/[\w/.]+)` \| (\d+) \| .").unwrap();
    let listed: BTreeMap<String, usize> = row
        .captures_iter(&page)
        .map(|row| (row[1].to_owned(), row[2].parse().unwrap()))
        .collect();
    let found: BTreeMap<String, usize> = rust_files("src")
        .into_iter()
        .filter(|(name, _)| !name.ends_with("tests.rs"))
        .map(|(name, source)| (format!("src/{name}"), unchecked(&source)))
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(
        listed, found,
        "RELEASING.md, `Unchecked`: on the left is the table, on the right are the sources"
    );
}
