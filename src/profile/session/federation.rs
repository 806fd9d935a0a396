//! Tokens for the identity of a job. The identity is never stored; its token only if `exchange` is asked to.

use jiff::Timestamp;

use super::pending_refresh::{ObtainedToken, TokenRequest};
use super::{Credential, CredentialSource, Session};
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::shell_argument;
use crate::manifest::{CredentialKind, ErrorReason, IDENTITY, Operation, Verb};
use crate::service::CallError;
use crate::service::identity::{Identity, IdentitySource};

/// The variable that names the source of the identity.
pub const IDENTITY_VARIABLE: &str = "KEYWRIGHT_IDENTITY";

impl Session<'_> {
    /// Returns the source of the identity that the environment names.
    pub fn identity_source(&self) -> Result<Option<IdentitySource>> {
        let named = self.platform.env.get(IDENTITY_VARIABLE).map(str::parse);
        named
            .transpose()
            .map_err(|error: Error| error.context(IDENTITY_VARIABLE))
    }

    /// Returns the source of the identity that the credential `name` is exchanged from.
    pub fn identity_behind(&self, name: &str) -> Result<Option<IdentitySource>> {
        match self.operation_yielding(Verb::Federate, name) {
            Some(_) => self.identity_source(),
            None => Ok(None),
        }
    }

    /// Returns whether `held` was exchanged from the identity that the environment names.
    pub(super) fn is_federated(&self, held: &Credential) -> bool {
        held.from == CredentialSource::Ephemeral
            && self
                .identity_behind(&held.name)
                .is_ok_and(|source| source.is_some())
    }

    /// Exchanges the identity of this moment.
    pub(super) async fn federated(
        &self,
        name: &str,
        operation: &Operation,
        source: &IdentitySource,
    ) -> Result<ObtainedToken> {
        let service = self.service;
        let audience = service.audience(operation)?;
        let identity = source
            .fetch(self.platform, service.transport, audience.as_deref())
            .await?;
        let mut values = service.values();
        values.credential(IDENTITY, &identity.token);
        let call = TokenRequest {
            name,
            verb: Verb::Federate,
            operation,
            values,
            carried: None,
        };
        let made = self.make(call, None, None).await;
        Ok(made.map_err(|failure| refused(failure, &identity))?)
    }

    /// Exchanges the identity of `source`. The token of a saved profile is stored; returns its expiry and location.
    pub async fn exchange_identity(
        &self,
        source: &IdentitySource,
        is_saved: bool,
    ) -> Result<(Option<Timestamp>, Option<String>)> {
        let operation = self.service.manifest.federation();
        let found = operation.and_then(|one| Some((one.yields.as_deref()?, one)));
        let (name, operation) = found.ok_or_else(|| self.no_federation())?;
        if !is_saved {
            let got = self.federated(name, operation, source).await?;
            return Ok((got.token.expires_at, None));
        }
        let source_word = shell_argument(&source.to_string());
        self.prove_store(&format!(
            "{IDENTITY_VARIABLE}={source_word} keywright token"
        ))?;
        let lock = self.lock(name).await?;
        self.finish(name, &lock)?;
        let got = self.federated(name, operation, source).await?;
        let (expires_at, place) = self.keep_and_tell(name, got, &lock)?;
        Ok((expires_at, Some(place)))
    }

    /// Returns the error for a service that takes no identity, with what it takes.
    pub(super) fn no_federation(&self) -> Error {
        let manifest = self.service.manifest;
        let error = Error::usage(format!(
            "{} does not exchange the identity of a job for a token",
            self.service.name()
        ));
        let declared = manifest.operation(Verb::Federate);
        let why = declared.and_then(|operation| operation.unsupported.clone());
        let kinds = [CredentialKind::Key, CredentialKind::Token].into_iter();
        let kinds = kinds.filter_map(|kind| Some((kind, manifest.credential_of(kind)?)));
        let ways = kinds.map(|(kind, name)| {
            format!("it takes its {}: set {}", self.title(name), kind.variable())
        });
        error.with_hints(why).with_hints(ways)
    }
}

/// Adds to a refusal what is known of the identity.
fn refused(mut failure: CallError, identity: &Identity) -> CallError {
    // Such a request holds little more than the identity, so that nothing else can be wrong with it.
    if failure.reason == Some(ErrorReason::InvalidInput) {
        failure.error = failure.error.with_kind(Kind::Auth);
    }
    if matches!(failure.error.kind(), Kind::Auth | Kind::Forbidden) {
        failure.error = failure.error.with_hints(identity.hints());
    }
    failure
}
