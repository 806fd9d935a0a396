//! Builds a platform for tests of destinations: with a folder of its own, real programs, and streams that record.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{Destination, DestinationSpec, OpenDestination, SecretSlot, SlotOpeners};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::doubles;
use crate::doubles::terminal::{FakeTerminal, Stdout};
use crate::platform::files;
use crate::platform::{Env, HttpTransport, Platform, Terminal};
use crate::report::log::Log;
use crate::store::SecretRef;

/// A fake secret.
pub(super) const SECRET: &str = "sk-fake-0123456789abcdef";

/// The file with what programs inherited.
const INHERITED: &str = "inherited";

/// A test environment; its folder is removed when the test ends.
pub(super) struct Scene {
    pub(super) folder: PathBuf,
    guest: bool,
    pub(super) streams: Rc<FakeTerminal>,
    /// The slots of profiles and of the keyring.
    pub(super) memory: Memory,
    env: Env,
    /// The network; without one, each request fails the test.
    wire: Option<Rc<dyn HttpTransport>>,
}

impl Drop for Scene {
    fn drop(&mut self) {
        if !self.guest {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

impl Scene {
    pub(super) fn new() -> Self {
        let name = SecretRef::fresh().unwrap();
        let folder = std::env::temp_dir().join(format!("keywright-test-{}", name.file_stem()));
        files::create_private_folder(&folder.join("bin")).unwrap();
        let mut scene = Scene::at(&folder);
        scene.guest = false;
        scene
    }

    /// Returns a second process in the folder of another scene.
    pub(super) fn at(folder: &Path) -> Self {
        let path = format!("{}/bin:/usr/local/bin:/usr/bin:/bin", folder.display());
        Scene {
            env: Env::default()
                .with("PATH", path)
                .with("HOME", folder.display().to_string()),
            folder: folder.to_owned(),
            guest: true,
            streams: Rc::default(),
            memory: Memory::default(),
            wire: None,
        }
    }

    pub(super) fn on(mut self, wire: Rc<dyn HttpTransport>) -> Self {
        self.wire = Some(wire);
        self
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.env = self.env.clone().with(name, value);
        self
    }

    pub(super) fn platform(&self) -> Platform {
        let platform = doubles::platform(&self.folder, self.env.clone());
        Platform {
            terminal: Rc::clone(&self.streams) as Rc<dyn Terminal>,
            http: self.wire.clone().unwrap_or_else(|| platform.http.clone()),
            ..platform
        }
    }

    /// Opens a destination.
    pub(super) fn open_any(&self, text: &str) -> OpenDestination {
        let memory = &self.memory;
        let spec: DestinationSpec = text.parse().unwrap();
        let terminal = Rc::clone(&self.streams) as Rc<dyn Terminal>;
        let openers = SlotOpeners {
            profile: &|name| Ok(memory.slot(&format!("profile {name}"))),
            keyring: &|service, account| Ok(memory.slot(&format!("keyring {service} {account}"))),
            login: &|_| Ok(None),
        };
        let log = Log::new(terminal, false, true);
        super::open(&spec, &self.platform(), &log, &openers).unwrap()
    }

    /// Opens a destination in code.
    pub(super) fn open(&self, text: &str) -> Box<dyn Destination> {
        let OpenDestination::Code(code) = self.open_any(text) else {
            panic!("{text} is not a destination in code");
        };
        code
    }

    pub(super) fn printed(&self) -> String {
        String::from_utf8(self.streams.stdout.borrow().clone()).unwrap()
    }

    /// Returns the output on stderr, without the trace.
    pub(super) fn warned(&self) -> String {
        let said = self.streams.stderr.borrow();
        let warnings: Vec<&str> = said
            .lines()
            .filter(|line| line.starts_with("warning: "))
            .collect();
        warnings.join("\n")
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file as another program would, with `mode`.
    pub(super) fn write(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.path(name);
        let mut file = fs::File::create(&path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        drop(file);
        set_mode(&path, mode);
        path
    }

    /// Writes a shell script onto the path, which records what it inherits.
    pub(super) fn program(&self, name: &str, script: &str) {
        let inherited = self.path(INHERITED);
        let record = format!(
            "{{ printf '%s\\n' \"$@\"; env; }} >> '{}'",
            inherited.display()
        );
        self.write(
            &format!("bin/{name}"),
            &format!("#!/bin/sh\n{record}\n{script}\n"),
            0o700,
        );
    }

    /// Returns the arguments and the environments of every program that ran.
    pub(super) fn inherited(&self) -> String {
        self.find(INHERITED).unwrap_or_default()
    }

    pub(super) fn having_program(self, name: &str, script: &str) -> Self {
        self.program(name, script);
        self
    }

    pub(super) fn having(self, name: &str, text: &str, mode: u32) -> Self {
        self.write(name, text, mode);
        self
    }

    pub(super) fn having_folder_at_key(self) -> Self {
        fs::create_dir(self.path("key")).unwrap();
        self
    }

    pub(super) fn with_locked_slots(self) -> Self {
        self.memory.locked.set(true);
        self
    }

    pub(super) fn with_closed_stdout(self) -> Self {
        self.streams.sink.set(Stdout::Closed);
        self
    }

    pub(super) fn fill_stdout(&self) {
        self.streams.sink.set(Stdout::Full);
    }

    /// Returns the scene as a job of GitHub Actions whose file for `variable` is empty.
    pub(super) fn in_github_job(self, variable: &str) -> Self {
        let path = self.write("workflow", "", 0o644).display().to_string();
        self.with("GITHUB_ACTIONS", "true").with(variable, &path)
    }

    /// Returns the file of the job, with every delimiter as `DELIMITER`.
    pub(super) fn workflow_file(&self) -> Option<String> {
        let mut text = self.find("workflow").filter(|text| !text.is_empty())?;
        while let Some((_, after)) = text.split_once("<<keywright_") {
            let delimiter = format!("keywright_{}", after.lines().next().unwrap());
            text = text.replace(&delimiter, "DELIMITER");
        }
        Some(text)
    }

    /// Returns the content of a file; `None` if it is missing or a folder.
    pub(super) fn find(&self, name: &str) -> Option<String> {
        self.path(name).is_file().then(|| self.read(name))
    }

    pub(super) fn read(&self, name: &str) -> String {
        let mut text = String::new();
        let mut file = fs::File::open(self.path(name)).unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    }

    /// Returns the hidden names in the folder, which a careless write leaves.
    pub(super) fn left_over(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".keywright-new"))
            .collect()
    }
}

pub(super) fn secret() -> Secret {
    Secret::new(SECRET)
}

pub(super) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

pub(super) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Returns the message of a refusal, after checking that it has a hint and shows no secret.
pub(super) fn refusal<T>(result: Result<T>, kind: Kind) -> String {
    let Err(error) = result else {
        panic!("it worked");
    };
    assert_eq!(error.kind(), kind, "{error:?}");
    assert!(!format!("{error:?}").contains("fake-0123"), "{error:?}");
    error.message().to_owned()
}

/// Slots in memory, by name.
#[derive(Default, Clone)]
pub(super) struct Memory {
    pub(super) kept: Rc<RefCell<BTreeMap<String, String>>>,
    pub(super) locked: Rc<Cell<bool>>,
}

impl Memory {
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.kept.borrow().get(name).cloned()
    }

    pub(super) fn put(&self, name: &str, value: &str) {
        self.kept
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
    }

    fn slot(&self, name: &str) -> Box<dyn SecretSlot> {
        Box::new(Named {
            memory: self.clone(),
            name: name.to_owned(),
        })
    }
}

struct Named {
    memory: Memory,
    name: String,
}

impl SecretSlot for Named {
    fn probe(&self) -> Result<()> {
        if self.memory.locked.get() {
            return Err(Error::new(Kind::Store, "it is locked"));
        }
        Ok(())
    }

    fn read(&self) -> Result<Option<Secret>> {
        self.probe()?;
        let kept = self.memory.kept.borrow();
        Ok(kept.get(&self.name).map(Secret::new))
    }

    fn write(&self, secret: Option<&Secret>) -> Result<()> {
        self.probe()?;
        let mut kept = self.memory.kept.borrow_mut();
        match secret {
            Some(secret) => kept.insert(self.name.clone(), secret.expose().to_owned()),
            None => kept.remove(&self.name),
        };
        Ok(())
    }
}
