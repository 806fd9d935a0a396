//! Signs of life while a service is waited for, and of how far much work is.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::Progress;

/// A shorter wait needs no sign.
const PROGRESS_DELAY: Duration = Duration::from_millis(300);

/// The interval between two ticks.
const TICK_INTERVAL: Duration = Duration::from_millis(100);

/// A bar with the count of finished steps.
const BAR_TEMPLATE: &str = "{spinner} {msg} [{bar:20}] {pos}/{len}";

/// The line of a wait whose length is not known.
const SPINNER_TEMPLATE: &str = "{spinner} {msg}";

/// The signs on stderr, a line for each, and whatever else is written to the same terminal.
#[derive(Default)]
pub(super) struct ProgressBars(MultiProgress);

impl ProgressBars {
    /// Starts a sign that is seen after [`PROGRESS_DELAY`] and goes when it is dropped; `steps` is how much there is to do.
    pub(super) fn start(&self, what: &str, steps: Option<u64>) -> RunningBar {
        let sign = ProgressBar::with_draw_target(steps, ProgressDrawTarget::hidden());
        let template = if steps.is_some() {
            BAR_TEMPLATE
        } else {
            SPINNER_TEMPLATE
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            sign.set_style(style.progress_chars("=> "));
        }
        sign.set_message(what.to_owned());
        let (over, ended) = channel();
        let (all, shown) = (self.0.clone(), sign.clone());
        let thread = std::thread::spawn(move || {
            if ended.recv_timeout(PROGRESS_DELAY) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let shown = all.add(shown);
            shown.tick();
            while ended.recv_timeout(TICK_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                shown.tick();
            }
            shown.finish_and_clear();
            all.remove(&shown);
        });
        RunningBar {
            bar: sign,
            over: Some(over),
            thread: Some(thread),
        }
    }

    /// Hides the progress while something else uses the terminal.
    pub(super) fn aside<T>(&self, what: impl FnOnce() -> T) -> T {
        self.0.suspend(what)
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
