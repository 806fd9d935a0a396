//! Quotes a value so that shells and the loaders of several languages read the same.
//!
//! They agree on less than it seems: Node.js decodes no escape but `\n` in double quotes, Python decodes `\\` in
//! single ones, a shell expands `$` in double ones. So a value is written in a form that all of them read alike if
//! there is one, and else as a POSIX shell reads it.

use zeroize::Zeroizing;

/// The quotes around a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    None,
    Single,
    Double,
    Backtick,
}

impl Quote {
    pub(super) fn opened_by(c: Option<char>) -> Quote {
        match c {
            Some('\'') => Quote::Single,
            Some('"') => Quote::Double,
            Some('`') => Quote::Backtick,
            _ => Quote::None,
        }
    }

    pub(super) fn mark(self) -> &'static str {
        match self {
            Quote::None => "",
            Quote::Single => "'",
            Quote::Double => "\"",
            Quote::Backtick => "`",
        }
    }

    /// Returns whether all of them read `value` in these quotes unchanged.
    fn carries(self, value: &str) -> bool {
        match self {
            Quote::None => value.chars().all(is_plain),
            Quote::Single => {
                !value.contains('\'') && !value.contains("\\\\") && !value.ends_with('\\')
            }
            Quote::Double => !value.contains(['"', '\\', '$', '`']),
            // A shell would run the value as a command, and print it in an error if there is none of that name.
            Quote::Backtick => false,
        }
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c)
}

/// Returns `value` in its written form, in the existing quotes if they can hold it.
pub(super) fn written(value: &str, standing: Quote) -> Zeroizing<String> {
    let fit = [standing, Quote::Single, Quote::Double]
        .into_iter()
        .find(|quote| quote.carries(value));
    if let Some(quote) = fit {
        let mark = quote.mark();
        return Zeroizing::new(format!("{mark}{value}{mark}"));
    }
    let mut text = Zeroizing::new(String::with_capacity(2 * value.len() + 2));
    text.push('"');
    for c in value.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    text
}

/// Returns the value of the text `raw` between `quote`s.
pub(super) fn read(raw: &str, quote: Quote) -> Zeroizing<String> {
    match quote {
        Quote::None | Quote::Backtick => Zeroizing::new(raw.to_owned()),
        Quote::Single => Zeroizing::new(raw.replace("\\'", "'")),
        Quote::Double => unescaped(raw),
    }
}

fn unescaped(raw: &str) -> Zeroizing<String> {
    let mut value = Zeroizing::new(String::with_capacity(raw.len()));
    let mut characters = raw.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match characters.next() {
            Some(escaped @ ('"' | '\\' | '$' | '`')) => value.push(escaped),
            Some('n') => value.push('\n'),
            Some('r') => value.push('\r'),
            Some(other) => {
                value.push('\\');
                value.push(other);
            }
            None => value.push('\\'),
        }
    }
    value
}
