//! The manifest language: what a service is, and how its calls are written and read, as data.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::errors::ErrorSpec;
use super::paging::Paging;
use super::reading::{KeyFields, Predicate, Reads, StatusSet, UsageFields};
use super::source::{Source, Template};
use super::times::Span;
use crate::key::Validity;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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

/// What can be done at a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Account name and password → token.
    Login,
    /// A new token from an old one.
    Refresh,
    /// A token from a key.
    Exchange,
    /// Whether there is a key.
    Status,
    /// All keys.
    List,
    /// One key.
    Show,
    /// A new key.
    Create,
    /// Another name for a key.
    Rename,
    /// The end of a key.
    Revoke,
    /// A new secret for a key, in one call.
    Rotate,
}

impl Verb {
    /// Every verb, in the order in which `providers show` prints them.
    pub const ALL: [Verb; 10] = [
        Verb::Login,
        Verb::Refresh,
        Verb::Exchange,
        Verb::Status,
        Verb::List,
        Verb::Show,
        Verb::Create,
        Verb::Rename,
        Verb::Revoke,
        Verb::Rotate,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Verb::Login => "login",
            Verb::Refresh => "refresh",
            Verb::Exchange => "exchange",
            Verb::Status => "status",
            Verb::List => "list",
            Verb::Show => "show",
            Verb::Create => "create",
            Verb::Rename => "rename",
            Verb::Revoke => "revoke",
            Verb::Rotate => "rotate",
        }
    }

    /// What a service refuses when it refuses this, as in "refused to …".
    pub fn deed(self) -> &'static str {
        match self {
            Verb::Login => "log in",
            Verb::Refresh => "refresh the token",
            Verb::Exchange => "exchange the key for a token",
            Verb::Status => "say whether there is a key",
            Verb::List => "list keys",
            Verb::Show => "show a key",
            Verb::Create => "create a key",
            Verb::Rename => "rename a key",
            Verb::Revoke => "revoke a key",
            Verb::Rotate => "rotate a key",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How one thing is done: by calls, through another operation, by hand, or not at all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Where the facts of this operation come from, where not from the manifest's sources.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What was assumed because no source says it.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// Why the service cannot do it.
    pub unsupported: Option<String>,
    /// How a person does it.
    pub manual: Option<Manual>,
    /// The operation whose answer holds it: `show` in `list`, `list` in `status`, `status` in `list`.
    pub via: Option<Verb>,
    /// The credentials it takes, the best first; those of its base where it does not say.
    pub uses: Option<Vec<String>>,
    /// Bounds on what the user hands over.
    #[serde(default)]
    pub inputs: BTreeMap<String, InputSpec>,
    /// Calls that come first.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The call itself.
    pub request: Option<RequestSpec>,
    /// How its answer is read.
    #[serde(default)]
    pub answer: AnswerSpec,
    /// How a list goes on.
    pub paging: Option<Paging>,
    /// Whether the call may be sent again when nobody knows whether it arrived; by its method where it does not say.
    pub repeatable: Option<bool>,
    /// What the call does to the credential it was made with.
    #[serde(default)]
    pub effect: Effect,
    /// The credential that its answer holds.
    pub yields: Option<String>,
    /// Recorded calls, replayed by tests and by `providers check`.
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// What a call does to the credential it was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing.
    #[default]
    None,
    /// The new key takes its place, and it is dead.
    ReplacesOwn,
    /// It is dead.
    RevokesOwn,
}

/// How a person does something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// The page to open.
    pub url: String,
    /// What to do there, one sentence each.
    pub steps: Vec<String>,
    /// What of a new key the person can choose there: `name`, `scopes`, `expires`.
    #[serde(default)]
    pub takes: Vec<String>,
}

/// Bounds on what the user hands over, checked before anything is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// What to say about it.
    pub about: Option<String>,
    /// Whether the call needs it.
    #[serde(default)]
    pub required: bool,
    /// What it is when nobody says.
    pub default: Option<String>,
    /// The fewest characters.
    pub min_length: Option<usize>,
    /// The most characters.
    pub max_length: Option<usize>,
    /// A regular expression that it has to match.
    pub pattern: Option<Pattern>,
    /// The values it may have.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The soonest end of a key.
    pub min: Option<Span>,
    /// The latest end of a key.
    pub max: Option<Span>,
}

/// A call that comes before the one that matters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Later parts name what it captured as `step.NAME.CAPTURE`.
    pub name: String,
    /// The call.
    pub request: RequestSpec,
    /// How its answer is read.
    #[serde(default)]
    pub answer: AnswerSpec,
    /// Whether it may be sent again when nobody knows whether it arrived.
    pub repeatable: Option<bool>,
    /// What is left behind, and how to clean it up, when a later call fails.
    pub leaves: Option<String>,
}

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

/// How an answer is read.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerSpec {
    /// The statuses of success; any 2xx where it does not say.
    #[serde(default)]
    pub status: StatusSet,
    /// What a success has to show beside its status.
    #[serde(default)]
    pub require: Vec<Predicate>,
    /// What shows that there is no key, in the answer to `status`.
    #[serde(default)]
    pub none_if: Vec<Predicate>,
    /// Where the list is.
    pub items: Option<Reads>,
    /// Where the key's description is, in the answer or in each item.
    pub record: Option<Reads>,
    /// How the key is described here, where it differs.
    #[serde(default)]
    pub key: KeyFields,
    /// How its use is described here, where it differs.
    pub usage: Option<UsageFields>,
    /// Where the new secret is.
    pub secret: Option<Reads>,
    /// What later parts may name.
    #[serde(default)]
    pub capture: BTreeMap<String, Reads>,
    /// Where the token is.
    pub token: Option<TokenFields>,
    /// Who the credential belongs to.
    pub identity: Option<Reads>,
    /// What the answer to a verification means, the first that fits.
    #[serde(default)]
    pub results: Vec<VerifyRule>,
    /// How many keys there may be, where the answer says it.
    pub limit: Option<Reads>,
    /// Where the server's own words for the user are.
    pub warning: Option<Reads>,
}

impl AnswerSpec {
    /// Whether nothing is read of the answer.
    pub fn is_empty(&self) -> bool {
        self.require.is_empty()
            && self.none_if.is_empty()
            && self.items.is_none()
            && self.record.is_none()
            && self.secret.is_none()
            && self.token.is_none()
            && self.identity.is_none()
            && self.results.is_empty()
            && self.capture.is_empty()
    }
}

/// Where an answer holds a token.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenFields {
    /// The token.
    pub value: Reads,
    /// What gets the next one; where an answer leaves it out, the old one stays.
    pub refresh: Option<Reads>,
    /// When it ends, the first that is there; the `exp` of a JWT where nothing else says it.
    pub expires: Option<Reads>,
}

/// What the answer to a verification means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifyRule {
    /// The statuses it is for; any where it does not say.
    pub status: Option<StatusSet>,
    /// What the answer has to show.
    #[serde(default)]
    pub when: Vec<Predicate>,
    /// What it means.
    pub result: Validity,
}

/// A recorded call and what has to come of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// What the user hands over.
    #[serde(default)]
    pub input: BTreeMap<String, Value>,
    /// What the profile knows.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// The moment at which it happens, RFC 3339.
    pub now: Option<String>,
    /// What goes over the wire, in order.
    pub exchanges: Vec<Recorded>,
    /// What has to come of it: a part of the JSON that the command prints.
    pub expect: Option<Value>,
    /// The exit code's kind, where it has to fail.
    pub fails: Option<String>,
}

/// A request and its answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// `METHOD URL`, the URL as a whole.
    pub request: String,
    /// Headers that have to be there, and nothing may contradict; names in any case.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body: JSON is compared as JSON, a form as text; absent means none.
    pub body: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// Headers of the answer.
    #[serde(default)]
    pub answer_headers: BTreeMap<String, String>,
    /// The body of the answer.
    #[serde(default)]
    pub answer: String,
}

/// A regular expression, checked when the manifest is read; it cannot take more than linear time.
#[derive(Debug, Clone)]
pub struct Pattern(regex_lite::Regex);

impl Pattern {
    /// Whether `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// What the first group of the expression takes of `text`; the whole match where it has no group.
    pub fn first_group(&self, text: &str) -> Option<String> {
        let found = self.0.captures(text)?;
        found
            .get(1)
            .or_else(|| found.get(0))
            .map(|part| part.as_str().to_owned())
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        regex_lite::RegexBuilder::new(&text)
            .size_limit(1 << 20)
            .build()
            .map(Pattern)
            .map_err(|error| serde::de::Error::custom(format!("not a regular expression: {error}")))
    }
}
