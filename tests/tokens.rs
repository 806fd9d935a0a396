//! Tokens that are valid now: taken, renewed in time, got for a key, and renewed once however many ask.

use serde_json::{Value, json};

use crate::support::fake::{SCHATZI_KEY, SIATI_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::http::{FakeTransport, answer};
use crate::support::messages;
use crate::support::run::{Run, all_at_once, ci};
use crate::support::server::{self, Server, Wanted, get, post};
use crate::user_manifests::minimal_manifest;

const FIRST: &str = "fake-refresh-1";

fn exchange() -> Wanted {
    post("/api/keys/exchange").header("x-api-key", SIEVE_KEY)
}

fn refresh(with: &str) -> Wanted {
    post("/api/auth/refresh").json(&json!({ "refreshToken": with }))
}

fn pair(access: &str) -> server::Answer {
    let body = json!({ "accessToken": access, "refreshToken": "fake-refresh-2", "expiresIn": 900 });
    server::json(200, &body)
}

/// A home with a Sieve token of fifteen minutes of which so many seconds are left.
fn with_seconds_left(server: &Server, left: i64) -> (TestEnv, String) {
    let home = TestEnv::new();
    let access = jwt("old", 900);
    let given = token(&access, 900).refreshed_by(FIRST);
    home.log_in("sieve", &server.url(), &[given]);
    home.clock.pass(900 - left);
    (home, access)
}

#[test]
fn token_still_valid_is_printed_unchanged() {
    let server = Server::new();
    let (home, access) = with_seconds_left(&server, 91);
    home.run(["token"])
        .expect_stdout(format!("{access}\n"))
        .exit(0);
    home.run(["token", "--header"])
        .expect_stdout(format!("Authorization: Bearer {access}\n"))
        .exit(0);
    home.run(["token", "--json"])
        .expect_json(json!({
            "token": access,
            "type": "Bearer",
            "expires_at": "2026-11-20T12:15:00Z",
        }))
        .exit(0);
}

#[test]
fn token_in_last_tenth_is_refreshed() {
    let new = jwt("new", 900);
    let server = Server::with(refresh(FIRST), pair(&new));
    let (home, _) = with_seconds_left(&server, 90);
    home.run(["token"])
        .expect_stdout(format!("{new}\n"))
        .exit(0);
    assert_eq!(home.kept("sieve", "token"), Some(new));
}

#[test]
fn token_below_min_ttl_is_refreshed() {
    let new = jwt("new", 900);
    let server = Server::with(refresh(FIRST), pair(&new));
    let (home, access) = with_seconds_left(&server, 600);
    home.run(["token", "--min-ttl", "9m"])
        .expect_stdout(format!("{access}\n"))
        .exit(0);
    home.run(["token", "--min-ttl", "14m"])
        .expect_stdout(format!("{new}\n"))
        .exit(0);
}

#[test]
fn token_min_ttl_above_lifetime_fails() {
    let server = Server::with(refresh(FIRST), pair(&jwt("new", 900)));
    let (home, _) = with_seconds_left(&server, 600);
    home.run(["token", "--min-ttl", "1h"])
        .fails(
            "the newest token expires in 15 minutes, before the 1h that `--min-ttl` asks for",
            &["ask for less; sieve gives tokens no longer life"],
        )
        .exit(3);
}

#[test]
fn token_missing_is_exchanged_from_key() {
    let home = TestEnv::new();
    let new = jwt("new", 900);
    let server = Server::with(exchange(), pair(&new));
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    for _ in 0..2 {
        home.run(["token"])
            .expect_stdout(format!("{new}\n"))
            .exit(0);
    }
}

#[test]
fn refresh_refused_falls_back_to_exchange() {
    let home = TestEnv::new();
    let (old, new) = (jwt("old", 900), jwt("new", 900));
    let server = Server::new();
    server.expect(refresh(FIRST)).answer(server::json(
        401,
        &json!({ "error": "Invalid refresh token" }),
    ));
    server.expect(exchange()).answer(pair(&new));
    let given = [key(SIEVE_KEY), token(&old, 900).refreshed_by(FIRST)];
    home.log_in("sieve", &server.url(), &given);
    home.clock.pass(900);
    home.run(["token"])
        .expect_stdout(format!("{new}\n"))
        .exit(0);
}

#[test]
fn refresh_refused_asks_for_login() {
    let server = Server::with(
        refresh(FIRST),
        server::json(401, &json!({ "error": "Invalid refresh token" })),
    );
    let (home, _) = with_seconds_left(&server, 0);
    home.run(["token"])
        .fails(
            "sieve refused to refresh the token: Invalid refresh token",
            &[
                messages::LOG_IN_WITH_NEW_KEY,
                "log in again: keywright login sieve",
            ],
        )
        .exit(3);
}

#[test]
fn refresh_transient_failure_keeps_token() {
    let server = Server::with(refresh(FIRST), server::empty(503));
    let (home, access) = with_seconds_left(&server, 60);
    home.run(["token"])
        .expect_stdout(format!("{access}\n"))
        .expect_stderr(
            "warning: the token could not be renewed: sieve could not refresh the token: the service cannot answer \
             now (HTTP 503)\n",
        )
        .exit(0);
}

#[test]
fn refresh_omitted_refresh_token_is_kept() {
    let (second, third) = (jwt("second", 900), jwt("third", 1_800));
    let server = Server::new();
    let lean =
        |access: &str| server::json(200, &json!({ "accessToken": access, "expiresIn": 900 }));
    server.expect(refresh(FIRST)).answer(lean(&second));
    server.expect(refresh(FIRST)).answer(lean(&third));
    let (home, _) = with_seconds_left(&server, 0);
    home.run(["refresh", "-q"]).exit(0);
    home.run(["refresh", "-q"]).exit(0);
    assert_eq!(home.kept("sieve", "token"), Some(third));
}

#[test]
fn refresh_rotated_token_is_used_next() {
    let server = Server::new();
    server
        .expect(refresh(FIRST))
        .answer(pair(&jwt("second", 900)));
    server
        .expect(refresh("fake-refresh-2"))
        .answer(pair(&jwt("third", 900)));
    let (home, _) = with_seconds_left(&server, 0);
    home.run(["refresh", "-q"]).exit(0);
    home.run(["refresh", "-q"]).exit(0);
}

#[test]
fn call_expired_token_refreshes_first() {
    let new = jwt("new", 900);
    let server = Server::new();
    server.expect(refresh(FIRST)).answer(pair(&new));
    server
        .expect(get("/api/keys/status").bearer(&new))
        .answer(server::json(200, &json!({ "hasKey": false })));
    let (home, _) = with_seconds_left(&server, 0);
    home.run(["keys", "status", "--json"]).json_stdout().exit(0);
}

#[test]
fn token_expired_unrenewable_asks_for_login() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in("schatzi", &server.url(), &[token(&jwt("old", 60), 60)]);
    home.clock.pass(61);
    home.run(["token"])
        .fails(
            "the JWT of the profile `schatzi` has expired",
            &["log in: keywright login schatzi --with-token", CLOCK],
        )
        .exit(3);
}

const CLOCK: &str = "this machine's clock says 2026-11-20 12:01 UTC: if that is wrong, set it (keywright doctor compares it)";

#[test]
fn call_locally_expired_token_is_sent() {
    let home = TestEnv::new();
    let old = jwt("old", 60);
    let server = Server::new();
    let keys = || get("/api/v1/accounts/user/api-keys/").bearer(&old);
    server.expect(keys()).answer(server::json(200, &json!([])));
    server.expect(keys()).answer(server::json(
        401,
        &json!({ "detail": "Given token not valid", "code": "token_not_valid" }),
    ));
    home.log_in("schatzi", &server.url(), &[token(&old, 60)]);
    home.clock.pass(61);
    home.run(["keys", "list", "--json"])
        .expect_json(json!([]))
        .exit(0);
    home.run(["keys", "list"])
        .stderr_has(&format!("hint: {CLOCK}\n"))
        .exit(3);
}

#[test]
fn refusal_names_clock_skew() {
    for (date, words) in [
        ("Fri, 20 Nov 2026 11:30:00 GMT", "1800 s ahead of"),
        ("Fri, 20 Nov 2026 12:30:00 GMT", "1800 s behind"),
    ] {
        let answer = server::json(401, &json!({ "detail": "no" })).header("Date", date);
        let given = jwt("given", 900);
        let wanted = get("/api/v1/accounts/user/api-keys/").bearer(&given);
        let server = Server::with(wanted, answer);
        ci("schatzi", &server, ["keys", "list"])
            .token(&given)
            .stderr_has(&format!("this machine's clock is {words} that of schatzi"))
            .exit(3);
    }
}

#[test]
fn token_expiry_uses_own_clock() {
    // Here it is noon; at the service it is half past eleven, and the token is good until a quarter to twelve there.
    let home = TestEnv::new();
    let new = jwt("new", -900);
    let answer = server::json(200, &json!({ "accessToken": new, "expiresIn": 900 }));
    let answer = answer.header("Date", "Fri, 20 Nov 2026 11:30:00 GMT");
    let server = Server::with(exchange(), answer);
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    for _ in 0..2 {
        home.run(["token", "--json"])
            .expect_json(json!({
                "token": new,
                "type": "Bearer",
                "expires_at": "2026-11-20T12:15:00Z",
            }))
            .exit(0);
    }
    home.run(["token", "--min-ttl", "10m"])
        .expect_stdout(format!("{new}\n"))
        .exit(0);
}

#[test]
fn clock_set_back_refreshes_token() {
    let new = jwt("new", 900);
    let server = Server::with(refresh(FIRST), pair(&new));
    let (home, _) = with_seconds_left(&server, 900);
    home.clock.pass(-3_600);
    for _ in 0..2 {
        home.run(["token"])
            .expect_stdout(format!("{new}\n"))
            .exit(0);
    }
}

#[test]
fn clock_set_back_unrenewable_warns() {
    let home = TestEnv::new();
    let server = Server::new();
    let given = jwt("old", 900);
    home.log_in("schatzi", &server.url(), &[token(&given, 900)]);
    home.clock.pass(-3_600);
    home.run(["token"])
        .expect_stdout(format!("{given}\n"))
        .expect_stderr(
            "warning: this machine's clock shows a time before the token was saved: it may have expired\n",
        )
        .exit(0);
}

#[test]
fn call_any_401_refreshes_token() {
    for body in [
        json!({ "error": "invalid_token", "error_description": "The access token expired" }),
        json!({ "statusCode": 401, "error": "Unauthorized", "message": "jwt expired" }),
        json!({ "error": { "code": "TOKEN_EXPIRED", "message": "x" } }),
        json!({ "error": { "code": "forbidden", "message": "no" } }),
        json!("<html>"),
        Value::Null,
    ] {
        let new = jwt("new", 900);
        let server = Server::new();
        let (home, access) = with_seconds_left(&server, 900);
        let status = |token: &str| get("/api/keys/status").bearer(token);
        server
            .expect(status(&access))
            .answer(server::json(401, &body));
        server.expect(refresh(FIRST)).answer(pair(&new));
        server
            .expect(status(&new))
            .answer(server::json(200, &json!({ "hasKey": false })));
        home.run(["keys", "status", "--json"]).json_stdout().exit(0);
    }
}

#[test]
fn call_second_401_is_not_refreshed() {
    let new = jwt("new", 900);
    let server = Server::new();
    let (home, access) = with_seconds_left(&server, 900);
    for token in [&access, &new] {
        let refused = server::json(401, &json!({ "error": "no" }));
        server
            .expect(get("/api/keys/status").bearer(token))
            .answer(refused);
        if *token == access {
            server.expect(refresh(FIRST)).answer(pair(&new));
        }
    }
    home.run(["keys", "status"])
        .fails(
            "sieve refused to say whether there is a key: no",
            &[messages::LOG_IN_WITH_NEW_KEY],
        )
        .exit(3);
}

#[test]
fn token_replaced_key_is_exchanged_anew() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    let (first, second) = (jwt("first", 900), jwt("second", 900));
    server.expect(exchange()).answer(pair(&first));
    home.run(["token"])
        .expect_stdout(format!("{first}\n"))
        .exit(0);
    let other = format!("{SIEVE_KEY}-other");
    home.log_in("sieve", &server.url(), &[key(&other)]);
    server
        .expect(post("/api/keys/exchange").header("x-api-key", &other))
        .answer(pair(&second));
    for _ in 0..2 {
        home.run(["token"])
            .expect_stdout(format!("{second}\n"))
            .exit(0);
    }
    // Another store keeps the same key: nothing has changed.
    home.run(["profiles", "move", "--store", "file"])
        .env("KEYWRIGHT_PASSPHRASE", "fake phrase")
        .any_stderr()
        .exit(0);
    home.run(["token"])
        .env("KEYWRIGHT_PASSPHRASE", "fake phrase")
        .expect_stdout(format!("{second}\n"))
        .exit(0);
}

#[test]
fn token_refused_is_never_printed_again() {
    let home = TestEnv::new();
    let server = Server::new();
    let more = r#"operations.list.auth = ["token"]
operations.list.response.items = "/keys"
credentials.token = { kind = "token", title = "token", in = [{ header = { name = "Authorization", scheme = "Bearer" } }] }
operations.exchange = { auth = ["key"], yields = "token", request = { method = "POST", path = "/t" }, response = { token = { value = "/t" } } }"#;
    home.write("config/providers/mine.toml", minimal_manifest("mine", more));
    home.log_in("mine", &server.url(), &[key("fake-own-key")]);
    let exchange = || post("/t").header("x-api-key", "fake-own-key");
    let refused = || server::json(401, &json!({ "message": "no longer" }));
    server
        .expect(exchange())
        .answer(server::json(200, &json!({ "t": "fake-derived-token" })));
    home.run(["token"])
        .expect_stdout("fake-derived-token\n")
        .exit(0);
    // The key was revoked elsewhere, and its token with it.
    server
        .expect(get("/keys").bearer("fake-derived-token"))
        .answer(refused());
    server.expect(exchange()).answer(refused());
    home.run(["keys", "list"])
        .fails(messages::EXCHANGE_REFUSED, &[messages::LOG_IN_WITH_KEY])
        .exit(3);
    server.expect(exchange()).answer(refused());
    home.run(["token"])
        .fails(messages::EXCHANGE_REFUSED, &[messages::LOG_IN_WITH_KEY])
        .exit(3);
}

#[test]
fn token_other_address_is_exchanged_anew() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    let (first, second) = (jwt("first", 900), jwt("second", 900));
    server.expect(exchange()).answer(pair(&first));
    home.run(["token", "-q"])
        .expect_stdout(
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmaXJzdCIsImV4cCI6MTc5NTE3NjkwMH0.not-signed-first\n",
        )
        .exit(0);
    server
        .expect(post("/tenant/api/keys/exchange").header("x-api-key", SIEVE_KEY))
        .answer(pair(&second));
    home.run(["token"])
        .env("KEYWRIGHT_BASE_URL", &format!("{}/tenant", server.url()))
        .expect_stdout(format!("{second}\n"))
        .exit(0);
}

#[test]
fn token_environment_touches_no_store() {
    let home = TestEnv::new();
    let server = Server::new();
    let (stored, given) = (jwt("stored", 900), jwt("given", 900));
    home.log_in("sieve", &server.url(), &[token(&stored, 900)]);
    let touched = home.keychain.touched();
    home.run(["token"])
        .token(&format!("{given}\n"))
        .expect_stdout(format!("{given}\n"))
        .exit(0);
    assert_eq!(home.keychain.touched(), touched);
    home.run(["token"])
        .token("")
        .fails(
            "this takes the JWT or Personal Access Token of sieve, and KEYWRIGHT_TOKEN is set but empty",
            &[
                "set KEYWRIGHT_TOKEN or KEYWRIGHT_API_KEY",
                "or unset KEYWRIGHT_TOKEN: then what is stored is used",
            ],
        )
        .exit(3);
    assert_eq!(home.keychain.touched(), touched);
}

#[test]
fn token_environment_refresh_is_not_stored() {
    let home = TestEnv::new();
    let (old, new) = (jwt("old", -60), jwt("new", 900));
    let server = Server::with(
        post("/auth/refresh").bearer(&old),
        server::json(200, &json!({ "token": new })),
    );
    home.run(["token"])
        .env("KEYWRIGHT_PROVIDER", "siati")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .token(&old)
        .expect_stdout(format!("{new}\n"))
        .expect_stderr(
            "KEYWRIGHT_TOKEN holds a token that has expired; a new one is used for this run only\n",
        )
        .exit(0);
    assert_eq!(home.keychain.touched(), 0);
    assert!(home.files().is_empty(), "{:?}", home.files().keys());
}

#[test]
fn token_environment_key_is_exchanged() {
    let new = jwt("new", 900);
    let server = Server::with(exchange(), pair(&new));
    ci("sieve", &server, ["token"])
        .key(SIEVE_KEY)
        .expect_stdout(format!("{new}\n"))
        .exit(0);
}

#[test]
fn token_absent_prints_key_instead() {
    let server = Server::new();
    ci("siati", &server, ["token", "--json"])
        .key(SIATI_KEY)
        .expect_json(json!({ "token": SIATI_KEY, "type": "Bearer", "expires_at": null }))
        .expect_stderr("the profile `siati` has no token: this is its key\n")
        .exit(0);
    ci("siesta", &server, ["token", "--header"])
        .key("fake-siesta-key")
        .env("KEYWRIGHT_VAR_ORG_ID", "org-fake-1")
        .expect_stdout("X-Api-Key: fake-siesta-key\nX-Org-Id: org-fake-1\n")
        .exit(0);
    ci("schatzi", &server, ["token", "-q"])
        .key(SCHATZI_KEY)
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .exit(0);
}

#[test]
fn exchange_and_refresh_are_never_repeated() {
    for (answer, exchanged, refreshed) in [
        (server::hang_up(), 10, 10),
        (server::empty(200), 10, 10),
        (server::html(200), 10, 10),
        (server::json(200, &Value::Null), 10, 10),
        // A gateway's word: the key still gets as many tokens as one likes, a refresh token may be used up.
        (server::html(502), 8, 10),
        (server::empty(429).header("Retry-After", "1"), 7, 7),
    ] {
        let home = TestEnv::new();
        let server = Server::with(exchange(), answer.clone());
        home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
        home.run(["exchange"])
            .stderr_has("error: sieve ")
            .exit(exchanged);
        let server = Server::with(refresh(FIRST), answer);
        let (home, _) = with_seconds_left(&server, 900);
        home.run(["refresh"])
            .stderr_has("error: sieve ")
            .exit(refreshed);
    }
}

#[test]
fn refresh_lost_response_warns_of_loss() {
    let server = Server::with(refresh(FIRST), server::hang_up());
    let (home, access) = with_seconds_left(&server, 900);
    home.run(["refresh"])
        .stderr_has(messages::REFRESH_TOKEN_USED)
        .exit(10);
    assert_eq!(home.kept("sieve", "token"), Some(access));
}

#[test]
fn exchange_unavailable_store_fails_before_request() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.keychain
        .fails(keywright::platform::KeychainError::Unavailable(
            "it went away".to_owned(),
        ));
    home.run(["exchange"])
        .stderr_has("hint: to use a token without keeping it: keywright token\n")
        .exit(9);
}

#[test]
fn concurrent_runs_share_one_refresh() {
    let new = jwt("new", 900);
    let server = Server::with(refresh(FIRST), pair(&new));
    let (home, _) = with_seconds_left(&server, 0);
    let runs: Vec<Run> = (0..20)
        .map(|_| home.run(["token"]).expect_stdout(format!("{new}\n")))
        .collect();
    all_at_once(&runs);
}

#[test]
fn concurrent_runs_share_one_exchange() {
    let home = TestEnv::new();
    let new = jwt("new", 900);
    let server = Server::with(exchange(), pair(&new));
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    let runs: Vec<Run> = (0..20)
        .map(|_| home.run(["token"]).expect_stdout(format!("{new}\n")))
        .collect();
    all_at_once(&runs);
}

#[test]
fn refresh_unstorable_token_is_persisted_later() {
    let new = jwt("new", 900);
    let server = Server::with(refresh(FIRST), pair(&new));
    let (home, _) = with_seconds_left(&server, 0);
    home.keychain.is_full(true);
    for _ in 0..2 {
        home.run(["token"])
            .expect_stdout(format!("{new}\n"))
            .expect_stderr(
                "warning: the test keyring failed: there is no room; the new token waits encrypted in the state \
                 folder, and the next call tries again\n",
            )
            .exit(0);
    }
    home.keychain.is_full(false);
    home.run(["token"])
        .expect_stdout(format!("{new}\n"))
        .exit(0);
    assert_eq!(home.kept("sieve", "token"), Some(new));
    assert_eq!(
        home.keychain.values().len(),
        3,
        "the pair, and the mark of the store"
    );
}

#[test]
fn refresh_during_login_keeps_new_login() {
    let home = TestEnv::new();
    let theirs = jwt("theirs", 900);
    let old = token("fake-old", 900).refreshed_by(FIRST);
    home.log_in("sieve", "https://sieve.invalid", &[old]);
    // Somebody else logs in after the request has gone out.
    let (there, secret) = (home.clone(), theirs.clone());
    let http = FakeTransport::answering(move |_| {
        let given = token(&secret, 900).refreshed_by("fake-refresh-theirs");
        there.log_in("sieve", "https://sieve.invalid", &[given]);
        let body =
            json!({ "accessToken": "fake-ours", "refreshToken": "fake-2", "expiresIn": 900 });
        Ok(answer(200, body.to_string()))
    });
    home.run(["refresh", "-q"]).http(http).exit(0);
    assert_eq!(home.kept("sieve", "token"), Some(theirs));
    assert_eq!(
        home.keychain.values().len(),
        3,
        "their pair, and the mark of the store"
    );
}

#[test]
fn refresh_refused_after_lost_response_explained() {
    let server = Server::new();
    server.expect(refresh(FIRST)).answer(server::hang_up());
    for _ in 0..2 {
        server.expect(refresh(FIRST)).answer(server::json(
            401,
            &json!({ "error": "Invalid refresh token" }),
        ));
    }
    let (home, _) = with_seconds_left(&server, 0);
    home.run(["token"])
        .stderr_has(messages::REFRESH_TOKEN_USED)
        .exit(10);
    home.clock.pass(60);
    for _ in 0..2 {
        home.run(["token"])
            .stderr_has(
                "hint: a call at 2026-11-20 12:15:00 UTC was interrupted before its answer arrived: what gets the \
                 next token was used up by it, and the new one is lost\n",
            )
            .stderr_has("hint: log in again: keywright login sieve\n")
            .exit(3);
    }
    home.run(["logout", "-q"]).exit(0);
    assert_eq!(home.keychain.values(), ["1"]);
    let files = home.files();
    assert!(
        !files.keys().any(|path| path.starts_with("state/pending")),
        "{:?}",
        files.keys()
    );
}

#[test]
fn refresh_lost_response_prefers_exchange() {
    let (old, new) = (jwt("old", 900), jwt("new", 1_800));
    let invalid = || server::json(401, &json!({ "error": "Invalid API key" }));
    let redirected = server::empty(302).header("location", "https://login.invalid/");
    for (command, lost) in [
        ("token", server::hang_up()),
        ("refresh", server::hang_up()),
        ("token", redirected),
    ] {
        for key_works in [true, false] {
            let home = TestEnv::new();
            let server = Server::new();
            let given = [key(SIEVE_KEY), token(&old, 900).refreshed_by(FIRST)];
            home.log_in("sieve", &server.url(), &given);
            home.clock.pass(900);
            server.expect(refresh(FIRST)).answer(lost.clone());
            home.run([command])
                .stderr_has(messages::REFRESH_TOKEN_USED)
                .exit(10);
            // An exchange that fails for now leaves it as it is.
            server.expect(exchange()).answer(server::empty(429));
            home.run([command])
                .fails(
                    "sieve refused to exchange the key for a token: too many requests (HTTP 429)",
                    &[],
                )
                .exit(7);
            if key_works {
                server.expect(exchange()).answer(pair(&new));
            } else {
                server.expect(exchange()).answer(invalid());
                server.expect(refresh(FIRST)).answer(pair(&new));
            }
            home.run([command, "-q"]).any_stdout().exit(0);
            assert_eq!(home.kept("sieve", "token"), Some(new.clone()));
            let files = home.files();
            let left = files.keys().any(|path| path.starts_with("state/pending"));
            assert!(!left, "{:?}", files.keys());
        }
    }
}

#[test]
fn error_under_200_yields_no_token() {
    let refused = || {
        let body = json!({ "error": "invalid_grant", "error_description": "used up" });
        server::json(200, &body)
    };
    let server = Server::with(refresh(FIRST), refused());
    let home = TestEnv::new();
    let old = jwt("old", 900);
    home.log_in(
        "sieve",
        &server.url(),
        &[token(&old, 900).refreshed_by(FIRST)],
    );
    home.run(["refresh"])
        .stderr_has("used up")
        .stderr_has("log in again")
        .exit(3);
    let server = Server::with(exchange(), refused());
    let home = TestEnv::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.run(["exchange"])
        .stderr_has("used up")
        .stderr_has("log in: keywright login sieve")
        .exit(3);
}
