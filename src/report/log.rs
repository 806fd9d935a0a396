//! Side messages on stderr: notes, warnings and the trace of `-v`. Every text for stderr passes one gate.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::rc::Rc;

use unicode_width::UnicodeWidthStr;

use crate::core::advice::RepeatedFlags;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::core::terminal::painted;
use crate::core::untrusted::sanitize;
use crate::platform::{CheckAnswer, HiddenTyping, LineQuestion, Progress, Terminal, reason};
use crate::report::redact::Redactor;
use crate::report::wrap::{Room, wrap};

/// The longest line that is shown, in characters.
const MAX_LINE: usize = 16 * 1024;

/// The gate for stderr: a text leaves it without known secrets, then without control, bidirectional and invisible
/// characters, then shortened.
#[derive(Default)]
struct OutputGate {
    redactor: Redactor,
    /// Values that the trace must not show, although messages may name them.
    traced: Redactor,
    /// The flags of this run that suggested commands need.
    flags: RefCell<RepeatedFlags>,
    /// The subjects of warnings that a run gives once.
    warned: RefCell<BTreeSet<String>>,
}

impl OutputGate {
    fn pass(&self, text: &str) -> String {
        let text = sanitize(&self.redactor.redact(text));
        let text = self.flags.borrow().repeat(&text);
        let mut shown = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let (line, end) = match line.strip_suffix('\n') {
                Some(line) => (line, "\n"),
                None => (line, ""),
            };
            match line.char_indices().nth(MAX_LINE) {
                Some((cut, _)) => shown.extend([&line[..cut], "…"]),
                None => shown.push_str(line),
            }
            shown.push_str(end);
        }
        shown
    }
}

/// The side channel of one run; everything in it passes the gate.
#[derive(Clone)]
pub struct Log {
    terminal: Rc<dyn Terminal>,
    gate: Rc<OutputGate>,
    quiet: bool,
    verbose: bool,
}

impl Log {
    /// Returns a log to the terminal's stderr.
    pub fn new(terminal: Rc<dyn Terminal>, quiet: bool, verbose: bool) -> Self {
        Log {
            terminal,
            gate: Rc::default(),
            quiet,
            verbose,
        }
    }

    /// Returns the same terminal behind the gate of this log: questions and progress pass it, too.
    pub fn gated_terminal(&self) -> Rc<dyn Terminal> {
        Rc::new(GatedTerminal {
            terminal: self.terminal.clone(),
            gate: self.gate.clone(),
        })
    }

    /// Repeats these flags in the commands that messages suggest from now on.
    pub fn repeat_flags(&self, flags: RepeatedFlags) {
        self.gate.flags.replace(flags);
    }

    /// Returns an answer whose suggested commands have the flags that they need.
    pub fn advice(&self, text: &str) -> String {
        self.gate.flags.borrow().repeat(text)
    }

    /// Remembers a secret, so that no line shows it.
    pub fn register_secret(&self, secret: &Secret) {
        self.gate.redactor.register(secret);
    }

    /// Says whether the part `name` of a credential is public.
    pub fn declare_part(&self, name: &str, is_public: bool) {
        self.gate.redactor.declare_part(name, is_public);
        self.gate.traced.declare_part(name, is_public);
    }

    /// Registers a value that the trace of `-v` must not show.
    pub fn hide_in_trace(&self, value: &Secret) {
        self.gate.traced.register(value);
    }

    /// `text` without the secrets that are known.
    pub fn redact(&self, text: &str) -> String {
        self.gate.redactor.redact(text)
    }

    /// `text` as it may be shown: redacted, sanitized, shortened.
    pub fn shown(&self, text: &str) -> String {
        self.gate.pass(text)
    }

    /// Says what happened; silent with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// Shows that the command waits, until the returned value is dropped.
    pub fn progress(&self, what: &str) -> Box<dyn Progress> {
        self.sign(what, None)
    }

    /// Shows how much of `steps` is done, until the returned value is dropped.
    pub fn progress_of(&self, what: &str, steps: usize) -> Box<dyn Progress> {
        // A single step shows its own progress.
        match u64::try_from(steps) {
            Ok(steps) if steps > 1 => self.sign(what, Some(steps)),
            _ => Box::new(()),
        }
    }

    fn sign(&self, what: &str, steps: Option<u64>) -> Box<dyn Progress> {
        if self.quiet || self.verbose {
            return Box::new(());
        }
        self.terminal.progress(&self.shown(what), steps)
    }

    /// Says what may go wrong; also with `--quiet`.
    pub fn warn(&self, text: &str) {
        self.line(&format!("warning: {text}"));
    }

    /// As [`Log::warn`], but only the first time that it is about this.
    pub fn warn_once(&self, about: &str, text: &str) {
        if self.gate.warned.borrow_mut().insert(about.to_owned()) {
            self.warn(text);
        }
    }

    /// Traces the network traffic; only with `-v`.
    pub fn trace(&self, text: impl FnOnce() -> String) {
        if self.verbose {
            let text = self.gate.pass(&self.gate.traced.redact(&text()));
            self.terminal.write_stderr(&format!("{text}\n"));
        }
    }

    /// A line on stderr, whatever the flags say; wrapped at a terminal.
    pub fn line(&self, text: &str) {
        self.terminal.write_stderr(&self.lines(text));
    }

    /// Returns a text that passed the gate, each line as the terminal shows it.
    fn lines(&self, text: &str) -> String {
        let text = self.gate.pass(text);
        let lines: Vec<String> = text.split('\n').map(|line| self.wrapped(line)).collect();
        format!("{}\n", lines.join("\n"))
    }

    /// Returns a line as the terminal shows it, its further lines below the words of the first.
    fn wrapped(&self, line: &str) -> String {
        let words = line.trim_start_matches(' ');
        let indent = line.len() - words.len();
        let hang = indent + numbering(words).unwrap_or(2);
        match self.broken(words, indent, hang) {
            Some(broken) => format!("{:indent$}{broken}", ""),
            None => line.to_owned(),
        }
    }

    /// Returns the words of a line that begin in column `taken`, broken for the terminal, if stderr is one.
    fn broken(&self, words: &str, taken: usize, hang: usize) -> Option<String> {
        let width = usize::from(self.terminal.stderr_width()?);
        Some(wrap(words, Room { width, taken, hang }))
    }

    /// Writes what a question is about to stderr, and to where it is asked.
    pub fn preface(&self, text: &str) {
        self.terminal.preface(&self.lines(text));
    }

    /// A line on stderr that begins with a word of ours, painted in `color` where there is one.
    pub fn headed_line(&self, head: &str, color: Option<u8>, text: &str) {
        let text = self.gate.pass(text);
        let indent = head.width() + 1;
        let text = self.broken(&text, indent, indent).unwrap_or(text);
        self.terminal.write_stderr(&match color {
            Some(color) => format!("{} {text}\n", painted(format_args!("1;{color}"), head)),
            None => format!("{head} {text}\n"),
        });
    }

    /// Writes one JSON object whose texts have passed the gate already.
    pub fn json_line(&self, object: &str) {
        self.terminal.write_stderr(&format!("{object}\n"));
    }
}

/// Returns the length of the number of a step at the beginning of a text, `2. `.
fn numbering(words: &str) -> Option<usize> {
    let (number, _) = words.split_once(". ")?;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !number.is_empty()).then_some(number.len() + 2)
}

/// A terminal whose questions, progress and notes pass the gate; stdout is the answer and does not.
struct GatedTerminal {
    terminal: Rc<dyn Terminal>,
    gate: Rc<OutputGate>,
}

impl Terminal for GatedTerminal {
    fn stdin_is_terminal(&self) -> bool {
        self.terminal.stdin_is_terminal()
    }

    fn stdout_is_terminal(&self) -> bool {
        self.terminal.stdout_is_terminal()
    }

    fn stderr_is_terminal(&self) -> bool {
        self.terminal.stderr_is_terminal()
    }

    fn width(&self) -> Option<u16> {
        self.terminal.width()
    }

    fn stderr_width(&self) -> Option<u16> {
        self.terminal.stderr_width()
    }

    fn write_stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.terminal.write_stdout(bytes)
    }

    fn write_secret(&self, bytes: &[u8]) -> io::Result<()> {
        self.terminal.write_secret(bytes)
    }

    fn probe_stdout(&self) -> io::Result<()> {
        self.terminal.probe_stdout()
    }

    fn write_stderr(&self, text: &str) {
        self.terminal.write_stderr(&self.gate.pass(text));
    }

    fn read_stdin(&self, limit: usize) -> io::Result<Vec<u8>> {
        self.terminal.read_stdin(limit)
    }

    fn can_ask(&self) -> bool {
        self.terminal.can_ask()
    }

    fn use_color(&self, wanted: bool) {
        self.terminal.use_color(wanted);
    }

    fn preface(&self, text: &str) {
        self.terminal.preface(&self.gate.pass(text));
    }

    fn hide_typing(&self) -> Box<dyn HiddenTyping> {
        self.terminal.hide_typing()
    }

    fn ask_secret(&self, prompt: &str) -> Result<Secret> {
        self.terminal.ask_secret(&self.gate.pass(prompt))
    }

    fn ask_line(&self, question: &LineQuestion<'_>, check: CheckAnswer<'_>) -> Result<()> {
        let question = LineQuestion {
            prompt: &self.gate.pass(question.prompt),
            typed: &self.gate.pass(question.typed),
            optional: question.optional,
        };
        self.terminal.ask_line(&question, &mut |text| {
            check(text).map_err(|error| Error::usage(self.gate.pass(&reason(&error))))
        })
    }

    fn confirm(&self, prompt: &str) -> Result<bool> {
        self.terminal.confirm(&self.gate.pass(prompt))
    }

    fn choose(&self, prompt: &str, items: &[String]) -> Result<usize> {
        let items: Vec<String> = items.iter().map(|item| self.gate.pass(item)).collect();
        self.terminal.choose(&self.gate.pass(prompt), &items)
    }

    fn choose_many(&self, prompt: &str, items: &[String], may_be_none: bool) -> Result<Vec<usize>> {
        let items: Vec<String> = items.iter().map(|item| self.gate.pass(item)).collect();
        let prompt = self.gate.pass(prompt);
        self.terminal.choose_many(&prompt, &items, may_be_none)
    }

    fn progress(&self, what: &str, steps: Option<u64>) -> Box<dyn Progress> {
        self.terminal.progress(&self.gate.pass(what), steps)
    }
}
