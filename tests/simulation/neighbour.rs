//! Another service, whose key is exchanged for tokens: it refuses some of them, with words of its own each time, and
//! nothing that belongs to one service may ever arrive at the other.

use keywright::platform::{HeaderValue, HttpRequest, HttpResponse};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::rng::Rng;
use super::service::Service;
use super::trace::Trace;

const HOST: &str = "api.bolt.example.com";

/// The lifetime of a token, in seconds.
const TOKEN_LIFE: i64 = 900;

/// The neighbour.
pub(super) struct Neighbour {
    pub(super) key: String,
    /// Each with its expiry.
    tokens: Vec<(String, i64)>,
    /// The text of a refusal.
    words: Value,
}

impl Default for Neighbour {
    fn default() -> Self {
        Neighbour {
            key: "bk_fakeneighbour0000000000key".to_owned(),
            tokens: Vec::new(),
            words: Value::Null,
        }
    }
}

/// Returns whether a request goes to the neighbour.
pub(super) fn is_asked(request: &HttpRequest) -> bool {
    request.url.host_str() == Some(HOST)
}

/// Says which secret of the one service a request carries to the other.
pub(super) fn went_astray(
    request: &HttpRequest,
    service: &Service,
    neighbour: &Neighbour,
) -> Option<String> {
    let secrets = if is_asked(request) {
        service.secrets()
    } else {
        neighbour.secrets()
    };
    let mut texts = vec![request.url.as_str()];
    texts.extend(request.headers.iter().map(|header| match &header.value {
        HeaderValue::Secret(value) => value.expose(),
        HeaderValue::Plain(value) => value.as_str(),
    }));
    texts.extend(request.body.as_ref().map(|body| body.text.expose()));
    let astray = secrets
        .into_iter()
        .find(|secret| texts.iter().any(|text| text.contains(*secret)))?;
    let host = request.url.host_str().unwrap_or_default();
    Some(format!("sent {astray} of another service to {host}"))
}

impl Neighbour {
    fn secrets(&self) -> Vec<&str> {
        let tokens = self.tokens.iter().map(|(token, _)| token.as_str());
        tokens.chain([self.key.as_str()]).collect()
    }

    /// Every token is refused from now on, with these or those words.
    pub(super) fn end_tokens(&mut self, rng: &mut Rng) {
        for (_, expires) in &mut self.tokens {
            *expires = 0;
        }
        self.words = match rng.below(5) {
            0 => json!({ "error": { "message": "invalid token" } }),
            1 => json!({ "error": { "message": "jwt expired", "code": "token_expired" } }),
            2 => json!({ "error": { "message": "log in again", "code": "session_revoked" } }),
            3 => json!({ "error": { "code": "E4011" } }),
            _ => Value::Null,
        };
    }

    /// Answers a request.
    pub(super) fn serve(&mut self, request: &HttpRequest, now: i64, trace: &Trace) -> HttpResponse {
        let carried = request.headers.iter().find_map(|header| {
            let HeaderValue::Secret(value) = &header.value else {
                return None;
            };
            let value = value.expose();
            Some(value.strip_prefix("Bearer ").unwrap_or(value).to_owned())
        });
        let carried = carried.unwrap_or_default();
        let of_key = carried == self.key;
        let mut tokens = self.tokens.iter();
        let of_token = tokens.any(|(token, expires)| *token == carried && *expires > now);
        let (status, body) = match (request.method.as_str(), request.url.path()) {
            ("GET", "/me") if of_key => (200, json!({ "email": "ada@example.com" })),
            ("POST", "/exchange") if of_key => (200, self.issue(now)),
            ("GET", "/keys") if of_token => (200, json!({ "keys": [] })),
            _ => (401, self.words.clone()),
        };
        let text = match &body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        trace.say(|| {
            let (method, path) = (&request.method, request.url.path());
            format!("      neighbour: {method} {path} with {carried}: {status} {text}")
        });
        HttpResponse {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: Zeroizing::new(text.into_bytes()),
        }
    }

    fn issue(&mut self, now: i64) -> Value {
        let token = format!("bt_fakeneighbourtoken{:08}", self.tokens.len());
        self.tokens.push((token.clone(), now + TOKEN_LIFE));
        json!({ "token": token, "expires_in": TOKEN_LIFE })
    }
}
