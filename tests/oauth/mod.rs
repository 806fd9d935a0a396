//! Logins at an authorization server: a code for a device, the endpoints that it publishes, and what is kept.

mod device;
mod discovery;
#[cfg(unix)]
mod web;

use serde_json::{Value, json};

use crate::support::home::TestEnv;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, get, post};

const FORM: &str = "application/x-www-form-urlencoded";

const MANIFEST: &str = include_str!("../manifests/pass.toml");

/// A machine with the manifest.
fn pass() -> TestEnv {
    let home = TestEnv::new();
    home.write("config/providers/pass.toml", MANIFEST);
    home
}

/// A machine with the manifest whose endpoints are discovered.
fn discovering() -> TestEnv {
    let home = TestEnv::new();
    let lines = MANIFEST
        .lines()
        .filter(|line| !line.contains("_endpoint = "));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    home.write("config/providers/pass.toml", text);
    home
}

fn login(home: &TestEnv, server: &Server, method: &str) -> Run {
    home.run(["login", "pass", method, "--base-url", &server.url()])
}

/// A form that is sent.
fn form(path: &str, fields: &[(&str, &str)]) -> Wanted {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(fields);
    post(path).body(FORM, text.finish().as_bytes())
}

fn token() -> Value {
    json!({
        "access_token": "fake-access-1",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": "fake-refresh-1",
        "id_token": "no.jwt.at-all",
    })
}

fn refused(code: &str) -> Answer {
    server::json(400, &json!({ "error": code }))
}

/// The service knows the token.
fn expect_verification(server: &Server) {
    server
        .expect(get("/me").bearer("fake-access-1"))
        .answer(server::json(200, &json!({ "login": "ada" })));
}

const LOGGED_IN: &str = "logged in to pass as ada until 2026-11-20 13:00 UTC (in 1 hour); the access token is kept in \
                         the test keyring\n";
