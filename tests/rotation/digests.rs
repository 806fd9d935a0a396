//! A place that shows a digest of what it holds: it is compared by it, and nothing goes back that it did not show.

use std::sync::{Arc, Mutex};

use keywright::core::encoding::to_hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Shop, jwt_of, listed, private, revocation};
use crate::support::fake::SCHATZI_KEY;
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, get};
use crate::user_manifests::place_manifest;

/// A value that looks like the old key.
const OLD: &str = "sk-fake-old-value-0000000000000000";
const FOREIGN: &str = "fake-value-of-another-program";
const PLACE: &str = "locker:one";

/// A shop, and a place that shows nothing of its value but the SHA-256.
struct Locker {
    shop: Shop,
    value: Arc<Mutex<Option<String>>>,
}

impl Locker {
    fn new(value: Option<&str>) -> Self {
        Locker::storing(value, str::to_owned)
    }

    /// A place that stores what `store` makes of a value.
    fn storing(value: Option<&str>, store: fn(&str) -> String) -> Self {
        let value = Arc::new(Mutex::new(value.map(str::to_owned)));
        let shared = Arc::clone(&value);
        let url = server::serve_by(move |seen| {
            let mut value = shared.lock().unwrap();
            match seen.method.as_str() {
                "PUT" => {
                    let sent: Value = serde_json::from_slice(&seen.body).unwrap();
                    *value = Some(store(sent["value"].as_str().unwrap()));
                }
                "DELETE" => *value = None,
                _ => {}
            }
            match &*value {
                Some(value) => {
                    let digest = to_hex(&Sha256::digest(value));
                    server::json(200, &json!({ "sha256": digest }))
                }
                None if seen.method == "DELETE" => server::empty(204),
                None => server::empty(404),
            }
        });
        let shop = Shop::new();
        let path = "config/destinations/locker.toml";
        shop.home.write(path, manifest(&url));
        Locker { shop, value }
    }

    fn holds(&self) -> Option<String> {
        self.value.lock().unwrap().clone()
    }

    fn put(&self, value: Option<&str>) {
        *self.value.lock().unwrap() = value.map(str::to_owned);
    }

    fn run(&self, words: &[&str]) -> Run {
        let run = self.shop.home.run(words);
        run.env("LOCKER_TOKEN", "fake-locker-token")
    }

    /// The old key, which the file held, still works.
    fn expect_old_key_valid(&self) -> &Shop {
        let asked = get("/v1/models").bearer(OLD);
        let works = server::json(200, &json!({ "data": [] }));
        self.shop.server.expect(asked).answer(works);
        &self.shop
    }

    /// A rotation whose new key is delivered to the place and to a file; revoking the old key has failed.
    fn unrevoked(&self) {
        self.shop.home.write("work/ci.key", format!("{OLD}\n"));
        private(&self.shop.home, "work/ci.key");
        self.shop
            .expect_old_key_listed()
            .created()
            .verified()
            .verified()
            .refused(revocation("k1"), 500);
        let words = ["keys", "rotate", "ci", "-y", "--to", PLACE];
        self.run(&words)
            .args(["--to", "file:ci.key"])
            .stderr_has(&messages::old_key_not_revoked("ci"))
            .exit(10);
        assert_eq!(self.holds().as_deref(), Some(SCHATZI_KEY));
    }
}

const OPERATIONS: &str = r#"[operations.read]
request = { method = "GET", path = "/{name}" }
response = { sha256 = "/sha256" }

[operations.write]
request = { method = "PUT", path = "/{name}", body = [{ at = "/value", from = "secret" }] }

[operations.discard]
request = { method = "DELETE", path = "/{name}" }
"#;

fn manifest(url: &str) -> String {
    place_manifest("Locker", "{name}", url, OPERATIONS)
}

#[test]
fn digest_of_other_value_fails_delivery() {
    let locker = Locker::storing(None, str::to_uppercase);
    locker.shop.expect_old_key_listed().created().verified();
    locker
        .run(&["keys", "rotate", "ci", "-y", "--to", PLACE])
        .stderr_has("`locker:one` was written and holds something else")
        .exit(10);
}

#[test]
fn digest_shows_drift_and_repairs_it() {
    let locker = Locker::new(None);
    let entry = format!("[keys.ci]\nrotate_every = \"4000d\"\ndestinations = [\"{PLACE}\"]\n");
    locker.shop.home.project("work/keywright.toml", entry);
    locker.shop.rotates();
    locker.run(&["keys", "rotate", "ci", "-y", "-q"]).exit(0);
    let states = [
        (Some(SCHATZI_KEY), "same"),
        (Some(FOREIGN), "different"),
        (None, "missing"),
    ];
    for (value, state) in states {
        locker.put(value);
        locker.shop.listed(&[listed("k2", "ci")]);
        let by_id = get("/api/v1/accounts/user/api-keys/k2/").bearer(&jwt_of());
        let shown = server::json(200, &listed("k2", "ci"));
        locker.shop.server.expect(by_id).answer(shown);
        let told = locker.run(&["keys", "show", "ci", "--json"]).json();
        assert_eq!(told["destinations"][0]["state"], state, "{told}");
    }
    // The secret is not held here any more.
    locker.put(Some(FOREIGN));
    locker.shop.listed(&[listed("k2", "ci")]);
    locker
        .run(&["keys", "rotate", "--due", "--repair", "-y"])
        .stderr_has("cannot be repaired: the secret of `ci` is not held here")
        .exit(3);
    assert_eq!(locker.holds().as_deref(), Some(FOREIGN));
}

#[test]
fn undo_of_digest_is_refused() {
    let locker = Locker::new(Some(FOREIGN));
    locker.unrevoked();
    locker.expect_old_key_valid();
    locker
        .run(&["rotations", "undo", "-y"])
        .stderr_has("cannot restore the earlier value of `locker:one`: it cannot be read back")
        .exit(9);
    assert_eq!(locker.holds().as_deref(), Some(SCHATZI_KEY));
}

#[test]
fn undo_puts_back_value_of_digest() {
    // The file still has the value whose digest the place showed.
    let locker = Locker::new(Some(OLD));
    locker.unrevoked();
    locker.expect_old_key_valid().revoked("k2");
    locker
        .run(&["rotations", "undo", "-y"])
        .stderr_has(&messages::restored(PLACE))
        .exit(0);
    assert_eq!(locker.holds().as_deref(), Some(OLD));
    locker.shop.is_clean();
}

#[test]
fn undo_finds_change_by_digest() {
    let locker = Locker::new(Some(OLD));
    locker.unrevoked();
    locker.put(Some(FOREIGN));
    locker.expect_old_key_valid().revoked("k2");
    locker
        .run(&["rotations", "undo", "-y"])
        .stderr_has(&messages::not_overwritten(PLACE))
        .exit(0);
    assert_eq!(locker.holds().as_deref(), Some(FOREIGN));
    locker.shop.is_clean();
}

#[test]
fn live_check_tells_of_digest() {
    let locker = Locker::new(Some(FOREIGN));
    let words = ["destinations", "check", "--live", PLACE, "--json"];
    assert_eq!(locker.run(&words).json()["holds"], "a digest");
    let rows = locker.run(&["destinations", "list", "--json"]).json();
    let rows = rows.as_array().unwrap().iter();
    let own: Vec<_> = rows.filter(|row| row["name"] == "locker").collect();
    assert_eq!(
        (&own[0]["reads"], &own[0]["digest"]),
        (&json!(false), &json!(true))
    );
}
