//! The symbols and colours beside words, so that a screen can be read without colour and in every locale.

use std::borrow::Cow;

use crate::core::terminal::painted;

/// The characters that the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// All.
    Unicode,
    /// Those of ASCII alone.
    Ascii,
}

/// A colour of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Color {
    Red,
    Green,
    Yellow,
    Cyan,
    /// Not a colour: less prominent than the text around.
    Dim,
    /// Not a colour: more prominent than the text around.
    Bold,
}

/// The words with a symbol, in Unicode and in ASCII, and a colour.
const STATUSES: [(&str, &str, &str, Color); 19] = [
    ("active", "●", "*", Color::Green),
    ("valid", "●", "*", Color::Green),
    ("done", "✓", "+", Color::Green),
    ("ok", "✓", "+", Color::Green),
    ("disabled", "◌", "o", Color::Yellow),
    ("restricted", "▲", "!", Color::Yellow),
    ("blocked", "▲", "!", Color::Yellow),
    ("started", "▲", "!", Color::Yellow),
    ("warning", "▲", "!", Color::Yellow),
    ("expired", "✗", "x", Color::Red),
    ("revoked", "✗", "x", Color::Red),
    ("invalid", "✗", "x", Color::Red),
    ("error", "✗", "x", Color::Red),
    ("failed", "✗", "x", Color::Red),
    ("lost", "✗", "x", Color::Red),
    ("unknown", "?", "?", Color::Yellow),
    ("info", "·", "-", Color::Cyan),
    ("pending", "·", "-", Color::Dim),
    ("planned", "·", "-", Color::Dim),
];

impl Charset {
    /// Returns the mark of a text that was cut.
    pub(super) fn ellipsis(self) -> &'static str {
        match self {
            Charset::Unicode => "…",
            Charset::Ascii => "...",
        }
    }

    /// Returns the mark before advice.
    pub(super) fn arrow(self) -> &'static str {
        match self {
            Charset::Unicode => "→",
            Charset::Ascii => "->",
        }
    }

    /// Returns a status behind its symbol; another word as it is.
    pub(super) fn marked(self, word: &str) -> String {
        match symbol(word, self) {
            Some((symbol, _)) => format!("{symbol} {word}"),
            None => word.to_owned(),
        }
    }
}

/// Returns the symbol and the colour of a status.
pub(super) fn symbol(word: &str, charset: Charset) -> Option<(&'static str, Color)> {
    let found = STATUSES.iter().find(|(known, ..)| *known == word)?;
    let (_, unicode, ascii, color) = *found;
    let symbol = match charset {
        Charset::Unicode => unicode,
        Charset::Ascii => ascii,
    };
    Some((symbol, color))
}

/// Returns the colour of a status that stands behind its symbol.
pub(super) fn color_of(marked: &str) -> Option<Color> {
    let word = marked.split_once(' ').map_or(marked, |(_, word)| word);
    symbol(word, Charset::Ascii).map(|(_, color)| color)
}

/// Returns a text in a colour, if colours are wanted.
pub(super) fn paint(text: &str, color: Color, wanted: bool) -> Cow<'_, str> {
    if !wanted || text.is_empty() {
        return Cow::Borrowed(text);
    }
    let code = match color {
        Color::Red => 31,
        Color::Green => 32,
        Color::Yellow => 33,
        Color::Cyan => 36,
        Color::Dim => 2,
        Color::Bold => 1,
    };
    Cow::Owned(painted(code, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_symbols_are_ascii() {
        for (word, ..) in STATUSES {
            assert!(Charset::Ascii.marked(word).is_ascii(), "{word}");
        }
        assert!(Charset::Ascii.ellipsis().is_ascii() && Charset::Ascii.arrow().is_ascii());
    }
}
