//! Siati: a key for the developer API, a JWT for the app API, both at the same time.

use serde_json::{Value, json};

use crate::support::fake::{SIATI_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, get, post};

fn refusal(code: &str) -> Value {
    json!({ "error": { "message": "said by siati", "type": "invalid_request_error", "code": code } })
}

fn chat() -> Wanted {
    post("/v1/chat/completions")
        .bearer(SIATI_KEY)
        .header("accept", "*/*")
        .json(&json!({ "model": "m" }))
}

const CHAT: [&str; 5] = [
    "api",
    "POST",
    "/v1/chat/completions",
    "-d",
    r#"{"model":"m"}"#,
];

fn run(server: &Server, args: &[&str]) -> Run {
    ci("siati", server, args).key(SIATI_KEY)
}

fn logged_in() -> Value {
    json!({ "token": jwt("new", 30 * 86_400), "expires_at": "2026-12-20T12:00:00Z" })
}

#[test]
fn a_call_carries_the_key() {
    let server = Server::with(chat(), server::text(200, "{}"));
    run(&server, &CHAT).expect_stdout("{}").exit(0);
}

#[test]
fn a_tier_goes_along_for_one_call() {
    let server = Server::with(
        chat().header("x-siati-tier", "ludicrous"),
        server::text(200, "{}"),
    );
    run(&server, &CHAT)
        .args(["--tier", "ludicrous"])
        .expect_stdout("{}")
        .exit(0);
    let server = Server::with(
        chat().header("x-siati-tier", "calm"),
        server::text(200, "{}"),
    );
    run(&server, &CHAT)
        .env("KEYWRIGHT_VAR_TIER", "calm")
        .expect_stdout("{}")
        .exit(0);
}

#[test]
fn a_tier_at_a_service_without_tiers_is_refused() {
    let server = Server::new();
    ci(
        "generic",
        &server,
        ["api", "GET", "/", "--tier", "ludicrous"],
    )
    .key("fake-generic-key-000000000000001")
    .fails("generic knows no tiers", &[])
    .exit(2);
}

#[test]
fn a_password_is_exchanged_for_a_token_and_kept_nowhere() {
    let home = TestEnv::new();
    let server = Server::with(
        post("/auth/login").json(&json!({ "email": "u@example.com", "password": "fake-password" })),
        server::json(200, &logged_in()),
    );
    home.run(["login", "siati", "--email", "u@example.com", "--base-url", &server.url()])
        .stdin("fake-password\r\n")
        .expect_stderr(
            "logged in to siati as u@example.com until 2026-12-20 12:00 UTC (in 30 days); the JWT is kept in the \
             test keyring\n",
        )
        .exit(0);
    assert_eq!(home.kept("siati", "token"), Some(jwt("new", 30 * 86_400)));
    assert!(!home.keychain.values().contains(&"fake-password".to_owned()));
}

#[test]
fn a_wrong_password_keeps_nothing() {
    let home = TestEnv::new();
    let server = Server::with(
        post("/auth/login").json(&json!({ "email": "u@example.com", "password": "wrong-fake" })),
        server::json(401, &refusal("invalid_credentials")),
    );
    home.run([
        "login",
        "siati",
        "--email",
        "u@example.com",
        "--base-url",
        &server.url(),
    ])
    .stdin("wrong-fake")
    .fails(
        "siati does not accept this email and password",
        &["check both and try again; nothing was stored"],
    )
    .exit(3);
    assert_eq!(home.read("config/config.toml"), None);
    assert!(home.kept("siati", "token").is_none());
}

#[test]
fn a_token_is_refreshed_with_itself_and_an_empty_body() {
    let home = TestEnv::new();
    let old = jwt("old", 3600);
    let server = Server::with(
        post("/auth/refresh").bearer(&old),
        server::json(200, &logged_in()),
    );
    home.log_in("siati", &server.url(), &[token(&old, 3600)]);
    home.run(["refresh", "--json"])
        .expect_json(
            json!({ "expires_at": "2026-12-20T12:00:00Z", "stored_in": "the test keyring" }),
        )
        .exit(0);
    assert_eq!(home.kept("siati", "token"), Some(jwt("new", 30 * 86_400)));
}

#[test]
fn both_credentials_live_side_by_side_and_each_goes_to_its_own_base() {
    let home = TestEnv::new();
    let app = jwt("app", 30 * 86_400);
    let server = Server::new();
    server
        .expect(get("/v1/models").bearer(SIATI_KEY).header("accept", "*/*"))
        .answer(server::text(200, "models"));
    server
        .expect(get("/me/boot").bearer(&app).header("accept", "*/*"))
        .answer(server::text(200, "boot"));
    home.log_in(
        "siati",
        &server.url(),
        &[key(SIATI_KEY), token(&app, 30 * 86_400)],
    );
    home.run(["api", "GET", "/v1/models"])
        .expect_stdout("models")
        .exit(0);
    home.run(["api", "GET", "/me/boot", "--base", "app"])
        .expect_stdout("boot")
        .exit(0);
    home.run(["token"])
        .expect_stdout(format!("{app}\n"))
        .exit(0);
}

#[test]
fn the_two_bases_are_two_addresses() {
    let (api, app) = (Server::new(), Server::new());
    let token = jwt("app", 3600);
    api.expect(get("/v1/models").bearer(SIATI_KEY).header("accept", "*/*"))
        .answer(server::text(200, "models"));
    app.expect(
        get("/mobile/v7/me/boot")
            .bearer(&token)
            .header("accept", "*/*"),
    )
    .answer(server::text(200, "boot"));
    let bases = format!("api={},app={}/mobile/v7/", api.url(), app.url());
    for (base, path, answer) in [("api", "/v1/models", "models"), ("app", "/me/boot", "boot")] {
        run(&api, &["api", "GET", path, "--base", base])
            .env("KEYWRIGHT_BASE_URL", &bases)
            .token(&token)
            .expect_stdout(answer)
            .exit(0);
    }
}

#[test]
fn a_key_is_verified_by_listing_models_and_a_token_by_the_boot_call() {
    let server = Server::with(
        get("/v1/models").bearer(SIATI_KEY),
        server::json(200, &json!({ "data": [] })),
    );
    run(&server, &["keys", "verify", "--json"])
        .expect_json(json!({ "result": "valid", "status_code": 200, "identity": null }))
        .exit(0);
    let app = jwt("app", 3600);
    let boot = json!({ "user": { "email": "u@example.com" } });
    let server = Server::with(get("/me/boot").bearer(&app), server::json(200, &boot));
    ci("siati", &server, ["keys", "verify", "--json"])
        .token(&app)
        .expect_json(json!({ "result": "valid", "status_code": 200, "identity": "u@example.com" }))
        .exit(0);
}

#[test]
fn each_error_of_the_document_says_what_to_do() {
    for (status, code, exit, message, hints) in [
        (
            401,
            "invalid_api_key",
            3,
            "the API key is malformed, revoked, or does not exist",
            vec!["create a new key in the dashboard and set KEYWRIGHT_API_KEY to it"],
        ),
        (
            403,
            "tier_not_allowed",
            4,
            "your plan does not include the requested tier",
            vec![
                "leave out `--tier` to use the key's own tier, or change your plan in the dashboard: \
                 https://my.siati.ai",
            ],
        ),
        (
            402,
            "insufficient_credit",
            4,
            "the account has no credit left",
            vec!["add credit in the dashboard: https://my.siati.ai"],
        ),
    ] {
        let server = Server::with(chat(), server::json(status, &refusal(code)));
        run(&server, &CHAT)
            .expect_stdout(refusal(code).to_string())
            .fails(&format!("siati refused to answer: {message}"), &hints)
            .exit(exit);
    }
}

#[test]
fn a_rate_limit_says_how_long_it_lasts() {
    for (code, message, hint) in [
        (
            "rate_limit_exceeded",
            "the rate limit of your tier is reached",
            "slow down, or allow more waiting with `--timeout`",
        ),
        (
            "quota_exhausted",
            "the quota of your plan is used up",
            "wait until it is renewed, or change your plan in the dashboard: https://my.siati.ai",
        ),
    ] {
        let mut body = refusal(code);
        body["error"]["details"] = json!({ "resets_in_seconds": 3600 });
        let server = Server::with(chat(), server::json(429, &body));
        run(&server, &CHAT)
            .expect_stdout(body.to_string())
            .fails(
                &format!("siati refused to answer: {message}"),
                &[hint, "it asks to wait 3600 s"],
            )
            .exit(7);
    }
}

#[test]
fn an_expired_token_is_refreshed_once_and_the_call_repeated() {
    let home = TestEnv::new();
    let (old, new) = (jwt("old", 30 * 86_400), jwt("new", 30 * 86_400));
    let boot = |token: &str| get("/me/boot").bearer(token).header("accept", "*/*");
    let server = Server::new();
    server
        .expect(boot(&old))
        .answer(server::json(401, &refusal("expired_token")));
    server
        .expect(post("/auth/refresh").bearer(&old))
        .answer(server::json(200, &logged_in()));
    server.expect(boot(&new)).answer(server::text(200, "boot"));
    home.log_in("siati", &server.url(), &[token(&old, 30 * 86_400)]);
    home.run(["api", "GET", "/me/boot", "--base", "app"])
        .expect_stdout("boot")
        .exit(0);
    assert_eq!(home.kept("siati", "token"), Some(new));
}

#[test]
fn a_token_that_is_refused_again_is_not_refreshed_again() {
    let home = TestEnv::new();
    let (old, new) = (jwt("old", 30 * 86_400), jwt("new", 30 * 86_400));
    let boot = |token: &str| get("/me/boot").bearer(token).header("accept", "*/*");
    let server = Server::new();
    let expired = server::json(401, &refusal("expired_token"));
    server.expect(boot(&old)).answer(expired.clone());
    server
        .expect(post("/auth/refresh").bearer(&old))
        .answer(server::json(200, &logged_in()));
    server.expect(boot(&new)).answer(expired);
    home.log_in("siati", &server.url(), &[token(&old, 30 * 86_400)]);
    home.run(["api", "GET", "/me/boot", "--base", "app"])
        .any_stdout()
        .fails(
            "siati refused to answer: the JWT has expired",
            &["get a new one: keywright refresh, or keywright login siati"],
        )
        .exit(3);
}

#[test]
fn a_refusal_that_speaks_of_the_key_is_cured_by_a_refresh_too() {
    let home = TestEnv::new();
    let (old, new) = (jwt("old", 30 * 86_400), jwt("new", 30 * 86_400));
    let server = Server::new();
    for token in [&old, &new] {
        server
            .expect(get("/me/boot").bearer(token).header("accept", "*/*"))
            .answer(server::json(401, &refusal("invalid_api_key")));
        if *token == old {
            server
                .expect(post("/auth/refresh").bearer(&old))
                .answer(server::json(200, &json!({ "token": new })));
        }
    }
    home.log_in("siati", &server.url(), &[token(&old, 30 * 86_400)]);
    home.run(["api", "GET", "/me/boot", "--base", "app"])
        .any_stdout()
        .stderr_has("error: siati refused to answer: the API key is malformed, revoked, or does not exist\n")
        .exit(3);
}

#[test]
fn a_key_made_in_the_dashboard_is_pasted_and_verified() {
    let new = "sk-siati-fake0000000000000002";
    let server = Server::with(
        get("/v1/models").bearer(new),
        server::json(200, &json!({ "data": [] })),
    );
    run(&server, &["keys", "create"])
        .stdin(new)
        .expect_stdout(format!("{new}\n"))
        .stderr_has("open: https://my.siati.ai\n  1. Open Dashboard → API keys\n")
        .exit(0);
    let server = Server::with(
        get("/v1/models").bearer(new),
        server::json(401, &refusal("invalid_api_key")),
    );
    run(&server, &["keys", "create"])
        .stdin(new)
        .stderr_has("error: siati does not accept this key: it is invalid\n")
        .exit(3);
}

#[test]
fn what_only_the_dashboard_can_do_says_so() {
    let server = Server::new();
    run(&server, &["keys", "rename", "a", "b"])
        .fails(
            "siati cannot rename a key: Siati has no call that renames a key",
            &[],
        )
        .exit(2);
    run(&server, &["keys", "revoke", "a"])
        .stderr_has("siati has no call to revoke a key; nothing was changed. Do it by hand\n")
        .exit(0);
    run(&server, &["exchange"])
        .fails(
            "siati has no call to exchange the key for a token",
            &["a token or key that is valid now: keywright token"],
        )
        .exit(2);
}
