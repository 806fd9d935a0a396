//! A deterministic simulation: whole commands in one process, over an injected clock, wire, terminal and keyring and a
//! temporary folder, and everything that can go wrong drawn from one seed.
//!
//! At each seed a service of one shape with its habits (`habits`, `service`, `routes`) meets a machine (`place`) and
//! maybe a person (`person`). Up to six commands run as processes (`process`) that are stopped before any call, paused,
//! given a broken disk, or raced by another (`scenario`); other people change keys meanwhile. Then everything heals,
//! what is unfinished is finished as somebody would who reads what is said, and the promise is looked at (`promise`).
//!
//! `cargo test` runs a thousand seeds. Any number runs with
//! `KEYWRIGHT_SIM_SEEDS=1000000 KEYWRIGHT_SIM_FROM=0 cargo test --profile simulation simulation -- --nocapture`
//! on all cores (`KEYWRIGHT_SIM_STOP=1` ends at the first fault), and `KEYWRIGHT_SIM_SEED=n` replays one with everything
//! that happened. The patches in `faults` put faults back that were put right; `faults/prove` shows that each is found.

mod habits;
mod neighbour;
mod person;
mod place;
mod process;
mod promise;
mod retire;
pub(crate) mod rng;
mod routes;
mod scenario;
mod service;
mod steps;
mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use self::scenario::Scenario;
use self::trace::Trace;
use crate::support::programs::{program, programs_available, report, run};

/// The number of seeds that a test run tries.
const SEEDS: u64 = 1000;

/// Seeds above those at which the promise was broken once.
const BROKEN_ONCE: &[u64] = &[
    103_424, 108_291, 113_207, 206_044, 213_993, 221_447, 226_616, 231_068, 252_148, 254_458,
    276_996, 285_104, 290_708, 299_182, 604_149, 618_544, 697_564, 702_186, 875_263, 893_522,
    910_972, 947_508, 1_065_652, 1_146_198, 1_263_644,
];

/// The interval at which a long run reports its progress.
const REPORT_AFTER: Duration = Duration::from_secs(20);

/// The number of failing seeds that are shown in full.
const SHOWN: usize = 12;

/// The result of one seed.
struct Outcome {
    wrongs: Vec<String>,
    states: BTreeSet<u64>,
}

/// Plays a seed in a folder, which is empty afterwards.
fn play(seed: u64, folder: &Path, trace: &Trace) -> Outcome {
    let _ = std::fs::remove_dir_all(folder);
    keywright::platform::files::create_private_folder(&folder.join("work")).unwrap();
    let played = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut scenario = Scenario::new(seed, folder.to_owned(), trace);
        scenario.play();
        let wrongs = scenario.place.service.lock().unwrap().wrongs.clone();
        Outcome {
            wrongs,
            states: scenario.states,
        }
    }));
    let _ = std::fs::remove_dir_all(folder);
    played.unwrap_or_else(|_| Outcome {
        wrongs: vec!["the simulation itself panicked".to_owned()],
        states: BTreeSet::new(),
    })
}

/// A folder in memory, where there is one.
fn base() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    };
    base.join(format!("keywright-simulation-{}", std::process::id()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside"
)]
pub(crate) fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// The results of many seeds.
#[derive(Default)]
struct Tally {
    states: BTreeSet<u64>,
    failed: Vec<(u64, Vec<String>)>,
}

impl Tally {
    /// The number of times that each kind of fault was found.
    fn kinds(&self) -> BTreeMap<String, (usize, u64)> {
        let mut kinds: BTreeMap<String, (usize, u64)> = BTreeMap::new();
        for (seed, wrongs) in &self.failed {
            for wrong in wrongs {
                let kind = wrong.replace(|letter: char| letter.is_ascii_digit(), "#");
                let kind: String = kind.chars().take(100).collect();
                let known = kinds.entry(kind).or_insert((0, *seed));
                known.0 += 1;
            }
        }
        kinds
    }

    fn report(&self, seeds: u64, took: Duration) -> String {
        let each = u128::from(seeds) * 1000 / took.as_millis().max(1);
        let mut lines = vec![format!(
            "{seeds} seeds, {each} a second, {} states, {} seeds with faults",
            self.states.len(),
            self.failed.len()
        )];
        for (kind, (times, seed)) in self.kinds() {
            lines.push(format!(
                "  {times} × {kind} (first at KEYWRIGHT_SIM_SEED={seed})"
            ));
        }
        lines.join("\n")
    }
}

/// Plays so many seeds on all cores.
#[expect(clippy::disallowed_methods, reason = "the time it takes is told")]
fn play_all(from: u64, count: u64, long: bool) -> Tally {
    let began = Instant::now();
    let next = AtomicU64::new(0);
    let tally = Mutex::new((Tally::default(), began));
    let most = number("KEYWRIGHT_SIM_STOP").and_then(|most| usize::try_from(most).ok());
    let most = most.unwrap_or(usize::MAX);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    // Other tests of this process replay seeds beside it.
    let base = base().join(format!("from-{from}"));
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let folder = base.join(worker.to_string());
            let (next, tally) = (&next, &tally);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        return;
                    }
                    let outcome = play(from + index, &folder, &Trace::default());
                    let mut both = tally.lock().unwrap();
                    both.0.states.extend(outcome.states);
                    if !outcome.wrongs.is_empty() {
                        both.0.failed.push((from + index, outcome.wrongs));
                        if both.0.failed.len() >= most {
                            next.store(count, Ordering::Relaxed);
                        }
                    }
                    if long && both.1.elapsed() > REPORT_AFTER {
                        both.1 = Instant::now();
                        report(&both.0.report(index, began.elapsed()));
                    }
                }
            });
        }
    });
    let _ = std::fs::remove_dir_all(base);
    let mut tally = tally.into_inner().unwrap().0;
    tally.failed.sort();
    if long {
        report(&tally.report(count, began.elapsed()));
    }
    tally
}

/// Plays a seed once more and tells everything that happened.
fn replay(seed: u64) -> (String, Vec<String>) {
    let trace = Trace::kept();
    let folder = base().join(format!("replay-{seed}"));
    let outcome = play(seed, &folder, &trace);
    let _ = std::fs::remove_dir_all(&folder);
    let lines = trace.lines().join("\n");
    (lines, outcome.wrongs)
}

#[test]
fn promise_holds_at_every_seed() {
    if let Some(seed) = number("KEYWRIGHT_SIM_SEED") {
        let (lines, wrongs) = replay(seed);
        report(&lines);
        assert!(wrongs.is_empty(), "seed {seed}:\n{}", wrongs.join("\n"));
        return;
    }
    let from = number("KEYWRIGHT_SIM_FROM").unwrap_or(0);
    let asked = number("KEYWRIGHT_SIM_SEEDS");
    let tally = play_all(from, asked.unwrap_or(SEEDS), asked.is_some());
    let failed: Vec<String> = tally
        .failed
        .iter()
        .take(SHOWN)
        .map(|(seed, wrongs)| format!("KEYWRIGHT_SIM_SEED={seed}: {}", wrongs.join("; ")))
        .collect();
    assert!(
        failed.is_empty(),
        "{} seeds:\n{}",
        tally.failed.len(),
        failed.join("\n")
    );
}

#[test]
fn every_fault_fits_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The sources of a package have no repository.
    if !programs_available(&["git"]) || !root.join(".git").exists() {
        return;
    }
    let faults = root.join("tests/simulation/faults");
    let faults = keywright::platform::files::list(&faults, "patch").unwrap();
    assert!(faults.len() > 20, "{faults:?}");
    for patch in faults {
        let mut fits = program("git");
        fits.args(["apply", "--check", "--recount"]).arg(&patch);
        let ended = run(fits.current_dir(root));
        assert!(ended.ok, "{}: {}", patch.display(), ended.stderr);
    }
}

#[test]
fn promise_holds_at_regression_seeds() {
    for seed in BROKEN_ONCE.iter().copied() {
        let (_, wrongs) = replay(seed);
        assert!(wrongs.is_empty(), "seed {seed}:\n{}", wrongs.join("\n"));
    }
}

#[test]
fn same_seed_repeats_same_trace() {
    for seed in 0..40 {
        let is_repeated = |_| {
            let (first, _) = replay(seed);
            let (second, _) = replay(seed);
            first
                .lines()
                .zip(second.lines())
                .all(|(one, other)| one == other)
        };
        // A program that another test starts holds the locks of this process until it is executed: a run may then end early.
        assert!((0..3).any(is_repeated), "seed {seed}");
    }
}
