//! This process, and whether another one of this machine still runs.

use std::path::PathBuf;

use crate::platform::{Holder, Processes};

pub(super) struct SystemProcesses;

impl Processes for SystemProcesses {
    fn host(&self) -> String {
        host()
    }

    fn own(&self) -> (u32, String) {
        (std::process::id(), numbered_in())
    }

    fn is_gone(&self, holder: &Holder) -> bool {
        let here = numbered_in();
        !here.is_empty() && holder.numbered_in == here && !runs(holder.process)
    }

    fn program(&self) -> Option<PathBuf> {
        let program = std::env::current_exe().ok()?;
        // Homebrew and winget link to the file; its own path tells where it comes from.
        Some(std::fs::canonicalize(&program).unwrap_or(program))
    }
}

#[cfg(unix)]
fn host() -> String {
    let names = rustix::system::uname();
    names.nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    super::env()
        .get("COMPUTERNAME")
        .unwrap_or_default()
        .to_owned()
}

/// Returns the start of this machine and the namespace of process numbers; empty where they cannot be told.
#[cfg(target_os = "linux")]
fn numbered_in() -> String {
    let boot =
        std::fs::File::open("/proc/sys/kernel/random/boot_id").and_then(std::io::read_to_string);
    let space = std::fs::read_link("/proc/self/ns/pid");
    match (boot, space) {
        (Ok(boot), Ok(space)) => format!("{} {}", boot.trim(), space.display()),
        _ => String::new(),
    }
}

#[cfg(not(target_os = "linux"))]
fn numbered_in() -> String {
    String::new()
}

/// Returns whether a process of that number may run; its number may be that of another one by now.
#[cfg(unix)]
fn runs(process: u32) -> bool {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};
    let number = i32::try_from(process).ok().and_then(Pid::from_raw);
    let runs = number.is_none_or(|number| test_kill_process(number) != Err(Errno::SRCH));
    runs && !has_died(process)
}

/// Returns whether a process has died and only its parent does not know yet.
#[cfg(target_os = "linux")]
fn has_died(process: u32) -> bool {
    let status = std::fs::File::open(format!("/proc/{process}/stat"));
    let status = status.and_then(std::io::read_to_string);
    // The name in parentheses may hold anything.
    status.is_ok_and(|text| {
        text.rsplit(')')
            .next()
            .is_some_and(|rest| rest.starts_with(" Z"))
    })
}

#[cfg(all(unix, not(target_os = "linux")))]
fn has_died(_: u32) -> bool {
    false
}

#[cfg(not(unix))]
fn runs(_: u32) -> bool {
    true
}
