//! The operations at a service, and their calls.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::credential::JwtAlgorithm;
use super::request::RequestSpec;
use super::response::{Example, ResponseSpec};
use super::step::StepSpec;
use crate::manifest::pagination::Pagination;
use crate::manifest::pattern::Pattern;
use crate::manifest::predicate::{Predicate, StatusSet};
use crate::manifest::source::{Source, Template};
use crate::manifest::times::Span;
use crate::manifest::verb::Verb;

/// An operation: by calls (`request`), through another operation (`via`), by hand (`manual`), or not at all
/// (`unsupported`); exactly one of them is set.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The documentation of this call: a URL. Default: the manifest's.
    pub docs: Option<String>,
    /// The sources of the facts of this operation, if they differ from the manifest's. Default: the manifest's
    /// sources.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Assumptions that no source confirms. Default: nothing.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// The reason why the service cannot do it, and the alternative.
    pub unsupported: Option<String>,
    /// The steps to do it by hand.
    pub manual: Option<Manual>,
    /// The operation whose response holds it: `show` in `list`, `list` in `status`, `status` in `list`.
    pub via: Option<Verb>,
    /// The credentials it accepts, the preferred one first; `[]` for none. For `refresh` and `revoke` also that with
    /// which the client authenticates itself, for `verify` those that ask about the verified one. Default: those of its
    /// server; a `verify` carries the credential that it verifies.
    pub auth: Option<Vec<String>>,
    /// The audience (`aud`) that the identity token of a job is requested for, filled from variables; only `federate` has
    /// one. Default, also if a variable has no value: the one that the job's platform chooses. Example: `audience = "https://{var.host}"`.
    pub audience: Option<Template>,
    /// Constraints on the parameters, by name: `name`, `scopes`, `expires`, `id`, and any `--set FIELD=VALUE` that the
    /// request names. Those of `set` are the fields that `keys set` takes; they have no default, and one that is not
    /// given is left out of the request. Checked before anything is sent. Default: none.
    #[serde(default)]
    pub parameters: BTreeMap<String, InputSpec>,
    /// Inputs that exclude each other, each list on its own. Default: none. Example: `exclusive = [["expires",
    /// "ttl"]]`.
    #[serde(default)]
    pub exclusive: Vec<Vec<String>>,
    /// Calls that come first, in order. If the path of `read` names a capture that they did not find, nothing stands at the
    /// destination; what they found, the operations that change it know as well. Default: none.
    #[serde(default)]
    pub before: Vec<StepSpec>,
    /// Makes a key pair here. Its private half, in PEM (PKCS#8), is the secret of the new key, and is kept before anything
    /// is sent; the call, or one in `after`, sends the public half as `public_key.FORM`. Only `create` and `rotate` have
    /// one. Default: the service makes the secret. Example: `key_pair = { alg = "EdDSA" }`.
    pub key_pair: Option<KeyPairSpec>,
    /// The call itself.
    pub request: Option<RequestSpec>,
    /// Its response. Default: any 2xx is a success, and nothing is read.
    #[serde(default)]
    pub response: ResponseSpec,
    /// Calls that come after it, in order, where its response does not hold the secret of a new key: that of one of them
    /// does. They know `id` and `name` of the new key, and as `step.create.NAME` (or `step.rotate.NAME`) what
    /// `response.capture` takes. Each response is kept before it is read. After an interruption those that are left are made
    /// if none of them was sent or all may be repeated; else, unless a response has brought it, the secret is lost, and the
    /// new key is reported. Only `create` and `rotate` have them. Default: none. Example: `after
    /// = [{ name = "secret", request = { method = "POST", path = "/apps/{id}/secrets" }, response = { secret =
    /// "/secret" } }]`.
    #[serde(default)]
    pub after: Vec<StepSpec>,
    /// Its pagination. Default: it is one page.
    pub pagination: Option<Pagination>,
    /// A call for each item of a list that does not hold everything. Its response describes the key; what it leaves open
    /// is as in the list. Default: none.
    pub details: Option<DetailCall>,
    /// Repeated calls until an asynchronous operation, such as a delete, is complete. Default: a success counts as
    /// complete.
    pub poll: Option<Poll>,
    /// Allows the call to be sent again when it may already have arrived. Default: by its method; `login`, `refresh`,
    /// `exchange`, `federate`, `create` and `rotate` never.
    pub repeatable: Option<bool>,
    /// The effect of the call on the credential it was made with: `none`, `replaces-own` or `revokes-own`. Default:
    /// `none`.
    #[serde(default)]
    pub effect: CredentialEffect,
    /// The name of the credential that its response holds; required of `login`, `refresh`, `exchange` and
    /// `federate`. With `create` and `rotate`: which of several credentials of the kind `key` a new key is. Default: none, and a new
    /// key is the first of them by name.
    pub yields: Option<String>,
    /// Recorded calls, replayed by tests and by `providers check`. Default: none.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// Says that `oauth` implies it.
    #[serde(skip)]
    pub is_implied: bool,
}

impl Operation {
    /// Returns whether the verification of a credential carries another one, or none: fields name the one that it is about.
    pub fn asks_with_other(&self, verified: &str) -> bool {
        let auth = self.auth.as_ref();
        auth.is_some_and(|uses| uses.iter().all(|name| name != verified))
    }

    /// Returns the fields of a key that the request sends: each input but the id.
    pub fn settable(&self) -> BTreeSet<&str> {
        let inputs = self
            .sources()
            .into_iter()
            .filter_map(|source| match source {
                Source::Input(name) if name != "id" && name != "value" => Some(name.as_str()),
                _ => None,
            });
        inputs.collect()
    }
}

/// A key pair that is made here.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyPairSpec {
    /// The algorithm that it signs with: `EdDSA` (Ed25519), `ES256` (P-256) or `RS256` (RSA, which the program `openssl`
    /// makes). Required.
    pub alg: JwtAlgorithm,
    /// The size of an RSA key in bits: 2048, 3072 or 4096. Default: 2048.
    pub bits: Option<u16>,
}

/// A call for each item of a list.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DetailCall {
    /// The call; `{id}` is the id of the item. Required.
    pub request: RequestSpec,
    /// Its response. Default: the whole response is the key.
    #[serde(default)]
    pub response: ResponseSpec,
    /// Says that the list describes the keys well enough: where the credential may not make the call (403), they are as
    /// in the list. Default: `false`.
    #[serde(default)]
    pub optional: bool,
}

/// Polling until an asynchronous operation is complete.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// The call to repeat. It knows what the response captured, as `step.VERB.NAME`. Required.
    pub request: RequestSpec,
    /// The statuses that mean that it is complete. Default: 404 and 410.
    pub status: Option<StatusSet>,
    /// Further conditions on the response. Default: nothing.
    #[serde(default)]
    pub when: Vec<Predicate>,
    /// The pause between two calls: a span. Default: `"1s"`.
    pub every: Option<Span>,
    /// The longest total wait: a span of at most ten minutes. Default: `"30s"`.
    pub at_most: Option<Span>,
}

/// The effect of a call on the credential it was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CredentialEffect {
    /// Nothing.
    #[default]
    None,
    /// The new key replaces it, and it no longer works.
    ReplacesOwn,
    /// It is revoked.
    RevokesOwn,
}

/// Steps to do something by hand.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// The page to open. Required.
    pub url: String,
    /// The steps, one sentence each. Required.
    pub steps: Vec<String>,
    /// The properties of a new key that you can choose there: `name`, `scopes`, `expires`. Default: nothing.
    #[serde(default)]
    pub takes: Vec<String>,
}

/// Constraints on a parameter, checked before anything is sent.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// A note about it; for `email`: its name if it is not an email, such as `user name`. Default: nothing.
    pub about: Option<String>,
    /// Says that the call needs it. Default: `false`.
    #[serde(default)]
    pub required: bool,
    /// Hides its value in traces; of `id`, also shows each id as its fingerprint, which commands take in its place: for
    /// a service whose key ids are the keys. Default: `false`.
    #[serde(default)]
    pub secret: bool,
    /// The default value: for `expires` a span or `never`, for `scopes` words with commas between them, else any
    /// text. Default: nothing.
    pub default: Option<String>,
    /// The fewest characters. Default: any number.
    pub min_length: Option<usize>,
    /// The most characters. Default: any number.
    pub max_length: Option<usize>,
    /// A regular expression that it must match, each word of a list on its own. Default: anything.
    pub pattern: Option<Pattern>,
    /// The allowed values, each word of a list on its own. Default: any.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The earliest expiry of a key: a span from now. Default: any.
    pub min: Option<Span>,
    /// The latest expiry of a key: a span from now; "never" is then refused. Default: any.
    pub max: Option<Span>,
}

impl InputSpec {
    /// Returns whether the call cannot be made unless the user gives a value.
    pub fn must_be_given(&self) -> bool {
        self.required && self.default.is_none()
    }
}
