//! JSON Pointers, with a `*` for every element, and placeholders for the parts of an address.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// A JSON Pointer (RFC 6901). A part `*` matches every element of an array or value of an object, and several of them
/// make one flat list. A part `{name}` is a placeholder; until it is filled, it stands for any one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Returns whether it points to the whole.
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the pointer to the value around; the whole has none.
    pub fn parent(&self) -> Option<Pointer> {
        let (_, around) = self.0.split_last()?;
        Some(Pointer(around.to_vec()))
    }

    /// Returns the names in its placeholders.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| placeholder(part))
    }

    /// Returns the pointer with each placeholder filled as one name; `None` if a value is not known.
    pub fn filled(&self, known: impl Fn(&str) -> Option<String>) -> Option<Cow<'_, Pointer>> {
        if self.placeholders().next().is_none() {
            return Some(Cow::Borrowed(self));
        }
        let part = |part: &String| match placeholder(part) {
            Some(name) => known(name),
            None => Some(part.clone()),
        };
        let parts: Option<Vec<String>> = self.0.iter().map(part).collect();
        Some(Cow::Owned(Pointer(parts?)))
    }

    /// Returns the value it points to; with a `*`, an array of all of them.
    pub fn find<'v>(&self, value: &'v Value) -> Option<Cow<'v, Value>> {
        let Some(star) = self.0.iter().position(|part| part == "*") else {
            return self.0.iter().try_fold(value, child).map(Cow::Borrowed);
        };
        let within = self.0[..star].iter().try_fold(value, child)?;
        let mut found = Vec::new();
        gather(within, &self.0[star..], &mut found)?;
        Some(Cow::Owned(Value::Array(found)))
    }
}

impl Pointer {
    /// Returns the value it points to, to be taken; `None` also if it has a `*`.
    pub fn find_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        self.0.iter().try_fold(value, |value, part| match value {
            Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?),
            Value::Object(entries) => entries.get_mut(part),
            _ => None,
        })
    }
}

fn child(value: &Value, part: impl AsRef<str>) -> Option<&Value> {
    match value {
        Value::Array(items) => items.get(part.as_ref().parse::<usize>().ok()?),
        Value::Object(entries) => match entries.get(part.as_ref()) {
            None if placeholder(part.as_ref()).is_some() => entries.values().next(),
            found => found,
        },
        _ => None,
    }
}

/// Returns the name of a placeholder, if a part is one.
pub fn placeholder(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

/// Adds everything that `parts` lead to; `None` if a `*` applies to a value without elements.
fn gather(value: &Value, parts: &[String], found: &mut Vec<Value>) -> Option<()> {
    match parts.split_first() {
        None => found.push(value.clone()),
        Some((part, rest)) if part == "*" => match value {
            Value::Array(items) => items.iter().for_each(|item| {
                gather(item, rest, found);
            }),
            Value::Object(entries) => entries.values().for_each(|entry| {
                gather(entry, rest, found);
            }),
            _ => return None,
        },
        Some((part, rest)) => gather(child(value, part)?, rest, found)?,
    }
    Some(())
}

impl std::str::FromStr for Pointer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Pointer(Vec::new()));
        }
        let rest = text.strip_prefix('/').ok_or_else(|| {
            format!(
                "`{text}` is not a JSON Pointer: it must start with `/`, or be empty for the whole"
            )
        })?;
        Ok(Pointer(rest.split('/').map(unescaped_part).collect()))
    }
}

/// Returns a name as a part of a JSON Pointer.
pub fn escaped_part(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Returns the name that a part of a JSON Pointer stands for.
pub fn unescaped_part(part: &str) -> String {
    // Hardly any part is escaped, and every start of the program reads hundreds of them.
    if part.contains('~') {
        part.replace("~1", "/").replace("~0", "~")
    } else {
        part.to_owned()
    }
}

impl std::fmt::Display for Pointer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in &self.0 {
            write!(f, "/{}", escaped_part(part))?;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}
