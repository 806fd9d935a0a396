use super::{Answer, Bench, Call, character, of_behavior};
use keywright::sandbox::Behavior;
use serde_json::{Value, json};

fn call(bench: &Bench) -> Call {
    let body = json!({"prompt": "Hello, world!", "model": "gpt-4"});
    bench.call("generic", "POST", "/v1/generate").json(&body)
}

fn with_behavior(bench: &Bench, behavior: Behavior) -> Answer {
    call(bench).bearer(character("generic", behavior)).send()
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) -> Value {
    let body = answer.json(status);
    assert_eq!(body["success"], false);
    assert_eq!(body["error"]["code"], code);
    assert!(body["error"]["message"].is_string());
    body["error"]["details"].clone()
}

#[test]
fn generate_requires_permission() {
    let bench = Bench::new();
    assert_eq!(
        bench.login("generic", "key").as_deref(),
        Some("generic-sandbox-demo-key")
    );
    for key in of_behavior("generic", Behavior::Working) {
        let body = call(&bench).bearer(key).send().json(200);
        assert_eq!(body["success"], true);
        assert_eq!(body["data"]["model"], "gpt-4");
    }
    for key in of_behavior("generic", Behavior::NoPermission) {
        let answer = call(&bench).bearer(key).send();
        refused(&answer, 403, "INSUFFICIENT_PERMISSIONS");
    }
}

#[test]
fn documented_errors_have_exact_bodies() {
    let bench = Bench::new();
    let body = |code: &str, message: &str, details: Value| json!({"success": false, "error": {"code": code, "message": message, "details": details}});
    assert_eq!(
        with_behavior(&bench, Behavior::Revoked).json(401),
        body(
            "INVALID_API_KEY",
            "The provided API key is invalid",
            json!({"key_id": "key_1234567890"})
        )
    );
    assert_eq!(
        with_behavior(&bench, Behavior::Expired).json(401),
        body(
            "EXPIRED_API_KEY",
            "The API key has expired",
            json!({"expired_at": "2024-01-01T00:00:00Z"})
        )
    );
    let missing = body(
        "MISSING_API_KEY",
        "API key is required",
        json!({"header": "Authorization"}),
    );
    assert_eq!(call(&bench).send().json(401), missing);
    let basic = call(&bench).header("Authorization", "Basic YTpi").send();
    assert_eq!(basic.json(401), missing);
    let unknown = call(&bench).bearer("unknown").send();
    assert_eq!(
        refused(&unknown, 401, "INVALID_API_KEY"),
        json!({"key_id": null})
    );
}

#[test]
fn generate_incomplete_body_is_refused() {
    let bench = Bench::new();
    let send = |body: &Value| {
        let call = bench.call("generic", "POST", "/v1/generate");
        call.bearer(character("generic", Behavior::Working))
            .json(body)
            .send()
    };
    for body in [
        json!({"prompt": "Hello"}),
        json!({"model": "gpt-4"}),
        json!({"prompt": 1, "model": "gpt-4"}),
    ] {
        refused(&send(&body), 400, "INVALID_REQUEST");
    }
    refused(
        &bench.call("generic", "GET", "/v1/generate").send(),
        405,
        "METHOD_NOT_ALLOWED",
    );
    refused(
        &bench.call("generic", "GET", "/v1/models").send(),
        404,
        "NOT_FOUND",
    );
}

#[test]
fn rate_limit_variants_return_429() {
    let bench = Bench::new();
    for (behavior, wait, always) in [
        (Behavior::LimitedOnce, Some("1"), false),
        (
            Behavior::LimitedOnceByDate,
            Some("Fri, 20 Nov 2026 12:00:01 GMT"),
            false,
        ),
        (Behavior::LimitedOnceSilently, None, false),
        (Behavior::Limited, Some("1"), true),
        (Behavior::LimitedSilently, None, true),
    ] {
        let first = with_behavior(&bench, behavior);
        refused(&first, 429, "RATE_LIMIT_EXCEEDED");
        assert_eq!(first.header("retry-after"), wait, "{behavior:?}");
        let second = with_behavior(&bench, behavior).status;
        assert_eq!(second, if always { 429 } else { 200 }, "{behavior:?}");
        assert_eq!(with_behavior(&bench, behavior).status, 429, "{behavior:?}");
    }
}
