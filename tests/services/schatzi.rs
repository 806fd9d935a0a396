//! Schatzi: keys are managed with a JWT, five at most.

use serde_json::{Value, json};

use crate::support::fake::{SCHATZI_KEY, jwt};
use crate::support::home::TestEnv;
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, get, patch, post};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

fn token() -> String {
    jwt("schatzi", 3600)
}

/// A key as the service lists it.
fn listed(id: &str, name: &str) -> Value {
    json!({
        "id": id,
        "name": name,
        "key": format!("sk-***...{id}00"),
        "is_active": true,
        "created_at": "2026-01-02T03:04:05Z",
        "last_used_at": "2026-11-19T12:00:00Z",
        "usage": { "total_requests": 1200, "total_cost_chf": "3.40", "requests_last_30_days": 80 },
    })
}

/// The same key as every service's keys are shown.
fn shown(id: &str, name: &str) -> Value {
    json!({
        "provider": "schatzi",
        "profile": "schatzi",
        "id": id,
        "name": name,
        "masked": format!("sk-***...{id}00"),
        "status": "active",
        "scopes": null,
        "created_at": "2026-01-02T03:04:05Z",
        "expires_at": null,
        "last_used_at": "2026-11-19T12:00:00Z",
        "usage": { "requests": 1200, "requests_30d": 80, "cost": 3.4, "currency": "CHF" },
    })
}

/// A server that lists these keys once.
fn with_keys(keys: &[Value]) -> Server {
    let server = Server::new();
    server
        .expect(get(KEYS).bearer(&token()))
        .answer(server::json(200, &json!(keys)));
    server
}

fn run(server: &Server, args: &[&str]) -> Run {
    ci("schatzi", server, args).token(&token())
}

#[test]
fn keys_are_listed_with_their_use() {
    let server = with_keys(&[listed("k1", "backend"), listed("k2", "laptop")]);
    run(&server, &["keys", "list", "--json"])
        .expect_json(json!([shown("k1", "backend"), shown("k2", "laptop")]))
        .exit(0);
}

#[test]
fn a_list_may_stand_in_an_object() {
    for field in ["results", "api_keys", "keys", "data", "items"] {
        let server = Server::with(
            get(KEYS).bearer(&token()),
            server::json(
                200,
                &json!({ "count": 1, field: [listed("k1", "backend")] }),
            ),
        );
        run(&server, &["keys", "--json"])
            .expect_json(json!([shown("k1", "backend")]))
            .exit(0);
    }
}

#[test]
fn a_key_is_shown_in_full() {
    let server = with_keys(&[listed("k1", "backend"), listed("k2", "laptop")]);
    server
        .expect(get("/api/v1/accounts/user/api-keys/k2/").bearer(&token()))
        .answer(server::json(200, &listed("k2", "laptop")));
    run(&server, &["keys", "show", "laptop", "--json"])
        .expect_json(shown("k2", "laptop"))
        .exit(0);
}

#[test]
fn a_key_is_renamed() {
    let server = with_keys(&[listed("k1", "backend")]);
    server
        .expect(
            patch("/api/v1/accounts/user/api-keys/k1/update/")
                .bearer(&token())
                .json(&json!({ "name": "Prod" })),
        )
        .answer(server::json(200, &json!({ "id": "k1", "name": "Prod" })));
    run(&server, &["keys", "rename", "k1", "Prod"])
        .expect_stderr("renamed `backend` to `Prod`\n")
        .exit(0);
}

#[test]
fn a_key_is_revoked_with_an_empty_body() {
    let server = with_keys(&[listed("k1", "backend")]);
    server
        .expect(post("/api/v1/accounts/user/api-keys/k1/revoke/").bearer(&token()))
        .answer(server::json(200, &json!({ "message": "revoked" })));
    run(&server, &["keys", "revoke", "backend", "--yes"])
        .expect_stderr("revoked `backend`\n")
        .exit(0);
}

#[test]
fn an_id_with_odd_letters_stays_one_part_of_the_path() {
    let server = with_keys(&[listed("a/b?c", "odd")]);
    server
        .expect(post("/api/v1/accounts/user/api-keys/a%2Fb%3Fc/revoke/").bearer(&token()))
        .answer(server::empty(204));
    run(&server, &["keys", "revoke", "odd", "-y"])
        .expect_stderr("revoked `odd`\n")
        .exit(0);
}

#[test]
fn a_new_key_is_the_only_thing_on_stdout() {
    let server = with_keys(&[listed("k1", "backend")]);
    server
        .expect(
            post("/api/v1/accounts/user/api-keys/create/")
                .bearer(&token())
                .json(&json!({ "name": "ci" })),
        )
        .answer(server::json(
            201,
            &json!({ "id": "k2", "name": "ci", "key": SCHATZI_KEY }),
        ));
    run(&server, &["keys", "create", "ci"])
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .expect_stderr("warning: the key `ci` is shown once, here: it will not be shown again\n")
        .exit(0);
}

#[test]
fn five_keys_are_all_there_may_be() {
    let keys: Vec<Value> = (1..=5)
        .map(|number| listed(&format!("k{number}"), "full"))
        .collect();
    let server = with_keys(&keys);
    run(&server, &["keys", "create", "sixth"])
        .fails(
            "schatzi refused to create a key: 5 of 5 keys are in use",
            &["revoke one first: keywright keys list --sort last-used"],
        )
        .exit(6);
}

#[test]
fn a_revoked_key_leaves_its_place() {
    let mut keys: Vec<Value> = (1..=5)
        .map(|number| listed(&format!("k{number}"), "full"))
        .collect();
    keys[2]["is_active"] = json!(false);
    let server = with_keys(&keys);
    server
        .expect(
            post("/api/v1/accounts/user/api-keys/create/")
                .bearer(&token())
                .json(&json!({ "name": "fifth" })),
        )
        .answer(server::json(
            201,
            &json!({ "id": "k6", "key": SCHATZI_KEY }),
        ));
    run(&server, &["keys", "create", "fifth"])
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .stderr_has("`fifth`")
        .exit(0);
}

#[test]
fn the_places_are_counted() {
    let server = with_keys(&[listed("k1", "backend"), listed("k2", "laptop")]);
    run(&server, &["keys", "status", "--json"])
        .expect_json(json!({ "has_key": true, "key": null, "limit": 5, "used": 2 }))
        .exit(0);
    let server = with_keys(&[]);
    run(&server, &["keys", "status"])
        .expect_stdout("there is no key at schatzi (0 of 5 in use)\n")
        .exit(0);
}

#[test]
fn what_a_key_cannot_have_is_refused_before_anything_is_sent() {
    let server = Server::new();
    for (flags, what) in [
        (["--scope", "read"], "`--scope`"),
        (["--expires", "90d"], "`--expires`"),
        (["--set", "color=red"], "`--set color=…`"),
    ] {
        run(&server, &["keys", "create", "ci", flags[0], flags[1]])
            .fails(&format!("schatzi cannot honour {what} for a new key"), &[])
            .exit(2);
    }
    run(&server, &["keys", "create"])
        .fails(
            "schatzi requires a name for the new key",
            &["keywright keys create NAME"],
        )
        .exit(2);
}

#[test]
fn an_end_that_never_comes_asks_for_nothing() {
    let server = with_keys(&[]);
    server
        .expect(
            post("/api/v1/accounts/user/api-keys/create/")
                .bearer(&token())
                .json(&json!({ "name": "ci" })),
        )
        .answer(server::json(
            201,
            &json!({ "id": "k1", "key": SCHATZI_KEY }),
        ));
    run(
        &server,
        &["keys", "create", "ci", "--expires", "never", "-q"],
    )
    .expect_stdout(format!("{SCHATZI_KEY}\n"))
    .expect_stderr("warning: the key `ci` is shown once, here: it will not be shown again\n")
    .exit(0);
}

#[test]
fn a_key_is_verified_by_listing_models() {
    for (status, body, word, code) in [
        (200, json!({ "data": [] }), "valid", 0),
        (
            403,
            json!({ "error": { "message": "Forbidden", "type": "forbidden" } }),
            "invalid",
            3,
        ),
        (
            402,
            json!({ "error": { "message": "Active subscription required", "type": "subscription_required" } }),
            "blocked",
            4,
        ),
    ] {
        let server = Server::with(
            get("/v1/models").bearer(SCHATZI_KEY),
            server::json(status, &body),
        );
        ci("schatzi", &server, ["keys", "verify", "--json"])
            .key(SCHATZI_KEY)
            .expect_json(json!({ "result": word, "status_code": status, "identity": null }))
            .exit(code);
    }
}

#[test]
fn a_token_is_verified_by_listing_keys() {
    let server = with_keys(&[]);
    run(&server, &["keys", "verify", "--json"])
        .expect_json(json!({ "result": "valid", "status_code": 200, "identity": "schatzi" }))
        .exit(0);
}

#[test]
fn a_key_of_the_list_is_verified_by_what_the_list_says_of_it() {
    let mut off = listed("k2", "laptop");
    off["is_active"] = json!(false);
    for (key, result, code) in [("backend", "valid", 0), ("laptop", "invalid", 3)] {
        let server = with_keys(&[listed("k1", "backend"), off.clone()]);
        run(&server, &["keys", "verify", key, "--json"])
            .expect_json(json!({ "result": result, "status_code": null, "identity": key }))
            .exit(code);
    }
}

#[test]
fn a_missing_subscription_says_where_to_look() {
    let body = json!({ "error": {
        "message": "Active subscription required to access this service",
        "type": "subscription_required",
    }});
    let server = Server::with(get(KEYS).bearer(&token()), server::json(402, &body));
    run(&server, &["keys", "list"])
        .fails(
            "schatzi refused to list keys: the account has no active subscription",
            &["check your subscription in the dashboard: https://schatziai.ch"],
        )
        .exit(4);
    let server = Server::with(get(KEYS).bearer(&token()), server::json(402, &body));
    run(&server, &["keys", "list", "--json"])
        .fails_as_json(&json!({
            "kind": "forbidden",
            "code": "subscription_required",
            "message": "schatzi refused to list keys: the account has no active subscription",
            "hints": ["check your subscription in the dashboard: https://schatziai.ch"],
            "retryable": false,
            "http_status": 402,
            "request_id": null,
        }))
        .exit(4);
}

#[test]
fn a_refused_token_asks_for_a_new_one() {
    let body = json!({ "error": { "message": "Forbidden", "type": "Forbidden" } });
    let server = Server::with(get(KEYS).bearer(&token()), server::json(403, &body));
    run(&server, &["keys", "list"])
        .fails(
            "schatzi refused to list keys: the credential is not accepted: managing keys takes the JWT of a \
             logged-in session",
            &["paste a new one, and set KEYWRIGHT_TOKEN to it"],
        )
        .exit(3);
    let server = Server::with(get(KEYS).bearer(&token()), server::json(401, &body));
    run(&server, &["keys", "list"])
        .fails(
            "schatzi refused to list keys: the JWT is not accepted: it has expired or is not valid",
            &["paste a new one, and set KEYWRIGHT_TOKEN to it"],
        )
        .exit(3);
}

#[test]
fn a_key_that_calls_do_not_accept_says_what_to_do() {
    let body = json!({ "error": { "message": "Forbidden", "type": "Forbidden" } });
    let server = Server::with(
        get("/v1/models")
            .bearer(SCHATZI_KEY)
            .header("accept", "*/*"),
        server::json(403, &body),
    );
    ci("schatzi", &server, ["api", "GET", "/v1/models"])
        .key(SCHATZI_KEY)
        .expect_stdout(body.to_string())
        .fails(
            "schatzi refused to answer: the API key is invalid or revoked",
            &["create one and set KEYWRIGHT_API_KEY to it"],
        )
        .exit(3);
}

#[test]
fn a_limit_that_the_service_knows_better_is_a_conflict() {
    let server = with_keys(&[]);
    server
        .expect(
            post("/api/v1/accounts/user/api-keys/create/")
                .bearer(&token())
                .json(&json!({ "name": "ci" })),
        )
        .answer(server::json(
            400,
            &json!({ "error": { "message": "Maximum of 5 API keys reached", "type": "invalid_request" } }),
        ));
    run(&server, &["keys", "create", "ci"])
        .fails(
            "schatzi refused to create a key: Maximum of 5 API keys reached",
            &["revoke one first: keywright keys list --sort last-used"],
        )
        .exit(6);
}

#[test]
fn managing_keys_never_uses_the_key() {
    let home = TestEnv::new();
    let server = with_keys(&[]);
    home.log_in(
        "schatzi",
        &server.url(),
        &[
            crate::support::home::key(SCHATZI_KEY),
            crate::support::home::token(&token(), 3600),
        ],
    );
    home.run(["keys"]).expect_stderr("no keys\n").exit(0);

    let server = Server::new();
    ci("schatzi", &server, ["keys", "list"])
        .key(SCHATZI_KEY)
        .fails(
            "this takes the JWT of schatzi, and KEYWRIGHT_API_KEY holds none",
            &[
                "set KEYWRIGHT_TOKEN",
                "or unset KEYWRIGHT_API_KEY: then what is stored is used",
            ],
        )
        .exit(3);
}
