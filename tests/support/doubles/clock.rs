//! A clock that only moves when somebody sleeps or sets it.

use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keywright::platform::{Clock, LocalBoxFuture};

use super::point;

/// The moment at which every test begins.
pub(crate) const NOON: &str = "2026-11-20T12:00:00Z";

/// `NOON` in seconds since 1970.
pub(crate) const NOON_SECONDS: i64 = 1_795_176_000;

/// The pause before a request that is sent once, for the connection to be found closed.
const SETTLE: Duration = Duration::from_millis(1);

/// The interval at which a held lock is tried again. Its holder works in real time: another run, or a process that
/// another test is just starting, which has our files open until it is another program.
const LOCK_POLL: Duration = Duration::from_millis(50);

/// The time of a test; sleeping takes none of ours.
pub(crate) struct FakeClock {
    now: Mutex<Timestamp>,
    sleeps: Mutex<Vec<Duration>>,
    settles: Mutex<Duration>,
    /// Says whether no wait takes any real time.
    simulated: bool,
}

impl FakeClock {
    pub(crate) fn new() -> Self {
        FakeClock {
            now: Mutex::new(NOON.parse().unwrap()),
            sleeps: Mutex::default(),
            settles: Mutex::new(SETTLE),
            simulated: false,
        }
    }

    /// A clock of which no wait takes any real time: nothing else works in real time beside it.
    pub(crate) fn simulated() -> Self {
        FakeClock {
            simulated: true,
            ..FakeClock::new()
        }
    }

    /// Moves the time.
    pub(crate) fn pass(&self, seconds: i64) {
        self.pass_exactly(SignedDuration::from_secs(seconds));
    }

    /// Moves the time by less than a second, or more.
    pub(crate) fn pass_exactly(&self, time: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now = now.checked_add(time).unwrap();
    }

    /// Gives a server more time to close its connection than it is given outside the tests.
    pub(crate) fn settles_for(&self, time: Duration) {
        *self.settles.lock().unwrap() = time;
    }

    /// The pauses since the last look.
    pub(crate) fn take_sleeps(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.sleeps.lock().unwrap())
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        point::reach("now");
        *self.now.lock().unwrap()
    }

    fn pause(&self, time: Duration) {
        point::reach("sleep");
        self.pass_exactly(SignedDuration::try_from(time).unwrap());
    }

    fn sleep(&self, time: Duration) -> LocalBoxFuture<'static, ()> {
        point::reach("sleep");
        if time != SETTLE {
            self.sleeps.lock().unwrap().push(time);
            let mut now = self.now.lock().unwrap();
            *now = now
                .checked_add(SignedDuration::try_from(time).unwrap())
                .unwrap();
        }
        let real = match time {
            _ if self.simulated => None,
            SETTLE => Some(*self.settles.lock().unwrap()),
            LOCK_POLL => Some(SETTLE),
            _ => None,
        };
        Box::pin(async move {
            match real {
                Some(time) => tokio::time::sleep(time).await,
                None => tokio::task::yield_now().await,
            }
        })
    }
}
