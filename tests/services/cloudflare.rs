//! Cloudflare: an update sends the whole token back, and a roll answers with the secret itself.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server::get;
use crate::support::service::{self, Service};

const OWN: &str = "fake-cloudflare-own-00000000000000000001";
const NEW: &str = "fake-cloudflare-new-00000000000000000001";
const TOKEN: &str = "/user/tokens/t1";
const VERIFICATION: &str = "/user/tokens/verify";

fn service() -> Service {
    service::service("cloudflare", OWN).keys_at("/user/tokens?per_page=50&page=1")
}

fn good(result: &Value) -> Value {
    json!({ "success": true, "errors": [], "messages": [], "result": result })
}

fn token() -> Value {
    json!({
        "id": "t1", "name": "dns", "status": "active", "issued_on": "2026-01-01T00:00:00Z",
        "expires_on": "2027-01-01T00:00:00Z", "condition": { "request_ip": { "in": ["192.0.2.0/24"] } },
        "policies": [{
            "id": "p1", "effect": "allow", "permission_groups": [{ "id": "g1" }],
            "resources": { "com.cloudflare.api.account.zone.*": "*" },
        }],
    })
}

fn page() -> Value {
    json!({ "success": true, "result": [token()], "result_info": { "page": 1, "total_count": 1 } })
}

#[test]
fn rename_keeps_other_token_fields() {
    let renamed = json!({
        "name": "edge", "status": "active", "policies": token()["policies"], "condition": token()["condition"],
        "expires_on": "2027-01-01T00:00:00Z",
    });
    let answer = good(&json!({ "id": "t1", "name": "edge" }));
    service()
        .lists(page())
        .get(TOKEN, good(&token()))
        .put(TOKEN, &renamed, answer)
        .run("keys rename dns edge")
        .expect_stderr("renamed `dns` to `edge`\n")
        .exit(0);
}

#[test]
fn rename_unreadable_token_writes_nothing() {
    let failed = json!({ "success": false, "errors": [{ "code": 1001, "message": "not now" }], "result": null });
    service()
        .lists(page())
        .get(TOKEN, failed)
        .run("keys rename dns edge")
        .stderr_has("not now")
        .exit(1);
}

#[test]
fn roll_result_string_is_secret() {
    let service = service().logged_in();
    let active = |id| good(&json!({ "id": id, "status": "active" }));
    service
        .lists(page())
        .put("/user/tokens/t1/value", &json!({}), good(&json!(NEW)))
        .on_as(NEW, get(VERIFICATION), active("t1"))
        // The service is asked afterwards if it was the one that was used.
        .get(VERIFICATION, active("t9"))
        .rotate("dns")
        .expect_stderr(messages::delivered("file:[home]/work/new.key") + &messages::rotated("dns"))
        .exit(0);
    service.assert_delivered(NEW);
    assert_eq!(service.stored().as_deref(), Some(OWN));
}

#[test]
fn roll_own_token_updates_login() {
    let service = service().logged_in();
    let active = good(&json!({ "id": "t1", "status": "active" }));
    let unknown =
        json!({ "success": false, "errors": [{ "code": 1000, "message": "Invalid API Token" }] });
    service
        .lists(page())
        .put("/user/tokens/t1/value", &json!({}), good(&json!(NEW)))
        .on_as(NEW, get(VERIFICATION), active)
        .get(VERIFICATION, (401, unknown))
        .rotate("dns")
        .stderr_has(&messages::rotated("dns"))
        .exit(0);
    assert_eq!(service.stored().as_deref(), Some(NEW));
}

#[test]
fn create_policies_must_be_json() {
    let policies =
        r#"[{"effect":"allow","permission_groups":[{"id":"g1"}],"resources":{"r":"*"}}]"#;
    let body = json!({
        "name": "edge",
        "policies": [{ "effect": "allow", "permission_groups": [{ "id": "g1" }], "resources": { "r": "*" } }],
    });
    let created = json!({ "id": "t3", "name": "edge", "status": "active", "value": NEW });
    let service = service();
    service
        .lists(page())
        .creates(&body, good(&created))
        .run(&format!("keys create edge --set policies={policies}"))
        .expect_stdout(format!("{NEW}\n"))
        .expect_stderr(messages::shown_once("edge"))
        .exit(0);
    service
        .run("keys create dns")
        .stderr_has("policies")
        .exit(2);
    service
        .run("keys create dns --set policies=everything")
        .stderr_has("error: `policies` must match (?s)^\\s*\\[.*\\]\\s*$\n")
        .exit(2);
}

#[test]
fn verify_reports_token_status() {
    for (status, word, code) in [
        ("active", "valid (t1)\n", 0),
        ("disabled", "disabled\n", 3),
        ("expired", "expired\n", 3),
    ] {
        service()
            .get(VERIFICATION, good(&json!({ "id": "t1", "status": status })))
            .run("keys verify")
            .expect_stdout(word)
            .exit(code);
    }
}
