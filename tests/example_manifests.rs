//! Every manifest carries its examples, and every example is played back.

use std::path::Path;

use keywright::authoring::replay;
use keywright::core::error::Error;
use keywright::manifest::Manifest;
use keywright::platform::Platform;
use keywright::providers::{self, Catalogue};

fn platform() -> Platform {
    keywright::platform::native::platform()
}

/// The manifests of the tests, each for what no built-in service needs, and those of the servers of the live tests.
fn golden() -> Vec<(String, String)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all: Vec<_> = ["tests/manifests", "tests/live"]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(here.join(folder)).expect("a folder of manifests"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| {
            let bytes = keywright::platform::files::read_text(&path).expect("readable");
            (path.display().to_string(), bytes.expect("there"))
        })
        .collect();
    all.sort();
    all
}

fn play(name: &str, manifest: Result<Manifest, Error>) -> usize {
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(error) => panic!("{error}\n{}", error.hints().join("\n")),
    };
    let mut not_shown = replay::calls(&manifest);
    not_shown.retain(|(_, examples)| *examples == 0);
    assert_eq!(not_shown, Vec::new(), "{name}");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let played = runtime.block_on(replay::play(&manifest, &platform()));
    let wrong: Vec<String> = played
        .iter()
        .filter_map(|played| {
            let why = played.outcome.as_ref().err()?;
            Some(format!("{name}: {} `{}`: {why}", played.place, played.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    played.len()
}

#[test]
fn built_in_manifest_examples_pass() {
    let platform = platform();
    let mut count = 0;
    for (name, _) in providers::names(&platform).expect("names") {
        let known = providers::find(&name, &platform).expect("known");
        count += play(&name, known.with_examples());
    }
    let places = Catalogue::Destinations;
    for (name, _) in places.names(&platform).expect("names") {
        let known = places.lookup(&name, &platform).expect("readable");
        count += play(&name, known.expect("known").with_examples());
    }
    assert!(count >= 20, "{count}");
}

#[test]
fn golden_manifest_examples_pass() {
    for (name, text) in golden() {
        let manifest = Manifest::parse_checked(&text, &name);
        assert!(play(&name, manifest) > 0, "{name}");
    }
}

#[test]
fn wrong_example_fails_replay() {
    let (name, text) = golden()
        .into_iter()
        .find(|(name, _)| name.ends_with("forge.toml"))
        .expect("forge");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for (right, wrong) in [
        (
            "\"expires_at\":\"2026-12-20\"}', status",
            "\"expires_at\":\"2026-12-21\"}', status",
        ),
        ("tokens/1/rotate\", headers", "tokens/2/rotate\", headers"),
        (
            "status = \"active\", scopes",
            "status = \"revoked\", scopes",
        ),
        (
            "Private-Token = \"example-key\" }, body",
            "Private-Token = \"other\" }, body",
        ),
    ] {
        assert!(text.contains(right), "{right}");
        let manifest = Manifest::parse(&text.replace(right, wrong), &name).expect("readable");
        let played = runtime.block_on(replay::play(&manifest, &platform()));
        let failures = played
            .iter()
            .filter(|played| played.outcome.is_err())
            .count();
        assert_eq!(failures, 1, "{wrong}");
    }
}
