//! State that version 0.1.0 wrote still opens: journal records of every state, stored credentials, pending refreshes,
//! and notes of calls that were killed. The folders of `state-0.1.0` were left by the released binary under a tracer.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use keywright::platform::{HeaderValue, HttpRequest};
use serde_json::{Value, json};

use crate::support::home::TestEnv;
use crate::support::http::{FakeTransport, answer};
use crate::support::run::Run;

/// Far enough behind the last moment in the records that a grace of an hour is over.
const LATER: i64 = 9 * 86_400;

const OLD: &str = "ac_fake_old_0123456789ab";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/state-0.1.0")
}

/// The service at which the state was made: it accepts every key of its kind, and lists `k1` and what was made later.
struct Acme {
    listed: RefCell<Vec<&'static str>>,
    calls: RefCell<Vec<String>>,
}

impl Acme {
    fn with(listed: &[&'static str]) -> Rc<Self> {
        Rc::new(Acme {
            listed: RefCell::new(listed.to_owned()),
            calls: RefCell::default(),
        })
    }

    fn transport(self: &Rc<Self>) -> Rc<FakeTransport> {
        let acme = Rc::clone(self);
        FakeTransport::answering(move |request| {
            let (status, body) = acme.answer(request);
            let body = (status != 204).then(|| body.to_string());
            let mut answer = answer(status, body.unwrap_or_default());
            let json = "application/json".to_owned();
            answer.headers.push(("content-type".to_owned(), json));
            Ok(answer)
        })
    }

    fn revoked(&self) -> Vec<String> {
        let calls = self.calls.borrow();
        let revoked = calls
            .iter()
            .filter_map(|call| call.strip_prefix("DELETE /keys/"));
        revoked.map(str::to_owned).collect()
    }

    fn answer(&self, request: &HttpRequest) -> (u16, Value) {
        let call = format!("{} {}", request.method, request.url.path());
        self.calls.borrow_mut().push(call.clone());
        let bearer = request
            .headers
            .iter()
            .find(|header| header.name == "authorization");
        let known = bearer.is_some_and(|header| match &header.value {
            HeaderValue::Secret(value) => {
                value.expose().starts_with("Bearer ac_")
                    || value.expose().starts_with("Bearer root-key-")
            }
            HeaderValue::Plain(_) => false,
        });
        if !known {
            return (
                401,
                json!({ "error": { "message": "bad key", "code": "invalid_api_key" } }),
            );
        }
        if let Some(id) = call.strip_prefix("DELETE /keys/") {
            self.listed.borrow_mut().retain(|listed| *listed != id);
            return (204, Value::Null);
        }
        let key = |id: &&str| json!({ "id": id, "name": "ci", "state": "active", "created": "2026-11-27T18:00:00Z" });
        match call.as_str() {
            "GET /me" => (200, json!({ "email": "ada@example.com" })),
            "GET /keys" => {
                let keys: Vec<Value> = self.listed.borrow().iter().map(key).collect();
                (200, json!({ "keys": keys }))
            }
            _ => panic!("not expected: {call}"),
        }
    }
}

/// A home with the files that 0.1.0 left, and a manifest for their service in the language of today.
fn opened(left: &str, manifest: &str) -> TestEnv {
    let home = TestEnv::new();
    home.clock.pass(LATER);
    let work = home.path().join("work");
    for path in files_below(&folder().join(left)) {
        let name = path.strip_prefix(folder().join(left)).unwrap();
        let bytes = keywright::platform::files::read(&path).unwrap().unwrap();
        let name = match name.to_str().unwrap() {
            "app.env" => "work/app.env",
            name => name,
        };
        let bytes = if path.extension().is_some_and(|end| end == "jsonl") {
            let text = String::from_utf8(bytes).unwrap();
            text.replace("[work]", work.to_str().unwrap()).into_bytes()
        } else {
            bytes
        };
        let written = home.write(name, bytes);
        only_for_the_owner(&written);
    }
    let manifest = keywright::platform::files::read_text(&folder().join(manifest))
        .unwrap()
        .unwrap();
    home.write("config/providers/acme.toml", manifest);
    home
}

fn only_for_the_owner(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut folder = path.parent().unwrap();
    while !folder.ends_with("work") && !folder.ends_with("config") && !folder.ends_with("state") {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
        folder = folder.parent().unwrap();
    }
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn run(home: &TestEnv, args: &[&str], acme: &Rc<Acme>) -> Run {
    let identity = folder().join("identity.txt");
    let text = keywright::platform::files::read_text(&identity)
        .unwrap()
        .unwrap();
    let identity = text
        .lines()
        .find(|line| line.starts_with("AGE-SECRET-KEY"))
        .unwrap();
    home.run(args)
        .env("KEYWRIGHT_STORE", "file")
        .env("KEYWRIGHT_STORE_KEY", identity)
        .http(acme.transport())
        .any_stdout()
        .any_stderr()
}

fn value_at_destination(home: &TestEnv) -> String {
    let text = home.read("work/app.env").unwrap();
    let line = text.lines().find(|line| line.starts_with("KEY=")).unwrap();
    line["KEY=".len()..].to_owned()
}

fn unfinished(home: &TestEnv, acme: &Rc<Acme>) -> Vec<Value> {
    let done = run(home, &["rotations", "--json"], acme).exit(0);
    done.json().as_array().unwrap().clone()
}

/// Takes a record up; afterwards nothing is unfinished, and these keys were revoked.
#[track_caller]
fn resumes(left: &str, listed: &[&'static str], revoked: &[&str]) -> TestEnv {
    let home = opened(left, "keys.toml");
    let acme = Acme::with(listed);
    run(&home, &["rotations", "resume", "--yes"], &acme).exit(0);
    if !unfinished(&home, &acme).is_empty() {
        // The grace began when the new key was delivered, which was now.
        home.clock.pass(2 * 3_600);
        run(&home, &["rotations", "resume", "--yes"], &acme).exit(0);
    }
    assert_eq!(acme.revoked(), revoked, "{left}");
    assert_eq!(unfinished(&home, &acme), [] as [Value; 0], "{left}");
    home
}

#[test]
fn every_state_folder_is_tested() {
    let there: BTreeSet<String> = files_below(&folder())
        .iter()
        .map(|path| path.strip_prefix(folder()).unwrap())
        .filter(|path| path.components().count() > 1)
        .map(|path| path.iter().next().unwrap().to_str().unwrap().to_owned())
        .collect();
    let this = include_str!("state_0_1_0.rs");
    for left in there {
        assert!(this.contains(&format!("\"{left}\"")), "{left}");
    }
}

#[test]
fn journal_record_states_are_read() {
    for (left, state) in [
        ("rotate-intended", "intended"),
        ("create-lost", "lost"),
        ("rotate-kept-answer", "kept"),
        ("rotate-verified-answer", "verified"),
        ("create-showing-answer", "showing"),
        ("rotate-placed-answer", "placed"),
        ("rotate-revoking-answer", "revoking"),
        ("rotate-revoked-answer", "revoked"),
        ("undo-undoing-answer", "undoing"),
        ("rotate-done-answer", "done"),
        ("undo-abandoned-answer", "abandoned"),
    ] {
        let home = opened(left, "keys.toml");
        let records = unfinished(&home, &Acme::with(&["k1", "k2"]));
        assert_eq!(records.len(), 1, "{left}");
        assert_eq!(records[0]["state"], state, "{left}");
        assert_eq!(records[0]["profile"], "acme", "{left}");
    }
}

#[test]
fn rotation_resumes_from_each_state() {
    for left in [
        "rotate-intended-recorded",
        "rotate-kept-answer",
        "rotate-verified-answer",
        "rotate-saved-answer",
        "rotate-delivered-answer",
        "rotate-placed-answer",
        "rotate-revoking-answer",
    ] {
        let home = resumes(left, &["k1", "k2"], &["k1"]);
        assert_ne!(value_at_destination(&home), OLD, "{left}");
    }
    for left in ["rotate-revoked-answer", "rotate-done-answer", "rotate-done"] {
        let home = resumes(left, &["k2"], &[]);
        assert_ne!(value_at_destination(&home), OLD, "{left}");
    }
}

#[test]
fn unsent_rotation_is_closed() {
    for left in ["rotate-intended", "rotate-intended-answer"] {
        let home = resumes(left, &["k1"], &[]);
        assert_eq!(value_at_destination(&home), OLD);
    }
}

#[test]
fn unfinished_undo_is_completed() {
    for left in ["undo-undoing-answer", "undo-restored-answer"] {
        let home = resumes(left, &["k1", "k2"], &["k2"]);
        assert_eq!(value_at_destination(&home), OLD, "{left}");
    }
    resumes("undo-abandoned-answer", &["k1"], &[]);
}

#[test]
fn lost_creation_without_key_is_closed() {
    resumes("create-lost", &["k1"], &[]);
}

#[test]
fn created_key_is_delivered() {
    for left in ["create-kept-answer", "create-showing-answer"] {
        let home = opened(left, "keys.toml");
        let acme = Acme::with(&["k1", "k2"]);
        let done = run(&home, &["rotations", "resume", "--yes"], &acme).exit(0);
        assert!(done.stdout.starts_with("ac_"), "{left}: {}", done.stdout);
        assert_eq!(unfinished(&home, &acme), [] as [Value; 0], "{left}");
    }
    for left in ["create-delivered-answer", "create-placed-answer"] {
        resumes(left, &["k1", "k2"], &[]);
    }
}

#[test]
fn leased_key_is_revoked() {
    for left in ["lease-kept-answer", "lease-undoing-answer"] {
        resumes(left, &["k1", "k2"], &["k2"]);
    }
}

#[test]
fn login_and_cleanup_notes_are_read() {
    for left in ["login-probes", "login-leftovers", "logout-leftovers"] {
        let home = opened(left, "keys.toml");
        let acme = Acme::with(&["k1"]);
        run(&home, &["doctor"], &acme).exit(0);
        let notes = home
            .files()
            .into_keys()
            .filter(|path| path.starts_with("state/probes") || path.starts_with("state/leftovers"));
        assert_eq!(notes.collect::<Vec<_>>(), [] as [PathBuf; 0], "{left}");
    }
    let home = opened("rotate-kept-answer", "keys.toml");
    run(&home, &["keys", "verify"], &Acme::with(&["k1"])).exit(0);
}

#[test]
fn received_refresh_response_is_used() {
    let home = opened("refresh-answered", "tokens.toml");
    // The token lasts a quarter of an hour; the clock stands where its answer came.
    home.clock.pass(-LATER + 7 * 86_400 + 6 * 3_600 + 42 * 60);
    let done = run(&home, &["token"], &Acme::with(&[])).exit_any();
    assert_eq!(done.0, 0, "{}", done.1.stderr);
    assert_eq!(done.1.stdout.matches('.').count(), 2);
}

#[test]
fn refresh_lost_response_fails() {
    let home = opened("refresh-begun", "tokens.toml");
    let done = run(&home, &["token"], &Acme::with(&[])).exit_any();
    assert_ne!(done.0, 0);
}
