//! Answers that are not what they should be: a clear error, no page of HTML, no secret, never a panic.

use serde_json::{Value, json};

use keywright::core::key::CHECK_BASE_URL;

use crate::support::fake::jwt;
use crate::support::messages;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Answer, Server, Wanted, get};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

fn jwt_of() -> String {
    jwt("schatzi", 86_400)
}

fn listing() -> Wanted {
    get(KEYS).bearer(&jwt_of())
}

fn list(server: &Server) -> Run {
    ci("schatzi", server, ["keys", "list"]).token(&jwt_of())
}

#[test]
fn list_malformed_response_is_explained() {
    let no_list = "schatzi answered, but the list is not where its manifest says it is";
    let no_json = "schatzi answered with text that is not JSON: the answer may have been cut";
    for (answer, message) in [
        (
            server::html(200),
            "schatzi answered with a web page instead of JSON: is there a proxy or a login page in between?",
        ),
        (server::text(200, "[{\"id\":"), no_json),
        (
            server::bytes(200, "application/json", b"\x8b\x02\x80")
                .header("Content-Encoding", "br"),
            "schatzi answered with `br` which was not requested: this compression is not supported",
        ),
        (
            server::bytes(200, "application/json", b"\x1f\x8b\x08\x00\x00"),
            "schatzi answered with a compressed answer that is damaged: it may have been cut",
        ),
        (server::text(200, "[]\n[]"), no_json),
        (server::text(200, &"[".repeat(200_000)), no_json),
        (server::text(200, "null"), no_list),
        (server::text(200, ""), no_list),
        (server::empty(204), no_list),
        (server::text(200, "42"), no_list),
        (server::text(200, "\"hello\""), no_list),
        (server::json(200, &json!({ "count": 3 })), no_list),
        (
            server::json(
                200,
                &json!({ "success": false, "error": { "message": "odd" } }),
            ),
            "schatzi refused to list keys: odd",
        ),
        (
            server::json(418, &json!({ "title": "a teapot" })),
            "schatzi refused to list keys: a teapot",
        ),
    ] {
        let server = Server::with(listing(), answer);
        let hints: &[&str] = match message {
            _ if message == no_list => {
                &["the service may have changed: keywright providers check schatzi --live"]
            }
            _ if message.contains("refused") => &[],
            _ => &[CHECK_BASE_URL],
        };
        list(&server).fails(message, hints).exit(1);
    }
}

#[test]
fn list_odd_fields_are_tolerated() {
    for body in [
        json!([1, 2, 3]),
        json!([{ "id": null, "name": null }]),
        json!([{ "id": { "a": 1 }, "name": ["x"], "created_at": {}, "key": 7, "usage": "lots", "is_active": "maybe" }]),
        json!([{ "id": "k1", "brand_new": { "x": [1, 2] }, "zzz": null }]),
    ] {
        let server = Server::with(listing(), server::json(200, &body));
        let done = list(&server).args(["--json"]).json_stdout().exit(0);
        let count = body.as_array().unwrap().len();
        assert_eq!(done.json().as_array().unwrap().len(), count, "{body}");
    }
    let huge = r#"[{"id":123456789012345678901234567890,"created_at":1e999}]"#;
    let server = Server::with(listing(), server::text(200, huge));
    let shown = list(&server).args(["--json"]).json();
    assert_eq!(shown[0]["id"], "123456789012345678901234567890");
    assert_eq!(shown[0]["created_at"], Value::Null);
}

#[test]
fn list_charset_and_padding_are_tolerated() {
    for body in [
        &b"[{\"id\":\"k1\",\"name\":\"caf\xe9\"}]"[..],
        "\u{feff}[{\"id\":\"k1\",\"name\":\"café\"}]".as_bytes(),
        ")]}'\n[{\"id\":\"k1\",\"name\":\"café\",\"cost\":NaN}]\0".as_bytes(),
    ] {
        let server = Server::with(listing(), server::bytes(200, "application/json", body));
        let answer = list(&server).args(["--json"]).json();
        assert_eq!(answer[0]["name"], "café");
    }
}

#[test]
fn list_wrong_media_type_is_read() {
    let server = Server::with(listing(), server::bytes(200, "text/html", b"[]"));
    list(&server).expect_stderr("no keys\n").exit(0);
}

#[test]
fn response_above_four_mib_fails() {
    for announced in [true, false] {
        let server = Server::with(listing(), server::flood(announced));
        list(&server)
            .fails(messages::RESPONSE_TOO_LARGE, &[])
            .exit(1);
    }
    let server = Server::with(listing().header("accept", "*/*"), server::flood(false));
    ci("schatzi", &server, ["api", "GET", KEYS])
        .token(&jwt_of())
        .fails(messages::RESPONSE_TOO_LARGE, &[])
        .exit(1);
}

#[test]
fn response_at_size_limit_is_read() {
    let body = format!("[{}]", " ".repeat((4 << 20) - 2));
    let server = Server::with(listing(), server::text(200, &body));
    list(&server).expect_stderr("no keys\n").exit(0);
}

#[test]
fn redirects_are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        // Nobody expects anything here.
        let elsewhere = Server::new();
        let target = format!("{}/x?token={}", elsewhere.url(), jwt_of());
        let server = Server::with(listing(), server::empty(status).header("Location", &target));
        list(&server)
            .fails(
                &format!(
                    "schatzi could not list keys: it redirects to `{}/x`, which is not followed",
                    elsewhere.url()
                ),
                &["a redirect would carry your credential along; if the new address is right, set it as the base \
                   URL with `--base-url` when logging in"],
            )
            .exit(1);
        let server = Server::with(
            listing().header("accept", "*/*"),
            server::empty(status).header("Location", "/elsewhere"),
        );
        ci("schatzi", &server, ["api", "GET", KEYS])
            .token(&jwt_of())
            .stderr_has("it redirects to `/elsewhere`, which is not followed")
            .exit(1);
    }
}

/// A name that would paint, ring, break the line and turn the text around.
const EVIL: &str = "evil\u{1b}[31mRED\u{1b}[0m\u{7}\u{9b}32m\rover\nsecond\u{202e}\u{7f}";

fn is_tame(text: &str) -> bool {
    text.chars()
        .all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}'))
}

#[test]
fn key_name_cannot_control_terminal() {
    let keys = json!([{ "id": "k\u{1b}1", "name": EVIL, "key": "sk-\u{1b}***" }]);
    for args in [&["keys", "list"][..], &["keys", "list", "--json"]] {
        let server = Server::with(listing(), server::json(200, &keys));
        let done = ci("schatzi", &server, args)
            .token(&jwt_of())
            .at_a_terminal()
            .env("NO_COLOR", "1")
            .any_stdout()
            .exit(0);
        assert!(is_tame(&done.stdout), "{:?}", done.stdout);
        assert!(!done.stdout.contains("\nsecond"), "{:?}", done.stdout);
    }
    let server = Server::with(listing(), server::json(200, &keys));
    let shown = ci("schatzi", &server, ["keys", "list", "--json"])
        .token(&jwt_of())
        .json();
    assert_eq!(shown[0]["name"], EVIL, "JSON keeps what came");
}

#[test]
fn error_text_cannot_control_terminal() {
    let error = json!({ "error": {
        "message": "no\u{1b}]0;owned\u{7}\u{9b}31m\r\nerror: a fake line\u{0}",
        "type": "bad\u{1b}[2J",
    }});
    for args in [
        &["keys", "list"][..],
        &["keys", "list", "-v"],
        &["keys", "list", "--json"],
    ] {
        let server = Server::with(
            listing(),
            server::json(400, &error).header("X-Request-Id", "req\u{9b}1"),
        );
        let done = ci("schatzi", &server, args)
            .token(&jwt_of())
            .any_stderr()
            .exit(1);
        assert!(is_tame(&done.stderr), "{:?}", done.stderr);
        assert!(
            !done.stderr.contains("\nerror: a fake"),
            "{:?}",
            done.stderr
        );
    }
}

#[test]
fn long_error_message_is_truncated() {
    let error = json!({ "error": { "message": "long ".repeat(100_000) } });
    let server = Server::with(listing(), server::json(400, &error));
    let done = list(&server)
        .stderr_has("error: schatzi refused to list keys: long long")
        .exit(1);
    assert!(done.stderr.len() < 400, "{}", done.stderr.len());
}

#[test]
fn error_includes_request_id() {
    let error = json!({ "error": { "message": "no", "type": "bad" } });
    let answer = || server::json(400, &error).header("X-Request-Id", "req-77aa");
    let server = Server::with(listing(), answer());
    list(&server)
        .expect_stderr("error: schatzi refused to list keys: no\n  request id: req-77aa\n")
        .exit(1);
    let server = Server::with(listing(), answer());
    list(&server)
        .args(["--json"])
        .fails_as_json(&json!({
            "kind": "failed",
            "code": "bad",
            "message": "schatzi refused to list keys: no",
            "hints": [],
            "retryable": false,
            "http_status": 400,
            "request_id": "req-77aa",
        }))
        .exit(1);
}

#[test]
fn api_binary_response_passes_unchanged() {
    let all: Vec<u8> = (0..=255).collect();
    let odd = "{\n  \"b\":1.0,   \"a\" : [ ] }\r\n\n".as_bytes();
    let answers: [(Answer, &[u8]); 3] = [
        (server::bytes(200, "application/octet-stream", &all), &all),
        (server::bytes(200, "application/json", odd), odd),
        (server::empty(204), b""),
    ];
    for (answer, expected) in answers {
        let server = Server::with(listing().header("accept", "*/*"), answer);
        let done = ci("schatzi", &server, ["api", "GET", KEYS])
            .token(&jwt_of())
            .any_stdout()
            .exit(0);
        assert_eq!(done.stdout, String::from_utf8_lossy(expected));
    }
}

#[test]
fn list_unmasked_key_is_masked() {
    let whole = "sk-fake-0123456789abcdef0123456789abcdef";
    let server = Server::with(
        listing(),
        server::json(200, &json!([{ "id": "k1", "key": whole }])),
    );
    let keys = list(&server).args(["--json"]).json();
    assert_eq!(keys[0]["masked"], "sk-fake-***cdef");
}
