//! Text on a terminal: its width, and its colours.

use std::fmt::Display;

use unicode_width::UnicodeWidthStr;

/// Returns the longest beginning of a text that is at most `width` columns wide.
pub fn beginning(text: &str, width: usize) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take_while(|end| text[..*end].width() <= width).last();
    &text[..end.unwrap_or(0)]
}

/// Returns a text with an SGR code in front of it, such as `31`, and the usual colours behind it.
pub fn painted(code: impl Display, text: &str) -> String {
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
