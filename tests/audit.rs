//! The findings among many keys, and the command that fixes each.

use serde_json::{Value, json};

use keywright::core::advice;
use keywright::core::secret::Secret;

use crate::hints;
use crate::support::fake::{SCHATZI_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::programs::{Folder, program, programs_available, run};
use crate::support::run::ci;
use crate::support::server::{self, Server, Wanted, get};

fn listing() -> Wanted {
    get("/api/v1/accounts/user/api-keys/").bearer(&jwt("schatzi", 86_400))
}

/// A machine with one profile, `schatzi`, whose account has these keys.
fn with(keys: &Value) -> (Server, TestEnv) {
    let server = Server::with(listing(), server::json(200, keys));
    let home = TestEnv::new();
    home.log_in(
        "schatzi",
        &server.url(),
        &[token(&jwt("schatzi", 86_400), 86_400)],
    );
    (server, home)
}

fn one(id: &str, name: &str, created: &str) -> Value {
    json!({ "id": id, "name": name, "key": "sk-***...0000", "is_active": true, "created_at": created })
}

/// The checks that found something, each with its level and what it is about.
fn found(home: &TestEnv, args: &[&str]) -> Vec<(String, String, String)> {
    let args = [&["audit", "--json"], args].concat();
    let all = home.run(args).json();
    let text = |one: &Value, field: &str| one[field].as_str().unwrap().to_owned();
    all.as_array()
        .unwrap()
        .iter()
        .inspect(|one| {
            for field in ["why", "fix"] {
                assert!(!text(one, field).is_empty(), "{one}");
            }
            let fix = text(one, "fix");
            for at in advice::commands(&fix) {
                assert_eq!(hints::objection(&fix[at]), None, "{one}");
            }
        })
        .map(|one| (text(one, "level"), text(one, "check"), text(one, "what")))
        .collect()
}

fn has(found: &[(String, String, String)], level: &str, check: &str, what: &str) -> bool {
    let wanted = (level.to_owned(), check.to_owned(), what.to_owned());
    found.contains(&wanted)
}

#[test]
fn audit_reports_old_unused_expired_keys() {
    let mut unused = one("k2", "laptop", "2026-11-01T00:00:00Z");
    unused["last_used_at"] = json!("2026-10-01T00:00:00Z");
    let mut ended = one("k3", "gone", "2026-11-01T00:00:00Z");
    ended["expires_at"] = json!("2026-11-10T00:00:00Z");
    let mut soon = one("k4", "soon", "2026-11-01T00:00:00Z");
    soon["expires_at"] = json!("2026-11-25T00:00:00Z");
    let keys = json!([one("k1", "ci", "2026-01-01T00:00:00Z"), unused, ended, soon]);
    let (_server, home) = with(&keys);
    let all = found(&home, &[]);
    assert!(has(&all, "warning", "old", "ci"), "{all:?}");
    assert!(has(&all, "warning", "unused", "laptop"), "{all:?}");
    assert!(has(&all, "info", "expired", "gone"), "{all:?}");
    assert!(has(&all, "warning", "expires-soon", "soon"), "{all:?}");
    assert!(
        has(&all, "info", "limit", "4 of 5 keys are in use"),
        "{all:?}"
    );
    assert!(has(&all, "info", "unknown-key", "ci"), "{all:?}");
    assert!(
        !all.iter()
            .any(|(_, check, what)| check == "old" && what != "ci"),
        "{all:?}"
    );
}

#[test]
fn audit_delivered_key_is_known() {
    let (_server, home) = with(&json!([one("k1", "ci", "2026-11-01T00:00:00Z")]));
    let delivered = json!({ "provider": "schatzi", "profile": "schatzi", "id": "k1", "masked": "sk-***0000", "at": "2026-11-01T00:00:00Z" });
    home.write(
        "state/delivered.json",
        json!({ "keys": [delivered] }).to_string(),
    );
    let all = found(&home, &[]);
    assert!(
        !all.iter().any(|(_, check, _)| check == "unknown-key"),
        "{all:?}"
    );
}

#[test]
fn audit_failed_listing_is_not_clean() {
    let refused = server::json(401, &json!({ "detail": "no" }));
    let server = Server::with(listing(), refused);
    let home = TestEnv::new();
    home.log_in(
        "schatzi",
        &server.url(),
        &[token(&jwt("schatzi", 86_400), 86_400)],
    );
    let done = home
        .run(["audit"])
        .stderr_has(
            "error: profile `schatzi`: schatzi refused to list keys: the JWT is not accepted: it \
             has expired or is not valid\n",
        )
        .exit(3);
    assert!(
        !done.stderr.contains("nothing to complain about"),
        "{}",
        done.stderr
    );
}

#[test]
fn audit_fail_on_sets_exit_code() {
    let keys = json!([one("k1", "ci", "2026-01-01T00:00:00Z")]);
    for (args, code) in [
        (&["audit", "-q"][..], 0),
        (&["audit", "-q", "--fail-on", "error"], 0),
        (&["audit", "-q", "--fail-on", "warning"], 1),
        (&["audit", "-q", "--fail-on", "info"], 1),
    ] {
        let (_server, home) = with(&keys);
        home.run(args)
            .stdout_has("keywright -p schatzi keys rotate k1")
            .exit(code);
    }
}

#[test]
fn audit_honours_project_keys_and_intervals() {
    let mut ci = one("k1", "ci", "2026-11-01T00:00:00Z");
    ci["scopes"] = json!(["read", "write"]);
    let (_server, home) = with(&json!([ci]));
    home.project(
        "work/keywright.toml",
        "[keys.ci]\nprofile = \"schatzi\"\nrotate_every = \"7d\"\n",
    );
    let all = found(&home, &[]);
    assert!(has(&all, "warning", "old", "ci"), "{all:?}");
    assert!(
        !all.iter().any(|(_, check, _)| check == "unknown-key"),
        "{all:?}"
    );
}

/// A machine that delivered the key `ci` to three files: one holds it, one something else, one is gone.
#[cfg(unix)]
fn with_drift() -> (Server, TestEnv) {
    use std::os::unix::fs::PermissionsExt;
    let (server, home) = with(&json!([one("k1", "ci", "2026-11-01T00:00:00Z")]));
    let secret = "sk-fake-0000000000000000000001";
    for (path, content) in [
        ("work/same.key", secret),
        ("work/other.key", "sk-fake-0000000000000000000002"),
    ] {
        let path = home.write(path, content);
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, private).unwrap();
    }
    let fingerprint = Secret::new(secret).fingerprint();
    let delivered = json!({ "provider": "schatzi", "profile": "schatzi", "id": "k1", "masked": "sk-***0001", "fingerprint": fingerprint, "at": "2026-11-01T00:00:00Z" });
    home.write(
        "state/delivered.json",
        json!({ "keys": [delivered] }).to_string(),
    );
    home.project(
        "work/keywright.toml",
        "[keys.ci]\nprofile = \"schatzi\"\ndestinations = [\"file:same.key\", \"file:other.key\", \"file:gone.key\"]\n",
    );
    (server, home)
}

#[test]
#[cfg(unix)]
fn audit_drifted_destinations_are_reported() {
    let (_server, home) = with_drift();
    let all = found(&home, &[]);
    let drift = all.iter().filter(|(_, check, _)| check == "drift");
    let mut places: Vec<&str> = drift.map(|(_, _, what)| what.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places.len(), 2, "{all:?}");
    assert!(places[0].ends_with("/work/gone.key"), "{all:?}");
    assert!(places[1].ends_with("/work/other.key"), "{all:?}");
}

#[test]
#[cfg(unix)]
fn show_project_key_compares_destinations() {
    let (server, home) = with_drift();
    let ci = one("k1", "ci", "2026-11-01T00:00:00Z");
    server
        .expect(get("/api/v1/accounts/user/api-keys/k1/").bearer(&jwt("schatzi", 86_400)))
        .answer(server::json(200, &ci));
    let shown = home.run(["keys", "show", "ci", "--json"]).json();
    let places = shown["destinations"].as_array().unwrap();
    let states: Vec<&Value> = places.iter().map(|place| &place["state"]).collect();
    assert_eq!(states, ["same", "different", "missing"], "{shown}");
}

#[test]
#[cfg(unix)]
fn audit_readable_destination_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let (_server, home) = with(&json!([one("k1", "ci", "2026-11-01T00:00:00Z")]));
    let path = home.write("work/ci.key", "sk-fake-0000000000000000000001");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    home.project(
        "work/keywright.toml",
        "[keys.ci]\nprofile = \"schatzi\"\ndestinations = [\"file:ci.key\"]\n",
    );
    let all = found(&home, &[]);
    let shown = "[home]/work/ci.key";
    assert!(has(&all, "error", "readable", shown), "{all:?}");
    assert!(has(&all, "info", "plain-text", shown), "{all:?}");
}

#[test]
fn audit_shared_key_reported_despite_failure() {
    let server = Server::with(
        get("/api/keys/status").header("x-api-key", SIEVE_KEY),
        server::json(
            200,
            &json!({ "hasKey": true, "keyPrefix": "gds_fake", "name": "n" }),
        ),
    );
    server
        .expect(get("/api/keys/status").header("x-api-key", SIEVE_KEY))
        .answer(server::json(
            200,
            &json!({ "hasKey": true, "keyPrefix": "gds_fake", "name": "n" }),
        ));
    let forbidding = Server::with(listing(), server::json(403, &json!({})));
    let home = TestEnv::new();
    for name in ["dev", "production"] {
        home.log_in_as(name, "sieve", &server.url(), &[], &[key(SIEVE_KEY)]);
    }
    home.log_in(
        "schatzi",
        &forbidding.url(),
        &[token(&jwt("schatzi", 86_400), 86_400), key(SCHATZI_KEY)],
    );
    let done = home
        .run(["audit", "--json"])
        .json_stdout()
        .stderr_has("profile `schatzi`")
        .exit(3);
    let all = done.json();
    let shared = all
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["check"] == "shared")
        .unwrap();
    assert_eq!(shared["level"], "error");
    assert!(
        shared["why"].as_str().unwrap().contains("dev, production"),
        "{shared}"
    );
    assert!(!all.to_string().contains(SIEVE_KEY), "{all}");
}

#[test]
fn audit_without_findings_says_so() {
    let home = TestEnv::new();
    home.run(["audit"])
        .stderr_has("error: there is no profile to audit\nhint: log in: keywright login PROVIDER\n")
        .exit(3);
    let (_server, home) = with(&json!([]));
    home.run(["audit"])
        .expect_stderr("nothing to complain about\n")
        .exit(0);
}

#[test]
fn audit_environment_profile_advice_names_none() {
    let token = jwt("schatzi", 86_400);
    let keys = json!([one("k1", "my key", "2026-01-01T00:00:00Z")]);
    let server = Server::with(listing(), server::json(200, &keys));
    let found = ci("schatzi", &server, ["audit", "--json"])
        .token(&token)
        .json();
    let fixes: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["fix"].as_str().unwrap())
        .collect();
    assert_eq!(
        fixes,
        [
            "keywright keys rotate k1",
            "if it is not needed: keywright keys revoke k1; otherwise name it in keywright.toml"
        ]
    );
}

#[test]
fn audit_environment_key_is_known() {
    let server = Server::new();
    ci("siesta", &server, ["audit"])
        .key("sk-fake-0123456789")
        .env("KEYWRIGHT_VAR_ORG_ID", "o-1")
        .expect_stderr(
            "siesta has no call that lists keys: this is the one kept here\n\
             nothing to complain about\n",
        )
        .exit(0);
    ci("siati", &server, ["audit"])
        .token(&jwt("siati", 86_400))
        .expect_stderr(
            "siati has no call that lists keys: this is the one kept here\n\
             nothing was found, and not every profile could be checked\n\
             error: profile `siati`: there is no key to audit\n\
             hint: log in with one: keywright login siati\n",
        )
        .exit(3);
}

/// A repository with this file in it, tracked, and what the program finds there.
fn found_in_git(name: &str, text: &str) -> Option<Value> {
    if !programs_available(&["git"]) {
        return None;
    }
    let folder = Folder::new();
    folder.write(name, text);
    for words in [&["init", "-q"][..], &["add", "-A"]] {
        let git = run(program("git").args(words).current_dir(folder.path()));
        assert!(git.ok, "{}", git.stderr);
    }
    let mut audit = program(env!("CARGO_BIN_EXE_keywright"));
    let done = run(audit
        .args(["audit", "--json"])
        .current_dir(folder.path())
        .env("HOME", folder.path().join("home")));
    assert!(
        done.stderr.contains("no profile to audit"),
        "{}",
        done.stderr
    );
    assert!(!done.stdout.contains(text.trim_end()), "{}", done.stdout);
    Some(serde_json::from_str(&done.stdout).unwrap())
}

#[test]
fn audit_tracked_key_is_reported_masked() {
    let Some(found) = found_in_git("notes.txt", "sk-siati-fake0000000000000001\n") else {
        return;
    };
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["check"], "tracked-key");
    assert_eq!(found[0]["what"], "notes.txt");
    let why = "line 1: sk-siati-***0001 looks like a key of siati, and git tracks the file";
    assert_eq!(found[0]["why"], why);
}

#[test]
fn audit_tracked_dotenv_is_reported() {
    let Some(found) = found_in_git(".env", "COLOUR=blue-and-nothing-secret\n") else {
        return;
    };
    assert_eq!(found[0]["check"], "tracked-dotenv", "{found}");
    assert_eq!(found[0]["level"], "error");
}
