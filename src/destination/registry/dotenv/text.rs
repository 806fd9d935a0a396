//! Splits the text of a dotenv file into lines and assignments without losing a byte.

use zeroize::Zeroizing;

use super::quoting::{self, Quote};

/// The reason why a text is left unchanged.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum EditError {
    /// The line sets more than the variable, or in a way that only a shell understands, such as `A='b'"c"`,
    /// `export A=b B=c` or `A=b;B=c`.
    Odd { line: usize },
    /// The value holds a control character.
    Unfit,
    /// The line opens a quote that nothing closes, and the new value after it may close it.
    Open { line: usize },
}

/// Values that close a quote of each kind, or leave it open for the following text: a text that holds them holds any
/// other.
const WORST: [&str; 5] = ["k", "'#", "\"#", "`#", "k'\"`$ #\\k"];

/// A dotenv file.
pub(super) struct DotenvText<'t> {
    text: &'t str,
    assignments: Vec<Assignment<'t>>,
}

/// `export NAME = "value"  # comment` and its newline, as parts of the text; the value may hold newlines.
struct Assignment<'t> {
    /// The number of its first line, from 1.
    line: usize,
    /// The starts of its line and of the next line in the text.
    start: usize,
    end: usize,
    name: &'t str,
    /// The start of its value, quote included.
    value: usize,
    quote: Quote,
    /// The text between the quotes.
    raw: &'t str,
    /// The end of its value, quote included.
    tail: usize,
    odd: bool,
}

impl<'t> DotenvText<'t> {
    pub(super) fn parse(text: &'t str) -> Self {
        let mut assignments = Vec::new();
        let (mut start, mut line) = (0, 1);
        while start < text.len() {
            let end = match assignment(text, start, line) {
                Some(assignment) => {
                    let end = assignment.end;
                    assignments.push(assignment);
                    end
                }
                None => next_line(text, start),
            };
            line += text[start..end].matches('\n').count();
            start = end;
        }
        DotenvText { text, assignments }
    }

    /// Returns the final value of `name`; `None` if it is not set.
    pub(super) fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, EditError> {
        let last = self.last(name)?;
        Ok(last.map(|found| quoting::read(found.raw, found.quote)))
    }

    /// Returns the lines that set `name` and are overridden by a later one.
    pub(super) fn earlier_lines(&self, name: &str) -> Vec<usize> {
        let mut lines: Vec<usize> = self
            .assignments
            .iter()
            .filter(|found| found.name == name)
            .map(|found| found.line)
            .collect();
        lines.pop();
        lines
    }

    /// Returns the text in which `name` is `value`: the last assignment rewritten, or one added at the end.
    pub(super) fn set(&self, name: &str, value: &str) -> Result<Zeroizing<String>, EditError> {
        if value
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
        {
            return Err(EditError::Unfit);
        }
        let Some(last) = self.last(name)? else {
            let written = quoting::written(value, Quote::None);
            let line = Zeroizing::new(format!("{name}={}", *written));
            let new = self.with_line(&line);
            let at = new.trim_end_matches(['\r', '\n']).len() - written.len();
            return read_back(new, name, value, at);
        };
        let mut new = Zeroizing::new(String::with_capacity(self.text.len() + 2 * value.len() + 8));
        let tail = &self.text[last.tail..];
        new.push_str(&self.text[..last.value]);
        new.push_str(&quoting::written(value, last.quote));
        // After an unquoted value, only a blank makes a `#` a comment for all loaders.
        if tail.starts_with('#') {
            new.push(' ');
        }
        new.push_str(tail);
        read_back(new, name, value, last.value)
    }

    /// Refuses a text in which not every value of `name` would be read back as it was written.
    pub(super) fn prove(&self, name: &str) -> Result<(), EditError> {
        WORST
            .iter()
            .try_for_each(|value| self.set(name, value).map(drop))
    }

    /// Returns the written form of the value of `name`, quotes included, after a mark for the text that follows: `#`
    /// if a comment follows at once, else `=`.
    pub(super) fn written(&self, name: &str) -> Result<Option<Zeroizing<String>>, EditError> {
        let last = self.last(name)?;
        Ok(last.map(|found| {
            let follows = if self.text[found.tail..].starts_with('#') {
                '#'
            } else {
                '='
            };
            Zeroizing::new(format!("{follows}{}", &self.text[found.value..found.tail]))
        }))
    }

    /// Returns the text in which the value of `name` has the form that [`DotenvText::written`] returned.
    pub(super) fn put_back(
        &self,
        name: &str,
        written: &str,
    ) -> Result<Zeroizing<String>, EditError> {
        let (at_once, value) = match written.strip_prefix('#') {
            Some(value) => (true, value),
            None => (false, written.strip_prefix('=').unwrap_or(written)),
        };
        let Some(last) = self.last(name)? else {
            let line = Zeroizing::new(format!("{name}={value}"));
            return Ok(self.with_line(&line));
        };
        let tail = &self.text[last.tail..];
        // The blank that was inserted before the comment.
        let tail = tail
            .strip_prefix(' ')
            .filter(|rest| at_once && rest.starts_with('#'))
            .unwrap_or(tail);
        Ok(Zeroizing::new(
            [&self.text[..last.value], value, tail].concat(),
        ))
    }

    /// Returns the text with one more line.
    fn with_line(&self, line: &str) -> Zeroizing<String> {
        let newline = self.newline();
        // A last line without its newline stays a line of its own.
        let open = !self.text.is_empty() && !self.text.ends_with('\n');
        let (before, behind) = if open { (newline, "") } else { ("", newline) };
        Zeroizing::new([self.text, before, line, behind].concat())
    }

    /// Returns the text without the last assignment of `name`.
    pub(super) fn remove(&self, name: &str) -> Result<Zeroizing<String>, EditError> {
        let Some(last) = self.last(name)? else {
            return Ok(Zeroizing::new(self.text.to_owned()));
        };
        let (mut before, whole, after) = (
            &self.text[..last.start],
            &self.text[last.start..last.end],
            &self.text[last.end..],
        );
        if !whole.ends_with('\n') {
            before = before.strip_suffix('\n').unwrap_or(before);
            before = before.strip_suffix('\r').unwrap_or(before);
        }
        Ok(Zeroizing::new([before, after].concat()))
    }

    fn last(&self, name: &str) -> Result<Option<&Assignment<'t>>, EditError> {
        match self.assignments.iter().rfind(|found| found.name == name) {
            Some(found) if found.odd => Err(EditError::Odd { line: found.line }),
            found => Ok(found),
        }
    }

    fn newline(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }
}

/// Returns `text` if `name` is read from it as `value`, which is written at `at`.
fn read_back(
    text: Zeroizing<String>,
    name: &str,
    value: &str,
    at: usize,
) -> Result<Zeroizing<String>, EditError> {
    let document = DotenvText::parse(&text);
    let last = document.last(name)?;
    let is_read = last.is_some_and(|found| {
        found.value == at && quoting::read(found.raw, found.quote).as_str() == value
    });
    if is_read {
        return Ok(text);
    }
    let mut before = document.assignments.iter();
    let line = match before.find(|found| found.start < at && at < found.end) {
        Some(found) => found.line,
        None => 1 + text[..at].matches('\n').count(),
    };
    Err(EditError::Open { line })
}

/// Returns the assignment that starts at `start`, if one does.
fn assignment(text: &str, start: usize, line: usize) -> Option<Assignment<'_>> {
    let blanks = |at: usize| {
        let rest = &text[at..];
        at + rest.len() - rest.trim_start_matches([' ', '\t']).len()
    };
    let (mut at, mut exported) = (start, false);
    if start == 0 && text.starts_with('\u{FEFF}') {
        at = '\u{FEFF}'.len_utf8();
    }
    at = blanks(at);
    if let Some(rest) = text[at..].strip_prefix("export")
        && rest.starts_with([' ', '\t'])
    {
        at = blanks(at + "export".len());
        exported = true;
    }
    let length =
        text[at..].find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')))?;
    let name = &text[at..at + length];
    if name.is_empty() {
        return None;
    }
    at = blanks(at + length);
    if !text[at..].starts_with('=') {
        return None;
    }
    let equals = at + 1;
    let value = blanks(equals);
    let quote = Quote::opened_by(text[value..].chars().next());
    let found = Assignment {
        line,
        start,
        end: next_line(text, value),
        name,
        value,
        quote,
        raw: "",
        tail: value,
        odd: false,
    };
    if quote != Quote::None
        && let Some(close) = closing(text, value + 1, quote)
    {
        return Some(Assignment {
            end: next_line(text, close.at),
            raw: &text[value + 1..close.at],
            tail: close.at + 1,
            odd: close.odd,
            ..found
        });
    }
    let rest = line_at(text, value);
    let raw = match comment(rest, value > equals) {
        Some(comment) => &rest[..comment],
        None => rest,
    }
    .trim_end();
    // The blanks before a comment do not belong to a value.
    let value = if raw.is_empty() { equals } else { value };
    Some(Assignment {
        value,
        quote: Quote::None,
        raw,
        tail: value + raw.len(),
        odd: says_more(raw, exported),
        ..found
    })
}

/// Returns whether a shell reads more from an unquoted value than the value, so that the rest would be lost with it.
fn says_more(raw: &str, exported: bool) -> bool {
    let assigns = |word: &str| {
        word.split_once('=').is_some_and(|(name, _)| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    };
    raw.ends_with('\\')
        || raw.trim_end_matches(';').contains(';')
        || exported && raw.contains([' ', '\t'])
        || raw.split([' ', '\t']).skip(1).any(assigns)
}

/// The quote that closes a value.
struct ClosingQuote {
    at: usize,
    /// Set if text follows that is no comment.
    odd: bool,
}

/// Finds the quote that closes the value at `start`; `None` if there is none, and loaders then take the line
/// literally.
fn closing(text: &str, start: usize, quote: Quote) -> Option<ClosingQuote> {
    let mut escaped = false;
    for (offset, c) in text[start..].char_indices() {
        let at = start + offset;
        if quote.mark().starts_with(c) {
            let odd = !is_end(line_at(text, at + 1));
            // In single quotes a shell knows no escapes and others do: the following text decides.
            if !escaped || (quote != Quote::Double && !odd) {
                let same_line = !text[start..at].contains('\n');
                return (!odd || same_line).then_some(ClosingQuote { at, odd });
            }
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// Returns whether only blanks and a comment are in `rest`.
fn is_end(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with('#')
}

/// Returns the start of the comment after an unquoted value: a `#` after a blank.
fn comment(rest: &str, mut behind_blank: bool) -> Option<usize> {
    for (at, c) in rest.char_indices() {
        if c == '#' && behind_blank {
            return Some(at);
        }
        behind_blank = c.is_whitespace();
    }
    None
}

/// Returns the rest of the line at `at`, without its newline.
fn line_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let line = rest.split('\n').next().unwrap_or(rest);
    line.strip_suffix('\r').unwrap_or(line)
}

/// Returns the start of the line after the one at `at`.
fn next_line(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline + 1)
}
