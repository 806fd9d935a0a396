//! The content of a destination: a value, a digest of it, nothing, or nothing that is known.

use crate::core::encoding::{from_base64, from_hex, to_hex};
use crate::core::secret::Secret;

/// The content of a destination.
#[derive(Debug)]
pub enum StoredContent {
    /// A value.
    Value(Secret),
    /// A value of which only a digest is shown: it can be compared, and not restored.
    Digest(ValueDigest),
    /// Nothing.
    Absent,
    /// Not known: the destination accepts secrets and cannot be read.
    Unreadable,
}

impl StoredContent {
    /// Returns a copy.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self {
            StoredContent::Value(value) => StoredContent::Value(value.duplicate()),
            StoredContent::Digest(digest) => StoredContent::Digest(digest.clone()),
            StoredContent::Absent => StoredContent::Absent,
            StoredContent::Unreadable => StoredContent::Unreadable,
        }
    }

    /// Returns whether this is `secret`; `None` if that is not known.
    pub fn is(&self, secret: &Secret) -> Option<bool> {
        match self {
            StoredContent::Value(value) => Some(value.eq_secret(secret)),
            StoredContent::Digest(digest) => Some(digest.fingerprint() == secret.fingerprint()),
            StoredContent::Absent => Some(false),
            StoredContent::Unreadable => None,
        }
    }

    /// Returns the fingerprint of the value that stands there, as [`Secret::fingerprint`] does; `None` if there is none, or
    /// if it is not known.
    pub fn fingerprint(&self) -> Option<String> {
        match self {
            StoredContent::Value(value) => Some(value.fingerprint()),
            StoredContent::Digest(digest) => Some(digest.fingerprint().to_owned()),
            StoredContent::Absent | StoredContent::Unreadable => None,
        }
    }
}

/// The SHA-256 of a value, or its fingerprint, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueDigest(String);

/// The number of bytes of a SHA-256.
const SHA256_BYTES: usize = 32;

/// The number of hexadecimal digits of a fingerprint, the first ones of the SHA-256.
const FINGERPRINT_DIGITS: usize = 32;

impl ValueDigest {
    /// Reads a SHA-256 in hexadecimal digits or base64.
    pub fn read(text: &str) -> Option<Self> {
        let is_whole = |bytes: &[u8]| bytes.len() == SHA256_BYTES;
        let text = text.trim();
        let hex = from_hex(text).filter(|bytes| is_whole(bytes));
        let bytes = hex.or_else(|| from_base64(text).filter(|bytes| is_whole(bytes)))?;
        Some(ValueDigest(to_hex(&bytes)))
    }

    /// Returns the digest of a value of which only the fingerprint is known.
    pub fn of_fingerprint(fingerprint: &str) -> Self {
        ValueDigest(fingerprint.to_owned())
    }

    /// Returns its hexadecimal digits.
    pub fn as_hex(&self) -> &str {
        &self.0
    }

    /// Returns the fingerprint of the value.
    pub fn fingerprint(&self) -> &str {
        self.0.get(..FINGERPRINT_DIGITS).unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The SHA-256 of `abc`, from FIPS 180-4.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn digest_reads_hex_and_base64() {
        let base64 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        for text in [
            ABC,
            &ABC.to_uppercase(),
            base64,
            " ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0\n",
        ] {
            let digest = ValueDigest::read(text).unwrap();
            assert_eq!(digest.as_hex(), ABC, "{text}");
            let content = StoredContent::Digest(digest);
            assert_eq!(content.is(&Secret::new("abc")), Some(true), "{text}");
            assert_eq!(content.is(&Secret::new("abx")), Some(false), "{text}");
        }
    }

    #[test]
    fn digest_of_other_length_is_unknown() {
        for text in [
            "",
            "900150983cd24fb0d6963f7d28e17f72",
            "not a digest",
            &ABC[1..],
        ] {
            assert_eq!(ValueDigest::read(text), None, "{text}");
        }
    }
}
