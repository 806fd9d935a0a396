//! The course of one seed: a service, a person, and up to six commands with time, trouble and other people in
//! between; then everything heals, what is unfinished is finished, and the promise is looked at.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use super::habits::{Habits, Shape, Weather};
use super::neighbour::Neighbour;
use super::person::{Person, by_hand};
use super::place::{Command, Ending, Place};
use super::process::{Plan, Process, Turns};
use super::promise;
use super::rng::Rng;
use super::service::{ROOT, Service, Who};
use super::trace::Trace;
use crate::support::clock::FakeClock;
use crate::support::keychain::FakeKeychain;

/// The purpose of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Verb {
    Rotate,
    Create,
    Lease,
    Resume,
    Abort,
    Undo,
    Token,
    Refresh,
    Login,
    /// The keys of the project that are due are rotated.
    Due,
    /// The neighbour's keys are listed.
    Beside,
    /// All keys are listed.
    Everywhere,
}

impl Verb {
    /// The number of times that it may make a request that may be made once only.
    pub(super) fn may_send(self, call: &str) -> u64 {
        match (self, call) {
            (Verb::Rotate | Verb::Create | Verb::Lease | Verb::Due, "create")
            | (Verb::Rotate, "rotate") => 1,
            // A token that is refused is got anew once, and the call repeated.
            (_, "exchange" | "refresh") => 2,
            _ => 0,
        }
    }
}

/// A command that ran.
pub(super) struct Done {
    pub(super) verb: Verb,
    pub(super) number: usize,
    pub(super) ending: Ending,
    /// Says whether it was stopped before the answer to its one call was on the disk.
    pub(super) too_early: bool,
    /// Says whether anything was wrong with it but the service.
    pub(super) plan: Plan,
}

/// One seed.
pub(super) struct Scenario {
    pub(super) place: Place,
    pub(super) rng: Rng,
    pub(super) shape: Shape,
    /// Says whether the key that is rotated is the one that logs in.
    pub(super) own: bool,
    /// The destination whose key is rotated.
    pub(super) to: &'static str,
    pub(super) done: Vec<Done>,
    pub(super) trace: Trace,
    pub(super) states: BTreeSet<u64>,
    /// Every text that has stood at a destination after a command.
    pub(super) stood: BTreeSet<String>,
    pub(super) grace: bool,
    /// Says whether a rotation waits for a proof of disuse.
    retires: bool,
    /// Values that are drawn here move nothing else.
    pub(super) rare: Rng,
}

/// The identity that opens the encrypted file, where there is one; drawn once, for nothing depends on it.
fn identity() -> String {
    use age::secrecy::ExposeSecret;
    static IDENTITY: OnceLock<String> = OnceLock::new();
    let draw = || {
        age::x25519::Identity::generate()
            .to_string()
            .expose_secret()
            .to_owned()
    };
    IDENTITY.get_or_init(draw).clone()
}

const MANIFEST: &str = include_str!("acme.toml");
const ROTATES: &str = include_str!("acme-rotate.toml");
const BOLT: &str = include_str!("bolt.toml");

/// The number of seeds in a thousand at which a rotation waits for a proof of disuse, where keys stand side by side.
const RETIRES: u64 = 120;

impl Scenario {
    /// Everything as it is before the first command.
    pub(super) fn new(seed: u64, folder: PathBuf, trace: &Trace) -> Self {
        let mut rng = Rng::new(seed);
        let shape = rng.weighted(&[
            (5, Shape::Overlap),
            (2, Shape::Atomic),
            (2, Shape::Replace),
            (1, Shape::Manual),
        ]);
        let habits = Habits::draw(&mut rng);
        trace.say(|| format!("seed {seed}: {shape:?}, {habits:?}"));
        let service = Service::new(shape, habits, rng.fork(), trace);
        let own = match shape {
            Shape::Overlap => rng.chance(300),
            Shape::Atomic => rng.chance(500),
            Shape::Replace | Shape::Manual => true,
        };
        let mut env = vec![(
            "KEYWRIGHT_BASE_URL".to_owned(),
            "https://api.acme.example.com".to_owned(),
        )];
        let file_store = rng.chance(120);
        if file_store {
            env.push(("KEYWRIGHT_STORE".to_owned(), "file".to_owned()));
            env.push(("KEYWRIGHT_STORE_KEY".to_owned(), identity()));
        }
        let to = rng.pick(&["file:target.key", "dotenv:app.env#KEY"]);
        let syncs_folders = !rng.chance(100);
        trace.say(|| format!("  folders can be synced: {syncs_folders}"));
        let place = Place {
            folder,
            clock: Arc::new(FakeClock::simulated()),
            keychain: Arc::new(FakeKeychain::default()),
            service: Arc::new(Mutex::new(service)),
            env,
            to,
            syncs_folders,
            neighbour: Arc::new(Mutex::new(Neighbour::default())),
        };
        let mut scenario = Scenario {
            place,
            shape,
            own,
            to,
            rng,
            done: Vec::new(),
            trace: trace.clone(),
            states: BTreeSet::new(),
            stood: BTreeSet::new(),
            grace: false,
            retires: shape == Shape::Overlap && Rng::new(seed.rotate_left(32)).chance(RETIRES),
            rare: Rng::new(!seed),
        };
        scenario.furnish();
        scenario
    }

    fn provider(&self) -> &'static str {
        match self.shape {
            Shape::Overlap | Shape::Atomic => "acme",
            Shape::Replace => "sieve",
            Shape::Manual => "siesta",
        }
    }

    /// A key at its destination, and a login.
    fn furnish(&mut self) {
        let strategy = match self.shape {
            Shape::Atomic => "atomic",
            _ => "overlap",
        };
        let mut manifest = MANIFEST.replace("STRATEGY", strategy);
        if self.shape == Shape::Atomic {
            manifest.push_str(ROTATES);
        }
        if self.retires {
            manifest = self.shows_uses(&manifest);
        }
        if self.provider() == "acme" {
            self.place.write("config/providers/acme.toml", &manifest);
        }
        let now = self.place.now();
        let secret = {
            let mut service = self.place.service.lock().unwrap();
            let ends = [None, None, Some(now + 5000), Some(now + 200_000)];
            let ends = self.rng.pick(&ends);
            let old = service.make(now - 100_000, "ci", Who::Before, true, ends);
            service.keys[old].secret.clone()
        };
        self.place.write("work/target.key", &format!("{secret}\n"));
        let forms = [
            ("KEY=", "\n"),
            ("# of the app\nA=1\nexport KEY=\"", "\" # old\nB='x y'\n"),
            ("A=1\r\nKEY='", "'\r\n"),
        ];
        let (before, behind) = self.rng.pick(&forms);
        let text = format!("{before}{secret}{behind}");
        self.place.write("work/app.env", &text);
        self.stood.extend(promise::values_at_destinations(self));
        let logs_in_with = if self.own { secret.as_str() } else { ROOT };
        if !self.own && self.rng.chance(300) {
            let place = &mut self.place.env;
            place.push(("KEYWRIGHT_PROVIDER".to_owned(), "acme".to_owned()));
            place.push(("KEYWRIGHT_API_KEY".to_owned(), ROOT.to_owned()));
            return;
        }
        let mut args = vec!["login", self.provider(), "--with-key", "--base-url"];
        args.push("https://api.acme.example.com");
        if self.shape == Shape::Manual {
            args.extend(["--set", "org_id=org-1"]);
        }
        self.log_in(&args, logs_in_with);
    }

    /// Logs in while everything goes well.
    fn log_in(&mut self, args: &[&str], with: &str) {
        let habits = self.place.service.lock().unwrap().habits.clone();
        self.place.service.lock().unwrap().habits = Habits::good();
        let stdin = Some(with.to_owned());
        let ending = self.command(
            Verb::Login,
            args,
            stdin,
            Weather::Fine,
            Person::Nobody,
            Plan::default(),
        );
        assert_eq!(ending.code, Some(0), "{}", ending.stderr);
        self.place.service.lock().unwrap().habits = habits;
    }

    /// Logs in to another service, too.
    fn furnish_beside(&mut self) {
        self.place.write("config/providers/bolt.toml", BOLT);
        let env = self.place.env.clone();
        self.place
            .env
            .retain(|(name, _)| name.starts_with("KEYWRIGHT_STORE"));
        let key = self.place.neighbour.lock().unwrap().key.clone();
        self.log_in(&["login", "bolt", "--with-key"], &key);
        self.place.env = env;
    }

    /// Runs one command by itself.
    pub(super) fn command(
        &mut self,
        verb: Verb,
        args: &[&str],
        stdin: Option<String>,
        weather: Weather,
        person: Person,
        plan: Plan,
    ) -> Ending {
        let command = self.prepared(verb, args, stdin, weather, person);
        let number = command.number;
        let process = self.process(plan.clone(), None);
        let ending = self.place.run(command, &process);
        self.ended((verb, number), &ending, plan, &process);
        ending
    }

    pub(super) fn prepared(
        &mut self,
        verb: Verb,
        args: &[&str],
        stdin: Option<String>,
        weather: Weather,
        person: Person,
    ) -> Command {
        self.trace.say(|| {
            let at = self.place.now() - crate::support::clock::NOON_SECONDS;
            let person = if person.is_there() {
                ", a person there"
            } else {
                ""
            };
            format!(
                "  at {at} s: keywright {} ({weather:?}{person})",
                args.join(" ")
            )
        });
        let now = self.place.now();
        let makes = match verb {
            Verb::Create if args.contains(&"app") => Some("app"),
            Verb::Rotate | Verb::Create | Verb::Due => Some("ci"),
            _ => None,
        };
        let mut args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        args.push("-v".to_owned());
        Command {
            args,
            stdin,
            number: self
                .place
                .service
                .lock()
                .unwrap()
                .command(now, verb == Verb::Abort, makes),
            in_line: matches!(verb, Verb::Rotate | Verb::Due),
            weather,
            person,
        }
    }

    pub(super) fn process(
        &mut self,
        plan: Plan,
        turns: Option<(Arc<Turns>, usize)>,
    ) -> Arc<Process> {
        let place = self.place.clone();
        Process::new(
            plan,
            self.rng.fork(),
            &self.place,
            &self.trace,
            turns,
            Box::new(move || {
                let now = place.now();
                place.service.lock().unwrap().elsewhere(now);
            }),
        )
    }

    pub(super) fn ended(
        &mut self,
        (verb, number): (Verb, usize),
        ending: &Ending,
        plan: Plan,
        process: &Process,
    ) {
        self.trace.say(|| {
            let said = format!("{}{}", ending.stdout, ending.stderr);
            let said: Vec<&str> = said
                .lines()
                .filter(|line| !line.starts_with(['<', '>', '*']))
                .collect();
            format!(
                "  -> {:?} after {} calls\n      | {}",
                ending.code,
                process.reached(),
                said.join("\n      | ")
            )
        });
        let broken = plan.breaks_the_disk();
        self.done.push(Done {
            verb,
            number,
            ending: ending.clone(),
            too_early: process.died_too_early(),
            plan,
        });
        self.note_state(verb, ending);
        promise::after_each(self);
        // A command that was killed before its answer could be on the disk has left nothing that anybody could use.
        if broken || process.died_too_early() {
            promise::forget_unkept(self, number);
        }
        if ending.code.is_none() {
            let mut service = self.place.service.lock().unwrap();
            service.forget_refreshed(number);
            service.stopped(number);
        }
        let stands = promise::values_at_destinations(self);
        self.stood.extend(stands);
    }

    /// A key made by hand for a command that asks for one on stdin.
    pub(super) fn pasted(&mut self, verb: Verb, person: &Person) -> Option<String> {
        let pastes = self.shape == Shape::Manual && matches!(verb, Verb::Rotate | Verb::Create);
        (pastes && !person.is_there()).then(|| {
            let next = self.place.service.lock().unwrap().sent.len();
            by_hand(&self.place, next)
        })
    }

    /// Whatever the seed says, to its end.
    pub(super) fn play(&mut self) {
        let beside = self.rng.chance(200);
        if beside {
            self.furnish_beside();
        }
        if self.shape == Shape::Overlap && self.rare.chance(40) {
            self.give_up_young();
        }
        if self.shape == Shape::Replace && self.rare.chance(60) {
            self.refresh_unheard();
        }
        if self.retires {
            self.retire();
        }
        let steps = 1 + self.rng.below(5);
        if self.shape == Shape::Overlap && !self.own && self.rng.chance(100) {
            self.create_twice();
        }
        if self.shape == Shape::Overlap && !self.own && self.rng.chance(60) {
            self.create_beside_others();
        }
        for step in 0..steps {
            let verb = self.verb(step == 0);
            self.step(verb);
            self.meanwhile();
            if beside && self.rng.chance(400) {
                self.look_beside();
            }
        }
        self.heal();
        promise::at_the_end(self);
    }

    /// Time passes between two commands, and others do what they like.
    pub(super) fn meanwhile(&mut self) {
        let seconds = self.rng.pick(&[0, 0, 1, 30, 1000, 4000, 100_000]);
        self.place.clock.pass(seconds);
        let now = self.place.now();
        // Others can do the most harm to an unfinished rotation.
        let unfinished = !self.records().is_empty();
        let others = self.rng.chance(if unfinished { 450 } else { 150 });
        let mut service = self.place.service.lock().unwrap();
        service.catch_up(now);
        if others {
            service.elsewhere(now);
        }
    }

    /// The names of what is unfinished.
    pub(super) fn records(&self) -> Vec<String> {
        let files = self.place.files("state/rotations").into_iter();
        files
            .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect()
    }

    /// Everything works again, and somebody finishes what is unfinished as they are told.
    fn heal(&mut self) {
        self.trace.say(|| "  everything heals".to_owned());
        for round in 0..6 {
            let records = self.records();
            if records.is_empty() {
                break;
            }
            for record in records {
                let words = ["rotations", "resume", &record, "--yes", "--no-input"];
                self.command(
                    Verb::Resume,
                    &words,
                    None,
                    Weather::Fine,
                    Person::Nobody,
                    Plan::default(),
                );
            }
            self.place.clock.pass(if round == 1 { 4000 } else { 1000 });
        }
    }

    /// The seen states of journal, trouble and service, as one number.
    fn note_state(&mut self, verb: Verb, ending: &Ending) {
        let now = self.place.now();
        let mut hasher = DefaultHasher::new();
        (verb, ending.code, self.shape, self.own).hash(&mut hasher);
        for record in self.records() {
            let text = self.place.read(&format!("state/rotations/{record}.jsonl"));
            let text = text.unwrap_or_default();
            let last = text.lines().last().unwrap_or_default();
            let word = last.split("\"event\":\"").nth(1).unwrap_or_default();
            word.split('"').next().hash(&mut hasher);
        }
        let there = self.delivered();
        let service = self.place.service.lock().unwrap();
        for (index, key) in service.keys.iter().enumerate() {
            let stands = there.as_deref() == Some(key.secret.as_str());
            (
                service.accepts(index, now),
                service.lives(index, now),
                stands,
            )
                .hash(&mut hasher);
            std::mem::discriminant(&key.maker).hash(&mut hasher);
        }
        drop(service);
        self.states.insert(hasher.finish());
    }

    /// The content of the destination.
    pub(super) fn delivered(&self) -> Option<String> {
        let text = self.place.read(self.place.destination())?;
        let line = match self.to {
            "file:target.key" => text.as_str(),
            _ => text.split("KEY=").nth(1)?,
        };
        let value = line.lines().next()?.split(" #").next()?;
        Some(value.trim().trim_matches(['"', '\'']).to_owned())
    }
}
