//! `SendGrid`: 403 means four things, and a key without scopes may do everything.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server::get;
use crate::support::service::{self, Service};

const OWN: &str = "SG.fakefakefakefakefake01.fakefakefakefakefakefakefakefakefakefake001";
const NEW: &str = "SG.fakefakefakefakefake02.fakefakefakefakefakefakefakefakefakefake002";

fn service() -> Service {
    service::service("sendgrid", OWN).keys_at("/v3/api_keys")
}

fn refusal(message: &str) -> (u16, Value) {
    (
        403,
        json!({ "errors": [{ "field": null, "message": message }] }),
    )
}

fn page(count: usize) -> Value {
    let keys: Vec<Value> = (1..=count)
        .map(|number| json!({ "api_key_id": format!("k-{number}"), "name": format!("mail {number}") }))
        .collect();
    json!({ "result": keys })
}

#[test]
fn verify_forbidden_is_restricted() {
    let (_, refused) = refusal("access forbidden");
    for (status, body, word, code) in [
        (200, json!({ "scopes": ["mail.send"] }), "valid", 0),
        (403, refused.clone(), "restricted", 4),
        (401, refused, "invalid", 3),
    ] {
        service()
            .get("/v3/scopes", (status, body))
            .run("keys verify")
            .expect_stdout(format!("{word}\n"))
            .exit(code);
    }
}

#[test]
fn create_beyond_quota_is_refused() {
    let service = service();
    let body = json!({ "name": "mail" });
    service
        .lists(page(100))
        .run("keys create mail")
        .stderr_has("100 of 100 keys are in use")
        .exit(6);
    service
        .lists(page(1))
        .creates(&body, refusal("Cannot create more than 100 API Keys"))
        .run("keys create mail")
        .stderr_has("Cannot create more than 100 API Keys")
        .stderr_has("revoke one first")
        .exit(6);
    service
        .lists(page(1))
        .creates(&body, refusal("access forbidden"))
        .run("keys create mail")
        .stderr_has("api_keys.create")
        .exit(4);
}

#[test]
fn show_unwraps_single_element_list() {
    let key = json!({ "api_key_id": "k-2", "name": "mail 2", "scopes": ["mail.send"] });
    let shown = service()
        .lists(page(2))
        .shows("k-2", json!({ "result": [key] }))
        .run("keys show --json")
        .args(["mail 2"])
        .json();
    assert_eq!(shown["scopes"], json!(["mail.send"]));
}

#[test]
fn rotate_copies_old_key_scopes() {
    let service = service().logged_in();
    let scopes = json!(["mail.send", "alerts.read"]);
    let old = json!({ "api_key_id": "k-2", "name": "mail 2", "scopes": scopes });
    let new = json!({ "api_key": NEW, "api_key_id": "k-3", "name": "mail 2", "scopes": scopes });
    service
        .lists(page(2))
        .shows("k-2", json!({ "result": [old] }))
        .creates(&json!({ "name": "mail 2", "scopes": scopes }), (201, new));
    // The old secret is not known here, and so the list decides.
    for _ in 0..2 {
        service
            .on_as(NEW, get("/v3/scopes"), refusal("access forbidden"))
            .lists(page(3));
    }
    service
        .revokes("k-2", 204)
        .rotate("mail 2")
        .stderr_has(messages::NEW_KEY_RESTRICTED)
        .exit(0);
    service.assert_delivered(NEW);
}

#[test]
fn list_subuser_sends_header() {
    let wanted = get("/v3/api_keys").header("on-behalf-of", "shop");
    service()
        .variable("on_behalf_of", "shop")
        .on(wanted, json!({ "result": [] }))
        .run("keys list --json")
        .expect_json(json!([]))
        .exit(0);
}
