//! Interprets refusals: the location of the message, and a closed set of reasons.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::extract::{Extractor, ParsedResponse};
use super::pattern::Pattern;
use super::predicate::{Predicate, StatusSet};
use super::source::plain_text;
use super::verb::Verb;
use crate::core::error::Kind;
use crate::core::key::Validity;
use crate::core::untrusted::one_line;

/// The location of error messages, and the meaning of errors.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ErrorSpec {
    /// The location of the message. Default: the usual places: `/error/message`, `/message`, `/detail`, `/errors/0`,
    /// `/ErrorResponse/Error/Message` and others, an object of messages by field, or short text.
    pub message: Option<Extractor>,
    /// The location of the code; a number becomes text. Default: the usual places: `/error/code`, `/code` and others.
    pub code: Option<Extractor>,
    /// The location of further details, an object of scalars or a text. Default: nowhere.
    pub details: Option<Extractor>,
    /// The location of the request id. Default: the usual headers, and `/request_id`.
    pub request_id: Option<Extractor>,
    /// The location of a URL that explains the error; it becomes a hint. Default: nowhere. Example: `docs =
    /// "/error/doc_url"`.
    pub docs: Option<Extractor>,
    /// The location of the time to wait, read before the usual headers and places. Default: those alone:
    /// `Retry-After`, `Retry-After-Ms`, `X-Retry-After` and the reset headers, in every unambiguous form.
    pub retry_after: Option<RetryAfter>,
    /// The meaning of refusals; the first rule that matches counts. Default: the usual meaning of each status.
    #[serde(default)]
    pub rules: Vec<ErrorRule>,
}

/// The location of the time to wait in a refusal.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RetryAfter {
    /// The location of the value. Required. Example: `at = "/error/details/resets_in_seconds"`.
    pub at: Extractor,
    /// The unit of the value: `seconds`, `milliseconds`, `time` or `duration`. Default: `seconds`.
    #[serde(default)]
    pub unit: RetryAfterUnit,
}

/// The unit of a number in a rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RetryAfterUnit {
    /// Seconds from now.
    #[default]
    Seconds,
    /// Milliseconds from now.
    Milliseconds,
    /// A moment in any form, also in seconds since 1970.
    Time,
    /// A span from now, `6m30s`.
    Duration,
}

/// The meaning of a refusal; all conditions must match.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// The statuses that it applies to. Default: any.
    pub status: Option<StatusSet>,
    /// The server's codes that it applies to, as text. Default: any.
    #[serde(default)]
    pub code: Vec<String>,
    /// A regular expression that the server's message must match. Default: any message.
    pub message: Option<Pattern>,
    /// Conditions on the response; all must hold. Default: nothing.
    #[serde(default)]
    pub when: Vec<Predicate>,
    /// The operations that it applies to. Default: any, verifications included.
    #[serde(default)]
    pub operations: Vec<Verb>,
    /// The meaning. Required.
    pub reason: ErrorReason,
    /// The message in place of the server's. Default: the server's message.
    pub say: Option<String>,
    /// Hints for the user, one sentence each. Default: nothing.
    #[serde(default)]
    pub hints: Vec<String>,
}

/// The reason why a service refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ErrorReason {
    /// The service does not know the credential, or no longer.
    InvalidCredential,
    /// The credential has expired; a token is refreshed once.
    ExpiredCredential,
    /// The credential was revoked.
    RevokedCredential,
    /// The credential is disabled.
    DisabledCredential,
    /// There was no credential in the request.
    MissingCredential,
    /// The credential lacks the permission.
    Forbidden,
    /// The account has to pay first.
    Payment,
    /// The limit of keys is reached.
    LimitReached,
    /// The name is taken, or another conflict.
    Conflict,
    /// The object does not exist.
    NotFound,
    /// The request is invalid.
    InvalidInput,
    /// Too many requests.
    RateLimited,
    /// The service is temporarily unavailable.
    Unavailable,
    /// The service requires a second factor; the manifest's `challenge` describes the answer.
    Challenge,
    /// Anything else.
    Unexpected,
}

impl ErrorReason {
    /// Returns the kind of error it becomes.
    pub fn kind(self) -> Kind {
        match self {
            ErrorReason::InvalidCredential
            | ErrorReason::ExpiredCredential
            | ErrorReason::RevokedCredential
            | ErrorReason::DisabledCredential
            | ErrorReason::MissingCredential
            | ErrorReason::Challenge => Kind::Auth,
            ErrorReason::Forbidden | ErrorReason::Payment => Kind::Forbidden,
            ErrorReason::LimitReached | ErrorReason::Conflict => Kind::Conflict,
            ErrorReason::NotFound => Kind::NotFound,
            ErrorReason::InvalidInput | ErrorReason::Unexpected => Kind::Failed,
            ErrorReason::RateLimited => Kind::RateLimited,
            ErrorReason::Unavailable => Kind::Unreachable,
        }
    }

    /// Returns what it means for the credential of the request.
    pub fn validity(self) -> Validity {
        match self {
            ErrorReason::InvalidCredential
            | ErrorReason::RevokedCredential
            | ErrorReason::MissingCredential => Validity::Invalid,
            ErrorReason::ExpiredCredential => Validity::Expired,
            ErrorReason::DisabledCredential => Validity::Disabled,
            ErrorReason::Forbidden => Validity::Restricted,
            ErrorReason::Payment => Validity::Blocked,
            _ => Validity::Unknown,
        }
    }

    /// Returns the message for a server that sends none.
    fn words(self) -> &'static str {
        match self {
            ErrorReason::InvalidCredential => "the credential is not accepted",
            ErrorReason::ExpiredCredential => "the credential has expired",
            ErrorReason::RevokedCredential => "the credential was revoked",
            ErrorReason::DisabledCredential => "the credential is disabled",
            ErrorReason::MissingCredential => "there was no credential in the request",
            ErrorReason::Forbidden => "the credential may not do this",
            ErrorReason::Payment => "the account must pay first",
            ErrorReason::LimitReached => "the maximum number of keys is reached",
            ErrorReason::Conflict => "it conflicts with existing data",
            ErrorReason::NotFound => "there is no such thing",
            ErrorReason::InvalidInput => "something in the request is not accepted",
            ErrorReason::RateLimited => "too many requests",
            ErrorReason::Unavailable => "the service cannot answer now",
            ErrorReason::Challenge => "a second factor is asked for",
            ErrorReason::Unexpected => "the answer is not one it should give",
        }
    }

    fn of_status(status: u16) -> ErrorReason {
        match status {
            400 | 413 | 422 => ErrorReason::InvalidInput,
            401 => ErrorReason::InvalidCredential,
            402 => ErrorReason::Payment,
            403 => ErrorReason::Forbidden,
            404 | 410 => ErrorReason::NotFound,
            409 | 412 => ErrorReason::Conflict,
            408 | 425 | 500..=599 => ErrorReason::Unavailable,
            429 => ErrorReason::RateLimited,
            _ => ErrorReason::Unexpected,
        }
    }
}

impl ErrorReason {
    /// Returns the meaning of an OAuth error code (RFC 6749, 6750, 8628), for an endpoint that sends it with a status
    /// of success.
    pub fn of_oauth_code(code: &str) -> Option<ErrorReason> {
        match code {
            "invalid_grant" | "invalid_token" | "invalid_client" => {
                Some(ErrorReason::InvalidCredential)
            }
            "expired_token" | "token_expired" => Some(ErrorReason::ExpiredCredential),
            "unauthorized_client" | "access_denied" | "insufficient_scope" => {
                Some(ErrorReason::Forbidden)
            }
            "invalid_request" | "invalid_scope" | "unsupported_grant_type" => {
                Some(ErrorReason::InvalidInput)
            }
            "slow_down" => Some(ErrorReason::RateLimited),
            "server_error" | "temporarily_unavailable" => Some(ErrorReason::Unavailable),
            _ => None,
        }
    }
}

/// The error of an OAuth endpoint (RFC 6749, section 5.2).
struct OAuthError<'b> {
    code: &'b str,
    description: Option<&'b str>,
    uri: Option<&'b str>,
}

impl<'b> OAuthError<'b> {
    /// Returns the error of a body in this shape; a word alone is one only if it is a code of OAuth.
    fn in_body(body: &'b Value) -> Option<Self> {
        let text = |name: &str| {
            let text = body.get(name)?.as_str()?;
            (!text.trim().is_empty()).then_some(text)
        };
        let (code, description) = (text("error")?, text("error_description"));
        let is_one = description.is_some() || ErrorReason::of_oauth_code(code).is_some();
        is_one.then(|| OAuthError {
            code,
            description,
            uri: text("error_uri"),
        })
    }

    fn text(&self) -> String {
        self.description.unwrap_or(self.code).to_owned()
    }
}

/// A classified refusal.
#[derive(Debug)]
pub struct ServiceError {
    /// The reason.
    pub reason: ErrorReason,
    /// The message in one sentence, without characters that could control a terminal.
    pub message: String,
    /// The server's own code.
    pub code: Option<String>,
    /// The hints for the user.
    pub hints: Vec<String>,
    /// The HTTP status.
    pub status: u16,
    /// The id under which the server knows the request.
    pub request_id: Option<String>,
}

const MESSAGE_PLACES: &[&str] = &[
    "/error/message",
    "/message",
    "/error_description",
    "/errors/0/message",
    "/errors/0",
    "/detail/message",
    "/detail/0/msg",
    "/detail/1",
    "/detail",
    "/err_msg",
    "/data/error",
    "/reason",
    "/title",
    "/error",
    "/1",
    "/Error/Message",
    "/ErrorResponse/Error/Message",
    "/Response/Errors/Error/Message",
];

const CODE_PLACES: &[&str] = &[
    "/error/code",
    "/error/type",
    "/code",
    "/errcode",
    "/err_code",
    "/errors/0/code",
    "/type",
    "/error",
    "/Error/Code",
    "/ErrorResponse/Error/Code",
    "/Response/Errors/Error/Code",
];

const REQUEST_ID_HEADERS: &[&str] = &["x-request-id", "request-id", "x-amzn-requestid", "cf-ray"];

const REQUEST_ID_PLACES: &[&str] = &[
    "/request_id",
    "/ErrorResponse/RequestId",
    "/Error/RequestId",
];

/// The most characters of a non-JSON response that are quoted.
const MAX_QUOTED: usize = 120;

impl ErrorSpec {
    /// Returns the meaning of the response `seen` to `verb` as a refusal.
    pub fn classify(
        &self,
        seen: &ParsedResponse,
        verb: Option<Verb>,
        now: Timestamp,
    ) -> ServiceError {
        let read = |spec: &Option<Extractor>, places: &[&str]| match spec {
            Some(reads) => reads.text(seen, &seen.body, now),
            None => first_text(&seen.body, places),
        };
        // A service that describes its own errors leaves the shape of those of its token endpoint to OAuth.
        let oauth = OAuthError::in_body(&seen.body);
        let said = read(&self.message, MESSAGE_PLACES)
            .filter(|text| !text.trim().is_empty())
            .or_else(|| oauth.as_ref().map(OAuthError::text))
            .or_else(|| plain_answer(&seen.body));
        let code = read(&self.code, CODE_PLACES)
            .or_else(|| oauth.as_ref().map(|oauth| oauth.code.to_owned()))
            .filter(|code| {
                // `error` is a word in some services and a sentence in others.
                code.len() <= 64 && !code.contains(' ') && code != "true"
            });
        let rule = self.rules.iter().find(|rule| {
            rule.status
                .as_ref()
                .is_none_or(|set| set.contains(seen.status))
                && (rule.code.is_empty()
                    || code.as_ref().is_some_and(|code| rule.code.contains(code)))
                && rule
                    .message
                    .as_ref()
                    .is_none_or(|pattern| said.as_ref().is_some_and(|text| pattern.matches(text)))
                && rule.when.iter().all(|predicate| predicate.holds(seen))
                && (rule.operations.is_empty()
                    || verb.is_some_and(|verb| rule.operations.contains(&verb)))
        });
        // An endpoint for tokens answers 400 to whatever it refuses (RFC 6749, section 5.2).
        let is_token_endpoint = seen.status == 400 && verb.is_some_and(Verb::issues_token);
        let of_code = || {
            let code = code.as_ref();
            let code = code.filter(|_| seen.status < 300 || is_token_endpoint)?;
            ErrorReason::of_oauth_code(code)
        };
        let reason = rule
            .map(|rule| rule.reason)
            .or_else(of_code)
            .unwrap_or_else(|| ErrorReason::of_status(seen.status));
        let mut message = rule
            .and_then(|rule| rule.say.clone())
            .or_else(|| said.map(|text| one_line(&text)))
            .filter(|text| !text.trim().is_empty())
            .unwrap_or_else(|| format!("{} (HTTP {})", reason.words(), seen.status));
        if let Some(details) = self.details(seen, now) {
            message = format!("{message} ({details})");
        }
        ServiceError {
            reason,
            message,
            code: code.map(|code| one_line(&code)),
            hints: self.hints(rule, seen, now),
            status: seen.status,
            request_id: self
                .request_id
                .as_ref()
                .and_then(|reads| reads.text(seen, &seen.body, now))
                .or_else(|| {
                    let header = |name: &&str| seen.header(name).map(str::to_owned);
                    REQUEST_ID_HEADERS.iter().find_map(header)
                })
                .or_else(|| first_text(&seen.body, REQUEST_ID_PLACES))
                .map(|id| one_line(&id)),
        }
    }

    fn hints(
        &self,
        rule: Option<&ErrorRule>,
        seen: &ParsedResponse,
        now: Timestamp,
    ) -> Vec<String> {
        let docs = self.docs.as_ref();
        let address = docs
            .and_then(|reads| reads.text(seen, &seen.body, now))
            .or_else(|| Some(OAuthError::in_body(&seen.body)?.uri?.to_owned()));
        let declared = rule.map(|rule| rule.hints.clone()).unwrap_or_default();
        declared
            .into_iter()
            .chain(
                address.map(|address| format!("the service explains it: {}", one_line(&address))),
            )
            .collect()
    }

    fn details(&self, seen: &ParsedResponse, now: Timestamp) -> Option<String> {
        let value = self.details.as_ref()?.value(seen, &seen.body, now)?;
        let shown: Vec<String> = match &value {
            Value::Object(entries) => entries
                .iter()
                .filter_map(|(name, value)| Some(format!("{name}: {}", plain_text(value)?)))
                .collect(),
            other => plain_text(other).into_iter().collect(),
        };
        (!shown.is_empty()).then(|| one_line(&shown.join(", ")))
    }
}

fn first_text(body: &Value, places: &[&str]) -> Option<String> {
    places
        .iter()
        .filter_map(|place| body.pointer(place))
        .filter_map(plain_text)
        .find(|text| !text.trim().is_empty())
        .or_else(|| {
            let by_field = ["", "/message", "/errors", "/error", "/detail"];
            let wanted = places.contains(&"/message");
            by_field
                .iter()
                .filter(|_| wanted)
                .find_map(|place| wrong_field(body.pointer(place)?))
        })
}

/// Returns the error of a named field: `{"password": ["This field is required."]}`.
fn wrong_field(value: &Value) -> Option<String> {
    value.as_object()?.iter().find_map(|(field, value)| {
        let text = plain_text(value.as_array()?.first()?)?;
        Some(format!("{field}: {text}"))
    })
}

/// Returns the text of a non-JSON response, if it is short.
fn plain_answer(body: &Value) -> Option<String> {
    let text = body.as_str()?.trim();
    if text.is_empty() {
        return None;
    }
    if looks_like_html(text) {
        return Some("it answered with a web page instead of JSON".to_owned());
    }
    Some(text.chars().take(MAX_QUOTED).collect())
}

/// The elements that a web page begins with.
const PAGE_TAGS: &[&str] = &[
    "!doctype", "html", "head", "body", "title", "meta", "link", "script", "style", "noscript",
    "div", "center", "h1", "h2", "p", "pre", "table",
];

/// Returns whether a text is a web page, as proxies and login pages send it.
pub fn looks_like_html(text: &str) -> bool {
    let mut rest =
        text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    // These may precede the first element.
    for (start, end) in [("<?xml", "?>"), ("<!--", "-->")] {
        while let Some((_, behind)) = rest
            .strip_prefix(start)
            .and_then(|rest| rest.split_once(end))
        {
            rest = behind.trim_start();
        }
    }
    let Some(tag) = rest.strip_prefix('<') else {
        return false;
    };
    let end = tag.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '!');
    let name = end.map_or(tag, |end| &tag[..end]);
    PAGE_TAGS
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests;
