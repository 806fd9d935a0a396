//! Deepgram: keys belong to a project, which a login finds; what a key may do and when it ends takes two questions.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server;
use crate::support::service::{self, Service};

const OWN: &str = "0000000000000000000000000000000000fake01";
const NEW: &str = "0000000000000000000000000000000000fake02";

fn service() -> Service {
    service::service("deepgram", OWN)
        .auth(|wanted, secret| wanted.header("authorization", &format!("Token {secret}")))
        .keys_at("/v1/projects/p-1/keys")
        .variable("project", "p-1")
}

fn keys() -> Value {
    let item = json!({
        "member": { "member_id": "m-1", "email": "ada@example.com" },
        "api_key": { "api_key_id": "k-1", "comment": "ci", "scopes": ["usage:write"], "created": "2026-10-21T12:00:00Z" },
    });
    json!({ "api_keys": [item] })
}

#[test]
fn login_single_project_is_selected() {
    let service = service();
    let one = json!({ "projects": [{ "project_id": "p-1", "name": "shop" }] });
    service.get("/v1/projects", &one).get("/v1/projects", &one);
    service
        .login("--with-key")
        .stdin(OWN)
        .stderr_has("project id: p-1\n")
        .exit(0);
    let listed = service.lists(keys()).run("keys list --json").json();
    assert_eq!(listed[0]["name"], "ci");
}

#[test]
fn login_several_projects_fails() {
    let service = service();
    let two = json!({ "projects": [{ "project_id": "p-1", "name": "shop" }, { "project_id": "p-2", "name": "lab" }] });
    service.get("/v1/projects", &two).get("/v1/projects", &two);
    service
        .login("--with-key")
        .stdin(OWN)
        .stderr_has("--set project=")
        .exit(2);
    assert_eq!(service.stored(), None);
}

#[test]
fn rotate_fetches_details_missing_from_list() {
    let service = service().logged_in();
    let whole = json!({
        "api_key_id": "k-1", "comment": "ci", "scopes": ["usage:write"], "created": "2026-10-21T12:00:00Z",
        "expiration_date": "2026-11-20T12:00:00Z", "tags": ["shop", "ci"],
    });
    let body = json!({
        "comment": "ci", "scopes": ["usage:write"], "tags": ["shop", "ci"],
        "expiration_date": "2026-12-20T12:00:00Z",
    });
    let created = json!({
        "api_key_id": "k-2", "key": NEW, "comment": "ci", "scopes": ["usage:write"],
        "expiration_date": "2026-12-20T12:00:00Z",
    });
    service
        .lists(keys())
        .shows(
            "k-1",
            json!({ "item": { "member": { "member_id": "m-1", "api_key": whole } } }),
        )
        .creates(&body, created)
        .verifies(NEW, "/v1/projects", json!({ "projects": [] }))
        .revokes("k-1", json!({ "message": "deleted" }))
        .rotate("ci")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    service.assert_delivered(NEW);
}

#[test]
fn list_error_shapes_are_parsed() {
    for answer in [
        server::json(
            403,
            &json!({ "err_code": "FORBIDDEN", "err_msg": "only owners may", "request_id": "r-1" }),
        ),
        server::json(
            403,
            &json!({ "category": "FORBIDDEN", "message": "only owners may", "details": "", "request_id": "r" }),
        ),
        server::bytes(403, "text/plain", b"only owners may"),
    ] {
        service()
            .logged_in()
            .lists(answer)
            .run("keys list")
            .stderr_has("only owners may")
            .exit(4);
    }
}
