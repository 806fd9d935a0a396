//! The request and its result are compared, and a lifetime stays within the bounds of the service.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, get, post};

const OWN: &str = "fake-own-key-0001";
const NEW: &str = "fake-new-key-0001";

const MANIFEST: &str = r#"manifest = 1
name = "acme"
title = "Acme"
about = "keys with a lifetime, scopes and a tier"
checked = "2026-11-20"
servers.api = { url = "https://api.acme.example.com", auth = ["key"] }
operations.list = { request = { method = "GET", path = "/keys" } }
[credentials.key]
kind = "key"
title = "key"
in = [{ header = { name = "X-Api-Key" } }]
verify = { request = { method = "GET", path = "/me" } }
[rotation]
strategy = "overlap"
[key]
id = "/id"
name = "/name"
scopes = "/scopes"
created_at = { at = "/created", as = "time" }
expires_at = { at = "/expires", as = "time" }
carry_over = { tier = "/tier" }
[operations.create]
parameters = { expires = { min = "1d", max = "90d" }, tier = { choices = ["silver", "gold"] } }
response = { secret = "/key" }
[operations.create.request]
method = "POST"
path = "/keys"
body = [
  { at = "/name", from = "name" },
  { at = "/scopes", from = "scopes" },
  { at = "/expires", from = "expires", as = "rfc3339" },
  { at = "/tier", from = "tier" },
]
[operations.revoke]
request = { method = "DELETE", path = "/keys/{id}" }
"#;

fn with(wanted: Wanted, secret: &str) -> Wanted {
    wanted.header("x-api-key", secret)
}

fn acme() -> (Server, TestEnv) {
    let server = Server::new();
    let home = TestEnv::new();
    home.write("config/providers/acme.toml", MANIFEST);
    home.log_in("acme", &server.url(), &[key(OWN)]);
    (server, home)
}

fn old(created: &str, expires: &Value) -> Value {
    json!({ "id": "k1", "name": "ci", "scopes": ["read"], "created": created, "expires": expires, "tier": "silver" })
}

fn listed(server: &Server, old: &Value) {
    server
        .expect(with(get("/keys"), OWN))
        .answer(server::json(200, &json!([old])));
}

/// Expects a key like `asked`, and answers with one that has `given` beside its id and its secret.
fn made(server: &Server, asked: &Value, given: &Value) {
    let mut answer = json!({ "id": "k2", "name": "ci", "key": NEW });
    let fields = given.as_object().unwrap().clone();
    answer.as_object_mut().unwrap().extend(fields);
    server
        .expect(with(post("/keys"), OWN).json(asked))
        .answer(server::json(201, &answer));
    server
        .expect(with(get("/me"), NEW))
        .answer(server::json(200, &json!({ "user": "ada" })));
}

/// A rotation that ends before the old key is revoked.
fn rotate(home: &TestEnv, args: &[&str]) -> Run {
    let usual = [
        "keys",
        "rotate",
        "ci",
        "-y",
        "--to",
        "file:ci.key",
        "--grace",
        "1d",
    ];
    home.run(usual).args(args)
}

#[test]
fn lifetime_out_of_bounds_is_clamped() {
    const MOST: &str = "2027-02-18T12:00:00Z";
    for (created, expires, asked, why) in [
        ("2026-11-01T12:00:00Z", "2027-01-30T12:00:00Z", MOST, ""),
        (
            "2026-11-01T12:00:00Z",
            "2027-01-30T12:00:01Z",
            MOST,
            "warning: the lifetime of the old key is longer than the service allows: at most 90d; the new key expires on 2027-02-18 12:00 UTC\n",
        ),
        (
            "2026-11-01T12:00:00Z",
            "2027-03-01T12:00:00Z",
            MOST,
            "warning: the lifetime of the old key is longer than the service allows: at most 90d; the new key expires on 2027-02-18 12:00 UTC\n",
        ),
        (
            "2026-11-20T00:00:00Z",
            "2026-11-20T12:30:00Z",
            "2026-11-21T12:00:00Z",
            "warning: the lifetime of the old key is shorter than the service allows: at least 1d; the new key expires on 2026-11-21 12:00 UTC\n",
        ),
    ] {
        let (server, home) = acme();
        listed(&server, &old(created, &json!(expires)));
        let body = json!({ "name": "ci", "scopes": ["read"], "expires": asked, "tier": "silver" });
        made(
            &server,
            &body,
            &json!({ "scopes": ["read"], "expires": asked, "tier": "silver" }),
        );
        let done = rotate(&home, &["--json"])
            .json_stdout()
            .stderr_has(why)
            .exit(0);
        let changed = done.json()["changed"].clone();
        if why.is_empty() {
            assert_eq!(changed, json!([]), "{}", done.stderr);
            assert!(!done.stderr.contains("warning"), "{}", done.stderr);
        } else {
            assert_eq!(changed[0]["field"], "expires_at");
            assert_eq!(changed[0]["given"], asked);
        }
    }
}

#[test]
fn service_changed_fields_are_reported() {
    let (server, home) = acme();
    listed(
        &server,
        &old("2026-11-01T12:00:00Z", &json!("2026-12-31T12:00:00Z")),
    );
    let asked = "2027-01-19T12:00:00Z";
    let body = json!({ "name": "ci", "scopes": ["read"], "expires": asked, "tier": "silver" });
    let given = json!({ "scopes": ["list"], "expires": "2026-11-21T12:00:00Z", "tier": "bronze" });
    made(&server, &body, &given);
    let answer = rotate(&home, &["--json"])
        .stderr_has(
            "warning: acme changed the expiry: the key expires on 2026-11-21 12:00 UTC, and \
             2027-01-19 12:00 UTC was requested\n",
        )
        .stderr_has("warning: acme left out a scope: the new key does not have `read`\n")
        .stderr_has("warning: acme changed `tier`: it is `bronze`, and `silver` was requested\n")
        .stderr_has("warning: the new key has more scopes than were requested: `list`\n")
        .stderr_has(
            "warning: the new key expires on 2026-11-21 12:00 UTC, before the grace of the old \
             one is over: the old one is not revoked then\n",
        )
        .json();
    assert_eq!(
        answer["changed"],
        json!([
            { "field": "expires_at", "asked": asked, "given": "2026-11-21T12:00:00Z" },
            { "field": "scopes", "asked": ["read"], "given": ["list"] },
            { "field": "tier", "asked": "silver", "given": "bronze" },
        ])
    );
}

#[test]
fn resume_repeats_changed_field_warnings() {
    const WARNINGS: [&str; 5] = [
        "warning: the lifetime of the old key is longer than the service allows: at most 90d; the new key expires on 2027-02-18 12:00 UTC\n",
        "warning: acme changed the expiry: the key expires on 2026-11-21 12:00 UTC, and 2027-02-18 12:00 UTC was requested\n",
        "warning: acme left out a scope: the new key does not have `read`\n",
        "warning: the new key has more scopes than were requested: `list`\n",
        "warning: the new key expires on 2026-11-21 12:00 UTC, before the grace of the old one is over: the old one is not revoked then\n",
    ];
    let (server, home) = acme();
    listed(
        &server,
        &old("2026-11-01T12:00:00Z", &json!("2027-03-01T12:00:00Z")),
    );
    let asked = "2027-02-18T12:00:00Z";
    let answer = json!({
        "id": "k2", "name": "ci", "key": NEW, "scopes": ["list"],
        "expires": "2026-11-21T12:00:00Z", "tier": "silver",
    });
    server
        .expect(
            with(post("/keys"), OWN).json(
                &json!({ "name": "ci", "scopes": ["read"], "expires": asked, "tier": "silver" }),
            ),
        )
        .answer(server::json(201, &answer));
    let me = || server.expect(with(get("/me"), NEW));
    me().times(7).answer(server::empty(500));
    rotate(&home, &[])
        .stderr_has(
            "error: acme could not answer: the service cannot answer now (HTTP 500); the old key \
             was not touched\n",
        )
        .exit(10);
    // As if it had been killed: what goes on says what the first run would have said.
    let going_on = [
        &["rotations", "resume", "--json", "-y"][..],
        &["keys", "rotate", "ci", "--json", "-y"],
    ];
    for (number, command) in going_on.into_iter().enumerate() {
        let last = number + 1 == going_on.len();
        let answer = if last {
            server::json(200, &json!({ "user": "ada" }))
        } else {
            server::empty(500)
        };
        me().times(if last { 1 } else { 7 }).answer(answer);
        let mut run = home.run(command).any_stdout();
        for warning in WARNINGS {
            run = run.stderr_has(warning);
        }
        let done = run.exit(if last { 0 } else { 10 });
        if last {
            assert_eq!(
                done.json()["changed"],
                json!([
                    { "field": "expires_at", "asked": "2027-03-20T12:00:00Z", "given": "2026-11-21T12:00:00Z" },
                    { "field": "scopes", "asked": ["read"], "given": ["list"] },
                ])
            );
        }
    }
}

#[test]
fn rotate_unrequested_expiry_warns() {
    let (server, home) = acme();
    listed(&server, &old("2026-11-01T12:00:00Z", &Value::Null));
    let body = json!({ "name": "ci", "scopes": ["read"], "tier": "silver" });
    let given = json!({ "scopes": ["read"], "expires": "2026-11-27T12:00:00Z", "tier": "silver" });
    made(&server, &body, &given);
    rotate(&home, &[])
        .stderr_has(
            "warning: acme changed the expiry: the key expires on 2026-11-27 12:00 UTC, and none \
             was requested\n",
        )
        .exit(0);
}

#[test]
fn rotate_flags_define_new_key() {
    let flags = [
        "--scope",
        "write",
        "--scope",
        "list",
        "--expires",
        "30d",
        "--set",
        "tier=gold",
    ];
    let (server, home) = acme();
    listed(&server, &old("2026-11-01T12:00:00Z", &Value::Null));
    let answer = home
        .run(["keys", "rotate", "ci", "--plan", "--json"])
        .args(flags)
        .json();
    assert_eq!(
        answer["asked"],
        json!({ "name": "ci", "scopes": ["write", "list"], "expires_at": "2026-12-20T12:00:00Z", "set": { "tier": "gold" } })
    );
    listed(&server, &old("2026-11-01T12:00:00Z", &Value::Null));
    home.run(["keys", "rotate", "ci", "--plan"])
        .args(flags)
        .stdout_has("scopes    write, list\nexpires   2026-12-20T12:00:00Z\nset       tier=gold\n")
        .exit(0);
    listed(&server, &old("2026-11-01T12:00:00Z", &Value::Null));
    let given =
        json!({ "scopes": ["write", "list"], "expires": "2026-12-20T12:00:00Z", "tier": "gold" });
    let body = json!({
        "name": "ci", "scopes": ["write", "list"], "expires": "2026-12-20T12:00:00Z", "tier": "gold",
    });
    made(&server, &body, &given);
    rotate(&home, &flags)
        .stderr_has(&messages::delivered("file:[home]/work/ci.key"))
        .exit(0);
    // It is under way now: what the key is can no longer be said.
    for flag in [
        ["--scope", "read"],
        ["--expires", "1d"],
        ["--set", "tier=gold"],
    ] {
        rotate(&home, &flag)
            .stderr_has(&format!(
                "is unfinished, and `{}` comes too late for its new key\n",
                flag[0]
            ))
            .exit(6);
    }
}

#[test]
fn rotate_unsupported_flag_creates_nothing() {
    for (flag, said) in [
        (
            ["--expires", "91d"],
            "`expires` is out of bounds: at least 1d, at most 90d\n",
        ),
        (
            ["--expires", "never"],
            "`expires` cannot be `never` here: at most 90d\n",
        ),
        (["--expires", "soon"], "`soon` is not an expiry\n"),
        (
            ["--set", "colour=red"],
            "acme cannot honour `--set colour=…` for a new key\n",
        ),
        (["--set", "tier=bronze"], "`tier` is one of: silver, gold\n"),
    ] {
        let (server, home) = acme();
        if flag[1] != "soon" {
            listed(&server, &old("2026-11-01T12:00:00Z", &Value::Null));
        }
        rotate(&home, &flag).stderr_has(said).exit(2);
    }
}
