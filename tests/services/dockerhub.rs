//! Docker Hub: a token is exchanged before it opens anything, a second factor goes to another address, and lists hold
//! empty secrets.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::fake::jwt;
use crate::support::home::{TestEnv, key};
use crate::support::server::{self, Server, get, post};
use crate::support::terminal::Reply;

const KEY: &str = "dckr_pat_fake00000000000000000000001";
const TOKENS: &str = "/v2/access-tokens";

fn exchange() -> server::Wanted {
    post("/v2/auth/token").json(&json!({ "identifier": "ada", "secret": KEY }))
}

fn page(server: &Server) -> Value {
    json!({
        "count": 2,
        "next": format!("{}/v2/access-tokens?page=2", server.url()),
        "results": [{ "uuid": "u1", "token_label": "laptop", "token": "", "is_active": true, "scopes": ["repo:read"] }],
    })
}

/// A server that has exchanged the key once, and the machine of its owner.
fn exchanged(access: &str) -> (TestEnv, Server) {
    let home = TestEnv::new();
    let server = Server::with(
        exchange(),
        server::json(200, &json!({ "access_token": access })),
    );
    let user = [("username", "ada")];
    home.log_in_as("dockerhub", "dockerhub", &server.url(), &user, &[key(KEY)]);
    (home, server)
}

#[test]
fn a_list_exchanges_the_key_first_and_shows_no_secret_where_there_is_none() {
    let access = jwt("hub", 600);
    let (home, server) = exchanged(&access);
    server
        .expect(get(TOKENS).bearer(&access))
        .answer(server::json(200, &page(&server)));
    server
        .expect(get("/v2/access-tokens?page=2").bearer(&access))
        .answer(server::json(
            200,
            &json!({ "next": null, "results": [{ "uuid": "u2", "token_label": "off", "token": "", "is_active": false }] }),
        ));
    let listed = home
        .run(["keys", "list", "--json"])
        .any_stdout()
        .exit(0)
        .json();
    let statuses: Vec<&Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|key| &key["status"])
        .collect();
    assert_eq!(statuses, ["active", "disabled"]);
    assert_eq!(listed[0]["masked"], Value::Null);
    assert_eq!(home.kept("dockerhub", "token"), Some(access));
}

#[test]
fn the_moment_to_come_again_is_no_span() {
    let access = jwt("hub", 600);
    let (home, server) = exchanged(&access);
    // Five seconds after noon, when the clock of the tests stands at noon.
    let wait = server::json(
        429,
        &json!({ "detail": "Rate limit exceeded", "error": false }),
    )
    .header("X-Retry-After", "1795176005");
    server.expect(get(TOKENS).bearer(&access)).answer(wait);
    server
        .expect(get(TOKENS).bearer(&access))
        .answer(server::json(200, &json!({ "next": null, "results": [] })));
    let done = home
        .run(["keys", "list", "--json"])
        .expect_json(json!([]))
        .any_stderr()
        .exit(0);
    assert_eq!(done.sleeps, [Duration::from_secs(5)]);
}

#[test]
fn a_password_is_followed_by_a_code_to_another_address() {
    let home = TestEnv::new();
    let access = jwt("hub", 600);
    let server = Server::with(
        post("/v2/auth/token").json(&json!({ "identifier": "ada", "secret": "fake-password" })),
        server::json(
            401,
            &json!({ "detail": "Require secondary authentication", "login_2fa_token": "fake-ticket" }),
        ),
    );
    server
        .expect(
            post("/v2/users/2fa-login")
                .json(&json!({ "login_2fa_token": "fake-ticket", "code": "123456" })),
        )
        .answer(server::json(200, &json!({ "token": access })));
    let url = server.url();
    let args = [
        "login",
        "dockerhub",
        "--base-url",
        &url,
        "--set",
        "username=ada",
    ];
    let done = home
        .run(args)
        .at_a_terminal()
        .reply(Reply::Choose("Docker ID and password".to_owned()))
        .reply(Reply::Text("ada".to_owned()))
        .reply(Reply::Secret("fake-password".to_owned()))
        .reply(Reply::Secret("123456".to_owned()))
        .any_stderr()
        .exit(0);
    assert_eq!(
        done.asked,
        [
            "Log in with",
            "Docker ID",
            "Password",
            "code of your authenticator"
        ]
    );
    assert_eq!(home.kept("dockerhub", "token"), Some(access));
    let everything = home.keychain.values();
    assert!(
        !everything
            .iter()
            .any(|value| value.contains("fake-password") || value.contains("fake-ticket"))
    );
}

#[test]
fn a_wrong_password_is_told_by_the_name_that_people_log_in_with() {
    let server = Server::with(
        post("/v2/auth/token").json(&json!({ "identifier": "ada", "secret": "fake-password" })),
        server::json(
            401,
            &json!({ "detail": "Incorrect authentication credentials" }),
        ),
    );
    let url = server.url();
    let args = [
        "login",
        "dockerhub",
        "--base-url",
        &url,
        "--set",
        "username=ada",
        "--email",
        "ada",
    ];
    TestEnv::new()
        .run(args)
        .stdin("fake-password\n")
        .fails(
            "dockerhub does not accept this Docker ID and password",
            &["check both and try again; nothing was stored"],
        )
        .exit(3);
}

#[test]
fn a_key_is_verified_by_its_exchange_and_kept_out_of_every_header() {
    let home = TestEnv::new();
    let server = Server::with(
        exchange(),
        server::json(
            401,
            &json!({ "detail": "Incorrect authentication credentials" }),
        ),
    );
    let url = server.url();
    home.run([
        "login",
        "dockerhub",
        "--with-key",
        "--base-url",
        &url,
        "--set",
        "username=ada",
    ])
    .stdin(format!("{KEY}\n"))
    .fails(
        "dockerhub does not accept it: it is invalid",
        &["copy all of it again; nothing was stored"],
    )
    .exit(3);
}
