//! YAML: one document of mappings, lists and scalars. Anchors and aliases stay where they are.

mod plain;

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use self::plain::{is_safe_plain, kind_of_plain};
use super::members::{self, number_sign};
use super::node::{Insertion, Member, Node, Parent, Refusal, Shape, line_of};
use super::{MAX_DEPTH, Syntax, in_double_quotes};
use crate::destination::user_file::FileText;

/// YAML documents.
pub(super) struct Yaml;

impl Syntax for Yaml {
    fn name(&self) -> &'static str {
        "YAML"
    }

    fn parse(&self, text: &str) -> Result<Node, Refusal> {
        let mut reader = Reader::new(text);
        let root = reader.document()?;
        Ok(root.unwrap_or_else(|| empty_root(text)))
    }

    fn written(&self, value: &str, earlier: Option<&str>) -> FileText {
        let has_controls = value.chars().any(is_escaped);
        match earlier.and_then(|earlier| earlier.chars().next()) {
            Some('\'') if !has_controls => {
                FileText::new(format!("'{}'", value.replace('\'', "''")))
            }
            None | Some('\'' | '"' | '|' | '>') => quoted(value),
            Some(_) if is_safe_plain(value) => FileText::new(value.to_owned()),
            Some(_) => quoted(value),
        }
    }

    fn insertion(
        &self,
        text: &str,
        parent: &Parent<'_>,
        parts: &[String],
    ) -> Result<Insertion, Refusal> {
        let name = parts.last().map_or("", String::as_str);
        let first = parent.members.first();
        let is_quoted = first.is_some_and(|first| text[first.key_at..].starts_with('"'));
        let key = if is_safe_plain(name) && !is_quoted {
            format!("{name}: ")
        } else {
            format!("{}: ", *quoted(name))
        };
        if parent.braces {
            return Ok(members::insertion(text, parent, &key, number_sign));
        }
        let last = parent
            .members
            .last()
            .map(|last| last_leaf(text, &last.value));
        if last.is_some_and(|last| ends_openly(text, last)) {
            return Err(refusal(
                line_of(text, text.len()),
                "a block scalar ends without a newline, and would get one",
            ));
        }
        Ok(members::line(text, last_line(text, parent), &key))
    }

    fn without(&self, text: &str, parent: &Parent<'_>, index: usize) -> Option<FileText> {
        if parent.braces {
            return members::without(text, parent, index, number_sign);
        }
        let member = parent.members.get(index)?;
        if members::indentation(text, member.key_at).is_some() {
            let end = tail(text, &member.value);
            return Some(members::without_lines(text, member.key_at, end));
        }
        // It stands behind the dash of a list.
        let next = parent.members.get(index + 1)?;
        let between = &text[tail(text, &member.value)..next.key_at];
        let whole = [&text[..member.key_at], &text[next.key_at..]].concat();
        between.trim().is_empty().then(|| FileText::new(whole))
    }
}

/// Returns the mapping that an empty document stands for.
fn empty_root(text: &str) -> Node {
    Node {
        at: text.len()..text.len(),
        shape: Shape::Object {
            members: Vec::new(),
            braces: false,
        },
    }
}

/// Returns the end of the last entry of a block mapping, with the blanks before its entries.
fn last_line(text: &str, parent: &Parent<'_>) -> Option<(usize, String)> {
    let (first, last) = (parent.members.first()?, parent.members.last()?);
    let start = members::line_start(text, first.key_at);
    let before = text[start..first.key_at].trim_start_matches('\u{FEFF}');
    let blanks = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' });
    Some((tail(text, &last.value), blanks.collect()))
}

/// Returns the last value in the lines of a value.
fn last_leaf<'n>(text: &str, node: &'n Node) -> &'n Node {
    let last = match &node.shape {
        Shape::Object {
            members,
            braces: false,
        } => members.last().map(|member| &member.value),
        Shape::List(elements) if !text[node.at.start..].starts_with('[') => elements.last(),
        _ => None,
    };
    last.map_or(node, |last| last_leaf(text, last))
}

/// Returns the first line of a block scalar.
fn block_header<'t>(text: &'t str, node: &Node) -> Option<&'t str> {
    let header = text[node.at.clone()].lines().next()?;
    header.starts_with(['|', '>']).then_some(header)
}

/// Returns whether a block scalar would get a newline if a line followed it.
fn ends_openly(text: &str, node: &Node) -> bool {
    let header = block_header(text, node);
    header.is_some_and(|header| !header.contains('-')) && !text[node.at.end..].contains('\n')
}

/// Returns the end of the lines of a value.
fn tail(text: &str, node: &Node) -> usize {
    let last = last_leaf(text, node);
    let keeps_newlines = block_header(text, last).is_some_and(|header| header.contains('+'));
    let behind = &text[last.at.end..];
    let blanks = &behind[..behind.len() - behind.trim_start().len()];
    match blanks.rfind('\n') {
        // The newline of the last of the lines that belong to it is not part of the value's own line.
        Some(newline) if keeps_newlines => last.at.end + newline,
        _ => last.at.end,
    }
}

fn is_escaped(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
        )
}

/// Returns a string in double quotes.
fn quoted(value: &str) -> FileText {
    in_double_quotes(value, is_escaped)
}

/// The events of a text, and where they stand in it.
struct Reader<'t> {
    text: &'t str,
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    /// The place of each character, if they are not all of one byte.
    places: Option<Vec<usize>>,
    /// The end of the previous event in the text.
    before: usize,
    /// The number of brackets and braces that are open.
    brackets: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let places = (!text.is_ascii()).then(|| {
            let places = text.char_indices().map(|(at, _)| at);
            places.chain([text.len()]).collect()
        });
        Reader {
            text,
            parser: Parser::new_from_str(text),
            places,
            before: 0,
            brackets: 0,
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Refusal> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(refusal(error.marker().line(), error.info())),
            None => Err(refusal(1, "it ends too early")),
        }
    }

    /// Returns the bytes of a span.
    fn range(&self, span: Span) -> Range<usize> {
        let place = |index: usize| match &self.places {
            Some(places) => places.get(index).copied().unwrap_or(self.text.len()),
            None => index.min(self.text.len()),
        };
        let start = place(span.start.index());
        start..place(span.end.index()).max(start)
    }

    /// Returns the root of the only document; `None` if the text holds no value.
    fn document(&mut self) -> Result<Option<Node>, Refusal> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(root),
                Event::DocumentStart(_) if root.is_some() => {
                    return Err(Refusal {
                        why: format!(
                            "it holds several documents, the second from line {}",
                            span.start.line()
                        ),
                        hint: "use a file of one document".to_owned(),
                    });
                }
                Event::DocumentStart(_) => {
                    let (event, span) = self.next()?;
                    let is_empty = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, 0, None)
                        if text.is_empty());
                    let node = self.node(event, span, 0)?;
                    root = Some(if is_empty {
                        empty_root(self.text)
                    } else {
                        node
                    });
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, Refusal> {
        let (line, at) = (span.start.line(), self.range(span));
        if depth > MAX_DEPTH {
            return Err(refusal(
                line,
                &format!("it is nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let has_properties = anchor > 0 || tag.is_some();
                let is_string = tag.as_ref().is_some_and(|tag| {
                    tag.is_yaml_core_schema() && tag.suffix == "str"
                        || tag.handle.is_empty() && tag.suffix == "!"
                });
                let at = self.scalar(at, &value, style, has_properties, line)?;
                let kind = match (style, tag) {
                    _ if is_string => None,
                    (_, Some(_)) => Some("a value with a tag"),
                    (ScalarStyle::Plain, None) => kind_of_plain(&value),
                    (_, None) => None,
                };
                let value = FileText::new(value.into_owned());
                let shape = match kind {
                    None => Shape::Text(value),
                    Some(kind) => Shape::Other(kind, value),
                };
                Ok(Node { at, shape })
            }
            Event::Alias(_) => {
                self.before = at.end;
                let name = FileText::new(self.text[at.clone()].to_owned());
                Ok(Node {
                    at,
                    shape: Shape::Other("an alias", name),
                })
            }
            Event::SequenceStart(..) => self.list(at, depth),
            Event::MappingStart(..) => self.mapping(at, line, depth),
            _ => Err(refusal(line, "a value is expected there")),
        }
    }

    /// Returns the end of a collection that began at `start`, and that `close` ends if it has brackets.
    fn end_of(
        &mut self,
        start: usize,
        close: Option<char>,
        last: Option<usize>,
        line: usize,
    ) -> Result<usize, Refusal> {
        let Some(close) = close else {
            return Ok(last.unwrap_or(start));
        };
        self.brackets -= 1;
        // The parser's own span may begin with a comma.
        let behind = last.unwrap_or(start + 1)..self.text.len();
        let end = members::place(self.text, behind, close, number_sign);
        self.before = end.ok_or_else(|| refusal(line, "a bracket is not closed"))? + 1;
        Ok(self.before)
    }

    fn list(&mut self, at: Range<usize>, depth: usize) -> Result<Node, Refusal> {
        let start = self.skip_properties(at.start);
        let close = self.text[start..].starts_with('[').then_some(']');
        self.brackets += usize::from(close.is_some());
        self.before = start;
        let mut elements: Vec<Node> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let last = elements.last().map(|last| last.at.end);
                let end = self.end_of(start, close, last, span.start.line())?;
                return Ok(Node {
                    at: start..end,
                    shape: Shape::List(elements),
                });
            }
            elements.push(self.node(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, at: Range<usize>, line: usize, depth: usize) -> Result<Node, Refusal> {
        let start = self.skip_properties(at.start);
        let braces = self.text[start..].starts_with('{');
        // A pair such as `a: b` in a list of brackets is a mapping of its own.
        let is_pair = !braces && self.brackets > 0;
        self.brackets += usize::from(braces);
        self.before = start;
        let mut members: Vec<Member> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let last = members.last().map(|last| last.value.at.end);
                let end = self.end_of(start, braces.then_some('}'), last, line)?;
                let shape = if is_pair {
                    let text = FileText::new(self.text[start..end].to_owned());
                    Shape::Other("a pair in a list", text)
                } else {
                    Shape::Object { members, braces }
                };
                return Ok(Node {
                    at: start..end,
                    shape,
                });
            }
            let Event::Scalar(key, ..) = event else {
                return Err(refusal(line, "a key in it is no scalar"));
            };
            let key_at = self.range(span);
            self.before = key_at.end;
            let (event, span) = self.next()?;
            members.push(Member {
                key: key.into_owned(),
                key_at: key_at.start,
                value: self.node(event, span, depth + 1)?,
            });
        }
    }

    /// Returns the place behind tags, anchors, blanks and comments.
    fn skip_properties(&self, mut at: usize) -> usize {
        loop {
            let rest = &self.text[at..];
            let blanks = rest.len() - rest.trim_start().len();
            let skipped = match rest[blanks..].chars().next() {
                Some('!' | '&') => {
                    let property = &rest[blanks..];
                    property.find(char::is_whitespace).unwrap_or(property.len())
                }
                Some('#') if blanks > 0 => members::to_line_end(&rest[blanks..]),
                _ => 0,
            };
            if skipped == 0 {
                // Blanks count only behind a property.
                return if rest.starts_with(['!', '&', '#']) {
                    at
                } else {
                    at + blanks
                };
            }
            at += blanks + skipped;
        }
    }

    /// Returns the bytes of a scalar without its tag and anchor, and proves that they are understood.
    fn scalar(
        &mut self,
        at: Range<usize>,
        value: &str,
        style: ScalarStyle,
        has_properties: bool,
        line: usize,
    ) -> Result<Range<usize>, Refusal> {
        let unclear = || refusal(line, "a value is written in a form that is not edited");
        let start = if has_properties {
            self.skip_properties(at.start).min(at.end)
        } else {
            at.start
        };
        let range = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let start = if has_properties {
                    start
                } else {
                    self.header()?
                };
                self.block(start, at.end).ok_or_else(unclear)?
            }
            // The place of an empty value may be that of the next token.
            ScalarStyle::Plain if value.is_empty() => start..start,
            ScalarStyle::Plain => start..at.end,
            // The parser counts what follows on the line.
            _ => quotes(self.text, start).ok_or_else(unclear)?,
        };
        let written = &self.text[range.clone()];
        if style == ScalarStyle::Plain && !written.contains('\n') && written != value {
            return Err(unclear());
        }
        self.before = at.end.max(range.end);
        Ok(range)
    }

    /// Returns the start of the `|` or `>` before a block scalar.
    fn header(&self) -> Result<usize, Refusal> {
        let mut at = self.before;
        loop {
            let rest = &self.text[at..];
            match rest.chars().next() {
                Some('|' | '>') => return Ok(at),
                Some('#') => at += members::to_line_end(rest),
                Some(c) => at += c.len_utf8(),
                None => return Err(refusal(1, "a block scalar has no first line")),
            }
        }
    }

    /// Returns the bytes of a block scalar, up to the end of its last line that is not blank; `None` if its first line
    /// has a comment.
    fn block(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let whole = &self.text[start..end.max(start)];
        let header = whole.lines().next()?;
        if header.contains('#') {
            return None;
        }
        let trimmed = whole.trim_end().len();
        let line = members::to_line_end(&whole[trimmed..]);
        Some(start..start + trimmed + line)
    }
}

/// Returns the bytes of the scalar in quotes that starts at `start`.
fn quotes(text: &str, start: usize) -> Option<Range<usize>> {
    let mut rest = text[start..].char_indices().peekable();
    let (_, quote) = rest.next().filter(|(_, c)| matches!(c, '\'' | '"'))?;
    while let Some((at, c)) = rest.next() {
        if c == '\\' && quote == '"' {
            rest.next();
        } else if c == quote {
            // A single quote stands for itself where it is doubled.
            if quote == '"' || rest.next_if(|(_, next)| *next == quote).is_none() {
                return Some(start..start + at + 1);
            }
        }
    }
    None
}

fn refusal(line: usize, why: &str) -> Refusal {
    Refusal {
        why: format!("line {line} is not YAML as it is edited: {why}"),
        hint: "correct the file first, or use another one".to_owned(),
    }
}
