//! The habits of descriptions that a draft knows: forms, endings of paths, media types, records and pages.

use super::openapi::{assert_lines, drafted};
use crate::support::home::TestEnv;
use crate::support::messages;

const LOFT: &str = include_str!("openapi/loft.json");
const QUAY: &str = include_str!("openapi/quay.yaml");
const RAIL: &str = include_str!("openapi/rail.yaml");
const BRIG: &str = include_str!("openapi/brig.yaml");
const HULL: &str = include_str!("openapi/hull.json");
const COVE: &str = include_str!("openapi/cove.yaml");
const PIER: &str = include_str!("openapi/pier.json");

/// The manifest of one resource of a description.
fn drafted_from(text: &str, resource: &str) -> String {
    let home = TestEnv::new();
    home.run(["providers", "new", "acme", "--from", "-", "--resource"])
        .args([resource])
        .stdin(text)
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .stderr_has(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    home.read("config/providers/acme.toml").unwrap()
}

#[test]
fn draft_of_forms_names_key() {
    assert_lines(
        &drafted(LOFT),
        &[
            "request = { method = \"POST\", path = \"/keys/rename\", format = \"form\", body = [",
            "request = { method = \"POST\", path = \"/keys/revoke\", format = \"form\", body = [",
            "request = { method = \"POST\", path = \"/keys/rotate\", format = \"form\", body = [",
            "{ at = \"name\", from = \"name\" },",
            "{ at = \"version\", value = 2 },",
            "# open: a rotation must send /reason: it is sent without",
        ],
    );
}

#[test]
fn draft_of_forms_sends_constants() {
    let text = drafted(LOFT);
    for (operation, sent) in [
        (
            "rename",
            "  { at = \"key_id\", from = \"id\" },\n  { at = \"name\", from = \"name\" },\n  { at = \"kind\", value = \"api\" },\n] }",
        ),
        (
            "rotate",
            "  { at = \"key_id\", from = \"id\" },\n  { at = \"kind\", value = \"api\" },\n] }",
        ),
    ] {
        let (_, section) = text
            .split_once(&format!("[operations.{operation}]\n"))
            .unwrap();
        let request = section.split("\n[").next().unwrap();
        assert!(request.contains(sent), "{request}");
    }
}

#[test]
fn draft_of_suffixed_paths_is_whole() {
    let text = drafted(QUAY);
    assert_lines(
        &text,
        &[
            "id = \"/sid\"",
            "pagination = { style = \"next-url\", size_param = \"PageSize\", size = 100, next = \"/next_page_uri\" }",
            "request = { method = \"GET\", path = \"/2010/Accounts/{var.account_sid}/Keys/{id}.json\" }",
            "request = { method = \"POST\", path = \"/2010/Accounts/{var.account_sid}/Keys/{id}.json\", format = \"form\", body = [",
            "request = { method = \"DELETE\", path = \"/2010/Accounts/{var.account_sid}/Keys/{id}.json\" }",
            "response = { secret_parts = { sid = \"/sid\", secret = \"/secret\" } }",
        ],
    );
    assert_eq!(
        text.matches("{ at = \"FriendlyName\", from = \"name\" },")
            .count(),
        2
    );
}

#[test]
fn draft_of_vendor_media_asks() {
    assert_lines(
        &drafted(PIER),
        &[
            "request = { method = \"GET\", path = \"/v2/orgs/{var.org_id}/apiKeys\", headers = [{ at = \"Accept\", value = \"application/vnd.pier.2026-01-01+json\" }] }",
            "request = { method = \"POST\", path = \"/v2/orgs/{var.org_id}/apiKeys\", headers = [{ at = \"Accept\", value = \"application/vnd.pier.2026-01-01+json\" }], media_type = \"application/vnd.pier.2026-01-01+json\", body = [",
            "pagination = { style = \"offset\", param = \"offset\", last = \"empty\" }",
            "{ at = \"/expiration\", from = \"expires\", as = \"duration\" },",
            "response = { secret = \"/privateKey\" }",
            "response = { record = \"/results/0\" }",
            "request = { method = \"GET\", path = \"/_security/_authenticate\" }",
            "name = \"/desc\"",
            "masked = \"/maskedSecret\"",
            "created_at = { at = \"/creation\", as = \"time\" }",
        ],
    );
}

#[test]
fn draft_passes_unusable_schemes_over() {
    assert_lines(
        &drafted(PIER),
        &[
            "[operations.exchange]",
            "auth = [\"client\"]",
            "yields = \"token\"",
        ],
    );
}

#[test]
fn draft_leaves_other_resources_alone() {
    assert!(!drafted(PIER).contains("operations.rename"));
}

#[test]
fn draft_of_kinds_in_path_creates() {
    assert_lines(
        &drafted(RAIL),
        &[
            "request = { method = \"POST\", path = \"/api-keys/{var.type}/{var.sub_type}\", body = [",
            "choices = [\"user\", \"service\"]",
            "response = { secret = \"/encoded\" }",
        ],
    );
}

#[test]
fn draft_of_bare_list_reads_show() {
    assert_lines(
        &drafted(RAIL),
        &[
            "response = { items = \"/items\" }",
            "name = \"/name\"",
            "last_used_at = { at = \"/lastUsedAt\", as = \"time\" }",
        ],
    );
}

#[test]
fn draft_of_call_names_revokes() {
    let text = drafted(RAIL);
    let (_, section) = text.split_once("[operations.revoke]\n").unwrap();
    assert!(
        section.starts_with("request = { method = \"POST\", path = \"/api-keys/{id}\" }\n"),
        "{section}"
    );
}

#[test]
fn draft_of_named_resource_is_made() {
    assert_lines(
        &drafted_from(PIER, "/v2/robots"),
        &[
            "request = { method = \"POST\", path = \"/v2/robots\" }",
            "response = { secret = \"/secret\" }",
        ],
    );
}

#[test]
fn draft_of_owner_lists_keys() {
    let text = drafted_from(PIER, "/v2/accounts/{account}/secrets");
    assert_lines(
        &text,
        &[
            "request = { method = \"GET\", path = \"/v2/accounts/{var.account}\" }",
            "response = { items = \"/secrets\" }",
            "id = \"/id\"",
            "expires_at = { at = \"/expiresAt\", as = \"time\" }",
            "{ at = \"/expiresIn\", from = \"expires\", as = \"seconds\" },",
            "input = { expires = \"30d\" }",
        ],
    );
    assert!(!text.contains("is sent as `seconds`"), "{text}");
}

#[test]
fn draft_without_examples_makes_them() {
    let home = TestEnv::new();
    home.run(["providers", "new", "acme", "--from", "-"])
        .stdin(QUAY)
        .expect_stdout("[home]/config/providers/acme.toml\n")
        .stderr_has(messages::MANIFEST_NEXT_STEP)
        .exit(0);
    home.run(["providers", "check", "acme"])
        .stdout_has("examples: 6 of 6 pass\ncoverage: 6 of 6 calls, 7 of 7 response fields\n")
        .exit(0);
    assert_lines(
        &home.read("config/providers/acme.toml").unwrap(),
        &[
            "# guessed: examples called `made up from the schema` are not recorded; `providers check --live --record` adds real ones",
            "name = \"made up from the schema\"",
            "input = { id = \"example-1\", name = \"ci\" }",
            "{ request = \"POST https://api.quay.example.com/2010/Accounts/example-account-sid/Keys/example-1.json\", body = \"FriendlyName=ci\", status = 200, response = '{\"sid\":\"example-sid\",\"friendly_name\":\"example-friendly-name\",\"date_created\":\"2026-01-01T00:00:00Z\"}' },",
        ],
    );
}

#[test]
fn draft_prefers_key_to_jwt() {
    assert_lines(
        &drafted(RAIL),
        &["in = [{ header = { name = \"X-Rail-Key\" } }]"],
    );
}

#[test]
fn draft_of_pair_delivers_both_parts() {
    assert_lines(
        &drafted(COVE),
        &[
            "parts = [{ name = \"public_key\", title = \"public key\", public = true }, { name = \"secret_key\", title = \"secret key\" }]",
            "in = [{ basic = { part = \"password\", of = \"secret_key\", other = \"credential.key.public_key\" } }]",
            "response = { secret_parts = { public_key = \"/publicKey\", secret_key = \"/secretKey\" } }",
        ],
    );
    assert!(!drafted(COVE).contains("carry_over"));
}

#[test]
fn draft_of_pair_apart_yields_it() {
    let apart = COVE.replace("[{ BasicAuth: [] }]", "[{ Bearer: [] }]");
    assert_lines(
        &drafted(&apart),
        &[
            "in = [{ header = { name = \"Authorization\", scheme = \"Bearer\" } }]",
            "[credentials.pair]",
            "yields = \"pair\"",
            "response = { secret_parts = { public_key = \"/publicKey\", secret_key = \"/secretKey\" } }",
        ],
    );
}

#[test]
fn draft_of_basic_takes_id() {
    let bare = COVE
        .replace("        publicKey: { type: string }\n", "")
        .replace("[id, publicKey]", "[id]");
    assert_lines(
        &drafted(&bare),
        &[
            "in = [{ basic = { part = \"password\", of = \"secret_key\", other = \"credential.key.id\" } }]",
            "response = { secret_parts = { id = \"/id\", secret_key = \"/secretKey\" } }",
        ],
    );
}

#[test]
fn draft_of_basic_asks_user() {
    let bare = COVE
        .replace("        publicKey: { type: string }\n", "")
        .replace("[id, publicKey]", "[id]")
        .replace("secretKey", "token");
    assert_lines(
        &drafted(&bare),
        &[
            "# open: the user name that belongs to a new key: the response has the secret alone",
            "response = { secret = \"/token\" }",
        ],
    );
}

#[test]
fn draft_completes_examples_of_document() {
    assert_lines(
        &drafted(BRIG),
        &[
            "name = \"/name\"",
            "expect = { id = \"key_1\" }",
            "request = { method = \"POST\", path = \"/v2/keys.getKey\", body = [",
            "response = { record = \"/data\", secret = \"/data/key\" }",
        ],
    );
}

#[test]
fn draft_of_robots_finds_keys() {
    let text = drafted(HULL);
    assert_lines(
        &text,
        &[
            "# guessed: /robots are keys: a new one is shown with a secret",
            "# open: the address of the service: the document names the own machine (`--url`)",
            "in = [{ basic = { part = \"password\", of = \"secret\", other = \"credential.key.name\" } }]",
            "request = { method = \"GET\", path = \"/robots\" }",
            "# open: the response to rotate has no `name` beside the secret: it is a comment",
            "# request = { method = \"PATCH\", path = \"/robots/{id}\", body = [] }",
            "request = { method = \"PUT\", path = \"/robots/{id}\", body = [",
        ],
    );
    assert!(
        text.contains("status = { at = \"/disable\", as = \"not\" }"),
        "{text}"
    );
    assert!(!text.contains("carry_over"));
    assert!(!text.contains("path = \"/user\""));
}

#[test]
fn draft_of_kept_secrets_finds_none() {
    let kept = HULL.replace(
        "\"New\": { \"type\": \"object\",",
        "\"New\": { \"type\": \"object\", \"required\": [\"secret\"],",
    );
    assert_lines(
        &drafted(&kept),
        &["# open: the calls for keys: none of the document looks like one"],
    );
}

#[test]
fn draft_of_signing_secrets_finds_none() {
    let text = drafted(
        r#"{ "openapi": "3.0.3", "info": { "title": "Port", "version": "1" },
            "servers": [{ "url": "https://port.example.com" }],
            "components": { "securitySchemes": { "b": { "type": "http", "scheme": "bearer" } } },
            "paths": {
                "/hook/{id}/secret": { "get": { "responses": { "200": { "description": "it", "content": { "application/json": {
                    "schema": { "type": "object", "properties": { "key": { "type": "string" } } } } } } } } },
                "/hook/{id}/secret/rotate": { "post": { "responses": { "204": { "description": "done" } } } }
            } }"#,
    );
    assert_lines(
        &text,
        &["# open: the calls for keys: none of the document looks like one"],
    );
}

#[test]
fn draft_of_grants_finds_none() {
    let grants = COVE
        .replace("apiKeys", "authorizations")
        .replace("secretKey", "state");
    let grants = grants
        .replace("publicKey", "subject")
        .replace("displaySecretKey", "role");
    assert_lines(
        &drafted(&grants),
        &["# open: the calls for keys: none of the document looks like one"],
    );
}

#[test]
fn draft_of_hooks_finds_none() {
    assert_lines(
        &drafted(&HULL.replace("/robots", "/hooks")),
        &["# open: the calls for keys: none of the document looks like one"],
    );
}

#[test]
fn draft_of_enveloped_vault_finds_none() {
    let whole = r##""200": { "description": "it", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Whole" } } } }"##;
    let body = r##""requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Whole" } } } }"##;
    let text = format!(
        r#"{{ "openapi": "3.0.3", "info": {{ "title": "Vault", "version": "1" }},
            "servers": [{{ "url": "https://vault.example.com" }}],
            "components": {{
                "securitySchemes": {{ "b": {{ "type": "http", "scheme": "bearer" }} }},
                "schemas": {{ "Whole": {{ "type": "object", "required": ["data"], "properties": {{ "data": {{
                    "type": "object", "required": ["secret"],
                    "properties": {{ "id": {{ "type": "string" }}, "name": {{ "type": "string" }}, "secret": {{ "type": "string" }} }}
                }} }} }} }}
            }},
            "paths": {{
                "/v1/secrets": {{ "get": {{ "responses": {{ {whole} }} }}, "post": {{ {body}, "responses": {{ {whole} }} }} }},
                "/v1/secrets/{{id}}": {{ "put": {{ {body}, "responses": {{ {whole} }} }}, "delete": {{ "responses": {{ {whole} }} }} }}
            }} }}"#
    );
    assert_lines(
        &drafted(&text),
        &["# open: the calls for keys: none of the document looks like one"],
    );
    assert_lines(
        &drafted(
            &text
                .replace("/v1/secrets", "/v1/tokens")
                .replace(r#"["secret"]"#, "[]"),
        ),
        &["[operations.rename]"],
    );
}
