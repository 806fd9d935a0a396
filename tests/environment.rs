//! Credentials of the environment: for the profile in force, and for no other.

use serde_json::json;

use crate::support::fake::jwt;
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, get};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

fn listing(token: &str) -> Wanted {
    get(KEYS).bearer(token)
}

fn none() -> server::Answer {
    server::json(200, &json!([]))
}

fn given() -> String {
    jwt("given", 900)
}

/// Two profiles of one service at two addresses; the first is the default.
fn two() -> (TestEnv, [Server; 2]) {
    let home = TestEnv::new();
    let servers = [Server::new(), Server::new()];
    for (name, server) in ["a", "b"].into_iter().zip(&servers) {
        let stored = [token(name, 900)];
        home.log_in_as(name, "schatzi", &server.url(), &[], &stored);
    }
    (home, servers)
}

/// The commands that read every profile, with a part of their stdout and stderr where there are no keys.
const NOTHING_FOUND: [(&[&str], &str, &str); 3] = [
    (&["keys", "list", "--all-profiles"], "", "no keys\n"),
    (&["profiles", "--check"], "valid\n", ""),
    (&["audit"], "", "nothing to complain about\n"),
];

#[test]
fn environment_token_serves_active_profile_only() {
    for (args, stdout, stderr) in NOTHING_FOUND {
        let (home, [a, b]) = two();
        a.expect(listing(&given())).answer(none());
        b.expect(listing("b")).answer(none());
        home.run(args)
            .token(&given())
            .stdout_has(stdout)
            .expect_stderr(stderr)
            .exit(0);
    }
    for (args, stdout, stderr) in &NOTHING_FOUND[..2] {
        let (home, [a, b]) = two();
        a.expect(listing("a")).answer(none());
        b.expect(listing(&given())).answer(none());
        home.run(*args)
            .env("KEYWRIGHT_PROFILE", "b")
            .token(&given())
            .stdout_has(stdout)
            .expect_stderr(*stderr)
            .exit(0);
    }
}

#[test]
fn inactive_profile_uses_stored_credential() {
    let (home, [_, b]) = two();
    b.expect(listing("b")).answer(none());
    let shown = home
        .run(["profiles", "show", "b", "--check", "--json"])
        .token(&given())
        .json();
    assert_eq!(shown["credentials"][0]["source"], "keyring");
}

#[test]
fn environment_only_profile_is_checked() {
    for ((args, stdout, stderr), refused_stdout, refused_stderr) in [
        (NOTHING_FOUND[0], "", "no keys\nerror: profile `schatzi`"),
        (NOTHING_FOUND[1], "expired\n", ""),
        (NOTHING_FOUND[2], "", "not every profile could be checked\n"),
    ] {
        let server = Server::with(listing(&given()), none());
        ci("schatzi", &server, args)
            .token(&given())
            .stdout_has(stdout)
            .expect_stderr(stderr)
            .exit(0);
        let refused = server::json(401, &json!({ "detail": "no" }));
        let server = Server::with(listing(&given()), refused);
        ci("schatzi", &server, args)
            .token(&given())
            .stdout_has(refused_stdout)
            .stderr_has(refused_stderr)
            .exit(3);
    }
    Run::new()
        .args(["profiles", "--check"])
        .fails("there is no profile to check", &[messages::LOG_IN])
        .exit(3);
}

#[test]
fn empty_token_variable_blocks_stored_credential() {
    let (home, _servers) = two();
    let touched = home.keychain.touched();
    for args in [&["keys", "list"][..], &["token"], &["api", "GET", "/x"]] {
        home.run(args)
            .token("")
            .stderr_has("and KEYWRIGHT_TOKEN is set but empty\n")
            .stderr_has("hint: or unset KEYWRIGHT_TOKEN: then what is stored is used\n")
            .exit(3);
    }
    home.run(["profiles", "show", "a", "--check"])
        .token("")
        .stdout_has("profile    a (by --profile)\n")
        .fails("there is no credential to check", &[])
        .exit(3);
    assert_eq!(home.keychain.touched(), touched);
    for blank in ["", "  \n", "\u{feff}"] {
        home.run(["token"])
            .token(blank)
            .stderr_has(messages::TOKEN_EMPTY)
            .exit(3);
    }
    // A command that needs none goes on.
    home.run(["profiles"])
        .token("")
        .stdout_has("a (default)  schatzi   KEYWRIGHT_TOKEN  keyring  -              -\n")
        .exit(0);
}

#[test]
fn login_token_variable_set_warns() {
    let server = Server::with(listing("fake-new-token"), none());
    let home = TestEnv::new();
    home.run(["login", "schatzi", "--with-token", "--base-url", &server.url()])
        .token(&given())
        .stdin("fake-new-token\n")
        .stderr_has(
            "warning: KEYWRIGHT_TOKEN is set and decides for the profile in force: this login is used once it is unset\n",
        )
        .exit(0);
}

#[test]
fn refused_variable_is_named_in_error() {
    let refused = server::json(401, &json!({ "detail": "no" }));
    let server = Server::with(listing(&given()), refused);
    let done = ci("schatzi", &server, ["keys", "list"])
        .token(&given())
        .fails(messages::JWT_REFUSED, &[messages::PASTE_NEW_TOKEN])
        .exit(3);
    assert!(done.stderr.contains("KEYWRIGHT_TOKEN"), "{}", done.stderr);
    assert!(!done.stderr.contains("login"), "{}", done.stderr);
}

#[test]
fn environment_address_serves_active_profile_only() {
    for (args, stdout, stderr) in &NOTHING_FOUND[..2] {
        let (home, [_, b]) = two();
        let elsewhere = Server::with(listing(&given()), none());
        b.expect(listing("b")).answer(none());
        home.run(*args)
            .env("KEYWRIGHT_PROFILE", "a")
            .env("KEYWRIGHT_BASE_URL", &elsewhere.url())
            .token(&given())
            .stdout_has(stdout)
            .expect_stderr(*stderr)
            .exit(0);
    }
}

#[test]
fn login_base_url_flag_overrides_variable() {
    let (asked, other) = (Server::with(listing("fake-token"), none()), Server::new());
    let home = TestEnv::new();
    home.run(["login", "schatzi", "--with-token", "--base-url", &asked.url()])
        .env("KEYWRIGHT_BASE_URL", &other.url())
        .stdin("fake-token\n")
        .stderr_has(
            "warning: KEYWRIGHT_BASE_URL is set and names another address than `--base-url`: this login is not used while it is set\n",
        )
        .exit(0);
}

#[test]
fn check_empty_token_variable_is_named() {
    let (home, [_, b]) = two();
    b.expect(listing("b")).answer(none());
    home.run(["profiles", "--check"])
        .env("KEYWRIGHT_PROFILE", "a")
        .token("")
        .stdout_has("b            schatzi   token            keyring  in 15 minutes  valid\n")
        .stderr_has(messages::TOKEN_EMPTY)
        .exit(3);
}
