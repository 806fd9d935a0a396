//! Pinecone: a client id and a secret become a token at another host; a deletion is only accepted at first.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key, token};
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, delete, get, post};
use crate::support::terminal::Reply;

const PROJECT: &str = "a2f7dddb-1597-4eff-9f71-535fde243f58";
const CLIENT: &str = r#"{"client_id":"fake-client","client_secret":"fake-client-secret"}"#;
const ACCESS: &str = "fake-access-token-0001";
const NEW: &str = "pckey_fake_00000000000000000001";

fn versioned(wanted: Wanted) -> Wanted {
    wanted.header("x-pinecone-api-version", "2026-04")
}

fn for_a_token() -> Wanted {
    versioned(post("/oauth/token")).json(&json!({
        "client_id": "fake-client",
        "client_secret": "fake-client-secret",
        "grant_type": "client_credentials",
        "audience": "https://api.pinecone.io/",
    }))
}

fn a_token() -> Value {
    json!({ "access_token": ACCESS, "token_type": "Bearer", "expires_in": 1800 })
}

fn login(home: &TestEnv, api: &Server, tokens: &Server) -> Run {
    let api = format!("api={}", api.url());
    let tokens = format!("login={}", tokens.url());
    home.run([
        "login",
        "pinecone",
        "--base-url",
        &api,
        "--base-url",
        &tokens,
    ])
}

/// Two hosts: one that gives tokens, three of them at a login, and one that knows a project.
fn hosts() -> (Server, Server) {
    let tokens = Server::new();
    for _ in 0..2 {
        tokens
            .expect(for_a_token())
            .answer(server::json(200, &a_token()));
    }
    let api = Server::with(
        versioned(get("/admin/projects")).bearer(ACCESS),
        server::json(
            200,
            &json!({ "data": [{ "id": PROJECT, "name": "chatbot" }] }),
        ),
    );
    (api, tokens)
}

#[test]
fn an_id_and_a_secret_open_the_other_host_and_the_project_is_found() {
    let home = TestEnv::new();
    let (api, tokens) = hosts();
    login(&home, &api, &tokens)
        .at_a_terminal()
        .reply(Reply::Choose("service account or API key".to_owned()))
        .reply(Reply::Choose("service account".to_owned()))
        .reply(Reply::Secret("fake-client".to_owned()))
        .reply(Reply::Secret("fake-client-secret".to_owned()))
        .stderr_has(&format!("project: {PROJECT}\n"))
        .exit(0);
    assert_eq!(home.kept("pinecone", "account").as_deref(), Some(CLIENT));
    tokens
        .expect(for_a_token())
        .answer(server::json(200, &a_token()));
    let keys = format!("/admin/projects/{PROJECT}/api-keys");
    api.expect(versioned(get(&keys)).bearer(ACCESS))
        .answer(server::json(200, &json!({ "data": [] })));
    api.expect(versioned(post(&keys)).bearer(ACCESS).json(&json!({ "name": "ci", "roles": ["DataPlaneViewer"] })))
        .answer(server::json(
            201,
            &json!({ "key": { "id": "k1", "name": "ci", "project_id": PROJECT, "roles": ["DataPlaneViewer"] }, "value": NEW }),
        ));
    home.run(["keys", "create", "ci", "--scope", "DataPlaneViewer"])
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has("is shown once, here")
        .exit(0);
    assert_eq!(home.kept("pinecone", "account").as_deref(), Some(CLIENT));
}

#[test]
fn two_lines_are_an_id_and_a_secret() {
    let home = TestEnv::new();
    let (api, tokens) = hosts();
    login(&home, &api, &tokens)
        .args(["--with-key"])
        .stdin("fake-client\nfake-client-secret\n")
        .any_stderr()
        .exit(0);
    assert_eq!(home.kept("pinecone", "account").as_deref(), Some(CLIENT));
}

#[test]
fn a_key_of_an_application_is_known_by_its_looks() {
    let home = TestEnv::new();
    let api = Server::with(
        versioned(get("/indexes")).header("api-key", NEW),
        server::json(200, &json!({ "indexes": [] })),
    );
    login(&home, &api, &Server::new())
        .args(["--with-key", "--set", &format!("project={PROJECT}")])
        .stdin(format!("{NEW}\n"))
        .any_stderr()
        .exit(0);
    assert_eq!(home.kept("pinecone", "key").as_deref(), Some(NEW));
}

#[test]
fn a_key_is_revoked_when_it_is_gone_and_not_before() {
    let home = TestEnv::new();
    let api = Server::new();
    let project = [("project", PROJECT)];
    home.log_in_as(
        "pinecone",
        "pinecone",
        &api.url(),
        &project,
        &[token(ACCESS, 1800)],
    );
    let described = json!({ "id": "k1", "name": "ci", "project_id": PROJECT, "roles": [] });
    let list = format!("/admin/projects/{PROJECT}/api-keys");
    let one = "/admin/api-keys/k1";
    api.expect(versioned(get(&list)).bearer(ACCESS))
        .answer(server::json(200, &json!({ "data": [described] })));
    api.expect(versioned(delete(one)).bearer(ACCESS))
        .answer(server::empty(202));
    api.expect(versioned(get(one)).bearer(ACCESS))
        .answer(server::json(200, &described));
    let gone =
        json!({ "error": { "code": "NOT_FOUND", "message": "API key not found." }, "status": 404 });
    api.expect(versioned(get(one)).bearer(ACCESS))
        .answer(server::json(404, &gone));
    home.run(["keys", "revoke", "ci", "-y"])
        .expect_stderr("revoked `ci`\n")
        .exit(0);
}

#[test]
fn a_secret_that_does_not_fit_is_told_though_the_error_has_another_shape() {
    let home = TestEnv::new();
    let denied = json!({ "error": "access_denied", "error_description": "Unauthorized" });
    let server = Server::with(for_a_token(), server::json(401, &denied));
    let client = crate::support::home::StoredCredential {
        credential: "account",
        ..key(CLIENT)
    };
    let project = [("project", PROJECT)];
    home.log_in_as("pinecone", "pinecone", &server.url(), &project, &[client]);
    home.run(["keys", "list"])
        .stderr_has("pinecone refused to exchange the key for a token: Unauthorized")
        .exit(3);
}
