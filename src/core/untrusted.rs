//! Text from outside, shown without the power to move the cursor or to hide a word.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::core::secret::Secret;

/// The most characters of an untrusted text that are shown in one place.
const MAX_SHOWN: usize = 200;

/// The prefix of the fingerprint that is shown and kept in place of an id that is a secret.
pub const FINGERPRINT_PREFIX: &str = "fingerprint:";

/// Returns the text that is shown and kept in place of an id that is a secret.
pub fn fingerprint_of(id: &str) -> String {
    format!("{FINGERPRINT_PREFIX}{}", Secret::new(id).fingerprint())
}

/// Text from a server, cleaned when it is displayed and kept as it is when it is compared or written as JSON. An id that is
/// a secret is displayed and written as its fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Untrusted {
    text: String,
    is_secret: bool,
}

impl Untrusted {
    /// Wraps text from outside.
    pub fn new(text: impl Into<String>) -> Self {
        Untrusted {
            text: text.into(),
            is_secret: false,
        }
    }

    /// Marks the text as a secret, of which only a fingerprint is shown.
    #[must_use]
    pub fn into_secret(self) -> Self {
        Untrusted {
            is_secret: true,
            ..self
        }
    }

    /// Returns the text as it came, for comparing and for requests; never for a terminal.
    pub fn as_received(&self) -> &str {
        &self.text
    }

    /// Returns the text by which a person names it: the fingerprint of a secret, any other as it came.
    pub fn as_named(&self) -> Cow<'_, str> {
        if self.is_secret {
            return fingerprint_of(&self.text).into();
        }
        self.text.as_str().into()
    }

    /// Returns whether a typed text is the whole of it.
    pub fn is_named(&self, typed: &str) -> bool {
        self.text == typed || self.is_secret && self.as_named() == typed
    }
}

impl Serialize for Untrusted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.as_named())
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&one_line(&self.as_named()))
    }
}

/// The characters that Unicode calls default-ignorable or format controls: they are not seen, or change how their
/// neighbours are. Source: `DerivedCoreProperties.txt` and `DerivedGeneralCategory.txt` (Cf, Zl, Zp) of Unicode 17.
const INVISIBLE: [(char, char); 26] = [
    ('\u{00AD}', '\u{00AD}'),
    ('\u{034F}', '\u{034F}'),
    ('\u{0600}', '\u{0605}'),
    ('\u{061C}', '\u{061C}'),
    ('\u{06DD}', '\u{06DD}'),
    ('\u{070F}', '\u{070F}'),
    ('\u{0890}', '\u{0891}'),
    ('\u{08E2}', '\u{08E2}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{2028}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{FE00}', '\u{FE0F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF0}', '\u{FFFB}'),
    ('\u{110BD}', '\u{110BD}'),
    ('\u{110CD}', '\u{110CD}'),
    ('\u{13430}', '\u{1343F}'),
    ('\u{1BCA0}', '\u{1BCA3}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E0FFF}'),
];

/// Returns whether a character is a control, or is not seen itself, or can change how the text around it looks.
pub fn is_unsafe_char(c: char) -> bool {
    c.is_control()
        || !c.is_ascii()
            && INVISIBLE
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&c))
}

/// Returns `text` without unsafe characters; line breaks and tabs stay, so that it can be text of several lines.
pub fn sanitize(text: &str) -> String {
    let seen = |c: &char| !is_unsafe_char(*c) || matches!(c, '\n' | '\t');
    text.chars().filter(seen).collect()
}

/// Returns `text` as one line of at most 200 characters in which nothing can control a terminal.
pub fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(MAX_SHOWN));
    let mut count = 0;
    for c in text.chars() {
        if is_unsafe_char(c) && !matches!(c, '\n' | '\r' | '\t') {
            continue;
        }
        if count == MAX_SHOWN {
            shown.push('…');
            break;
        }
        shown.push(if c.is_control() { ' ' } else { c });
        count += 1;
    }
    shown
}

/// The shortest word on a command line that is taken for a secret.
const MIN_SECRET_WORD: usize = 12;

/// The longest part of a word, between other characters, that letters and digits together may have without looking random.
const MAX_MIXED_PART: usize = 7;

/// The longest part that is taken for words or a number: the longest id of 64 bits has 20 digits.
const MAX_PLAIN_PART: usize = 20;

/// The most changes of case in a part that is taken for words, as in `ContinuousDelivery`.
const MAX_CASE_CHANGES: usize = 4;

/// Returns whether a word could be a key or a token: long enough, no path and no address, and in one part it mixes
/// letters with digits, changes between upper and lower case again and again, or is very long.
pub fn looks_like_secret(word: &str) -> bool {
    let is_place = word.starts_with(['/', '.', '~', '\\']) || word.contains("://");
    if word.len() < MIN_SECRET_WORD || is_place {
        return false;
    }
    word.split(|c: char| !c.is_alphanumeric()).any(|part| {
        let mixed = part.contains(|c: char| c.is_ascii_digit())
            && part.contains(|c: char| c.is_alphabetic());
        mixed && part.len() > MAX_MIXED_PART
            || case_changes(part) > MAX_CASE_CHANGES
            || part.len() > MAX_PLAIN_PART
    })
}

/// Returns how often a lower-case letter is next to an upper-case one.
fn case_changes(part: &str) -> usize {
    let pairs = part.chars().zip(part.chars().skip(1));
    pairs
        .filter(|(a, b)| {
            a.is_lowercase() && b.is_uppercase() || a.is_uppercase() && b.is_lowercase()
        })
        .count()
}

/// Returns a word from the command line in the form in which a message repeats it: cleaned, and masked if it could be a
/// secret that was typed in the wrong place.
pub fn mask_typed_secret(word: &str) -> String {
    if looks_like_secret(word) {
        Secret::new(word).masked()
    } else {
        one_line(word)
    }
}

/// Returns a text from outside as one argument of a suggested command: characters that a shell would act on are
/// quoted, and a text that looks like an option follows `--`.
pub fn shell_argument(word: &str) -> String {
    let line = sanitize(word).replace(['\n', '\t'], " ");
    let quoted = shell_words::quote(&line);
    if line.starts_with('-') {
        format!("-- {quoted}")
    } else {
        quoted.into_owned()
    }
}

/// Returns the whole text on one line, with everything that could hide a part of it escaped: a line break as `\n`, other
/// control characters and invisible characters by their number.
pub fn escape(text: &str) -> String {
    if !text.contains(is_unsafe_char) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // So that none of these is taken for a text that was written with a backslash.
            '\\' => shown.push_str("\\\\"),
            c if is_unsafe_char(c) => {
                shown.extend(c.escape_unicode());
            }
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_strips_control_characters() {
        assert_eq!(
            one_line("a\u{1b}[31mred\u{7}\u{202e}b\u{9b}c"),
            "a[31mredbc"
        );
        assert_eq!(one_line("two\nlines"), "two lines");
        assert_eq!(Untrusted::new("\u{1b}]0;x\u{7}").to_string(), "]0;x");
    }

    #[test]
    fn typed_secret_masked_name_kept() {
        for secret in [
            "sk-fake-0123456789abcdef",
            "AKIAFAKE0123456789AB",
            "eyJhbGciOiJub25lIn0.eyJmYWtlIjoxfQ.c2ln",
            "wFakeXUtnFEMI/K7MDENG/bPxRfiCYFAKEFAKEKEY",
            "Bearer sk-fake-AbCdEf01",
            "user:fake0123456789abcdef",
            "A1b2C3d4E5f6",
            "fakefakefakefakefakefakefake",
        ] {
            assert!(mask_typed_secret(secret).contains("***"), "{secret}");
        }
        for name in [
            "production-eu-west-1",
            "github.com",
            "2027-13-31T00:00:00Z",
            "my-very-long-profile-name",
            "90d",
            "ContinuousDelivery",
            "18446744073709551615",
            "20261127-d5601d",
            "20261127-d5601d-7b21d4",
            "https://abc12345.example.com/x",
            "./deploy12345/keywright.toml",
        ] {
            assert_eq!(mask_typed_secret(name), name);
        }
    }

    #[test]
    fn shell_argument_unsafe_text_is_quoted() {
        assert_eq!(shell_argument("k1"), "k1");
        assert_eq!(shell_argument("my key; rm -rf ~"), "'my key; rm -rf ~'");
        assert_eq!(shell_argument("-rf"), "-- -rf");
    }

    #[test]
    fn invisible_characters_are_removed() {
        for (from, to) in INVISIBLE {
            assert_eq!(one_line(&format!("a{from}{to}b")), "ab", "{from:?}");
        }
        for c in ["é", "日", "👍", "\u{301}", "\u{a0}"] {
            assert_eq!(one_line(c), c);
        }
    }

    #[test]
    fn sanitize_strips_controls_keeps_newlines() {
        assert_eq!(
            sanitize("a\u{1b}]52;c;eA==\u{7}\n\tb\rc\u{9d}"),
            "a]52;c;eA==\n\tbc"
        );
    }

    #[test]
    fn escape_encodes_controls_without_truncation() {
        assert_eq!(escape("a\\b"), "a\\b");
        assert_eq!(
            escape("a\nb\\n\u{1b}\u{202e}"),
            "a\\nb\\\\n\\u{1b}\\u{202e}"
        );
        assert_eq!(escape(&"x".repeat(1000)).len(), 1000);
    }

    #[test]
    fn one_line_long_text_is_truncated() {
        assert_eq!(one_line(&"x".repeat(1 << 20)).chars().count(), 201);
    }

    #[test]
    fn untrusted_json_keeps_original_text() {
        assert_eq!(
            serde_json::to_string(&Untrusted::new("a\u{1b}b")).unwrap(),
            r#""a\u001bb""#
        );
    }
}
