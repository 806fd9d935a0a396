//! The requests of a manifest.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::oauth::Endpoint;
use crate::manifest::source::{Source, Template};
use crate::manifest::times::Span;

/// A request.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestSpec {
    /// Any HTTP token in capitals. Required. Example: `method = "LIST"`.
    pub method: String,
    /// The name of a server. Default: `api`.
    #[serde(default = "default_server")]
    pub server: String,
    /// The path below the server's URL, filled from `{…}`. A value is percent-encoded as one segment; `{+…}` keeps
    /// its slashes. A trailing slash stays. A credential in it is hidden in traces. Required. Example: `path =
    /// "/orgs/{var.org}/keys/{id}"`.
    pub path: Template,
    /// Query parameters, with any method; one without a value is left out. Default: none.
    #[serde(default)]
    pub query: Vec<Field>,
    /// Query parameters with which a call of `add` or `write` changes nothing: a destination is probed by the call that
    /// would follow, with them and a placeholder as `secret`. Default: none. Example: `dry_run = [{ at = "dryRun",
    /// value = "All" }]`.
    #[serde(default)]
    pub dry_run: Vec<Field>,
    /// Headers of this request alone, in place of those of the server. Default: none.
    #[serde(default)]
    pub headers: Vec<Field>,
    /// Cookies of this request beside the credential's. Default: none.
    /// Example: `cookies = [{ at = "refresh", from = "credential.token.refresh" }]`.
    #[serde(default)]
    pub cookies: Vec<Field>,
    /// HTTP Basic from two values, as some logins require. Default: none. Example: `basic = { user = "email",
    /// password = "credential.password" }`.
    pub basic: Option<BasicAuth>,
    /// The fields of the body. Default: there is no body; `[]` is an empty object.
    pub body: Option<Vec<Field>>,
    /// The format of the body: `json`, `form` or `text`. Default: `json`.
    #[serde(default)]
    pub format: BodyFormat,
    /// The `Content-Type` of the body. Default: the usual one of its format.
    /// Example: `media_type = "application/x-amz-json-1.1"`.
    pub media_type: Option<String>,
    /// Sends the credential in its placements; `false` if only fields of this request carry it. Default: `true`.
    #[serde(default = "yes")]
    pub authenticate: bool,
    /// The longest the request may take: a span such as `"2m"`. Default: 30 seconds; `--timeout` shortens both.
    pub timeout: Option<Span>,
    /// The endpoint that is discovered, in place of a path.
    #[serde(skip)]
    pub endpoint: Option<Endpoint>,
}

/// The name of the default server.
pub const DEFAULT_SERVER: &str = "api";

fn default_server() -> String {
    DEFAULT_SERVER.to_owned()
}

fn yes() -> bool {
    true
}

impl RequestSpec {
    /// Returns a request with nothing but a method at the root of a server.
    pub fn bare(method: &str, server: &str, path: Template) -> Self {
        RequestSpec {
            method: method.to_owned(),
            server: server.to_owned(),
            path,
            query: Vec::new(),
            dry_run: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            basic: None,
            body: None,
            format: BodyFormat::Json,
            media_type: None,
            authenticate: true,
            timeout: None,
            endpoint: None,
        }
    }
}

/// HTTP Basic from two values.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BasicAuth {
    /// The part before the colon. Required. Example: `"email"`.
    pub user: Source,
    /// The part after it. Default: nothing. Example: `"credential.password"`.
    pub password: Option<Source>,
}

/// The format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// `application/json`; each field's `at` is a JSON Pointer.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`; each field's `at` is a name.
    Form,
    /// `text/plain`; the values of the fields one after the other.
    Text,
}

/// One value of a request: its location and its source.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// A JSON Pointer in a JSON body, with numbers for arrays and `""` for the whole body; a name in a query, a form,
    /// the headers or the cookies. In a JSON body a part may be a placeholder, `/data/{field}`, filled as one name. Required.
    pub at: String,
    /// A constant of any type. This, `from` or a `format` is required.
    pub value: Option<Value>,
    /// The source of the value: `name`, `scopes`, `expires`, `id` or another parameter; `var.NAME`; `credential.NAME`,
    /// its `.refresh` or one of its parts; `credential.password`, which is asked for; in `federate` also
    /// `credential.identity`, the identity token of the job; `step.NAME.CAPTURE`;
    /// `challenge.NAME`; `server.origin`, the origin of the server; `random.uuid`, the same in all tries of a request;
    /// `now`, `now + 10m` or `now - 1m`. With `key_pair` also the public half as `public_key.pem`, `public_key.der` (both
    /// `SubjectPublicKeyInfo`, the latter in base64), `public_key.openssh`, `public_key.jwk` (an object),
    /// `public_key.thumbprint` and `public_key.spki`. In a `jwt` also `signer.thumbprint` (RFC 7638, base64url) and `signer.spki`
    /// (SHA-256 of the public key as `SubjectPublicKeyInfo`, base64).
    pub from: Option<Source>,
    /// The encoding of the value. Default: `plain`.
    #[serde(rename = "as", default)]
    pub form: Encode,
    /// The public key that a `sealed-box` is sealed for: 32 bytes in base64. Required with it. Example: `{ at =
    /// "/encrypted_value", from = "secret", as = "sealed-box", recipient = "step.public_key.key" }`.
    pub recipient: Option<Source>,
    /// Replacements for the words of the value, for a list each on its own; a word that is not listed is refused. Default:
    /// unchanged. Example: `map = { read = { id = "r1" }, write = { id = "w1" } }`.
    #[serde(default)]
    pub map: BTreeMap<String, Value>,
    /// The value to send for a list that consists of this one word. Default: a list of one. Example: `when_single = {
    /// all = "all" }`.
    #[serde(default)]
    pub when_single: BTreeMap<String, Value>,
    /// The location of the value in a new object that is then encoded, a JSON Pointer. Default: it is not wrapped.
    /// Example: `{ at = "/meta", from = "name", wrap_in = "/owner", as = "json-text" }`.
    pub wrap_in: Option<String>,
    /// The location of each word of a list in an object of its own, a JSON Pointer. Default: the words alone. Example: `{
    /// at = "/roles", from = "scopes", wrap_each = "/name" }`.
    pub wrap_each: Option<String>,
    /// Text around the encoded value, with `{value}` for it; other placeholders name further values, all of which must
    /// be there. Without `from` and `value`, the text is the value. Default: none. Example: `format = "Bearer {value}"`,
    /// `format = "{var.account}.{var.user}"`.
    pub format: Option<Template>,
    /// The value to send if the source has none. Default: `when_missing` decides. Example: `{ at = "/options/cas", from =
    /// "step.read.version", default = 0 }`.
    pub default: Option<Value>,
    /// Sends `null`, as a merge patch removes a member (RFC 7396); such a field has neither `from` nor `value`. Default:
    /// `false`.
    #[serde(default)]
    pub null: bool,
    /// Removes what earlier fields of the same body put at `at`; such a field has neither `from` nor `value`. Default:
    /// `false`. Example: `{ at = "/data/{field}", remove = true }`.
    #[serde(default)]
    pub remove: bool,
    /// Replaces what earlier fields of the same body put at `at` by its text as JSON; such a field has neither `from` nor
    /// `value`. Default: `false`. Example: `{ at = "/SecretString", stringify = true }`.
    #[serde(default)]
    pub stringify: bool,
    /// The handling of a missing value: `omit`, `null` or `refuse`. In `set` a field that is not given is left out in any
    /// case, and `null` is sent for the expiry "never". Default: `omit`.
    #[serde(default)]
    pub when_missing: WhenMissing,
    /// The value to send for the expiry "never", and for that word in another time. Default: as if there were no
    /// expiry; in `set`, "never" is then refused. Example: `when_unlimited = 0`.
    pub when_unlimited: Option<Value>,
}

impl Field {
    /// Returns whether it needs no value: it sends `null`, or changes what earlier fields put.
    pub fn is_made_here(&self) -> bool {
        self.null || self.remove || self.stringify
    }
}

/// The handling of a missing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum WhenMissing {
    /// Leave it out.
    #[default]
    Omit,
    /// Send `null`.
    Null,
    /// Fail before anything is sent.
    Refuse,
}

/// The encoding of a value. The forms of time take an expiry (`expires`), a moment, or a span such as `15m` from now;
/// counts are rounded down, so that a key may expire a little sooner than asked, never later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Encode {
    /// Unchanged: text stays text, a captured value keeps its type, a list becomes an array; an expiry becomes RFC
    /// 3339.
    #[default]
    Plain,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Text, also of a number or a count.
    Text,
    /// Joined by commas.
    Comma,
    /// Joined by spaces.
    Space,
    /// An array, from text with commas.
    List,
    /// A value from text that holds JSON, such as `[{"id": 1}]`.
    Json,
    /// JSON written into a string.
    JsonText,
    /// Text as base64 (RFC 4648, with padding).
    Base64,
    /// Text in a sealed box of libsodium, which the holder of the private key opens, as base64; `recipient` names the public key.
    SealedBox,
    /// One object, merged deeply from the values that a list is mapped to.
    Merge,
    /// An object with every word of a list as a name and `true` as its value.
    Flags,
    /// Whole seconds from now.
    Seconds,
    /// Whole minutes from now.
    Minutes,
    /// Whole hours from now.
    Hours,
    /// Whole days from now.
    Days,
    /// Whole weeks from now.
    Weeks,
    /// Milliseconds from now.
    Milliseconds,
    /// Seconds since 1970.
    Unix,
    /// Milliseconds since 1970.
    UnixMs,
    /// `2027-01-31T00:00:00Z`.
    Rfc3339,
    /// `2027-01-31T00:00:00.000Z`.
    Rfc3339Ms,
    /// `2027-01-31T00:00:00`, in UTC.
    Naive,
    /// `2027-01-31 00:00:00`, in UTC.
    DateTime,
    /// `2027-01-31`, in UTC.
    Date,
    /// `Sun, 31 Jan 2027 00:00:00 GMT`.
    HttpDate,
    /// Seconds from now with a unit, `3600s`.
    Duration,
}

impl Encode {
    /// Returns whether it writes a time.
    pub fn is_time(self) -> bool {
        matches!(
            self,
            Encode::Seconds
                | Encode::Minutes
                | Encode::Hours
                | Encode::Days
                | Encode::Weeks
                | Encode::Milliseconds
                | Encode::Unix
                | Encode::UnixMs
                | Encode::Rfc3339
                | Encode::Rfc3339Ms
                | Encode::Naive
                | Encode::DateTime
                | Encode::Date
                | Encode::HttpDate
                | Encode::Duration
        )
    }
}
