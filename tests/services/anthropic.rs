//! Anthropic: two kinds of keys, one of which manages the others; nothing is deleted, a key is archived.

use serde_json::{Value, json};

use crate::support::home::{StoredCredential, TestEnv, key};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, get, post};

const ADMIN: &str = "sk-ant-admin01-fake-0000000000000001";
const KEY: &str = "sk-ant-api03-fake-0000000000000000001";
const NEW: &str = "sk-ant-api03-fake-0000000000000000002";

fn with(wanted: Wanted, secret: &str) -> Wanted {
    wanted
        .header("x-api-key", secret)
        .header("anthropic-version", "2023-06-01")
}

fn listed() -> Value {
    json!({
        "id": "apikey_1", "name": "ci", "status": "active", "partial_key_hint": "sk-ant-api03-fak...0001",
        "created_at": "2026-01-01T00:00:00Z", "expires_at": null,
    })
}

fn listing(secret: &str) -> Wanted {
    with(get("/v1/organizations/api_keys?limit=1000"), secret)
}

fn page() -> server::Answer {
    server::json(
        200,
        &json!({ "data": [listed()], "has_more": false, "last_id": "apikey_1" }),
    )
}

fn run(server: &Server, args: &[&str]) -> Run {
    ci("anthropic", server, args).key(ADMIN)
}

#[test]
fn a_revoked_key_is_archived() {
    let server = Server::with(listing(ADMIN), page());
    let mut archived = listed();
    archived["status"] = json!("archived");
    server
        .expect(
            with(post("/v1/organizations/api_keys/apikey_1"), ADMIN)
                .json(&json!({ "status": "archived" })),
        )
        .answer(server::json(200, &archived));
    run(&server, &["keys", "revoke", "ci", "-y"])
        .expect_stderr("revoked `ci`\n")
        .exit(0);
}

#[test]
fn a_key_that_stays_active_was_not_revoked() {
    let server = Server::with(listing(ADMIN), page());
    server
        .expect(
            with(post("/v1/organizations/api_keys/apikey_1"), ADMIN)
                .json(&json!({ "status": "archived" })),
        )
        .answer(server::json(200, &listed()));
    run(&server, &["keys", "revoke", "ci", "-y"])
        .any_stderr()
        .exit(1);
}

#[test]
fn a_key_that_is_not_found_is_invalid() {
    let missing =
        json!({ "type": "error", "error": { "type": "not_found_error", "message": "Not found" } });
    for (secret, path) in [(ADMIN, "/v1/organizations/me"), (KEY, "/v1/models")] {
        let server = Server::with(with(get(path), secret), server::json(404, &missing));
        ci("anthropic", &server, ["keys", "verify"])
            .key(secret)
            .expect_stdout("invalid\n")
            .exit(3);
    }
}

#[test]
fn an_ordinary_key_alone_does_not_manage_keys() {
    ci("anthropic", &Server::new(), ["keys", "list"])
        .key(KEY)
        .stderr_has("admin key")
        .exit(3);
}

#[test]
fn a_new_key_is_made_by_hand_and_is_no_admin_key() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in(
        "anthropic",
        &server.url(),
        &[
            StoredCredential {
                credential: "admin",
                ..key(ADMIN)
            },
            key(KEY),
        ],
    );
    server
        .expect(with(get("/v1/models"), NEW))
        .answer(server::json(200, &json!({ "data": [] })));
    home.run(["keys", "create", "deploy", "--to", "file:deploy.key"])
        .stdin(NEW)
        .stderr_has("platform.claude.com/settings/keys")
        .exit(0);
    assert_eq!(home.read("work/deploy.key"), Some(format!("{NEW}\n")));
    assert_eq!(home.kept("anthropic", "admin").as_deref(), Some(ADMIN));
}

#[test]
fn a_rotation_by_hand_archives_the_old_key_with_the_admin_key() {
    let server = Server::with(listing(ADMIN), page());
    let home = TestEnv::new();
    home.log_in(
        "anthropic",
        &server.url(),
        &[StoredCredential {
            credential: "admin",
            ..key(ADMIN)
        }],
    );
    server
        .expect(with(get("/v1/models"), NEW))
        .times(2)
        .answer(server::json(200, &json!({ "data": [] })));
    let mut archived = listed();
    archived["status"] = json!("archived");
    server
        .expect(
            with(post("/v1/organizations/api_keys/apikey_1"), ADMIN)
                .json(&json!({ "status": "archived" })),
        )
        .answer(server::json(200, &archived));
    home.run(["keys", "rotate", "ci", "-y", "--to", "file:ci.key"])
        .stdin(NEW)
        .any_stderr()
        .exit(0);
    assert_eq!(home.read("work/ci.key"), Some(format!("{NEW}\n")));
}
