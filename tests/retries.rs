//! Requests that are sent again, when, and for how long; no test waits for them.

use keywright::platform::TransportError;
use serde_json::{Value, json};

use crate::support::clock::NOON_SECONDS;
use crate::support::fake::{SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, token};
use crate::support::http::FakeTransport;
use crate::support::messages;
use crate::support::run::{Done, Run, ci};
use crate::support::server::{self, Answer, Server, Wanted, delete, get, patch, post};
use crate::user_manifests::minimal_manifest;

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

fn jwt_of() -> String {
    jwt("schatzi", 86_400)
}

fn listing() -> Wanted {
    get(KEYS).bearer(&jwt_of())
}

fn list(server: &Server) -> Run {
    ci("schatzi", server, ["keys", "list", "--json"]).token(&jwt_of())
}

fn nothing() -> Answer {
    server::json(200, &json!([]))
}

fn pauses(done: &Done) -> Vec<u128> {
    done.sleeps
        .iter()
        .map(std::time::Duration::as_millis)
        .collect()
}

#[test]
fn get_transient_failure_is_retried() {
    for answer in [
        server::empty(429),
        server::html(502),
        server::html(503),
        server::html(504),
        server::hang_up(),
        server::slam(),
        server::json(200, &json!([])).cut(1),
    ] {
        let server = Server::with(listing(), answer);
        server.expect(listing()).answer(nothing());
        let done = list(&server).expect_json(json!([])).exit(0);
        let pauses = pauses(&done);
        assert_eq!(pauses.len(), 1);
        assert!((125..=250).contains(&pauses[0]), "{pauses:?}");
    }
}

#[test]
fn get_definite_status_is_not_retried() {
    for (status, code) in [
        (400, 1),
        (401, 3),
        (402, 4),
        (403, 3),
        (404, 5),
        (409, 6),
        (418, 1),
        (422, 1),
        (500, 8),
        (501, 8),
    ] {
        let server = Server::with(listing(), server::empty(status));
        list(&server).any_stderr().exit(code);
    }
}

#[test]
fn retry_backoff_stops_after_four_tries() {
    let server = Server::new();
    server.expect(listing()).times(4).answer(server::html(503));
    let done = list(&server)
        .fails_as_json(&json!({
            "kind": "unreachable",
            "code": null,
            "message": "schatzi could not list keys: it answered with a web page instead of JSON",
            "hints": ["this call changed nothing: run it again in a moment"],
            "retryable": true,
            "http_status": 503,
            "request_id": null,
        }))
        .exit(8);
    let pauses = pauses(&done);
    assert_eq!(pauses.len(), 3);
    for (pause, least) in pauses.iter().zip([125, 250, 500]) {
        assert!((least..=2 * least).contains(pause), "{pauses:?}");
    }
}

#[test]
fn retry_after_every_form_is_honoured() {
    for (name, value, pause) in [
        ("Retry-After", "7".to_owned(), 7_000),
        ("Retry-After", "1.5".to_owned(), 1_500),
        (
            "Retry-After",
            "Fri, 20 Nov 2026 12:00:09 GMT".to_owned(),
            9_000,
        ),
        ("retry-after-ms", "250".to_owned(), 250),
        ("X-RateLimit-Reset", "12".to_owned(), 12_000),
        ("X-RateLimit-Reset", (NOON_SECONDS + 5).to_string(), 5_000),
        ("RateLimit", "\"default\";r=0;t=20".to_owned(), 20_000),
    ] {
        let server = Server::with(listing(), server::empty(429).header(name, &value));
        server.expect(listing()).answer(nothing());
        let done = ci("schatzi", &server, ["keys", "list"])
            .token(&jwt_of())
            .stderr_has("no keys\n")
            .exit(0);
        assert_eq!(pauses(&done), [pause], "{name}: {value}");
    }
}

#[test]
fn long_retry_pause_is_announced() {
    let server = Server::with(listing(), server::empty(429).header("Retry-After", "7"));
    server.expect(listing()).answer(nothing());
    list(&server)
        .expect_json(json!([]))
        .expect_stderr("asked to slow down; trying again in 7 s\n")
        .exit(0);
    let server = Server::with(listing(), server::empty(503).header("Retry-After", "3"));
    server.expect(listing()).answer(nothing());
    list(&server).args(["-q"]).expect_json(json!([])).exit(0);
}

#[test]
fn retry_pause_beyond_timeout_is_skipped() {
    for after in ["30", "3600", "99999999999999999999"] {
        let server = Server::with(listing(), server::empty(429).header("Retry-After", after));
        let done = list(&server)
            .stderr_has("\"kind\":\"rate_limited\"")
            .exit(7);
        assert!(done.sleeps.is_empty());
    }
    let server = Server::with(listing(), server::empty(429).header("Retry-After", "30"));
    server.expect(listing()).answer(nothing());
    list(&server)
        .args(["--timeout", "31s", "-q"])
        .expect_json(json!([]))
        .exit(0);
}

#[test]
fn retries_stay_within_total_timeout() {
    let server = Server::new();
    server
        .expect(listing())
        .times(3)
        .answer(server::empty(429).header("Retry-After", "4"));
    let done = list(&server)
        .args(["--timeout", "10s", "-q"])
        .stderr_has("schatzi refused to list keys: too many requests (HTTP 429)")
        .exit(7);
    assert_eq!(pauses(&done), [4_000, 4_000]);
}

#[test]
fn each_retry_gets_remaining_time() {
    let late = || {
        Err(TransportError::Uncertain(
            "there was no answer in time".to_owned(),
        ))
    };
    let http = FakeTransport::new([late(), Ok((200, "[]".to_owned()))]);
    Run::new()
        .args(["keys", "list", "--json", "--timeout", "2s"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .token(&jwt_of())
        .http(http.clone())
        .expect_json(json!([]))
        .exit(0);
    let seconds: Vec<u64> = http.sent.borrow().iter().map(|sent| sent.2).collect();
    assert_eq!(seconds, [2, 1]);
}

#[test]
fn unreachable_service_names_its_address() {
    let server = Server::new();
    let url = server.url();
    drop(server);
    let unreachable = FakeTransport::new(
        (0..4).map(|_| Err(TransportError::NotSent("connection refused".to_owned()))),
    );
    Run::new()
        .args(["keys", "list"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &url)
        .token(&jwt_of())
        .http(unreachable.clone())
        .fails(
            &format!("schatzi could not be reached at {url}: connection refused"),
            &["check the network, the proxy and the base URL: keywright profiles show"],
        )
        .exit(8);
    assert_eq!(unreachable.methods(), ["GET"; 4]);
}

#[test]
fn closed_port_is_unreachable() {
    // The port is free: it was bound and given back.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    Run::new()
        .args(["keys", "list"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &url)
        .token(&jwt_of())
        .stderr_has(&format!("error: schatzi could not be reached at {url}: "))
        .exit(8);
}

#[test]
fn create_unsent_request_is_retried() {
    let refused = || Err(TransportError::NotSent("connection refused".to_owned()));
    let list = Ok((200, "[]".to_owned()));
    let created = Ok((201, r#"{"id":"k1","key":"sk-fake-0001"}"#.to_owned()));
    let http = FakeTransport::new([list, refused(), created]);
    Run::new()
        .args(["keys", "create", "ci"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .token(&jwt_of())
        .http(http.clone())
        .expect_stdout("sk-fake-0001\n")
        .expect_stderr(messages::shown_once("ci"))
        .exit(0);
    assert_eq!(http.methods(), ["GET", "POST", "POST"]);
}

fn created() -> Wanted {
    post("/api/v1/accounts/user/api-keys/create/")
        .bearer(&jwt_of())
        .json(&json!({ "name": "ci" }))
}

#[test]
fn create_uncertain_response_is_not_retried() {
    for (answer, code) in [
        (server::empty(429).header("Retry-After", "1"), 7),
        (server::html(502), 10),
        (server::empty(503).header("Retry-After", "1"), 10),
        (server::empty(504), 10),
        (server::empty(524), 10),
        (server::empty(408), 10),
        (server::empty(499), 10),
        (
            server::empty(302).header("Location", "https://example.com/"),
            10,
        ),
    ] {
        let server = Server::with(listing(), nothing());
        server.expect(created()).answer(answer);
        if code == 10 {
            // It looks whether a key came to be, for half a minute.
            server.expect(listing()).times(7).answer(nothing());
        }
        let done = ci("schatzi", &server, ["keys", "create", "ci"])
            .token(&jwt_of())
            .any_stderr()
            .exit(code);
        let waited: Vec<u64> = done
            .sleeps
            .iter()
            .map(std::time::Duration::as_secs)
            .collect();
        let all = [1, 1, 2, 4, 7, 15];
        assert_eq!(waited, &all[..if code == 10 { 6 } else { 0 }]);
        assert!(!done.stderr.contains("safe to run this again"));
    }
}

#[test]
fn create_stale_connection_is_not_reused() {
    let server = Server::with(listing(), nothing().then_closed());
    server.expect(created()).answer(server::json(
        201,
        &json!({ "id": "k1", "key": "sk-fake-0001" }),
    ));
    let home = TestEnv::new();
    // Enough for a server on a machine that is busy.
    home.clock
        .settles_for(std::time::Duration::from_millis(100));
    home.run(["keys", "create", "ci"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .token(&jwt_of())
        .expect_stdout("sk-fake-0001\n")
        .expect_stderr(messages::shown_once("ci"))
        .exit(0);
}

#[test]
fn rename_retried_only_after_refusal() {
    let one = json!([{ "id": "k1", "name": "old" }]);
    let renamed = || {
        patch("/api/v1/accounts/user/api-keys/k1/update/")
            .bearer(&jwt_of())
            .json(&json!({ "name": "new" }))
    };
    let server = Server::with(listing(), server::json(200, &one));
    server.expect(renamed()).answer(server::empty(429));
    server
        .expect(renamed())
        .answer(server::json(200, &json!({})));
    let rename =
        |server: &Server| ci("schatzi", server, ["keys", "rename", "k1", "new"]).token(&jwt_of());
    rename(&server)
        .expect_stderr("renamed `old` to `new`\n")
        .exit(0);
    let server = Server::with(listing(), server::json(200, &one));
    server.expect(renamed()).answer(server::hang_up());
    rename(&server)
        .stderr_has("connection closed before message completed")
        .exit(10);
}

#[test]
fn revoke_single_key_lost_not_retried() {
    let server = Server::with(
        delete("/api/keys").header("x-api-key", SIEVE_KEY),
        server::hang_up(),
    );
    ci("sieve", &server, ["keys", "revoke", "-y"])
        .key(SIEVE_KEY)
        .stderr_has("hint: check whether the key still exists: keywright keys list\n")
        .exit(10);
}

#[test]
fn api_post_retried_only_after_refusal() {
    let home = TestEnv::new();
    let call = || {
        post("/v1/jobs")
            .bearer(&jwt_of())
            .header("accept", "*/*")
            .json(&json!({}))
    };
    let server = Server::new();
    server.expect(call()).answer(server::empty(429));
    server.expect(call()).answer(server::text(200, "made"));
    server.expect(call()).answer(server::empty(503));
    server.expect(call()).answer(server::hang_up());
    home.log_in("schatzi", &server.url(), &[token(&jwt_of(), 86_400)]);
    let call = || home.run(["api", "POST", "/v1/jobs", "-d", "{}"]);
    call().expect_stdout("made").exit(0);
    call()
        .fails(
            "schatzi could not answer: the service cannot answer now (HTTP 503)",
            &["this call changed nothing: run it again in a moment"],
        )
        .exit(8);
    let done = call()
        .stderr_has("did not answer")
        .stderr_has("hint: the call may have been carried out: look before you send it again\n")
        .exit(10);
    assert!(done.sleeps.is_empty());
}

#[test]
fn list_with_environment_sends_one_request() {
    let value: Value = json!([{ "id": 7, "name": "n" }]);
    let server = Server::with(listing(), server::json(200, &value));
    let shown = list(&server).json();
    assert_eq!(shown[0]["id"], "7");
    assert_eq!(server.seen().len(), 1);
}

/// Revokes the key `k1`, whose revocation may be repeated; the second answer is that there is no such key.
fn revoke_twice(first: Answer) -> (Server, Run) {
    let path = "/keys/k1";
    let with_key = |wanted: Wanted| wanted.header("x-api-key", "fake-key");
    let listed = server::json(200, &json!([{ "id": "k1", "name": "ci" }]));
    let server = Server::with(with_key(get("/keys")), listed);
    server.expect(with_key(delete(path))).answer(first);
    let gone = server::json(404, &json!({ "message": "no such key" }));
    server.expect(with_key(delete(path))).answer(gone);
    let home = TestEnv::new();
    let revoke = "operations.revoke.request = { method = \"DELETE\", path = \"/keys/{id}\" }";
    home.write(
        "config/providers/mine.toml",
        minimal_manifest("mine", revoke),
    );
    let run = home
        .run(["keys", "revoke", "k1", "--yes"])
        .env("KEYWRIGHT_PROVIDER", "mine")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .key("fake-key");
    (server, run)
}

#[test]
fn revoke_retried_already_revoked_is_success() {
    for first in [server::html(502), server::hang_up()] {
        let (_server, run) = revoke_twice(first);
        run.stderr_has("the first attempt revoked it").exit(0);
    }
    // The first try was turned away before anybody looked at it.
    let (_server, run) = revoke_twice(server::empty(429));
    run.stderr_has("no such key").exit(5);
}
