//! The sandbox: every command against the embedded services, with nothing of the user's own in it.

use serde_json::{Value, json};

use crate::support::fake::jwt;
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::run::{Run, all_at_once};
use crate::support::server::Server;

const SAYS_SO: &str = "sandbox: an embedded copy of the services; nothing leaves this machine\n";

fn sandboxed(home: &TestEnv, args: &[&str]) -> Run {
    home.run(["--sandbox"]).args(args).expect_stderr(SAYS_SO)
}

#[test]
fn sandbox_keys_persist_between_runs() {
    let home = TestEnv::new();
    let done = sandboxed(&home, &["keys", "create", "my first key"])
        .any_stdout()
        .stderr_has(SAYS_SO)
        .exit(0);
    let secret = done.stdout.trim_end();
    assert!(done.stdout.ends_with('\n') && secret.starts_with("sk-") && !secret.contains(' '));
    let done = sandboxed(&home, &["keys", "list", "--json"])
        .json_stdout()
        .exit(0);
    let keys = done.json();
    let mine = |keys: &Value| {
        let all = keys.as_array().unwrap();
        all.iter()
            .find(|key| key["name"] == "my first key")
            .cloned()
    };
    let key = mine(&keys).unwrap();
    assert_eq!(key["provider"], "schatzi");
    assert_eq!(key["created_at"], "2026-11-20T12:00:00Z");
    assert!(!done.stdout.contains(secret), "the list shows no whole key");

    let id = key["id"].as_str().unwrap();
    sandboxed(&home, &["keys", "rename", id, "renamed"])
        .stderr_has("to `renamed`")
        .exit(0);
    sandboxed(&home, &["keys", "revoke", "renamed", "-y"])
        .stderr_has("revoked `renamed`")
        .exit(0);
    let shown = sandboxed(&home, &["keys", "list", "--json"]).json();
    let active = |key: &Value| key["name"] == "renamed" && key["status"] == "active";
    assert!(!shown.as_array().unwrap().iter().any(active));
}

#[test]
fn sandbox_variable_equals_flag() {
    TestEnv::new()
        .run(["keys", "status"])
        .env("KEYWRIGHT_SANDBOX", "1")
        .stdout_has(messages::FIVE_KEYS_AT_MOST)
        .expect_stderr(SAYS_SO)
        .exit(0);
    TestEnv::new()
        .run(["keys", "status"])
        .env("KEYWRIGHT_SANDBOX", "0")
        .stderr_has("there is no profile yet")
        .exit(3);
}

#[test]
fn sandbox_ignores_user_files_and_keyring() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in("generic", &server.url(), &[]);
    let config = home.read("config/config.toml");
    let touched = home.keychain.touched();
    let args = ["--sandbox", "keys", "status"];
    home.run(args)
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .token(&jwt("mine", 60))
        .key("sk-fake-of-the-user")
        .stdout_has(messages::FIVE_KEYS_AT_MOST)
        .expect_stderr(SAYS_SO)
        .exit(0);
    home.write("work/keywright.toml", "profile = \"nosuch\"\n");
    sandboxed(&home, &["keys", "status"])
        .expect_stdout("there is a key at schatzi: `Production backend` (1 of 5 in use)\n")
        .exit(0);
    assert_eq!(home.read("config/config.toml"), config);
    assert_eq!(home.keychain.touched(), touched);
    let outside: Vec<_> = home
        .files()
        .into_keys()
        .filter(|path| !path.starts_with("state/sandbox") && !path.starts_with("config"))
        .collect();
    assert_eq!(outside, [std::path::Path::new("work/keywright.toml")]);
}

#[test]
fn sandbox_logs_in_every_service() {
    let home = TestEnv::new();
    for (provider, result, code) in [
        ("siati", "valid", 0),
        ("siesta", "valid", 0),
        ("schatzi", "valid", 0),
        ("generic", "unknown", 1),
        ("sieve", "valid", 0),
    ] {
        let done = home
            .run([
                "--sandbox",
                "-q",
                "-p",
                provider,
                "keys",
                "verify",
                "--json",
            ])
            .json_stdout()
            .exit(code);
        assert_eq!(done.json()["result"], result, "{provider}");
        let done = home
            .run(["--sandbox", "-q", "-p", provider, "token"])
            .any_stdout()
            .exit(0);
        assert_eq!(done.stdout.lines().count(), 1, "{provider}");
    }
    let run = |args: &[&str]| home.run(["--sandbox", "-q"]).args(args).any_stdout();
    run(&["-p", "siati", "refresh"]).exit(0);
    run(&["-p", "siati", "api", "GET", "/me/boot", "--base", "app"]).exit(0);
    run(&[
        "-p",
        "generic",
        "api",
        "POST",
        "/v1/generate",
        "-d",
        r#"{"prompt":"x","model":"m"}"#,
    ])
    .exit(0);
    run(&["-p", "sieve", "exchange"]).exit(0);
    run(&["-p", "sieve", "refresh"]).exit(0);
}

#[test]
fn sandbox_login_follows_replaced_key() {
    let home = TestEnv::new();
    home.run([
        "--sandbox",
        "-q",
        "-y",
        "-p",
        "sieve",
        "keys",
        "create",
        "fresh",
        "--expires",
        "90d",
    ])
    .stdout_has("gds_")
    .expect_stderr(
        "warning: sieve does not say whether the key expires: 2027-02-18 12:00 UTC was requested\n\
         warning: the key `fresh` is shown once, here: it will not be shown again\n",
    )
    .exit(0);
    let answer = sandboxed(&home, &["-p", "sieve", "keys", "status", "--json"]).json();
    assert_eq!(answer["key"]["name"], "fresh");
}

#[test]
fn sandbox_enforces_five_key_limit() {
    let home = TestEnv::new();
    let used = |home: &TestEnv| {
        let done = sandboxed(home, &["keys", "status", "--json"])
            .json_stdout()
            .exit(0);
        done.json()["used"].as_u64().unwrap()
    };
    let create = || {
        home.run(["--sandbox", "keys", "create", "one more"])
            .any_stdout()
    };
    for _ in used(&home)..5 {
        create()
            .expect_stderr(
                "sandbox: an embedded copy of the services; nothing leaves this machine\n\
                 warning: the key `one more` is shown once, here: it will not be shown again\n",
            )
            .exit(0);
    }
    assert_eq!(used(&home), 5);
    create().stderr_has("5 of 5 keys are in use").exit(6);
}

#[test]
fn sandbox_errors_match_real_ones() {
    let home = TestEnv::new();
    let done = home
        .run(["--sandbox", "-q", "keys", "show", "nosuch", "--json"])
        .fails_as_json(&json!({
            "kind": "not_found",
            "code": null,
            "message": "there is no key `nosuch`",
            "hints": ["list the keys: keywright --sandbox keys list"],
            "retryable": false,
            "http_status": null,
            "request_id": null,
        }))
        .exit(5);
    assert_eq!(done.stdout, "");
    home.run(["--sandbox", "keys", "create", "x", "--scope", "read"])
        .stderr_has("schatzi cannot honour `--scope` for a new key")
        .exit(2);
}

#[test]
fn sandbox_is_shared_by_concurrent_runs() {
    let home = TestEnv::new();
    let runs: Vec<Run> = (0..4)
        .map(|_| {
            sandboxed(&home, &["-p", "sieve", "keys", "status"])
                .stdout_has("there is a key at sieve")
        })
        .collect();
    all_at_once(&runs);
}

#[test]
fn runs_in_one_process_are_isolated() {
    // Two worlds, one process: neither knows of the other.
    let (one, other) = (TestEnv::new(), TestEnv::new());
    let server = Server::new();
    one.log_in("schatzi", &server.url(), &[token(&jwt("one", 60), 60)]);
    for _ in 0..2 {
        one.run(["token"])
            .expect_stdout(format!("{}\n", jwt("one", 60)))
            .exit(0);
        other
            .run(["token"])
            .stderr_has("error: not logged in: there is no profile yet\n")
            .exit(3);
        other
            .run(["token", "--nonsense"])
            .stderr_has("error: unexpected argument '--nonsense' found\n")
            .exit(2);
    }
}

#[test]
fn sandbox_json_advice_repeats_flag() {
    let home = TestEnv::new();
    let done = home
        .run(["--sandbox", "-q", "audit", "--json"])
        .json_stdout()
        .exit(0);
    let findings = done.json();
    let fixes: Vec<&str> = findings
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["fix"].as_str())
        .filter(|fix| fix.contains("keywright "))
        .collect();
    assert!(!fixes.is_empty());
    for fix in fixes {
        assert!(fix.contains("keywright --sandbox -p "), "{fix}");
    }
}
