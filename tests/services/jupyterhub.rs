//! A `JupyterHub`: ids that are given out again, and 403 for everything.

use serde_json::{Value, json};

use crate::support::messages;
use crate::support::server::post;
use crate::support::service::{self, Service};

const KEY: &str = "fake0000000000000000000000000001";
const NEW: &str = "fake0000000000000000000000000002";
const TOKENS: &str = "/users/bob/tokens";

fn service() -> Service {
    service::service("jupyterhub", KEY)
        .auth(|wanted, secret| wanted.header("authorization", &format!("token {secret}")))
        .keys_at(TOKENS)
        .variable("user", "bob")
}

fn described(id: &str, note: &str, created: &str) -> Value {
    json!({
        "user": "bob",
        "id": id,
        "kind": "api_token",
        "scopes": ["read:users:name!user=bob"],
        "created": created,
        "last_activity": null,
        "expires_at": null,
        "note": note,
    })
}

fn new(id: &str, note: &str) -> Value {
    let mut answer = described(id, note, "2026-11-20T12:00:00.000000Z");
    answer["token"] = NEW.into();
    answer
}

fn page(tokens: &Value) -> Value {
    json!({ "api_tokens": tokens })
}

#[test]
fn login_password_creates_day_token() {
    let service = service();
    let mut answer = new("a3", "keywright login");
    answer["expires_at"] = "2026-11-21T12:00:00.000000Z".into();
    let body = json!({
        "auth": { "username": "bob", "password": "fake-password" },
        "note": "keywright login",
        "expires_in": 86400,
    });
    service.on_public(post(TOKENS).json(&body), (201, answer));
    service
        .login("--email bob")
        .stdin("fake-password\n")
        .stderr_has("logged in to jupyterhub as bob until 2026-11-21 12:00 UTC")
        .exit(0);
}

#[test]
fn login_service_token_is_refused() {
    let service = service();
    let identity = json!({ "name": "adm", "kind": "service", "token_id": "a1" });
    service.get("/user", &identity).get("/user", &identity);
    service
        .login("--with-key")
        .stdin(format!("{KEY}\n"))
        .stderr_has(
            "this token belongs to a service of the hub, which has no tokens of its own to manage",
        )
        .stderr_has("hint: or give it yourself: --set user=VALUE")
        .exit(5);
}

#[test]
fn reused_token_id_is_new_token() {
    let service = service().logged_in();
    let old = described("a9", "old", "2026-11-01T00:00:00.000000Z");
    service
        .lists(page(&json!([old])))
        .get(
            "/user",
            json!({ "name": "bob", "kind": "user", "token_id": "a4" }),
        )
        .revokes("a9", 204)
        .run("keys revoke old -y")
        .expect_stderr(messages::revoked("old"))
        .exit(0);
    service
        .lists(page(&json!([])))
        .creates(&json!({ "note": "new" }), (201, new("a9", "new")))
        .run("keys create new")
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has(&messages::shown_once("new"))
        .exit(0);
    let again = described("a9", "new", "2026-11-20T12:00:00.000000Z");
    let shown = service
        .lists(page(&json!([again])))
        .shows("a9", again)
        .run("keys show a9 --json")
        .json();
    assert_eq!(shown["name"], "new");
    assert_eq!(shown["status"], "active");
    assert_eq!(shown["created_at"], "2026-11-20T12:00:00Z");
}

#[test]
fn forbidden_distinguishes_revoked_from_missing_scope() {
    let dead = json!({ "status": 403, "message": null });
    let service = service().logged_in();
    service
        .lists((403, dead))
        .run("keys list")
        .stderr_has("the token is unknown, revoked or expired")
        .exit(3);
    let message = "Action is not authorized with current scopes; requires any of [read:tokens]";
    service
        .lists((403, json!({ "status": 403, "message": message })))
        .run("keys list")
        .stderr_has(message)
        .stderr_has("hint: this token has not the scopes for it")
        .exit(4);
}
