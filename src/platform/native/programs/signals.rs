//! Signals with their senders: a `kill` is meant for us alone, a key at the terminal has reached our guest as well.

use std::io;
use std::path::Path;
use std::process::Child;
use std::thread;

use rustix::process::{Pid, Signal, kill_process_group};

use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH};
use signal_hook::iterator::exfiltrator::origin::WithOrigin;
use signal_hook::iterator::{Handle, Signals, SignalsInfo};
use signal_hook::low_level::siginfo::{Cause, Origin};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::super::super::{LocalBoxFuture, ReceivedSignal, SignalStream};
use super::super::signal_guard::{self, OutstandingCall};

/// The signals that end a process and that it can catch.
const ENDING: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

const WATCHED: [i32; 7] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH];

/// Hears signals on a thread of its own.
pub(super) struct SignalListener {
    heard: UnboundedReceiver<ReceivedSignal>,
    thread: Handle,
}

impl SignalListener {
    pub(super) fn open() -> io::Result<Self> {
        // If this process was started with a signal ignored, the child must ignore it too. A handler would undo
        // that.
        let ignored = ignored();
        let wanted = WATCHED.into_iter().filter(|signal| !ignored(*signal));
        let mut signals = SignalsInfo::<WithOrigin>::new(wanted)?;
        let thread = signals.handle();
        let (tell, heard) = unbounded_channel();
        thread::spawn(move || {
            for origin in signals.forever() {
                if tell.send(understood(&origin)).is_err() {
                    return;
                }
            }
        });
        Ok(SignalListener { heard, thread })
    }
}

impl Drop for SignalListener {
    fn drop(&mut self) {
        self.thread.close();
    }
}

impl SignalStream for SignalListener {
    fn next(&mut self) -> LocalBoxFuture<'_, ReceivedSignal> {
        Box::pin(async {
            match self.heard.recv().await {
                Some(heard) => heard,
                None => std::future::pending().await,
            }
        })
    }

    fn ready(&mut self) -> Option<ReceivedSignal> {
        self.heard.try_recv().ok()
    }
}

fn understood(origin: &Origin) -> ReceivedSignal {
    let sent = match origin.cause {
        Cause::Sent(_) => true,
        Cause::Unknown => origin.process.is_some_and(|process| process.pid > 0),
        _ => false,
    };
    // A terminal that hangs up signals the leader of its session only.
    let sent = sent || origin.signal == SIGHUP && leads_its_session();
    ReceivedSignal {
        signal: origin.signal,
        sent,
        // Ctrl-C may be an ordinary key to the child. A closed terminal or a `kill` ends it.
        ends: match origin.signal {
            SIGTERM | SIGHUP => true,
            SIGINT | SIGQUIT => sent,
            _ => false,
        },
    }
}

/// Returns whether this process receives the hang-up of its terminal.
fn leads_its_session() -> bool {
    use rustix::process::{getpid, getsid};
    getsid(None).is_ok_and(|session| session == getpid())
}

/// Returns a test of whether this process ignores a signal, if the system reports that.
pub(super) fn ignored() -> impl Fn(i32) -> bool {
    let status = crate::platform::files::read_text(Path::new("/proc/self/status"));
    let mask = status.ok().flatten().and_then(|status| {
        let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        u64::from_str_radix(line?.trim(), 16).ok()
    });
    move |signal| mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Passes signals on to a program that this process waits for. The program has a process group of its own, which a key at
/// the terminal does not reach.
pub(super) struct SignalRelay {
    heard: Option<Signals>,
    passed: bool,
    /// This process obeys the signals once the program has ended.
    _until_its_end: OutstandingCall,
}

impl SignalRelay {
    pub(super) fn open() -> Self {
        let ignored = ignored();
        let wanted = ENDING.into_iter().filter(|signal| !ignored(*signal));
        SignalRelay {
            // If handlers are refused, the program ends its work first.
            heard: Signals::new(wanted).ok(),
            passed: false,
            _until_its_end: signal_guard::hold(),
        }
    }

    /// Passes on what was heard. Returns whether it is a further signal, after which the program is killed.
    pub(super) fn pass_on(&mut self, child: &Child) -> bool {
        let Some(signal) = self.heard.as_mut().and_then(|heard| heard.pending().next()) else {
            return false;
        };
        if std::mem::replace(&mut self.passed, true) {
            return true;
        }
        signal_guard::defer(signal);
        if let Some(signal) = Signal::from_named_raw(signal) {
            send_to_group(child, signal);
        }
        false
    }
}

/// Sends a signal to a program and its group. It was not waited for yet, so its number cannot belong to another.
pub(super) fn send_to_group(child: &Child, signal: Signal) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // A process that is gone misses nothing.
        let _ = kill_process_group(group, signal);
    }
}
