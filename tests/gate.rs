//! Text from outside on its way to a terminal: no form of a secret, and nothing that steers it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::support::home::TestEnv;
use crate::support::run::Done;
use crate::support::server::{self, Answer, Server, get, method, post};
use crate::user_manifests::minimal_manifest;

const KEY: &str = "sk-fake-0123456789-abcdef/ghijklmnop+0123456789x";

/// Sets the clipboard, the title, a colour and the direction of text, in each way that terminals know.
const STEERING: &str =
    "\u{1b}]52;c;ZXZpbA==\u{7}\u{1b}[31m\u{9d}0;x\u{9c}\u{202e}\u{2066}\u{e0041}\u{ad}";

const CREATES: &str = r#"
operations.create.request = { method = "POST", path = "/keys", body = [{ at = "/name", from = "name" }] }
operations.create.response = { secret = "/secret" }
operations.revoke.request = { method = "DELETE", path = "/keys/{id}" }
"#;

fn home() -> TestEnv {
    let home = TestEnv::new();
    home.write(
        "config/providers/mine.toml",
        minimal_manifest("mine", CREATES),
    );
    home
}

fn list(home: &TestEnv, flag: &str, answer: Answer) -> Done {
    let server = Server::with(get("/keys").header("x-api-key", KEY), answer);
    let run = home.run(["keys", "list", flag]).key(KEY);
    run.env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .any_stdout()
        .any_stderr()
        .exit_any()
        .1
}

#[track_caller]
fn harmless(text: &str) {
    let steers = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t') || "\u{202e}\u{2066}\u{e0041}\u{ad}".contains(c)
    };
    assert!(!text.contains(steers), "{text:?}");
}

#[test]
fn secret_repeated_by_server_is_redacted() {
    let cut = format!("{}{KEY}", "x".repeat(200 - 40 - 20));
    for said in [
        KEY.to_owned(),
        cut,
        KEY.to_uppercase(),
        STANDARD.encode(KEY),
        STANDARD.encode(format!("ada:{KEY}")),
        KEY.replace('/', "%2F").replace('+', "%2B"),
        KEY.replace('/', "\\/"),
        format!("{}\u{200b}{}", &KEY[..24], &KEY[24..]),
        format!("{}\n{}", &KEY[..24], &KEY[24..]),
    ] {
        let body =
            json!({ "error": { "message": format!("the key {said} is not known"), "code": said } });
        for flag in ["-v", "--json"] {
            let done = list(&home(), flag, server::json(403, &body));
            for form in [KEY, &KEY.to_uppercase(), &STANDARD.encode(KEY)] {
                for part in [&form[..16], &form[form.len() - 20..form.len() - 4]] {
                    assert!(!done.stderr.contains(part), "{said}: {}", done.stderr);
                }
            }
        }
    }
}

#[test]
fn escape_sequences_never_reach_terminal() {
    let key = json!([{ "id": format!("k1{STEERING}"), "name": format!("n{STEERING}") }]);
    for answer in [
        server::json(200, &key),
        server::json(403, &json!({ "error": format!("no{STEERING}") })),
    ] {
        for flag in ["-v", "--json", "-q"] {
            let done = list(&home(), flag, answer.clone());
            harmless(&done.stdout);
            harmless(&done.stderr);
        }
    }
    let home = TestEnv::new();
    home.write(
        "config/providers/mine.toml",
        minimal_manifest("mine", "").replace("Mine", "Mine\\u001B]52;c;eA==\\u0007\\u202E"),
    );
    for args in [
        ["providers", "show", "mine"],
        ["providers", "check", "mine"],
    ] {
        let done = home.run(args).any_stdout().exit_any().1;
        harmless(&done.stdout);
        harmless(&done.stderr);
    }
}

#[test]
fn new_key_as_json_is_escaped() {
    let server = Server::with(
        get("/keys").header("x-api-key", KEY),
        server::json(200, &json!([])),
    );
    let created =
        json!({ "id": "k1", "name": format!("ci{STEERING}"), "secret": "fake-new-key-0123456789" });
    let wanted = post("/keys")
        .json(&json!({ "name": "ci" }))
        .header("x-api-key", KEY);
    server.expect(wanted).answer(server::json(201, &created));
    let done = home()
        .run(["keys", "create", "ci", "--json"])
        .key(KEY)
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .json_stdout()
        .exit(0);
    harmless(&done.stdout);
    assert_eq!(done.json()["secret"], "fake-new-key-0123456789");
    assert_eq!(done.json()["name"], format!("ci{STEERING}"));
}

#[test]
fn typed_secret_is_not_repeated() {
    let typed = "sk-fake-0123456789abcdef";
    for args in [
        vec!["keys", "list", "-p", typed],
        vec!["login", typed],
        vec!["keys", "create", "ci", "-p", "mine", "--expires", typed],
        vec!["keys", typed],
        vec!["keys", "list", "--older-than", typed],
        vec!["keys", "list", "--sort", typed],
        vec!["login", "mine", "--store", typed],
        vec!["login", "mine", "--base-url", typed],
        vec!["keys", "create", "--to", typed],
        vec!["profiles", "show", typed],
        vec!["profiles", "use", typed],
        vec!["providers", "show", typed],
        vec!["rotations", "show", typed],
        vec!["token", "--min-ttl", typed],
        vec!["api", typed, "/keys"],
        vec!["completions", typed],
        vec!["credential", typed],
    ] {
        for flag in [None, Some("--json")] {
            let run = home().run(args.iter().copied().chain(flag));
            let (code, done) = run.any_stderr().exit_any();
            assert_ne!(code, 0, "{args:?}");
            assert!(
                !done.stderr.contains(&typed[8..]),
                "{args:?}: {}",
                done.stderr
            );
        }
    }
}

#[test]
fn advised_commands_are_quoted() {
    let server = Server::new();
    let key = json!([{ "id": "k1; touch /tmp/fake", "name": "$(fake)", "created_at": "2020-01-01T00:00:00Z" }]);
    server
        .expect(get("/keys").header("x-api-key", KEY))
        .answer(server::json(200, &key));
    let home = TestEnv::new();
    let manifest = minimal_manifest("mine", CREATES).replace(
        "name = \"/name\" }",
        "name = \"/name\", created_at = { at = \"/created_at\", as = \"time\" } }",
    );
    home.write("config/providers/mine.toml", manifest);
    home.log_in("mine", &server.url(), &[crate::support::home::key(KEY)]);
    let shown = home.run(["audit", "--json"]).json();
    let fixes = shown.to_string();
    assert!(
        fixes.contains("keys rotate 'k1; touch /tmp/fake'"),
        "{fixes}"
    );
}

#[test]
fn captured_value_is_hidden_in_trace() {
    let home = TestEnv::new();
    let steps = r#"
[[operations.list.before]]
name = "session"
request = { method = "POST", path = "/session" }
response.capture = { id = "/session" }
"#;
    let manifest = minimal_manifest("mine", "").replace("/keys\" }", "/keys/{step.session.id}\" }");
    home.write("config/providers/mine.toml", format!("{manifest}{steps}"));
    let server = Server::with(
        method("POST", "/session").header("x-api-key", KEY),
        server::json(200, &json!({ "session": "fake-session-0123456789" })),
    );
    server
        .expect(get("/keys/fake-session-0123456789").header("x-api-key", KEY))
        .answer(server::json(200, &json!([])));
    let done = home
        .run(["keys", "list", "-v"])
        .key(KEY)
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .stderr_has("no keys\n")
        .exit(0);
    assert!(done.stderr.contains("/keys/***"), "{}", done.stderr);
    assert!(!done.stderr.contains("fake-session"), "{}", done.stderr);
}
