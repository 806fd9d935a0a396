//! Generates unguessable secrets in the formats of the services.

use crate::core::error::{Error, Kind};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Returns a JWT for `subject`, of the usual three parts, with times in Unix seconds.
///
/// Its last part is random rather than a signature: a service knows its tokens because it remembers them.
pub(super) fn jwt(subject: &str, issued_at: i64, expires_at: i64) -> Result<String, Error> {
    let header = json!({"alg": "HS256", "typ": "JWT"}).to_string();
    let claims = json!({"sub": subject, "iat": issued_at, "exp": expires_at}).to_string();
    let header = URL_SAFE_NO_PAD.encode(header);
    let claims = URL_SAFE_NO_PAD.encode(claims);
    let signature = URL_SAFE_NO_PAD.encode(random::<32>()?);
    Ok(format!("{header}.{claims}.{signature}"))
}

/// Random letters and digits.
pub(super) fn letters(count: usize) -> Result<String, Error> {
    let mut text = String::with_capacity(count);
    while text.len() < count {
        // Bytes beyond the last whole multiple of 62 would make the first letters likelier than the rest.
        let fair = random::<64>()?.into_iter().filter(|byte| *byte < 248);
        let wanted = count - text.len();
        text.extend(
            fair.take(wanted)
                .map(|byte| char::from(LETTERS[usize::from(byte) % 62])),
        );
    }
    Ok(text)
}

/// Returns a random UUID.
pub(super) fn uuid() -> Result<String, Error> {
    let random = uuid::Builder::from_random_bytes(random()?);
    Ok(random.into_uuid().to_string())
}

fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|error| {
        Error::new(
            Kind::Failed,
            format!("the system gives no random numbers: {error}"),
        )
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_length_and_differ() {
        let (one, other) = (letters(48).expect("random"), letters(48).expect("random"));
        assert_eq!((one.len(), other.len()), (48, 48));
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(one, other);
    }
}
