//! A credential as one half of HTTP Basic.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::Authenticator;
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::{BasicAuthPart, BasicPlacement};
use crate::service::encode::FieldEncoder;
use crate::service::request_builder::RequestParts;

impl Authenticator for BasicPlacement {
    fn add(
        &self,
        request: &mut RequestParts,
        credential: &Secret,
        values: &FieldEncoder<'_>,
        _: Timestamp,
    ) -> Result<()> {
        let other = self.other.as_ref();
        let other = other.and_then(|source| values.text_of(source));
        let other = other.unwrap_or_else(|| Secret::new(""));
        let value = match self.part {
            BasicAuthPart::User => authorization(credential, &other),
            BasicAuthPart::Password => authorization(&other, credential),
        };
        request.add_header("authorization", value)
    }
}

/// Returns the value of the `Authorization` header for a user and a password.
pub(in crate::service) fn authorization(user: &Secret, password: &Secret) -> Secret {
    let pair = Zeroizing::new(format!("{}:{}", user.expose(), password.expose()));
    Secret::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
}
