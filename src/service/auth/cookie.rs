//! A credential in a cookie.

use jiff::Timestamp;

use super::Authenticator;
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::CookiePlacement;
use crate::service::encode::FieldEncoder;
use crate::service::request_builder::RequestParts;

impl Authenticator for CookiePlacement {
    fn add(
        &self,
        request: &mut RequestParts,
        credential: &Secret,
        _: &FieldEncoder<'_>,
        _: Timestamp,
    ) -> Result<()> {
        request.add_cookie(&self.name, credential)
    }
}
