//! Only the service says that a credential works: a page, or a success that is no JSON, leaves it open.

use serde_json::json;

use crate::support::home::TestEnv;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Answer, Server, Wanted, get};

const KEY: &str = "sk-fake-openai-key-00000000000001";

fn verification() -> Wanted {
    get("/models").bearer(KEY)
}

fn page(status: u16, text: &str) -> Answer {
    server::bytes(status, "text/html; charset=utf-8", text.as_bytes())
}

#[test]
fn verdict_requires_genuine_service_response() {
    let plain = |status, text: &str| server::bytes(status, "text/plain", text.as_bytes());
    for (answer, status, result, code) in [
        (server::html(200), 200, "unknown", 1),
        (server::html(401), 401, "unknown", 1),
        (server::html(403), 403, "unknown", 1),
        (server::html(404), 404, "unknown", 1),
        (server::html(429), 429, "unknown", 7),
        (server::html(500), 500, "unknown", 8),
        (page(200, "Please log in"), 200, "unknown", 1),
        (page(401, "Please log in"), 401, "unknown", 1),
        (plain(200, "<!-- proxy -->\n<html>"), 200, "unknown", 1),
        (
            plain(200, "\u{feff}<?xml version=\"1.0\"?><!DOCTYPE html>"),
            200,
            "unknown",
            1,
        ),
        (
            plain(403, "<center><h1>403 Forbidden</h1>"),
            403,
            "unknown",
            1,
        ),
        (plain(200, "OK"), 200, "unknown", 1),
        (server::empty(200), 200, "unknown", 1),
        (server::empty(204), 204, "unknown", 1),
        (server::text(200, "{\"data\":"), 200, "unknown", 1),
        (server::text(200, "null"), 200, "unknown", 1),
        (server::text(200, "\"ok\""), 200, "unknown", 1),
        (server::text(200, "7"), 200, "unknown", 1),
        (
            server::text(200, "{\"success\":false,\"error\":\"log in\"}"),
            200,
            "unknown",
            1,
        ),
        (server::text(200, "{}"), 200, "valid", 0),
        (server::text(200, "[]"), 200, "valid", 0),
        // JSON that a framework calls a page.
        (page(200, "{\"data\":[]}"), 200, "valid", 0),
        (server::empty(401), 401, "invalid", 3),
        (page(401, ""), 401, "invalid", 3),
        (plain(401, "Unauthorized"), 401, "invalid", 3),
        (server::text(401, "[]"), 401, "invalid", 3),
        (
            server::text(403, "<Error><Code>AccessDenied</Code></Error>"),
            403,
            "restricted",
            4,
        ),
        (server::empty(403), 403, "restricted", 4),
        (server::empty(501), 501, "unknown", 8),
    ] {
        let server = Server::new();
        // A gateway that has no room is asked again.
        let tries = if status == 429 { 4 } else { 1 };
        server.expect(verification()).times(tries).answer(answer);
        let verdict = json!({ "result": result, "status_code": status, "identity": null });
        ci("openai", &server, ["keys", "verify", "--json"])
            .key(KEY)
            .expect_verdict("openai", &verdict)
            .exit(code);
    }
}

#[test]
fn verdict_text_response_must_be_declared() {
    let manifest = |answer: &str| {
        format!(
            r#"manifest = 1
name = "plain"
title = "Plain"
about = "answers with text"
checked = "2026-11-20"
[servers.api]
url = "https://api.plain.example.com"
auth = ["key"]
[credentials.key]
kind = "key"
title = "API key"
in = [{{ header = {{ name = "Authorization", scheme = "Bearer" }} }}]
[credentials.key.verify]
request = {{ method = "GET", path = "/ping" }}
response = {answer}
[operations.list]
request = {{ method = "GET", path = "/keys" }}
"#
        )
    };
    for (answer, body, result) in [
        (
            "{ text = true, require = [{ at = \"\", equals = \"pong\" }] }",
            "pong",
            "valid",
        ),
        (
            "{ text = true, require = [{ at = \"\", equals = \"pong\" }] }",
            "no",
            "unknown",
        ),
        ("{ text = true }", "pong", "unknown"),
        (
            "{ require = [{ at = \"\", equals = true }] }",
            "true",
            "valid",
        ),
        (
            "{ results = [{ status = 200, result = \"valid\" }] }",
            "pong",
            "unknown",
        ),
        (
            "{ results = [{ status = 200, result = \"valid\" }] }",
            "<html>",
            "unknown",
        ),
        (
            "{ results = [{ status = 200, result = \"invalid\" }] }",
            "<html>",
            "unknown",
        ),
    ] {
        let home = TestEnv::new();
        home.write("config/providers/plain.toml", manifest(answer));
        let server = Server::with(
            get("/ping").bearer(KEY),
            server::bytes(200, "text/plain", body.as_bytes()),
        );
        let verdict = json!({ "result": result, "status_code": 200, "identity": null });
        Run::at(home)
            .args(["keys", "verify", "--json"])
            .env("KEYWRIGHT_PROVIDER", "plain")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .key(KEY)
            .expect_verdict("plain", &verdict)
            .exit_any();
    }
}

#[test]
fn login_web_page_stores_nothing() {
    for (answer, code) in [
        (server::html(200), 1),
        (server::html(403), 1),
        (server::empty(200), 1),
        (server::bytes(200, "text/plain", b"OK"), 1),
        (server::html(500), 8),
    ] {
        let home = TestEnv::new();
        let server = Server::with(verification(), answer);
        let done = home
            .run(["login", "openai", "--with-key", "--base-url", &server.url()])
            .stdin(KEY)
            .stderr_has("error: openai answered with ")
            .stderr_has("; nothing was stored\n")
            .stderr_has("hint: a proxy or login page may be in the way; check the base URL")
            .exit(code);
        assert!(!done.stderr.contains("logged in"), "{}", done.stderr);
        assert_eq!(home.read("config/config.toml"), None);
        assert!(!home.keychain.values().contains(&KEY.to_owned()));
    }
}

#[test]
fn create_pasted_key_web_page_refused() {
    let home = TestEnv::new();
    let org = [("org_id", "org-fake-1")];
    let server = Server::new();
    home.log_in_as("siesta", "siesta", &server.url(), &org, &[]);
    server
        .expect(
            get("/api/v1/Agent?Limit=10")
                .header("x-api-key", KEY)
                .header("x-org-id", "org-fake-1"),
        )
        .answer(server::html(200));
    home.run(["keys", "create", "--to", "file:new.key"])
        .stdin(KEY)
        .stderr_has("error: siesta answered with a web page instead of JSON (HTTP 200)")
        .exit(1);
    assert_eq!(home.read("work/new.key"), None);
}
