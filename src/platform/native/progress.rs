//! Signs of life while a service is waited for, and of how far much work is.
//!
//! The screen belongs to the process, so what is shown on it is counted here for all of it.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::Progress;
use super::look::Look;
use super::signal_guard;

/// A shorter wait needs no sign.
const PROGRESS_DELAY: Duration = Duration::from_millis(300);

/// The interval between two ticks.
const TICK_INTERVAL: Duration = Duration::from_millis(100);

/// A bar with the count of finished steps.
const BAR_TEMPLATE: &str = "{spinner} {msg} [{bar:20}] {pos}/{len}";

/// The line of a wait whose length is not known.
const SPINNER_TEMPLATE: &str = "{spinner} {msg}";

/// The columns of a line beside its words.
const COLUMNS_BESIDE_WORDS: usize = 3;

/// The columns of a bar and its count beside the words.
const COLUMNS_OF_BAR: usize = 32;

/// A spinner for terminals without Unicode; the last sign is that of the end.
const ASCII_TICKS: &str = "|/-\\ ";

/// The number of signs on the screen.
static SHOWN: AtomicUsize = AtomicUsize::new(0);

/// Says that something else uses the screen, from which the signs are gone.
static ASIDE: AtomicBool = AtomicBool::new(false);

/// Returns whether there is a sign that a signal must not leave behind.
pub(super) fn is_shown() -> bool {
    SHOWN.load(Ordering::SeqCst) > 0
}

/// Wipes the signs from the screen before a signal has its effect. Nothing is waited for: whoever draws may be stopped.
#[cfg(unix)]
pub(super) fn wipe() {
    let count = SHOWN.load(Ordering::SeqCst);
    if count == 0 || ASIDE.load(Ordering::SeqCst) {
        return;
    }
    let wiped = ["\r\u{1b}[2K"].repeat(count).join("\u{1b}[1A");
    let _ = super::questions::output().and_then(|mut screen| screen.write_all(wiped.as_bytes()));
}

/// The signs on stderr, a line for each, and whatever else is written to the same terminal.
#[derive(Default)]
pub(super) struct ProgressBars(MultiProgress);

impl ProgressBars {
    /// Starts a sign that is seen after [`PROGRESS_DELAY`] and goes when it is dropped; `steps` is how much there is to do.
    pub(super) fn start(&self, look: Look, what: &str, steps: Option<u64>) -> RunningBar {
        let sign = ProgressBar::with_draw_target(steps, ProgressDrawTarget::hidden());
        let template = if steps.is_some() {
            BAR_TEMPLATE
        } else {
            SPINNER_TEMPLATE
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            let style = style.progress_chars("=> ");
            sign.set_style(if look.unicode {
                style
            } else {
                style.tick_chars(ASCII_TICKS)
            });
        }
        // A longer line would leave its second half behind when the window becomes narrower.
        let columns = usize::from(console::Term::stderr().size().1);
        let beside = COLUMNS_BESIDE_WORDS + steps.map_or(0, |_| COLUMNS_OF_BAR);
        sign.set_message(look.cut(what, columns.saturating_sub(beside)));
        let (over, ended) = channel();
        let (all, shown) = (self.0.clone(), sign.clone());
        let thread = std::thread::spawn(move || {
            if ended.recv_timeout(PROGRESS_DELAY) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            SHOWN.fetch_add(1, Ordering::SeqCst);
            signal_guard::screen_changed();
            let shown = all.add(shown);
            shown.tick();
            while ended.recv_timeout(TICK_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                shown.tick();
            }
            shown.finish_and_clear();
            all.remove(&shown);
            SHOWN.fetch_sub(1, Ordering::SeqCst);
        });
        RunningBar {
            bar: sign,
            over: Some(over),
            thread: Some(thread),
        }
    }

    /// Hides the progress while something else uses the terminal.
    pub(super) fn aside<T>(&self, what: impl FnOnce() -> T) -> T {
        self.0.suspend(|| {
            ASIDE.store(true, Ordering::SeqCst);
            let outcome = what();
            ASIDE.store(false, Ordering::SeqCst);
            outcome
        })
    }
}

/// One sign.
pub(super) struct RunningBar {
    bar: ProgressBar,
    over: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress for RunningBar {
    fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for RunningBar {
    fn drop(&mut self) {
        drop(self.over.take());
        if let Some(thread) = self.thread.take() {
            // The line is gone before anybody writes another one.
            let _ = thread.join();
        }
    }
}
