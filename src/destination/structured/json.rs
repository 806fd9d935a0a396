//! JSON, with comments and trailing commas where a file has them.

use serde::de::IgnoredAny;
use serde_json::from_str;

use super::members::{self, Comment};
use super::node::{Insertion, Member, Node, Parent, Refusal, Shape, line_of};
use super::{MAX_DEPTH, Syntax};
use crate::destination::user_file::FileText;

/// JSON documents.
pub(super) struct Json;

const COMMENT: Comment = |rest| {
    if rest.starts_with("//") {
        return members::to_line_end(rest);
    }
    match rest.strip_prefix("/*").and_then(|rest| rest.find("*/")) {
        Some(end) => end + 4,
        None => 0,
    }
};

impl Syntax for Json {
    fn name(&self) -> &'static str {
        "JSON"
    }

    fn vacant(&self) -> &'static str {
        "{\n}\n"
    }

    fn parse(&self, text: &str) -> Result<Node, Refusal> {
        let mut reader = Reader { text, at: 0 };
        if text.starts_with('\u{FEFF}') {
            reader.at = '\u{FEFF}'.len_utf8();
        }
        let root = reader.value(0)?;
        reader.skip();
        if reader.at < text.len() {
            return Err(reader.unexpected("nothing more"));
        }
        Ok(root)
    }

    fn written(&self, value: &str, _earlier: Option<&str>) -> FileText {
        quoted(value)
    }

    fn insertion(
        &self,
        text: &str,
        parent: &Parent<'_>,
        parts: &[String],
    ) -> Result<Insertion, Refusal> {
        let mut key = parts
            .last()
            .map_or_else(String::new, |name| quoted(name).to_string());
        key.push_str(separator(text, parent.members.last()));
        Ok(members::insertion(text, parent, &key, COMMENT))
    }

    fn without(&self, text: &str, parent: &Parent<'_>, index: usize) -> Option<FileText> {
        members::without(text, parent, index, COMMENT)
    }
}

/// Returns a string between quotes.
fn quoted(value: &str) -> FileText {
    // A string is always JSON.
    FileText::new(serde_json::to_string(value).unwrap_or_default())
}

/// Returns the text between a key and its value, as the last member has it.
fn separator<'t>(text: &'t str, last: Option<&Member>) -> &'t str {
    let between = last.and_then(|last| {
        let member = &text[last.key_at..last.value.at.start];
        let end = member.rfind('"')? + 1;
        Some(&member[end..])
    });
    let is_plain = |between: &&str| between.trim_matches([' ', '\t']) == ":";
    between.filter(is_plain).unwrap_or(": ")
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    /// Skips blanks and comments.
    fn skip(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            let skipped = blanks + COMMENT(&rest[blanks..]);
            self.at += skipped;
            if skipped == 0 {
                return;
            }
        }
    }

    /// Takes `sought` if it is next.
    fn take(&mut self, sought: char) -> bool {
        self.skip();
        let is_next = self.text[self.at..].starts_with(sought);
        if is_next {
            self.at += sought.len_utf8();
        }
        is_next
    }

    fn unexpected(&self, expected: &str) -> Refusal {
        self.invalid(self.at, &format!("{expected} is expected there"))
    }

    fn invalid(&self, at: usize, why: &str) -> Refusal {
        Refusal {
            why: format!("line {} is not JSON: {why}", line_of(self.text, at)),
            hint: "correct the file first, or use another one".to_owned(),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Refusal> {
        self.skip();
        if depth > MAX_DEPTH {
            return Err(self.invalid(
                self.at,
                &format!("it is nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        let start = self.at;
        let shape = match self.text[start..].chars().next() {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Shape::Text(self.string()?),
            _ => self.word()?,
        };
        Ok(Node {
            at: start..self.at,
            shape,
        })
    }

    fn object(&mut self, depth: usize) -> Result<Shape, Refusal> {
        self.take('{');
        let mut members = Vec::new();
        while !self.take('}') {
            if !members.is_empty() {
                return Err(self.unexpected("`,` or `}`"));
            }
            loop {
                self.skip();
                let key_at = self.at;
                let key = self.string()?.as_str().to_owned();
                if !self.take(':') {
                    return Err(self.unexpected("`:`"));
                }
                let value = self.value(depth + 1)?;
                members.push(Member { key, key_at, value });
                let more = self.take(',');
                self.skip();
                if !more || self.text[self.at..].starts_with('}') {
                    break;
                }
            }
        }
        Ok(Shape::Object {
            members,
            braces: true,
        })
    }

    fn list(&mut self, depth: usize) -> Result<Shape, Refusal> {
        self.take('[');
        let mut elements = Vec::new();
        while !self.take(']') {
            if !elements.is_empty() {
                return Err(self.unexpected("`,` or `]`"));
            }
            loop {
                elements.push(self.value(depth + 1)?);
                let more = self.take(',');
                self.skip();
                if !more || self.text[self.at..].starts_with(']') {
                    break;
                }
            }
        }
        Ok(Shape::List(elements))
    }

    fn string(&mut self) -> Result<FileText, Refusal> {
        let start = self.at;
        let rest = &self.text[start..];
        if !rest.starts_with('"') {
            return Err(self.unexpected("a string in double quotes"));
        }
        let mut escaped = false;
        for (offset, c) in rest.char_indices().skip(1) {
            if c == '"' && !escaped {
                self.at = start + offset + 1;
                let read = from_str::<String>(&rest[..=offset]).map(FileText::new);
                return read.map_err(|_| {
                    self.invalid(
                        start,
                        "a string in it holds a wrong escape or a control character",
                    )
                });
            }
            escaped = c == '\\' && !escaped;
        }
        Err(self.invalid(start, "a string in it is not closed"))
    }

    /// Reads a number, a truth value or `null`.
    fn word(&mut self) -> Result<Shape, Refusal> {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let word = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        if from_str::<IgnoredAny>(word).is_err() {
            return Err(self.unexpected("a value"));
        }
        let kind = match word {
            "null" => "null",
            "true" | "false" => "a boolean",
            _ => "a number",
        };
        self.at += word.len();
        Ok(Shape::Other(kind, FileText::new(word.to_owned())))
    }
}
