//! Provides a transport and programs that expect recorded requests and return the recorded responses.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::core::secret::Secret;
use crate::manifest::RecordedExchange;
use crate::platform::{
    Clock, HeaderValue, HttpRequest, HttpResponse, HttpTransport, LocalBoxFuture, Program,
    ProgramError, ProgramOutput, Programs, TransportError,
};
use crate::service::opened;

/// A clock that does not advance.
pub(super) struct FixedClock(pub(super) Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn sleep(&self, _time: Duration) -> LocalBoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// A transport that expects the recorded requests and returns the recorded responses.
pub(super) struct ScriptedTransport {
    pub(super) left: RefCell<VecDeque<RecordedExchange>>,
    pub(super) mistake: RefCell<Option<String>>,
}

impl ScriptedTransport {
    pub(super) fn new(exchanges: &[RecordedExchange]) -> Self {
        ScriptedTransport {
            left: RefCell::new(exchanges.iter().cloned().collect()),
            mistake: RefCell::new(None),
        }
    }
}

impl ScriptedTransport {
    /// Returns the recording of the next call; a call without one is an error.
    fn next(&self, call: &str) -> Option<RecordedExchange> {
        let recorded = self.left.borrow_mut().pop_front();
        if recorded.is_none() {
            self.object(format!("a call too many: {call}"));
        }
        recorded
    }

    fn object(&self, mistake: String) {
        self.mistake.borrow_mut().get_or_insert(mistake);
    }
}

impl Programs for ScriptedTransport {
    fn which(&self, name: &str) -> Option<PathBuf> {
        Some(PathBuf::from(name))
    }

    fn run(&self, program: &Program<'_>) -> Result<ProgramOutput, ProgramError> {
        let call = format!("RUN {}", program.words.join(" "));
        let Some(recorded) = self.next(&call) else {
            return Err(ProgramError::NotStarted(
                "nothing more is recorded".to_owned(),
            ));
        };
        if call != recorded.request {
            self.object(format!(
                "it does `{call}`, and `{}` is recorded",
                recorded.request
            ));
        }
        let stdin = program.stdin.map(Secret::as_json);
        let stdin = stdin.as_ref().and_then(Value::as_str);
        if stdin != recorded.body.as_deref() {
            self.object(format!(
                "`{call}` reads `{}`, and `{}` is recorded",
                or_nothing(stdin),
                or_nothing(recorded.body.as_deref())
            ));
        }
        Ok(ProgramOutput {
            code: Some(i32::from(recorded.status)),
            signal: None,
            stdout: Zeroizing::new(recorded.response.into_bytes()),
            stderr: Zeroizing::default(),
        })
    }
}

fn or_nothing(text: Option<&str>) -> &str {
    text.unwrap_or("nothing")
}

/// Replaces every UUID in a text by `{uuid}`.
pub(in crate::authoring) fn without_uuids(text: &str) -> String {
    let is_uuid = |text: &str| {
        text.len() == 36
            && text.bytes().enumerate().all(|(index, byte)| match index {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    let mut clean = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if rest.get(..36).is_some_and(is_uuid) {
            clean.push_str("{uuid}");
            rest = &rest[36..];
        } else {
            clean.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    clean
}

/// Replaces every JWT in a text by `{jwt}`.
pub(in crate::authoring) fn without_jwts(text: &str) -> String {
    let is_in_jwt = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut clean = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("eyJ") {
        let end = after.find(|c| !is_in_jwt(c)).unwrap_or(after.len());
        let is_jwt = after[..end].matches('.').count() == 2;
        clean.push_str(before);
        clean.push_str(if is_jwt { "{jwt}" } else { "eyJ" });
        rest = if is_jwt { &after[end..] } else { after };
    }
    clean + rest
}

/// The private key of RFC 7748, section 6.1, with which the sealed boxes of examples are opened.
const EXAMPLE_RECIPIENT: &str = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=";

/// Replaces every sealed box in quotes by `{sealed:TEXT}`.
fn without_seals(text: &str) -> String {
    let parts = text
        .split('"')
        .map(|part| match opened(part, EXAMPLE_RECIPIENT) {
            Some(text) => {
                let written = Value::from(format!("{{sealed:{text}}}")).to_string();
                written.trim_matches('"').to_owned()
            }
            None => part.to_owned(),
        });
    parts.collect::<Vec<_>>().join("\"")
}

/// Returns a sent text in the form in which it is compared: `{uuid}` in a recording matches any UUID, `{jwt}` any JWT,
/// `{sealed:TEXT}` a sealed box with that text.
fn compared(sent: &str, recorded: &str) -> String {
    let mut sent = sent.to_owned();
    if recorded.contains("{uuid}") {
        sent = without_uuids(&sent);
    }
    if recorded.contains("{jwt}") {
        sent = without_jwts(&sent);
    }
    if recorded.contains("{sealed:") {
        sent = without_seals(&sent);
    }
    sent
}

impl HttpTransport for ScriptedTransport {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
    ) -> LocalBoxFuture<'a, Result<HttpResponse, TransportError>> {
        let call = format!("{} {}", request.method, request.url);
        let Some(recorded) = self.next(&call) else {
            let error = TransportError::Uncertain("nothing more is recorded".to_owned());
            return Box::pin(std::future::ready(Err(error)));
        };
        if let Err(mistake) = compare(request, &recorded) {
            self.mistake.borrow_mut().get_or_insert(mistake);
        }
        let answer = HttpResponse {
            status: recorded.status,
            headers: recorded.headers_of_answer(),
            body: Zeroizing::new(recorded.response.into_bytes()),
        };
        Box::pin(std::future::ready(Ok(answer)))
    }
}

fn compare(request: &HttpRequest, recorded: &RecordedExchange) -> Result<(), String> {
    let sent = compared(
        &format!("{} {}", request.method, request.url),
        &recorded.request,
    );
    if sent != recorded.request {
        return Err(format!(
            "it sends `{sent}`, and `{}` is recorded",
            recorded.request
        ));
    }
    for (name, wanted) in &recorded.headers {
        let name = name.to_ascii_lowercase();
        let media_type = request
            .body
            .as_ref()
            .and_then(|body| body.media_type.clone())
            .filter(|_| name == "content-type");
        let found = media_type.or_else(|| {
            let header = request.headers.iter().find(|header| header.name == name)?;
            Some(match &header.value {
                HeaderValue::Plain(value) => value.clone(),
                HeaderValue::Secret(value) => value.as_json().as_str()?.to_owned(),
            })
        });
        let found = found.map(|found| compared(&found, wanted));
        if found.as_ref() != Some(wanted) {
            let found = found.unwrap_or_else(|| "nothing".to_owned());
            return Err(format!(
                "the header `{name}` is `{found}`, and `{wanted}` is recorded"
            ));
        }
    }
    let text = request.body.as_ref().map(|body| body.text.as_json());
    let wanted = recorded.body.as_deref();
    let sent = text.as_ref().and_then(Value::as_str);
    let sent = sent.map(|sent| compared(sent, wanted.unwrap_or_default()));
    let sent = sent.as_deref();
    let as_json =
        |text: Option<&str>| text.and_then(|text| serde_json::from_str::<Value>(text).ok());
    if sent == wanted || as_json(sent).is_some() && as_json(sent) == as_json(wanted) {
        return Ok(());
    }
    let or_none = |text: Option<&str>| text.unwrap_or("no body").to_owned();
    Err(format!(
        "the body is `{}`, and `{}` is recorded",
        or_none(sent),
        or_none(wanted)
    ))
}
