//! A key that is verified by the token it is exchanged for: the key under test is exchanged, not that of the login.

use serde_json::json;

use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::server::{self, Answer, Server, Wanted, delete, get, post};

const CHANDLER: &str = include_str!("manifests/chandler.toml");
const OLD: &str = "ch_fake-old-0000000000000001";
const NEW: &str = "ch_fake-new-0000000000000002";
const OLD_TOKEN: &str = "fake-token-of-the-old-key-0001";
const NEW_TOKEN: &str = "fake-token-of-the-new-key-0002";

fn logged_in() -> (TestEnv, Server) {
    let (home, server) = (TestEnv::new(), Server::new());
    home.write("config/providers/chandler.toml", CHANDLER);
    home.log_in("chandler", &server.url(), &[key(OLD)]);
    (home, server)
}

fn exchange_of(key: &str) -> Wanted {
    let media_type = "application/x-www-form-urlencoded";
    post("/token")
        .header("x-chandler-key", key)
        .body(media_type, b"grant_type=client_credentials")
}

fn token(value: &str) -> Answer {
    let body = json!({ "access_token": value, "token_type": "Bearer", "expires_in": 300 });
    server::json(200, &body)
}

fn refused() -> Answer {
    let body = json!({ "error": "invalid_grant", "error_description": "the key was revoked" });
    server::json(400, &body)
}

/// The key is exchanged, and its own token makes the call.
fn proves(server: &Server, key: &str, value: &str, answer: Answer) {
    server.expect(exchange_of(key)).answer(token(value));
    server.expect(get("/me").bearer(value)).answer(answer);
}

#[test]
fn exchanged_key_gets_verdict() {
    let (home, server) = logged_in();
    let verify = || home.run(["keys", "verify", "--json"]);
    proves(&server, OLD, OLD_TOKEN, json!({ "owner": "ada" }).into());
    let verdict = json!({ "result": "valid", "status_code": 200, "identity": "ada" });
    verify().expect_verdict("chandler", &verdict).exit(0);
    let gone = server::json(401, &json!({ "error": "invalid_token" }));
    proves(&server, OLD, OLD_TOKEN, gone);
    let verdict = json!({ "result": "invalid", "status_code": 401, "identity": null });
    verify().expect_verdict("chandler", &verdict).exit(3);
    server.expect(exchange_of(OLD)).answer(refused());
    let verdict = json!({ "result": "invalid", "status_code": 400, "identity": null });
    verify().expect_verdict("chandler", &verdict).exit(3);
    assert_eq!(home.kept("chandler", "token"), None);
}

#[test]
fn login_exchanges_pasted_key() {
    let (home, server) = logged_in();
    server.expect(exchange_of(NEW)).answer(refused());
    home.run(["login", "chandler", "--with-key"])
        .stdin(NEW)
        .stderr_has("error: chandler ")
        .exit(3);
    assert_eq!(home.kept("chandler", "key").as_deref(), Some(OLD));
}

#[test]
fn rotation_exchanges_new_key() {
    let (home, server) = logged_in();
    server.expect(exchange_of(OLD)).answer(token(OLD_TOKEN));
    let keys = json!([{ "id": "1", "name": "ci" }]);
    let listed = server::json(200, &keys);
    server.expect(get("/keys").bearer(OLD_TOKEN)).answer(listed);
    let made = json!({ "id": "2", "name": "ci", "key": NEW });
    let creation = post("/keys")
        .bearer(OLD_TOKEN)
        .json(&json!({ "name": "ci" }));
    server.expect(creation).answer(server::json(201, &made));
    for _ in 0..2 {
        proves(&server, NEW, NEW_TOKEN, json!({ "owner": "ada" }).into());
    }
    let revocation = delete("/keys/1").bearer(OLD_TOKEN);
    server.expect(revocation).answer(server::empty(204));
    home.run(["keys", "rotate", "1", "-y", "--to", "file:ci.key"])
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(home.read("work/ci.key"), Some(format!("{NEW}\n")));
}
