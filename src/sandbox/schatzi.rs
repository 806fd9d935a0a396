//! Schatzi: keys are managed with the JWT of a session at its website, and used for everything else.
//!
//! Its document does not say, and this file assumes:
//! - a JWT that is missing, expired or was never issued is 401 (`not_authenticated`, `token_not_valid`), an API key in its
//!   place the 403 of an invalid key;
//! - the list is a bare array, oldest first; ids are UUIDs; created is 201; masked, usage and times are as in [`StoredKey::shown`];
//! - a sixth key is 400 `limit_reached`; a revoked key is gone: not counted, not listed, 404 when asked for again;
//! - names are 1 to 100 characters and need not differ; revoke needs no body and answers with the key as it was.
//!
//! `/v1/models` comes from the service's API page. As with any Django site, a path without its slash is a 404 page in HTML.

use super::SandboxClock;
use super::http::{HttpFailure, JsonFields, SandboxService, ServiceReply, ServiceRequest};
use super::state::{DAY, IssuedTokens, StateFile, TokenStatus, rfc3339};
use super::test_credentials::{Behavior, behavior_of};
use super::token;
use crate::core::error::Error;
use crate::core::map::map_of;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

const KEYS: &str = "/api/v1/accounts/user/api-keys/";
const MAX_KEYS: usize = 5;
const MAX_NAME: usize = 100;
const FIRST_KEY: &str = "sk-sandbox-production-backend-000000000000004f2a";
const USER: &str = "user_sandbox_demo";

/// Nothing in the API makes a new one, so that it has to last.
const TOKEN_LIFE: i64 = 3653 * DAY;

/// An action on a key.
#[derive(Default, Clone, Copy, Serialize, Deserialize)]
struct KeyUsage {
    requests: u32,
    /// In hundredths of a Swiss franc.
    rappen: u32,
}

impl KeyUsage {
    fn plus(self, other: KeyUsage) -> KeyUsage {
        KeyUsage {
            requests: self.requests.saturating_add(other.requests),
            rappen: self.rappen.saturating_add(other.rappen),
        }
    }

    fn francs(self) -> f64 {
        f64::from(self.rappen) / 100.0
    }
}

#[derive(Serialize, Deserialize)]
struct StoredKey {
    id: String,
    name: String,
    secret: String,
    created_at: i64,
    last_used_at: Option<i64>,
    total: KeyUsage,
    /// By day since 1970; days beyond the last 30 are dropped.
    days: BTreeMap<i64, KeyUsage>,
}

impl StoredKey {
    fn masked(&self) -> String {
        let tail = self.secret.len().saturating_sub(4);
        format!("sk-***...{}", &self.secret[tail..])
    }

    fn shown(&self, now: i64) -> Value {
        let month = self.days.range(now / DAY - 29..);
        let month = month.fold(KeyUsage::default(), |sum, (_, day)| sum.plus(*day));
        json!({
            "id": self.id,
            "name": self.name,
            "masked_key": self.masked(),
            "is_active": true,
            "created_at": rfc3339(self.created_at),
            "last_used_at": self.last_used_at.map(rfc3339),
            "usage": {
                "total_requests": self.total.requests,
                "total_cost_chf": self.total.francs(),
                "last_30_days": {"requests": month.requests, "cost_chf": month.francs()},
            },
        })
    }

    fn note_use(&mut self, now: i64) {
        let used = KeyUsage {
            requests: 1,
            rappen: 0,
        };
        self.last_used_at = Some(now);
        self.total = self.total.plus(used);
        let today = self.days.entry(now / DAY).or_default();
        *today = today.plus(used);
        self.days.retain(|day, _| *day > now / DAY - 30);
    }
}

#[derive(Default, Serialize, Deserialize)]
struct SchatziState {
    keys: Vec<StoredKey>,
    sessions: IssuedTokens,
}

impl SchatziState {
    fn seed(now: i64) -> Result<SchatziState, Error> {
        let used = |requests, rappen| KeyUsage { requests, rappen };
        let today = now / DAY;
        let mut state = SchatziState::default();
        state.keys.push(StoredKey {
            id: token::uuid()?,
            name: "Production backend".to_owned(),
            secret: FIRST_KEY.to_owned(),
            created_at: now - 120 * DAY,
            last_used_at: Some(now - DAY),
            total: used(1284, 1240),
            days: map_of([
                (today - 12, used(96, 88)),
                (today - 5, used(140, 131)),
                (today - 1, used(75, 92)),
            ]),
        });
        let session = token::jwt(USER, now, now + TOKEN_LIFE)?;
        state.sessions.add(session, now + TOKEN_LIFE, now, 0);
        Ok(state)
    }

    fn key(&mut self, id: &str) -> Result<&mut StoredKey, HttpFailure> {
        let found = self.keys.iter_mut().find(|key| key.id == id);
        found.ok_or_else(|| HttpFailure::Refused(error(404, "not_found", "API key not found")))
    }
}

/// The service.
pub(super) struct Schatzi {
    store: StateFile<SchatziState>,
}

impl Schatzi {
    pub(super) fn open(folder: &Path, now: SandboxClock) -> Result<Schatzi, Error> {
        let store = StateFile::open(folder, "schatzi", now, SchatziState::seed)?;
        Ok(Schatzi { store })
    }

    /// Returns the JWT of the session that is open from the start.
    pub(super) fn token(&self) -> Result<String, Error> {
        let now = self.store.now();
        let fresh = token::jwt(USER, now, now + TOKEN_LIFE)?;
        self.store.change(|state| {
            if let Some(token) = state.sessions.lasting(now + DAY) {
                return Ok(token.to_owned());
            }
            state.sessions.add(fresh.clone(), now + TOKEN_LIFE, now, 0);
            Ok(fresh)
        })
    }

    /// Lets the JWT of a session in.
    fn admit(&self, request: &ServiceRequest) -> Result<(), HttpFailure> {
        let Some(given) = request.bearer() else {
            let message = "Authentication credentials were not provided";
            return refuse(401, "not_authenticated", message);
        };
        if given.starts_with("sk-") {
            return refuse(403, "Forbidden", "An API key cannot manage API keys");
        }
        let standing = match behavior_of("schatzi", given) {
            Some(Behavior::NoSubscription) => return unsubscribed(),
            Some(Behavior::Expired) => TokenStatus::Expired,
            _ => self
                .store
                .read()?
                .sessions
                .standing(given, self.store.now()),
        };
        match standing {
            TokenStatus::Live => Ok(()),
            TokenStatus::Expired => refuse(401, "token_not_valid", "Token is expired"),
            TokenStatus::Unknown => refuse(401, "token_not_valid", "Token is invalid"),
        }
    }

    fn list(&self) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        let keys = self.store.read()?.keys;
        let shown: Vec<Value> = keys.iter().map(|key| key.shown(now)).collect();
        Ok(ServiceReply::json(200, &Value::Array(shown)))
    }

    fn create(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let name = name(&request.fields()?.only(&["name"])?)?;
        let now = self.store.now();
        let key = StoredKey {
            id: token::uuid()?,
            name,
            secret: format!("sk-{}", token::letters(45)?),
            created_at: now,
            last_used_at: None,
            total: KeyUsage::default(),
            days: BTreeMap::new(),
        };
        self.store.change(|state| {
            if state.keys.len() >= MAX_KEYS {
                let message = format!("Maximum of {MAX_KEYS} API keys reached");
                return refuse(400, "limit_reached", &message);
            }
            let mut body = key.shown(now);
            body["key"] = Value::from(key.secret.as_str());
            state.keys.push(key);
            Ok(ServiceReply::json(201, &body))
        })
    }

    fn show(&self, id: &str) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        let mut state = self.store.read()?;
        Ok(ServiceReply::json(200, &state.key(id)?.shown(now)))
    }

    fn rename(&self, request: &ServiceRequest, id: &str) -> Result<ServiceReply, HttpFailure> {
        let name = name(&request.fields()?.only(&["name"])?)?;
        let now = self.store.now();
        self.store.change(|state| {
            let key = state.key(id)?;
            key.name = name;
            Ok(ServiceReply::json(200, &key.shown(now)))
        })
    }

    fn revoke(&self, request: &ServiceRequest, id: &str) -> Result<ServiceReply, HttpFailure> {
        request.fields_if_any()?.only(&[])?;
        let now = self.store.now();
        self.store.change(|state| {
            let mut body = state.key(id)?.shown(now);
            body["is_active"] = Value::Bool(false);
            body["revoked_at"] = Value::from(rfc3339(now));
            state.keys.retain(|key| key.id != id);
            Ok(ServiceReply::json(200, &body))
        })
    }

    fn models(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let given = request.bearer().unwrap_or_default();
        if behavior_of("schatzi", given) == Some(Behavior::NoSubscription)
            && given.starts_with("sk-")
        {
            return unsubscribed();
        }
        let now = self.store.now();
        self.store.change(|state| {
            let Some(key) = state.keys.iter_mut().find(|key| key.secret == given) else {
                return refuse(403, "Forbidden", "Invalid or revoked API key");
            };
            key.note_use(now);
            Ok(())
        })?;
        let model = |id| json!({"id": id, "object": "model", "owned_by": "schatzi"});
        let data = [model("schatzi-small"), model("schatzi-large")];
        Ok(ServiceReply::json(
            200,
            &json!({"object": "list", "data": data}),
        ))
    }

    fn manage(&self, request: &ServiceRequest, rest: &str) -> Result<ServiceReply, HttpFailure> {
        let parts: Vec<&str> = rest.split('/').collect();
        // The last part is what follows the last slash: nothing, unless the slash is missing.
        match parts[..] {
            [""] => {
                request.only("GET")?;
                self.admit(request)?;
                self.list()
            }
            ["create", ""] => {
                request.only("POST")?;
                self.admit(request)?;
                self.create(request)
            }
            [id, ""] if !id.is_empty() => {
                request.only("GET")?;
                self.admit(request)?;
                self.show(id)
            }
            [id, "update", ""] if !id.is_empty() => {
                request.only("PATCH")?;
                self.admit(request)?;
                self.rename(request, id)
            }
            [id, "revoke", ""] if !id.is_empty() => {
                request.only("POST")?;
                self.admit(request)?;
                self.revoke(request, id)
            }
            _ => Err(HttpFailure::UnknownPath),
        }
    }
}

impl SandboxService for Schatzi {
    fn answer(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        if let Some(rest) = request.path.strip_prefix(KEYS) {
            return self.manage(request, rest);
        }
        if request.path == "/v1/models" {
            request.only("GET")?;
            return self.models(request);
        }
        Err(HttpFailure::UnknownPath)
    }

    fn fault(&self, status: u16, message: &str) -> ServiceReply {
        let kind = match status {
            404 => return missing_page(),
            405 => "method_not_allowed",
            500.. => "internal_error",
            _ => "invalid_request",
        };
        error(status, kind, message)
    }
}

fn name(fields: &JsonFields) -> Result<String, HttpFailure> {
    let name = fields.text("name")?;
    if name.chars().count() > MAX_NAME {
        let wrong = format!("`name` may have {MAX_NAME} characters at most");
        return Err(HttpFailure::BadRequest(wrong));
    }
    Ok(name.to_owned())
}

fn unsubscribed<T>() -> Result<T, HttpFailure> {
    let message = "Active subscription required to access this service";
    refuse(402, "subscription_required", message)
}

fn refuse<T>(status: u16, kind: &str, message: &str) -> Result<T, HttpFailure> {
    Err(HttpFailure::Refused(error(status, kind, message)))
}

fn error(status: u16, kind: &str, message: &str) -> ServiceReply {
    ServiceReply::json(
        status,
        &json!({"error": {"message": message, "type": kind}}),
    )
}

fn missing_page() -> ServiceReply {
    let page = "<!doctype html>\n<html lang=\"en\">\n<head><title>Not Found</title></head>\n\
                <body><h1>Not Found</h1><p>No page answers at this address.</p></body>\n</html>\n";
    ServiceReply::text(404, "text/html; charset=utf-8", page.to_owned())
}
