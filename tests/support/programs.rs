//! Other programs: found or skipped, started in an empty environment, stopped when they take too long.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than anything here may take.
const LIMIT: Duration = Duration::from_secs(40);

/// A folder that goes when the test ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let name = keywright::store::SecretRef::fresh().unwrap();
        let path = std::env::temp_dir().join(format!("kw-{}", name.file_stem()));
        keywright::platform::files::create_private_folder(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and returns its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = fs::File::create(&path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The result of a program.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) ok: bool,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

/// A program with nothing in its environment but a search path.
#[expect(
    clippy::disallowed_methods,
    reason = "these tests are about other processes"
)]
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
        // The terminal of whoever runs the tests is not asked.
        .env("KEYWRIGHT_NO_INPUT", "1")
        .stdin(Stdio::null());
    command
}

/// Runs `command` to its end; one that does not end fails the test.
#[expect(clippy::disallowed_methods, reason = "the time it takes is tested")]
pub(crate) fn run(command: &mut Command) -> Ended {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let read = |mut from: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = from.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let stdout = read(Box::new(child.stdout.take().unwrap()));
    let stderr = read(Box::new(child.stderr.take().unwrap()));
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("{command:?} did not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let took = start.elapsed();
    Ended {
        ok: status.success(),
        code: status.code(),
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
        took,
    }
}

/// A program in the environment of the tests themselves.
#[expect(
    clippy::disallowed_methods,
    reason = "some programs must find what belongs to the person who runs the tests"
)]
pub(crate) fn program_of_this_user(name: &str) -> Command {
    Command::new(name)
}

/// Returns whether all these programs are there; if not, the test is skipped.
pub(crate) fn programs_available(names: &[&str]) -> bool {
    let missing: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !run(program("/bin/sh").args(["-c", "command -v \"$0\"", name])).ok)
        .collect();
    if !missing.is_empty() {
        unable(&format!("not installed: {}", missing.join(", ")));
    }
    missing.is_empty()
}

/// Says that a test cannot run here, which fails it where everything is required.
#[expect(
    clippy::disallowed_methods,
    reason = "a test run may be told to skip nothing"
)]
pub(crate) fn unable(why: &str) {
    let required = std::env::var("KEYWRIGHT_TESTS_REQUIRE_ALL").is_ok_and(|value| value == "1");
    assert!(!required, "{why}");
    skipped(why);
}

/// Says that a test did not run; past the test harness, which shows no output of a passed test.
pub(crate) fn skipped(why: &str) {
    report(&format!("skipped: {}: {why}", this_test()));
}

/// Says something past the capture of the test harness.
pub(crate) fn report(what: &str) {
    let _ = writeln!(std::io::stderr(), "{what}");
}

fn this_test() -> String {
    let thread = std::thread::current();
    thread.name().unwrap_or("a test").to_owned()
}
