//! The terminal that questions are asked at, and its settings while they are: put back at every end of the process.
//!
//! Settings and signals belong to the process, so their state is kept here for all of it.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{getpgrp, getsid};
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize,
    tcsetattr,
};
use signal_hook::consts::signal::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::super::super::HiddenTyping;
use super::super::{programs, progress, signal_guard};

/// Bytes that follow within this time belong to the same burst.
const BURST_PAUSE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// The most that is thrown away after an answer, in bytes: a paste that never stops is somebody's mistake.
const MAX_DRAINED_BYTES: usize = 16 << 20;

const PASTE_ON: &str = "\u{1b}[?2004h";
const PASTE_OFF: &str = "\u{1b}[?2004l";
const CURSOR_OFF: &str = "\u{1b}[?25l";
const CURSOR_ON: &str = "\u{1b}[?25h";

/// The terminal of stdin and stderr, or the controlling one where one of them is redirected.
pub(super) struct Device {
    input: File,
    output: File,
    wake: UnixStream,
}

/// An event at the terminal.
pub(super) enum Event {
    /// Bytes were typed.
    Bytes(usize),
    /// Nothing followed for [`BURST_PAUSE`].
    Idle,
    /// The command is to end, or the terminal is gone.
    Cancelled,
    /// The screen has another size.
    Resized,
    /// Something else has written to the screen.
    Continued,
}

/// The terminal while its settings differ from those before the command.
struct Altered {
    input: OwnedFd,
    output: File,
    before: Termios,
    /// The number of callers that want nothing shown that is typed.
    quiet: usize,
    question: Option<OpenQuestion>,
}

/// A question that waits for its answer.
struct OpenQuestion {
    wake: UnixStream,
    /// The terminal understands more than text.
    is_capable: bool,
    hides_cursor: bool,
}

static ALTERED: Mutex<Option<Altered>> = Mutex::new(None);

/// Opens the terminal to read from.
pub(in crate::platform::native) fn input() -> io::Result<File> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Ok(stdin.as_fd().try_clone_to_owned()?.into());
    }
    controlling_terminal()
}

/// Opens the terminal to write to.
pub(in crate::platform::native) fn output() -> io::Result<File> {
    let stderr = io::stderr();
    if stderr.is_terminal() {
        return Ok(stderr.as_fd().try_clone_to_owned()?.into());
    }
    controlling_terminal()
}

fn controlling_terminal() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

impl Device {
    /// Prepares the terminal for a question; what was typed before is thrown away.
    pub(super) fn open(is_capable: bool, hides_cursor: bool) -> io::Result<Device> {
        let (input, output) = (input()?, output()?);
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let question = OpenQuestion {
            wake,
            is_capable,
            hides_cursor,
        };
        alter(&input, &output, |altered| altered.question = Some(question))?;
        Ok(Device {
            input,
            output,
            wake: woken,
        })
    }

    /// Waits for the next thing to happen; without a pause to mind, for ever.
    pub(super) fn next(&mut self, buffer: &mut [u8], in_burst: bool) -> io::Result<Event> {
        loop {
            let mut polled = [
                PollFd::new(&self.input, PollFlags::IN),
                PollFd::new(&self.wake, PollFlags::IN),
            ];
            match poll(&mut polled, in_burst.then_some(&BURST_PAUSE)) {
                Ok(0) => return Ok(Event::Idle),
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            let [typed, woken] = polled.map(|one| one.revents());
            if !woken.is_empty() {
                let mut signals = [0; 64];
                let count = self.wake.read(&mut signals)?;
                return Ok(match signals[..count].iter().max() {
                    Some(&CANCEL) => Event::Cancelled,
                    Some(&CONTINUE) => Event::Continued,
                    _ => Event::Resized,
                });
            }
            if typed.is_empty() {
                continue;
            }
            // A system that cannot poll terminals says so at once; the settings make its `read` return soon.
            let cannot_poll = typed.contains(PollFlags::NVAL);
            match self.input.read(buffer) {
                Ok(0) if cannot_poll && in_burst => return Ok(Event::Idle),
                Ok(0) if cannot_poll => {}
                Ok(0) => return Ok(Event::Cancelled),
                Ok(count) => return Ok(Event::Bytes(count)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A terminal that is gone gives no more answers.
                Err(_) => return Ok(Event::Cancelled),
            }
        }
    }

    /// Throws away what follows at once: the rest of a paste is neither the next answer nor a command of the shell.
    pub(super) fn drain(&mut self) {
        let mut buffer = zeroize::Zeroizing::new([0; 4096]);
        let mut drained = 0;
        while let Ok(Event::Bytes(count)) = self.next(&mut *buffer, true) {
            drained += count;
            if drained > MAX_DRAINED_BYTES {
                break;
            }
        }
    }

    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        self.output.write_all(text.as_bytes())
    }

    /// Returns lines and columns.
    pub(super) fn size(&self) -> (usize, usize) {
        let size = tcgetwinsize(&self.output).ok();
        let or = |value: Option<u16>, usual| match value {
            Some(value @ 1..) => value.into(),
            _ => usual,
        };
        let (rows, columns) = (size.map(|size| size.ws_row), size.map(|size| size.ws_col));
        (or(rows, 24), or(columns, 80))
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        release(|altered| altered.question = None);
    }
}

/// Hides what is typed until it is dropped.
pub(in crate::platform::native) struct EchoOff(());

impl HiddenTyping for EchoOff {}

impl EchoOff {
    pub(in crate::platform::native) fn begin() -> io::Result<EchoOff> {
        alter(&input()?, &output()?, |altered| altered.quiet += 1)?;
        Ok(EchoOff(()))
    }
}

impl Drop for EchoOff {
    fn drop(&mut self) {
        release(|altered| altered.quiet = altered.quiet.saturating_sub(1));
    }
}

/// Returns whether the terminal has settings that a signal must not leave behind.
pub(in crate::platform::native) fn is_altered() -> bool {
    state().is_some()
}

fn state() -> MutexGuard<'static, Option<Altered>> {
    ALTERED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Changes the settings of the terminal, and sees to it that they are put back.
fn alter(input: &File, output: &File, change: impl FnOnce(&mut Altered)) -> io::Result<()> {
    let mut state = state();
    let mut altered = match state.take() {
        Some(altered) => altered,
        None => Altered {
            before: tcgetattr(input)?,
            input: input.try_clone()?.into(),
            output: output.try_clone()?,
            quiet: 0,
            question: None,
        },
    };
    change(&mut altered);
    signal_guard::screen_changed();
    let applied = altered.apply();
    *state = Some(altered);
    drop(state);
    if applied.is_err() {
        release(|altered| altered.question = None);
    }
    applied
}

/// Takes a change back, and puts the terminal back if it was the last one.
fn release(change: impl FnOnce(&mut Altered)) {
    let mut state = state();
    let Some(mut altered) = state.take() else {
        return;
    };
    altered.leave_question();
    change(&mut altered);
    if altered.quiet == 0 && altered.question.is_none() {
        altered.restore();
    } else {
        // A terminal that is gone has nothing to hide.
        let _ = altered.apply();
        *state = Some(altered);
    }
}

impl Altered {
    /// Puts the settings in force; what was typed so far is thrown away.
    fn apply(&mut self) -> io::Result<()> {
        let mut settings = self.before.clone();
        settings.local_modes -= LocalModes::ECHO | LocalModes::ECHONL;
        if self.question.is_some() {
            // The terminal's own editing of lines would cut an answer after 4095 bytes.
            settings.local_modes -= LocalModes::ICANON | LocalModes::IEXTEN;
            settings.input_modes -= InputModes::ICRNL | InputModes::INLCR | InputModes::IXON;
            settings.special_codes[SpecialCodeIndex::VMIN] = 0;
            settings.special_codes[SpecialCodeIndex::VTIME] = 1;
        }
        tcsetattr(&self.input, OptionalActions::Flush, &settings)?;
        if let Some(question) = self
            .question
            .as_ref()
            .filter(|question| question.is_capable)
        {
            self.output.write_all(PASTE_ON.as_bytes())?;
            if question.hides_cursor {
                self.output.write_all(CURSOR_OFF.as_bytes())?;
            }
        }
        Ok(())
    }

    fn leave_question(&mut self) {
        if let Some(question) = self
            .question
            .as_ref()
            .filter(|question| question.is_capable)
        {
            let cursor = if question.hides_cursor { CURSOR_ON } else { "" };
            let _ = self
                .output
                .write_all(format!("{PASTE_OFF}{cursor}").as_bytes());
        }
    }

    /// Puts back what was there before the command; what was typed since is thrown away.
    fn restore(&mut self) {
        self.leave_question();
        // A terminal that is gone has nothing to restore.
        let _ = tcsetattr(&self.input, OptionalActions::Flush, &self.before);
    }

    /// Puts the terminal back from anywhere, below what is on the screen.
    fn abandon(&mut self) {
        self.restore();
        if self.question.is_some() {
            let _ = self.output.write_all(b"\r\n");
        }
    }

    fn wake(&mut self, why: u8) {
        if let Some(question) = &mut self.question {
            // If it is full, the question is woken anyway.
            let _ = question.wake.write(&[why]);
        }
    }
}

/// The reason for which a question is woken; of several, the greatest counts.
const RESIZE: u8 = 1;
const CONTINUE: u8 = 2;
const CANCEL: u8 = 3;

/// From the first change on, this process hears the signals that end or stop it, for the rest of its life.
pub(in crate::platform::native) fn hear_signals() {
    static HEARING: Once = Once::new();
    HEARING.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if let Some(altered) = ALTERED
                .try_lock()
                .ok()
                .as_deref_mut()
                .and_then(Option::as_mut)
            {
                altered.abandon();
            }
            before(panic);
        }));
        let ignored = programs::ignored();
        let wanted = [SIGTERM, SIGHUP, SIGQUIT, SIGINT, SIGTSTP, SIGCONT, SIGWINCH];
        let wanted = wanted.into_iter().filter(|signal| !ignored(*signal));
        // If the handlers are refused, the signals keep their effects.
        if let Ok(mut signals) = Signals::new(wanted) {
            std::thread::spawn(move || signals.forever().for_each(hear));
        }
    });
}

fn hear(signal: i32) {
    let mut state = state();
    match signal {
        SIGWINCH => {
            if let Some(altered) = &mut *state {
                altered.wake(RESIZE);
            }
        }
        SIGCONT => {
            if let Some(altered) = &mut *state {
                let _ = altered.apply();
                altered.wake(CONTINUE);
            }
        }
        SIGTSTP => {
            // In the group of the session's leader nothing could continue it, so the system would not stop it either.
            if getsid(None).is_ok_and(|leader| leader == getpgrp()) {
                return;
            }
            if let Some(altered) = &mut *state {
                altered.abandon();
            }
            drop(state);
            progress::wipe();
            let _ = emulate_default_handler(SIGTSTP);
        }
        SIGINT
            if signal_guard::hears_ctrl_c()
                || state
                    .as_ref()
                    .is_some_and(|altered| altered.question.is_some()) =>
        {
            if let Some(altered) = &mut *state {
                altered.wake(CANCEL);
            }
        }
        _ => {
            if let Some(altered) = &mut *state {
                altered.abandon();
                altered.wake(CANCEL);
            }
            drop(state);
            if !signal_guard::must_wait() {
                progress::wipe();
                let _ = emulate_default_handler(signal);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;

    #[test]
    fn panic_restores_terminal() {
        let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&screen).unwrap();
        unlockpt(&screen).unwrap();
        let name = ptsname(&screen, Vec::new()).unwrap().into_string().unwrap();
        let terminal = OpenOptions::new()
            .read(true)
            .write(true)
            .open(name)
            .unwrap();
        let modes = || tcgetattr(&terminal).unwrap().local_modes;
        let before = modes();
        assert!(before.contains(LocalModes::ECHO | LocalModes::ICANON));
        let question = OpenQuestion {
            wake: UnixStream::pair().unwrap().0,
            is_capable: true,
            hides_cursor: true,
        };
        alter(&terminal, &terminal, |altered| {
            altered.question = Some(question);
        })
        .unwrap();
        assert!(!modes().intersects(LocalModes::ECHO | LocalModes::ICANON));
        let panicked = std::thread::spawn(|| panic!("a fault of ours")).join();
        assert!(panicked.is_err());
        assert_eq!(modes(), before);
        let mut drawn = [0; 64];
        let count = rustix::io::read(&screen, &mut drawn).unwrap();
        let drawn = String::from_utf8_lossy(&drawn[..count]);
        assert!(
            drawn.contains(&format!("{PASTE_OFF}{CURSOR_ON}")),
            "{drawn:?}"
        );
        release(|altered| altered.question = None);
        assert!(!is_altered());
    }
}
