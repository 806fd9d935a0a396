//! `-F NAME=VALUE`: fields of a request, with the types that `gh api` gives them.

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::super::Context;
use crate::core::error::{Error, Result};
use crate::core::untrusted::mask_typed_secret;
use crate::manifest::plain_text;
use crate::platform::files;

/// The most that is read of a file or of stdin for one field, in bytes.
const MAX_FIELD_BYTES: usize = 4 << 20;

/// Reads the fields, in their order; `@FILE` and `@-` are replaced by the text of a file or of stdin.
pub(super) fn read(texts: &[String], context: &Context<'_>) -> Result<Vec<Field>> {
    let mut stdin_is_read = false;
    let mut fields = Vec::new();
    for text in texts {
        let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.is_empty()) else {
            return Err(Error::usage("a field is written NAME=VALUE")
                .hint("for example: -F name=ci -F enabled=true -F note=@note.txt"));
        };
        let from_elsewhere = value.starts_with('@');
        let value = match value.strip_prefix('@') {
            Some("-") if stdin_is_read => {
                return Err(Error::usage("two fields read stdin").hint("use `@-` once"));
            }
            Some("-") => {
                stdin_is_read = true;
                let bytes = context.platform.terminal.read_stdin(MAX_FIELD_BYTES);
                let bytes = bytes
                    .map_err(|error| Error::usage("stdin could not be read").caused_by(error))?;
                Value::String(as_text(name, bytes)?)
            }
            Some(path) => {
                let path = context.platform.folder.join(path);
                let bytes = files::read_named(&path, MAX_FIELD_BYTES as u64)?;
                let bytes = bytes.ok_or_else(|| {
                    Error::usage(format!("there is no file `{}`", path.display()))
                        .hint("`@` reads the value of a field from a file")
                })?;
                Value::String(as_text(name, bytes)?)
            }
            None => typed(value),
        };
        fields.push(Field {
            name: name.to_owned(),
            value,
            from_elsewhere,
        });
    }
    Ok(fields)
}

/// A field of a request.
pub(super) struct Field {
    name: String,
    value: Value,
    /// The value did not stand on the command line.
    from_elsewhere: bool,
}

fn as_text(name: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| {
        Error::usage(format!(
            "the value of the field `{}` is not text",
            mask_typed_secret(name)
        ))
    })
}

/// Returns the value of a word: `true`, `false`, `null`, a number, or else the text itself.
fn typed(text: &str) -> Value {
    match serde_json::from_str::<Value>(text) {
        Ok(value @ (Value::Bool(_) | Value::Null)) => value,
        // A number that would come out otherwise, such as an id of twenty digits, stays text.
        Ok(Value::Number(number)) if number.to_string() == text => Value::Number(number),
        _ => Value::String(text.to_owned()),
    }
}

/// Returns the fields as a query, and the form of it that may be shown.
pub(super) fn as_query(fields: &[Field]) -> (String, String) {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut shown = form_urlencoded::Serializer::new(String::new());
    for field in fields {
        let value = plain_text(&field.value).unwrap_or_default();
        query.append_pair(&field.name, &value);
        let value = if field.from_elsewhere { "***" } else { &value };
        shown.append_pair(&field.name, value);
    }
    (query.finish(), shown.finish())
}

/// Returns the fields as a JSON object: `a[b]=1` is in an object `a`, and `a[]=1` in a list `a`.
pub(super) fn as_json(fields: Vec<Field>) -> Result<Value> {
    let mut root = Value::Object(Map::new());
    for field in fields {
        let wrong = || {
            Error::usage(format!(
                "the field `{}` does not fit the others",
                mask_typed_secret(&field.name)
            ))
            .hint("write `a[b]=1` for an object in an object, and `a[]=1` for each item of a list")
        };
        let way = path(&field.name).ok_or_else(wrong)?;
        if !insert(&mut root, &way, &field.value) {
            return Err(wrong());
        }
    }
    Ok(root)
}

/// Returns the keys that lead to a field; `None` stands for the next item of a list.
fn path(name: &str) -> Option<Vec<Option<&str>>> {
    let Some((first, rest)) = name.split_once('[') else {
        return Some(vec![Some(name)]);
    };
    let inside = rest.strip_suffix(']').filter(|_| !first.is_empty())?;
    let mut way = vec![Some(first)];
    for key in inside.split("][") {
        if key.contains(['[', ']']) {
            return None;
        }
        way.push((!key.is_empty()).then_some(key));
    }
    Some(way)
}

/// Puts a value at a place; false if something of another form is there.
fn insert(at: &mut Value, way: &[Option<&str>], value: &Value) -> bool {
    let Some((key, rest)) = way.split_first() else {
        let is_free = at.is_null();
        if is_free {
            *at = value.clone();
        }
        return is_free;
    };
    if let Some(key) = key {
        return insert_in_object(at, key, rest, value);
    }
    if at.is_null() {
        *at = Value::Array(Vec::new());
    }
    let Value::Array(items) = at else {
        return false;
    };
    // Keys of an item follow each other: the first that is there already begins the next item.
    let goes_on = match (rest.first(), items.last()) {
        (Some(Some(key)), Some(Value::Object(last))) => rest.len() > 1 || !last.contains_key(*key),
        _ => false,
    };
    if !goes_on {
        items.push(Value::Null);
    }
    items
        .last_mut()
        .is_some_and(|item| insert(item, rest, value))
}

fn insert_in_object(at: &mut Value, key: &str, rest: &[Option<&str>], value: &Value) -> bool {
    if at.is_null() {
        *at = Value::Object(Map::new());
    }
    let Value::Object(table) = at else {
        return false;
    };
    let place = table.entry(key.to_owned()).or_insert(Value::Null);
    // A field that is given twice counts with its last value.
    if rest.is_empty() && !place.is_object() && !place.is_array() {
        *place = Value::Null;
    }
    insert(place, rest, value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(texts: &[&str]) -> Vec<Field> {
        let field = |text: &&str| {
            let (name, value) = text.split_once('=').unwrap();
            Field {
                name: name.to_owned(),
                value: typed(value),
                from_elsewhere: false,
            }
        };
        texts.iter().map(field).collect()
    }

    #[test]
    fn field_value_has_its_type() {
        for (text, value) in [
            ("true", json!(true)),
            ("false", json!(false)),
            ("null", json!(null)),
            ("7", json!(7)),
            ("-3", json!(-3)),
            ("1.5", json!(1.5)),
            ("007", json!("007")),
            ("1e3", json!("1e3")),
            ("12345678901234567890123", json!("12345678901234567890123")),
            ("True", json!("True")),
            ("\"7\"", json!("\"7\"")),
            ("[1]", json!("[1]")),
            ("", json!("")),
            (" 7", json!(" 7")),
            ("-", json!("-")),
        ] {
            assert_eq!(typed(text), value, "{text}");
        }
    }

    #[test]
    fn fields_nest_by_brackets() {
        let object = |texts: &[&str]| as_json(fields(texts)).map_err(|error| error.to_string());
        assert_eq!(
            object(&["a=1", "b[c]=x", "b[d][e]=null", "l[]=1", "l[]=two", "a=2"]).unwrap(),
            json!({ "a": 2, "b": { "c": "x", "d": { "e": null } }, "l": [1, "two"] })
        );
        assert_eq!(
            object(&["l[][a]=1", "l[][b]=2", "l[][a]=3"]).unwrap(),
            json!({ "l": [{ "a": 1, "b": 2 }, { "a": 3 }] })
        );
        for texts in [
            &["a=1", "a[b]=2"][..],
            &["a[]=1", "a[b]=2"],
            &["a[=1"],
            &["[a]=1"],
            &["a[b]c=1"],
        ] {
            assert!(object(texts).is_err(), "{texts:?}");
        }
    }

    #[test]
    fn fields_of_query_are_encoded() {
        let (query, shown) = as_query(&fields(&["q=a b&c", "n=2", "x=null"]));
        assert_eq!(query, "q=a+b%26c&n=2&x=");
        assert_eq!(shown, query);
    }
}
