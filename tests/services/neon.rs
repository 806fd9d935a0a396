//! Neon: a revocation is believed when the answer says so, and a key of one project stays one.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server::get;
use crate::support::service;

const OWN: &str = "napi_fake000000000000000000000000000001";
const NEW: &str = "napi_fake000000000000000000000000000002";

fn item(id: u64, name: &str) -> Value {
    json!({
        "id": id, "name": name, "created_at": "2026-10-21T12:00:00Z",
        "created_by": { "id": "u-1", "name": "Ada", "image": "" },
        "last_used_at": "2026-11-19T12:00:00Z", "last_used_from_addr": "192.0.2.1",
    })
}

#[test]
fn show_finds_listed_key_by_id() {
    let shown = service("neon", OWN)
        .get("/api_keys", json!([item(7, "ci"), item(8, "laptop")]))
        .run("keys show 8 --json")
        .json();
    assert_eq!(shown["name"], "laptop");
    assert_eq!(shown["last_used_at"], "2026-11-19T12:00:00Z");
}

#[test]
fn revoke_unconfirmed_response_fails() {
    for (revoked, said, code) in [
        (true, "revoked `ci`\n", 0),
        (false, "error: neon refused to revoke a key", 1),
    ] {
        service("neon", OWN)
            .keys_at("/api_keys")
            .lists(json!([item(7, "ci")]))
            .revokes("7", json!({ "id": 7, "name": "ci", "revoked": revoked }))
            .run("keys revoke ci -y")
            .stderr_has(said)
            .exit(code);
    }
}

#[test]
fn rotate_project_key_stays_in_project() {
    let keys = "/organizations/org-1/api_keys";
    let service = service("neon-org", OWN)
        .keys_at(keys)
        .variable("org", "org-1")
        .logged_in();
    let mut old = item(7, "shop");
    old["project_id"] = json!("shop-1");
    let created = json!({ "id": 9, "key": NEW, "name": "shop", "project_id": "shop-1" });
    let not_allowed = (403, json!({ "code": "", "message": "not allowed" }));
    service.lists(json!([old])).creates(
        &json!({ "key_name": "shop", "project_id": "shop-1" }),
        created,
    );
    // It may not see the keys of the organisation. The old secret is not known here, and so the list decides, before
    // the key is delivered and before the old one is revoked.
    for _ in 0..2 {
        service
            .on_as(NEW, get(keys), not_allowed.clone())
            .lists(json!([old, item(9, "shop")]));
    }
    service
        .revokes("7", json!({ "id": 7, "revoked": true }))
        .rotate("shop")
        .stderr_has(messages::NEW_KEY_RESTRICTED)
        .exit(0);
    service.assert_delivered(NEW);
}
