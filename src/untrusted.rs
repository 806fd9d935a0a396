//! Text that somebody else wrote: shown without the power to move a cursor or to hide a word.

use std::fmt;

use serde::Serialize;

/// How much of a foreign text is shown in one place, in characters.
const LONGEST_SHOWN: usize = 200;

/// Text from a server, cleaned when it is displayed and kept as it is when it is compared or written as JSON.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Untrusted(String);

impl Untrusted {
    /// Wraps text from outside.
    pub fn new(text: impl Into<String>) -> Self {
        Untrusted(text.into())
    }

    /// The text as it came, for comparing and for requests; never for a terminal.
    pub fn as_received(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&clean(&self.0))
    }
}

/// Whether a character can change how the text around it looks instead of being seen itself.
pub fn is_invisible_power(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{061C}')
}

/// One line of at most 200 characters in which nothing can steer a terminal.
pub fn clean(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST_SHOWN));
    let mut count = 0;
    for c in text.chars() {
        if is_invisible_power(c) && !matches!(c, '\n' | '\r' | '\t') {
            continue;
        }
        if count == LONGEST_SHOWN {
            shown.push('…');
            break;
        }
        shown.push(if c.is_control() { ' ' } else { c });
        count += 1;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_steer_a_terminal() {
        assert_eq!(clean("a\u{1b}[31mred\u{7}\u{202e}b\u{9b}c"), "a[31mredbc");
        assert_eq!(clean("two\nlines"), "two lines");
        assert_eq!(Untrusted::new("\u{1b}]0;x\u{7}").to_string(), "]0;x");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(clean(&"x".repeat(1 << 20)).chars().count(), 201);
    }

    #[test]
    fn json_keeps_what_came() {
        assert_eq!(
            serde_json::to_string(&Untrusted::new("a\u{1b}b")).unwrap(),
            r#""a\u001bb""#
        );
    }
}
