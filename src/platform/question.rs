//! Questions whose answers are checked: a wrong one is asked again, with the reason.

use super::Terminal;
use crate::core::error::{Error, Result};

/// The number of times that a password or passphrase is asked for.
pub const SECRET_TRIES: usize = 3;

/// A question that is answered with a line of text.
#[derive(Debug, Clone, Copy, Default)]
pub struct LineQuestion<'a> {
    /// The question.
    pub prompt: &'a str,
    /// It may be left empty.
    pub optional: bool,
    /// The text that the answer begins with, to be corrected.
    pub typed: &'a str,
}

/// Takes an answer, or says why not.
pub type CheckAnswer<'a> = &'a mut dyn FnMut(&str) -> Result<()>;

/// Asks for a line of text.
pub fn ask_text(terminal: &dyn Terminal, prompt: &str) -> Result<String> {
    ask_until(terminal, prompt, "", |text| Ok(text.to_owned()))
}

/// Asks for a line of text that may be left empty.
pub fn ask_optional(terminal: &dyn Terminal, prompt: &str) -> Result<Option<String>> {
    ask_optional_until(terminal, prompt, "", |text| Ok(text.to_owned()))
}

/// Asks for a line of text, beginning with `typed`, until `read` takes it; a wrong answer can be corrected.
pub fn ask_until<T>(
    terminal: &dyn Terminal,
    prompt: &str,
    typed: &str,
    mut read: impl FnMut(&str) -> Result<T>,
) -> Result<T> {
    let mut value = None;
    let question = LineQuestion {
        prompt,
        typed,
        optional: false,
    };
    terminal.ask_line(&question, &mut |text| {
        value = Some(read(text.trim())?);
        Ok(())
    })?;
    value.ok_or_else(Error::cancelled)
}

/// Asks as [`ask_until`] does; an empty answer is none.
pub fn ask_optional_until<T>(
    terminal: &dyn Terminal,
    prompt: &str,
    typed: &str,
    mut read: impl FnMut(&str) -> Result<T>,
) -> Result<Option<T>> {
    let mut value = None;
    let question = LineQuestion {
        prompt,
        typed,
        optional: true,
    };
    terminal.ask_line(&question, &mut |text| {
        let text = text.trim();
        value = (!text.is_empty()).then(|| read(text)).transpose()?;
        Ok(())
    })?;
    Ok(value)
}

/// Returns why an answer was refused: the message and its hints, a line each.
pub fn reason(error: &Error) -> String {
    let lines: Vec<&str> = std::iter::once(error.message())
        .chain(error.hints().iter().map(AsRef::as_ref))
        .collect();
    lines.join("\n")
}
