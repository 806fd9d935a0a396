//! A user's machine in the simulation: a folder, a keyring, an environment, and a way to run commands there.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use keywright::platform::{
    ChildProcess, Clock, Env, ForegroundCommand, Keychain, LocalBoxFuture, Platform,
    ProcessLauncher, Program, ProgramError, ProgramOutput, Programs, ReceivedSignal, SignalStream,
    SpawnError, Terminal, TransportError,
};
use tokio::runtime::Runtime;

use super::habits::Weather;
use super::neighbour::{self, Neighbour};
use super::person::Person;
use super::process::{Killed, Process};
use super::routes::Asked;
use super::service::Service;
use crate::support::clock::FakeClock;
use crate::support::doubles::{self, point};
use crate::support::http::FakeTransport;
use crate::support::keychain::FakeKeychain;
use crate::support::terminal::FakeTerminal;

/// The world that everything shares that runs at one seed.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    pub(super) clock: Arc<FakeClock>,
    pub(super) keychain: Arc<FakeKeychain>,
    pub(super) service: Arc<Mutex<Service>>,
    pub(super) env: Vec<(String, String)>,
    /// The destination whose key is rotated.
    pub(super) to: &'static str,
    /// Says whether its file system can make the entries of a folder last; some can not, and say so.
    pub(super) syncs_folders: bool,
    /// Another service.
    pub(super) neighbour: Arc<Mutex<Neighbour>>,
}

/// A command that is about to run.
pub(super) struct Command {
    pub(super) args: Vec<String>,
    pub(super) stdin: Option<String>,
    pub(super) number: usize,
    /// Says whether a key that it makes takes the place of another.
    pub(super) in_line: bool,
    pub(super) weather: Weather,
    pub(super) person: Person,
}

/// Its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Ending {
    /// `None` where it was stopped.
    pub(super) code: Option<u8>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// The panic, where it was not stopped.
    pub(super) panicked: Option<String>,
    /// The secret that was handed to a program, and whether it worked then.
    pub(super) handed: Option<(String, bool)>,
    /// The content of the destination when it ended.
    pub(super) stood: Option<String>,
}

thread_local! {
    static RUNTIME: RefCell<Option<Runtime>> = const { RefCell::new(None) };
}

fn runtime() -> Runtime {
    RUNTIME
        .with(|kept| kept.borrow_mut().take())
        .unwrap_or_else(|| {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
        })
}

impl Place {
    pub(super) fn now(&self) -> i64 {
        self.clock.now().as_second()
    }

    /// The file of the destination whose key is rotated.
    pub(super) fn destination(&self) -> &'static str {
        if self.to.starts_with("file:") {
            "work/target.key"
        } else {
            "work/app.env"
        }
    }

    fn platform(
        &self,
        terminal: Rc<dyn Terminal>,
        http: Rc<FakeTransport>,
        programs: SimPrograms,
    ) -> Platform {
        Platform {
            folder: self.folder.join("work"),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            terminal,
            http,
            keychain: Arc::clone(&self.keychain) as Arc<dyn Keychain>,
            programs: Rc::new(programs),
            ..doubles::platform(&self.folder, Env::new(self.env.iter().cloned()))
        }
    }

    fn http(&self, command: &Command, process: &Arc<Process>) -> Rc<FakeTransport> {
        let (place, process) = (self.clone(), Arc::clone(process));
        let (number, in_line, weather) = (command.number, command.in_line, command.weather);
        FakeTransport::answering(move |request| {
            let asked = Asked::new(request, number, in_line);
            let now = place.now();
            let stands = asked.is_end().then(|| place.read(place.destination()));
            let second = asked.is_end().then(|| place.read("work/second.key"));
            let mut service = place.service.lock().unwrap();
            let mut beside = place.neighbour.lock().unwrap();
            if let Some(wrong) = neighbour::went_astray(request, &service, &beside) {
                service.wrongs.push(format!("command {number} {wrong}"));
            }
            if neighbour::is_asked(request) {
                let answer = beside.serve(request, now, &service.trace);
                drop((service, beside));
                process.reach("answer");
                return Ok(answer);
            }
            drop(beside);
            let waiting = asked.is_end().then(|| place.waiting(false));
            service.uses.waiting = waiting.unwrap_or_default();
            service.stands = stands.flatten();
            service.stands_second = second.flatten();
            let served = service.serve(&asked, now, weather);
            drop(service);
            process.reach("answer");
            let timeout = i64::try_from(request.timeout.as_secs()).unwrap_or(i64::MAX);
            if served.seconds > timeout {
                place.clock.pass(timeout);
                return Err(TransportError::Uncertain(
                    "there was no answer in time".to_owned(),
                ));
            }
            place.clock.pass(served.seconds);
            if let Some(made) = served.made {
                place.service.lock().unwrap().keys[made].answered = true;
                process.arrived();
            }
            served.outcome
        })
    }

    /// Runs a command as a process.
    pub(super) fn run(&self, command: Command, process: &Arc<Process>) -> Ending {
        let handed = Rc::new(RefCell::new(None));
        let http = self.http(&command, process);
        let terminal = Rc::new(FakeTerminal {
            person: command.person.streams(),
            stdin: RefCell::new(command.stdin.map(String::into_bytes)),
            otherwise: Some(command.person.answers(self, command.number)),
            ..FakeTerminal::default()
        });
        let programs = SimPrograms {
            place: self.clone(),
            handed: Rc::clone(&handed),
        };
        let shown = Rc::clone(&terminal) as Rc<dyn Terminal>;
        let platform = self.platform(shown, http, programs);
        let args = std::iter::once("keywright".to_owned()).chain(command.args);
        let args: Vec<std::ffi::OsString> = args.map(Into::into).collect();
        let reached = Arc::clone(process);
        point::set(Some(Rc::new(move |call| match call {
            "now" => false,
            _ if call.starts_with("keyring") => reached.keyring(call),
            _ => {
                reached.reach(call);
                false
            }
        })));
        keywright::platform::fault::set(Some(Rc::new(Seam(Arc::clone(process)))));
        let runtime = runtime();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(keywright::run(args, &platform))
        }));
        point::set(None);
        keywright::platform::fault::set(None);
        drop(platform);
        let mut ending = Ending {
            handed: handed.take(),
            stood: self.read(self.destination()),
            ..Ending::default()
        };
        match outcome {
            Ok(code) if !process.is_dead() => {
                ending.code = Some(code);
                RUNTIME.with(|kept| *kept.borrow_mut() = Some(runtime));
            }
            Ok(_) => {}
            Err(payload) if payload.is::<Killed>() => {}
            Err(payload) => {
                let text = payload.downcast_ref::<String>().cloned();
                let text = text.or_else(|| {
                    payload
                        .downcast_ref::<&str>()
                        .map(|text| (*text).to_owned())
                });
                ending.panicked = Some(text.unwrap_or_default());
            }
        }
        ending.stdout = String::from_utf8_lossy(&terminal.stdout.borrow()).into_owned();
        ending.stderr.clone_from(&terminal.stderr.borrow());
        ending
    }

    /// A file below the folder, as text.
    pub(super) fn read(&self, name: &str) -> Option<String> {
        keywright::platform::files::read_text(&self.folder.join(name)).ok()?
    }

    /// Writes a file below the folder.
    #[expect(clippy::disallowed_methods, reason = "a file as a person writes it")]
    pub(super) fn write(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Every file below a folder of it.
    pub(super) fn files(&self, below: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.join(below)];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(folder) else {
                continue;
            };
            for entry in entries {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

/// The seam asks the process.
struct Seam(Arc<Process>);

impl keywright::platform::fault::FaultInjector for Seam {
    fn before(
        &self,
        effect: keywright::platform::fault::DiskEffect,
        path: &Path,
    ) -> keywright::platform::fault::Injected {
        self.0.before(effect, path)
    }

    fn pause(&self, time: std::time::Duration) {
        self.0.pause(time);
    }

    fn random(&self, bytes: &mut [u8]) {
        self.0.random(bytes);
    }
}

/// Programs that do nothing but look at the secret that they are handed.
struct SimPrograms {
    place: Place,
    handed: Rc<RefCell<Option<(String, bool)>>>,
}

impl Programs for SimPrograms {
    fn which(&self, _: &str) -> Option<PathBuf> {
        None
    }

    fn run(&self, _: &Program<'_>) -> Result<ProgramOutput, ProgramError> {
        Err(ProgramError::NotStarted("there are no programs".to_owned()))
    }
}

impl ProcessLauncher for SimPrograms {
    fn find(&self, name: &OsStr) -> Result<PathBuf, SpawnError> {
        Ok(PathBuf::from("/bin").join(name))
    }

    fn replace(&self, _: &ForegroundCommand<'_>) -> Option<SpawnError> {
        None
    }

    fn spawn(&self, guest: &ForegroundCommand<'_>) -> Result<Box<dyn ChildProcess>, SpawnError> {
        point::reach("start");
        let now = self.place.now();
        if let Some((_, secret)) = guest.env.iter().find(|(name, _)| *name == "API_KEY") {
            let secret = secret.expose().to_owned();
            let works = self.place.service.lock().unwrap().works(&secret, now);
            *self.handed.borrow_mut() = Some((secret, works));
        }
        Ok(Box::new(Short))
    }

    fn in_folder(&self, _: &Path) -> Rc<dyn ProcessLauncher> {
        Rc::new(SimPrograms {
            place: self.place.clone(),
            handed: Rc::clone(&self.handed),
        })
    }

    fn listen(&self) -> io::Result<Box<dyn SignalStream>> {
        Ok(Box::new(Silence))
    }
}

/// A program that ends at once.
struct Short;

impl ChildProcess for Short {
    fn forward_signal(&mut self, _: i32) {}

    fn end(&mut self) -> LocalBoxFuture<'_, io::Result<u8>> {
        Box::pin(async {
            point::reach("end");
            Ok(0)
        })
    }
}

/// No signals.
struct Silence;

impl SignalStream for Silence {
    fn next(&mut self) -> LocalBoxFuture<'_, ReceivedSignal> {
        Box::pin(std::future::pending())
    }

    fn ready(&mut self) -> Option<ReceivedSignal> {
        None
    }
}
