//! `SendGrid`: 403 means four things, and a key without scopes may do everything.

use serde_json::{Value, json};

use crate::support::home::{TestEnv, key};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, delete, get, post};

const OWN: &str = "SG.fakefakefakefakefake01.fakefakefakefakefakefakefakefakefakefake001";
const NEW: &str = "SG.fakefakefakefakefake02.fakefakefakefakefakefakefakefakefakefake002";

fn run(server: &Server, args: &[&str]) -> Run {
    ci("sendgrid", server, args).key(OWN)
}

fn refusal(message: &str) -> Value {
    json!({ "errors": [{ "field": null, "message": message }] })
}

fn listing(server: &Server, count: usize) {
    let keys: Vec<Value> = (1..=count)
        .map(|number| json!({ "api_key_id": format!("k-{number}"), "name": format!("mail {number}") }))
        .collect();
    server
        .expect(get("/v3/api_keys").bearer(OWN))
        .answer(server::json(200, &json!({ "result": keys })));
}

#[test]
fn a_good_key_that_may_little_is_restricted() {
    for (status, word, code) in [
        (200, "valid", 0),
        (403, "restricted", 4),
        (401, "invalid", 3),
    ] {
        let body = if status == 200 {
            json!({ "scopes": ["mail.send"] })
        } else {
            refusal("access forbidden")
        };
        let server = Server::with(get("/v3/scopes").bearer(OWN), server::json(status, &body));
        run(&server, &["keys", "verify"])
            .expect_stdout(format!("{word}\n"))
            .exit(code);
    }
}

#[test]
fn the_hundred_and_first_key_is_refused_here_or_there() {
    let server = Server::new();
    listing(&server, 100);
    run(&server, &["keys", "create", "mail"])
        .stderr_has("100 of 100 keys are in use")
        .exit(6);
    let server = Server::new();
    listing(&server, 1);
    server
        .expect(
            post("/v3/api_keys")
                .bearer(OWN)
                .json(&json!({ "name": "mail" })),
        )
        .answer(server::json(
            403,
            &refusal("Cannot create more than 100 API Keys"),
        ));
    run(&server, &["keys", "create", "mail"])
        .stderr_has("Cannot create more than 100 API Keys")
        .stderr_has("revoke one first")
        .exit(6);
    let server = Server::new();
    listing(&server, 1);
    server
        .expect(
            post("/v3/api_keys")
                .bearer(OWN)
                .json(&json!({ "name": "mail" })),
        )
        .answer(server::json(403, &refusal("access forbidden")));
    run(&server, &["keys", "create", "mail"])
        .stderr_has("api_keys.create")
        .exit(4);
}

#[test]
fn one_key_comes_as_a_list_of_one() {
    let server = Server::new();
    listing(&server, 2);
    server
        .expect(get("/v3/api_keys/k-2").bearer(OWN))
        .answer(server::json(
            200,
            &json!({ "result": [{ "api_key_id": "k-2", "name": "mail 2", "scopes": ["mail.send"] }] }),
        ));
    let done = run(&server, &["keys", "show", "mail 2", "--json"])
        .any_stdout()
        .exit(0);
    assert_eq!(done.json()["scopes"], json!(["mail.send"]));
}

#[test]
fn a_rotation_asks_what_the_key_may_do_so_that_the_new_one_may_no_more() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("sendgrid", &server.url(), &[key(OWN)]);
    listing(&server, 2);
    let scopes = json!(["mail.send", "alerts.read"]);
    server
        .expect(get("/v3/api_keys/k-2").bearer(OWN))
        .answer(server::json(
            200,
            &json!({ "result": [{ "api_key_id": "k-2", "name": "mail 2", "scopes": scopes }] }),
        ));
    server
        .expect(
            post("/v3/api_keys")
                .bearer(OWN)
                .json(&json!({ "name": "mail 2", "scopes": scopes })),
        )
        .answer(server::json(
            201,
            &json!({ "api_key": NEW, "api_key_id": "k-3", "name": "mail 2", "scopes": scopes }),
        ));
    // The old secret is not known here, and so the list decides.
    for _ in 0..2 {
        server
            .expect(get("/v3/scopes").bearer(NEW))
            .answer(server::json(403, &refusal("access forbidden")));
        listing(&server, 3);
    }
    server
        .expect(delete("/v3/api_keys/k-2").bearer(OWN))
        .answer(server::empty(204));
    home.run(["keys", "rotate", "mail 2", "-y", "--to", "file:mail.key"])
        .stderr_has("warning: the new key is restricted\n")
        .exit(0);
    assert_eq!(home.read("work/mail.key"), Some(format!("{NEW}\n")));
}

#[test]
fn the_keys_of_a_subuser_are_asked_for_by_a_header() {
    let server = Server::with(
        get("/v3/api_keys")
            .bearer(OWN)
            .header("on-behalf-of", "shop"),
        server::json(200, &json!({ "result": [] })),
    );
    run(&server, &["keys", "list", "--json"])
        .env("KEYWRIGHT_VAR_ON_BEHALF_OF", "shop")
        .expect_json(json!([]))
        .exit(0);
}
