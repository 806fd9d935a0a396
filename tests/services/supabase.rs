//! Supabase: a secret comes only when it is asked to be revealed, and keys of the older kind stand in the list whole.

use serde_json::{Value, json};

use crate::support::home::{StoredCredential, TestEnv};
use crate::support::run::ci;
use crate::support::server::{self, Server, Wanted, delete, get, post};

const TOKEN: &str = "sbp_fake000000000000000000000000000001";
const NEW: &str = "sb_publishable_fake000000000000000002";
/// A key of the older kind, as the list holds it.
const LEGACY: &str = "eyJhbGciOiJub25lIn0.eyJmYWtlIjoxfQ.not-signed-at-all";
const KEYS: &str = "/v1/projects/abcdefghijklmnopqrst/api-keys";

fn run(server: &Server, args: &[&str]) -> crate::support::run::Run {
    ci("supabase", server, args)
        .key(TOKEN)
        .env("KEYWRIGHT_VAR_PROJECT", "abcdefghijklmnopqrst")
}

fn listing(server: &Server) {
    let keys: Value = json!([
        { "id": "k-1", "name": "web_app", "type": "publishable", "prefix": null, "description": "the shop",
          "api_key": "sb_publishable_fake000000000000000001", "inserted_at": "2026-01-01T00:00:00Z" },
        { "id": null, "name": "anon", "type": "legacy", "api_key": LEGACY },
    ]);
    server
        .expect(get(KEYS).bearer(TOKEN))
        .answer(server::json(200, &keys));
}

fn creation(body: &Value) -> Wanted {
    post(&format!("{KEYS}?reveal=true"))
        .bearer(TOKEN)
        .json(body)
}

#[test]
fn what_the_list_holds_whole_is_shown_masked() {
    for args in [
        &["keys", "list"][..],
        &["keys", "list", "--json"],
        &["keys", "list", "-v"],
    ] {
        let server = Server::new();
        listing(&server);
        let done = run(&server, args).any_stdout().any_stderr().exit(0);
        for text in [&done.stdout, &done.stderr] {
            assert!(!text.contains(LEGACY), "{text}");
            assert!(!text.contains("fake000000000000000001"), "{text}");
        }
        assert!(done.stdout.contains("anon"));
    }
}

#[test]
fn a_key_without_an_id_cannot_be_ended() {
    let server = Server::new();
    listing(&server);
    run(&server, &["keys", "revoke", "anon", "-y"])
        .fails(
            "supabase lists `anon` without an id, and cannot revoke it by a call",
            &["do it in the dashboard: https://supabase.com/dashboard/project/_/settings/api-keys"],
        )
        .exit(1);
}

#[test]
fn a_new_key_is_revealed_once() {
    let server = Server::new();
    listing(&server);
    server
        .expect(creation(&json!({ "type": "secret", "name": "ci_jobs" })))
        .answer(server::json(
            201,
            &json!({ "id": "k-2", "name": "ci_jobs", "type": "secret", "api_key": NEW }),
        ));
    run(&server, &["keys", "create", "ci_jobs"])
        .expect_stdout(format!("{NEW}\n"))
        .any_stderr()
        .exit(0);
}

#[test]
fn a_key_for_browsers_is_replaced_by_one_for_browsers_under_another_name() {
    let server = Server::new();
    let home = TestEnv::new();
    let token = StoredCredential {
        credential: "access",
        secret: TOKEN,
        refresh: None,
        lasts: None,
    };
    let project = [("project", "abcdefghijklmnopqrst")];
    home.log_in_as("supabase", "supabase", &server.url(), &project, &[token]);
    listing(&server);
    server
        .expect(creation(&json!({ "type": "publishable", "name": "web_app_20261120", "description": "the shop" })))
        .answer(server::json(
            201,
            &json!({ "id": "k-2", "name": "web_app_20261120", "type": "publishable", "api_key": NEW }),
        ));
    let new =
        json!({ "id": "k-2", "name": "web_app_20261120", "type": "publishable", "api_key": NEW });
    server
        .expect(get(KEYS).bearer(TOKEN))
        .answer(server::json(200, &json!([new])));
    server
        .expect(delete(&format!("{KEYS}/k-1")).bearer(TOKEN))
        .answer(server::json(
            200,
            &json!({ "id": "k-1", "name": "web_app" }),
        ));
    home.run(["keys", "rotate", "web_app", "-y", "--to", "file:web.key"])
        .stderr_has("no two keys may have one name: the new one is called `web_app_20261120`\n")
        .stderr_has("supabase has no operation to verify a key: this one is taken as it is\n")
        .exit(0);
    assert_eq!(home.read("work/web.key"), Some(format!("{NEW}\n")));
}

#[test]
fn how_long_to_wait_is_counted_in_seconds() {
    let server = Server::with(
        get(KEYS).bearer(TOKEN),
        server::empty(429).header("x-ratelimit-reset", "12"),
    );
    listing(&server);
    let done = run(&server, &["keys", "list"])
        .any_stdout()
        .any_stderr()
        .exit(0);
    assert_eq!(done.sleeps, [std::time::Duration::from_secs(12)]);
}
