//! Meilisearch: lists and answers hold the secrets of all keys, and none of them is ever shown.

use serde_json::{Value, json};

use crate::support::home::{StoredCredential, TestEnv};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, delete, get, post};

const MASTER: &str = "fake-master-key-0000000000000001";
const SECRET: &str = "fake0b41536279a0ad88bd595327b96f";
const NEW: &str = "fakenew0000000000000000000000002";
const UID: &str = "01b4bc42-eb33-4041-b481-254d00cce834";

fn run(server: &Server, args: &[&str]) -> Run {
    ci("meilisearch", server, args)
        .key(MASTER)
        .env("KEYWRIGHT_VAR_HOST", "search.example.com")
}

fn item() -> Value {
    json!({
        "uid": UID, "key": SECRET, "name": "shop", "description": null, "actions": ["search"],
        "indexes": ["products", "pages"], "expiresAt": null, "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z",
    })
}

fn listing(server: &Server) {
    server
        .expect(get("/keys?limit=100&offset=0").bearer(MASTER))
        .answer(server::json(
            202,
            &json!({ "results": [item()], "offset": 0, "limit": 100, "total": 1 }),
        ));
}

fn refusal(code: &str) -> Value {
    json!({ "message": format!("it is {code}"), "code": code, "type": "auth", "link": format!("https://docs.meilisearch.com/errors#{code}") })
}

#[test]
fn no_secret_of_a_key_is_shown() {
    for more in [&[][..], &["--json"], &["-v"]] {
        for show in [false, true] {
            let server = Server::new();
            listing(&server);
            let command = if show {
                server
                    .expect(get(&format!("/keys/{UID}")).bearer(MASTER))
                    .answer(server::json(200, &item()));
                &["keys", "show", "shop"][..]
            } else {
                &["keys", "list"]
            };
            let done = run(&server, command)
                .args(more)
                .any_stdout()
                .any_stderr()
                .exit(0);
            assert!(done.stdout.contains("shop"));
            for text in [&done.stdout, &done.stderr] {
                assert!(!text.contains(SECRET), "{text}");
                assert!(!text.contains(MASTER), "{text}");
            }
        }
    }
}

#[test]
fn the_indexes_of_a_key_are_those_of_the_one_that_replaces_it() {
    let server = Server::new();
    let home = TestEnv::new();
    let admin = StoredCredential {
        credential: "admin",
        secret: MASTER,
        refresh: None,
        lasts: None,
    };
    let host = [("host", "search.example.com")];
    home.log_in_as("meilisearch", "meilisearch", &server.url(), &host, &[admin]);
    listing(&server);
    server.expect(post("/keys").bearer(MASTER).json(&json!({
        "name": "shop", "actions": ["search"], "indexes": ["products", "pages"], "expiresAt": null,
    })))
    .answer(server::json(
        201,
        &json!({ "uid": "u-2", "key": NEW, "name": "shop", "actions": ["search"], "indexes": ["products", "pages"] }),
    ));
    // Nothing shows whether a key works, and so the list has to hold the new one before the old one goes.
    let mut new = item();
    (new["uid"], new["key"]) = (json!("u-2"), json!(NEW));
    server
        .expect(get("/keys?limit=100&offset=0").bearer(MASTER))
        .answer(server::json(
            200,
            &json!({ "results": [item(), new], "offset": 0, "limit": 100, "total": 2 }),
        ));
    server
        .expect(delete(&format!("/keys/{UID}")).bearer(MASTER))
        .answer(server::empty(204));
    home.run(["keys", "rotate", "shop", "-y", "--to", "file:shop.key"])
        .any_stderr()
        .exit(0);
    assert_eq!(home.read("work/shop.key"), Some(format!("{NEW}\n")));
    assert_eq!(home.kept("meilisearch", "admin").as_deref(), Some(MASTER));
}

#[test]
fn what_is_refused_is_said_with_the_way_out() {
    for (status, code, said, exit) in [
        (403, "invalid_api_key", "with the master key", 3),
        (401, "missing_master_key", "--master-key", 4),
    ] {
        let server = Server::with(
            get("/keys?limit=100&offset=0").bearer(MASTER),
            server::json(status, &refusal(code)),
        );
        run(&server, &["keys", "list"])
            .stderr_has(said)
            .stderr_has(&format!("https://docs.meilisearch.com/errors#{code}"))
            .exit(exit);
    }
}
