//! The one type of a mistake in a manifest.

use serde::{Serialize, Serializer};

use super::{expected_words, span, unknown_key, unknown_word};
use crate::core::error::Error;

/// A mistake, its position and its fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The line of the text, from 1; 0 until it is [located](Diagnostic::located).
    pub line: usize,
    /// The path from the top; empty if the text is not TOML.
    #[serde(rename = "key", serialize_with = "dotted")]
    pub path: Vec<String>,
    /// The mistake; until it is located, with its fix.
    pub message: String,
    /// The fix, if it is not obvious from the message.
    pub fix: Option<String>,
}

fn dotted<S: Serializer>(path: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.join("."))
}

impl Diagnostic {
    /// Returns a mistake whose message says the fix after a colon or a semicolon.
    pub fn new(path: Vec<String>, message: impl Into<String>) -> Self {
        Diagnostic {
            line: 0,
            path,
            message: message.into(),
            fix: None,
        }
    }

    /// Returns a mistake at a key of the top, with its fix.
    pub fn at(key: &str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Diagnostic {
            fix: Some(fix.into()),
            ..Diagnostic::new(vec![key.to_owned()], message)
        }
    }

    /// Returns it behind its place in the text of a file.
    pub(super) fn in_file(&self, text: &str, file: &str) -> String {
        let place = span::place_of(text, &self.path);
        format!("{file}:{place}: {}", self.message)
    }

    /// Returns it as an error of the file; an unknown key or word that is near to a known one is asked about.
    pub(super) fn as_error(&self, text: &str, file: &str) -> Error {
        let error = Error::usage(self.in_file(text, file));
        let typed = unknown_key(&self.message).or_else(|| unknown_word(&self.message));
        let known = expected_words(&self.message);
        match typed {
            Some(typed) => error.did_you_mean(typed, known.iter().map(String::as_str)),
            None => error,
        }
    }

    /// Returns it with its line in the text, and with the fix apart from the message.
    #[must_use]
    pub fn located(mut self, text: &str) -> Self {
        self.line = span::line_of_path(text, &self.path);
        if self.fix.is_none() {
            let cut = [": ", "; "]
                .iter()
                .filter_map(|mark| self.message.find(mark));
            if let Some(at) = cut.min() {
                self.fix = Some(self.message.split_off(at)[2..].to_owned());
            }
        }
        self
    }

    /// Returns `LINE:KEY`.
    pub fn place(&self) -> String {
        if self.path.is_empty() {
            self.line.to_string()
        } else {
            format!("{}:{}", self.line, self.path.join("."))
        }
    }
}
