//! `providers new --from`: the description of an API becomes a manifest.

use std::fmt::Write;

use serde_json::json;

use crate::support::home::TestEnv;
use crate::support::messages;
use crate::support::run::Run;
use crate::support::service;
use crate::support::terminal::Reply;

const DESK: &str = include_str!("openapi/desk.yaml");
const TILL: &str = include_str!("openapi/till.json");
const MAST: &str = include_str!("openapi/mast.json");

/// `providers new acme` from a description on stdin.
fn from(home: &TestEnv, text: &str) -> Run {
    home.run(["providers", "new", "acme", "--from", "-"])
        .stdin(text)
}

/// The manifest that a description becomes; it passes `providers check` at once.
pub(super) fn drafted(text: &str) -> String {
    let home = TestEnv::new();
    from(&home, text)
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .stderr_has(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    home.run(["providers", "check", "acme"])
        .stdout_has("no mistakes")
        .exit(0);
    home.read("config/providers/acme.toml").unwrap()
}

#[track_caller]
pub(super) fn assert_lines(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(
            text.lines().any(|one| one.trim() == *line),
            "{line}\n{text}"
        );
    }
}

#[test]
fn new_from_yaml_describes_whole_life() {
    assert_lines(
        &drafted(DESK),
        &[
            "title = \"Desk\"",
            "docs = \"https://docs.desk.example.com\"",
            "url = \"https://{var.region}.desk.example.com/v1\"",
            "choices = [\"eu\", \"us\"]",
            "in = [{ header = { name = \"Authorization\", scheme = \"Bearer\" } }]",
            "strategy = \"overlap\"",
            "id = \"/id\"",
            "masked = \"/prefix\"",
            "created_at = { at = \"/created_at\", as = \"time\" }",
            "last_used_at = { at = \"/last_used_at\", as = \"time\" }",
            "status = \"/active\"",
            "role = \"/role\"",
            "message = \"/error/message\"",
            "request_id = \"/error/request_id\"",
            "response = { identity = \"/email\" }",
            "request = { method = \"GET\", path = \"/orgs/{var.org_id}/api-keys\" }",
            "response = { items = \"/data\" }",
            "pagination = { style = \"page\", param = \"page\", size_param = \"per_page\", size = 50, total = \"/total_count\" }",
            "expect = [{ id = \"k1\" }]",
            "{ at = \"/expires_in_days\", from = \"expires\", as = \"days\" },",
            "expires = { max = \"365d\", min = \"1d\" }",
            "name = { required = true, max_length = 40 }",
            "role = { required = true, choices = [\"reader\", \"writer\"] }",
            "scopes = { choices = [\"read\", \"write\"] }",
            "response = { secret = \"/secret\" }",
            "request = { method = \"PATCH\", path = \"/orgs/{var.org_id}/api-keys/{id}\", body = [",
            "request = { method = \"DELETE\", path = \"/orgs/{var.org_id}/api-keys/{id}\" }",
            "request = { method = \"POST\", path = \"/orgs/{var.org_id}/api-keys/{id}/rotate\" }",
        ],
    );
}

#[test]
fn new_from_json_names_body_key() {
    assert_lines(
        &drafted(TILL),
        &[
            "in = [{ header = { name = \"X-Till-Key\" } }]",
            "id = \"/token_id\"",
            "status = { at = \"/blocked\", as = \"not\" }",
            "models = \"/models\"",
            "request = { method = \"POST\", path = \"/key/generate\", body = [",
            "{ at = \"/models\", from = \"models\", as = \"list\" },",
            "{ at = \"/limits\", from = \"limits\", as = \"json\" },",
            "request = { method = \"POST\", path = \"/key/delete\", body = [",
            "{ at = \"/token_ids/0\", from = \"id\" },",
            "pagination = { style = \"cursor\", param = \"cursor\", next = \"/next_cursor\" }",
            "response = { secret = \"/key\" }",
            "# guessed: the expiry at /duration is sent as `duration`",
        ],
    );
}

#[test]
fn new_from_swagger_takes_two_headers() {
    assert_lines(
        &drafted(MAST),
        &[
            "url = \"https://mast.example.com/api\"",
            "parts = [{ name = \"one\" }, { name = \"two\" }]",
            "in = [{ header = { name = \"X-Id\", of = \"one\" } }, { header = { name = \"X-Secret\", of = \"two\" } }]",
            "status = { at = \"/state\", map = { \"enabled\" = \"active\", \"suspended\" = \"disabled\" } }",
            "request = { method = \"POST\", path = \"/tokens\", format = \"form\", body = [",
            "{ at = \"expires_at\", from = \"expires\", as = \"date\" },",
            "response = { record = \"/token\", secret = \"/value\" }",
            "request = { method = \"DELETE\", path = \"/tokens/{id}\" }",
        ],
    );
}

#[test]
fn new_from_oauth_logs_in() {
    let scheme = r#""securitySchemes": { "k": { "type": "oauth2", "flows": { "FLOW": {
        "authorizationUrl": "https://id.example.com/authorize", "tokenUrl": "https://id.example.com/token", "scopes": {} } } } }"#;
    let old = "\"securitySchemes\": { \"k\": { \"type\": \"apiKey\", \"in\": \"header\", \"name\": \"X-Till-Key\" } }";
    assert!(TILL.contains(old));
    let with = |flow: &str| drafted(&TILL.replace(old, &scheme.replace("FLOW", flow)));
    assert_lines(
        &with("authorizationCode"),
        &[
            "authorization_endpoint = \"/authorize\"",
            "token_endpoint = \"/token\"",
            "auth = [\"token\"]",
        ],
    );
    assert_lines(
        &with("clientCredentials"),
        &[
            "[operations.exchange]",
            "auth = [\"client\"]",
            "yields = \"token\"",
        ],
    );
}

#[test]
fn drafted_manifest_carries_key_life() {
    const KEY: &str = "dk_fake_management_0001";
    const NEW: &str = "dk_fake_new_0000000001";
    let service = service::service("acme", KEY)
        .keys_at("/orgs/o-1/api-keys")
        .variable("org_id", "o-1")
        .variable("region", "eu");
    let home = &service.home;
    from(home, DESK)
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .stderr_has(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    let service = service.logged_in();
    let key = json!({ "id": "k1", "name": "ci", "prefix": "dk_1", "active": true, "role": "reader", "scopes": ["read"] });
    let page = json!({ "data": [key], "total_count": 1 });
    let list = "/orgs/o-1/api-keys?per_page=50&page=1";
    let body = json!({ "name": "ci", "role": "reader", "scopes": ["read"], "expires_in_days": 30 });
    let new = json!({ "id": "k1", "name": "ci", "secret": NEW, "expires_at": "2026-12-20T12:00:00Z", "scopes": ["read"], "role": "reader" });
    service
        .get(list, json!({ "data": [], "total_count": 0 }))
        .creates(&body, (201, new));
    let made = service
        .run("keys create ci --scope read --expires 30d --set role=reader --json")
        .json();
    assert_eq!((&made["id"], &made["secret"]), (&json!("k1"), &json!(NEW)));
    service.get(list, page.clone());
    let listed = service.run("keys list --json").json();
    assert_eq!(listed[0]["masked"], "dk_1");
    assert_eq!(listed[0]["status"], "active");
    service.get(list, page.clone()).patch(
        "/orgs/o-1/api-keys/k1",
        &json!({ "name": "cd" }),
        json!({}),
    );
    service.run("keys rename ci cd").stderr_has("cd").exit(0);
    service.get("/me", json!({ "id": "u-1", "email": "ada@example.com" }));
    assert_eq!(
        service.run("keys verify --json").json()["identity"],
        "ada@example.com"
    );
    let body = json!({ "name": "ci", "role": "reader", "scopes": ["read"] });
    service
        .get(list, page)
        .shows("k1", key)
        .creates(
            &body,
            (
                201,
                json!({ "id": "k2", "name": "ci", "secret": NEW, "scopes": ["read"] }),
            ),
        )
        .verifies(NEW, "/me", json!({ "id": "u-1" }))
        .revokes("k1", 204)
        .rotate("ci")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    service.assert_delivered(NEW);
}

#[test]
fn new_from_hostile_text_is_refused() {
    let deep = format!(
        "openapi: 3.0.0\npaths: {}1{}\n",
        "[".repeat(200),
        "]".repeat(200)
    );
    let huge = format!("openapi: 3.0.0\n# {}\npaths: {{}}\n", "x".repeat(33 << 20));
    let mut bomb = "openapi: 3.0.0\npaths: {}\nx0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
    for level in 1..9 {
        let before = vec![format!("*x{}", level - 1); 10].join(", ");
        writeln!(bomb, "x{level}: &x{level} [{before}]").unwrap();
    }
    for (text, said) in [
        (deep, "neither JSON nor YAML"),
        (huge, "the document could not be read from stdin"),
        (bomb, "more than 2000000 values"),
        (
            "openapi: 3.0.0\npaths: {}\npaths: {}\n".to_owned(),
            "line 3: `paths` is there twice",
        ),
        (
            format!(
                "{{\"openapi\": \"3.0.0\", \"paths\": {}1{}}}",
                "[".repeat(200),
                "]".repeat(200)
            ),
            "neither JSON nor YAML",
        ),
        (
            "title: no description\n".to_owned(),
            "the document is no OpenAPI description",
        ),
        (
            "openapi: 3.0.0\n".to_owned(),
            "the document describes no paths",
        ),
        (String::new(), "the document is no OpenAPI description"),
    ] {
        let home = TestEnv::new();
        from(&home, &text).stderr_has(said).exit(2);
        assert_eq!(home.read("config/providers/acme.toml"), None, "{said}");
    }
}

#[test]
fn new_from_cycles_and_remote_references() {
    let text = drafted(
        r##"{"openapi":"3.0.0","info":{"title":"A\nmanifest = 2 \u001b[2J"},"servers":[{"url":"https://a.example.com"}],"paths":{"/keys":{
        "get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}},
        "post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"other.yaml#/New"}}}},
          "responses":{"201":{"description":"","content":{"application/json":{"schema":{"allOf":[{"$ref":"#/components/schemas/B"}]}}}}}}}},
        "components":{"schemas":{"A":{"$ref":"#/components/schemas/A"},
          "B":{"allOf":[{"$ref":"#/components/schemas/B"}],"properties":{"id":{"type":"string"},"key":{"type":"string"},"b":{"$ref":"#/components/schemas/B"}}}}}}"##,
    );
    assert_lines(
        &text,
        &[
            "# open: other.yaml#/New stands in another document, which was not read",
            "request = { method = \"POST\", path = \"/keys\", body = [] }",
            "response = { secret = \"/key\" }",
        ],
    );
    assert!(!text.contains('\u{1b}'));
}

/// Two resources that are equally like keys, at no address.
const TWO: &str = "swagger: '2.0'\npaths:\n  /a/api-keys:\n    post: {responses: {200: {description: x, schema: {type: object, properties: {id: {type: string}, secret: {type: string}}}}}}\n    get: {responses: {200: {description: x, schema: {type: array, items: {type: object, properties: {id: {type: string}}}}}}}\n  /b/api-keys:\n    post: {responses: {200: {description: x}}}\n    get: {responses: {200: {description: x, schema: {type: array, items: {type: object, properties: {id: {type: string}}}}}}}\n";

#[test]
fn new_from_terminal_asks_unknown() {
    let home = TestEnv::new();
    let file = home.write("work/two.yaml", TWO);
    let done = home
        .run([
            "providers",
            "new",
            "acme",
            "--resource",
            "/b/api-keys",
            "--from",
        ])
        .args([file.to_str().unwrap()])
        .at_a_terminal()
        .reply(Reply::Text("https://b.example.com".to_owned()))
        .reply(Reply::Text("/made".to_owned()))
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .stderr_has(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    assert_eq!(done.asked.len(), 2);
    let text = home.read("config/providers/acme.toml").unwrap();
    assert_lines(
        &text,
        &[
            "url = \"https://b.example.com\"",
            "response = { secret = \"/made\" }",
            "request = { method = \"GET\", path = \"/b/api-keys\" }",
        ],
    );
}

#[test]
fn new_from_flags_win() {
    let home = TestEnv::new();
    from(&home, DESK)
        .args([
            "--title",
            "Mine",
            "--url",
            "https://mine.example.com",
            "--header",
            "X-Mine",
        ])
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .expect_stderr(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    assert_lines(
        &home.read("config/providers/acme.toml").unwrap(),
        &[
            "title = \"Mine\"",
            "url = \"https://mine.example.com\"",
            "in = [{ header = { name = \"X-Mine\" } }]",
        ],
    );
    let home = TestEnv::new();
    from(&home, DESK)
        .args(["--resource", "/none"])
        .fails(
            "the document has no keys at `/none`",
            &["these look like keys: /orgs/{orgId}/api-keys"],
        )
        .exit(2);
    home.run(["providers", "new", "acme", "--from", "missing.yaml"])
        .stderr_has("there is no file `missing.yaml`")
        .exit(2);
}
