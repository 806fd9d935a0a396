//! A browser that returns to a port of this machine (RFC 8252).

use serde_json::json;

use super::{LOGGED_IN, MANIFEST, expect_verification, form, login, pass, refused, token};
use crate::support::browser::FakeBrowser;
use crate::support::home::{TestEnv, key};
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted};

const CALLBACK: &str = "/callback?code=fake-code-0001&state={state}";

/// The exchange of the code for a token.
fn redeemed(browser: &FakeBrowser, redirect_uri: &str) -> Wanted {
    form(
        "/token",
        &[
            ("grant_type", "authorization_code"),
            ("code", "fake-code-0001"),
            ("redirect_uri", redirect_uri),
        ],
    )
    .and_form("&code_verifier={verifier}&client_id=fake-client")
    .pkce(browser)
}

const RETURNED_TO: &str = "http://127.0.0.1:45678/callback";

/// A login in a browser that is there.
fn web(home: &TestEnv, server: &Server, browser: &FakeBrowser) -> Run {
    login(home, server, "--web")
        .env("BROWSER", "/bin/true")
        .browser(browser)
}

fn assert_nothing_kept(home: &TestEnv) {
    let kept = home.keychain.values();
    assert!(!kept.iter().any(|value| value.contains("fake")), "{kept:?}");
    assert_eq!(home.read("config/config.toml"), None);
}

#[test]
fn browser_login_exchanges_code_once() {
    let home = pass();
    // An icon and a look at the page alone are nothing of the login.
    let browser = FakeBrowser::requesting(["/favicon.ico", "/callback", "/", CALLBACK]);
    let server = Server::with(redeemed(&browser, RETURNED_TO), token().into());
    expect_verification(&server);
    let done = web(&home, &server, &browser)
        .stderr_has("log in to pass in the browser that opens; if none does, open: ")
        .stderr_has(LOGGED_IN)
        .hides("fake-code-0001")
        .exit(0);
    assert_eq!(browser.statuses(), [404, 404, 404, 200]);
    assert_eq!(home.kept("pass", "token").as_deref(), Some("fake-access-1"));
    assert!(!done.stderr.contains("code_verifier"), "{}", done.stderr);
    assert_eq!(browser.address(), format!("{}/authorize", server.url()));
    let mut given = browser.parameters();
    assert_eq!(given.remove("state").map(|state| state.len()), Some(43));
    assert_eq!(
        given.remove("code_challenge").map(|one| one.len()),
        Some(43)
    );
    let given: Vec<_> = given
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    assert_eq!(
        given,
        [
            ("audience", "https://api.pass.example.com"),
            ("client_id", "fake-client"),
            ("code_challenge_method", "S256"),
            ("redirect_uri", RETURNED_TO),
            ("response_type", "code"),
            ("scope", "keys offline_access"),
        ]
    );
}

#[test]
fn browser_callback_of_other_login_refused() {
    let server = Server::new();
    let issuer = format!(
        "/callback?code=x&state={{state}}&iss={}",
        "https%3A%2F%2Fevil.example"
    );
    for (target, message, exit) in [
        (
            "/callback?code=fake-code-0001&state=another",
            "its `state` is not the one that was sent\n",
            3,
        ),
        (
            "/callback?code=fake-code-0001",
            "its `state` is not the one that was sent\n",
            3,
        ),
        (&issuer, "its `iss` is not the issuer that was asked\n", 3),
        (
            "/callback?code=x&state={state}&state=another",
            "the browser came back with two values of `state`\n",
            3,
        ),
        (
            "/callback?code=x&code=y&state={state}",
            "the browser came back with two values of `code`\n",
            3,
        ),
        (
            "/callback?error=access_denied&error_description=no%1b%5B31m%20way&state={state}",
            "error: pass refused to log in: no",
            4,
        ),
    ] {
        let home = pass();
        let browser = FakeBrowser::requesting([target]);
        web(&home, &server, &browser)
            .stderr_has(message)
            .stderr_has("hint: nothing was stored")
            .exit(exit);
        assert_eq!(browser.statuses(), [400]);
        assert_nothing_kept(&home);
    }
}

#[test]
fn browser_that_never_returns_times_out() {
    let home = pass();
    let browser = FakeBrowser::requesting(["/favicon.ico"]);
    web(&home, &Server::new(), &browser)
        .args(["--timeout", "20s"])
        .stderr_has("error: not logged in to pass: no browser came back within 20 s\n")
        .exit(3);
    assert_nothing_kept(&home);
}

#[test]
fn refused_code_stores_nothing() {
    for (answer, message) in [
        (
            refused("invalid_grant"),
            "error: pass refused to log in: invalid_grant\n",
        ),
        (
            server::html(200),
            "error: pass answered with a web page instead of JSON",
        ),
        (
            json!({ "id_token": "x.y.z" }).into(),
            "error: pass answered the login without a token",
        ),
    ] {
        let home = pass();
        let browser = FakeBrowser::requesting([CALLBACK]);
        let server = Server::with(redeemed(&browser, RETURNED_TO), answer);
        web(&home, &server, &browser).stderr_has(message).exit_any();
        assert_nothing_kept(&home);
    }
}

#[test]
fn login_without_display_uses_device_code() {
    for (variable, value, why) in [
        ("TERM", "x", "there is no display"),
        (
            "SSH_CONNECTION",
            "192.0.2.1 1 192.0.2.2 22",
            "this is an SSH session",
        ),
        ("CI", "true", "this is a CI job"),
    ] {
        let home = pass();
        let server = Server::new();
        let asked = [
            ("scope", "keys offline_access"),
            ("audience", "https://api.pass.example.com"),
            ("client_id", "fake-client"),
        ];
        server
            .expect(form("/device/code", &asked))
            .answer(refused("server_error"));
        login(&home, &server, "--web")
            .env(variable, value)
            .stderr_has(&format!(
                "no browser can be opened ({why}): log in with a code instead\n"
            ))
            .exit(8);
    }
}

#[test]
fn login_without_device_code_shows_address() {
    let home = TestEnv::new();
    let lines = MANIFEST
        .lines()
        .filter(|line| !line.starts_with("device_auth"));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    let text = text.replace(
        "[oauth]",
        "[oauth]\nredirect_uri = \"http://localhost:8976/oauth/callback\"",
    );
    home.write("config/providers/pass.toml", text);
    let browser = FakeBrowser::requesting(["/oauth/callback?code=fake-code-0001&state={state}"]);
    let server = Server::with(
        redeemed(&browser, "http://localhost:8976/oauth/callback"),
        token().into(),
    );
    expect_verification(&server);
    login(&home, &server, "--web")
        .browser(&browser)
        .stderr_has("no browser can be opened (there is no display)\nlog in to pass in a browser on this machine: ")
        .stderr_has(LOGGED_IN)
        .exit(0);
}

#[test]
fn web_flag_without_login_opens_dashboard() {
    for (browser, said) in [
        ("/bin/true", "opened https://my.siati.ai"),
        (
            "/nowhere/browser",
            "no browser can be opened (no program opens one here); go to: https://my.siati.ai",
        ),
    ] {
        let home = TestEnv::new();
        let server = Server::with(
            server::get("/v1/models").bearer("sk-siati-fake-1"),
            server::json(200, &json!({ "data": [] })),
        );
        home.run(["login", "siati", "--web", "--base-url", &server.url()])
            .env("BROWSER", browser)
            .stdin("sk-siati-fake-1\n")
            .stderr_has(said)
            .stderr_has("is kept in the test keyring\n")
            .exit(0);
    }
}

#[test]
fn create_web_opens_manual_page() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in("generic", &server.url(), &[key("sk_live_fake")]);
    home.log_in("sieve", &server.url(), &[key("fake-key")]);
    home.run(["-p", "generic", "keys", "create", "ci", "--web"])
        .env("BROWSER", "/bin/true")
        .stdin("")
        .stderr_has("opened https://example.com")
        .stderr_has("generic has no operation to create a key: create it by hand\n")
        .exit(2);
    home.run(["-p", "sieve", "keys", "create", "--web"])
        .fails(
            "sieve creates keys by a call: there is no page to open",
            &["leave out `--web`; nothing was created"],
        )
        .exit(2);
}
