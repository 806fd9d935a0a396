use super::{Answer, Bench, Call, DAY, NOON, character};
use base64::Engine;
use keywright::sandbox::{Behavior, EMAIL, PASSWORD};
use serde_json::{Value, json};

const COMPLETIONS: &str = "/v1/chat/completions";

fn app(bench: &Bench, method: &str, path: &str) -> Call {
    Call::new(method, &bench.url("siati", "app", path))
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) -> Value {
    let body = answer.json(status);
    assert_eq!(body["error"]["code"], code);
    assert_eq!(body["error"]["type"], "invalid_request_error");
    assert!(body["error"]["message"].is_string());
    body
}

fn login(bench: &Bench) -> String {
    let body = json!({"email": EMAIL, "password": PASSWORD});
    let answer = app(bench, "POST", "/auth/login")
        .json(&body)
        .send()
        .json(200);
    assert_eq!(answer["expires_at"], "2026-12-20T12:00:00Z");
    answer["token"].as_str().expect("a token").to_owned()
}

#[test]
fn login_token_lasts_thirty_days() {
    let bench = Bench::new();
    let token = login(&bench);
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(parts[1])
        .expect("base64url");
    let claims: Value = serde_json::from_slice(&claims).expect("claims");
    assert_eq!(claims["exp"], NOON + 30 * DAY);
    assert!(claims["sub"].is_string());

    let boot = app(&bench, "GET", "/me/boot")
        .bearer(&token)
        .send()
        .json(200);
    assert_eq!(boot["user"]["email"], EMAIL);

    bench.pass(30 * DAY - 1);
    assert_eq!(
        app(&bench, "GET", "/me/boot").bearer(&token).send().status,
        200
    );
    bench.pass(1);
    refused(
        &app(&bench, "GET", "/me/boot").bearer(&token).send(),
        401,
        "expired_token",
    );

    let fresh = app(&bench, "POST", "/auth/refresh")
        .bearer(&token)
        .send()
        .json(200);
    assert_eq!(fresh["expires_at"], "2027-01-19T12:00:00Z");
    let fresh = fresh["token"].as_str().expect("a token");
    assert_eq!(
        app(&bench, "GET", "/me/boot").bearer(fresh).send().status,
        200
    );
}

#[test]
fn login_invalid_requests_are_refused() {
    let bench = Bench::new();
    let login = |body: &Value| app(&bench, "POST", "/auth/login").json(body).send();
    let wrong = login(&json!({"email": EMAIL, "password": "guess"}));
    refused(&wrong, 401, "invalid_credentials");
    for body in [
        json!({"email": EMAIL}),
        json!({"email": EMAIL, "password": 1}),
        json!({"email": EMAIL, "password": PASSWORD, "remember": true}),
        json!([EMAIL, PASSWORD]),
    ] {
        refused(&login(&body), 400, "invalid_request");
    }
    refused(
        &app(&bench, "POST", "/auth/login").send(),
        400,
        "invalid_request",
    );
    let broken = app(&bench, "POST", "/auth/login").raw("application/json", "{\"email\":");
    refused(&broken.send(), 400, "invalid_request");
    let form =
        app(&bench, "POST", "/auth/login").raw("application/x-www-form-urlencoded", "email=a");
    refused(&form.send(), 415, "invalid_request");
    let wrong_method = app(&bench, "GET", "/auth/login").send();
    refused(&wrong_method, 405, "method_not_allowed");
    assert_eq!(wrong_method.header("allow"), Some("POST"));
}

#[test]
fn app_api_works_without_prefix() {
    let bench = Bench::new();
    let token = bench.login("siati", "token").expect("a token");
    let boot = bench.call("siati", "GET", "/me/boot").bearer(&token).send();
    assert_eq!(boot.status, 200);
    let refreshed = bench
        .call("siati", "POST", "/auth/refresh")
        .bearer(&token)
        .send();
    assert_eq!(refreshed.status, 200);
    let body = json!({"email": EMAIL, "password": PASSWORD});
    assert_eq!(
        bench
            .call("siati", "POST", "/auth/login")
            .json(&body)
            .send()
            .status,
        200
    );
}

#[test]
fn jwt_forged_or_expired_is_refused() {
    let bench = Bench::new();
    let token = bench.login("siati", "token").expect("a token");
    // Another character where every bit counts: the last one carries bits that nobody reads.
    let (head, tail) = token.split_at(token.len() - 10);
    let other = if tail.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{head}{other}{}", &tail[1..]);
    let none = app(&bench, "GET", "/me/boot").send();
    refused(&none, 401, "invalid_api_key");
    for bad in [forged.as_str(), "nonsense", "sk-siati-sandbox-demo"] {
        let boot = app(&bench, "GET", "/me/boot").bearer(bad).send();
        refused(&boot, 401, "invalid_api_key");
        let refresh = app(&bench, "POST", "/auth/refresh").bearer(bad).send();
        refused(&refresh, 401, "invalid_api_key");
    }
    let expired = character("siati", Behavior::Expired);
    refused(
        &app(&bench, "GET", "/me/boot").bearer(expired).send(),
        401,
        "expired_token",
    );
    assert_eq!(
        app(&bench, "POST", "/auth/refresh")
            .bearer(expired)
            .send()
            .status,
        200
    );
    let gone = character("siati", Behavior::ExpiredForGood);
    refused(
        &app(&bench, "GET", "/me/boot").bearer(gone).send(),
        401,
        "expired_token",
    );
    refused(
        &app(&bench, "POST", "/auth/refresh").bearer(gone).send(),
        401,
        "expired_token",
    );
}

#[test]
fn developer_api_with_key_works() {
    let bench = Bench::new();
    let key = bench.login("siati", "key").expect("a key");
    let models = bench.call("siati", "GET", "/v1/models").bearer(&key).send();
    assert_eq!(models.json(200)["object"], "list");
    assert_eq!(models.header("x-ratelimit-limit"), Some("600"));
    assert_eq!(models.header("x-ratelimit-remaining"), Some("599"));
    let reset = (NOON + 60).to_string();
    assert_eq!(models.header("x-ratelimit-reset"), Some(reset.as_str()));
    assert!(models.header("x-request-id").is_some());

    let body = json!({"model": "siati-small", "messages": [{"role": "user", "content": "Hello"}]});
    let call = bench.call("siati", "POST", COMPLETIONS).bearer(&key);
    let answer = call.header("X-Request-Id", "mine").json(&body).send();
    let said = answer.json(200);
    assert!(said["choices"][0]["message"]["content"].is_string());
    assert_eq!(answer.header("x-request-id"), Some("mine"));

    for body in [
        json!({"model": "siati-small"}),
        json!({"model": 1, "messages": [{"role": "user", "content": "Hello"}]}),
        json!({"model": "siati-small", "messages": []}),
        json!({"model": "siati-small", "messages": [{"content": "Hello"}]}),
        json!({"model": "siati-small", "messages": "Hello"}),
    ] {
        let answer = bench
            .call("siati", "POST", COMPLETIONS)
            .bearer(&key)
            .json(&body)
            .send();
        refused(&answer, 400, "invalid_request");
    }
    let posted = bench
        .call("siati", "POST", "/v1/models")
        .bearer(&key)
        .send();
    refused(&posted, 405, "method_not_allowed");
    let unknown = bench.call("siati", "GET", "/v1/keys").bearer(&key).send();
    refused(&unknown, 404, "not_found");
    let slash = bench
        .call("siati", "GET", "/v1/models/")
        .bearer(&key)
        .send();
    refused(&slash, 404, "not_found");
}

#[test]
fn unknown_or_revoked_key_is_refused() {
    let bench = Bench::new();
    let token = bench.login("siati", "token").expect("a token");
    let revoked = character("siati", Behavior::Revoked);
    for bad in [revoked, "sk-siati-unknown", "siati", &token] {
        let answer = bench.call("siati", "GET", "/v1/models").bearer(bad).send();
        let body = refused(&answer, 401, "invalid_api_key");
        assert_eq!(body["error"]["message"], "invalid api key");
    }
    let none = bench.call("siati", "GET", "/v1/models").send();
    refused(&none, 401, "invalid_api_key");
    let other_header = bench.call("siati", "GET", "/v1/models");
    let other_header = other_header
        .header("X-Api-Key", "sk-siati-sandbox-demo")
        .send();
    refused(&other_header, 401, "invalid_api_key");
}

#[test]
fn tier_outside_plan_is_refused() {
    let bench = Bench::new();
    let ask = |key: &str, tier: &str| {
        let call = bench.call("siati", "GET", "/v1/models").bearer(key);
        call.header("X-Siati-Tier", tier).send()
    };
    let key = bench.login("siati", "key").expect("a key");
    assert_eq!(ask(&key, "standard").status, 200);
    assert_eq!(ask(&key, "turbo").status, 200);
    refused(&ask(&key, "ludicrous"), 403, "tier_not_allowed");
    refused(&ask(&key, "unheard-of"), 403, "tier_not_allowed");
    assert_eq!(
        ask(character("siati", Behavior::EveryTier), "ludicrous").status,
        200
    );
}

#[test]
fn limit_errors_report_wait_time() {
    let bench = Bench::new();
    let ask = |role| {
        let key = character("siati", role);
        bench.call("siati", "GET", "/v1/models").bearer(key).send()
    };
    let slow = ask(Behavior::LimitedOnce);
    refused(&slow, 429, "rate_limit_exceeded");
    assert_eq!(slow.header("retry-after"), Some("1"));
    assert_eq!(slow.header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(ask(Behavior::LimitedOnce).status, 200);
    assert_eq!(ask(Behavior::LimitedOnce).status, 429);
    for _ in 0..3 {
        refused(&ask(Behavior::Limited), 429, "rate_limit_exceeded");
    }
    let spent = ask(Behavior::NoQuota);
    let body = refused(&spent, 429, "quota_exhausted");
    assert_eq!(body["error"]["details"]["resets_in_seconds"], 3600);
    assert_eq!(spent.header("retry-after"), None);
    refused(&ask(Behavior::NoCredits), 402, "insufficient_credits");
}
