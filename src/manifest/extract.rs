//! Extracts values from a response: JSON Pointers with ordered alternatives, and a closed set of transforms.

mod decode;
mod find;
mod parsed_response;
mod stored;

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::{self, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
#[cfg(test)]
use serde_json::json;

#[cfg(test)]
use super::json_schema::one_of;
use super::jwt::jwt_claims;
use super::pattern::Pattern;
use super::pointer::Pointer;
use super::source::{into_text, plain_text};
use super::times;
use crate::core::secret::{Secret, is_document};
use decode::number;
pub use find::{ElementCondition, ElementMatch};
pub use parsed_response::ParsedResponse;

/// One location and its decoding; exactly one of `at`, `header`, `cookie`, `status` and `value` is set.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(extend("oneOf" = one_of(&["at", "header", "cookie", "status", "value"]))))]
#[cfg_attr(test, schemars(extend("dependencies" = json!({ "layout": ["as"], "since": ["as"] }))))]
#[serde(deny_unknown_fields)]
pub struct ExtractRule {
    /// A location in the body, or in the item or record: a JSON Pointer. A part `*` matches every element, several
    /// `*` make one flat list; `""` is the whole. Example: `"/data/0/id"`.
    pub at: Option<Pointer>,
    /// A header of the response, by its name.
    pub header: Option<String>,
    /// A cookie that the response sets, by its name.
    pub cookie: Option<String>,
    /// The HTTP status, as a number: `status = true`. Default: `false`.
    #[serde(default)]
    pub status: bool,
    /// A constant.
    pub value: Option<Value>,
    /// The first matching element of a list, and the part of it to take. Default: the list.
    pub find: Option<ElementMatch>,
    /// The claim of a JWT to take: a JSON Pointer in its claims. The signature is not verified. Default: the whole text.
    /// Example: `{ at = "/token", claim = "/key_id" }`.
    pub claim: Option<Pointer>,
    /// The part of the text to keep: the first group of a regular expression, or the whole match, within the first 64
    /// KiB. Default: all of it. Example: `cut = '^Token (.+)$'`.
    pub cut: Option<Pattern>,
    /// The form of the value. Default: `plain`.
    #[serde(rename = "as", default)]
    pub form: Decode,
    /// With `as = "time"`: the format of the time, as in `strftime`. Default: any unambiguous form. Example: `layout
    /// = "%d/%m/%Y"`.
    pub layout: Option<String>,
    /// With a form that counts from now: the location of the moment to count from instead. Default: now. Example: `{
    /// at = "/ttl", as = "seconds", since = "/created_at" }`.
    pub since: Option<Pointer>,
    /// Replacements for the values; one that is not listed is absent, unless `*` stands for the others that are not empty.
    /// Default: unchanged. Example: `map = { inactive = "disabled", "*" = "active" }`.
    #[serde(default)]
    pub map: BTreeMap<String, Value>,
}

/// The word of a `map` that stands for every value that it does not list.
const ANY_WORD: &str = "*";

/// The form of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Decode {
    /// Unchanged.
    #[default]
    Plain,
    /// The negation of a boolean; `0` and `1` are booleans, and so are their names as text. Anything else is absent.
    Not,
    /// A list, from text with commas.
    Comma,
    /// A list, from text with spaces.
    Space,
    /// The names in an object.
    Keys,
    /// The names in an object whose values are true, in the forms that `not` takes.
    Flags,
    /// An object as a list of `{ "key": NAME, "value": VALUE }`.
    Entries,
    /// A value from text that holds JSON.
    Json,
    /// Text from base64, in its standard or its URL alphabet, with or without padding.
    Base64,
    /// Text from hexadecimal digits.
    Hex,
    /// A moment: RFC 3339 with or without a zone (none means UTC), a date, an HTTP date, or seconds, milliseconds,
    /// microseconds or nanoseconds since 1970. An empty value, zero, and a time up to 1970 or in 9999 count as none.
    Time,
    /// `true` if a moment, in the forms that `time` takes, is over, else `false`. None is absent. Example: `{ at =
    /// "/revoked_at", as = "past", map = { true = "revoked" } }`.
    Past,
    /// Milliseconds since 1970.
    UnixMs,
    /// Seconds from now; zero means none, as with the other counts.
    Seconds,
    /// Minutes from now.
    Minutes,
    /// Hours from now.
    Hours,
    /// Days from now.
    Days,
    /// Milliseconds from now.
    Milliseconds,
    /// A span from now, `24h`, `6m30s`.
    Duration,
    /// The `exp` of a JWT.
    Jwt,
}

/// Locations to read from; the first that has a value counts: a JSON Pointer, a table, or a list of these.
#[derive(Debug, Clone, Default)]
pub struct Extractor(pub Vec<ExtractRule>);

impl Extractor {
    /// Returns the first value found; an empty text and `null` do not count.
    pub fn value(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> Option<Value> {
        self.0.iter().find_map(|read| read.value(seen, within, now))
    }

    /// Returns the first word found: text, or a number as text.
    pub fn word(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> Option<String> {
        self.0
            .iter()
            .find_map(|read| word(read.value(seen, within, now)?))
    }

    /// Returns the first value found, as text.
    pub fn text(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> Option<String> {
        self.0
            .iter()
            .find_map(|read| into_text(read.value(seen, within, now)?))
    }

    /// Returns the first moment found.
    pub fn moment(
        &self,
        seen: &ParsedResponse,
        within: &Value,
        now: Timestamp,
    ) -> Option<Timestamp> {
        self.0.iter().find_map(|read| {
            let value = read.value(seen, within, now)?;
            times::read_moment(&value)
        })
    }

    /// Returns whether one of the places is there with nothing in it: `null` or an empty text.
    pub fn is_empty_at(&self, seen: &ParsedResponse, within: &Value) -> bool {
        let mut raw = self.0.iter().filter_map(|read| read.raw(seen, within));
        raw.any(|value| is_nothing(&value))
    }

    /// Returns the first moment found, or else that one of the locations states that there is none.
    pub fn stated_time(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> StatedTime {
        let mut said = StatedTime::Nothing;
        for read in &self.0 {
            match read.stated_time(seen, within, now) {
                StatedTime::Nothing => {}
                StatedTime::Never => said = StatedTime::Never,
                at @ StatedTime::At { .. } => return at,
            }
        }
        said
    }

    /// Returns the first number found, or text that is one.
    pub fn number(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> Option<f64> {
        self.0
            .iter()
            .find_map(|read| number(&read.value(seen, within, now)?))
    }

    /// Returns the first secret found; a masked one does not count.
    pub fn secret(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> Option<Secret> {
        self.0.iter().find_map(|read| {
            // A number or a truth value in the same place is not a secret.
            let value = read.value(seen, within, now)?;
            let text = value.as_str()?;
            if is_document(text) {
                // A key file or PEM has lines, and arrives as it is.
                let usable = |c: char| !c.is_control() || c.is_ascii_whitespace();
                return text.chars().all(usable).then(|| Secret::new(text));
            }
            let text = text.trim_end_matches(['\r', '\n']);
            // A line break or an escape in a key is an attack or a mistake; a header cannot hold it.
            let usable = !is_masked(text) && !text.chars().any(char::is_control);
            usable.then(|| Secret::new(text))
        })
    }

    /// Returns the first list of texts found; a single text is a list of one. A list with any other item counts as
    /// none, because its words alone would be incomplete.
    pub fn texts(
        &self,
        seen: &ParsedResponse,
        within: &Value,
        now: Timestamp,
    ) -> Option<Vec<String>> {
        match self.value(seen, within, now)? {
            Value::Array(items) => items.into_iter().map(word).collect(),
            other => Some(vec![word(other)?]),
        }
    }

    /// Returns the first list found, taken out of the body if it is there unchanged.
    pub fn take_items(&self, seen: &mut ParsedResponse, now: Timestamp) -> Option<Vec<Value>> {
        if let [read] = self.0.as_slice()
            && let Some(pointer) = read.plain_pointer()
            && let Some(Value::Array(items)) = pointer.find_mut(&mut seen.body)
        {
            return Some(std::mem::take(items));
        }
        self.items(seen, &seen.body, now)
    }

    /// Returns the first list found.
    fn items(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> Option<Vec<Value>> {
        self.0
            .iter()
            .find_map(|read| match read.value(seen, within, now)? {
                Value::Array(items) => Some(items),
                _ => None,
            })
    }
}

/// Returns whether a text is a placeholder for a hidden secret: empty, or with an ellipsis or stars in it.
pub fn is_masked(text: &str) -> bool {
    text.is_empty() || text.contains('*') || text.contains("...") || text.contains('…')
}

/// A time stated in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatedTime {
    /// It states a moment.
    At {
        /// The moment.
        moment: Timestamp,
        /// Says that it names the day alone.
        by_day: bool,
    },
    /// It states that there is none: `null`, an empty text, zero, or an edge of the calendar.
    Never,
    /// It has no such location, or an unreadable value there.
    Nothing,
}

impl ExtractRule {
    fn stated_time(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> StatedTime {
        let value = self.value(seen, within, now);
        let raw = |says: fn(&Value) -> bool| self.raw(seen, within).as_ref().is_some_and(says);
        match value.as_ref().and_then(times::read_moment) {
            Some(moment) => StatedTime::At {
                moment,
                by_day: times::is_midnight(moment) && raw(times::is_date),
            },
            None if value.as_ref().is_some_and(times::is_never) => StatedTime::Never,
            None if raw(times::is_never) => StatedTime::Never,
            None => StatedTime::Nothing,
        }
    }

    /// Returns the value at its location, before it is decoded.
    fn raw(&self, seen: &ParsedResponse, within: &Value) -> Option<Value> {
        let found = self.place(seen, within)?;
        let found = match &self.find {
            Some(find) => Cow::Owned(find.in_list(&found, &seen.known)?),
            None => found,
        };
        let found = match &self.claim {
            Some(claim) => {
                let claims = jwt_claims(&plain_text(&found)?)?;
                Cow::Owned(claim.find(&claims)?.into_owned())
            }
            None => found,
        };
        match &self.cut {
            Some(pattern) => pattern.first_group(&plain_text(&found)?).map(Value::String),
            None => Some(found.into_owned()),
        }
    }

    fn value(&self, seen: &ParsedResponse, within: &Value, now: Timestamp) -> Option<Value> {
        let found = self.raw(seen, within)?;
        let now = match &self.since {
            Some(pointer) => times::read_moment(pointer.find(within)?.as_ref())?,
            None => now,
        };
        let found = match &self.layout {
            Some(layout) => Value::from(times::read_layout(&plain_text(&found)?, layout)?),
            None => self.form.decode(found, now)?,
        };
        if self.map.is_empty() {
            return Some(found).filter(|value| !is_nothing(value));
        }
        if let Value::Array(words) = &found {
            let known = words.iter().filter_map(|word| self.word(word)).collect();
            return Some(Value::Array(known));
        }
        self.word(&found)
    }

    fn word(&self, value: &Value) -> Option<Value> {
        let word = plain_text(value)?;
        let other = || self.map.get(ANY_WORD).filter(|_| !word.is_empty());
        self.map.get(&word).or_else(other).cloned()
    }

    fn place<'v>(&'v self, seen: &'v ParsedResponse, within: &'v Value) -> Option<Cow<'v, Value>> {
        let text = |text: &str| Some(Cow::Owned(Value::from(text)));
        if let Some(pointer) = &self.at {
            match pointer.filled(|name| plain_text(seen.known.get(name)?)) {
                Some(Cow::Owned(filled)) => Some(Cow::Owned(filled.find(within)?.into_owned())),
                // An example that is read without its call knows no values.
                _ => pointer.find(within),
            }
        } else if let Some(header) = &self.header {
            text(seen.header(&header.to_ascii_lowercase())?)
        } else if let Some(cookie) = &self.cookie {
            text(seen.cookie(cookie)?)
        } else if self.status {
            Some(Cow::Owned(Value::from(seen.status)))
        } else {
            self.value.as_ref().map(Cow::Borrowed)
        }
    }

    /// Returns its pointer, if it consists of nothing else.
    fn plain_pointer(&self) -> Option<&Pointer> {
        let plain = self.find.is_none()
            && self.claim.is_none()
            && self.cut.is_none()
            && self.form == Decode::Plain
            && self.map.is_empty();
        self.at.as_ref().filter(|_| plain)
    }

    /// Returns the objection to it, if any.
    fn objection(&self) -> Option<&'static str> {
        let places = [
            self.at.is_some(),
            self.header.is_some(),
            self.cookie.is_some(),
            self.status,
            self.value.is_some(),
        ];
        if places.iter().filter(|place| **place).count() != 1 {
            return Some("write one of `at`, `header`, `cookie`, `status` and `value`");
        }
        if self.layout.is_some() && self.form != Decode::Time {
            return Some("`layout` needs `as = \"time\"`");
        }
        if let Some(objection) = self.find.as_ref().and_then(ElementMatch::objection) {
            return Some(objection);
        }
        if self.since.is_some() && !self.form.is_relative_time() {
            return Some("`since` needs a relative time, such as `as = \"seconds\"`");
        }
        None
    }
}

/// Returns a text or a number as text; a boolean is not a word.
fn word(value: Value) -> Option<String> {
    match value {
        Value::Bool(_) => None,
        other => into_text(other),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

impl<'de> Deserialize<'de> for Extractor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Places;

        impl<'de> Visitor<'de> for Places {
            type Value = Extractor;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(
                    "a JSON Pointer, a table with `at`, `header`, `cookie`, `status` or `value`, or a list of these",
                )
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Extractor, E> {
                Ok(Extractor(vec![
                    ExtractRule::pointer(text).map_err(E::custom)?,
                ]))
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Extractor, M::Error> {
                let read = ExtractRule::deserialize(MapAccessDeserializer::new(map))?;
                match read.objection() {
                    Some(objection) => Err(de::Error::custom(objection)),
                    None => Ok(Extractor(vec![read])),
                }
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Extractor, S::Error> {
                let mut all = Vec::new();
                while let Some(Extractor(one)) = seq.next_element()? {
                    all.extend(one);
                }
                Ok(Extractor(all))
            }
        }

        deserializer.deserialize_any(Places)
    }
}

impl ExtractRule {
    /// Returns the readable location that it reads from; a constant has none.
    pub fn location(&self) -> Option<String> {
        let named = |what: &str, name: &Option<String>| Some(format!("{what} {}", name.as_ref()?));
        let at = self.at.as_ref().map(|at| format!("`{at}`"));
        let status = self.status.then(|| "the status".to_owned());
        at.or_else(|| named("the header", &self.header))
            .or_else(|| named("the cookie", &self.cookie))
            .or(status)
    }

    fn pointer(text: &str) -> Result<Self, String> {
        Ok(ExtractRule {
            at: Some(text.parse()?),
            header: None,
            cookie: None,
            status: false,
            value: None,
            find: None,
            claim: None,
            cut: None,
            form: Decode::Plain,
            layout: None,
            since: None,
            map: BTreeMap::new(),
        })
    }
}

#[cfg(test)]
mod tests;
