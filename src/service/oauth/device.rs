//! A login with a code that is entered on any device (RFC 8628).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use super::{IssuedToken, OAuthRefusal};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::one_line;
use crate::manifest::{DEVICE_CODE, Endpoint, Operation, Source, looks_like_html};
use crate::service::transport::Repeat;
use crate::service::{CallError, CredentialRef, FieldValue, Service};

/// The pause between two polls, unless the server names one, and the time by which `slow_down` lengthens it.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
const SLOW_DOWN: Duration = Duration::from_secs(5);

/// The shortest and the longest pause.
const MIN_INTERVAL: Duration = Duration::from_secs(1);
const MAX_INTERVAL: Duration = Duration::from_secs(60);

/// The lifetime of a code, unless the server names one, and the longest.
const DEFAULT_LIFETIME: SignedDuration = SignedDuration::from_mins(15);
const MAX_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// A code for a device, and how long it may be entered.
pub struct DeviceCode {
    /// The code to enter.
    pub user_code: String,
    /// The address to enter it at.
    pub address: String,
    /// The address that holds the code already.
    pub complete_address: Option<String>,
    /// The end of its life.
    pub expires_at: Timestamp,
    secret: Secret,
    interval: Duration,
}

/// The answer to a poll.
pub enum DeviceOutcome {
    /// The code was entered, and the login agreed to.
    Issued(IssuedToken),
    /// Not yet.
    Pending,
}

/// Returns the address of a page that a person may be sent to.
fn page(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "https" | "http") && url.has_host()).then(|| one_line(url.as_str()))
}

impl Service<'_> {
    /// Returns whether the authorization server hands out codes for devices.
    pub async fn offers_device_codes(&self) -> Result<bool> {
        let oauth = self.authorization_server()?;
        if oauth.written(Endpoint::DeviceAuthorization).is_some() {
            return Ok(true);
        }
        if !oauth.is_discovered() {
            return Ok(false);
        }
        self.server_metadata().await?;
        Ok(self.discovered(Endpoint::DeviceAuthorization).is_ok())
    }

    /// Requests a code for a device.
    pub async fn device_code(&self, carried: Option<&CredentialRef<'_>>) -> Result<DeviceCode> {
        let operation = self.authorization_server()?.device_authorization();
        let mut values = self.values_with(carried);
        let (answer, seen) = self
            .ask_endpoint(&operation, &mut values, carried, Repeat::IfRefused)
            .await?;
        if let Some(refusal) = OAuthRefusal::in_body(&seen.body) {
            return Err(self.refused_login(&refusal, Some(answer.status)));
        }
        if !(200..300).contains(&answer.status) {
            return Err(self
                .refusal(&answer, &seen, Some(crate::manifest::Verb::Login))
                .error
                .hint("nothing was stored"));
        }
        let code = self.read_device_code(&seen.body);
        code.ok_or_else(|| {
            let why = match seen.body.as_str() {
                Some(text) if looks_like_html(text) => "a web page instead of JSON",
                _ => "no code for a device: `device_code`, `user_code` and `verification_uri`, the address of a page, must be there",
            };
            Error::failed(format!("{} answered with {why}", self.name()))
                .with_status(answer.status)
                .hint("nothing was stored")
        })
    }

    fn read_device_code(&self, body: &Value) -> Option<DeviceCode> {
        let text = |member: &str| {
            let text = body.get(member)?.as_str()?;
            (!text.trim().is_empty()).then(|| text.trim().to_owned())
        };
        // Some servers write numbers as text.
        let seconds = |member: &str| {
            let value = body.get(member)?;
            value.as_u64().or_else(|| value.as_str()?.parse().ok())
        };
        let secret = Secret::new(text("device_code")?);
        self.transport.log.register_secret(&secret);
        let lifetime = seconds("expires_in").and_then(|seconds| i64::try_from(seconds).ok());
        let lifetime = lifetime.map_or(DEFAULT_LIFETIME, |seconds| {
            SignedDuration::from_secs(seconds).min(MAX_LIFETIME)
        });
        let interval = seconds("interval").map_or(DEFAULT_INTERVAL, Duration::from_secs);
        Some(DeviceCode {
            user_code: one_line(&text("user_code")?),
            address: page(&text("verification_uri").or_else(|| text("verification_url"))?)?,
            complete_address: text("verification_uri_complete").and_then(|text| page(&text)),
            expires_at: self.now().checked_add(lifetime).ok()?,
            secret,
            interval: interval.clamp(MIN_INTERVAL, MAX_INTERVAL),
        })
    }

    /// Polls until the code was entered and the login agreed to or refused, or until the code expires or `limit` is over.
    ///
    /// A server that cannot be reached is asked again, after longer and longer pauses: the code may have been entered
    /// meanwhile.
    pub async fn await_device(
        &self,
        mut code: DeviceCode,
        limit: Option<Timestamp>,
        name: &str,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<IssuedToken> {
        let operation = self.authorization_server()?.device_token(name);
        let end = limit.map_or(code.expires_at, |limit| limit.min(code.expires_at));
        let mut lost: Option<Error> = None;
        loop {
            let left = Duration::try_from(self.now().duration_until(end)).unwrap_or_default();
            if left.is_zero() {
                return Err(self.never_entered(end < code.expires_at, lost));
            }
            self.transport.clock.sleep(code.interval.min(left)).await;
            match self.poll_device(&mut code, &operation, carried).await {
                Ok(DeviceOutcome::Issued(token)) => return Ok(token),
                Ok(DeviceOutcome::Pending) => lost = None,
                Err(failure) if is_passing(&failure) => {
                    self.transport.log.trace(|| format!("* {}", failure.error));
                    code.interval = (code.interval * 2).min(MAX_INTERVAL);
                    lost = Some(failure.error);
                }
                Err(failure) => return Err(failure.error),
            }
        }
    }

    async fn poll_device(
        &self,
        code: &mut DeviceCode,
        operation: &Operation,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<DeviceOutcome, CallError> {
        let mut values = self.values_with(carried);
        let source = Source::Input(DEVICE_CODE.to_owned());
        values.set(&source, FieldValue::Secret(code.secret.duplicate()));
        let (answer, seen) = self
            .ask_endpoint(operation, &mut values, carried, Repeat::IfRefused)
            .await?;
        let Some(refusal) = OAuthRefusal::in_body(&seen.body) else {
            let issued = self.issued(operation, &answer, seen)?;
            return Ok(DeviceOutcome::Issued(issued));
        };
        match refusal.code.as_str() {
            "authorization_pending" => Ok(DeviceOutcome::Pending),
            "slow_down" => {
                code.interval += SLOW_DOWN;
                Ok(DeviceOutcome::Pending)
            }
            "expired_token" => Err(self.never_entered(false, None).into()),
            _ => {
                let error = self.refused_login(&refusal, Some(answer.status));
                Err(error.into())
            }
        }
    }

    fn never_entered(&self, is_limit: bool, lost: Option<Error>) -> Error {
        if let Some(lost) = lost {
            return lost
                .append("the code for the login has expired meanwhile")
                .hint("nothing was stored");
        }
        let what = if is_limit {
            "the code was not entered in the time that `--timeout` allows"
        } else {
            "the code expired before it was entered and the login agreed to"
        };
        Error::new(
            Kind::Auth,
            format!("not logged in to {}: {what}", self.name()),
        )
        .hint("nothing was stored; run the login again for a new code")
    }
}

/// Returns whether a failure may pass: no response, or a server that cannot answer now.
fn is_passing(failure: &CallError) -> bool {
    match failure.error.kind() {
        Kind::Unreachable | Kind::Uncertain | Kind::RateLimited => true,
        _ => failure
            .error
            .http_status()
            .is_some_and(|status| status >= 500),
    }
}
