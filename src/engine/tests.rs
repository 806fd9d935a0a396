mod logins;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::*;
use crate::core::error::{Error, Kind};
use crate::doubles::clock::FakeClock;
use crate::doubles::engine::{EngineFault, FakeEngine, variables};
use crate::doubles::terminal::FakeTerminal;
use crate::platform::{Clock, Env};

/// One machine, whose clock the test moves.
struct Machine {
    engine: Engine,
    clock: Arc<FakeClock>,
    folder: Rc<tempfile::TempDir>,
}

fn machine(at: &Arc<FakeEngine>) -> Machine {
    process(at, Rc::new(tempfile::tempdir().unwrap()), "")
}

/// A process of the machine with this folder, whose number belongs to `space`.
fn process(at: &Arc<FakeEngine>, folder: Rc<tempfile::TempDir>, space: &str) -> Machine {
    machine_in(at, folder, space, variables())
}

/// As [`process`], with these variables.
fn machine_in<'v>(
    at: &Arc<FakeEngine>,
    folder: Rc<tempfile::TempDir>,
    space: &str,
    variables: impl IntoIterator<Item = (&'v str, &'v str)>,
) -> Machine {
    let env = variables.into_iter().chain([("USER", "ada")]);
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let clock = Arc::new(FakeClock::new());
    let mut platform = crate::doubles::platform(folder.path(), Env::new(env));
    platform.clock = Arc::clone(&clock) as Arc<dyn Clock>;
    platform.processes = Arc::new(Elsewhere(space.to_owned()));
    let log = Log::new(std::rc::Rc::new(FakeTerminal::default()), false, false);
    let settings = Settings::of(&platform).unwrap().unwrap();
    Machine {
        engine: Engine::new(&platform, &log, settings, Arc::clone(at) as _),
        clock,
        folder,
    }
}

/// Processes of which nothing is known here.
struct Elsewhere(String);

impl crate::platform::Processes for Elsewhere {
    fn host(&self) -> String {
        "runner".to_owned()
    }

    fn own(&self) -> (u32, String) {
        (1, self.0.clone())
    }

    fn is_gone(&self, _: &Holder) -> bool {
        false
    }
}

fn text(text: &str) -> Secret {
    Secret::new(text)
}

/// Takes the lease of `lock`; `None` if another process holds it.
fn hold(machine: &Machine) -> Option<Rc<dyn SharedLease>> {
    match machine.engine.try_hold("lock", Some(&text(""))).unwrap() {
        Hold::Held(lease) => Some(lease),
        Hold::Elsewhere(_) => None,
        Hold::Missing => unreachable!("it is created"),
    }
}

#[test]
fn write_needs_current_version() {
    let at = Arc::default();
    let (one, two) = (machine(&at).engine, machine(&at).engine);
    assert_eq!(one.write("a", &text("1"), 0).unwrap(), Some(1));
    assert_eq!(two.write("a", &text("2"), 0).unwrap(), None);
    assert_eq!(two.write("a", &text("2"), 1).unwrap(), Some(2));
    let found = one.read("a").unwrap().unwrap();
    assert_eq!((found.text.expose(), found.version), ("2", 2));
    one.write("folder/b", &text(""), 0).unwrap();
    assert_eq!(two.list("folder").unwrap(), ["b"]);
    assert!(two.remove("folder/b").unwrap() && !two.remove("folder/b").unwrap());
    assert!(one.list("folder").unwrap().is_empty());
}

#[test]
fn lost_answer_is_read_back() {
    let at: Arc<FakeEngine> = Arc::default();
    let one = machine(&at).engine;
    at.fails(EngineFault::LosesAnswer, 1);
    assert_eq!(one.write("a", &text("1"), 0).unwrap(), Some(1));
    assert_eq!(
        at.take_requests(),
        ["POST kv/data/team/a", "GET kv/data/team/a"]
    );
    at.fails(EngineFault::LosesRequest, 1);
    assert_eq!(one.write("a", &text("2"), 1).unwrap(), Some(2));
    let asked = at.take_requests();
    let post = "POST kv/data/team/a";
    assert_eq!(asked, [post, "GET kv/data/team/a", post]);
}

#[test]
fn server_behind_shows_own_writes() {
    let at: Arc<FakeEngine> = Arc::default();
    let one = machine(&at).engine;
    at.is_behind();
    for version in 1..=3 {
        let content = version.to_string();
        one.write("folder/a", &text(&content), version - 1).unwrap();
        let found = one.read("folder/a").unwrap().unwrap();
        assert_eq!(
            (found.text.expose(), found.version),
            (content.as_str(), version)
        );
        assert_eq!(one.list("folder").unwrap(), ["a"]);
    }
    one.discard("folder/a").unwrap();
    assert!(one.read("folder/a").unwrap().is_none());
}

#[test]
fn engine_failures_are_told_apart() {
    for (fault, said) in [
        (EngineFault::Sealed, "is sealed"),
        (
            EngineFault::Denies("POST"),
            "refused to write `kv/data/team/a`",
        ),
    ] {
        let at: Arc<FakeEngine> = Arc::default();
        let one = machine(&at).engine;
        at.fails(fault, 1);
        let error = one.write("a", &text("1"), 0).unwrap_err();
        assert_eq!(error.kind(), Kind::Store);
        let message = error.message();
        assert!(
            message.contains("http://127.0.0.1:8200") && message.contains(said),
            "{error}"
        );
        assert_eq!(at.take_requests().len(), 1);
    }
    let at: Arc<FakeEngine> = Arc::default();
    let one = machine(&at).engine;
    at.fails(EngineFault::Denies("POST"), 1);
    let error = one.write("a", &text("1"), 0).unwrap_err();
    let wanted = "path \"kv/data/team/a\" { capabilities = [\"create\"] }";
    assert!(error.hints()[0].contains(wanted), "{:?}", error.hints());
    for (version, fault) in [EngineFault::Limited, EngineFault::Upgrades]
        .into_iter()
        .enumerate()
    {
        at.fails(fault, 2);
        let version = u64::try_from(version).unwrap();
        let written = one.write("a", &text("1"), version).unwrap();
        assert_eq!(written, Some(version + 1));
    }
}

#[test]
fn lease_has_one_holder() {
    let at = Arc::default();
    let (one, two) = (machine(&at), machine(&at));
    let held = hold(&one).unwrap();
    assert!(hold(&two).is_none());
    let holder = two.engine.read("lock").unwrap().unwrap().holder.unwrap();
    assert_eq!(holder.actor.to_string(), "ada@runner");
    held.replace(&text("body"), Duration::ZERO).unwrap();
    let fence = held.fence();
    drop(held);
    let next = hold(&two).unwrap();
    assert!(next.fence() > fence);
    assert_eq!(next.text().expose(), "body");
    next.remove().unwrap();
    assert!(one.engine.read("lock").unwrap().is_none());
}

#[test]
fn paused_holder_begins_nothing() {
    let at = Arc::default();
    let (one, two) = (machine(&at), machine(&at));
    let held = hold(&one).unwrap();
    assert!(hold(&two).is_none());
    // The clocks of two machines are not compared: each counts its own intervals.
    two.clock.pass(21);
    let next = hold(&two).unwrap();
    assert!(next.fence() > held.fence());
    one.clock.pass(21);
    for refused in [
        held.check(Duration::ZERO),
        held.replace(&text("late"), Duration::ZERO),
    ] {
        assert_eq!(refused.map_err(|error| error.kind()), Err(Kind::Uncertain));
    }
    drop(held);
    next.check(Duration::ZERO).unwrap();
    assert_eq!(next.text().expose(), "");
}

#[test]
fn wait_outlasts_pid_namespace() {
    let at = Arc::default();
    let one = machine(&at);
    let _held = hold(&one).unwrap();
    let first = process(&at, Rc::new(tempfile::tempdir().unwrap()), "boot pid:[1]");
    assert!(hold(&first).is_none());
    let second = process(&at, Rc::clone(&first.folder), "boot pid:[2]");
    second.clock.pass(21);
    let _next = hold(&second).unwrap();
    assert!(hold(&first).is_none());
    let restarted = process(&at, Rc::clone(&first.folder), "other pid:[1]");
    restarted.clock.pass(99);
    assert!(hold(&restarted).is_none());
}

#[test]
fn paused_holder_without_successor_stops() {
    let at = Arc::default();
    let one = machine(&at);
    let held = hold(&one).unwrap();
    one.clock.pass(21);
    let refused: Result<(), Error> = held.check(Duration::ZERO);
    assert_eq!(refused.unwrap_err().kind(), Kind::Uncertain);
}

#[test]
fn lease_outlives_the_effect() {
    let at: Arc<FakeEngine> = Arc::default();
    let (one, two) = (machine(&at), machine(&at));
    let held = hold(&one).unwrap();
    at.take_requests();
    held.check(Duration::from_secs(10)).unwrap();
    assert!(at.take_requests().is_empty());
    one.clock.pass(15);
    held.check(Duration::from_secs(300)).unwrap();
    assert_eq!(at.take_requests(), ["POST kv/data/team/lock"]);
    assert!(hold(&two).is_none());
    two.clock.pass(300);
    assert!(hold(&two).is_none());
    one.clock.pass(300);
    held.check(Duration::ZERO).unwrap();
}

#[test]
fn second_new_document_is_refused() {
    let engine: Arc<FakeEngine> = Arc::default();
    let (one, two) = (machine(&engine), machine(&engine));
    let hold_new = |machine: &Machine, words: &str| {
        let lease = machine.engine.hold_new("rotations/1", &text(words));
        lease.unwrap()
    };
    let (first, second) = (hold_new(&one, "first"), hold_new(&two, "second"));
    first.replace(&text("first"), Duration::ZERO).unwrap();
    let error = second.replace(&text("second"), Duration::ZERO).unwrap_err();
    assert_eq!(error.kind(), Kind::Conflict);
    drop(second);
    let there = two.engine.read("rotations/1").unwrap().unwrap();
    assert_eq!(there.plain(), "first");
    first.check(Duration::ZERO).unwrap();
}
