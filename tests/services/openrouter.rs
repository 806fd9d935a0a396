//! `OpenRouter`: the secret stands beside the description, and a list leaves out what is not asked for.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::service::{self, Service};

const MANAGEMENT: &str = "sk-or-v1-fake-management-0000000001";
const NEW: &str = "sk-or-v1-fake-new-00000000000000001";

fn service() -> Service {
    service::service("openrouter", MANAGEMENT).keys_at("/keys?include_disabled=true&offset=0")
}

fn no_keys() -> Value {
    json!({ "data": [] })
}

#[test]
fn create_reads_secret_outside_data() {
    let body = json!({ "name": "ci", "expires_at": "2026-12-20T12:00:00Z", "limit": 10, "limit_reset": "monthly" });
    let created = json!({
        "data": { "hash": "b3", "name": "ci", "label": "sk-or-v1-fak...001", "disabled": false, "usage": 0,
            "expires_at": "2026-12-20T12:00:00Z", "limit": 5, "limit_reset": null },
        "key": NEW,
    });
    let new = service()
        .lists(no_keys())
        .creates(&body, (201, created))
        .run("keys create ci --expires 30d --set limit=10 --set limit_reset=monthly --json")
        .expect_stderr(
            "warning: openrouter changed `limit`: it is `5`, and `10` was requested\n\
             warning: openrouter left out `limit_reset`: `monthly` was requested\n",
        )
        .json();
    assert_eq!(new["secret"], NEW);
    assert_eq!(new["id"], "b3");
    assert_eq!(new["masked"], "sk-or-v1-fak...001");
    assert_eq!(new["expires_at"], "2026-12-20T12:00:00Z");
    assert_eq!(
        new["changed"],
        json!([
            { "field": "limit", "asked": "10", "given": "5" },
            { "field": "limit_reset", "asked": "monthly", "given": null },
        ])
    );
    assert_eq!(
        new["usage"],
        json!({ "requests": null, "requests_30d": null, "cost": 0.0, "currency": "USD" })
    );
}

#[test]
fn rotate_keeps_spending_limit() {
    let old = json!({
        "hash": "b2", "name": "ci", "disabled": false, "usage": 3.5, "limit": 10, "limit_remaining": 6.5,
        "limit_reset": "monthly", "include_byok_in_limit": true, "creator_user_id": null,
    });
    let body = json!({ "name": "ci", "limit": 10, "limit_reset": "monthly", "include_byok_in_limit": true });
    service()
        .lists(json!({ "data": [old] }))
        .shows("b2", json!({ "data": old }))
        .creates(
            &body,
            (201, json!({ "data": { "hash": "b3" }, "key": NEW })),
        )
        .verifies(NEW, "/key", json!({ "data": { "label": "new" } }))
        .revokes("b2", json!({ "deleted": true }))
        .rotate("ci")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
}

#[test]
fn create_validates_spend_limit_fields() {
    for (wrong, said) in [
        ("limit=ten", "error: `limit` must match"),
        ("limit=-1", "error: `limit` must match"),
        (
            "limit_reset=hourly",
            "error: `limit_reset` is one of: daily",
        ),
        ("colour=red", "openrouter cannot honour `--set colour=…`"),
    ] {
        service()
            .run(&format!("keys create ci --set {wrong}"))
            .stderr_has(said)
            .exit(2);
    }
}

#[test]
fn list_full_page_fetches_next() {
    let page = |first: usize, count: usize| {
        let keys: Vec<_> = (first..first + count)
            .map(|number| json!({ "hash": format!("h{number}"), "disabled": number == 100, "usage": 0.5 }))
            .collect();
        json!({ "data": keys })
    };
    let keys = service()
        .lists(page(0, 100))
        .get("/keys?include_disabled=true&offset=100", page(100, 1))
        .run("keys list --json")
        .json();
    assert_eq!(keys.as_array().unwrap().len(), 101);
    assert_eq!(keys[100]["status"], "disabled");
    assert_eq!(keys[0]["usage"]["cost"], 0.5);
}

#[test]
fn create_uses_workspace_variable() {
    let created = json!({ "data": { "hash": "b3" }, "key": NEW });
    service()
        .keys_at("/keys?include_disabled=true&workspace_id=w-1&offset=0")
        .variable("workspace", "w-1")
        .lists(no_keys())
        .creates(
            &json!({ "name": "ci", "workspace_id": "w-1" }),
            (201, created),
        )
        .run("keys create ci")
        .expect_stdout(format!("{NEW}\n"))
        .expect_stderr(messages::shown_once("ci"))
        .exit(0);
}

#[test]
fn list_ordinary_key_names_management_key() {
    let refusal = json!({ "error": { "code": 401, "message": "Invalid management key" } });
    service()
        .lists((401, refusal))
        .run("keys list")
        .stderr_has("Invalid management key")
        .stderr_has("keys are managed with a management key, which you make at")
        .exit(3);
}

#[test]
fn verify_spent_limit_is_blocked() {
    for (limit, remaining, word, code) in [
        (json!(10), json!(-0.02), "blocked\n", 4),
        (json!(null), json!(null), "valid (sk-or-v1-fak...001)\n", 0),
    ] {
        let key =
            json!({ "label": "sk-or-v1-fak...001", "limit": limit, "limit_remaining": remaining });
        service()
            .get("/key", json!({ "data": key }))
            .run("keys verify")
            .expect_stdout(word)
            .exit(code);
    }
}
