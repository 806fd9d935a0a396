//! Rotations whose engine fails, or whose machine dies, at each of their requests: another run finishes them, no key is
//! made twice, and none is left that nobody knows of.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use keywright::platform::{HttpTransport, TransportError};

use super::shared::Team;
use super::*;
use crate::support::engine::{EngineFault, FakeEngine};
use crate::support::http::{FakeTransport, answer};

/// A key of the service.
#[derive(Clone)]
pub(super) struct MadeKey {
    pub(super) id: String,
    pub(super) secret: String,
    works: bool,
}

/// Schatzi, with one key `ci`.
#[derive(Clone, Default)]
pub(super) struct Schatzi {
    pub(super) keys: Rc<RefCell<Vec<MadeKey>>>,
    /// Says whether the answer to the next creation is lost.
    pub(super) loses: Rc<Cell<bool>>,
}

impl Schatzi {
    fn new() -> Self {
        let new = Schatzi::default();
        new.make();
        new
    }

    fn make(&self) -> MadeKey {
        let mut keys = self.keys.borrow_mut();
        let number = keys.len() + 1;
        keys.push(MadeKey {
            id: format!("k{number}"),
            secret: format!("sk-fake-schatzi-{number:016}"),
            works: true,
        });
        keys.last().unwrap().clone()
    }

    pub(super) fn made(&self) -> usize {
        self.keys.borrow().len() - 1
    }

    pub(super) fn working(&self) -> Vec<MadeKey> {
        let keys = self.keys.borrow();
        keys.iter().filter(|key| key.works).cloned().collect()
    }

    /// The network of a machine: its requests to this service fail in turn with those to the engine.
    fn http(&self, engine: &Arc<FakeEngine>) -> Rc<dyn HttpTransport> {
        let (service, engine) = (self.clone(), Arc::clone(engine));
        FakeTransport::answering(move |request| {
            let lost = || TransportError::Uncertain("the connection broke".to_owned());
            match engine.next_fault_elsewhere() {
                Some(EngineFault::LosesAnswer) => {
                    service.answer(request);
                    Err(lost())
                }
                Some(EngineFault::LosesRequest) => Err(lost()),
                Some(_) => Err(TransportError::NotSent("connection refused".to_owned())),
                None if request.url.path().ends_with("/create/") && service.loses.take() => {
                    service.answer(request);
                    Err(lost())
                }
                None => Ok(service.answer(request)),
            }
        })
    }

    fn answer(
        &self,
        request: &keywright::platform::HttpRequest,
    ) -> keywright::platform::HttpResponse {
        let path = request.url.path();
        if path.ends_with("/create/") {
            let key = self.make();
            let shown = json!({ "id": key.id, "name": "ci", "key": key.secret });
            return answer(201, shown.to_string());
        }
        if let Some(id) = path.strip_suffix("/revoke/") {
            let mut keys = self.keys.borrow_mut();
            let mut there = keys.iter_mut().filter(|key| key.works);
            let Some(key) = there.find(|key| id.ends_with(&format!("/{}", key.id))) else {
                return answer(404, r#"{"error":{"message":"no such key"}}"#);
            };
            key.works = false;
            return answer(204, "");
        }
        if path == "/v1/models" {
            let sent = format!(
                "{:?}",
                request
                    .headers
                    .iter()
                    .map(keywright::platform::Header::as_line)
                    .collect::<Vec<_>>()
            );
            let works = self.working().iter().any(|key| sent.contains(&key.secret));
            return answer(if works { 200 } else { 401 }, r#"{"data":[]}"#);
        }
        let shown = self.working().into_iter().map(|key| {
            json!({ "id": key.id, "name": "ci", "key": format!("sk-***...{}", &key.secret[key.secret.len() - 4..]), "is_active": true, "created_at": "2026-11-20T12:00:00Z" })
        });
        answer(200, Value::Array(shown.collect()).to_string())
    }
}

/// A team, and the service whose keys it rotates.
pub(super) struct Play {
    pub(super) team: Team,
    pub(super) service: Schatzi,
}

impl Play {
    pub(super) fn new() -> Self {
        let team = Team::new();
        let name = team
            .one
            .home
            .write("work/target.key", "sk-fake-schatzi-0000000000000001\n");
        assert!(name.exists());
        private(&team.one.home, "work/target.key");
        Play {
            team,
            service: Schatzi::new(),
        }
    }

    pub(super) fn on(&self, machine: &TestEnv, words: &[&str]) -> Run {
        machine
            .run(words)
            .args(["-y", "-q", "--timeout", "5s"])
            .http(self.service.http(&self.team.engine))
    }

    fn rotates(&self) -> Run {
        let words = ["keys", "rotate", "ci", "--to", "file:target.key"];
        self.on(&self.team.one.home, &words)
    }

    /// Everything is well again, and every lease over.
    fn heals(&self) {
        self.heals_in(1000);
    }

    /// Everything is well again after so many seconds.
    pub(super) fn heals_in(&self, seconds: i64) {
        self.team.engine.fails(EngineFault::Sealed, 0);
        for machine in [&self.team.one.home, &self.team.two] {
            machine.clock.pass(seconds);
        }
    }

    /// Lets a machine finish what is unfinished.
    #[track_caller]
    fn is_finished_by(&self, machine: &TestEnv, at: &str) {
        self.is_finished_within(1000, machine, at);
    }

    /// Lets a machine finish what is unfinished, with so many seconds between its runs.
    #[track_caller]
    fn is_finished_within(&self, seconds: i64, machine: &TestEnv, at: &str) {
        for _ in 0..4 {
            if self.team.documents("rotations").is_empty() {
                break;
            }
            let ended = self.on(machine, &["rotations", "resume"]);
            let (code, _) = ended.stderr_has("").exit_any();
            assert!(matches!(code, 0 | 6 | 10), "{at}: {code}");
            machine.clock.pass(seconds);
        }
        let left = self.team.documents("rotations");
        assert!(left.is_empty(), "{at}: {left:?}");
        for folder in ["secrets", "late"] {
            let left = self.team.documents(folder);
            assert!(left.is_empty(), "{at}: {left:?}");
        }
        let working = self.service.working();
        assert_eq!(working.len(), 1, "{at}");
        let there = self.team.one.home.read("work/target.key").unwrap();
        assert_eq!(there.trim(), working[0].secret, "{at}");
        assert!(self.service.made() <= 1, "{at}");
        let log = machine.run(["rotations", "log", "--json"]).json();
        let told = |key: &MadeKey| log.as_array().unwrap().iter().any(|it| it["key"] == key.id);
        for key in self.service.keys.borrow().iter().skip(1) {
            assert!(told(key), "{at}: the log does not name {}: {log:#}", key.id);
        }
    }
}

/// The most requests of a rotation to engine and service that a test counts on.
const MOST: usize = 40;

#[test]
fn brief_engine_failures_go_unnoticed() {
    let faults = [
        (EngineFault::LosesAnswer, 1),
        (EngineFault::LosesRequest, 1),
        (EngineFault::Limited, 2),
        (EngineFault::Upgrades, 2),
        (EngineFault::Refuses, 2),
    ];
    for (fault, times) in faults {
        let mut hits = 0;
        for count in 0..MOST {
            let play = Play::new();
            play.team.engine.fails_after(count, fault, times);
            play.rotates().exit(0);
            if !play.team.engine.has_failed() {
                break;
            }
            hits += 1;
            play.heals();
            play.is_finished_by(&play.team.two, &format!("{fault:?} after {count}"));
            assert_eq!(play.service.made(), 1);
        }
        assert!((10..MOST).contains(&hits), "{fault:?}: {hits}");
    }
}

#[test]
fn lasting_engine_failure_is_recovered() {
    for fault in [
        EngineFault::Sealed,
        EngineFault::Refuses,
        EngineFault::Limited,
    ] {
        let mut hits = 0;
        for count in 0..MOST {
            let play = Play::new();
            let engine = &play.team.engine;
            engine.fails_after(count, fault, usize::MAX);
            let rotated = play.rotates().stderr_has("");
            let (code, done) = rotated.exit_any();
            if !engine.has_failed() {
                assert_eq!(code, 0);
                break;
            }
            hits += 1;
            let at = format!("{fault:?} after {count}: {code}\n{}", done.stderr);
            let begun = play.service.made() > 0;
            let may_end = if begun { [0, 10] } else { [9, 9] };
            assert!(may_end.contains(&code), "{at}");
            if code != 0 {
                assert!(done.stderr.contains("OpenBao/Vault at"), "{at}");
            }
            play.heals();
            play.is_finished_by(&play.team.one.home, &at);
        }
        assert!((10..MOST).contains(&hits), "{fault:?}: {hits}");
    }
}

#[test]
fn dead_machine_is_followed_up() {
    for last in [EngineFault::LosesRequest, EngineFault::LosesAnswer] {
        let mut hits = 0;
        for count in 0..MOST {
            let play = Play::new();
            let engine = &play.team.engine;
            engine.dies_after(count, last);
            let (code, _) = play.rotates().stderr_has("").exit_any();
            if !engine.has_failed() {
                assert_eq!(code, 0);
                break;
            }
            hits += 1;
            play.heals();
            play.is_finished_by(&play.team.two, &format!("{last:?} after {count}"));
        }
        assert!((15..MOST).contains(&hits), "{last:?}: {hits}");
    }
}

/// The most seconds that a lease lasts after the last sign of its holder.
const LEASE: i64 = 60;

#[test]
fn dead_resumer_is_followed_up() {
    for last in [EngineFault::LosesRequest, EngineFault::LosesAnswer] {
        let mut hits = 0;
        for count in 0..MOST {
            let play = Play::new();
            let engine = &play.team.engine;
            play.service.loses.set(true);
            play.rotates()
                .stderr_has(crate::support::messages::SECRET_LOST)
                .exit(10);
            assert_eq!(play.service.made(), 1);
            engine.dies_after(count, last);
            let resumed = play.on(&play.team.two, &["rotations", "resume"]);
            let (code, _) = resumed.stderr_has("").exit_any();
            if !engine.has_failed() {
                assert_eq!(code, 0);
                break;
            }
            hits += 1;
            // A key that is gone is not waited for: the record says that it was found.
            let at = format!("{last:?} after {count}");
            play.heals_in(LEASE);
            play.is_finished_within(LEASE, &play.team.one.home, &at);
        }
        assert!((8..MOST).contains(&hits), "{last:?}: {hits}");
    }
}
