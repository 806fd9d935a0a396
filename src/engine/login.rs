//! The token for the engine: given, or by a login with an `AppRole` or the identity of the job.

use std::str::FromStr;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use serde_json::json;

use super::settings::{Settings, token_file};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{
    BlockingHttp, Clock, HttpRequest, HttpResponse, HttpTransport, LocalBoxFuture, Platform,
    TransportError, native,
};
use crate::report::log::Log;
use crate::service::identity::IdentitySource;
use crate::service::transport::{DEFAULT_TIMEOUT, Transport};

/// The way to a token.
pub(super) enum Login {
    /// A token is given.
    Given(Secret),
    /// A login at this path with this body, whose result is a token.
    By(String, Secret),
    /// None is configured; the error says so.
    Failed(Box<Unavailable>),
}

/// The reason why there is no token; an [`Error`] cannot be sent to another thread.
pub(super) struct Unavailable {
    kind: Kind,
    message: String,
    hints: Vec<String>,
}

impl Unavailable {
    fn of(error: &Error) -> Self {
        Unavailable {
            kind: error.kind(),
            message: error.message().to_owned(),
            hints: error.hints().to_vec(),
        }
    }

    /// Returns it as an error.
    pub(super) fn error(&self) -> Error {
        Error::new(self.kind, self.message.clone()).with_hints(self.hints.clone())
    }
}

impl Login {
    /// Returns the way that the environment describes.
    pub(super) fn of(platform: &Platform, log: &Log, settings: &Settings) -> Login {
        let found = Login::find(platform, log, settings);
        let found = found.unwrap_or_else(|error| {
            let error = error.with_kind(Kind::Store);
            Login::Failed(Box::new(Unavailable::of(&error)))
        });
        match &found {
            Login::Given(secret) | Login::By(_, secret) => log.register_secret(secret),
            Login::Failed(_) => {}
        }
        found
    }

    fn find(platform: &Platform, log: &Log, settings: &Settings) -> Result<Login> {
        let env = &platform.env;
        let path = |usual: &str| {
            let method = env.get("VAULT_AUTH_PATH").unwrap_or(usual);
            format!("auth/{}/login", method.trim_matches('/'))
        };
        if let Some(token) = env.get("VAULT_TOKEN") {
            return Ok(Login::Given(Secret::pasted(token)));
        }
        if let Some(role) = env.get("VAULT_ROLE_ID") {
            let secret = env.get("VAULT_SECRET_ID").map(Secret::pasted);
            if let Some(secret) = &secret {
                log.register_secret(secret);
            }
            let secret = secret.map(|secret| secret.expose().to_owned());
            let body = json!({ "role_id": role, "secret_id": secret });
            return Ok(Login::By(path("approle"), Secret::new(body.to_string())));
        }
        if let Some(role) = env.get("VAULT_AUTH_ROLE") {
            let source = identity_source(platform)?;
            let usual = match source {
                IdentitySource::Kubernetes(_) => "kubernetes",
                _ => "jwt",
            };
            let token = identity(platform, log, &source)?;
            let body = json!({ "role": role, "jwt": token.expose() });
            return Ok(Login::By(path(usual), Secret::new(body.to_string())));
        }
        match token_file(platform)? {
            Some(token) => Ok(Login::Given(token)),
            None => Err(Error::new(
                Kind::Store,
                format!("there is no token for {}", settings.name()),
            )
            .hint("set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_AUTH_ROLE")
            .hint("or log in with its own program, which writes `~/.vault-token`")),
        }
    }
}

/// Returns the source of the identity that the engine accepts.
fn identity_source(platform: &Platform) -> Result<IdentitySource> {
    let env = &platform.env;
    if let Some(text) = env.get("KEYWRIGHT_STATE_IDENTITY") {
        return IdentitySource::from_str(text)
            .map_err(|error| error.context("KEYWRIGHT_STATE_IDENTITY"));
    }
    Ok(match env.get("ACTIONS_ID_TOKEN_REQUEST_URL") {
        Some(_) => IdentitySource::GitHub,
        None => IdentitySource::Kubernetes(None),
    })
}

/// Gets the identity token of this job. The requests block: a login is needed before anything else can be done.
fn identity(platform: &Platform, log: &Log, source: &IdentitySource) -> Result<Secret> {
    let http = Blocking(native::blocking_http(None));
    let clock = BlockingClock(&*platform.clock);
    let transport = Transport {
        http: &http,
        clock: &clock,
        log,
        timeout: DEFAULT_TIMEOUT,
    };
    let audience = platform.env.get("VAULT_AUTH_AUDIENCE");
    let fetched = source.fetch(platform, transport, audience).now_or_never();
    let fetched = fetched.ok_or_else(|| Error::failed("the identity token did not come"))?;
    Ok(fetched?.token)
}

/// HTTP whose requests have ended when they are first asked for.
struct Blocking(std::sync::Arc<dyn BlockingHttp>);

impl HttpTransport for Blocking {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
    ) -> LocalBoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(std::future::ready(self.0.send(request.duplicate())))
    }
}

/// A clock whose waits are over when they are first asked for.
struct BlockingClock<'c>(&'c dyn Clock);

impl Clock for BlockingClock<'_> {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn sleep(&self, time: Duration) -> LocalBoxFuture<'static, ()> {
        self.0.pause(time);
        Box::pin(std::future::ready(()))
    }
}
