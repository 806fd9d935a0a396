//! A `JupyterHub`: ids that are given out again, and 403 for everything.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::run::Run;
use crate::support::server::{self, Server, delete, get, post};

const KEY: &str = "fake0000000000000000000000000001";
const NEW: &str = "fake0000000000000000000000000002";
const TOKENS: &str = "/users/bob/tokens";

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

fn carrying(wanted: server::Wanted) -> server::Wanted {
    wanted.header("authorization", &format!("token {KEY}"))
}

fn logged_in(server: &Server) -> TestEnv {
    let home = TestEnv::new();
    let user = [("user", "bob")];
    home.log_in_as(
        "jupyterhub",
        "jupyterhub",
        &server.url(),
        &user,
        &[key(KEY)],
    );
    home
}

fn login(server: &Server, args: &[&str]) -> Run {
    let url = server.url();
    TestEnv::new()
        .run(["login", "jupyterhub", "--base-url", &url])
        .args(args)
}

#[test]
fn a_user_name_and_a_password_become_a_token_for_a_day() {
    let mut answer = new("a3", "keywright login");
    answer["expires_at"] = "2026-11-21T12:00:00.000000Z".into();
    let server = Server::with(
        post(TOKENS).json(&json!({
            "auth": { "username": "bob", "password": "fake-password" },
            "note": "keywright login",
            "expires_in": 86400,
        })),
        server::json(201, &answer),
    );
    login(&server, &["--email", "bob"])
        .stdin("fake-password\n")
        .stderr_has("logged in to jupyterhub as bob until 2026-11-21 12:00 UTC")
        .exit(0);
}

#[test]
fn a_token_of_a_service_has_no_tokens_of_its_own() {
    let service = json!({ "name": "adm", "kind": "service", "token_id": "a1" });
    let server = Server::with(carrying(get("/user")), server::json(200, &service));
    server
        .expect(carrying(get("/user")))
        .answer(server::json(200, &service));
    login(&server, &["--with-key"])
        .stdin(format!("{KEY}\n"))
        .stderr_has(
            "this token belongs to a service of the hub, which has no tokens of its own to manage",
        )
        .stderr_has("hint: or give it yourself: --set user=VALUE")
        .exit(5);
}

#[test]
fn an_id_that_is_given_out_again_is_another_token() {
    let server = Server::new();
    let home = logged_in(&server);
    let list = |tokens: Value| {
        server
            .expect(carrying(get(TOKENS)))
            .answer(server::json(200, &json!({ "api_tokens": tokens })));
    };
    list(json!([described(
        "a9",
        "old",
        "2026-11-01T00:00:00.000000Z"
    )]));
    let own = json!({ "name": "bob", "kind": "user", "token_id": "a4" });
    server
        .expect(carrying(get("/user")))
        .answer(server::json(200, &own));
    server
        .expect(carrying(delete("/users/bob/tokens/a9")))
        .answer(server::empty(204));
    home.run(["keys", "revoke", "old", "-y"])
        .expect_stderr("revoked `old`\n")
        .exit(0);
    list(json!([]));
    server
        .expect(carrying(post(TOKENS)).json(&json!({ "note": "new" })))
        .answer(server::json(201, &new("a9", "new")));
    home.run(["keys", "create", "new"])
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has("is shown once, here")
        .exit(0);
    list(json!([described(
        "a9",
        "new",
        "2026-11-20T12:00:00.000000Z"
    )]));
    server
        .expect(carrying(get("/users/bob/tokens/a9")))
        .answer(server::json(
            200,
            &described("a9", "new", "2026-11-20T12:00:00.000000Z"),
        ));
    let shown = home
        .run(["keys", "show", "a9", "--json"])
        .any_stdout()
        .exit(0)
        .json();
    assert_eq!(shown["name"], "new");
    assert_eq!(shown["status"], "active");
    assert_eq!(shown["created_at"], "2026-11-20T12:00:00Z");
}

#[test]
fn a_403_is_a_dead_token_or_one_that_may_not_and_the_words_tell_which() {
    let dead = json!({ "status": 403, "message": null });
    let server = Server::with(carrying(get(TOKENS)), server::json(403, &dead));
    logged_in(&server)
        .run(["keys", "list"])
        .stderr_has("the token is unknown, revoked or expired")
        .exit(3);
    let message = "Action is not authorized with current scopes; requires any of [read:tokens]";
    let may_not = json!({ "status": 403, "message": message });
    let server = Server::with(carrying(get(TOKENS)), server::json(403, &may_not));
    logged_in(&server)
        .run(["keys", "list"])
        .stderr_has(message)
        .stderr_has("hint: this token has not the scopes for it")
        .exit(4);
}
