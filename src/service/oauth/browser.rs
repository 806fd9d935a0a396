//! A login in a browser, which returns to a port of this machine (RFC 8252), with PKCE (RFC 7636).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use url::Url;

use super::{IssuedToken, OAuthRefusal};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::one_line;
use crate::manifest::{
    AUTHORIZATION_CODE, CODE_VERIFIER, Endpoint, Field, REDIRECT_URI, RequestSpec, Source,
};
use crate::platform::fault;
use crate::service::transport::Repeat;
use crate::service::{CredentialRef, FieldValue, Service};

/// A login that a browser has been sent to.
pub struct BrowserLogin {
    /// The address to open.
    pub address: Url,
    redirect_uri: Url,
    state: Secret,
    verifier: Secret,
}

/// The meaning of a request that reached the port.
pub enum CallbackVerdict {
    /// The browser brings the code for a token.
    Code(Secret),
    /// It brings a refusal, or something that is not of this login.
    Refused(Error),
    /// It is something else, such as an icon of the page.
    Other,
}

impl BrowserLogin {
    /// Returns the secret that ties the browser to this login; it stands in the address.
    pub fn state(&self) -> &Secret {
        &self.state
    }
}

/// Returns 32 random bytes in base64url.
fn random() -> Result<Secret> {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    fault::random(bytes.as_mut_slice())
        .map_err(|error| Error::failed("no random numbers for a login").caused_by(error))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}

/// Returns the challenge of a verifier, by the method S256.
fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose().as_bytes()))
}

impl Service<'_> {
    /// Returns a login for a browser that comes back to `redirect_uri`.
    pub async fn browser_login(&self, redirect_uri: Url) -> Result<BrowserLogin> {
        let oauth = self.authorization_server()?;
        let endpoint = self.endpoint(Endpoint::Authorization).await?;
        let (state, verifier) = (random()?, random()?);
        let log = self.transport.log;
        log.register_secret(&verifier);
        log.hide_in_trace(&state);
        let mut query = vec![
            Field::constant("response_type", "code"),
            Field::filled("client_id", &oauth.client_id),
            Field::constant("redirect_uri", redirect_uri.as_str()),
            Field::constant("state", state.expose()),
            Field::constant("code_challenge", &challenge(&verifier)),
            Field::constant("code_challenge_method", "S256"),
        ];
        query.extend(oauth.scope());
        query.extend(oauth.authorization_parameters.iter().cloned());
        let root = "/".parse().map_err(Error::failed)?;
        let spec = RequestSpec {
            query,
            ..RequestSpec::bare("GET", &oauth.server, root)
        };
        let values = self.values();
        let built = self.build_for(&spec, &endpoint, true, &values, None)?;
        Ok(BrowserLogin {
            address: built.http.url,
            redirect_uri,
            state,
            verifier,
        })
    }

    /// Judges a request that reached the port; `target` is its path with the query.
    pub fn judge_callback(&self, login: &BrowserLogin, target: &str) -> Result<CallbackVerdict> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path != login.redirect_uri.path() || query.is_empty() {
            return Ok(CallbackVerdict::Other);
        }
        let given = |name: &str| {
            let mut all = url::form_urlencoded::parse(query.as_bytes());
            let found = all.find(|(known, value)| known == name && !value.is_empty());
            found.map(|(_, value)| Secret::new(value.into_owned()))
        };
        let log = self.transport.log;
        let code = given("code");
        if let Some(code) = &code {
            log.register_secret(code);
        }
        let refusal = given("error").map(|error| OAuthRefusal {
            code: one_line(error.expose()),
            description: given("error_description").map(|text| one_line(text.expose())),
        });
        if code.is_none() && refusal.is_none() {
            return Ok(CallbackVerdict::Other);
        }
        let count = |name: &str| {
            let all = url::form_urlencoded::parse(query.as_bytes());
            all.filter(|(known, _)| known == name).count()
        };
        if let Some(name) = ["code", "state", "iss"]
            .into_iter()
            .find(|name| count(name) > 1)
        {
            // RFC 6749, section 3.1: none is there twice.
            let why = format!("the browser came back with two values of `{name}`");
            return Ok(CallbackVerdict::Refused(self.not_this_login(&why)));
        }
        if given("state").is_none_or(|state| state.expose() != login.state.expose()) {
            let why = "the browser came back from another login: its `state` is not the one that was sent";
            return Ok(CallbackVerdict::Refused(self.not_this_login(why)));
        }
        let issuer = given("iss");
        if !self.is_issuer(issuer.as_ref().map(Secret::expose))? {
            let why = "the browser came back from another authorization server: its `iss` is not the issuer that was asked";
            return Ok(CallbackVerdict::Refused(self.not_this_login(why)));
        }
        Ok(match (refusal, code) {
            (Some(refusal), _) => CallbackVerdict::Refused(self.refused_login(&refusal, None)),
            (None, Some(code)) => CallbackVerdict::Code(code),
            (None, None) => CallbackVerdict::Other,
        })
    }

    fn not_this_login(&self, why: &str) -> Error {
        Error::new(
            Kind::Auth,
            format!("not logged in to {}: {why}", self.name()),
        )
        .hint("nothing was stored; run the login again, and use the page that it opens")
    }

    /// Exchanges the code that a browser brought for a token `name`. It is sent once.
    pub async fn redeem_code(
        &self,
        login: &BrowserLogin,
        code: &Secret,
        name: &str,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<IssuedToken> {
        let operation = self.authorization_server()?.code_token(name);
        let mut values = self.values_with(carried);
        values.input(REDIRECT_URI, login.redirect_uri.as_str());
        for (input, secret) in [(AUTHORIZATION_CODE, code), (CODE_VERIFIER, &login.verifier)] {
            let source = Source::Input(input.to_owned());
            values.set(&source, FieldValue::Secret(secret.duplicate()));
        }
        let (answer, seen) = self
            .ask_endpoint(&operation, &mut values, carried, Repeat::Never)
            .await?;
        if let Some(refusal) = OAuthRefusal::in_body(&seen.body) {
            return Err(self.refused_login(&refusal, Some(answer.status)));
        }
        Ok(self.issued(&operation, &answer, seen)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenge_matches_published_example() {
        // RFC 7636, appendix B.
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            challenge(&verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn verifier_is_long_and_new() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert_eq!(one.expose().len(), 43);
        assert_ne!(one.expose(), other.expose());
    }
}
