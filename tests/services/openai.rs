//! `OpenAI`: admin keys, keys of projects, and keys of service accounts, which end with their account.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::service::{self, Service};

const ADMIN: &str = "sk-admin-fake-00000000000000000001";
const NEW: &str = "sk-svcacct-fake-000000000000000001";

fn project_keys() -> Service {
    service::service("openai-project", ADMIN)
        .keys_at("/organization/projects/proj_a/api_keys?owner_project_access=any&limit=100")
        .variable("project", "proj_a")
}

fn service_accounts() -> Service {
    service::service("openai-service", ADMIN)
        .credential("admin")
        .keys_at("/organization/projects/proj_a/service_accounts?limit=100")
        .variable("project", "proj_a")
}

fn account() -> Value {
    json!({ "id": "svc_acct_ci", "name": "ci", "role": "member", "created_at": 1_767_225_600 })
}

fn page(item: &Value) -> Value {
    json!({ "object": "list", "data": [item], "has_more": false })
}

#[test]
fn verify_selects_endpoint_by_prefix() {
    for (secret, path) in [
        (ADMIN, "/organization/admin_api_keys?limit=1"),
        (NEW, "/models"),
    ] {
        service::service("openai", secret)
            .get(path, json!({ "data": [] }))
            .run("keys verify")
            .expect_stdout("valid\n")
            .exit(0);
    }
}

#[test]
fn list_includes_inactive_owner_keys() {
    let left = json!({
        "id": "key_old", "name": "laptop", "redacted_value": "sk-proj-…old", "created_at": 1_767_225_600,
        "last_used_at": null, "owner_project_access": "inactive",
    });
    let listed = project_keys()
        .lists(page(&left))
        .run("keys list --json")
        .json();
    assert_eq!(listed[0]["status"], "disabled");
}

#[test]
fn revoke_service_account_key_is_refused() {
    let refusal = json!({ "error": { "message": "it belongs to a service account", "type": "invalid_request_error" } });
    project_keys()
        .lists(json!({ "data": [{ "id": "key_sa", "name": "ci" }], "has_more": false }))
        .revokes("key_sa", (400, refusal))
        .run("keys revoke ci -y")
        .stderr_has("keywright login openai-service")
        .exit(6);
}

#[test]
fn rotate_service_account_creates_new_account() {
    let service = service_accounts().logged_in();
    let created = json!({ "id": "svc_acct_new", "name": "ci", "api_key": { "id": "key_1", "value": NEW, "expires_at": null } });
    service
        .lists(page(&account()))
        .shows("svc_acct_ci", account())
        .creates(&json!({ "name": "ci" }), created)
        // The new key is no admin key, and is not asked as one.
        .verifies(NEW, "/models", json!({ "data": [] }))
        .revokes(
            "svc_acct_ci",
            json!({ "id": "svc_acct_ci", "deleted": true }),
        )
        .rotate("ci")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    service.assert_delivered(NEW);
    assert_eq!(service.stored().as_deref(), Some(ADMIN));
}

#[test]
fn revoke_unconfirmed_deletion_fails() {
    service_accounts()
        .lists(page(&account()))
        .revokes(
            "svc_acct_ci",
            json!({ "id": "svc_acct_ci", "deleted": false }),
        )
        .run("keys revoke ci -y")
        .fails("openai-service refused to revoke a key: the answer is not one it should give (HTTP 200)", &[])
        .exit(1);
}
