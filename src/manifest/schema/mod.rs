//! The manifest language: what a service is, and how its calls are written and read, as data.

mod answer;
mod operation;
mod request;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use answer::{AnswerSpec, Example, Recorded, TokenFields};
pub use operation::{Effect, InputSpec, Manual, Operation, Step};
pub use request::{Absent, BodyFormat, DEFAULT_BASE, Field, RequestSpec, WriteAs};

use super::errors::ErrorSpec;
use super::pattern::Pattern;
use super::reading::KeyFields;
use super::source::{Source, Template};
use super::times::Span;
use super::verb::Verb;

/// The version of the language that this program reads.
pub const LANGUAGE: u32 = 1;

/// A service: where it answers, how it knows a caller, what it can do with keys.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the language, 1.
    pub manifest: u32,
    /// The provider's name, as commands take it.
    pub name: String,
    /// The service's own name.
    pub title: String,
    /// One sentence for `providers list`.
    pub about: String,
    /// Where people read about it.
    pub docs: Option<String>,
    /// Where people manage keys by hand.
    pub dashboard: Option<String>,
    /// When the manifest was last held against its sources, `YYYY-MM-DD`.
    pub checked: String,
    /// Where the facts come from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What was assumed because no source says it.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// Whether a user has at most one key, without an id.
    #[serde(default)]
    pub one_key: bool,
    /// The addresses by name; the one named `api` is used where an operation names none.
    pub bases: BTreeMap<String, Base>,
    /// What a profile has to know beside its credentials.
    #[serde(default)]
    pub variables: BTreeMap<String, VariableSpec>,
    /// The kinds of credential.
    pub credentials: BTreeMap<String, CredentialSpec>,
    /// The permissions that a key can have, by name, each with what it allows.
    #[serde(default)]
    pub scopes: BTreeMap<String, String>,
    /// What the service allows.
    #[serde(default)]
    pub limits: Limits,
    /// How a key is replaced by another.
    #[serde(default)]
    pub rotation: Rotation,
    /// How a key is described, unless an operation says otherwise.
    #[serde(default)]
    pub key: KeyFields,
    /// How errors look and what they mean.
    #[serde(default)]
    pub errors: ErrorSpec,
    /// What can be done.
    pub operations: BTreeMap<Verb, Operation>,
}

/// An address of a service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// `https://host/path`, without a slash at its end; may be filled from variables.
    pub url: Template,
    /// The credentials its calls take, the best first.
    #[serde(default)]
    pub uses: Vec<String>,
    /// Headers of every call.
    #[serde(default)]
    pub headers: Vec<Field>,
}

/// Something a profile has to know beside its credentials.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariableSpec {
    /// What to call it in a question.
    pub title: String,
    /// Where a person finds it.
    pub help: Option<String>,
    /// Whether no call works without it.
    #[serde(default)]
    pub required: bool,
    /// What it is when nobody says.
    pub default: Option<String>,
    /// A regular expression that it has to match.
    pub pattern: Option<Pattern>,
    /// The values it may have.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// A kind of credential.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialSpec {
    /// Long-lived key or short-lived token.
    pub kind: CredentialKind,
    /// What to call it.
    pub title: String,
    /// How it starts; a mismatch only warns.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// What it looks like; a mismatch only warns.
    pub pattern: Option<Pattern>,
    /// Where a request carries it.
    pub place: Vec<Placement>,
    /// How a person gets one.
    pub paste: Option<Manual>,
    /// How long it lives when the service does not say.
    pub lifetime: Option<Span>,
    /// The cheapest call that shows whether it works.
    pub verify: Option<Operation>,
}

/// Long-lived key or short-lived token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CredentialKind {
    /// Lives until it is revoked; `--with-key`, `KEYWRIGHT_API_KEY`.
    Key,
    /// Lives for a while; `--with-token`, `KEYWRIGHT_TOKEN`.
    Token,
}

impl CredentialKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            CredentialKind::Key => "key",
            CredentialKind::Token => "token",
        }
    }

    /// The environment variable that carries one.
    pub fn variable(self) -> &'static str {
        match self {
            CredentialKind::Key => "KEYWRIGHT_API_KEY",
            CredentialKind::Token => "KEYWRIGHT_TOKEN",
        }
    }
}

/// Where a request carries a credential.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum Placement {
    /// `NAME: VALUE`, or `NAME: SCHEME VALUE`.
    Header {
        /// The header's name.
        name: String,
        /// The word before the value.
        scheme: Option<String>,
    },
    /// `?NAME=VALUE`.
    Query {
        /// The parameter's name.
        name: String,
    },
    /// `Cookie: NAME=VALUE`.
    Cookie {
        /// The cookie's name.
        name: String,
    },
    /// HTTP Basic.
    Basic {
        /// Which half the credential is; the other is empty or a variable.
        part: BasicPart,
        /// The other half.
        other: Option<Source>,
    },
}

/// A half of HTTP Basic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BasicPart {
    /// Before the colon.
    User,
    /// After the colon.
    Password,
}

/// What the service allows.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// How many keys there may be at once.
    pub max_keys: Option<u64>,
    /// How often a key should be replaced, by the service's own advice.
    pub rotate_every: Option<Span>,
    /// How fast one may call, in the service's own words.
    pub rate: Option<String>,
}

/// How a key is replaced by another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// The order of things.
    pub strategy: Strategy,
    /// What to know beforehand.
    pub note: Option<String>,
}

impl Default for Rotation {
    fn default() -> Self {
        Rotation {
            strategy: Strategy::Manual,
            note: None,
        }
    }
}

/// The order of things in a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// Create, deliver, verify, revoke the old.
    Overlap,
    /// Creating kills the old.
    Replace,
    /// One call gives the new and ends the old.
    Atomic,
    /// A person creates and pastes.
    Manual,
}

impl Strategy {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Strategy::Overlap => "overlap",
            Strategy::Replace => "replace",
            Strategy::Atomic => "atomic",
            Strategy::Manual => "manual",
        }
    }
}
