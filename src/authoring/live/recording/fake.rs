//! Fake values in the shape of real ones.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::core::secret::is_document;
use crate::manifest::jwt_claims;

/// The text within which a prefix that names the kind of a key ends, in characters.
const MAX_PREFIX: usize = 12;

/// The first part of a JWT that nothing signed.
const UNSIGNED_HEADER: &str = r#"{"alg":"none"}"#;

/// Returns a value that is obviously fake and has the shape of `real`: the same length, the same kinds of characters, a
/// prefix that names the kind of key. Each `turn` gives another one.
pub(super) fn fake_of(real: &str, prefixes: &[String], turn: usize) -> String {
    if let Some(token) = fake_jwt(real, turn) {
        return token;
    }
    if is_document(real) {
        let line = |line: &str| {
            if line.starts_with("-----") {
                line.to_owned()
            } else {
                shaped(line, turn)
            }
        };
        let lines: Vec<String> = real.split('\n').map(line).collect();
        return lines.join("\n");
    }
    let (prefix, rest) = real.split_at(prefix_length(real, prefixes));
    format!("{prefix}{}", shaped(rest, turn))
}

/// Returns the length of the beginning that names the kind of key; it is never half of the value.
fn prefix_length(real: &str, prefixes: &[String]) -> usize {
    let declared = prefixes.iter().filter(|prefix| real.starts_with(*prefix));
    let declared = declared.map(String::len).max().unwrap_or_default();
    let beginning = real.char_indices().nth(MAX_PREFIX);
    let beginning = &real[..beginning.map_or(real.len(), |(end, _)| end)];
    let usual = beginning.rfind(['-', '_']).map_or(0, |end| end + 1);
    [declared, usual]
        .into_iter()
        .find(|length| *length > 0 && length * 2 < real.len())
        .unwrap_or_default()
}

/// Returns a JWT with the same claims and no signature of anybody.
fn fake_jwt(real: &str, turn: usize) -> Option<String> {
    jwt_claims(real)?;
    let mut parts = real.split('.').skip(1);
    let (claims, signature) = (parts.next()?, parts.next()?);
    let header = URL_SAFE_NO_PAD.encode(UNSIGNED_HEADER);
    Some(format!("{header}.{claims}.{}", shaped(signature, turn)))
}

/// Returns a text in which every letter and digit is another one of its kind.
fn shaped(real: &str, turn: usize) -> String {
    let is_hex = real
        .chars()
        .all(|c| c.is_ascii_hexdigit() || !c.is_ascii_alphanumeric());
    let word: &[u8; 4] = if is_hex { b"face" } else { b"fake" };
    let letters = if is_hex { 6 } else { 26 };
    let mut place = 0;
    let mut fake: Vec<char> = Vec::with_capacity(real.len());
    for c in real.chars() {
        fake.push(match c {
            '0'..='9' => '0',
            c if c.is_alphabetic() => {
                let letter = char::from(word[place % word.len()]);
                place += 1;
                if c.is_uppercase() {
                    letter.to_ascii_uppercase()
                } else {
                    letter
                }
            }
            other => other,
        });
    }
    // The number of the turn stands in the last characters, so that two values of one shape differ.
    let mut left = turn;
    for c in fake.iter_mut().rev() {
        if left == 0 {
            break;
        }
        let (base, first) = match *c {
            '0'..='9' => (10, b'0'),
            'a'..='z' => (letters, b'a'),
            'A'..='Z' => (letters, b'A'),
            _ => continue,
        };
        let digit = u8::try_from(left % base).unwrap_or_default();
        *c = char::from(first + digit);
        left /= base;
    }
    fake.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fake_keeps_shape_and_prefix() {
        let prefixes = ["acme".to_owned()];
        for (real, fake) in [
            ("sk_live_aB3dE5fG7h", "sk_live_fA0kE0fA0k"),
            ("acmeQWERTYUIOP", "acmeFAKEFAKEFA"),
            ("0a1b2c3d4e5f", "0f0a0c0e0f0a"),
            ("hunter2hunter2", "fakefa0kefake0"),
            (
                "-----BEGIN X-----\nMIIB+/9z\n-----END X-----\n",
                "-----BEGIN X-----\nFAKE+/0f\n-----END X-----\n",
            ),
        ] {
            assert_eq!(fake_of(real, &prefixes, 0), fake, "{real}");
        }
    }

    #[test]
    fn fakes_of_one_shape_differ() {
        let mut fakes: Vec<String> = (0..200).map(|turn| shaped("abcdefgh", turn)).collect();
        fakes.sort();
        fakes.dedup();
        // The first has the letters of the word, which a later turn may bring about again.
        assert!(fakes.len() >= 199);
    }

    #[test]
    fn fake_jwt_keeps_claims() {
        let real = format!(
            "{}.{}.c2lnbmF0dXJl",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#),
            URL_SAFE_NO_PAD.encode(r#"{"exp":1}"#)
        );
        let fake = fake_of(&real, &[], 0);
        assert_eq!(jwt_claims(&fake), jwt_claims(&real));
        assert!(fake.ends_with(".f0akefA0kEFa"), "{fake}");
    }
}
