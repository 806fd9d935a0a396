//! Signals with their senders: a `kill` is meant for us alone, a key at the terminal has reached our guest as well.

use std::io;
use std::path::Path;
use std::thread;

use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH};
use signal_hook::iterator::exfiltrator::origin::WithOrigin;
use signal_hook::iterator::{Handle, SignalsInfo};
use signal_hook::low_level::siginfo::{Cause, Origin};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::super::super::{LocalBoxFuture, ReceivedSignal, SignalStream};

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
