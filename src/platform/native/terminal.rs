//! Standard streams and questions at a terminal.

use std::cell::Cell;
use std::io::{self, IsTerminal, Read, Write};

use console::Term;

use super::super::{CheckAnswer, Env, HiddenTyping, LineQuestion, Progress, Terminal};
use super::look::Look;
use super::progress::ProgressBars;
use super::questions;
use crate::core::error::Result;
use crate::core::secret::Secret;

/// The streams of this process.
pub(super) struct StandardStreams {
    signs: ProgressBars,
    look: Cell<Look>,
}

impl StandardStreams {
    /// Returns the streams as `env` describes their terminal.
    pub(super) fn new(env: &Env) -> Self {
        StandardStreams {
            signs: ProgressBars::default(),
            look: Cell::new(Look::of(env)),
        }
    }
}

impl Terminal for StandardStreams {
    fn stdin_is_terminal(&self) -> bool {
        io::stdin().is_terminal()
    }

    fn stdout_is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn stderr_is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }

    fn width(&self) -> Option<u16> {
        Term::stdout().size_checked().map(|(_, columns)| columns)
    }

    fn stderr_width(&self) -> Option<u16> {
        let term = Term::stderr();
        let size = term.is_term().then(|| term.size_checked()).flatten();
        size.map(|(_, columns)| columns)
    }

    fn write_stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.signs.aside(|| {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes)?;
            stdout.flush()
        })
    }

    #[cfg(unix)]
    fn probe_stdout(&self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let stdout = io::stdout();
        // A closed stdout is reopened as `/dev/null` before `main`, readable and writable. A shell's `> /dev/null`
        // is only writable, and is intended.
        let status = rustix::fs::fstat(&stdout)?;
        // A folder that serves as root may have no devices, and then nothing was reopened.
        let null = rustix::fs::stat("/dev/null").ok();
        let is_null =
            null.is_some_and(|null| status.st_rdev == null.st_rdev && status.st_ino == null.st_ino);
        let flags = rustix::fs::fcntl_getfl(&stdout)?;
        if is_null && flags.contains(rustix::fs::OFlags::RDWR) {
            return Err(io::Error::new(
                io::ErrorKind::BrokenPipe,
                "stdout is closed",
            ));
        }
        let mut polled = [PollFd::new(&stdout, PollFlags::OUT)];
        poll(&mut polled, Some(&Timespec::default()))?;
        if polled[0]
            .revents()
            .intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL)
        {
            return Err(io::Error::new(
                io::ErrorKind::BrokenPipe,
                "the reader of stdout is gone",
            ));
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn probe_stdout(&self) -> io::Result<()> {
        Ok(())
    }

    fn write_stderr(&self, text: &str) {
        // Progress is advisory: a full log must not cost a key.
        let _ = self
            .signs
            .aside(|| io::stderr().lock().write_all(text.as_bytes()));
    }

    fn read_stdin(&self, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
        if bytes.len() > limit {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("more than {limit} bytes on stdin"),
            ));
        }
        Ok(bytes)
    }

    fn can_ask(&self) -> bool {
        (self.stdin_is_terminal() || questions::input().is_ok())
            && (self.stderr_is_terminal() || questions::output().is_ok())
    }

    fn use_color(&self, wanted: bool) {
        let look = self.look.get();
        self.look.set(Look {
            color: wanted,
            ..look
        });
    }

    fn preface(&self, text: &str) {
        self.write_stderr(text);
        if !self.stderr_is_terminal()
            && let Ok(mut terminal) = questions::output()
        {
            let _ = terminal.write_all(text.as_bytes());
        }
    }

    fn hide_typing(&self) -> Box<dyn HiddenTyping> {
        match questions::EchoOff::begin() {
            Ok(hidden) => Box::new(hidden),
            // The question itself will fail.
            Err(_) => Box::new(()),
        }
    }

    fn ask_secret(&self, prompt: &str) -> Result<Secret> {
        self.signs
            .aside(|| questions::secret(self.look.get(), prompt))
    }

    fn ask_line(&self, question: &LineQuestion<'_>, check: CheckAnswer<'_>) -> Result<()> {
        self.signs
            .aside(|| questions::line(self.look.get(), question, check))
    }

    fn confirm(&self, prompt: &str) -> Result<bool> {
        self.signs
            .aside(|| questions::confirm(self.look.get(), prompt))
    }

    fn choose(&self, prompt: &str, items: &[String]) -> Result<usize> {
        self.signs
            .aside(|| questions::choose(self.look.get(), prompt, items))
    }

    fn choose_many(&self, prompt: &str, items: &[String], may_be_none: bool) -> Result<Vec<usize>> {
        self.signs
            .aside(|| questions::choose_many(self.look.get(), prompt, items, may_be_none))
    }

    fn progress(&self, what: &str, steps: Option<u64>) -> Box<dyn Progress> {
        if !self.stderr_is_terminal() || self.look.get().dumb {
            return Box::new(());
        }
        Box::new(self.signs.start(self.look.get(), what, steps))
    }
}
