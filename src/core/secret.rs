//! Secrets that cannot print: a value that only leaves through [`Secret::expose`].

use crate::core::encoding::to_hex;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A key, token, password or passphrase: no `Display`, no `Serialize`, no `Clone`, wiped when dropped.
pub struct Secret(SecretString);

impl Secret {
    /// Wraps `value`, which is wiped when the secret is dropped.
    pub fn new(value: impl Into<String>) -> Self {
        Secret(SecretString::from(value.into()))
    }

    /// Wraps text from a prompt or a program: one line, without surrounding blanks.
    pub fn pasted(text: &str) -> Self {
        Secret::new(text.trim())
    }

    /// Returns the value itself: the only way out, allowed in a few modules and checked by a test.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns a second copy, where one secret has to be kept in two places.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Secret::new(self.expose())
    }

    /// Returns the value as a JSON string, for an answer that may hold it.
    pub fn as_json(&self) -> serde_json::Value {
        serde_json::Value::from(self.expose())
    }

    /// Returns whether both hold the same value.
    pub fn eq_secret(&self, other: &Secret) -> bool {
        self.expose() == other.expose()
    }

    /// Returns whether `text` holds the value; an empty value is part of nothing.
    pub fn is_part_of(&self, text: &str) -> bool {
        !self.is_empty() && text.contains(self.expose())
    }

    /// Returns whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// Returns its length in bytes.
    pub fn len(&self) -> usize {
        self.expose().len()
    }

    /// Returns its first and last twelve characters, to compare with what a list shows of a key; for short ones, and
    /// for PEM and other documents, of which no list shows any, nothing.
    pub fn affixes(&self) -> (String, String) {
        let value: Vec<char> = self.expose().chars().collect();
        if value.len() < 24 || is_document(self.expose()) {
            return (String::new(), String::new());
        }
        (
            value[..12].iter().collect(),
            value[value.len() - 12..].iter().collect(),
        )
    }

    /// Returns whether `masked`, the form of a key in a list, matches the first and last characters of this secret.
    pub fn matches_mask(&self, masked: &str) -> bool {
        self.compare_mask(masked) == Some(true)
    }

    /// Returns whether `masked` shows this secret (`true`) or another one that begins alike (`false`); `None` if it
    /// shows too little, or something else.
    pub fn compare_mask(&self, masked: &str) -> Option<bool> {
        let (start, end) = self.affixes();
        let is_hole = ['*', '.', '…'];
        let shown: Vec<&str> = masked
            .split(is_hole)
            .filter(|part| !part.is_empty())
            .collect();
        match shown.as_slice() {
            // Of a short secret nothing is compared.
            _ if start.is_empty() => None,
            [only] if only.len() < 4 => None,
            [only] if start.starts_with(only) || end.ends_with(only) => Some(true),
            [_] if masked.starts_with(is_hole) => Some(false),
            [first, .., last] if start.starts_with(first) && last.len() >= 4 => {
                Some(end.ends_with(last))
            }
            _ => None,
        }
    }

    /// Returns a digest that identifies the secret and does not reveal it.
    pub fn fingerprint(&self) -> String {
        to_hex(&Sha256::digest(self.expose())[..16])
    }

    /// Returns a form that may be shown: the first characters that many keys share, and the last four.
    pub fn masked(&self) -> String {
        let value = self.expose();
        let count = value.chars().count();
        // Nothing of an object with several parts or of PEM can be shown: its first and last characters are not those
        // of a secret.
        if count < 16 || value.starts_with('{') || is_document(value) {
            return "***".to_owned();
        }
        let tail: String = value.chars().skip(count - 4).collect();
        // The text before the last `-` or `_` within the first twelve characters names the kind of key.
        let head: String = value.chars().take(12).collect();
        let head = head.rfind(['-', '_']).map_or("", |end| &head[..=end]);
        format!("{head}***{tail}")
    }
}

/// Returns whether a text is a document and no word: PEM, which may have lines before it, or a JSON object or list of
/// several lines. A byte order mark may come first.
pub fn is_document(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim();
    let is_pem = || text.starts_with("-----BEGIN ") || text.contains("\n-----BEGIN ");
    is_pem() || text.starts_with(['{', '[']) && text.contains('\n')
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_debug_is_redacted() {
        assert_eq!(
            format!("{:?}", Secret::new("sk-fake-0123456789")),
            "Secret(…)"
        );
    }

    #[test]
    fn document_may_have_lines_before() {
        for text in [
            "-----BEGIN KEY-----\nQUJD\n-----END KEY-----\n",
            "\u{feff}-----BEGIN KEY-----\r\nQUJD",
            "Bag Attributes\n    friendlyName: x\n-----BEGIN KEY-----\nQUJD",
            "\u{feff}{\n\"a\": 1}",
        ] {
            assert!(is_document(text), "{text:?}");
        }
        for text in [
            "sk-fake",
            "sk -----BEGIN KEY-----",
            "{\"a\": 1}",
            "a\nb",
            "",
        ] {
            assert!(!is_document(text), "{text:?}");
        }
    }

    #[test]
    fn mask_keeps_prefix_and_last_four() {
        assert_eq!(
            Secret::new("sk-siati-fake0123456789").masked(),
            "sk-siati-***6789"
        );
        assert_eq!(Secret::new("0123456789abcdef0123").masked(), "***0123");
        assert_eq!(Secret::new("short").masked(), "***");
    }

    #[test]
    fn compare_mask_tells_other_secret() {
        let secret = Secret::new("ak_fake00000000000000000003");
        for (mask, shown) in [
            ("ak_...0003", Some(true)),
            ("***0003", Some(true)),
            ("ak_fake", Some(true)),
            ("ak_...0002", Some(false)),
            ("***0002", Some(false)),
            ("****", None),
            ("..03", None),
            ("4f1c9a", None),
            ("sha256:…0002", None),
        ] {
            assert_eq!(secret.compare_mask(mask), shown, "{mask}");
        }
        assert_eq!(Secret::new("ak_fake-short").compare_mask("***0002"), None);
    }

    #[test]
    fn pasted_secret_whitespace_is_trimmed() {
        assert_eq!(Secret::pasted(" sk-fake \r\n").expose(), "sk-fake");
    }
}
