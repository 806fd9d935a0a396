//! Siesta AI: every call carries a key and an organisation; keys are made by hand.

use serde_json::{Value, json};

use crate::support::fake::SIESTA_KEY;
use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::server::{self, Server, get, post};
use crate::support::service::{self, Service};
use crate::support::terminal::Reply;

const FIRST_CALL: &str = "/api/v1/Agent?Limit=10";

fn service() -> Service {
    service::service("siesta", SIESTA_KEY)
        .auth(|wanted, secret| {
            wanted
                .header("x-api-key", secret)
                .header("x-org-id", "org-fake-1")
        })
        .variable("org_id", "org-fake-1")
}

fn no_agents() -> Value {
    json!({ "items": [] })
}

#[test]
fn call_sends_key_and_organisation() {
    let wanted = get("/api/v1/Agent?Limit=2").header("accept", "*/*");
    service()
        .on(wanted, server::text(200, "{\"items\": [ ]}"))
        .run("api GET /api/v1/Agent?Limit=2")
        .expect_stdout("{\"items\": [ ]}")
        .exit(0);
}

#[test]
fn call_without_organisation_sends_nothing() {
    for command in [
        "keys verify",
        "api GET /api/v1/Agent",
        "api POST /api/v1/Agent -d {}",
    ] {
        service::service("siesta", SIESTA_KEY)
            .run(command)
            .stderr_has("org_id")
            .exit(2);
    }
}

#[test]
fn login_without_organisation_names_flag() {
    service()
        .login("--with-key")
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
fn login_terminal_prompts_for_organisation() {
    let service = service();
    service.get(FIRST_CALL, no_agents());
    let done = service
        .login("")
        .at_a_terminal()
        .reply(Reply::Text("org-fake-1".to_owned()))
        .reply(Reply::Secret(SIESTA_KEY.to_owned()))
        .stderr_has("logged in to siesta; the API key is kept in the test keyring\n")
        .exit(0);
    assert_eq!(done.asked, ["organisation id", "API key"]);
    assert_eq!(service.stored().as_deref(), Some(SIESTA_KEY));
}

#[test]
fn login_stores_organisation_in_config() {
    let service = service();
    service
        .get(FIRST_CALL, no_agents())
        .get(FIRST_CALL, no_agents());
    service
        .login("--with-key --set org_id=org-fake-1 -q")
        .stdin(SIESTA_KEY)
        .exit(0);
    service.run("keys verify").expect_stdout("valid\n").exit(0);
}

#[test]
fn documented_statuses_have_hints() {
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
        service()
            .on(get("/api/v1/Agent").header("accept", "*/*"), status)
            .run("api GET /api/v1/Agent")
            .fails(&messages::refused_to_answer("siesta", message), &[hint])
            .exit(code);
    }
}

#[test]
fn rate_limited_call_reports_wait() {
    let wanted = post("/api/v1/Agent")
        .header("accept", "*/*")
        .json(&json!({}));
    service()
        .on(wanted, server::empty(429).header("Retry-After", "40"))
        .run("api POST /api/v1/Agent -d {}")
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
fn verify_uses_documented_first_call() {
    for (answer, status, result, code) in [
        (server::text(200, "{\"items\":[]}"), 200, "valid", 0),
        (server::empty(401), 401, "invalid", 3),
        (server::empty(403), 403, "restricted", 4),
    ] {
        service()
            .get(FIRST_CALL, answer)
            .run("keys verify --json")
            .expect_json(json!({ "result": result, "status_code": status, "identity": null }))
            .exit(code);
    }
}

#[test]
fn create_pasted_key_is_verified() {
    let new = "fake-siesta-key-0000000000000002";
    service()
        .on_as(new, get(FIRST_CALL), no_agents())
        .run("keys create ci")
        .stdin(format!("{new}\n"))
        .expect_stdout(format!("{new}\n"))
        .expect_stderr(
            "siesta has no operation to create a key: create it by hand\n\
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
fn revoke_by_hand_prints_steps() {
    service()
        .run("keys revoke ci")
        .expect_stderr(
            "siesta has no operation to revoke a key; nothing was changed. Do it by hand\n\
             open: https://app.siesta.ai\n\
             \x20 1. Open Organization → Api Keys\n\
             \x20 2. Delete the key: it cannot be disabled for a while\n",
        )
        .exit(0);
}

#[test]
fn list_without_operation_shows_stored_key() {
    let home = TestEnv::new();
    let server = Server::new();
    let variables = [("org_id", "org-fake-1")];
    home.log_in_as(
        "work",
        "siesta",
        &server.url(),
        &variables,
        &[key(SIESTA_KEY)],
    );
    let keys = home
        .run(["keys", "list", "--json"])
        .expect_stderr("siesta has no call that lists keys: this is the one kept here\n")
        .json();
    assert_eq!(keys[0]["masked"], "fake-siesta-***0001", "{keys}");
    assert_eq!(keys[0]["profile"], "work");
    assert_eq!(keys[0]["status"], "unknown");
}
