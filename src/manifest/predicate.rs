//! Conditions on a response.

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use super::extract::ParsedResponse;
use super::pattern::Pattern;
use super::pointer::Pointer;
use super::source::plain_text;

/// A condition on a response; all parts must hold.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Predicate {
    /// A location in the body: a JSON Pointer, `""` for the whole. Default: `header`, or only `status`.
    pub at: Option<Pointer>,
    /// A header of the response, by its name.
    pub header: Option<String>,
    /// The allowed statuses. Default: any.
    pub status: Option<StatusSet>,
    /// The value it must have. If that is `true`, `false` or a number and the response holds another type, such as
    /// the text `"false"`, the response is trusted neither way. Default: any.
    pub equals: Option<Value>,
    /// Requires it to be there or not; `null` is not there. Default: either.
    pub exists: Option<bool>,
    /// A regular expression that its text must match. Default: anything.
    pub matches: Option<Pattern>,
    /// Words of which it must include one, as a list or a single word. Default: anything. Example: `includes = ["update",
    /// "root"]`.
    #[serde(default)]
    pub includes: Vec<String>,
}

impl Predicate {
    /// Returns the location whose value has another type than the one it is compared with, so that the comparison is
    /// inconclusive.
    pub fn mismatch(&self, seen: &ParsedResponse) -> Option<String> {
        let (Some(at), Some(wanted)) = (&self.at, &self.equals) else {
            return None;
        };
        let found = self.found(seen)?;
        let wanted = match (wanted, &found) {
            (Value::Bool(_), Value::Bool(_)) | (Value::Number(_), Value::Number(_)) => return None,
            (Value::Bool(_), _) => "`true` or `false`",
            (Value::Number(_), _) => "a number",
            _ => return None,
        };
        Some(format!("`{at}` is {}, not {wanted}", kind_of(&found)))
    }

    /// Returns whether it compares a location that the response does not have with `true` or `false`.
    pub fn lacks_its_flag(&self, seen: &ParsedResponse) -> bool {
        self.at.is_some()
            && matches!(self.equals, Some(Value::Bool(_)))
            && self.found(seen).is_none()
    }

    /// Returns the readable location that it tests, if it tests more than the status.
    pub fn location(&self) -> Option<String> {
        let at = self.at.as_ref().map(|at| format!("`{at}`"));
        at.or_else(|| Some(format!("the header {}", self.header.as_ref()?)))
    }

    /// Returns whether a response has its location, even with `null` in it.
    pub fn is_located(&self, seen: &ParsedResponse) -> bool {
        match &self.at {
            Some(pointer) => pointer.find(&seen.body).is_some(),
            None => self.found(seen).is_some(),
        }
    }

    /// Returns the value that it is about; `null` counts as none.
    fn found(&self, seen: &ParsedResponse) -> Option<Value> {
        let found = match (&self.at, &self.header) {
            (Some(pointer), _) => pointer.find(&seen.body).map(std::borrow::Cow::into_owned),
            (None, Some(header)) => seen
                .header(&header.to_ascii_lowercase())
                .map(|text| Value::String(text.to_owned())),
            (None, None) => None,
        };
        found.filter(|value| !value.is_null())
    }

    /// Returns whether the response satisfies it.
    pub fn holds(&self, seen: &ParsedResponse) -> bool {
        let found = self.found(seen);
        self.status
            .as_ref()
            .is_none_or(|set| set.contains(seen.status))
            && self.exists.is_none_or(|exists| exists == found.is_some())
            && self
                .equals
                .as_ref()
                .is_none_or(|wanted| found.as_ref() == Some(wanted))
            && (self.includes.is_empty()
                || found.as_ref().is_some_and(|value| self.is_among(value)))
            && self.matches.as_ref().is_none_or(|pattern| {
                found
                    .as_ref()
                    .and_then(plain_text)
                    .is_some_and(|text| pattern.matches(&text))
            })
    }
}

impl Predicate {
    /// Returns whether a list, or a word alone, includes one of the words.
    fn is_among(&self, value: &Value) -> bool {
        let is_one =
            |value: &Value| plain_text(value).is_some_and(|word| self.includes.contains(&word));
        match value {
            Value::Array(items) => items.iter().any(is_one),
            word => is_one(word),
        }
    }
}

/// Returns the type of a value in words.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// HTTP statuses: numbers (`200`) and classes (`"2xx"`); an empty set means any 2xx.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusSet(Vec<(u16, u16)>);

impl Default for StatusSet {
    fn default() -> Self {
        StatusSet(vec![(200, 299)])
    }
}

impl StatusSet {
    /// Returns whether `status` is one of them.
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
                "`{value}` is not an HTTP status: write `200`, `\"2xx\"` or a list"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn predicate_type_mismatch_is_explained() {
        let seen = ParsedResponse {
            body: json!({ "flag": "true", "count": "0", "yes": true, "null": null, "word": 1 }),
            ..ParsedResponse::default()
        };
        let mismatch = |at: &str, equals: Value| {
            let predicate: Predicate =
                serde_json::from_value(json!({ "at": at, "equals": equals })).unwrap();
            predicate.mismatch(&seen)
        };
        assert_eq!(
            mismatch("/flag", json!(true)).as_deref(),
            Some("`/flag` is text, not `true` or `false`")
        );
        assert_eq!(
            mismatch("/count", json!(0)).as_deref(),
            Some("`/count` is text, not a number")
        );
        for (at, equals) in [
            ("/yes", json!(false)),
            ("/null", json!(true)),
            ("/gone", json!(true)),
            ("/word", json!("one")),
        ] {
            assert_eq!(mismatch(at, equals), None, "{at}");
        }
    }
}
