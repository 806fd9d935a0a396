//! Fault injection for the effects that [`crate::platform::Platform`] does not abstract because files are real:
//! writes to the disk, waits for a lock, and random numbers.
//!
//! A simulation hooks in on its own thread to let an effect fail, to tear a write, or to end the process before the
//! effect. The shipped program has no such hook: each function is the plain call.

#[cfg(unix)]
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
#[cfg(unix)]
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

#[cfg(debug_assertions)]
pub use hook::{DiskEffect, FaultInjector, Injected, set};

/// The questions to a simulation, and its possible answers.
#[cfg(debug_assertions)]
mod hook {
    use std::cell::RefCell;
    use std::io;
    use std::path::Path;
    use std::rc::Rc;
    use std::time::Duration;

    /// Something that changes the disk.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum DiskEffect {
        /// So many bytes are about to be written.
        Write(usize),
        /// Written data is about to be synced.
        Sync,
        /// A folder's entries are about to be made to last.
        SyncFolder,
        /// A file is about to take the place of another.
        Rename,
        /// A file is about to be removed.
        Remove,
        /// A file is about to get a second name.
        Link,
        /// A file is about to be cut back.
        Truncate,
    }

    /// The outcome of an effect.
    #[derive(Debug)]
    pub enum Injected {
        /// It is made.
        Go,
        /// It is not made, and this is the error.
        Fail(io::Error),
        /// Only so many bytes of a write arrive; then the simulation is asked once more.
        Torn(usize),
    }

    /// A simulation that decides the outcome of effects.
    pub trait FaultInjector {
        /// Returns the outcome of an effect on `path`; may end the process by unwinding.
        fn before(&self, effect: DiskEffect, path: &Path) -> Injected;
        /// Lets time pass while another process holds a lock.
        fn pause(&self, time: Duration);
        /// Fills `bytes` from the seed.
        fn random(&self, bytes: &mut [u8]);
    }

    thread_local! {
        static SIMULATION: RefCell<Option<Rc<dyn FaultInjector>>> = const { RefCell::new(None) };
    }

    /// Sets or removes what steps in on this thread.
    pub fn set(simulation: Option<Rc<dyn FaultInjector>>) {
        SIMULATION.with(|kept| *kept.borrow_mut() = simulation);
    }

    /// Returns the simulation of this thread. Nothing stays borrowed, because it may unwind.
    pub(super) fn simulation() -> Option<Rc<dyn FaultInjector>> {
        SIMULATION.with(|kept| kept.borrow().clone())
    }

    pub(super) fn before(effect: DiskEffect, path: &Path) -> io::Result<()> {
        match simulation().map(|simulation| simulation.before(effect, path)) {
            Some(Injected::Fail(error)) => Err(error),
            _ => Ok(()),
        }
    }
}

/// Asks a simulation, where there is one, before an effect.
macro_rules! before {
    ($effect:ident, $path:expr) => {
        #[cfg(debug_assertions)]
        hook::before(DiskEffect::$effect, $path)?;
    };
}

/// Writes all of `bytes` to `file`, which is at `path`.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a simulation is told the path")
)]
pub fn write_all(file: &mut File, path: &Path, bytes: &[u8]) -> io::Result<()> {
    #[cfg(debug_assertions)]
    if let Some(simulation) = hook::simulation() {
        match simulation.before(DiskEffect::Write(bytes.len()), path) {
            Injected::Go => {}
            Injected::Fail(error) => return Err(error),
            Injected::Torn(length) => {
                file.write_all(&bytes[..length.min(bytes.len())])?;
                hook::before(DiskEffect::Write(0), path)?;
                return Err(io::ErrorKind::StorageFull.into());
            }
        }
    }
    file.write_all(bytes)
}

/// Makes `file`, which is at `path`, last with all that is known of it.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a simulation is told the path")
)]
pub fn sync_all(file: &File, path: &Path) -> io::Result<()> {
    before!(Sync, path);
    file.sync_all()
}

/// Makes what is in `file`, which is at `path`, last.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a simulation is told the path")
)]
pub fn sync_data(file: &File, path: &Path) -> io::Result<()> {
    before!(Sync, path);
    file.sync_data()
}

/// Cuts `file`, which is at `path`, back to that length.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a simulation is told the path")
)]
pub fn set_len(file: &File, path: &Path, length: u64) -> io::Result<()> {
    before!(Truncate, path);
    file.set_len(length)
}

/// Makes the entries of a folder last.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    before!(SyncFolder, folder);
    File::open(folder)?.sync_all()
}

/// Gives a file another name, in place of the one that has it.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that replaces files"
)]
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    before!(Rename, to);
    fs::rename(from, to)
}

/// Removes a file.
pub fn remove_file(path: &Path) -> io::Result<()> {
    before!(Remove, path);
    fs::remove_file(path)
}

/// As [`rename`], within a folder that is open; the file gets to `path`.
#[cfg(unix)]
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a simulation is told the path")
)]
pub fn rename_in(folder: &OwnedFd, from: &OsStr, to: &OsStr, path: &Path) -> io::Result<()> {
    before!(Rename, path);
    Ok(rustix::fs::renameat(folder, from, folder, to)?)
}

/// As [`remove_file`], in a folder that is open; the file is at `path`.
#[cfg(unix)]
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a simulation is told the path")
)]
pub fn remove_in(folder: &OwnedFd, name: &OsStr, path: &Path) -> io::Result<()> {
    before!(Remove, path);
    Ok(rustix::fs::unlinkat(
        folder,
        name,
        rustix::fs::AtFlags::empty(),
    )?)
}

/// As [`sync_folder`], of a folder that is open to go through it.
#[cfg(unix)]
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a simulation is told the path")
)]
pub fn sync_opened_folder(folder: &OwnedFd, path: &Path) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags};
    before!(SyncFolder, path);
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let readable = rustix::fs::openat(folder, ".", flags, Mode::empty())?;
    Ok(rustix::fs::fsync(readable)?)
}

/// Gives a file a second name.
pub fn hard_link(path: &Path, other: &Path) -> io::Result<()> {
    before!(Link, other);
    fs::hard_link(path, other)
}

/// Returns whether a simulation is active on this thread: then nothing may wait for another thread in real time.
pub fn is_simulated() -> bool {
    #[cfg(debug_assertions)]
    let simulated = hook::simulation().is_some();
    #[cfg(not(debug_assertions))]
    let simulated = false;
    simulated
}

/// Waits for another process; blocks the thread.
pub fn pause(time: Duration) {
    #[cfg(debug_assertions)]
    if let Some(simulation) = hook::simulation() {
        return simulation.pause(time);
    }
    std::thread::sleep(time);
}

/// Fills `bytes` with random numbers of the system.
pub fn random(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    #[cfg(debug_assertions)]
    if let Some(simulation) = hook::simulation() {
        simulation.random(bytes);
        return Ok(());
    }
    getrandom::fill(bytes)
}
