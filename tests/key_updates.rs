//! Keys that are disabled, enabled and changed.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, get, method, patch, post};
use crate::support::terminal::Reply;

const OWN_KEY: &str = "vl_fake-000000000000000000000000000009";

fn ci_key() -> Value {
    json!({
        "id": "k1", "name": "ci", "hint": "vl_...0001", "disabled": false, "scopes": ["read", "write"],
        "expires_at": null, "limit": 5, "tier": "small",
    })
}

/// The key with another value in a field.
fn with(field: &str, value: Value) -> Value {
    let mut key = ci_key();
    key[field] = value;
    key
}

fn list() -> Wanted {
    get("/keys").header("x-api-key", OWN_KEY)
}

/// A server that lists the keys once.
fn listing(keys: &[Value]) -> Server {
    Server::with(list(), server::json(200, &json!(keys)))
}

fn close() -> Wanted {
    post("/keys/k1/close").header("x-api-key", OWN_KEY)
}

fn change(body: &Value) -> Wanted {
    patch("/keys/k1").header("x-api-key", OWN_KEY).json(body)
}

fn run(server: &Server, args: &[&str]) -> Run {
    let home = TestEnv::new();
    home.write(
        "config/providers/valve.toml",
        include_str!("manifests/valve.toml"),
    );
    home.log_in("valve", &server.url(), &[key(OWN_KEY)]);
    home.run(args.iter().copied())
}

#[test]
fn disable_asks_and_reads_back() {
    let server = listing(&[ci_key()]);
    server.expect(close()).answer(server::empty(204));
    let closed = json!([with("disabled", json!(true))]);
    server.expect(list()).answer(server::json(200, &closed));
    run(&server, &["keys", "disable", "ci"])
        .at_a_terminal()
        .reply(Reply::Confirm(true))
        .stderr_has(
            "disabling `ci` (k1) of the profile `valve` at valve stops every program that uses it",
        )
        .stderr_has("disabled `ci`")
        .exit(0);
}

#[test]
fn disable_without_consent_sends_nothing() {
    let server = listing(&[ci_key()]);
    run(&server, &["keys", "disable", "ci"])
        .stderr_has(messages::CONFIRM_WITH_YES)
        .exit(2);
}

#[test]
fn disable_json_prints_key_afterwards() {
    let server = listing(&[ci_key()]);
    server.expect(close()).answer(server::empty(204));
    let closed = json!([with("disabled", json!(true))]);
    server.expect(list()).answer(server::json(200, &closed));
    let shown = run(&server, &["keys", "disable", "k1", "-y", "--json", "-q"]).json();
    assert_eq!(shown["status"], "disabled");
    assert_eq!(shown["id"], "k1");
    assert_eq!(shown["scopes"], json!(["read", "write"]));
    assert_eq!(shown["changed"], json!([]));
}

#[test]
fn disable_late_list_is_asked_again() {
    let server = listing(&[ci_key()]);
    server.expect(close()).answer(server::empty(204));
    server
        .expect(list())
        .times(2)
        .answer(server::json(200, &json!([ci_key()])));
    let closed = json!([with("disabled", json!(true))]);
    server.expect(list()).answer(server::json(200, &closed));
    run(&server, &["keys", "disable", "ci", "-y"])
        .stderr_has("disabled `ci`")
        .exit(0);
}

#[test]
fn disable_without_effect_is_uncertain() {
    let server = listing(&[ci_key()]);
    server.expect(close()).answer(server::empty(204));
    server
        .expect(list())
        .times(5)
        .answer(server::json(200, &json!([ci_key()])));
    let done = run(&server, &["keys", "disable", "ci", "-y", "--json"])
        .stderr_has("accepted the call to disable a key")
        .json_stdout()
        .exit(10);
    let shown = done.json();
    assert_eq!(shown["status"], "active");
    let changed = json!([{ "field": "status", "asked": "disabled", "given": "active" }]);
    assert_eq!(shown["changed"], changed);
}

#[test]
fn disable_lost_response_is_read_back() {
    let server = listing(&[ci_key()]);
    server.expect(close()).answer(server::hang_up());
    let closed = json!([with("disabled", json!(true))]);
    server.expect(list()).answer(server::json(200, &closed));
    run(&server, &["keys", "disable", "ci", "-y"])
        .stderr_has("disabled `ci`")
        .exit(0);

    let server = listing(&[ci_key()]);
    server.expect(close()).answer(server::hang_up());
    server
        .expect(list())
        .times(5)
        .answer(server::json(200, &json!([ci_key()])));
    run(&server, &["keys", "disable", "ci", "-y"])
        .stderr_has("see whether it has changed: keywright keys list")
        .exit(10);
}

#[test]
fn disable_own_key_warns_first() {
    let own = json!({ "id": "k9", "name": "mine", "hint": "vl_...0009", "disabled": false });
    let server = listing(&[own]);
    run(&server, &["keys", "disable", "mine"])
        .at_a_terminal()
        .reply(Reply::Confirm(false))
        .stderr_has("it is the key that this profile logs in with")
        .stderr_has("cancelled")
        .exit(130);
}

#[test]
fn disabled_key_needs_no_call() {
    let server = listing(&[with("disabled", json!(true))]);
    run(&server, &["keys", "disable", "ci"])
        .expect_stderr("`ci` is disabled already: nothing was changed\n")
        .exit(0);
    let server = listing(&[ci_key()]);
    run(&server, &["keys", "enable", "ci"])
        .expect_stderr("`ci` is enabled already: nothing was changed\n")
        .exit(0);
}

#[test]
fn enable_is_repeated_by_method() {
    let server = listing(&[with("disabled", json!(true))]);
    let put = || method("PUT", "/keys/k1").header("x-api-key", OWN_KEY);
    let open = || put().json(&json!({ "disabled": false }));
    server.expect(open()).answer(server::empty(503));
    server
        .expect(open())
        .answer(server::json(200, &json!({ "id": "k1", "disabled": false })));
    run(&server, &["keys", "enable", "ci"])
        .stderr_has("enabled `ci`\n")
        .exit(0);
}

#[test]
fn set_sends_only_given_fields() {
    let server = listing(&[ci_key()]);
    let mut after = with("limit", json!(25));
    after["expires_at"] = json!("2027-01-31T00:00:00Z");
    server
        .expect(change(
            &json!({ "expires_at": "2027-01-31T00:00:00Z", "limit": 25 }),
        ))
        .answer(server::json(200, &after));
    let args = [
        "keys",
        "set",
        "ci",
        "limit=25",
        "expires=2027-01-31",
        "--json",
        "-q",
    ];
    let shown = run(&server, &args).json();
    assert_eq!(shown["expires_at"], "2027-01-31T00:00:00Z");
    assert_eq!(shown["status"], "active");
    assert_eq!(shown["changed"], json!([]));
}

#[test]
fn set_never_and_null_are_sent() {
    let server = listing(&[with("expires_at", json!("2027-01-31T00:00:00Z"))]);
    server
        .expect(change(&json!({ "expires_at": null, "limit": null })))
        .answer(server::json(200, &with("limit", Value::Null)));
    let args = [
        "keys",
        "set",
        "ci",
        "expires=never",
        "limit=null",
        "--json",
        "-q",
    ];
    let shown = run(&server, &args).json();
    assert_eq!(shown["expires_at"], Value::Null);
    assert_eq!(shown["changed"], json!([]));
}

#[test]
fn set_capped_value_is_warned_about() {
    let server = listing(&[ci_key()]);
    let body = json!({ "name": "deploy", "scopes": ["read"], "limit": 500 });
    let mut after = with("limit", json!(100));
    after["name"] = json!("deploy");
    server
        .expect(change(&body))
        .answer(server::json(200, &after));
    let args = [
        "keys",
        "set",
        "ci",
        "name=deploy",
        "scopes=read",
        "limit=500",
        "--json",
    ];
    let done = run(&server, &args)
        .stderr_has("warning: valve kept a scope: the key still has `write`\n")
        .stderr_has("warning: valve changed `limit`: it is `100`, and `500` was requested\n")
        .stderr_has("changed `ci`\n")
        .json_stdout()
        .exit(0);
    let shown = done.json();
    assert_eq!(shown["name"], "deploy");
    let changed = json!([
        { "field": "limit", "asked": "500", "given": "100" },
        { "field": "scopes", "asked": ["read"], "given": ["read", "write"] },
    ]);
    assert_eq!(shown["changed"], changed);
}

#[test]
fn set_unanswered_values_are_null() {
    let server = listing(&[ci_key()]);
    server
        .expect(change(&json!({ "scopes": ["read"], "count": 7 })))
        .answer(server::empty(204));
    server.expect(list()).answer(server::json(200, &json!([])));
    let args = ["keys", "set", "ci", "scopes=read", "count=7", "--json"];
    let done = run(&server, &args)
        .stderr_has("warning: valve does not say which scopes the key has\n")
        .stderr_has("warning: valve does not say whether it changed `count`\n")
        .stderr_has("changed `ci`\n")
        .json_stdout()
        .exit(0);
    let shown = done.json();
    assert_eq!(shown["scopes"], Value::Null);
    assert_eq!(shown["changed"][1]["given"], Value::Null);
}

#[test]
fn set_same_values_needs_no_call() {
    let server = listing(&[ci_key()]);
    run(&server, &["keys", "set", "ci", "limit=5", "tier=small"])
        .expect_stderr("`ci` has these values already: nothing was changed\n")
        .exit(0);
}

#[test]
fn set_bad_field_sends_nothing() {
    let usage = &["keywright keys set KEY FIELD=VALUE"][..];
    let fields = "fields are: count, expires, limit, name, scopes, tier (small, large)";
    for (args, message, hints) in [
        (
            &["limitt=5"][..],
            "valve cannot change `limitt` of a key",
            &["did you mean `limit`?", fields][..],
        ),
        (&["tier=huge"], "`tier` is one of: small, large", &[]),
        (
            &["count=many"],
            "`count`: `many` is not a whole number",
            &[],
        ),
        (
            &["limit=x"],
            "`limit` must match ^([0-9]+|null)$",
            &["limit: dollars a month"],
        ),
        (&["name=a", "name=b"], "`name` is given twice", usage),
        (&["scopes="], "`scopes` is empty: name at least one", usage),
        (
            &["novalue"],
            "`novalue` is no field: write it as FIELD=VALUE",
            usage,
        ),
        (
            &[],
            "no field given: write each as FIELD=VALUE",
            &["keywright keys set KEY FIELD=VALUE", fields],
        ),
    ] {
        let server = Server::new();
        let args: Vec<&str> = ["keys", "set", "ci"].iter().chain(args).copied().collect();
        run(&server, &args).fails(message, hints).exit(2);
    }
}

#[test]
fn set_forgotten_key_is_explained() {
    let server = Server::new();
    run(&server, &["keys", "set", "limit=5"])
        .stderr_has("no key given: `limit=5` is a field, and the key goes before it")
        .stderr_has("fields are: ")
        .exit(2);
}

const SINGLE_KEY: &str = "fake-key-000000000001";

const ONE_KEY: &str = r#"
manifest = 1
name = "single"
title = "Single"
about = "one key for each user"
checked = "2026-11-28"
one_key = true
servers.api = { url = "https://single.example.com", auth = ["key"] }
credentials.key = { kind = "key", title = "key", in = [{ header = { name = "X-Key" } }] }
limits.max_keys = 1
key = { name = "/name", status = { at = "/active" } }
dashboard = "https://single.example.com/keys"

[operations.list]
via = "status"

[operations.status]
request = { method = "GET", path = "/key" }

[operations.set]
request = { method = "PUT", path = "/key", body = [{ at = "/name", from = "name" }] }

[operations.disable]
manual = { url = "https://single.example.com/keys", steps = ["Open the page.", "Press Disable."] }
"#;

fn single(server: &Server, args: &[&str]) -> Run {
    let home = TestEnv::new();
    home.write("config/providers/single.toml", ONE_KEY);
    home.log_in("single", &server.url(), &[key(SINGLE_KEY)]);
    home.run(args.iter().copied())
}

#[test]
fn only_key_needs_no_name() {
    let server = Server::with(
        get("/key").header("x-key", SINGLE_KEY),
        server::json(200, &json!({ "name": "old", "active": true })),
    );
    server
        .expect(
            method("PUT", "/key")
                .header("x-key", SINGLE_KEY)
                .json(&json!({ "name": "new" })),
        )
        .answer(server::json(200, &json!({ "name": "new", "active": true })));
    let shown = single(&server, &["keys", "set", "name=new", "--json", "-q"]).json();
    assert_eq!(shown["name"], "new");
}

#[test]
fn update_by_hand_shows_steps() {
    let server = Server::new();
    single(&server, &["keys", "disable", "-y"])
        .stderr_has(
            "open: https://single.example.com/keys\n  1. Open the page.\n  2. Press Disable.\n",
        )
        .stderr_has("single has no operation to disable a key: do it by hand")
        .exit(2);
    single(&server, &["keys", "enable"])
        .fails(
            "single cannot enable a key: the manifest has no operation to enable a key",
            &["the dashboard may have it: https://single.example.com/keys"],
        )
        .exit(2);
}

#[test]
fn set_manifest_mistake_is_named() {
    for (from, to, message) in [
        (
            "from = \"name\" }] }\n\n[operations.disable]",
            "from = \"name\" }] }\nparameters = { name = { default = \"x\" } }\n\n[operations.disable]",
            "single.toml:22:operations.set.parameters.name.default: a default would change a field that is not given",
        ),
        (
            "{ at = \"/name\", from = \"name\" }",
            "{ at = \"/name\", value = \"x\" }",
            "the request sends no field of the key",
        ),
    ] {
        let home = TestEnv::new();
        let manifest = ONE_KEY.replace(from, to);
        assert_ne!(manifest, ONE_KEY);
        home.write("config/providers/single.toml", manifest);
        home.run(["providers", "check", "single"])
            .stdout_has(message)
            .stderr_has(message)
            .exit(2);
    }
}
