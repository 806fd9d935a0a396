//! `check --all`: every manifest with its examples, and the age of its facts.

use serde_json::json;

use super::{ACME, with};
use crate::support::home::TestEnv;

const PLACE: &str = "config/providers/acme.toml";

#[test]
fn check_all_passes_built_in() {
    let home = TestEnv::new();
    let listed = home.run(["providers", "list", "--json"]).json();
    let all = home.run(["providers", "check", "--all", "--json"]).json();
    let names = |rows: &serde_json::Value| -> Vec<String> {
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&all), names(&listed));
    for one in all.as_array().unwrap() {
        assert_eq!((&one["ok"], &one["stale"]), (&json!(true), &json!(false)));
    }
    let replayed = all.as_array().unwrap().iter();
    let replayed = replayed.filter(|one| one["examples"] != json!([]));
    assert!(replayed.count() > 60);
    let places = home
        .run(["destinations", "check", "--all", "--json"])
        .json();
    assert!(names(&places).contains(&"vault".to_owned()));
}

#[test]
fn check_all_shows_every_failure() {
    let home = TestEnv::new();
    home.write(
        PLACE,
        with("title = \"Acme\"", "title = \"Acme\"\ntitel = \"Acme\""),
    );
    home.write("config/providers/bell.toml", "extends = \"nothing\"\n");
    home.write(
        "config/providers/coal.toml",
        with("name = \"acme\"", "name = \"coal\"").replace("2026-11-20", "2026-01-01"),
    );
    home.run(["providers", "check", "--all"])
        .stdout_has("[home]/config/providers/acme.toml:4:titel: there is no key `titel` here")
        .stdout_has("[home]/config/providers/bell.toml: 1 mistake\n")
        .stdout_has(
            "[home]/config/providers/coal.toml: checked: warning: 2026-01-01 is more than 180 days ago; \
             compare the manifest with its sources\n",
        )
        .stdout_has(" manifests: 2 with mistakes, 1 stale\n")
        .stderr_has("error: the manifest has errors; the first: [home]/config/providers/acme.toml:4:titel")
        .exit(2);
}

#[test]
fn check_stale_manifest_is_warning() {
    let home = TestEnv::new();
    home.write(PLACE, ACME);
    // 180 days after its date.
    home.clock.pass(180 * 86_400);
    home.run(["providers", "check", "acme"])
        .stdout_has("acme.toml: no mistakes\n")
        .exit(0);
    let fresh = home.run(["providers", "check", "acme", "--json"]).json();
    assert_eq!(
        (&fresh["stale"], &fresh["checked"]),
        (&json!(false), &json!("2026-11-20"))
    );
    home.clock.pass(86_400);
    home.run(["providers", "check", "acme"])
        .stdout_has("checked: warning: 2026-11-20 is more than 180 days ago")
        .exit(0);
    assert_eq!(
        home.run(["providers", "check", "acme", "--json"]).json()["stale"],
        true
    );
}

#[test]
fn check_all_names_no_file() {
    let home = TestEnv::new();
    for other in ["acme", "--live"] {
        home.run(["providers", "check", "--all", other])
            .stderr_has(if other == "acme" { "[FILE]" } else { "'--all'" })
            .exit(2);
    }
    home.run(["providers", "check"])
        .stderr_has("<FILE>")
        .exit(2);
}
