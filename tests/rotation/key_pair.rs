//! A key pair is made on this machine: its private half is kept before the public one is sent.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::{events, is_clean, only_id};
use crate::support::clock::NOON_SECONDS;
use crate::support::home::{TestEnv, key};
use crate::support::jwt::{Jwt, N};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, delete, get, post};

const SIGNET: &str = include_str!("../manifests/signet.toml");

/// The key of RFC 7515, appendix A.2, which `openssl` makes here.
const MADE: &str = include_str!("../../src/service/auth/jwt/keys/rsa-pkcs8.pem");

/// Its thumbprint.
const KID: &str = "IsUn6_e04MaShXFIISMp4kG62LWzMIPy_MvSA5pJgX8";

/// A machine whose `openssl` is this script, or which has none.
fn machine(openssl: Option<&str>) -> (Server, TestEnv) {
    machine_of(SIGNET, openssl)
}

fn machine_of(signet: &str, openssl: Option<&str>) -> (Server, TestEnv) {
    let (server, home) = (Server::new(), TestEnv::new());
    home.write("config/providers/signet.toml", signet);
    home.log_in("signet", &server.url(), &[key(MADE)]);
    home.write("bin/made.pem", MADE);
    if let Some(script) = openssl {
        let path = home.write("bin/openssl", format!("#!/bin/sh\n{script}\n"));
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    (server, home)
}

/// The script prints the key, if its arguments are those of a key of 2048 bits.
const OPENSSL: &str = r#"[ "$*" = "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048" ] && while IFS= read -r line; do echo "$line"; done < "${0%/*}/made.pem""#;

fn run(home: &TestEnv, args: &[&str]) -> Run {
    let path = home.path().join("bin");
    home.run(args).env("PATH", path.to_str().unwrap())
}

fn create(home: &TestEnv) -> Run {
    run(home, &["keys", "create", "ci", "--to", "file:ci.pem"])
}

fn signed(wanted: Wanted) -> Wanted {
    wanted.bearer("{jwt}").jwt(Jwt {
        header: json!({ "alg": "RS256", "kid": KID }),
        claims: json!({ "iss": "ci", "exp": NOON_SECONDS + 300 }),
    })
}

fn listed(server: &Server, keys: &Value) {
    server
        .expect(signed(get("/keys")))
        .answer(server::json(200, keys));
}

fn registered(server: &Server, answer: Answer) {
    let jwk = json!({ "e": "AQAB", "kty": "RSA", "n": N, "kid": KID, "use": "sig" });
    let body = json!({ "name": "ci", "jwk": jwk });
    server
        .expect(signed(post("/keys").json(&body)))
        .answer(answer);
}

fn accepted(server: &Server) {
    server
        .expect(signed(get("/me")))
        .answer(server::json(200, &json!({ "name": "ci" })));
}

fn created() -> Answer {
    server::json(201, &json!({ "kid": "k2", "name": "ci" }))
}

#[test]
fn create_made_pair_arrives_as_pem() {
    let (server, home) = machine(Some(OPENSSL));
    listed(&server, &json!([]));
    registered(&server, created());
    create(&home)
        .expect_stderr(messages::delivered("file:[home]/work/ci.pem"))
        .exit(0);
    assert_eq!(home.read("work/ci.pem").as_deref(), Some(MADE));
    is_clean(&home);
}

#[test]
fn rotate_old_half_is_removed() {
    let (server, home) = machine(Some(OPENSSL));
    listed(&server, &json!([{ "kid": "k1", "name": "ci" }]));
    registered(&server, created());
    accepted(&server);
    accepted(&server);
    server
        .expect(signed(delete("/keys/k1")))
        .answer(server::empty(204));
    run(
        &home,
        &["keys", "rotate", "k1", "-y", "--to", "file:ci.pem"],
    )
    .stderr_has(&messages::revoked_old("ci"))
    .exit(0);
    assert_eq!(home.read("work/ci.pem").as_deref(), Some(MADE));
    is_clean(&home);
}

#[test]
fn rotate_thumbprinted_login_key_updates_login() {
    let shown = SIGNET
        .replace("status = {", "masked = \"/print\"\nstatus = {")
        .replace(r#"{"kid":"k1","#, r#"{"kid":"k1","print":"fake","#);
    let (server, home) = machine_of(&shown, Some(OPENSSL));
    listed(
        &server,
        &json!([{ "kid": "k1", "name": "ci", "print": KID }]),
    );
    registered(&server, created());
    accepted(&server);
    accepted(&server);
    server
        .expect(signed(delete("/keys/k1")))
        .answer(server::empty(204));
    run(&home, &["keys", "rotate", "k1", "-y"])
        .stderr_has(&messages::login_follows("signet"))
        .exit(0);
}

#[test]
fn lost_registration_is_found_by_signing() {
    let (server, home) = machine(Some(OPENSSL));
    listed(&server, &json!([]));
    registered(&server, server::hang_up());
    create(&home)
        .stderr_has("the public key may have been registered; its private key is kept")
        .exit(10);
    assert_eq!(events(&home), [["intended", "sending", "lost"]]);
    let id = only_id(&home);
    accepted(&server);
    listed(&server, &json!([{ "kid": "k2", "name": "ci" }]));
    accepted(&server);
    run(&home, &["rotations", "resume", &id])
        .stderr_has("delivered")
        .exit(0);
    assert_eq!(home.read("work/ci.pem").as_deref(), Some(MADE));
    is_clean(&home);
}

#[test]
fn refused_registration_leaves_nothing() {
    let (server, home) = machine(Some(OPENSSL));
    listed(&server, &json!([]));
    registered(
        &server,
        server::json(
            409,
            &json!({ "error": "this public key is registered already" }),
        ),
    );
    let before = home.keychain.values().len();
    create(&home)
        .stderr_has("signet refused to create a key: this public key is registered already")
        .exit(6);
    assert_eq!(home.keychain.values().len(), before);
    is_clean(&home);
}

#[test]
fn openssl_missing_or_broken_is_told() {
    for (script, message) in [
        (
            None,
            "an RSA key is made by openssl, and it could not be started: there is no such program",
        ),
        (Some("exit 1"), "openssl failed to make an RSA key"),
        (Some("echo junk"), "openssl printed no RSA key of 2048 bits"),
        (
            Some("echo -----BEGIN PRIVATE KEY-----; echo -----END PRIVATE KEY-----"),
            "openssl printed no RSA key of 2048 bits",
        ),
    ] {
        let (server, home) = machine(script);
        listed(&server, &json!([]));
        create(&home)
            .stderr_has(message)
            .stderr_has("hint: ")
            .exit(2);
        is_clean(&home);
    }
}
