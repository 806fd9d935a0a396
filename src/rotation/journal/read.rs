//! Records as they stand on the disk: one that cannot be read now is told apart from one that nobody can read.

use std::path::Path;

use serde::Deserialize;

use super::event::{EventLog, FORMAT_VERSION, LoggedEvent};
use crate::core::error::{Error, Kind};
use crate::platform::files;

/// Why a record cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The disk or the permissions refuse it now.
    Failed(Error),
    /// A newer keywright wrote it.
    Newer(Error),
    /// Its bytes were read, and they are no record.
    Damaged(Error),
}

impl Unreadable {
    /// Returns the word that stands for it where a state is told.
    pub fn name(&self) -> &'static str {
        match self {
            Unreadable::Failed(_) => "unreadable",
            Unreadable::Newer(_) => "newer",
            Unreadable::Damaged(_) => "damaged",
        }
    }

    /// Returns what is said of it.
    pub fn error(&self) -> &Error {
        match self {
            Unreadable::Failed(error) | Unreadable::Newer(error) | Unreadable::Damaged(error) => {
                error
            }
        }
    }

    /// Adds a way out.
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

/// What of a line tells a later form from damage.
#[derive(Deserialize)]
struct LineOutline {
    #[serde(default)]
    version: u32,
    #[expect(dead_code, reason = "only its presence counts")]
    event: String,
}

/// Why a text is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParseFault {
    /// It is well formed, and holds what this keywright does not know.
    Newer,
    /// The line of that number is no entry.
    Damaged(usize),
    /// There is nothing in it.
    Empty,
}

/// Reads one entry a line.
pub(super) fn parse(text: &str) -> Result<EventLog, ParseFault> {
    let mut entries: Vec<LoggedEvent> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let outline: LineOutline =
            serde_json::from_str(line).map_err(|_| ParseFault::Damaged(number + 1))?;
        if outline.version > FORMAT_VERSION {
            return Err(ParseFault::Newer);
        }
        // A line that names its event was written whole: what of it is not known comes from a later version.
        entries.push(serde_json::from_str(line).map_err(|_| ParseFault::Newer)?);
    }
    if entries.is_empty() {
        return Err(ParseFault::Empty);
    }
    Ok(EventLog(entries))
}

/// Reads the record at `path` with its text; `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<EventLog>, (Unreadable, String)> {
    let bytes = match files::read(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(None),
        Err(error) => return Err((Unreadable::Failed(error), String::new())),
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let shown = path.display();
    let damaged = |what: String| Unreadable::Damaged(Error::new(Kind::Uncertain, what));
    let unreadable = match parse(&text) {
        Ok(story) => match story.state() {
            Ok(_) => return Ok(Some(story)),
            Err(error) => damaged(format!("`{shown}` is damaged: {error}")),
        },
        Err(ParseFault::Newer) => Unreadable::Newer(
            Error::new(
                Kind::Uncertain,
                format!("`{shown}` was written by a newer keywright"),
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
    fn a_newer_record_is_told_apart_from_a_damaged_one() {
        let at = "\"at\":\"2026-11-20T00:00:00Z\"";
        for (text, fault) in [
            (String::new(), ParseFault::Empty),
            ("{}".to_owned(), ParseFault::Damaged(1)),
            (format!("{{{at},\"event\":\"inte"), ParseFault::Damaged(1)),
            (
                format!("{{{at},\"event\":\"done\"}}\n\0\0"),
                ParseFault::Damaged(2),
            ),
            (
                format!("{{{at},\"event\":\"done\"}}\n{{{at},\"event\":\"hook_started\"}}"),
                ParseFault::Newer,
            ),
            (
                format!("{{\"version\":3,{at},\"event\":\"done\"}}"),
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
}
