//! Siati: a developer API for keys, and an app API for JWTs that are had for an email address and a password.
//!
//! Its document does not say, and this file assumes:
//! - refresh takes the token to be replaced as the Bearer, an expired one too for 90 days, needs no body and answers like
//!   login; the token that was replaced stays good until it expires;
//! - `expires_at` is RFC 3339 in UTC; a wrong password is 401 `invalid_credentials`, and a JWT that is missing or was
//!   never issued is 401 `invalid_api_key`, as it is for a key;
//! - besides `ludicrous` there are the tiers `standard` (the key's own) and `turbo`; an unknown tier is not allowed either;
//! - the shapes of `/me/boot` and of the answers of the developer API, which follow the shape of its errors.
//!
//! `/v1/models`, the `X-RateLimit-*` headers, `X-Request-Id`, 402 and `quota_exhausted` come from the service's wiki.

use super::SandboxClock;
use super::http::{Alternation, HttpFailure, SandboxService, ServiceReply, ServiceRequest};
use super::state::{DAY, IssuedTokens, StateFile, TokenStatus, rfc3339};
use super::test_credentials::{Behavior, EMAIL, PASSWORD, behavior_of};
use super::token;
use crate::core::error::Error;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;

/// The key that is logged in from the start.
pub(super) const KEY: &str = "sk-siati-sandbox-demo";

const USER: &str = "user_sandbox_demo";
const TOKEN_LIFE: i64 = 30 * DAY;
const REFRESHABLE: i64 = 90 * DAY;
const TIERS: [&str; 3] = ["standard", "turbo", "ludicrous"];
const DEMO_TIERS: usize = 2;

/// The limit that the headers speak of; only the characters for it ever reach it.
const REQUESTS_PER_MINUTE: u32 = 600;

#[derive(Default, Serialize, Deserialize)]
struct SiatiState {
    sessions: IssuedTokens,
}

/// The service.
pub(super) struct Siati {
    store: StateFile<SiatiState>,
    turns: Alternation,
}

impl Siati {
    pub(super) fn open(folder: &Path, now: SandboxClock) -> Result<Siati, Error> {
        Ok(Siati {
            store: StateFile::open(folder, "siati", now, |_| Ok(SiatiState::default()))?,
            turns: Alternation::default(),
        })
    }

    /// Returns a JWT that stays good for a day at least.
    pub(super) fn token(&self) -> Result<String, Error> {
        let now = self.store.now();
        let fresh = token::jwt(USER, now, now + TOKEN_LIFE)?;
        self.store.change(|state| {
            if let Some(token) = state.sessions.lasting(now + DAY) {
                return Ok(token.to_owned());
            }
            let sessions = &mut state.sessions;
            sessions.add(fresh.clone(), now + TOKEN_LIFE, now, REFRESHABLE);
            Ok(fresh)
        })
    }

    fn login(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let fields = request.fields()?.only(&["email", "password"])?;
        if (fields.text("email")?, fields.text("password")?) != (EMAIL, PASSWORD) {
            let message = "wrong email or password";
            return refuse(401, "invalid_credentials", message);
        }
        self.issue(|_| Ok(()))
    }

    fn refresh(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        request.fields_if_any()?.only(&[])?;
        let old = request.bearer().unwrap_or_default();
        self.issue(|sessions| match behavior_of("siati", old) {
            Some(Behavior::Expired) => Ok(()),
            Some(Behavior::ExpiredForGood) => expired(),
            _ if sessions.standing(old, self.store.now()) == TokenStatus::Unknown => invalid(),
            _ => Ok(()),
        })
    }

    fn issue(
        &self,
        may: impl FnOnce(&IssuedTokens) -> Result<(), HttpFailure>,
    ) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        let expires_at = now + TOKEN_LIFE;
        let fresh = token::jwt(USER, now, expires_at)?;
        self.store.change(|state| {
            may(&state.sessions)?;
            let sessions = &mut state.sessions;
            sessions.add(fresh.clone(), expires_at, now, REFRESHABLE);
            let body = json!({"token": fresh, "expires_at": rfc3339(expires_at)});
            Ok(ServiceReply::json(200, &body))
        })
    }

    fn boot(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let presented = request.bearer().unwrap_or_default();
        if let Some(Behavior::Expired | Behavior::ExpiredForGood) = behavior_of("siati", presented)
        {
            return expired();
        }
        let now = self.store.now();
        match self.store.read()?.sessions.standing(presented, now) {
            TokenStatus::Live => Ok(ServiceReply::json(
                200,
                &json!({
                    "user": {"id": USER, "email": EMAIL, "name": "Demo User"},
                    "plan": {"name": "demo", "tiers": &TIERS[..DEMO_TIERS]},
                }),
            )),
            TokenStatus::Expired => expired(),
            TokenStatus::Unknown => invalid(),
        }
    }

    /// Lets a key of the developer API in; returns the tier it is served with.
    fn admit<'request>(
        &self,
        request: &'request ServiceRequest,
    ) -> Result<&'request str, HttpFailure> {
        let key = request.bearer().unwrap_or_default();
        let tiers = match behavior_of("siati", key) {
            Some(Behavior::EveryTier) => &TIERS[..],
            Some(Behavior::Limited) => return Err(self.slow_down()),
            Some(Behavior::LimitedOnce) if self.turns.odd(key) => return Err(self.slow_down()),
            Some(Behavior::Working | Behavior::LimitedOnce) => &TIERS[..DEMO_TIERS],
            Some(Behavior::NoQuota) => {
                let message = "the plan's quota is used up for now";
                let details = json!({"resets_in_seconds": 3600});
                return Err(HttpFailure::Refused(error(
                    429,
                    "quota_exhausted",
                    message,
                    &details,
                )));
            }
            Some(Behavior::NoCredits) => {
                return refuse(
                    402,
                    "insufficient_credits",
                    "the account has no credits left",
                );
            }
            _ => return invalid(),
        };
        let tier = request.header("x-siati-tier").unwrap_or(TIERS[0]);
        if tiers.contains(&tier) {
            Ok(tier)
        } else {
            let message = format!("your plan does not include the tier {tier}");
            refuse(403, "tier_not_allowed", &message)
        }
    }

    fn slow_down(&self) -> HttpFailure {
        let reply = error(429, "rate_limit_exceeded", "slow down", &Value::Null);
        HttpFailure::Refused(self.with_limits(reply, 0, 1).with("retry-after", 1))
    }

    fn with_limits(&self, reply: ServiceReply, remaining: u32, reset_in: i64) -> ServiceReply {
        reply
            .with("x-ratelimit-limit", REQUESTS_PER_MINUTE)
            .with("x-ratelimit-remaining", remaining)
            .with("x-ratelimit-reset", self.store.now() + reset_in)
    }

    fn models(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        self.admit(request)?;
        let model = |id| json!({"id": id, "object": "model", "created": 1_767_225_600, "owned_by": "siati"});
        let body = json!({"object": "list", "data": [model("siati-small"), model("siati-large")]});
        Ok(self.with_limits(ServiceReply::json(200, &body), REQUESTS_PER_MINUTE - 1, 60))
    }

    fn complete(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let tier = self.admit(request)?;
        let fields = request.fields()?;
        let model = fields.text("model")?;
        let messages = fields.get("messages").and_then(Value::as_array);
        let readable =
            |message: &Value| message["role"].is_string() && !message["content"].is_null();
        if !messages.is_some_and(|messages| !messages.is_empty() && messages.iter().all(readable)) {
            let wrong = "`messages` must be a list of objects with `role` and `content`";
            return Err(HttpFailure::BadRequest(wrong.to_owned()));
        }
        if fields.get("stream") == Some(&Value::Bool(true)) {
            return Err(HttpFailure::BadRequest(
                "this copy of the service does not stream".to_owned(),
            ));
        }
        let body = json!({
            "id": format!("chatcmpl-{}", token::letters(24)?),
            "object": "chat.completion",
            "created": self.store.now(),
            "model": model,
            "service_tier": tier,
            "choices": [{
                "index": 0,
                "message": {"role": "assistant", "content": "Greetings from the sandbox."},
                "finish_reason": "stop",
            }],
            "usage": {"prompt_tokens": 8, "completion_tokens": 5, "total_tokens": 13},
        });
        Ok(self.with_limits(ServiceReply::json(200, &body), REQUESTS_PER_MINUTE - 1, 60))
    }

    fn route(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let path = request.path.as_str();
        // Both bases may be overridden with one URL, in which case the app API is asked for without its prefix.
        match path.strip_prefix("/api/v1").unwrap_or(path) {
            "/auth/login" => request.only("POST").and_then(|()| self.login(request)),
            "/auth/refresh" => request.only("POST").and_then(|()| self.refresh(request)),
            "/me/boot" => request.only("GET").and_then(|()| self.boot(request)),
            _ => match path {
                "/v1/models" => request.only("GET").and_then(|()| self.models(request)),
                "/v1/chat/completions" => {
                    request.only("POST").and_then(|()| self.complete(request))
                }
                _ => Err(HttpFailure::UnknownPath),
            },
        }
    }
}

impl SandboxService for Siati {
    fn answer(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let given = request.header("x-request-id").map(str::to_owned);
        let id = given.map_or_else(token::uuid, Ok)?;
        match self.route(request) {
            Ok(reply) => Ok(reply.with("x-request-id", id)),
            Err(HttpFailure::Refused(reply)) => {
                Err(HttpFailure::Refused(reply.with("x-request-id", id)))
            }
            Err(stop) => Err(stop),
        }
    }

    fn fault(&self, status: u16, message: &str) -> ServiceReply {
        let code = match status {
            404 => "not_found",
            405 => "method_not_allowed",
            500.. => "internal_error",
            _ => "invalid_request",
        };
        error(status, code, message, &Value::Null)
    }
}

fn error(status: u16, code: &str, message: &str, details: &Value) -> ServiceReply {
    let kind = if status < 500 {
        "invalid_request_error"
    } else {
        "server_error"
    };
    let mut error = json!({"message": message, "type": kind, "code": code});
    if !details.is_null() {
        error["details"] = details.clone();
    }
    ServiceReply::json(status, &json!({ "error": error }))
}

fn refuse<T>(status: u16, code: &str, message: &str) -> Result<T, HttpFailure> {
    Err(HttpFailure::Refused(error(
        status,
        code,
        message,
        &Value::Null,
    )))
}

fn invalid<T>() -> Result<T, HttpFailure> {
    refuse(401, "invalid_api_key", "invalid api key")
}

fn expired<T>() -> Result<T, HttpFailure> {
    refuse(401, "expired_token", "the token has expired")
}
