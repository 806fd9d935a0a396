//! A terminal that remembers what was said, answers what it was told to, and fails the test at any other question.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;

use keywright::core::error::{Error, Kind, Result};
use keywright::core::secret::Secret;
use keywright::platform::{CheckAnswer, LineQuestion, Terminal};

use super::point;

/// The reply of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Types a secret at a hidden prompt.
    Secret(String),
    /// Types a line.
    Text(String),
    /// Says yes or no.
    Confirm(bool),
    /// Chooses the item that holds this word.
    Choose(String),
    /// Chooses the items that hold these words.
    ChooseMany(Vec<String>),
    /// Presses Ctrl-C.
    Interrupt,
}

/// The fate of the text that is written to stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Stdout {
    /// It arrives.
    #[default]
    Open,
    /// Nobody reads it, and that can be seen before.
    Closed,
    /// The reader goes away just before the first byte.
    ClosesLate,
    /// The disk is full, which only a write can tell.
    Full,
}

/// Which streams a person is at.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Person {
    pub(crate) at_stdin: bool,
    pub(crate) at_stdout: bool,
    pub(crate) at_stderr: bool,
    /// The width of the terminal; unknown unless a test says it.
    pub(crate) columns: Option<u16>,
}

/// Answers an unplanned question, having read stderr so far.
pub(crate) type Otherwise = Box<dyn Fn(&Question<'_>, &str) -> Reply>;

/// The question.
#[derive(Debug)]
pub(crate) enum Question<'q> {
    /// For a secret.
    Secret(&'q str),
    /// For a line.
    Text(&'q str),
    /// For yes or no.
    Confirm(&'q str),
    /// For one of these.
    Choose(&'q str, &'q [String]),
}

/// Streams and questions of one run.
#[derive(Default)]
pub(crate) struct FakeTerminal {
    pub(crate) person: Person,
    pub(crate) sink: Cell<Stdout>,
    /// Answers when the planned replies are used up; without it one question more fails the test.
    pub(crate) otherwise: Option<Otherwise>,
    pub(crate) stdin: RefCell<Option<Vec<u8>>>,
    pub(crate) replies: RefCell<VecDeque<Reply>>,
    pub(crate) asked: RefCell<Vec<String>>,
    pub(crate) stdout: RefCell<Vec<u8>>,
    pub(crate) stderr: RefCell<String>,
}

impl FakeTerminal {
    fn ask(&self, question: &Question<'_>) -> Result<Reply> {
        point::reach("ask");
        let (Question::Secret(prompt)
        | Question::Text(prompt)
        | Question::Confirm(prompt)
        | Question::Choose(prompt, _)) = question;
        self.asked.borrow_mut().push((*prompt).to_owned());
        let planned = self.replies.borrow_mut().pop_front();
        let otherwise = || {
            let said = self.stderr.borrow();
            self.otherwise
                .as_ref()
                .map(|answer| answer(question, &said))
        };
        let reply = planned.or_else(otherwise);
        match reply {
            Some(Reply::Interrupt) => Err(Error::new(Kind::Cancelled, "cancelled")),
            Some(reply) => Ok(reply),
            None => panic!("unexpected question: `{prompt}`"),
        }
    }
}

impl Terminal for FakeTerminal {
    fn stdin_is_terminal(&self) -> bool {
        self.person.at_stdin
    }

    fn stdout_is_terminal(&self) -> bool {
        self.person.at_stdout
    }

    fn stderr_is_terminal(&self) -> bool {
        self.person.at_stderr
    }

    fn width(&self) -> Option<u16> {
        self.person.columns
    }

    fn stderr_width(&self) -> Option<u16> {
        self.person.columns.filter(|_| self.person.at_stderr)
    }

    fn write_stdout(&self, bytes: &[u8]) -> io::Result<()> {
        point::reach("stdout");
        match self.sink.get() {
            Stdout::Open => {
                self.stdout.borrow_mut().extend_from_slice(bytes);
                Ok(())
            }
            Stdout::Closed | Stdout::ClosesLate => {
                Err(io::Error::new(io::ErrorKind::BrokenPipe, "broken pipe"))
            }
            Stdout::Full => Err(io::Error::new(
                io::ErrorKind::StorageFull,
                "no space left on device",
            )),
        }
    }

    fn probe_stdout(&self) -> io::Result<()> {
        if self.sink.get() == Stdout::Closed {
            return Err(io::Error::new(
                io::ErrorKind::BrokenPipe,
                "the reader of stdout is gone",
            ));
        }
        Ok(())
    }

    fn write_stderr(&self, text: &str) {
        self.stderr.borrow_mut().push_str(text);
    }

    fn read_stdin(&self, limit: usize) -> io::Result<Vec<u8>> {
        assert!(!self.person.at_stdin, "this would wait for a person");
        let bytes = self.stdin.borrow_mut().take().unwrap_or_default();
        if bytes.len() > limit {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too much"));
        }
        Ok(bytes)
    }

    fn ask_secret(&self, prompt: &str) -> Result<Secret> {
        match self.ask(&Question::Secret(prompt))? {
            Reply::Secret(text) => Ok(Secret::pasted(&text)),
            other => panic!("`{prompt}` asks for a secret, not for {other:?}"),
        }
    }

    fn ask_line(&self, question: &LineQuestion<'_>, check: CheckAnswer<'_>) -> Result<()> {
        let prompt = question.prompt;
        // Somebody who gives wrong answers gives up.
        for _ in 0..9 {
            let text = match self.ask(&Question::Text(prompt))? {
                Reply::Text(text) => text,
                other => panic!("`{prompt}` asks for a line, not for {other:?}"),
            };
            match check(&text) {
                Ok(()) => return Ok(()),
                Err(why) => self.write_stderr(&format!("{}\n", why.message())),
            }
        }
        Err(Error::new(Kind::Cancelled, "cancelled"))
    }

    fn confirm(&self, prompt: &str) -> Result<bool> {
        match self.ask(&Question::Confirm(prompt))? {
            Reply::Confirm(answer) => Ok(answer),
            other => panic!("`{prompt}` asks for yes or no, not for {other:?}"),
        }
    }

    fn choose(&self, prompt: &str, items: &[String]) -> Result<usize> {
        match self.ask(&Question::Choose(prompt, items))? {
            Reply::Choose(word) => Ok(items
                .iter()
                .position(|item| item.contains(&word))
                .unwrap_or_else(|| panic!("`{word}` is not among {items:?}"))),
            other => panic!("`{prompt}` asks to choose, not for {other:?}"),
        }
    }

    fn choose_many(&self, prompt: &str, items: &[String], may_be_none: bool) -> Result<Vec<usize>> {
        match self.ask(&Question::Choose(prompt, items))? {
            reply @ (Reply::Choose(_) | Reply::ChooseMany(_)) => {
                let words = match reply {
                    Reply::ChooseMany(words) => words,
                    Reply::Choose(word) => vec![word],
                    _ => Vec::new(),
                };
                assert!(may_be_none || !words.is_empty(), "nothing was chosen");
                let place = |word: &String| {
                    let place = items.iter().position(|item| item.contains(word));
                    place.unwrap_or_else(|| panic!("`{word}` is not among {items:?}"))
                };
                Ok(words.iter().map(place).collect())
            }
            other => panic!("`{prompt}` asks to choose, not for {other:?}"),
        }
    }
}
