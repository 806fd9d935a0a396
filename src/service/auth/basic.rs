//! A credential as one half of HTTP Basic.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::Authenticator;
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::{BasicAuthEncoding, BasicAuthPart, BasicPlacement};
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
        let (own, other) = (self.encoded(credential), self.encoded(&other));
        let value = match self.part {
            BasicAuthPart::User => authorization(&own, &other),
            BasicAuthPart::Password => authorization(&other, &own),
        };
        request.add_header("authorization", value)
    }
}

impl BasicPlacement {
    fn encoded(&self, half: &Secret) -> Secret {
        match self.encoding {
            BasicAuthEncoding::Plain => half.duplicate(),
            BasicAuthEncoding::Form => {
                let pieces = url::form_urlencoded::byte_serialize(half.expose().as_bytes());
                Secret::new(pieces.collect::<String>())
            }
        }
    }
}

/// Returns the value of the `Authorization` header for a user and a password.
pub(in crate::service) fn authorization(user: &Secret, password: &Secret) -> Secret {
    let pair = Zeroizing::new(format!("{}:{}", user.expose(), password.expose()));
    Secret::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
}
