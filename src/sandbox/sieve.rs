//! Sieve: one personal access token per user, which can be exchanged for a JWT pair.
//!
//! Its document does not say, and this file assumes:
//! - errors are `{"error": "..."}`; times without a zone are UTC; `lastUsed` and `name` are `null` when unknown;
//! - status, create and revoke take a JWT as well as the key ("no key" must be visible), exchange only the key;
//! - `expiresIn` is a whole number of days from 1 to 3650; an expired key counts as none; revoking none is 404;
//! - JWTs outlive the key they were had for; a refresh token is good once and for 30 days, using it twice harms no other.
//!
//! `POST /api/auth/login`, `POST /api/auth/refresh` and `GET /api/scans` come from the service's page on authentication.

use super::SandboxClock;
use super::http::{HttpFailure, SandboxService, ServiceReply, ServiceRequest};
use super::state::{DAY, IssuedTokens, StateFile, TokenStatus, naive};
use super::test_credentials::{Behavior, EMAIL, PASSWORD, behavior_of};
use super::token;
use crate::core::error::Error;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;

const FIRST_KEY: &str = "gds_sandboxdemo000000000000000000000";
const USER: &str = "user_sandbox_demo";
const ACCESS_LIFE: i64 = 900;
const REFRESH_LIFE: i64 = 30 * DAY;
const PREFIX_LENGTH: usize = 8;

#[derive(Serialize, Deserialize)]
struct StoredKey {
    secret: String,
    name: Option<String>,
    created_at: i64,
    last_used: Option<i64>,
    expires_at: Option<i64>,
}

impl StoredKey {
    fn prefix(&self) -> &str {
        self.secret.get(..PREFIX_LENGTH).unwrap_or(&self.secret)
    }

    fn is_live(&self, now: i64) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }
}

#[derive(Default, Serialize, Deserialize)]
struct SieveState {
    key: Option<StoredKey>,
    access: IssuedTokens,
    refresh: IssuedTokens,
}

/// The credential of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AcceptedCredential {
    KeyOnly,
    KeyOrToken,
}

impl SieveState {
    fn seed(now: i64) -> SieveState {
        let key = StoredKey {
            secret: FIRST_KEY.to_owned(),
            name: Some("Sandbox key".to_owned()),
            created_at: now - 30 * DAY,
            last_used: Some(now - DAY),
            expires_at: None,
        };
        SieveState {
            key: Some(key),
            ..SieveState::default()
        }
    }

    /// Lets a request in, and notes the use of the key.
    fn admit(
        &mut self,
        request: &ServiceRequest,
        accepted: AcceptedCredential,
        now: i64,
    ) -> Result<(), HttpFailure> {
        if let Some(given) = request.header("x-api-key") {
            return match (behavior_of("sieve", given), &mut self.key) {
                (Some(Behavior::Expired), _) => refuse(401, "API key has expired"),
                (_, Some(key)) if key.secret == given && key.is_live(now) => {
                    key.last_used = Some(now);
                    Ok(())
                }
                (_, Some(key)) if key.secret == given => refuse(401, "API key has expired"),
                _ => refuse(401, "Invalid API key"),
            };
        }
        match request
            .bearer()
            .filter(|_| accepted == AcceptedCredential::KeyOrToken)
        {
            None => refuse(401, "Authentication required"),
            Some(given) if behavior_of("sieve", given) == Some(Behavior::Expired) => {
                refuse(401, "Access token has expired")
            }
            Some(given) => match self.access.standing(given, now) {
                TokenStatus::Live => Ok(()),
                TokenStatus::Expired => refuse(401, "Access token has expired"),
                TokenStatus::Unknown => refuse(401, "Invalid access token"),
            },
        }
    }
}

/// The tokens of one answer, made before the state is locked.
struct TokenPair {
    access: String,
    refresh: String,
}

impl TokenPair {
    fn new(now: i64) -> Result<TokenPair, Error> {
        Ok(TokenPair {
            access: token::jwt(USER, now, now + ACCESS_LIFE)?,
            refresh: token::uuid()?,
        })
    }

    fn issue(self, state: &mut SieveState, now: i64) -> ServiceReply {
        let body = json!({
            "accessToken": self.access,
            "refreshToken": self.refresh,
            "expiresIn": ACCESS_LIFE,
        });
        state.access.add(self.access, now + ACCESS_LIFE, now, DAY);
        state.refresh.add(self.refresh, now + REFRESH_LIFE, now, 0);
        ServiceReply::json(200, &body)
    }
}

/// The service.
pub(super) struct Sieve {
    store: StateFile<SieveState>,
}

impl Sieve {
    pub(super) fn open(folder: &Path, now: SandboxClock) -> Result<Sieve, Error> {
        let store = StateFile::open(folder, "sieve", now, |now| Ok(SieveState::seed(now)))?;
        Ok(Sieve { store })
    }

    /// Returns the key that works now; `None` once it was revoked or has expired.
    pub(super) fn live_key(&self) -> Result<Option<String>, Error> {
        let now = self.store.now();
        let key = self.store.read()?.key;
        Ok(key.filter(|key| key.is_live(now)).map(|key| key.secret))
    }

    fn status(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        self.store.change(|state| {
            state.admit(request, AcceptedCredential::KeyOrToken, now)?;
            let body = match state.key.as_ref().filter(|key| key.is_live(now)) {
                None => json!({"hasKey": false}),
                Some(key) => json!({
                    "hasKey": true,
                    "keyPrefix": key.prefix(),
                    "name": key.name,
                    "lastUsed": key.last_used.map(naive),
                    "createdAt": naive(key.created_at),
                }),
            };
            Ok(ServiceReply::json(200, &body))
        })
    }

    fn create(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        let secret = format!("gds_{}", token::letters(32)?);
        self.store.change(|state| {
            state.admit(request, AcceptedCredential::KeyOrToken, now)?;
            let fields = request.fields_if_any()?.only(&["name", "expiresIn"])?;
            let days = match fields.get("expiresIn") {
                None => None,
                Some(days) => Some(
                    days.as_i64()
                        .filter(|days| (1..=3650).contains(days))
                        .ok_or_else(|| {
                            HttpFailure::BadRequest(
                                "`expiresIn` must be a number of days from 1 to 3650".to_owned(),
                            )
                        })?,
                ),
            };
            let key = StoredKey {
                secret,
                name: fields.text_if_any("name")?.map(str::to_owned),
                created_at: now,
                last_used: None,
                expires_at: days.map(|days| now + days * DAY),
            };
            let body = json!({
                "key": key.secret,
                "keyPrefix": key.prefix(),
                "warning": "Copy this key now. It will not be shown again.",
            });
            state.key = Some(key);
            Ok(ServiceReply::json(201, &body))
        })
    }

    fn revoke(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        self.store.change(|state| {
            state.admit(request, AcceptedCredential::KeyOrToken, now)?;
            match state.key.take().filter(|key| key.is_live(now)) {
                Some(_) => Ok(ServiceReply::json(
                    200,
                    &json!({"success": true, "message": "API key revoked successfully"}),
                )),
                None => refuse(404, "No active API key"),
            }
        })
    }

    fn exchange(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        let pair = TokenPair::new(now)?;
        self.store.change(|state| {
            state.admit(request, AcceptedCredential::KeyOnly, now)?;
            request.fields_if_any()?.only(&[])?;
            Ok(pair.issue(state, now))
        })
    }

    fn refresh(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        let pair = TokenPair::new(now)?;
        let fields = request.fields()?.only(&["refreshToken"])?;
        let given = fields.text("refreshToken")?;
        self.store.change(|state| {
            if state.refresh.take(given, now) {
                Ok(pair.issue(state, now))
            } else {
                refuse(401, "Invalid or expired refresh token")
            }
        })
    }

    fn login(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        let pair = TokenPair::new(now)?;
        let fields = request.fields()?.only(&["email", "password"])?;
        if (fields.text("email")?, fields.text("password")?) != (EMAIL, PASSWORD) {
            return refuse(401, "Invalid email or password");
        }
        self.store.change(|state| Ok(pair.issue(state, now)))
    }

    fn scans(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        let now = self.store.now();
        self.store
            .change(|state| state.admit(request, AcceptedCredential::KeyOrToken, now))?;
        let [limit] = request.numbers(["limit"])?;
        let limit = limit.unwrap_or(20);
        if !(1..=100).contains(&limit) {
            return Err(HttpFailure::BadRequest(
                "`limit` must be 1 to 100".to_owned(),
            ));
        }
        let scan = |number: i64| {
            json!({
                "id": format!("scan-{number}"),
                "status": "completed",
                "createdAt": naive(1_771_065_045 + number * DAY),
            })
        };
        let scans: Vec<Value> = (1..=3).map(scan).take(limit).collect();
        Ok(ServiceReply::json(
            200,
            &json!({"scans": scans, "total": 3}),
        ))
    }
}

impl SandboxService for Sieve {
    fn answer(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure> {
        match request.path.as_str() {
            "/api/keys/status" => request.only("GET").and_then(|()| self.status(request)),
            "/api/keys/exchange" => request.only("POST").and_then(|()| self.exchange(request)),
            "/api/keys" => {
                request.only("POST, DELETE")?;
                if request.method == "POST" {
                    self.create(request)
                } else {
                    self.revoke(request)
                }
            }
            "/api/auth/refresh" => request.only("POST").and_then(|()| self.refresh(request)),
            "/api/auth/login" => request.only("POST").and_then(|()| self.login(request)),
            "/api/scans" => request.only("GET").and_then(|()| self.scans(request)),
            _ => Err(HttpFailure::UnknownPath),
        }
    }

    fn fault(&self, status: u16, message: &str) -> ServiceReply {
        error(status, message)
    }
}

fn refuse<T>(status: u16, message: &str) -> Result<T, HttpFailure> {
    Err(HttpFailure::Refused(error(status, message)))
}

fn error(status: u16, message: &str) -> ServiceReply {
    ServiceReply::json(status, &json!({ "error": message }))
}
