//! `keys rotate --due --repair`: a destination that no longer holds its key gets it again, and nothing is created or
//! revoked.

use std::rc::Rc;

use keywright::core::secret::Secret;
use serde_json::{Value, json};

use super::{Shop, listed, on_disk, only_id, private, steps, unreplaced, verification};
use crate::support::doubles::point;
use crate::support::fake::{SCHATZI_KEY, SIEVE_KEY};
use crate::support::home::{TestEnv, key};
use crate::support::http::{self, FakeTransport};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, get};
use crate::support::terminal::Reply;

const EARLIER: &str = "sk-fake-schatzi-earlier000000001";
const FOREIGN: &str = "fake-value-of-another-program";
const SAME: &str = "file:same.key";

/// Schatzi with the key `ci`, which was delivered from here to these destinations and is not due.
fn shop_with(to: &[&str], lines: &str) -> Shop {
    let shop = Shop::new();
    shop.home.project(
        "work/keywright.toml",
        format!("[keys.ci]\nrotate_every = \"400d\"\ndestinations = {to:?}\n{lines}\n"),
    );
    let of = |id: &str, secret: &str| json!({ "provider": "schatzi", "profile": "schatzi", "id": id, "masked": "***", "fingerprint": Secret::new(secret).fingerprint(), "at": "2026-11-01T00:00:00Z" });
    let keys = json!({ "keys": [of("k0", EARLIER), of("k1", SCHATZI_KEY)] });
    shop.home.write("state/delivered.json", keys.to_string());
    holding(&shop, "work/same.key", SCHATZI_KEY);
    shop
}

fn holding(shop: &Shop, path: &str, secret: &str) {
    shop.home.write(path, format!("{secret}\n"));
    private(&shop.home, path);
}

fn held(shop: &Shop, path: &str) -> Option<String> {
    let text = shop.home.read(path)?;
    Some(text.trim_end().to_owned())
}

fn repair(shop: &Shop, args: &[&str]) -> Run {
    shop.home
        .run(["keys", "rotate", "--due", "--repair"])
        .args(args)
}

fn repaired(name: &str) -> String {
    format!("repaired the destinations of `{name}`\n")
}

#[test]
fn repair_drifted_destinations_get_key() {
    let shop = shop_with(&[SAME, "file:gone.key", "dotenv:.env#KEY"], "");
    holding(&shop, "work/.env", &format!("OTHER=1\nKEY={EARLIER}"));
    shop.expect_old_key_listed().verified();
    let said = repair(&shop, &["-y", "--json"])
        .expect_stderr(format!(
            "{}{}{}",
            messages::delivered("file:[home]/work/gone.key"),
            messages::delivered("dotenv:[home]/work/.env#KEY"),
            repaired("ci")
        ))
        .json();
    let view = &said[0];
    assert_eq!(view["strategy"], "repair", "{said}");
    assert_eq!((&view["old"], &view["new"]), (&Value::Null, &json!("k1")));
    assert_eq!(view["next"], "nothing");
    let names: Vec<&str> = steps(view).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "intend",
            "keep",
            "verify",
            "deliver to file:[home]/work/gone.key",
            "deliver to dotenv:[home]/work/.env#KEY",
            "clean up"
        ]
    );
    assert_eq!(held(&shop, "work/gone.key").as_deref(), Some(SCHATZI_KEY));
    let text = shop.home.read("work/.env").unwrap();
    assert_eq!(text, format!("OTHER=1\nKEY={SCHATZI_KEY}\n"));
    assert_eq!(shop.sent("POST"), 0);
    shop.is_clean();
}

#[test]
fn repair_without_drift_writes_nothing() {
    let shop = shop_with(&[SAME, "exec:/bin/true"], "");
    shop.expect_old_key_listed();
    repair(&shop, &["-y"])
        .env("PATH", "/bin")
        .expect_stderr(
            "`exec:/bin/true` cannot be read back: nothing shows whether it holds `ci`\n\
             no key is due, and nothing was repaired\n",
        )
        .exit(0);
}

#[test]
fn repair_plan_changes_nothing() {
    let shop = shop_with(&[SAME, "file:gone.key"], "after = [\"exec:/bin/true\"]");
    let before = on_disk(&shop.home);
    for flag in ["--plan", "--dry-run"] {
        shop.expect_old_key_listed();
        let told = repair(&shop, &[flag, "--json"]).json();
        assert_eq!(told[0]["state"], "planned");
        assert_eq!(told[0]["id"], Value::Null);
        let steps = steps(&told[0]);
        assert!(steps.contains(&("deliver to file:[home]/work/gone.key", "planned")));
        assert!(steps.contains(&("run exec:/bin/true", "planned")));
    }
    assert_eq!(on_disk(&shop.home), before);
}

#[test]
fn repair_unheld_secret_is_reported() {
    let shop = shop_with(&["file:gone.key", "file:other.key"], "");
    holding(&shop, "work/other.key", EARLIER);
    shop.expect_old_key_listed();
    repair(&shop, &["-y"])
        .fails(
            "`ci`: `file:[home]/work/gone.key` and 1 other destination cannot be repaired: the secret of `ci` is not held here",
            &["replace the key: keywright keys rotate ci"],
        )
        .exit(3);
    assert_eq!(held(&shop, "work/other.key").as_deref(), Some(EARLIER));
}

#[test]
fn repair_foreign_value_asks_first() {
    let shop = shop_with(&[SAME, "file:other.key"], "");
    holding(&shop, "work/other.key", FOREIGN);
    // Without a terminal nothing is even looked at.
    repair(&shop, &["--no-input"])
        .stderr_has("prompts are disabled")
        .stderr_has(messages::CONFIRM_WITH_YES)
        .exit(2);
    shop.expect_old_key_listed().verified();
    repair(&shop, &[])
        .at_a_terminal()
        .reply(Reply::Confirm(true))
        .reply(Reply::Confirm(false))
        .stderr_has("overwrites values that are neither this key nor an earlier one\n  to `file:[home]/work/other.key`\n")
        .stderr_has("cancelled: nothing was changed\n")
        .exit(130);
    assert_eq!(held(&shop, "work/other.key").as_deref(), Some(FOREIGN));
    shop.is_clean();
    shop.expect_old_key_listed().verified();
    repair(&shop, &["-y"])
        .hides(FOREIGN)
        .expect_stderr(format!(
            "warning: `file:[home]/work/other.key` holds neither the current key nor an earlier one: it is overwritten\n{}{}",
            messages::delivered("file:[home]/work/other.key"),
            repaired("ci")
        ))
        .exit(0);
    assert_eq!(held(&shop, "work/other.key").as_deref(), Some(SCHATZI_KEY));
}

#[test]
fn repair_dead_key_is_not_written() {
    let shop = shop_with(&[SAME, "file:other.key"], "");
    holding(&shop, "work/other.key", EARLIER);
    shop.expect_old_key_listed().refused(verification(), 401);
    repair(&shop, &["-y"])
        .stderr_has("schatzi does not accept the key `ci`: it is expired; nothing was repaired\n")
        .exit(6);
    assert_eq!(held(&shop, "work/other.key").as_deref(), Some(EARLIER));
    shop.is_clean();
}

#[test]
fn repair_due_key_is_rotated() {
    let shop = shop_with(&[SAME, "file:gone.key"], "");
    let text = "[keys.ci]\nrotate_every = \"30d\"\ndestinations = [\"file:same.key\", \"file:gone.key\"]\n";
    shop.home.project("work/keywright.toml", text);
    shop.expect_old_key_listed().rotates();
    repair(&shop, &["-y", "-q"]).exit(0);
    assert_eq!(shop.sent("POST"), 2);
}

#[test]
fn repair_failed_place_leaves_others() {
    let shop = shop_with(&["file:nowhere/a.key", SAME, "file:gone.key"], "");
    std::fs::create_dir_all(shop.home.path().join("work/nowhere/a.key")).unwrap();
    shop.expect_old_key_listed().verified();
    repair(&shop, &["-y"])
        .stderr_has(&messages::delivered("file:[home]/work/gone.key"))
        .stderr_has("error: `ci`: ")
        .stderr_has("nowhere/a.key")
        .exit(9);
    assert_eq!(held(&shop, "work/gone.key").as_deref(), Some(SCHATZI_KEY));
}

#[test]
fn repair_alone_is_usage_error() {
    let shop = Shop::new();
    for (args, said) in [(&["--repair"][..], "--due"), (&["ci", "--repair"], "[KEY]")] {
        shop.home
            .run(["keys", "rotate"])
            .args(args)
            .stderr_has(said)
            .exit(2);
    }
}

#[test]
fn repair_hooks_run_after_delivery() {
    let hook = "after = [\"exec:/bin/sh -c 'cp gone.key seen; test ! -e closed'\"]";
    let shop = shop_with(&[SAME, "file:gone.key"], hook);
    shop.home.write("work/closed", "");
    shop.expect_old_key_listed().verified();
    repair(&shop, &["-y"])
        .env("PATH", "/usr/bin:/bin")
        .stderr_has("; the current key is in place\n")
        .exit(10);
    assert_eq!(held(&shop, "work/seen").as_deref(), Some(SCHATZI_KEY));
    std::fs::remove_file(shop.home.path().join("work/closed")).unwrap();
    shop.rotations(&["resume"])
        .env("PATH", "/usr/bin:/bin")
        .stderr_has(&repaired("ci"))
        .exit(0);
    shop.is_clean();
}

/// A repair of two destinations whose second one refuses.
fn half_repaired() -> Shop {
    let shop = shop_with(&[SAME, "file:other.key", "file:late.key"], "");
    holding(&shop, "work/other.key", EARLIER);
    holding(&shop, "work/late.key", EARLIER);
    shop.expect_old_key_listed().verified();
    unreplaced("late.key", || {
        repair(&shop, &["-y"])
            .stderr_has(&messages::delivered("file:[home]/work/other.key"))
            .stderr_has("; the current key `ci` is not lost: the test keyring keeps it\n")
            .exit(10)
    });
    assert_eq!(held(&shop, "work/other.key").as_deref(), Some(SCHATZI_KEY));
    assert_eq!(held(&shop, "work/late.key").as_deref(), Some(EARLIER));
    shop
}

#[test]
fn repair_undo_restores_earlier_values() {
    let shop = half_repaired();
    let id = only_id(&shop.home);
    let told = shop.rotations(&["show", "--json"]).json();
    assert_eq!(told["strategy"], "repair");
    assert_eq!(
        told["next"],
        format!("write the key to its destinations: keywright rotations resume {id}")
    );
    shop.rotations(&["undo", "-y"])
        .expect_stderr(
            "`file:[home]/work/late.key` does not hold the current key: left unchanged\n\
             restored the previous value of `file:[home]/work/other.key`\n",
        )
        .exit(0);
    assert_eq!(held(&shop, "work/other.key").as_deref(), Some(EARLIER));
    // The key was neither created nor revoked.
    assert_eq!(shop.sent("POST"), 0);
    shop.is_clean();
}

#[test]
fn repair_abort_revokes_nothing() {
    let shop = half_repaired();
    shop.rotations(&["abort", "-y"])
        .stderr_has("restored the previous value of `file:[home]/work/other.key`\n")
        .exit(0);
    assert_eq!(held(&shop, "work/other.key").as_deref(), Some(EARLIER));
    assert_eq!(shop.sent("POST"), 0);
    shop.is_clean();
}

#[test]
fn repair_unfinished_is_resumed_first() {
    let shop = half_repaired();
    let id = only_id(&shop.home);
    shop.expect_old_key_listed();
    shop.rotate(&[])
        .stderr_has(&format!(
            "`ci` is repaired by {id}, which is not finished\n"
        ))
        .exit(6);
    shop.expect_old_key_listed().verified();
    shop.home
        .run(["keys", "rotate", "--due", "-y"])
        .expect_stderr(format!(
            "going on with the repair {id}\n{}{}",
            messages::delivered("file:[home]/work/late.key"),
            repaired("ci")
        ))
        .exit(0);
    assert_eq!(held(&shop, "work/late.key").as_deref(), Some(SCHATZI_KEY));
    shop.is_clean();
}

#[test]
fn repair_resume_needs_live_key() {
    let shop = half_repaired();
    let id = only_id(&shop.home);
    shop.refused(verification(), 401);
    shop.rotations(&["resume", "-y"])
        .stderr_has("schatzi does not accept the current key: it is expired; it was not written anywhere else\n")
        .stderr_has(&format!("hint: to close it: keywright rotations abort {id}\n"))
        .exit(6);
    assert_eq!(held(&shop, "work/late.key").as_deref(), Some(EARLIER));
}

#[test]
fn repair_value_changed_meanwhile_is_told() {
    let shop = half_repaired();
    holding(&shop, "work/late.key", FOREIGN);
    shop.verified();
    shop.rotations(&["resume", "--no-input"])
        .stderr_has("`file:[home]/work/late.key` holds neither the current key nor an earlier one, and is overwritten, and prompts are disabled")
        .exit(10);
    assert_eq!(held(&shop, "work/late.key").as_deref(), Some(FOREIGN));
}

#[test]
fn repair_one_key_service_uses_login() {
    let server = Server::new();
    let home = TestEnv::new();
    home.log_in("sieve", &server.url(), &[key(SIEVE_KEY)]);
    home.project(
        "work/keywright.toml",
        "[keys.sieve]\nrotate_every = \"400d\"\ndestinations = [\"file:sieve.key\"]\n",
    );
    let has =
        json!({ "hasKey": true, "keyPrefix": "gds_fake", "createdAt": "2026-01-01 00:00:00" });
    server
        .expect(get("/api/keys/status").header("x-api-key", SIEVE_KEY))
        .times(2)
        .answer(server::json(200, &has));
    home.run(["keys", "rotate", "--due", "--repair", "-y"])
        .expect_stderr(format!(
            "{}{}",
            messages::delivered("file:[home]/work/sieve.key"),
            repaired("sieve")
        ))
        .exit(0);
    assert_eq!(home.read("work/sieve.key"), Some(format!("{SIEVE_KEY}\n")));
}

/// Schatzi as it is for a repair, over no network; a request that creates or revokes is an error.
fn wire() -> Rc<FakeTransport> {
    FakeTransport::answering(|request| {
        let body = match (request.method.as_str(), request.url.path()) {
            ("GET", "/v1/models") => json!({ "data": [] }),
            ("GET", "/api/v1/accounts/user/api-keys/") => json!([listed("k1", "ci")]),
            other => panic!("unexpected request: {other:?}"),
        };
        point::reach("response");
        Ok(http::answer(200, body.to_string()))
    })
}

#[test]
fn repair_killed_anywhere_loses_nothing() {
    let mut number = 0;
    loop {
        number += 1;
        let shop = shop_with(&[SAME, "file:other.key", "file:gone.key"], "");
        holding(&shop, "work/other.key", EARLIER);
        let ended = repair(&shop, &["-y"])
            .http(wire())
            .stopped_before(Some(number));
        let point = ended.calls.last().cloned().unwrap_or_default();
        if ended.code.is_some() {
            assert!(number > 40, "{:?}", ended.calls);
            return;
        }
        let other = held(&shop, "work/other.key");
        let whole = [EARLIER, SCHATZI_KEY];
        assert!(
            other.as_deref().is_some_and(|other| whole.contains(&other)),
            "{number} {point}: {other:?}"
        );
        let gone = held(&shop, "work/gone.key");
        assert!(gone.is_none_or(|gone| gone == SCHATZI_KEY), "{point}");
        // As a scheduler does it, and as a person does it.
        let again = if number.is_multiple_of(2) {
            repair(&shop, &["-y"])
        } else {
            shop.rotations(&["resume", "-y"])
        };
        let ended = again.http(wire()).stopped_before(None);
        let is_reported = ended.code == Some(0) || ended.stderr.contains("nothing is unfinished");
        assert!(is_reported, "{number} {point}: {}", ended.stderr);
        let ended = repair(&shop, &["-y"]).http(wire()).stopped_before(None);
        assert_eq!(ended.code, Some(0), "{number} {point}: {}", ended.stderr);
        for path in ["work/other.key", "work/gone.key"] {
            assert_eq!(
                held(&shop, path).as_deref(),
                Some(SCHATZI_KEY),
                "{number} {point}: {path}"
            );
        }
        shop.is_clean();
    }
}
