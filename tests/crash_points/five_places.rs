//! A rotation to five destinations of different kinds, by the real binary: two files, two places behind HTTP and a program.
//! It is killed at effects of its own and of its program, or they fail; places refuse, others change one, and it is undone.
//!
//! `KEYWRIGHT_SWEEP=all` tries every effect; without it, some of them, evenly.

use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::model::Shape;
use super::{FaultKind, Place, effects_of, identity, tried_side_by_side};
use crate::support::messages;
use crate::support::places::{self, Entry, Request};
use crate::support::programs::{Ended, programs_available, report, run};
use crate::support::server;

const TO: [&str; 5] = [
    "dotenv:app.env#KEY",
    "json:app.json#/service/key",
    "vault:secret/team/app#API_KEY",
    "k8s:team/app#API_KEY",
    "exec:./take",
];

/// The number of effects that are tried where not all are.
const SAMPLE: usize = 30;

const RIVAL: &str = "fake-value-of-a-rival";

/// A place behind HTTP, with what it was asked.
#[derive(Clone, Default)]
struct Remote {
    entry: Arc<Mutex<Entry>>,
    refuses: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Remote {
    fn serve(&self, name: &str, old: &str) -> String {
        let place = places::all().find(|place| place.name == name).unwrap();
        self.entry.lock().unwrap().put(old);
        let own = self.clone();
        server::serve_by(move |seen| {
            let headers = seen.headers.iter().cloned();
            let request = Request::new(&seen.method, &seen.path, headers, &seen.body);
            let writes = request.is_write();
            own.asked.lock().unwrap().push(seen.method.clone());
            if writes && own.refuses.load(Ordering::Relaxed) {
                return server::json(403, &serde_json::json!({ "message": "not now" }));
            }
            let (status, body) = places::respond(place, &mut own.entry.lock().unwrap(), request);
            server::json(status, &body)
        })
    }
}

struct Five {
    place: Place,
    vault: Remote,
    cluster: Remote,
    old: String,
}

impl Five {
    fn new(identity: &str) -> Self {
        let mut place = Place::new(Shape::Overlap, identity);
        let old = place.model.alive().remove(0);
        let home = &place.home;
        home.write("app.env", &format!("A=1\nKEY={old} # ours\nB=2\n"));
        home.write(
            "app.json",
            &format!("{{\n  \"service\": {{ \"key\": \"{old}\" }}\n}}\n"),
        );
        home.write("got", &old);
        let take = "#!/bin/sh\ntest ! -e closed && cat > got.new && mv got.new got\n";
        home.write("take", take);
        for (name, mode) in [("app.env", 0o600), ("app.json", 0o600), ("take", 0o700)] {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(home.path().join(name), mode).unwrap();
        }
        let (vault, cluster) = (Remote::default(), Remote::default());
        place.env = vec![
            ("VAULT_ADDR", vault.serve("vault", &old)),
            ("VAULT_TOKEN", places::TOKEN.to_owned()),
            ("KUBE_HOST", cluster.serve("k8s", &old)),
            ("KUBE_TOKEN", places::TOKEN.to_owned()),
        ];
        place.to = TO.to_vec();
        Five {
            place,
            vault,
            cluster,
            old,
        }
    }

    fn rotate(&self, tracer: &[&str]) -> Ended {
        run(&mut self.place.rotation(tracer))
    }

    fn rotations(&self, words: &[&str]) -> Ended {
        let words = [&["rotations"], words, &["--yes", "--no-input"]].concat();
        run(&mut self.place.keywright(&words))
    }

    fn file(&self, name: &str) -> String {
        let path = self.place.home.path().join(name);
        keywright::platform::files::read_text(&path)
            .unwrap()
            .unwrap_or_default()
    }

    /// The value at each destination.
    fn held(&self) -> [String; 5] {
        let env = self.file("app.env");
        let line = env.lines().find_map(|line| line.strip_prefix("KEY="));
        let line = line
            .unwrap_or_default()
            .trim_end_matches(" # ours")
            .to_owned();
        let json: serde_json::Value = serde_json::from_str(&self.file("app.json")).unwrap();
        let member = json["service"]["key"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let remote = |one: &Remote| one.entry.lock().unwrap().held().unwrap_or_default();
        let remotes = (remote(&self.vault), remote(&self.cluster));
        [line, member, remotes.0, remotes.1, self.file("got")]
    }

    /// The promise, as it holds at any moment.
    #[track_caller]
    fn keeps_promise(&self, point: &str) {
        let alive = self.place.model.alive();
        for held in self.held() {
            assert!(
                alive.contains(&held),
                "{point}: {held:?} is dead: {alive:?}"
            );
        }
        let told = self.place.unfinished();
        assert!(
            alive.len() == 1 || !told.is_empty(),
            "{point}: keys that nothing tells of: {alive:?}"
        );
        self.place.check_secrecy();
    }

    /// Every destination holds the one key that lives, or what is left is told.
    #[track_caller]
    fn ends(&self, point: &str) {
        self.keeps_promise(point);
        let alive = self.place.model.alive();
        if self.place.unfinished().is_empty() {
            assert_eq!(alive.len(), 1, "{point}: {alive:?}");
            assert_eq!(self.held(), [(); 5].map(|()| alive[0].clone()), "{point}");
        }
    }

    fn go_back(&self) {
        for told in self.place.unfinished() {
            let id = told["id"].as_str().unwrap();
            let ways = ["undo", "abort", "resume"];
            let ended = ways.iter().map(|way| self.rotations(&[way, id]));
            let Some(ended) = ended.into_iter().find(|ended| ended.ok) else {
                continue;
            };
            // Aborting revokes no key that only the list shows: it names the command.
            for line in ended.stderr.lines() {
                if let Some((_, key)) = line.split_once("revoke it: keywright keys revoke ") {
                    let words = ["keys", "revoke", key, "--yes", "--no-input"];
                    let revoked = run(&mut self.place.keywright(&words));
                    assert!(revoked.ok, "{}", revoked.stderr);
                }
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside"
)]
fn is_whole_sweep() -> bool {
    std::env::var_os("KEYWRIGHT_SWEEP").is_some()
}

#[test]
fn five_places_killed_lose_nothing() {
    if !programs_available(&["strace"]) {
        return;
    }
    let identity = identity();
    let one = Five::new(&identity);
    let counted = effects_of(&one.place);
    one.ends("undisturbed");
    assert_ne!(one.held()[0], one.old);
    let mut points: Vec<(&str, usize)> = counted
        .into_iter()
        .flat_map(|(name, count)| (1..=count).map(move |number| (name, number)))
        .collect();
    assert!(points.len() > 100, "{points:?}");
    if !is_whole_sweep() {
        let step = points.len().div_ceil(SAMPLE);
        points = points.into_iter().step_by(step).collect();
    }
    let count = points.len();
    tried_side_by_side(&points, |number, (name, at)| {
        let faults: &[FaultKind] = match (is_whole_sweep(), number % 3) {
            (true, _) => &[FaultKind::Kill, FaultKind::Error],
            (false, 2) => &[FaultKind::Error],
            _ => &[FaultKind::Kill],
        };
        for fault in faults {
            let five = Five::new(&identity);
            let tracer = fault.injected(name, at);
            let tracer: Vec<&str> = tracer.iter().map(String::as_str).collect();
            let ended = five.rotate(&tracer);
            let point = format!("five places, {fault:?}, {name} {at}: {}", ended.stderr);
            five.keeps_promise(&point);
            if number % 2 == 0 {
                five.place.recover();
            } else {
                five.go_back();
            }
            five.ends(&point);
        }
    });
    report(&format!("five places: {count} points, 0 losses"));
}

#[test]
fn five_places_refused_leave_first_consistent() {
    let identity = identity();
    for number in 2..TO.len() {
        let five = Five::new(&identity);
        let closed = five.place.home.path().join("closed");
        match number {
            2 => five.vault.refuses.store(true, Ordering::Relaxed),
            3 => five.cluster.refuses.store(true, Ordering::Relaxed),
            _ => drop(five.place.home.write("closed", "")),
        }
        let ended = five.rotate(&[]);
        let point = format!("{}: {}", TO[number], ended.stderr);
        assert_eq!(ended.code, Some(10), "{point}");
        assert!(ended.stderr.contains(messages::KEY_NOT_LOST), "{point}");
        let held = five.held();
        assert!(
            held[..number].iter().all(|held| *held != five.old),
            "{point}"
        );
        assert!(
            held[number..].iter().all(|held| *held == five.old),
            "{point}"
        );
        five.keeps_promise(&point);
        five.vault.refuses.store(false, Ordering::Relaxed);
        five.cluster.refuses.store(false, Ordering::Relaxed);
        let _ = std::fs::remove_file(closed);
        let undone = five.rotations(&["undo"]);
        assert!(undone.ok, "{point}: {}", undone.stderr);
        assert_eq!(five.held(), [(); 5].map(|()| five.old.clone()), "{point}");
        five.ends(&point);
    }
}

#[test]
fn edit_before_write_is_kept() {
    let identity = identity();
    for pick in [
        |five: &Five| five.vault.clone(),
        |five: &Five| five.cluster.clone(),
    ] {
        let five = Five::new(&identity);
        let remote = pick(&five);
        remote.entry.lock().unwrap().rival = Some(RIVAL.to_owned());
        let ended = five.rotate(&[]);
        assert_eq!(ended.code, Some(10), "{}", ended.stderr);
        let held = remote.entry.lock().unwrap().held();
        assert_eq!(held.as_deref(), Some(RIVAL), "{}", ended.stderr);
        five.place.recover();
        five.ends("edited");
    }
}

#[test]
fn five_places_get_exactly_their_calls() {
    let five = Five::new(&identity());
    let ended = five.rotate(&[]);
    assert!(ended.ok, "{}", ended.stderr);
    five.ends("undisturbed");
    // The value with its version, the token's capabilities, the write and the value that is read back.
    let asked = five.vault.asked.lock().unwrap().join(" ");
    assert_eq!(asked, "GET POST GET POST GET");
    // The value with its version, the dry run, the write and the value that is read back.
    let asked = five.cluster.asked.lock().unwrap().join(" ");
    assert_eq!(asked, "GET PATCH GET PATCH GET");
    let kept = format!("A=1\nKEY={} # ours\nB=2\n", five.held()[0]);
    assert_eq!(five.file("app.env"), kept);
}
