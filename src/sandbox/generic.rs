//! The generic AI-powered API: one endpoint for keys that are made in its dashboard.
//!
//! Its document does not say, and this file assumes:
//! - `prompt` and `model` are both required texts, other fields pass, and the answer is `{"success": true, "data": ...}`;
//! - generating needs the permission `read` ("can read data and generate content") or `admin`, and a key without it is
//!   refused with the code `INSUFFICIENT_PERMISSIONS`; too many requests have the code `RATE_LIMIT_EXCEEDED`;
//! - `key_id` is the documented example for a key that was revoked, and `null` for one that never was.

use super::SandboxClock;
use super::http::{Alternation, HttpFailure, SandboxService, ServiceReply, ServiceRequest};
use super::state::http_date;
use super::test_credentials::{Behavior, behavior_of};
use super::token;
use serde_json::{Value, json};

/// The key that is logged in from the start.
pub(super) const KEY: &str = "generic-sandbox-demo-key";

/// The service. It remembers nothing: there is nothing that its API could change.
pub(super) struct Generic {
    now: SandboxClock,
    turns: Alternation,
}

impl Generic {
    pub(super) fn new(now: SandboxClock) -> Generic {
        Generic {
            now,
            turns: Alternation::default(),
        }
    }

    fn admit(&self, request: &ServiceRequest) -> Result<(), HttpFailure> {
        let Some(key) = request.bearer() else {
            let details = json!({"header": "Authorization"});
            return refuse(401, "MISSING_API_KEY", "API key is required", &details);
        };
        match behavior_of("generic", key) {
            Some(Behavior::Working) => Ok(()),
            Some(Behavior::NoPermission) => {
                let message = "The API key lacks the permission to generate content";
                let details = json!({"required_permission": "read"});
                refuse(403, "INSUFFICIENT_PERMISSIONS", message, &details)
            }
            Some(Behavior::Expired) => {
                let details = json!({"expired_at": "2024-01-01T00:00:00Z"});
                refuse(401, "EXPIRED_API_KEY", "The API key has expired", &details)
            }
            Some(behavior) if self.limits(behavior, key) => {
                Err(HttpFailure::Refused(self.slow_down(behavior)))
            }
            Some(
                Behavior::LimitedOnce | Behavior::LimitedOnceByDate | Behavior::LimitedOnceSilently,
            ) => Ok(()),
            behavior => {
                let known = behavior == Some(Behavior::Revoked);
                let details = json!({"key_id": known.then_some("key_1234567890")});
                refuse(
                    401,
                    "INVALID_API_KEY",
                    "The provided API key is invalid",
                    &details,
                )
            }
        }
    }

    fn limits(&self, behavior: Behavior, key: &str) -> bool {
        match behavior {
            Behavior::Limited | Behavior::LimitedSilently => true,
            Behavior::LimitedOnce | Behavior::LimitedOnceByDate | Behavior::LimitedOnceSilently => {
                self.turns.odd(key)
            }
            _ => false,
        }
    }

    fn slow_down(&self, behavior: Behavior) -> ServiceReply {
        let message = "Rate limit exceeded";
        let reply = error(429, "RATE_LIMIT_EXCEEDED", message, &json!({}));
        match behavior {
            Behavior::Limited | Behavior::LimitedOnce => reply.with("retry-after", 1),
            Behavior::LimitedOnceByDate => {
                reply.with("retry-after", http_date((self.now)().as_second() + 1))
            }
            _ => reply,
        }
    }

    fn generate(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        self.admit(request)?;
        let fields = request.fields()?;
        let (prompt, model) = (fields.text("prompt")?, fields.text("model")?);
        let data = json!({
            "id": format!("gen_{}", token::letters(16)?),
            "model": model,
            "text": "Greetings from the sandbox.",
            "usage": {"prompt_characters": prompt.chars().count()},
        });
        Ok(ServiceReply::json(
            200,
            &json!({"success": true, "data": data}),
        ))
    }
}

impl SandboxService for Generic {
    fn answer(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        match request.path.as_str() {
            "/v1/generate" => {
                request.only("POST")?;
                self.generate(request)
            }
            _ => Err(HttpFailure::UnknownPath),
        }
    }

    fn fault(&self, status: u16, message: &str) -> ServiceReply {
        let code = match status {
            404 => "NOT_FOUND",
            405 => "METHOD_NOT_ALLOWED",
            500.. => "INTERNAL_ERROR",
            _ => "INVALID_REQUEST",
        };
        error(status, code, message, &json!({}))
    }
}

fn refuse<T>(status: u16, code: &str, message: &str, details: &Value) -> Result<T, HttpFailure> {
    Err(HttpFailure::Refused(error(status, code, message, details)))
}

fn error(status: u16, code: &str, message: &str, details: &Value) -> ServiceReply {
    let error = json!({"code": code, "message": message, "details": details});
    ServiceReply::json(status, &json!({"success": false, "error": error}))
}
