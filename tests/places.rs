//! A life with every built-in destination of the network, by whole commands: a key arrives there, is found again, gives
//! way to another, comes back by an undo, and leaves nothing behind where nothing stood.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use crate::support::home::TestEnv;
use crate::support::messages;
use crate::support::places::{self, Entry, Place, Request, TOKEN};
use crate::support::run::Run;
use crate::support::server::{self, Answer, Seen};

/// The value of another person.
const RIVAL: &str = "fake-value-of-a-rival";

const SAYS_SO: &str = "sandbox: an embedded copy of the services; nothing leaves this machine\n";

/// A place at work.
struct Scene {
    place: &'static Place,
    entry: Arc<Mutex<Entry>>,
    home: TestEnv,
}

impl Scene {
    fn new(place: &'static Place) -> Self {
        let entry = Arc::new(Mutex::new(Entry::default()));
        let shared = Arc::clone(&entry);
        let url = server::serve_by(move |seen| respond(place, &shared, seen));
        let home = TestEnv::new();
        let mut text = format!(
            "manifest = 1\nname = \"{0}\"\nextends = \"{0}\"\n",
            place.name
        );
        for name in place.servers {
            let _ = writeln!(text, "servers.{name}.url = \"{url}\"");
        }
        let folder = "state/sandbox/config/destinations";
        home.write(&format!("{folder}/{}.toml", place.name), text);
        Scene { place, entry, home }
    }

    fn run(&self, words: &[&str]) -> Run {
        let words = [&["--sandbox", "-y", "-v"], words].concat();
        let run = self.home.run(words).hides(TOKEN).hides(RIVAL);
        let value = self.value();
        let run = value.iter().fold(run, |run, value| run.hides(value));
        let named = self.place.environment.iter();
        named.fold(run, |run, (name, value)| run.env(name, value))
    }

    fn value(&self) -> Option<String> {
        self.entry.lock().unwrap().held()
    }

    fn holds(&self) -> String {
        let words = ["destinations", "check", "--json", "--live", self.place.to];
        let done = self.run(&words).json_stdout().stderr_has(SAYS_SO).exit(0);
        done.json()["holds"].as_str().unwrap().to_owned()
    }

    fn done(&self, words: &[&str]) {
        self.run(words).stderr_has(SAYS_SO).exit(0);
    }
}

fn respond(place: &Place, entry: &Mutex<Entry>, seen: &Seen) -> Answer {
    let headers = seen.headers.iter().cloned();
    let request = Request::new(&seen.method, &seen.path, headers, &seen.body);
    match places::respond(place, &mut entry.lock().unwrap(), request) {
        (204, _) => server::empty(204),
        (status, body) => server::json(status, &body),
    }
}

#[test]
fn delivered_key_comes_back_by_undo() {
    for place in places::all() {
        let scene = Scene::new(place);
        assert_eq!(scene.holds(), "nothing", "{}", place.name);
        scene.done(&["keys", "create", "one", "--to", place.to]);
        let first = scene.value().unwrap();
        assert!(first.starts_with("sk-"), "{}", place.name);
        let shown = if place.shows { "a value" } else { "unknown" };
        assert_eq!(scene.holds(), shown, "{}", place.name);
        let words = ["keys", "rotate", "one", "--grace", "1h", "--to", place.to];
        scene.done(&words);
        let second = scene.value().unwrap();
        assert_ne!(first, second, "{}", place.name);
        let undone = scene.run(&["rotations", "undo"]).hides(&first);
        if place.shows {
            undone.stderr_has(SAYS_SO).exit(0);
            assert_eq!(scene.value(), Some(first), "{}", place.name);
        } else {
            undone.stderr_has("it cannot be read back").exit(9);
            assert_eq!(scene.value(), Some(second), "{}", place.name);
        }
    }
}

#[test]
fn empty_place_is_emptied_by_undo() {
    for place in places::all() {
        let scene = Scene::new(place);
        scene.done(&["keys", "create", "one", "--to", "file:kept"]);
        let words = ["keys", "rotate", "one", "--grace", "1h", "--to", place.to];
        scene.done(&words);
        assert!(scene.value().is_some(), "{}", place.name);
        scene.done(&["rotations", "undo"]);
        assert_eq!(scene.value(), None, "{}", place.name);
        assert_eq!(scene.holds(), "nothing", "{}", place.name);
    }
}

#[test]
fn value_of_rival_is_not_overwritten() {
    for place in places::all().filter(|place| place.compares) {
        let scene = Scene::new(place);
        scene.entry.lock().unwrap().rival = Some(RIVAL.to_owned());
        scene
            .run(&["keys", "create", "one", "--to", place.to])
            .stderr_has(messages::CHANGED_SINCE_READ)
            .stderr_has(messages::KEY_NOT_LOST)
            .exit(10);
        assert_eq!(scene.value().as_deref(), Some(RIVAL), "{}", place.name);
        scene.done(&["rotations", "resume"]);
        assert!(scene.value().unwrap().starts_with("sk-"), "{}", place.name);
    }
}

#[test]
fn refused_credential_makes_no_key() {
    for place in places::all() {
        let scene = Scene::new(place);
        let mut run = scene.run(&["keys", "create", "one", "--to", place.to]);
        for (name, value) in place.environment {
            if value.contains(TOKEN) {
                run = run.env(name, "fake-token-of-nobody");
            }
        }
        run.stderr_has(messages::NOTHING_CREATED).exit(9);
        assert_eq!(scene.value(), None, "{}", place.name);
    }
}

#[test]
fn url_variable_reaches_every_place() {
    for place in places::all() {
        let entry = Arc::new(Mutex::new(Entry::default()));
        let url = server::serve_by(move |seen| respond(place, &entry, seen));
        let (word, _) = place.to.split_once(':').unwrap();
        let variable = format!("KEYWRIGHT_DESTINATION_URL_{}", word.to_uppercase());
        let home = TestEnv::new();
        let words = ["destinations", "check", "--json", "--live", place.to];
        let run = home.run(words).env(&variable.replace('-', "_"), &url);
        let named = place.environment.iter();
        let run = named.fold(run, |run, (name, value)| run.env(name, value));
        assert_eq!(run.json()["holds"], "nothing", "{}", place.name);
    }
}
