//! JSON Web Tokens as a server checks them: by the public halves of the keys of RFC 7515 and RFC 8037.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, Ed25519KeyPair, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::{Value, json};

/// The modulus of the key of RFC 7515, appendix A.2.
pub(crate) const N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

/// The point of the key of RFC 7515, appendix A.3.
const POINT: [&str; 2] = [
    "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
];

/// The key of RFC 8037, appendix A.1.
const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// A token that a request must carry.
#[derive(Clone)]
pub(crate) struct Jwt {
    /// Its header, without `typ`.
    pub(crate) header: Value,
    /// Its claims; `{uuid}` is any UUID.
    pub(crate) claims: Value,
}

impl Jwt {
    /// The request with `{jwt}` in place of its token, which is verified.
    pub(crate) fn taken_from(&self, request: &str) -> Result<String, String> {
        let start = request.find("eyJ").ok_or("there is no token")?;
        let is_in = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let end = request[start..].find(|c| !is_in(c));
        let end = end.map_or(request.len(), |length| start + length);
        self.check(&request[start..end])?;
        Ok(format!("{}{{jwt}}{}", &request[..start], &request[end..]))
    }

    fn check(&self, token: &str) -> Result<(), String> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, claims, signature] = parts.as_slice() else {
            return Err("a token has three parts".to_owned());
        };
        let read = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part);
            let value = bytes
                .ok()
                .and_then(|bytes| serde_json::from_slice(&bytes).ok());
            value.ok_or("a part of the token is no JSON")
        };
        let (given, mut said): (Value, Value) = (read(header)?, read(claims)?);
        let mut wanted = self.header.clone();
        wanted["typ"] = json!("JWT");
        if self.claims["jti"] == "{uuid}" && said["jti"].as_str().map(str::len) == Some(36) {
            said["jti"] = json!("{uuid}");
        }
        if given != wanted || said != self.claims {
            return Err(format!("the token is {given} {said}"));
        }
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let (text, signature) = (format!("{header}.{claims}"), bytes(signature));
        let verified = match wanted["alg"].as_str() {
            Some("RS256") => RsaPublicKeyComponents {
                n: bytes(N),
                e: vec![1, 0, 1],
            }
            .verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &signature),
            Some("ES256") => {
                let point = [vec![4], bytes(POINT[0]), bytes(POINT[1])].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .verify(text.as_bytes(), &signature)
            }
            Some("EdDSA") => {
                UnparsedPublicKey::new(&ED25519, bytes(X)).verify(text.as_bytes(), &signature)
            }
            _ => Err(ring::error::Unspecified),
        };
        verified.map_err(|_| "the signature is wrong".to_owned())
    }
}

/// The private half of the key of RFC 8037, appendix A.1.
const D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

/// The public half of that key as `SubjectPublicKeyInfo`.
#[cfg(target_os = "linux")]
pub(crate) const PUBLIC_KEY: [u8; 44] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, 0xd7, 0x5a, 0x98, 0x01,
    0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3,
    0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

/// A token with these claims, signed with the key of RFC 8037.
pub(crate) fn signed(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({ "alg": "EdDSA", "typ": "JWT" });
    let text = format!("{}.{}", part(&header), part(claims));
    let seed = URL_SAFE_NO_PAD.decode(D).unwrap();
    let key = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
    let signature = URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes()));
    format!("{text}.{signature}")
}
