//! What a refusal means: where its words are, and which of a closed set of reasons it has.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::pattern::Pattern;
use super::reading::{Predicate, Reads, Seen, StatusSet};
use super::source::plain_text;
use super::verb::Verb;
use crate::error::Kind;
use crate::key::Validity;
use crate::untrusted::clean;

/// How errors look and what they mean.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorSpec {
    /// Where the message is; the usual places where it does not say.
    pub message: Option<Reads>,
    /// Where the code is; the usual places where it does not say.
    pub code: Option<Reads>,
    /// Where further details are, an object of scalars.
    pub details: Option<Reads>,
    /// Where the id of the request is; the usual headers where it does not say.
    pub request_id: Option<Reads>,
    /// Where the answer says how long to wait, beside the usual headers.
    pub retry_after: Option<RetryAfter>,
    /// What refusals mean, the first that fits.
    #[serde(default)]
    pub rules: Vec<ErrorRule>,
}

/// Where a refusal says how long to wait.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryAfter {
    /// Where the number is.
    pub at: Reads,
    /// What the number means.
    #[serde(default)]
    pub unit: WaitUnit,
}

/// What a number of a rate limit means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitUnit {
    /// Seconds from now.
    #[default]
    Seconds,
    /// Milliseconds from now.
    Milliseconds,
    /// A moment.
    Time,
}

/// What a refusal means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorRule {
    /// The statuses it is for; any where it does not say.
    pub status: Option<StatusSet>,
    /// The server's codes it is for; any where it does not say.
    #[serde(default)]
    pub code: Vec<String>,
    /// What the server's message has to match.
    pub message: Option<Pattern>,
    /// What the answer has to show.
    #[serde(default)]
    pub when: Vec<Predicate>,
    /// The operations it is for; any where it does not say.
    #[serde(default)]
    pub operations: Vec<Verb>,
    /// What it means.
    pub reason: Reason,
    /// What to say instead of the server's message.
    pub say: Option<String>,
    /// What to do, one sentence each.
    #[serde(default)]
    pub hints: Vec<String>,
}

/// Why a service refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It does not know the credential, or no longer.
    InvalidCredential,
    /// The credential's time is over; a token is refreshed once.
    ExpiredCredential,
    /// The credential was revoked.
    RevokedCredential,
    /// The credential is switched off.
    DisabledCredential,
    /// There was no credential in the request.
    MissingCredential,
    /// The credential may not do this.
    Forbidden,
    /// The account has to pay first.
    Payment,
    /// There are as many keys as there may be.
    LimitReached,
    /// The name is taken, or something else stands against it.
    Conflict,
    /// There is no such thing.
    NotFound,
    /// Something in the request is wrong.
    InvalidInput,
    /// Too many requests.
    RateLimited,
    /// The service cannot answer now.
    Unavailable,
    /// It wants a second factor.
    Challenge,
    /// Anything else.
    Unexpected,
}

impl Reason {
    /// The kind of error it becomes.
    pub fn kind(self) -> Kind {
        match self {
            Reason::InvalidCredential
            | Reason::ExpiredCredential
            | Reason::RevokedCredential
            | Reason::DisabledCredential
            | Reason::MissingCredential
            | Reason::Challenge => Kind::Auth,
            Reason::Forbidden | Reason::Payment => Kind::Forbidden,
            Reason::LimitReached | Reason::Conflict => Kind::Conflict,
            Reason::NotFound => Kind::NotFound,
            Reason::InvalidInput | Reason::Unexpected => Kind::Failed,
            Reason::RateLimited => Kind::RateLimited,
            Reason::Unavailable => Kind::Unreachable,
        }
    }

    /// What it says of the credential that the request was made with.
    pub fn validity(self) -> Validity {
        match self {
            Reason::InvalidCredential | Reason::RevokedCredential | Reason::MissingCredential => {
                Validity::Invalid
            }
            Reason::ExpiredCredential => Validity::Expired,
            Reason::DisabledCredential => Validity::Disabled,
            Reason::Forbidden => Validity::Restricted,
            Reason::Payment => Validity::Blocked,
            _ => Validity::Unknown,
        }
    }

    /// What to say when the server says nothing.
    fn words(self) -> &'static str {
        match self {
            Reason::InvalidCredential => "the credential is not accepted",
            Reason::ExpiredCredential => "the credential has expired",
            Reason::RevokedCredential => "the credential was revoked",
            Reason::DisabledCredential => "the credential is disabled",
            Reason::MissingCredential => "there was no credential in the request",
            Reason::Forbidden => "the credential may not do this",
            Reason::Payment => "the account has to pay first",
            Reason::LimitReached => "there are as many keys as there may be",
            Reason::Conflict => "it stands against what is there already",
            Reason::NotFound => "there is no such thing",
            Reason::InvalidInput => "something in the request is not accepted",
            Reason::RateLimited => "too many requests",
            Reason::Unavailable => "the service cannot answer now",
            Reason::Challenge => "a second factor is asked for",
            Reason::Unexpected => "the answer is not one it should give",
        }
    }

    fn of_status(status: u16) -> Reason {
        match status {
            400 | 413 | 422 => Reason::InvalidInput,
            401 => Reason::InvalidCredential,
            402 => Reason::Payment,
            403 => Reason::Forbidden,
            404 | 410 => Reason::NotFound,
            409 => Reason::Conflict,
            408 | 425 | 500..=599 => Reason::Unavailable,
            429 => Reason::RateLimited,
            _ => Reason::Unexpected,
        }
    }
}

/// A refusal, understood.
#[derive(Debug)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// One sentence, cleaned of anything that could steer a terminal.
    pub message: String,
    /// The server's own code.
    pub code: Option<String>,
    /// What to do.
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
];

const REQUEST_ID_HEADERS: &[&str] = &["x-request-id", "request-id", "x-amzn-requestid", "cf-ray"];

/// How much of an answer that is no JSON is quoted, in characters.
const QUOTED: usize = 120;

impl ErrorSpec {
    /// What the answer `seen` to `verb` means, as a refusal.
    pub fn classify(&self, seen: &Seen, verb: Option<Verb>, now: Timestamp) -> Refusal {
        let read = |spec: &Option<Reads>, places: &[&str]| match spec {
            Some(reads) => reads.text(seen, &seen.body, now),
            None => first_text(&seen.body, places),
        };
        let said = read(&self.message, MESSAGE_PLACES).or_else(|| plain_answer(&seen.body));
        let code = read(&self.code, CODE_PLACES).filter(|code| {
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
        let reason = rule.map_or_else(|| Reason::of_status(seen.status), |rule| rule.reason);
        let mut message = rule
            .and_then(|rule| rule.say.clone())
            .or_else(|| said.map(|text| clean(&text)))
            .filter(|text| !text.trim().is_empty())
            .unwrap_or_else(|| format!("{} (HTTP {})", reason.words(), seen.status));
        if let Some(details) = self.details(seen, now) {
            message = format!("{message} ({details})");
        }
        Refusal {
            reason,
            message,
            code: code.map(|code| clean(&code)),
            hints: rule.map(|rule| rule.hints.clone()).unwrap_or_default(),
            status: seen.status,
            request_id: self
                .request_id
                .as_ref()
                .and_then(|reads| reads.text(seen, &seen.body, now))
                .or_else(|| {
                    let header = |name: &&str| seen.header(name).map(str::to_owned);
                    REQUEST_ID_HEADERS.iter().find_map(header)
                })
                .or_else(|| first_text(&seen.body, &["/request_id"]))
                .map(|id| clean(&id)),
        }
    }

    fn details(&self, seen: &Seen, now: Timestamp) -> Option<String> {
        let value = self.details.as_ref()?.value(seen, &seen.body, now)?;
        let shown: Vec<String> = match &value {
            Value::Object(entries) => entries
                .iter()
                .filter_map(|(name, value)| Some(format!("{name}: {}", plain_text(value)?)))
                .collect(),
            other => plain_text(other).into_iter().collect(),
        };
        (!shown.is_empty()).then(|| clean(&shown.join(", ")))
    }
}

fn first_text(body: &Value, places: &[&str]) -> Option<String> {
    places
        .iter()
        .filter_map(|place| body.pointer(place))
        .filter_map(plain_text)
        .find(|text| !text.trim().is_empty())
        .or_else(|| {
            // Django names the field that is wrong: `{"password": ["This field is required."]}`.
            let (field, value) = body
                .as_object()?
                .iter()
                .find(|(_, value)| value.is_array())?;
            let text = plain_text(value.get(0)?)?;
            places
                .contains(&"/message")
                .then(|| format!("{field}: {text}"))
        })
}

/// What an answer that is no JSON says, where it is short text.
fn plain_answer(body: &Value) -> Option<String> {
    let text = body.as_str()?.trim();
    if text.is_empty() {
        return None;
    }
    if looks_like_html(text) {
        return Some("it answered with a web page instead of JSON".to_owned());
    }
    Some(text.chars().take(QUOTED).collect())
}

/// Whether a text is a web page, as proxies and login pages send it.
pub fn looks_like_html(text: &str) -> bool {
    let start: String = text
        .trim_start()
        .chars()
        .take(15)
        .collect::<String>()
        .to_ascii_lowercase();
    ["<!doctype", "<html", "<head", "<body"]
        .iter()
        .any(|tag| start.starts_with(tag))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(status: u16, body: Value) -> Refusal {
        let seen = Seen {
            status,
            headers: Vec::new(),
            body,
        };
        ErrorSpec::default().classify(&seen, None, "2026-11-20T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn the_usual_shapes_are_understood() {
        for (body, message) in [
            (json!({"error": {"message": "no", "code": "x"}}), "no"),
            (json!({"message": "no", "code": "x"}), "no"),
            (json!({"error": "no"}), "no"),
            (json!({"errors": [{"message": "no"}]}), "no"),
            (json!({"errors": ["no"]}), "no"),
            (json!({"detail": [{"msg": "no"}]}), "no"),
            (json!({"detail": "no"}), "no"),
            (
                json!({"error": "invalid_grant", "error_description": "no"}),
                "no",
            ),
            (json!(["ValueError", "no"]), "no"),
            (json!({"password": ["no"]}), "password: no"),
            (json!("no"), "no"),
        ] {
            assert_eq!(refusal(400, body.clone()).message, message, "{body}");
        }
    }

    #[test]
    fn an_answer_without_words_is_still_a_sentence() {
        assert_eq!(
            refusal(403, json!(null)).message,
            "the credential may not do this (HTTP 403)"
        );
        assert_eq!(
            refusal(502, json!("<!DOCTYPE html><p>bad gateway")).message,
            "it answered with a web page instead of JSON"
        );
    }

    #[test]
    fn a_status_has_a_kind() {
        for (status, kind) in [
            (401, Kind::Auth),
            (402, Kind::Forbidden),
            (403, Kind::Forbidden),
            (404, Kind::NotFound),
            (409, Kind::Conflict),
            (429, Kind::RateLimited),
            (500, Kind::Unreachable),
            (418, Kind::Failed),
        ] {
            assert_eq!(refusal(status, json!(null)).reason.kind(), kind, "{status}");
        }
    }

    #[test]
    fn a_code_that_is_a_sentence_is_none() {
        assert_eq!(refusal(400, json!({"error": "not a code"})).code, None);
        assert_eq!(
            refusal(400, json!({"error": {"code": 7}})).code.as_deref(),
            Some("7")
        );
    }
}
