//! The login of a destination that a higher layer holds.

use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use url::Url;

use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::CredentialSpec;

/// The credentials of a service, lent to its own destinations.
pub trait CredentialSource {
    /// Returns its name for messages.
    fn name(&self) -> String;

    /// Returns the servers of the service: its credentials are sent to no other.
    fn servers(&self) -> Vec<Url>;

    /// Returns a credential of the same form, valid now; `None` if the service has none of that form.
    fn credential<'s>(
        &'s self,
        form: &'s CredentialSpec,
    ) -> LocalBoxFuture<'s, Result<Option<LentCredential>>>;
}

/// A credential that is lent, with its expiry if that is known.
pub type LentCredential = (Secret, Option<Timestamp>);
