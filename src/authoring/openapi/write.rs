//! Writes TOML: texts, values, comments.

use std::fmt::Write;

use serde_json::Value;

pub(super) use crate::authoring::draft::quoted;

/// The longest description that becomes a help text.
const MAX_SAID: usize = 120;

/// The uncertain parts of a draft.
#[derive(Default)]
pub(super) struct Notes {
    /// Taken from names and habits, not from the document.
    pub(super) guessed: Vec<String>,
    /// Not in the document.
    pub(super) open: Vec<String>,
}

impl Notes {
    pub(super) fn guess(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.guessed.contains(&text) {
            self.guessed.push(text);
        }
    }

    pub(super) fn open(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.open.contains(&text) {
            self.open.push(text);
        }
    }
}

/// A variable of the profile.
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) help: String,
    pub(super) required: bool,
    pub(super) default: Option<String>,
    pub(super) choices: Vec<String>,
}

impl Variable {
    /// Returns its table.
    pub(super) fn table(&self) -> String {
        let title = self.name.replace('_', " ");
        let mut text = format!("\n[variables.{}]\ntitle = {}\n", self.name, quoted(&title));
        let help = said(&self.help);
        if !help.is_empty() {
            let _ = writeln!(text, "help = {}", quoted(&help));
        }
        if self.required {
            text.push_str("required = true\n");
        }
        if let Some(default) = &self.default {
            let _ = writeln!(text, "default = {}", quoted(default));
        }
        if !self.choices.is_empty() && self.choices.len() <= 60 {
            let choices: Vec<String> = self.choices.iter().map(|word| quoted(word)).collect();
            let _ = writeln!(text, "choices = [{}]", choices.join(", "));
        }
        text
    }
}

/// Returns a scalar as TOML writes it.
pub(super) fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(quoted(text)),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) if number.is_i64() || number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the first sentence of a description, on one line.
pub(super) fn said(text: &str) -> String {
    let line: String = crate::core::untrusted::one_line(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let sentence = line
        .split(". ")
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    match sentence.char_indices().nth(MAX_SAID) {
        Some((end, _)) => format!("{}…", sentence[..end].trim_end()),
        None => sentence.to_owned(),
    }
}

/// Returns a text as lines of comment.
pub(super) fn commented(text: &str) -> String {
    text.lines()
        .map(|line| {
            if line.is_empty() {
                "#\n".to_owned()
            } else {
                format!("# {line}\n")
            }
        })
        .collect()
}
