//! The published vectors of RFC 7515, RFC 7638 and RFC 8037, every form of key, and the keys that cannot sign. All keys
//! are those of the RFCs.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use url::Url;

use super::public_key::PublicKey;
use super::*;
use crate::manifest::{JwtAlgorithm, SecretEncoding, Source};
use crate::service::{FieldValue, Values};

const RSA: [&str; 3] = [
    include_str!("keys/rsa-pkcs8.pem"),
    include_str!("keys/rsa-pkcs1.pem"),
    include_str!("../../../authoring/replay/keys/rsa.jwk"),
];
const P256: [&str; 3] = [
    include_str!("keys/ec-pkcs8.pem"),
    include_str!("keys/ec-sec1.pem"),
    include_str!("../../../authoring/replay/keys/ec.jwk"),
];
const ED25519: [&str; 2] = [
    include_str!("keys/ed25519-pkcs8.pem"),
    include_str!("../../../authoring/replay/keys/ed25519.jwk"),
];

/// The claims of the examples of RFC 7515.
const PAYLOAD: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

fn key(alg: JwtAlgorithm, text: &str) -> SigningKey {
    let key = SigningKey::read(alg, SecretEncoding::Text, &Secret::new(text));
    key.map_err(|error| error.to_string()).ok().unwrap()
}

fn signature(key: &SigningKey, text: &str) -> String {
    URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes()).unwrap())
}

#[test]
fn rsa_signature_matches_rfc_7515() {
    for text in RSA {
        let signed = signature(
            &key(JwtAlgorithm::Rs256, text),
            &format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}"),
        );
        assert_eq!(
            signed,
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
        );
    }
}

#[test]
fn ed25519_signature_matches_rfc_8037() {
    for text in ED25519 {
        let signed = signature(
            &key(JwtAlgorithm::EdDsa, text),
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        );
        assert_eq!(
            signed,
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }
}

#[test]
fn hmac_signature_matches_rfc_7515() {
    let secret =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let text = format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PAYLOAD}");
    let jwk = format!(r#"{{"kty":"oct","k":"{secret}"}}"#);
    let bytes = URL_SAFE_NO_PAD.decode(secret).unwrap();
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    for (encoding, given) in [
        (SecretEncoding::Text, jwk),
        (SecretEncoding::Base64, secret.to_owned()),
        (SecretEncoding::Hex, hex.concat()),
    ] {
        let key = SigningKey::read(JwtAlgorithm::Hs256, encoding, &Secret::new(given));
        assert_eq!(
            signature(&key.ok().unwrap(), &text),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
    }
}

#[test]
fn p256_signature_verifies() {
    for text in P256 {
        let pair = key(JwtAlgorithm::Es256, text);
        let Some(PublicKey::P256(point)) = pair.public_key() else {
            panic!("another kind of key");
        };
        let signed = pair.sign(b"text").unwrap();
        assert_eq!(signed.len(), 64);
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        public.verify(b"text", &signed).unwrap();
    }
}

#[test]
fn public_key_digests_match_references() {
    let spki = |alg, text| key(alg, text).public_key().unwrap().spki_digest();
    // As `openssl pkey -pubout -outform DER | openssl dgst -sha256 -binary | base64` prints them.
    let digests = [
        (
            JwtAlgorithm::Rs256,
            RSA[0],
            "b9E8JDWjYefFiM0X9V9a098Bd6ZsFyemogCEX016uIw=",
        ),
        (
            JwtAlgorithm::Es256,
            P256[0],
            "K9G7DESol8MKeqCZHN442AYv5EHeUNoPRoJTRPYC6Cc=",
        ),
        (
            JwtAlgorithm::EdDsa,
            ED25519[0],
            "BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k=",
        ),
    ];
    for (alg, text, wanted) in digests {
        assert_eq!(spki(alg, text), wanted);
    }
    // RFC 8037, appendix A.3, and RFC 7638, section 3.1.
    let ed25519 = key(JwtAlgorithm::EdDsa, ED25519[0]).public_key().unwrap();
    assert_eq!(
        ed25519.thumbprint(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let rsa = PublicKey::Rsa(ring::rsa::PublicKeyComponents {
        n: URL_SAFE_NO_PAD.decode(n).unwrap(),
        e: vec![1, 0, 1],
    });
    assert_eq!(
        rsa.thumbprint(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

#[test]
fn unusable_key_is_explained() {
    use JwtAlgorithm::{EdDsa, Es256, Hs256, Rs256};
    let cut = &RSA[0][..600];
    let garbled = RSA[0].replacen("MII", "AAA", 1);
    let no_end = RSA[2].replacen("\"d\"", "\"dd\"", 1);
    let other_prime = RSA[2].replacen("\"p\": \"4", "\"p\": \"5", 1);
    for (alg, text, why) in [
        (
            Rs256,
            "sk-fake-0000000000000000000000000001",
            "it is neither PEM nor a JWK",
        ),
        (Rs256, "{\"id\":\"a\"}", "it is neither PEM nor a JWK"),
        (
            Rs256,
            cut,
            "it is damaged: the last line of the PEM is missing",
        ),
        (Rs256, &garbled, "it is damaged"),
        (
            Rs256,
            include_str!("keys/rsa-1024.pem"),
            "an RSA key has at least 2048 bits",
        ),
        (
            Rs256,
            include_str!("keys/rsa-encrypted.pem"),
            "it is encrypted",
        ),
        (
            Rs256,
            include_str!("keys/rsa-public.pem"),
            "it is a public key, not a private key",
        ),
        (Rs256, P256[0], "it is a key of another kind, EC on P-256"),
        (Rs256, P256[1], "it is a key of another kind, EC on P-256"),
        (Rs256, P256[2], "it is a key of another kind, EC P-256"),
        (Rs256, &no_end, "the JWK is a public key"),
        (Rs256, &other_prime, "its numbers do not belong together"),
        (
            Es256,
            include_str!("keys/ec-p384.pem"),
            "it is a key of another kind, EC on P-384",
        ),
        (Es256, ED25519[0], "it is a key of another kind, Ed25519"),
        (EdDsa, RSA[1], "it is a key of another kind, RSA"),
        (
            EdDsa,
            include_str!("keys/ed25519-openssh.pem"),
            "it is in the format of OpenSSH",
        ),
        (
            Hs256,
            "fake-too-short",
            "it is too short: at least 32 bytes",
        ),
    ] {
        let read = SigningKey::read(alg, SecretEncoding::Text, &Secret::new(text));
        let error = read.err().unwrap();
        let wanted = format!("the key cannot sign with {}: {why}", alg.name());
        assert_eq!(error.message(), wanted);
    }
    let read = SigningKey::read(Hs256, SecretEncoding::Hex, &Secret::new("no digits"));
    assert!(
        read.err()
            .unwrap()
            .message()
            .contains("it is not in hexadecimal digits")
    );
}

#[test]
fn token_has_declared_members() {
    let placement: JwtPlacement = toml_edit::de::from_str(
        r#"
        alg = "EdDSA"
        header = [{ at = "/kid", from = "signer.thumbprint" }]
        claims = [
          { at = "/iss", from = "var.app", as = "integer" },
          { at = "/aud", value = ["https://example.com"] },
          { at = "/iat", from = "now - 1m" },
          { at = "/exp", from = "now + 10m" },
          { at = "/at", from = "now", as = "rfc3339" },
          { at = "/sub", from = "var.app", format = "app-{value}" },
          { at = "/nested/ok", value = true },
          { at = "/origin", from = "server.origin" },
        ]
        "#,
    )
    .unwrap();
    let mut values = Values::at(Timestamp::UNIX_EPOCH);
    values.set(
        &Source::Variable("app".to_owned()),
        FieldValue::Plain("7".into()),
    );
    let base: Url = "https://api.example.com/v1".parse().unwrap();
    let token = placement
        .token(
            &Secret::new(ED25519[0]),
            &FieldEncoder::new(&values, &base),
            "2026-11-20T12:00:00Z".parse().unwrap(),
        )
        .unwrap();
    let parts: Vec<&str> = token.expose().split('.').collect();
    let read = |part: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    assert_eq!(
        read(parts[0]),
        r#"{"alg":"EdDSA","typ":"JWT","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}"#
    );
    assert_eq!(
        read(parts[1]),
        r#"{"iss":7,"aud":["https://example.com"],"iat":1795175940,"exp":1795176600,"at":"2026-11-20T12:00:00Z","sub":"app-7","nested":{"ok":true},"origin":"https://api.example.com"}"#
    );
    let key = key(JwtAlgorithm::EdDsa, ED25519[1]);
    assert_eq!(
        parts[2],
        signature(&key, &format!("{}.{}", parts[0], parts[1]))
    );
}
