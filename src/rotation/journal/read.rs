//! Reads records from disk, and distinguishes one that cannot be read now from a damaged one.

use std::path::Path;

use serde::Deserialize;

use super::event::{EventLog, LoggedEvent};
use super::version::FORMAT_VERSION;
use crate::core::error::{Error, Kind};
use crate::core::format::written_by_newer;
use crate::platform::files;

/// The reason why a record cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The disk or the permissions prevent it now.
    Failed(Error),
    /// A newer keywright wrote it.
    Newer(Error),
    /// Its bytes were read, and they are not a record.
    Damaged(Error),
}

impl Unreadable {
    /// Returns the word that is shown in place of a state.
    pub fn name(&self) -> &'static str {
        match self {
            Unreadable::Failed(_) => "unreadable",
            Unreadable::Newer(_) => "newer",
            Unreadable::Damaged(_) => "damaged",
        }
    }

    /// Returns its error.
    pub fn error(&self) -> &Error {
        match self {
            Unreadable::Failed(error) | Unreadable::Newer(error) | Unreadable::Damaged(error) => {
                error
            }
        }
    }

    /// Adds a hint.
    #[must_use]
    pub(super) fn hint(self, hint: &str) -> Self {
        match self {
            Unreadable::Failed(error) => Unreadable::Failed(error),
            Unreadable::Newer(error) => Unreadable::Newer(error),
            Unreadable::Damaged(error) => Unreadable::Damaged(error.hint(hint)),
        }
    }
}

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Failed(error) | Unreadable::Newer(error) | Unreadable::Damaged(error) => {
                error
            }
        }
    }
}

/// The part of a line that distinguishes a later format from damage.
#[derive(Deserialize)]
struct LineOutline {
    #[serde(default)]
    version: u32,
    #[expect(dead_code, reason = "only its presence counts")]
    event: String,
}

/// The reason why a text is not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParseFault {
    /// It is well formed, and holds content that this keywright does not know.
    Newer,
    /// The line of that number is not an entry.
    Damaged(usize),
    /// It is empty.
    Empty,
}

/// The complete lines of a record, and the rest of the file.
#[derive(Debug)]
pub(super) struct ReadRecord {
    /// The events.
    pub events: EventLog,
    /// The text of each.
    pub lines: Vec<String>,
    /// An incomplete last line: the machine stopped while it was written, and its step had not begun.
    pub torn: Option<String>,
}

/// Reads one entry a line.
pub(super) fn parse(text: &str) -> Result<ReadRecord, ParseFault> {
    let mut entries: Vec<LoggedEvent> = Vec::new();
    let mut whole = Vec::new();
    let mut torn = None;
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        let outline: LineOutline = match serde_json::from_str(line) {
            Ok(outline) => outline,
            Err(_) if lines.peek().is_none() && !entries.is_empty() => {
                torn = Some(line.to_owned());
                break;
            }
            Err(_) => return Err(ParseFault::Damaged(number + 1)),
        };
        if outline.version > FORMAT_VERSION {
            return Err(ParseFault::Newer);
        }
        // A line that names its event was written whole: unknown content in it comes from a later version.
        entries.push(serde_json::from_str(line).map_err(|_| ParseFault::Newer)?);
        whole.push(line.to_owned());
    }
    if entries.is_empty() {
        return Err(ParseFault::Empty);
    }
    Ok(ReadRecord {
        events: EventLog(entries),
        lines: whole,
        torn,
    })
}

/// Reads the record at `path` with its text; `None` if there is none.
pub(super) fn read(path: &Path) -> Result<Option<ReadRecord>, (Unreadable, String)> {
    match read_once(path) {
        // Another process may be appending that very line.
        Ok(Some(record)) if record.torn.is_some() => read_once(path),
        read => read,
    }
}

fn damaged(what: String) -> Unreadable {
    Unreadable::Damaged(Error::new(Kind::Uncertain, what))
}

fn read_once(path: &Path) -> Result<Option<ReadRecord>, (Unreadable, String)> {
    let shown = path.display();
    let bytes = match files::read(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(None),
        Err(error) => {
            let unreadable = match files::other_than_file(path) {
                Some(other) => damaged(format!("`{shown}` is damaged: it is {other}")),
                None => Unreadable::Failed(error),
            };
            return Err((unreadable, String::new()));
        }
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    understood(text, &shown.to_string()).map(Some)
}

/// Reads the text of the record that messages call `shown`.
pub(super) fn understood(text: String, shown: &str) -> Result<ReadRecord, (Unreadable, String)> {
    let unreadable = match parse(&text) {
        Ok(found) => match found.events.state() {
            Ok(_) => return Ok(found),
            Err(error) => damaged(format!("`{shown}` is damaged: {error}")),
        },
        Err(ParseFault::Newer) => Unreadable::Newer(
            Error::new(
                Kind::Uncertain,
                // The intent, in the first line, names its program.
                written_by_newer(shown, text.lines().next().unwrap_or_default().as_bytes()),
            )
            .hint("finish it with that keywright; this one leaves it as it is"),
        ),
        Err(ParseFault::Empty) => damaged(format!("`{shown}` is damaged: it is empty")),
        Err(ParseFault::Damaged(line)) => damaged(format!("`{shown}` is damaged at line {line}")),
    };
    Err((unreadable, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_newer_differs_from_damaged() {
        let at = "\"at\":\"2026-11-20T00:00:00Z\"";
        for (text, fault) in [
            (String::new(), ParseFault::Empty),
            ("{}".to_owned(), ParseFault::Damaged(1)),
            (format!("{{{at},\"event\":\"inte"), ParseFault::Damaged(1)),
            (
                format!("{{{at},\"event\":\"done\"}}\n\0\0\n{{{at},\"event\":\"done\"}}\n"),
                ParseFault::Damaged(2),
            ),
            (
                format!("{{{at},\"event\":\"done\"}}\n{{{at},\"event\":\"of_later\"}}"),
                ParseFault::Newer,
            ),
            (
                format!("{{\"version\":5,{at},\"event\":\"done\"}}"),
                ParseFault::Newer,
            ),
            // A field of a known event whose value this version does not know.
            (
                format!("{{\"version\":2,{at},\"event\":\"kept\",\"place\":7}}"),
                ParseFault::Newer,
            ),
        ] {
            assert_eq!(parse(&text).err(), Some(fault), "{text}");
        }
    }

    #[test]
    fn parse_torn_last_line_keeps_rest() {
        let line = "{\"at\":\"2026-11-20T00:00:00Z\",\"event\":\"done\"}";
        for (end, torn) in [
            ("", None),
            ("\n", None),
            ("\n\0\0", Some("\0\0")),
            ("\n{\"at\":\"2026-11", Some("{\"at\":\"2026-11")),
            ("\n{\"at\":\"2026-11\n", Some("{\"at\":\"2026-11")),
        ] {
            let found = parse(&format!("{line}{end}")).unwrap();
            assert_eq!(found.events.0.len(), 1, "{end:?}");
            assert_eq!(found.torn.as_deref(), torn, "{end:?}");
        }
    }
}
