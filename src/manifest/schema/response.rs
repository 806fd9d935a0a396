//! The responses of a manifest, and the examples that prove them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::core::key::Validity;
use crate::manifest::errors::looks_like_html;
use crate::manifest::extract::{Extractor, ParsedResponse};
use crate::manifest::fields::{KeyFields, UsageFields};
use crate::manifest::predicate::{Predicate, StatusSet};

/// A response.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResponseSpec {
    /// The statuses of success: numbers and classes. Default: any 2xx. Example: `status = ["2xx", 404]`.
    #[serde(default)]
    pub status: StatusSet,
    /// Conditions on a success beside its status; all must hold. Default: nothing. Example: `require = [{ at =
    /// "/success", equals = true }]`.
    #[serde(default)]
    pub require: Vec<Predicate>,
    /// Reads the response as text and not as JSON; it is then one string, read with `at = ""` and `cut`. Default:
    /// `false`.
    #[serde(default)]
    pub text: bool,
    /// Conditions that mean that there is no key, in the response to `status`, or to `list` whatever its status; all
    /// must hold. Default: nothing does. Example: `none_if = [{ status = 404 }, { at = "/code", equals = "no_keys"
    /// }]`.
    #[serde(default)]
    pub none_if: Vec<Predicate>,
    /// The location of the list; items that are only text are the ids of the keys. Default: the response itself.
    /// Example: `items = ["/data", "/keys"]`.
    pub items: Option<Extractor>,
    /// The location of the key's record, in the response or in each item. Default: it is the whole.
    pub record: Option<Extractor>,
    /// The fields of the key that differ from the manifest's `key`.
    #[serde(default)]
    pub key: KeyFields,
    /// The fields of its usage that differ.
    pub usage: Option<UsageFields>,
    /// The location of the new secret; a masked or empty one does not count. Required of `create` and `rotate`, or
    /// `secret_parts`.
    pub secret: Option<Extractor>,
    /// The location of each part of a new secret that has several; all of them must be there. Default: it is one
    /// text. Example: `secret_parts = { id = "/AccessKeyId", secret = "/SecretAccessKey" }`.
    #[serde(default)]
    pub secret_parts: BTreeMap<String, Extractor>,
    /// Of `read` at a destination: the location of the entry in an answer that lists several; `value`, `container` and
    /// `capture` start there, and if nothing is found there, nothing stands there. Default: the response itself. Example:
    /// `entry = { at = "/data", find = { at = "/name", from = "name" } }`.
    pub entry: Option<Extractor>,
    /// Of `read` at a destination: the location of the value that stands there, as text. Default: it cannot be read back.
    /// Example: `value = "/data/data/{field}"`; a placeholder is a part of the address, and takes it as one name.
    pub value: Option<Extractor>,
    /// Of `read` at a destination: the location of the SHA-256 of the value, in hexadecimal digits or base64, for a value that
    /// is not shown. The value is then compared by it, and not restored. Default: it cannot be compared. Example: `sha256 =
    /// "/digest"`.
    pub sha256: Option<Extractor>,
    /// Of `read` at a destination: the conditions that mean that nothing stands there; all must hold. Default: the status is
    /// 404. Example: `absent_if = [{ status = 404 }, { at = "/errors/0", exists = false }]`.
    #[serde(default)]
    pub absent_if: Vec<Predicate>,
    /// Of `read` at a destination: the conditions that mean that a value stands there which is not shown; all must hold. It
    /// is then not restored, and compared by `sha256` alone. Default: only an empty place of `value` means that. Example: `hidden_if = [{
    /// at = "/hidden", equals = true }]`.
    #[serde(default)]
    pub hidden_if: Vec<Predicate>,
    /// Of `read` at a destination: the location of the object or the list that holds the value beside others; if it holds
    /// this one alone, `discard` removes all of it. Default: `remove` is used.
    pub container: Option<Extractor>,
    /// The values that a step captures for later parts. Default: nothing.
    #[serde(default)]
    pub capture: BTreeMap<String, Extractor>,
    /// Variables of the profile that the response to `login` holds; others are found by `discover`. Default: none.
    /// Example: `variables = { user_id = "/user/id" }`.
    #[serde(default)]
    pub variables: BTreeMap<String, Extractor>,
    /// The token in the response. Required of `login`, `refresh`, `exchange` and `federate`.
    pub token: Option<TokenFields>,
    /// The owner of the credential. Default: unknown.
    pub identity: Option<Extractor>,
    /// In the response to a verification, the id of the key in the list. It identifies the login's key before a
    /// rotation or revocation if a list shows nothing of secrets. Default: `key.masked` identifies it, or nothing
    /// does. Example: `key_id = "/token_id"`.
    pub key_id: Option<Extractor>,
    /// The meaning of the response to a verification; the first rule that matches counts. Default: a success is
    /// `valid`, a refusal has the meaning of its reason. A success counts only as JSON that has what `require` names;
    /// if that names nothing, as an object or a list. A web page is `unknown` whatever its status. A response that is
    /// text counts with `text` and `require`.
    #[serde(default)]
    pub results: Vec<VerifyRule>,
    /// The location of the most keys allowed. Default: `limits.max_keys`.
    pub limit: Option<Extractor>,
    /// The location of the server's own message for the user. Default: nowhere.
    pub warning: Option<Extractor>,
}

impl ResponseSpec {
    /// Returns the entry of a destination that a response shows; `None` if it shows none.
    pub fn entry_of<'v>(&self, seen: &'v ParsedResponse, now: Timestamp) -> Option<Cow<'v, Value>> {
        match &self.entry {
            Some(reads) => reads.value(seen, &seen.body, now).map(Cow::Owned),
            None => Some(Cow::Borrowed(&seen.body)),
        }
    }

    /// Returns whether a response says that nothing stands at a destination; a web page says nothing.
    pub fn is_absent(&self, seen: &ParsedResponse) -> bool {
        let is_page = seen.body.as_str().is_some_and(looks_like_html);
        let holds = match self.absent_if.as_slice() {
            [] => seen.status == 404,
            conditions => conditions.iter().all(|one| one.holds(seen)),
        };
        seen.is_unasked() || !is_page && holds
    }

    /// Returns whether a response says that a value stands at a destination and is not shown.
    pub fn is_hidden(&self, seen: &ParsedResponse) -> bool {
        !self.hidden_if.is_empty() && self.hidden_if.iter().all(|one| one.holds(seen))
    }
}

/// The locations of a token in a response.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenFields {
    /// The token: in the body, a header or a cookie. This or `parts` is required.
    pub value: Option<Extractor>,
    /// The location of each part of a token that has several, such as the credentials of an assumed role; all of them
    /// must be there. Default: it is one text. Example: `parts = { id = "/AccessKeyId", secret = "/SecretAccessKey",
    /// session = "/SessionToken" }`.
    #[serde(default)]
    pub parts: BTreeMap<String, Extractor>,
    /// The location of the refresh token; if a response has none, the old one stays. Default: nothing does.
    pub refresh: Option<Extractor>,
    /// Its expiry; the first value found counts. Default: the `exp` of a JWT, else the credential's `lifetime`.
    /// Example: `expires = [{ at = "/expires_at", as = "time" }, { at = "/expires_in", as = "seconds" }]`.
    pub expires: Option<Extractor>,
}

/// The meaning of the response to a verification.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct VerifyRule {
    /// The statuses that it applies to. Default: any.
    pub status: Option<StatusSet>,
    /// Conditions on the response; all must hold. Default: nothing.
    #[serde(default)]
    pub when: Vec<Predicate>,
    /// The meaning: `valid`, `invalid`, `expired`, `disabled`, `restricted`, `blocked` or `unknown`. Required.
    pub result: Validity,
}

/// Recorded calls and the expected result. In it the credential `NAME` is `example-NAME` (of one with parts, each
/// part is `example-PART`; what signs a `jwt` is a published key of RFC 7515 or RFC 8037), a refresh token `example-refresh`, a
/// password `example-password`, the code of a second factor `example-code`, the identity token of a job
/// `example-identity`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The title of the example. Required.
    pub name: String,
    /// The parameters from the user, by name. Default: nothing.
    #[serde(default)]
    pub input: BTreeMap<String, Value>,
    /// The variables of the profile, by name. Default: the defaults of the variables.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// The time of the call, RFC 3339. Default: `2026-11-20T00:00:00Z`.
    pub now: Option<String>,
    /// The recorded requests and responses, in order. Required; `[]` if nothing may be sent.
    pub exchanges: Vec<RecordedExchange>,
    /// The expected result: a part of the JSON that the command prints. Default: that it succeeds.
    pub expect: Option<Value>,
    /// The kind of the expected error (the word of its exit code). Default: it succeeds.
    pub fails: Option<String>,
}

/// A request and its response; or the run of a program.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordedExchange {
    /// `METHOD URL`, the URL as a whole; `RUN WORD WORD` for a program. Required.
    pub request: String,
    /// Required headers; names in any case, further headers are allowed, `{jwt}` matches any JWT. Default: none.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body: JSON is compared as JSON, anything else as text, `{uuid}` matches any UUID and `{jwt}` any JWT; `{sealed:TEXT}`
    /// matches a sealed box with that text for the public key `hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=` (RFC 7748); a program's stdin.
    /// Default: there is none.
    pub body: Option<String>,
    /// The status of the response; a program's exit code. Required.
    pub status: u16,
    /// Headers of the response; several values of one name are separated by a line break. Default: none.
    #[serde(default)]
    pub response_headers: BTreeMap<String, String>,
    /// The body of the response, or the output of a program. Default: empty.
    #[serde(default)]
    pub response: String,
}

impl RecordedExchange {
    /// Returns the headers of the response, their names in lower case.
    pub fn headers_of_answer(&self) -> Vec<(String, String)> {
        self.response_headers
            .iter()
            .flat_map(|(name, values)| values.lines().map(move |value| (name, value)))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect()
    }
}
