use super::{Answer, Bench, Call, DAY, character, of_behavior};
use keywright::sandbox::{Behavior, EMAIL, PASSWORD};
use serde_json::{Value, json};

const FIRST: &str = "gds_sandboxdemo000000000000000000000";

fn with_key(bench: &Bench, method: &str, path: &str, key: &str) -> Call {
    bench.call("sieve", method, path).header("X-API-Key", key)
}

fn with_token(bench: &Bench, method: &str, path: &str, token: &str) -> Call {
    bench.call("sieve", method, path).bearer(token)
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().expect("a text").to_owned()
}

fn login(bench: &Bench) -> Value {
    let body = json!({"email": EMAIL, "password": PASSWORD});
    bench
        .call("sieve", "POST", "/api/auth/login")
        .json(&body)
        .send()
        .json(200)
}

fn refresh(bench: &Bench, token: &str) -> Answer {
    let body = json!({"refreshToken": token});
    bench
        .call("sieve", "POST", "/api/auth/refresh")
        .json(&body)
        .send()
}

#[track_caller]
fn refused(answer: &Answer, status: u16) {
    assert!(answer.json(status)["error"].is_string());
}

#[test]
fn status_matches_documentation() {
    let bench = Bench::new();
    let token = text(&login(&bench), "accessToken");
    let expected = json!({
        "hasKey": true,
        "keyPrefix": "gds_sand",
        "name": "Sandbox key",
        "lastUsed": "2026-11-19 12:00:00",
        "createdAt": "2026-10-21 12:00:00",
    });
    let status = with_token(&bench, "GET", "/api/keys/status", &token).send();
    assert_eq!(status.json(200), expected);
    let status = with_key(&bench, "GET", "/api/keys/status", FIRST)
        .send()
        .json(200);
    assert_eq!(status["lastUsed"], "2026-11-20 12:00:00");
}

#[test]
fn create_invalidates_old_key_immediately() {
    let bench = Bench::new();
    assert_eq!(bench.login("sieve", "key").as_deref(), Some(FIRST));
    let body = json!({"name": "Production API", "expiresIn": 180});
    let made = with_key(&bench, "POST", "/api/keys", FIRST)
        .json(&body)
        .send()
        .json(201);
    let key = text(&made, "key");
    assert!(key.starts_with("gds_") && key.len() == 36);
    assert_eq!(
        made,
        json!({
            "key": key,
            "keyPrefix": &key[..8],
            "warning": "Copy this key now. It will not be shown again.",
        })
    );
    refused(&with_key(&bench, "GET", "/api/scans", FIRST).send(), 401);
    assert_eq!(bench.login("sieve", "key").as_deref(), Some(key.as_str()));
    let status = with_key(&bench, "GET", "/api/keys/status", &key)
        .send()
        .json(200);
    assert_eq!(status["name"], "Production API");
    assert_eq!(status["createdAt"], "2026-11-20 12:00:00");

    bench.pass(180 * DAY - 1);
    assert_eq!(
        with_key(&bench, "GET", "/api/scans", &key).send().status,
        200
    );
    bench.pass(1);
    refused(&with_key(&bench, "GET", "/api/scans", &key).send(), 401);
    assert_eq!(bench.login("sieve", "key"), None);
    let token = text(&login(&bench), "accessToken");
    let status = with_token(&bench, "GET", "/api/keys/status", &token).send();
    assert_eq!(status.json(200), json!({"hasKey": false}));
}

#[test]
fn create_body_optional_but_validated() {
    let bench = Bench::new();
    for body in [
        json!({"name": 1}),
        json!({"name": ""}),
        json!({"expiresIn": 0}),
        json!({"expiresIn": "180"}),
        json!({"expiresIn": 1.5}),
        json!({"expiresIn": 4000}),
        json!({"expires_in": 180}),
        json!([]),
    ] {
        refused(
            &with_key(&bench, "POST", "/api/keys", FIRST)
                .json(&body)
                .send(),
            400,
        );
    }
    let broken = with_key(&bench, "POST", "/api/keys", FIRST).raw("application/json", "{");
    refused(&broken.send(), 400);
    let unlabelled = with_key(&bench, "POST", "/api/keys", FIRST).raw("text/plain", "{}");
    refused(&unlabelled.send(), 415);
    // None of these has cost the key.
    let made = with_key(&bench, "POST", "/api/keys", FIRST)
        .send()
        .json(201);
    let key = text(&made, "key");
    let status = with_key(&bench, "GET", "/api/keys/status", &key)
        .send()
        .json(200);
    assert_eq!(status["name"], Value::Null);
    bench.pass(4000 * DAY);
    assert_eq!(
        with_key(&bench, "GET", "/api/scans", &key).send().status,
        200
    );
}

#[test]
fn create_after_revoke_requires_jwt() {
    let bench = Bench::new();
    let revoked = with_key(&bench, "DELETE", "/api/keys", FIRST).send();
    let documented = json!({"success": true, "message": "API key revoked successfully"});
    assert_eq!(revoked.json(200), documented);
    assert_eq!(bench.login("sieve", "key"), None);
    refused(&with_key(&bench, "DELETE", "/api/keys", FIRST).send(), 401);

    let token = text(&login(&bench), "accessToken");
    let status = with_token(&bench, "GET", "/api/keys/status", &token).send();
    assert_eq!(status.json(200), json!({"hasKey": false}));
    refused(
        &with_token(&bench, "DELETE", "/api/keys", &token).send(),
        404,
    );
    let made = with_token(&bench, "POST", "/api/keys", &token)
        .send()
        .json(201);
    let made = text(&made, "key");
    assert_eq!(bench.login("sieve", "key"), Some(made.clone()));
    assert_eq!(
        with_key(&bench, "GET", "/api/scans?limit=20", &made)
            .send()
            .status,
        200
    );
}

#[test]
fn exchange_tokens_last_fifteen_minutes() {
    let bench = Bench::new();
    let pair = with_key(&bench, "POST", "/api/keys/exchange", FIRST)
        .send()
        .json(200);
    assert_eq!(pair["expiresIn"], 900);
    let (access, once) = (text(&pair, "accessToken"), text(&pair, "refreshToken"));
    assert_eq!(access.split('.').count(), 3);
    assert_eq!(once.len(), 36);
    let scans = |token: &str| with_token(&bench, "GET", "/api/scans?limit=20", token).send();
    assert_eq!(
        scans(&access).json(200)["scans"].as_array().map(Vec::len),
        Some(3)
    );
    bench.pass(899);
    assert_eq!(scans(&access).status, 200);
    bench.pass(1);
    refused(&scans(&access), 401);

    let fresh = refresh(&bench, &once).json(200);
    assert_eq!(fresh["expiresIn"], 900);
    assert_eq!(scans(&text(&fresh, "accessToken")).status, 200);
    refused(&refresh(&bench, &once), 401);
    let next = text(&fresh, "refreshToken");
    assert_eq!(refresh(&bench, &next).status, 200);

    let last = text(&login(&bench), "refreshToken");
    bench.pass(30 * DAY);
    refused(&refresh(&bench, &last), 401);

    refused(
        &with_token(&bench, "POST", "/api/keys/exchange", &access).send(),
        401,
    );
    let token = text(&login(&bench), "accessToken");
    refused(
        &with_token(&bench, "POST", "/api/keys/exchange", &token).send(),
        401,
    );
    let with_body = with_key(&bench, "POST", "/api/keys/exchange", FIRST).json(&json!({"ttl": 1}));
    refused(&with_body.send(), 400);
}

#[test]
fn invalid_or_misplaced_credentials_are_refused() {
    let bench = Bench::new();
    let scans = "/api/scans";
    refused(&bench.call("sieve", "GET", scans).send(), 401);
    refused(&with_key(&bench, "GET", scans, "gds_unknown").send(), 401);
    refused(&with_token(&bench, "GET", scans, FIRST).send(), 401);
    for role in [Behavior::Revoked, Behavior::Expired] {
        refused(
            &with_key(&bench, "GET", scans, character("sieve", role)).send(),
            401,
        );
    }
    let token = of_behavior("sieve", Behavior::Expired).find(|secret| secret.contains('.'));
    refused(
        &with_token(&bench, "GET", scans, token.expect("a token")).send(),
        401,
    );
    let wrong = json!({"email": EMAIL, "password": "guess"});
    refused(
        &bench
            .call("sieve", "POST", "/api/auth/login")
            .json(&wrong)
            .send(),
        401,
    );
    refused(
        &refresh(&bench, "00000000-0000-4000-8000-000000000000"),
        401,
    );
    let misspelt = json!({"refresh_token": "x"});
    refused(
        &bench
            .call("sieve", "POST", "/api/auth/refresh")
            .json(&misspelt)
            .send(),
        400,
    );
}

#[test]
fn unknown_paths_and_methods_are_refused() {
    let bench = Bench::new();
    for path in ["/api/keys/", "/api/key", "/keys", "/api/keys/status/"] {
        refused(&with_key(&bench, "GET", path, FIRST).send(), 404);
    }
    for (method, path, allowed) in [
        ("GET", "/api/keys", "POST, DELETE"),
        ("POST", "/api/keys/status", "GET"),
        ("GET", "/api/keys/exchange", "POST"),
        ("GET", "/api/auth/refresh", "POST"),
        ("DELETE", "/api/scans", "GET"),
    ] {
        let answer = with_key(&bench, method, path, FIRST).send();
        refused(&answer, 405);
        assert_eq!(answer.header("allow"), Some(allowed));
    }
    for query in ["?limit=0", "?limit=101", "?Limit=20", "?limit=many"] {
        let answer = with_key(&bench, "GET", &format!("/api/scans{query}"), FIRST).send();
        refused(&answer, 400);
    }
}
