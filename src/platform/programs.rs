//! Other programs: started without a shell, fed through stdin, watched by a time limit.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use zeroize::Zeroizing;

use super::LocalBoxFuture;
use crate::core::secret::Secret;

/// The time limit of a program that sets none.
pub const PROGRAM_TIMEOUT: Duration = Duration::from_secs(60);

/// A program to run.
#[derive(Debug)]
pub struct Program<'a> {
    /// Its name or path, then its arguments. No shell reads them, and they must not hold a secret.
    pub words: &'a [String],
    /// Its stdin, byte for byte; empty if `None`.
    pub stdin: Option<&'a Secret>,
    /// Variables on top of the environment.
    pub env: &'a [(&'a str, &'a str)],
    /// Variables of the environment that it does not get.
    pub without: &'a [&'a str],
    /// After this time it is killed, with all that it started.
    pub timeout: Duration,
    /// Set if a signal that ends this process reaches it, too; otherwise it ends its work first.
    pub hears_signals: bool,
}

impl<'a> Program<'a> {
    /// Returns the program `words` with an empty stdin, nothing added to its environment, a minute to run and no signals.
    pub fn new(words: &'a [String]) -> Self {
        Program {
            words,
            stdin: None,
            env: &[],
            without: &[],
            timeout: PROGRAM_TIMEOUT,
            hears_signals: false,
        }
    }
}

/// The output of a program that has exited. It does not print, because it may repeat a secret.
pub struct ProgramOutput {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The first 64 KiB of its stdout.
    pub stdout: Zeroizing<Vec<u8>>,
    /// The first 64 KiB of its stderr.
    pub stderr: Zeroizing<Vec<u8>>,
}

impl ProgramOutput {
    /// Returns whether the exit code is 0.
    pub fn success(&self) -> bool {
        self.code == Some(0)
    }
}

impl fmt::Debug for ProgramOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ended")
            .field("code", &self.code)
            .field("signal", &self.signal)
            .finish_non_exhaustive()
    }
}

/// The reason why a program did not run to completion.
#[derive(Debug)]
pub enum ProgramError {
    /// It never ran, so nothing happened.
    NotStarted(String),
    /// It ran and may have done its work, but it timed out and was killed, or could not be watched.
    Uncertain(String),
}

/// A program that runs as if the user had started it: on our streams, in our place at the terminal.
#[derive(Debug)]
pub struct ForegroundCommand<'a> {
    /// Its name or path, then its arguments, as they were typed; they must not hold a secret.
    pub words: &'a [OsString],
    /// Variables on top of the environment; others of this user cannot see them.
    pub env: &'a [(&'a str, &'a Secret)],
}

/// The reason why a foreground command does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpawnError {
    /// There is no such program.
    NotFound,
    /// It is there and cannot be executed; the text says why.
    NotExecutable(String),
}

impl SpawnError {
    /// Returns the exit code by which shells tell it.
    pub fn exit_code(&self) -> u8 {
        match self {
            SpawnError::NotFound => 127,
            SpawnError::NotExecutable(_) => 126,
        }
    }
}

/// A guest that runs.
pub trait ChildProcess {
    /// Sends it a signal; one that is gone misses nothing.
    fn forward_signal(&mut self, signal: i32);
    /// Waits for the exit: its exit code, or 128 plus the signal that ended it. The wait may be dropped and started
    /// again.
    fn end(&mut self) -> LocalBoxFuture<'_, io::Result<u8>>;
}

/// A signal that would have ended this process, or that a guest may want to know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceivedSignal {
    /// Its number.
    pub signal: i32,
    /// Says that a process sent the signal to this one. A key at the terminal has reached the child as well.
    pub sent: bool,
    /// Says that this process must end soon.
    pub ends: bool,
}

impl ReceivedSignal {
    /// Returns whether the signal is one that usually ends programs, whatever its origin.
    pub fn ends_programs(&self) -> bool {
        // Hang-up, interrupt, quit, terminate: the same numbers everywhere.
        matches!(self.signal, 1 | 2 | 3 | 15)
    }
}

/// Signals that are heard instead of ending this process, for as long as this is kept.
pub trait SignalStream {
    /// Waits for the next one. May be given up and begun again.
    fn next(&mut self) -> LocalBoxFuture<'_, ReceivedSignal>;
    /// Returns the next one that came already.
    fn ready(&mut self) -> Option<ReceivedSignal>;
}

/// The programs of this machine.
///
/// No program gets the variables of [`super::SECRET_VARIABLES`] from our environment. Each but a [`ForegroundCommand`] runs apart
/// from the terminal: it cannot ask there, and Ctrl-C does not reach it halfway through its work.
pub trait Programs {
    /// Returns the path of the program `name`: found on `PATH`, or a path relative to the current folder of the run.
    ///
    /// Returns `None` also if it exists and is not executable.
    fn which(&self, name: &str) -> Option<PathBuf>;
    /// Runs a program to completion; blocks the thread.
    fn run(&self, program: &Program<'_>) -> Result<ProgramOutput, ProgramError>;
}

/// The programs of this machine, and those among them that take the place of this process or run beside it.
pub trait ProcessLauncher: Programs {
    /// Returns the path of a foreground command, or why it cannot run.
    fn find(&self, name: &OsStr) -> Result<PathBuf, SpawnError>;
    /// Puts a guest in the place of this process; returns only where it cannot run. `None` where the system knows no
    /// such thing, and nothing has happened.
    fn replace(&self, guest: &ForegroundCommand<'_>) -> Option<SpawnError>;
    /// Starts a guest beside this process.
    fn spawn(&self, guest: &ForegroundCommand<'_>) -> Result<Box<dyn ChildProcess>, SpawnError>;
    /// Starts a program that lives on without this one: on no streams, apart from the terminal, not waited for.
    fn start(&self, words: &[String]) -> Result<(), SpawnError> {
        let _ = words;
        Err(SpawnError::NotFound)
    }
    /// Returns the same programs, run in `folder`.
    fn in_folder(&self, folder: &Path) -> Rc<dyn ProcessLauncher>;
    /// Hears signals from now on.
    fn listen(&self) -> io::Result<Box<dyn SignalStream>>;
}

/// Returns why a program that was not found cannot be started, as it follows its name.
pub fn why_not_found(name: &str) -> &'static str {
    if name.contains(std::path::is_separator) {
        "does not exist, or is not executable"
    } else {
        "is not on PATH, or may not be executed"
    }
}
