//! A new key takes the place of an old one, which goes only when the new one stands everywhere.

mod alive;
mod atomic;
mod calls_after;
mod key_pair;
mod slots;
mod undo_abort;
mod digests;
mod due;
#[cfg(unix)]
mod five_places;
mod given;
mod grace;
#[cfg(unix)]
mod hooks;
mod lost_response;
mod manual;
mod overlap;
mod plan;
mod project;
mod repair;
mod refusing_places;
mod replace;
mod retire;
mod shared;
mod shared_failures;
mod shared_simulation;
mod io_failures;

use std::io;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use keywright::platform::fault::{self, DiskEffect, FaultInjector, Injected};
use keywright::platform::{HeaderValue, HttpRequest};
use serde_json::{Value, json};

use crate::support::fake::{SCHATZI_KEY, jwt};
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, get, post};
use crate::support::stopped::fill_uniquely;

/// The name that the journal would give the old secret if it were written anywhere.
const OLD_SECRET: &str = "sk-fake-schatzi-old0000000000001";

/// The credential that a request carries.
fn bearer_of(request: &HttpRequest) -> String {
    let mut headers = request.headers.iter();
    let text = headers.find(|one| one.name == "authorization");
    let text = text.map_or("", |one| match &one.value {
        HeaderValue::Plain(text) => text,
        HeaderValue::Secret(secret) => secret.expose(),
    });
    text.trim_start_matches("Bearer ").to_owned()
}

fn jwt_of() -> String {
    jwt("schatzi", 400 * 86_400)
}

fn listing() -> Wanted {
    get("/api/v1/accounts/user/api-keys/").bearer(&jwt_of())
}

fn creation(name: &str) -> Wanted {
    post("/api/v1/accounts/user/api-keys/create/")
        .bearer(&jwt_of())
        .json(&json!({ "name": name }))
}

fn revocation(id: &str) -> Wanted {
    post(&format!("/api/v1/accounts/user/api-keys/{id}/revoke/")).bearer(&jwt_of())
}

fn verification() -> Wanted {
    get("/v1/models").bearer(SCHATZI_KEY)
}

fn listed(id: &str, name: &str) -> Value {
    json!({ "id": id, "name": name, "key": "sk-***...0000", "is_active": true, "created_at": "2026-01-01T00:00:00Z" })
}

/// Schatzi with the key `ci`, and a machine that manages its keys.
struct Shop {
    server: Server,
    home: TestEnv,
}

impl Shop {
    fn new() -> Self {
        let server = Server::new();
        let home = TestEnv::new();
        home.log_in("schatzi", &server.url(), &[token(&jwt_of(), 400 * 86_400)]);
        Shop { server, home }
    }

    fn listed(&self, keys: &[Value]) -> &Self {
        self.server
            .expect(listing())
            .answer(server::json(200, &json!(keys)));
        self
    }

    /// Lists the one key that is rotated.
    fn expect_old_key_listed(&self) -> &Self {
        self.listed(&[listed("k1", "ci")])
    }

    fn created(&self) -> &Self {
        self.server.expect(creation("ci")).answer(server::json(
            201,
            &json!({ "id": "k2", "name": "ci", "key": SCHATZI_KEY }),
        ));
        self
    }

    fn verified(&self) -> &Self {
        self.server
            .expect(verification())
            .answer(server::json(200, &json!({ "data": [] })));
        self
    }

    /// The new key still works, so the old one is revoked.
    fn expect_verify_and_revoke(&self, id: &str) -> &Self {
        self.verified().revoked(id)
    }

    fn revoked(&self, id: &str) -> &Self {
        self.server
            .expect(revocation(id))
            .answer(server::empty(204));
        self
    }

    fn refused(&self, wanted: Wanted, status: u16) -> &Self {
        self.server.expect(wanted).answer(server::json(
            status,
            &json!({ "error": { "message": "no" } }),
        ));
        self
    }

    /// Answers nothing that says anything, for as long as it is asked.
    fn expect_failures(&self, wanted: Wanted) -> &Self {
        let no = server::json(500, &json!({ "error": { "message": "no" } }));
        self.server.expect(wanted).times(7).answer(no);
        self
    }

    /// The five requests of a rotation.
    fn rotates(&self) -> &Self {
        self.expect_old_key_listed()
            .created()
            .verified()
            .expect_verify_and_revoke("k1")
    }

    fn rotate(&self, args: &[&str]) -> Run {
        self.home.run(["keys", "rotate", "ci", "-y"]).args(args)
    }

    fn rotations(&self, args: &[&str]) -> Run {
        self.home.run(["rotations"]).args(args)
    }

    /// The number of requests of that method.
    fn sent(&self, method: &str) -> usize {
        let seen = self.server.seen();
        seen.iter().filter(|seen| seen.method == method).count()
    }

    /// Nothing is left to do, and no copy of a secret is left here.
    #[track_caller]
    fn is_clean(&self) {
        is_clean(&self.home);
    }
}

/// The events of each record in the journal.
fn events(home: &TestEnv) -> Vec<Vec<String>> {
    let files = home.files();
    let records = files
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|end| end == "jsonl"));
    records
        .map(|(_, bytes)| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let event = |line: &str| {
                let entry: Value = serde_json::from_str(line).unwrap();
                entry["event"].as_str().unwrap().to_owned()
            };
            text.lines().map(event).collect()
        })
        .collect()
}

/// Nothing is left to do, and no copy of a key is left in the store.
#[track_caller]
fn is_clean(home: &TestEnv) {
    assert_eq!(events(home), Vec::<Vec<String>>::new());
    home.run(["rotations"])
        .expect_stderr(messages::NOTHING_UNFINISHED)
        .exit(0);
    let kept = home.keychain.values();
    let copies = kept.iter().filter(|value| value.contains("sk-fake"));
    assert_eq!(copies.count(), 0, "{kept:?}");
}

/// The steps of what is told as JSON, each with its state.
fn steps(told: &Value) -> Vec<(&str, &str)> {
    let steps = told["steps"].as_array().unwrap().iter();
    steps
        .map(|step| {
            (
                step["step"].as_str().unwrap(),
                step["state"].as_str().unwrap(),
            )
        })
        .collect()
}

/// The journal's only record.
fn only_record(home: &TestEnv) -> String {
    let records: Vec<_> = home
        .files()
        .into_keys()
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    assert_eq!(records.len(), 1, "{records:?}");
    records[0].display().to_string()
}

/// Its name.
fn only_id(home: &TestEnv) -> String {
    let path = only_record(home);
    let name = path.rsplit_once('/').unwrap().1;
    name.strip_suffix(".jsonl").unwrap().to_owned()
}

/// Makes a file one that only its owner reads.
#[cfg(unix)]
fn private(home: &TestEnv, name: &str) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(home.path().join(name), mode).unwrap();
}

#[cfg(not(unix))]
fn private(_: &TestEnv, _: &str) {}

/// The content of the disk, except the names that completions remember of every list.
fn on_disk(home: &TestEnv) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut files = home.files();
    files.retain(|path, _| !path.starts_with("cache"));
    files
}

/// A disk on which one file is not replaced.
struct UnreplacedFile(&'static str);

impl FaultInjector for UnreplacedFile {
    fn before(&self, effect: DiskEffect, path: &Path) -> Injected {
        if effect == DiskEffect::Rename && path.ends_with(self.0) {
            return Injected::Fail(io::ErrorKind::PermissionDenied.into());
        }
        Injected::Proceed
    }

    fn pause(&self, _: Duration) {}

    fn random(&self, bytes: &mut [u8]) {
        fill_uniquely(bytes);
    }
}

/// Runs something while the file of that name cannot be replaced.
fn unreplaced<T>(name: &'static str, act: impl FnOnce() -> T) -> T {
    fault::set(Some(Rc::new(UnreplacedFile(name))));
    let outcome = act();
    fault::set(None);
    outcome
}
