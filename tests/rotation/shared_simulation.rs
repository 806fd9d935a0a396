//! Two machines that share their state, drawn from a seed: their commands die at any effect, are paused for longer than
//! their lease, or meet an engine or a service that fails. Then everything heals, what is unfinished is finished, and the
//! promise is looked at.
//!
//! `KEYWRIGHT_SHARED_SEED=n` replays a seed, and `KEYWRIGHT_SHARED_SEEDS=n` plays so many.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use super::shared_failures::Play;
use super::*;
use crate::simulation::number;
use crate::simulation::rng::Rng;
use crate::support::clock::FakeClock;
use crate::support::doubles::point;
use crate::support::engine::{EngineFault, FakeEngine};

/// The number of seeds that a test run tries.
const SEEDS: u64 = 60;

/// Seeds above those at which the promise was broken once.
const BROKEN_ONCE: &[u64] = &[1140];

/// More effects than a command makes, so that some come to no harm.
const EFFECTS: u64 = 70;

/// More requests than a command makes.
const REQUESTS: u64 = 30;

/// The seconds of a pause: longer than any lease.
const NAP: i64 = 100;

/// The number of attempts to finish what is begun.
const PATIENCE: usize = 8;

/// The value with which a process that dies unwinds.
struct Killed;

/// The bad luck of a command.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    Nothing,
    /// It dies before its effect of that number: on the disk, of a request, or on stdout.
    Dies(u64),
    /// It is stopped before it, and goes on later.
    Pauses(u64),
    /// The request of that number ends so, and no further one leaves the machine.
    Silenced(usize, EngineFault),
    /// After so many requests the engine fails so often.
    EngineFails(usize, EngineFault, usize),
    /// The service loses its answer to a creation.
    AnswerLost,
}

impl Trouble {
    fn draw(rng: &mut Rng) -> Self {
        let passing = [
            EngineFault::LosesAnswer,
            EngineFault::LosesRequest,
            EngineFault::Limited,
        ];
        let lasting = [EngineFault::Sealed, EngineFault::Refuses];
        let request = |rng: &mut Rng| usize::try_from(rng.below(REQUESTS)).unwrap();
        match rng.below(12) {
            0 | 1 => Trouble::Nothing,
            2..=5 => Trouble::Dies(rng.below(EFFECTS)),
            6 | 7 => Trouble::Pauses(rng.below(EFFECTS)),
            8 => Trouble::Silenced(request(rng), rng.pick(&passing[..2])),
            9 => Trouble::EngineFails(request(rng), rng.pick(&passing), 1),
            10 => Trouble::EngineFails(request(rng), rng.pick(&lasting), usize::MAX),
            _ => Trouble::AnswerLost,
        }
    }
}

/// A command as a process.
struct Process {
    trouble: Trouble,
    /// The number of effects before the one that was drawn.
    left: Cell<Option<u64>>,
    is_dead: Cell<bool>,
    rng: RefCell<Rng>,
    clock: Arc<FakeClock>,
    engine: Arc<FakeEngine>,
}

impl Process {
    /// Counts an effect, before which it may die or be stopped; returns whether it is dead, and makes none any more.
    fn reach(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.and_then(|left| left.checked_sub(1)));
        if left == Some(0) {
            match self.trouble {
                Trouble::Dies(_) => {
                    self.is_dead.set(true);
                    self.engine.fails(EngineFault::Refuses, usize::MAX);
                    resume_unwind(Box::new(Killed));
                }
                _ => self.clock.pass(NAP),
            }
        }
        self.is_dead.get()
    }
}

impl FaultInjector for Process {
    fn before(&self, _: DiskEffect, _: &Path) -> Injected {
        if self.reach() {
            return Injected::Fail(io::Error::other("the process is dead"));
        }
        Injected::Proceed
    }

    fn pause(&self, time: Duration) {
        self.clock.pass_exactly(time.try_into().unwrap());
    }

    fn random(&self, bytes: &mut [u8]) {
        self.rng.borrow_mut().fill(bytes);
    }
}

/// One seed.
struct Drawn {
    play: Play,
    rng: Rng,
    /// Every command, with its trouble and its end.
    course: Vec<String>,
    /// Everything that was said on stderr.
    said: String,
}

impl Drawn {
    /// Runs a command on one of the machines; `None` if it died.
    fn run(&mut self, words: &[&str], trouble: Trouble) -> Option<u8> {
        let team = &self.play.team;
        let number = self.rng.below(2);
        let machine = [&team.one.home, &team.two][usize::from(number == 1)];
        let process = Rc::new(Process {
            trouble,
            left: Cell::new(match trouble {
                Trouble::Dies(effect) | Trouble::Pauses(effect) => Some(effect),
                _ => None,
            }),
            is_dead: Cell::default(),
            rng: RefCell::new(self.rng.fork()),
            clock: Arc::clone(&machine.clock),
            engine: Arc::clone(&team.engine),
        });
        match trouble {
            Trouble::Silenced(after, last) => team.engine.dies_after(after, last),
            Trouble::EngineFails(after, fault, times) => {
                team.engine.fails_after(after, fault, times);
            }
            Trouble::AnswerLost => self.play.service.loses(true),
            _ => {}
        }
        let reached = Rc::clone(&process);
        point::set(Some(Rc::new(move |call| call != "now" && reached.reach())));
        fault::set(Some(process));
        let run = || self.play.on(machine, words).stderr_has("").exit_any();
        let ended = catch_unwind(AssertUnwindSafe(run));
        point::set(None);
        fault::set(None);
        self.play.service.loses(false);
        self.play.heals_in(0);
        let (code, stderr) = match ended {
            Ok((code, done)) => (Some(code), done.stderr),
            Err(payload) if payload.is::<Killed>() => (None, "killed".to_owned()),
            Err(payload) => {
                let course = self.course.join("\n");
                panic!(
                    "{course}\n{words:?} on machine {number}, {trouble:?}: {:?}",
                    payload.downcast_ref::<String>()
                );
            }
        };
        let line = format!("{words:?} on machine {number}, {trouble:?}: {code:?}\n{stderr}");
        self.said.push_str(&stderr);
        self.course.push(line);
        code
    }

    fn is_unfinished(&self) -> bool {
        !self.play.team.documents("rotations").is_empty()
    }

    /// Up to five commands with time in between; then everything heals, and is finished.
    fn play(&mut self) {
        // One place that both machines reach.
        let place = self.play.team.one.home.path().join("work/target.key");
        let to = format!("file:{}", place.display());
        let rotate = &["keys", "rotate", "ci", "--to", &to][..];
        let resume = &["rotations", "resume"][..];
        for _ in 0..=self.rng.below(5) {
            let words = match self.rng.below(9) {
                _ if !self.is_unfinished() => rotate,
                0..=4 => resume,
                5 | 6 => &["rotations", "abort"],
                7 => &["rotations", "undo"],
                _ => rotate,
            };
            let trouble = Trouble::draw(&mut self.rng);
            let code = self.run(words, trouble);
            let is_usual = code.is_none_or(|code| [0, 2, 5, 6, 8, 9, 10].contains(&code));
            self.holds(is_usual, "an odd exit code");
            self.play.heals_in(self.rng.pick(&[0, 5, 60, 1000]));
        }
        self.play.heals_in(1000);
        for _ in 0..PATIENCE {
            if !self.is_unfinished() {
                break;
            }
            self.run(resume, Trouble::Nothing);
            self.play.heals_in(1000);
        }
        self.is_kept();
    }

    #[track_caller]
    fn holds(&self, it: bool, what: &str) {
        assert!(it, "{what}:\n{}", self.course.join("\n"));
    }

    /// A key that works stands at the destination, and no other is left that nobody was told of; nothing was sent twice.
    fn is_kept(&self) {
        let team = &self.play.team;
        for folder in ["rotations", "secrets", "late"] {
            let left = team.documents(folder);
            self.holds(left.is_empty(), &format!("{left:?} is left"));
        }
        let there = team.one.home.read("work/target.key").unwrap();
        let working = self.play.service.working();
        let stands = working.iter().any(|key| key.secret == there.trim());
        self.holds(stands, "the key at the destination does not work");
        for key in &working {
            let is_told = key.secret == there.trim() || self.said.contains(&key.id);
            self.holds(is_told, &format!("{} works, and was not named", key.id));
        }
        let log = team.two.run(["rotations", "log", "--json"]).json();
        let log = log.as_array().unwrap();
        let sent = log.iter().filter(|entry| entry["event"] == "sending");
        self.holds(
            self.play.service.made().len() <= sent.count(),
            "a call was sent twice",
        );
        for key in self.play.service.made() {
            let is_logged = log.iter().any(|entry| entry["key"] == key.id);
            let is_told = is_logged || self.said.contains(&key.id);
            self.holds(is_told, &format!("the log does not name {}", key.id));
        }
    }
}

#[test]
fn shared_promise_holds_at_every_seed() {
    let one = number("KEYWRIGHT_SHARED_SEED");
    let count = number("KEYWRIGHT_SHARED_SEEDS").unwrap_or(SEEDS);
    let all = one.map_or(0..count, |seed| seed..seed + 1);
    let broken = BROKEN_ONCE.iter().copied().filter(|_| one.is_none());
    for seed in all.chain(broken) {
        let mut drawn = Drawn {
            play: Play::new(),
            rng: Rng::new(seed),
            course: vec![format!("KEYWRIGHT_SHARED_SEED={seed}")],
            said: String::new(),
        };
        drawn.play();
    }
}
