//! One string in a document of objects and lists, which a JSON Pointer names: it is replaced where it stands, and
//! everything else in the text keeps its bytes, comments included.

mod json;
mod members;
mod node;
mod toml;
mod yaml;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;

use self::json::Json;
use self::node::{Found, Insertion, Node, Parent, Refusal, Shape};
use self::toml::Toml;
use self::yaml::Yaml;
use super::entry::{EntryInFile, TextEntry};
use super::registry::OpenRequest;
use super::user_file::FileText;
use super::{Destination, registry};
use crate::core::error::{Error, Kind, Result};
use crate::manifest::{escaped_part, unescaped_part};

/// The deepest nesting of a document.
const MAX_DEPTH: usize = 128;

/// Values that a careless writer would break; one is safe to write without quotes.
const WORST: [&str; 3] = ["k", "k'\"`$ #\\k: {k}\n", ""];

/// The formats of documents.
#[derive(Clone, Copy)]
pub(super) enum Format {
    Json,
    Toml,
    Yaml,
}

impl Format {
    fn syntax(self) -> &'static dyn Syntax {
        match self {
            Format::Json => &Json,
            Format::Toml => &Toml,
            Format::Yaml => &Yaml,
        }
    }
}

/// Returns a document as JSON; an error is the name of the format, which it has not.
pub(super) fn value_of(format: Format, text: &str) -> Result<Value, &'static str> {
    let syntax = format.syntax();
    let root = syntax.parse(text).map_err(|_| syntax.name())?;
    Ok(root.to_value())
}

/// The way in which documents of a format are read and edited.
trait Syntax {
    /// Returns its name.
    fn name(&self) -> &'static str;

    /// Returns the document without an entry that a missing file stands for.
    fn vacant(&self) -> &'static str {
        ""
    }

    /// Reads a document.
    fn parse(&self, text: &str) -> Result<Node, Refusal>;

    /// Returns a string as it is written; `earlier` is the text that it replaces.
    fn written(&self, value: &str, earlier: Option<&str>) -> FileText;

    /// Returns the place of a new entry in `parent`, which `parts` lead to with the name of the entry at the end.
    fn insertion(
        &self,
        text: &str,
        parent: &Parent<'_>,
        parts: &[String],
    ) -> Result<Insertion, Refusal>;

    /// Returns the text without member number `index` of `parent`; `None` if it cannot be cut out.
    fn without(&self, text: &str, parent: &Parent<'_>, index: usize) -> Option<FileText>;
}

/// A new content of an entry.
#[derive(Clone, Copy)]
enum Content<'a> {
    Value(&'a str),
    /// The text of a value as it was written.
    Written(&'a str),
}

/// The string at a pointer in the document at `path`.
struct PointerEntry {
    path: PathBuf,
    parts: Vec<String>,
    syntax: &'static dyn Syntax,
}

/// Splits `FILE#/POINTER` into the path and the parts of the pointer.
pub(super) fn parse(rest: &str) -> Result<(&str, Vec<String>), String> {
    // The last `#/` separates, as the last `#` does elsewhere.
    let Some(at) = rest.rfind("#/") else {
        return Err(
            "it needs a pointer behind the file: `#/` and the name of the entry".to_owned(),
        );
    };
    let file = registry::path(&rest[..at])?;
    let parts: Vec<String> = rest[at + 2..].split('/').map(unescaped_part).collect();
    if parts.iter().any(String::is_empty) {
        return Err("a name in its pointer is empty".to_owned());
    }
    Ok((file, parts))
}

/// Returns the path of `FILE#/POINTER`.
pub(super) fn path_of(rest: &str) -> &str {
    parse(rest).map_or("", |(path, _)| path)
}

/// Opens the entry that a request names, in a document of `format`.
pub(super) fn open(request: &OpenRequest<'_>, format: Format) -> Result<Box<dyn Destination>> {
    let (path, parts) = request.parse(parse)?;
    let path = request.locate(path)?;
    let entry = PointerEntry {
        path: path.clone(),
        parts,
        syntax: format.syntax(),
    };
    Ok(Box::new(EntryInFile::new(request, &path, entry)))
}

/// Proves that a document can be read; an error is the reason why it cannot, and a way out.
pub(super) fn check(format: Format, text: &str) -> Result<(), (String, String)> {
    let root = format.syntax().parse(text);
    root.map(drop)
        .map_err(|refusal| (refusal.why, refusal.hint))
}

/// A string in a document that another program writes.
pub(super) struct Outline {
    /// The pointer to it.
    pub(super) pointer: String,
    /// Its text; `None` if its object does not have it.
    pub(super) value: Option<FileText>,
    /// Says of each part of the pointer whether it is an element of a list.
    pub(super) in_list: Vec<bool>,
}

impl Outline {
    /// Looks for the string that `parts` lead to; an error is the reason why it cannot be one, and a way out.
    pub(super) fn find(
        format: Format,
        text: &str,
        parts: &[String],
    ) -> Result<Outline, (String, String)> {
        let find = || {
            let root = format.syntax().parse(text)?;
            let value = match node::find(&root, text, parts)? {
                Found::Standing { node, .. } => Some(node.text(parts)?.clone()),
                Found::Missing(_) => None,
                Found::NoParent(refusal) => return Err(refusal),
            };
            let in_list = (0..parts.len()).map(|depth| {
                let holder = node::find(&root, text, &parts[..depth]);
                matches!(holder, Ok(Found::Standing { node, .. }) if matches!(node.shape, Shape::List(_)))
            });
            Ok(Outline {
                pointer: pointer(parts),
                value,
                in_list: in_list.collect(),
            })
        };
        find().map_err(|refusal: Refusal| (refusal.why, refusal.hint))
    }
}

/// Returns the pointer to the entry that `parts` lead to.
fn pointer(parts: &[String]) -> String {
    parts.iter().fold(String::new(), |mut pointer, part| {
        pointer.push('/');
        pointer.push_str(&escaped_part(part));
        pointer
    })
}

/// Returns a string in double quotes, as YAML and TOML read it; `is_escaped` says of which characters the code is written.
fn in_double_quotes(value: &str, is_escaped: fn(char) -> bool) -> FileText {
    let mut text = FileText::new(String::with_capacity(value.len() * 6 + 2));
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            c if is_escaped(c) => {
                // Writing to a string cannot fail. Each of these has a code of four digits.
                let _ = write!(text, "\\u{:04X}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

impl PointerEntry {
    fn refused(&self, refusal: Refusal) -> Error {
        let path: &Path = &self.path;
        Error::new(
            Kind::Store,
            format!("cannot edit `{}`: {}", path.display(), refusal.why),
        )
        .hint(refusal.hint)
    }

    /// Returns the node that stands at the pointer, if one does.
    fn standing<'n>(&self, root: &'n Node, text: &str) -> Result<Option<&'n Node>, Refusal> {
        match node::find(root, text, &self.parts)? {
            Found::Standing { node, .. } => {
                node.text(&self.parts)?;
                Ok(Some(node))
            }
            Found::Missing(_) | Found::NoParent(_) => Ok(None),
        }
    }

    fn write(&self, text: Option<&str>, content: Content<'_>) -> Result<FileText, Refusal> {
        let text = text.unwrap_or(self.syntax.vacant());
        let root = self.syntax.parse(text)?;
        let written = |earlier: Option<&str>| match content {
            Content::Value(value) => self.syntax.written(value, earlier),
            Content::Written(written) => FileText::new(written.to_owned()),
        };
        let new = match node::find(&root, text, &self.parts)? {
            Found::Standing { node, .. } => {
                node.text(&self.parts)?;
                let at = node.at.clone();
                let new = written(Some(&text[at.clone()]));
                FileText::new([&text[..at.start], new.as_str(), &text[at.end..]].concat())
            }
            Found::Missing(parent) => {
                let insertion = self.syntax.insertion(text, &parent, &self.parts)?;
                insertion.applied(text, &written(None))
            }
            Found::NoParent(refusal) => return Err(refusal),
        };
        let read = self
            .syntax
            .parse(&new)
            .map_err(|_| self.unreliable())
            .and_then(|read| {
                if !node::is_same_beside(&root, &read, &self.parts) {
                    return Err(self.unreliable());
                }
                let node = self.standing(&read, &new)?;
                Ok(match node.map(|node| &node.shape) {
                    Some(Shape::Text(value)) => Some(value.clone()),
                    _ => None,
                })
            })?;
        match (content, read) {
            (Content::Value(value), Some(read)) if *read == value => Ok(new),
            (Content::Written(_), Some(_)) => Ok(new),
            _ => Err(self.unreliable()),
        }
    }

    /// Returns the refusal of a text whose other entries would not be read as before.
    fn unreliable(&self) -> Refusal {
        Refusal {
            why: format!(
                "with a new value at `{}`, other entries would not be read as before",
                pointer(&self.parts)
            ),
            hint: format!(
                "write that part of the file in a simpler form of {}",
                self.syntax.name()
            ),
        }
    }

    fn without(&self, text: &str) -> Result<FileText, Refusal> {
        let root = self.syntax.parse(text)?;
        let (parent, index) = match node::find(&root, text, &self.parts)? {
            Found::Standing {
                holder: Some(holder),
                ..
            } => holder,
            Found::Standing { .. } => {
                return Err(Refusal {
                    why: format!(
                        "`{}` is an element of a list, which is not removed",
                        pointer(&self.parts)
                    ),
                    hint: "remove it by hand".to_owned(),
                });
            }
            Found::Missing(_) | Found::NoParent(_) => {
                return Ok(FileText::new(text.to_owned()));
            }
        };
        let new = self.syntax.without(text, &parent, index);
        let new = new.ok_or_else(|| self.unreliable())?;
        let read = self.syntax.parse(&new).map_err(|_| self.unreliable())?;
        let is_gone = matches!(
            node::find(&read, &new, &self.parts),
            Ok(Found::Missing(_) | Found::NoParent(_))
        );
        if is_gone && node::is_same_beside(&read, &root, &self.parts) {
            return Ok(new);
        }
        Err(self.unreliable())
    }
}

impl TextEntry for PointerEntry {
    fn vacant(&self) -> &'static str {
        self.syntax.vacant()
    }

    fn prove(&self, text: Option<&str>) -> Result<()> {
        WORST.iter().try_for_each(|value| {
            self.write(text, Content::Value(value))
                .map(drop)
                .map_err(|refusal| self.refused(refusal))
        })
    }

    fn get(&self, text: &str) -> Result<Option<FileText>> {
        let read = || {
            let root = self.syntax.parse(text)?;
            let node = self.standing(&root, text)?;
            node.map(|node| node.text(&self.parts).cloned()).transpose()
        };
        read().map_err(|refusal| self.refused(refusal))
    }

    fn set(&self, text: Option<&str>, value: &str) -> Result<FileText> {
        self.write(text, Content::Value(value))
            .map_err(|refusal| self.refused(refusal))
    }

    fn written(&self, text: &str) -> Result<Option<FileText>> {
        let read = || {
            let root = self.syntax.parse(text)?;
            let node = self.standing(&root, text)?;
            Ok(node.map(|node| FileText::new(text[node.at.clone()].to_owned())))
        };
        read().map_err(|refusal| self.refused(refusal))
    }

    fn put_back(&self, text: Option<&str>, written: &str) -> Result<FileText> {
        self.write(text, Content::Written(written))
            .map_err(|refusal| self.refused(refusal))
    }

    fn remove(&self, text: &str) -> Result<FileText> {
        self.without(text).map_err(|refusal| self.refused(refusal))
    }
}

#[cfg(test)]
mod tests;
