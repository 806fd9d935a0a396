//! Manifests and project files: however they are cut, doubled and mixed, they are read or refused, and nothing breaks.

use arbtest::arbitrary::{Result, Unstructured};
use keywright::authoring::diagnostics::diagnose;
use keywright::manifest::{Manifest, validate};
use keywright::providers;

use super::{fuzz, pieces};
use crate::support::home::TestEnv;
use crate::support::run::Run;

/// The built-in manifests, without their examples: those make up most of their length.
fn manifests() -> Vec<String> {
    let home = TestEnv::new();
    let platform = home.platform(
        keywright::platform::Env::default(),
        std::rc::Rc::new(Run::at(home.clone()).terminal()),
        keywright::platform::native::http(),
    );
    let names = providers::names(&platform).unwrap();
    let texts = names.iter().map(|(name, _)| {
        let path = format!("{}/src/providers/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        keywright::platform::files::read_text(std::path::Path::new(&path))
            .unwrap()
            .unwrap()
    });
    texts
        .map(|text| {
            text.split("\n[operations.rename")
                .next()
                .unwrap_or(&text)
                .to_owned()
        })
        .collect()
}

const SCRAPS: [&str; 30] = [
    "\n",
    "=",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "#",
    "true",
    "-1",
    "999999999999999999999",
    "\"*\"",
    "\"/\"",
    "\"\"",
    "{id}",
    "{{",
    "{var.",
    "[[",
    "]]",
    "request",
    "answer",
    "at = ",
    "from = ",
    "via = \"list\"",
    "extends = \"siati\"",
    "\u{0}",
    "\u{202e}",
    "é",
    "via = \"status\"",
];

/// A text that is cut, doubled or mixed in a few places.
fn spoilt(u: &mut Unstructured<'_>, text: &str) -> Result<String> {
    let mut text = text.to_owned();
    for _ in 0..u.int_in_range(1..=6)? {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        if places.is_empty() {
            break;
        }
        let one = *u.choose(&places)?;
        let other = *u.choose(&places)?;
        let (start, end) = (one.min(other), one.max(other));
        let near = places
            .iter()
            .copied()
            .find(|at| *at > start + 12)
            .unwrap_or(end);
        match u.int_in_range(0..=4)? {
            0 => text.replace_range(start..near, ""),
            1 => text.insert_str(start, u.choose(&SCRAPS)?),
            2 => text.replace_range(start..near, u.choose(&SCRAPS)?),
            3 => {
                let line = text[start..].lines().next().unwrap_or_default().to_owned();
                text.insert_str(end, &format!("\n{line}\n"));
            }
            _ => text.truncate(end.max(start)),
        }
    }
    Ok(text)
}

#[test]
fn mutated_manifest_never_panics() {
    let manifests = manifests();
    fuzz("manifests", 1, |u| {
        let whole = u.choose(&manifests)?;
        let text = spoilt(u, whole)?;
        if let Ok(manifest) = Manifest::parse(&text, "spoilt.toml") {
            let _ = validate(&manifest);
        }
        let _ = diagnose(&text, None);
        Ok(())
    });
}

const PROJECT: &str = r#"profile = "acme"

[keys.ci]
profile = "acme"
rotate_every = "90d"
grace = "24h"
destinations = ["file:ci.key", "dotenv:.env#KEY"]
expires = "90d"
scopes = ["read"]
strategy = "overlap"
"#;

#[test]
fn mutated_project_file_never_panics() {
    let home = TestEnv::new();
    fuzz("project files", 1, |u| {
        let text = if u.arbitrary()? {
            spoilt(u, PROJECT)?
        } else {
            pieces(u, &SCRAPS, 20)?
        };
        home.write("work/keywright.toml", &text);
        let (code, done) = home
            .run(["keys", "rotate", "--due", "--plan", "--no-input"])
            .any_stdout()
            .any_stderr()
            .exit_any();
        assert!(code == 0 || !done.stderr.is_empty(), "{text}");
        assert!(!done.stderr.contains('\u{202e}'), "{}", done.stderr);
        Ok(())
    });
}
