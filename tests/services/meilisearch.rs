//! Meilisearch: lists and answers hold the secrets of all keys, and none of them is ever shown.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::service::{self, Service};

const MASTER: &str = "fake-master-key-0000000000000001";
const SECRET: &str = "fake0b41536279a0ad88bd595327b96f";
const NEW: &str = "fakenew0000000000000000000000002";
const UID: &str = "01b4bc42-eb33-4041-b481-254d00cce834";

fn service() -> Service {
    service::service("meilisearch", MASTER)
        .credential("admin")
        .keys_at("/keys?limit=100&offset=0")
        .variable("host", "search.example.com")
}

fn item() -> Value {
    json!({
        "uid": UID, "key": SECRET, "name": "shop", "description": null, "actions": ["search"],
        "indexes": ["products", "pages"], "expiresAt": null, "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z",
    })
}

fn page() -> (u16, Value) {
    (
        202,
        json!({ "results": [item()], "offset": 0, "limit": 100, "total": 1 }),
    )
}

#[test]
fn list_and_show_hide_secrets() {
    for more in [&[][..], &["--json"], &["-v"]] {
        for command in ["keys show shop", "keys list"] {
            let service = service();
            service.lists(page());
            if command != "keys list" {
                service.shows(UID, item());
            }
            service
                .run(command)
                .args(more)
                .stdout_has("shop")
                .any_stderr()
                .hides(SECRET)
                .hides(MASTER)
                .exit(0);
        }
    }
}

#[test]
fn rotate_keeps_key_indexes() {
    let service = service().logged_in();
    let body = json!({ "name": "shop", "actions": ["search"], "indexes": ["products", "pages"], "expiresAt": null });
    let created = json!({ "uid": "u-2", "key": NEW, "name": "shop", "actions": ["search"], "indexes": ["products", "pages"] });
    let mut new = item();
    (new["uid"], new["key"]) = (json!("u-2"), json!(NEW));
    service
        .lists(page())
        .creates(&body, (201, created))
        // Nothing shows whether a key works, and so the list has to hold the new one before the old one goes.
        .lists(json!({ "results": [item(), new], "offset": 0, "limit": 100, "total": 2 }))
        .revokes(UID, 204)
        .rotate("shop")
        .stderr_has(&messages::rotated("shop"))
        .exit(0);
    service.assert_delivered(NEW);
    assert_eq!(service.stored().as_deref(), Some(MASTER));
}

#[test]
fn list_refusal_shows_documentation_link() {
    for (status, code, said, exit) in [
        (403, "invalid_api_key", "with the master key", 3),
        (401, "missing_master_key", "--master-key", 4),
    ] {
        let link = format!("https://docs.meilisearch.com/errors#{code}");
        let refusal = json!({ "message": format!("it is {code}"), "code": code, "type": "auth", "link": link });
        service()
            .lists((status, refusal))
            .run("keys list")
            .stderr_has(said)
            .stderr_has(&link)
            .exit(exit);
    }
}
