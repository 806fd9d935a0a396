//! A disk on which one effect ends badly: it fails, it is torn, or the process dies before it.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use keywright::platform::fault::{self, DiskEffect, FaultInjector, Injected};

/// The bad end of one effect on the disk.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// It is not made, and says so.
    Fails,
    /// Half of a write arrives; any other effect fails.
    Tears,
    /// The process dies before it.
    Kills,
}

struct FaultyDisk {
    fault: Fault,
    /// The number of effects that are made before it.
    until: Cell<usize>,
    is_hit: Cell<bool>,
    drawn: Cell<u8>,
}

impl FaultInjector for FaultyDisk {
    fn before(&self, effect: DiskEffect, _: &Path) -> Injected {
        let left = self.until.get();
        if left > 0 || self.is_hit.get() {
            self.until.set(left.saturating_sub(1));
            return Injected::Go;
        }
        self.is_hit.set(true);
        match (self.fault, effect) {
            (Fault::Tears, DiskEffect::Write(length)) if length > 1 => Injected::Torn(length / 2),
            (Fault::Fails | Fault::Tears, _) => Injected::Fail(io::ErrorKind::StorageFull.into()),
            (Fault::Kills, _) => resume_unwind(Box::new("killed")),
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
    let disk = Rc::new(FaultyDisk {
        fault,
        until: Cell::new(number),
        is_hit: Cell::default(),
        drawn: Cell::default(),
    });
    fault::set(Some(disk.clone()));
    let result = catch_unwind(AssertUnwindSafe(act));
    fault::set(None);
    disk.is_hit.get().then_some(result)
}
