//! Runs that are stopped before one of their calls, as a process that is killed: each unwinds from there, nothing that
//! follows is done, and its locks are free.

use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use keywright::platform::fault::{self, DiskEffect, FaultInjector, Injected};

use super::doubles::point;
use super::run::Run;

/// The payload with which a stopped run unwinds.
struct Killed;

/// The calls of a run: effects on the disk, requests, their responses, calls of the keyring.
struct Calls {
    made: RefCell<Vec<String>>,
    stop_before: Option<usize>,
}

impl Calls {
    fn reach(&self, call: String) {
        if self.is_dead() {
            return die();
        }
        self.made.borrow_mut().push(call);
        if self.is_dead() {
            die();
        }
    }

    fn is_dead(&self) -> bool {
        self.stop_before
            .is_some_and(|number| self.made.borrow().len() >= number)
    }
}

/// Fills `bytes` so that nothing in this process gets the same twice.
pub(crate) fn fill_uniquely(bytes: &mut [u8]) {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let part = count.len().min(bytes.len());
    let start = count.len() - part;
    bytes.fill(0);
    bytes[..part].copy_from_slice(&count[start..]);
    // The first bytes are the name of a record.
    bytes[..part].reverse();
}

fn die() {
    if !std::thread::panicking() {
        resume_unwind(Box::new(Killed));
    }
}

impl FaultInjector for Calls {
    fn before(&self, effect: DiskEffect, path: &Path) -> Injected {
        let name = path.file_name().unwrap_or_default();
        self.reach(format!("{effect:?} {}", name.display()));
        if self.is_dead() {
            return Injected::Fail(io::ErrorKind::Interrupted.into());
        }
        Injected::Proceed
    }

    fn pause(&self, time: Duration) {
        std::thread::sleep(time.min(Duration::from_millis(2)));
    }

    fn random(&self, bytes: &mut [u8]) {
        fill_uniquely(bytes);
    }
}

/// The outcome of a run.
pub(crate) struct Stopped {
    /// Its exit code; `None` if it was stopped.
    pub(crate) code: Option<u8>,
    /// The calls that it made.
    pub(crate) calls: Vec<String>,
    pub(crate) stderr: String,
}

impl Run {
    /// Runs it, and stops it before its call of that number; what it says is for the caller to judge.
    #[track_caller]
    pub(crate) fn stopped_before(self, call: Option<usize>) -> Stopped {
        let (platform, terminal, args) = self.enter();
        let calls = Rc::new(Calls {
            made: RefCell::default(),
            stop_before: call,
        });
        let reached = Rc::clone(&calls);
        point::set(Some(Rc::new(move |call: &'static str| {
            if call != "now" {
                reached.reach(call.to_owned());
            }
            false
        })));
        fault::set(Some(Rc::clone(&calls) as Rc<dyn FaultInjector>));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            super::run::runtime().block_on(keywright::run(args, &platform))
        }));
        point::set(None);
        fault::set(None);
        drop(platform);
        let code = match outcome {
            Ok(code) => (!calls.is_dead()).then_some(code),
            Err(payload) if payload.is::<Killed>() => None,
            Err(payload) => resume_unwind(payload),
        };
        Stopped {
            code,
            calls: calls.made.take(),
            stderr: terminal.stderr.take(),
        }
    }
}
