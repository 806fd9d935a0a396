//! GitLab: a rotation ends the old token at once, and one that is sent twice would end the whole family.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server::{self, Answer, get};
use crate::support::service::{self, Service};

const OWN: &str = "glpat-fake-own-000000000001";
const NEW: &str = "glpat-fake-new-000000000001";
const SELF: &str = "/personal_access_tokens/self";
/// The expiry of a new token, which is given as long as the old one was.
const EXPIRY: &str = "2027-03-01";

fn service_of(provider: &'static str, keys: &'static str) -> Service {
    service::service(provider, OWN)
        .auth(|wanted, secret| wanted.header("private-token", secret))
        .keys_at(keys)
}

fn token() -> Value {
    json!({
        "id": 4, "name": "deploy", "active": true, "revoked": false, "scopes": ["api"], "user_id": 3,
        "created_at": "2026-08-22T12:00:00.000Z", "last_used_at": null, "expires_at": "2026-12-01",
    })
}

/// Returns the service that lists one token and is asked which one the login's own is.
fn service(own: u64) -> Service {
    let service = service_of("gitlab", "/personal_access_tokens?per_page=100").logged_in();
    service
        .lists(json!([token()]))
        .get(SELF, json!({ "id": own, "name": "own" }));
    service
}

fn expect_rotation(service: &Service, answer: impl Into<Answer>) {
    let body = json!({ "expires_at": EXPIRY });
    service.post("/personal_access_tokens/4/rotate", &body, answer);
}

#[test]
fn rotate_own_token_updates_login() {
    let service = service(4);
    let mut new = token();
    new["id"] = json!(9);
    new["expires_at"] = json!(EXPIRY);
    new["token"] = json!(NEW);
    expect_rotation(&service, new);
    service
        .on_as(NEW, get(SELF), json!({ "id": 9, "name": "deploy" }))
        .rotate("deploy")
        .stderr_has(&messages::rotated("deploy"))
        .exit(0);
    service.assert_delivered(NEW);
    assert_eq!(service.stored().as_deref(), Some(NEW));
}

#[test]
fn rotate_lost_response_sends_once() {
    for lost in [server::hang_up, || server::html(502), || server::empty(503)] {
        let service = service(4);
        expect_rotation(&service, lost());
        // The list shows the result.
        service.lists((401, json!({ "message": "401 Unauthorized" })));
        let (code, _) = service
            .rotate("deploy")
            .stderr_has("error: a key may have been created, but its secret did not arrive: gitlab")
            .exit_any();
        assert_ne!(code, 0);
        let sent = service.server.seen();
        let rotations = sent.iter().filter(|seen| seen.path.ends_with("/rotate"));
        assert_eq!(rotations.count(), 1, "{code}");
    }
}

#[test]
fn rotate_forbidden_names_required_scope() {
    let service = service(4);
    expect_rotation(&service, (403, json!({ "message": "403 Forbidden" })));
    service
        .rotate("deploy")
        .stderr_has("to rotate itself `api` or `self_rotate`")
        .exit(4);
}

#[test]
fn revoke_unauthorized_reports_missing_token() {
    service(7)
        .revokes("4", (401, json!({ "message": "401 Unauthorized" })))
        .run("keys revoke deploy -y")
        .stderr_has("there is no such token, it has ended, or yours may not reach it")
        .stderr_has("keywright keys verify")
        .exit(5);
}

#[test]
fn host_with_path_is_refused() {
    service_of("gitlab", "")
        .variable("host", "git.example.com/evil")
        .run("keys list")
        .env("KEYWRIGHT_BASE_URL", "")
        .fails("`host` must match ^[A-Za-z0-9.-]+(:[0-9]+)?$", &[])
        .exit(2);
}

#[test]
fn project_token_requires_expiry_encodes_path() {
    let keys = "/projects/group%2Fname/access_tokens?per_page=100";
    let service = service_of("gitlab-project", keys).variable("project", "group/name");
    let create = "keys create ci --scope read_api";
    service.run(create).stderr_has("expires").exit(2);
    let mut new = token();
    new["token"] = json!(NEW);
    new["access_level"] = json!(30);
    let body = json!({ "name": "ci", "scopes": ["read_api"], "access_level": 30, "expires_at": "2026-12-20" });
    service
        .lists(json!([]))
        .creates(&body, (201, new))
        .run(create)
        .args(["--expires", "30d", "--set", "access_level=30"])
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has(&messages::shown_once("deploy"))
        .exit(0);
}

#[test]
fn rotate_project_token_keeps_role() {
    let mut old = token();
    old["access_level"] = json!(30);
    let mut new = old.clone();
    new["id"] = json!(9);
    new["token"] = json!(NEW);
    let body =
        json!({ "name": "deploy", "scopes": ["api"], "access_level": 30, "expires_at": EXPIRY });
    service_of("gitlab-project", "/projects/7/access_tokens?per_page=100")
        .variable("project", "7")
        .lists(json!([old]))
        // The variable may hold the token that is rotated.
        .get(SELF, json!({ "id": 1, "name": "own" }))
        .creates(&body, (201, new))
        .verifies(NEW, SELF, json!({ "id": 9, "name": "deploy" }))
        .revokes("4", 204)
        .rotate("deploy")
        .stderr_has(&messages::rotated("deploy"))
        .exit(0);
}
