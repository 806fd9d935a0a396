//! One effect that ends badly, on the disk or in the keyring: it fails, it is torn, or the process dies before it, as it
//! may before a request and before its answer.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use keywright::platform::fault::{self, DiskEffect, FaultInjector, Injected};

use super::point;

/// The bad end of one effect.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// It is not made, and says so.
    Fails,
    /// Half of a write arrives; any other effect fails.
    Tears,
    /// The process dies before it.
    Kills,
}

struct FaultyEffect {
    fault: Fault,
    /// The number of effects that are made before it.
    until: Cell<usize>,
    is_hit: Cell<bool>,
    drawn: Cell<u8>,
}

impl FaultyEffect {
    /// Counts an effect, and returns whether it is the one that ends badly.
    fn is_next(&self) -> bool {
        let left = self.until.get();
        if left > 0 || self.is_hit.get() {
            self.until.set(left.saturating_sub(1));
            return false;
        }
        self.is_hit.set(true);
        if matches!(self.fault, Fault::Kills) {
            resume_unwind(Box::new("killed"));
        }
        true
    }
}

impl FaultInjector for FaultyEffect {
    fn before(&self, effect: DiskEffect, _: &Path) -> Injected {
        match (self.is_next(), self.fault, effect) {
            (false, ..) => Injected::Proceed,
            (_, Fault::Tears, DiskEffect::Write(length)) if length > 1 => {
                Injected::Torn(length / 2)
            }
            _ => Injected::Fail(io::ErrorKind::StorageFull.into()),
        }
    }

    fn pause(&self, _: Duration) {}

    fn random(&self, bytes: &mut [u8]) {
        self.drawn.set(self.drawn.get().wrapping_add(1));
        bytes.fill(self.drawn.get());
    }
}

/// Runs `act` with a fault at the effect of that number: an error is the death of the process. `None` if there are
/// fewer effects.
pub(crate) fn interrupted<T>(
    fault: Fault,
    number: usize,
    act: impl FnOnce() -> T,
) -> Option<std::thread::Result<T>> {
    let faulty = Rc::new(FaultyEffect {
        fault,
        until: Cell::new(number),
        is_hit: Cell::default(),
        drawn: Cell::default(),
    });
    let of_keyring = Rc::clone(&faulty);
    point::set(Some(Rc::new(move |call| match call {
        "send" | "answer" if matches!(fault, Fault::Kills) => of_keyring.is_next(),
        _ => call.starts_with("keyring") && of_keyring.is_next(),
    })));
    fault::set(Some(faulty.clone()));
    let result = catch_unwind(AssertUnwindSafe(act));
    fault::set(None);
    point::set(None);
    faulty.is_hit.get().then_some(result)
}
