//! Create, keep, verify, deliver, revoke: each once, in this order.

use serde_json::{Value, json};

use super::{
    OLD_SECRET, Shop, creation, events, is_clean, jwt_of, listed, only_id, steps, verification,
};
use crate::support::fake::{SCHATZI_KEY, jwt};
use crate::support::home::{key, token};
use crate::support::messages;
use crate::support::server;
use crate::support::terminal::{Reply, Stdout};

#[test]
fn name_lookup_skips_locally_revoked_key() {
    let shop = Shop::new();
    shop.rotates();
    shop.rotate(&["--to", "file:ci.key", "-q"]).exit(0);
    // The list is late: the revoked key is in it still, and the new one is not.
    shop.expect_old_key_listed().expect_old_key_listed();
    shop.listed(&[listed("k1", "ci"), listed("k2", "ci")]);
    shop.server.expect(creation("ci")).answer(server::json(
        201,
        &json!({ "id": "k3", "name": "ci", "key": SCHATZI_KEY }),
    ));
    shop.verified().expect_verify_and_revoke("k2");
    let done = shop.rotate(&["--to", "file:ci.key", "-q"]).exit(0);
    let waited: Vec<u64> = done
        .sleeps
        .iter()
        .map(std::time::Duration::as_secs)
        .collect();
    assert_eq!(waited, [1, 1]);
    // Where it stays late nothing is sent but the question.
    shop.server
        .expect(super::listing())
        .times(7)
        .answer(server::json(200, &json!([listed("k2", "ci")])));
    shop.rotate(&["--to", "file:ci.key"])
        .stderr_has(
            "error: `ci` was revoked from here, and schatzi still lists it: its list is late\n",
        )
        .exit(6);
    for command in ["show", "revoke"] {
        shop.listed(&[listed("k2", "ci")]);
        shop.home
            .run(["keys", command, "ci", "-y"])
            .stderr_has("its list is late\n")
            .exit(6);
    }
    shop.is_clean();
}

#[test]
fn overlap_rotation_sends_five_requests() {
    let shop = Shop::new();
    shop.rotates();
    shop.rotate(&["--to", "file:ci.key"])
        .expect_stderr(messages::delivered("file:[home]/work/ci.key") + &messages::replaced("ci"))
        .exit(0);
    assert_eq!(
        shop.home.read("work/ci.key"),
        Some(format!("{SCHATZI_KEY}\n"))
    );
    assert_eq!(shop.server.seen().len(), 5);
    shop.is_clean();
}

#[test]
fn rotate_without_destination_prints_key_once() {
    let shop = Shop::new();
    shop.rotates();
    shop.rotate(&[])
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .stderr_has("it will not be shown again\n")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn rotate_json_lists_all_steps() {
    let shop = Shop::new();
    shop.rotates();
    let done = shop
        .rotate(&["--json", "-q", "--to", "file:ci.key"])
        .json_stdout()
        .exit(0);
    let told = done.json();
    let fields: Vec<&String> = told.as_object().unwrap().keys().collect();
    let wanted = [
        "id", "state", "profile", "old", "new", "strategy", "steps", "next", "changed",
    ];
    assert_eq!(fields, wanted);
    assert_eq!(
        (&told["old"], &told["new"], &told["strategy"], &told["next"]),
        (
            &json!("k1"),
            &json!("k2"),
            &json!("overlap"),
            &json!("nothing")
        )
    );
    let path = shop.home.path().display().to_string();
    let deliver = format!("deliver to file:{path}/work/ci.key");
    let shown = deliver.replace(&path, "[home]");
    let wanted = [
        ("intend", "done"),
        ("create", "done"),
        ("keep", "done"),
        ("verify", "done"),
        (shown.as_str(), "done"),
        ("verify the new key once more", "done"),
        ("revoke the old key", "done"),
        ("clean up", "done"),
    ];
    assert_eq!(steps(&told), wanted);
    assert!(!done.stdout.contains("sk-fake-schatzi"), "{}", done.stdout);
}

#[test]
fn rotate_json_without_destination_contains_secret() {
    let shop = Shop::new();
    shop.rotates();
    let answer = shop.rotate(&["--json", "-q"]).json();
    assert_eq!(answer["secret"], SCHATZI_KEY);
    assert_eq!(answer["new"], "k2");
}

#[test]
fn rotate_unusual_name_is_preserved() {
    let shop = Shop::new();
    let odd = "Production: api.v2 (EU) é";
    shop.listed(&[listed("k1", odd)]);
    shop.server
        .expect(super::creation(odd))
        .answer(server::json(
            201,
            &json!({ "id": "k2", "key": SCHATZI_KEY }),
        ));
    shop.verified().expect_verify_and_revoke("k1");
    shop.home
        .run(["keys", "rotate", "k1", "-y", "-q"])
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .stderr_has(&format!("the key `{odd}` is shown once"))
        .exit(0);
}

#[test]
fn rotate_unnamed_key_creates_nothing() {
    let shop = Shop::new();
    shop.listed(&[json!({ "id": "k1", "is_active": true })]);
    shop.home
        .run(["keys", "rotate", "k1", "-y"])
        .fails(
            messages::NAME_REQUIRED,
            &["give the old key one first: keywright keys rename KEY NAME"],
        )
        .exit(2);
    assert_eq!(shop.sent("POST"), 0);
}

#[test]
fn rotate_updates_profile_holding_old_key() {
    let shop = Shop::new();
    shop.home.log_in_as(
        "schatzi",
        "schatzi",
        &shop.server.url(),
        &[],
        &[token(&jwt_of(), 400 * 86_400), key(OLD_SECRET)],
    );
    let mut old = listed("k1", "ci");
    old["key"] = json!("sk-***...0001");
    shop.listed(&[old, listed("k9", "other")]);
    shop.created().verified().expect_verify_and_revoke("k1");
    shop.rotate(&[])
        .stderr_has(&messages::login_follows("schatzi"))
        .exit(0);
    assert_eq!(
        shop.home.kept("schatzi", "key").as_deref(),
        Some(SCHATZI_KEY)
    );
    assert!(!shop.home.keychain.values().contains(&OLD_SECRET.to_owned()));
}

#[test]
fn verify_propagating_key_is_retried() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created();
    shop.server
        .expect(verification())
        .times(2)
        .answer(server::json(403, &json!({ "error": { "message": "no" } })));
    shop.verified().expect_verify_and_revoke("k1");
    let done = shop.rotate(&["-q", "--to", "file:ci.key"]).exit(0);
    let waited: Vec<u64> = done
        .sleeps
        .iter()
        .map(std::time::Duration::as_secs)
        .collect();
    assert_eq!(waited, [1, 1]);
}

#[test]
fn rotate_rejected_new_key_is_undelivered() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created();
    shop.server
        .expect(verification())
        .times(7)
        .answer(server::json(403, &json!({ "error": { "message": "no" } })));
    shop.rotate(&["--to", "file:ci.key"])
        .stderr_has(
            "schatzi does not accept the new key: it is invalid; the old key was not touched\n",
        )
        .stderr_has("keywright rotations abort ")
        .exit(6);
    assert_eq!(shop.home.read("work/ci.key"), None);
    assert_eq!(events(&shop.home), [["intended", "sending", "kept"]]);
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["abort", "-y"])
        .stderr_has(&messages::revoked_new("k2"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn rotate_at_quota_creates_nothing() {
    let shop = Shop::new();
    let five: Vec<Value> = ["ci", "b", "c", "d", "e"]
        .iter()
        .map(|name| listed(&format!("id-{name}"), name))
        .collect();
    shop.listed(&five);
    shop.rotate(&[])
        .fails(
            messages::ALL_KEYS_IN_USE,
            &[
                "both keys exist for a while: revoke an unused one first",
                "see which: keywright keys list --sort last-used",
            ],
        )
        .exit(6);
    assert_eq!(shop.sent("POST"), 0);
    shop.is_clean();
}

#[test]
fn rotate_without_yes_sends_nothing() {
    let shop = Shop::new();
    shop.home
        .run(["keys", "rotate", "ci"])
        .stderr_has("if you want that, confirm with `--yes`")
        .exit(2);
    assert_eq!(shop.server.seen().len(), 0, "not even a list");
}

#[test]
fn rotate_declined_creates_nothing() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    let done = shop
        .home
        .run(["keys", "rotate", "ci"])
        .asked_in_a_pipe()
        .reply(Reply::Confirm(false))
        .stderr_has(messages::CANCELLED)
        .exit(130);
    assert_eq!(done.asked, ["Rotate?"]);
    assert_eq!(shop.sent("POST"), 0);
    shop.is_clean();
}

#[test]
fn closed_stdout_fails_before_creation() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    shop.rotate(&[])
        .sink(Stdout::Closed)
        .stderr_has("stdout does not take it")
        .exit(9);
    assert_eq!(shop.sent("POST"), 0);
}

#[test]
fn stdout_closing_late_keeps_both_keys() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&[])
        .sink(Stdout::ClosesLate)
        .stderr_has(&messages::new_key_stored("ci"))
        .exit(10);
    assert_eq!(
        events(&shop.home),
        [["intended", "sending", "kept", "verified", "showing"]]
    );
    shop.verified().expect_verify_and_revoke("k1");
    shop.rotations(&["resume", "-q"])
        .expect_stdout(format!("{SCHATZI_KEY}\n"))
        .exit(0);
    shop.is_clean();
}

#[test]
fn mistyped_key_name_suggests_match() {
    for (typed, meant) in [("CI", "ci"), ("bakend", "backend"), ("Backend", "backend")] {
        let shop = Shop::new();
        shop.listed(&[listed("k1", "ci"), listed("k2", "backend")]);
        shop.home
            .run(["keys", "rotate", typed, "-y"])
            .fails(
                &format!("there is no key `{typed}`"),
                &[&format!("did you mean `{meant}`?"), messages::LIST_KEYS],
            )
            .exit(5);
    }
    let shop = Shop::new();
    shop.listed(&[listed("k1", "ci")]);
    shop.home
        .run(["keys", "rotate", "production", "-y"])
        .fails(&messages::no_key("production"), &[messages::LIST_KEYS])
        .exit(5);
}

#[test]
fn rotate_environment_only_touches_no_store() {
    let shop = Shop::new();
    shop.expect_old_key_listed()
        .created()
        .verified()
        .expect_verify_and_revoke("k1");
    let home = crate::support::home::TestEnv::new();
    home.run(["keys", "rotate", "ci", "-y", "-q", "--to", "file:ci.key"])
        .env("KEYWRIGHT_PROVIDER", "schatzi")
        .env("KEYWRIGHT_BASE_URL", &shop.server.url())
        .token(&jwt("schatzi", 400 * 86_400))
        .exit(0);
    assert_eq!(home.keychain.touched(), 0);
    assert_eq!(home.read("work/ci.key"), Some(format!("{SCHATZI_KEY}\n")));
    is_clean(&home);
}

#[test]
fn resume_environment_only_finishes_rotation() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    shop.verified().refused(super::revocation("k1"), 500);
    let home = crate::support::home::TestEnv::new();
    let run = |args: &[&str]| {
        home.run(args)
            .env("KEYWRIGHT_PROVIDER", "schatzi")
            .env("KEYWRIGHT_BASE_URL", &shop.server.url())
            .token(&jwt("schatzi", 400 * 86_400))
    };
    run(&["keys", "rotate", "ci", "-y", "-q", "--to", "file:ci.key"])
        .stderr_has("keywright rotations resume ")
        .exit(10);
    let id = only_id(&home);
    shop.expect_verify_and_revoke("k1");
    run(&["rotations", "resume", &id, "-q"]).exit(0);
    is_clean(&home);
}

#[test]
fn log_names_destinations_at_any_width() {
    let shop = Shop::new();
    shop.rotates();
    shop.rotate(&["--to", "keyring:app/ci", "-q"]).exit(0);
    for columns in [40, 80, 200] {
        let log = shop.rotations(&["log"]).at_columns(columns);
        let log = log.stdout_has("keyring:app/ci").exit(0);
        let named = log.stdout.matches("keyring:app/ci").count();
        // It is saved, delivered to, and done.
        assert_eq!(named, 2, "{columns}: {}", log.stdout);
        for line in log.stdout.lines() {
            assert!(line.chars().count() <= usize::from(columns), "{line}");
        }
    }
    let piped = shop.rotations(&["log"]);
    piped.stdout_has("DESTINATION").exit(0);
}
