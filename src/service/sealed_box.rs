//! A sealed box of libsodium: an anonymous sender, and a recipient whose public key is enough to seal it.

use crypto_box::aead::rand_core::{CryptoRng, Error as RandomError, RngCore};
use crypto_box::{PublicKey, SecretKey};

use crate::core::encoding::{from_base64, to_base64};
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::platform::fault;

/// Returns `text` in a box for the public key in base64, itself as base64.
pub(super) fn sealed(text: &Secret, recipient: &Secret) -> Result<String> {
    let bytes = from_base64(recipient.expose());
    let key = bytes.and_then(|bytes| PublicKey::from_slice(&bytes).ok());
    let key = key.ok_or_else(|| Error::failed("it is no public key of 32 bytes in base64"))?;
    let mut random = Random::default();
    let sealed = key.seal(&mut random, text.expose().as_bytes());
    if let Some(error) = random.failure {
        return Err(Error::failed("there is no randomness to seal with").caused_by(error));
    }
    let sealed = sealed.map_err(|_| Error::failed("it seals no text of this length"))?;
    Ok(to_base64(&sealed))
}

/// Returns the text of a sealed box in base64, opened with the private key in base64.
pub fn opened(sealed: &str, private_key: &str) -> Option<String> {
    let key = SecretKey::from_slice(&from_base64(private_key)?).ok()?;
    let text = key.unseal(&from_base64(sealed)?).ok()?;
    String::from_utf8(text).ok()
}

/// The random bytes of the key that a box is sealed with. A failure to draw them is kept, and the box thrown away.
#[derive(Default)]
struct Random {
    failure: Option<getrandom::Error>,
}

impl CryptoRng for Random {}

impl RngCore for Random {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_ne_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_ne_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        if let Err(error) = fault::random(bytes) {
            self.failure = Some(error);
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key pair of RFC 7748, section 6.1.
    const PRIVATE: &str = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=";
    const PUBLIC: &str = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=";

    #[test]
    fn sealed_box_opens_to_its_text() {
        for text in ["", "fake-key", "fake\n\u{1f511}"] {
            let sealed = sealed(&Secret::new(text), &Secret::new(PUBLIC)).unwrap();
            assert_eq!(opened(&sealed, PRIVATE).as_deref(), Some(text));
        }
    }

    #[test]
    fn sealed_box_of_libsodium_opens() {
        let of_libsodium =
            "GtRjtqRAc/nbdnh9T2xGMvQanhrV7ArxaVym1FkssCI/ahWBaAKRozHKGTAZMluDT2bJSXcmafQ=";
        assert_eq!(opened(of_libsodium, PRIVATE).as_deref(), Some("fake-key"));
    }

    #[test]
    fn sealed_box_differs_each_time() {
        let one = || sealed(&Secret::new("fake-key"), &Secret::new(PUBLIC)).unwrap();
        assert_ne!(one(), one());
    }

    #[test]
    fn sealed_box_wrong_key_is_refused() {
        for key in ["", "no key", "aGFsZg=="] {
            let error = sealed(&Secret::new("fake-key"), &Secret::new(key)).unwrap_err();
            assert!(error.message().contains("no public key of 32 bytes"));
        }
    }
}
