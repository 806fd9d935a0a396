//! Supabase: a secret comes only when it is asked to be revealed, and keys of the older kind stand in the list whole.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server;
use crate::support::service::{self, Service};

const TOKEN: &str = "sbp_fake000000000000000000000000000001";
const NEW: &str = "sb_publishable_fake000000000000000002";
/// A key of the older kind, as the list holds it.
const LEGACY: &str = "eyJhbGciOiJub25lIn0.eyJmYWtlIjoxfQ.not-signed-at-all";
const CREATION: &str = "/v1/projects/abcdefghijklmnopqrst/api-keys?reveal=true";

fn service() -> Service {
    service::service("supabase", TOKEN)
        .credential("access")
        .keys_at("/v1/projects/abcdefghijklmnopqrst/api-keys")
        .variable("project", "abcdefghijklmnopqrst")
}

fn page() -> Value {
    json!([
        { "id": "k-1", "name": "web_app", "type": "publishable", "prefix": null, "description": "the shop",
          "api_key": "sb_publishable_fake000000000000000001", "inserted_at": "2026-01-01T00:00:00Z" },
        { "id": null, "name": "anon", "type": "legacy", "api_key": LEGACY },
    ])
}

#[test]
fn list_masks_whole_keys() {
    for command in ["keys list", "keys list --json", "keys list -v"] {
        service()
            .lists(page())
            .run(command)
            .stdout_has("anon")
            .any_stderr()
            .hides(LEGACY)
            .hides("fake000000000000000001")
            .exit(0);
    }
}

#[test]
fn revoke_without_id_is_refused() {
    service()
        .lists(page())
        .run("keys revoke anon -y")
        .fails(
            "supabase lists `anon` without an id, and cannot revoke it by a call",
            &["do it in the dashboard: https://supabase.com/dashboard/project/_/settings/api-keys"],
        )
        .exit(1);
}

#[test]
fn create_requests_revealed_secret() {
    let created = json!({ "id": "k-2", "name": "ci_jobs", "type": "secret", "api_key": NEW });
    service()
        .lists(page())
        .post(
            CREATION,
            &json!({ "type": "secret", "name": "ci_jobs" }),
            (201, created),
        )
        .run("keys create ci_jobs")
        .expect_stdout(format!("{NEW}\n"))
        .expect_stderr(messages::shown_once("ci_jobs"))
        .exit(0);
}

#[test]
fn rotate_publishable_key_keeps_type() {
    let service = service().logged_in();
    let body =
        json!({ "type": "publishable", "name": "web_app_20261120", "description": "the shop" });
    let new =
        json!({ "id": "k-2", "name": "web_app_20261120", "type": "publishable", "api_key": NEW });
    service
        .lists(page())
        .post(CREATION, &body, (201, new.clone()))
        .lists(json!([new]))
        .revokes("k-1", json!({ "id": "k-1", "name": "web_app" }))
        .rotate("web_app")
        .stderr_has("no two keys may have one name: the new one is called `web_app_20261120`\n")
        .stderr_has("supabase has no operation to verify a key: this one is taken as it is\n")
        .exit(0);
    service.assert_delivered(NEW);
}

#[test]
fn rate_limit_reset_counts_seconds() {
    let busy = server::empty(429).header("x-ratelimit-reset", "12");
    let done = service()
        .lists(busy)
        .lists(page())
        .run("keys list")
        .stdout_has(
            "k-1  web_app  sb_***0001  unknown  10 months ago  -        -          -         -\n",
        )
        .expect_stderr("asked to slow down; trying again in 12 s\n")
        .exit(0);
    assert_eq!(done.sleeps, [Duration::from_secs(12)]);
}
