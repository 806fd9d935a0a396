//! Sieve: one key a user, exchanged for tokens of fifteen minutes.

use serde_json::{Value, json};

use crate::support::fake::{SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, delete, get, post};
use crate::support::terminal::Reply;

const STATUS: &str = "/api/keys/status";
const NEW: &str = "gds_fake0000000000000000000000000002";

fn status() -> Value {
    json!({
        "hasKey": true,
        "keyPrefix": "gds_fake",
        "name": "Production API Key",
        "lastUsed": "2026-02-14 10:30:45",
        "createdAt": "2026-01-14 08:15:30",
    })
}

fn created() -> Value {
    json!({ "key": NEW, "keyPrefix": "gds_fake", "warning": "Copy this key now. It will not be shown again." })
}

fn pair(access: &str) -> Value {
    json!({ "accessToken": access, "refreshToken": "fake-refresh-2", "expiresIn": 900 })
}

/// The server's one key as every service's keys are shown.
fn shown() -> Value {
    json!({
        "provider": "sieve",
        "profile": "sieve",
        "id": null,
        "name": "Production API Key",
        "masked": "gds_fake",
        "status": "active",
        "scopes": null,
        "created_at": "2026-01-14T08:15:30Z",
        "expires_at": null,
        "last_used_at": "2026-02-14T10:30:45Z",
        "usage": null,
    })
}

fn run(server: &Server, args: &[&str]) -> Run {
    ci("sieve", server, args).key(SIEVE_KEY)
}

fn asked_for_status(answer: server::Answer) -> Server {
    Server::with(get(STATUS).header("x-api-key", SIEVE_KEY), answer)
}

#[test]
fn the_status_tells_of_the_one_key() {
    let server = asked_for_status(server::json(200, &status()));
    run(&server, &["keys", "status", "--json"])
        .expect_json(json!({ "has_key": true, "key": shown(), "limit": 1, "used": 1 }))
        .exit(0);
    let server = asked_for_status(server::json(200, &json!({ "hasKey": false })));
    run(&server, &["keys", "status", "--json"])
        .expect_json(json!({ "has_key": false, "key": null, "limit": 1, "used": 0 }))
        .exit(0);
}

#[test]
fn an_answer_of_another_type_is_not_taken_for_a_key() {
    for (odd, kind) in [
        (json!("false"), "text"),
        (json!("true"), "text"),
        (json!(7), "a number"),
        (json!(0), "a number"),
        (json!([]), "a list"),
        (json!({}), "an object"),
    ] {
        for args in [["keys", "status"], ["keys", "list"]] {
            let server = asked_for_status(server::json(200, &json!({ "hasKey": odd })));
            run(&server, &args)
                .fails(
                    &format!(
                        "sieve was asked to say whether there is a key, and its answer decides nothing: `/hasKey` is {kind}, not `true` or `false`"
                    ),
                    &[],
                )
                .exit(1);
        }
        let server = asked_for_status(server::json(200, &json!({ "hasKey": odd })));
        run(&server, &["keys", "verify"])
            .any_stderr()
            .expect_stdout("unknown\n")
            .exit(1);
    }
    for odd in [json!({}), json!({ "hasKey": null }), json!([])] {
        let server = asked_for_status(server::json(200, &odd));
        run(&server, &["keys", "verify"])
            .any_stderr()
            .expect_stdout("unknown\n")
            .exit(1);
    }
}

#[test]
fn the_one_key_is_the_list_and_needs_no_name() {
    let server = asked_for_status(server::json(200, &status()));
    run(&server, &["keys", "list", "--json"])
        .expect_json(json!([shown()]))
        .exit(0);
    let server = asked_for_status(server::json(200, &status()));
    run(&server, &["keys", "show", "--json"])
        .expect_json(shown())
        .exit(0);
    let server = asked_for_status(server::json(200, &json!({ "hasKey": false })));
    run(&server, &["keys", "show"])
        .fails(
            "there is no key at sieve",
            &["create one: keywright keys create"],
        )
        .exit(5);
}

#[test]
fn without_a_person_creating_has_to_be_confirmed_by_a_flag() {
    let server = Server::new();
    run(&server, &["keys", "create", "new"])
        .fails(
            "creating a key of the profile `sieve` at sieve invalidates the current one at once: programs that use it stop working, \
             and prompts are disabled",
            &["if you want that, confirm with `--yes`"],
        )
        .exit(2);
}

#[test]
fn a_no_at_the_question_changes_nothing() {
    let server = Server::new();
    let done = run(&server, &["keys", "create", "new"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(false))
        .expect_stderr(
            "creating a key of the profile `sieve` at sieve invalidates the current one at once: programs that use it stop working\n  to `stdout`\n\
             cancelled: nothing was changed\n",
        )
        .exit(130);
    assert_eq!(done.asked, ["Create a new key?"]);
}

#[test]
fn a_new_key_takes_a_name_and_an_end_in_days() {
    let server = Server::with(
        post("/api/keys")
            .header("x-api-key", SIEVE_KEY)
            .json(&json!({ "name": "Production API", "expiresIn": 180 })),
        server::json(201, &created()),
    );
    run(
        &server,
        &["keys", "create", "Production API", "--expires", "180d", "-y"],
    )
    .expect_stdout(format!("{NEW}\n"))
    .expect_stderr(
        "warning: KEYWRIGHT_API_KEY still holds the key that was just replaced: set it to the new one\n\
         warning: sieve does not say whether the key expires: 2027-05-19 12:00 UTC was asked for\n\
         warning: the key `Production API` is shown once, here: it will not be shown again\n",
    )
    .exit(0);
}

#[test]
fn a_new_key_needs_neither_name_nor_end() {
    let home = TestEnv::new();
    let server = Server::with(
        post("/api/keys")
            .header("x-api-key", SIEVE_KEY)
            .json(&json!({})),
        server::json(201, &created()),
    );
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.run(["keys", "create", "--yes", "--json"])
        .expect_json(json!({
            "provider": "sieve",
            "profile": "sieve",
            "id": null,
            "name": null,
            "masked": "gds_fake",
            "status": "active",
            "scopes": null,
            "created_at": null,
            "expires_at": null,
            "last_used_at": null,
            "usage": null,
            "secret": NEW,
            "delivered_to": ["stdout"],
            "changed": [],
        }))
        .expect_stderr("the profile `sieve` logs in with the new key from now on\n")
        .exit(0);
}

#[test]
fn the_login_follows_the_new_key() {
    let home = TestEnv::new();
    let server = Server::with(
        post("/api/keys")
            .header("x-api-key", SIEVE_KEY)
            .json(&json!({ "name": "new" })),
        server::json(201, &created()),
    );
    server
        .expect(get(STATUS).header("x-api-key", NEW))
        .answer(server::json(200, &json!({ "hasKey": false })));
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.run(["keys", "create", "new"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .expect_stdout(format!("{NEW}\n"))
        .stderr_has("the profile `sieve` logs in with the new key from now on\n")
        .exit(0);
    assert_eq!(home.kept("sieve", "key").as_deref(), Some(NEW));
    assert!(!home.keychain.values().contains(&SIEVE_KEY.to_owned()));
    home.run(["keys", "status"])
        .expect_stdout("there is no key at sieve (0 of 1 in use)\n")
        .exit(0);
}

#[test]
fn an_end_of_less_than_a_day_is_refused_before_anything_is_sent() {
    let server = Server::new();
    run(&server, &["keys", "create", "--yes", "--expires", "1h"])
        .fails("`expires` is out of bounds: at least 1d, at most any", &[])
        .exit(2);
}

#[test]
fn revoking_the_own_key_logs_out() {
    let home = TestEnv::new();
    let server = Server::with(
        delete("/api/keys").header("x-api-key", SIEVE_KEY),
        server::json(
            200,
            &json!({ "success": true, "message": "API key revoked successfully" }),
        ),
    );
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.run(["keys", "revoke"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .expect_stderr(
            "revoking the key of the profile `sieve` at sieve cannot be undone; it is the key that this profile logs in with\n\
             it was the key of this profile, which is logged out now\n\
             revoked the key\n",
        )
        .exit(0);
    assert_eq!(home.kept("sieve", "key"), None);
}

#[test]
fn a_revocation_that_is_not_confirmed_did_not_happen() {
    let server = Server::with(
        delete("/api/keys").header("x-api-key", SIEVE_KEY),
        server::json(
            200,
            &json!({ "success": false, "error": "something went wrong" }),
        ),
    );
    run(&server, &["keys", "revoke", "-y"])
        .fails("sieve refused to revoke a key: something went wrong", &[])
        .exit(1);
}

#[test]
fn the_key_is_exchanged_for_a_token_pair_that_is_kept() {
    let home = TestEnv::new();
    let access = jwt("sieve", 900);
    let server = Server::with(
        post("/api/keys/exchange").header("x-api-key", SIEVE_KEY),
        server::json(200, &pair(&access)),
    );
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.run(["exchange", "--json"])
        .expect_json(
            json!({ "expires_at": "2026-11-20T12:15:00Z", "stored_in": "the test keyring" }),
        )
        .exit(0);
    assert_eq!(home.kept("sieve", "token"), Some(access));
    assert!(
        home.keychain
            .values()
            .contains(&"fake-refresh-2".to_owned())
    );
}

#[test]
fn a_token_is_refreshed_with_what_came_with_it() {
    let home = TestEnv::new();
    let access = jwt("next", 900);
    let server = Server::with(
        post("/api/auth/refresh").json(&json!({ "refreshToken": "fake-refresh-1" })),
        server::json(200, &pair(&access)),
    );
    let old = jwt("old", 60);
    let given = token(&old, 60).refreshed_by("fake-refresh-1");
    home.log_in("sieve", &server.url(), &[given]);
    home.run(["refresh"])
        .expect_stderr(
            "refreshed the token, which expires in 15 minutes; it is stored in the test keyring\n",
        )
        .exit(0);
    assert_eq!(home.kept("sieve", "token"), Some(access));
    assert!(
        !home
            .keychain
            .values()
            .contains(&"fake-refresh-1".to_owned())
    );
}

#[test]
fn a_token_opens_what_the_key_opens() {
    let access = jwt("sieve", 900);
    let server = Server::with(
        get(STATUS).bearer(&access),
        server::json(200, &json!({ "hasKey": false })),
    );
    ci("sieve", &server, ["keys", "status"])
        .token(&access)
        .expect_stdout("there is no key at sieve (0 of 1 in use)\n")
        .exit(0);
}

#[test]
fn both_credentials_are_verified_each_by_its_call() {
    let server = asked_for_status(server::json(200, &status()));
    run(&server, &["keys", "verify", "--json"])
        .expect_json(json!({ "result": "valid", "status_code": 200, "identity": "gds_fake" }))
        .exit(0);
    let access = jwt("sieve", 900);
    let server = Server::with(
        get("/api/scans?limit=1").bearer(&access),
        server::json(200, &json!({ "scans": [] })),
    );
    ci("sieve", &server, ["keys", "verify"])
        .token(&access)
        .expect_stdout("valid (sieve)\n")
        .exit(0);
    let server = asked_for_status(server::json(200, &json!({ "hasKey": false })));
    run(&server, &["keys", "verify"])
        .expect_stdout("invalid\n")
        .exit(3);
}

#[test]
fn a_key_that_was_replaced_asks_for_the_new_one() {
    let server = asked_for_status(server::json(401, &json!({ "error": "Invalid API key" })));
    run(&server, &["keys", "status"])
        .fails(
            "sieve refused to say whether there is a key: Invalid API key",
            &["if the key was replaced or revoked, set KEYWRIGHT_API_KEY to the new one"],
        )
        .exit(3);
}

#[test]
fn a_key_is_not_renamed() {
    let server = Server::new();
    run(&server, &["keys", "rename", "gds", "other"])
        .fails(
            "sieve cannot rename a key: a key gets its name when it is created: keywright keys create NAME",
            &[],
        )
        .exit(2);
}
