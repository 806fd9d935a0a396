//! Asks the service whether a credential works: with the credential itself, or with another one (RFC 7662).

use super::ApiClient;
use crate::core::key::{Validity, Verdict};
use crate::core::untrusted::Untrusted;
use crate::manifest::{ErrorReason, jwt_subject};
use crate::profile::session::Credential;
use crate::service::{CallError, CredentialRef};

/// Returns what the refusal to exchange a credential says of it; a failure that says nothing stays one.
fn refused_exchange(failure: CallError) -> Result<Verdict, CallError> {
    let result = failure
        .reason
        .map_or(Validity::Unknown, ErrorReason::validity);
    if result == Validity::Unknown {
        return Err(failure);
    }
    Ok(Verdict {
        result,
        status_code: failure.error.http_status(),
        code: failure.error.code().map(str::to_owned),
        ..Verdict::undecided()
    })
}

impl ApiClient<'_> {
    /// Asks the service whether a credential works; [`Validity::Unknown`] if it has no cheap call for that.
    pub async fn verify(&self, verified: &CredentialRef<'_>) -> Result<Verdict, CallError> {
        let spec = self.manifest().credentials.get(verified.name);
        let Some(operation) = spec.and_then(|spec| spec.verify.as_ref()) else {
            return Ok(Verdict::undecided());
        };
        let proof = self
            .manifest()
            .exchange_that_proves(operation, verified.name);
        let mut verdict = if let Some((exchange, name)) = proof {
            // A token of the profile's own key would prove that key.
            let made = self.session.exchanged_from(verified, name, exchange).await;
            let secret = match made {
                Ok(token) => token,
                Err(failure) => return refused_exchange(failure),
            };
            let carried = CredentialRef {
                name,
                secret: &secret,
            };
            self.service
                .verify(operation, verified, Some(&carried))
                .await?
        } else if operation.asks_with_other(verified.name) {
            self.with_credential(operation, async |carried| {
                self.service.verify(operation, verified, carried).await
            })
            .await?
        } else {
            self.service
                .verify(operation, verified, Some(verified))
                .await?
        };
        if verdict.result == Validity::Valid && verdict.identity.is_none() {
            verdict.identity = jwt_subject(verified.secret.expose()).map(Untrusted::new);
        }
        Ok(verdict)
    }

    /// Asks the service whether a credential in use works; a refused token is renewed once, and asked again.
    pub async fn verify_held(&self, held: &Credential) -> Result<Verdict, CallError> {
        let verdict = self.verify(&held.credential_ref()).await?;
        let refused = matches!(verdict.result, Validity::Invalid | Validity::Expired);
        if refused
            && verdict.status_code == Some(401)
            && let Ok(Some(fresh)) = self.session.renew(held).await
        {
            return self.verify(&fresh.credential_ref()).await;
        }
        Ok(verdict)
    }
}
