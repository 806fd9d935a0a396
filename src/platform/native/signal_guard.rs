//! Delays signals for calls in progress: a signal that would end this process takes effect after the response of a
//! call that must not be lost.
//!
//! Signals belong to the process, so their state is kept here for all of it.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use super::super::SignalGuard;

/// The number of Ctrl-C everywhere.
const INTERRUPT: usize = 2;

/// The number of calls in progress.
static OUTSTANDING: AtomicUsize = AtomicUsize::new(0);

/// Says that another handler receives the signals now.
static DELEGATED: AtomicBool = AtomicBool::new(false);

/// Says that Ctrl-C is heard elsewhere in this process.
static CTRL_C_HEARD: AtomicBool = AtomicBool::new(false);

/// A call that is out; when this is dropped, its answer is there.
pub(super) struct OutstandingCall;

impl SignalGuard for OutstandingCall {}

impl Drop for OutstandingCall {
    fn drop(&mut self) {
        OUTSTANDING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A call goes out: from now on signals wait.
pub(super) fn hold() -> OutstandingCall {
    OUTSTANDING.fetch_add(1, Ordering::SeqCst);
    signals::keep();
    OutstandingCall
}

/// Notes a signal that was heard elsewhere, and that is obeyed after the call in progress.
#[cfg(unix)]
pub(super) fn defer(signal: i32) {
    if let Ok(signal) = usize::try_from(signal) {
        signals::deferred().store(signal, Ordering::SeqCst);
    }
}

/// Leaves the signals to another handler for the rest of this process.
pub(super) fn delegate() {
    DELEGATED.store(true, Ordering::SeqCst);
    signals::no_default();
}

/// Returns whether a signal is obeyed elsewhere or later.
#[cfg(unix)]
pub(super) fn must_wait() -> bool {
    OUTSTANDING.load(Ordering::SeqCst) > 0 || DELEGATED.load(Ordering::SeqCst)
}

/// Returns whether Ctrl-C is heard elsewhere in this process.
#[cfg(unix)]
pub(super) fn hears_ctrl_c() -> bool {
    CTRL_C_HEARD.load(Ordering::SeqCst) || must_wait()
}

/// Notes that something waits for Ctrl-C from now on.
pub(super) fn note_ctrl_c_heard() {
    CTRL_C_HEARD.store(true, Ordering::SeqCst);
}

/// Something must be put back or wiped before a signal has its effect.
pub(super) fn screen_changed() {
    signals::no_default();
    super::questions::hear_signals();
}

/// The signal that came while a call was out, if one did.
pub(super) fn deferred() -> Option<u8> {
    let deferred = signals::deferred().load(Ordering::SeqCst);
    let elsewhere = DELEGATED.load(Ordering::SeqCst);
    u8::try_from(deferred)
        .ok()
        .filter(|deferred| *deferred > 0 && !elsewhere)
}

/// Waits for a signal that ends this command, then for the response of a call in progress, for which it calls `tell`.
/// Returns the signal. Without `always`, Ctrl-C is only caught during a call.
pub(super) async fn interrupt(always: bool, tell: &dyn Fn()) -> u8 {
    let mut ctrl_c = Box::pin(super::ctrl_c());
    let mut wakers = None;
    let (mut pressed, mut told) = (false, false);
    poll_fn(move |context: &mut Context<'_>| {
        let out = OUTSTANDING.load(Ordering::SeqCst) > 0;
        if !pressed && (always || out) && ctrl_c.as_mut().poll(context).is_ready() {
            pressed = true;
            signals::deferred().store(INTERRUPT, Ordering::SeqCst);
        }
        if out {
            wakers
                .get_or_insert_with(signals::Wakers::new)
                .poll(context);
            if !told && deferred().is_some() {
                told = true;
                tell();
            }
            return Poll::Pending;
        }
        if let Some(signal) = deferred() {
            return Poll::Ready(signal);
        }
        if !DELEGATED.load(Ordering::SeqCst)
            && !super::questions::is_terminal_changed()
            && !super::progress::is_shown()
        {
            signals::release();
        }
        Poll::Pending
    })
    .await
}

#[cfg(unix)]
mod signals {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, LazyLock, Once};
    use std::task::Context;

    use signal_hook::consts::signal::{SIGHUP, SIGQUIT, SIGTERM};
    use signal_hook::flag::{register_conditional_default, register_usize};
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// The signals that wait, beside Ctrl-C.
    const ALL: [i32; 3] = [SIGHUP, SIGQUIT, SIGTERM];

    /// Says that a signal has its default effect.
    static FREE: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

    /// The number of the last signal that had to wait.
    static HEARD: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

    static LISTENING: Once = Once::new();

    pub(super) fn deferred() -> &'static AtomicUsize {
        &HEARD
    }

    /// From now on no signal does what it always does.
    pub(super) fn no_default() {
        FREE.store(false, Ordering::SeqCst);
    }

    /// From now on signals wait.
    pub(super) fn keep() {
        no_default();
        LISTENING.call_once(|| {
            let ignored = super::super::programs::ignored();
            for signal in ALL.into_iter().filter(|signal| !ignored(*signal)) {
                let number = usize::try_from(signal).unwrap_or_default();
                // If a handler is refused, the signal keeps its default effect.
                let _ = register_conditional_default(signal, Arc::clone(&FREE));
                let _ = register_usize(signal, Arc::clone(&HEARD), number);
            }
        });
    }

    /// Wakes the event loop on a signal, which a flag alone cannot do.
    pub(super) struct Wakers(Vec<Signal>);

    impl Wakers {
        pub(super) fn new() -> Self {
            let ignored = super::super::programs::ignored();
            let wanted = ALL.into_iter().filter(|signal| !ignored(*signal));
            let deferred = wanted.filter_map(|number| signal(SignalKind::from_raw(number)).ok());
            Wakers(deferred.collect())
        }

        pub(super) fn poll(&mut self, context: &mut Context<'_>) {
            for signal in &mut self.0 {
                while signal.poll_recv(context).is_ready() {}
            }
        }
    }

    /// From now on signals do what they always do.
    pub(super) fn release() {
        FREE.store(true, Ordering::SeqCst);
    }
}

#[cfg(not(unix))]
mod signals {
    use std::sync::atomic::AtomicUsize;

    static HEARD: AtomicUsize = AtomicUsize::new(0);

    pub(super) fn deferred() -> &'static AtomicUsize {
        &HEARD
    }

    pub(super) struct Wakers;

    impl Wakers {
        pub(super) fn new() -> Self {
            Wakers
        }

        pub(super) fn poll(&mut self, _: &mut std::task::Context<'_>) {}
    }

    pub(super) fn keep() {}

    pub(super) fn no_default() {}

    pub(super) fn release() {}
}
