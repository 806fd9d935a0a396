//! JSON as some servers write it: with a guard before it, bytes behind it, and words and numbers that JSON has not.

use std::fmt::Write as _;

use serde_json::Value;

/// The digits of the largest whole number that a machine word holds, less one.
const SAFE_DIGITS: usize = 18;

/// The prefixes that services put before JSON so that no page can load it as a script.
const GUARDS: &[&str] = &[
    ")]}',",
    ")]}'",
    ")]}",
    "while(1);",
    "while (1);",
    "while(true);",
    "for(;;);",
    "for (;;);",
    "throw 1;",
    "&&&START&&&",
    "{}&&",
    "{} &&",
];

/// Returns whether a run of digits may be an integer that does not fit a machine word.
pub(super) fn has_long_number(text: &str) -> bool {
    let mut row = 0;
    text.bytes().any(|byte| {
        row = if byte.is_ascii_digit() { row + 1 } else { 0 };
        row > SAFE_DIGITS
    })
}

/// Returns the one value in `text`, with what can be understood put right; `None` where there is none, or another
/// follows.
pub(super) fn read(text: &str) -> Option<Value> {
    let text = unguarded(text.trim_matches(is_padding));
    if !text.starts_with(is_opening) {
        return serde_json::from_str(text).ok();
    }
    let mut repair = Repair {
        rest: text,
        done: String::with_capacity(text.len()),
    };
    repair.value()?;
    let another = repair
        .rest
        .trim_start_matches(is_padding)
        .starts_with(is_opening);
    if another {
        return None;
    }
    serde_json::from_str(&repair.done).ok()
}

fn unguarded(text: &str) -> &str {
    let guard = GUARDS.iter().find_map(|guard| text.strip_prefix(guard));
    guard.map_or(text, |rest| rest.trim_start_matches(is_padding))
}

fn is_opening(c: char) -> bool {
    matches!(c, '{' | '[')
}

/// Returns whether a character around a value has no meaning: a blank, a NUL, a byte order mark, a record separator.
fn is_padding(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\0' | '\u{1e}' | '\u{feff}' | '\u{200b}')
}

/// A text that is copied as JSON.
struct Repair<'t> {
    rest: &'t str,
    done: String,
}

impl Repair<'_> {
    /// Copies one object or array; `None` if it is not closed.
    fn value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.rest.chars().next()? {
                '"' => self.string()?,
                ',' => self.comma(),
                c if c.is_whitespace() || c == ':' => self.copy(c.len_utf8()),
                c @ ('{' | '[') => {
                    depth += 1;
                    self.copy(c.len_utf8());
                }
                c @ ('}' | ']') => {
                    depth = depth.checked_sub(1)?;
                    self.copy(c.len_utf8());
                    if depth == 0 {
                        return Some(());
                    }
                }
                _ => self.word(),
            }
        }
    }

    fn copy(&mut self, length: usize) {
        let (part, rest) = self.rest.split_at(length);
        self.done.push_str(part);
        self.rest = rest;
    }

    /// Copies a comma that has something behind it.
    fn comma(&mut self) {
        let rest = self.rest[1..].trim_start();
        if rest.starts_with(['}', ']']) {
            self.rest = rest;
        } else {
            self.copy(1);
        }
    }

    /// Copies a string; a control character in it is escaped, and half of a pair is replaced.
    fn string(&mut self) -> Option<()> {
        self.copy(1);
        loop {
            match self.rest.chars().next()? {
                '"' => {
                    self.copy(1);
                    return Some(());
                }
                '\\' => self.escape()?,
                c if c < ' ' => {
                    let _ = write!(self.done, "\\u{:04x}", u32::from(c));
                    self.rest = &self.rest[1..];
                }
                c => self.copy(c.len_utf8()),
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let Some(first) = unit(self.rest) else {
            let escaped = self.rest[1..].chars().next()?;
            self.copy(1 + escaped.len_utf8());
            return Some(());
        };
        let second = unit(&self.rest[6..]);
        match (first, second) {
            (0xd800..=0xdbff, Some(0xdc00..=0xdfff)) => self.copy(12),
            (0xd800..=0xdfff, _) => {
                self.done.push('\u{fffd}');
                self.rest = &self.rest[6..];
            }
            _ => self.copy(6),
        }
        Some(())
    }

    /// Copies a word. A word for a number that JSON lacks becomes `null`, and a number that does not fit a machine
    /// word becomes a string.
    fn word(&mut self) {
        let is_end =
            |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '}' | ']' | '{' | '[' | '"');
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        let digits = word.strip_prefix('-').unwrap_or(word);
        let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let fits = word.parse::<u64>().is_ok() || word.parse::<i64>().is_ok();
        let finite = word.parse::<f64>().map_or(true, f64::is_finite);
        match word {
            _ if whole && !fits => {
                self.done.push('"');
                self.done.push_str(word);
                self.done.push('"');
            }
            "undefined" => self.done.push_str("null"),
            // NaN, Infinity and what is larger than any number are numbers to Rust.
            _ if !finite => self.done.push_str("null"),
            _ => self.done.push_str(word),
        }
    }
}

/// Returns the UTF-16 code unit of the escape at the start of `text`.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}
