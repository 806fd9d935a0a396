//! Anthropic: two kinds of keys, one of which manages the others; nothing is deleted, a key is archived.

use serde_json::{Value, json};

use crate::support::home::{StoredCredential, key};
use crate::support::messages;
use crate::support::server::get;
use crate::support::service::{self, Service};

const ADMIN: &str = "sk-ant-admin01-fake-0000000000000001";
const KEY: &str = "sk-ant-api03-fake-0000000000000000001";
const NEW: &str = "sk-ant-api03-fake-0000000000000000002";
const KEY_1: &str = "/v1/organizations/api_keys/apikey_1";

fn service(secret: &str) -> Service {
    service::service("anthropic", secret)
        .credential("admin")
        .auth(|wanted, secret| {
            wanted
                .header("x-api-key", secret)
                .header("anthropic-version", "2023-06-01")
        })
        .keys_at("/v1/organizations/api_keys?limit=1000")
}

fn listed(status: &str) -> Value {
    json!({
        "id": "apikey_1", "name": "ci", "status": status, "partial_key_hint": "sk-ant-api03-fak...0001",
        "created_at": "2026-01-01T00:00:00Z", "expires_at": null,
    })
}

fn page() -> Value {
    json!({ "data": [listed("active")], "has_more": false, "last_id": "apikey_1" })
}

#[test]
fn revoke_archives_key() {
    let archive = json!({ "status": "archived" });
    service(ADMIN)
        .lists(page())
        .post(KEY_1, &archive, listed("archived"))
        .run("keys revoke ci -y")
        .expect_stderr(messages::revoked("ci"))
        .exit(0);
}

#[test]
fn revoke_still_active_key_fails() {
    let archive = json!({ "status": "archived" });
    service(ADMIN)
        .lists(page())
        .post(KEY_1, &archive, listed("active"))
        .run("keys revoke ci -y")
        .fails(
            "anthropic refused to revoke a key: the answer is not one it should give (HTTP 200)",
            &[],
        )
        .exit(1);
}

#[test]
fn verify_not_found_is_invalid() {
    let missing =
        json!({ "type": "error", "error": { "type": "not_found_error", "message": "Not found" } });
    for (secret, path) in [(ADMIN, "/v1/organizations/me"), (KEY, "/v1/models")] {
        service(secret)
            .get(path, (404, missing.clone()))
            .run("keys verify")
            .expect_stdout("invalid\n")
            .exit(3);
    }
}

#[test]
fn list_ordinary_key_requires_admin_key() {
    service(KEY)
        .run("keys list")
        .stderr_has("admin key")
        .exit(3);
}

#[test]
fn create_manual_key_keeps_admin_login() {
    let admin = StoredCredential {
        credential: "admin",
        ..key(ADMIN)
    };
    let service = service(ADMIN).logged_in_with(&[admin, key(KEY)]);
    service
        .on_as(NEW, get("/v1/models"), json!({ "data": [] }))
        .run("keys create deploy --to file:new.key")
        .stdin(NEW)
        .stderr_has("platform.claude.com/settings/keys")
        .exit(0);
    service.assert_delivered(NEW);
    assert_eq!(service.stored().as_deref(), Some(ADMIN));
}

#[test]
fn manual_rotation_archives_old_key() {
    let archive = json!({ "status": "archived" });
    let service = service(ADMIN).logged_in();
    service
        .lists(page())
        .verifies(NEW, "/v1/models", json!({ "data": [] }))
        .post(KEY_1, &archive, listed("archived"))
        .rotate("ci")
        .stdin(NEW)
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    service.assert_delivered(NEW);
}
