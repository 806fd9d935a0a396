//! `LiteLLM`: a new key may do no more than the one that it replaces.

use serde_json::json;

use crate::support::messages;
use crate::support::service;

const ADMIN: &str = "sk-fake-master-000000000000000001";
const NEW: &str = "sk-fake-new-00000000000000000000001";
const LIST: &str = "/key/list?return_full_object=true&size=100&page=1";

#[test]
fn rotate_keeps_routes_and_limits() {
    let service = service::service("litellm", ADMIN)
        .credential("admin")
        .keys_at(LIST)
        .variable("host", "llm.example.com")
        .logged_in();
    let old = json!({
        "token": "hash-1", "key_alias": "ci", "models": ["gpt-5"], "allowed_routes": ["llm_api_routes"],
        "permissions": { "get_spend_routes": true }, "max_parallel_requests": 2, "model_max_budget": {},
        "aliases": {}, "metadata": {}, "created_at": "2026-11-10T12:00:00Z", "expires": null,
    });
    let body = json!({
        "key_alias": "ci_20261120", "models": ["gpt-5"], "metadata": {}, "allowed_routes": ["llm_api_routes"],
        "permissions": { "get_spend_routes": true }, "max_parallel_requests": 2, "model_max_budget": {}, "aliases": {},
    });
    let created = json!({ "key": NEW, "key_alias": "ci_20261120", "token_id": "hash-2", "models": ["gpt-5"], "expires": null });
    let deleted = json!({ "deleted_keys": ["hash-1"] });
    service
        .lists(json!({ "keys": [old], "total_pages": 1 }))
        .post("/key/generate", &body, created)
        .verifies(
            NEW,
            "/key/info",
            json!({ "info": { "key_alias": "ci_20261120", "status": "active" } }),
        )
        .post("/key/delete", &json!({ "keys": ["hash-1"] }), deleted)
        .rotate("ci")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    service.assert_delivered(NEW);
}
