//! Datadog: two secrets in every call, the id of a key once more in the body, a limit that the answer tells, and names
//! that no two keys may have.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server::{self, delete, get};
use crate::support::service::{self, Service};

const PAIR: &str = r#"{"api_key":"fake-api-key-0000001","app_key":"fake-app-key-0000001"}"#;
const NEW: &str = "fake-new-api-key-0000000000000002";

fn service() -> Service {
    service_of(
        "datadog",
        "/api/v2/api_keys?page%5Bsize%5D=100&page%5Bnumber%5D=0",
    )
}

fn service_of(provider: &'static str, keys: &'static str) -> Service {
    service::service(provider, PAIR)
        .credential("account")
        .auth(|wanted, _| {
            wanted
                .header("dd-api-key", "fake-api-key-0000001")
                .header("dd-application-key", "fake-app-key-0000001")
        })
        .keys_at(keys)
}

fn item(id: &str, name: &str) -> Value {
    json!({
        "type": "api_keys",
        "id": id,
        "attributes": {
            "name": name, "last4": "ab12", "created_at": "2026-10-21T12:00:00Z", "date_last_used": null,
            "category": "default", "remote_config_read_enabled": true,
        },
    })
}

fn page(keys: &[Value]) -> Value {
    let meta = json!({ "max_allowed": 50, "page": { "total_filtered_count": keys.len() } });
    json!({ "data": keys, "meta": meta })
}

#[test]
fn status_reads_limit_from_response() {
    service()
        .lists(page(&[item("k-1", "agent"), item("k-2", "ci")]))
        .run("keys status")
        .stdout_has("2 of 50")
        .exit(0);
}

#[test]
fn rename_body_repeats_key_id() {
    let data =
        json!({ "data": { "type": "api_keys", "id": "k-1", "attributes": { "name": "agents" } } });
    service()
        .lists(page(&[item("k-1", "agent")]))
        .patch("/api/v2/api_keys/k-1", &data, &data)
        .run("keys rename agent agents")
        .expect_stderr("renamed `agent` to `agents`\n")
        .exit(0);
}

#[test]
fn verify_rejected_pair_is_invalid() {
    for (status, word, code) in [(200, "valid", 0), (401, "invalid", 3), (403, "invalid", 3)] {
        let body = json!({ "status": "ok", "errors": ["Forbidden"] });
        service()
            .get("/api/v2/validate_keys", (status, body))
            .run("keys verify")
            .expect_stdout(format!("{word}\n"))
            .exit(code);
    }
}

#[test]
fn show_unmasked_response_hides_secret() {
    let mut whole = item("k-1", "agent");
    whole["attributes"]["key"] = json!(NEW);
    service()
        .lists(page(&[item("k-1", "agent")]))
        .shows("k-1", json!({ "data": whole }))
        .run("keys show agent -v")
        .stdout_has("ab12")
        .stderr_has("> dd-api-key: ***\n")
        .hides(NEW)
        .exit(0);
}

#[test]
fn rotate_taken_name_adds_counter() {
    let service = service().logged_in();
    let name = "agent_2_20261120";
    let attributes =
        json!({ "name": name, "category": "default", "remote_config_read_enabled": true });
    let body = json!({ "data": { "type": "api_keys", "attributes": attributes } });
    let created = json!({ "data": { "type": "api_keys", "id": "k-3", "attributes": { "name": name, "key": NEW } } });
    let verification = || get("/api/v1/validate").header("dd-api-key", NEW);
    service
        .lists(page(&[
            item("k-1", "agent_20260821"),
            item("k-2", "agent_20261120"),
        ]))
        .creates(&body, (201, created))
        .on_public(verification(), json!({ "valid": true }))
        .on_public(verification(), json!({ "valid": true }))
        .on(delete("/api/v2/api_keys/k-1"), 204)
        .rotate("agent_20260821")
        .stderr_has("the new one is called `agent_2_20261120`\n")
        .exit(0);
    service.assert_delivered(NEW);
    // The login is a pair of other secrets, and stays.
    assert_eq!(service.stored().as_deref(), Some(PAIR));
}

#[test]
fn list_forbidden_suggests_verify() {
    service()
        .lists((403, json!({ "errors": ["Forbidden"] })))
        .run("keys list")
        .stderr_has("to tell which: keywright keys verify")
        .exit(4);
}

#[test]
fn rate_limit_reset_counts_seconds() {
    let busy = server::json(429, &json!({ "errors": ["Too many requests"] }));
    let done = service()
        .lists(busy.header("x-ratelimit-reset", "7"))
        .lists(page(&[]))
        .run("keys list")
        .expect_stderr("asked to slow down; trying again in 7 s\nno keys\n")
        .exit(0);
    assert_eq!(done.sleeps, [Duration::from_secs(7)]);
}

#[test]
fn create_pat_requires_expiry_within_year() {
    let service = service_of(
        "datadog-pat",
        "/api/v2/personal_access_tokens?page%5Bsize%5D=100&page%5Bnumber%5D=0",
    );
    let create = "keys create ci --scope dashboards_read";
    for (expiry, said) in [
        ("", "error: `expires` is required here\n"),
        ("--expires 12h", "at least 1d, at most 365d\n"),
        ("--expires 2y", "error: `2y` is not an expiry\n"),
        ("--expires never", "error: `expires` cannot be `never` here"),
    ] {
        service
            .run(&format!("{create} {expiry}"))
            .stderr_has(said)
            .exit(2);
    }
    let attributes = json!({ "name": "ci", "scopes": ["dashboards_read"], "expires_at": "2027-02-18T12:00:00Z" });
    let body = json!({ "data": { "type": "personal_access_tokens", "attributes": attributes } });
    let mut created = json!({ "data": { "id": "p-1", "attributes": attributes } });
    created["data"]["attributes"]["key"] = json!("ddpat_fake_0000000001");
    service
        .lists(json!({ "data": [], "meta": { "page": { "total_filtered_count": 0 } } }))
        .creates(&body, (201, created))
        .run(&format!("{create} --expires 90d"))
        .expect_stdout("ddpat_fake_0000000001\n")
        .expect_stderr(messages::shown_once("ci"))
        .exit(0);
}
