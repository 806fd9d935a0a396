//! Logins at an authorization server: its endpoints, a code for a device, a browser that comes back.

mod browser;
mod device;
mod metadata;

use serde_json::Value;

pub use browser::{BrowserLogin, CallbackVerdict};
pub use device::{DeviceCode, DeviceOutcome};
pub use metadata::ServerMetadata;

use super::transport::Repeat;
use super::{CallError, CredentialRef, ResponseReader, Service, TokenResponse, Values, response};
use crate::core::error::{Error, Kind};
use crate::core::untrusted::one_line;
use crate::manifest::{ErrorReason, Operation, ParsedResponse, Verb, looks_like_html};
use crate::platform::HttpResponse;

/// The types of tokens that work only with a proof of possession (RFC 9449, RFC 6749 section 7.1).
const BOUND_TOKENS: [&str; 3] = ["DPoP", "MAC", "PoP"];

/// A token that an authorization server issued.
pub struct IssuedToken {
    /// The token.
    pub token: TokenResponse,
    /// Its scopes, if the server names them.
    pub scopes: Option<Vec<String>>,
}

/// An error response of an authorization server (RFC 6749, section 5.2).
struct OAuthRefusal {
    code: String,
    description: Option<String>,
}

impl OAuthRefusal {
    fn in_body(body: &Value) -> Option<Self> {
        let text = |member: &str| body.get(member).and_then(Value::as_str);
        let code = text("error").filter(|code| !code.is_empty())?;
        Some(OAuthRefusal {
            code: one_line(code),
            description: text("error_description").map(one_line),
        })
    }
}

impl Service<'_> {
    /// Sends a request to an endpoint of the authorization server; returns the answer, as it came and as it is read.
    async fn ask_endpoint(
        &self,
        operation: &Operation,
        values: &mut Values,
        carried: Option<&CredentialRef<'_>>,
        repeat: Repeat,
    ) -> Result<(HttpResponse, ParsedResponse), CallError> {
        let request = self
            .prepare(Some(Verb::Login), operation, values, carried)
            .await?;
        let build = || Ok(self.build(request, values, carried)?);
        let answer = self.send(repeat, Some(Verb::Login), build).await?.answer;
        let seen = response::parse(&answer);
        Ok((answer, seen))
    }

    /// Reads the token in a response that is no refusal.
    fn issued(
        &self,
        operation: &Operation,
        answer: &HttpResponse,
        seen: ParsedResponse,
    ) -> Result<IssuedToken, CallError> {
        let name = self.name();
        if !(200..300).contains(&answer.status) {
            return Err(self.refusal(answer, &seen, Some(Verb::Login)));
        }
        if let Some(text) = seen.body.as_str().filter(|text| looks_like_html(text)) {
            return Err(CallError::garbled(name, Some(Verb::Login), answer, text));
        }
        if let Some(kind) = seen.body.get("token_type").and_then(Value::as_str)
            && BOUND_TOKENS
                .iter()
                .any(|bound| kind.eq_ignore_ascii_case(bound))
        {
            return Err(Error::failed(format!(
                "{name} issued a token of the type `{kind}`, which works only with a proof that keywright does not make"
            ))
            .with_status(answer.status)
            .hint("nothing was stored; ask its operator for a client whose tokens are of the type `Bearer`")
            .into());
        }
        let scopes = seen.body.get("scope").and_then(Value::as_str);
        let scopes = scopes.map(|words| words.split_whitespace().map(str::to_owned).collect());
        let reader = ResponseReader {
            spec: &operation.response,
            seen,
            now: self.now(),
            lifetime: self.lifetime_of(operation),
        };
        let token = reader.token().ok_or_else(|| {
            Error::failed(format!(
                "{name} answered the login without a token: there is no `access_token`"
            ))
            .with_status(answer.status)
            .hint("nothing was stored")
        })?;
        Ok(IssuedToken { token, scopes })
    }

    /// Returns the error for a refusal of the authorization server.
    fn refused_login(&self, refusal: &OAuthRefusal, status: Option<u16>) -> Error {
        let reason = ErrorReason::of_oauth_code(&refusal.code).unwrap_or(ErrorReason::Unexpected);
        let why = refusal.description.as_deref().unwrap_or(&refusal.code);
        let error = Error::new(
            match reason.kind() {
                Kind::RateLimited => Kind::Failed,
                kind => kind,
            },
            format!("{} refused to log in: {why}", self.name()),
        )
        .with_code(Some(refusal.code.clone()))
        .hint("nothing was stored");
        match status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }
}
