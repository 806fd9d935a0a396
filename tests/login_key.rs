//! The key that a profile logs in with, at a service whose list shows nothing of secrets.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, delete, get, post};
use crate::user_manifests::{minimal_manifest, then};

const OWN: &str = "fake-own-000000000000000001";
const NEW: &str = "fake-new-000000000000000001";

const HUB: &str = r#"
rotation = { strategy = "overlap" }
operations.create = { request = { method = "POST", path = "/keys", body = [{ at = "/name", from = "name" }] }, response = { secret = "/token" } }
operations.revoke = { request = { method = "DELETE", path = "/keys/{id}" } }
"#;

const VERIFY: &str = r#", verify = { request = { method = "GET", path = "/user" }, response = { identity = "/name", key_id = "/token_id" } } }"#;

fn with(wanted: Wanted, secret: &str) -> Wanted {
    wanted.header("x-api-key", secret)
}

fn listed() -> Value {
    json!([{ "id": "a1", "name": "other" }, { "id": "a4", "name": "mine" }])
}

fn hub() -> (Server, TestEnv) {
    hub_with(&listed(), "")
}

/// A hub whose list is this, and whose keys have these further fields.
fn hub_with(listed: &Value, fields: &str) -> (Server, TestEnv) {
    let server = Server::new();
    let home = TestEnv::new();
    let place = r#"in = [{ header = { name = "X-Api-Key" } }] }"#;
    let with_verify = place.replace("] }", "]") + VERIFY;
    let manifest = minimal_manifest("hub", HUB)
        .replace(place, &with_verify)
        .replace(
            r#"name = "/name" }"#,
            &format!(r#"name = "/name"{fields} }}"#),
        );
    home.write("config/providers/hub.toml", manifest);
    home.log_in("hub", &server.url(), &[key(OWN)]);
    then(&server, with(get("/keys"), OWN), server::json(200, listed));
    (server, home)
}

fn whose(server: &Server, secret: &str, id: &str) {
    let answer = json!({ "name": "ada", "token_id": id });
    then(
        server,
        with(get("/user"), secret),
        server::json(200, &answer),
    );
}

fn rotate(home: &TestEnv, name: &str) -> Run {
    home.run(["keys", "rotate", name, "-y", "--to", "file:new.key"])
}

fn made(server: &Server, name: &str) {
    let wanted = with(post("/keys"), OWN).json(&json!({ "name": name }));
    let answer = json!({ "id": "a9", "name": name, "token": NEW });
    then(server, wanted, server::json(201, &answer));
    whose(server, NEW, "a9");
}

#[test]
fn rotate_own_key_updates_login() {
    let (server, home) = hub();
    whose(&server, OWN, "a4");
    made(&server, "mine");
    whose(&server, NEW, "a9");
    then(&server, with(delete("/keys/a4"), NEW), server::empty(204));
    rotate(&home, "mine")
        .stderr_has(&messages::login_follows("hub"))
        .exit(0);
    assert_eq!(home.kept("hub", "key").as_deref(), Some(NEW));
}

#[test]
fn rotate_short_hint_updates_login() {
    let keys = json!([
        { "id": "a1", "name": "other", "hint": "fak…001" },
        { "id": "a4", "name": "mine", "hint": "fak…001" },
    ]);
    let (server, home) = hub_with(&keys, r#", masked = "/hint""#);
    whose(&server, OWN, "a4");
    made(&server, "mine");
    whose(&server, NEW, "a9");
    then(&server, with(delete("/keys/a4"), NEW), server::empty(204));
    rotate(&home, "mine")
        .stderr_has(&messages::login_follows("hub"))
        .exit(0);
    assert_eq!(home.kept("hub", "key").as_deref(), Some(NEW));
}

#[test]
fn rotate_other_key_keeps_login() {
    let (server, home) = hub();
    whose(&server, OWN, "a4");
    made(&server, "other");
    whose(&server, NEW, "a9");
    then(&server, with(delete("/keys/a1"), OWN), server::empty(204));
    rotate(&home, "other")
        .stderr_has(&messages::rotated("other"))
        .exit(0);
    assert_eq!(home.kept("hub", "key").as_deref(), Some(OWN));
}

#[test]
fn revoke_own_key_logs_out() {
    let (server, home) = hub();
    whose(&server, OWN, "a4");
    then(&server, with(delete("/keys/a4"), OWN), server::empty(204));
    home.run(["keys", "revoke", "mine", "other-one", "-y"])
        .stderr_has("it was the key of this profile, which is logged out now\n")
        .stderr_has(&messages::no_key("other-one"))
        .exit(5);
    assert_eq!(home.kept("hub", "key"), None);
}

/// A service whose keys are an id and a secret, and whose list shows the ids.
const CLOUD: &str = r#"manifest = 1
name = "cloud"
title = "Cloud"
about = "keys of two halves"
checked = "2026-11-20"
servers.api = { url = "https://api.example.com", auth = ["key"] }
rotation = { strategy = "overlap" }
key = { id = "/id", name = "/name" }
[credentials.key]
kind = "key"
title = "access key"
parts = [{ name = "id" }, { name = "secret" }]
in = [{ header = { name = "X-Key-Id", of = "id" } }, { header = { name = "X-Key-Secret", of = "secret" } }]
[operations]
list = { request = { method = "GET", path = "/keys" } }
create = { request = { method = "POST", path = "/keys" }, response = { secret_parts = { id = "/id", secret = "/secret" } } }
revoke = { request = { method = "DELETE", path = "/keys/{id}" } }
"#;

#[test]
fn rotate_key_pair_updates_login() {
    let server = Server::new();
    let home = TestEnv::new();
    home.write("config/providers/cloud.toml", CLOUD);
    let old = r#"{"id":"FAKEID0001","secret":"fake-secret-0001"}"#;
    home.log_in("cloud", &server.url(), &[key(old)]);
    let with = |wanted: Wanted, number: &str| {
        wanted
            .header("x-key-id", &format!("FAKEID{number}"))
            .header("x-key-secret", &format!("fake-secret-{number}"))
    };
    let listed = json!([{ "id": "FAKEID0009" }, { "id": "FAKEID0001" }]);
    then(
        &server,
        with(get("/keys"), "0001"),
        server::json(200, &listed),
    );
    let made = json!({ "id": "FAKEID0002", "secret": "fake-secret-0002" });
    then(
        &server,
        with(post("/keys"), "0001"),
        server::json(201, &made),
    );
    let listed = json!([{ "id": "FAKEID0009" }, { "id": "FAKEID0001" }, { "id": "FAKEID0002" }]);
    then(
        &server,
        with(get("/keys"), "0002"),
        server::json(200, &listed),
    );
    let gone = with(delete("/keys/FAKEID0001"), "0002");
    then(&server, gone, server::empty(204));
    home.run(["keys", "rotate", "FAKEID0001", "-y"])
        .stderr_has(&messages::login_follows("cloud"))
        .exit(0);
    let kept: Value = serde_json::from_str(&home.kept("cloud", "key").unwrap()).unwrap();
    assert_eq!(kept, made);
}
