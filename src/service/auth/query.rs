//! A credential in the query.

use jiff::Timestamp;

use super::Authenticator;
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::QueryPlacement;
use crate::service::encode::FieldEncoder;
use crate::service::request_builder::RequestParts;

impl Authenticator for QueryPlacement {
    fn add(
        &self,
        request: &mut RequestParts,
        credential: &Secret,
        _: &FieldEncoder<'_>,
        _: Timestamp,
    ) -> Result<()> {
        request.url.parameter(&self.name, credential.expose(), true);
        Ok(())
    }
}
