//! A token that an authorization server issued, as a login keeps it.

use std::collections::BTreeMap;

use super::super::Context;
use super::methods::LoginInput;
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Validity, Verdict};
use crate::core::untrusted::one_line;
use crate::manifest::{GrantType, Manifest};
use crate::profile::session::{Credential, CredentialMetadata};
use crate::service::CredentialRef;
use crate::service::oauth::IssuedToken;

/// Returns the name of the token that a login of that kind yields; `None` if the service has no such login.
pub(super) fn yields(manifest: &Manifest, grant: GrantType) -> Option<&str> {
    let oauth = manifest.oauth.as_ref()?;
    manifest.oauth_yields().filter(|_| oauth.has(grant))
}

/// Returns the credential with which the client authenticates itself, if it has to.
pub(super) async fn client_credential(client: &ApiClient<'_>) -> Result<Option<Credential>> {
    let oauth = client.service.authorization_server()?;
    client.session.credential(&oauth.auth).await
}

/// Returns an issued token that the service accepts, as far as a call tells.
pub(super) async fn accepted(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    name: &str,
    issued: IssuedToken,
) -> Result<LoginInput> {
    let IssuedToken { token, scopes } = issued;
    context.log.register_secret(&token.value);
    if let Some(refresh) = &token.refresh {
        context.log.register_secret(refresh);
    }
    warn_of_scopes(context, client, scopes.as_deref())?;
    let secret = &token.value;
    let verdict = match client.verify(&CredentialRef { name, secret }).await {
        Ok(verdict) => verdict,
        Err(failure) => {
            let why = failure.error;
            context
                .log
                .warn(&format!("the new token could not be verified: {why}"));
            Verdict::undecided()
        }
    };
    if matches!(
        verdict.result,
        Validity::Invalid | Validity::Expired | Validity::Disabled
    ) {
        return Err(Error::new(
            Kind::Auth,
            format!(
                "{} does not accept the token that it issued: it is {}",
                client.service.name(),
                verdict.result.name()
            ),
        )
        .hint("nothing was stored"));
    }
    Ok(LoginInput {
        name: name.to_owned(),
        secret: token.value,
        metadata: CredentialMetadata {
            refresh: token.refresh,
            expires_at: token.expires_at,
            ..CredentialMetadata::default()
        },
        verdict,
        variables: BTreeMap::new(),
    })
}

/// Names the scopes that were asked for and not granted.
fn warn_of_scopes(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    granted: Option<&[String]>,
) -> Result<()> {
    let asked = &client.service.authorization_server()?.scopes;
    let Some(granted) = granted else {
        return Ok(());
    };
    let missing: Vec<&str> = asked
        .iter()
        .filter(|scope| !granted.contains(scope))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        context.log.warn(&format!(
            "{} did not grant: {}",
            client.service.name(),
            one_line(&missing.join(" "))
        ));
    }
    Ok(())
}
