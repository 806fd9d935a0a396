//! Cleans keys and tokens that users and programs pass in.

use zeroize::Zeroizing;

use crate::core::secret::Secret;
use crate::core::untrusted::is_unsafe_char;

/// The scheme before a token in a header, which is often copied with it.
const BEARER: &str = "bearer ";

/// Returns a key or token without the marks of its transport: a byte order mark, invisible characters, and `Bearer `
/// before it. A text of several lines, PEM or JSON is left unchanged.
#[must_use]
pub fn as_credential(given: &Secret) -> Secret {
    let text = given.expose().trim();
    let plain: String = text.chars().filter(|c| !is_unsafe_char(*c)).collect();
    let plain = Zeroizing::new(plain);
    let plain = plain.trim();
    let is_document =
        text.contains(['\n', '\r']) || plain.starts_with(['{', '[']) || plain.starts_with("-----");
    if is_document {
        return given.duplicate();
    }
    let bare = match plain.get(..BEARER.len()) {
        Some(scheme) if scheme.eq_ignore_ascii_case(BEARER) => plain[BEARER.len()..].trim_start(),
        _ => plain,
    };
    Secret::new(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credential_paste_artifacts_are_stripped() {
        for (given, meant) in [
            ("sk-fake", "sk-fake"),
            (" sk-fake\r\n", "sk-fake"),
            ("\u{feff}sk-fake", "sk-fake"),
            ("\u{200b}sk-\u{200d}fake\u{2060}\u{feff} ", "sk-fake"),
            ("sk-fa\u{ad}ke", "sk-fake"),
            ("Bearer sk-fake", "sk-fake"),
            ("\u{feff}bearer  sk-fake", "sk-fake"),
            ("Bearersk-fake", "Bearersk-fake"),
            ("user:pass word", "user:pass word"),
        ] {
            let given = Secret::new(given);
            assert_eq!(
                as_credential(&given).expose(),
                meant,
                "{:?}",
                given.expose()
            );
        }
    }

    #[test]
    fn credential_document_is_unchanged() {
        for given in [
            "\u{feff}{\"id\": \"a\u{200b}\"}",
            "-----BEGIN KEY-----\nfa\u{200b}ke\n-----END KEY-----",
            "first\u{200b}\nsecond",
        ] {
            assert_eq!(as_credential(&Secret::new(given)).expose(), given);
        }
    }
}
