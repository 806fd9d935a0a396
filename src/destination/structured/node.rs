//! A document as a tree whose nodes know their places in the text.

use std::ops::Range;

use serde_json::Value;

use super::pointer;
use crate::destination::user_file::FileText;

/// A value and its place in the text.
pub(super) struct Node {
    /// The bytes that hold it.
    pub(super) at: Range<usize>,
    pub(super) shape: Shape,
}

/// The kinds of values.
pub(super) enum Shape {
    Text(FileText),
    Object {
        members: Vec<Member>,
        /// Set if it stands between braces.
        braces: bool,
    },
    List(Vec<Node>),
    /// Any other value: a word for it in messages, and the text that is compared.
    Other(&'static str, FileText),
}

/// A member of an object.
pub(super) struct Member {
    pub(super) key: String,
    /// The start of its key in the text.
    pub(super) key_at: usize,
    pub(super) value: Node,
}

/// The reason why a text is left unchanged, and a way out.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) why: String,
    pub(super) hint: String,
}

/// The place of a new entry in a text.
pub(super) struct Insertion {
    /// The place of a comma before it.
    pub(super) comma: Option<usize>,
    /// The place of the entry, not before the comma.
    pub(super) at: usize,
    /// The text before its value.
    pub(super) before: String,
    /// The text after its value.
    pub(super) after: String,
}

impl Insertion {
    /// Returns the text with the entry, whose value is `written`.
    pub(super) fn applied(&self, text: &str, written: &str) -> FileText {
        let (start, comma) = match self.comma {
            Some(at) => (at, ","),
            None => (self.at, ""),
        };
        FileText::new(
            [
                &text[..start],
                comma,
                &text[start..self.at],
                &self.before,
                written,
                &self.after,
                &text[self.at..],
            ]
            .concat(),
        )
    }
}

/// An object that holds an entry, or will hold it.
pub(super) struct Parent<'n> {
    pub(super) at: &'n Range<usize>,
    pub(super) members: &'n [Member],
    pub(super) braces: bool,
}

/// The result of a search for an entry.
pub(super) enum Found<'n> {
    /// It is there, with its object and its number among the members, unless it is an element of a list.
    Standing {
        node: &'n Node,
        holder: Option<(Parent<'n>, usize)>,
    },
    /// Its object is there and does not have it.
    Missing(Parent<'n>),
    /// Its object is not there.
    NoParent(Refusal),
}

impl Node {
    fn kind(&self) -> &'static str {
        match &self.shape {
            Shape::Text(_) => "a string",
            Shape::Object { .. } => "an object",
            Shape::List(_) => "a list",
            Shape::Other(kind, _) => kind,
        }
    }

    /// Returns it as JSON; a number and the like is the text that it is written as.
    pub(super) fn to_value(&self) -> Value {
        match &self.shape {
            Shape::Text(text) | Shape::Other(_, text) => Value::from(text.as_str()),
            Shape::Object { members, .. } => {
                let members = members.iter();
                let entry = |member: &Member| (member.key.clone(), member.value.to_value());
                Value::Object(members.map(entry).collect())
            }
            Shape::List(items) => items.iter().map(Node::to_value).collect(),
        }
    }

    /// Returns the string that this is.
    pub(super) fn text(&self, parts: &[String]) -> Result<&FileText, Refusal> {
        match &self.shape {
            Shape::Text(text) => Ok(text),
            _ => Err(Refusal {
                why: format!("`{}` is {}, not a string", pointer(parts), self.kind()),
                hint: "name a string, or write \"\" there first".to_owned(),
            }),
        }
    }
}

/// Looks for the entry that `parts` lead to.
pub(super) fn find<'n>(root: &'n Node, text: &str, parts: &[String]) -> Result<Found<'n>, Refusal> {
    let (mut node, mut holder) = (root, None);
    for (depth, part) in parts.iter().enumerate() {
        let (walked, is_last) = (&parts[..depth], depth + 1 == parts.len());
        match &node.shape {
            Shape::Object { members, braces } => {
                let parent = Parent {
                    at: &node.at,
                    members,
                    braces: *braces,
                };
                let fitting = members.iter().enumerate();
                let mut fitting = fitting.filter(|(_, member)| member.key == *part);
                match (fitting.next(), fitting.next()) {
                    (Some(_), Some((_, again))) => {
                        return Err(twice(&parts[..=depth], text, again.key_at));
                    }
                    (Some((index, member)), None) => {
                        holder = Some((parent, index));
                        node = &member.value;
                    }
                    (None, _) if is_last => return Ok(Found::Missing(parent)),
                    (None, _) => return Ok(Found::NoParent(no_parent(&parts[..=depth]))),
                }
            }
            Shape::List(elements) => {
                let index = part.parse::<usize>().ok();
                let index = index.filter(|index| index.to_string() == *part);
                let element = index.and_then(|index| elements.get(index));
                let Some(element) = element else {
                    return Err(Refusal {
                        why: format!(
                            "`{}` is a list of {}, without an element `{part}`",
                            shown(walked),
                            elements.len()
                        ),
                        hint: "elements are counted from 0".to_owned(),
                    });
                };
                holder = None;
                node = element;
            }
            Shape::Text(_) | Shape::Other(..) => {
                return Err(Refusal {
                    why: format!("`{}` is {}, not an object", shown(walked), node.kind()),
                    hint: "name an entry of an object".to_owned(),
                });
            }
        }
    }
    Ok(Found::Standing { node, holder })
}

fn shown(parts: &[String]) -> String {
    if parts.is_empty() {
        "/".to_owned()
    } else {
        pointer(parts)
    }
}

fn no_parent(parts: &[String]) -> Refusal {
    Refusal {
        why: format!("there is no `{}`", pointer(parts)),
        hint: "add it to the file first: only the last name of a pointer is added".to_owned(),
    }
}

fn twice(parts: &[String], text: &str, again: usize) -> Refusal {
    Refusal {
        why: format!(
            "`{}` is there more than once, again in line {}",
            pointer(parts),
            line_of(text, again)
        ),
        hint: "remove the entries that do not count".to_owned(),
    }
}

/// Returns the number of the line at `at`, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    1 + before.filter(|byte| **byte == b'\n').count()
}

/// Returns whether `new` is `old` with another string at `parts`, or with one more string there.
pub(super) fn is_same_beside(old: &Node, new: &Node, parts: &[String]) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return matches!((&old.shape, &new.shape), (Shape::Text(_), Shape::Text(_)));
    };
    match (&old.shape, &new.shape) {
        (Shape::Object { members: old, .. }, Shape::Object { members: new, .. }) => {
            let is_named = |member: &&Member| member.key == *first;
            let others = |members: &[Member], of: &[Member]| {
                let one = members.iter().filter(|member| !is_named(member));
                let two = of.iter().filter(|member| !is_named(member));
                one.clone().count() == two.clone().count()
                    && one
                        .zip(two)
                        .all(|(one, two)| one.key == two.key && is_same(&one.value, &two.value))
            };
            let named = match (old.iter().find(is_named), new.iter().find(is_named)) {
                (Some(old), Some(new)) => is_same_beside(&old.value, &new.value, rest),
                (None, Some(new)) => rest.is_empty() && matches!(new.value.shape, Shape::Text(_)),
                (_, None) => false,
            };
            named && others(old, new)
        }
        (Shape::List(old), Shape::List(new)) => {
            let named = first.parse::<usize>().ok();
            old.len() == new.len()
                && old.iter().zip(new).enumerate().all(|(index, (old, new))| {
                    if Some(index) == named {
                        is_same_beside(old, new, rest)
                    } else {
                        is_same(old, new)
                    }
                })
        }
        _ => false,
    }
}

/// Returns whether two nodes hold the same, wherever they stand.
fn is_same(one: &Node, two: &Node) -> bool {
    match (&one.shape, &two.shape) {
        (Shape::Text(one), Shape::Text(two)) => one == two,
        (Shape::Other(kind, one), Shape::Other(other, two)) => kind == other && one == two,
        (Shape::List(one), Shape::List(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| is_same(one, two))
        }
        (Shape::Object { members: one, .. }, Shape::Object { members: two, .. }) => {
            one.len() == two.len()
                && one
                    .iter()
                    .zip(two)
                    .all(|(one, two)| one.key == two.key && is_same(&one.value, &two.value))
        }
        _ => false,
    }
}
