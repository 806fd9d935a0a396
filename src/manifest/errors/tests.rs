//! Tests of the module above.

use serde_json::json;

use super::*;

fn refusal(status: u16, body: Value) -> ServiceError {
    let seen = ParsedResponse {
        status,
        headers: Vec::new(),
        body,
        ..ParsedResponse::default()
    };
    ErrorSpec::default().classify(&seen, None, "2026-11-20T00:00:00Z".parse().unwrap())
}

#[test]
fn error_common_shapes_yield_message() {
    for (body, message) in [
        (json!({"error": {"message": "no", "code": "x"}}), "no"),
        (json!({"message": "no", "code": "x"}), "no"),
        (json!({"error": "no"}), "no"),
        (json!({"errors": [{"message": "no"}]}), "no"),
        (json!({"errors": ["no"]}), "no"),
        (json!({"detail": [{"msg": "no"}]}), "no"),
        (json!({"detail": "no"}), "no"),
        (
            json!({"error": "invalid_grant", "error_description": "no"}),
            "no",
        ),
        (json!(["ValueError", "no"]), "no"),
        (json!({"password": ["no"]}), "password: no"),
        (json!({"message": {"name": ["no"]}}), "name: no"),
        (json!({"errors": {"name": ["no"]}}), "name: no"),
        (
            json!({"type": "about:blank", "title": "bad", "detail": "no"}),
            "no",
        ),
        (json!("no"), "no"),
    ] {
        assert_eq!(refusal(400, body.clone()).message, message, "{body}");
    }
}

#[test]
fn oauth_error_is_read_beside_declared() {
    let spec = ErrorSpec {
        message: serde_json::from_value(json!("/problem/text")).ok(),
        code: serde_json::from_value(json!("/problem/kind")).ok(),
        ..ErrorSpec::default()
    };
    let refused = |body: Value| {
        let seen = ParsedResponse {
            status: 400,
            body,
            ..ParsedResponse::default()
        };
        let now = "2026-11-20T00:00:00Z".parse().unwrap();
        let said = spec.classify(&seen, Some(Verb::Refresh), now);
        (said.reason, said.message, said.code, said.hints)
    };
    let code = |code: &str| Some(code.to_owned());
    assert_eq!(
        refused(json!({
            "error": "invalid_grant",
            "error_description": "it was used twice",
            "error_uri": "https://example.com/e",
        })),
        (
            ErrorReason::InvalidCredential,
            "it was used twice".to_owned(),
            code("invalid_grant"),
            vec!["the service explains it: https://example.com/e".to_owned()],
        )
    );
    assert_eq!(
        refused(json!({ "error": "invalid_scope" })),
        (
            ErrorReason::InvalidInput,
            "invalid_scope".to_owned(),
            code("invalid_scope"),
            Vec::new(),
        )
    );
    assert_eq!(
        refused(
            json!({ "problem": { "text": "no", "kind": "own" }, "error": "x", "error_description": "y" })
        ),
        (
            ErrorReason::InvalidInput,
            "no".to_owned(),
            code("own"),
            Vec::new(),
        )
    );
    // A word that is no code of OAuth may say anything.
    assert_eq!(
        refused(json!({ "error": "teapot" })),
        (
            ErrorReason::InvalidInput,
            "something in the request is not accepted (HTTP 400)".to_owned(),
            None,
            Vec::new(),
        )
    );
}

#[test]
fn error_without_message_gets_sentence() {
    assert_eq!(
        refusal(403, json!(null)).message,
        "the credential may not do this (HTTP 403)"
    );
    assert_eq!(
        refusal(502, json!("<!DOCTYPE html><p>bad gateway")).message,
        "it answered with a web page instead of JSON"
    );
}

#[test]
fn error_status_maps_to_kind() {
    for (status, kind) in [
        (401, Kind::Auth),
        (402, Kind::Forbidden),
        (403, Kind::Forbidden),
        (404, Kind::NotFound),
        (409, Kind::Conflict),
        (412, Kind::Conflict),
        (429, Kind::RateLimited),
        (500, Kind::Unreachable),
        (418, Kind::Failed),
    ] {
        assert_eq!(refusal(status, json!(null)).reason.kind(), kind, "{status}");
    }
}

#[test]
fn error_code_with_spaces_is_ignored() {
    assert_eq!(refusal(400, json!({"error": "not a code"})).code, None);
    assert_eq!(
        refusal(400, json!({"error": {"code": 7}})).code.as_deref(),
        Some("7")
    );
}
