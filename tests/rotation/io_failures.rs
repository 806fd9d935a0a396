//! Failures on the way: destinations that refuse, locks that are held, stores that fail.

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use age::secrecy::ExposeSecret;
use keywright::platform::fault::{self, DiskEffect, FaultInjector, Injected};
use serde_json::{Value, json};

use super::{
    OLD_SECRET, Shop, creation, events, is_clean, jwt_of, listed, only_id, only_record, private,
    revocation, unreplaced,
};
use crate::support::fake::SCHATZI_KEY;
use crate::support::home::{TestEnv, token};
use crate::support::http::FakeTransport;
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server};

#[test]
fn resume_failed_destination_is_retried() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    let third = "exec:/bin/sh -c 'test -e open && cat > got'";
    let to = [
        "--to",
        "file:a.key",
        "--to",
        "dotenv:.env#KEY",
        "--to",
        third,
        "--to",
        "file:d.key",
    ];
    shop.rotate(&to)
        .env("PATH", "/usr/bin:/bin")
        .stderr_has(&messages::delivered("dotenv:[home]/work/.env#KEY"))
        .stderr_has("the new key `ci` is not lost: the test keyring keeps it")
        .exit(10);
    assert_eq!(
        shop.home.read("work/a.key"),
        Some(format!("{SCHATZI_KEY}\n"))
    );
    assert_eq!(shop.home.read("work/d.key"), None);
    let told = shop.rotations(&["show", "--json"]).json();
    let states: Vec<&str> = super::steps(&told)[4..8]
        .iter()
        .map(|(_, state)| *state)
        .collect();
    assert_eq!(states, ["done", "done", "started", "pending"]);
    shop.home.write("work/open", "");
    shop.verified().expect_verify_and_revoke("k1");
    shop.rotations(&["resume"])
        .env("PATH", "/usr/bin:/bin")
        .stderr_has(&messages::delivered("file:[home]/work/d.key"))
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(shop.home.read("work/got").as_deref(), Some(SCHATZI_KEY));
    shop.is_clean();
}

#[test]
fn destination_changed_meanwhile_is_saved_again() {
    let shop = Shop::new();
    let path = "work/b.key";
    shop.home.write(path, OLD_SECRET);
    private(&shop.home, path);
    shop.expect_old_key_listed().created().verified();
    unreplaced("b.key", || {
        shop.rotate(&["--grace", "1h", "--to", "file:b.key"])
            .stderr_has("; the new key `ci` is not lost: the test keyring keeps it\n")
            .exit(10)
    });
    // A person has put something else there since the old value was saved.
    shop.home.write(path, "fake-value-of-a-person");
    private(&shop.home, path);
    shop.verified();
    shop.rotations(&["resume"])
        .stderr_has("warning: `file:[home]/work/b.key` was changed since its value was saved: an undo restores the later one\n")
        .stderr_has(&messages::delivered("file:[home]/work/b.key"))
        .exit(0);
    shop.expect_old_key_listed().revoked("k2");
    shop.rotations(&["undo", "-y"])
        .stderr_has("restored the previous value of `file:[home]/work/b.key`\n")
        .exit(0);
    assert_eq!(
        shop.home.read(path).as_deref(),
        Some("fake-value-of-a-person")
    );
    shop.is_clean();
}

#[test]
fn unusable_destination_fails_before_creation() {
    let shop = Shop::new();
    for (to, said, code) in [
        (
            "file:nowhere/at/all",
            "there is no folder `[home]/work/nowhere`",
            9,
        ),
        (
            "exec:nosuch-program-of-mine",
            "cannot run `nosuch-program-of-mine`",
            9,
        ),
        ("profile:ghost", "error: there is no profile `ghost`\n", 5),
    ] {
        shop.expect_old_key_listed();
        shop.rotate(&["--to", to]).stderr_has(said).exit(code);
    }
    assert_eq!(shop.sent("POST"), 0);
    shop.is_clean();
}

#[test]
fn rotate_locked_profile_sends_nothing() {
    let shop = Shop::new();
    let platform = shop.home.platform(
        keywright::platform::Env::default(),
        Rc::new(Run::at(shop.home.clone()).terminal()),
        keywright::platform::native::http(),
    );
    let _held = keywright::rotation::journal::lock_profile(&platform, "schatzi").unwrap();
    shop.rotate(&[])
        .fails(
            "another process rotates a key of the profile `schatzi`",
            &["wait for it to finish, then check: keywright rotations"],
        )
        .exit(6);
    assert_eq!(shop.server.seen().len(), 0);
}

#[test]
fn unfinished_rotation_rejects_other_destination() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["--to", "file:ci.key", "--grace", "1h", "-q"])
        .exit(0);
    let id = only_id(&shop.home);
    shop.rotate(&["--to", "file:other.key"])
        .fails(
            &format!("the rotation {id} of this key is unfinished, and does not go to `file:[home]/work/other.key`"),
            &[
                &format!("finish it: keywright rotations resume {id}"),
                &format!("or abort it: keywright rotations abort {id}"),
            ],
        )
        .exit(6);
}

#[test]
fn unfinished_rotation_matches_name_prefix() {
    let shop = Shop::new();
    shop.listed(&[listed("k1", "production")]);
    shop.server
        .expect(creation("production"))
        .answer(server::json(
            201,
            &json!({ "id": "k2", "key": SCHATZI_KEY }),
        ));
    shop.verified();
    let rotate = |key: &str| {
        shop.home.run([
            "keys",
            "rotate",
            key,
            "-y",
            "--grace",
            "1h",
            "--to",
            "file:p.key",
        ])
    };
    rotate("prod")
        .stderr_has(&messages::delivered("file:[home]/work/p.key"))
        .exit(0);
    // Old and new stand side by side under one name; neither is meant but what is unfinished.
    for key in ["prod", "production", "k1"] {
        let before = shop.server.seen().len();
        if key == "prod" {
            shop.listed(&[listed("k1", "production"), listed("k2", "production")]);
        }
        rotate(key).stderr_has(messages::ROTATION_RESUMED).exit(0);
        assert!(shop.server.seen().len() <= before + 1);
    }
    assert_eq!(shop.sent("POST"), 1, "one creation in all");
}

#[test]
fn unstorable_key_old_listed_is_revoked() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    shop.home.write("state/shelter", "in the way");
    let http = full_after_creation(&shop);
    shop.created().expect_old_key_listed().revoked("k2");
    let home = &shop.home;
    home.run(["keys", "rotate", "ci", "-y", "--to", "file:ci.key"])
        .http(http)
        .stderr_has(
            "error: schatzi created the key `ci`, and it was revoked again because its secret could not be kept: ",
        )
        .exit(9);
    assert_eq!(events(home).len(), 0);
    assert_eq!(home.read("work/ci.key"), None);
}

#[test]
fn unstorable_key_old_missing_is_kept() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    shop.home.write("state/shelter", "in the way");
    let http = full_after_creation(&shop);
    shop.created().listed(&[listed("k2", "ci")]);
    let home = &shop.home;
    shop.rotate(&["--to", "file:ci.key"])
        .http(http)
        .stderr_has(
            "error: a key was created, and no store accepted its secret; the response that contains it is saved, encrypted: ",
        )
        .stderr_has("hint: make room in the store\nhint: then go on: keywright rotations resume ")
        .exit(10);
    assert_eq!(events(home), [["intended", "sending"]]);
    // With room in the store the new key takes its place.
    home.keychain.is_full(false);
    shop.verified()
        .verified()
        .refused(super::revocation("k1"), 404);
    shop.rotations(&["resume", "-y"])
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(home.read("work/ci.key"), Some(format!("{SCHATZI_KEY}\n")));
}

#[test]
fn rotate_full_store_uses_staging_file() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    let http = full_after_creation(&shop);
    shop.created().verified().expect_verify_and_revoke("k1");
    shop.rotate(&["--to", "file:ci.key"])
        .http(http)
        .stderr_has("the store did not take the new key; it waits in the file beside the journal\n")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(
        shop.home.read("work/ci.key"),
        Some(format!("{SCHATZI_KEY}\n"))
    );
    assert_eq!(events(&shop.home).len(), 0);
}

#[test]
fn unstorable_key_resume_retries_revocation() {
    let shop = Shop::new();
    shop.expect_old_key_listed();
    // No store beside the journal can be made where a file stands in its way.
    shop.home.write("state/shelter", "in the way");
    let http = full_after_creation(&shop);
    shop.created()
        .expect_old_key_listed()
        .refused(super::revocation("k2"), 500);
    shop.rotate(&["--to", "file:ci.key"])
        .http(http)
        .stderr_has(
            "error: schatzi created a key, no store accepted its secret, and it could not be revoked yet: ",
        )
        .stderr_has("hint: revoke it: keywright rotations resume ")
        .exit(10);
    assert_eq!(events(&shop.home), [["intended", "sending", "taking_back"]]);
    // Its answer is on the disk; what was to be revoked is never delivered.
    shop.revoked("k2");
    shop.rotations(&["resume", "-y"])
        .stderr_has("revoked the new key, whose secret could not be kept, ")
        .exit(0);
    assert_eq!(shop.home.read("work/ci.key"), None);
    shop.is_clean();
}

#[test]
fn state_folder_contains_no_secrets() {
    let shop = Shop::new();
    shop.home.write("work/.env", "KEY=sk-fake-old-value-0001\n");
    private(&shop.home, "work/.env");
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["--to", "dotenv:.env#KEY", "--grace", "1h", "-q"])
        .exit(0);
    for (path, bytes) in shop.home.files() {
        let text = String::from_utf8_lossy(&bytes);
        let mine = path.starts_with("state");
        let secrets = [SCHATZI_KEY, "sk-fake-old-value-0001"];
        assert!(
            !mine || !secrets.iter().any(|secret| text.contains(secret)),
            "{}",
            path.display()
        );
    }
}

#[test]
fn rotate_uncarried_expiry_warns() {
    let shop = Shop::new();
    let mut old = listed("k1", "ci");
    old["expires_at"] = json!("2027-01-01T00:00:00Z");
    shop.listed(&[old])
        .created()
        .verified()
        .expect_verify_and_revoke("k1");
    shop.rotate(&["--to", "file:ci.key"])
        .stderr_has(messages::EXPIRY_LOST)
        .exit(0);
}

#[test]
fn rotate_logged_out_names_login_command() {
    let home = TestEnv::new();
    let server = server::Server::new();
    home.log_in("schatzi", &server.url(), &[]);
    home.run(["keys", "rotate", "ci", "-y"])
        .stderr_has("keywright login schatzi")
        .exit(3);
    home.log_in("schatzi", &server.url(), &[token(&jwt_of(), 60)]);
    is_clean(&home);
}

/// A wire whose answer to a creation finds the keyring full.
fn full_after_creation(shop: &Shop) -> Rc<FakeTransport> {
    let inner = keywright::platform::native::http();
    let keychain = Arc::clone(&shop.home.keychain);
    FakeTransport::serving(move |request| {
        let (inner, keychain) = (Rc::clone(&inner), Arc::clone(&keychain));
        Box::pin(async move {
            let answer = inner.send(request).await;
            if request.url.path().ends_with("/create/") {
                keychain.is_full(true);
            }
            answer
        })
    })
}

#[test]
fn rotate_json_error_is_one_object() {
    let shop = Shop::new();
    shop.expect_old_key_listed()
        .created()
        .verified()
        .verified()
        .refused(super::revocation("k1"), 500);
    let done = shop
        .rotate(&["--to", "file:ci.key", "--json", "-q"])
        .stderr_has("the old key `ci` was not revoked: schatzi could not revoke a key: no")
        .exit(10);
    let error: Value = serde_json::from_str(&done.stderr).unwrap();
    assert_eq!(error["error"]["kind"], "uncertain");
    let hints = error["error"]["hints"].to_string();
    assert!(hints.contains("keywright rotations resume "), "{hints}");
}

#[test]
fn record_without_final_newline_resumes() {
    let shop = Shop::new();
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["--to", "file:ci.key", "--grace", "24h", "-q"])
        .exit(0);
    let path = only_record(&shop.home);
    let whole = shop.home.read(&path).unwrap();
    shop.home.write(&path, whole.trim_end());
    shop.home.clock.pass(86_400);
    shop.verified().refused(revocation("k1"), 500);
    shop.rotations(&["resume"]).any_stderr().exit_any();
    let written = shop.home.read(&path).unwrap();
    assert!(written.starts_with(&whole), "{written}");
    let last = written.lines().last().unwrap();
    assert!(last.contains("\"event\":\"revoking\","), "{written}");
    assert!(written.ends_with("\"}\n"), "{written}");
}

/// Counts what is synced.
#[derive(Default)]
struct Syncs {
    count: Cell<usize>,
    random: Cell<u8>,
}

impl FaultInjector for Syncs {
    fn before(&self, effect: DiskEffect, _: &Path) -> Injected {
        if matches!(effect, DiskEffect::Sync | DiskEffect::SyncFolder) {
            self.count.set(self.count.get() + 1);
        }
        Injected::Proceed
    }

    fn pause(&self, _: Duration) {}

    fn random(&self, bytes: &mut [u8]) {
        self.random.set(self.random.get() + 1);
        bytes.fill(self.random.get());
    }
}

#[test]
fn rotation_syncs_each_promise_once() {
    let shop = Shop {
        server: Server::new(),
        home: TestEnv::new(),
    };
    let identity = age::x25519::Identity::generate().to_string();
    let identity = identity.expose_secret();
    let jwt = jwt_of();
    let login = token(&jwt, 400 * 86_400);
    let url = shop.server.url();
    shop.home
        .log_in_to_file(identity, "schatzi", &url, &[login]);
    shop.home.write("work/ci.key", OLD_SECRET);
    private(&shop.home, "work/ci.key");
    shop.rotates();
    let syncs = Rc::new(Syncs::default());
    fault::set(Some(Rc::clone(&syncs) as Rc<dyn FaultInjector>));
    let rotate = shop.rotate(&["--to", "file:ci.key", "-q"]);
    rotate.env("KEYWRIGHT_STORE_KEY", identity).exit(0);
    fault::set(None);
    // The destination is probed and written (3); a record announces five effects; its response is spooled (3); four
    // writes of the store (3 each); the delivered key is remembered (1).
    assert_eq!(syncs.count.get(), 24);
}
