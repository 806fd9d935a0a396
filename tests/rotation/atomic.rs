//! One call gives the new key and ends the old one; it is never sent twice, for that would end the family.

use serde_json::{Value, json};

use super::{events, is_clean, only_id};
use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, get, post};

const FORGE: &str = include_str!("../manifests/forge.toml");
const OWN: &str = "frg-fake-own-000000000000000001";
const NEW: &str = "frg-fake-new-000000000000000001";

fn with(wanted: Wanted, secret: &str) -> Wanted {
    wanted.header("private-token", secret)
}

fn listing() -> Wanted {
    with(get("/tokens?state=active&per_page=2"), OWN)
}

fn old() -> Value {
    json!({
        "id": 7, "name": "deploy", "active": true, "revoked": false, "scopes": ["api", "read_user"],
        "created_at": "2026-08-22T12:00:00Z", "expires_at": "2026-12-01",
    })
}

fn rotation() -> Wanted {
    // As long as the old one was given: a hundred days and a half.
    with(post("/tokens/7/rotate"), OWN).json(&json!({ "expires_at": "2027-03-01" }))
}

fn answer() -> Value {
    json!({
        "id": 9, "name": "deploy", "active": true, "revoked": false, "scopes": ["api", "read_user"],
        "expires_at": "2027-03-01", "token": NEW,
    })
}

fn forge() -> (Server, TestEnv) {
    let server = Server::new();
    let home = TestEnv::new();
    home.write("config/providers/forge.toml", FORGE);
    home.log_in("forge", &server.url(), &[key(OWN)]);
    server
        .expect(listing())
        .answer(server::json(200, &json!([old()])));
    (server, home)
}

fn rotate(home: &TestEnv, args: &[&str]) -> Run {
    home.run(["keys", "rotate", "deploy", "-y", "--to", "file:deploy.key"])
        .args(args)
}

fn verified(server: &Server) {
    server
        .expect(with(get("/tokens/self"), NEW))
        .answer(server::json(200, &json!({ "id": 9, "name": "deploy" })));
}

/// The key that keywright itself uses is asked after: it was another one that has ended.
fn still_ours(server: &Server) {
    server
        .expect(with(get("/tokens/self"), OWN))
        .answer(server::json(200, &json!({ "id": 1, "name": "own" })));
}

#[test]
fn rotate_atomic_keeps_lifetime_revokes_nothing() {
    let (server, home) = forge();
    server
        .expect(rotation())
        .answer(server::json(200, &answer()));
    verified(&server);
    still_ours(&server);
    rotate(&home, &[])
        .expect_stderr(
            messages::delivered("file:[home]/work/deploy.key") + &messages::rotated("deploy"),
        )
        .exit(0);
    assert_eq!(home.read("work/deploy.key"), Some(format!("{NEW}\n")));
    assert_eq!(
        home.kept("forge", "key").as_deref(),
        Some(OWN),
        "another key"
    );
    assert_eq!(events(&home).len(), 0);
}

#[test]
fn rotate_missing_scope_warns() {
    let (server, home) = forge();
    let mut narrower = answer();
    narrower["scopes"] = json!(["read_user"]);
    server
        .expect(rotation())
        .answer(server::json(200, &narrower));
    verified(&server);
    still_ours(&server);
    rotate(&home, &[])
        .stderr_has("warning: forge left out a scope: the new key does not have `api`\n")
        .exit(0);
}

#[test]
fn rotate_to_profile_skips_login_check() {
    let (server, home) = forge();
    server
        .expect(rotation())
        .answer(server::json(200, &answer()));
    verified(&server);
    rotate(&home, &["--to", "profile:forge", "-q"]).exit(0);
    assert_eq!(home.kept("forge", "key").as_deref(), Some(NEW));
    is_clean(&home);
}

#[test]
fn rotate_lost_response_sends_once() {
    for answer in [
        server::hang_up(),
        server::json(200, &answer()).cut(30),
        server::html(502),
    ] {
        let (server, home) = forge();
        server.expect(rotation()).answer(answer);
        // The list looks the same whether it was carried out or not: nobody waits for it.
        let look = || {
            server
                .expect(listing())
                .answer(server::json(200, &json!([old()])));
        };
        look();
        rotate(&home, &[])
            .stderr_has("hint: could not determine whether forge gave the key a new secret\nhint: if the old secret still works, nothing happened; to see whether it does: keywright keys verify\n")
            .exit(10);
        assert_eq!(events(&home), [["intended", "sending", "lost"]]);
        for again in [
            &["rotations", "resume", "-y"][..],
            &["keys", "rotate", "deploy", "-y"],
        ] {
            look();
            home.run(again)
                .stderr_has("could not determine whether forge gave the key a new secret")
                .exit(10);
        }
        let id = only_id(&home);
        home.run(["rotations", "abort", &id, "-y"])
            .stderr_has(messages::CHECK_LEFTOVER)
            .exit(0);
        let seen = server.seen();
        assert_eq!(seen.iter().filter(|seen| seen.method == "POST").count(), 1);
        assert_eq!(events(&home).len(), 0);
    }
}

#[test]
fn resume_lost_response_tests_old_secret() {
    const OLD: &str = "frg-fake-old-000000000000000001";
    for works in [true, false] {
        let (server, home) = forge();
        home.write("work/deploy.key", format!("{OLD}\n"));
        super::private(&home, "work/deploy.key");
        server.expect(rotation()).answer(server::hang_up());
        let look = || {
            let list = server::json(200, &json!([old()]));
            server.expect(listing()).answer(list);
        };
        let asked = || {
            let answer = if works {
                server::json(200, &json!({ "id": 7, "name": "deploy" }))
            } else {
                server::empty(401)
            };
            let wanted = with(get("/tokens/self"), OLD);
            server.expect(wanted).answer(answer);
        };
        look();
        rotate(&home, &[])
            .stderr_has(
                "error: a key may have been created, but its secret did not arrive: forge at",
            )
            .exit(10);
        look();
        asked();
        let id = only_id(&home);
        let resume = || home.run(["rotations", "resume", "-y"]);
        if works {
            resume()
                .stderr_has(
                    "the old secret still works, which proves nothing: the call can act late\n",
                )
                .stderr_has(&format!(
                    "look again after 12:15 UTC: keywright rotations resume {id}\n"
                ))
                .exit(10);
            home.clock.pass(15 * 60);
            look();
            asked();
            resume()
                .expect_stderr(
                    "the key kept its old secret, which still works 15 minutes after the request\n",
                )
                .exit(0);
            is_clean(&home);
        } else {
            resume()
                .stderr_has("forge rejects the old secret: the key has a new one, which was lost\n")
                .stderr_has(messages::ROTATE_AGAIN)
                .exit(10);
        }
    }
}

#[test]
fn rotate_lost_response_reports_rejected_key() {
    let (server, home) = forge();
    server.expect(rotation()).answer(server::hang_up());
    server.expect(listing()).times(2).answer(server::empty(401));
    rotate(&home, &[])
        .stderr_has(
            "hint: forge rejects the current key: it was replaced, and the new one was lost\n",
        )
        .exit(10);
    home.run(["rotations", "resume"])
        .stderr_has("forge rejects the current key")
        .exit(10);
}

#[test]
fn lost_response_listed_successor_is_revoked() {
    let (server, home) = forge();
    server.expect(rotation()).answer(server::hang_up());
    let mut successor = old();
    successor["id"] = json!(9);
    successor["created_at"] = json!("2026-11-20T12:00:00Z");
    server
        .expect(listing())
        .times(2)
        .answer(server::json(200, &json!([successor])));
    server
        .expect(with(server::delete("/tokens/9"), OWN))
        .answer(server::empty(204));
    rotate(&home, &[])
        .stderr_has("`deploy` (9) is new, and its secret did not arrive")
        .exit(10);
    home.run(["rotations", "resume", "-y"])
        .stderr_has(&messages::revoked_lost("deploy"))
        .exit(0);
    assert_eq!(events(&home).len(), 0);
}

#[test]
fn atomic_rejects_undo_and_other_strategies() {
    let (server, home) = forge();
    server
        .expect(rotation())
        .answer(server::json(200, &answer()));
    server
        .expect(with(get("/tokens/self"), NEW))
        .times(7)
        .answer(server::empty(401));
    rotate(&home, &["-q"])
        .stderr_has("forge does not accept the new key: it is invalid\n")
        .exit(10);
    home.run(["rotations", "undo", "-y"])
        .stderr_has("the old key is gone: it was invalidated when the new one was created")
        .exit(6);
    verified(&server);
    still_ours(&server);
    home.run(["rotations", "resume", "-q"]).exit(0);
    for strategy in ["overlap", "replace", "manual"] {
        let (_server, home) = forge();
        rotate(&home, &["--strategy", strategy])
            .stderr_has(&format!(
                "forge cannot rotate a key by the strategy `{strategy}`\n"
            ))
            .stderr_has("hint: its own is `atomic`; leave `--strategy` out\n")
            .exit(2);
    }
}

#[test]
fn rotate_updates_login_without_masked_key() {
    let (server, home) = forge();
    server
        .expect(rotation())
        .answer(server::json(200, &answer()));
    verified(&server);
    server
        .expect(with(get("/tokens/self"), OWN))
        .answer(server::empty(401));
    rotate(&home, &[])
        .stderr_has(
            "it was the key of the profile `forge`, which logs in with the new one from now on\n",
        )
        .exit(0);
    assert_eq!(home.kept("forge", "key").as_deref(), Some(NEW));
}

#[test]
fn atomic_grace_is_sent_in_request() {
    for (grace, default, minutes) in [
        (Some("2h"), "", 120),
        (Some("0s"), "", 0),
        (None, r#", parameters = { grace = { default = "0s" } }"#, 0),
    ] {
        let server = Server::new();
        let home = TestEnv::new();
        let more = format!(
            r#"
rotation = {{ strategy = "atomic" }}
operations.rotate = {{ request = {{ method = "POST", path = "/keys/{{id}}/rotate", body = [{{ at = "/retain_minutes", from = "grace", as = "minutes" }}] }}, response = {{ secret = "/key" }}{default} }}
"#
        );
        home.write(
            "config/providers/club.toml",
            crate::user_manifests::minimal_manifest("club", &more),
        );
        home.log_in("club", &server.url(), &[key(OWN)]);
        let own = |wanted: Wanted| wanted.header("x-api-key", OWN);
        server
            .expect(own(get("/keys")))
            .answer(server::json(200, &json!([{ "id": "k1", "name": "ci" }])));
        server
            .expect(own(post("/keys/k1/rotate")).json(&json!({ "retain_minutes": minutes })))
            .answer(server::json(
                200,
                &json!({ "id": "k1", "name": "ci", "key": NEW }),
            ));
        home.run(["keys", "rotate", "ci", "-y", "--to", "file:ci.key"])
            .args(grace.into_iter().flat_map(|grace| ["--grace", grace]))
            .stderr_has(&messages::rotated("ci"))
            .exit(0);
        is_clean(&home);
    }
}

#[test]
fn lost_response_rotation_time_decides() {
    let server = Server::new();
    let home = TestEnv::new();
    let more = r#"
key.rotated_at = { at = "/rotated_at", as = "time" }
rotation = { strategy = "atomic" }
operations.rotate = { request = { method = "POST", path = "/keys/{id}/rotate" }, response = { secret = "/key" } }
"#;
    let manifest = crate::user_manifests::minimal_manifest("club", more)
        .replace("key = { id = \"/id\", name = \"/name\" }\n", "")
        .replace(
            "key.rotated_at",
            "key.id = \"/id\"\nkey.name = \"/name\"\nkey.rotated_at",
        );
    home.write("config/providers/club.toml", manifest);
    home.log_in("club", &server.url(), &[key(OWN)]);
    let listed = |rotated_at: &str| {
        let keys = json!([{ "id": "k1", "name": "ci", "rotated_at": rotated_at }]);
        server::json(200, &keys).header("date", "Fri, 20 Nov 2026 12:00:00 GMT")
    };
    let list = || get("/keys").header("x-api-key", OWN);
    server.expect(list()).answer(listed("2026-11-20T11:59:00Z"));
    server
        .expect(post("/keys/k1/rotate").header("x-api-key", OWN))
        .answer(server::hang_up());
    server.expect(list()).answer(listed("2026-11-20T11:59:00Z"));
    home.run(["keys", "rotate", "ci", "-y", "--to", "file:ci.key"])
        .stderr_has(messages::CLUB_UNDETERMINED)
        .exit(10);
    // Nothing has happened yet, which proves nothing.
    server
        .expect(list())
        .times(2)
        .answer(listed("2026-11-20T11:59:00Z"));
    home.run(["rotations", "resume"])
        .stderr_has(messages::CLUB_UNDETERMINED)
        .exit(10);
    server
        .expect(list())
        .times(2)
        .answer(listed("2026-11-20T12:00:01Z"));
    home.run(["rotations", "resume"])
        .stderr_has("club gave the key a new secret at 2026-11-20 12:00 UTC, which was lost")
        .stderr_has(messages::ROTATE_AGAIN)
        .exit(10);
}
