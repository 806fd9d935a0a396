//! How a request is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::manifest::source::{Source, Template};
use crate::manifest::times::Span;

/// How a request is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSpec {
    /// Any HTTP token.
    pub method: String,
    /// The name of a base; `api` where it does not say.
    #[serde(default = "default_base")]
    pub base: String,
    /// The path behind the base, filled from `{…}`; each part is percent-encoded.
    pub path: Template,
    /// Parameters behind the `?`.
    #[serde(default)]
    pub query: Vec<Field>,
    /// Headers of this request alone.
    #[serde(default)]
    pub headers: Vec<Field>,
    /// What the body holds; absent means no body, `[]` an empty object.
    pub body: Option<Vec<Field>>,
    /// How the body is written.
    #[serde(default)]
    pub format: BodyFormat,
    /// The longest the request may take.
    pub timeout: Option<Span>,
}

/// The base that is used where none is named.
pub const DEFAULT_BASE: &str = "api";

fn default_base() -> String {
    DEFAULT_BASE.to_owned()
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// One value of a request: where it goes and where it comes from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// A JSON Pointer in a body; a name in a query, a form or the headers.
    pub at: String,
    /// A constant.
    pub value: Option<Value>,
    /// What fills it.
    pub from: Option<Source>,
    /// How it is written.
    #[serde(rename = "as", default)]
    pub form: WriteAs,
    /// Other words for the values.
    #[serde(default)]
    pub map: BTreeMap<String, Value>,
    /// What is sent when there is nothing to send.
    #[serde(default)]
    pub absent: Absent,
    /// What is sent for "never".
    pub never: Option<Value>,
}

/// What is sent when there is nothing to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Absent {
    /// Nothing.
    #[default]
    Omit,
    /// `null`.
    Null,
    /// An error before anything is sent.
    Refuse,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WriteAs {
    /// As it is: text stays text, a captured value keeps its type, a list becomes an array.
    #[default]
    Plain,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Joined by commas.
    Comma,
    /// Joined by spaces.
    Space,
    /// JSON written into a string.
    JsonText,
    /// Whole seconds from now.
    Seconds,
    /// Whole minutes from now.
    Minutes,
    /// Whole hours from now.
    Hours,
    /// Whole days from now.
    Days,
    /// Milliseconds from now.
    Milliseconds,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
    /// `2027-01-31T00:00:00Z`.
    Rfc3339,
    /// `2027-01-31T00:00:00`, in UTC.
    Naive,
    /// `2027-01-31`, in UTC.
    Date,
    /// Seconds from now with a unit, `3600s`.
    Duration,
}
