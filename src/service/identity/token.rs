//! An identity token and its claims. The signature is left to the service that receives it.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Found, IdentitySource};
use crate::core::error::{Error, Kind, Result};
use crate::core::moment::to_the_minute;
use crate::core::secret::Secret;
use crate::core::untrusted::one_line;
use crate::manifest::{jwt_claims, looks_like_html, plain_text, read_moment};
use crate::service::response::TOLERATED_SKEW;

/// The longest after its expiry that a token is presented all the same: this machine's clock may be wrong, and the
/// service knows better.
const MAX_CLOCK_ERROR: SignedDuration = SignedDuration::from_mins(15);

/// The identity token of a job.
pub struct Identity {
    /// The token.
    pub token: Secret,
    /// Its claims, if it is a JSON Web Token.
    claims: Option<Value>,
    /// The audience that was asked for.
    audience: Option<String>,
    now: Timestamp,
}

/// Returns the claims of a text that is a JSON Web Token.
pub(super) fn claims_of(text: &str) -> Option<Value> {
    let mut parts = text.split('.');
    let is_part = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=');
        !part.is_empty() && part.chars().all(allowed)
    };
    let three = text.split('.').count() == 3 && parts.all(is_part);
    jwt_claims(text).filter(|claims| three && claims.is_object())
}

/// Returns the audiences that claims name.
pub(super) fn audiences(claims: &Value) -> Vec<&str> {
    match claims.get("aud") {
        Some(Value::String(only)) => vec![only],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

impl Identity {
    /// Returns the token, unless it cannot be one or has expired.
    pub(super) fn checked(
        source: &IdentitySource,
        found: Found,
        audience: Option<&str>,
    ) -> Result<Identity> {
        let Found { token, place, now } = found;
        let claims = claims_of(token.expose());
        let is_page = looks_like_html(token.expose());
        if is_page || claims.is_none() && source.promises_jwt() {
            let what = if is_page {
                "a web page"
            } else {
                "no JSON Web Token"
            };
            let message = format!("the identity token {place} is {what}");
            return Err(Error::new(Kind::Auth, message));
        }
        let identity = Identity {
            token,
            claims,
            audience: audience.map(str::to_owned),
            now,
        };
        let Some(expiry) = identity.moment("exp") else {
            return Ok(identity);
        };
        if expiry.duration_until(now) <= MAX_CLOCK_ERROR {
            return Ok(identity);
        }
        let error = Error::new(
            Kind::Auth,
            format!(
                "the identity token {place} expired at {}",
                to_the_minute(expiry)
            ),
        );
        Err(error.with_hints(renewal(source)).hint(format!(
            "this machine's clock says {}: if that is wrong, set it",
            to_the_minute(now)
        )))
    }

    fn moment(&self, claim: &str) -> Option<Timestamp> {
        read_moment(self.claims.as_ref()?.get(claim)?)
    }

    fn claim(&self, name: &str) -> Option<String> {
        let text = plain_text(self.claims.as_ref()?.get(name)?)?;
        Some(one_line(&text))
    }

    /// Returns what may help if a service refuses the token: its owner, another audience, a wrong clock.
    pub fn hints(&self) -> Vec<String> {
        let mut hints = Vec::new();
        let claims = self.claims.as_ref();
        let audiences = claims.map(audiences).unwrap_or_default();
        let own: Vec<String> = audiences
            .iter()
            .map(|one| format!("`{}`", one_line(one)))
            .collect();
        if let Some(subject) = self.claim("sub") {
            let issuer = self.claim("iss").map(|issuer| format!(" of {issuer}"));
            hints.push(format!(
                "the identity is `{subject}`{}: the service must trust it",
                issuer.unwrap_or_default()
            ));
        }
        if let Some(wanted) = &self.audience
            && claims.is_some()
            && !audiences.contains(&wanted.as_str())
        {
            let own = match own.as_slice() {
                [] => "no audience".to_owned(),
                own => format!("the audience {}", own.join(", ")),
            };
            hints.push(format!(
                "the identity token is for {own}, and the manifest names `{}`",
                one_line(wanted)
            ));
        }
        if let Some(expiry) = self.moment("exp")
            && expiry <= self.now
        {
            hints.push(format!(
                "the identity token expired at {}, by this machine's clock, which says {}",
                to_the_minute(expiry),
                to_the_minute(self.now)
            ));
        }
        let start = self.moment("nbf").or_else(|| self.moment("iat"));
        if let Some(start) = start
            && self.now.duration_until(start) > TOLERATED_SKEW
        {
            hints.push(format!(
                "the identity token is valid from {}, and this machine's clock says {}: set the clock that is wrong",
                to_the_minute(start),
                to_the_minute(self.now)
            ));
        }
        hints
    }
}

/// Returns the way to another token in place of one that has expired.
fn renewal(source: &IdentitySource) -> Option<String> {
    let way = match source {
        IdentitySource::GitHub | IdentitySource::Variable(_) | IdentitySource::File(_) => {
            return None;
        }
        IdentitySource::GitLab(_) | IdentitySource::CircleCi => {
            "the token is issued when the job starts: use it earlier, or in a job of its own"
        }
        IdentitySource::Kubernetes(_) => {
            "the kubelet renews a projected token: is the file a copy, or the pod gone?"
        }
    };
    Some(way.to_owned())
}
