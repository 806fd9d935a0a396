//! `ElevenLabs`: the word "all" stands where else a list stands, and an update says what it leaves alone.

use serde_json::{Value, json};

use crate::support::home::TestEnv;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Answer, Server, Wanted, delete, get, patch, post};

const OWN: &str = "sk_000000000000000000000000000000000000000000fake01";
const NEW: &str = "sk_000000000000000000000000000000000000000000fake02";
const KEYS: &str = "/v1/service-accounts/sa-1/api-keys";

fn with(wanted: Wanted, secret: &str) -> Wanted {
    wanted.header("xi-api-key", secret)
}

fn run(server: &Server, args: &[&str]) -> Run {
    ci("elevenlabs", server, args)
        .key(OWN)
        .env("KEYWRIGHT_VAR_SERVICE_ACCOUNT", "sa-1")
}

/// A server without keys where one is made with these permissions.
fn creation(permissions: &Value, answer: Answer) -> Server {
    let server = Server::with(
        with(get(KEYS), OWN),
        server::json(200, &json!({ "api-keys": [] })),
    );
    server
        .expect(with(post(KEYS), OWN).json(&json!({ "name": "ci", "permissions": permissions })))
        .answer(answer);
    server
}

#[test]
fn all_is_a_word_and_anything_else_a_list() {
    for (scopes, sent) in [
        (&["all"][..], json!("all")),
        (&["text_to_speech"], json!(["text_to_speech"])),
        (
            &["text_to_speech", "voices_read"],
            json!(["text_to_speech", "voices_read"]),
        ),
    ] {
        let server = creation(
            &sent,
            server::json(200, &json!({ "xi-api-key": NEW, "key_id": "k-3" })),
        );
        // The answer leaves out what the key may do, and the list tells it.
        server.expect(with(get(KEYS), OWN)).answer(server::json(
            200,
            &json!({ "api-keys": [{ "key_id": "k-3", "name": "ci", "permissions": scopes }] }),
        ));
        let mut args = vec!["keys", "create", "ci"];
        args.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
        run(&server, &args)
            .expect_stdout(format!("{NEW}\n"))
            .any_stderr()
            .exit(0);
    }
}

#[test]
fn a_renamed_key_keeps_all_else() {
    let server = Server::with(
        with(get(KEYS), OWN),
        server::json(
            200,
            &json!({ "api-keys": [{ "key_id": "k-1", "name": "ci", "hint": "ab12", "is_disabled": false }] }),
        ),
    );
    server
        .expect(with(patch(&format!("{KEYS}/k-1")), OWN).json(&json!({
            "name": "deploy", "is_enabled": "no_update", "permissions": "no_update", "character_limit": "no_update",
            "allowed_ips": "no_update", "third_party_disable_allowed": "no_update",
        })))
        .answer(server::text(200, ""));
    run(&server, &["keys", "rename", "ci", "deploy"])
        .expect_stderr("renamed `ci` to `deploy`\n")
        .exit(0);
}

#[test]
fn a_key_without_permissions_may_do_everything_and_can_be_rotated() {
    let listed = |keys: Value| server::json(200, &json!({ "api-keys": keys }));
    let server = Server::with(
        with(get(KEYS), OWN),
        listed(json!([{ "key_id": "k-1", "name": "ci", "permissions": null }])),
    );
    server
        .expect(with(post(KEYS), OWN).json(&json!({ "name": "ci", "permissions": "all" })))
        .answer(server::json(
            200,
            &json!({ "xi-api-key": NEW, "key_id": "k-3" }),
        ));
    server.expect(with(get(KEYS), OWN)).answer(listed(
        json!([{ "key_id": "k-3", "name": "ci", "permissions": null }]),
    ));
    server
        .expect(with(get("/v1/user"), NEW))
        .times(2)
        .answer(server::json(200, &json!({ "user_id": "u-2" })));
    server
        .expect(with(delete(&format!("{KEYS}/k-1")), OWN))
        .answer(server::json(200, &json!({ "status": "ok" })));
    run(
        &server,
        &["keys", "rotate", "ci", "-y", "--to", "file:ci.key"],
    )
    .expect_stderr(
        "delivered to `file:[home]/work/ci.key`\nrevoked the old key `ci`\nrotated `ci`\n",
    )
    .exit(0);
}

#[test]
fn a_rotated_key_keeps_its_limit_and_its_addresses() {
    let old = json!({
        "key_id": "k-1", "name": "ci", "hint": "ab12", "is_disabled": false, "permissions": ["text_to_speech"],
        "character_limit": 1000, "allowed_ips": ["192.0.2.0/24", "198.51.100.1/32"],
    });
    let server = Server::with(
        with(get(KEYS), OWN),
        server::json(200, &json!({ "api-keys": [old] })),
    );
    server
        .expect(with(post(KEYS), OWN).json(&json!({
            "name": "ci", "permissions": ["text_to_speech"], "character_limit": 1000,
            "allowed_ips": ["192.0.2.0/24", "198.51.100.1/32"],
        })))
        .answer(server::json(
            200,
            &json!({ "xi-api-key": NEW, "key_id": "k-3" }),
        ));
    server.expect(with(get(KEYS), OWN)).answer(server::json(
        200,
        &json!({ "api-keys": [{ "key_id": "k-3", "name": "ci", "permissions": ["text_to_speech"], "character_limit": 500 }] }),
    ));
    server
        .expect(with(get("/v1/user"), NEW))
        .times(2)
        .answer(server::json(200, &json!({ "user_id": "u-2" })));
    server
        .expect(with(delete(&format!("{KEYS}/k-1")), OWN))
        .answer(server::json(200, &json!({ "status": "ok" })));
    run(
        &server,
        &["keys", "rotate", "ci", "-y", "--to", "file:ci.key"],
    )
    .stderr_has(
        "warning: elevenlabs changed `character_limit`: it is `500`, and `1000` was asked for\n",
    )
    .exit(0);
}

#[test]
fn the_only_service_account_is_found_at_the_login() {
    let server = Server::new();
    let home = TestEnv::new();
    server
        .expect(with(get("/v1/user"), OWN))
        .answer(server::json(200, &json!({ "user_id": "u-1" })));
    server
        .expect(with(get("/v1/service-accounts"), OWN))
        .answer(server::json(
            200,
            &json!({ "service-accounts": [{ "service_account_user_id": "sa-1", "name": "ci", "api-keys": [] }] }),
        ));
    home.run([
        "login",
        "elevenlabs",
        "--with-key",
        "--base-url",
        &server.url(),
    ])
    .stdin(OWN)
    .stderr_has("service account: sa-1\n")
    .exit(0);
}

#[test]
fn a_key_that_may_little_is_told_from_one_that_is_unknown() {
    for (status, code, word, exit) in [
        (401, "missing_permissions", "restricted", 4),
        (401, "invalid_api_key", "invalid", 3),
        (400, "invalid_api_key", "invalid", 3),
    ] {
        let refusal = json!({ "detail": { "status": code, "message": "no" } });
        let server = Server::with(with(get("/v1/user"), OWN), server::json(status, &refusal));
        run(&server, &["keys", "verify"])
            .expect_stdout(format!("{word}\n"))
            .exit(exit);
    }
}

#[test]
fn what_is_wrong_with_a_request_is_told_with_the_field() {
    let refusal = json!({ "detail": [{ "loc": ["body", "permissions", 0], "msg": "unexpected value", "type": "enum" }] });
    let server = creation(&json!(["singing"]), server::json(422, &refusal));
    run(&server, &["keys", "create", "ci", "--scope", "singing"])
        .stderr_has("unexpected value")
        .exit(1);
}
