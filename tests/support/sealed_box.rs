//! A recipient of sealed boxes: a server that holds a private key, and opens what arrives.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crypto_box::SecretKey;

/// A key pair of a server.
#[derive(Clone)]
pub(crate) struct Recipient(SecretKey);

impl Recipient {
    /// The pair with that private half.
    pub(crate) fn of(private: [u8; 32]) -> Self {
        Recipient(SecretKey::from_bytes(private))
    }

    /// The public half, in base64.
    pub(crate) fn public_key(&self) -> String {
        STANDARD.encode(self.0.public_key().as_bytes())
    }

    /// The request with the text of its one sealed box in place of it.
    pub(crate) fn opened_in(&self, request: &str) -> Result<String, String> {
        let mut opened = 0;
        let parts = request.split('"').map(|part| {
            let text = STANDARD.decode(part).ok();
            let text = text.and_then(|sealed| self.0.unseal(&sealed).ok());
            let Some(text) = text else {
                return part.to_owned();
            };
            opened += 1;
            format!("{{sealed:{}}}", String::from_utf8(text).unwrap())
        });
        let request = parts.collect::<Vec<_>>().join("\"");
        if opened != 1 {
            return Err(format!("{opened} sealed boxes are for this recipient"));
        }
        Ok(request)
    }
}
