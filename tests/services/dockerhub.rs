//! Docker Hub: a token is exchanged before it opens anything, a second factor goes to another address, and lists hold
//! empty secrets.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::fake::jwt;
use crate::support::messages;
use crate::support::server::{self, Wanted, get, post};
use crate::support::service::{self, Service};
use crate::support::terminal::Reply;

const KEY: &str = "dckr_pat_fake00000000000000000000001";
const TOKENS: &str = "/v2/access-tokens";

fn service() -> Service {
    service::service("dockerhub", KEY).variable("username", "ada")
}

fn exchange(secret: &str) -> Wanted {
    post("/v2/auth/token").json(&json!({ "identifier": "ada", "secret": secret }))
}

fn denied() -> (u16, Value) {
    (
        401,
        json!({ "detail": "Incorrect authentication credentials" }),
    )
}

/// Returns the service where the key has been exchanged once for this token.
fn exchanged(access: &str) -> Service {
    let service = service().logged_in();
    service.on_public(exchange(KEY), json!({ "access_token": access }));
    service
}

#[test]
fn list_exchanges_key_hides_empty_secrets() {
    let access = jwt("hub", 600);
    let service = exchanged(&access);
    let first = json!({
        "count": 2,
        "next": format!("{}/v2/access-tokens?page=2", service.server.url()),
        "results": [{ "uuid": "u1", "token_label": "laptop", "token": "", "is_active": true, "scopes": ["repo:read"] }],
    });
    let second = json!({ "next": null, "results": [{ "uuid": "u2", "token_label": "off", "token": "", "is_active": false }] });
    let listed = service
        .on_as(&access, get(TOKENS), first)
        .on_as(&access, get("/v2/access-tokens?page=2"), second)
        .run("keys list --json")
        .json();
    let keys = listed.as_array().unwrap();
    let statuses: Vec<&Value> = keys.iter().map(|key| &key["status"]).collect();
    assert_eq!(statuses, ["active", "disabled"]);
    assert_eq!(listed[0]["masked"], Value::Null);
    assert_eq!(service.home.kept("dockerhub", "token"), Some(access));
}

#[test]
fn retry_after_epoch_is_converted() {
    let access = jwt("hub", 600);
    // Five seconds after noon, when the clock of the tests stands at noon.
    let wait = server::json(
        429,
        &json!({ "detail": "Rate limit exceeded", "error": false }),
    )
    .header("X-Retry-After", "1795176005");
    let done = exchanged(&access)
        .on_as(&access, get(TOKENS), wait)
        .on_as(&access, get(TOKENS), json!({ "next": null, "results": [] }))
        .run("keys list --json")
        .expect_json(json!([]))
        .expect_stderr("asked to slow down; trying again in 5 s\n")
        .exit(0);
    assert_eq!(done.sleeps, [Duration::from_secs(5)]);
}

#[test]
fn login_two_factor_uses_second_endpoint() {
    let access = jwt("hub", 600);
    let service = service();
    let second_factor = post("/v2/users/2fa-login")
        .json(&json!({ "login_2fa_token": "fake-ticket", "code": "123456" }));
    let ticket =
        json!({ "detail": "Require secondary authentication", "login_2fa_token": "fake-ticket" });
    service
        .on_public(exchange("fake-password"), (401, ticket))
        .on_public(second_factor, json!({ "token": access }));
    let done = service
        .login("--set username=ada")
        .at_a_terminal()
        .reply(Reply::Choose("Docker ID and password".to_owned()))
        .reply(Reply::Text("ada".to_owned()))
        .reply(Reply::Secret("fake-password".to_owned()))
        .reply(Reply::Secret("123456".to_owned()))
        .expect_stderr(
            "logged in to dockerhub as ada until 2026-11-20 12:10 UTC (in 10 minutes); the JWT \
             is kept in the test keyring\n",
        )
        .exit(0);
    assert_eq!(
        done.asked,
        [
            "Log in with",
            "Docker ID",
            "Password",
            "code of your authenticator"
        ]
    );
    assert_eq!(service.home.kept("dockerhub", "token"), Some(access));
    let everything = service.home.keychain.values();
    assert!(
        !everything
            .iter()
            .any(|value| value.contains("fake-password") || value.contains("fake-ticket"))
    );
}

#[test]
fn login_wrong_password_names_docker_id() {
    let service = service();
    service.on_public(exchange("fake-password"), denied());
    service
        .login("--set username=ada --email ada")
        .stdin("fake-password\n")
        .fails(
            "dockerhub does not accept this Docker ID and password",
            &[messages::CHECK_AND_RETRY],
        )
        .exit(3);
}

#[test]
fn login_failed_exchange_rejects_key() {
    let service = service();
    service.on_public(exchange(KEY), denied());
    service
        .login("--with-key --set username=ada")
        .stdin(format!("{KEY}\n"))
        .fails(
            "dockerhub does not accept it: it is invalid",
            &[messages::COPY_AGAIN],
        )
        .exit(3);
}
