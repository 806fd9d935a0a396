//! Programs that run in our place: found as a shell finds them, on our own streams.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use super::super::super::Programs;
use super::super::super::{
    ChildProcess, ForegroundCommand, LocalBoxFuture, SignalStream, SpawnError,
};
use super::super::with_inherited_core_limit;
use super::{InstalledPrograms, executable, signal};

pub(super) fn find(installed: &InstalledPrograms, name: &OsStr) -> Result<PathBuf, SpawnError> {
    if name.is_empty() {
        return Err(SpawnError::NotFound);
    }
    let places: Vec<PathBuf> = if is_path(name) {
        vec![installed.folder.join(name)]
    } else {
        let entries = installed.search_path();
        entries.map(|entry| entry.join(name)).collect()
    };
    if let Some(found) = places.iter().find_map(|place| executable(place.clone())) {
        return Ok(found);
    }
    // A shell passes over folders on its search path, and names one that was written as a path.
    let there = |place: &&PathBuf| place.is_file() || is_path(name) && place.exists();
    match places.iter().find(there) {
        Some(place) if place.is_dir() => {
            Err(SpawnError::NotExecutable("it is a folder".to_owned()))
        }
        Some(_) => Err(SpawnError::NotExecutable(
            "it may not be executed".to_owned(),
        )),
        None => Err(SpawnError::NotFound),
    }
}

fn is_path(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    let separator = |byte: &u8| std::path::is_separator(char::from(*byte));
    bytes.iter().any(separator) || Path::new(name).components().count() > 1
}

fn command(
    installed: &InstalledPrograms,
    guest: &ForegroundCommand<'_>,
) -> Result<Command, SpawnError> {
    let (name, arguments) = guest.words.split_first().ok_or(SpawnError::NotFound)?;
    let mut command = installed.bare(&find(installed, name)?);
    command.args(arguments);
    for (variable, secret) in guest.env {
        command.env(variable, secret.expose());
    }
    // Programs with several names look at the one they were called by.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, name);
    Ok(command)
}

/// Starts a program that lives on without this one.
pub(super) fn start_apart(
    installed: &InstalledPrograms,
    words: &[String],
) -> Result<(), SpawnError> {
    let (name, arguments) = words.split_first().ok_or(SpawnError::NotFound)?;
    let path = installed.which(name).ok_or(SpawnError::NotFound)?;
    let mut command = installed.bare(&path);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Ctrl-C at our terminal is not meant for it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    with_inherited_core_limit(|| super::start(&mut command))
        .map(drop)
        .map_err(refused)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands where an error is turned into another"
)]
fn refused(error: io::Error) -> SpawnError {
    if error.kind() == io::ErrorKind::NotFound {
        // The program exists, but its first line names an interpreter that does not.
        return SpawnError::NotExecutable("its interpreter does not exist".to_owned());
    }
    SpawnError::NotExecutable(error.to_string())
}

#[cfg(unix)]
pub(super) fn replace(installed: &InstalledPrograms, guest: &ForegroundCommand<'_>) -> SpawnError {
    use std::os::unix::process::CommandExt;
    match command(installed, guest) {
        Ok(mut command) => refused(with_inherited_core_limit(|| command.exec())),
        Err(error) => error,
    }
}

pub(super) fn spawn(
    installed: &InstalledPrograms,
    guest: &ForegroundCommand<'_>,
) -> Result<Box<dyn ChildProcess>, SpawnError> {
    let command = command(installed, guest)?;
    #[cfg(unix)]
    let by_shell = by_shell(&command);
    let started = start(command);
    #[cfg(unix)]
    let started = match started {
        // A script without an interpreter line: `exec` runs it by the shell.
        Err(error) if is_no_program(&error) => start(by_shell),
        started => started,
    };
    Ok(Box::new(SpawnedChild(started.map_err(refused)?)))
}

fn start(command: Command) -> io::Result<tokio::process::Child> {
    let mut command = tokio::process::Command::from(command);
    with_inherited_core_limit(|| command.spawn())
}

#[cfg(unix)]
fn is_no_program(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::NOEXEC.raw_os_error())
}

/// The same command, read by the shell as a script.
#[cfg(unix)]
fn by_shell(command: &Command) -> Command {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where programs are started"
    )]
    let mut shell = Command::new("/bin/sh");
    shell.arg(command.get_program()).args(command.get_args());
    shell.env_clear();
    let variables = command.get_envs();
    shell.envs(variables.filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

struct SpawnedChild(tokio::process::Child);

impl ChildProcess for SpawnedChild {
    #[cfg(unix)]
    fn forward_signal(&mut self, signal: i32) {
        // The number is valid only until the wait, so the signal cannot reach an unrelated process.
        let id = self.0.id().and_then(|id| i32::try_from(id).ok());
        let known = rustix::process::Signal::from_named_raw(signal);
        if let (Some(child), Some(signal)) = (id.and_then(rustix::process::Pid::from_raw), known) {
            let _ = rustix::process::kill_process(child, signal);
        }
    }

    #[cfg(not(unix))]
    fn forward_signal(&mut self, _: i32) {}

    fn end(&mut self) -> LocalBoxFuture<'_, io::Result<u8>> {
        Box::pin(async { self.0.wait().await.map(code) })
    }
}

/// The code by which a shell tells how a program ended.
fn code(status: ExitStatus) -> u8 {
    let code = match (status.code(), signal(status)) {
        (Some(code), _) => code & 0xff,
        (None, Some(signal)) => 128 + signal,
        (None, None) => 1,
    };
    u8::try_from(code).unwrap_or(1)
}

#[cfg(unix)]
pub(super) fn listen() -> io::Result<Box<dyn SignalStream>> {
    let ears = super::signals::SignalListener::open()?;
    super::super::signal_guard::delegate();
    Ok(Box::new(ears))
}

#[cfg(not(unix))]
pub(super) fn listen() -> io::Result<Box<dyn SignalStream>> {
    Ok(Box::new(CtrlC))
}

/// Ctrl-C, where there are no other signals: the console tells every program in it.
#[cfg(not(unix))]
struct CtrlC;

#[cfg(not(unix))]
impl SignalStream for CtrlC {
    fn next(&mut self) -> LocalBoxFuture<'_, super::super::super::ReceivedSignal> {
        Box::pin(async {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            super::super::super::ReceivedSignal {
                signal: 2,
                sent: false,
                ends: false,
            }
        })
    }

    fn ready(&mut self) -> Option<super::super::super::ReceivedSignal> {
        None
    }
}
