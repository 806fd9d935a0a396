//! GitLab: a rotation ends the old token at once, and one that is sent twice would end the whole family.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::run::ci;
use crate::support::server::{self, Server, Wanted, delete, get, post};

const OWN: &str = "glpat-fake-own-000000000001";
const NEW: &str = "glpat-fake-new-000000000001";

fn with(wanted: Wanted, secret: &str) -> Wanted {
    wanted.header("private-token", secret)
}

fn token() -> Value {
    json!({
        "id": 4, "name": "deploy", "active": true, "revoked": false, "scopes": ["api"], "user_id": 3,
        "created_at": "2026-08-22T12:00:00.000Z", "last_used_at": null, "expires_at": "2026-12-01",
    })
}

/// A server that lists one token and is asked which one the login's own is, and a home that is logged in there.
fn gitlab(own: u64) -> (Server, TestEnv) {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("gitlab", &server.url(), &[key(OWN)]);
    server
        .expect(with(get("/personal_access_tokens?per_page=100"), OWN))
        .answer(server::json(200, &json!([token()])));
    server
        .expect(itself(OWN))
        .answer(server::json(200, &json!({ "id": own, "name": "own" })));
    (server, home)
}

fn rotation() -> Wanted {
    // As long as the old one was given.
    with(post("/personal_access_tokens/4/rotate"), OWN).json(&json!({ "expires_at": "2027-03-01" }))
}

fn itself(secret: &str) -> Wanted {
    with(get("/personal_access_tokens/self"), secret)
}

const ROTATE: [&str; 6] = ["keys", "rotate", "deploy", "-y", "--to", "file:deploy.key"];

#[test]
fn a_rotated_token_has_another_id_and_the_login_follows_its_own() {
    let (server, home) = gitlab(4);
    let mut new = token();
    new["id"] = json!(9);
    new["expires_at"] = json!("2027-03-01");
    new["token"] = json!(NEW);
    server.expect(rotation()).answer(server::json(200, &new));
    server
        .expect(itself(NEW))
        .answer(server::json(200, &json!({ "id": 9, "name": "deploy" })));
    home.run(ROTATE).any_stderr().exit(0);
    assert_eq!(home.read("work/deploy.key"), Some(format!("{NEW}\n")));
    assert_eq!(home.kept("gitlab", "key").as_deref(), Some(NEW));
}

#[test]
fn a_rotation_whose_answer_is_lost_is_never_sent_again() {
    for lost in [server::hang_up, || server::html(502), || server::empty(503)] {
        let (server, home) = gitlab(4);
        server.expect(rotation()).answer(lost());
        // What became of it is looked for in the list.
        server
            .expect(with(get("/personal_access_tokens?per_page=100"), OWN))
            .answer(server::json(401, &json!({ "message": "401 Unauthorized" })));
        let (code, _) = home.run(ROTATE).any_stderr().exit_any();
        assert_ne!(code, 0);
        let sent = server.seen();
        let rotations = sent.iter().filter(|seen| seen.path.ends_with("/rotate"));
        assert_eq!(rotations.count(), 1, "{code}");
    }
}

#[test]
fn a_token_that_may_not_rotate_hears_which_scope_it_takes() {
    let (server, home) = gitlab(4);
    server
        .expect(rotation())
        .answer(server::json(403, &json!({ "message": "403 Forbidden" })));
    home.run(ROTATE)
        .stderr_has("to rotate itself `api` or `self_rotate`")
        .exit(4);
}

#[test]
fn a_401_for_a_token_of_others_does_not_blame_the_own_one() {
    let (server, home) = gitlab(7);
    server
        .expect(with(delete("/personal_access_tokens/4"), OWN))
        .answer(server::json(401, &json!({ "message": "401 Unauthorized" })));
    home.run(["keys", "revoke", "deploy", "-y"])
        .stderr_has("there is no such token, it has ended, or yours may not reach it")
        .stderr_has("keywright keys verify")
        .exit(5);
}

#[test]
fn a_host_of_ones_own_takes_the_place_of_gitlab_com() {
    ci("gitlab", &Server::new(), ["keys", "list"])
        .key(OWN)
        .env("KEYWRIGHT_BASE_URL", "")
        .env("KEYWRIGHT_VAR_HOST", "git.example.com/evil")
        .any_stderr()
        .exit(2);
}

#[test]
fn a_project_is_one_segment_of_the_path_whose_tokens_need_an_end() {
    let server = Server::new();
    let project = || {
        ci(
            "gitlab-project",
            &server,
            ["keys", "create", "ci", "--scope", "read_api"],
        )
        .key(OWN)
        .env("KEYWRIGHT_VAR_PROJECT", "group/name")
    };
    project().stderr_has("expires").exit(2);
    let mut new = token();
    new["token"] = json!(NEW);
    new["access_level"] = json!(30);
    server
        .expect(with(
            get("/projects/group%2Fname/access_tokens?per_page=100"),
            OWN,
        ))
        .answer(server::json(200, &json!([])));
    server
        .expect(with(post("/projects/group%2Fname/access_tokens"), OWN).json(&json!({
            "name": "ci", "scopes": ["read_api"], "access_level": 30, "expires_at": "2026-12-20",
        })))
        .answer(server::json(201, &new));
    project()
        .args(["--expires", "30d", "--set", "access_level=30"])
        .expect_stdout(format!("{NEW}\n"))
        .any_stderr()
        .exit(0);
}

#[test]
fn a_projects_token_keeps_its_role_when_another_takes_its_place() {
    let server = Server::new();
    let mut old = token();
    old["access_level"] = json!(30);
    server
        .expect(with(get("/projects/7/access_tokens?per_page=100"), OWN))
        .answer(server::json(200, &json!([old])));
    // The variable may hold the token that is rotated.
    server
        .expect(itself(OWN))
        .answer(server::json(200, &json!({ "id": 1, "name": "own" })));
    let mut new = old.clone();
    new["id"] = json!(9);
    new["token"] = json!(NEW);
    server
        .expect(with(post("/projects/7/access_tokens"), OWN).json(&json!({
            "name": "deploy", "scopes": ["api"], "access_level": 30, "expires_at": "2027-03-01",
        })))
        .answer(server::json(201, &new));
    server
        .expect(itself(NEW))
        .times(2)
        .answer(server::json(200, &json!({ "id": 9, "name": "deploy" })));
    server
        .expect(with(delete("/projects/7/access_tokens/4"), OWN))
        .answer(server::empty(204));
    ci("gitlab-project", &server, ROTATE)
        .key(OWN)
        .env("KEYWRIGHT_VAR_PROJECT", "7")
        .any_stderr()
        .exit(0);
}
