//! The store `vault`: profiles whose secrets several machines share.

use std::sync::Arc;

use serde_json::json;

use crate::support::engine::{EngineFault, FakeEngine};
use crate::support::fake::{SIEVE_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::http::{FakeTransport, answer};
use crate::support::run::all_at_once;
use crate::support::server::{self, Server, post};

const FIRST: &str = "fake-refresh-1";

/// Two machines that share a Sieve profile, whose token has been moved to the engine.
fn two_machines(engine: &Arc<FakeEngine>, server: &Server, lasts: i64) -> [TestEnv; 2] {
    let machines = [TestEnv::sharing(engine), TestEnv::sharing(engine)];
    let access = jwt("old", lasts);
    let given = token(&access, lasts).refreshed_by(FIRST);
    machines[0].log_in("sieve", &server.url(), &[given]);
    machines[0]
        .run(["profiles", "move", "--store", "vault", "-q"])
        .exit(0);
    let config = machines[0].read("config/config.toml").unwrap();
    machines[1].write("config/config.toml", config);
    machines
}

fn refreshed(server: &Server, access: &str) {
    let body = json!({ "accessToken": access, "refreshToken": "fake-refresh-2", "expiresIn": 900 });
    server
        .expect(post("/api/auth/refresh").json(&json!({ "refreshToken": FIRST })))
        .answer(server::json(200, &body));
}

#[test]
fn moved_profile_works_from_other_machine() {
    let (engine, server) = (Arc::default(), Server::new());
    let [one, two] = two_machines(&engine, &server, 900);
    assert!(
        one.keychain
            .values()
            .iter()
            .all(|value| !value.contains("ey"))
    );
    let access = jwt("old", 900);
    for machine in [&one, &two] {
        machine
            .run(["token"])
            .expect_stdout(format!("{access}\n"))
            .exit(0);
    }
    let index = one.read("state/credentials.json").unwrap();
    assert!(!index.contains("keywright:"), "{index}");
    two.run(["profiles", "move", "--store", "keyring", "-q"])
        .exit(0);
    assert!(engine.texts().iter().all(|text| !text.contains(&access)));
    one.run(["token"]).stderr_has("not logged in").exit(3);
}

#[test]
fn two_machines_refresh_once() {
    let (engine, server) = (Arc::default(), Server::new());
    let machines = two_machines(&engine, &server, 900);
    let new = jwt("new", 900);
    refreshed(&server, &new);
    for machine in &machines {
        machine.clock.pass(890);
    }
    let runs = machines
        .each_ref()
        .map(|machine| machine.run(["token"]).expect_stdout(format!("{new}\n")));
    all_at_once(&runs);
}

#[test]
fn paused_machine_hands_token_over() {
    let (engine, server) = (Arc::default(), Server::new());
    let [one, two] = two_machines(&engine, &server, 900);
    for machine in [&one, &two] {
        machine.clock.pass(890);
    }
    let new = jwt("new", 900);
    let (clock, body) = (
        Arc::clone(&one.clock),
        json!({ "accessToken": new, "refreshToken": "fake-refresh-2", "expiresIn": 900 }),
    );
    // The machine sleeps while its answer is on the way, for longer than its lease.
    let http = FakeTransport::answering(move |_| {
        clock.pass(600);
        Ok(answer(200, body.to_string()))
    });
    one.run(["refresh"])
        .http(http)
        .stderr_has("this process no longer holds `pending/sieve.token`")
        .exit(10);
    // Nobody compares clocks: the other machine waits for a whole lease from its first look.
    two.run(["token"])
        .stderr_has("waiting for another process that holds the lock `pending/sieve.token`")
        .stderr_has("holds `pending/sieve.token` in `kv/team` of OpenBao/Vault at")
        .exit(6);
    two.clock.pass(60);
    two.run(["token"]).expect_stdout(format!("{new}\n")).exit(0);
    let texts = engine.texts().join("\n");
    assert!(
        !texts.contains("late") && texts.contains("fake-refresh-2"),
        "{texts}"
    );
}

#[test]
fn engine_unreachable_sends_nothing() {
    let (engine, server): (Arc<FakeEngine>, _) = (Arc::default(), Server::new());
    let [one, _] = two_machines(&engine, &server, 900);
    one.clock.pass(890);
    engine.fails(EngineFault::Sealed, usize::MAX);
    one.run(["refresh"])
        .stderr_has("OpenBao/Vault at `http://127.0.0.1:8200` is sealed")
        .exit(9);
}

#[test]
fn store_without_engine_is_refused() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.run(["profiles", "move", "--store", "vault"])
        .stderr_has("error: the store `vault` has no place for its secrets\n")
        .exit(2);
}
