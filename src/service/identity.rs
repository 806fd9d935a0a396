//! Identity tokens: the platform that runs a job issues one, and other services exchange it for a token of their own.

mod github;
mod gitlab;
mod token;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use jiff::Timestamp;

pub use token::Identity;

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::mask_typed_secret;
use crate::platform::{Platform, files};
use crate::service::transport::Transport;

/// The most that is read of a file, in bytes.
const MAX_TOKEN: u64 = 64 << 10;

/// The file into which a kubelet projects the token of a pod's service account.
const SERVICE_ACCOUNT_TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// The variables of `CircleCI`, the preferred one first.
const CIRCLECI_VARIABLES: [&str; 2] = ["CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN"];

/// The forms of a source, as a user types them.
pub const IDENTITY_SOURCES: [&str; 8] = [
    "github",
    "gitlab",
    "gitlab:NAME",
    "kubernetes",
    "kubernetes:PATH",
    "circleci",
    "env:NAME",
    "file:PATH",
];

/// The place that an identity token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentitySource {
    /// GitHub Actions, which issues one on request.
    GitHub,
    /// The variable that `id_tokens` of a GitLab job fills.
    GitLab(Option<String>),
    /// The projected token of a Kubernetes service account.
    Kubernetes(Option<String>),
    /// The variables of a `CircleCI` job.
    CircleCi,
    /// An environment variable.
    Variable(String),
    /// A file.
    File(String),
}

impl FromStr for IdentitySource {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (kind, rest) = match text.split_once(':') {
            Some((kind, rest)) => (kind, Some(rest)),
            None => (text, None),
        };
        let whole = rest.is_none_or(|rest| !rest.is_empty());
        let rest = rest.map(str::to_owned);
        match (kind, rest) {
            ("github", None) => Ok(IdentitySource::GitHub),
            ("circleci", None) => Ok(IdentitySource::CircleCi),
            ("gitlab", name) if whole => Ok(IdentitySource::GitLab(name)),
            ("kubernetes", path) if whole => Ok(IdentitySource::Kubernetes(path)),
            ("env", Some(name)) if whole && is_variable(&name) => {
                Ok(IdentitySource::Variable(name))
            }
            ("file", Some(path)) if whole => Ok(IdentitySource::File(path)),
            _ => Err(unknown(text)),
        }
    }
}

/// Returns whether a text can be the name of a variable.
fn is_variable(name: &str) -> bool {
    !name.contains(['=', '\0'])
}

fn unknown(text: &str) -> Error {
    let shown = mask_typed_secret(text);
    let kind = text.split(':').next().unwrap_or(text);
    let kinds = IDENTITY_SOURCES.map(|form| form.split(':').next().unwrap_or(form));
    let mut error = Error::usage(format!("`{shown}` is no source of an identity"));
    if !kinds.contains(&kind) {
        error = error.did_you_mean(kind, kinds);
    }
    error = error.hint(format!("write one of: {}", IDENTITY_SOURCES.join(", ")));
    if token::claims_of(text).is_some() {
        return error
            .hint("a token is never an argument: put it into a variable, and write env:NAME");
    }
    error
}

impl fmt::Display for IdentitySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdentitySource::GitHub => f.write_str("github"),
            IdentitySource::GitLab(None) => f.write_str("gitlab"),
            IdentitySource::GitLab(Some(name)) => write!(f, "gitlab:{name}"),
            IdentitySource::Kubernetes(None) => f.write_str("kubernetes"),
            IdentitySource::Kubernetes(Some(path)) => write!(f, "kubernetes:{path}"),
            IdentitySource::CircleCi => f.write_str("circleci"),
            IdentitySource::Variable(name) => write!(f, "env:{name}"),
            IdentitySource::File(path) => write!(f, "file:{path}"),
        }
    }
}

/// A token as it was found.
struct Found {
    token: Secret,
    /// The place in which it was found, to follow "the identity token".
    place: String,
    /// The moment it is, by the best clock that is known.
    now: Timestamp,
}

impl IdentitySource {
    /// Returns the identity token of this moment: each call looks anew, for files are renewed.
    ///
    /// `audience` is requested of a platform that issues a token for each request; the others have written the token
    /// already.
    pub async fn fetch(
        &self,
        platform: &Platform,
        transport: Transport<'_>,
        audience: Option<&str>,
    ) -> Result<Identity> {
        let env = &platform.env;
        let now = transport.clock.now();
        let variable = |name: &str| {
            let value = env.get(name).map(Secret::pasted);
            value.filter(|value| !value.is_empty()).map(|token| Found {
                token,
                place: format!("in {name}"),
                now,
            })
        };
        let found = match self {
            IdentitySource::GitHub => github::request(env, transport, audience).await?,
            IdentitySource::GitLab(Some(name)) => {
                variable(name).ok_or_else(|| gitlab::unset(&format!("{name} is not set")))?
            }
            IdentitySource::GitLab(None) => {
                let name = gitlab::variable(env, audience)?;
                variable(&name).ok_or_else(|| gitlab::unset(&format!("{name} is not set")))?
            }
            IdentitySource::CircleCi => CIRCLECI_VARIABLES
                .iter()
                .find_map(|name| variable(name))
                .ok_or_else(|| {
                absent("neither CIRCLE_OIDC_TOKEN_V2 nor CIRCLE_OIDC_TOKEN is set")
                    .hint("CircleCI sets them in jobs that use a context")
            })?,
            IdentitySource::Variable(name) => variable(name)
                .ok_or_else(|| absent(&format!("{} is not set", mask_typed_secret(name))))?,
            IdentitySource::Kubernetes(path) => {
                let path = path.as_deref().unwrap_or(SERVICE_ACCOUNT_TOKEN);
                read(platform, path, now)?.ok_or_else(|| {
                    absent(&format!("there is no file `{path}`"))
                        .hint("project a token into the pod: volumes, projected, serviceAccountToken, with `audience` and `path`")
                        .hint("then name the file: kubernetes:PATH")
                })?
            }
            IdentitySource::File(path) => read(platform, path, now)?
                .ok_or_else(|| absent(&format!("there is no file `{path}`")))?,
        };
        transport.log.register_secret(&found.token);
        Identity::checked(self, found, audience)
    }

    /// Returns whether the source promises a JSON Web Token; a variable or a file may hold any other proof.
    fn promises_jwt(&self) -> bool {
        !matches!(self, IdentitySource::Variable(_) | IdentitySource::File(_))
    }
}

/// Reads a token from a file; `None` if there is none.
fn read(platform: &Platform, path: &str, now: Timestamp) -> Result<Option<Found>> {
    let at = platform.folder.join(Path::new(path));
    let text = files::read_named_text(&at, MAX_TOKEN)?;
    let text = text.map(zeroize::Zeroizing::new);
    text.map(|text| {
        let token = Secret::pasted(text.trim_start_matches('\u{feff}'));
        if token.is_empty() {
            return Err(absent(&format!("`{path}` is empty")));
        }
        let place = format!("in `{path}`");
        Ok(Found { token, place, now })
    })
    .transpose()
}

/// Returns the error for a source that holds no token.
fn absent(why: &str) -> Error {
    Error::new(Kind::Auth, format!("there is no identity token: {why}"))
}

#[cfg(test)]
mod tests;
