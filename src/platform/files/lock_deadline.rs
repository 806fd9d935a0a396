//! The time that a command may spend waiting for locks, all of them together.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::time::Duration;

/// The time a command waits for locks, unless `--timeout` sets another.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The time it waits without a message.
const NOTICE_DELAY: Duration = Duration::from_secs(1);

/// Says on stderr what is waited for.
type Notice = Box<dyn Fn(&str)>;

/// The time that a command may spend waiting for locks, all of them together.
pub struct LockDeadline {
    limit: Cell<Duration>,
    left: Cell<Duration>,
    tell: RefCell<Option<Notice>>,
}

impl Default for LockDeadline {
    fn default() -> Self {
        LockDeadline::new(DEFAULT_TIMEOUT)
    }
}

impl LockDeadline {
    /// Returns a deadline of `limit` without a message.
    pub fn new(limit: Duration) -> Self {
        LockDeadline {
            limit: Cell::new(limit),
            left: Cell::new(limit),
            tell: RefCell::default(),
        }
    }

    /// Begins a command that waits for `limit` at most, or as long as usual, and says so through `tell`.
    pub fn begin(&self, limit: Option<Duration>, tell: impl Fn(&str) + 'static) {
        self.limit.set(limit.unwrap_or(DEFAULT_TIMEOUT));
        self.refill();
        *self.tell.borrow_mut() = Some(Box::new(tell));
    }

    /// Returns the time that a command waits for a lock, or a service, at most.
    pub fn limit(&self) -> Duration {
        self.limit.get()
    }

    /// Restarts the count, because the awaited process has made progress.
    pub fn refill(&self) {
        self.left.set(self.limit.get());
    }

    /// Begins to wait for the lock at `path`, `most` at most.
    pub fn for_lock<'p>(&'p self, path: &'p Path, most: Duration) -> LockWait<'p> {
        LockWait {
            lock_deadline: self,
            path,
            most,
            waited: Duration::ZERO,
        }
    }
}

/// One lock that is waited for.
pub struct LockWait<'p> {
    lock_deadline: &'p LockDeadline,
    path: &'p Path,
    most: Duration,
    waited: Duration,
}

impl LockWait<'_> {
    /// Spends `time` on waiting once more; false where there is none left.
    pub fn spend(&mut self, time: Duration) -> bool {
        let left = self.lock_deadline.left.get();
        if left.is_zero() || self.waited >= self.most {
            return false;
        }
        let before = self.waited;
        self.waited += time;
        self.lock_deadline.left.set(left.saturating_sub(time));
        if before < NOTICE_DELAY && self.waited >= NOTICE_DELAY && self.most > NOTICE_DELAY {
            self.say_so();
        }
        true
    }

    fn say_so(&self) {
        if let Some(tell) = &*self.lock_deadline.tell.borrow() {
            let path = self.path.display();
            tell(&format!(
                "waiting for another process that holds the lock `{path}`"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    const STEP: Duration = Duration::from_millis(500);

    fn steps(wait: &mut LockWait<'_>) -> usize {
        std::iter::from_fn(|| wait.spend(STEP).then_some(())).count()
    }

    #[test]
    fn locks_share_command_deadline() {
        let lock_deadline = LockDeadline::new(Duration::from_secs(3));
        let path = Path::new("one.lock");
        assert_eq!(
            steps(&mut lock_deadline.for_lock(path, Duration::from_secs(1))),
            2
        );
        assert_eq!(steps(&mut lock_deadline.for_lock(path, Duration::MAX)), 4);
        assert_eq!(steps(&mut lock_deadline.for_lock(path, Duration::MAX)), 0);
        lock_deadline.refill();
        assert_eq!(steps(&mut lock_deadline.for_lock(path, Duration::MAX)), 6);
    }

    #[test]
    fn lock_wait_is_announced_once() {
        let lock_deadline = LockDeadline::default();
        let said = Rc::new(RefCell::new(Vec::new()));
        let heard = Rc::clone(&said);
        lock_deadline.begin(Some(Duration::from_secs(2)), move |text| {
            heard.borrow_mut().push(text.to_owned());
        });
        let path = Path::new("one.lock");
        let mut wait = lock_deadline.for_lock(path, Duration::MAX);
        assert!(wait.spend(STEP) && said.borrow().is_empty());
        assert_eq!(steps(&mut wait), 3);
        assert_eq!(
            *said.borrow(),
            ["waiting for another process that holds the lock `one.lock`"]
        );
    }
}
