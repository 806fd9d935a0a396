//! A proof of disuse: a rotation leaves its old key until nobody has used it for a time. Others use it meanwhile, clocks
//! step, and whoever looks is stopped.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::habits::Weather;
use super::person::Person;
use super::place::Place;
use super::process::Plan;
use super::scenario::{Scenario, Verb};
use super::service::{Service, Who};

/// The time for which a key must be unused, in words and in seconds.
const UNTIL: &str = "when-unused=1h";
const WAIT: i64 = 3600;

const PROJECT: &str = "keywright.toml";

/// The field that shows the last use.
const SHOWS_USE: &str = "last_used_at = { at = \"/used\", as = \"time\" }\n\n[[errors.rules]]";

const SWITCHES: &str = r#"
[operations.disable]
request = { method = "POST", path = "/keys/{id}/disable" }

[operations.enable]
request = { method = "POST", path = "/keys/{id}/enable" }
"#;

/// The uses of keys as the service shows them; all moments are by its own clock.
#[derive(Default)]
pub(super) struct Uses {
    /// So many seconds later a use is shown.
    lag: i64,
    /// Each with its key.
    at: Vec<(usize, i64)>,
    disabled: BTreeSet<usize>,
    /// The moment of the last list that a command has seen.
    looked: BTreeMap<usize, i64>,
    /// The ids of the keys that wait for a proof of disuse while one is ended.
    pub(super) waiting: BTreeSet<String>,
}

impl Uses {
    pub(super) fn note(&mut self, key: usize, at: i64) {
        self.at.push((key, at));
    }

    pub(super) fn looked(&mut self, command: usize, at: i64) {
        self.looked.insert(command, at);
    }

    /// The last use that is shown at a moment.
    fn shown(&self, key: usize, at: i64) -> Option<i64> {
        let uses = self.at.iter().filter(|(used, _)| *used == key);
        let shown = uses.map(|(_, used)| *used);
        shown.filter(|used| used + self.lag <= at).max()
    }

    pub(super) fn is_disabled(&self, key: usize) -> bool {
        self.disabled.contains(&key)
    }
}

impl Service {
    fn clock(&self, now: i64) -> i64 {
        now + self.habits.skew
    }

    /// The last use of a key as the service shows it.
    pub(super) fn last_use(&self, id: &str, now: i64) -> Value {
        let index = self.by_id(id);
        let shown = index.and_then(|index| self.uses.shown(index, self.clock(now)));
        shown.map_or(Value::Null, |at| {
            json!(Timestamp::from_second(at).unwrap().to_string())
        })
    }

    /// A key is used.
    pub(super) fn note_use(&mut self, index: usize, now: i64) {
        let at = self.clock(now);
        self.uses.note(index, at);
    }

    /// A command has seen the list.
    pub(super) fn note_look(&mut self, command: usize, now: i64) {
        let at = self.clock(now);
        self.uses.looked(command, at);
    }

    /// Disables a key, or enables it again.
    pub(super) fn switch(
        &mut self,
        (id, word): (&str, &str),
        command: usize,
        now: i64,
    ) -> Option<Value> {
        let index = self.by_id(id).filter(|index| self.lives(*index, now))?;
        if word == "enable" {
            self.uses.disabled.remove(&index);
        } else {
            self.check_revocation(index, now, Who::Us(command));
            self.uses.disabled.insert(index);
        }
        self.trace
            .say(|| format!("      service: command {command} said {word} to {id}"));
        Some(json!({ "id": id }))
    }

    /// Returns the fault of ending a key whose use was shown, before it was unused for long enough.
    pub(super) fn check_disuse(&self, index: usize, command: usize, now: i64) -> Option<String> {
        let id = &self.keys[index].id;
        if !self.uses.waiting.contains(id) {
            return None;
        }
        let Some(looked) = self.uses.looked.get(&command) else {
            return Some(format!("{id} without a look at its uses"));
        };
        let last = self.uses.shown(index, *looked);
        let before = self.uses.shown(index, self.clock(now) - WAIT);
        (last > before).then(|| format!("{id} too soon after a use that it was shown"))
    }
}

impl Place {
    /// The ids of the keys that a rotation leaves until they are unused, as its record tells; with `watched`, those
    /// whose uses were looked at.
    pub(super) fn waiting(&self, watched: bool) -> BTreeSet<String> {
        let records = self.files("state/rotations").into_iter();
        let texts = records.filter_map(|path| keywright::platform::files::read_text(&path).ok()?);
        let texts = texts.filter(|text| !watched || text.contains("\"event\":\"use_seen\""));
        let lines: Vec<Value> = texts
            .flat_map(|text| {
                let lines = text.lines().map(serde_json::from_str::<Value>);
                lines.filter_map(Result::ok).collect::<Vec<_>>()
            })
            .collect();
        let old = lines.iter().map(|line| &line["replaces"]);
        let old = old.filter(|old| old["retire"].is_string());
        old.filter_map(|old| Some(old["id"].as_str()?.to_owned()))
            .collect()
    }
}

impl Scenario {
    /// Lets the service show uses, and the project ask for the proof.
    pub(super) fn shows_uses(&mut self, manifest: &str) -> String {
        let mut manifest = manifest.replacen("[[errors.rules]]", SHOWS_USE, 1);
        if self.rng.chance(500) {
            manifest.push_str(SWITCHES);
        }
        let lag = self.rng.weighted(&[(4, 0), (1, 60), (1, 900)]);
        self.place.service.lock().unwrap().uses.lag = lag;
        let key = format!(
            "[keys.ci]\nrotate_every = \"400d\"\nretire = \"{UNTIL}\"\ndestinations = [\"{}\"]\n",
            self.to
        );
        self.place.write(&format!("work/{PROJECT}"), &key);
        manifest
    }

    /// A rotation waits for disuse, and is looked after now and then.
    pub(super) fn retire(&mut self) {
        let now = self.place.now();
        self.place.service.lock().unwrap().note_use(0, now - 1000);
        let mut words = vec!["keys", "rotate", "ci", "--to", self.to, "--retire", UNTIL];
        if self.rng.chance(200) {
            words.extend(["--grace", "30m"]);
        }
        self.look(Verb::Rotate, &words);
        for _ in 0..2 + self.rng.below(6) {
            self.use_keys();
            let verb = self.rng.pick(&[Verb::Resume, Verb::Due]);
            let words: &[&str] = match verb {
                Verb::Due => &["--project", PROJECT, "keys", "rotate", "--due"],
                _ => &["rotations", "resume"],
            };
            self.look(verb, words);
        }
    }

    /// Keys are used, and time passes; the clock of this machine may be set forward meanwhile.
    fn use_keys(&mut self) {
        for _ in 0..2 {
            self.place
                .clock
                .pass(self.rng.pick(&[0, 60, 1800, 1800, 3000, 3700]));
            let now = self.place.now();
            let mut service = self.place.service.lock().unwrap();
            service.catch_up(now);
            let used = 0..service.keys.len();
            let used: Vec<usize> = used.filter(|key| service.accepts(*key, now)).collect();
            for key in used {
                if self.rng.chance(300) {
                    service.note_use(key, now);
                }
            }
        }
        if self.rng.chance(250) {
            let step = self.rng.pick(&[900, 3600, 100_000]);
            self.place.clock.pass(step);
            self.place.service.lock().unwrap().habits.skew -= step;
            self.trace
                .say(|| format!("  the clock is set forward by {step} s"));
        }
    }

    fn look(&mut self, verb: Verb, words: &[&str]) {
        let watched = self.place.waiting(true);
        let words = [words, &["--yes", "--no-input"]].concat();
        let is_calm = self.rng.chance(700);
        let (weather, plan) = if is_calm {
            (Weather::Fine, Plan::default())
        } else {
            (Weather::draw(&mut self.rng), self.plan())
        };
        self.command(verb, &words, None, weather, Person::Nobody, plan);
        let command = self.done.last().map_or(0, |done| done.number);
        let mut service = self.place.service.lock().unwrap();
        let habits = &service.habits;
        let is_plain = !habits.never_accepted && !habits.stillborn && !habits.front_page;
        if verb == Verb::Rotate || !is_calm || !is_plain || habits.auth_lag > 0 {
            return;
        }
        // Its own question would count as a use.
        let asked = watched.iter().filter_map(|id| service.by_id(id));
        let asked: Vec<usize> = asked
            .filter(|old| service.sent[command].asked.contains_key(old))
            .collect();
        for old in asked {
            let id = service.keys[old].id.clone();
            service.wrongs.push(format!(
                "command {command} asked with {id}, of which it waits to see no use"
            ));
        }
    }
}
