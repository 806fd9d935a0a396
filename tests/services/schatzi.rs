//! Schatzi: keys are managed with a JWT, five at most.

use serde_json::{Value, json};

use crate::support::fake::{SCHATZI_KEY, jwt};
use crate::support::home::{key, token};
use crate::support::messages;
use crate::support::server::{Answer, get, post};
use crate::support::service::{self, Service};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";
const CREATE: &str = "/api/v1/accounts/user/api-keys/create/";

/// Returns the service that takes a JWT.
fn service() -> Service {
    service::service("schatzi", jwt("schatzi", 3600))
        .token(3600)
        .keys_at(KEYS)
}

/// Returns the service that takes a key.
fn service_for_calls() -> Service {
    service::service("schatzi", SCHATZI_KEY)
}

/// A key as the service lists it.
fn listed(id: &str, name: &str) -> Value {
    json!({
        "id": id,
        "name": name,
        "key": format!("sk-***...{id}00"),
        "is_active": true,
        "created_at": "2026-01-02T03:04:05Z",
        "last_used_at": "2026-11-19T12:00:00Z",
        "usage": { "total_requests": 1200, "total_cost_chf": "3.40", "requests_last_30_days": 80 },
    })
}

/// The same key as every service's keys are shown.
fn shown(id: &str, name: &str) -> Value {
    json!({
        "provider": "schatzi",
        "profile": "schatzi",
        "id": id,
        "name": name,
        "masked": format!("sk-***...{id}00"),
        "status": "active",
        "scopes": null,
        "created_at": "2026-01-02T03:04:05Z",
        "expires_at": null,
        "last_used_at": "2026-11-19T12:00:00Z",
        "rotated_at": null,
        "usage": { "requests": 1200, "requests_30d": 80, "cost": 3.4, "currency": "CHF" },
    })
}

/// Returns the service that lists these keys once.
fn with_keys(keys: &[Value]) -> Service {
    let service = service();
    service.lists(json!(keys));
    service
}

/// Returns the service that answers one list so.
fn answering(answer: impl Into<Answer>) -> Service {
    let service = service();
    service.lists(answer);
    service
}

fn full() -> Vec<Value> {
    (1..=5)
        .map(|number| listed(&format!("k{number}"), "full"))
        .collect()
}

#[test]
fn list_json_includes_usage() {
    with_keys(&[listed("k1", "backend"), listed("k2", "laptop")])
        .run("keys list --json")
        .expect_json(json!([shown("k1", "backend"), shown("k2", "laptop")]))
        .exit(0);
}

#[test]
fn list_wrapped_in_object_is_read() {
    for field in ["results", "api_keys", "keys", "data", "items"] {
        answering(json!({ "count": 1, field: [listed("k1", "backend")] }))
            .run("keys --json")
            .expect_json(json!([shown("k1", "backend")]))
            .exit(0);
    }
}

#[test]
fn show_fetches_key_details() {
    with_keys(&[listed("k1", "backend"), listed("k2", "laptop")])
        .get("/api/v1/accounts/user/api-keys/k2/", listed("k2", "laptop"))
        .run("keys show laptop --json")
        .expect_json(shown("k2", "laptop"))
        .exit(0);
}

#[test]
fn rename_updates_key_name() {
    with_keys(&[listed("k1", "backend")])
        .patch(
            "/api/v1/accounts/user/api-keys/k1/update/",
            &json!({ "name": "Prod" }),
            json!({ "id": "k1", "name": "Prod" }),
        )
        .run("keys rename k1 Prod")
        .expect_stderr("renamed `backend` to `Prod`\n")
        .exit(0);
}

#[test]
fn revoke_sends_empty_body() {
    with_keys(&[listed("k1", "backend")])
        .on(
            post("/api/v1/accounts/user/api-keys/k1/revoke/"),
            json!({ "message": "revoked" }),
        )
        .run("keys revoke backend --yes")
        .expect_stderr(messages::revoked("backend"))
        .exit(0);
}

#[test]
fn revoke_encodes_id_in_path() {
    with_keys(&[listed("a/b?c", "odd")])
        .on(
            post("/api/v1/accounts/user/api-keys/a%2Fb%3Fc/revoke/"),
            204,
        )
        .run("keys revoke odd -y")
        .expect_stderr(messages::revoked("odd"))
        .exit(0);
}

#[test]
fn create_stdout_has_only_key() {
    let created = json!({ "id": "k2", "name": "ci", "key": SCHATZI_KEY });
    with_keys(&[listed("k1", "backend")])
        .post(CREATE, &json!({ "name": "ci" }), (201, created))
        .run("keys create ci")
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .expect_stderr(messages::shown_once("ci"))
        .exit(0);
}

#[test]
fn create_at_limit_is_refused() {
    with_keys(&full())
        .run("keys create sixth")
        .fails(messages::ALL_KEYS_IN_USE, &[messages::REVOKE_ONE_FIRST])
        .exit(6);
}

#[test]
fn create_inactive_key_is_uncounted() {
    let mut keys = full();
    keys[2]["is_active"] = json!(false);
    let created = json!({ "id": "k6", "key": SCHATZI_KEY });
    with_keys(&keys)
        .post(CREATE, &json!({ "name": "fifth" }), (201, created))
        .run("keys create fifth")
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .stderr_has("`fifth`")
        .exit(0);
}

#[test]
fn status_counts_keys_toward_limit() {
    with_keys(&[listed("k1", "backend"), listed("k2", "laptop")])
        .run("keys status --json")
        .expect_json(json!({ "has_key": true, "key": null, "limit": 5, "used": 2 }))
        .exit(0);
    with_keys(&[])
        .run("keys status")
        .expect_stdout("there is no key at schatzi (0 of 5 in use)\n")
        .exit(0);
}

#[test]
fn create_unsupported_flags_send_nothing() {
    let service = service();
    for (flags, what) in [
        ("--scope read", "`--scope`"),
        ("--expires 90d", "`--expires`"),
        ("--set color=red", "`--set color=…`"),
    ] {
        service
            .run(&format!("keys create ci {flags}"))
            .fails(&format!("schatzi cannot honour {what} for a new key"), &[])
            .exit(2);
    }
    service
        .run("keys create")
        .fails(messages::NAME_REQUIRED, &["keywright keys create NAME"])
        .exit(2);
}

#[test]
fn create_expires_never_sends_no_expiry() {
    let created = json!({ "id": "k1", "key": SCHATZI_KEY });
    with_keys(&[])
        .post(CREATE, &json!({ "name": "ci" }), (201, created))
        .run("keys create ci --expires never -q")
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .expect_stderr(messages::shown_once("ci"))
        .exit(0);
}

#[test]
fn verify_key_lists_models() {
    for (status, body, word, code) in [
        (200, json!({ "data": [] }), "valid", 0),
        (
            403,
            json!({ "error": { "message": "Forbidden", "type": "forbidden" } }),
            "invalid",
            3,
        ),
        (
            402,
            json!({ "error": { "message": "Active subscription required", "type": "subscription_required" } }),
            "blocked",
            4,
        ),
    ] {
        service_for_calls()
            .get("/v1/models", (status, body))
            .run("keys verify --json")
            .expect_json(json!({ "result": word, "status_code": status, "identity": null }))
            .exit(code);
    }
}

#[test]
fn verify_token_lists_keys() {
    with_keys(&[])
        .run("keys verify --json")
        .expect_json(json!({ "result": "valid", "status_code": 200, "identity": "schatzi" }))
        .exit(0);
}

#[test]
fn verify_named_key_uses_list() {
    let mut off = listed("k2", "laptop");
    off["is_active"] = json!(false);
    for (key, result, code) in [("backend", "valid", 0), ("laptop", "invalid", 3)] {
        with_keys(&[listed("k1", "backend"), off.clone()])
            .run(&format!("keys verify {key} --json"))
            .expect_json(json!({ "result": result, "status_code": null, "identity": key }))
            .exit(code);
    }
}

#[test]
fn list_without_subscription_links_dashboard() {
    let body = json!({ "error": {
        "message": "Active subscription required to access this service",
        "type": "subscription_required",
    }});
    let message = "schatzi refused to list keys: the account has no active subscription";
    let hint = "check your subscription in the dashboard: https://schatziai.ch";
    answering((402, body.clone()))
        .run("keys list")
        .fails(message, &[hint])
        .exit(4);
    answering((402, body))
        .run("keys list --json")
        .fails_as_json(&json!({
            "kind": "forbidden",
            "code": "subscription_required",
            "message": message,
            "hints": [hint],
            "retryable": false,
            "http_status": 402,
            "request_id": null,
        }))
        .exit(4);
}

#[test]
fn list_rejected_token_suggests_new_one() {
    for (status, said) in [
        (
            403,
            "the credential is not accepted: managing keys takes the JWT of a logged-in session",
        ),
        (
            401,
            "the JWT is not accepted: it has expired or is not valid",
        ),
    ] {
        let body = json!({ "error": { "message": "Forbidden", "type": "Forbidden" } });
        answering((status, body))
            .run("keys list")
            .fails(
                &format!("schatzi refused to list keys: {said}"),
                &[messages::PASTE_NEW_TOKEN],
            )
            .exit(3);
    }
}

#[test]
fn call_rejected_key_suggests_new_one() {
    let body = json!({ "error": { "message": "Forbidden", "type": "Forbidden" } });
    service_for_calls()
        .on(
            get("/v1/models").header("accept", "*/*"),
            (403, body.clone()),
        )
        .run("api GET /v1/models")
        .expect_stdout(body.to_string())
        .fails(
            "schatzi refused to answer: the API key is invalid or revoked",
            &["create one and set KEYWRIGHT_API_KEY to it"],
        )
        .exit(3);
}

#[test]
fn create_server_limit_error_conflicts() {
    let refusal = json!({ "error": { "message": "Maximum of 5 API keys reached", "type": "invalid_request" } });
    with_keys(&[])
        .post(CREATE, &json!({ "name": "ci" }), (400, refusal))
        .run("keys create ci")
        .fails(
            "schatzi refused to create a key: Maximum of 5 API keys reached",
            &[messages::REVOKE_ONE_FIRST],
        )
        .exit(6);
}

#[test]
fn key_management_never_uses_api_key() {
    let jwt = jwt("schatzi", 3600);
    service()
        .logged_in_with(&[key(SCHATZI_KEY), token(&jwt, 3600)])
        .lists(json!([]))
        .run("keys")
        .expect_stderr("no keys\n")
        .exit(0);
    service_for_calls()
        .run("keys list")
        .fails(
            "this takes the JWT of schatzi, and KEYWRIGHT_API_KEY holds none",
            &[
                "set KEYWRIGHT_TOKEN",
                "or unset KEYWRIGHT_API_KEY: then what is stored is used",
            ],
        )
        .exit(3);
}
