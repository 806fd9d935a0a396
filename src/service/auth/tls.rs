//! A certificate of the client, which the connection of a request shows.

use jiff::Timestamp;

use super::Authenticator;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::manifest::TlsPlacement;
use crate::platform::{HttpRequest, client_identity};
use crate::service::encode::FieldEncoder;

impl Authenticator for TlsPlacement {
    fn check(&self, credential: &Secret, now: Timestamp) -> Result<()> {
        client_identity(credential, now).map(drop)
    }

    fn sign(
        &self,
        request: &mut HttpRequest,
        credential: &Secret,
        _: &FieldEncoder<'_>,
        now: Timestamp,
    ) -> Result<()> {
        if request.url.scheme() != "https" {
            return Err(Error::usage(
                "the client certificate cannot be shown: the address is reached without TLS",
            )
            .hint("use its https:// address: --base-url URL"));
        }
        request.identity = Some(client_identity(credential, now)?);
        Ok(())
    }
}
