//! A rotation to five destinations of different kinds: a file of variables, a file, the keyring, a place that a manifest
//! describes, and a program. It is killed before every call, each place refuses in its turn, others change the place
//! that has revisions, and every rotation is undone.
//!
//! `KEYWRIGHT_SWEEP=all` stops it at every call and goes both ways from there; without it, at every fourth.

use std::cell::{Cell, RefCell};
use std::os::unix::fs::PermissionsExt;
use std::rc::Rc;

use keywright::platform::{HttpRequest, Keychain};
use serde_json::{Value, json};

use super::{Shop, bearer_of, jwt_of, steps, unreplaced};
use crate::described_destinations::manifest;
use crate::support::doubles::point;
use crate::support::fake::SCHATZI_KEY;
use crate::support::home::{TestEnv, token};
use crate::support::http::{self, FakeTransport, Outcome};
use crate::support::keychain::place;
use crate::support::run::Run;
use crate::support::stopped::Stopped;

const OLD: &str = "sk-fake-schatzi-old0000000000001";
const NEW: &str = SCHATZI_KEY;
const SHELF: &str = "shelf:main/deep/box#7";
const TO: [&str; 5] = [
    "dotenv:.env#KEY",
    "file:ci.key",
    "keyring:app/ci",
    SHELF,
    "github:octo/app#API_KEY",
];
const SERVICE: &str = "http://127.0.0.1:9";

/// The service and the place with revisions, as requests change them.
struct World {
    /// Secret and id of each key that was made, and whether it lives.
    keys: Vec<(&'static str, &'static str, bool)>,
    created: usize,
    revision: u32,
    slots: Value,
    /// The calls of the place.
    log: Vec<String>,
    /// The answer to a write in place of its work.
    refuses: Option<u16>,
    /// Set if somebody changes another slot just before a write arrives.
    edits: bool,
}

type Shared = Rc<RefCell<World>>;

impl World {
    fn alive(&self) -> Vec<&'static str> {
        let alive = self.keys.iter().filter(|(_, _, alive)| *alive);
        alive.map(|(secret, _, _)| *secret).collect()
    }

    fn listed(&self) -> Value {
        let one = |(secret, id, _): &(&str, &str, bool)| {
            let masked = format!("sk-***...{}", &secret[secret.len() - 4..]);
            json!({ "id": id, "name": "ci", "key": masked, "is_active": true, "created_at": if *id == "k1" { "2026-01-01T00:00:00Z" } else { "2026-11-20T12:00:00Z" } })
        };
        let alive = self.keys.iter().filter(|(_, _, alive)| *alive);
        alive.map(one).collect()
    }

    fn serve(&mut self, request: &HttpRequest) -> (u16, Value) {
        if request.url.path().starts_with("/rooms/") {
            return self.place(request);
        }
        let path = request.url.path();
        match (request.method.as_str(), path.rsplit('/').nth(1)) {
            ("GET", Some("v1")) => {
                if self.alive().contains(&&*bearer_of(request)) {
                    (200, json!({ "data": [] }))
                } else {
                    (401, json!({ "error": { "message": "no" } }))
                }
            }
            ("GET", _) => (200, self.listed()),
            ("POST", Some("create")) => {
                self.created += 1;
                self.keys.push((NEW, "k2", true));
                (201, json!({ "id": "k2", "name": "ci", "key": NEW }))
            }
            ("POST", Some("revoke")) => {
                let id = path.rsplit('/').nth(2).unwrap();
                let key = self.keys.iter_mut().find(|(_, known, _)| *known == id);
                key.unwrap().2 = false;
                (204, Value::Null)
            }
            other => panic!("unexpected request: {other:?} {path}"),
        }
    }

    fn place(&mut self, request: &HttpRequest) -> (u16, Value) {
        self.log.push(request.method.clone());
        let content = |world: &World| json!({ "revision": world.revision, "slots": world.slots });
        if request.method == "GET" {
            return (200, content(self));
        }
        if self.edits {
            self.edits = false;
            self.revision += 1;
            self.slots["6"] = json!("of somebody else");
        }
        let body = request.body.as_ref().unwrap().text.expose();
        let body: Value = serde_json::from_str(body).unwrap();
        if let Some(status) = self.refuses {
            return (status, json!({ "error": "not now" }));
        }
        if body["if"] != json!(self.revision) {
            return (409, json!({ "error": "another revision" }));
        }
        self.revision += 1;
        self.slots = body["slots"].clone();
        (200, content(self))
    }
}

/// A machine with the key `ci` at five places.
struct Five {
    shop: Shop,
    world: Shared,
}

impl Five {
    fn new() -> Self {
        let home = TestEnv::new();
        home.log_in("schatzi", SERVICE, &[token(&jwt_of(), 400 * 86_400)]);
        home.write(
            "config/destinations/shelf.toml",
            manifest("https://shelf.example.com"),
        );
        home.write("work/.env", format!("A=1\nKEY={OLD} # ours\nB=2\n"));
        home.write("work/ci.key", format!("{OLD}\n"));
        home.write("work/got", OLD);
        let script = "#!/bin/sh\ncase $1 in secret) test ! -e closed && cat > got;; esac\n";
        let gh = home.write("bin/gh", script);
        std::fs::set_permissions(gh, std::fs::Permissions::from_mode(0o700)).unwrap();
        for name in ["work/.env", "work/ci.key"] {
            super::private(&home, name);
        }
        let keyring = &home.keychain;
        keyring.set("app", "ci", "ours", OLD.as_bytes()).unwrap();
        let world = World {
            keys: vec![(OLD, "k1", true)],
            created: 0,
            revision: 3,
            slots: json!({ "6": "other", "7": OLD }),
            log: Vec::new(),
            refuses: None,
            edits: false,
        };
        let server = crate::support::server::Server::new();
        Five {
            shop: Shop { server, home },
            world: Rc::new(RefCell::new(world)),
        }
    }

    fn run(&self, words: &[&str]) -> Run {
        let world = Rc::clone(&self.world);
        let wire = FakeTransport::answering(move |request| -> Outcome {
            let (status, body) = world.borrow_mut().serve(request);
            point::reach("response");
            Ok(http::answer(status, body.to_string()))
        });
        let path = self.shop.home.path().join("bin");
        self.shop
            .home
            .run(words)
            .http(wire)
            .env("PATH", &format!("{}:/usr/bin:/bin", path.display()))
            .env("SHELF_TOKEN", "fake-shelf-token")
            .hides(OLD)
            .hides(NEW)
            .hides("fake-shelf-token")
    }

    fn rotate(&self) -> Run {
        let to = TO.iter().flat_map(|to| ["--to", to]);
        self.run(&["keys", "rotate", "ci", "-y"]).args(to)
    }

    /// Returns the value at each place.
    fn held(&self) -> [String; 5] {
        let read = |name| self.shop.home.read(name).unwrap_or_default();
        let env = read("work/.env");
        let line = env.lines().find_map(|line| line.strip_prefix("KEY="));
        let line = line.unwrap_or_default().trim_end_matches(" # ours");
        let items = self.shop.home.keychain.items.lock().unwrap();
        let item = items.get(&place("app", "ci"));
        let item = item.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
        let slot = &self.world.borrow().slots["7"];
        [
            line.to_owned(),
            read("work/ci.key").trim_end().to_owned(),
            item.unwrap_or_default(),
            slot.as_str().unwrap_or_default().to_owned(),
            read("work/got"),
        ]
    }

    fn unfinished(&self) -> Vec<Value> {
        let said = self.run(&["rotations", "--json"]).json_stdout().exit(0);
        said.json().as_array().unwrap().clone()
    }

    /// Every place holds that key, which is the only one that lives, and nothing is left to do.
    #[track_caller]
    fn ends_with(&self, secret: &str, point: &str) {
        assert_eq!(self.held(), [secret; 5], "{point}");
        assert_eq!(self.world.borrow().alive(), [secret], "{point}");
        assert_eq!(self.unfinished(), Vec::<Value>::new(), "{point}");
        let slots = &self.world.borrow().slots;
        assert_ne!(slots["6"], Value::Null, "{point}: another slot is lost");
    }

    /// The promise, as it holds at any moment.
    #[track_caller]
    fn keeps_promise(&self, point: &str) {
        let alive = self.world.borrow().alive();
        for held in self.held() {
            assert!(
                alive.contains(&held.as_str()),
                "{point}: {held:?} is not alive"
            );
        }
        assert!(
            alive.len() == 1 || !self.unfinished().is_empty(),
            "{point}: keys that nothing tells of: {alive:?}"
        );
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside"
)]
fn is_whole_sweep() -> bool {
    std::env::var_os("KEYWRIGHT_SWEEP").is_some()
}

/// Takes up what a stopped run has left, forwards or backwards, until nothing is left.
#[track_caller]
fn recover(five: &Five, forwards: bool, point: &str) -> String {
    let mut said = String::new();
    for _ in 0..3 {
        let Some(record) = five.unfinished().into_iter().next() else {
            return said;
        };
        let id = record["id"].as_str().unwrap().to_owned();
        let ways: &[&str] = if forwards {
            &["resume"]
        } else {
            &["undo", "abort", "resume"]
        };
        for way in ways {
            let Stopped { code, stderr, .. } = five
                .run(&["rotations", way, &id, "-y"])
                .stopped_before(None);
            said.push_str(&stderr);
            if code == Some(0) {
                break;
            }
        }
        // A list may be late: until then a key may show that was created.
        five.shop.home.clock.pass(15 * 60);
    }
    panic!("{point}: it is not finished: {said}");
}

#[test]
fn five_places_killed_anywhere_lose_nothing() {
    let all = is_whole_sweep();
    let calls = Five::new().rotate().stopped_before(None).calls.len();
    assert!(calls > 80, "{calls}");
    for number in (1..=calls).filter(|number| all || number.is_multiple_of(4)) {
        for forwards in [true, false] {
            if !all && forwards == number.is_multiple_of(8) {
                continue;
            }
            let five = Five::new();
            let ended = five.rotate().stopped_before(Some(number));
            let point = format!(
                "call {number}, {:?}, forwards: {forwards}",
                ended.calls.last()
            );
            assert_eq!(ended.code, None, "{point}: {}", ended.stderr);
            five.keeps_promise(&point);
            let said = recover(&five, forwards, &point);
            let hint = "revoke it: keywright keys revoke k2";
            if five.world.borrow().alive().len() > 1 && !forwards && said.contains(hint) {
                // Aborting revokes no key that only the list shows: it names the command.
                let revoke = five.run(&["keys", "revoke", "k2", "-y"]);
                assert_eq!(revoke.stopped_before(None).code, Some(0), "{point}");
            }
            let alive = five.world.borrow().alive();
            assert_eq!(alive.len(), 1, "{point}: {alive:?}");
            five.ends_with(alive[0], &point);
            assert!(five.world.borrow().created <= 1, "{point}: created twice");
        }
    }
}

#[test]
fn five_places_get_exactly_their_calls() {
    let five = Five::new();
    let ended = five.rotate().stopped_before(None);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    five.ends_with(NEW, "undisturbed");
    // The probe, the value that is saved, the write with its precondition, the value that is read back.
    assert_eq!(five.world.borrow().log, ["GET", "GET", "PUT", "GET"]);
    assert_eq!(five.world.borrow().slots["6"], "other");
    let written = five.shop.home.read("work/.env").unwrap();
    assert_eq!(written, format!("A=1\nKEY={NEW} # ours\nB=2\n"));
}

/// Lets the place of that number refuse while something is done.
fn refusing<T>(five: &Five, number: usize, act: impl FnOnce() -> T) -> T {
    match number {
        0 => unreplaced(".env", act),
        1 => unreplaced("ci.key", act),
        2 => {
            // Two writes before anything is delivered, three that save values, then the one to the place.
            let writes = Cell::new(0);
            point::set(Some(Rc::new(move |call| {
                writes.set(writes.get() + usize::from(call == "keyring set"));
                call == "keyring set" && writes.get() == 6
            })));
            // With a fault injector the keyring is called on this thread.
            let outcome = unreplaced("nothing", act);
            point::set(None);
            outcome
        }
        3 => {
            five.world.borrow_mut().refuses = Some(403);
            let outcome = act();
            five.world.borrow_mut().refuses = None;
            outcome
        }
        _ => {
            let closed = five.shop.home.write("work/closed", "");
            let outcome = act();
            std::fs::remove_file(closed).unwrap();
            outcome
        }
    }
}

#[test]
fn each_place_refusing_leaves_first_consistent() {
    for number in 0..TO.len() {
        for forwards in [true, false] {
            let five = Five::new();
            let point = format!("`{}` refuses", TO[number]);
            let rotate = five.rotate().stderr_has("; the new key `ci` is not lost: ");
            let stderr = refusing(&five, number, || rotate.exit(10)).stderr;
            let mut expected = [OLD; 5];
            expected[..number].fill(NEW);
            assert_eq!(five.held(), expected, "{point}: {stderr}");
            five.keeps_promise(&point);
            // Each is named with its state.
            let told = &five.unfinished()[0];
            let deliveries: Vec<&str> = steps(told)
                .into_iter()
                .filter(|(name, _)| name.starts_with("deliver to "))
                .map(|(_, state)| state)
                .collect();
            let mut states = ["pending"; 5];
            states[..number].fill("done");
            states[number] = "started";
            assert_eq!(deliveries, states, "{point}");
            if forwards {
                recover(&five, true, &point);
                five.ends_with(NEW, &point);
                continue;
            }
            let Stopped { code, stderr, .. } =
                five.run(&["rotations", "undo", "-y"]).stopped_before(None);
            assert_eq!(code, Some(0), "{point}: {stderr}");
            five.ends_with(OLD, &point);
            restored_backwards(&stderr, number);
        }
    }
}

/// The places that were written are named in the reverse order.
#[track_caller]
fn restored_backwards(said: &str, written: usize) {
    let names = [".env", "ci.key", "keyring:", "shelf:", "github:"];
    let lines: Vec<&str> = said.lines().collect();
    let at = |name: &str| {
        let is_about = |line: &&str| {
            line.starts_with(&format!("restored the previous value of `{name}"))
                || line.contains(name) && !line.contains("left unchanged")
        };
        lines.iter().position(is_about)
    };
    let order: Vec<Option<usize>> = names[..written].iter().map(|name| at(name)).collect();
    assert!(order.iter().all(Option::is_some), "{said}");
    assert!(order.is_sorted_by(|one, next| one > next), "{said}");
}

#[test]
fn undo_of_all_names_unread_place() {
    let five = Five::new();
    let ended = five.rotate().args(["--grace", "1h"]).stopped_before(None);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(five.held(), [NEW; 5]);
    let Stopped { code, stderr, .. } = five.run(&["rotations", "undo", "-y"]).stopped_before(None);
    assert_eq!(code, Some(0), "{stderr}");
    let unread = "`github:octo/app#API_KEY` could not be read before: it holds the old key now\n";
    assert!(stderr.contains(unread), "{stderr}");
    restored_backwards(&stderr, 5);
    five.ends_with(OLD, "undone");
    let restored = five.shop.home.read("work/.env").unwrap();
    assert_eq!(restored, format!("A=1\nKEY={OLD} # ours\nB=2\n"));
}

#[test]
fn place_edited_before_write_keeps_edit() {
    let five = Five::new();
    five.world.borrow_mut().edits = true;
    let Stopped { code, stderr, .. } = five.rotate().stopped_before(None);
    assert_eq!(code, Some(10), "{stderr}");
    assert!(
        stderr.contains("it was changed since it was read, and nothing was written"),
        "{stderr}"
    );
    assert_eq!(five.held(), [NEW, NEW, NEW, OLD, OLD]);
    assert_eq!(five.world.borrow().slots["6"], "of somebody else");
    recover(&five, true, "edited");
    five.ends_with(NEW, "edited");
    assert_eq!(five.world.borrow().slots["6"], "of somebody else");
}

#[test]
fn undo_leaves_later_value_with_notice() {
    let five = Five::new();
    let ended = five.rotate().args(["--grace", "1h"]).stopped_before(None);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    {
        let mut world = five.world.borrow_mut();
        world.slots["7"] = json!("of somebody else");
        world.revision += 1;
    }
    let Stopped { code, stderr, .. } = five.run(&["rotations", "undo", "-y"]).stopped_before(None);
    assert_eq!(code, Some(0), "{stderr}");
    let left = format!("`{SHELF}` does not hold the new key: left unchanged\n");
    assert!(stderr.contains(&left), "{stderr}");
    assert_eq!(five.held(), [OLD, OLD, OLD, "of somebody else", OLD]);
}
