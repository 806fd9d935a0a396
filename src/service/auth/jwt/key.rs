//! Reads the key of a signature from PEM or JWK, and signs with it.

use std::borrow::Cow;

use ring::error::KeyRejected;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use ring::{hmac, rsa};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::public_key::{PublicKey, tagged};
use crate::core::encoding::{from_base64, from_hex};
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::manifest::{JwtAlgorithm, SecretEncoding};

/// The shortest secret for HMAC with SHA-256, in bytes (RFC 7518, section 3.2).
const MIN_HMAC_BYTES: usize = 32;

/// The object identifiers of the kinds of key, in DER, with their names.
const KINDS: [(&[u8], &str); 6] = [
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "RSA-PSS"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01", "RSA"),
    (b"\x2a\x86\x48\xce\x3d\x03\x01\x07", "EC on P-256"),
    (b"\x2b\x81\x04\x00\x22", "EC on P-384"),
    (b"\x2b\x65\x70", "Ed25519"),
    (b"\x2a\x86\x48\xce\x3d\x02\x01", "EC on another curve"),
];

/// The bytes before a SEC1 key on P-256 that make it PKCS#8, without the two lengths.
const P256_PREFIX: &[u8] = b"\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";

/// A key that signs.
pub(in crate::service) enum SigningKey {
    Rsa(Box<RsaKeyPair>),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Hmac(hmac::Key),
}

impl SigningKey {
    /// Reads the key for an algorithm; the error says why it cannot be used.
    pub(in crate::service) fn read(
        alg: JwtAlgorithm,
        encoding: SecretEncoding,
        given: &Secret,
    ) -> Result<SigningKey> {
        let text = given.expose().trim();
        let read = if text.starts_with('{') {
            from_jwk(alg, text)
        } else if alg == JwtAlgorithm::Hs256 {
            secret_bytes(encoding, text).and_then(|bytes| hmac_key(&bytes))
        } else {
            from_pem(alg, text)
        };
        read.map_err(|Unusable { why, way_out }| {
            let error = Error::usage(format!("the key cannot sign with {}: {why}", alg.name()));
            match way_out {
                Some(way_out) => error.hint(way_out),
                None => error,
            }
        })
    }

    /// Returns the signature of a text.
    pub(in crate::service) fn sign(&self, text: &[u8]) -> Result<Vec<u8>> {
        let failed = |_| Error::failed("the signature could not be made: no random numbers");
        let random = SystemRandom::new();
        Ok(match self {
            SigningKey::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, text, &mut signature)
                    .map_err(failed)?;
                signature
            }
            SigningKey::P256(pair) => {
                let signature = pair.sign(&random, text).map_err(failed)?;
                signature.as_ref().to_vec()
            }
            SigningKey::Ed25519(pair) => pair.sign(text).as_ref().to_vec(),
            SigningKey::Hmac(key) => hmac::sign(key, text).as_ref().to_vec(),
        })
    }

    /// Returns its public half; a secret has none.
    pub(in crate::service) fn public_key(&self) -> Option<PublicKey> {
        Some(match self {
            SigningKey::Rsa(pair) => PublicKey::Rsa(pair.public().into()),
            SigningKey::P256(pair) => PublicKey::P256(pair.public_key().as_ref().to_vec()),
            SigningKey::Ed25519(pair) => PublicKey::Ed25519(pair.public_key().as_ref().to_vec()),
            SigningKey::Hmac(_) => return None,
        })
    }
}

/// The reason why a key cannot be used, and what to do about it.
struct Unusable {
    why: String,
    way_out: Option<&'static str>,
}

impl Unusable {
    fn new(why: impl Into<String>) -> Self {
        Unusable {
            why: why.into(),
            way_out: None,
        }
    }

    fn with(self, way_out: &'static str) -> Self {
        Unusable {
            way_out: Some(way_out),
            ..self
        }
    }

    fn rejected(error: KeyRejected) -> Self {
        let why = error.to_string();
        Unusable::new(match why.as_str() {
            "TooSmall" => "an RSA key has at least 2048 bits",
            "TooLarge" => "an RSA key has at most 4096 bits",
            "PublicKeyIsMissing" => {
                return Unusable::new("it holds no public half")
                    .with("add it: openssl pkey -in key.pem -out with-public.pem");
            }
            "InvalidEncoding" => "it is damaged",
            "WrongAlgorithm" => "it is of another kind",
            "VersionNotSupported" => "its format is not supported",
            _ => "its numbers do not belong together",
        })
    }

    fn of_kind(kind: &str) -> Self {
        Unusable::new(format!("it is a key of another kind, {kind}"))
    }
}

/// Returns the bytes of one PEM section with a private key, and the word in its label.
fn pem_section(text: &str) -> Result<(&str, Zeroizing<Vec<u8>>), Unusable> {
    let not_pem = || {
        Unusable::new("it is neither PEM nor a JWK")
            .with("hand over the whole file, from `-----BEGIN` to the last `-----`")
    };
    let mut rest = text;
    let mut other = None;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, after) = after.split_once("-----").ok_or_else(not_pem)?;
        let end = format!("-----END {label}-----");
        let (body, after) = after
            .split_once(&end)
            .ok_or_else(|| Unusable::new("it is damaged: the last line of the PEM is missing"))?;
        if body.contains("ENCRYPTED") || label.contains("ENCRYPTED") {
            return Err(Unusable::new("it is encrypted")
                .with("decrypt it first: openssl pkey -in key.pem -out plain.pem"));
        }
        if matches!(label, "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY") {
            let bytes = from_base64(body).ok_or_else(|| Unusable::new("it is damaged"))?;
            return Ok((label, bytes));
        }
        other = other.or(Some(label));
        rest = after;
    }
    Err(match other {
        Some("OPENSSH PRIVATE KEY") => Unusable::new("it is in the format of OpenSSH")
            .with("convert it: ssh-keygen -p -N '' -m PKCS8 -f key"),
        Some(label) => Unusable::new(format!(
            "it is a {}, not a private key",
            crate::core::untrusted::one_line(&label.to_lowercase())
        )),
        None => not_pem(),
    })
}

fn from_pem(alg: JwtAlgorithm, text: &str) -> Result<SigningKey, Unusable> {
    let (label, der) = pem_section(text)?;
    let start = &der[..der.len().min(64)];
    let is_in = |oid: &[u8]| start.windows(oid.len()).any(|bytes| bytes == oid);
    let kind = match label {
        "RSA PRIVATE KEY" => "RSA",
        // The curve stands behind the private number.
        "EC PRIVATE KEY" => {
            let curve = KINDS[2..4].iter().find(|(oid, _)| contains(&der, oid));
            curve.map_or("EC on another curve", |(_, kind)| kind)
        }
        _ => {
            let kind = KINDS.iter().find(|(oid, _)| is_in(oid));
            kind.map_or("an unknown one", |(_, kind)| kind)
        }
    };
    let rejected = Unusable::rejected;
    match (alg, kind) {
        (JwtAlgorithm::Rs256, "RSA") => {
            let pair = if label == "RSA PRIVATE KEY" {
                RsaKeyPair::from_der(&der)
            } else {
                RsaKeyPair::from_pkcs8(&der)
            };
            Ok(SigningKey::Rsa(Box::new(pair.map_err(rejected)?)))
        }
        (JwtAlgorithm::Es256, "EC on P-256") => {
            let der = if label == "EC PRIVATE KEY" {
                pkcs8_of_sec1(&der)
            } else {
                der
            };
            let random = SystemRandom::new();
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random);
            pair.map(SigningKey::P256).map_err(rejected)
        }
        (JwtAlgorithm::EdDsa, "Ed25519") => Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
            .map(SigningKey::Ed25519)
            .map_err(rejected),
        (_, kind) => Err(Unusable::of_kind(kind)),
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|found| found == wanted)
}

/// Returns a SEC1 key on P-256 as PKCS#8, which ring reads.
fn pkcs8_of_sec1(sec1: &[u8]) -> Zeroizing<Vec<u8>> {
    let key = Zeroizing::new(tagged(0x04, sec1));
    let whole = Zeroizing::new([P256_PREFIX, &key].concat());
    Zeroizing::new(tagged(0x30, &whole))
}

/// A private key as a JWK (RFC 7517); its members are borrowed, not copied.
#[derive(Deserialize)]
struct Jwk<'a> {
    #[serde(borrow)]
    kty: Cow<'a, str>,
    #[serde(borrow, default)]
    crv: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    n: Option<&'a str>,
    #[serde(borrow, default)]
    e: Option<&'a str>,
    #[serde(borrow, default)]
    d: Option<&'a str>,
    #[serde(borrow, default)]
    p: Option<&'a str>,
    #[serde(borrow, default)]
    q: Option<&'a str>,
    #[serde(borrow, default)]
    dp: Option<&'a str>,
    #[serde(borrow, default)]
    dq: Option<&'a str>,
    #[serde(borrow, default)]
    qi: Option<&'a str>,
    #[serde(borrow, default)]
    x: Option<&'a str>,
    #[serde(borrow, default)]
    y: Option<&'a str>,
    #[serde(borrow, default)]
    k: Option<&'a str>,
}

fn from_jwk(alg: JwtAlgorithm, text: &str) -> Result<SigningKey, Unusable> {
    let jwk: Jwk<'_> =
        serde_json::from_str(text).map_err(|_| Unusable::new("it is neither PEM nor a JWK"))?;
    let number = |name: &str, member: Option<&str>| {
        let member = member.ok_or_else(|| {
            Unusable::new(match name {
                "d" => "the JWK is a public key".to_owned(),
                _ => format!("the JWK has no `{name}`"),
            })
        })?;
        from_base64(member).ok_or_else(|| Unusable::new(format!("`{name}` of the JWK is damaged")))
    };
    let rejected = Unusable::rejected;
    match (alg, &*jwk.kty, jwk.crv.as_deref()) {
        (JwtAlgorithm::Rs256, "RSA", _) => {
            let pair = RsaKeyPair::from_components(&rsa::KeyPairComponents {
                public_key: rsa::PublicKeyComponents {
                    n: number("n", jwk.n)?,
                    e: number("e", jwk.e)?,
                },
                d: number("d", jwk.d)?,
                p: number("p", jwk.p)?,
                q: number("q", jwk.q)?,
                dP: number("dp", jwk.dp)?,
                dQ: number("dq", jwk.dq)?,
                qInv: number("qi", jwk.qi)?,
            });
            Ok(SigningKey::Rsa(Box::new(pair.map_err(rejected)?)))
        }
        (JwtAlgorithm::Es256, "EC", Some("P-256")) => {
            let point = [&[4], &**number("x", jwk.x)?, &**number("y", jwk.y)?].concat();
            let pair = EcdsaKeyPair::from_private_key_and_public_key(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                &number("d", jwk.d)?,
                &point,
                &SystemRandom::new(),
            );
            pair.map(SigningKey::P256).map_err(rejected)
        }
        (JwtAlgorithm::EdDsa, "OKP", Some("Ed25519")) => {
            let (seed, public) = (number("d", jwk.d)?, number("x", jwk.x)?);
            Ed25519KeyPair::from_seed_and_public_key(&seed, &public)
                .map(SigningKey::Ed25519)
                .map_err(rejected)
        }
        (JwtAlgorithm::Hs256, "oct", _) => hmac_key(&number("k", jwk.k)?),
        (_, kty, crv) => Err(Unusable::of_kind(&crate::core::untrusted::one_line(
            &[kty, crv.unwrap_or_default()].join(" "),
        ))),
    }
}

fn secret_bytes(encoding: SecretEncoding, text: &str) -> Result<Zeroizing<Vec<u8>>, Unusable> {
    let bytes = match encoding {
        SecretEncoding::Text => Some(Zeroizing::new(text.as_bytes().to_vec())),
        SecretEncoding::Base64 => from_base64(text),
        SecretEncoding::Hex => from_hex(text),
    };
    let name = match encoding {
        SecretEncoding::Hex => "hexadecimal digits",
        _ => "base64",
    };
    bytes.ok_or_else(|| Unusable::new(format!("it is not in {name}, as the manifest says")))
}

fn hmac_key(bytes: &[u8]) -> Result<SigningKey, Unusable> {
    if bytes.len() < MIN_HMAC_BYTES {
        return Err(Unusable::new(format!(
            "it is too short: at least {MIN_HMAC_BYTES} bytes"
        )));
    }
    Ok(SigningKey::Hmac(hmac::Key::new(hmac::HMAC_SHA256, bytes)))
}
