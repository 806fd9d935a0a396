//! The public half of a key, in the forms by which services name it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rsa::PublicKeyComponents;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::manifest::PublicKeyForm;

/// The bytes before the point of a key on P-256 in a `SubjectPublicKeyInfo`.
const P256_SPKI: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

/// The bytes before an Ed25519 key in a `SubjectPublicKeyInfo`.
const ED25519_SPKI: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/// The algorithm of an RSA key in a `SubjectPublicKeyInfo`.
const RSA_ALGORITHM: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/// A public key.
pub(in crate::service) enum PublicKey {
    Rsa(PublicKeyComponents<Vec<u8>>),
    /// The point, not compressed.
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl PublicKey {
    /// Returns the thumbprint of the key as a JWK (RFC 7638), in base64url.
    pub(in crate::service) fn thumbprint(&self) -> String {
        let jwk = self.required_members();
        URL_SAFE_NO_PAD.encode(digest(&SHA256, jwk.as_bytes()))
    }

    /// Returns the required members of the JWK in the order in which they are hashed.
    fn required_members(&self) -> String {
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
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
        }
    }

    /// Returns the key in a form that services take.
    pub(in crate::service) fn form(&self, form: PublicKeyForm) -> Value {
        Value::from(match form {
            PublicKeyForm::Pem => pem("PUBLIC KEY", &self.spki()),
            PublicKeyForm::Der => STANDARD.encode(self.spki()),
            PublicKeyForm::OpenSsh => self.openssh(),
            PublicKeyForm::Jwk => {
                return serde_json::from_str(&self.required_members()).unwrap_or_default();
            }
            PublicKeyForm::Thumbprint => self.thumbprint(),
            PublicKeyForm::Spki => self.spki_digest(),
        })
    }

    /// Returns the key as a line of OpenSSH (RFC 4253, RFC 5656, RFC 8709).
    fn openssh(&self) -> String {
        let (kind, rest): (&str, Vec<Vec<u8>>) = match self {
            PublicKey::Rsa(PublicKeyComponents { n, e }) => {
                ("ssh-rsa", vec![positive(e), positive(n)])
            }
            PublicKey::P256(point) => (
                "ecdsa-sha2-nistp256",
                vec![b"nistp256".to_vec(), point.clone()],
            ),
            PublicKey::Ed25519(key) => ("ssh-ed25519", vec![key.clone()]),
        };
        let mut blob = Vec::new();
        for part in [kind.as_bytes().to_vec()].iter().chain(&rest) {
            let length = u32::try_from(part.len()).unwrap_or_default();
            blob.extend(length.to_be_bytes());
            blob.extend(part);
        }
        format!("{kind} {}", STANDARD.encode(blob))
    }

    /// Returns the SHA-256 of the key as `SubjectPublicKeyInfo`, in base64.
    pub(in crate::service) fn spki_digest(&self) -> String {
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

/// Returns the bytes of a positive number, with a zero before one that would look negative.
fn positive(bytes: &[u8]) -> Vec<u8> {
    let negative = bytes.first().is_some_and(|first| *first > 127);
    let sign: &[u8] = if negative { &[0] } else { &[] };
    [sign, bytes].concat()
}

/// Returns a positive number in DER.
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    tagged(0x02, &positive(bytes))
}

/// Returns bytes as PEM, in lines of 64 characters.
pub(in crate::service) fn pem(label: &str, der: &[u8]) -> String {
    let text = Zeroizing::new(STANDARD.encode(der));
    let mut pem = format!("-----BEGIN {label}-----\n");
    pem.reserve(2 * text.len());
    let (lines, rest) = text.as_bytes().as_chunks::<64>();
    for line in lines.iter().map(<[u8; 64]>::as_slice).chain([rest]) {
        pem.extend(line.iter().copied().map(char::from));
        if !line.is_empty() {
            pem.push('\n');
        }
    }
    pem.extend(["-----END ", label, "-----\n"]);
    pem
}

/// Returns a value in DER, with its tag and its length.
pub(in crate::service) fn tagged(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let head = match length.as_slice() {
        [] => vec![0],
        [short @ ..128] => vec![*short],
        long => [&[0x80 | u8::try_from(long.len()).unwrap_or(8)], long].concat(),
    };
    [&[tag], head.as_slice(), value].concat()
}
