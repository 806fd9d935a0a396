//! One key a user: making the new one ends the old one, and the login follows before anything else.

use serde_json::{Value, json};

use super::{events, is_clean, only_id, steps};
use crate::support::fake::{SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, get, post};
use crate::support::terminal::{Reply, Stdout};

const NEW: &str = "gds_fake0000000000000000000000000002";

fn status(secret: &str) -> Wanted {
    get("/api/keys/status").header("x-api-key", secret)
}

fn replacement(body: &Value) -> Wanted {
    post("/api/keys").header("x-api-key", SIEVE_KEY).json(body)
}

/// Sieve with one key of 90 days, and a machine that is logged in with it.
fn sieve() -> (Server, TestEnv) {
    let server = Server::new();
    one_key(&server);
    let home = TestEnv::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    (server, home)
}

fn one_key(server: &Server) {
    server.expect(status(SIEVE_KEY)).answer(server::json(
        200,
        &json!({ "hasKey": true, "keyPrefix": "gds_fake", "name": "Production", "createdAt": "2026-08-01 00:00:00" }),
    ));
}

fn replaced(server: &Server) {
    server
        .expect(replacement(&json!({ "name": "Production" })))
        .answer(server::json(
            201,
            &json!({ "key": NEW, "keyPrefix": "gds_fake" }),
        ));
}

fn verified(server: &Server) {
    server.expect(status(NEW)).answer(server::json(
        200,
        &json!({ "hasKey": true, "keyPrefix": "gds_fake" }),
    ));
}

fn rotate(home: &TestEnv, args: &[&str]) -> Run {
    home.run(["keys", "rotate", "-y"]).args(args)
}

#[test]
fn replace_updates_login_before_delivery() {
    let (server, home) = sieve();
    replaced(&server);
    verified(&server);
    rotate(&home, &["--to", "file:sieve.key"])
        .expect_stderr(
            "the profile `sieve` logs in with the new key from now on\ndelivered to `file:[home]/work/sieve.key`\n\
             rotated `Production`\n",
        )
        .exit(0);
    assert_eq!(home.kept("sieve", "key").as_deref(), Some(NEW));
    assert_eq!(home.read("work/sieve.key"), Some(format!("{NEW}\n")));
    assert!(!home.keychain.values().contains(&SIEVE_KEY.to_owned()));
    is_clean(&home);
}

#[test]
fn replace_prompt_warns_immediate_invalidation() {
    let (_server, home) = sieve();
    home.run(["keys", "rotate"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(false))
        .stderr_has("invalidates it at once: programs that use it stop working until the new key is in place\n")
        .exit(130);
    assert_eq!(home.kept("sieve", "key").as_deref(), Some(SIEVE_KEY));
}

#[test]
fn replace_env_key_warns() {
    let (server, home) = sieve();
    replaced(&server);
    verified(&server);
    rotate(&home, &[])
        .env("KEYWRIGHT_PROVIDER", "sieve")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key(SIEVE_KEY)
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has(
            "KEYWRIGHT_API_KEY still holds the key that was just replaced: set it to the new one\n",
        )
        .exit(0);
}

#[test]
fn replace_grace_is_refused() {
    let (_server, home) = sieve();
    rotate(&home, &["--grace", "2d"])
        .fails(
            "`--grace 2d` cannot be honoured: with the strategy `replace` the old key is invalidated when the new one is created",
            &[],
        )
        .exit(2);
}

#[test]
fn replace_zero_grace_is_accepted() {
    let (server, home) = sieve();
    replaced(&server);
    verified(&server);
    rotate(&home, &["--to", "file:sieve.key", "--grace", "0s"])
        .stderr_has(&messages::rotated("Production"))
        .exit(0);
    assert_eq!(home.kept("sieve", "key").as_deref(), Some(NEW));
}

#[test]
fn unfinished_replace_refuses_rollback() {
    let (server, home) = sieve();
    replaced(&server);
    server
        .expect(status(NEW))
        .times(7)
        .answer(server::json(401, &json!({ "error": "Invalid API key" })));
    rotate(&home, &["-q"])
        .stderr_has("sieve does not accept the new key: it is invalid\n")
        .exit(10);
    for way_back in ["undo", "abort"] {
        home.run(["rotations", way_back, "-y"])
            .stderr_has(
                "the old key is gone: it was invalidated when the new one was created; the new \
                 key is the only one",
            )
            .exit(6);
    }
    verified(&server);
    let id = only_id(&home);
    home.run(["rotations", "resume", &id, "-q"]).exit(0);
    assert_eq!(home.kept("sieve", "key").as_deref(), Some(NEW));
    is_clean(&home);
}

#[test]
fn replace_lost_response_tests_old_key() {
    for (answer, resumed, said) in [
        (
            server::json(401, &json!({ "error": "Invalid API key" })),
            10,
            "sieve rejects the current key: it was replaced, and the new one was lost",
        ),
        (
            server::json(200, &json!({ "hasKey": true })),
            0,
            "no key was created: the list shows no new key 15 minutes after the request; the old key was not touched",
        ),
    ] {
        let (server, home) = sieve();
        server
            .expect(replacement(&json!({ "name": "Production" })))
            .answer(server::hang_up());
        server.expect(status(SIEVE_KEY)).times(2).answer(answer);
        rotate(&home, &[])
            .stderr_has(messages::SECRET_LOST)
            .exit(10);
        assert_eq!(events(&home), [["intended", "sending", "lost"]]);
        home.clock.pass(15 * 60);
        home.run(["rotations", "resume"])
            .stderr_has(said)
            .exit(resumed);
        if resumed == 10 {
            home.run(["rotations", "abort", "-y"])
                .stderr_has(messages::CHECK_LEFTOVER)
                .exit(0);
        }
        assert_eq!(events(&home).len(), 0);
    }
}

/// Sieve, logged in with a key and a token that was exchanged for it.
fn with_token() -> (Server, TestEnv, String) {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    let token = jwt("old", 900);
    exchanged(&server, SIEVE_KEY, &token);
    home.run(["token"])
        .expect_stdout(format!("{token}\n"))
        .exit(0);
    one_key(&server);
    (server, home, token)
}

fn exchanged(server: &Server, secret: &str, token: &str) {
    let body = json!({ "accessToken": token, "refreshToken": "fake-refresh-1", "expiresIn": 900 });
    server
        .expect(post("/api/keys/exchange").header("x-api-key", secret))
        .answer(server::json(200, &body));
}

#[test]
fn unfinished_replace_withholds_old_credentials() {
    let (server, home, _) = with_token();
    replaced(&server);
    server
        .expect(status(NEW))
        .times(7)
        .answer(server::json(401, &json!({ "error": "Invalid API key" })));
    rotate(&home, &["-q"])
        .stderr_has("error: sieve does not accept the new key: it is invalid\n")
        .exit(10);
    let id = only_id(&home);
    for command in [
        &["token"][..],
        &["token", "--header"],
        &["exec", "--", env!("CARGO_BIN_EXE_keywright")],
        &["credential", "k8s"],
    ] {
        home.run(command)
            .stderr_has(
                "error: the key that the profile `sieve` logs in with was replaced, and the \
                 rotation is unfinished\n",
            )
            .stderr_has(&format!("hint: go on: keywright rotations resume {id}\n"))
            .exit(10);
    }
    verified(&server);
    home.run(["rotations", "resume", "-q"]).exit(0);
    let token = jwt("new", 900);
    exchanged(&server, NEW, &token);
    home.run(["token"])
        .expect_stdout(format!("{token}\n"))
        .exit(0);
}

#[test]
fn token_lost_response_tests_old_key() {
    let (server, home, token) = with_token();
    server
        .expect(replacement(&json!({ "name": "Production" })))
        .answer(server::hang_up());
    let works = server::json(200, &json!({ "hasKey": true }));
    server.expect(status(SIEVE_KEY)).times(2).answer(works);
    rotate(&home, &["-q"])
        .stderr_has(messages::SECRET_LOST)
        .exit(10);
    home.run(["token"])
        .expect_stdout(format!("{token}\n"))
        .exit(0);
    // Some services answer 403 for a key that they no longer know.
    for status_code in [401, 403] {
        let refused = server::json(status_code, &json!({ "error": "no" }));
        server.expect(status(SIEVE_KEY)).answer(refused);
        home.run(["token"])
            .stderr_has("logs in with may have been replaced, and the rotation is unfinished\n")
            .exit(10);
    }
    // Whoever has logged in anew has another key.
    home.clock.pass(1);
    home.log_in("sieve", &server.url(), &[key(NEW)]);
    let token = jwt("new", 900);
    exchanged(&server, NEW, &token);
    home.run(["token"])
        .expect_stdout(format!("{token}\n"))
        .exit(0);
}

#[test]
fn aborted_replacement_issues_no_old_token() {
    for (status_code, body) in [
        (401, json!({ "error": "Invalid API key" })),
        (200, json!({ "hasKey": true })),
    ] {
        let (server, home, _) = with_token();
        server
            .expect(replacement(&json!({ "name": "Production" })))
            .answer(server::hang_up());
        server
            .expect(status(SIEVE_KEY))
            .answer(server::json(status_code, &body));
        rotate(&home, &["-q"])
            .stderr_has(messages::SECRET_LOST)
            .exit(10);
        home.run(["rotations", "abort", "-y", "-q"])
            .stderr_has(messages::CHECK_LEFTOVER)
            .exit(0);
        let refused = server::json(401, &json!({ "error": "Invalid API key" }));
        server
            .expect(post("/api/keys/exchange").header("x-api-key", SIEVE_KEY))
            .answer(refused);
        home.run(["token"])
            .stderr_has("sieve refused to exchange")
            .exit(3);
    }
}

#[test]
fn abort_of_replaced_key_spares_later() {
    const LATER: &str = "gds_fake0000000000000000000000000003";
    for http_status in [401, 403] {
        let server = Server::new();
        let home = TestEnv::new();
        home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
        server
            .expect(replacement(&json!({ "name": "app" })))
            .answer(server::json(201, &json!({ "key": NEW })));
        home.run(["keys", "create", "app", "-y"])
            .sink(Stdout::Full)
            .any_stderr()
            .exit(10);
        let first = only_id(&home);
        home.clock.pass(100);
        home.log_in("sieve", &server.url(), &[key(LATER)]);
        server.expect(status(NEW)).answer(server::json(
            http_status,
            &json!({ "error": "no such key" }),
        ));
        if http_status == 403 {
            let works = server::json(200, &json!({ "hasKey": true }));
            server.expect(status(LATER)).answer(works);
        }
        home.run(["rotations", "abort", &first, "-y"])
            .stderr_has("was gone already\n")
            .exit(0);
        assert_eq!(home.kept("sieve", "key").as_deref(), Some(LATER));
    }
}

#[test]
fn replace_json_has_no_revocation() {
    let (server, home) = sieve();
    replaced(&server);
    verified(&server);
    let done = rotate(&home, &["--json", "-q"]).json_stdout().exit(0);
    let told = done.json();
    assert_eq!(told["strategy"], "replace");
    assert_eq!(told["old"], "Production");
    let wanted = [
        ("intend", "done"),
        ("replace", "done"),
        ("keep", "done"),
        ("verify", "done"),
        ("deliver to profile:sieve", "done"),
        ("clean up", "done"),
    ];
    assert_eq!(steps(&told), wanted);
}

#[test]
fn unsupported_strategy_is_refused() {
    for strategy in ["overlap", "atomic"] {
        let (_server, home) = sieve();
        rotate(&home, &["--strategy", strategy])
            .fails(
                &format!("sieve cannot rotate a key by the strategy `{strategy}`"),
                &["its own is `replace`; leave `--strategy` out"],
            )
            .exit(2);
    }
}
