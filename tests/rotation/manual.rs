//! A person makes and removes keys: the new one is pasted, tested, delivered, tested again; then the old one goes.

use serde_json::json;

use super::{events, is_clean, steps};
use crate::support::fake::{GENERIC_KEY, SIATI_KEY, SIESTA_KEY};
use crate::support::home::{TestEnv, key};
use crate::support::messages;
use crate::support::server::{self, Server, Wanted, get};
use crate::support::terminal::Reply;

const NEW: &str = "fake-siesta-key-0000000000000002";

fn test_of(secret: &str) -> Wanted {
    get("/api/v1/Agent?Limit=10")
        .header("x-api-key", secret)
        .header("x-org-id", "org-fake-1")
}

fn siesta() -> (Server, TestEnv) {
    let server = Server::new();
    let home = TestEnv::new();
    let org = [("org_id", "org-fake-1")];
    home.log_in_as("siesta", "siesta", &server.url(), &org, &[key(SIESTA_KEY)]);
    (server, home)
}

fn accepts(server: &Server, secret: &str) {
    server
        .expect(test_of(secret))
        .answer(server::text(200, "{\"items\":[]}"));
}

fn refuses(server: &Server, secret: &str) {
    server.expect(test_of(secret)).answer(server::empty(401));
}

#[test]
fn manual_rotate_at_terminal_finishes() {
    let (server, home) = siesta();
    accepts(&server, NEW); // before it is taken
    accepts(&server, NEW); // after it was delivered
    accepts(&server, SIESTA_KEY); // the old one still works
    refuses(&server, SIESTA_KEY); // now it is removed
    let done = home
        .run(["keys", "rotate", "--to", "file:siesta.key"])
        .asked_in_a_pipe()
        .reply(Reply::Secret(NEW.to_owned()))
        .reply(Reply::Confirm(true))
        .stderr_has("open: https://app.siesta.ai\n  1. Open Organization → Api Keys\n")
        .stderr_has(&messages::login_follows("siesta"))
        .stderr_has("now remove the old key: open: https://app.siesta.ai\n")
        .exit(0);
    assert_eq!(done.asked, ["New key", "Is it removed?"]);
    assert_eq!(home.kept("siesta", "key").as_deref(), Some(NEW));
    assert_eq!(home.read("work/siesta.key"), Some(format!("{NEW}\n")));
    is_clean(&home);
}

#[test]
fn manual_rotate_stdin_awaits_removal() {
    let (server, home) = siesta();
    accepts(&server, NEW);
    accepts(&server, NEW);
    accepts(&server, SIESTA_KEY);
    home.run(["keys", "rotate"])
        .stdin(format!("{NEW}\n"))
        .stderr_has("the old key `fake-siesta-***0001` still works")
        .stderr_has("hint: remove it in the dashboard, then go on\n")
        .exit(10);
    assert_eq!(home.kept("siesta", "key").as_deref(), Some(NEW));
    accepts(&server, NEW);
    refuses(&server, SIESTA_KEY);
    home.run(["rotations", "resume"])
        .stderr_has("the old key `fake-siesta-***0001` is gone\n")
        .exit(0);
    is_clean(&home);
}

#[test]
fn paste_old_key_is_refused() {
    let (_server, home) = siesta();
    home.run(["keys", "rotate"])
        .stdin(SIESTA_KEY)
        .stderr_has(messages::OLD_KEY_PASTED)
        .exit(2);
    assert_eq!(events(&home).len(), 0);
    // It need not be the key of the profile: it may stand where the new one goes.
    home.write("work/siesta.key", format!("{SIESTA_KEY}\n"));
    super::private(&home, "work/siesta.key");
    home.run(["keys", "rotate", "--to", "file:siesta.key"])
        .key(SIESTA_KEY)
        .env("KEYWRIGHT_PROFILE", "siesta")
        .stdin(SIESTA_KEY)
        .stderr_has(messages::OLD_KEY_PASTED)
        .exit(2);
    assert_eq!(events(&home).len(), 0);
}

#[test]
fn resume_after_logout_stays_logged_out() {
    let (server, home) = siesta();
    accepts(&server, NEW);
    home.run(["keys", "rotate", "--grace", "1d"])
        .stdin(NEW)
        .stderr_has(
            "the new key is in place; the old one of `fake-siesta-***0001` is valid until \
             2026-11-21 12:00 UTC\n",
        )
        .exit(0);
    home.run(["logout"])
        .expect_stderr(
            "forgot the credentials of the profile `siesta`; nothing was revoked at the service\n",
        )
        .exit(0);
    home.clock.pass(86_400);
    accepts(&server, NEW);
    home.run(["rotations", "resume", "-y"])
        .stderr_has("warning: `profile:siesta` holds neither the old key nor the new one: it stays as it is\n")
        .stderr_has("the new key is not in its place any more")
        .exit(10);
    assert_eq!(home.kept("siesta", "key"), None);
}

#[test]
fn paste_invalid_key_is_refused() {
    let (server, home) = siesta();
    refuses(&server, NEW);
    home.run(["keys", "rotate"])
        .stdin(NEW)
        .stderr_has("siesta does not accept this key: it is invalid\n")
        .stderr_has("copy all of it again; nothing was stored")
        .exit(3);
    assert_eq!(home.kept("siesta", "key").as_deref(), Some(SIESTA_KEY));
    assert_eq!(events(&home).len(), 0);
}

#[test]
fn delivered_key_invalid_undo_restores_old() {
    let (server, home) = siesta();
    accepts(&server, NEW);
    server
        .expect(test_of(NEW))
        .times(7)
        .answer(server::empty(401));
    home.run(["keys", "rotate"])
        .stdin(NEW)
        .stderr_has(
            "siesta does not accept the new key: it is invalid; the old key was not revoked\n",
        )
        .exit(6);
    accepts(&server, SIESTA_KEY);
    refuses(&server, NEW);
    home.run(["rotations", "undo", "-y"])
        .stderr_has(&messages::restored("profile:siesta"))
        .stderr_has(&messages::new_key_gone("fake-siesta-***0002"))
        .exit(0);
    assert_eq!(home.kept("siesta", "key").as_deref(), Some(SIESTA_KEY));
    is_clean(&home);
}

/// A rotation at siesta that waits for a person to remove the old key.
fn waiting_for_the_old_one(server: &Server, home: &TestEnv) {
    home.write("work/siesta.key", "what stood here\n");
    super::private(home, "work/siesta.key");
    accepts(server, NEW);
    accepts(server, NEW);
    accepts(server, SIESTA_KEY);
    home.run(["keys", "rotate", "--to", "file:siesta.key"])
        .stdin(NEW)
        .stderr_has("error: the old key `fake-siesta-***0001` still works\n")
        .exit(10);
    assert_eq!(home.read("work/siesta.key"), Some(format!("{NEW}\n")));
}

fn assert_restored(home: &TestEnv) {
    assert_eq!(home.kept("siesta", "key").as_deref(), Some(SIESTA_KEY));
    let file = home.read("work/siesta.key");
    assert_eq!(file.as_deref(), Some("what stood here\n"));
}

#[test]
fn manual_removal_undecided_answer_stays_open() {
    let (server, home) = siesta();
    waiting_for_the_old_one(&server, &home);
    accepts(&server, NEW);
    let page = server::text(200, "<!DOCTYPE html><html></html>");
    server.expect(test_of(SIESTA_KEY)).answer(page);
    home.run(["rotations", "resume", "-y"])
        .stderr_has(
            "error: could not determine whether the old key `fake-siesta-***0001` is removed: ",
        )
        .exit(10);
    accepts(&server, NEW);
    refuses(&server, SIESTA_KEY);
    home.run(["rotations", "resume", "-yq"]).exit(0);
    is_clean(&home);
}

#[test]
fn manual_removal_restricted_requires_person() {
    let (server, home) = siesta();
    waiting_for_the_old_one(&server, &home);
    // Some services answer so for a key that they no longer know, and others answer so once to a key that works.
    let restricted = || server::json(403, &json!({ "message": "no" }));
    for flags in ["-q", "-yq"] {
        accepts(&server, NEW);
        server.expect(test_of(SIESTA_KEY)).answer(restricted());
        home.run(["rotations", "resume", flags])
            .stderr_has(
                "could not determine whether the old key `fake-siesta-***0001` is removed\n",
            )
            .stderr_has("hint: if it is removed, confirm it at a terminal when you resume\n")
            .exit(10);
    }
    accepts(&server, NEW);
    server
        .expect(test_of(SIESTA_KEY))
        .times(2)
        .answer(restricted());
    home.run(["rotations", "resume", "-yq"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .stderr_has("  3. The key to remove is `fake-siesta-***0001`\n")
        .exit(0);
    is_clean(&home);
}

#[test]
fn undo_waits_for_new_key_removal() {
    let (server, home) = siesta();
    waiting_for_the_old_one(&server, &home);
    accepts(&server, SIESTA_KEY);
    accepts(&server, NEW);
    home.run(["rotations", "undo", "-y"])
        .stderr_has(&messages::restored("file:[home]/work/siesta.key"))
        .stderr_has(&messages::restored("profile:siesta"))
        .stderr_has("now remove the new key: open: https://app.siesta.ai\n")
        .stderr_has("The key to remove is `fake-siesta-***0002`\n")
        .stderr_has(&messages::new_key_works("fake-siesta-***0002"))
        .exit(10);
    assert_restored(&home);
    // `--yes` is no proof against a key that works.
    accepts(&server, SIESTA_KEY);
    accepts(&server, NEW);
    home.run(["rotations", "undo", "-y"])
        .stderr_has(&messages::new_key_works("fake-siesta-***0002"))
        .exit(10);
    accepts(&server, SIESTA_KEY);
    refuses(&server, NEW);
    home.run(["rotations", "undo", "-y"])
        .stderr_has(&messages::new_key_gone("fake-siesta-***0002"))
        .exit(0);
    assert_restored(&home);
    is_clean(&home);
}

#[test]
fn undo_untestable_key_takes_confirmation() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("generic", &server.url(), &[key(GENERIC_KEY)]);
    let new = "fake-generic-key-000000000000002";
    home.run(["keys", "rotate"])
        .stdin(new)
        .stderr_has("error: could not determine whether the old key `fake-***0001` is removed\n")
        .exit(10);
    assert_eq!(home.kept("generic", "key").as_deref(), Some(new));
    let done = home
        .run(["rotations", "undo"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .reply(Reply::Confirm(true))
        .stderr_has(&messages::restored("profile:generic"))
        .stderr_has("now remove the new key: open: https://example.com\n")
        .exit(0);
    assert_eq!(done.asked, ["Undo?", "Is it removed?"]);
    assert_eq!(home.kept("generic", "key").as_deref(), Some(GENERIC_KEY));
    is_clean(&home);
}

#[test]
fn interrupt_at_prompt_loses_nothing() {
    let (server, home) = siesta();
    home.run(["keys", "rotate"])
        .asked_in_a_pipe()
        .reply(Reply::Interrupt)
        .stderr_has("open: https://app.siesta.ai\n")
        .exit(130);
    assert_eq!(events(&home).len(), 0);
    accepts(&server, NEW);
    accepts(&server, NEW);
    accepts(&server, SIESTA_KEY);
    home.run(["keys", "rotate"])
        .asked_in_a_pipe()
        .reply(Reply::Secret(NEW.to_owned()))
        .reply(Reply::Interrupt)
        .stderr_has("go on: keywright rotations resume ")
        .exit(130);
    accepts(&server, NEW);
    refuses(&server, SIESTA_KEY);
    home.run(["rotations", "resume", "-q"]).exit(0);
    is_clean(&home);
}

#[test]
fn paste_empty_stdin_is_refused() {
    let (_server, home) = siesta();
    home.run(["keys", "rotate"])
        .stdin("\n")
        .stderr_has("`New key` is empty\n")
        .exit(2);
}

#[test]
fn siati_paste_verifies_by_listing_models() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("siati", &server.url(), &[key(SIATI_KEY)]);
    let new = "sk-siati-fake0000000000000002";
    let models = |secret: &str| get("/v1/models").bearer(secret);
    server
        .expect(models(new))
        .times(2)
        .answer(server::text(200, "{}"));
    server.expect(models(SIATI_KEY)).answer(server::empty(401));
    home.run(["keys", "rotate"])
        .stdin(new)
        .stderr_has("is gone\n")
        .exit(0);
    assert_eq!(home.kept("siati", "key").as_deref(), Some(new));
    is_clean(&home);
}

#[test]
fn manual_untestable_removal_requires_yes() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("generic", &server.url(), &[key(GENERIC_KEY)]);
    let new = "fake-generic-key-000000000000002";
    home.run(["keys", "rotate"])
        .stdin(new)
        .stderr_has("could not determine whether the old key `fake-***0001` is removed")
        .stderr_has("if it is removed, confirm with `--yes`")
        .exit(10);
    home.run(["rotations", "resume", "-y"])
        .stderr_has("rotated ")
        .exit(0);
    assert_eq!(home.kept("generic", "key").as_deref(), Some(new));
    is_clean(&home);
}

#[test]
fn manual_strategy_overrides_create_call() {
    let shop = super::Shop::new();
    shop.expect_old_key_listed()
        .verified()
        .expect_verify_and_revoke("k1");
    let done = shop
        .home
        .run([
            "keys",
            "rotate",
            "ci",
            "-y",
            "--json",
            "-q",
            "--strategy",
            "manual",
            "--to",
            "file:ci.key",
        ])
        .stdin(crate::support::fake::SCHATZI_KEY)
        .json_stdout()
        .stderr_has("open: https://schatziai.ch\n")
        .exit(0);
    let told = done.json();
    assert_eq!(told["strategy"], "manual");
    assert_eq!(steps(&told)[1], ("paste", "done"));
    shop.is_clean();
}
