//! How an answer is read, and the examples that prove it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::core::key::Validity;
use crate::manifest::extract::Extractor;
use crate::manifest::fields::{KeyFields, UsageFields};
use crate::manifest::predicate::{Predicate, StatusSet};

/// How an answer is read.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResponseSpec {
    /// The statuses of success: numbers and classes. Default: any 2xx. Example: `status = ["2xx", 404]`.
    #[serde(default)]
    pub status: StatusSet,
    /// What a success has to show beside its status; all of it. Default: nothing.
    /// Example: `require = [{ at = "/success", equals = true }]`.
    #[serde(default)]
    pub require: Vec<Predicate>,
    /// Whether the answer is text and not JSON; it is then one string, read with `at = ""` and `cut`. Default: `false`.
    #[serde(default)]
    pub text: bool,
    /// What shows that there is no key, in the answer to `status`, or to `list` whatever its status; all of it. Default:
    /// nothing does. Example: `none_if = [{ status = 404 }, { at = "/code", equals = "no_keys" }]`.
    #[serde(default)]
    pub none_if: Vec<Predicate>,
    /// Where the list is; items that are texts alone are the ids of the keys. Default: the answer itself. Example: `items = ["/data", "/keys"]`.
    pub items: Option<Extractor>,
    /// Where the key's description is, in the answer or in each item. Default: it is the whole.
    pub record: Option<Extractor>,
    /// How the key is described here, field by field, where it differs from the manifest's `key`.
    #[serde(default)]
    pub key: KeyFields,
    /// How its use is described here, where it differs.
    pub usage: Option<UsageFields>,
    /// Where the new secret is; what is masked or empty is none. Required of `create` and `rotate`, or `secret_parts`.
    pub secret: Option<Extractor>,
    /// Where each part of a new secret is, where it has several; all of them have to be there. Default: it is one text.
    /// Example: `secret_parts = { id = "/AccessKeyId", secret = "/SecretAccessKey" }`.
    #[serde(default)]
    pub secret_parts: BTreeMap<String, Extractor>,
    /// What later parts may name, in the answer of a step. Default: nothing.
    #[serde(default)]
    pub capture: BTreeMap<String, Extractor>,
    /// Variables of the profile that the answer to `login` holds; others are found by `discover`. Default: none.
    /// Example: `variables = { user_id = "/user/id" }`.
    #[serde(default)]
    pub variables: BTreeMap<String, Extractor>,
    /// Where the token is. Required of `login`, `refresh` and `exchange`.
    pub token: Option<TokenFields>,
    /// Who the credential belongs to. Default: unknown.
    pub identity: Option<Extractor>,
    /// In the answer to a verification, the id that the key has in the list. By it a login is known to use the key that
    /// is rotated or revoked, where a list shows nothing of secrets. Default: `key.masked` tells, or nothing does.
    /// Example: `key_id = "/token_id"`.
    pub key_id: Option<Extractor>,
    /// What the answer to a verification means, the first that fits. Default: a success is `valid`, a refusal what its
    /// reason says. A success counts only as JSON that has what `require` names; where that names nothing, as an object
    /// or a list. A web page is `unknown` whatever its status. An answer that is text counts with `text` and `require`.
    #[serde(default)]
    pub results: Vec<VerifyRule>,
    /// How many keys there may be, where the answer says it. Default: `limits.max_keys`.
    pub limit: Option<Extractor>,
    /// Where the server's own words for the user are. Default: nowhere.
    pub warning: Option<Extractor>,
}

impl ResponseSpec {
    /// Whether nothing is read of the answer.
    pub fn is_empty(&self) -> bool {
        self.require.is_empty()
            && self.none_if.is_empty()
            && self.items.is_none()
            && self.record.is_none()
            && self.secret.is_none()
            && self.secret_parts.is_empty()
            && self.token.is_none()
            && self.identity.is_none()
            && self.key_id.is_none()
            && self.results.is_empty()
            && self.capture.is_empty()
            && self.variables.is_empty()
    }
}

/// Where an answer holds a token.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenFields {
    /// The token: in the body, a header or a cookie. Required.
    pub value: Extractor,
    /// What gets the next one; where an answer leaves it out, the old one stays. Default: nothing does.
    pub refresh: Option<Extractor>,
    /// When it ends, the first that is there. Default: the `exp` of a JWT, else the credential's `lifetime`.
    /// Example: `expires = [{ at = "/expires_at", as = "time" }, { at = "/expires_in", as = "seconds" }]`.
    pub expires: Option<Extractor>,
}

/// What the answer to a verification means.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyRule {
    /// The statuses it is for. Default: any.
    pub status: Option<StatusSet>,
    /// What the answer has to show; all of it. Default: nothing.
    #[serde(default)]
    pub when: Vec<Predicate>,
    /// What it means: `valid`, `invalid`, `expired`, `disabled`, `restricted`, `blocked` or `unknown`. Required.
    pub result: Validity,
}

/// A recorded call and what has to come of it. In it the credential `NAME` is `example-NAME` (of one with parts, each
/// part is `example-PART`), what refreshes a token `example-refresh`, a password `example-password`, the code of a
/// second factor `example-code`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows. Required.
    pub name: String,
    /// What the user hands over, by name. Default: nothing.
    #[serde(default)]
    pub input: BTreeMap<String, Value>,
    /// What the profile knows, by name. Default: the defaults of the variables.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// The moment at which it happens, RFC 3339. Default: `2026-11-20T00:00:00Z`.
    pub now: Option<String>,
    /// What goes over the wire, in order. Required; `[]` where nothing may be sent.
    pub exchanges: Vec<RecordedExchange>,
    /// What has to come of it: a part of the JSON that the command prints. Default: that it succeeds.
    pub expect: Option<Value>,
    /// The kind of error (the word of its exit code), where it has to fail. Default: it succeeds.
    pub fails: Option<String>,
}

/// A request and its answer; or the run of a program.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordedExchange {
    /// `METHOD URL`, the URL as a whole; `RUN WORD WORD` for a program. Required.
    pub request: String,
    /// Headers that have to be there; names in any case, others may come with them. Default: none.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body: JSON is compared as JSON, anything else as text, `{uuid}` stands for any UUID; a program's stdin.
    /// Default: there is none.
    pub body: Option<String>,
    /// The status of the answer; a program's exit code. Required.
    pub status: u16,
    /// Headers of the answer; several values of one name are separated by a line break. Default: none.
    #[serde(default)]
    pub response_headers: BTreeMap<String, String>,
    /// The body of the answer; what a program prints. Default: empty.
    #[serde(default)]
    pub response: String,
}

impl RecordedExchange {
    /// The headers of the answer, their names in lower case.
    pub fn headers_of_answer(&self) -> Vec<(String, String)> {
        self.response_headers
            .iter()
            .flat_map(|(name, values)| values.lines().map(move |value| (name, value)))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect()
    }
}
