//! One step of a scenario: which command it is, its words, who is there, and what goes wrong with it.

use std::sync::Arc;

use super::habits::{Fault, Shape, Weather};
use super::person::Person;
use super::place::Ending;
use super::process::{Disk, Plan, Trouble, Turns};
use super::rng::Rng;
use super::scenario::{Scenario, Verb};
use super::service::Who;

/// A key of its own name at a destination of its own.
const SECOND: [&str; 3] = ["app", "--to", "file:second.key"];

impl Scenario {
    /// A creation is stopped before it asks for anything, and repeated; then somebody says yes to what is left of it.
    pub(super) fn create_twice(&mut self) {
        let create: Vec<&str> = ["keys", "create"].into_iter().chain(SECOND).collect();
        for killed in [Some(2), None] {
            let mut words = create.clone();
            words.extend(["--yes", "--no-input"]);
            let plan = Plan {
                kill_before_request: killed,
                ..Plan::default()
            };
            self.command(
                Verb::Create,
                &words,
                None,
                Weather::Fine,
                Person::Nobody,
                plan,
            );
            self.meanwhile();
        }
        let words = ["rotations", "resume", "--yes", "--no-input"];
        let plan = Plan::default();
        self.command(
            Verb::Resume,
            &words,
            None,
            Weather::Fine,
            Person::Nobody,
            plan,
        );
    }

    /// A creation gets no answer, somebody else makes a key, and a person says yes to what seems to be left.
    pub(super) fn create_beside_others(&mut self) {
        let mut words = vec!["keys", "create"];
        words.extend(SECOND);
        words.extend(["--yes", "--no-input"]);
        let lost = [
            Fault::Ignored,
            Fault::Lost,
            Fault::Failed(502),
            Fault::Failed(302),
        ];
        let weather = Weather::Nth(1, self.rng.pick(&lost));
        let plan = Plan::default();
        self.command(
            Verb::Create,
            &words,
            None,
            weather,
            Person::Nobody,
            plan.clone(),
        );
        let name = self.rng.pick(&["app", "other"]);
        let now = self.place.now();
        let mut service = self.place.service.lock().unwrap();
        service.make(now, name, Who::Elsewhere, false, None);
        drop(service);
        self.place.clock.pass(self.rng.pick(&[0, 30, 1000]));
        let person = Person::There {
            yes: 1000,
            rng: self.rng.fork(),
        };
        let words = ["rotations", "resume"];
        self.command(Verb::Resume, &words, None, Weather::Fine, person, plan);
    }

    /// A rotation is stopped once it has its new key, somebody else ends the old one, and it is given up at once.
    pub(super) fn give_up_young(&mut self) {
        let plan = Plan {
            kill_after_answer: Some(5 + self.rare.below(30)),
            ..Plan::default()
        };
        let rotate = ["keys", "rotate", "ci", "--to", self.to];
        let abort = ["rotations", "abort"];
        let both = [
            (Verb::Rotate, rotate.as_slice(), plan),
            (Verb::Abort, abort.as_slice(), Plan::default()),
        ];
        for (verb, words, plan) in both {
            let words = [words, &["--yes", "--no-input"]].concat();
            self.command(verb, &words, None, Weather::Fine, Person::Nobody, plan);
            let now = self.place.now();
            let mut service = self.place.service.lock().unwrap();
            if verb == Verb::Rotate {
                service.end(0, now, Who::Elsewhere, false);
            }
        }
    }

    /// A token is got and refreshed, the answer to that is lost, and a token is wanted before and after its key is replaced.
    pub(super) fn refresh_unheard(&mut self) {
        let lost = [Fault::Lost, Fault::Cut, Fault::Failed(502)];
        let fault = self.rare.pick(&lost);
        for (verb, weather) in [
            (Verb::Token, Weather::Fine),
            (Verb::Refresh, Weather::Nth(0, fault)),
            (Verb::Token, Weather::Fine),
            // While that token lives, its key is replaced.
            (Verb::Rotate, Weather::Fine),
            (Verb::Token, Weather::Fine),
        ] {
            let words = self.words(verb, &Person::Nobody);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let plan = Plan::default();
            self.command(verb, &words, None, weather, Person::Nobody, plan);
            let seconds = if verb == Verb::Refresh { 1000 } else { 1 };
            self.place.clock.pass(seconds);
        }
    }

    /// The neighbour is asked for its keys, alone or with all others; its token may have been ended meanwhile.
    pub(super) fn look_beside(&mut self) {
        let verb = self.rng.pick(&[Verb::Beside, Verb::Everywhere]);
        if self.rng.chance(500) {
            self.place
                .neighbour
                .lock()
                .unwrap()
                .end_tokens(&mut self.rng);
        }
        let words = self.words(verb, &Person::Nobody);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let plan = if self.rng.chance(300) {
            self.plan()
        } else {
            Plan::default()
        };
        let weather = match verb {
            Verb::Everywhere => Weather::draw(&mut self.rng),
            _ => Weather::Fine,
        };
        let env = self.place.env.clone();
        if verb == Verb::Beside {
            // The rest describes the profile in force, which is another one now.
            self.place
                .env
                .retain(|(name, _)| name.starts_with("KEYWRIGHT_STORE"));
        }
        self.command(verb, &words, None, weather, Person::Nobody, plan);
        self.place.env = env;
    }

    /// The command of this step.
    pub(super) fn verb(&mut self, first: bool) -> Verb {
        let tokens = self.shape == Shape::Replace;
        let started: &[(u64, Verb)] = match (self.shape, self.own) {
            (Shape::Overlap, false) => &[(6, Verb::Rotate), (2, Verb::Create), (2, Verb::Lease)],
            (Shape::Replace, _) => &[
                (4, Verb::Rotate),
                (1, Verb::Create),
                (2, Verb::Token),
                (1, Verb::Refresh),
            ],
            _ => &[(1, Verb::Rotate)],
        };
        if first || self.records().is_empty() && self.rng.chance(800) {
            return self.rng.weighted(started);
        }
        let further = [
            (5, Verb::Resume),
            (3, Verb::Abort),
            (3, Verb::Undo),
            (2, Verb::Rotate),
            (1, if tokens { Verb::Token } else { Verb::Resume }),
        ];
        self.rng.weighted(&further)
    }

    /// Takes a step.
    pub(super) fn step(&mut self, verb: Verb) {
        let person = Person::draw(&mut self.rng);
        let weather = Weather::draw(&mut self.rng);
        let words = self.words(verb, &person);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let stdin = self.pasted(verb, &person);
        if self.rng.chance(120) {
            return self.race(verb, &words, weather);
        }
        let plan = self.plan();
        self.command(verb, &words, stdin, weather, person, plan);
    }

    pub(super) fn plan(&mut self) -> Plan {
        let rng = &mut self.rng;
        let at = |rng: &mut Rng| 1 + rng.below(160);
        let mut plan = Plan::default();
        let kinds = [
            (10, 0),
            (6, 1),
            (2, 2),
            (1, 3),
            (2, 4),
            (2, 5),
            (2, 6),
            (4, 7),
        ];
        match rng.weighted(&kinds) {
            1 => plan.kill_at = Some(at(rng)),
            2 => plan.disk = Disk::FailsAt(at(rng)),
            3 => plan.disk = Disk::FullFrom(at(rng)),
            4 => plan.pause = Some((at(rng), rng.pick(&[40, 4000, 100_000]))),
            5 => plan.elsewhere = Some(at(rng)),
            6 => plan.kill_before_request = Some(1 + rng.below(5)),
            7 => {
                // Most of what matters is done at once.
                let most = rng.pick(&[8, 30]);
                let trouble = rng.pick(&[None, Some(Trouble::Fail), Some(Trouble::Full)]);
                plan.after_answer = trouble.map(|trouble| (1 + rng.below(most), trouble));
                if trouble.is_none() || rng.chance(300) {
                    plan.kill_after_answer = Some(1 + rng.below(30));
                }
            }
            _ => {}
        }
        plan
    }

    /// The words of a command.
    fn words(&mut self, verb: Verb, person: &Person) -> Vec<String> {
        let record = {
            let records = self.records();
            (!records.is_empty())
                .then(|| self.rng.pick(&(0..records.len()).collect::<Vec<_>>()))
                .map(|index| records[index].clone())
        };
        let mut words: Vec<&str> = match verb {
            Verb::Rotate | Verb::Due => vec!["keys", "rotate"],
            Verb::Create => vec!["keys", "create"],
            Verb::Lease => vec!["exec", "--lease", "--env", "API_KEY"],
            Verb::Resume => vec!["rotations", "resume"],
            Verb::Abort => vec!["rotations", "abort"],
            Verb::Undo => vec!["rotations", "undo"],
            Verb::Token => vec!["token"],
            Verb::Refresh => vec!["refresh"],
            Verb::Login => vec!["login"],
            Verb::Beside => vec!["keys", "list", "--profile", "bolt"],
            Verb::Everywhere => vec!["keys", "list", "--all-profiles"],
        };
        let own_name = matches!(self.shape, Shape::Replace | Shape::Manual);
        match verb {
            Verb::Rotate => {
                if !own_name {
                    words.push("ci");
                }
                words.extend(["--to", self.to]);
                if self.shape == Shape::Overlap {
                    self.grace = self.rng.chance(400);
                    if self.grace {
                        words.extend(["--grace", "1h"]);
                    }
                }
            }
            Verb::Create => {
                if self.rng.chance(500) {
                    words.extend(SECOND);
                } else {
                    words.push("ci");
                }
                if self.rng.chance(300) && self.shape == Shape::Overlap {
                    words.extend(["--expires", "30d"]);
                }
            }
            Verb::Resume | Verb::Abort | Verb::Undo => {
                if let Some(record) = record.as_deref() {
                    words.push(record);
                }
            }
            _ => {}
        }
        if !person.is_there() {
            words.push("--no-input");
        }
        if !person.is_there() && self.rng.chance(800) || person.is_there() && self.rng.chance(200) {
            words.push("--yes");
        }
        if verb == Verb::Lease {
            words.extend(["--", "true"]);
        }
        words.into_iter().map(str::to_owned).collect()
    }

    /// Two processes at once: the same command twice, or one beside a `resume`.
    fn race(&mut self, verb: Verb, words: &[&str], weather: Weather) {
        let words: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| *word != "--no-input")
            .collect();
        let mut first = vec!["--no-input"];
        first.extend(&words);
        let other = if self.rng.chance(500) {
            verb
        } else {
            Verb::Resume
        };
        let second = if other == verb {
            first.clone()
        } else {
            vec!["rotations", "resume", "--yes", "--no-input"]
        };
        let turns = Turns::new(2, self.rng.fork());
        let mut both = Vec::new();
        for (me, (verb, words)) in [(verb, &first), (other, &second)].into_iter().enumerate() {
            let stdin = self.pasted(verb, &Person::Nobody);
            let command = self.prepared(verb, words, stdin, weather, Person::Nobody);
            let plan = if me == 0 {
                self.plan()
            } else {
                Plan::default()
            };
            let process = self.process(plan.clone(), Some((Arc::clone(&turns), me)));
            let number = command.number;
            both.push(((verb, number), Some(command), plan, process));
        }
        let endings: Vec<Ending> = std::thread::scope(|scope| {
            let threads: Vec<_> = both
                .iter_mut()
                .enumerate()
                .map(|(me, (_, command, _, process))| {
                    let (place, turns) = (self.place.clone(), Arc::clone(&turns));
                    let process = Arc::clone(process);
                    let command = command.take().unwrap();
                    scope.spawn(move || {
                        turns.begin(me);
                        let ending = place.run(command, &process);
                        turns.end(me);
                        ending
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        // One of them may have delivered while the other one ran.
        let delivered = endings.iter().zip(&both).filter(|(ending, (what, ..))| {
            what.0 != Verb::Undo && ending.stderr.contains("delivered to")
        });
        self.stood
            .extend(delivered.filter_map(|(ending, _)| ending.stood.clone()));
        for ((what, _, plan, process), ending) in both.into_iter().zip(endings) {
            self.ended(what, &ending, plan, &process);
        }
    }
}
