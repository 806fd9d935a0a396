//! Algolia: the id of a key is the key, so that only its fingerprint is shown and typed.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::service::{self, Service};

const ADMIN: &str = "fakeadmin0000000000000000000001";
const SECRET: &str = "fakekey00000000000000000000000002";

fn service() -> Service {
    service::service("algolia", ADMIN)
        .credential("admin")
        .auth(|wanted, secret| {
            wanted
                .header("x-algolia-application-id", "APP123")
                .header("x-algolia-api-key", secret)
        })
        .keys_at("/1/keys")
        .variable("app", "APP123")
        .logged_in()
}

fn item() -> Value {
    json!({ "value": SECRET, "createdAt": 1_767_225_600_000_i64, "acl": ["search"], "description": "shop", "validity": 0 })
}

fn page() -> Value {
    json!({ "keys": [item()] })
}

/// Returns the id that a list shows.
fn shown_id() -> String {
    let service = service();
    service.lists(page());
    let keys = service.run("keys list --json").json();
    keys[0]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn list_and_show_hide_secret_id() {
    let id = shown_id();
    assert!(id.starts_with("fingerprint:"), "{id}");
    for more in [&[][..], &["--json"]] {
        for command in ["keys show shop", "keys list"] {
            let service = service();
            service.lists(page());
            if command != "keys list" {
                service.shows(SECRET, item());
            }
            service
                .run(command)
                .args(more)
                .stdout_has(&id)
                .hides(SECRET)
                .exit(0);
        }
    }
}

#[test]
fn revoke_shown_fingerprint_finds_key() {
    for id in [shown_id(), shown_id()[..20].to_owned()] {
        let service = service();
        service.lists(page()).revokes(SECRET, 200);
        service
            .run("keys revoke")
            .args([&id, "--yes"])
            .expect_stderr(messages::revoked("shop"))
            .hides(SECRET)
            .exit(0);
    }
}
