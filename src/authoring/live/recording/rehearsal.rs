//! A transport that gives recorded responses to whatever is sent, and remembers what was sent.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::text_of;
use crate::authoring::replay::script::{without_jwts, without_uuids};
use crate::core::map::map_of;
use crate::core::secret::Secret;
use crate::manifest::RecordedExchange;
use crate::platform::{
    HeaderValue, HttpRequest, HttpResponse, HttpTransport, LocalBoxFuture, Program, ProgramError,
    ProgramOutput, Programs, TransportError,
};

/// The beginning of each credential of an example.
const EXAMPLE: &str = "example-";

/// A request as an example records it.
pub(super) struct SentRequest {
    /// `METHOD URL`.
    pub(super) call: String,
    /// The headers that carry a credential.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Option<String>,
}

/// A transport that gives recorded responses to whatever is sent.
pub(super) struct Rehearsal {
    answers: RefCell<VecDeque<RecordedExchange>>,
    sent: RefCell<Vec<SentRequest>>,
}

impl Rehearsal {
    pub(super) fn of(answers: &[RecordedExchange]) -> Self {
        Rehearsal {
            answers: RefCell::new(answers.iter().cloned().collect()),
            sent: RefCell::default(),
        }
    }

    /// Returns the requests that were sent.
    pub(super) fn sent(&self) -> Vec<SentRequest> {
        self.sent.take()
    }
}

/// Returns a text of a request with `{uuid}` and `{jwt}` in place of what is made anew for each.
pub(super) fn compared(text: &str) -> String {
    without_jwts(&without_uuids(text))
}

fn text(secret: &Secret) -> String {
    compared(&text_of(secret))
}

impl HttpTransport for Rehearsal {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
    ) -> LocalBoxFuture<'a, Result<HttpResponse, TransportError>> {
        let carries = |value: &str| {
            // A signature depends on more than the credential.
            let is_plain = value.contains(EXAMPLE) || value.contains("{jwt}");
            (is_plain || value.starts_with("Basic ")) && !value.contains("Signature=")
        };
        let headers = request.headers.iter().filter_map(|header| {
            let HeaderValue::Secret(value) = &header.value else {
                return None;
            };
            let value = text(value);
            carries(&value).then(|| (header.name.clone(), value))
        });
        self.sent.borrow_mut().push(SentRequest {
            call: compared(&format!("{} {}", request.method, request.url)),
            headers: map_of(headers),
            body: request.body.as_ref().map(|body| text(&body.text)),
        });
        let answer = self.answers.borrow_mut().pop_front();
        let answer = answer.map(|recorded| HttpResponse {
            status: recorded.status,
            headers: recorded.headers_of_answer(),
            body: Zeroizing::new(recorded.response.into_bytes()),
        });
        let nothing = || TransportError::Uncertain("nothing more is recorded".to_owned());
        Box::pin(std::future::ready(answer.ok_or_else(nothing)))
    }
}

impl Programs for Rehearsal {
    fn which(&self, _name: &str) -> Option<PathBuf> {
        None
    }

    fn run(&self, _program: &Program<'_>) -> Result<ProgramOutput, ProgramError> {
        Err(ProgramError::NotStarted(
            "a recording starts no program".to_owned(),
        ))
    }
}
