//! Every built-in destination of the network passes the same life: a key arrives there, is found again, gives way to
//! another, comes back by an undo, and leaves nothing behind where nothing stood.
//!
//! The places answer as their sources say, and are written without a look at the manifests.

mod environments;
mod vaults;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::home::TestEnv;
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Answer, Seen};

/// The credential that each place accepts.
const TOKEN: &str = "fake-token-of-the-place";

/// The value of another person.
const RIVAL: &str = "fake-value-of-a-rival";

const SAYS_SO: &str = "sandbox: an embedded copy of the services; nothing leaves this machine\n";

/// A place, and what its description promises.
struct Place {
    /// The name of its manifest.
    name: &'static str,
    /// An address there.
    to: &'static str,
    /// The servers of the manifest.
    servers: &'static [&'static str],
    /// The environment in which its tools find the credential.
    environment: &'static [(&'static str, &'static str)],
    /// Says whether a value that was written is shown.
    shows: bool,
    /// Says whether a write names what was read.
    compares: bool,
    /// The response to a request.
    answer: fn(&mut Entry, &Request) -> Reply,
}

/// A place with one server that shows its values and compares nothing.
const fn place(
    name: &'static str,
    to: &'static str,
    environment: &'static [(&'static str, &'static str)],
    answer: fn(&mut Entry, &Request) -> Reply,
) -> Place {
    Place {
        name,
        to,
        servers: &["api"],
        environment,
        shows: true,
        compares: false,
        answer,
    }
}

/// The response of a place: status and body.
type Reply = (u16, Value);

/// The content of a place.
#[derive(Default)]
struct Entry {
    value: Option<String>,
    /// Grows with each change.
    version: u64,
    /// Another value, which arrives just before the next write.
    rival: Option<String>,
}

impl Entry {
    fn set(&mut self, value: Option<&str>) {
        self.value = value.map(str::to_owned);
        self.version += 1;
    }

    /// Stores the text at a location of the body.
    fn take(&mut self, request: &Request, at: &str) {
        let value = request.body.pointer(at).and_then(Value::as_str);
        assert!(value.is_some(), "{at} of {}", request.body);
        self.set(value);
    }
}

/// A request as a place reads it.
struct Request {
    method: String,
    /// The path without the query, its parts decoded.
    parts: Vec<String>,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    /// JSON, or the pairs of a form.
    body: Value,
}

impl Request {
    fn of(seen: &Seen) -> Self {
        let url = url::Url::parse(&format!("http://place{}", seen.path)).unwrap();
        let decoded = |part: &str| {
            let part = part.replace('+', "%2B");
            let pair = format!("x={part}");
            let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
            pairs.next().unwrap().1.into_owned()
        };
        let body = serde_json::from_slice(&seen.body).unwrap_or_else(|_| {
            let pairs = url::form_urlencoded::parse(&seen.body).into_owned();
            json!(pairs.collect::<BTreeMap<String, String>>())
        });
        Request {
            method: seen.method.clone(),
            parts: url.path_segments().unwrap().map(decoded).collect(),
            query: url.query_pairs().into_owned().collect(),
            headers: seen.headers.iter().cloned().collect(),
            body,
        }
    }

    /// Returns the method and the path, `GET a/b`.
    fn line(&self) -> String {
        format!("{} {}", self.method, self.parts.join("/"))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn is_bearer(&self) -> bool {
        self.header("authorization") == format!("Bearer {TOKEN}")
    }

    fn query(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    fn text(&self, at: &str) -> &str {
        let found = self.body.pointer(at).and_then(Value::as_str);
        found.unwrap_or_default()
    }
}

fn encoded(text: &str) -> String {
    STANDARD.encode(text)
}

fn decoded(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

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

    /// Returns the value that stands there, which may be a member of a text that is JSON.
    fn value(&self) -> Option<String> {
        let text = self.entry.lock().unwrap().value.clone()?;
        let member = serde_json::from_str::<Value>(&text).ok();
        let member = member.and_then(|object| Some(object.get("API_KEY")?.as_str()?.to_owned()));
        Some(member.unwrap_or(text))
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
    let mut entry = entry.lock().unwrap();
    let changes_nothing = ["capabilities", "dryRun=All"];
    let is_write =
        seen.method != "GET" && !changes_nothing.iter().any(|part| seen.path.contains(part));
    if let Some(rival) = entry.rival.take_if(|_| is_write) {
        entry.set(Some(&rival));
    }
    let request = Request::of(seen);
    let (status, body) = (place.answer)(&mut entry, &request);
    match status {
        204 => server::empty(204),
        _ => server::json(status, &body),
    }
}

fn places() -> impl Iterator<Item = &'static Place> {
    environments::PLACES.iter().chain(vaults::PLACES)
}

#[test]
fn every_network_destination_is_tried() {
    let home = TestEnv::new();
    let rows = home.run(["destinations", "--json"]).json();
    let rows = rows.as_array().unwrap();
    let built_in = rows.iter().filter(|row| row["origin"] == "built in");
    let mut forms: Vec<&str> = built_in.map(|row| row["form"].as_str().unwrap()).collect();
    // It has tests of its own.
    forms.retain(|form| !form.starts_with("github:"));
    assert_eq!(forms.len(), places().count(), "{forms:?}");
}

#[test]
fn delivered_key_comes_back_by_undo() {
    for place in places() {
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
        let undone = undone;
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
    for place in places() {
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
    for place in places().filter(|place| place.compares) {
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
    for place in places() {
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
    for place in places() {
        let entry = Arc::new(Mutex::new(Entry::default()));
        let url = server::serve_by(move |seen| respond(place, &entry, seen));
        let (word, _) = place.to.split_once(':').unwrap();
        let variable = format!("KEYWRIGHT_DESTINATION_URL_{}", word.to_uppercase());
        let home = TestEnv::new();
        let words = ["destinations", "check", "--json", "--live", place.to];
        let run = home.run(words).env(&variable.replace('-', "_"), &url);
        let named = place.environment.iter();
        let run = named.fold(run, |run, (name, value)| run.env(name, *value));
        assert_eq!(run.json()["holds"], "nothing", "{}", place.name);
    }
}
