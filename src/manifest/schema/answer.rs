//! How an answer is read, and the examples that prove it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::key::Validity;
use crate::manifest::reading::{KeyFields, Predicate, Reads, StatusSet, UsageFields};

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
