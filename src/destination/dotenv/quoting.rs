//! How a value is written so that shells and the loaders of several languages read the same.
//!
//! They agree on less than it seems: Node.js undoes no escape but `\n` in double quotes, Python undoes `\\` in single
//! ones, a shell expands `$` in double ones. So a value is written in a form that all of them read alike wherever there
//! is one, and as a POSIX shell reads it where there is none.

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

    /// Whether everybody reads `value` in these quotes as it is.
    fn carries(self, value: &str) -> bool {
        match self {
            Quote::None => value.chars().all(is_plain),
            Quote::Single => {
                !value.contains('\'') && !value.contains("\\\\") && !value.ends_with('\\')
            }
            Quote::Double => !value.contains(['"', '\\', '$', '`']),
            // A shell would run the value as a command, and repeat it when there is none of that name.
            Quote::Backtick => false,
        }
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c)
}

/// `value` as it is written, in the quotes that stand there already if they can carry it.
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

/// The value that stands between `quote`s as `raw`.
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
