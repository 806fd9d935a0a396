//! The public half of a key, in the forms by which services name it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rsa::PublicKeyComponents;

/// What stands before the point of a key on P-256 in a `SubjectPublicKeyInfo`.
const P256_SPKI: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

/// What stands before an Ed25519 key in a `SubjectPublicKeyInfo`.
const ED25519_SPKI: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/// The algorithm of an RSA key in a `SubjectPublicKeyInfo`.
const RSA_ALGORITHM: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/// A public key.
pub(super) enum PublicKey {
    Rsa(PublicKeyComponents<Vec<u8>>),
    /// The point, not compressed.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl PublicKey {
    /// Returns the thumbprint of the key as a JWK (RFC 7638), in base64url.
    pub(super) fn thumbprint(&self) -> String {
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let jwk = match self {
            PublicKey::Rsa(PublicKeyComponents { n, e }) => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, number(e), number(n))
            }
            PublicKey::P256(point) => format!(
                r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
                number(&point[1..33]),
                number(&point[33..])
            ),
            PublicKey::Ed25519(key) => {
                format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, number(key))
            }
        };
        number(digest(&SHA256, jwk.as_bytes()).as_ref())
    }

    /// Returns the SHA-256 of the key as `SubjectPublicKeyInfo`, in base64.
    pub(super) fn spki_digest(&self) -> String {
        STANDARD.encode(digest(&SHA256, &self.spki()))
    }

    /// Returns the key as `SubjectPublicKeyInfo` (RFC 5280), in DER.
    fn spki(&self) -> Vec<u8> {
        match self {
            PublicKey::P256(point) => [P256_SPKI, point].concat(),
            PublicKey::Ed25519(key) => [ED25519_SPKI, key].concat(),
            PublicKey::Rsa(PublicKeyComponents { n, e }) => {
                let numbers = [unsigned(n), unsigned(e)].concat();
                let key = [vec![0], tagged(0x30, &numbers)].concat();
                tagged(0x30, &[RSA_ALGORITHM, &tagged(0x03, &key)].concat())
            }
        }
    }
}

/// Returns a positive number in DER.
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let negative = bytes.first().is_some_and(|first| *first > 127);
    let sign: &[u8] = if negative { &[0] } else { &[] };
    tagged(0x02, &[sign, bytes].concat())
}

/// Returns a value in DER, with its tag and its length.
pub(super) fn tagged(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let head = match length.as_slice() {
        [] => vec![0],
        [short @ ..128] => vec![*short],
        long => [&[0x80 | u8::try_from(long.len()).unwrap_or(8)], long].concat(),
    };
    [&[tag], head.as_slice(), value].concat()
}
