//! The call that creates a key answers with its id; a second call brings the secret.

use std::cell::RefCell;
use std::rc::Rc;

use keywright::platform::HttpRequest;
use serde_json::{Value, json};

use super::{bearer_of, events, is_clean, only_id};
use crate::support::home::{TestEnv, key};
use crate::support::http::{FakeTransport, answer};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Server, Wanted, delete, get, post};

const KILN: &str = include_str!("../manifests/kiln.toml");
const OWN: &str = "kn_fake-own-00000000000000001";
const NEW: &str = "kn_fake-new-00000000000000002";

/// Kiln, whose second call only reads if `reads`, and a machine that manages its keys.
struct Kiln {
    server: Server,
    home: TestEnv,
    reads: bool,
}

/// The manifest, whose second call only reads if `reads`.
fn manifest(reads: bool) -> String {
    if !reads {
        return KILN.to_owned();
    }
    let posted = "{ method = \"POST\", path = \"/vaults";
    assert!(KILN.contains(posted));
    KILN.replace(posted, "{ method = \"GET\", path = \"/vaults")
        .replace(
            "POST https://kiln.example.com/vaults",
            "GET https://kiln.example.com/vaults",
        )
}

impl Kiln {
    fn new(reads: bool) -> Kiln {
        let (server, home) = (Server::new(), TestEnv::new());
        home.write("config/providers/kiln.toml", manifest(reads));
        home.log_in("kiln", &server.url(), &[key(OWN)]);
        Kiln {
            server,
            home,
            reads,
        }
    }

    fn expect(&self, wanted: Wanted, answer: Answer) {
        self.server.expect(wanted.bearer(OWN)).answer(answer);
    }

    fn listed(&self, keys: &Value) {
        self.expect(get("/keys"), server::json(200, keys));
    }

    /// The key `2` is created.
    fn created(&self) {
        let creation = post("/keys").json(&json!({ "name": "ci" }));
        let created = json!({ "id": 2, "name": "ci", "vault": "v1" });
        self.expect(creation, server::json(201, &created));
    }

    /// The second call is answered so.
    fn secret(&self, answer: Answer) {
        let path = "/vaults/v1/keys/2/secrets";
        let wanted = if self.reads { get(path) } else { post(path) };
        self.expect(wanted, answer);
    }

    /// The new key is asked whether it works.
    fn verified(&self) {
        self.server
            .expect(get("/whoami").bearer(NEW))
            .answer(server::json(200, &json!({ "name": "ci" })));
    }

    fn create(&self) -> Run {
        self.home
            .run(["keys", "create", "ci", "--to", "file:ci.key"])
    }

    fn rotations(&self, args: &[&str]) -> Run {
        let id = only_id(&self.home);
        self.home
            .run(["rotations"])
            .args([args[0], &id])
            .args(&args[1..])
    }
}

fn secret() -> Answer {
    server::json(201, &json!({ "secret": NEW }))
}

#[test]
fn create_second_call_brings_secret() {
    let kiln = Kiln::new(false);
    kiln.listed(&json!([]));
    kiln.created();
    kiln.secret(secret());
    kiln.create()
        .expect_stderr(messages::delivered("file:[home]/work/ci.key"))
        .exit(0);
    assert_eq!(kiln.home.read("work/ci.key"), Some(format!("{NEW}\n")));
    is_clean(&kiln.home);
}

#[test]
fn rotate_second_call_brings_secret() {
    let kiln = Kiln::new(false);
    let keys = json!([{ "id": 1, "name": "ci" }, { "id": 9, "name": "own" }]);
    kiln.listed(&keys);
    kiln.created();
    kiln.secret(secret());
    kiln.verified();
    kiln.verified();
    kiln.expect(delete("/keys/1"), server::empty(204));
    kiln.home
        .run(["keys", "rotate", "1", "-y", "--to", "file:ci.key"])
        .expect_stderr(
            messages::delivered("file:[home]/work/ci.key")
                + &messages::revoked_old("ci")
                + &messages::rotated("ci"),
        )
        .exit(0);
    assert_eq!(kiln.home.read("work/ci.key"), Some(format!("{NEW}\n")));
    is_clean(&kiln.home);
}

#[test]
fn lost_secret_that_reads_is_fetched() {
    for status in [403, 404] {
        let kiln = Kiln::new(true);
        kiln.listed(&json!([]));
        kiln.created();
        kiln.secret(server::json(status, &json!({ "error": "not yet" })));
        kiln.create()
            .stderr_has(
                "a key was created, and the call that brings its secret failed: kiln refused",
            )
            .stderr_has("to fetch the secret: keywright rotations resume")
            .stderr_has("to give the key up: keywright rotations abort")
            .exit(10);
        assert_eq!(
            events(&kiln.home),
            [["intended", "sending", "created", "lost"]]
        );
        kiln.secret(secret());
        kiln.verified();
        kiln.rotations(&["resume"]).stderr_has("delivered").exit(0);
        assert_eq!(kiln.home.read("work/ci.key"), Some(format!("{NEW}\n")));
        is_clean(&kiln.home);
    }
}

#[test]
fn lost_secret_new_key_is_reported() {
    for answer in [
        server::hang_up(),
        server::json(403, &json!({ "error": "no" })),
    ] {
        let kiln = Kiln::new(false);
        kiln.listed(&json!([]));
        kiln.created();
        kiln.secret(answer);
        kiln.create()
            .stderr_has("a key was created, but its secret did not arrive")
            .stderr_has("`ci` (2) is new, and its secret did not arrive; to revoke it: keywright rotations resume")
            .exit(10);
        assert_eq!(
            events(&kiln.home),
            [["intended", "sending", "created", "lost"]]
        );
        kiln.expect(delete("/keys/2"), server::empty(204));
        kiln.rotations(&["resume", "-y"])
            .expect_stderr(messages::revoked_lost("ci"))
            .exit(0);
        is_clean(&kiln.home);
    }
}

#[test]
fn abort_names_key_without_secret() {
    let kiln = Kiln::new(false);
    kiln.listed(&json!([]));
    kiln.created();
    kiln.secret(server::hang_up());
    kiln.create().stderr_has("did not arrive").exit(10);
    kiln.rotations(&["abort", "-y"])
        .stderr_has("the key `ci` may be the lost one; revoke it: keywright keys revoke 2")
        .exit(0);
    is_clean(&kiln.home);
}

#[test]
fn unreadable_second_answer_is_shown_raw() {
    let kiln = Kiln::new(false);
    kiln.listed(&json!([]));
    kiln.created();
    let renamed = json!({ "secret_v2": NEW });
    kiln.secret(server::json(201, &renamed));
    kiln.create()
        .stderr_has("a key was created, and the answer that holds its secret cannot be read")
        .stderr_has("the answer is kept, encrypted; to see it: keywright rotations show")
        .exit(10);
    let shown = kiln.rotations(&["show", "--raw", "--json"]);
    let shown = shown
        .stderr_has("answered with 201 at 2026-11-20 12:00:00 UTC")
        .json();
    assert!(shown["body"].as_str().unwrap().contains("v1"), "{shown}");
    assert_eq!(shown["after"][0]["body"], renamed.to_string());
    // Its manifest is corrected, and nothing is sent but the test of the key.
    let corrected = KILN
        .replace("\"/secret\"", "\"/secret_v2\"")
        .replace("{\"secret\":", "{\"secret_v2\":");
    kiln.home.write("config/providers/kiln.toml", corrected);
    kiln.verified();
    kiln.rotations(&["resume"]).stderr_has("delivered").exit(0);
    assert_eq!(kiln.home.read("work/ci.key"), Some(format!("{NEW}\n")));
    is_clean(&kiln.home);
}

/// The service as requests change it, behind a wire that a killed process leaves.
#[derive(Default)]
struct World {
    /// Set while the key `2` is there.
    has_key: bool,
    /// The secrets that the second call has handed out; the last one works.
    secrets: Vec<String>,
    reads: bool,
}

impl World {
    fn serve(&mut self, request: &HttpRequest) -> (u16, Value) {
        let key =
            json!({ "id": 2, "name": "ci", "vault": "v1", "created_at": "2026-11-20T12:00:00Z" });
        match (request.method.as_str(), request.url.path()) {
            ("GET", "/keys") if self.has_key => (200, json!([key])),
            ("GET", "/keys") => (200, json!([])),
            ("POST", "/keys") => {
                assert!(!self.has_key, "the creation was sent twice");
                self.has_key = true;
                (201, key)
            }
            ("GET" | "POST", "/vaults/v1/keys/2/secrets") => {
                if !self.reads || self.secrets.is_empty() {
                    let number = self.secrets.len();
                    self.secrets.push(format!("kn_fake-made-{number:017}"));
                }
                (200, json!({ "secret": self.secrets.last() }))
            }
            ("GET", "/whoami") if self.works(&bearer_of(request)) => (200, json!({ "name": "ci" })),
            ("GET", "/whoami") => (401, json!({ "error": "no" })),
            ("DELETE", "/keys/2") => {
                self.has_key = false;
                (204, Value::Null)
            }
            other => panic!("unexpected request: {other:?}"),
        }
    }

    fn works(&self, secret: &str) -> bool {
        self.has_key && self.secrets.last().is_some_and(|last| last == secret)
    }
}

/// A machine that manages the keys of a world.
struct Machine {
    home: TestEnv,
    world: Rc<RefCell<World>>,
}

impl Machine {
    fn new(reads: bool) -> Machine {
        let home = TestEnv::new();
        home.write("config/providers/kiln.toml", manifest(reads));
        home.log_in("kiln", "http://127.0.0.1:9", &[key(OWN)]);
        let world = World {
            reads,
            ..World::default()
        };
        Machine {
            home,
            world: Rc::new(RefCell::new(world)),
        }
    }

    fn run(&self, args: &[&str]) -> Run {
        let world = Rc::clone(&self.world);
        let http = FakeTransport::answering(move |request| {
            let (status, body) = world.borrow_mut().serve(request);
            Ok(answer(status, body.to_string()))
        });
        self.home.run(args).http(http).any_stderr()
    }

    /// Finishes what is unfinished, as somebody would who reads what is said.
    fn recover(&self) {
        for _ in 0..3 {
            let unfinished = self.run(&["rotations", "--json"]).json();
            if unfinished.as_array().unwrap().is_empty() {
                return;
            }
            self.run(&["rotations", "resume", "-y"])
                .any_stdout()
                .exit_any();
            // A list is believed after a quarter of an hour.
            self.home.clock.pass(16 * 60);
        }
        panic!("it is never finished");
    }
}

#[test]
fn kept_second_answer_survives_any_kill() {
    const CREATE: [&str; 5] = ["keys", "create", "ci", "--to", "file:ci.key"];
    for reads in [false, true] {
        let whole = Machine::new(reads).run(&CREATE).stopped_before(None);
        assert_eq!(whole.code, Some(0), "{}", whole.stderr);
        let (mut lost, mut fetched) = (Vec::new(), 0);
        for number in 1..=whole.calls.len() {
            let machine = Machine::new(reads);
            let stopped = machine.run(&CREATE).stopped_before(Some(number));
            assert_eq!(stopped.code, None, "{number}");
            let made = machine.world.borrow().secrets.len();
            machine.recover();
            let world = machine.world.borrow();
            let there = machine.home.read("work/ci.key").unwrap_or_default();
            let is_delivered = world.works(there.trim_end());
            // No key is left that nobody knows of, and no call is made twice that may not be.
            assert_eq!(world.has_key, is_delivered, "{number}: {there}");
            assert!(world.secrets.len() <= 1, "{number}: {:?}", world.secrets);
            if made > 0 && !is_delivered {
                lost.push(stopped.calls.last().unwrap().clone());
            }
            fetched += usize::from(is_delivered);
            is_clean(&machine.home);
        }
        // A call that only reads is made again; of another one, the response has to reach the disk.
        let answer = |call: &&String| call.contains(".answer");
        let in_between = if reads { 0 } else { lost.len() };
        assert_eq!(lost.len(), in_between, "{lost:?}");
        assert_eq!(lost.iter().filter(answer).count(), lost.len(), "{lost:?}");
        assert!(lost.len() <= 2, "{lost:?}");
        assert!(
            fetched > whole.calls.len() / 3,
            "{fetched}: {:?}",
            whole.calls
        );
    }
}

#[test]
fn resumed_second_answer_survives_any_kill() {
    for number in 1.. {
        let machine = Machine::new(false);
        let create = ["keys", "create", "ci", "--to", "file:ci.key"];
        // The response to the creation is on disk, and nothing followed.
        let whole = Machine::new(false).run(&create).stopped_before(None);
        let kept = whole
            .calls
            .iter()
            .position(|call| call.contains("Sync") && call.contains(".answer"));
        let after = whole.calls.iter().skip(kept.unwrap() + 1);
        let created =
            kept.unwrap() + 2 + after.take_while(|call| !call.contains(".answer")).count();
        machine.run(&create).stopped_before(Some(created));
        assert_eq!(machine.world.borrow().secrets.len(), 0);
        let resumed = machine
            .run(&["rotations", "resume", "-y"])
            .stopped_before(Some(number));
        machine.recover();
        let world = machine.world.borrow();
        let there = machine.home.read("work/ci.key").unwrap_or_default();
        assert_eq!(world.has_key, world.works(there.trim_end()), "{number}");
        assert!(world.secrets.len() <= 1, "{number}: {:?}", world.secrets);
        if resumed.code.is_some() {
            return;
        }
    }
}
