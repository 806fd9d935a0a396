//! `OpenAI`: admin keys, keys of projects, and keys of service accounts, which end with their account.

use serde_json::{Value, json};

use crate::support::home::{StoredCredential, TestEnv, key};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, delete, get, post};

const ADMIN: &str = "sk-admin-fake-00000000000000000001";
const NEW: &str = "sk-svcacct-fake-000000000000000001";

fn project(provider: &str, server: &Server, args: &[&str]) -> Run {
    ci(provider, server, args)
        .key(ADMIN)
        .env("KEYWRIGHT_VAR_PROJECT", "proj_a")
}

fn accounts(names: &[&str]) -> Value {
    let accounts: Vec<_> = names
        .iter()
        .map(|name| json!({ "id": format!("svc_acct_{name}"), "name": name, "role": "member", "created_at": 1_767_225_600 }))
        .collect();
    json!({ "object": "list", "data": accounts, "has_more": false })
}

fn listing() -> Wanted {
    get("/organization/projects/proj_a/service_accounts?limit=100").bearer(ADMIN)
}

#[test]
fn an_admin_key_and_any_other_are_told_apart() {
    for (secret, path) in [
        (ADMIN, "/organization/admin_api_keys?limit=1"),
        (NEW, "/models"),
    ] {
        let server = Server::with(
            get(path).bearer(secret),
            server::json(200, &json!({ "data": [] })),
        );
        ci("openai", &server, ["keys", "verify"])
            .key(secret)
            .expect_stdout("valid\n")
            .exit(0);
    }
}

#[test]
fn the_keys_of_those_who_left_the_project_are_listed_too() {
    let left = json!({
        "id": "key_old", "name": "laptop", "redacted_value": "sk-proj-…old", "created_at": 1_767_225_600,
        "last_used_at": null, "owner_project_access": "inactive",
    });
    let server = Server::with(
        get("/organization/projects/proj_a/api_keys?owner_project_access=any&limit=100")
            .bearer(ADMIN),
        server::json(
            200,
            &json!({ "object": "list", "data": [left], "has_more": false }),
        ),
    );
    let done = project("openai-project", &server, &["keys", "list", "--json"])
        .any_stdout()
        .exit(0);
    assert_eq!(done.json()[0]["status"], "disabled");
}

#[test]
fn a_key_of_a_service_account_is_not_deleted_alone() {
    let server = Server::with(
        get("/organization/projects/proj_a/api_keys?owner_project_access=any&limit=100")
            .bearer(ADMIN),
        server::json(
            200,
            &json!({ "data": [{ "id": "key_sa", "name": "ci" }], "has_more": false }),
        ),
    );
    let refusal = json!({ "error": { "message": "it belongs to a service account", "type": "invalid_request_error" } });
    server
        .expect(delete("/organization/projects/proj_a/api_keys/key_sa").bearer(ADMIN))
        .answer(server::json(400, &refusal));
    project("openai-project", &server, &["keys", "revoke", "ci", "-y"])
        .stderr_has("keywright login openai-service")
        .exit(6);
}

#[test]
fn a_service_account_is_rotated_by_another_one() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in_as(
        "openai-service",
        "openai-service",
        &server.url(),
        &[("project", "proj_a")],
        &[StoredCredential {
            credential: "admin",
            ..key(ADMIN)
        }],
    );
    server
        .expect(listing())
        .answer(server::json(200, &accounts(&["ci"])));
    server
        .expect(get("/organization/projects/proj_a/service_accounts/svc_acct_ci").bearer(ADMIN))
        .answer(server::json(200, &accounts(&["ci"])["data"][0]));
    server
        .expect(post("/organization/projects/proj_a/service_accounts").bearer(ADMIN).json(&json!({ "name": "ci" })))
        .answer(server::json(
            200,
            &json!({ "id": "svc_acct_new", "name": "ci", "api_key": { "id": "key_1", "value": NEW, "expires_at": null } }),
        ));
    // The new key is no admin key, and is not asked as one.
    server
        .expect(get("/models").bearer(NEW))
        .times(2)
        .answer(server::json(200, &json!({ "data": [] })));
    server
        .expect(delete("/organization/projects/proj_a/service_accounts/svc_acct_ci").bearer(ADMIN))
        .answer(server::json(
            200,
            &json!({ "id": "svc_acct_ci", "deleted": true }),
        ));
    home.run(["keys", "rotate", "ci", "-y", "--to", "file:ci.key"])
        .any_stderr()
        .exit(0);
    assert_eq!(home.read("work/ci.key"), Some(format!("{NEW}\n")));
    assert_eq!(home.kept("openai-service", "admin").as_deref(), Some(ADMIN));
}

#[test]
fn a_deletion_that_is_not_confirmed_is_none() {
    let server = Server::with(listing(), server::json(200, &accounts(&["ci"])));
    server
        .expect(delete("/organization/projects/proj_a/service_accounts/svc_acct_ci").bearer(ADMIN))
        .answer(server::json(
            200,
            &json!({ "id": "svc_acct_ci", "deleted": false }),
        ));
    project("openai-service", &server, &["keys", "revoke", "ci", "-y"])
        .any_stderr()
        .exit(1);
}
