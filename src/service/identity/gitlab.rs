//! The identity token of a GitLab job: `id_tokens` in its description names the variable.

use super::absent;
use super::token::{audiences, claims_of};
use crate::core::error::{Error, Result};
use crate::core::untrusted::one_line;
use crate::manifest::plain_text;
use crate::platform::Env;

/// The variable that is taken first.
const USUAL: &str = "GITLAB_OIDC_TOKEN";

/// Returns the name of the variable: the usual one, the only one with a token of this GitLab, or of several the only
/// one for this audience.
pub(super) fn variable(env: &Env, audience: Option<&str>) -> Result<String> {
    if env.get(USUAL).is_some() {
        return Ok(USUAL.to_owned());
    }
    let server = env
        .get("CI_SERVER_URL")
        .map(|url| url.trim_end_matches('/'));
    if server.is_none() && env.get("GITLAB_CI").is_none() {
        return Err(
            absent("this is no GitLab job: neither GITLAB_CI nor CI_SERVER_URL is set")
                .hint("a token of another issuer has a name: env:NAME"),
        );
    }
    let mut found = Vec::new();
    for (name, value) in env.pairs() {
        // The platform's own variables are no identity, though some hold a token.
        if name.starts_with("CI_") || name.starts_with("KEYWRIGHT_") {
            continue;
        }
        let Some(claims) = claims_of(value.trim()) else {
            continue;
        };
        let issuer = claims.get("iss").and_then(plain_text);
        let issuer = issuer.as_deref().map(|url| url.trim_end_matches('/'));
        if server.is_none() || issuer == server {
            let fits = audience.is_some_and(|wanted| audiences(&claims).contains(&wanted));
            found.push((name, fits));
        }
    }
    let fitting: Vec<&str> = found
        .iter()
        .filter(|(_, fits)| *fits)
        .map(|(name, _)| *name)
        .collect();
    match (found.as_slice(), fitting.as_slice()) {
        ([(only, _)], _) | (_, [only]) => Ok((*only).to_owned()),
        ([], _) => Err(unset(&format!("{USUAL} is not set"))),
        (several, _) => {
            let names: Vec<String> = several.iter().map(|(name, _)| one_line(name)).collect();
            Err(Error::usage(format!(
                "several variables hold an identity token: {}",
                names.join(", ")
            ))
            .hint(format!("name one: gitlab:{}", names[0])))
        }
    }
}

/// Returns the error for a job without the token.
pub(super) fn unset(why: &str) -> Error {
    absent(why).hint(format!(
        "let GitLab issue it, with `id_tokens` in the job: {USUAL}, with `aud`"
    ))
}
