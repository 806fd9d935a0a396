//! The manifest language: what a service is, and how its calls are written and read, as data.

mod response;
mod credential;
mod operation;
mod request;
mod step;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use credential::{BasicAuthPart, CredentialKind, CredentialSpec, PartSpec, Placement};
pub use operation::{CredentialEffect, DetailCall, InputSpec, Manual, Operation, Poll};
pub use request::{BodyFormat, DEFAULT_SERVER, Encode, Field, RequestSpec, WhenMissing};
pub use response::{Example, RecordedExchange, ResponseSpec, TokenFields};
pub use step::{Challenge, Discovery, Guard, ProgramSpec, StepSpec};

use super::errors::ErrorSpec;
use super::fields::KeyFields;
use super::pattern::Pattern;
use super::source::Template;
use super::times::Span;
use super::verb::Verb;

/// The version of the language that this program reads.
pub const LANGUAGE_VERSION: u32 = 1;

/// A service: where it answers, how it knows a caller, what it can do with keys.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the language. Required; it is `1`.
    pub manifest: u32,
    /// The provider's name, as commands take it. Required; the same as the name of the file without `.toml`.
    pub name: String,
    /// The manifest that this one changes: the name of a built-in one or of another of the user's; its own name means
    /// the built-in one. Tables are joined key by key, everything else is replaced; an operation that says `request`,
    /// `via`, `manual` or `unsupported` replaces the other's as a whole. Examples are not taken over. Default: none. Example: `extends = "gitlab"`.
    pub extends: Option<String>,
    /// What of the extended manifest is left out, as dotted keys. Default: nothing.
    /// Example: `without = ["operations.rotate", "variables.host"]`.
    #[serde(default)]
    pub without: Vec<String>,
    /// The service's own name. Required.
    pub title: String,
    /// One sentence for `providers list`. Required.
    pub about: String,
    /// Where people read about it: an address. Default: none.
    pub docs: Option<String>,
    /// Where people manage keys by hand: an address. Default: none.
    pub dashboard: Option<String>,
    /// When the manifest was last held against its sources, `YYYY-MM-DD`. Required.
    pub checked: String,
    /// Where the facts come from. Default: none.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What was assumed because no source says it; shown by `providers show`. Default: nothing.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// Whether a user has at most one key, without an id; then `limits.max_keys` is 1. Default: `false`.
    #[serde(default)]
    pub one_key: bool,
    /// The programs that steps of this manifest may start, by name or path; shown by `providers show`. Only a manifest
    /// in the user's folder may start any, and only after `keywright trust --provider NAME`. Default: none. Example: `programs = ["op"]`.
    #[serde(default)]
    pub programs: Vec<String>,
    /// The SHA-256 of a manifest that starts programs, with all that it extends; computed when it is read.
    #[serde(skip)]
    pub digest: Option<String>,
    /// The addresses by name; the one named `api` is used where an operation names none. At least one is required.
    pub servers: BTreeMap<String, Server>,
    /// Further hosts that git and docker get a credential for. They count only where no base has another
    /// address than its own. Default: none.
    #[serde(default)]
    pub hosts: Vec<HostSpec>,
    /// What a profile has to know beside its credentials, by name. Default: nothing.
    #[serde(default)]
    pub variables: BTreeMap<String, VariableSpec>,
    /// The credentials by name. At least one is required.
    pub credentials: BTreeMap<String, CredentialSpec>,
    /// The permissions that a key can have, by name, each with what it allows; a `--scope` that is not among them is
    /// refused. Default: none, and any word is handed on.
    #[serde(default)]
    pub scopes: BTreeMap<String, String>,
    /// What the service allows. Default: nothing is known.
    #[serde(default)]
    pub limits: Limits,
    /// How a key is replaced by another. Default: by hand.
    #[serde(default)]
    pub rotation: RotationSpec,
    /// How a key is described, unless an operation says otherwise. Default: nothing is read.
    #[serde(default)]
    pub key: KeyFields,
    /// How errors look and what they mean. Default: the usual shapes, and the usual meaning of each status.
    #[serde(default)]
    pub errors: ErrorSpec,
    /// How a question for a second factor is answered; asked when a refusal has the reason `challenge`. Default: it is
    /// explained, not answered.
    pub challenge: Option<Challenge>,
    /// What can be done, by verb: `login`, `refresh`, `exchange`, `status`, `list`, `show`, `create`, `rename`,
    /// `revoke`, `rotate`. A verb that is not there is unsupported. Required.
    pub operations: BTreeMap<Verb, Operation>,
}

/// An address of a service.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// `https://host/path`, without a slash at its end; may be filled from variables, which are `required` then. Required.
    /// Example: `url = "https://{var.host}/api/v4"`.
    pub url: Template,
    /// The names of the credentials that its calls take, the best first. Default: none.
    #[serde(default)]
    pub auth: Vec<String>,
    /// Headers of every call; one whose value is not there is left out. Default: none.
    /// Example: `headers = [{ at = "X-Version", value = "2026-04" }, { at = "X-Org", from = "var.org" }]`.
    #[serde(default)]
    pub headers: Vec<Field>,
}

/// A program's address of the service that no call of this manifest goes to, such as a registry's.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HostSpec {
    /// What a program asks with, compared letter by letter: `HOST`, `HOST:PORT` or a whole address; may be filled from
    /// variables. Required. Example: `names = ["registry.{var.host}"]`.
    pub names: Vec<Template>,
    /// The names of the credentials that it takes, the best first. Required.
    pub auth: Vec<String>,
}

/// Something a profile has to know beside its credentials: `--set NAME=VALUE` at login, or `KEYWRIGHT_VAR_NAME`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VariableSpec {
    /// What to call it in a question. Required.
    pub title: String,
    /// Where a person finds it. Default: nothing is said.
    pub help: Option<String>,
    /// Whether no call works without it, so that a login asks for it, unless it stands in an address that `--base-url`
    /// gives. Default: `false`.
    #[serde(default)]
    pub required: bool,
    /// What it is when nobody says. Default: nothing.
    pub default: Option<String>,
    /// A regular expression that it has to match. Default: anything without control characters.
    pub pattern: Option<Pattern>,
    /// The values it may have. Default: any.
    #[serde(default)]
    pub choices: Vec<String>,
    /// A call that finds it at login, with the credential in hand or the token that it is exchanged for: where it finds
    /// one, that is taken; of several a person chooses. Default: it is asked for. A base cannot be filled from such a
    /// variable.
    pub discover: Option<Discovery>,
}

/// What the service allows.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// How many keys there may be at once. Default: unknown; `response.limit` may read it.
    pub max_keys: Option<u64>,
    /// How often a key should be replaced, by the service's own advice: a span such as `"90d"`. Default: unknown.
    pub rotate_every: Option<Span>,
    /// How fast one may call, in the service's own words. Default: unknown.
    pub rate: Option<String>,
}

/// How a key is replaced by another.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RotationSpec {
    /// The order of things: `overlap`, `replace`, `atomic` or `manual`. Required in this table.
    pub strategy: Strategy,
    /// What to know beforehand. Default: nothing.
    pub note: Option<String>,
    /// Whether no two keys may have one name: the new one, which lives beside the old one for a while, is then named
    /// like it with the day behind, `ci_20261120`. Default: `false`.
    #[serde(default)]
    pub unique_names: bool,
}

impl Default for RotationSpec {
    fn default() -> Self {
        RotationSpec {
            strategy: Strategy::Manual,
            note: None,
            unique_names: false,
        }
    }
}

/// The order of things in a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// Create, deliver, verify, revoke the old; needs a native `create`.
    Overlap,
    /// Creating kills the old; needs a `create` with `effect = "replaces-own"`.
    Replace,
    /// One call gives the new and ends the old; needs a native `rotate`.
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
