//! A code that is entered on any device (RFC 8628).

use std::time::Duration;

use serde_json::{Value, json};

use super::{LOGGED_IN, expect_verification, form, login, pass, refused, token};
use crate::support::home::TestEnv;
use crate::support::server::{self, Answer, Server, Wanted};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn request() -> Wanted {
    form(
        "/device/code",
        &[
            ("scope", "keys offline_access"),
            ("audience", "https://api.pass.example.com"),
            ("client_id", "fake-client"),
        ],
    )
}

fn code() -> Value {
    json!({
        "device_code": "fake-device-code",
        "user_code": "WDJB-MJHT",
        "verification_uri": "https://pass.example.com/device",
        "verification_uri_complete": "https://pass.example.com/device?code=WDJB-MJHT",
        "expires_in": 600,
        "interval": 2,
    })
}

fn poll() -> Wanted {
    form(
        "/token",
        &[
            ("grant_type", GRANT),
            ("device_code", "fake-device-code"),
            ("client_id", "fake-client"),
        ],
    )
}

/// A server that hands out a code and answers the polls so.
fn server(answers: Vec<Answer>) -> Server {
    let server = Server::with(request(), server::json(200, &code()));
    for answer in answers {
        server.expect(poll()).answer(answer);
    }
    server
}

fn assert_nothing_kept(home: &TestEnv) {
    assert_eq!(home.kept("pass", "token"), None);
    let kept = home.keychain.values();
    assert!(!kept.iter().any(|value| value.contains("fake")), "{kept:?}");
    assert_eq!(home.read("config/config.toml"), None);
}

const SHOWN: &str = "log in to pass at: https://pass.example.com/device\n\
                     enter the code: WDJB-MJHT\n\
                     or open: https://pass.example.com/device?code=WDJB-MJHT\n\
                     the code is valid until 2026-11-20 12:10 UTC (in 10 minutes)\n";

#[test]
fn device_login_waits_for_approval() {
    let home = pass();
    let server = server(vec![
        refused("authorization_pending"),
        refused("slow_down"),
        server::json(200, &json!({ "error": "authorization_pending" })),
        server::json(200, &token()),
    ]);
    expect_verification(&server);
    let done = login(&home, &server, "--device")
        .expect_stderr(format!("{SHOWN}{LOGGED_IN}"))
        .exit(0);
    let seconds: Vec<u64> = done.sleeps.iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [2, 2, 7, 7]);
    assert_eq!(home.kept("pass", "token").as_deref(), Some("fake-access-1"));
}

#[test]
fn device_login_json_reports_credential() {
    let home = pass();
    let server = server(vec![server::json(200, &token())]);
    expect_verification(&server);
    login(&home, &server, "--device")
        .args(["--json", "--quiet"])
        .expect_json(json!({
            "profile": "pass",
            "provider": "pass",
            "credential": "token",
            "identity": "ada",
            "expires_at": "2026-11-20T13:00:02Z",
            "stored_in": "the test keyring",
        }))
        .expect_stderr(SHOWN)
        .exit(0);
}

#[test]
fn device_login_survives_failing_connections() {
    let home = pass();
    let server = server(vec![
        server::hang_up(),
        server::text(502, "bad gateway"),
        server::html(503),
        server::json(200, &token()),
    ]);
    expect_verification(&server);
    let done = login(&home, &server, "--device")
        .expect_stderr(format!("{SHOWN}{LOGGED_IN}"))
        .exit(0);
    let seconds: Vec<u64> = done.sleeps.iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [2, 4, 8, 16]);
}

#[test]
fn device_login_refusal_stores_nothing() {
    for (answer, message, exit) in [
        (
            refused("access_denied"),
            "error: pass refused to log in: access_denied\nhint: nothing was stored\n",
            4,
        ),
        (
            refused("expired_token"),
            "error: not logged in to pass: the code expired before it was entered and the login agreed to\n",
            3,
        ),
        (
            server::json(
                400,
                &json!({ "error": "invalid_grant", "error_description": "no \u{1b}[31mfake-device-code" }),
            ),
            "error: pass refused to log in: no ",
            3,
        ),
        (
            server::html(200),
            "error: pass answered with a web page instead of JSON",
            1,
        ),
        (
            server::json(200, &json!({ "token_type": "Bearer" })),
            "error: pass answered the login without a token: there is no `access_token`\n",
            1,
        ),
        (
            server::json(200, &json!({ "access_token": null, "id_token": "x.y.z" })),
            "there is no `access_token`\n",
            1,
        ),
        (
            server::json(
                200,
                &json!({ "access_token": "fake-bound-token-01", "token_type": "dpop" }),
            ),
            "error: pass issued a token of the type `dpop`, which works only with a proof",
            1,
        ),
        (server::html(404), "error: pass refused to log in: ", 5),
    ] {
        let home = pass();
        let server = server(vec![answer]);
        login(&home, &server, "--device")
            .stderr_has(SHOWN)
            .stderr_has(message)
            .hides("fake-device-code")
            .exit(exit);
        assert_nothing_kept(&home);
    }
}

#[test]
fn device_code_expires_unentered() {
    let home = pass();
    let short = json!({
        "device_code": "fake-device-code",
        "user_code": "WDJB-MJHT",
        "verification_url": "https://pass.example.com/device",
        "expires_in": "12",
    });
    let server = Server::with(request(), server::json(200, &short));
    for _ in 0..3 {
        server
            .expect(poll())
            .answer(refused("authorization_pending"));
    }
    let done = login(&home, &server, "--device")
        .stderr_has("error: not logged in to pass: the code expired before")
        .stderr_has("hint: nothing was stored; run the login again for a new code\n")
        .exit(3);
    let seconds: Vec<u64> = done.sleeps.iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [5, 5, 2]);
    assert_nothing_kept(&home);
}

#[test]
fn device_login_ends_with_timeout() {
    let home = pass();
    let server = server(vec![refused("authorization_pending"); 2]);
    login(&home, &server, "--device")
        .args(["--timeout", "4s"])
        .stderr_has("the code was not entered in the time that `--timeout` allows\n")
        .exit(3);
    assert_nothing_kept(&home);
}

#[test]
fn device_code_answer_must_be_whole() {
    for (answer, message) in [
        (
            server::html(200),
            "error: pass answered with a web page instead of JSON\n",
        ),
        (
            server::json(200, &json!({ "device_code": "fake-device-code" })),
            "error: pass answered with no code for a device: ",
        ),
        (
            server::json(
                200,
                &json!({ "device_code": "fake-device-code", "user_code": "AB-CD", "verification_uri": "javascript:alert(1)" }),
            ),
            "error: pass answered with no code for a device: ",
        ),
        (
            refused("unauthorized_client"),
            "error: pass refused to log in: unauthorized_client\n",
        ),
        (server::empty(404), "error: pass refused to log in: "),
    ] {
        let home = pass();
        let server = Server::with(request(), answer);
        login(&home, &server, "--device")
            .stderr_has(message)
            .exit_any();
        assert_nothing_kept(&home);
    }
}

#[test]
fn device_token_without_refresh_is_kept() {
    let home = pass();
    let bare = json!({ "access_token": "fake-access-1", "scope": "keys" });
    let server = server(vec![server::json(200, &bare)]);
    expect_verification(&server);
    login(&home, &server, "--device")
        .stderr_has("warning: pass did not grant: offline_access\n")
        .stderr_has("logged in to pass as ada; the access token is kept in the test keyring\n")
        .exit(0);
    assert_eq!(home.kept("pass", "token").as_deref(), Some("fake-access-1"));
}

#[test]
fn device_flag_without_login_is_refused() {
    TestEnv::new()
        .run(["login", "sieve", "--device"])
        .stderr_has("error: sieve cannot be logged in to with `--device`\n")
        .exit(2);
}

#[test]
fn wide_terminal_shows_qr_code() {
    for (columns, is_shown) in [(100, true), (30, false)] {
        let server = server(vec![refused("access_denied")]);
        let done = login(&pass(), &server, "--device")
            .env("LANG", "C.UTF-8")
            .at_columns(columns)
            .stderr_has("WDJB-MJHT")
            .exit(4);
        assert_eq!(done.stderr.contains("▀▀▀▀▀"), is_shown, "{}", done.stderr);
    }
}
