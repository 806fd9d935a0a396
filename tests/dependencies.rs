//! Every dependency, on every platform: its licence, its minimum Rust, and whether another version of it is there, too.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use toml_edit::{DocumentMut, Item};

use crate::support::programs::{program_of_this_user, run, unable};

/// The packages of the lock file as `cargo metadata` describes them; `None` where they cannot be had.
fn packages() -> Option<Vec<Value>> {
    let metadata = |more: &[&str]| {
        let mut command = program_of_this_user(env!("CARGO"));
        command
            .args([
                "metadata",
                "--format-version=1",
                "--all-features",
                "--locked",
            ])
            .args(more)
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        run(&mut command)
    };
    let mut done = metadata(&["--offline"]);
    if !done.ok {
        done = metadata(&[]);
    }
    if !done.ok {
        unable(&format!("cargo metadata: {}", done.stderr.trim()));
        return None;
    }
    let Value::Object(mut document) = serde_json::from_str(&done.stdout).unwrap() else {
        panic!("cargo metadata printed no object");
    };
    let Some(Value::Array(packages)) = document.remove("packages") else {
        panic!("cargo metadata printed no packages");
    };
    Some(packages)
}

fn text<'a>(package: &'a Value, field: &str) -> &'a str {
    package[field].as_str().unwrap_or_default()
}

/// The settings of cargo-deny.
fn deny() -> DocumentMut {
    include_str!("../deny.toml").parse().unwrap()
}

fn strings(list: &Item) -> BTreeSet<String> {
    let list = list.as_array().unwrap();
    list.iter()
        .map(|one| one.as_str().unwrap().to_owned())
        .collect()
}

/// The numbers of a version, for comparison.
fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    let mut numbers: Vec<u64> = release
        .split('.')
        .map(|part| part.parse().unwrap())
        .collect();
    numbers.resize(3, 0);
    numbers
}

/// An SPDX expression, read from left to right.
struct Licence<'a> {
    words: Vec<&'a str>,
    allowed: &'a BTreeSet<String>,
}

impl Licence<'_> {
    /// Returns whether `expression` can be fulfilled by allowed licences alone.
    fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
        let spaced = expression
            .replace('(', " ( ")
            .replace(')', " ) ")
            .replace('/', " OR ");
        let words = spaced.split_whitespace().rev().collect();
        let mut licence = Licence { words, allowed };
        let is_allowed = licence.any();
        assert!(
            licence.words.is_empty(),
            "not read to its end: {expression}"
        );
        is_allowed
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.words.last() == Some(&word);
        if is_next {
            self.words.pop();
        }
        is_next
    }

    fn any(&mut self) -> bool {
        let mut is_allowed = self.all();
        while self.takes("OR") {
            is_allowed |= self.all();
        }
        is_allowed
    }

    fn all(&mut self) -> bool {
        let mut is_allowed = self.one();
        while self.takes("AND") {
            is_allowed &= self.one();
        }
        is_allowed
    }

    fn one(&mut self) -> bool {
        if self.takes("(") {
            let is_allowed = self.any();
            assert!(self.takes(")"));
            return is_allowed;
        }
        let mut name = self.words.pop().unwrap_or_default().to_owned();
        if self.takes("WITH") {
            name = format!("{name} WITH {}", self.words.pop().unwrap_or_default());
        }
        self.allowed.contains(&name)
    }
}

#[test]
fn licence_expression_needs_allowed_alternative() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"];
    let allowed: BTreeSet<String> = allowed.map(str::to_owned).into();
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-2.0-only", false),
        ("GPL-2.0-only OR MIT", true),
        ("Unlicense/MIT", true),
        ("MIT AND GPL-2.0-only", false),
        ("GPL-2.0-only OR MIT AND ISC", true),
        ("(GPL-2.0-only OR MIT) AND ISC", true),
        ("(GPL-2.0-only OR MPL-2.0) AND ISC", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
    ] {
        assert_eq!(
            Licence::is_allowed(expression, &allowed),
            expected,
            "{expression}"
        );
    }
}

#[test]
fn dependencies_have_allowed_licences() {
    let Some(packages) = packages() else { return };
    let deny = deny();
    let everywhere = strings(&deny["licenses"]["allow"]);
    let mut exceptions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for exception in deny["licenses"]["exceptions"].as_array().unwrap() {
        let exception = exception.as_inline_table().unwrap();
        let package = exception["crate"].as_str().unwrap().to_owned();
        exceptions.insert(package, strings(&Item::Value(exception["allow"].clone())));
    }
    let mut used = BTreeSet::new();
    for package in &packages {
        let (name, licence) = (text(package, "name"), text(package, "license"));
        if Licence::is_allowed(licence, &everywhere) {
            continue;
        }
        let allowed = exceptions
            .get(name)
            .is_some_and(|more| Licence::is_allowed(licence, more));
        assert!(
            allowed,
            "{name}: the licence `{licence}` is not in deny.toml"
        );
        used.insert(name.to_owned());
    }
    let listed: BTreeSet<String> = exceptions.into_keys().collect();
    assert_eq!(listed, used, "exceptions in deny.toml that are not needed");
}

#[test]
fn duplicate_dependencies_are_listed() {
    let Some(packages) = packages() else { return };
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in &packages {
        let known = versions.entry(text(package, "name")).or_default();
        known.push(text(package, "version"));
    }
    let mut older = BTreeSet::new();
    for (name, versions) in &mut versions {
        versions.sort_by_key(|version| numbers(version));
        versions.pop();
        older.extend(versions.iter().map(|version| format!("{name}@{version}")));
    }
    let listed = strings(&deny()["bans"]["skip"]);
    let new: Vec<&String> = older.difference(&listed).collect();
    assert!(new.is_empty(), "new duplicates: {new:?}");
    let gone: Vec<&String> = listed.difference(&older).collect();
    assert!(gone.is_empty(), "delete from `skip` in deny.toml: {gone:?}");
}

#[test]
fn dependencies_build_with_minimum_rust() {
    let Some(packages) = packages() else { return };
    let ours = numbers(env!("CARGO_PKG_RUST_VERSION"));
    for package in &packages {
        let wanted = text(package, "rust_version");
        assert!(
            wanted.is_empty() || numbers(wanted) <= ours,
            "{} {} needs Rust {wanted}",
            text(package, "name"),
            text(package, "version")
        );
    }
}
