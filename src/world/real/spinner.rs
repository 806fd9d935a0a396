//! A sign of life while a service is waited for.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

use super::super::Waiting;

/// A shorter wait needs no sign.
const PATIENCE: Duration = Duration::from_millis(300);

/// How often the sign moves.
const BEAT: Duration = Duration::from_millis(100);

/// A line on stderr that comes after [`PATIENCE`] and goes when this is dropped.
pub(super) struct Spinner {
    over: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Spinner {
    pub(super) fn start(what: &str) -> Self {
        let (over, ended) = channel();
        let what = what.to_owned();
        let thread = std::thread::spawn(move || {
            if ended.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
                .with_message(what);
            while ended.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Spinner {
            over: Some(over),
            thread: Some(thread),
        }
    }
}

impl Waiting for Spinner {}

impl Drop for Spinner {
    fn drop(&mut self) {
        drop(self.over.take());
        if let Some(thread) = self.thread.take() {
            // The line is gone before anybody writes another one.
            let _ = thread.join();
        }
    }
}
