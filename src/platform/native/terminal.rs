//! Standard streams and questions at a terminal.

use std::io::{self, IsTerminal, Read, Write};

use dialoguer::console::Term;
use dialoguer::theme::ColorfulTheme;

use super::super::{Progress, Terminal, filled};
use super::hidden_prompt;
use super::progress::ProgressBars;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;

/// The streams of this process.
#[derive(Default)]
pub(super) struct StandardStreams {
    signs: ProgressBars,
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
        let null = rustix::fs::stat("/dev/null")?;
        let flags = rustix::fs::fcntl_getfl(&stdout)?;
        if status.st_rdev == null.st_rdev
            && status.st_ino == null.st_ino
            && flags.contains(rustix::fs::OFlags::RDWR)
        {
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

    fn ask_secret(&self, prompt: &str) -> Result<Secret> {
        let prompt = prompt.to_owned();
        self.ask(move |theme, term| hidden_prompt::ask(theme, term, &prompt))
    }

    fn ask_text(&self, prompt: &str) -> Result<String> {
        let prompt = prompt.to_owned();
        self.ask(move |theme, term| {
            dialoguer::Input::with_theme(theme)
                .with_prompt(prompt)
                .interact_text_on(term)
        })
    }

    fn ask_optional(&self, prompt: &str) -> Result<Option<String>> {
        let prompt = prompt.to_owned();
        let text: String = self.ask(move |theme, term| {
            dialoguer::Input::with_theme(theme)
                .with_prompt(prompt)
                .allow_empty(true)
                .interact_text_on(term)
        })?;
        Ok(filled(&text))
    }

    fn confirm(&self, prompt: &str) -> Result<bool> {
        let prompt = prompt.to_owned();
        self.ask(move |theme, term| {
            dialoguer::Confirm::with_theme(theme)
                .with_prompt(prompt)
                .default(false)
                .interact_on_opt(term)
                .map(|answer| answer.unwrap_or(false))
        })
    }

    fn choose(&self, prompt: &str, items: &[String]) -> Result<usize> {
        let (prompt, items) = (prompt.to_owned(), items.to_owned());
        self.ask(move |theme, term| {
            dialoguer::FuzzySelect::with_theme(theme)
                .with_prompt(prompt)
                .items(&items)
                .default(0)
                .interact_on(term)
        })
    }

    fn progress(&self, what: &str, steps: Option<u64>) -> Box<dyn Progress> {
        if !self.stderr_is_terminal() {
            return Box::new(());
        }
        Box::new(self.signs.start(what, steps))
    }
}

impl StandardStreams {
    /// Asks on a thread of its own, so that Ctrl-C is heard while the terminal waits; the terminal's settings are put
    /// back before the question fails.
    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&ColorfulTheme, &Term) -> dialoguer::Result<T> + Send + 'static,
    ) -> Result<T> {
        let settings = TerminalSettings::now();
        let (event, events) = std::sync::mpsc::channel();
        let interrupted = event.clone();
        std::thread::spawn(move || {
            // Without a signal to hear, the terminal's own handling of Ctrl-C has to do.
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
                .enable_io()
                .build()
                && runtime.block_on(tokio::signal::ctrl_c()).is_ok()
            {
                let _ = interrupted.send(None);
            }
        });
        std::thread::spawn(move || {
            let given = question(&ColorfulTheme::default(), &Term::stderr());
            // After Ctrl-C the receiver is gone.
            let _ = event.send(Some(given));
        });
        match self.signs.aside(|| events.recv()) {
            Ok(Some(Ok(given))) => Ok(given),
            Ok(Some(Err(dialoguer::Error::IO(error))))
                if error.kind() != io::ErrorKind::Interrupted =>
            {
                settings.restore();
                Err(Error::usage("the question could not be asked").caused_by(error))
            }
            _ => {
                settings.restore();
                Err(cancelled())
            }
        }
    }
}

fn cancelled() -> Error {
    Error::new(Kind::Cancelled, "cancelled")
}

/// The terminal's settings before a question.
struct TerminalSettings {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl TerminalSettings {
    fn now() -> Self {
        TerminalSettings {
            #[cfg(unix)]
            before: rustix::termios::tcgetattr(io::stdin()).ok(),
        }
    }

    fn restore(&self) {
        #[cfg(unix)]
        if let Some(before) = &self.before {
            // A terminal that is gone has nothing to restore.
            let _ = rustix::termios::tcsetattr(
                io::stdin(),
                rustix::termios::OptionalActions::Now,
                before,
            );
        }
        let term = Term::stderr();
        let _ = term.show_cursor();
        let _ = term.write_line("");
    }
}
