//! TOML: tables with headers, dotted keys and inline tables.

use std::ops::Range;

use toml_edit::{Document, InlineTable, Item, Table, Value};

use super::members::{self, number_sign};
use super::node::{Insertion, Member, Node, Parent, Refusal, Shape, line_of};
use super::{Syntax, in_double_quotes, pointer};
use crate::destination::user_file::FileText;

/// TOML documents.
pub(super) struct Toml;

impl Syntax for Toml {
    fn name(&self) -> &'static str {
        "TOML"
    }

    fn parse(&self, text: &str) -> Result<Node, Refusal> {
        Ok(item(document(text)?.as_item(), text))
    }

    fn written(&self, value: &str, earlier: Option<&str>) -> FileText {
        let literal = earlier.is_some_and(|earlier| {
            earlier.starts_with('\'')
                && !earlier.starts_with("'''")
                && !value
                    .chars()
                    .any(|c| c == '\'' || c != '\t' && c.is_control())
        });
        if literal {
            FileText::new(format!("'{value}'"))
        } else {
            quoted(value)
        }
    }

    fn insertion(
        &self,
        text: &str,
        parent: &Parent<'_>,
        parts: &[String],
    ) -> Result<Insertion, Refusal> {
        let Some((name, above)) = parts.split_last() else {
            return Err(unedited(parts));
        };
        if parent.braces {
            let key = format!("{} = ", key(name));
            return Ok(members::insertion(text, parent, &key, number_sign));
        }
        let document = document(text)?;
        let section = Section::find(document.as_table(), above)?;
        let mut name = key(name);
        for above in section.dotted.iter().rev() {
            name = format!("{}.{name}", key(above));
        }
        let name = format!("{name} = ");
        if let Some(end) = section.end(text) {
            return Ok(members::line(text, Some(end), &name));
        }
        let Some(at) = before_tables(text) else {
            return Ok(members::line(text, None, &name));
        };
        Ok(Insertion {
            comma: None,
            at,
            before: name,
            after: members::newline(text).to_owned(),
        })
    }

    fn without(&self, text: &str, parent: &Parent<'_>, index: usize) -> Option<FileText> {
        if parent.braces {
            return members::without(text, parent, index, number_sign);
        }
        let member = parent.members.get(index)?;
        Some(members::without_lines(
            text,
            member.key_at,
            member.value.at.end,
        ))
    }
}

fn document(text: &str) -> Result<Document<&str>, Refusal> {
    Document::parse(text).map_err(|error| {
        let line = line_of(text, error.span().map_or(0, |span| span.start));
        Refusal {
            why: format!("line {line} is not TOML: {}", error.message().trim()),
            hint: "correct the file first, or use another one".to_owned(),
        }
    })
}

fn unedited(parts: &[String]) -> Refusal {
    Refusal {
        why: format!(
            "`{}` is in a table to which no key is added",
            pointer(parts)
        ),
        hint: "add the key to the file first".to_owned(),
    }
}

/// Returns a key, in quotes if it needs them.
fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(is_bare) {
        name.to_owned()
    } else {
        quoted(name).to_string()
    }
}

/// Returns a string in double quotes.
fn quoted(value: &str) -> FileText {
    in_double_quotes(value, char::is_control)
}

fn item(item: &Item, text: &str) -> Node {
    match item {
        Item::Table(table) => node_of(table, text),
        Item::ArrayOfTables(tables) => Node {
            at: tables.span().unwrap_or_default(),
            shape: Shape::List(tables.iter().map(|table| node_of(table, text)).collect()),
        },
        Item::Value(found) => value(found, text),
        Item::None => Node {
            at: Range::default(),
            shape: Shape::Other("nothing", FileText::default()),
        },
    }
}

fn node_of(table: &Table, text: &str) -> Node {
    let members = table.iter().map(|(name, found)| Member {
        key: name.to_owned(),
        key_at: start_of(table.key(name).and_then(toml_edit::Key::span)),
        value: item(found, text),
    });
    Node {
        at: table.span().unwrap_or_default(),
        shape: Shape::Object {
            members: members.collect(),
            braces: false,
        },
    }
}

fn start_of(span: Option<Range<usize>>) -> usize {
    span.map_or(0, |span| span.start)
}

fn value(found: &Value, text: &str) -> Node {
    let at = found.span().unwrap_or_default();
    let shape = match found {
        Value::String(string) => Shape::Text(FileText::new(string.value().clone())),
        Value::Array(array) => Shape::List(array.iter().map(|found| value(found, text)).collect()),
        Value::InlineTable(table) => Shape::Object {
            members: inline(table, text),
            braces: !table.is_dotted(),
        },
        Value::Integer(_) | Value::Float(_) => raw("a number", &at, text),
        Value::Boolean(_) => raw("a boolean", &at, text),
        Value::Datetime(_) => raw("a date", &at, text),
    };
    Node { at, shape }
}

fn raw(kind: &'static str, at: &Range<usize>, text: &str) -> Shape {
    let written = text.get(at.clone()).unwrap_or_default();
    Shape::Other(kind, FileText::new(written.to_owned()))
}

fn inline(table: &InlineTable, text: &str) -> Vec<Member> {
    let members = table.iter().map(|(name, found)| Member {
        key: name.to_owned(),
        key_at: start_of(table.key(name).and_then(toml_edit::Key::span)),
        value: value(found, text),
    });
    members.collect()
}

/// The lines behind a header, or before all headers, to which a key is added.
struct Section<'d> {
    table: &'d Table,
    is_root: bool,
    /// The names of the dotted tables in it that lead to the new key.
    dotted: Vec<&'d str>,
}

impl<'d> Section<'d> {
    fn find(root: &'d Table, parts: &'d [String]) -> Result<Self, Refusal> {
        let mut section = Section {
            table: root,
            is_root: true,
            dotted: Vec::new(),
        };
        let mut table = root;
        let mut parts_left = parts.iter();
        while let Some(part) = parts_left.next() {
            let mut found = table.get(part);
            if let Some(Item::ArrayOfTables(tables)) = found {
                let index = parts_left.next().and_then(|part| part.parse().ok());
                let one = index.and_then(|index| tables.get(index));
                table = one.ok_or_else(|| unedited(parts))?;
                section = Section {
                    table,
                    is_root: false,
                    dotted: Vec::new(),
                };
                continue;
            }
            let Some(Item::Table(next)) = found.take() else {
                return Err(unedited(parts));
            };
            table = next;
            if next.is_dotted() {
                section.dotted.push(part);
            } else {
                section = Section {
                    table,
                    is_root: false,
                    dotted: Vec::new(),
                };
            }
        }
        if section.table.is_implicit() && !section.is_root {
            let header = parts.iter().map(|part| key(part));
            let header = header.collect::<Vec<_>>().join(".");
            return Err(Refusal {
                why: format!("`{}` has no header of its own", pointer(parts)),
                hint: format!("add `[{header}]` to the file first"),
            });
        }
        Ok(section)
    }

    /// Returns the end of its last line, with the blanks before its keys; `None` if no line is in it.
    fn end(&self, text: &str) -> Option<(usize, String)> {
        if let Some((key_at, end)) = last_value(self.table) {
            let blanks = members::indentation(text, key_at).unwrap_or_default();
            return Some((end, blanks.to_owned()));
        }
        let header = self.table.span().filter(|_| !self.is_root)?;
        Some((header.end, String::new()))
    }
}

/// Returns the start of the key and the end of the last value in a table, those of its dotted tables included.
fn last_value(table: &Table) -> Option<(usize, usize)> {
    let values = table.iter().filter_map(|(name, found)| match found {
        Item::Value(value) => {
            let key = table.key(name).and_then(toml_edit::Key::span)?;
            Some((key.start, value.span()?.end))
        }
        Item::Table(dotted) if dotted.is_dotted() => {
            // The line begins with the first of the names.
            last_value(dotted)
        }
        _ => None,
    });
    values.max_by_key(|(_, end)| *end)
}

/// Returns the place before the first header, and before the comment right above it; `None` without any header.
fn before_tables(text: &str) -> Option<usize> {
    let (mut at, mut comment) = (0, None);
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches('\u{FEFF}').trim();
        if content.starts_with('[') {
            let start = comment.unwrap_or(at);
            let mark = '\u{FEFF}'.len_utf8();
            let is_marked = start == 0 && text.starts_with('\u{FEFF}');
            return Some(if is_marked { mark } else { start });
        }
        if content.starts_with('#') {
            comment.get_or_insert(at);
        } else {
            comment = None;
        }
        at += line.len();
    }
    None
}
