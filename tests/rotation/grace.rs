//! The old key lives on beside the new one for as long as it is told to.

use serde_json::json;

use super::{Shop, creation, events, listed, only_id, steps};
use crate::support::clock::NOON_SECONDS;
use crate::support::fake::SCHATZI_KEY;
use crate::support::messages;
use crate::support::server;
use crate::support::terminal::Reply;

const DAY: i64 = 86_400;
const PLACED: [&str; 7] = [
    "intended",
    "sending",
    "kept",
    "verified",
    "saved",
    "delivered",
    "placed",
];

/// A rotation that is in place, and whose old key has a day left.
fn rotation_in_grace() -> Shop {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    let done = shop
        .rotate(&["--to", "file:ci.key", "--grace", "24h"])
        .stderr_has(&messages::delivered("file:[home]/work/ci.key"))
        .exit(0);
    let id = only_id(&shop.home);
    let wanted = format!(
        "delivered to `file:[home]/work/ci.key`\n\
         the new key is in place; the old one of `ci` is valid until 2026-11-21 12:00 UTC\n\
         revoke it then: keywright rotations resume {id}; go back: keywright rotations undo {id}\n"
    );
    assert_eq!(done.stderr, wanted);
    assert_eq!(events(&shop.home), [PLACED]);
    shop
}

#[test]
fn resume_during_grace_keeps_old_key() {
    let shop = rotation_in_grace();
    shop.home.clock.pass(DAY - 1);
    shop.rotations(&["resume"])
        .stderr_has(&messages::old_key_valid_until("ci", "2026-11-21 12:00 UTC"))
        .exit(0);
    assert_eq!(events(&shop.home), [PLACED]);
}

#[test]
fn resume_after_grace_revokes_old_key() {
    let shop = rotation_in_grace();
    shop.home.clock.pass(DAY);
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume"])
        .expect_stderr(messages::replaced("ci"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn resume_fast_clock_keeps_grace() {
    let shop = rotation_in_grace();
    shop.home.clock.pass(DAY);
    let answer = server::json(200, &json!({ "data": [] }));
    shop.server
        .expect(super::verification())
        .answer(answer.header("date", "Fri, 20 Nov 2026 13:00:00 GMT"));
    shop.rotations(&["resume"])
        .stderr_has(
            "warning: the grace period is not over by the clock of schatzi; this machine's clock is \
             ahead\n",
        )
        .stderr_has(&messages::old_key_valid_until("ci", "2026-11-21 12:00 UTC"))
        .exit(0);
    assert_eq!(events(&shop.home), [PLACED]);
    shop.server.expect(super::verification()).answer(
        server::json(200, &json!({ "data": [] })).header("date", "Sat, 21 Nov 2026 12:00:00 GMT"),
    );
    shop.revoked("k1");
    shop.rotations(&["resume", "-q"]).exit(0);
    shop.is_clean();
}

#[test]
fn resume_reverted_destination_redelivers_new_key() {
    const OLD: &str = "sk-fake-old-value-000000000000001\n";
    for stood_before in [true, false] {
        let shop = Shop::new();
        let place = shop.home.path().join("work/ci.key");
        if stood_before {
            shop.home.write("work/ci.key", OLD);
            super::private(&shop.home, "work/ci.key");
        }
        shop.expect_old_key_listed().created().verified();
        shop.rotate(&["--to", "file:ci.key", "--grace", "24h", "-q"])
            .exit(0);
        if stood_before {
            shop.home.write("work/ci.key", OLD);
        } else {
            std::fs::remove_file(&place).unwrap();
        }
        shop.home.clock.pass(DAY);
        shop.expect_verify_and_revoke("k1");
        shop.rotations(&["resume"])
            .stderr_has(
                "warning: `file:[home]/work/ci.key` did not hold the new key any more: it was \
                 delivered again\n",
            )
            .stderr_has(&messages::rotated("ci"))
            .exit(0);
        let held = shop.home.read("work/ci.key");
        assert_eq!(held, Some(format!("{SCHATZI_KEY}\n")));
        shop.is_clean();
    }
}

#[test]
fn resume_new_key_overwritten_keeps_old() {
    let shop = rotation_in_grace();
    shop.home.write("work/ci.key", "somebody-elses\n");
    shop.home.clock.pass(DAY);
    shop.verified();
    shop.rotations(&["resume", "-y"])
        .stderr_has(
            "warning: `file:[home]/work/ci.key` holds neither the old key nor the new one: it \
             stays as it is\n",
        )
        .stderr_has(
            "the new key is not in its place any more, and the copy here goes with its record",
        )
        .exit(10);
    assert_eq!(events(&shop.home), [PLACED]);
    shop.verified().revoked("k1");
    shop.rotations(&["resume"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(true))
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    let held = shop.home.read("work/ci.key");
    assert_eq!(held.as_deref(), Some("somebody-elses\n"));
}

#[test]
fn resume_destination_with_newer_key_finishes() {
    let shop = rotation_in_grace();
    shop.home.clock.pass(60);
    let later = "sk-fake-schatzi-later00000000000001";
    shop.listed(&[listed("k1", "ci"), listed("k2", "ci")]);
    shop.server.expect(creation("app")).answer(server::json(
        201,
        &json!({ "id": "k3", "name": "app", "key": later }),
    ));
    shop.home
        .run(["keys", "create", "app", "--to", "file:ci.key", "-q"])
        .exit(0);
    shop.home.clock.pass(DAY);
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume"])
        .expect_stderr(messages::replaced("ci"))
        .exit(0);
    assert_eq!(shop.home.read("work/ci.key"), Some(format!("{later}\n")));
}

#[test]
fn rotate_new_key_during_grace_conflicts() {
    let shop = rotation_in_grace();
    let id = only_id(&shop.home);
    shop.listed(&[listed("k1", "ci"), listed("k2", "ci")]);
    shop.home
        .run(["keys", "rotate", "k2", "--to", "file:ci.key", "-y"])
        .fails(
            &format!("`k2` is the new key of {id}, which is not finished"),
            &[
                &format!("finish it first: keywright rotations resume {id}"),
                &format!("next steps: keywright rotations show {id}"),
            ],
        )
        .exit(6);
    assert_eq!(events(&shop.home), [PLACED]);
}

#[test]
fn rotate_again_resumes_first_rotation() {
    let shop = rotation_in_grace();
    shop.home.clock.pass(DAY);
    shop.expect_verify_and_revoke("k1");
    shop.rotate(&[])
        .stderr_has("going on with the rotation 20261120-")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn resume_clock_set_back_prolongs_grace() {
    let shop = rotation_in_grace();
    shop.home.clock.pass(-30 * DAY);
    shop.rotations(&["resume"])
        .stderr_has("is valid until 2026-11-21")
        .exit(0);
    shop.home.clock.pass(30 * DAY + DAY);
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume", "-q"]).exit(0);
    shop.is_clean();
}

#[test]
fn grace_wrong_clock_uses_service_date() {
    let shop = Shop::new();
    shop.home.clock.pass(-NOON_SECONDS);
    shop.expect_old_key_listed().created();
    shop.server.expect(super::verification()).answer(
        server::json(200, &json!({ "data": [] })).header("Date", "Fri, 20 Nov 2026 12:00:00 GMT"),
    );
    shop.rotate(&["--to", "file:ci.key", "--grace", "24h"])
        .stderr_has(&messages::old_key_valid_until("ci", "2026-11-21 12:00 UTC"))
        .exit(0);
    // The clock is set.
    shop.home.clock.pass(NOON_SECONDS + DAY - 1);
    shop.rotations(&["resume"])
        .stderr_has(&messages::old_key_valid_until("ci", "2026-11-21 12:00 UTC"))
        .exit(0);
    shop.home.clock.pass(1);
    shop.expect_verify_and_revoke("k1");
    shop.rotations(&["resume", "-q"]).exit(0);
    shop.is_clean();
}

#[test]
fn show_during_grace_names_deadline() {
    let shop = rotation_in_grace();
    let told = shop.rotations(&["show", "--json"]).json();
    assert_eq!(told["state"], "placed");
    let next = told["next"].as_str().unwrap();
    assert!(
        next.starts_with("revoke the old key after 2026-11-21 12:00 UTC: "),
        "{next}"
    );
    assert!(
        steps(&told).contains(&("leave the old key for 1d", "started")),
        "{told}"
    );
    shop.rotations(&[])
        .stdout_has("after 2026-11-21 12:00 UTC")
        .exit(0);
}

#[test]
fn undo_during_grace_revokes_new_key() {
    let shop = rotation_in_grace();
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["undo", "-y"])
        .expect_stderr(
            "restored the previous value of `file:[home]/work/ci.key`\nrevoked the new key `k2`\n",
        )
        .exit(0);
    assert_eq!(shop.home.read("work/ci.key"), None, "nothing stood there");
    shop.is_clean();
}

#[test]
fn rotate_grace_json_reports_placed() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    let args = ["--to", "file:ci.key", "--grace", "24h", "--json", "-q"];
    let told = shop.rotate(&args).json();
    assert_eq!(told["state"], "placed");
    assert_eq!(told["id"], json!(only_id(&shop.home)));
}
