//! Before a step that cannot be undone, the key that stays is asked whether it works.

use serde_json::{Value, json};

use super::{OLD_SECRET, Shop, events, listed, private, revocation};
use crate::support::fake::SCHATZI_KEY;
use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::server::{self, Server, Wanted, delete, get, post};
use crate::user_manifests::{minimal_manifest, then};

const DAY: i64 = 86_400;

/// The old key is asked with the call that verifies.
fn old_key_verification() -> Wanted {
    get("/v1/models").bearer(OLD_SECRET)
}

impl Shop {
    fn expect_old_key_valid(&self) -> &Self {
        self.server
            .expect(old_key_verification())
            .answer(server::json(200, &json!({ "data": [] })));
        self
    }

    fn expect_old_key_invalid(&self) -> &Self {
        self.refused(old_key_verification(), 403)
    }

    fn expect_new_key_invalid(&self) -> &Self {
        self.refused(super::verification(), 403)
    }
}

/// A rotation that is in place, whose old key stood at its destination and has a day left.
fn rotation_in_grace() -> Shop {
    let shop = Shop::new();
    shop.home.write("work/ci.key", format!("{OLD_SECRET}\n"));
    private(&shop.home, "work/ci.key");
    let mut old = listed("k1", "ci");
    old["key"] = json!("sk-***...0001");
    shop.listed(&[old]).created().verified();
    shop.rotate(&["--to", "file:ci.key", "--grace", "24h", "-q"])
        .exit(0);
    shop
}

fn at_destination(shop: &Shop) -> String {
    shop.home.read("work/ci.key").unwrap().trim_end().to_owned()
}

#[test]
fn resume_invalid_new_key_keeps_old() {
    let shop = rotation_in_grace();
    shop.home.clock.pass(DAY);
    shop.expect_new_key_invalid();
    shop.rotations(&["resume"])
        .stderr_has("error: schatzi does not accept the new key: it is invalid; the old key was not revoked\n")
        .stderr_has("hint: to revoke the new key and keep the old one: keywright rotations abort ")
        .exit(6);
    assert_eq!(events(&shop.home)[0].last().unwrap(), "placed");
    shop.expect_old_key_valid().refused(revocation("k2"), 404);
    shop.rotations(&["abort", "-y"])
        .stderr_has("the new key `k2` was gone already\n")
        .exit(0);
    assert_eq!(at_destination(&shop), OLD_SECRET);
    shop.is_clean();
}

#[test]
fn resume_unverifiable_new_key_keeps_both() {
    for (answer, said) in [
        (
            server::html(200),
            "schatzi answered with a web page instead of JSON (HTTP 200)",
        ),
        (server::empty(500), "schatzi could not answer"),
        (server::text(404, "{}"), "HTTP 404"),
    ] {
        let shop = rotation_in_grace();
        shop.home.clock.pass(DAY);
        let is_404 = said == "HTTP 404";
        shop.server
            .expect(super::verification())
            .answer(answer.clone());
        if is_404 {
            // The answer to the old key with the same call shows its meaning.
            shop.expect_old_key_valid();
        }
        shop.server
            .expect(super::verification())
            .times(6)
            .answer(answer);
        let done = shop
            .rotations(&["resume"])
            .stderr_has(said)
            .stderr_has(
                "; the new key is in place, and the old one was not revoked: both are left\n",
            )
            .exit(10);
        let waited: Vec<u64> = done
            .sleeps
            .iter()
            .map(std::time::Duration::as_secs)
            .collect();
        assert_eq!(waited, [1, 1, 2, 4, 7, 15], "{}", done.stderr);
        shop.expect_verify_and_revoke("k1");
        shop.rotations(&["resume", "-q"]).exit(0);
        shop.is_clean();
    }
}

#[test]
fn verify_both_not_found_uses_list() {
    let shop = rotation_in_grace();
    shop.home.clock.pass(DAY);
    let nothing = || server::text(404, "{}");
    shop.server.expect(super::verification()).answer(nothing());
    shop.server.expect(old_key_verification()).answer(nothing());
    shop.listed(&[listed("k1", "ci"), listed("k2", "ci")])
        .revoked("k1");
    shop.rotations(&["resume", "-q"]).exit(0);
    shop.is_clean();
}

#[test]
fn rollback_invalid_old_key_is_refused() {
    for way_back in ["undo", "abort"] {
        let shop = rotation_in_grace();
        shop.expect_old_key_invalid().verified();
        shop.rotations(&[way_back, "-y"])
            .stderr_has(messages::OLD_KEY_INVALID)
            .exit(6);
        assert_eq!(at_destination(&shop), SCHATZI_KEY);
        assert_eq!(events(&shop.home)[0].last().unwrap(), "placed");
    }
}

#[test]
fn abort_both_keys_invalid_closes_record() {
    let shop = rotation_in_grace();
    shop.home.clock.pass(DAY / 2);
    shop.expect_old_key_invalid().expect_new_key_invalid();
    shop.rotations(&["undo", "-y"])
        .stderr_has("error: neither the old key nor the new one works")
        .stderr_has("hint: to close the record: keywright rotations abort ")
        .exit(6);
    shop.expect_old_key_invalid()
        .expect_new_key_invalid()
        .refused(revocation("k2"), 401);
    shop.rotations(&["abort", "-y"])
        .stderr_has(
            "warning: neither the old key nor the new one works any more: the record is closed",
        )
        .stderr_has("warning: the new key `k2` was not revoked")
        .exit(0);
    shop.is_clean();
}

#[test]
fn abort_new_key_propagating_is_refused() {
    let shop = rotation_in_grace();
    shop.expect_old_key_invalid()
        .expect_new_key_invalid()
        .expect_new_key_invalid()
        .verified();
    shop.rotations(&["abort", "-y"])
        .stderr_has(messages::OLD_KEY_INVALID)
        .exit(6);
    assert_eq!(at_destination(&shop), SCHATZI_KEY);
    assert_eq!(events(&shop.home)[0].last().unwrap(), "placed");
}

#[test]
fn unfinished_undo_invalid_old_redelivers_new() {
    let shop = rotation_in_grace();
    shop.expect_old_key_valid().refused(revocation("k2"), 500);
    shop.rotations(&["undo", "-y"])
        .stderr_has(&messages::new_key_not_revoked("k2"))
        .exit(10);
    assert_eq!(at_destination(&shop), OLD_SECRET);
    shop.expect_old_key_invalid().verified();
    shop.rotations(&["undo", "-y"])
        .stderr_has("the new key is the only one\n")
        .exit(6);
    shop.expect_old_key_invalid().verified().verified();
    shop.rotations(&["resume"])
        .stderr_has("warning: the old key no longer works: delivering the new key\n")
        .stderr_has(&messages::delivered("file:[home]/work/ci.key"))
        .exit(0);
    assert_eq!(at_destination(&shop), SCHATZI_KEY);
    shop.expect_old_key_valid().revoked("k2");
    shop.rotations(&["undo", "-y", "-q"]).exit(0);
    assert_eq!(at_destination(&shop), OLD_SECRET);
    shop.is_clean();
}

#[test]
fn rotate_without_verify_waits_for_list() {
    let server = Server::new();
    let home = TestEnv::new();
    let more = r#"
rotation = { strategy = "overlap" }
operations.create = { request = { method = "POST", path = "/keys", body = [{ at = "/name", from = "name" }] }, response = { secret = "/token" } }
operations.revoke = { request = { method = "DELETE", path = "/keys/{id}" } }
"#;
    home.write("config/providers/hub.toml", minimal_manifest("hub", more));
    let manager = "fake-hub-manager-000000000001";
    home.log_in("hub", &server.url(), &[key(manager)]);
    let with = |wanted: Wanted| wanted.header("x-api-key", manager);
    let lists = |keys: Value| then(&server, with(get("/keys")), server::json(200, &keys));
    let old = json!({ "id": "a1", "name": "ci" });
    let new = json!({ "id": "a9", "name": "ci" });
    lists(json!([old]));
    then(
        &server,
        with(post("/keys")).json(&json!({ "name": "ci" })),
        server::json(
            201,
            &json!({ "id": "a9", "name": "ci", "token": "fake-hub-new-0000000000001" }),
        ),
    );
    // The list hears of it a little later.
    lists(json!([old]));
    lists(json!([old, new]));
    then(&server, with(delete("/keys/a1")), server::empty(204));
    home.run(["keys", "rotate", "ci", "-y", "--to", "file:ci.key"])
        .stderr_has("hub has no operation to verify a key: this one is taken as it is\n")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    super::is_clean(&home);
}

/// A rotation whose abort was cut short before the new key was revoked.
fn unfinished_abort() -> Shop {
    let shop = rotation_in_grace();
    shop.expect_old_key_valid().refused(revocation("k2"), 500);
    shop.rotations(&["abort", "-y"])
        .stderr_has(&messages::new_key_not_revoked("k2"))
        .exit(10);
    assert_eq!(events(&shop.home)[0].last().unwrap(), "restored");
    shop
}

#[test]
fn rotate_unfinished_abort_completes_then_rotates() {
    let shop = unfinished_abort();
    shop.expect_old_key_valid().revoked("k2").rotates();
    shop.rotate(&["--to", "file:ci.key"])
        .stderr_has(&messages::revoked_new("k2"))
        .stderr_has(" was aborted: nothing was rotated; it is rotated anew\n")
        .stderr_has(&messages::replaced("ci"))
        .exit(0);
    assert_eq!(at_destination(&shop), SCHATZI_KEY);
    shop.is_clean();
}

#[test]
fn rotate_unfinished_abort_requires_destination() {
    let shop = unfinished_abort();
    shop.expect_old_key_valid()
        .revoked("k2")
        .expect_old_key_listed();
    shop.rotate(&[])
        .stderr_has(messages::NOTHING_ROTATED)
        .stderr_has(
            "hint: to rotate it now, say where the new key goes: keywright keys rotate ci --to file:PATH\n",
        )
        .exit(10);
    assert_eq!(at_destination(&shop), OLD_SECRET);
    shop.is_clean();
}

const ACME: &str = r#"manifest = 1
name = "acme"
title = "Acme"
about = "a service that answers alike to keys it does not know and to keys that may not ask"
checked = "2026-11-20"
servers.api = { url = "https://api.acme.example.com", auth = ["key"] }
operations.list = { request = { method = "GET", path = "/keys" } }
operations.revoke = { request = { method = "DELETE", path = "/keys/{id}" } }
[credentials.key]
kind = "key"
title = "key"
in = [{ header = { name = "X-Api-Key" } }]
verify = { request = { method = "GET", path = "/me" } }
[rotation]
strategy = "overlap"
[key]
id = "/id"
name = "/name"
masked = "/hint"
[operations.create]
response = { secret = "/key" }
[operations.create.request]
method = "POST"
path = "/keys"
body = [{ at = "/name", from = "name" }]
"#;

const ROOT: &str = "fake-root-key-0000";
const OLD: &str = "fake-old-key-000000000000001";
const NEW: &str = "fake-new-key-000000000000002";

/// Acme with a rotation that is in place and whose grace is over; its old key stood at the destination.
fn acme() -> (server::Server, TestEnv) {
    let (server, home) = acme_just_now();
    home.clock.pass(DAY);
    (server, home)
}

/// The same, a moment after the new key was made.
fn acme_just_now() -> (server::Server, TestEnv) {
    acme_of(ACME, true)
}

/// The same with a manifest, which has a call that verifies or has none.
fn acme_of(manifest: &str, verifies: bool) -> (server::Server, TestEnv) {
    let (server, home) = (server::Server::new(), TestEnv::new());
    home.write("config/providers/acme.toml", manifest);
    home.write("work/ci.key", format!("{OLD}\n"));
    private(&home, "work/ci.key");
    home.log_in("acme", &server.url(), &[key(ROOT)]);
    lists(&server, &["k1"]);
    expect_creation(&server, &json!({ "id": "k2", "key": NEW }));
    if verifies {
        expect_verification(&server, NEW, Some(200));
    }
    home.run(["keys", "rotate", "ci", "-y", "-q", "--grace", "24h"])
        .args(["--to", "file:ci.key"])
        .exit(0);
    (server, home)
}

fn expect_creation(server: &server::Server, answer: &Value) {
    server
        .expect(
            post("/keys")
                .header("x-api-key", ROOT)
                .json(&json!({ "name": "ci" })),
        )
        .answer(server::json(201, answer));
}

fn lists(server: &server::Server, ids: &[&str]) {
    let hint = |id: &str| {
        if id == "k1" {
            "fake...0001"
        } else {
            "fake...0002"
        }
    };
    let keys: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id, "name": "ci", "hint": hint(id) }))
        .collect();
    server
        .expect(get("/keys").header("x-api-key", ROOT))
        .answer(server::json(200, &json!(keys)));
}

/// Both keys are asked, in this order, and answered alike.
fn both_refused(server: &server::Server, asked: [&str; 2]) {
    for secret in asked {
        server
            .expect(get("/me").header("x-api-key", secret))
            .answer(server::json(403, &json!({ "error": "no" })));
    }
}

#[test]
fn verify_both_forbidden_uses_list() {
    // The new key is not listed: the old one stays, and where that is gone as well the record is closed.
    let (server, home) = acme();
    both_refused(&server, [NEW, OLD]);
    lists(&server, &["k1"]);
    home.run(["rotations", "resume"])
        .stderr_has(messages::NEW_KEY_UNLISTED)
        .exit(6);
    both_refused(&server, [OLD, NEW]);
    lists(&server, &[]);
    lists(&server, &[]);
    server
        .expect(delete("/keys/k2").header("x-api-key", ROOT))
        .answer(server::empty(404));
    home.run(["rotations", "abort", "-y"])
        .stderr_has(messages::NEITHER_KEY_WORKS)
        .exit(0);
    // The old key is not listed: nobody goes back to it.
    for way_back in ["undo", "abort"] {
        let (server, home) = acme();
        both_refused(&server, [OLD, NEW]);
        lists(&server, &["k2"]);
        lists(&server, &["k2"]);
        home.run(["rotations", way_back, "-y"])
            .stderr_has("error: acme does not list the old key; the new key is the only one\n")
            .exit(6);
    }
    // Both are listed: they may only not ask.
    let (server, home) = acme();
    both_refused(&server, [NEW, OLD]);
    lists(&server, &["k1", "k2"]);
    server
        .expect(delete("/keys/k1").header("x-api-key", ROOT))
        .answer(server::empty(204));
    home.run(["rotations", "resume", "-q"]).exit(0);
}

#[test]
fn verify_both_forbidden_unidentified_uses_list() {
    let (server, home) = (server::Server::new(), TestEnv::new());
    let manifest = ACME.replace("[key]\n", "[key]\nexpires_at = \"/expires\"\n");
    home.write("config/providers/acme.toml", manifest);
    home.log_in("acme", &server.url(), &[key(ROOT)]);
    lists(&server, &["k1"]);
    expect_creation(&server, &json!({ "key": NEW }));
    // The list is late, so the id of the new key stays unknown.
    for _ in 0..4 {
        lists(&server, &["k1"]);
    }
    expect_verification(&server, NEW, Some(200));
    home.write("work/ci.key", format!("{OLD}\n"));
    private(&home, "work/ci.key");
    home.run(["keys", "rotate", "ci", "-y", "-q", "--grace", "24h"])
        .args(["--to", "file:ci.key"])
        .exit(0);
    home.clock.pass(DAY);
    both_refused(&server, [NEW, OLD]);
    lists(&server, &[]);
    home.run(["rotations", "resume"])
        .stderr_has(messages::NEW_KEY_UNLISTED)
        .exit(6);
    both_refused(&server, [OLD, NEW]);
    for _ in 0..3 {
        lists(&server, &[]);
    }
    home.run(["rotations", "abort", "-y"])
        .stderr_has(messages::NEITHER_KEY_WORKS)
        .exit(0);
}

#[test]
fn abort_late_propagation_keeps_both_keys() {
    let (server, home) = acme_just_now();
    both_refused(&server, [OLD, NEW]);
    lists(&server, &["k1", "k2"]);
    let asks = |secret: &str| get("/me").header("x-api-key", secret);
    let no = || server::json(403, &json!({ "error": "no" }));
    server.expect(asks(OLD)).answer(no());
    server
        .expect(asks(NEW))
        .answer(server::json(200, &json!({ "user": "ada" })));
    server.expect(asks(OLD)).times(5).answer(no());
    home.run(["rotations", "abort", "-y"])
        .stderr_has(
            "the key beside it gets another answer to the same call; the new key was not \
             revoked: both are left",
        )
        .exit(10);
}

/// Acme that lists a status, with or without a call that verifies, and with a rotation whose grace is over.
fn acme_with_status(verifies: bool) -> (server::Server, TestEnv) {
    let verify = "verify = { request = { method = \"GET\", path = \"/me\" } }\n";
    let manifest = ACME.replace("[key]\n", "[key]\nstatus = \"/state\"\n");
    let manifest = if verifies {
        manifest
    } else {
        manifest.replace(verify, "")
    };
    let (server, home) = acme_of(&manifest, verifies);
    home.clock.pass(DAY);
    (server, home)
}

/// The list shows both keys, and this as the status of one of them.
fn lists_as(server: &server::Server, id: &str, state: Option<&Value>) {
    let keys: Vec<Value> = [("k1", "fake...0001"), ("k2", "fake...0002")]
        .into_iter()
        .map(|(own, hint)| {
            let mut key = json!({ "id": own, "name": "ci", "hint": hint, "state": "active" });
            if own == id {
                key["state"] = state.cloned().unwrap_or_default();
                if state.is_none() {
                    key.as_object_mut().unwrap().remove("state");
                }
            }
            key
        })
        .collect();
    server
        .expect(get("/keys").header("x-api-key", ROOT))
        .answer(server::json(200, &json!(keys)));
}

/// A key is asked, and its service does not know the call or does not let it ask; without an answer nobody asks.
fn expect_verification(server: &server::Server, secret: &str, answer: Option<u16>) {
    if let Some(status) = answer {
        server
            .expect(get("/me").header("x-api-key", secret))
            .answer(server::json(status, &json!({ "error": "no" })));
    }
}

#[test]
fn listed_status_unknown_keeps_both_keys() {
    let states = [
        Some(json!("suspended")),
        Some(json!("")),
        Some(json!(0)),
        Some(Value::Null),
        None,
    ];
    for (answer, state) in [None, Some(405), Some(403)]
        .into_iter()
        .flat_map(|answer| states.iter().map(move |state| (answer, state.as_ref())))
    {
        let (server, home) = acme_with_status(answer.is_some());
        expect_verification(&server, NEW, answer);
        expect_verification(&server, OLD, answer);
        lists_as(&server, "k2", state);
        expect_verification(&server, NEW, answer);
        lists_as(&server, "k2", state);
        home.run(["rotations", "resume", "--timeout", "1s"])
            .stderr_has("error: acme does not list the new key as active: its status is unknown; ")
            .stderr_has("the old one was not revoked: both are left\n")
            .exit(10);
        for way_back in ["undo", "abort"] {
            expect_verification(&server, OLD, answer);
            expect_verification(&server, NEW, answer);
            lists_as(&server, "k1", state);
            expect_verification(&server, OLD, answer);
            lists_as(&server, "k1", state);
            home.run(["rotations", way_back, "-y", "--timeout", "1s"])
                .stderr_has(
                    "error: acme does not list the old key as active: its status is unknown; the \
                     new key was not revoked: both are left\n",
                )
                .exit(10);
        }
        assert_eq!(events(&home)[0].last().unwrap(), "placed");
    }
}

#[test]
fn listed_status_case_is_ignored() {
    for (answer, state) in [(None, "ACTIVE"), (Some(403), "Active")] {
        let (server, home) = acme_with_status(answer.is_some());
        expect_verification(&server, NEW, answer);
        expect_verification(&server, OLD, answer);
        lists_as(&server, "k2", Some(&json!(state)));
        server
            .expect(delete("/keys/k1").header("x-api-key", ROOT))
            .answer(server::empty(204));
        home.run(["rotations", "resume", "-q"]).exit(0);
    }
}

#[test]
fn env_holds_rotated_key_warns() {
    for (held, told) in [(OLD, true), (ROOT, false)] {
        let (server, home) = (server::Server::new(), TestEnv::new());
        home.write("config/providers/acme.toml", ACME);
        let with = |wanted: Wanted| wanted.header("x-api-key", held);
        let old = json!([{ "id": "k1", "name": "ci", "hint": "fake...0001" }]);
        then(&server, with(get("/keys")), server::json(200, &old));
        then(
            &server,
            with(post("/keys")).json(&json!({ "name": "ci" })),
            server::json(201, &json!({ "id": "k2", "key": NEW })),
        );
        server
            .expect(get("/me").header("x-api-key", NEW))
            .times(2)
            .answer(server::json(200, &json!({ "user": "ada" })));
        then(&server, with(delete("/keys/k1")), server::empty(204));
        let done = home
            .run(["keys", "rotate", "ci", "-y", "--to", "file:ci.key"])
            .env("KEYWRIGHT_PROVIDER", "acme")
            .env("KEYWRIGHT_BASE_URL", &server.url())
            .key(held)
            .stderr_has(&messages::rotated("ci"))
            .exit(0);
        let line =
            "KEYWRIGHT_API_KEY still holds the key that was just replaced: set it to the new one\n";
        assert_eq!(
            done.stderr.matches(line).count(),
            usize::from(told),
            "{}",
            done.stderr
        );
    }
}
