//! Fault injection for the effects that [`crate::platform::Platform`] does not abstract because files are real:
//! writes to the disk, waits for a lock, and random numbers.
//!
//! A test sets a fault injector on its own thread, which lets an effect fail, tears a write, or ends the process before
//! the effect. The shipped program has none: each function is the plain call.

#[cfg(unix)]
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
#[cfg(unix)]
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

#[cfg(debug_assertions)]
pub use injection::{DiskEffect, FaultInjector, Injected, set};

/// The fault injector, and the outcomes that it decides.
#[cfg(debug_assertions)]
mod injection {
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
        /// A folder's entries are about to be synced.
        SyncFolder,
        /// A file is about to take the place of another.
        Rename,
        /// A file is about to be removed.
        Remove,
        /// A file is about to get a second name.
        Link,
        /// A file is about to be truncated.
        Truncate,
    }

    /// The outcome of an effect.
    #[derive(Debug)]
    pub enum Injected {
        /// It is made.
        Proceed,
        /// It is not made, and this is the error.
        Fail(io::Error),
        /// Only so many bytes of a write arrive; then the fault injector is asked once more.
        Torn(usize),
    }

    /// Decides the outcome of effects.
    pub trait FaultInjector {
        /// Returns the outcome of an effect on `path`; may end the process by unwinding.
        fn before(&self, effect: DiskEffect, path: &Path) -> Injected;
        /// Lets time pass while another process holds a lock.
        fn pause(&self, time: Duration);
        /// Fills `bytes` from the seed.
        fn random(&self, bytes: &mut [u8]);
    }

    thread_local! {
        static FAULT_INJECTOR: RefCell<Option<Rc<dyn FaultInjector>>> = const { RefCell::new(None) };
    }

    /// Sets or removes the fault injector of this thread.
    pub fn set(fault_injector: Option<Rc<dyn FaultInjector>>) {
        FAULT_INJECTOR.with(|current| *current.borrow_mut() = fault_injector);
    }

    /// Returns the fault injector of this thread. Nothing stays borrowed, because it may unwind.
    pub(super) fn fault_injector() -> Option<Rc<dyn FaultInjector>> {
        FAULT_INJECTOR.with(|current| current.borrow().clone())
    }

    pub(super) fn before(effect: DiskEffect, path: &Path) -> io::Result<()> {
        match fault_injector().map(|injector| injector.before(effect, path)) {
            Some(Injected::Fail(error)) => Err(error),
            _ => Ok(()),
        }
    }
}

/// Asks the fault injector, if there is one, before an effect.
macro_rules! before {
    ($effect:ident, $path:expr) => {
        #[cfg(debug_assertions)]
        injection::before(DiskEffect::$effect, $path)?;
    };
}

/// Writes all of `bytes` to `file`, which is at `path`.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a fault injector is told the path")
)]
pub fn write_all(file: &mut File, path: &Path, bytes: &[u8]) -> io::Result<()> {
    #[cfg(debug_assertions)]
    if let Some(fault_injector) = injection::fault_injector() {
        match fault_injector.before(DiskEffect::Write(bytes.len()), path) {
            Injected::Proceed => {}
            Injected::Fail(error) => return Err(error),
            Injected::Torn(length) => {
                file.write_all(&bytes[..length.min(bytes.len())])?;
                injection::before(DiskEffect::Write(0), path)?;
                return Err(io::ErrorKind::StorageFull.into());
            }
        }
    }
    file.write_all(bytes)
}

/// Syncs the data and metadata of `file`, which is at `path`, to disk.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a fault injector is told the path")
)]
pub fn sync_all(file: &File, path: &Path) -> io::Result<()> {
    before!(Sync, path);
    file.sync_all()
}

/// Syncs the data of `file`, which is at `path`, to disk.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a fault injector is told the path")
)]
pub fn sync_data(file: &File, path: &Path) -> io::Result<()> {
    before!(Sync, path);
    file.sync_data()
}

/// Truncates `file`, which is at `path`, to `length`.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a fault injector is told the path")
)]
pub fn set_len(file: &File, path: &Path, length: u64) -> io::Result<()> {
    before!(Truncate, path);
    file.set_len(length)
}

/// Syncs the entries of a folder to disk.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    before!(SyncFolder, folder);
    File::open(folder)?.sync_all()
}

/// Renames a file, and replaces the one that has the name.
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

/// As [`rename`], within an open folder; `path` is the new path of the file.
#[cfg(unix)]
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a fault injector is told the path")
)]
pub fn rename_in(folder: &OwnedFd, from: &OsStr, to: &OsStr, path: &Path) -> io::Result<()> {
    before!(Rename, path);
    Ok(rustix::fs::renameat(folder, from, folder, to)?)
}

/// As [`remove_file`], in an open folder; the file is at `path`.
#[cfg(unix)]
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a fault injector is told the path")
)]
pub fn remove_in(folder: &OwnedFd, name: &OsStr, path: &Path) -> io::Result<()> {
    before!(Remove, path);
    Ok(rustix::fs::unlinkat(
        folder,
        name,
        rustix::fs::AtFlags::empty(),
    )?)
}

/// As [`sync_folder`], of a folder that was opened only to reach its entries.
#[cfg(unix)]
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "a fault injector is told the path")
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

/// Returns whether this thread has a fault injector: then nothing may wait for another thread in real time.
pub fn has_fault_injector() -> bool {
    #[cfg(debug_assertions)]
    let has_injector = injection::fault_injector().is_some();
    #[cfg(not(debug_assertions))]
    let has_injector = false;
    has_injector
}

/// Waits for another process; blocks the thread.
pub fn pause(time: Duration) {
    #[cfg(debug_assertions)]
    if let Some(fault_injector) = injection::fault_injector() {
        return fault_injector.pause(time);
    }
    std::thread::sleep(time);
}

/// Fills `bytes` with random numbers of the system.
pub fn random(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    #[cfg(debug_assertions)]
    if let Some(fault_injector) = injection::fault_injector() {
        fault_injector.random(bytes);
        return Ok(());
    }
    getrandom::fill(bytes)
}
