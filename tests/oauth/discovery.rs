//! The endpoints that an authorization server publishes, and what is implied by them.

use serde_json::{Value, json};

use super::{discovering, form, login, pass, refused};
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::server::{self, Server, Wanted, get, post};

const OPENID: &str = "/.well-known/openid-configuration";
const RFC_8414: &str = "/.well-known/oauth-authorization-server";

fn metadata(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/op/token?v=2"),
        "device_authorization_endpoint": format!("{issuer}/op/device/"),
        "revocation_endpoint": format!("{issuer}/op/revoke"),
    })
}

fn code(path: &str) -> Wanted {
    form(
        path,
        &[
            ("scope", "keys offline_access"),
            ("audience", "https://api.pass.example.com"),
            ("client_id", "fake-client"),
        ],
    )
}

#[test]
fn discovery_finds_endpoints_once() {
    let home = discovering();
    let server = Server::new();
    server
        .expect(get(OPENID))
        .answer(server::json(200, &metadata(&server.url())));
    server.expect(code("/op/device/")).answer(server::json(
        200,
        &json!({
            "device_code": "fake-device-code", "user_code": "A", "verification_uri": "https://x.example",
            "interval": 1,
        }),
    ));
    server
        .expect(post("/op/token?v=2").body(
            super::FORM,
            b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=fake-device-code&client_id=fake-client",
        ))
        .answer(refused("access_denied"));
    login(&home, &server, "--device")
        .stderr_has("refused to log in: access_denied\n")
        .exit(4);
}

#[test]
fn discovery_falls_back_to_rfc_8414() {
    let home = discovering();
    let server = Server::with(get(OPENID), server::html(404));
    let known = json!({ "issuer": format!("{}/", server.url()), "token_endpoint": format!("{}/t", server.url()) });
    server
        .expect(get(RFC_8414))
        .answer(server::json(200, &known));
    login(&home, &server, "--device")
        .fails(
            "the metadata of pass names no `device_authorization_endpoint`: it cannot do this",
            &[],
        )
        .exit(2);
}

#[test]
fn discovery_of_wrong_metadata_stores_nothing() {
    let other = "https://other.example.com";
    for (body, message) in [
        (metadata(other), "is another one: "),
        (json!({}), "was asked, and the answer names no issuer\n"),
    ] {
        let home = discovering();
        let server = Server::with(get(OPENID), server::json(200, &body));
        login(&home, &server, "--device")
            .stderr_has(message)
            .stderr_has("hint: nothing was sent to it, and nothing was stored\n")
            .exit(1);
        assert_eq!(home.read("config/config.toml"), None);
    }
    let home = discovering();
    let server = Server::new();
    let mut body = metadata(&server.url());
    body["token_endpoint"] = json!("http://other.example.com/token");
    server.expect(get(OPENID)).answer(server::json(200, &body));
    login(&home, &server, "--device")
        .stderr_has("names a `token_endpoint` to which no secret can be sent: `http://other.example.com/token`\n")
        .exit(1);
    let home = discovering();
    let server = Server::with(get(OPENID), server::html(200));
    server.expect(get(RFC_8414)).answer(server::html(404));
    login(&home, &server, "--device")
        .stderr_has("error: pass publishes no metadata of its authorization server: ")
        .stderr_has("answers with a web page\n")
        .exit(1);
}

/// A profile that is logged in with a token that has expired.
fn logged_in(home: &TestEnv, server: &Server, lasts: i64) {
    let old = token("fake-access-1", lasts).refreshed_by("fake-refresh-1");
    home.log_in("pass", &server.url(), &[old]);
}

fn refresh(path: &str) -> Wanted {
    form(
        path,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", "fake-refresh-1"),
            ("client_id", "fake-client"),
        ],
    )
}

#[test]
fn implied_refresh_replaces_both_tokens() {
    let home = pass();
    let server = Server::with(
        refresh("/token"),
        server::json(
            200,
            &json!({ "access_token": "fake-access-2", "refresh_token": "fake-refresh-2" }),
        ),
    );
    logged_in(&home, &server, -60);
    home.run(["token"]).expect_stdout("fake-access-2\n").exit(0);
    assert_eq!(home.kept("pass", "token").as_deref(), Some("fake-access-2"));
    let left = home.keychain.values();
    assert!(
        left.iter().any(|value| value.contains("fake-refresh-2")),
        "{left:?}"
    );
    assert!(
        !left.iter().any(|value| value.contains("fake-refresh-1")),
        "{left:?}"
    );
}

#[test]
fn discovered_refresh_is_refused_clearly() {
    let home = discovering();
    let server = Server::new();
    server
        .expect(get(OPENID))
        .answer(server::json(200, &metadata(&server.url())));
    server
        .expect(post("/op/token?v=2").body(
            super::FORM,
            b"grant_type=refresh_token&refresh_token=fake-refresh-1&client_id=fake-client",
        ))
        .answer(refused("invalid_grant"));
    logged_in(&home, &server, -60);
    home.run(["token"])
        .stderr_has("error: pass refused to refresh the token: invalid_grant")
        .stderr_has("hint: log in again: keywright login pass\n")
        .exit(3);
}

fn revocation(token: &str, hint: &str) -> Wanted {
    form(
        "/revoke",
        &[
            ("token", token),
            ("token_type_hint", hint),
            ("client_id", "fake-client"),
        ],
    )
}

#[test]
fn implied_revocation_ends_both_tokens() {
    for access in [server::empty(200), refused("unsupported_token_type")] {
        let home = pass();
        let server = Server::with(
            revocation("fake-refresh-1", "refresh_token"),
            server::empty(200),
        );
        server
            .expect(revocation("fake-access-1", "access_token"))
            .answer(access);
        logged_in(&home, &server, 60);
        home.run(["logout", "--revoke"])
            .expect_stderr("revoked and forgot the credentials of the profile `pass`\n")
            .exit(0);
        assert_eq!(home.kept("pass", "token"), None);
    }
}

#[test]
fn refused_implied_revocation_keeps_tokens() {
    let home = pass();
    let server = Server::with(
        revocation("fake-refresh-1", "refresh_token"),
        refused("invalid_client"),
    );
    logged_in(&home, &server, 60);
    home.run(["logout", "--revoke"])
        .stderr_has("error: pass refused to revoke the access token: invalid_client")
        .stderr_has(messages::NOTHING_FORGOTTEN)
        .exit(10);
    assert!(home.kept("pass", "token").is_some());
}

#[test]
fn missing_login_names_flag() {
    let home = pass();
    home.run(["keys", "list"])
        .env("KEYWRIGHT_PROVIDER", "pass")
        .stderr_has("hint: log in: keywright login pass --web\n")
        .exit(3);
    home.run(["providers", "show", "pass"])
        .stdout_has("in a browser, or with a code for any device")
        .exit(0);
}
