//! Makes a key pair: Ed25519 and P-256 here, RSA by `openssl`, over pipes.

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use zeroize::Zeroizing;

use super::auth::jwt::key::SigningKey;
use super::auth::jwt::public_key::{PublicKey, pem};
use super::{FieldValue, Service, Values};
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::manifest::{JwtAlgorithm, KeyPairSpec, PublicKeyForm, SecretEncoding, Source};
use crate::platform::{Program, ProgramError, fault};

/// The size of an RSA key, in bits.
const DEFAULT_RSA_BITS: u16 = 2048;

/// The label of a private key of any kind (RFC 5958).
const PRIVATE_KEY: &str = "PRIVATE KEY";

/// The bytes before the 32 of an Ed25519 key in PKCS#8 (RFC 8410).
const ED25519_PREFIX: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

impl Service<'_> {
    /// Makes a key pair; returns its private half as PEM (PKCS#8).
    pub fn make_key_pair(&self, spec: KeyPairSpec) -> Result<Secret> {
        let private = match spec.alg {
            JwtAlgorithm::EdDsa => ed25519()?,
            JwtAlgorithm::Es256 => p256()?,
            JwtAlgorithm::Rs256 => self.rsa(spec.bits.unwrap_or(DEFAULT_RSA_BITS))?,
            JwtAlgorithm::Hs256 => {
                return Err(Error::failed("a shared secret has no public half"));
            }
        };
        self.transport.log.register_secret(&private);
        Ok(private)
    }

    fn rsa(&self, bits: u16) -> Result<Secret> {
        let size = format!("rsa_keygen_bits:{bits}");
        let words = ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", &size];
        let words = words.map(str::to_owned);
        let ended = self.aside.run(&Program::new(&words)).map_err(|error| {
            let why = match error {
                ProgramError::NotStarted(why) => format!("it could not be started: {why}"),
                ProgramError::Uncertain(why) => format!("it did not finish: {why}"),
            };
            Error::usage(format!("an RSA key is made by openssl, and {why}"))
                .hint("install OpenSSL, so that openssl is on PATH; nothing was sent")
        })?;
        let by_hand = format!("run it by hand to see why: {}", words.join(" "));
        if !ended.success() {
            return Err(Error::usage("openssl failed to make an RSA key").hint(by_hand));
        }
        let text = std::str::from_utf8(&ended.stdout).ok();
        let private = text.map(Secret::new).filter(|private| {
            let key = SigningKey::read(JwtAlgorithm::Rs256, SecretEncoding::Text, private);
            let public = key.ok().and_then(|key| key.public_key());
            matches!(public, Some(PublicKey::Rsa(key)) if key.n.len() * 8 == usize::from(bits))
        });
        private.ok_or_else(|| {
            Error::usage(format!("openssl printed no RSA key of {bits} bits")).hint(by_hand)
        })
    }
}

fn ed25519() -> Result<Secret> {
    let mut seed = Zeroizing::new([0; 32]);
    fault::random(&mut *seed).map_err(|_| no_randomness())?;
    let der = Zeroizing::new([ED25519_PREFIX, &*seed].concat());
    Ok(Secret::new(Zeroizing::new(pem(PRIVATE_KEY, &der)).as_str()))
}

fn p256() -> Result<Secret> {
    let random = SystemRandom::new();
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
        .map_err(|_| no_randomness())?;
    Ok(Secret::new(
        Zeroizing::new(pem(PRIVATE_KEY, der.as_ref())).as_str(),
    ))
}

fn no_randomness() -> Error {
    Error::failed("a key pair could not be made: no random numbers")
}

impl Values {
    /// Sets the forms of the public half of a key pair.
    pub fn public_key(&mut self, alg: JwtAlgorithm, private: &Secret) -> Result<()> {
        let key = SigningKey::read(alg, SecretEncoding::Text, private)?;
        let Some(public) = key.public_key() else {
            return Ok(());
        };
        for form in PublicKeyForm::ALL {
            let value = FieldValue::Plain(public.form(form));
            self.set(&Source::PublicKey(form), value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(alg: JwtAlgorithm, private: &Secret) -> Values {
        let mut values = Values::at(jiff::Timestamp::UNIX_EPOCH);
        values.public_key(alg, private).unwrap();
        values
    }

    fn form(values: &Values, form: PublicKeyForm) -> String {
        let found = values.get(&Source::PublicKey(form));
        match found {
            Some(FieldValue::Plain(serde_json::Value::String(text))) => text.clone(),
            Some(FieldValue::Plain(other)) => other.to_string(),
            _ => panic!("there is no public key"),
        }
    }

    #[test]
    fn made_key_signs_and_is_new() {
        for (alg, make) in [
            (JwtAlgorithm::EdDsa, ed25519 as fn() -> Result<Secret>),
            (JwtAlgorithm::Es256, p256),
        ] {
            let (one, other) = (make().unwrap(), make().unwrap());
            assert!(!one.eq_secret(&other));
            assert!(one.expose().starts_with("-----BEGIN PRIVATE KEY-----\n"));
            let key = SigningKey::read(alg, SecretEncoding::Text, &one).unwrap();
            assert_eq!(key.sign(b"text").unwrap().len(), 64);
        }
    }

    #[test]
    fn public_key_forms_match_openssh() {
        let private = Secret::new(include_str!("auth/jwt/keys/ed25519-pkcs8.pem"));
        let values = forms(JwtAlgorithm::EdDsa, &private);
        let line = form(&values, PublicKeyForm::OpenSsh);
        assert!(
            line.starts_with("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"),
            "{line}"
        );
        assert!(
            form(&values, PublicKeyForm::Pem)
                .starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA")
        );
        assert!(form(&values, PublicKeyForm::Jwk).contains("\"kty\":\"OKP\""));
        let private = Secret::new(include_str!("auth/jwt/keys/rsa-pkcs8.pem"));
        let line = form(
            &forms(JwtAlgorithm::Rs256, &private),
            PublicKeyForm::OpenSsh,
        );
        assert!(
            line.starts_with("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCh"),
            "{line}"
        );
    }
}
