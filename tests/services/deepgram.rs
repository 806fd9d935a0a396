//! Deepgram: keys belong to a project, which a login finds; what a key may do and when it ends takes two questions.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::server::{self, Server, Wanted, delete, get, post};

const OWN: &str = "0000000000000000000000000000000000fake01";
const NEW: &str = "0000000000000000000000000000000000fake02";

fn with(wanted: Wanted, secret: &str) -> Wanted {
    wanted.header("authorization", &format!("Token {secret}"))
}

fn projects(server: &Server, secret: &str, projects: &Value) {
    server
        .expect(with(get("/v1/projects"), secret))
        .answer(server::json(200, &json!({ "projects": projects })));
}

fn logged_in(server: &Server) -> TestEnv {
    let home = TestEnv::new();
    home.log_in_as(
        "deepgram",
        "deepgram",
        &server.url(),
        &[("project", "p-1")],
        &[key(OWN)],
    );
    home
}

fn listing(server: &Server) {
    let item = json!({
        "member": { "member_id": "m-1", "email": "ada@example.com" },
        "api_key": { "api_key_id": "k-1", "comment": "ci", "scopes": ["usage:write"], "created": "2026-10-21T12:00:00Z" },
    });
    server
        .expect(with(get("/v1/projects/p-1/keys"), OWN))
        .answer(server::json(200, &json!({ "api_keys": [item] })));
}

#[test]
fn the_only_project_is_found_at_the_login() {
    let server = Server::new();
    let home = TestEnv::new();
    let one = json!([{ "project_id": "p-1", "name": "shop" }]);
    projects(&server, OWN, &one);
    projects(&server, OWN, &one);
    home.run([
        "login",
        "deepgram",
        "--with-key",
        "--base-url",
        &server.url(),
    ])
    .stdin(OWN)
    .stderr_has("project id: p-1\n")
    .exit(0);
    listing(&server);
    let done = home.run(["keys", "list", "--json"]).any_stdout().exit(0);
    assert_eq!(done.json()[0]["name"], "ci");
}

#[test]
fn of_several_projects_none_is_guessed() {
    let server = Server::new();
    let home = TestEnv::new();
    let two =
        json!([{ "project_id": "p-1", "name": "shop" }, { "project_id": "p-2", "name": "lab" }]);
    projects(&server, OWN, &two);
    projects(&server, OWN, &two);
    home.run([
        "login",
        "deepgram",
        "--with-key",
        "--base-url",
        &server.url(),
    ])
    .stdin(OWN)
    .stderr_has("--set project=")
    .exit(2);
    assert_eq!(home.kept("deepgram", "key"), None);
}

#[test]
fn a_rotation_asks_for_the_end_and_the_tags_that_the_list_leaves_out() {
    let server = Server::new();
    let home = logged_in(&server);
    listing(&server);
    let whole = json!({
        "api_key_id": "k-1", "comment": "ci", "scopes": ["usage:write"], "created": "2026-10-21T12:00:00Z",
        "expiration_date": "2026-11-20T12:00:00Z", "tags": ["shop", "ci"],
    });
    server
        .expect(with(get("/v1/projects/p-1/keys/k-1"), OWN))
        .answer(server::json(
            200,
            &json!({ "item": { "member": { "member_id": "m-1", "api_key": whole } } }),
        ));
    server
        .expect(with(post("/v1/projects/p-1/keys"), OWN).json(&json!({
            "comment": "ci", "scopes": ["usage:write"], "tags": ["shop", "ci"],
            "expiration_date": "2026-12-20T12:00:00Z",
        })))
        .answer(server::json(
            200,
            &json!({
                "api_key_id": "k-2", "key": NEW, "comment": "ci", "scopes": ["usage:write"],
                "expiration_date": "2026-12-20T12:00:00Z",
            }),
        ));
    for _ in 0..2 {
        projects(&server, NEW, &json!([]));
    }
    server
        .expect(with(delete("/v1/projects/p-1/keys/k-1"), OWN))
        .answer(server::json(200, &json!({ "message": "deleted" })));
    home.run(["keys", "rotate", "ci", "-y", "--to", "file:ci.key"])
        .any_stderr()
        .exit(0);
    assert_eq!(home.read("work/ci.key"), Some(format!("{NEW}\n")));
}

#[test]
fn every_shape_of_refusal_is_understood() {
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
        let server = Server::with(with(get("/v1/projects/p-1/keys"), OWN), answer);
        logged_in(&server)
            .run(["keys", "list"])
            .stderr_has("only owners may")
            .exit(4);
    }
}
