//! Published facts about the calls that a manifest makes.
//!
//! A field is `TYPE` and its marks: `!` required, `+` not required by the document but part of every key, `?` may be
//! `null`; then `MIN..MAX` for a length or a number, `in:a,b` for the words, `is:JSON` for the value that is answered.

use std::collections::BTreeMap;

use jiff::Timestamp;
use keywright::manifest::Verb;
use serde::Deserialize;
use serde_json::{Value, json};

use super::graphql::GraphQl;

/// The facts of one service.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    /// The manifests that they hold for.
    pub(super) manifests: Vec<String>,
    /// Repository, commit and path of the document, and the day it was read.
    #[expect(dead_code, reason = "for readers of the table")]
    source: String,
    #[expect(dead_code, reason = "for readers of the table")]
    read: String,
    /// The beginning of every path.
    pub(super) base: String,
    /// Pointers that the manifest reads although the document does not have them, each with its reason in a comment.
    #[serde(default)]
    pub(super) beside: Vec<String>,
    /// The operations in which 401 does not say that the credential is refused, each with its reason in a comment.
    #[serde(default)]
    pub(super) hidden: Vec<Verb>,
    /// The fields of a refusal.
    #[serde(default)]
    refusal: Fields,
    /// The types of a service that is asked in `GraphQL`.
    #[serde(default)]
    pub(super) graphql: GraphQl,
    /// Says that responses are XML as the Query protocol of AWS writes it.
    #[serde(default)]
    xml: bool,
    /// The calls: `METHOD PATH`, and after a `#` the `Action` in the form.
    calls: BTreeMap<String, CallFacts>,
}

/// The facts of one call.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallFacts {
    /// The statuses: of success first, then those of refusals.
    statuses: Vec<u16>,
    /// The headers that it must have.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) query: Fields,
    /// The body by JSON Pointers; of a form with one part each.
    #[serde(default)]
    pub(super) body: Fields,
    /// Says that the body is a query of `GraphQL`.
    #[serde(default)]
    pub(super) is_query: bool,
    /// Says that the body is a form.
    #[serde(default)]
    pub(super) form: bool,
    /// The response by JSON Pointers; the root is `""`.
    #[serde(default)]
    response: Fields,
    /// A response that is text.
    text: Option<String>,
}

/// Fields by name or JSON Pointer, `*` for every element.
pub(super) type Fields = BTreeMap<String, FieldFact>;

/// The response to make up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Answer {
    /// With every field.
    Full,
    /// With the required fields alone.
    RequiredOnly,
    /// With `null` wherever the document allows it.
    Nulls,
    /// A refusal of that status; 0 for any documented one.
    Refusal(u16),
}

/// The facts of one field.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct FieldFact {
    kind: String,
    required: bool,
    needed: bool,
    nullable: bool,
    min: Option<i64>,
    max: Option<i64>,
    words: Vec<String>,
    sample: Option<Value>,
}

impl TryFrom<String> for FieldFact {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (head, mut rest) = text.split_once(' ').unwrap_or((&text, ""));
        let kind = head.trim_end_matches(['!', '?', '+']);
        let mut fact = FieldFact {
            kind: kind.to_owned(),
            required: head.contains('!'),
            needed: head.contains('+'),
            nullable: head.contains('?'),
            min: None,
            max: None,
            words: Vec::new(),
            sample: None,
        };
        while !rest.is_empty() {
            if let Some(json) = rest.strip_prefix("is:") {
                fact.sample =
                    Some(serde_json::from_str(json).map_err(|why| format!("{text}: {why}"))?);
                break;
            }
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            rest = after;
            if let Some(words) = word.strip_prefix("in:") {
                fact.words = words.split(',').map(str::to_owned).collect();
            } else if let Some((min, max)) = word.split_once("..") {
                (fact.min, fact.max) = (min.parse().ok(), max.parse().ok());
            } else {
                return Err(format!("`{word}` in `{text}`"));
            }
        }
        fact.sample().map(|_| fact)
    }
}

impl FieldFact {
    /// Returns the value that a response has.
    pub(super) fn sample(&self) -> Result<Value, String> {
        if let Some(sample) = &self.sample {
            return Ok(sample.clone());
        }
        Ok(match self.kind.as_str() {
            "string" if self.words.is_empty() => json!("sample-0123456789"),
            "string" => json!(self.words[0]),
            "time" => json!("2027-01-01T00:00:00Z"),
            "date" => json!("2027-01-01"),
            "integer" => json!(self.min.unwrap_or(7)),
            "unix" => json!(1_798_761_600),
            "unix-ms" => json!(1_798_761_600_000_i64),
            "number" => json!(1.5),
            "boolean" => json!(true),
            "array" => json!([]),
            "object" | "any" => json!({}),
            other => return Err(format!("there is no type `{other}`")),
        })
    }

    /// Returns why a value that is sent is not such a field.
    pub(super) fn objection(&self, value: &Value) -> Option<String> {
        let length = |length: usize| i64::try_from(length).ok();
        let size = match (self.kind.as_str(), value) {
            (_, Value::Null) if self.nullable => return None,
            ("any", _) => return None,
            ("string", Value::String(text)) => length(text.chars().count()),
            ("time", Value::String(text)) if text.parse::<Timestamp>().is_ok() => None,
            ("date", Value::String(text)) if text.parse::<jiff::civil::Date>().is_ok() => None,
            ("integer" | "unix" | "unix-ms", Value::Number(number)) if number.is_i64() => {
                number.as_i64()
            }
            ("number", Value::Number(number)) => number.as_i64(),
            ("array", Value::Array(items)) => length(items.len()),
            ("boolean", Value::Bool(_)) | ("object", Value::Object(_)) => None,
            _ => return Some(format!("{value} is not of the type {}", self.kind)),
        };
        let outside = size.is_some_and(|size| {
            self.min.is_some_and(|min| size < min) || self.max.is_some_and(|max| size > max)
        });
        let word = value.as_str().unwrap_or_default();
        let foreign = !self.words.is_empty() && !self.words.iter().any(|one| one == word);
        (outside || foreign).then(|| format!("{value} is not among what is allowed"))
    }

    /// Returns whether a call must have it.
    pub(super) fn is_required(&self) -> bool {
        self.required
    }

    /// Returns whether anything may stand in it.
    pub(super) fn is_any(&self) -> bool {
        self.kind == "any"
    }

    /// Returns the value for text, as in a query.
    pub(super) fn read(&self, text: &str) -> Value {
        match self.kind.as_str() {
            "integer" | "number" | "boolean" | "unix" | "unix-ms" => {
                serde_json::from_str(text).unwrap_or_else(|_| json!(text))
            }
            _ => json!(text),
        }
    }
}

impl Facts {
    /// Returns every status with which a call may be refused.
    pub(super) fn refusals(&self) -> Vec<u16> {
        let mut all: Vec<u16> = self
            .calls
            .values()
            .flat_map(|call| call.statuses.clone())
            .collect();
        all.retain(|status| *status >= 400);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns the call of a request, the one with the fewest placeholders first.
    pub(super) fn call(&self, method: &str, url: &str, form: &str) -> Option<&CallFacts> {
        let acts = |action: &str| form.split('&').any(|one| one == format!("Action={action}"));
        let fits = |call: &&String| {
            let (call, action) = call.split_once('#').unwrap_or((call.as_str(), ""));
            call.split_once(' ').is_some_and(|(its_method, path)| {
                its_method == method
                    && is_like(url, &format!("{}{path}", self.base))
                    && (action.is_empty() || acts(action))
            })
        };
        let call = self
            .calls
            .keys()
            .filter(fits)
            .min_by_key(|call| call.matches('{').count())?;
        self.calls.get(call)
    }

    /// Returns the status and the body of a response.
    pub(super) fn answer(&self, call: &CallFacts, answer: Answer, sent: &Value) -> (u16, String) {
        let body = |fields: &Fields| {
            let body = (!fields.is_empty()).then(|| sample(fields, answer))?;
            Some(if self.xml {
                xml(&body)
            } else {
                body.to_string()
            })
        };
        if let Answer::Refusal(status) = answer {
            let documented = call.statuses.iter().find(|one| **one >= 400);
            let status = if status == 0 {
                *documented.unwrap_or(&400)
            } else {
                status
            };
            return (status, body(&self.refusal).unwrap_or_default());
        }
        if call.is_query {
            let response = self.graphql.answer(sent, answer);
            return (call.statuses[0], response.to_string());
        }
        let text = call.text.clone().or_else(|| body(&call.response));
        (call.statuses[0], text.unwrap_or_default())
    }
}

/// Returns whether a URL is what a pattern with placeholders describes, part by part.
fn is_like(url: &str, pattern: &str) -> bool {
    let parts = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (url, pattern) = (parts(url), parts(pattern));
    url.len() == pattern.len()
        && url
            .iter()
            .zip(&pattern)
            .all(|(part, like)| match (like.find('{'), like.rfind('}')) {
                (Some(from), Some(to)) => {
                    let (head, tail) = (&like[..from], &like[to + 1..]);
                    part.len() > head.len() + tail.len()
                        && part.starts_with(head)
                        && part.ends_with(tail)
                }
                _ => part == like,
            })
}

/// Writes a value as XML: the elements of a list are called `member`.
fn xml(value: &Value) -> String {
    let tag = |(name, value): (&String, &Value)| format!("<{name}>{}</{name}>", xml(value));
    match value {
        Value::Object(entries) => entries.iter().map(tag).collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| tag((&"member".to_owned(), item)))
            .collect(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Makes up a response.
fn sample(fields: &Fields, answer: Answer) -> Value {
    let mut root = fields
        .get("")
        .map_or(json!({}), |fact| fact.sample().unwrap_or_default());
    for (pointer, fact) in fields.iter().filter(|(pointer, _)| !pointer.is_empty()) {
        let left_out = answer == Answer::RequiredOnly && !fact.required && !fact.needed;
        let (within, name) = pointer.rsplit_once('/').expect("a JSON Pointer");
        let Some(parent) = root.pointer_mut(&within.replace('*', "0")) else {
            continue;
        };
        let value = match answer {
            Answer::Nulls if fact.nullable => Value::Null,
            _ => fact.sample().unwrap_or_default(),
        };
        match parent {
            Value::Array(items) if name == "*" && items.is_empty() => items.push(value),
            Value::Object(entries) if !left_out && name != "*" => {
                entries.insert(name.replace("~1", "/").replace("~0", "~"), value);
            }
            _ => {}
        }
    }
    root
}
