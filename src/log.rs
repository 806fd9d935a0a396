//! What is said on the side: notes, warnings and the trace of `-v`, on stderr, without secrets.

use std::rc::Rc;

use crate::secret::{Redactor, Secret};
use crate::world::{Terminal, Waiting};

/// The side channel of one run; everything in it passes the redactor.
#[derive(Clone)]
pub struct Log {
    terminal: Rc<dyn Terminal>,
    redactor: Rc<Redactor>,
    quiet: bool,
    verbose: bool,
}

impl Log {
    /// A log to the terminal's stderr.
    pub fn new(terminal: Rc<dyn Terminal>, quiet: bool, verbose: bool) -> Self {
        Log {
            terminal,
            redactor: Rc::new(Redactor::default()),
            quiet,
            verbose,
        }
    }

    /// Remembers a secret, so that no line shows it.
    pub fn learn(&self, secret: &Secret) {
        self.redactor.learn(secret);
    }

    /// `text` without the secrets that are known.
    pub fn redact(&self, text: &str) -> String {
        self.redactor.clean(text)
    }

    /// Says what happened; silent with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// Shows a person that something is waited for, until what is returned is dropped.
    pub fn waiting(&self, what: &str) -> Box<dyn Waiting> {
        self.sign(what, None)
    }

    /// Shows a person how much of `steps` is done, until what is returned is dropped.
    pub fn working(&self, what: &str, steps: usize) -> Box<dyn Waiting> {
        // What is one step has a sign of its own.
        match u64::try_from(steps) {
            Ok(steps) if steps > 1 => self.sign(what, Some(steps)),
            _ => Box::new(()),
        }
    }

    fn sign(&self, what: &str, steps: Option<u64>) -> Box<dyn Waiting> {
        if self.quiet || self.verbose {
            return Box::new(());
        }
        self.terminal.waiting(&self.redact(what), steps)
    }

    /// Says what may go wrong; also with `--quiet`.
    pub fn warn(&self, text: &str) {
        self.line(&format!("warning: {text}"));
    }

    /// Says what goes over the wire; only with `-v`.
    pub fn trace(&self, text: impl FnOnce() -> String) {
        if self.verbose {
            self.line(&text());
        }
    }

    /// A line on stderr, whatever the flags say.
    pub fn line(&self, text: &str) {
        self.terminal
            .write_stderr(&format!("{}\n", self.redact(text)));
    }
}
