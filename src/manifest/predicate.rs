//! What an answer shows or does not show.

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use super::pattern::Pattern;
use super::pointer::Pointer;
use super::reading::Seen;
use super::source::plain_text;

/// Something an answer shows or does not show; all that is said has to hold.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Predicate {
    /// A place in the body: a JSON Pointer, `""` for the whole. Default: `header`, or only `status`.
    pub at: Option<Pointer>,
    /// A header of the answer, by its name.
    pub header: Option<String>,
    /// The statuses it has to have. Default: any.
    pub status: Option<StatusSet>,
    /// The value it has to have. Default: any.
    pub equals: Option<Value>,
    /// Whether it has to be there; `null` is not there. Default: either.
    pub exists: Option<bool>,
    /// A regular expression that its text has to match. Default: anything.
    pub matches: Option<Pattern>,
}

impl Predicate {
    /// Whether the answer shows it.
    pub fn holds(&self, seen: &Seen) -> bool {
        let found = match (&self.at, &self.header) {
            (Some(pointer), _) => pointer.find(&seen.body).map(std::borrow::Cow::into_owned),
            (None, Some(header)) => seen
                .header(&header.to_ascii_lowercase())
                .map(|text| Value::String(text.to_owned())),
            (None, None) => None,
        };
        let found = found.filter(|value| !value.is_null());
        self.status
            .as_ref()
            .is_none_or(|set| set.contains(seen.status))
            && self.exists.is_none_or(|exists| exists == found.is_some())
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
