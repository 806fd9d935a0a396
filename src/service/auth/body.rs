//! A credential as a field of the body.

use jiff::Timestamp;

use super::Authenticator;
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::BodyPlacement;
use crate::service::encode::FieldEncoder;
use crate::service::request_builder::RequestParts;

impl Authenticator for BodyPlacement {
    fn add(
        &self,
        request: &mut RequestParts,
        credential: &Secret,
        _: &FieldEncoder<'_>,
        _: Timestamp,
    ) -> Result<()> {
        request.put_in_body(&self.at, credential.expose().into())
    }
}
