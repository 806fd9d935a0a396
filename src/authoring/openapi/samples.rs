//! Values made up from a description: responses by their schemas, inputs by the lines of a body.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::document::{Document, list};
use super::inputs::Inputs;
use super::words::{has_any, words};
use super::write::quoted;
use crate::manifest::{plain_text, unescaped_part};

/// The deepest nesting of a value.
const MAX_DEPTH: usize = 6;

/// The day of an example, at midnight.
const DAY: &str = "2026-11-20T00:00:00Z";

/// Returns a value that a schema describes.
pub(super) fn sample(document: &Document, schema: &Value) -> Value {
    within(document, schema, "", 0)
}

fn within(document: &Document, schema: &Value, name: &str, depth: usize) -> Value {
    let said = ["example", "const", "default"]
        .into_iter()
        .filter_map(|key| document.attribute(schema, key))
        .find(|value| !(value.is_null() || value.is_object() || value.is_array()));
    let word = list(document.attribute(schema, "enum").unwrap_or(&Value::Null));
    if let Some(known) = said.or_else(|| word.into_iter().find(|word| !word.is_null())) {
        return known.clone();
    }
    match document.kind(schema) {
        "array" => match document.items(schema).filter(|_| depth < MAX_DEPTH) {
            Some(items) => json!([within(document, items, name, depth + 1)]),
            None => json!([]),
        },
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "object" | "" if depth < MAX_DEPTH && !document.properties(schema).is_empty() => {
            let fields = document.properties(schema).into_iter();
            let entry = |name: &str, schema: &Value| {
                (name.to_owned(), within(document, schema, name, depth + 1))
            };
            let all: Map<String, Value> = fields.map(|one| entry(one.name, one.schema)).collect();
            Value::Object(all)
        }
        "object" => json!({}),
        _ => text(document.text(schema, "format"), name),
    }
}

fn text(format: &str, name: &str) -> Value {
    let name = words(name);
    let is_time = has_any(
        &name,
        &[
            "at",
            "date",
            "time",
            "timestamp",
            "created",
            "expires",
            "expiration",
            "expiry",
        ],
    );
    Value::from(match format {
        "date" => "2026-01-01".to_owned(),
        "date-time" => "2026-01-01T00:00:00Z".to_owned(),
        "uri" | "url" => "https://www.example.com".to_owned(),
        "email" => "ada@example.com".to_owned(),
        "uuid" => "00000000-0000-4000-8000-000000000001".to_owned(),
        _ if is_time => "2026-01-01T00:00:00Z".to_owned(),
        _ if name.is_empty() => "example".to_owned(),
        _ => format!("example-{}", name.join("-")),
    })
}

/// Sets the signs of further pages in a response so that it is the last.
pub(super) fn make_last(value: &mut Value, paging: &str) {
    for (sign, last) in [
        ("next", Value::Null),
        ("more", json!(false)),
        ("total", json!(1)),
        ("pages", json!(1)),
    ] {
        let place = paging.split(&format!(" {sign} = \"")).nth(1);
        let at = place.and_then(|rest| rest.split('"').next());
        if let Some(found) = at.and_then(|at| value.pointer_mut(at)) {
            *found = last;
        }
    }
}

/// The inputs of an example, and the body that they become.
pub(super) struct Sent {
    /// The inputs by name, each as TOML.
    pub(super) inputs: Vec<(String, String)>,
    /// The body as it is sent.
    pub(super) body: String,
}

/// Fills the lines of a body, as a manifest writes them; those of parameters that are not required are left out.
pub(super) fn sent(lines: &[String], is_form: bool, inputs: &Inputs, id: &str) -> Option<Sent> {
    let mut given: Vec<(String, String)> = Vec::new();
    let mut fields: Vec<(&str, Value)> = Vec::new();
    for line in lines {
        let part = |key: &str| {
            let (_, rest) = line.split_once(&format!("{key} = \""))?;
            rest.split('"').next()
        };
        let at = part("at")?;
        if let Some((_, constant)) = line.split_once(", value = ") {
            let constant = constant.trim_end_matches(" }");
            fields.push((at, serde_json::from_str(constant).ok()?));
            continue;
        }
        let name = part("from")?;
        if name == "id" {
            fields.push((at, Value::from(id)));
            continue;
        }
        let declared = inputs.parameters.iter().find(|(known, _)| known == name);
        let rest = declared.map_or("", |(_, rest)| rest.as_str());
        if name != "name" && !rest.contains("required = true") {
            continue;
        }
        let (input, value) = filled(name, rest, part("as").unwrap_or_default())?;
        given.push((name.to_owned(), input));
        fields.push((at, value));
    }
    Some(Sent {
        inputs: given,
        body: written(&fields, is_form),
    })
}

/// Returns an input as TOML, and the value that is sent for it.
fn filled(name: &str, rest: &str, form: &str) -> Option<(String, Value)> {
    let after = |key: &str| rest.split(&format!("{key} = \"")).nth(1)?.split('"').next();
    let choice = rest.split("choices = [\"").nth(1);
    let choice = choice.and_then(|rest| rest.split('"').next());
    let word = choice.unwrap_or(if name == "name" { "ci" } else { "example" });
    Some(match (name, form) {
        ("expires", _) => {
            let span = after("max").or_else(|| after("min")).unwrap_or("30d");
            (quoted(span), moment(span, form)?)
        }
        ("scopes", "") => (format!("[{}]", quoted(word)), json!([word])),
        ("scopes", _) => (format!("[{}]", quoted(word)), json!(word)),
        (_, "integer") => (quoted("1"), json!(1)),
        (_, "boolean") => (quoted("true"), json!(true)),
        (_, "list") => (quoted(word), json!([word])),
        (_, "json") => (quoted("{}"), json!({})),
        _ => (quoted(word), json!(word)),
    })
}

/// Returns the end of a span that begins on the day of the examples, in a form of the manifest language.
fn moment(span: &str, form: &str) -> Option<Value> {
    let (number, unit) = span.split_at(span.len().checked_sub(1)?);
    let seconds = number.parse::<i64>().ok()?
        * match unit {
            "d" => 86_400,
            "h" => 3600,
            "m" => 60,
            _ => 1,
        };
    let end = DAY.parse::<Timestamp>().ok()?;
    let end = end.checked_add(SignedDuration::from_secs(seconds)).ok()?;
    Some(match form {
        "days" => json!(seconds / 86_400),
        "hours" => json!(seconds / 3600),
        "minutes" => json!(seconds / 60),
        "seconds" => json!(seconds),
        "milliseconds" => json!(seconds * 1000),
        "unix" => json!(end.as_second()),
        "unix-ms" => json!(end.as_millisecond()),
        "duration" => json!(format!("{seconds}s")),
        "date" => json!(end.to_zoned(TimeZone::UTC).date().to_string()),
        _ => json!(end.to_string()),
    })
}

fn written(fields: &[(&str, Value)], is_form: bool) -> String {
    if is_form {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields {
            form.append_pair(name, &plain_text(value).unwrap_or_default());
        }
        return form.finish();
    }
    let mut body = Value::Object(Map::new());
    for (at, value) in fields {
        put(&mut body, at, value.clone());
    }
    body.to_string()
}

/// Puts a value at a location, in new objects and lists where there are none.
fn put(body: &mut Value, at: &str, value: Value) {
    let mut place = body;
    for part in at.split('/').skip(1) {
        if part == "0" {
            *place = json!([null]);
            place = &mut place[0];
            continue;
        }
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[unescaped_part(part)];
    }
    *place = value;
}
