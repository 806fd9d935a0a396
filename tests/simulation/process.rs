//! One run of the program as a process that may be stopped before any of its calls, be paused, find its disk broken,
//! or take turns with another one.
//!
//! A process dies by unwinding from the call at which it is stopped: nothing that it would have done afterwards is
//! done, and its locks are free. Two processes that race are two threads of which only one runs at a time: at each
//! call the seed says which.

use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use keywright::platform::fault::{DiskEffect, FaultInjector, Injected};

use super::place::Place;
use super::rng::Rng;
use super::trace::Trace;
use crate::support::clock::FakeClock;

/// The value with which a stopped process unwinds.
pub(super) struct Killed;

/// The fault of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(super) enum Disk {
    #[default]
    Good,
    /// The effect at that call fails.
    FailsAt(u64),
    /// From that call on there is no room.
    FullFrom(u64),
}

/// The fault of the disk once an answer that holds a new secret has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// One effect fails.
    Fail,
    /// There is no room any more.
    Full,
}

/// The faults of a process, each at the call of that number.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    pub(super) kill_at: Option<u64>,
    /// The process is stopped before it sends its request of that number.
    pub(super) kill_before_request: Option<u64>,
    /// So many calls after a new secret has arrived.
    pub(super) after_answer: Option<(u64, Trouble)>,
    /// The process is stopped so many calls after it.
    pub(super) kill_after_answer: Option<u64>,
    /// So many seconds pass in one moment.
    pub(super) pause: Option<(u64, i64)>,
    pub(super) disk: Disk,
    /// Something happens elsewhere.
    pub(super) elsewhere: Option<u64>,
}

impl Plan {
    /// Returns whether nothing happens to the process.
    pub(super) fn is_calm(&self) -> bool {
        let kills = [
            self.kill_at,
            self.kill_before_request,
            self.kill_after_answer,
        ];
        kills == [None; 3]
            && !self.breaks_the_disk()
            && self.pause.is_none()
            && self.elsewhere.is_none()
    }

    /// Returns whether something that was written may not be there.
    pub(super) fn breaks_the_disk(&self) -> bool {
        self.disk != Disk::Good || self.after_answer.is_some()
    }
}

struct Life {
    plan: Plan,
    reached: u64,
    /// The number of requests that it has sent.
    sent: u64,
    dead: bool,
    /// The call at which the answer to a creation arrived.
    arrived: Option<u64>,
    /// The number of its looks at a held lock since its last call.
    waited: u32,
    rng: Rng,
}

/// The event elsewhere when its call is reached.
pub(super) type Elsewhere = Box<dyn Fn() + Send + Sync>;

/// A process.
pub(super) struct Process {
    life: Mutex<Life>,
    clock: Arc<FakeClock>,
    syncs_folders: bool,
    trace: Trace,
    turns: Option<(Arc<Turns>, usize)>,
    elsewhere: Elsewhere,
}

impl Process {
    pub(super) fn new(
        plan: Plan,
        rng: Rng,
        place: &Place,
        trace: &Trace,
        turns: Option<(Arc<Turns>, usize)>,
        elsewhere: Elsewhere,
    ) -> Arc<Self> {
        Arc::new(Process {
            life: Mutex::new(Life {
                plan,
                reached: 0,
                sent: 0,
                dead: false,
                arrived: None,
                waited: 0,
                rng,
            }),
            clock: Arc::clone(&place.clock),
            syncs_folders: place.syncs_folders,
            trace: trace.clone(),
            turns,
            elsewhere,
        })
    }

    /// The number of calls that it has made.
    pub(super) fn reached(&self) -> u64 {
        self.life.lock().unwrap().reached
    }

    /// Returns whether it was stopped.
    pub(super) fn is_dead(&self) -> bool {
        self.life.lock().unwrap().dead
    }

    /// The answer that holds a new secret is here.
    pub(super) fn arrived(&self) {
        let mut life = self.life.lock().unwrap();
        let reached = life.reached;
        life.arrived = Some(reached);
        if let Some(calls) = life.plan.kill_after_answer.take() {
            life.plan.kill_at = Some(reached + calls);
        }
        if let Some((calls, trouble)) = life.plan.after_answer.take() {
            let at = reached + calls;
            match trouble {
                Trouble::Fail => life.plan.disk = Disk::FailsAt(at),
                Trouble::Full => life.plan.disk = Disk::FullFrom(at),
            }
        }
    }

    /// Returns whether it was stopped before a new secret could be on the disk: the answer had not come, or was being
    /// written.
    pub(super) fn died_too_early(&self) -> bool {
        let life = self.life.lock().unwrap();
        life.dead && life.arrived.is_none_or(|at| life.reached <= at + 2)
    }

    /// A call is about to be made.
    pub(super) fn reach(&self, call: &str) {
        if self.step(call) {
            die();
        }
        if let Some((turns, me)) = &self.turns {
            turns.pass(*me, false);
        }
    }

    /// Counts a call; whether the process is stopped before it.
    fn step(&self, call: &str) -> bool {
        let mut life = self.life.lock().unwrap();
        if life.dead {
            return true;
        }
        life.reached += 1;
        if call != "wait for a lock" {
            life.waited = 0;
        }
        let number = life.reached;
        if call == "send" {
            life.sent += 1;
            if life.plan.kill_before_request == Some(life.sent) {
                life.plan.kill_at = Some(number);
            }
        }
        let plan = life.plan.clone();
        life.dead = plan.kill_at == Some(number);
        let dead = life.dead;
        drop(life);
        self.trace.say(|| {
            let who = self.turns.as_ref().map_or(0, |(_, me)| *me);
            format!(
                "    {who}.{number} {call}{}",
                if dead { ": killed" } else { "" }
            )
        });
        if let Some((at, seconds)) = plan.pause
            && at == number
        {
            self.trace.say(|| format!("    paused for {seconds} s"));
            self.clock.pass(seconds);
        }
        if plan.elsewhere == Some(number) {
            (self.elsewhere)();
        }
        dead
    }

    /// Returns whether a lock may still be held by nobody of this simulation: a child that another test is just starting
    /// has our files open, and with them our locks, until it is another program. Nothing of that wait is simulated.
    fn waits_for_a_child(&self) -> bool {
        let most = if self.turns.is_some() { 10 } else { 2_000 };
        let mut life = self.life.lock().unwrap();
        life.waited += 1;
        life.waited <= most && !life.dead
    }

    /// A call to the keyring is about to be made; whether it fails.
    pub(super) fn keyring(&self, call: &str) -> bool {
        self.reach(call);
        let life = self.life.lock().unwrap();
        match life.plan.disk {
            Disk::FailsAt(at) => at == life.reached,
            Disk::FullFrom(at) => at <= life.reached && call == "keyring set",
            Disk::Good => life.dead,
        }
    }
}

/// Ends this process, unless it is unwinding already.
fn die() {
    if !std::thread::panicking() {
        resume_unwind(Box::new(Killed));
    }
}

impl FaultInjector for Process {
    fn before(&self, effect: DiskEffect, path: &Path) -> Injected {
        {
            // A write that the process does not survive may arrive in part.
            let mut life = self.life.lock().unwrap();
            let next = life.reached + 1;
            if let DiskEffect::Write(length) = effect
                && length > 0
                && !life.dead
                && life.plan.kill_at == Some(next)
                && life.rng.chance(500)
            {
                life.reached = next;
                life.plan.kill_at = Some(next + 1);
                let torn = life.rng.below(length as u64);
                return Injected::Torn(usize::try_from(torn).unwrap());
            }
        }
        let name = path.file_name().unwrap_or_default();
        let effect_name = match effect {
            DiskEffect::Write(_) => "Write".to_owned(),
            other => format!("{other:?}"),
        };
        self.reach(&format!("{effect_name} {}", name.display()));
        let life = self.life.lock().unwrap();
        if life.dead {
            return Injected::Fail(io::ErrorKind::Interrupted.into());
        }
        let number = life.reached;
        let full = matches!(life.plan.disk, Disk::FullFrom(at) if at <= number);
        let takes_room = matches!(effect, DiskEffect::Write(length) if length > 0);
        if life.plan.disk == Disk::FailsAt(number) {
            return Injected::Fail(io::Error::from_raw_os_error(5));
        }
        if full && takes_room {
            return Injected::Fail(io::ErrorKind::StorageFull.into());
        }
        if effect == DiskEffect::SyncFolder && !self.syncs_folders {
            return Injected::Fail(io::Error::from_raw_os_error(22));
        }
        Injected::Proceed
    }

    fn pause(&self, time: Duration) {
        if self.waits_for_a_child() {
            std::thread::sleep(Duration::from_millis(2));
            return;
        }
        self.reach("wait for a lock");
        self.clock
            .pass_exactly(SignedDuration::try_from(time).unwrap());
        if let Some((turns, me)) = &self.turns {
            turns.pass(*me, true);
        }
    }

    fn random(&self, bytes: &mut [u8]) {
        self.life.lock().unwrap().rng.fill(bytes);
    }
}

/// Says which of several processes runs.
pub(super) struct Turns {
    state: Mutex<Turn>,
    changed: Condvar,
}

struct Turn {
    whose: usize,
    alive: Vec<bool>,
    rng: Rng,
}

impl Turn {
    /// Another process that is alive.
    fn other(&mut self, me: usize) -> Option<usize> {
        let alive = self.alive.iter().enumerate();
        let others: Vec<usize> = alive
            .filter(|(number, alive)| **alive && *number != me)
            .map(|(number, _)| number)
            .collect();
        (!others.is_empty()).then(|| self.rng.pick(&others))
    }
}

impl Turns {
    pub(super) fn new(processes: usize, rng: Rng) -> Arc<Self> {
        Arc::new(Turns {
            state: Mutex::new(Turn {
                whose: 0,
                alive: vec![true; processes],
                rng,
            }),
            changed: Condvar::new(),
        })
    }

    /// Waits for the first turn.
    pub(super) fn begin(&self, me: usize) {
        let state = self.state.lock().unwrap();
        drop(self.changed.wait_while(state, |turn| turn.whose != me));
    }

    /// Lets another process run where the seed says so, or where it must.
    fn pass(&self, me: usize, must: bool) {
        let mut state = self.state.lock().unwrap();
        if !must && !state.rng.chance(200) {
            return;
        }
        let Some(other) = state.other(me) else {
            return;
        };
        state.whose = other;
        self.changed.notify_all();
        drop(self.changed.wait_while(state, |turn| turn.whose != me));
    }

    /// Leaves the others alone.
    pub(super) fn end(&self, me: usize) {
        let mut state = self.state.lock().unwrap();
        state.alive[me] = false;
        if let Some(other) = state.other(me) {
            state.whose = other;
        }
        self.changed.notify_all();
    }
}
