//! `providers check --live --record`: examples from what was sent, and no secret among them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keywright::platform::files;
use serde_json::{Value, json};

use super::ACME;
use super::live::{folder_with_manifest, json_output, live};
use super::service::{Acme, HOOK_SECRET, NEW_KEY, OWN_KEY};
use crate::support::home::TestEnv;
use crate::support::programs::Folder;

const FILE: &str = "config/providers/acme.toml";

/// The file after a recording at a service that tells secrets, and the report of it.
fn record(folder: &Folder, acme: &Acme) -> (String, Value) {
    acme.tell_secrets();
    let done = live(folder, acme)
        .arg("--record")
        .env("KEYWRIGHT_API_KEY", OWN_KEY)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let file = files::read_text(&folder.path().join(FILE))
        .unwrap()
        .unwrap();
    (file, json_output(&done)["live"]["recorded"].clone())
}

/// The text without the recorded examples.
fn without_recorded(text: &str) -> String {
    let blocks: Vec<&str> = text.split("\n\n").collect();
    let kept = blocks
        .into_iter()
        .filter(|block| !block.contains("name = \"recorded\""));
    kept.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn record_writes_examples_without_secrets() {
    let acme = Acme::new();
    let folder = folder_with_manifest(ACME);
    let (file, recorded) = record(&folder, &acme);
    let places = [
        "credentials.key.verify",
        "operations.create",
        "operations.show",
        "operations.list",
        "operations.rename",
        "operations.revoke",
    ];
    let mut found: Vec<&str> = Vec::new();
    for one in recorded.as_array().unwrap() {
        assert_eq!(one["recorded"], json!(true), "{one}");
        found.push(one["place"].as_str().unwrap());
    }
    found.sort_unstable();
    let mut places = places.to_vec();
    places.sort_unstable();
    assert_eq!(found, places);
    let basic = STANDARD.encode(format!("k1:{NEW_KEY}k1"));
    for secret in [
        OWN_KEY,
        NEW_KEY,
        HOOK_SECRET,
        "notReally",
        &basic[8..24],
        &acme.url,
    ] {
        assert!(!file.contains(secret), "{secret}: {file}");
    }
    // The shape of the new key is there, the credential of the examples, and the address of the manifest.
    for part in [
        "secret = \"acme_live_fakEfakef0AkeFake0\"",
        "headers = { x-api-key = \"example-key\" }",
        "GET https://api.example.com/keys/k1",
        "\"self\":\"https://api.example.com/keys/k1\"",
        "POST https://api.example.com/keys",
    ] {
        assert!(file.contains(part), "{part}: {file}");
    }
    assert_eq!(without_recorded(&file).trim_end(), ACME.trim_end());
    // The examples pass, and prove something: a wrong one fails.
    let home = TestEnv::new();
    home.write(FILE, &file);
    let checked = home.run(["--json", "providers", "check", "acme"]).json();
    let examples = checked["examples"].as_array().unwrap();
    assert_eq!(examples.len(), 12);
    assert!(examples.iter().all(|example| example["ok"] == json!(true)));
    home.write(
        FILE,
        file.replace(
            "header = { name = \"X-Api-Key\" }",
            "query = { name = \"key\" }",
        ),
    );
    home.run(["providers", "check", "acme"])
        .stdout_has("operations.show: the example `recorded` fails: it sends `GET ")
        .stderr_has("12 examples of [home]/config/providers/acme.toml fail")
        .exit(2);
}

#[test]
fn record_again_replaces_recorded_examples() {
    let acme = Acme::new();
    let folder = folder_with_manifest(ACME);
    let (first, _) = record(&folder, &acme);
    let (second, _) = record(&folder, &acme);
    let count = |text: &str| text.matches("name = \"recorded\"").count();
    assert_eq!((count(&first), count(&second)), (6, 6));
    assert_eq!(without_recorded(&second), without_recorded(&first));
    let recorded = "input = { id = \"k2\", name = \"keywright-check-";
    assert!(second.contains(recorded), "{second}");
}

#[test]
fn record_begins_without_examples() {
    let blocks = ACME.split("\n\n");
    let bare = blocks.filter(|block| !block.contains(".examples]]"));
    let bare = bare.collect::<Vec<_>>().join("\n\n");
    let acme = Acme::new();
    let (file, recorded) = record(&folder_with_manifest(&bare), &acme);
    assert_eq!(recorded.as_array().unwrap().len(), 6);
    assert_eq!(file.matches("name = \"recorded\"").count(), 6, "{recorded}");
}

#[test]
fn record_needs_file_of_yours() {
    let home = TestEnv::new();
    let args = ["-y", "providers", "check", "schatzi", "--live", "--record"];
    home.run(args)
        .stderr_has(
            "`schatzi` is built in: there is no file to record examples into\nhint: copy it to `",
        )
        .exit(2);
    home.run(["-y", "providers", "check", "-", "--live", "--record"])
        .stdin(ACME)
        .stderr_has("examples cannot be recorded into a manifest from stdin")
        .exit(2);
    home.run(["providers", "check", "schatzi", "--record"])
        .stderr_has("--live")
        .exit(2);
}
