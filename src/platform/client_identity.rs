//! A client certificate with its private key, in PEM: checked before it is kept or shown to a server.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error as TlsError, InconsistentKeys};

use crate::core::error::{Error, Result};
use crate::core::moment::to_the_minute;
use crate::core::secret::Secret;

const BOTH: &str =
    "hand over the certificate and its private key, one after the other: cat client.pem client.key";
const RENEW: &str = "if the clock of this machine is right, get another certificate";

/// Returns the certificate in `given` and its private key, without the lines before them; fails unless the key is that of
/// the certificate, which is valid at `now`.
pub fn client_identity(given: &Secret, now: Timestamp) -> Result<Secret> {
    let text = given.expose();
    let text = text.find("-----BEGIN ").map_or("", |start| &text[start..]);
    let refused = |why: &str| Error::usage(format!("the client certificate cannot be used: {why}"));
    if text.is_empty() {
        return Err(refused("it is no PEM").hint(BOTH));
    }
    if text.contains("ENCRYPTED") {
        return Err(refused("its private key is encrypted")
            .hint("decrypt it first: openssl pkey -in client.key -out plain.key"));
    }
    let damaged = |_| {
        refused("it is damaged")
            .hint("hand over the whole files, each from `-----BEGIN` to the last `-----`")
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(text.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(damaged)?;
    let key = match PrivateKeyDer::from_pem_slice(text.as_bytes()) {
        Ok(key) => key,
        Err(PemError::NoItemsFound) => {
            return Err(refused("there is no private key beside it").hint(BOTH));
        }
        Err(error) => return Err(damaged(error)),
    };
    let Some(first) = chain.first() else {
        return Err(refused("there is only a private key").hint(BOTH));
    };
    let lifetime = lifetime(first);
    let signs = rustls::crypto::ring::sign::any_supported_type(&key).map_err(|_| {
        refused("its private key is damaged, too short, or of a kind that TLS does not know")
    })?;
    match CertifiedKey::new(chain, signs).keys_match() {
        Ok(()) | Err(TlsError::InconsistentKeys(InconsistentKeys::Unknown)) => {}
        Err(TlsError::InconsistentKeys(_)) => {
            return Err(
                refused("the private key is not that of the certificate").hint(
                    "the certificate of the key comes first, those of its authorities after it",
                ),
            );
        }
        Err(_) => {
            return Err(refused(
                "it is damaged, or no certificate of X.509 version 3",
            ));
        }
    }
    let Some((from, until)) = lifetime else {
        return Err(refused("it is damaged"));
    };
    if now > until {
        let until = to_the_minute(until);
        return Err(refused(&format!("it expired on {until}")).hint(RENEW));
    }
    if now < from {
        let from = to_the_minute(from);
        return Err(refused(&format!("it is not valid before {from}")).hint(RENEW));
    }
    Ok(Secret::new(text))
}

/// Returns the times from which on and until which a certificate is valid (RFC 5280, section 4.1.2.5).
fn lifetime(certificate: &[u8]) -> Option<(Timestamp, Timestamp)> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut rest, _) = element(certificate)?;
    // The version may be missing; serial number, algorithm and issuer come before the times.
    if *rest.first()? == 0xa0 {
        rest = element(rest)?.2;
    }
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (_, times, _) = element(rest)?;
    let (kind, from, rest) = element(times)?;
    let (other_kind, until, _) = element(rest)?;
    Some((time(kind, from)?, time(other_kind, until)?))
}

/// Returns the tag and the content of the first element in DER, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = if short < 0x80 {
        (usize::from(short), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
        let length = bytes.iter().try_fold(0_usize, |length, byte| {
            length.checked_mul(256)?.checked_add(usize::from(*byte))
        });
        (length?, rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// Returns a time: a `UTCTime`, whose year has two digits, or a `GeneralizedTime`.
fn time(tag: u8, text: &[u8]) -> Option<Timestamp> {
    const UTC_TIME: u8 = 0x17;
    let text = std::str::from_utf8(text).ok()?;
    let text = match (tag, text.get(..2)?.parse::<u8>().ok()?) {
        (UTC_TIME, 50..) => format!("19{text}"),
        (UTC_TIME, _) => format!("20{text}"),
        _ => text.to_owned(),
    };
    let moment = DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 7515, appendix A.3, and a certificate for it that is valid from 2000 to 2099: one time is written with
    /// two digits of the year, the other with four.
    const CLIENT: &str = include_str!("../authoring/replay/keys/client.pem");
    const OTHER: &str = include_str!("../service/auth/jwt/keys/ed25519-pkcs8.pem");
    const NOW: &str = "2026-11-28T12:00:00Z";

    fn refused(pem: &str, now: &str) -> String {
        let error = client_identity(&Secret::new(pem), now.parse().unwrap()).unwrap_err();
        let why = error
            .message()
            .strip_prefix("the client certificate cannot be used: ");
        why.unwrap_or_else(|| panic!("{error}")).to_owned()
    }

    #[test]
    fn certificate_with_its_key_is_taken() {
        let (certificate, key) = CLIENT.split_at(CLIENT.find("-----BEGIN PRIVATE").unwrap());
        let turned = format!("{key}{certificate}");
        let chain = format!("{CLIENT}{certificate}");
        let exported = format!("\u{feff}Bag Attributes\n  friendlyName: x\n{CLIENT}");
        let dos = CLIENT.replace('\n', "\r\n");
        for pem in [CLIENT, &turned, &chain, &dos, &exported] {
            for now in ["2000-01-01T00:00:00Z", NOW, "2099-12-31T23:59:59Z"] {
                let now = now.parse().unwrap();
                let found = client_identity(&Secret::new(pem), now).unwrap();
                assert!(found.expose().starts_with("-----BEGIN "));
            }
        }
    }

    #[test]
    fn unusable_certificate_names_reason() {
        let (certificate, key) = CLIENT.split_at(CLIENT.find("-----BEGIN PRIVATE").unwrap());
        let encrypted = include_str!("../service/auth/jwt/keys/rsa-encrypted.pem");
        let public = include_str!("../service/auth/jwt/keys/rsa-public.pem");
        let weak = include_str!("../service/auth/jwt/keys/rsa-1024.pem");
        let cut = CLIENT
            .trim_end()
            .strip_suffix("-----END PRIVATE KEY-----")
            .unwrap();
        for (pem, why) in [
            ("sk-fake-key-0001".to_owned(), "it is no PEM"),
            (String::new(), "it is no PEM"),
            (certificate.to_owned(), "there is no private key beside it"),
            (
                format!("{certificate}{public}"),
                "there is no private key beside it",
            ),
            (key.to_owned(), "there is only a private key"),
            (
                format!("{certificate}{encrypted}"),
                "its private key is encrypted",
            ),
            (
                format!("{certificate}{OTHER}"),
                "the private key is not that of the certificate",
            ),
            (
                format!("{certificate}{weak}"),
                "its private key is damaged, too short, or of a kind that TLS does not know",
            ),
            (cut.to_owned(), "it is damaged"),
            (CLIENT.replacen("MII", "M!I", 1), "it is damaged"),
            (
                CLIENT.replacen("MII", "MIA", 1),
                "it is damaged, or no certificate of X.509 version 3",
            ),
        ] {
            assert_eq!(refused(&pem, NOW), why, "{pem}");
        }
        let late = refused(CLIENT, "2100-01-01T00:00:00Z");
        assert_eq!(late, "it expired on 2099-12-31 23:59 UTC");
        let early = refused(CLIENT, "1999-12-31T23:59:59Z");
        assert_eq!(early, "it is not valid before 2000-01-01 00:00 UTC");
    }

    #[test]
    fn lifetime_of_damaged_certificate_is_none() {
        let der = CertificateDer::from_pem_slice(CLIENT.as_bytes()).unwrap();
        assert!(lifetime(&der).is_some());
        for end in 0..160.min(der.len()) {
            assert_eq!(lifetime(&der[..end]), None, "{end}");
        }
        for byte in 0..160.min(der.len()) {
            let mut changed = der.to_vec();
            changed[byte] ^= 0xff;
            let _ = lifetime(&changed);
        }
    }
}
