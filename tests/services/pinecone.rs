//! Pinecone: a client id and a secret become a token at another host; a deletion is only accepted at first.

use serde_json::{Value, json};

use crate::support::home::{StoredCredential, key};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{Server, Wanted, post};
use crate::support::service::{self, Service};
use crate::support::terminal::Reply;

const PROJECT: &str = "a2f7dddb-1597-4eff-9f71-535fde243f58";
const KEYS: &str = "/admin/projects/a2f7dddb-1597-4eff-9f71-535fde243f58/api-keys";
const CLIENT: &str = r#"{"client_id":"fake-client","client_secret":"fake-client-secret"}"#;
const ACCESS: &str = "fake-access-token-0001";
const NEW: &str = "pckey_fake_00000000000000000001";

fn service() -> Service {
    service::service("pinecone", ACCESS)
        .token(1800)
        .auth(|wanted, secret| versioned(wanted).bearer(secret))
        .keys_at(KEYS)
        .variable("project", PROJECT)
}

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

fn login(service: &Service, tokens: &Server) -> Run {
    let (api, tokens) = (service.server.url(), tokens.url());
    service
        .home
        .run(["login", "pinecone"])
        .args(["--base-url", &format!("api={api}")])
        .args(["--base-url", &format!("login={tokens}")])
}

/// Returns two hosts: one that knows a project, and one that gives tokens, three of them at a login.
fn hosts() -> (Service, Server) {
    let tokens = Server::new();
    tokens
        .expect(for_a_token())
        .times(2)
        .answer(a_token().into());
    let service = service();
    let projects = json!({ "data": [{ "id": PROJECT, "name": "chatbot" }] });
    service.get("/admin/projects", projects);
    (service, tokens)
}

fn stored(service: &Service, credential: &str) -> Option<String> {
    service.home.kept("pinecone", credential)
}

#[test]
fn login_client_credentials_selects_project() {
    let (service, tokens) = hosts();
    login(&service, &tokens)
        .at_a_terminal()
        .reply(Reply::Choose("service account or API key".to_owned()))
        .reply(Reply::Choose("service account".to_owned()))
        .reply(Reply::Secret("fake-client".to_owned()))
        .reply(Reply::Secret("fake-client-secret".to_owned()))
        .stderr_has(&format!("project: {PROJECT}\n"))
        .exit(0);
    assert_eq!(stored(&service, "account").as_deref(), Some(CLIENT));
    tokens.expect(for_a_token()).answer(a_token().into());
    let described =
        json!({ "id": "k1", "name": "ci", "project_id": PROJECT, "roles": ["DataPlaneViewer"] });
    service.lists(json!({ "data": [] })).creates(
        &json!({ "name": "ci", "roles": ["DataPlaneViewer"] }),
        (201, json!({ "key": described, "value": NEW })),
    );
    service
        .home
        .run(["keys", "create", "ci", "--scope", "DataPlaneViewer"])
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has(&messages::shown_once("ci"))
        .exit(0);
    assert_eq!(stored(&service, "account").as_deref(), Some(CLIENT));
}

#[test]
fn login_two_lines_are_client_credentials() {
    let (service, tokens) = hosts();
    login(&service, &tokens)
        .args(["--with-key"])
        .stdin("fake-client\nfake-client-secret\n")
        .stderr_has("logged in to pinecone; the service account is kept in the test keyring\n")
        .exit(0);
    assert_eq!(stored(&service, "account").as_deref(), Some(CLIENT));
}

#[test]
fn login_detects_api_key_by_prefix() {
    let service = service::service("pinecone", NEW)
        .auth(|wanted, secret| versioned(wanted).header("api-key", secret));
    service.get("/indexes", json!({ "indexes": [] }));
    login(&service, &Server::new())
        .args(["--with-key", "--set", &format!("project={PROJECT}")])
        .stdin(format!("{NEW}\n"))
        .expect_stderr("logged in to pinecone; the API key is kept in the test keyring\n")
        .exit(0);
    assert_eq!(service.stored().as_deref(), Some(NEW));
}

#[test]
fn revoke_waits_until_key_is_gone() {
    let described = json!({ "id": "k1", "name": "ci", "project_id": PROJECT, "roles": [] });
    let one = "/admin/api-keys/k1";
    let gone =
        json!({ "error": { "code": "NOT_FOUND", "message": "API key not found." }, "status": 404 });
    service()
        .logged_in()
        .lists(json!({ "data": [described] }))
        .delete(one, 202)
        .get(one, &described)
        .get(one, (404, gone))
        .run("keys revoke ci -y")
        .expect_stderr(messages::revoked("ci"))
        .exit(0);
}

#[test]
fn list_failed_exchange_reports_reason() {
    let client = StoredCredential {
        credential: "account",
        ..key(CLIENT)
    };
    let denied = json!({ "error": "access_denied", "error_description": "Unauthorized" });
    service()
        .logged_in_with(&[client])
        .on_public(for_a_token(), (401, denied))
        .run("keys list")
        .stderr_has("pinecone refused to exchange the key for a token: Unauthorized")
        .exit(3);
}
