//! `keywright help TOPIC`: the tables of the code and the sections of the documentation, as text.

use std::fmt::Write;

use super::man::FILES;
use crate::core::error::Kind;
use crate::destination;
use crate::report::wrap::{Room, wrap};

const GUIDE: &str = include_str!("../../docs/guide.md");
const REFERENCE: &str = include_str!("../../docs/reference.md");
const ROTATION: &str = include_str!("../../docs/rotation.md");

/// The indent of a description.
const INDENT: usize = 6;

/// The room of a description.
const ROOM: Room = Room {
    width: 77,
    taken: INDENT,
    hang: INDENT,
};

/// The names of the topics.
pub const TOPICS: [&str; 7] = [
    "destinations",
    "environment",
    "exit-codes",
    "files",
    "formats",
    "profiles",
    "project",
];

/// Returns the text on a topic.
pub fn topic(name: &str) -> Option<String> {
    match name {
        "destinations" => Some(entries(
            "Destinations of a key (--to DEST)",
            destination::built_in()
                .into_iter()
                .map(|one| (one.syntax, one.summary)),
        )),
        "environment" => Some(entries(
            "Environment variables",
            super::variables().map(|variable| (variable.name.to_owned(), variable.purpose)),
        )),
        "exit-codes" => {
            let done = [("0".to_owned(), "done (a no-op says so on stderr)")];
            let codes = Kind::ALL.iter().map(|kind| {
                (
                    format!("{} {}", kind.exit_code(), kind.name()),
                    kind.meaning(),
                )
            });
            Some(entries("Exit codes", done.into_iter().chain(codes)))
        }
        "files" => {
            let files = FILES.iter().map(|(name, what)| ((*name).to_owned(), *what));
            Some(entries("Files", files))
        }
        "formats" => section(REFERENCE, "Formats"),
        "profiles" => section(GUIDE, "Profiles"),
        "project" => {
            let file = section(ROTATION, "The project file")?;
            let trust = section(ROTATION, "Trusting a project file")?;
            Some(format!("{file}\n{trust}"))
        }
        _ => None,
    }
}

fn entries(title: &str, entries: impl IntoIterator<Item = (String, impl AsRef<str>)>) -> String {
    let mut text = format!("{title}\n");
    for (term, what) in entries {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n  {term}");
        let _ = writeln!(text, "{:INDENT$}{}", "", wrap(what.as_ref(), ROOM));
    }
    text
}

/// Returns a section of a page, its heading as the first line.
fn section(page: &str, heading: &str) -> Option<String> {
    let start = page.find(&format!("\n## {heading}\n"))? + "\n## ".len();
    let rest = &page[start..];
    let end = rest.find("\n## ").unwrap_or(rest.len());
    Some(format!("{}\n", rest[..end].trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_have_text() {
        for name in TOPICS {
            let text = topic(name).unwrap();
            assert!(text.lines().count() > 4, "{name}: {text}");
            let long = text
                .lines()
                .find(|line| line.starts_with("      ") && line.len() > 78);
            assert_eq!(long, None, "{name}");
        }
        assert!(
            topic("exit-codes")
                .unwrap()
                .contains("\n  9 store\n      keyring locked")
        );
        assert!(
            topic("environment")
                .unwrap()
                .contains("\n  KEYWRIGHT_PROFILE\n")
        );
        assert!(topic("project").unwrap().starts_with("The project file\n"));
        assert_eq!(topic("nope"), None);
    }
}
