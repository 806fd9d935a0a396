//! Asks the service whether a credential works: with the credential itself, or with another one (RFC 7662).

use super::ApiClient;
use crate::core::key::{Validity, Verdict};
use crate::core::untrusted::Untrusted;
use crate::manifest::jwt_subject;
use crate::profile::session::Credential;
use crate::service::{CallError, CredentialRef};

impl ApiClient<'_> {
    /// Asks the service whether a credential works; [`Validity::Unknown`] if it has no cheap call for that.
    pub async fn verify(&self, verified: &CredentialRef<'_>) -> Result<Verdict, CallError> {
        let spec = self.manifest().credentials.get(verified.name);
        let Some(operation) = spec.and_then(|spec| spec.verify.as_ref()) else {
            return Ok(Verdict::undecided());
        };
        let mut verdict = if operation.asks_with_other(verified.name) {
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
