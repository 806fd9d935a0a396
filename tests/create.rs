//! A new key exists once: it is asked for once, kept before it is shown, and shown once.

use keywright::store::Stores;
use serde_json::{Value, json};

use crate::support::fake::{SCHATZI_KEY, SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::messages;
use crate::support::run::{Done, Run, ci};
use crate::support::server::{self, Answer, Server, Wanted, get, post};
use crate::support::terminal::{Reply, Stdout};

const KEYS: &str = "/api/v1/accounts/user/api-keys/";

fn jwt_of() -> String {
    jwt("schatzi", 86_400)
}

fn listing() -> Wanted {
    get(KEYS).bearer(&jwt_of())
}

fn creation() -> Wanted {
    post("/api/v1/accounts/user/api-keys/create/")
        .bearer(&jwt_of())
        .json(&json!({ "name": "ci" }))
}

fn created() -> Value {
    json!({ "id": "k2", "name": "ci", "key": SCHATZI_KEY, "created_at": "2026-11-20T12:00:00Z" })
}

/// A server with one key, which does this when another is created.
fn server(answer: Answer) -> Server {
    let server = Server::with(
        listing(),
        server::json(200, &json!([{ "id": "k1", "name": "old" }])),
    );
    server.expect(creation()).answer(answer);
    server
}

/// The same, and then it is asked what keys there are: until a new one shows.
fn looked_at(answer: Answer, after: &Value) -> Server {
    let server = server(answer);
    let looks = if after.as_array().unwrap().len() > 1 {
        1
    } else {
        7
    };
    server
        .expect(listing())
        .times(looks)
        .answer(server::json(200, after));
    server
}

fn home(server: &Server) -> TestEnv {
    let home = TestEnv::new();
    home.log_in("schatzi", &server.url(), &[token(&jwt_of(), 86_400)]);
    home
}

fn create(home: &TestEnv) -> Run {
    home.run(["keys", "create", "ci"])
}

/// The journal's records, each a list of its entries.
fn records(home: &TestEnv) -> Vec<Vec<Value>> {
    home.files()
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|end| end == "jsonl"))
        .map(|(_, bytes)| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let entry = |line: &str| serde_json::from_str(line).unwrap();
            text.lines().map(entry).collect()
        })
        .collect()
}

fn events(record: &[Value]) -> Vec<&str> {
    record
        .iter()
        .map(|entry| entry["event"].as_str().unwrap())
        .collect()
}

/// Reads a secret back from where the record says that it is.
fn read_back(home: &TestEnv, record: &[Value]) -> Option<String> {
    let kept = record.iter().find(|entry| entry["event"] == "kept")?;
    let platform = home.platform(
        keywright::platform::Env::default(),
        std::rc::Rc::new(Run::at(home.clone()).terminal()),
        keywright::platform::native::http(),
    );
    let kept: keywright::rotation::journal::StagedSecret =
        serde_json::from_value(kept.clone()).unwrap();
    let stores = Stores::new(&platform, false);
    let store = keywright::rotation::create::store_of(&kept.place, &stores, &platform).unwrap();
    Some(store.get(&kept.place.item).unwrap()?.expose().to_owned())
}

#[test]
fn create_piped_prints_key_and_newline() {
    let server = server(server::json(201, &created()));
    let home = home(&server);
    create(&home)
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .expect_stderr(messages::shown_once("ci"))
        .exit(0);
    assert!(records(&home).is_empty());
    assert!(!home.keychain.values().contains(&SCHATZI_KEY.to_owned()));
}

#[test]
fn create_terminal_prints_framed_key() {
    let server = server(server::json(201, &created()));
    let home = home(&server);
    let width = 48;
    let row = |text: &str| {
        format!(
            "│ {text}{} │\n",
            " ".repeat(width - 2 - text.chars().count())
        )
    };
    create(&home)
        .at_a_terminal()
        .expect_stdout(format!(
            "╭{line}╮\n{title}{blank}{key}{blank}{warning}╰{line}╯\n",
            line = "─".repeat(width),
            title = row("new schatzi key `ci`"),
            blank = row(""),
            key = row(SCHATZI_KEY),
            warning = row("Copy it now: it will not be shown again."),
        ))
        .exit(0);
}

#[test]
fn create_json_prints_key_with_secret() {
    let server = server(server::json(201, &created()));
    let home = home(&server);
    create(&home)
        .args(["--json"])
        .expect_json(json!({
            "provider": "schatzi",
            "profile": "schatzi",
            "id": "k2",
            "name": "ci",
            "masked": "sk-fake-***0001",
            "status": "active",
            "scopes": null,
            "created_at": "2026-11-20T12:00:00Z",
            "expires_at": null,
            "last_used_at": null,
            "rotated_at": null,
            "usage": null,
            "secret": SCHATZI_KEY,
            "delivered_to": ["stdout"],
            "changed": [],
        }))
        .exit(0);
}

#[test]
fn create_closed_stdout_fails_before_request() {
    let server = Server::new();
    create(&home(&server))
        .sink(Stdout::Closed)
        .expect_stderr(
            "error: the new key could not be printed: stdout does not take it\n  because: the reader of stdout \
             is gone\nhint: nothing was created; send the output to a file or a pipe that is read\n",
        )
        .exit(9);
}

#[test]
fn create_unprinted_key_is_recoverable() {
    for (sink, flag) in [
        (Stdout::ClosesLate, "-q"),
        (Stdout::Full, "-q"),
        (Stdout::Full, "--json"),
    ] {
        let server = server(server::json(201, &created()));
        let home = home(&server);
        let done = create(&home)
            .args([flag])
            .sink(sink)
            .stderr_has(
                "cannot write the new key to stdout; the new key `ci` is not lost: the test keyring keeps it",
            )
            .exit(10);
        assert!(
            done.stderr.contains("keywright rotations"),
            "{}",
            done.stderr
        );
        let records = records(&home);
        assert_eq!(
            events(&records[0]),
            ["intended", "sending", "kept", "showing"]
        );
        assert_eq!(read_back(&home, &records[0]).as_deref(), Some(SCHATZI_KEY));
    }
}

#[test]
fn create_ci_unprinted_key_is_recoverable() {
    let home = TestEnv::new();
    let server = server(server::json(201, &created()));
    create(&home)
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &server.url())
        .token(&jwt_of())
        .sink(Stdout::Full)
        .stderr_has("the new key `ci` is not lost: ")
        .exit(10);
    assert_eq!(home.keychain.touched(), 0);
    let records = records(&home);
    assert_eq!(read_back(&home, &records[0]).as_deref(), Some(SCHATZI_KEY));
}

#[test]
fn create_locked_keyring_fails_before_request() {
    let server = Server::with(listing(), server::json(200, &json!([])));
    let home = home(&server);
    home.run(["keys", "list"])
        .expect_stderr("no keys\n")
        .exit(0);
    home.keychain
        .fails(keywright::platform::KeychainError::Locked);
    create(&home).stderr_has("locked").exit(9);
}

/// An answer after which nobody knows whether there is a key.
fn lost_answers() -> Vec<Answer> {
    vec![
        server::hang_up(),
        server::json(201, &created()).cut(20),
        server::text(201, &created().to_string()[..20]),
        server::text(201, ""),
        server::json(201, &Value::Null),
        server::json(201, &json!({ "id": "k2", "name": "ci" })),
        server::json(201, &json!({ "id": "k2", "key": "sk-***...0001" })),
        server::json(201, &json!({ "id": "k2", "key": "sk-fake\u{1b}[31m-0001" })),
        server::json(201, &json!({ "id": "k2", "key": true })),
        server::html(200),
        server::empty(204),
        server::raw(b"\0\x01 this is no HTTP\r\n\r\n"),
        server::flood(true),
        server::flood(false),
    ]
}

#[test]
fn create_lost_response_names_unknown_key() {
    let after = json!([{ "id": "k1", "name": "old" }, { "id": "k2", "name": "ci" }]);
    for answer in lost_answers() {
        let server = looked_at(answer, &after);
        let home = home(&server);
        let done = create(&home)
            .stderr_has("error: a key may have been created, ")
            .stderr_has("hint: `ci` (k2) is new")
            .stderr_has("hint: next steps: keywright rotations show 20261120-")
            .exit(10);
        assert!(!done.stderr.contains("sk-fake"), "{}", done.stderr);
        assert_eq!(events(&records(&home)[0]), ["intended", "sending", "lost"]);
    }
}

#[test]
fn create_lost_response_unchanged_list_inconclusive() {
    let server = looked_at(server::hang_up(), &json!([{ "id": "k1", "name": "old" }]));
    create(&home(&server))
        .stderr_has(
            "hint: no new key shows yet, which proves nothing: a list can be late\nhint: look again after 12:15 UTC: keywright rotations resume 2026",
        )
        .exit(10);
}

#[test]
fn create_lost_response_failed_list_inconclusive() {
    let server = server(server::hang_up());
    server
        .expect(listing())
        .answer(server::json(403, &json!({})));
    create(&home(&server))
        .stderr_has(
            "hint: could not determine whether a key was created: schatzi refused to list keys: ",
        )
        .exit(10);
}

#[test]
fn create_server_error_unchanged_list_inconclusive() {
    let server = looked_at(
        server::json(500, &json!({ "error": { "message": "oops" } })),
        &json!([{ "id": "k1", "name": "old" }]),
    );
    let home = home(&server);
    create(&home)
        .stderr_has("checking for up to 30 s")
        .stderr_has(
            "error: a key may have been created, but its secret did not arrive: schatzi could not create a key: oops\n",
        )
        .exit(10);
    assert_eq!(events(&records(&home)[0]), ["intended", "sending", "lost"]);
}

#[test]
fn create_gateway_error_names_unknown_key() {
    let server = looked_at(
        server::html(504),
        &json!([{ "id": "k1" }, { "id": "k9", "name": "ci" }]),
    );
    create(&home(&server))
        .stderr_has("hint: `ci` (k9) is new, and its secret did not arrive; to revoke it: ")
        .exit(10);
}

#[test]
fn create_lost_response_json_not_retryable() {
    let server = looked_at(server::hang_up(), &json!([{ "id": "k1" }]));
    let done: Done = create(&home(&server))
        .args(["--json"])
        .stderr_has(
            "a key may have been created, but its secret did not arrive: schatzi at http://",
        )
        .exit(10);
    let error: Value = serde_json::from_str(&done.stderr).unwrap();
    assert_eq!(error["error"]["kind"], "uncertain");
    assert_eq!(error["error"]["retryable"], false);
    let fields = error["error"].as_object().unwrap().keys();
    assert!(fields.eq([
        "kind",
        "code",
        "message",
        "hints",
        "retryable",
        "http_status",
        "request_id"
    ]));
}

#[test]
fn create_refusal_leaves_no_record() {
    for (status, code) in [(400, 1), (401, 3), (402, 4), (403, 3), (422, 1), (429, 7)] {
        let server = server(server::json(
            status,
            &json!({ "error": { "message": "no" } }),
        ));
        let home = home(&server);
        create(&home)
            .stderr_has("error: schatzi refused to create a key: ")
            .exit(code);
        assert!(records(&home).is_empty());
        assert_eq!(
            home.keychain.values().len(),
            2,
            "the token and the mark of the store"
        );
    }
}

#[test]
fn single_key_lost_response_tests_current() {
    let creation = || {
        post("/api/keys")
            .header("x-api-key", SIEVE_KEY)
            .json(&json!({}))
    };
    let look = || get("/api/keys/status").header("x-api-key", SIEVE_KEY);
    for (answer, hint) in [
        (
            server::json(401, &json!({ "error": "Invalid API key" })),
            "sieve rejects the current key: it was replaced, and the new one was lost\n",
        ),
        (
            server::json(200, &json!({ "hasKey": true })),
            "the current key still works, which proves nothing: the call can act late\nhint: look again after 12:15 UTC: keywright rotations resume 2026",
        ),
    ] {
        let server = Server::with(creation(), server::hang_up());
        server.expect(look()).answer(answer);
        let home = TestEnv::new();
        home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
        home.run(["keys", "create", "-y"])
            .stderr_has(&format!("hint: {hint}"))
            .exit(10);
        assert_eq!(home.kept("sieve", "key").as_deref(), Some(SIEVE_KEY));
    }
}

#[test]
fn create_pasted_unprinted_key_is_recoverable() {
    let home = TestEnv::new();
    let server = Server::new();
    home.log_in("generic", &server.url(), &[key("fake-generic-key-old")]);
    home.run(["keys", "create", "ci"])
        .stdin("fake-generic-key-new")
        .sink(Stdout::Full)
        .stderr_has(&messages::new_key_stored("ci"))
        .exit(10);
    let records = records(&home);
    assert_eq!(
        read_back(&home, &records[0]).as_deref(),
        Some("fake-generic-key-new")
    );
}

#[test]
fn create_invalid_expiry_fails_before_request() {
    let server = Server::new();
    for (end, message) in [
        ("soon", "`soon` is not an expiry"),
        ("2020-01-01", "`2020-01-01` is in the past"),
        ("0d", "`0d` is zero: the key would expire at once"),
        (
            "9999-12-31",
            "`9999-12-31` is too far in the future: a key expires before the year 9999",
        ),
        (
            "99999999d",
            "`99999999d` is too far in the future: a key expires before the year 9999",
        ),
        ("\u{1b}[31m", "`[31m` is not an expiry"),
    ] {
        ci("sieve", &server, ["keys", "create", "-y", "--expires", end])
            .key(SIEVE_KEY)
            .stderr_has(&format!("error: {message}\n"))
            .exit(2);
    }
}

/// A service that requires fields of a new key.
const STRICT: &str = r#"
manifest = 1
name = "strict"
title = "Strict"
about = "requires fields of a new key"
checked = "2026-11-28"
servers.api = { url = "https://strict.example.com", auth = ["key"] }
credentials.key = { kind = "key", title = "key", in = [{ header = { name = "X-Key" } }] }
key = { id = "/id" }

[operations.create]
parameters.name = { required = true, max_length = 8 }
parameters.scopes = { required = true, choices = ["read", "write"] }
parameters.plan = { required = true, choices = ["free", "paid"] }
parameters.area = { required = true, about = "the region of the key", pattern = "^[a-z]+$" }
request = { method = "POST", path = "/keys", body = [
  { at = "/name", from = "name" }, { at = "/scopes", from = "scopes" },
  { at = "/plan", from = "plan" }, { at = "/area", from = "area" },
] }
response = { secret = "/secret" }
"#;

/// A server that takes one new key with these properties.
fn strict_server(plan: &str, scopes: &[&str]) -> Server {
    let body = json!({ "name": "ci", "scopes": scopes, "plan": plan, "area": "zurich" });
    let answer = json!({ "id": "k1", "secret": "fake-strict-key" });
    Server::with(
        post("/keys")
            .header("x-key", "fake-strict-login")
            .json(&body),
        server::json(201, &answer),
    )
}

fn strict_home(server: &Server) -> TestEnv {
    let home = TestEnv::new();
    home.write("config/providers/strict.toml", STRICT);
    home.log_in("strict", &server.url(), &[key("fake-strict-login")]);
    home
}

#[test]
fn create_prompts_for_required_fields() {
    let server = strict_server("paid", &["read", "write"]);
    let home = strict_home(&server);
    let done = home
        .run(["keys", "create"])
        .asked_in_a_pipe()
        .reply(Reply::Text("far too long".to_owned()))
        .reply(Reply::Text("ci".to_owned()))
        .reply(Reply::Text("admin".to_owned()))
        .reply(Reply::Text("read, write".to_owned()))
        .reply(Reply::Text("Zürich 1".to_owned()))
        .reply(Reply::Text("zurich".to_owned()))
        .reply(Reply::Choose("paid".to_owned()))
        .reply(Reply::Choose("stdout".to_owned()))
        .stderr_has("`name` is too long: at most 8 characters")
        .stderr_has("`scopes` is one of: read, write")
        .stderr_has("area: the region of the key")
        .stderr_has(&messages::shown_once("ci"))
        .expect_stdout("fake-strict-key\n")
        .exit(0);
    let (name, scopes) = ("Name of the key", "Scopes, with commas between them");
    assert_eq!(
        done.asked,
        [
            name,
            name,
            scopes,
            scopes,
            "area",
            "area",
            "plan",
            "Destination"
        ]
    );
}

#[test]
fn create_with_options_prompts_for_rest() {
    let server = strict_server("free", &["read"]);
    let home = strict_home(&server);
    let line = [
        "keys",
        "create",
        "ci",
        "--scope",
        "read",
        "--set",
        "plan=free",
    ];
    let done = home
        .run(line)
        .asked_in_a_pipe()
        .reply(Reply::Text("zurich".to_owned()))
        .expect_stdout("fake-strict-key\n")
        .stderr_has(&messages::shown_once("ci"))
        .exit(0);
    assert_eq!(done.asked, ["area"]);
    home.run(line)
        .stderr_has("error: `area` is required here\n")
        .exit(2);
}

#[test]
fn create_without_arguments_prompts_for_details() {
    let folder_of_keys = "file:ci.key";
    let server = server(server::json(201, &created()));
    let home = home(&server);
    let done = home
        .run(["keys", "create"])
        .asked_in_a_pipe()
        .reply(Reply::Text("ci".to_owned()))
        .reply(Reply::Choose("file:PATH  ".to_owned()))
        // A wrong one is asked again, and nothing before it is lost.
        .reply(Reply::Text("file:".to_owned()))
        .reply(Reply::Text(folder_of_keys.to_owned()))
        .stderr_has("the rest is missing: file:PATH")
        .stderr_has("delivered to `file:")
        .exit(0);
    let destination = "Destination (file:PATH)";
    assert_eq!(
        done.asked,
        ["Name of the key", "Destination", destination, destination]
    );
    assert_eq!(
        home.read("work/ci.key").as_deref(),
        Some(format!("{SCHATZI_KEY}\n").as_str())
    );
}

#[test]
fn create_offers_described_destinations() {
    let server = Server::new();
    let home = home(&server);
    let done = home
        .run(["keys", "create"])
        .asked_in_a_pipe()
        .reply(Reply::Text("ci".to_owned()))
        .reply(Reply::Choose("vault:".to_owned()))
        .reply(Reply::Text("vault:nowhere".to_owned()))
        .reply(Reply::Text("vault:secret/app#API_KEY".to_owned()))
        .stderr_has("`vault:nowhere` is not a destination of this form")
        .stderr_has("there is no Vault token")
        .exit(9);
    let destination = "Destination (vault:MOUNT/PATH#FIELD)";
    assert_eq!(
        done.asked,
        ["Name of the key", "Destination", destination, destination]
    );
}
