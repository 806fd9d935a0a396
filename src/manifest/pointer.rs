//! JSON Pointers, with a `*` for every element.

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// A JSON Pointer (RFC 6901); a part `*` stands for every element of an array or value of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// The value it points to; with a `*`, an array of all of them.
    pub fn find(&self, value: &Value) -> Option<Value> {
        follow(value, &self.0)
    }
}

fn follow(value: &Value, parts: &[String]) -> Option<Value> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(value.clone());
    };
    if part == "*" {
        let children: Vec<&Value> = match value {
            Value::Array(items) => items.iter().collect(),
            Value::Object(entries) => entries.values().collect(),
            _ => return None,
        };
        let found = children
            .into_iter()
            .filter_map(|child| follow(child, rest))
            .collect();
        return Some(Value::Array(found));
    }
    let child = match value {
        Value::Array(items) => items.get(part.parse::<usize>().ok()?)?,
        Value::Object(entries) => entries.get(part)?,
        _ => return None,
    };
    follow(child, rest)
}

impl std::str::FromStr for Pointer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Pointer(Vec::new()));
        }
        let rest = text.strip_prefix('/').ok_or_else(|| {
            format!("`{text}` is no JSON Pointer: it starts with `/`, or is empty for the whole")
        })?;
        Ok(Pointer(rest.split('/').map(unescaped).collect()))
    }
}

fn unescaped(part: &str) -> String {
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
            write!(f, "/{}", part.replace('~', "~0").replace('/', "~1"))?;
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
