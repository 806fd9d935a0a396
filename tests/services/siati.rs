//! Siati: a key for the developer API, a JWT for the app API, both at the same time.

use serde_json::{Value, json};

use crate::support::fake::{SIATI_KEY, jwt};
use crate::support::home::{key, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, get, post};
use crate::support::service::{self, Service};

const MONTH: i64 = 30 * 86_400;

fn service() -> Service {
    service::service("siati", SIATI_KEY)
}

/// Returns the service of the app API, which takes a JWT.
fn app(jwt: &str, lasts: i64) -> Service {
    service::service("siati", jwt).token(lasts)
}

fn refusal(code: &str) -> Value {
    json!({ "error": { "message": "said by siati", "type": "invalid_request_error", "code": code } })
}

fn chat() -> Wanted {
    post("/v1/chat/completions")
        .header("accept", "*/*")
        .json(&json!({ "model": "m" }))
}

/// Makes the call that gets this answer.
fn call(service: &Service, wanted: Wanted, answer: impl Into<Answer>) -> Run {
    service.on(wanted, answer);
    service.run(r#"api POST /v1/chat/completions -d {"model":"m"}"#)
}

fn boot() -> Wanted {
    get("/me/boot").header("accept", "*/*")
}

fn new_token() -> Value {
    json!({ "token": jwt("new", MONTH), "expires_at": "2026-12-20T12:00:00Z" })
}

fn expect_login(service: &Service, password: &str, answer: impl Into<Answer>) {
    let body = json!({ "email": "u@example.com", "password": password });
    service.on_public(post("/auth/login").json(&body), answer);
}

#[test]
fn call_sends_key() {
    call(&service(), chat(), server::text(200, "{}"))
        .expect_stdout("{}")
        .exit(0);
}

#[test]
fn tier_flag_or_variable_sends_header() {
    let answer = || server::text(200, "{}");
    let service = service();
    call(
        &service,
        chat().header("x-siati-tier", "ludicrous"),
        answer(),
    )
    .args(["--tier", "ludicrous"])
    .expect_stdout("{}")
    .exit(0);
    call(&service, chat().header("x-siati-tier", "calm"), answer())
        .env("KEYWRIGHT_VAR_TIER", "calm")
        .expect_stdout("{}")
        .exit(0);
}

#[test]
fn tier_unsupported_service_is_refused() {
    service::service("generic", "fake-generic-key-000000000000001")
        .run("api GET / --tier ludicrous")
        .fails("generic knows no tiers", &[])
        .exit(2);
}

#[test]
fn login_stores_token_not_password() {
    let service = service().credential("token");
    expect_login(&service, "fake-password", new_token());
    service
        .login("--email u@example.com")
        .stdin("fake-password\r\n")
        .expect_stderr(
            "logged in to siati as u@example.com until 2026-12-20 12:00 UTC (in 30 days); the JWT is kept in the \
             test keyring\n",
        )
        .exit(0);
    assert_eq!(service.stored(), Some(jwt("new", MONTH)));
    let stored = service.home.keychain.values();
    assert!(!stored.contains(&"fake-password".to_owned()));
}

#[test]
fn login_wrong_password_stores_nothing() {
    let service = service().credential("token");
    expect_login(
        &service,
        "wrong-fake",
        (401, refusal("invalid_credentials")),
    );
    service
        .login("--email u@example.com")
        .stdin("wrong-fake")
        .fails(messages::PASSWORD_REFUSED, &[messages::CHECK_AND_RETRY])
        .exit(3);
    assert_eq!(service.home.read("config/config.toml"), None);
    assert_eq!(service.stored(), None);
}

#[test]
fn refresh_sends_token_empty_body() {
    let service = app(&jwt("old", 3600), 3600).logged_in();
    service
        .on(post("/auth/refresh"), new_token())
        .run("refresh --json")
        .expect_json(
            json!({ "expires_at": "2026-12-20T12:00:00Z", "stored_in": "the test keyring" }),
        )
        .exit(0);
    assert_eq!(service.stored(), Some(jwt("new", MONTH)));
}

#[test]
fn call_base_selects_credential() {
    let app = jwt("app", MONTH);
    let models = get("/v1/models").header("accept", "*/*");
    let service = service().logged_in_with(&[key(SIATI_KEY), token(&app, MONTH)]);
    service
        .on(models, server::text(200, "models"))
        .on_as(&app, boot(), server::text(200, "boot"))
        .run("api GET /v1/models")
        .expect_stdout("models")
        .exit(0);
    service
        .run("api GET /me/boot --base app")
        .expect_stdout("boot")
        .exit(0);
    service
        .run("token")
        .expect_stdout(format!("{app}\n"))
        .exit(0);
}

#[test]
fn base_url_variable_sets_each_base() {
    let (service, app) = (service(), Server::new());
    let token = jwt("app", 3600);
    let models = get("/v1/models").header("accept", "*/*");
    service.on(models, server::text(200, "models"));
    app.expect(
        get("/mobile/v7/me/boot")
            .bearer(&token)
            .header("accept", "*/*"),
    )
    .answer(server::text(200, "boot"));
    let bases = format!("api={},app={}/mobile/v7/", service.server.url(), app.url());
    for (base, path, answer) in [("api", "/v1/models", "models"), ("app", "/me/boot", "boot")] {
        service
            .run(&format!("api GET {path} --base {base}"))
            .env("KEYWRIGHT_BASE_URL", &bases)
            .token(&token)
            .expect_stdout(answer)
            .exit(0);
    }
}

#[test]
fn verify_uses_call_of_each_credential() {
    service()
        .get("/v1/models", json!({ "data": [] }))
        .run("keys verify --json")
        .expect_json(json!({ "result": "valid", "status_code": 200, "identity": null }))
        .exit(0);
    let app = app(&jwt("app", 3600), 3600);
    app.get("/me/boot", json!({ "user": { "email": "u@example.com" } }));
    app.run("keys verify --json")
        .expect_json(json!({ "result": "valid", "status_code": 200, "identity": "u@example.com" }))
        .exit(0);
}

#[test]
fn documented_errors_have_hints() {
    for (status, code, exit, message, hint) in [
        (
            401,
            "invalid_api_key",
            3,
            "the API key is malformed, revoked, or does not exist",
            "create a new key in the dashboard and set KEYWRIGHT_API_KEY to it",
        ),
        (
            403,
            "tier_not_allowed",
            4,
            "your plan does not include the requested tier",
            "leave out `--tier` to use the key's own tier, or change your plan in the dashboard: \
             https://my.siati.ai",
        ),
        (
            402,
            "insufficient_credit",
            4,
            "the account has no credit left",
            "add credit in the dashboard: https://my.siati.ai",
        ),
    ] {
        call(&service(), chat(), (status, refusal(code)))
            .expect_stdout(refusal(code).to_string())
            .fails(&messages::refused_to_answer("siati", message), &[hint])
            .exit(exit);
    }
}

#[test]
fn rate_limit_reports_wait() {
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
        call(&service(), chat(), (429, body.clone()))
            .expect_stdout(body.to_string())
            .fails(
                &messages::refused_to_answer("siati", message),
                &[hint, "it asks to wait 3600 s"],
            )
            .exit(7);
    }
}

#[test]
fn expired_token_is_refreshed_and_retried() {
    let new = jwt("new", MONTH);
    let service = app(&jwt("old", MONTH), MONTH).logged_in();
    service
        .on(boot(), (401, refusal("expired_token")))
        .on(post("/auth/refresh"), new_token())
        .on_as(&new, boot(), server::text(200, "boot"))
        .run("api GET /me/boot --base app")
        .expect_stdout("boot")
        .exit(0);
    assert_eq!(service.stored(), Some(new));
}

#[test]
fn refreshed_token_refused_again_fails() {
    let expired = || (401, refusal("expired_token"));
    app(&jwt("old", MONTH), MONTH)
        .logged_in()
        .on(boot(), expired())
        .on(post("/auth/refresh"), new_token())
        .on_as(&jwt("new", MONTH), boot(), expired())
        .run("api GET /me/boot --base app")
        .json_stdout()
        .fails(
            "siati refused to answer: the JWT has expired",
            &["get a new one: keywright refresh, or: keywright login siati"],
        )
        .exit(3);
}

#[test]
fn invalid_key_error_also_refreshes_token() {
    let new = jwt("new", MONTH);
    let invalid = || (401, refusal("invalid_api_key"));
    app(&jwt("old", MONTH), MONTH).logged_in()
        .on(boot(), invalid())
        .on(post("/auth/refresh"), json!({ "token": new }))
        .on_as(&new, boot(), invalid())
        .run("api GET /me/boot --base app")
        .json_stdout()
        .stderr_has("error: siati refused to answer: the API key is malformed, revoked, or does not exist\n")
        .exit(3);
}

#[test]
fn create_pasted_key_is_verified() {
    let new = "sk-siati-fake0000000000000002";
    let service = service();
    service
        .on_as(new, get("/v1/models"), json!({ "data": [] }))
        .run("keys create")
        .stdin(new)
        .expect_stdout(format!("{new}\n"))
        .stderr_has("open: https://my.siati.ai\n  1. Open Dashboard → API keys\n")
        .exit(0);
    service
        .on_as(new, get("/v1/models"), (401, refusal("invalid_api_key")))
        .run("keys create")
        .stdin(new)
        .stderr_has("error: siati does not accept this key: it is invalid\n")
        .exit(3);
}

#[test]
fn unsupported_operations_are_explained() {
    let service = service();
    service
        .run("keys rename a b")
        .fails(
            "siati cannot rename a key: Siati has no call that renames a key",
            &[],
        )
        .exit(2);
    service
        .run("keys revoke a")
        .stderr_has("siati has no operation to revoke a key; nothing was changed. Do it by hand\n")
        .exit(0);
    service
        .run("exchange")
        .fails(
            "siati has no operation to exchange the key for a token",
            &["a token or key that is valid now: keywright token"],
        )
        .exit(2);
}
