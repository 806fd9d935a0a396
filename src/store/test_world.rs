//! Builds platforms for tests of stores: with a folder of its own, an environment, and a simulated user.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::SecretRef;
use crate::doubles;
use crate::doubles::keychain::{FakeKeychain, KeychainFault};
use crate::doubles::terminal::{FakeTerminal, Person, Reply};
use crate::platform::files::{self, FileLock};
use crate::platform::{
    ChildProcess, Env, ForegroundCommand, KeychainError, Platform, ProcessLauncher, Program,
    ProgramError, ProgramOutput, Programs, SignalStream, SpawnError,
};
use crate::report::log::Log;

/// A folder that is removed when the test ends.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
}

impl Folder {
    /// Writes a private file and returns its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path.join(name);
        let lock = FileLock::try_acquire(&self.path.join("test.lock"))
            .unwrap()
            .unwrap();
        files::write_private(&path, text.as_bytes(), &lock).unwrap();
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

pub(crate) fn folder() -> Folder {
    let name = SecretRef::fresh().unwrap();
    let path = std::env::temp_dir().join(format!("keywright-test-{}", name.file_stem()));
    files::create_private_folder(&path).unwrap();
    Folder { path }
}

/// Returns a platform whose state is in `folder`, without a user.
pub(crate) fn platform(folder: &Folder, env: &[(&str, &str)]) -> Platform {
    world_with(folder, env, None)
}

/// Returns a platform whose state is shared, in an engine of its own.
pub(crate) fn sharing(platform: Platform) -> Platform {
    sharing_at(platform, &Arc::default())
}

/// Returns a platform whose state is shared in `engine`.
pub(crate) fn sharing_at(
    platform: Platform,
    engine: &Arc<doubles::engine::FakeEngine>,
) -> Platform {
    let env = doubles::engine::variables();
    let env = env.iter().fold(platform.env.clone(), |env, (name, value)| {
        env.with(name, *value)
    });
    let mut platform = Platform { env, ..platform };
    let log = Log::new(Rc::clone(&platform.terminal), false, false);
    let http = Arc::clone(engine) as _;
    platform.shared_state = crate::engine::open_over(&platform, &log, http).unwrap();
    platform
}

/// Returns a platform with a user at a terminal who gives these answers and no other.
pub(crate) fn world_with(
    folder: &Folder,
    env: &[(&str, &str)],
    person: Option<&Rc<FakeTerminal>>,
) -> Platform {
    let pairs = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Platform {
        terminal: person.map_or_else(Rc::default, Rc::clone),
        programs: Rc::new(Nothing),
        ..doubles::platform(&folder.path, Env::new(pairs))
    }
}

/// Returns a keyring that is locked.
pub(crate) fn locked_keychain() -> Arc<FakeKeychain> {
    FakeKeychain::with(KeychainFault::Refuse(KeychainError::Locked))
}

/// Returns a terminal whose user types these secrets.
pub(crate) fn who_answers(answers: &[&str]) -> Rc<FakeTerminal> {
    let replies = answers.iter().map(|text| Reply::Secret((*text).to_owned()));
    Rc::new(FakeTerminal {
        person: Person {
            at_stdin: true,
            at_stdout: false,
            at_stderr: true,
            columns: None,
        },
        replies: RefCell::new(replies.collect()),
        ..FakeTerminal::default()
    })
}

/// No programs.
struct Nothing;

impl Programs for Nothing {
    fn which(&self, _: &str) -> Option<PathBuf> {
        unreachable!("a store starts nothing")
    }
    fn run(&self, _: &Program<'_>) -> Result<ProgramOutput, ProgramError> {
        unreachable!("a store starts nothing")
    }
}

impl ProcessLauncher for Nothing {
    fn find(&self, _: &OsStr) -> Result<PathBuf, SpawnError> {
        unreachable!("a store starts nothing")
    }
    fn replace(&self, _: &ForegroundCommand<'_>) -> Option<SpawnError> {
        unreachable!("a store starts nothing")
    }
    fn spawn(&self, _: &ForegroundCommand<'_>) -> Result<Box<dyn ChildProcess>, SpawnError> {
        unreachable!("a store starts nothing")
    }
    fn in_folder(&self, _: &std::path::Path) -> Rc<dyn ProcessLauncher> {
        unreachable!("a store starts nothing")
    }
    fn listen(&self) -> io::Result<Box<dyn SignalStream>> {
        unreachable!("a store starts nothing")
    }
}
