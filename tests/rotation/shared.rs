//! Rotations whose state machines share: any of them goes on, and the log tells of all.

use std::rc::Rc;
use std::sync::Arc;

use keywright::platform::HttpTransport;
use serde_json::{Value, json};

use super::*;
use crate::support::engine::{EngineFault, FakeEngine};
use crate::support::http::{FakeTransport, answer};

/// The answer to a creation, with `SCHATZI_KEY`.
const CREATED: &str = r#"{"id":"k2","name":"ci","key":"sk-fake-schatzi-0000000000000001"}"#;

/// Two machines that manage the same keys, each with credentials of its own.
pub(super) struct Team {
    pub(super) engine: Arc<FakeEngine>,
    pub(super) one: Shop,
    pub(super) two: TestEnv,
}

impl Team {
    pub(super) fn new() -> Self {
        let engine: Arc<FakeEngine> = Arc::default();
        let server = Server::new();
        let machines = [TestEnv::sharing(&engine), TestEnv::sharing(&engine)];
        for machine in &machines {
            let login = jwt_of();
            machine.log_in("schatzi", &server.url(), &[token(&login, 400 * 86_400)]);
        }
        let [home, two] = machines;
        engine.take_requests();
        Team {
            engine,
            one: Shop { server, home },
            two,
        }
    }

    /// The names of the documents in a folder of the engine.
    pub(super) fn documents(&self, folder: &str) -> Vec<String> {
        self.engine.names(&format!("team/{folder}/"))
    }

    /// Leaves a rotation unfinished whose new key is kept and not delivered.
    fn interrupted(&self) -> String {
        let http = FakeTransport::answering(move |request| {
            let path = request.url.path();
            Ok(if request.method == "POST" {
                answer(201, CREATED)
            } else if path == "/v1/models" {
                answer(500, "")
            } else {
                answer(200, json!([listed("k1", "ci")]).to_string())
            })
        });
        self.one
            .rotate(&["--to", "file:target.key", "--timeout", "5s"])
            .http(http)
            .stderr_has("keywright rotations resume")
            .exit(10);
        let id = self.documents("rotations").remove(0);
        id.rsplit_once('/').unwrap().1.to_owned()
    }
}

#[test]
fn shared_rotation_leaves_only_log() {
    let team = Team::new();
    team.one.rotates();
    let rotated = team.one.rotate(&["--to", "file:target.key", "-q"]);
    rotated.exit(0);
    assert_eq!(
        team.one.home.read("work/target.key").unwrap(),
        format!("{SCHATZI_KEY}\n")
    );
    for folder in ["rotations", "secrets", "late"] {
        assert!(team.documents(folder).is_empty(), "{folder}");
    }
    assert_eq!(team.documents("log").len(), 1);
    assert!(team.one.home.read("state/delivered.json").is_none());
}

/// The requests to the engine of one rotation: of the lock 3, of the lists of unfinished rotations 2, of what is
/// remembered of keys 2, of shared credentials 1, of the record 6, of the log 1.
const REQUESTS: usize = 15;

#[test]
fn rotation_sends_few_engine_requests() {
    let team = Team::new();
    let home = &team.one.home;
    home.write("work/target.key", "sk-fake-schatzi-before\n");
    private(home, "work/target.key");
    let count = |less: usize| {
        team.one.rotates();
        team.one.rotate(&["--to", "file:target.key", "-q"]).exit(0);
        let asked = team.engine.take_requests();
        assert_eq!(asked.len(), REQUESTS - less, "{asked:#?}");
    };
    count(0);
    // The machine knows the version of the lock that it gave back.
    forget_memory(&team.engine);
    count(1);
}

/// The requests to the engine of a look at keys that are not due.
fn asked_for<const COUNT: usize>(names: [&str; COUNT]) -> Vec<String> {
    let team = Team::new();
    let home = &team.one.home;
    for name in names {
        home.write(&format!("work/{name}.key"), "fake-value-of-a-file\n");
        private(home, &format!("work/{name}.key"));
    }
    let entry = "rotate_every = \"4000d\"\ndestinations";
    let entries = names.map(|name| format!("[keys.{name}]\n{entry} = [\"file:{name}.key\"]\n"));
    home.project("work/keywright.toml", entries.concat());
    let keys = names.map(|name| listed(name, name));
    team.one.listed(&keys);
    home.run(["keys", "rotate", "--due", "--repair", "-y"])
        .stderr_has("was not delivered from here")
        .exit(0);
    team.engine.take_requests()
}

#[test]
fn repair_reads_journal_once() {
    let (one, three) = (asked_for(["a"]), asked_for(["a", "b", "c"]));
    assert_eq!(one.len(), three.len(), "{one:#?} {three:#?}");
}

/// Lets the same key be rotated again: what is remembered of it is gone.
fn forget_memory(engine: &FakeEngine) {
    engine.edit("team/delivered", "\"id\":\"k1\"", "\"id\":\"k0\"");
}

#[test]
fn shared_login_costs_few_requests() {
    let team = Team::new();
    let home = &team.one.home;
    home.run(["profiles", "move", "--store", "vault", "-q"])
        .exit(0);
    team.engine.take_requests();
    team.one.rotates();
    team.one.rotate(&["--to", "file:target.key", "-q"]).exit(0);
    let asked = team.engine.take_requests();
    // The token of the profile is read in addition.
    assert_eq!(asked.len(), REQUESTS + 1, "{asked:#?}");
}

#[test]
fn lock_of_other_machine_is_read() {
    let team = Team::new();
    team.one.rotates();
    team.one.rotate(&["--to", "file:target.key", "-q"]).exit(0);
    forget_memory(&team.engine);
    // The version that the first machine remembers is not the latest any more.
    team.one.rotates();
    team.two
        .run([
            "keys",
            "rotate",
            "ci",
            "-y",
            "--to",
            "file:target.key",
            "-q",
        ])
        .exit(0);
    forget_memory(&team.engine);
    team.one.rotates();
    team.one.rotate(&["--to", "file:target.key", "-q"]).exit(0);
    assert_eq!(team.documents("log").len(), 3);
}

#[test]
fn long_previous_value_stands_beside_record() {
    let team = Team::new();
    let home = &team.one.home;
    let before = "x".repeat(40_000);
    home.write("work/target.key", &before);
    private(home, "work/target.key");
    team.one.expect_old_key_listed().created().verified();
    let asks = ["--to", "file:target.key", "--grace", "1d", "-q"];
    team.one.rotate(&asks).exit(0);
    let texts = team.engine.texts();
    assert_eq!(team.documents("secrets").len(), 1, "{texts:?}");
    team.one
        .listed(&[listed("k1", "ci"), listed("k2", "ci")])
        .revoked("k2");
    let id = team.documents("rotations").remove(0);
    let id = id.rsplit_once('/').unwrap().1.to_owned();
    team.two.run(["rotations", "undo", &id, "-y", "-q"]).exit(0);
    assert_eq!(home.read("work/target.key").unwrap(), before);
    assert!(team.documents("secrets").is_empty());
}

#[test]
fn other_machine_resumes_rotation() {
    let team = Team::new();
    let id = team.interrupted();
    let listed = team.two.run(["rotations", "list", "--json"]);
    let listed = listed.stdout_has(&id).exit(0).json();
    assert!(listed[0]["began_by"]["host"].is_string(), "{listed}");
    assert!(listed[0].get("held_by").is_none(), "{listed}");
    team.one.verified().expect_verify_and_revoke("k1");
    team.two.run(["rotations", "resume", &id, "-q"]).exit(0);
    let delivered = team.one.home.read("work/target.key");
    assert_eq!(delivered.unwrap(), format!("{SCHATZI_KEY}\n"));
    for machine in [&team.one.home, &team.two] {
        machine
            .run(["rotations"])
            .expect_stderr(messages::NOTHING_UNFINISHED)
            .exit(0);
    }
}

#[test]
fn other_machine_aborts_rotation() {
    let team = Team::new();
    let id = team.interrupted();
    team.one
        .listed(&[listed("k1", "ci"), listed("k2", "ci")])
        .revoked("k2");
    team.two
        .run(["rotations", "abort", &id, "-y", "-q"])
        .exit(0);
    assert!(team.documents("secrets").is_empty());
    let log = team.one.home.run(["rotations", "log", "--json"]);
    let log = log.stdout_has("abandoned").exit(0).json();
    let last = log.as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (last["event"].as_str(), last["key"].as_str()),
        (Some("abandoned"), Some("k2"))
    );
}

#[test]
fn file_of_other_machine_stays() {
    let team = Team::new();
    let id = team.interrupted();
    let name = format!("team/rotations/{id}");
    let (from, to) = (r#"\"host\":\""#, r#"\"host\":\"another-"#);
    team.engine.edit(&name, from, to);
    team.one.verified();
    team.two
        .run(["rotations", "resume", "-q"])
        .stderr_has("target.key` is on `another-")
        .stderr_has("where the rotation was begun")
        .exit(10);
}

#[test]
fn paused_machine_creates_key_once() {
    let team = Team::new();
    let clock = Arc::clone(&team.one.home.clock);
    // The machine sleeps while the answer is on the way, for longer than its lease.
    let http = FakeTransport::answering(move |request| {
        Ok(if request.method == "GET" {
            answer(200, json!([listed("k1", "ci")]).to_string())
        } else {
            clock.pass(600);
            answer(201, CREATED)
        })
    });
    team.one
        .rotate(&["--to", "file:target.key"])
        .http(http)
        .stderr_has("no longer holds `rotations/")
        .exit(10);
    assert!(team.one.home.read("work/target.key").is_none());
    // The other machine waits for a whole lease of its own, and then finds the answer.
    team.two
        .run(["rotations", "resume"])
        .stderr_has("` in `kv/team` of OpenBao/Vault at")
        .exit(6);
    team.two.clock.pass(60);
    team.one.listed(&[listed("k1", "ci"), listed("k2", "ci")]);
    team.one.verified().expect_verify_and_revoke("k1");
    team.two.run(["rotations", "resume", "-q"]).exit(0);
    let delivered = team.one.home.read("work/target.key");
    assert_eq!(delivered.unwrap(), format!("{SCHATZI_KEY}\n"));
    assert!(team.documents("late").is_empty() && team.documents("secrets").is_empty());
}

/// The transport of the first machine, which sleeps for longer than its lease while it lists the key of that id. Another
/// machine may have rotated it by then.
fn sleeping_while_listing(team: &Team, id: &'static str) -> Rc<dyn HttpTransport> {
    let clock = Arc::clone(&team.one.home.clock);
    FakeTransport::answering(move |request| {
        assert_eq!(request.method, "GET", "{}", request.url);
        clock.pass(600);
        Ok(answer(200, json!([listed(id, "ci")]).to_string()))
    })
}

/// Nothing is left of a command that noticed in time that it no longer holds the lock of the keys.
fn is_untouched(team: &Team) {
    for folder in ["rotations", "secrets", "late"] {
        assert!(team.documents(folder).is_empty(), "{folder}");
    }
}

const CHANGED_MEANWHILE: &str = "another machine may have changed the keys of the profile `schatzi` since they were listed\n  because: this process no longer holds `locks/schatzi.rotation`";

#[test]
fn paused_lister_creates_no_key() {
    let project = "[keys.ci]\nrotate_every = \"30d\"\ndestinations = [\"file:target.key\"]\n";
    for which in ["ci", "--due"] {
        let team = Team::new();
        team.one.home.project("work/keywright.toml", project);
        let rotates = ["keys", "rotate", which, "-y"];
        team.one
            .home
            .run(rotates)
            .http(sleeping_while_listing(&team, "k1"))
            .stderr_has(CHANGED_MEANWHILE)
            .exit(6);
        is_untouched(&team);
        assert!(team.one.home.read("work/target.key").is_none());
    }
}

#[test]
fn paused_lister_repairs_nothing() {
    let team = Team::new();
    let home = &team.one.home;
    let to = ["--to", "file:same.key", "--to", "file:gone.key", "-q"];
    team.one.rotates();
    team.one.rotate(&to).exit(0);
    std::fs::remove_file(home.path().join("work/gone.key")).unwrap();
    home.project(
        "work/keywright.toml",
        "[keys.ci]\nrotate_every = \"4000d\"\ndestinations = [\"file:same.key\", \"file:gone.key\"]\n",
    );
    home.run(["keys", "rotate", "--due", "--repair", "-y"])
        .http(sleeping_while_listing(&team, "k2"))
        .stderr_has(CHANGED_MEANWHILE)
        .exit(6);
    is_untouched(&team);
    assert!(home.read("work/gone.key").is_none());
}

#[test]
fn sealed_engine_begins_nothing() {
    let team = Team::new();
    team.engine.fails(EngineFault::Sealed, usize::MAX);
    team.one
        .rotate(&["--to", "file:target.key"])
        .stderr_has("error: OpenBao/Vault at `http://127.0.0.1:8200` is sealed\n")
        .exit(9);
    assert_eq!(team.one.server.seen().len(), 0);
}

#[test]
fn answer_survives_failing_engine() {
    let team = Team::new();
    let engine = Arc::clone(&team.engine);
    let http = FakeTransport::answering(move |request| {
        Ok(if request.method == "GET" {
            answer(200, json!([listed("k1", "ci")]).to_string())
        } else if request.url.path().ends_with("/create/") {
            engine.fails(EngineFault::Sealed, usize::MAX);
            answer(201, CREATED)
        } else {
            answer(500, "")
        })
    });
    team.one
        .rotate(&["--to", "file:target.key"])
        .http(http)
        .stderr_has("is sealed")
        .exit(10);
    team.engine.fails(EngineFault::Sealed, 0);
    // The lease could not be given back; it expires.
    let listed = team.one.home.run(["rotations"]);
    listed.stdout_has("20261120-").exit(0);
    team.one.home.clock.pass(60);
    team.one.verified().expect_verify_and_revoke("k1");
    team.one.home.run(["rotations", "resume", "-q"]).exit(0);
    let delivered = team.one.home.read("work/target.key");
    assert_eq!(delivered.unwrap(), format!("{SCHATZI_KEY}\n"));
}

#[test]
fn edited_log_is_named() {
    let team = Team::new();
    team.one.rotates();
    team.one.rotate(&["--to", "file:target.key", "-q"]).exit(0);
    let log = team.two.run(["rotations", "log", "--json"]);
    let log: Value = log.stdout_has("intended").exit(0).json();
    let events: Vec<&str> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["event"].as_str().unwrap())
        .collect();
    assert_eq!(events.first(), Some(&"intended"), "{events:?}");
    assert_eq!(events.last(), Some(&"done"), "{events:?}");
    let name = team.documents("log").remove(0);
    team.engine.edit(&name, "sk-***...0000", "sk-***...9999");
    team.two
        .run(["rotations", "log", "--since", "1h", "-q"])
        .stdout_has("intended")
        .stderr_has("was changed at line 1 after it was written\n")
        .exit(1);
}

#[test]
fn local_log_shows_cut_end() {
    let shop = Shop::new();
    shop.rotates();
    shop.rotate(&["--to", "file:target.key", "-q"]).exit(0);
    shop.rotations(&["log"]).stdout_has("k1").exit(0);
    let folder = shop.home.state().join("log");
    let path = keywright::platform::files::list(&folder, "log")
        .unwrap()
        .remove(0);
    let text = keywright::platform::files::read_text(&path)
        .unwrap()
        .unwrap();
    let cut = text.trim_end().rsplit_once('\n').unwrap().0;
    let name = path
        .strip_prefix(shop.home.path())
        .unwrap()
        .to_str()
        .unwrap();
    shop.home.write(name, format!("{cut}\n"));
    shop.rotations(&["log", "-q"])
        .stdout_has("revoked")
        .stderr_has("was changed at its end after it was written\n")
        .exit(1);
}

#[test]
fn state_moves_to_engine() {
    let engine: Arc<FakeEngine> = Arc::default();
    let shop = Shop::new();
    shop.rotates();
    shop.rotate(&["--to", "file:target.key", "-q"]).exit(0);
    let events = |home: &TestEnv| {
        let log = home.run(["rotations", "log", "--json"]);
        let log = log.stdout_has("done").exit(0).json();
        log.as_array().unwrap().len()
    };
    let count = events(&shop.home);
    let there = shop.home.clone().with_engine(&engine);
    there
        .run(["state", "move", "vault:kv/team"])
        .expect_stderr(
            "the state is in `kv/team` of OpenBao/Vault at `http://127.0.0.1:8200` now; 1 records of the log were moved\n",
        )
        .exit(0);
    assert!(engine.names("team/log/").len() == 1 && events(&there) == count);
    let config = there.read("config/config.toml").unwrap();
    assert!(
        config.contains("[state]\nvault = \"vault:kv/team\"\n"),
        "{config}"
    );
    let log = keywright::platform::files::list(&shop.home.state().join("log"), "log");
    assert!(log.unwrap().is_empty());
    there
        .run(["state"])
        .stdout_has("`kv/team` of OpenBao/Vault")
        .exit(0);
}
