//! Colours, signs and widths of a question.

use console::measure_text_width;

use super::super::Env;
use crate::core::terminal::{beginning, painted};

/// The abilities of the terminal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// It can be painted.
    pub(super) color: bool,
    /// It has more signs than ASCII.
    pub(super) unicode: bool,
    /// It understands nothing but text.
    pub(super) dumb: bool,
}

impl Look {
    pub(super) fn of(env: &Env) -> Look {
        Look {
            color: env.allows_color(),
            unicode: env.speaks_utf8(),
            dumb: env.is_dumb_terminal(),
        }
    }

    /// Returns the second sign where the first cannot be shown.
    pub(super) fn sign(self, sign: char, plain: char) -> char {
        if self.unicode { sign } else { plain }
    }

    pub(super) fn bullet(self) -> char {
        self.sign('•', '*')
    }

    pub(super) fn paint(self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() {
            painted(code, text)
        } else {
            text.to_owned()
        }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(super) fn reason(self, text: &str) -> String {
        self.paint("31", text)
    }

    pub(super) fn asks(self) -> String {
        self.paint("33", "?")
    }

    pub(super) fn done(self) -> String {
        self.paint("32", &self.sign('✔', '+').to_string())
    }

    pub(super) fn arrow(self) -> String {
        self.dim(&self.sign('›', '>').to_string())
    }

    /// Cuts `text`, which is not painted, to `width` columns.
    pub(super) fn cut(self, text: &str, width: usize) -> String {
        if measure_text_width(text) <= width {
            return text.to_owned();
        }
        let Some(room) = width.checked_sub(1) else {
            return String::new();
        };
        format!("{}{}", beginning(text, room), self.sign('…', '~'))
    }

    /// Cuts the beginning of `text` to `width` columns.
    pub(super) fn cut_start(self, text: &str, width: usize) -> String {
        if measure_text_width(text) <= width {
            return text.to_owned();
        }
        let mut kept = Vec::new();
        let mut used = 1;
        for c in text.chars().rev() {
            used += columns(c);
            if used > width {
                break;
            }
            kept.push(c);
        }
        if width > 0 {
            kept.push(self.sign('…', '~'));
        }
        kept.iter().rev().collect()
    }
}

fn columns(c: char) -> usize {
    measure_text_width(c.encode_utf8(&mut [0; 4]))
}

/// Breaks `text` into lines of at most `width` columns, between words where it can.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let length = measure_text_width(word);
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        } else if used > 0 {
            used += 1;
            if let Some(line) = lines.last_mut() {
                line.push(' ');
            }
        }
        for c in word.chars() {
            if used + columns(c) > width && used > 0 {
                lines.push(String::new());
                used = 0;
            }
            used += columns(c);
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Look = Look {
        color: false,
        unicode: true,
        dumb: false,
    };

    #[test]
    fn text_is_cut_to_columns() {
        for (text, width, start, end) in [
            ("production", 10, "production", "production"),
            ("production", 6, "produ…", "…ction"),
            ("漢字漢字", 6, "漢字…", "…漢字"),
            ("漢字漢字", 5, "漢字…", "…漢字"),
            ("production", 1, "…", "…"),
            ("production", 0, "", ""),
        ] {
            assert_eq!(PLAIN.cut(text, width), start);
            assert_eq!(PLAIN.cut_start(text, width), end);
        }
    }

    #[test]
    fn prompt_is_wrapped_between_words() {
        assert_eq!(wrapped("Name of the key", 8), ["Name of", "the key"]);
        assert_eq!(wrapped("Name", 8), ["Name"]);
        assert_eq!(wrapped("an-unbreakable", 6), ["an-unb", "reakab", "le"]);
    }
}
