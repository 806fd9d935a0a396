//! Other programs: started without a shell, fed through stdin, watched by a time limit.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::secret::Secret;

/// How long a program may take when nobody says otherwise.
pub const PROGRAM_TIMEOUT: Duration = Duration::from_secs(60);

/// A program to run.
#[derive(Debug)]
pub struct Program<'a> {
    /// Its name or path, then its arguments; no shell reads them, and no secret may stand in them.
    pub words: &'a [String],
    /// What it reads on stdin, byte for byte; without it stdin is empty.
    pub stdin: Option<&'a Secret>,
    /// Variables on top of the environment.
    pub env: &'a [(&'a str, &'a str)],
    /// After this time it is killed, with all that it started.
    pub timeout: Duration,
}

impl<'a> Program<'a> {
    /// The program `words` with an empty stdin, nothing added to its environment and a minute to run.
    pub fn new(words: &'a [String]) -> Self {
        Program {
            words,
            stdin: None,
            env: &[],
            timeout: PROGRAM_TIMEOUT,
        }
    }
}

/// A program that came to its end; what it said does not print, because it may repeat a secret.
pub struct Ended {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The first 64 KiB of its stdout.
    pub stdout: Zeroizing<Vec<u8>>,
    /// The first 64 KiB of its stderr.
    pub stderr: Zeroizing<Vec<u8>>,
}

impl Ended {
    /// Whether it ended well: exit code 0.
    pub fn well(&self) -> bool {
        self.code == Some(0)
    }
}

impl fmt::Debug for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ended")
            .field("code", &self.code)
            .field("signal", &self.signal)
            .finish_non_exhaustive()
    }
}

/// Why a program did not come to its end.
#[derive(Debug)]
pub enum ProgramError {
    /// It never ran, so nothing happened.
    NotStarted(String),
    /// It ran and may have done its work; it did not end in time and was killed, or could not be watched.
    Uncertain(String),
}

/// The programs of this machine.
///
/// No program gets the variables of [`super::SECRET_VARIABLES`] from our environment. Each runs apart from the
/// terminal: it cannot ask there, and Ctrl-C does not reach it halfway through its work.
pub trait Programs {
    /// Where the program `name` is: searched on `PATH`, or a path counted from the folder of the run.
    ///
    /// `None` also when it is there and may not be executed.
    fn which(&self, name: &str) -> Option<PathBuf>;
    /// Runs a program to its end; blocks the thread.
    fn run(&self, program: &Program<'_>) -> Result<Ended, ProgramError>;
}
