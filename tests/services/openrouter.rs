//! `OpenRouter`: the secret stands beside the description, and a list leaves out what nobody asks for.

use serde_json::json;

use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, delete, get, post};

const MANAGEMENT: &str = "sk-or-v1-fake-management-0000000001";
const NEW: &str = "sk-or-v1-fake-new-00000000000000001";

fn run(server: &Server, args: &[&str]) -> Run {
    ci("openrouter", server, args).key(MANAGEMENT)
}

fn listing() -> Wanted {
    get("/keys?include_disabled=true&offset=0").bearer(MANAGEMENT)
}

fn no_keys() -> server::Answer {
    server::json(200, &json!({ "data": [] }))
}

#[test]
fn the_secret_stands_beside_the_description() {
    let server = Server::with(listing(), no_keys());
    server
        .expect(post("/keys").bearer(MANAGEMENT).json(&json!({
            "name": "ci", "expires_at": "2026-12-20T12:00:00Z", "limit": 10, "limit_reset": "monthly",
        })))
        .answer(server::json(
            201,
            &json!({
                "data": { "hash": "b3", "name": "ci", "label": "sk-or-v1-fak...001", "disabled": false, "usage": 0,
                    "expires_at": "2026-12-20T12:00:00Z", "limit": 5, "limit_reset": null },
                "key": NEW,
            }),
        ));
    let done = run(
        &server,
        &[
            "keys",
            "create",
            "ci",
            "--expires",
            "30d",
            "--set",
            "limit=10",
            "--set",
            "limit_reset=monthly",
            "--json",
        ],
    )
    .any_stdout()
    .any_stderr()
    .exit(0);
    let new = done.json();
    assert_eq!(new["secret"], NEW);
    assert_eq!(new["id"], "b3");
    assert_eq!(new["masked"], "sk-or-v1-fak...001");
    assert_eq!(new["expires_at"], "2026-12-20T12:00:00Z");
    assert_eq!(
        new["changed"],
        json!([
            { "field": "limit", "asked": "10", "given": "5" },
            { "field": "limit_reset", "asked": "monthly", "given": null },
        ])
    );
    assert_eq!(
        new["usage"],
        json!({ "requests": null, "requests_30d": null, "cost": 0.0, "currency": "USD" })
    );
}

#[test]
fn a_rotated_key_may_spend_what_the_old_one_might() {
    let old = json!({
        "hash": "b2", "name": "ci", "disabled": false, "usage": 3.5, "limit": 10, "limit_remaining": 6.5,
        "limit_reset": "monthly", "include_byok_in_limit": true, "creator_user_id": null,
    });
    let server = Server::with(listing(), server::json(200, &json!({ "data": [old] })));
    server
        .expect(get("/keys/b2").bearer(MANAGEMENT))
        .answer(server::json(200, &json!({ "data": old })));
    server
        .expect(post("/keys").bearer(MANAGEMENT).json(&json!({
            "name": "ci", "limit": 10, "limit_reset": "monthly", "include_byok_in_limit": true,
        })))
        .answer(server::json(
            201,
            &json!({ "data": { "hash": "b3" }, "key": NEW }),
        ));
    server
        .expect(get("/key").bearer(NEW))
        .times(2)
        .answer(server::json(200, &json!({ "data": { "label": "new" } })));
    server
        .expect(delete("/keys/b2").bearer(MANAGEMENT))
        .answer(server::json(200, &json!({ "deleted": true })));
    run(
        &server,
        &["keys", "rotate", "ci", "-y", "--to", "file:ci.key"],
    )
    .any_stderr()
    .exit(0);
}

#[test]
fn what_a_key_may_spend_is_a_number_and_its_period_a_word_that_is_known() {
    for wrong in ["limit=ten", "limit=-1", "limit_reset=hourly", "colour=red"] {
        run(&Server::new(), &["keys", "create", "ci", "--set", wrong])
            .any_stderr()
            .exit(2);
    }
}

#[test]
fn a_list_goes_on_behind_a_full_page_and_has_every_key() {
    let page = |first: usize, count: usize| {
        let keys: Vec<_> = (first..first + count)
            .map(|number| json!({ "hash": format!("h{number}"), "disabled": number == 100, "usage": 0.5 }))
            .collect();
        server::json(200, &json!({ "data": keys }))
    };
    let server = Server::with(listing(), page(0, 100));
    server
        .expect(get("/keys?include_disabled=true&offset=100").bearer(MANAGEMENT))
        .answer(page(100, 1));
    let done = run(&server, &["keys", "list", "--json"])
        .any_stdout()
        .exit(0);
    let keys = done.json();
    assert_eq!(keys.as_array().unwrap().len(), 101);
    assert_eq!(keys[100]["status"], "disabled");
    assert_eq!(keys[0]["usage"]["cost"], 0.5);
}

#[test]
fn the_keys_of_a_workspace_are_looked_for_and_made_there() {
    let server = Server::with(
        get("/keys?include_disabled=true&workspace_id=w-1&offset=0").bearer(MANAGEMENT),
        no_keys(),
    );
    server
        .expect(
            post("/keys")
                .bearer(MANAGEMENT)
                .json(&json!({ "name": "ci", "workspace_id": "w-1" })),
        )
        .answer(server::json(
            201,
            &json!({ "data": { "hash": "b3" }, "key": NEW }),
        ));
    run(&server, &["keys", "create", "ci"])
        .env("KEYWRIGHT_VAR_WORKSPACE", "w-1")
        .expect_stdout(format!("{NEW}\n"))
        .any_stderr()
        .exit(0);
}

#[test]
fn who_lists_with_an_ordinary_key_hears_which_one_it_takes() {
    let refusal = json!({ "error": { "code": 401, "message": "Invalid management key" } });
    let server = Server::with(listing(), server::json(401, &refusal));
    run(&server, &["keys", "list"])
        .stderr_has("Invalid management key")
        .stderr_has("keys are managed with a management key, which you make at")
        .exit(3);
}

#[test]
fn a_key_that_has_spent_its_limit_is_good_but_blocked() {
    let spent =
        json!({ "data": { "label": "sk-or-v1-fak...001", "limit": 10, "limit_remaining": -0.02 } });
    let server = Server::with(get("/key").bearer(MANAGEMENT), server::json(200, &spent));
    run(&server, &["keys", "verify"])
        .expect_stdout("blocked\n")
        .exit(4);
    let unlimited = json!({ "data": { "label": "sk-or-v1-fak...001", "limit": null, "limit_remaining": null } });
    let server = Server::with(
        get("/key").bearer(MANAGEMENT),
        server::json(200, &unlimited),
    );
    run(&server, &["keys", "verify"])
        .expect_stdout("valid (sk-or-v1-fak...001)\n")
        .exit(0);
}
