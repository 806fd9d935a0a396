//! How an answer is read: JSON Pointers with ordered alternatives, and a closed set of transforms.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::de::{self, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::pattern::Pattern;
use super::pointer::Pointer;
use super::source::plain_text;
use super::times;
use crate::secret::Secret;

/// An answer as it is read: status, headers in lower case, and the body as JSON.
#[derive(Debug, Default)]
pub struct Seen {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; text that is no JSON becomes a string, nothing becomes `null`.
    pub body: Value,
}

impl Seen {
    /// The first header of that name; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }
}

/// One place to read from, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// A place in the body.
    pub at: Option<Pointer>,
    /// A header of the answer.
    pub header: Option<String>,
    /// A constant.
    pub value: Option<Value>,
    /// How it is understood.
    #[serde(rename = "as", default)]
    pub form: ReadAs,
    /// Other words for the values; one that is not listed is absent.
    #[serde(default)]
    pub map: BTreeMap<String, Value>,
    /// What of the text is meant: the first group of a regular expression.
    pub cut: Option<Pattern>,
}

/// How a value is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadAs {
    /// As it is.
    #[default]
    Plain,
    /// True where the value is false, and the other way round.
    Not,
    /// A list, from text with commas.
    Comma,
    /// A list, from text with spaces.
    Space,
    /// The names in an object.
    Keys,
    /// A moment, in any form that is clear by itself.
    Time,
    /// Milliseconds since 1970.
    UnixMs,
    /// Seconds from now.
    Seconds,
    /// Minutes from now.
    Minutes,
    /// Days from now.
    Days,
    /// Milliseconds from now.
    Milliseconds,
    /// A span from now, `24h`.
    Duration,
    /// The `exp` of a JWT.
    Jwt,
}

/// Places to read from, the first that has something.
#[derive(Debug, Clone, Default)]
pub struct Reads(pub Vec<Read>);

impl Reads {
    /// The first value that is there; an empty text and `null` are not.
    pub fn value(&self, seen: &Seen, within: &Value, now: Timestamp) -> Option<Value> {
        self.0.iter().find_map(|read| read.value(seen, within, now))
    }

    /// The first value that is there, as text.
    pub fn text(&self, seen: &Seen, within: &Value, now: Timestamp) -> Option<String> {
        self.0
            .iter()
            .find_map(|read| plain_text(&read.value(seen, within, now)?))
    }

    /// The first moment that is there.
    pub fn moment(&self, seen: &Seen, within: &Value, now: Timestamp) -> Option<Timestamp> {
        self.0.iter().find_map(|read| {
            let value = read.value(seen, within, now)?;
            times::read_moment(&value)
        })
    }

    /// The first secret that is there; what is masked is none.
    pub fn secret(&self, seen: &Seen, within: &Value, now: Timestamp) -> Option<Secret> {
        self.0.iter().find_map(|read| {
            // A number or a truth value is something else that stands in the same place.
            let value = read.value(seen, within, now)?;
            let text = value.as_str()?;
            // A line break or an escape in a key is an attack or a mistake; no header could carry it.
            let usable = !is_masked(text) && !text.chars().any(char::is_control);
            usable.then(|| Secret::new(text))
        })
    }

    /// The first list of texts that is there; a single text is a list of one.
    pub fn texts(&self, seen: &Seen, within: &Value, now: Timestamp) -> Option<Vec<String>> {
        match self.value(seen, within, now)? {
            Value::Array(items) => Some(items.iter().filter_map(plain_text).collect()),
            other => Some(vec![plain_text(&other)?]),
        }
    }
}

/// Whether a text stands for a secret that is not shown: empty, or with an ellipsis or stars in it.
pub fn is_masked(text: &str) -> bool {
    text.is_empty() || text.contains('*') || text.contains("...") || text.contains('…')
}

impl Read {
    fn value(&self, seen: &Seen, within: &Value, now: Timestamp) -> Option<Value> {
        let found = if let Some(pointer) = &self.at {
            pointer.find(within)?
        } else if let Some(header) = &self.header {
            Value::String(seen.header(&header.to_ascii_lowercase())?.to_owned())
        } else {
            return self.value.clone();
        };
        let found = match &self.cut {
            Some(pattern) => Value::String(pattern.first_group(&plain_text(&found)?)?),
            None => found,
        };
        let found = self.form.understand(found, now)?;
        if self.map.is_empty() {
            return Some(found).filter(|value| !is_nothing(value));
        }
        self.map.get(&plain_text(&found)?).cloned()
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

impl ReadAs {
    fn understand(self, value: Value, now: Timestamp) -> Option<Value> {
        const SECOND: Duration = Duration::from_secs(1);
        let list = |separator: char| -> Option<Value> {
            let text = plain_text(&value)?;
            Some(Value::Array(
                text.split(separator)
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(Value::from)
                    .collect(),
            ))
        };
        let from_now = |unit: Duration| times::after(now, number(&value)?, unit);
        let moment = match self {
            ReadAs::Plain => return Some(value),
            ReadAs::Not => return Some(Value::Bool(!truth(&value)?)),
            ReadAs::Comma => return list(','),
            ReadAs::Space => return list(' '),
            ReadAs::Keys => {
                let names = value.as_object()?.keys().cloned().map(Value::from);
                return Some(Value::Array(names.collect()));
            }
            ReadAs::Time => times::read_moment(&value),
            ReadAs::UnixMs => times::unix_milliseconds(number(&value)?),
            ReadAs::Seconds => from_now(SECOND),
            ReadAs::Minutes => from_now(SECOND * 60),
            ReadAs::Days => from_now(SECOND * 86_400),
            ReadAs::Milliseconds => from_now(SECOND / 1000),
            ReadAs::Duration => {
                let span = times::read_span(&plain_text(&value)?)?;
                times::after(now, span.as_secs_f64(), SECOND)
            }
            ReadAs::Jwt => jwt_expiry(&plain_text(&value)?),
        };
        moment.map(|moment| Value::String(moment.to_string()))
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        _ => None,
    }
}

/// The moment a JWT says that it ends; its signature is the server's business.
pub fn jwt_expiry(token: &str) -> Option<Timestamp> {
    times::read_moment(jwt_claims(token)?.get("exp")?)
}

/// Who a JWT says that it belongs to.
pub fn jwt_subject(token: &str) -> Option<String> {
    let claims = jwt_claims(token)?;
    ["email", "preferred_username", "name", "sub"]
        .iter()
        .find_map(|name| plain_text(claims.get(name)?))
}

fn jwt_claims(token: &str) -> Option<Value> {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let mut parts = token.split('.');
    let claims = parts.nth(1).filter(|_| parts.next().is_some())?;
    let bytes = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

impl<'de> Deserialize<'de> for Reads {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Places;

        impl<'de> Visitor<'de> for Places {
            type Value = Reads;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(
                    "a JSON Pointer, a table with `at`, `header` or `value`, or a list of these",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Reads, E> {
                Ok(Reads(vec![Read::pointer(text).map_err(E::custom)?]))
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Reads, M::Error> {
                Read::deserialize(MapAccessDeserializer::new(map)).map(|read| Reads(vec![read]))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Reads, S::Error> {
                let mut all = Vec::new();
                while let Some(Reads(one)) = seq.next_element()? {
                    all.extend(one);
                }
                Ok(Reads(all))
            }
        }

        deserializer.deserialize_any(Places)
    }
}

impl Read {
    fn pointer(text: &str) -> Result<Self, String> {
        Ok(Read {
            at: Some(text.parse()?),
            header: None,
            value: None,
            form: ReadAs::Plain,
            map: BTreeMap::new(),
            cut: None,
        })
    }
}

/// How a key is described.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFields {
    /// Its id.
    pub id: Option<Reads>,
    /// Its name.
    pub name: Option<Reads>,
    /// What may be shown of its secret.
    pub masked: Option<Reads>,
    /// `active`, `disabled`, `expired`, `revoked`, after `map`; `true` is active, `false` disabled.
    pub status: Option<Reads>,
    /// What it may do.
    pub scopes: Option<Reads>,
    /// When it was made.
    pub created_at: Option<Reads>,
    /// When it ends.
    pub expires_at: Option<Reads>,
    /// When it was last used.
    pub last_used_at: Option<Reads>,
    /// How much it was used.
    pub usage: Option<UsageFields>,
}

/// How the use of a key is described.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageFields {
    /// Requests in all.
    pub requests: Option<Reads>,
    /// Requests in the last 30 days.
    pub requests_30d: Option<Reads>,
    /// What it cost.
    pub cost: Option<Reads>,
    /// ISO 4217 code.
    pub currency: Option<Reads>,
}

/// Something an answer shows or does not show.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predicate {
    /// A place in the body.
    pub at: Option<Pointer>,
    /// A header of the answer.
    pub header: Option<String>,
    /// The value it has to have.
    pub equals: Option<Value>,
    /// Whether it has to be there; `null` is not there.
    pub exists: Option<bool>,
    /// What its text has to match.
    pub matches: Option<Pattern>,
}

impl Predicate {
    /// Whether the answer shows it.
    pub fn holds(&self, seen: &Seen) -> bool {
        let found = match (&self.at, &self.header) {
            (Some(pointer), _) => pointer.find(&seen.body),
            (None, Some(header)) => seen
                .header(&header.to_ascii_lowercase())
                .map(|text| Value::String(text.to_owned())),
            (None, None) => None,
        };
        let found = found.filter(|value| !value.is_null());
        self.exists.is_none_or(|exists| exists == found.is_some())
            && self
                .equals
                .as_ref()
                .is_none_or(|wanted| found.as_ref() == Some(wanted))
            && self.matches.as_ref().is_none_or(|pattern| {
                found
                    .as_ref()
                    .and_then(plain_text)
                    .is_some_and(|text| pattern.matches(&text))
            })
    }
}

/// HTTP statuses: numbers (`200`) and classes (`"2xx"`); nothing said means any 2xx.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusSet(Vec<(u16, u16)>);

impl Default for StatusSet {
    fn default() -> Self {
        StatusSet(vec![(200, 299)])
    }
}

impl StatusSet {
    /// Whether `status` is one of them.
    pub fn contains(&self, status: u16) -> bool {
        self.0
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&status))
    }
}

impl<'de> Deserialize<'de> for StatusSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read_one = |value: &Value| match value {
            Value::Number(number) => number
                .as_u64()
                .and_then(|number| u16::try_from(number).ok())
                .filter(|number| (100..600).contains(number))
                .map(|number| (number, number)),
            Value::String(class) => class
                .strip_suffix("xx")
                .and_then(|digit| digit.parse::<u16>().ok())
                .filter(|digit| (1..6).contains(digit))
                .map(|digit| (digit * 100, digit * 100 + 99)),
            _ => None,
        };
        let value = Value::deserialize(deserializer)?;
        let all = match &value {
            Value::Array(items) => items.iter().map(read_one).collect(),
            one => read_one(one).map(|one| vec![one]),
        };
        all.map(StatusSet).ok_or_else(|| {
            de::Error::custom(format!(
                "`{value}` is no HTTP status: write `200`, `\"2xx\"` or a list"
            ))
        })
    }
}

#[cfg(test)]
mod tests;
