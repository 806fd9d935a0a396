//! The output of a command: the result on stdout, as a table or as JSON, and errors in one place.
//!
//! House rules: stdout carries the result and nothing else. Errors and notes are lower case without a full stop.
//! Words of the user are in backticks. Output to a pipe has no decoration.

mod assignment;
mod card;
mod column;
mod symbols;
mod table;

pub use assignment::{Shell, assignment, is_identifier};
pub use card::{Card, Screen};
pub use column::{Cell, Column};
pub use symbols::Charset;

use std::fmt::Write;
use std::io;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::{is_unsafe_char, one_line, sanitize};
use crate::platform::Platform;
use crate::report::log::Log;
use crate::report::wrap::{Room, wrap};

/// The fields of JSON that suggest commands.
const ADVICE_FIELDS: [&str; 3] = ["fix", "hints", "next"];

/// Writes the result of a command.
pub struct Reporter<'a> {
    platform: &'a Platform,
    /// The side channel.
    pub log: &'a Log,
    /// Selects JSON.
    pub json: bool,
    /// Forces colours on or off; `None` leaves the choice to the streams.
    color: Option<bool>,
}

/// Something that can be printed as a table: as many cells as columns, by construction.
pub trait Tabular<const N: usize>: Serialize {
    /// The columns.
    const COLUMNS: [Column; N];
    /// The rows; text from outside is cleaned by its own type.
    fn rows(&self, now: Timestamp) -> Vec<[Cell; N]>;
}

/// The width that is assumed if it is unknown.
const DEFAULT_WIDTH: u16 = 100;

impl<'a> Reporter<'a> {
    /// Creates a reporter for the platform's terminal.
    pub fn new(platform: &'a Platform, log: &'a Log, json: bool, color: Option<bool>) -> Self {
        Reporter {
            platform,
            log,
            json,
            color,
        }
    }

    /// Prints a report as a table, or as JSON with `--json`.
    pub fn report<const N: usize, R: Tabular<N>>(&self, report: &R, nothing: &str) -> Result<()> {
        if self.json {
            return self.json_value(report);
        }
        let rows = report.rows(self.platform.clock.now());
        if rows.is_empty() {
            self.log.note(nothing);
            return Ok(());
        }
        let rows: Vec<Vec<Cell>> = rows
            .into_iter()
            .map(|row| {
                let shown = |text: &str| self.log.advice(&sanitize(text));
                row.map(|cell| cell.map(shown)).to_vec()
            })
            .collect();
        let text = if self.fits_tables() {
            table::fitting(&R::COLUMNS, &rows, self.screen())
        } else {
            // A pipe has no width: a cut cell would be a lie to the program behind it.
            table::plain(&R::COLUMNS, &rows, self.wants_color(false))
        };
        self.bytes(text.as_bytes())
    }

    /// Returns whether a table is fitted to a width, so that its cells may be shortened.
    pub fn fits_tables(&self) -> bool {
        !self.json && self.at_a_terminal()
    }

    /// Prints a card.
    pub fn card(&self, card: &Card) -> Result<()> {
        let card = card.reworded(|text| self.log.advice(text));
        let text = if self.at_a_terminal() {
            card.drawn(self.screen())
        } else {
            card.plain()
        };
        self.bytes(text.as_bytes())
    }

    /// Prints a status and words about it.
    pub fn status(&self, word: &str, words: &str) -> Result<()> {
        let status = if self.at_a_terminal() {
            self.screen().status(word)
        } else {
            word.to_owned()
        };
        self.bytes(format!("{status}{}\n", sanitize(words)).as_bytes())
    }

    fn screen(&self) -> Screen {
        Screen {
            width: usize::from(self.width()),
            color: self.wants_color(self.at_a_terminal()),
            charset: self.charset(),
        }
    }

    /// Returns the characters that the terminal shows.
    pub fn charset(&self) -> Charset {
        if self.platform.env.speaks_utf8() {
            Charset::Unicode
        } else {
            Charset::Ascii
        }
    }

    /// Prints one JSON value and a newline.
    pub fn json_value(&self, value: &impl Serialize) -> Result<()> {
        let mut value = serde_json::to_value(value)
            .map_err(|error| Error::failed("cannot write the result as JSON").caused_by(error))?;
        self.reword_advice(&mut value, false);
        let text = format!("{value:#}");
        self.bytes(format!("{}\n", escape_invisible(&text)).as_bytes())
    }

    /// Gives the commands that a value suggests the flags that they need.
    fn reword_advice(&self, value: &mut Value, is_advice: bool) {
        match value {
            Value::String(text) if is_advice => *text = self.log.advice(text),
            Value::Array(items) => {
                for item in items {
                    self.reword_advice(item, is_advice);
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields.iter_mut() {
                    self.reword_advice(value, ADVICE_FIELDS.contains(&name.as_str()));
                }
            }
            _ => {}
        }
    }

    /// Prints one JSON value that holds a secret on one line. The caller must act on a failure.
    pub fn secret_json(&self, value: &serde_json::Value) -> io::Result<()> {
        let text = zeroize::Zeroizing::new(value.to_string());
        let line = zeroize::Zeroizing::new(format!("{}\n", escape_invisible(&text)));
        self.platform.terminal.write_secret(line.as_bytes())
    }

    /// Prints plain text, without characters that could control a terminal.
    pub fn text(&self, text: &str) -> Result<()> {
        self.bytes(sanitize(text).as_bytes())
    }

    /// Prints bytes as they are. A reader that has gone, as `head` does, wants no more of them.
    pub fn bytes(&self, bytes: &[u8]) -> Result<()> {
        match self.platform.terminal.write_stdout(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written.map_err(closed),
        }
    }

    /// Prints a secret and a newline, unless it is a document that ends with one. The caller must act on a failure.
    pub fn secret(&self, secret: &Secret) -> io::Result<()> {
        let end = if secret.expose().ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let line = zeroize::Zeroizing::new(format!("{}{end}", secret.expose()));
        self.platform.terminal.write_secret(line.as_bytes())
    }

    /// Prints lines of `NAME=VALUE`, as git reads them; a value is one line, or nothing is printed.
    pub fn attributes(&self, lines: &[(&str, Secret)]) -> Result<()> {
        let mut text = zeroize::Zeroizing::new(String::new());
        for (name, value) in lines {
            if value.expose().contains(['\n', '\0']) {
                return Err(Error::usage(format!("the {name} is more than one line")));
            }
            for part in [name, "=", value.expose(), "\n"] {
                text.push_str(part);
            }
        }
        self.bytes(text.as_bytes())
    }

    /// Prints a new secret with the warning that it is not shown again, in a frame where there is room for one.
    pub fn framed_secret(&self, title: &str, secret: &Secret) -> io::Result<()> {
        let warning = "Copy it now: it will not be shown again.";
        let values = secret.expose().lines();
        let inner = values
            .map(UnicodeWidthStr::width)
            .max()
            .unwrap_or(0)
            .max(46);
        let title = wrap(
            &one_line(title),
            Room {
                width: inner.min(usize::from(self.width())),
                taken: 0,
                hang: 0,
            },
        );
        let mut lines: Vec<&str> = title.lines().chain([""]).collect();
        lines.extend(secret.expose().lines());
        lines.extend(["", warning]);
        let widest = lines
            .iter()
            .map(|line| line.width())
            .max()
            .unwrap_or(0)
            .max(46);
        let mut text = zeroize::Zeroizing::new(String::new());
        if widest + 4 > usize::from(self.width()) {
            text.extend(lines.iter().flat_map(|line| [line, "\n"]));
            return self.platform.terminal.write_secret(text.as_bytes());
        }
        let [top_left, top_right, bottom_left, bottom_right, across, down] = match self.charset() {
            Charset::Unicode => ["╭", "╮", "╰", "╯", "─", "│"],
            Charset::Ascii => ["+", "+", "+", "+", "-", "|"],
        };
        let across = across.repeat(widest + 2);
        text.extend([top_left, &across, top_right, "\n"]);
        for line in &lines {
            let pad = " ".repeat(widest - line.width());
            text.extend([down, " ", line, &pad, " ", down, "\n"]);
        }
        text.extend([bottom_left, &across, bottom_right, "\n"]);
        self.platform.terminal.write_secret(text.as_bytes())
    }

    /// Returns whether stdout is a terminal.
    pub fn at_a_terminal(&self) -> bool {
        self.platform.terminal.stdout_is_terminal()
    }

    fn wants_color(&self, at_a_terminal: bool) -> bool {
        self.color
            .unwrap_or_else(|| at_a_terminal && self.platform.env.allows_color())
    }

    /// Returns the width of the terminal in columns.
    pub fn width(&self) -> u16 {
        self.platform
            .terminal
            .width()
            .or_else(|| self.platform.env.get("COLUMNS")?.parse().ok())
            .unwrap_or(DEFAULT_WIDTH)
    }

    /// Prints an error to stderr: the message, the causes and the hints; one JSON object with `--json`.
    pub fn error(&self, error: &Error) {
        if self.json {
            let shown = |text: Option<&str>| text.map(|text| self.log.shown(text));
            let hints = error.hints().iter().map(|hint| self.log.shown(hint));
            let object = json!({ "error": {
                "kind": error.kind().name(),
                "code": shown(error.code()),
                "message": self.log.shown(error.message()),
                "hints": hints.collect::<Vec<_>>(),
                "retryable": error.retryable(),
                "http_status": error.http_status(),
                "request_id": shown(error.request_id()),
            }});
            self.log.json_line(&object.to_string());
            return;
        }
        if error.kind() == Kind::Cancelled {
            self.log.line(error.message());
            self.hints(error);
            return;
        }
        let color = self.stderr_color(31);
        self.log.headed_line("error:", color, error.message());
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            self.log
                .line(&format!("  because: {}", one_line(&inner.to_string())));
            cause = inner.source();
        }
        if let Some(id) = error.request_id() {
            self.log.line(&format!("  request id: {id}"));
        }
        self.hints(error);
    }

    /// Prints a failure beside the one that decides the exit code: the message and the hints.
    pub fn warning(&self, error: &Error) {
        self.log.warn(error.message());
        self.hints(error);
    }

    fn hints(&self, error: &Error) {
        for hint in error.hints() {
            self.log.headed_line("hint:", self.stderr_color(36), hint);
        }
    }

    fn stderr_color(&self, color: u8) -> Option<u8> {
        let painted = self.wants_color(self.platform.terminal.stderr_is_terminal());
        painted.then_some(color)
    }
}

/// Returns the error for a result that stdout did not accept.
fn closed(error: io::Error) -> Error {
    Error::failed("cannot write the result to stdout").caused_by(error)
}

/// Writes what could steer a terminal as `\u…`, which is the same JSON.
fn escape_invisible(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unsafe_char(c) && c != '\n' {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Returns a moment in relative words: `3 days ago`, `in 12 days`; `-` if there is none.
pub fn relative(moment: Option<Timestamp>, now: Timestamp) -> String {
    let Some(moment) = moment else {
        return "-".to_owned();
    };
    let distance = now.duration_until(moment);
    let span = in_words(distance.abs());
    match distance {
        _ if span == "now" => span,
        distance if distance > SignedDuration::ZERO => format!("in {span}"),
        _ => format!("{span} ago"),
    }
}

/// Returns an expiry in relative words: `expires in 30 s`, `expires now`, `expired 5 s ago`.
pub fn expiry(end: Timestamp, now: Timestamp) -> String {
    let verb = if end.duration_until(now).as_secs() > 0 {
        "expired"
    } else {
        "expires"
    };
    format!("{verb} {}", relative(Some(end), now))
}

/// Returns a duration in words, in its largest unit: `now`, `30 s`, `3 days`.
pub fn in_words(distance: SignedDuration) -> String {
    let seconds = distance.as_secs();
    let (count, unit) = match seconds {
        0 => return "now".to_owned(),
        1..60 => return format!("{seconds} s"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..5_184_000 => (seconds / 86_400, "day"),
        5_184_000..63_072_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_time_uses_largest_unit() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let at = |text: &str| relative(Some(text.parse().unwrap()), now);
        assert_eq!(at("2026-11-20T12:00:00.9Z"), "now");
        assert_eq!(at("2026-11-20T11:59:55Z"), "5 s ago");
        assert_eq!(at("2026-11-20T12:00:30Z"), "in 30 s");
        assert_eq!(at("2026-11-20T12:00:59Z"), "in 59 s");
        assert_eq!(at("2026-11-20T11:59:00Z"), "1 minute ago");
        assert_eq!(at("2026-11-17T12:00:00Z"), "3 days ago");
        assert_eq!(at("2026-12-02T12:00:00Z"), "in 12 days");
        assert_eq!(at("2026-01-20T12:00:00Z"), "10 months ago");
        assert_eq!(at("2030-11-20T12:00:00Z"), "in 4 years");
        assert_eq!(relative(None, now), "-");
    }

    #[test]
    fn expiry_tells_past_from_future() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let at = |text: &str| expiry(text.parse().unwrap(), now);
        assert_eq!(at("2026-11-20T12:00:30Z"), "expires in 30 s");
        assert_eq!(at("2026-11-20T12:00:00Z"), "expires now");
        assert_eq!(at("2026-11-20T11:59:55Z"), "expired 5 s ago");
    }

    #[test]
    fn json_invisible_characters_are_escaped() {
        assert_eq!(
            escape_invisible("\"a\u{9b}b\u{202e}c\""),
            r#""a\u009bb\u202ec""#
        );
    }
}
