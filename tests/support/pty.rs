//! A program at a terminal of its own, with a person who reads the screen before typing.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use super::programs::program;

/// Longer than anything here takes to show up.
const LIMIT: Duration = Duration::from_secs(60);

/// A running shell line at a terminal.
pub(crate) struct AtTerminal {
    child: Child,
    keyboard: ChildStdin,
    told: mpsc::Receiver<Vec<u8>>,
    screen: String,
    /// The length of the screen text that was already waited for.
    seen: usize,
}

/// A shell line, run at a terminal of its own; questions are allowed.
pub(crate) fn line_at_terminal(line: &str) -> Command {
    let mut script = program("script");
    script
        .args(["-qec", line, "/dev/null"])
        .env_remove("KEYWRIGHT_NO_INPUT")
        .env("TERM", "xterm")
        .env("COLUMNS", "80");
    script
}

impl AtTerminal {
    pub(crate) fn start(command: &mut Command) -> AtTerminal {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, told) = mpsc::channel();
        let mut stdout = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stdout.read(&mut buffer) {
                if tell.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        AtTerminal {
            keyboard: child.stdin.take().unwrap(),
            child,
            told,
            screen: String::new(),
            seen: 0,
        }
    }

    /// Waits until `text` stands on the screen below what was waited for before.
    pub(crate) fn wait_for(&mut self, text: &str) -> &mut Self {
        while !self.screen[self.seen..].contains(text) {
            match self.told.recv_timeout(LIMIT) {
                Ok(bytes) => self.screen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Timeout) => panic!("no `{text}`: {}", self.screen),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("ended without `{text}`: {}", self.screen)
                }
            }
        }
        let found = self.screen[self.seen..].find(text).unwrap_or_default();
        self.seen += found + text.len();
        self
    }

    /// Waits for `end`, and returns what stands before it.
    pub(crate) fn read_until(&mut self, end: &str) -> String {
        let from = self.seen;
        self.wait_for(end);
        self.screen[from..self.seen - end.len()].to_owned()
    }

    /// Types `keys`.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Waits for the end; returns the exit code and all that was on the screen.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        loop {
            match self.told.recv_timeout(LIMIT) {
                Ok(bytes) => self.screen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Timeout) => panic!("no end: {}", self.screen),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let code = self.child.wait().unwrap().code();
        (code, self.screen)
    }
}
