//! `ElevenLabs`: the word "all" stands where else a list stands, and an update says what it leaves alone.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server;
use crate::support::service::{self, Service};

const OWN: &str = "sk_000000000000000000000000000000000000000000fake01";
const NEW: &str = "sk_000000000000000000000000000000000000000000fake02";

fn service() -> Service {
    service::service("elevenlabs", OWN)
        .auth(|wanted, secret| wanted.header("xi-api-key", secret))
        .keys_at("/v1/service-accounts/sa-1/api-keys")
        .variable("service_account", "sa-1")
}

fn page(keys: &Value) -> Value {
    json!({ "api-keys": keys })
}

fn created() -> Value {
    json!({ "xi-api-key": NEW, "key_id": "k-3" })
}

#[test]
fn create_scope_all_is_string() {
    for (scopes, sent) in [
        (&["all"][..], json!("all")),
        (&["text_to_speech"], json!(["text_to_speech"])),
        (
            &["text_to_speech", "voices_read"],
            json!(["text_to_speech", "voices_read"]),
        ),
    ] {
        service()
            .lists(page(&json!([])))
            .creates(&json!({ "name": "ci", "permissions": sent }), created())
            // The answer leaves out what the key may do, and the list tells it.
            .lists(page(
                &json!([{ "key_id": "k-3", "name": "ci", "permissions": scopes }]),
            ))
            .run("keys create ci")
            .args(scopes.iter().flat_map(|scope| ["--scope", scope]))
            .expect_stdout(format!("{NEW}\n"))
            .expect_stderr(messages::shown_once("ci"))
            .exit(0);
    }
}

#[test]
fn rename_keeps_other_key_fields() {
    let body = json!({
        "name": "deploy", "is_enabled": "no_update", "permissions": "no_update", "character_limit": "no_update",
        "allowed_ips": "no_update", "third_party_disable_allowed": "no_update",
    });
    service()
        .lists(page(
            &json!([{ "key_id": "k-1", "name": "ci", "hint": "ab12", "is_disabled": false }]),
        ))
        .patch(
            "/v1/service-accounts/sa-1/api-keys/k-1",
            &body,
            server::text(200, ""),
        )
        .run("keys rename ci deploy")
        .expect_stderr("renamed `ci` to `deploy`\n")
        .exit(0);
}

#[test]
fn rotate_null_permissions_sends_all() {
    let key = |id| page(&json!([{ "key_id": id, "name": "ci", "permissions": null }]));
    service()
        .lists(key("k-1"))
        .creates(&json!({ "name": "ci", "permissions": "all" }), created())
        .lists(key("k-3"))
        .verifies(NEW, "/v1/user", json!({ "user_id": "u-2" }))
        .revokes("k-1", json!({ "status": "ok" }))
        .rotate("ci")
        .expect_stderr(messages::delivered("file:[home]/work/new.key") + &messages::replaced("ci"))
        .exit(0);
}

#[test]
fn rotate_keeps_limit_and_addresses() {
    let old = json!([{
        "key_id": "k-1", "name": "ci", "hint": "ab12", "is_disabled": false, "permissions": ["text_to_speech"],
        "character_limit": 1000, "allowed_ips": ["192.0.2.0/24", "198.51.100.1/32"],
    }]);
    let body = json!({
        "name": "ci", "permissions": ["text_to_speech"], "character_limit": 1000,
        "allowed_ips": ["192.0.2.0/24", "198.51.100.1/32"],
    });
    let new = json!([{ "key_id": "k-3", "name": "ci", "permissions": ["text_to_speech"], "character_limit": 500 }]);
    service()
        .lists(page(&old))
        .creates(&body, created())
        .lists(page(&new))
        .verifies(NEW, "/v1/user", json!({ "user_id": "u-2" }))
        .revokes("k-1", json!({ "status": "ok" }))
        .rotate("ci")
        .stderr_has("warning: elevenlabs changed `character_limit`: it is `500`, and `1000` was requested\n")
        .exit(0);
}

#[test]
fn login_single_service_account_is_selected() {
    let service = service();
    let accounts = json!({ "service-accounts": [{ "service_account_user_id": "sa-1", "name": "ci", "api-keys": [] }] });
    service
        .get("/v1/user", json!({ "user_id": "u-1" }))
        .get("/v1/service-accounts", accounts);
    service
        .login("--with-key")
        .stdin(OWN)
        .stderr_has("service account: sa-1\n")
        .exit(0);
}

#[test]
fn verify_distinguishes_restricted_from_invalid() {
    for (status, code, word, exit) in [
        (401, "missing_permissions", "restricted", 4),
        (401, "invalid_api_key", "invalid", 3),
        (400, "invalid_api_key", "invalid", 3),
    ] {
        let refusal = json!({ "detail": { "status": code, "message": "no" } });
        service()
            .get("/v1/user", (status, refusal))
            .run("keys verify")
            .expect_stdout(format!("{word}\n"))
            .exit(exit);
    }
}

#[test]
fn create_validation_error_is_reported() {
    let refusal = json!({ "detail": [{ "loc": ["body", "permissions", 0], "msg": "unexpected value", "type": "enum" }] });
    let body = json!({ "name": "ci", "permissions": ["singing"] });
    service()
        .lists(page(&json!([])))
        .creates(&body, (422, refusal))
        .run("keys create ci --scope singing")
        .stderr_has("unexpected value")
        .exit(1);
}
