//! Datadog: two secrets in every call, the id of a key once more in the body, a limit that the answer tells, and names
//! that no two keys may have.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::home::{StoredCredential, TestEnv};
use crate::support::run::{Run, ci};
use crate::support::server::{self, Server, Wanted, delete, get, patch, post};

const PAIR: &str = r#"{"api_key":"fake-api-key-0000001","app_key":"fake-app-key-0000001"}"#;
const NEW: &str = "fake-new-api-key-0000000000000002";
const PAGE: &str = "?page%5Bsize%5D=100&page%5Bnumber%5D=0";

fn run(provider: &str, server: &Server, args: &[&str]) -> Run {
    ci(provider, server, args).key(PAIR)
}

fn with_both(wanted: Wanted) -> Wanted {
    wanted
        .header("dd-api-key", "fake-api-key-0000001")
        .header("dd-application-key", "fake-app-key-0000001")
}

fn item(id: &str, name: &str) -> Value {
    json!({
        "type": "api_keys",
        "id": id,
        "attributes": {
            "name": name, "last4": "ab12", "created_at": "2026-10-21T12:00:00Z", "date_last_used": null,
            "category": "default", "remote_config_read_enabled": true,
        },
    })
}

fn listing(server: &Server, keys: &[Value]) {
    let meta = json!({ "max_allowed": 50, "page": { "total_filtered_count": keys.len() } });
    server
        .expect(with_both(get(&format!("/api/v2/api_keys{PAGE}"))))
        .answer(server::json(200, &json!({ "data": keys, "meta": meta })));
}

#[test]
fn the_answer_tells_how_many_keys_there_may_be() {
    let server = Server::new();
    listing(&server, &[item("k-1", "agent"), item("k-2", "ci")]);
    run("datadog", &server, &["keys", "status"])
        .stdout_has("2 of 50")
        .exit(0);
}

#[test]
fn the_id_stands_in_the_body_once_more() {
    let server = Server::new();
    listing(&server, &[item("k-1", "agent")]);
    let data = json!({ "type": "api_keys", "id": "k-1", "attributes": { "name": "agents" } });
    server
        .expect(with_both(patch("/api/v2/api_keys/k-1")).json(&json!({ "data": data })))
        .answer(server::json(200, &json!({ "data": data })));
    run("datadog", &server, &["keys", "rename", "agent", "agents"])
        .any_stdout()
        .any_stderr()
        .exit(0);
}

#[test]
fn a_pair_of_which_one_does_not_work_is_invalid() {
    for (status, word, code) in [(200, "valid", 0), (401, "invalid", 3), (403, "invalid", 3)] {
        let server = Server::with(
            with_both(get("/api/v2/validate_keys")),
            server::json(status, &json!({ "status": "ok", "errors": ["Forbidden"] })),
        );
        run("datadog", &server, &["keys", "verify"])
            .expect_stdout(format!("{word}\n"))
            .exit(code);
    }
}

#[test]
fn a_whole_key_in_an_answer_is_not_shown() {
    let server = Server::new();
    listing(&server, &[item("k-1", "agent")]);
    let mut whole = item("k-1", "agent");
    whole["attributes"]["key"] = json!(NEW);
    server
        .expect(with_both(get("/api/v2/api_keys/k-1")))
        .answer(server::json(200, &json!({ "data": whole })));
    let done = run("datadog", &server, &["keys", "show", "agent", "-v"])
        .any_stdout()
        .any_stderr()
        .exit(0);
    assert!(done.stdout.contains("ab12"));
    assert!(!done.stdout.contains(NEW) && !done.stderr.contains(NEW));
}

#[test]
fn a_rotated_key_gets_another_name_and_is_verified_alone() {
    let server = Server::new();
    let home = TestEnv::new();
    let account = StoredCredential {
        credential: "account",
        secret: PAIR,
        refresh: None,
        lasts: None,
    };
    home.log_in("datadog", &server.url(), &[account]);
    listing(
        &server,
        &[item("k-1", "agent_20260821"), item("k-2", "agent_20261120")],
    );
    let name = "agent_2_20261120";
    let attributes =
        json!({ "name": name, "category": "default", "remote_config_read_enabled": true });
    server
        .expect(
            with_both(post("/api/v2/api_keys"))
                .json(&json!({ "data": { "type": "api_keys", "attributes": attributes } })),
        )
        .answer(server::json(
            201,
            &json!({ "data": { "type": "api_keys", "id": "k-3", "attributes": { "name": name, "key": NEW } } }),
        ));
    server
        .expect(get("/api/v1/validate").header("dd-api-key", NEW))
        .times(2)
        .answer(server::json(200, &json!({ "valid": true })));
    server
        .expect(with_both(delete("/api/v2/api_keys/k-1")))
        .answer(server::empty(204));
    home.run([
        "keys",
        "rotate",
        "agent_20260821",
        "-y",
        "--to",
        "file:dd.key",
    ])
    .stderr_has("the new one is called `agent_2_20261120`\n")
    .exit(0);
    assert_eq!(home.read("work/dd.key"), Some(format!("{NEW}\n")));
    // The login is a pair of other secrets, and stays.
    assert_eq!(home.kept("datadog", "account").as_deref(), Some(PAIR));
}

#[test]
fn a_403_says_that_it_can_mean_two_things() {
    let server = Server::with(
        with_both(get(&format!("/api/v2/api_keys{PAGE}"))),
        server::json(403, &json!({ "errors": ["Forbidden"] })),
    );
    run("datadog", &server, &["keys", "list"])
        .stderr_has("keywright keys verify tells which")
        .exit(4);
}

#[test]
fn the_reset_of_the_rate_limit_is_counted_in_seconds() {
    let server = Server::with(
        with_both(get(&format!("/api/v2/api_keys{PAGE}"))),
        server::json(429, &json!({ "errors": ["Too many requests"] }))
            .header("x-ratelimit-reset", "7"),
    );
    listing(&server, &[]);
    let done = run("datadog", &server, &["keys", "list"])
        .any_stdout()
        .any_stderr()
        .exit(0);
    assert_eq!(done.sleeps, [Duration::from_secs(7)]);
}

#[test]
fn an_access_token_needs_scopes_and_an_end_within_a_year() {
    let server = Server::new();
    let create = ["keys", "create", "ci", "--scope", "dashboards_read"];
    for end in [
        &[][..],
        &["--expires", "12h"],
        &["--expires", "2y"],
        &["--expires", "never"],
    ] {
        run("datadog-pat", &server, &create)
            .args(end)
            .any_stderr()
            .exit(2);
    }
    server
        .expect(with_both(get(&format!(
            "/api/v2/personal_access_tokens{PAGE}"
        ))))
        .answer(server::json(
            200,
            &json!({ "data": [], "meta": { "page": { "total_filtered_count": 0 } } }),
        ));
    let attributes = json!({ "name": "ci", "scopes": ["dashboards_read"], "expires_at": "2027-02-18T12:00:00Z" });
    server
        .expect(
            with_both(post("/api/v2/personal_access_tokens"))
                .json(&json!({ "data": { "type": "personal_access_tokens", "attributes": attributes } })),
        )
        .answer(server::json(
            201,
            &json!({ "data": { "id": "p-1", "attributes": { "name": "ci", "scopes": ["dashboards_read"], "expires_at": "2027-02-18T12:00:00Z", "key": "ddpat_fake_0000000001" } } }),
        ));
    run("datadog-pat", &server, &create)
        .args(["--expires", "90d"])
        .expect_stdout("ddpat_fake_0000000001\n")
        .any_stderr()
        .exit(0);
}
