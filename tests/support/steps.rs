//! Steps with a store in a process of its own: this program starts itself again with only one test to run.

use crate::support::kernel_keys::FakeKernelKeys;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keywright::core::error::Error;
use keywright::core::secret::Secret;
use keywright::platform::keychain::SystemKeychain;
use keywright::platform::{Dirs, Env, Platform, native};
use keywright::store::{self, SecretRef, SecretStore, StoreError, StoreKind};
use keywright::wal;

use super::clock::FakeClock;
use super::http::FakeTransport;
use super::programs;
use super::terminal::FakeTerminal;

/// The beginning of the answer to a step among the output of the test harness.
const MARK: &str = "» ";

/// The task of the started process, and its folder.
const STEPS: &str = "STEPS";
const KIND: &str = "KIND";
const STATE: &str = "STATE";

/// Does the steps that the environment names; nothing when it names none.
///
/// `put NAME VALUE`, `get NAME`, `delete NAME`, `probe`, separated by `;`. `xN` stands for a value of N bytes.
#[test]
#[ignore = "started by other tests, in a process of its own"]
fn child() {
    let env = environment();
    let (Some(steps), Some(kind), Some(state)) = (env.get(STEPS), env.get(KIND), env.get(STATE))
    else {
        return;
    };
    let platform = platform(env.clone(), Path::new(state));
    let store = store::open(kind.parse().unwrap(), &platform, false).unwrap();
    for step in steps.split(';') {
        let (answer, took) = timed(|| answer(&*store, &platform, step.trim()));
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{MARK}{answer} ({} ms)", took.as_millis()).unwrap();
        stdout.flush().unwrap();
    }
}

fn answer(store: &dyn SecretStore, platform: &Platform, step: &str) -> String {
    let words: Vec<&str> = step.split_whitespace().collect();
    let result = match words[..] {
        ["put", name, value] => store
            .put(&item(name), &format!("keywright: {name}"), &secret(value))
            .map(|()| "ok".to_owned()),
        ["get", name] => store.get(&item(name)).map(|found| match found {
            Some(found) if found.len() > 100 => {
                assert!(found.eq_secret(&secret(&format!("x{}", found.len()))));
                format!("x{}", found.len())
            }
            Some(found) => found.expose().to_owned(),
            None => "none".to_owned(),
        }),
        ["delete", name] => store.delete(&item(name)).map(|gone| gone.to_string()),
        ["probe"] => wal::probe(store, platform).map(|()| "ok".to_owned()),
        _ => panic!("no step: {step}"),
    };
    match result {
        Ok(text) => text,
        Err(error) => format!("{} error: {}", name_of(&error), Error::from(error)),
    }
}

fn name_of(error: &StoreError) -> &'static str {
    match error {
        StoreError::Missing(_) => "missing",
        StoreError::Locked(_) => "locked",
        StoreError::Unavailable(..) => "unavailable",
        StoreError::TooLarge(..) => "too large",
        StoreError::Ambiguous(..) => "ambiguous",
        StoreError::Failed(_) => "failed",
    }
}

/// The item that steps call `name`.
pub(crate) fn item(name: &str) -> SecretRef {
    format!("keywright:{name}").parse().unwrap()
}

fn secret(value: &str) -> Secret {
    let length = value.strip_prefix('x').and_then(|count| count.parse().ok());
    length.map_or_else(
        || Secret::new(value),
        |length| Secret::new("v".repeat(length)),
    )
}

/// The words to start this program with, for a shell script.
pub(crate) fn words() -> Vec<String> {
    let this = std::env::current_exe().unwrap();
    let name = format!("{}::child", module_path!().split_once("::").unwrap().1);
    let arguments = [name.as_str(), "--exact", "--ignored", "--nocapture"];
    std::iter::once(this.to_str().unwrap())
        .chain(arguments)
        .map(str::to_owned)
        .collect()
}

/// This program again, doing `steps` with the store in the folder `state`.
pub(crate) fn process(kind: StoreKind, state: &Path, steps: &str) -> Command {
    let words = words();
    let mut command = programs::program(&words[0]);
    command.args(&words[1..]);
    give(&mut command, kind, state, steps);
    command
}

/// Tells `command`, which will start this program, what to do.
pub(crate) fn give(command: &mut Command, kind: StoreKind, state: &Path, steps: &str) {
    command
        .env(KIND, kind.name())
        .env(STATE, state)
        .env(STEPS, steps);
}

/// The answers in what a process printed, without their times.
pub(crate) fn answers(stdout: &str) -> Vec<&str> {
    stdout
        .lines()
        .filter_map(|line| line.split_once(MARK))
        .filter_map(|(_, answer)| answer.rsplit_once(" ("))
        .map(|(answer, _)| answer)
        .collect()
}

/// The duration of each answer.
pub(crate) fn times(stdout: &str) -> Vec<Duration> {
    stdout
        .lines()
        .filter_map(|line| line.split_once(MARK))
        .filter_map(|(_, answer)| answer.rsplit_once(" ("))
        .map(|(_, time)| Duration::from_millis(time.trim_end_matches(" ms)").parse().unwrap()))
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "the time it takes is tested")]
fn timed<T>(job: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = job();
    (result, start.elapsed())
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the environment of a test comes in"
)]
fn environment() -> Env {
    Env::new(std::env::vars())
}

/// A platform with the real keyring, its state in `state` and no terminal.
pub(crate) fn platform(env: Env, state: &Path) -> Platform {
    Platform {
        programs: native::programs(&env, state),
        env,
        dirs: Dirs {
            config: state.join("config"),
            state: state.to_owned(),
            cache: state.join("cache"),
        },
        folder: state.to_owned(),
        clock: Arc::new(FakeClock::new()),
        terminal: Rc::new(FakeTerminal::default()),
        http: FakeTransport::new([]),
        keychain: Arc::new(SystemKeychain),
        kernel_keys: Rc::new(FakeKernelKeys::default()),
        callbacks: native::callbacks(),
        addresses: BTreeMap::new(),
        lock_deadline: Rc::default(),
        processes: native::processes(),
        shared_state: None,
    }
}
