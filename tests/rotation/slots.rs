//! Two slots: the one that is not in use gets the new key, and the old one is renewed in the end.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::{events, is_clean, only_id};
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, get, post};

const TWIN: &str = include_str!("../manifests/twin.toml");
const TOKEN: &str = "tw-fake-token-000000000000001";
const ONE: &str = "tw-fake-one-00000000000000aaaa";
const TWO: &str = "tw-fake-two-00000000000000bbbb";
const NEW: &str = "tw-fake-new-00000000000000cccc";
const JUNK: &str = "tw-fake-junk-0000000000000dddd";

struct Twin {
    server: Server,
    home: TestEnv,
}

impl Twin {
    /// An account whose first key stands in `app.key`.
    fn new() -> Twin {
        let (server, home) = (Server::new(), TestEnv::new());
        home.write("config/providers/twin.toml", TWIN);
        home.log_in("twin", &server.url(), &[token(TOKEN, 86_400)]);
        let twin = Twin { server, home };
        twin.holds("app.key", ONE);
        twin
    }

    /// A file of the application holds this key.
    fn holds(&self, name: &str, key: &str) {
        let path = self.home.write(&format!("work/{name}"), format!("{key}\n"));
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn expect(&self, wanted: Wanted, answer: Answer) {
        self.server.expect(wanted.bearer(TOKEN)).answer(answer);
    }

    fn listed(&self) {
        let keys = json!([
            { "keyName": "key1", "hint": "tw-fake-one-…aaaa", "created": "2026-01-01T00:00:00Z" },
            { "keyName": "key2", "hint": "tw-fake-two-…bbbb", "created": "2026-01-01T00:00:00Z" },
        ]);
        self.expect(get("/keys"), server::json(200, &keys));
    }

    fn regenerated(&self, slot: &str, answer: Answer) {
        let body = json!({ "keyName": slot });
        self.expect(post("/regenerate").json(&body), answer);
    }

    fn works(&self, key: &str) {
        self.server
            .expect(get("/probe").header("x-account-key", key))
            .answer(server::json(200, &json!({})));
    }

    fn rotate(&self, args: &[&str]) -> Run {
        self.home.run(["keys", "rotate", "-y"]).args(args)
    }

    fn key(&self) -> Option<String> {
        self.home.read("work/app.key")
    }
}

fn keys(one: &str, two: &str) -> Answer {
    let both: Value = json!({ "keys": [
        { "keyName": "key1", "value": one },
        { "keyName": "key2", "value": two },
    ] });
    server::json(200, &both)
}

#[test]
fn rotate_other_slot_then_old_one() {
    let twin = Twin::new();
    twin.listed();
    twin.regenerated("key2", keys(ONE, NEW));
    twin.works(NEW);
    twin.works(NEW);
    twin.regenerated("key1", keys(JUNK, NEW));
    let done = twin
        .rotate(&["--to", "file:app.key"])
        .stderr_has(&messages::delivered("file:[home]/work/app.key"))
        .stderr_has(&messages::slot_renewed("key1"))
        .exit(0);
    assert!(!done.stderr.contains(JUNK));
    assert_eq!(twin.key(), Some(format!("{NEW}\n")));
    is_clean(&twin.home);
    // The next turn is the other way round, by what was delivered from here.
    twin.listed();
    twin.regenerated("key1", keys(TWO, NEW));
    twin.works(TWO);
    twin.works(TWO);
    twin.regenerated("key2", keys(TWO, JUNK));
    twin.rotate(&["--to", "file:app.key"])
        .stderr_has(&messages::slot_renewed("key2"))
        .exit(0);
    assert_eq!(twin.key(), Some(format!("{TWO}\n")));
}

#[test]
fn plan_names_both_slots() {
    let twin = Twin::new();
    twin.listed();
    let plan = twin
        .home
        .run(["keys", "rotate", "--plan", "--json", "--to", "file:app.key"])
        .json();
    assert_eq!(plan["strategy"], "slots");
    assert_eq!(
        (&plan["old"], &plan["new"]),
        (&json!("key1"), &json!("key2"))
    );
}

/// A rotation to the second slot, whose first one lives on for an hour.
fn in_grace() -> Twin {
    let twin = Twin::new();
    twin.listed();
    twin.regenerated("key2", keys(ONE, NEW));
    twin.works(NEW);
    twin.rotate(&["--to", "file:app.key", "--grace", "1h"])
        .stderr_has("delivered")
        .exit(0);
    twin
}

#[test]
fn grace_old_slot_lives_until_resume() {
    let twin = in_grace();
    twin.home.clock.pass(3_600);
    twin.works(NEW);
    twin.regenerated("key1", keys(JUNK, NEW));
    // Whatever name is given, it is the rotation that is under way.
    twin.rotate(&["key1", "--to", "file:app.key"])
        .stderr_has(&messages::slot_renewed("key1"))
        .exit(0);
    is_clean(&twin.home);
}

#[test]
fn undo_new_slot_is_renewed() {
    let twin = in_grace();
    twin.works(ONE);
    twin.regenerated("key2", keys(ONE, JUNK));
    let id = only_id(&twin.home);
    twin.home
        .run(["rotations", "undo", &id, "-y"])
        .stderr_has(&messages::slot_renewed("key2"))
        .exit(0);
    assert_eq!(twin.key(), Some(format!("{ONE}\n")));
    is_clean(&twin.home);
}

#[test]
fn unknown_slot_is_refused_until_named() {
    let twin = Twin::new();
    twin.holds("app.key", "something else entirely");
    twin.listed();
    twin.rotate(&["--to", "file:app.key"])
        .stderr_has("could not determine which slot is in use: key1 or key2")
        .stderr_has("keywright keys rotate key1")
        .exit(6);
    twin.listed();
    twin.regenerated("key1", keys(NEW, TWO));
    twin.works(NEW);
    twin.works(NEW);
    twin.regenerated("key2", keys(NEW, JUNK));
    twin.rotate(&["key2", "--to", "file:app.key"])
        .stderr_has(&messages::slot_renewed("key2"))
        .exit(0);
}

#[test]
fn slot_in_use_is_never_overwritten() {
    let twin = Twin::new();
    twin.listed();
    twin.rotate(&["key2", "--to", "file:app.key"])
        .stderr_has(
            "not `key2` but `key1` is in use (file:[home]/work/app.key), and would be overwritten",
        )
        .exit(6);
    twin.holds("other.key", TWO);
    twin.listed();
    twin.rotate(&["--to", "file:app.key", "--to", "file:other.key"])
        .stderr_has("both slots are in use")
        .exit(6);
    assert_eq!(twin.key(), Some(format!("{ONE}\n")));
}

#[test]
fn lost_answer_leaves_slot_in_use() {
    let twin = Twin::new();
    twin.listed();
    twin.regenerated("key2", server::hang_up());
    twin.rotate(&["--to", "file:app.key"])
        .stderr_has("the slot `key2` may have a new key, which did not arrive; the slot in use was not touched")
        .exit(10);
    assert_eq!(events(&twin.home), [["intended", "sending", "lost"]]);
    let id = only_id(&twin.home);
    twin.home
        .run(["rotations", "resume", &id])
        .stderr_has(
            "the new key of the slot `key2` is lost, and the slot is not in use: rotate again",
        )
        .exit(0);
    is_clean(&twin.home);
    assert_eq!(twin.key(), Some(format!("{ONE}\n")));
}
