//! Revokes a credential at the service before it is forgotten here.

use super::{Credential, Session};
use crate::core::error::{Error, Result};
use crate::manifest::{Operation, Source, Verb};
use crate::service::FieldValue;

/// The code of RFC 7009 for a token that the service cannot revoke by itself.
const UNSUPPORTED_TOKEN_TYPE: &str = "unsupported_token_type";

impl Session<'_> {
    /// Revokes the credential `name`, and its refresh token if the call names it. It is never renewed for that.
    pub async fn revoke(&self, name: &str, operation: &Operation) -> Result<()> {
        let held = self.lookup(name)?;
        let held = held.ok_or_else(|| self.not_logged_in(&[name.to_owned()]))?;
        let mut values = self.service.values();
        values.credential(&held.name, &held.secret);
        let refresh = self.refresh_secret(&held)?.map(|(secret, _)| secret);
        let has_refresh = refresh.is_some();
        let source = Source::Refresh(held.name.clone());
        if let Some(refresh) = refresh {
            values.set(&source, FieldValue::Secret(refresh));
        }
        let other = self.client_credential(name, operation)?;
        if let Some(other) = &other {
            values.credential(&other.name, &other.secret);
        }
        let uses = self.service.manifest.accepted_credentials(operation);
        let carried = match &other {
            Some(other) => Some(other.credential_ref()),
            None => uses.contains(&held.name).then(|| held.credential_ref()),
        };
        let revoked = self
            .service
            .execute(Verb::Revoke, operation, values, carried.as_ref())
            .await;
        match revoked {
            Ok(_) => Ok(()),
            // An access token that is no entry in the service's books dies with its refresh token.
            Err(failure)
                if has_refresh
                    && failure.error.code() == Some(UNSUPPORTED_TOKEN_TYPE)
                    && operation.sources().contains(&&source) =>
            {
                Ok(())
            }
            Err(failure) => Err(self.named(&held, failure.error)),
        }
    }

    /// Returns the credential with which the client authenticates itself when it refreshes or revokes the credential
    /// `name`, if that is another one.
    pub(super) fn client_credential(
        &self,
        name: &str,
        operation: &Operation,
    ) -> Result<Option<Credential>> {
        let uses = self.service.manifest.accepted_credentials(operation);
        if uses.is_empty() || uses.iter().any(|used| used == name) {
            return Ok(None);
        }
        for name in uses {
            if let Some(held) = self.lookup(name)? {
                return Ok(Some(held));
            }
        }
        Err(self.not_logged_in(uses))
    }

    /// Returns an error of the revocation that names the credential.
    fn named(&self, held: &Credential, error: Error) -> Error {
        let deed = format!("revoke the {}", self.title(&held.name));
        error.map_message(|message| message.replacen(Verb::Revoke.infinitive(), &deed, 1))
    }
}
