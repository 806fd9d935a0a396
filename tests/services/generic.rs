//! The generic API: Bearer keys with permissions, errors with details, patience at 429.

use serde_json::{Value, json};

use crate::support::fake::GENERIC_KEY;
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Wanted, get, post};
use crate::support::service::{self, Service};

fn service() -> Service {
    service::service("generic", GENERIC_KEY)
}

fn call() -> Wanted {
    post("/v1/generate")
        .header("accept", "*/*")
        .json(&json!({ "prompt": "Hello, world!", "model": "gpt-4" }))
}

fn generate(service: &Service) -> Run {
    service
        .run("api POST /v1/generate -d")
        .args([r#"{"prompt":"Hello, world!","model":"gpt-4"}"#])
}

/// Returns the service that answers one call so.
fn answering(answer: impl Into<Answer>) -> Service {
    let service = service();
    service.on(call(), answer);
    service
}

fn refusal(code: &str, message: &str, details: &Value) -> Value {
    json!({ "success": false, "error": { "code": code, "message": message, "details": details } })
}

#[test]
fn call_sends_key_and_body() {
    generate(&answering(server::text(200, "{\"text\":\"hi\"}\n")))
        .expect_stdout("{\"text\":\"hi\"}\n")
        .exit(0);
}

#[test]
fn documented_errors_have_hints_and_details() {
    for (code, message, details, said, hint) in [
        (
            "INVALID_API_KEY",
            "The provided API key is invalid",
            json!({ "key_id": "key_1234567890" }),
            "the API key is invalid (key_id: key_1234567890)",
            &["set KEYWRIGHT_API_KEY to another key"][..],
        ),
        (
            "EXPIRED_API_KEY",
            "The API key has expired",
            json!({ "expired_at": "2024-01-01T00:00:00Z" }),
            "the API key has expired (expired_at: 2024-01-01T00:00:00Z)",
            &[
                "create a new key, put it in place, then delete the old one: keywright keys create",
                "set another in KEYWRIGHT_API_KEY",
            ],
        ),
        (
            "MISSING_API_KEY",
            "API key is required",
            json!({ "header": "Authorization" }),
            "the request carried no API key (header: Authorization)",
            &["set KEYWRIGHT_API_KEY to another one"],
        ),
    ] {
        let body = refusal(code, message, &details);
        generate(&answering((401, body.clone())))
            .expect_stdout(body.to_string())
            .fails(&messages::refused_to_answer("generic", said), hint)
            .exit(3);
        let answer = server::json(401, &body).header("X-Request-Id", "req-1");
        generate(&answering(answer))
            .args(["--json"])
            .expect_stdout(body.to_string())
            .fails_as_json(&json!({
                "kind": "auth",
                "code": code,
                "message": format!("generic refused to answer: {said}"),
                "hints": hint,
                "retryable": false,
                "http_status": 401,
                "request_id": "req-1",
            }))
            .exit(3);
    }
}

#[test]
fn forbidden_call_lists_permissions() {
    let body = refusal("FORBIDDEN", "Access denied", &json!({}));
    generate(&answering((403, body.clone())))
        .expect_stdout(body.to_string())
        .fails(
            "generic refused to answer: Access denied",
            &["use a key that has the permission: read, write, admin or webhook"],
        )
        .exit(4);
}

#[test]
fn rate_limited_call_is_retried() {
    let slow_down = server::json(
        429,
        &refusal("RATE_LIMITED", "Too many requests", &json!({})),
    );
    let service = service();
    service
        .on(call(), slow_down.clone())
        .on(call(), slow_down)
        .on(call(), server::text(200, "done"));
    let done = generate(&service).expect_stdout("done").exit(0);
    // Each pause is at least twice the least of the one before.
    assert_eq!(done.sleeps.len(), 2);
    for (pause, least, most) in [(done.sleeps[0], 125, 250), (done.sleeps[1], 250, 500)] {
        assert!((least..=most).contains(&pause.as_millis()), "{pause:?}");
    }
}

#[test]
fn success_status_with_error_fails() {
    let body = refusal("INVALID_API_KEY", "no", &json!({}));
    generate(&answering(&body))
        .expect_stdout(body.to_string())
        .fails(
            "generic refused to answer: the API key is invalid",
            &["set KEYWRIGHT_API_KEY to another key"],
        )
        .exit(3);
}

#[test]
fn manual_create_names_requested_scopes() {
    service()
        .run("keys create ci --scope read --scope write")
        .stdin("fake-generic-key-000000000000002\n")
        .expect_stdout("fake-generic-key-000000000000002\n")
        .expect_stderr(
            "generic has no operation to create a key: create it by hand\n\
             open: https://example.com\n\
             \x20 1. Open the API Keys section\n\
             \x20 2. Create a new API key, one for each environment\n\
             \x20 3. Copy the key\n\
             \x20 4. Name it `ci`\n\
             \x20 5. Give it these permissions and no others: read, write\n\
             \x20 6. Paste the key here\n\
             generic has no operation to verify a key, so this one is taken as it is\n\
             warning: the key `ci` is shown once, here: it will not be shown again\n",
        )
        .exit(0);
}

#[test]
fn create_unknown_scope_is_refused() {
    let service = service();
    service
        .run("keys create ci --scope root")
        .fails(
            "generic has no scope `root`",
            &["scopes are: admin, read, webhook, write"],
        )
        .exit(2);
    service
        .run("keys create ci --expires 90d")
        .fails("generic cannot honour `--expires` for a new key", &[])
        .exit(2);
}

#[test]
fn verify_without_operation_is_unknown() {
    service()
        .run("keys verify --json")
        .expect_json(json!({ "result": "unknown", "status_code": null, "identity": null }))
        .expect_stderr("generic has no operation to verify a key without using it\n")
        .exit(1);
}

#[test]
fn token_without_tokens_prints_key() {
    let service = service();
    service
        .run("token")
        .expect_stdout(format!("{GENERIC_KEY}\n"))
        .exit(0);
    service
        .run("token --header")
        .expect_stdout(format!("Authorization: Bearer {GENERIC_KEY}\n"))
        .exit(0);
}

#[test]
fn get_bad_gateway_is_retried() {
    let models = || get("/v1/models").header("accept", "*/*");
    service()
        .on(models(), server::html(502))
        .on(models(), server::text(200, "[]"))
        .run("api GET /v1/models")
        .expect_stdout("[]")
        .exit(0);
}
