//! A credential in a header.

use jiff::Timestamp;

use super::Authenticator;
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::HeaderPlacement;
use crate::service::encode::{FieldEncoder, formatted};
use crate::service::request_builder::RequestParts;

impl Authenticator for HeaderPlacement {
    fn add(
        &self,
        request: &mut RequestParts,
        credential: &Secret,
        values: &FieldEncoder<'_>,
        _: Timestamp,
    ) -> Result<()> {
        let value = credential.expose();
        let text = match (&self.format, &self.scheme) {
            (Some(format), _) => formatted(format, value, values),
            (None, Some(scheme)) => format!("{scheme} {value}"),
            (None, None) => value.to_owned(),
        };
        request.add_header(&self.name, Secret::new(text))
    }
}
