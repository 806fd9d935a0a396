//! Other programs: the only place that starts them.

mod child;
#[cfg(unix)]
mod signals;

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::rc::Rc;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::super::{
    ChildProcess, Env, ForegroundCommand, ProcessLauncher, Program, ProgramError, ProgramOutput,
    Programs, SECRET_VARIABLES, SignalStream, SpawnError,
};

/// The most that is kept of what a program says, per stream.
const MAX_CAPTURED: usize = 64 << 10;

/// The wait for the rest of the output after the exit: a descendant may hold the pipe open.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(500);

/// The number of retries, and the pause between them, for a program that is still being written.
const BUSY_RETRIES: u32 = 20;
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// The longest pause between two looks at a running program.
const MAX_POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The programs that an environment and a folder lead to.
pub(super) struct InstalledPrograms {
    env: Env,
    folder: PathBuf,
}

impl InstalledPrograms {
    pub(super) fn new(env: &Env, folder: &Path) -> Self {
        InstalledPrograms {
            env: env.clone(),
            folder: folder.to_owned(),
        }
    }

    /// The folders in which programs are looked for.
    fn search_path(&self) -> impl Iterator<Item = PathBuf> {
        env::split_paths(self.env.get("PATH").unwrap_or_default())
            // An empty entry would mean the current folder, which is never intended.
            .filter(|entry| !entry.as_os_str().is_empty())
            .map(|entry| self.folder.join(entry))
    }

    /// A program in our environment, without what is secret there, and in our folder.
    fn bare(&self, path: &Path) -> Command {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is where programs are started"
        )]
        let mut command = Command::new(path);
        command.env_clear().envs(not_unicode()).envs(
            self.env
                .pairs()
                .filter(|(name, _)| !SECRET_VARIABLES.contains(name)),
        );
        // A folder that is gone has no path; the program then runs where we do.
        if !self.folder.as_os_str().is_empty() {
            command.current_dir(&self.folder);
        }
        command
    }

    fn command(&self, path: &Path, program: &Program<'_>) -> Command {
        let mut command = self.bare(path);
        for name in program.without {
            command.env_remove(name);
        }
        command
            .args(&program.words[1..])
            .envs(program.env.iter().copied())
            .stdin(if program.stdin.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // A group of its own can be killed as a whole.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }
}

/// The variables that `Env` cannot hold: a program may need them, and none of ours is among them.
fn not_unicode() -> impl Iterator<Item = (OsString, OsString)> {
    env::vars_os().filter(|(name, value)| name.to_str().is_none() || value.to_str().is_none())
}

impl Programs for InstalledPrograms {
    fn which(&self, name: &str) -> Option<PathBuf> {
        if name.is_empty() {
            return None;
        }
        if Path::new(name).components().count() > 1 || name.contains(std::path::is_separator) {
            return executable(self.folder.join(name));
        }
        self.search_path()
            .find_map(|entry| executable(entry.join(name)))
    }

    fn run(&self, program: &Program<'_>) -> Result<ProgramOutput, ProgramError> {
        let name = program.words.first().map_or("", String::as_str);
        let path = self
            .which(name)
            .ok_or_else(|| ProgramError::NotStarted("there is no such program".to_owned()))?;
        let mut child = start(&mut self.command(&path, program))
            .map_err(|error| ProgramError::NotStarted(error.to_string()))?;
        if let (Some(mut stdin), Some(secret)) = (child.stdin.take(), program.stdin) {
            let secret = secret.duplicate();
            thread::spawn(move || {
                // A program that does not read tells by its exit code whether that matters.
                let _ = stdin.write_all(secret.expose().as_bytes());
            });
        }
        let (stdout, stderr) = (listen(child.stdout.take()), listen(child.stderr.take()));
        let status = wait(&mut child, program)?;
        Ok(ProgramOutput {
            code: status.code(),
            signal: signal(status),
            stdout: stdout.words(),
            stderr: stderr.words(),
        })
    }
}

impl ProcessLauncher for InstalledPrograms {
    fn find(&self, name: &OsStr) -> Result<PathBuf, SpawnError> {
        child::find(self, name)
    }

    fn replace(&self, guest: &ForegroundCommand<'_>) -> Option<SpawnError> {
        #[cfg(unix)]
        return Some(child::replace(self, guest));
        #[cfg(not(unix))]
        {
            let _ = guest;
            None
        }
    }

    fn spawn(&self, guest: &ForegroundCommand<'_>) -> Result<Box<dyn ChildProcess>, SpawnError> {
        child::spawn(self, guest)
    }

    fn start(&self, words: &[String]) -> Result<(), SpawnError> {
        child::start_apart(self, words)
    }

    fn in_folder(&self, folder: &Path) -> Rc<dyn ProcessLauncher> {
        Rc::new(InstalledPrograms::new(&self.env, folder))
    }

    fn listen(&self) -> io::Result<Box<dyn SignalStream>> {
        child::listen()
    }
}

/// Returns a test of whether this process ignores a signal.
#[cfg(unix)]
pub(super) fn ignored() -> impl Fn(i32) -> bool {
    signals::ignored()
}

/// Starts a program, again if another process still has it open for writing.
fn start(command: &mut Command) -> io::Result<Child> {
    let mut tries = 0;
    loop {
        match command.spawn() {
            Err(error)
                if error.kind() == io::ErrorKind::ExecutableFileBusy && tries < BUSY_RETRIES =>
            {
                tries += 1;
                thread::sleep(BUSY_PAUSE);
            }
            started => return started,
        }
    }
}

fn wait(child: &mut Child, program: &Program<'_>) -> Result<ExitStatus, ProgramError> {
    #[cfg(unix)]
    let mut relay = program.hears_signals.then(signals::SignalRelay::open);
    #[expect(
        clippy::disallowed_methods,
        reason = "a program runs in real time, whatever a test's clock says"
    )]
    let now = Instant::now;
    let started = now();
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(error) => {
                kill(child);
                return Err(ProgramError::Uncertain(format!(
                    "it could not be watched ({error})"
                )));
            }
        }
        #[cfg(unix)]
        if let Some(relay) = &mut relay
            && relay.pass_on(child)
        {
            kill(child);
            return Err(ProgramError::Uncertain("it was killed".to_owned()));
        }
        let timeout = program.timeout;
        let left = timeout.saturating_sub(now().duration_since(started));
        if left.is_zero() {
            kill(child);
            return Err(ProgramError::Uncertain(format!(
                "it did not exit within {} s and was killed",
                timeout.as_secs_f32()
            )));
        }
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(MAX_POLL_INTERVAL);
    }
}

/// Kills a program and its group. It was not waited for yet, so its number cannot belong to another.
fn kill(child: &mut Child) {
    #[cfg(unix)]
    signals::send_to_group(child, rustix::process::Signal::KILL);
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// A stream that a thread of its own reads to the end, even if only a part is kept.
struct CapturedStream {
    kept: Arc<Mutex<Zeroizing<Vec<u8>>>>,
    end: Receiver<()>,
}

impl CapturedStream {
    fn words(self) -> Zeroizing<Vec<u8>> {
        // Without an end of file, the output so far counts.
        let _ = self.end.recv_timeout(DRAIN_TIMEOUT);
        std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn listen(stream: Option<impl Read + Send + 'static>) -> CapturedStream {
    let kept = Arc::new(Mutex::new(Zeroizing::new(Vec::with_capacity(MAX_CAPTURED))));
    let (ended, end) = mpsc::channel();
    if let Some(mut stream) = stream {
        let kept = Arc::clone(&kept);
        thread::spawn(move || {
            let mut piece = Zeroizing::new([0_u8; 4096]);
            while let Ok(count @ 1..) = stream.read(piece.as_mut_slice()) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                let room = MAX_CAPTURED.saturating_sub(kept.len());
                kept.extend_from_slice(&piece[..count.min(room)]);
            }
            // The receiver is gone if the last output took too long.
            let _ = ended.send(());
        });
    }
    CapturedStream { kept, end }
}

#[cfg(unix)]
fn executable(path: PathBuf) -> Option<PathBuf> {
    (path.is_file() && rustix::fs::access(&path, rustix::fs::Access::EXEC_OK).is_ok())
        .then_some(path)
}

#[cfg(not(unix))]
fn executable(path: PathBuf) -> Option<PathBuf> {
    if path.extension().is_some() && path.is_file() {
        return Some(path);
    }
    ["exe", "com", "cmd", "bat"]
        .into_iter()
        .map(|extension| path.with_extension(extension))
        .find(|path| path.is_file())
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
