//! Siesta AI: every call carries a key and an organisation; keys are made by hand.

use serde_json::json;

use crate::support::fake::SIESTA_KEY;
use crate::support::home::{TestEnv, key};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, get, post};
use crate::support::terminal::Reply;

const FIRST_CALL: &str = "/api/v1/Agent?Limit=10";

fn with_both(wanted: Wanted) -> Wanted {
    wanted
        .header("x-api-key", SIESTA_KEY)
        .header("x-org-id", "org-fake-1")
}

fn run(server: &Server, args: &[&str]) -> Run {
    ci("siesta", server, args)
        .key(SIESTA_KEY)
        .env("KEYWRIGHT_VAR_ORG_ID", "org-fake-1")
}

#[test]
fn every_call_carries_the_key_and_the_organisation() {
    let server = Server::with(
        with_both(get("/api/v1/Agent?Limit=2")).header("accept", "*/*"),
        server::text(200, "{\"items\": [ ]}"),
    );
    run(&server, &["api", "GET", "/api/v1/Agent?Limit=2"])
        .expect_stdout("{\"items\": [ ]}")
        .exit(0);
}

#[test]
fn without_an_organisation_nothing_is_sent() {
    let server = Server::new();
    for args in [
        &["keys", "verify"][..],
        &["api", "GET", "/api/v1/Agent"],
        &["api", "POST", "/api/v1/Agent", "-d", "{}"],
    ] {
        ci("siesta", &server, args)
            .key(SIESTA_KEY)
            .stderr_has("org_id")
            .exit(2);
    }
}

#[test]
fn a_login_without_an_organisation_says_how_to_give_it() {
    let server = Server::new();
    TestEnv::new()
        .run(["login", "siesta", "--with-key", "--base-url", &server.url()])
        .fails(
            "siesta needs the organisation id on every call",
            &[
                "add `--set org_id=VALUE`, or set KEYWRIGHT_VAR_ORG_ID",
                "it is shown in the dashboard under Organization; every call is scoped to it",
            ],
        )
        .exit(2);
}

#[test]
fn a_login_at_a_terminal_asks_for_the_organisation() {
    let home = TestEnv::new();
    let server = Server::with(
        with_both(get(FIRST_CALL)),
        server::json(200, &json!({ "items": [] })),
    );
    let done = home
        .run(["login", "siesta", "--base-url", &server.url()])
        .at_a_terminal()
        .reply(Reply::Text("org-fake-1".to_owned()))
        .reply(Reply::Secret(SIESTA_KEY.to_owned()))
        .stderr_has("logged in to siesta; the API key is kept in the test keyring\n")
        .exit(0);
    assert_eq!(done.asked, ["organisation id", "API key"]);
    assert_eq!(home.kept("siesta", "key").as_deref(), Some(SIESTA_KEY));
}

#[test]
fn the_organisation_of_the_login_is_kept_in_the_config() {
    let home = TestEnv::new();
    let server = Server::with(
        with_both(get(FIRST_CALL)),
        server::json(200, &json!({ "items": [] })),
    );
    server
        .expect(with_both(get(FIRST_CALL)))
        .answer(server::json(200, &json!({ "items": [] })));
    home.run([
        "login",
        "siesta",
        "--with-key",
        "--set",
        "org_id=org-fake-1",
        "--base-url",
        &server.url(),
        "-q",
    ])
    .stdin(SIESTA_KEY)
    .exit(0);
    home.run(["keys", "verify"])
        .expect_stdout("valid\n")
        .exit(0);
}

#[test]
fn each_status_of_the_document_says_what_to_do() {
    for (status, code, message, hint) in [
        (
            401,
            3,
            "the API key is missing, expired or invalid",
            "create a key under Organization → Api Keys and set KEYWRIGHT_API_KEY to it",
        ),
        (
            403,
            4,
            "the key is valid, but has no access to this resource or organisation",
            "check `org_id`: keywright profiles show",
        ),
        (
            404,
            5,
            "it does not exist, or the current organisation cannot see it",
            "check the path, and `org_id`: keywright profiles show",
        ),
    ] {
        let server = Server::with(
            with_both(get("/api/v1/Agent")).header("accept", "*/*"),
            server::empty(status),
        );
        run(&server, &["api", "GET", "/api/v1/Agent"])
            .fails(&format!("siesta refused to answer: {message}"), &[hint])
            .exit(code);
    }
}

#[test]
fn too_many_requests_are_waited_for_and_then_told() {
    let server = Server::new();
    let slow_down = server::empty(429).header("Retry-After", "40");
    server
        .expect(
            with_both(post("/api/v1/Agent"))
                .header("accept", "*/*")
                .json(&json!({})),
        )
        .answer(slow_down);
    run(&server, &["api", "POST", "/api/v1/Agent", "-d", "{}"])
        .fails(
            "siesta refused to answer: requests come too quickly",
            &[
                "slow down, or allow more waiting with `--timeout`",
                "it asks to wait 40 s",
            ],
        )
        .exit(7);
}

#[test]
fn a_key_is_verified_by_the_first_call_of_the_documents() {
    for (status, result, code) in [
        (200, "valid", 0),
        (401, "invalid", 3),
        (403, "restricted", 4),
    ] {
        let answer = match status {
            200 => server::text(200, "{\"items\":[]}"),
            refused => server::empty(refused),
        };
        let server = Server::with(with_both(get(FIRST_CALL)), answer);
        run(&server, &["keys", "verify", "--json"])
            .expect_json(json!({ "result": result, "status_code": status, "identity": null }))
            .exit(code);
    }
}

#[test]
fn a_key_made_by_hand_is_pasted_and_verified() {
    let new = "fake-siesta-key-0000000000000002";
    let server = Server::with(
        get(FIRST_CALL)
            .header("x-api-key", new)
            .header("x-org-id", "org-fake-1"),
        server::json(200, &json!({ "items": [] })),
    );
    run(&server, &["keys", "create", "ci"])
        .stdin(format!("{new}\n"))
        .expect_stdout(format!("{new}\n"))
        .expect_stderr(
            "siesta has no API to create a key: create it by hand\n\
             open: https://app.siesta.ai\n\
             \x20 1. Open Organization → Api Keys\n\
             \x20 2. Create a key, one for each environment and integration\n\
             \x20 3. Copy the key\n\
             \x20 4. Name it `ci`\n\
             \x20 5. Paste the key here\n\
             warning: the key `ci` is shown once, here: it will not be shown again\n",
        )
        .exit(0);
}

#[test]
fn a_revocation_by_hand_changes_nothing_and_says_how() {
    let server = Server::new();
    run(&server, &["keys", "revoke", "ci"])
        .expect_stderr(
            "siesta has no call to revoke a key; nothing was changed. Do it by hand\n\
             open: https://app.siesta.ai\n\
             \x20 1. Open Organization → Api Keys\n\
             \x20 2. Delete the key: it cannot be disabled for a while\n",
        )
        .exit(0);
}

#[test]
fn the_key_that_is_kept_here_is_all_that_can_be_listed() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in_as(
        "work",
        "siesta",
        &server.url(),
        &[("org_id", "org-fake-1")],
        &[key(SIESTA_KEY)],
    );
    let done = home
        .run(["keys", "list", "--json"])
        .any_stdout()
        .expect_stderr("siesta has no call that lists keys: this is the one kept here\n")
        .exit(0);
    let keys = done.json();
    assert_eq!(keys[0]["masked"], "fake-siesta-***0001", "{keys}");
    assert_eq!(keys[0]["profile"], "work");
    assert_eq!(keys[0]["status"], "unknown");
}
