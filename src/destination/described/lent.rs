//! The credential that a profile lends to a destination of its own service.

use super::DescribedDestination;
use crate::core::error::{Error, Result};
use crate::destination::credential::HeldCredential;
use crate::destination::login::CredentialSource;
use crate::manifest::Operation;

impl DescribedDestination {
    /// Returns the credential of a profile, once for all calls; it is lent to the servers of its own service alone.
    pub(super) async fn lent(
        &self,
        source: &dyn CredentialSource,
        operation: &Operation,
        accepted: &[String],
    ) -> Result<HeldCredential> {
        self.check_servers(source, operation)?;
        let known = self.known_token();
        if let Some(known) = known.filter(|known| accepted.contains(&known.name)) {
            return Ok(known);
        }
        for name in accepted {
            let Some(form) = self.manifest.credentials.get(name) else {
                continue;
            };
            let lent = source.credential(form).await.map_err(|error| {
                // Its status is no answer of the destination.
                Error::new(error.kind(), error.message())
                    .with_hints(error.hints().iter().cloned())
                    .context(&source.name())
            })?;
            if let Some((secret, expires_at)) = lent {
                self.log.register_secret(&secret);
                return Ok(self.remembered(HeldCredential {
                    name: name.clone(),
                    secret,
                    expires_at,
                }));
            }
        }
        Err(Error::usage(format!(
            "the {} has no credential of the form that {} takes",
            source.name(),
            self.manifest.title
        )))
    }

    /// Refuses a call that would carry the credential of a profile to a server of another service.
    fn check_servers(&self, source: &dyn CredentialSource, operation: &Operation) -> Result<()> {
        let own = source.servers();
        let bases = self.bases()?;
        let steps = operation
            .before
            .iter()
            .filter_map(|step| step.request.as_ref());
        for request in operation.request.iter().chain(steps) {
            let Some(url) = bases.get(&request.server) else {
                continue;
            };
            if own.iter().all(|own| own.origin() != url.origin()) {
                let homes: Vec<String> = own
                    .iter()
                    .map(|own| own.origin().ascii_serialization())
                    .collect();
                return Err(Error::usage(format!(
                    "it is at {}, and the {} belongs to {}: its credential serves no other service",
                    url.origin().ascii_serialization(),
                    source.name(),
                    homes.join(" and ")
                ))
                .hint(format!(
                    "if it is the same service, set the address: {}=URL",
                    super::url_variable(&self.manifest)
                )));
            }
        }
        Ok(())
    }
}
