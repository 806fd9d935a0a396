//! Rotations whose engine fails, or whose machine dies, at each of their requests: another run finishes them, no key is
//! made twice, and none is left that nobody knows of.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use keywright::platform::{HttpTransport, TransportError};

use super::shared::Team;
use super::*;
use crate::support::doubles::point;
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
    keys: Arc<Mutex<Vec<MadeKey>>>,
    /// Says whether the answer to the next creation is lost.
    loses: Arc<AtomicBool>,
}

impl Schatzi {
    fn new() -> Self {
        let new = Schatzi::default();
        new.make();
        new
    }

    fn make(&self) -> MadeKey {
        let mut keys = self.keys.lock().unwrap();
        let number = keys.len() + 1;
        keys.push(MadeKey {
            id: format!("k{number}"),
            secret: format!("sk-fake-schatzi-{number:016}"),
            works: true,
        });
        keys.last().unwrap().clone()
    }

    /// The keys that were made since the first one.
    pub(super) fn made(&self) -> Vec<MadeKey> {
        self.keys.lock().unwrap()[1..].to_vec()
    }

    pub(super) fn working(&self) -> Vec<MadeKey> {
        let keys = self.keys.lock().unwrap();
        keys.iter().filter(|key| key.works).cloned().collect()
    }

    /// From now on the answer to the next creation is lost, or it is not.
    pub(super) fn loses(&self, loses: bool) {
        self.loses.store(loses, Ordering::Relaxed);
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
                None if request.url.path().ends_with("/create/")
                    && service.loses.swap(false, Ordering::Relaxed) =>
                {
                    service.answer(request);
                    Err(lost())
                }
                None => {
                    let answered = service.answer(request);
                    point::reach("response");
                    Ok(answered)
                }
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
            let mut keys = self.keys.lock().unwrap();
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
        assert!(self.service.made().len() <= 1, "{at}");
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
        let log = machine.run(["rotations", "log", "--json"]).json();
        let told = |key: &MadeKey| log.as_array().unwrap().iter().any(|it| it["key"] == key.id);
        for key in self.service.made() {
            assert!(
                told(&key),
                "{at}: the log does not name {}: {log:#}",
                key.id
            );
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
            assert_eq!(play.service.made().len(), 1);
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
            let begun = !play.service.made().is_empty();
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
            play.service.loses(true);
            play.rotates()
                .stderr_has(crate::support::messages::SECRET_LOST)
                .exit(10);
            assert_eq!(play.service.made().len(), 1);
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
            assert_eq!(play.service.made().len(), 1, "{at}");
        }
        assert!((8..MOST).contains(&hits), "{last:?}: {hits}");
    }
}

impl Play {
    /// Lets another machine rotate the same key, which waits for the leases of the first one to expire.
    fn is_rotated_elsewhere(&self) -> impl FnOnce() + Send + 'static {
        let engine = Arc::clone(&self.team.engine);
        let (service, url) = (self.service.clone(), self.team.one.server.url());
        let target = self.team.one.home.path().join("work/target.key");
        move || {
            let machine = TestEnv::sharing(&engine);
            let login = jwt_of();
            machine.log_in("schatzi", &url, &[token(&login, 400 * 86_400)]);
            let target = format!("file:{}", target.display());
            for _ in 0..4 {
                let rotated = machine
                    .run(["keys", "rotate", "ci", "--to", &target])
                    .args(["-y", "-q", "--timeout", "5s"])
                    .http(service.http(&engine));
                let (code, done) = rotated.stderr_has("").exit_any();
                assert!(matches!(code, 0 | 6 | 10), "{code}: {}", done.stderr);
                if code == 0 {
                    return;
                }
                machine.clock.pass(LEASE);
            }
        }
    }
}

/// At each call of a rotation its machine is paused, another one rotates the same key, and the first one wakes up. One
/// key works afterwards, and stands at its destination.
#[test]
fn paused_machine_harms_no_rotation() {
    let mut hits = 0;
    for count in 0_usize.. {
        let play = Play::new();
        let clock = Arc::clone(&play.team.one.home.clock);
        let elsewhere = Cell::new(Some(play.is_rotated_elsewhere()));
        let left = Cell::new(count);
        let paused_at = Rc::new(Cell::new(""));
        let at = Rc::clone(&paused_at);
        point::set(Some(Rc::new(move |call| {
            if call != "now" && left.replace(left.get().wrapping_sub(1)) == 0 {
                at.set(call);
                clock.pass(600);
                let meanwhile = elsewhere.take().unwrap();
                std::thread::spawn(meanwhile).join().unwrap();
            }
            false
        })));
        let (code, done) = play.rotates().stderr_has("").exit_any();
        point::set(None);
        if paused_at.get().is_empty() {
            assert_eq!(code, 0);
            break;
        }
        hits += 1;
        let at = format!("call {count}, {}: {code}\n{}", paused_at.get(), done.stderr);
        assert!(matches!(code, 0 | 6 | 10), "{at}");
        play.heals();
        play.is_finished_within(1000, &play.team.two, &at);
        assert!(play.service.made().len() <= 2, "{at}");
    }
    assert!(hits >= 30, "{hits}");
}
