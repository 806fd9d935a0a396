//! A world for tests of stores: a folder of its own, an environment, and a person who answers.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::SecretRef;
use crate::error::{Error, Result};
use crate::files::{self, Lock};
use crate::secret::Secret;
use crate::world::{
    Answer, Clock, Dirs, Ended, Env, Guest, GuestError, Keychain, KeychainError, Local, Program,
    ProgramError, Programs, Request, Running, Signals, Terminal, Wire, WireError, World,
};

/// A folder that goes when the test ends.
pub(super) struct Folder {
    pub(super) path: PathBuf,
}

impl Folder {
    /// Writes a private file and returns its path.
    pub(super) fn write(&self, name: &str, text: &str) -> String {
        let path = self.path.join(name);
        let lock = Lock::try_acquire(&self.path.join("test.lock"))
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

pub(super) fn folder() -> Folder {
    let name = SecretRef::fresh().unwrap();
    let path = std::env::temp_dir().join(format!("keywright-test-{}", name.file_stem()));
    files::create_private_folder(&path).unwrap();
    Folder { path }
}

/// A world whose state is in `folder`, without a person.
pub(super) fn world(folder: &Folder, env: &[(&str, &str)]) -> World {
    world_with(folder, env, None)
}

/// A world with a person at a terminal who gives these answers and no other.
pub(super) fn world_with(
    folder: &Folder,
    env: &[(&str, &str)],
    person: Option<&Rc<Person>>,
) -> World {
    let pairs = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    World {
        env: Env::new(pairs),
        dirs: Dirs {
            config: folder.path.join("config"),
            state: folder.path.join("state"),
            cache: folder.path.join("cache"),
        },
        folder: folder.path.clone(),
        clock: Arc::new(Nothing),
        terminal: person.map_or_else(Rc::default, Rc::clone),
        wire: Rc::new(Nothing),
        keychain: Arc::new(Memory::default()),
        programs: Rc::new(Nothing),
        addresses: std::collections::BTreeMap::new(),
    }
}

/// Who sits at the terminal.
#[derive(Default)]
pub(super) struct Person {
    answers: RefCell<VecDeque<&'static str>>,
    pub(super) asked: RefCell<Vec<String>>,
    pub(super) told: RefCell<String>,
}

impl Person {
    pub(super) fn who_answers(answers: &[&'static str]) -> Rc<Self> {
        Rc::new(Person {
            answers: RefCell::new(answers.iter().copied().collect()),
            ..Person::default()
        })
    }
}

impl Terminal for Person {
    fn stdin_is_terminal(&self) -> bool {
        !self.answers.borrow().is_empty()
    }
    fn stdout_is_terminal(&self) -> bool {
        false
    }
    fn stderr_is_terminal(&self) -> bool {
        self.stdin_is_terminal()
    }
    fn width(&self) -> Option<u16> {
        None
    }
    fn write_stdout(&self, _: &[u8]) -> io::Result<()> {
        unreachable!("a store writes nothing")
    }
    fn probe_stdout(&self) -> io::Result<()> {
        unreachable!("a store writes nothing")
    }
    fn write_stderr(&self, text: &str) {
        self.told.borrow_mut().push_str(text);
    }
    fn read_stdin(&self, _: usize) -> io::Result<Vec<u8>> {
        unreachable!("a store reads nothing")
    }
    fn ask_secret(&self, prompt: &str) -> Result<Secret> {
        self.asked.borrow_mut().push(prompt.to_owned());
        let answer = self.answers.borrow_mut().pop_front();
        answer
            .map(Secret::new)
            .ok_or_else(|| Error::failed("asked once too often"))
    }
    fn ask_text(&self, _: &str) -> Result<String> {
        unreachable!("a store asks for secrets only")
    }
    fn confirm(&self, _: &str) -> Result<bool> {
        unreachable!("a store asks for secrets only")
    }
    fn choose(&self, _: &str, _: &[String]) -> Result<usize> {
        unreachable!("a store asks for secrets only")
    }
}

/// Neither time nor network.
struct Nothing;

impl Clock for Nothing {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
    fn sleep(&self, _: Duration) -> Local<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

impl Wire for Nothing {
    fn send<'a>(&'a self, _: &'a Request) -> Local<'a, Result<Answer, WireError>> {
        unreachable!("a store sends nothing")
    }
}

impl Programs for Nothing {
    fn which(&self, _: &str) -> Option<PathBuf> {
        unreachable!("a store starts nothing")
    }
    fn run(&self, _: &Program<'_>) -> Result<Ended, ProgramError> {
        unreachable!("a store starts nothing")
    }
    fn find(&self, _: &OsStr) -> Result<PathBuf, GuestError> {
        unreachable!("a store starts nothing")
    }
    fn replace(&self, _: &Guest<'_>) -> Option<GuestError> {
        unreachable!("a store starts nothing")
    }
    fn invite(&self, _: &Guest<'_>) -> Result<Box<dyn Running>, GuestError> {
        unreachable!("a store starts nothing")
    }
    fn listen(&self) -> io::Result<Box<dyn Signals>> {
        unreachable!("a store starts nothing")
    }
}

/// What a keyring may do instead of its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whim {
    /// Refuses every call.
    Refuse(KeychainError),
    /// Never answers, from the first moment.
    Mute,
    /// Waits for a password that nobody types, when something is to be written.
    WaitToWrite,
    /// Writes, and never says so.
    WriteAndWait,
    /// Says that it wrote, and did not.
    Forget,
}

/// A keyring in memory.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) items: Mutex<BTreeMap<String, (String, Vec<u8>)>>,
    pub(super) whim: Mutex<Option<Whim>>,
}

impl Memory {
    pub(super) fn with(whim: Whim) -> Arc<Self> {
        let memory = Memory::default();
        memory.take(Some(whim));
        Arc::new(memory)
    }

    pub(super) fn take(&self, whim: Option<Whim>) {
        *self.whim.lock().unwrap() = whim;
    }

    fn now(&self, whim: &Whim) -> bool {
        self.whim.lock().unwrap().as_ref() == Some(whim)
    }

    fn refused(&self) -> Result<(), KeychainError> {
        match &*self.whim.lock().unwrap() {
            Some(Whim::Refuse(why)) => Err(why.clone()),
            _ => Ok(()),
        }
    }

    fn never() -> ! {
        loop {
            std::thread::park();
        }
    }
}

impl Keychain for Memory {
    fn name(&self) -> &'static str {
        "the test keyring"
    }
    fn open(&self) -> Result<(), KeychainError> {
        if self.now(&Whim::Mute) {
            Memory::never();
        }
        Ok(())
    }
    fn get(
        &self,
        service: &str,
        account: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        self.refused()?;
        assert_eq!(service, "keywright");
        let items = self.items.lock().unwrap();
        Ok(items
            .get(account)
            .map(|(_, value)| Zeroizing::new(value.clone())))
    }
    fn set(
        &self,
        service: &str,
        account: &str,
        label: &str,
        value: &[u8],
    ) -> Result<(), KeychainError> {
        self.refused()?;
        assert_eq!(service, "keywright");
        if self.now(&Whim::WaitToWrite) {
            Memory::never();
        }
        if !self.now(&Whim::Forget) {
            let item = (label.to_owned(), value.to_vec());
            self.items.lock().unwrap().insert(account.to_owned(), item);
        }
        if self.now(&Whim::WriteAndWait) && account != "keywright-store" {
            Memory::never();
        }
        Ok(())
    }
    fn delete(&self, service: &str, account: &str) -> Result<bool, KeychainError> {
        self.refused()?;
        assert_eq!(service, "keywright");
        Ok(self.items.lock().unwrap().remove(account).is_some())
    }
}
