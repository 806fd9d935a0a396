//! The manifest language: a service, its requests and its responses, as data.

mod response;
mod credential;
mod oauth;
mod operation;
mod request;
mod step;

use std::collections::BTreeMap;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

pub use credential::UNSUPPORTED_SIGNATURES;
pub use credential::{
    AwsSigV4Placement, BasicAuthEncoding, BasicAuthPart, BasicPlacement, BodyPlacement,
    ContentSha256, CookiePlacement, CredentialKind, CredentialSpec, FileFormat, HeaderPlacement,
    JwtAlgorithm, JwtPlacement, PartSpec, Placement, QueryPlacement, SecretEncoding, TlsPlacement,
};
pub use oauth::{Endpoint, GrantType, OAuth};
pub use operation::{
    CredentialEffect, DetailCall, InputSpec, KeyPairSpec, Manual, Operation, Poll,
};
pub use request::{BodyFormat, DEFAULT_SERVER, Encode, Field, RequestSpec, WhenMissing};
pub use response::{Example, RecordedExchange, ResponseSpec, TokenFields};
pub use step::{Challenge, Discovery, Guard, ProgramSpec, StepSpec};

use super::address::Address;
use super::errors::ErrorSpec;
use super::fields::KeyFields;
use super::pattern::Pattern;
use super::source::Template;
use super::times::Span;
use super::verb::Verb;

/// The version of the language that this program reads.
pub const LANGUAGE_VERSION: u32 = 1;

/// A service: its servers, its authentication, and its operations on keys.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the language. Required; it is `1`.
    pub manifest: u32,
    /// The provider's name in commands. Required; the same as the name of the file without `.toml`.
    pub name: String,
    /// The manifest that this one extends: the name of a built-in one or of another of the user's; its own name means
    /// the built-in one. Tables are merged key by key, everything else is replaced; an operation that sets `request`,
    /// `via`, `manual` or `unsupported` replaces the other's as a whole. Examples are not inherited. Default: none.
    /// Example: `extends = "gitlab"`.
    pub extends: Option<String>,
    /// Parts of the extended manifest to leave out, as dotted keys. Default: nothing. Example: `without =
    /// ["operations.rotate", "variables.host"]`.
    #[serde(default)]
    pub without: Vec<String>,
    /// The form of the addresses in `--to`, which makes this the manifest of a destination: its name, `:`, then text with a
    /// placeholder for each part. `{part}` takes one segment, `{+part}` also slashes, and what stands in `[…]` may be left
    /// out. The operations know each part by its name. Several manifests may share the name before the `:`; their files
    /// are then called `NAME.toml` and `NAME-SUFFIX.toml`, and of the forms that fit the one with the most parts counts. Default: it is a service.
    /// Example: `address = "vault:{mount}/{+path}#{field}"`.
    pub address: Option<Address>,
    /// The tool whose configuration gives the URL of the server `api`, the login and the certificates of the connection, where
    /// no variable gives the URL: `kubectl`, the current context in `KUBECONFIG` or `~/.kube/config`, else the service
    /// account of the pod. Only a destination has one. Default: none. Example: `tool = "kubectl"`.
    pub tool: Option<Tool>,
    /// The service's own name. Required.
    pub title: String,
    /// One sentence for `providers list`. Required.
    pub about: String,
    /// The documentation of its API: a URL. Default: none.
    pub docs: Option<String>,
    /// The page for managing keys by hand: a URL. Default: none.
    pub dashboard: Option<String>,
    /// The date of the last check of the manifest against its sources, `YYYY-MM-DD`. Required.
    pub checked: String,
    /// The sources of its facts. Default: none.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Assumptions that no source confirms; shown by `providers show`. Default: nothing.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// Says that a user has at most one key, without an id; then `limits.max_keys` is 1. Default: `false`.
    #[serde(default)]
    pub one_key: bool,
    /// The programs that steps of this manifest may start, by name or path; shown by `providers show`. Only a manifest
    /// in the user's folder may start any, and only after `keywright trust --provider NAME`. Default: none. Example: `programs = ["op"]`.
    #[serde(default)]
    pub programs: Vec<String>,
    /// The SHA-256 of a manifest that starts programs, with all that it extends; computed when it is read.
    #[serde(skip)]
    pub digest: Option<String>,
    /// The servers by name; the one named `api` is used if a request names none. At least one is required.
    pub servers: BTreeMap<String, Server>,
    /// Further hosts for which git and docker get a credential. They are ignored if a server has an address other than
    /// its default. Default: none.
    #[serde(default)]
    pub hosts: Vec<HostSpec>,
    /// The values that a profile must know beside its credentials, by name. Default: nothing.
    #[serde(default)]
    pub variables: BTreeMap<String, VariableSpec>,
    /// The credentials by name. At least one is required.
    pub credentials: BTreeMap<String, CredentialSpec>,
    /// The authorization server, for a login in a browser or with a device code. Default: there is none.
    pub oauth: Option<OAuth>,
    /// The permissions that a key can have, by name, each with a description; a `--scope` that is not among them is
    /// refused. Default: none, and any word is passed on.
    #[serde(default)]
    pub scopes: BTreeMap<String, String>,
    /// The limits of the service. Default: nothing is known.
    #[serde(default)]
    pub limits: Limits,
    /// The rotation of a key. Default: by hand.
    #[serde(default)]
    pub rotation: RotationSpec,
    /// The fields of a key, unless an operation says otherwise. Default: nothing is read.
    #[serde(default)]
    pub key: KeyFields,
    /// The location and the meaning of errors. Default: the usual shapes, and the usual meaning of each status.
    #[serde(default)]
    pub errors: ErrorSpec,
    /// The answer to a second-factor prompt; used when a refusal has the reason `challenge`. Default: it is
    /// explained, not answered.
    pub challenge: Option<Challenge>,
    /// The operations, by verb: `login`, `refresh`, `exchange`, `federate`, `status`, `list`, `show`, `create`,
    /// `rename`, `set`, `enable`, `disable`, `revoke`, `rotate`. A verb that is not there is unsupported. A destination has others: `probe` (proof
    /// that it takes a secret), `read`, `add` (where nothing stands; default: `write`), `write` (required), `restore` (of an
    /// earlier value; default: `add` or `write`), `remove` (of the value) and `discard` (of the entry, if `container` shows
    /// that it holds nothing else). All of them know the parts of the address; those that store a value know it as
    /// `secret`, and what `capture` took of the answer to `read` as `step.read.NAME`. Required.
    pub operations: BTreeMap<Verb, Operation>,
}

/// A tool that is set up to reach a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    /// The client of Kubernetes.
    Kubectl,
}

/// A server of a service: a base URL and what its calls accept.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// `https://host/path`, without a trailing slash; may be filled from variables, which are `required` then.
    /// Required. Example: `url = "https://{var.host}/api/v4"`.
    pub url: Template,
    /// Environment variables that hold its URL in place of `url`, as the destination's own tools read them; the first that is
    /// set counts. Only a destination has them. Default: none. Example: `environment = ["VAULT_ADDR"]`.
    #[serde(default)]
    pub environment: Vec<String>,
    /// The names of the credentials that its calls accept, the preferred one first. Default: none.
    #[serde(default)]
    pub auth: Vec<String>,
    /// Headers of every call; one without a value is left out. Default: none. Example: `headers = [{ at =
    /// "X-Version", value = "2026-04" }, { at = "X-Org", from = "var.org" }]`.
    #[serde(default)]
    pub headers: Vec<Field>,
}

/// An address at which a program uses the service, but no call of this manifest, such as a registry's.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HostSpec {
    /// The names by which a program asks for the credential, compared letter by letter: `HOST`, `HOST:PORT` or a
    /// whole URL; may be filled from variables. Required. Example: `names = ["registry.{var.host}"]`.
    pub names: Vec<Template>,
    /// The names of the credentials that it accepts, the preferred one first. Required.
    pub auth: Vec<String>,
}

/// A value that a profile must know beside its credentials: `--set NAME=VALUE` at login, or `KEYWRIGHT_VAR_NAME`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VariableSpec {
    /// The display name in a prompt. Required.
    pub title: String,
    /// Help for finding it. Default: nothing is said.
    pub help: Option<String>,
    /// Says that no call works without it, so that a login asks for it, unless it is part of an address given by
    /// `--base-url`. Default: `false`.
    #[serde(default)]
    pub required: bool,
    /// Environment variables that hold it, as the destination's own tools read them; the first that is set counts. Only a
    /// destination has them. Default: none. Example: `environment = ["VAULT_NAMESPACE"]`.
    #[serde(default)]
    pub environment: Vec<String>,
    /// The default value. Default: nothing.
    pub default: Option<String>,
    /// A regular expression that it must match. Default: anything without control characters.
    pub pattern: Option<Pattern>,
    /// The allowed values. Default: any.
    #[serde(default)]
    pub choices: Vec<String>,
    /// A call that finds it at login, with the credential or the token that it is exchanged for. A single result is
    /// taken; of several you choose. Default: it is asked for. The URL of a server cannot use such a variable.
    pub discover: Option<Discovery>,
}

impl VariableSpec {
    /// Returns the objection to a value, as it follows the name of the variable.
    pub fn objection(&self, value: &str) -> Option<String> {
        if !self.choices.is_empty() && !self.choices.iter().any(|choice| choice == value) {
            return Some(format!("is one of: {}", self.choices.join(", ")));
        }
        if let Some(pattern) = self.pattern.as_ref().filter(|one| !one.matches(value)) {
            return Some(format!("must match {}", pattern.as_str()));
        }
        let is_odd = value.chars().any(char::is_control);
        is_odd.then(|| "holds a control character".to_owned())
    }
}

/// The limits of a service.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The most keys at once. Default: unknown; `response.limit` may read it.
    pub max_keys: Option<u64>,
    /// The interval of rotation that the service advises: a span such as `"90d"`. Default: unknown.
    pub rotate_every: Option<Span>,
    /// The rate limit, in the service's own words. Default: unknown.
    pub rate: Option<String>,
}

/// The rotation of a key.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RotationSpec {
    /// The strategy: `overlap`, `replace`, `atomic`, `slots` or `manual`. Required in this table.
    pub strategy: Strategy,
    /// The ids of the two slots of the strategy `slots`. Required of it. Example: `slots = ["key1", "key2"]`.
    #[serde(default)]
    pub slots: Vec<String>,
    /// A note to show before a rotation. Default: nothing.
    pub note: Option<String>,
    /// Says that two keys cannot have one name. The new key, which exists beside the old one for a while, then has
    /// the date appended to its name, `ci_20261120`. Default: `false`.
    #[serde(default)]
    pub unique_names: bool,
}

impl Default for RotationSpec {
    fn default() -> Self {
        RotationSpec {
            strategy: Strategy::Manual,
            slots: Vec::new(),
            note: None,
            unique_names: false,
        }
    }
}

/// The strategy of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// Create, deliver, verify, revoke the old; needs `request` in `[operations.create]`.
    #[value(help = "Create, deliver and verify the new key, then revoke the old one")]
    Overlap,
    /// Creating a key invalidates the old one; needs `effect = "replaces-own"` in `[operations.create]`.
    #[value(help = "Creating the new key invalidates the old one")]
    Replace,
    /// One call creates the new key and revokes the old one; needs `request` in `[operations.rotate]`.
    #[value(help = "One call creates the new key and revokes the old one")]
    Atomic,
    /// Two slots, of which the one that is not in use gets a new key; the old one gets another in the end, or is cleared
    /// by `revoke`. Needs `slots`, and `request` in `[operations.rotate]`, where `id` is the slot.
    #[value(help = "The slot that is not in use gets a new key, then the other one is renewed")]
    Slots,
    /// You create the key by hand and paste it.
    #[value(help = "You create the new key by hand and paste it")]
    Manual,
}

impl Strategy {
    /// Returns the name of the strategy.
    pub fn name(self) -> &'static str {
        match self {
            Strategy::Overlap => "overlap",
            Strategy::Replace => "replace",
            Strategy::Atomic => "atomic",
            Strategy::Slots => "slots",
            Strategy::Manual => "manual",
        }
    }
}
