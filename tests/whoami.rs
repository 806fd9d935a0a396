//! The login of the profile in force: the service's word where a call tells it, and nothing sent otherwise.

use serde_json::{Value, json};

use crate::support::fake::{GENERIC_KEY, SIATI_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::messages;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, get, post};

const MONTH: i64 = 30 * 86_400;

fn boot(token: &str) -> Wanted {
    get("/me/boot").bearer(token)
}

fn ada() -> Value {
    json!({ "user": { "email": "ada@example.com" } })
}

fn siati(server: &Server) -> Run {
    ci("siati", server, ["whoami"]).token(&jwt("ada", MONTH))
}

#[test]
fn identity_is_asked_of_service() {
    let server = Server::with(boot(&jwt("ada", MONTH)), server::json(200, &ada()));
    siati(&server)
        .args(["--json"])
        .expect_json(json!({
            "profile": "siati",
            "provider": "siati",
            "identity": "ada@example.com",
            "credential": "token",
            "expires_at": "2026-12-20T12:00:00Z",
            "decided_by": "KEYWRIGHT_PROVIDER",
        }))
        .exit(0);
    server
        .expect(boot(&jwt("ada", MONTH)))
        .answer(server::json(200, &ada()));
    siati(&server)
        .expect_stdout(
            "identity    ada@example.com\n\
             credential  token (KEYWRIGHT_TOKEN, expires in 30 days, valid)\n\
             profile     siati (by KEYWRIGHT_PROVIDER)\n\
             provider    siati\n",
        )
        .exit(0);
}

#[test]
fn exit_code_is_that_of_verify() {
    for (answer, code, said) in [
        (
            server::empty(401),
            3,
            "siati does not accept the JWT; log in again: keywright login siati\n",
        ),
        (server::empty(403), 4, ""),
        (
            server::html(200),
            1,
            "siati answered with a web page instead of JSON (HTTP 200)",
        ),
    ] {
        let server = Server::with(boot(&jwt("ada", MONTH)), answer);
        if code == 3 {
            let refresh = post("/auth/refresh").bearer(&jwt("ada", MONTH));
            server.expect(refresh).answer(server::empty(401));
        }
        let shown = siati(&server)
            .args(["--json"])
            .json_stdout()
            .stderr_has(said)
            .exit(code);
        assert_eq!(shown.json()["identity"], Value::Null);
    }
    Run::new()
        .args(["whoami"])
        .env("KEYWRIGHT_PROVIDER", "siati")
        .token("")
        .stderr_has(messages::TOKEN_EMPTY)
        .exit(3);
}

#[test]
fn identity_without_call_is_null() {
    let server = Server::new();
    for (provider, secret) in [("generic", GENERIC_KEY), ("siati", SIATI_KEY)] {
        ci(provider, &server, ["whoami", "--json"])
            .key(secret)
            .expect_json(json!({
                "profile": provider,
                "provider": provider,
                "identity": null,
                "credential": "key",
                "expires_at": null,
                "decided_by": "KEYWRIGHT_PROVIDER",
            }))
            .exit(0);
    }
    ci("generic", &server, ["whoami"])
        .key(GENERIC_KEY)
        .stdout_has("identity    unknown: generic has no call that tells it\n")
        .exit(0);
}

#[test]
fn credential_with_identity_comes_first() {
    let server = Server::with(boot(&jwt("ada", MONTH)), server::json(200, &ada()));
    let home = TestEnv::new();
    let secret = jwt("ada", MONTH);
    home.log_in_as(
        "work",
        "siati",
        &server.url(),
        &[],
        &[key(SIATI_KEY), token(&secret, MONTH)],
    );
    let shown = home.run(["whoami", "--json"]).json();
    assert_eq!(shown["identity"], "ada@example.com");
    assert_eq!(shown["decided_by"], "default_profile");
}

#[test]
fn stored_facts_open_no_store() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("generic", &server.url(), &[key(GENERIC_KEY)]);
    let touched = home.keychain.touched();
    home.run(["whoami"])
        .stdout_has("credential  key (keyring)\n")
        .exit(0);
    assert_eq!(home.keychain.touched(), touched);
}

#[test]
fn untrusted_project_is_passed_over() {
    let server = Server::with(
        get("/api/keys/status").header("x-api-key", SIEVE_KEY),
        server::json(200, &json!({ "hasKey": true, "keyPrefix": "gds_fake" })),
    );
    let home = TestEnv::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.write("work/keywright.toml", "profile = \"other\"\n");
    home.run(["whoami"])
        .stdout_has("identity    gds_fake\n")
        .stderr_has(messages::NOT_TRUSTED)
        .exit(0);
    TestEnv::new()
        .run(["whoami"])
        .stderr_has(messages::LOG_IN)
        .exit(3);
}
