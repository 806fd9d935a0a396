//! Rotations that are killed at every step of theirs, and what is left of them afterwards: at least one working key
//! stands at its destination or can be had here, and no key is left at the service that nobody here tells of.

mod five_places;
mod hooks;
mod model;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use self::model::{Fault, Model, Shape, TOKEN};
use crate::support::programs::{Folder, program, programs_available, report, run};

/// The calls that change something outside the process: it is killed before each of them.
const EFFECTS: [&str; 8] = [
    "write",
    "fsync",
    "fdatasync",
    "rename",
    "unlink",
    "sendto",
    "recvfrom",
    "connect",
];

/// The number of attempts to finish what is begun.
const PATIENCE: usize = 4;

/// The number of points that are tried at the same time.
const WORKERS: usize = 3;

/// A service, and the home of somebody who rotates a key there.
struct Place {
    shape: Shape,
    model: Model,
    home: Folder,
    identity: String,
    /// The text that a person pastes.
    pasted: Option<String>,
    /// The destinations of the rotation.
    to: Vec<&'static str>,
    /// Further variables of the environment.
    env: Vec<(&'static str, String)>,
}

impl Place {
    fn new(shape: Shape, identity: &str) -> Self {
        let place = Place {
            shape,
            model: Model::new(shape),
            home: Folder::new(),
            identity: identity.to_owned(),
            pasted: None,
            to: vec!["file:target.key"],
            env: Vec::new(),
        };
        let old = place.model.alive().remove(0);
        let target = place.home.write("target.key", &format!("{old}\n"));
        std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o600)).unwrap();
        if shape == Shape::Atomic {
            let manifest = include_str!("../manifests/forge.toml");
            place.home.write("config/providers/forge.toml", manifest);
        }
        if shape != Shape::Overlap {
            let stdin = place.home.write("stdin", &old);
            let mut login = place.keywright(&["login", place.provider(), "--with-key"]);
            login
                .args(["--base-url", &place.base()])
                .stdin(open(&stdin));
            if shape == Shape::Manual {
                login.args(["--set", "org_id=org-1"]);
            }
            let ended = run(&mut login);
            assert!(ended.ok, "{}", ended.stderr);
        }
        place
    }

    fn provider(&self) -> &'static str {
        match self.shape {
            Shape::Overlap => "schatzi",
            Shape::Replace => "sieve",
            Shape::Atomic => "forge",
            Shape::Manual => "siesta",
        }
    }

    fn base(&self) -> String {
        match self.shape {
            Shape::Atomic => format!("{}/api/v4", self.model.url),
            _ => self.model.url.clone(),
        }
    }

    fn at_home(&self, mut command: Command) -> Command {
        command
            .env("HOME", self.home.path())
            .env("KEYWRIGHT_CONFIG_DIR", self.home.path().join("config"))
            .env("KEYWRIGHT_STATE_DIR", self.home.path().join("state"))
            .env("KEYWRIGHT_STORE", "file")
            .env("KEYWRIGHT_STORE_KEY", &self.identity)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path());
        if self.shape == Shape::Overlap {
            command
                .env("KEYWRIGHT_PROVIDER", "schatzi")
                .env("KEYWRIGHT_BASE_URL", &self.model.url)
                .env("KEYWRIGHT_TOKEN", TOKEN);
        }
        command
    }

    fn keywright(&self, args: &[&str]) -> Command {
        let mut command = program(env!("CARGO_BIN_EXE_keywright"));
        command.args(args);
        self.at_home(command)
    }

    /// The rotation, alone or under a tracer.
    fn rotation(&self, tracer: &[&str]) -> Command {
        let binary = env!("CARGO_BIN_EXE_keywright");
        let (first, rest) = tracer
            .split_first()
            .map_or((binary, &[][..]), |(first, rest)| (*first, rest));
        let mut command = program(first);
        command.args(rest);
        if !tracer.is_empty() {
            command.arg(binary);
        }
        let key = match self.shape {
            Shape::Overlap | Shape::Atomic => Some("k1"),
            Shape::Replace | Shape::Manual => None,
        };
        command.args(["keys", "rotate"]).args(key);
        command.args(self.to.iter().flat_map(|to| ["--to", to]));
        command.args(["--yes", "--no-input", "--timeout", "5s"]);
        if let Some(pasted) = &self.pasted {
            command.stdin(open(self.home.write("stdin", pasted)));
        }
        self.at_home(command)
    }

    fn at_destination(&self) -> Option<String> {
        let text =
            keywright::platform::files::read_text(&self.home.path().join("target.key")).unwrap()?;
        Some(text.trim_end().to_owned())
    }

    fn works_at_destination(&self) -> bool {
        let there = self.at_destination();
        there.is_some_and(|there| self.model.alive().contains(&there))
    }

    /// The records that are reported as unfinished.
    fn unfinished(&self) -> Vec<Value> {
        let ended = run(&mut self.keywright(&["rotations", "--json"]));
        assert!(ended.ok, "{}", ended.stderr);
        serde_json::from_str(&ended.stdout).unwrap()
    }

    /// Finishes what is unfinished, as somebody would who reads what is said.
    fn recover(&self) -> String {
        let mut said = String::new();
        for _ in 0..PATIENCE {
            let unfinished = self.unfinished();
            if unfinished.is_empty() {
                return said;
            }
            for told in unfinished {
                let id = told["id"].as_str().unwrap();
                let ended =
                    run(&mut self.keywright(&["rotations", "resume", id, "--yes", "--no-input"]));
                said.push_str(&ended.stderr);
                if self.shape == Shape::Manual && ended.stderr.contains("still works") {
                    // The person does what was asked for.
                    let old = self.model.state.lock().unwrap().secrets[0].clone();
                    self.model.remove(&old);
                }
            }
        }
        said
    }

    /// Returns whether a secret stands anywhere it should not.
    fn check_secrecy(&self) {
        let secrets = self.model.state.lock().unwrap().secrets.clone();
        let folders = [
            self.home.path().join("state"),
            self.home.path().join("config"),
        ];
        for path in folders.iter().flat_map(|folder| files_below(folder)) {
            let bytes = keywright::platform::files::read(&path)
                .unwrap()
                .unwrap_or_default();
            for secret in secrets.iter().chain([&TOKEN.to_owned()]) {
                let found = bytes
                    .windows(secret.len())
                    .any(|part| part == secret.as_bytes());
                assert!(!found, "{} holds a secret", path.display());
            }
        }
    }
}

fn open(path: impl AsRef<Path>) -> std::fs::File {
    std::fs::File::open(path.as_ref()).unwrap()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// The result of one point.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    /// Everything as promised.
    Whole,
    /// The service acted, and nothing of its answer had arrived: at a service with one key no client can help that. It
    /// is told of, and nothing else works any more.
    Inherent,
}

/// After a kill and whatever recovery can do: is the promise kept?
fn judge(place: &Place, point: &str) -> Left {
    place.check_secrecy();
    if place.shape == Shape::Overlap || place.shape == Shape::Manual {
        assert!(
            place.works_at_destination(),
            "{point}: nothing works at the destination"
        );
    }
    let said = place.recover();
    let unfinished = place.unfinished();
    let inherent = matches!(place.shape, Shape::Replace | Shape::Atomic)
        && !place.works_at_destination()
        && !unfinished.is_empty();
    if inherent {
        let state = unfinished[0]["state"].as_str().unwrap();
        assert!(
            ["intended", "sending", "lost"].contains(&state),
            "{point}: {unfinished:?}\n{said}"
        );
        return Left::Inherent;
    }
    assert!(
        place.works_at_destination(),
        "{point}: the destination is dead\n{said}"
    );
    let alive = place.model.alive();
    let told = unfinished.len();
    assert!(
        alive.len() == 1 || told > 0 || place.pasted_and_unused(&alive),
        "{point}: keys that nobody tells of: {alive:?}\n{said}"
    );
    // Doing it once more changes nothing.
    let before = place.at_destination();
    place.recover();
    assert_eq!(place.at_destination(), before, "{point}");
    place.check_secrecy();
    Left::Whole
}

impl Place {
    /// A key that a person made and that never got beyond stdin is still the person's to paste.
    fn pasted_and_unused(&self, alive: &[String]) -> bool {
        self.pasted.as_ref().is_some_and(|pasted| {
            alive.contains(pasted) && self.at_destination().as_ref() != Some(pasted)
        })
    }
}

/// Every effect of an undisturbed rotation: the name of the call, and how many there are.
fn effects(shape: Shape, identity: &str) -> Vec<(&'static str, usize)> {
    let mut place = Place::new(shape, identity);
    if shape == Shape::Manual {
        place.pasted = Some(place.model.by_hand());
    }
    effects_of(&place)
}

/// The effects of the rotation at a place.
fn effects_of(place: &Place) -> Vec<(&'static str, usize)> {
    let trace = place.home.path().join("trace");
    let trace = trace.to_str().unwrap();
    let all = format!("trace={}", EFFECTS.join(","));
    let ended = run(&mut place.rotation(&["strace", "-f", "-qq", "-e", &all, "-o", trace]));
    assert!(ended.ok || place.shape == Shape::Manual, "{}", ended.stderr);
    let text = keywright::platform::files::read_text(Path::new(trace))
        .unwrap()
        .unwrap();
    EFFECTS
        .iter()
        .map(|name| {
            let call = format!(" {name}(");
            let lines = text.lines().filter(|line| line.contains(&call));
            (*name, lines.count())
        })
        .collect()
}

/// The fault of a call: it is killed, or it fails with the error that fits it.
#[derive(Debug, Clone, Copy)]
enum FaultKind {
    Kill,
    Error,
}

impl FaultKind {
    /// The tracer that injects it into the call of that name and number.
    fn injected(self, name: &str, number: usize) -> Vec<String> {
        let trace = format!("trace={name}");
        let inject = format!("inject={name}:{}:when={number}", self.done_to(name));
        let nowhere = ["strace", "-f", "-qq", "-o", "/dev/null"];
        let tracer = [&nowhere[..], &["-e", &trace, "-e", &inject]].concat();
        tracer.into_iter().map(str::to_owned).collect()
    }

    /// The instruction to the tracer for the call of that name.
    fn done_to(self, name: &str) -> &'static str {
        match (self, name) {
            (FaultKind::Kill, _) => "signal=SIGKILL",
            (FaultKind::Error, "write") => "error=ENOSPC",
            (FaultKind::Error, "sendto" | "recvfrom") => "error=ECONNRESET",
            (FaultKind::Error, "connect") => "error=ECONNREFUSED",
            (FaultKind::Error, _) => "error=EIO",
        }
    }
}

/// Tries points, several at the same time.
fn tried_side_by_side<'n>(
    points: &[(&'n str, usize)],
    attempt: impl Fn(usize, (&'n str, usize)) + Sync,
) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(point) = points.get(number) else {
                        return;
                    };
                    attempt(number, *point);
                }
            });
        }
    });
}

fn sweep(shape: Shape, fault: FaultKind) {
    if !programs_available(&["strace"]) {
        return;
    }
    let identity = identity();
    let points: Vec<(&str, usize)> = effects(shape, &identity)
        .into_iter()
        .flat_map(|(name, count)| (1..=count).map(move |number| (name, number)))
        .collect();
    assert!(points.len() > 40, "{points:?}");
    let inherent = Mutex::new(0);
    tried_side_by_side(&points, |_, point| {
        if run_with_fault(shape, &identity, point, fault) == Left::Inherent {
            *inherent.lock().unwrap() += 1;
        }
    });
    let inherent = inherent.into_inner().unwrap();
    report(&format!(
        "{shape:?}, {fault:?}: {} points, {inherent} before anything had arrived, 0 losses",
        points.len()
    ));
    match shape {
        Shape::Overlap | Shape::Manual => assert_eq!(inherent, 0),
        // Between the service's act and the first write that can be read again.
        Shape::Replace | Shape::Atomic => assert!(inherent <= 6, "{inherent}"),
    }
}

fn identity() -> String {
    let identity = age::x25519::Identity::generate().to_string();
    age::secrecy::ExposeSecret::expose_secret(&identity).to_owned()
}

fn run_with_fault(
    shape: Shape,
    identity: &str,
    (name, number): (&str, usize),
    fault: FaultKind,
) -> Left {
    let mut place = Place::new(shape, identity);
    if shape == Shape::Manual {
        place.pasted = Some(place.model.by_hand());
    }
    let tracer = fault.injected(name, number);
    let tracer: Vec<&str> = tracer.iter().map(String::as_str).collect();
    let ended = run(&mut place.rotation(&tracer));
    let point = format!("{shape:?}, {fault:?}, {name} {number}");
    if ended.ok {
        // Whatever is left to do makes itself known.
        assert!(place.unfinished().is_empty(), "{point}: {}", ended.stderr);
    }
    judge(&place, &point)
}

#[test]
fn overlap_kill_at_any_point_survives() {
    sweep(Shape::Overlap, FaultKind::Kill);
}

#[test]
fn replace_kill_at_any_point_survives() {
    sweep(Shape::Replace, FaultKind::Kill);
}

#[test]
fn atomic_kill_at_any_point_survives() {
    sweep(Shape::Atomic, FaultKind::Kill);
}

#[test]
fn manual_kill_at_any_point_survives() {
    sweep(Shape::Manual, FaultKind::Kill);
}

#[test]
fn overlap_error_at_any_point_survives() {
    sweep(Shape::Overlap, FaultKind::Error);
}

#[test]
fn replace_error_at_any_point_survives() {
    sweep(Shape::Replace, FaultKind::Error);
}

#[test]
fn atomic_error_at_any_point_survives() {
    sweep(Shape::Atomic, FaultKind::Error);
}

#[test]
fn rotation_fault_in_any_request_survives() {
    let identity = identity();
    for shape in [Shape::Overlap, Shape::Replace, Shape::Atomic] {
        for number in 0..8 {
            for fault in [
                Fault::Unheard,
                Fault::Unanswered,
                Fault::Garbled,
                Fault::Failed,
            ] {
                let place = Place::new(shape, &identity);
                place.model.state.lock().unwrap().asked.clear();
                place.model.state.lock().unwrap().fault = Some((number, fault));
                let ended = run(&mut place.rotation(&[]));
                let point = format!("{shape:?}, request {number}, {fault:?}");
                let reached = place.model.state.lock().unwrap().asked.len() > number;
                place.model.state.lock().unwrap().fault = None;
                if !reached {
                    assert!(ended.ok, "{point}: {}", ended.stderr);
                }
                // Whatever is left to do makes itself known.
                assert_eq!(
                    ended.ok,
                    place.unfinished().is_empty() && ended.ok,
                    "{point}"
                );
                judge(&place, &point);
                let asked = place.model.state.lock().unwrap().asked.clone();
                let creates = |line: &&String| {
                    line.contains("/create/")
                        || line.ends_with("/rotate")
                        || **line == "POST /api/keys"
                };
                assert!(
                    asked.iter().filter(creates).count() <= 1,
                    "{point}: sent twice: {asked:?}"
                );
            }
        }
    }
}
