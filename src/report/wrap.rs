//! Long texts on a terminal: broken between words, with a hanging indent, and commands so that they can be copied.

use unicode_width::UnicodeWidthStr;

use crate::core::advice;
use crate::core::terminal::beginning;

/// The room in which a text stands.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The columns of the terminal.
    pub width: usize,
    /// The columns of the first line that are taken.
    pub taken: usize,
    /// The indent of each further line.
    pub hang: usize,
}

/// The mark at which a shell joins a line with the next one.
const CONTINUATION: &str = " \\";

/// Breaks a line between words, with spaces in front of each further line. A command after a colon stays on one line
/// if it fits there; a longer one is continued as a shell continues it, and nothing inside quotes is broken. A word that
/// is longer than a line is not broken.
pub fn wrap(text: &str, room: Room) -> String {
    if room.taken + text.width() <= room.width {
        return text.to_owned();
    }
    let mut lines = Lines {
        text: String::with_capacity(text.len() + 16),
        column: room.taken,
        is_fresh: true,
        room,
    };
    let mut from = 0;
    for command in advice::commands(text) {
        for word in words_of(&text[from..command.start]) {
            lines.word(word);
        }
        // The mark behind it stays beside it.
        from = command.end + usize::from(command.end < text.len());
        lines.command(&text[command.start..from]);
    }
    for word in words_of(&text[from..]) {
        lines.word(word);
    }
    lines.text
}

struct Lines {
    text: String,
    column: usize,
    /// Nothing stands on this line but its head or its indent.
    is_fresh: bool,
    room: Room,
}

impl Lines {
    fn fits(&self, width: usize) -> bool {
        let space = usize::from(!self.is_fresh);
        self.column + space + width <= self.room.width
    }

    fn push(&mut self, text: &str) {
        if !self.is_fresh {
            self.text.push(' ');
            self.column += 1;
        }
        self.text.push_str(text);
        self.column += text.width();
        self.is_fresh = false;
    }

    fn next_line(&mut self, indent: usize) {
        self.text.push('\n');
        self.text.push_str(&" ".repeat(indent));
        self.column = indent;
        self.is_fresh = true;
    }

    fn word(&mut self, word: &str) {
        if !self.fits(word.width()) && !self.is_fresh {
            self.next_line(self.room.hang);
        }
        self.push(word);
    }

    fn command(&mut self, command: &str) {
        let width = command.width();
        let at_own_line = self.room.hang + width <= self.room.width;
        if !self.fits(width) && !self.is_fresh {
            self.next_line(self.room.hang);
        }
        if self.fits(width) || at_own_line {
            self.push(command);
            return;
        }
        let words = shell_words_of(command);
        let last = words.len().saturating_sub(1);
        for (index, word) in words.into_iter().enumerate() {
            let reserved = if index == last { 0 } else { CONTINUATION.len() };
            // The end of the line is mark enough where the terminal would break the word.
            let fits_alone = self.room.hang + 2 + word.width() <= self.room.width;
            let word = if index == last && !fits_alone {
                word.trim_end_matches([';', ','])
            } else {
                word
            };
            if !self.fits(word.width() + reserved) && !self.is_fresh {
                self.text.push_str(CONTINUATION);
                self.next_line(self.room.hang + 2);
            }
            self.push(word);
        }
    }
}

/// The widest remark in parentheses that is not broken.
const MAX_REMARK: usize = 20;

/// Splits a text at its spaces; a short remark in parentheses stays together.
fn words_of(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start_matches(' ');
    while !rest.is_empty() {
        let remark = rest.strip_prefix('(').and_then(|inside| inside.find(')'));
        let remark = remark.filter(|length| rest[..*length].width() <= MAX_REMARK);
        let from = remark.unwrap_or(0);
        let end = rest[from..].find(' ').map_or(rest.len(), |end| from + end);
        words.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(' ');
    }
    words
}

/// Returns the width of the widest part of a text that is never broken.
pub(super) fn widest_word(text: &str) -> usize {
    let words = text.split(' ').map(UnicodeWidthStr::width);
    words.max().unwrap_or(0)
}

/// Splits a command at spaces outside of quotes; the quotes stay.
fn shell_words_of(command: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let spaces = advice::unquoted(command).filter(|(_, c)| *c == ' ');
    for end in spaces.map(|(at, _)| at).chain([command.len()]) {
        if start < end {
            words.push(&command[start..end]);
        }
        start = end + 1;
    }
    words
}

/// Returns the beginning of a text that is at most `width` columns wide, with `mark` at its end if it was cut.
pub fn cut(text: &str, width: usize, mark: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let kept = beginning(text, width.saturating_sub(mark.width()));
    format!("{}{mark}", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize) -> String {
        let room = Room {
            width,
            taken: 6,
            hang: 6,
        };
        wrap(text, room)
    }

    #[test]
    fn wrap_long_text_hangs() {
        assert_eq!(
            wrapped("one two three four five six", 20),
            "one two three\n      four five six"
        );
        assert_eq!(
            wrapped("日本語 日本語 日本語", 20),
            "日本語 日本語\n      日本語"
        );
        assert_eq!(wrapped("it  fits", 20), "it  fits");
        assert_eq!(
            wrapped("2026-11-01 (4 days ago), and more", 26),
            "2026-11-01\n      (4 days ago), and\n      more"
        );
        assert_eq!(
            wrapped("see https://api.example.com/x", 20),
            "see\n      https://api.example.com/x"
        );
    }

    #[test]
    fn wrap_fitting_command_stays_whole() {
        let hint = "log in again: keywright login acme";
        assert_eq!(wrapped(hint, 80), hint);
        assert_eq!(
            wrapped(hint, 30),
            "log in again:\n      keywright login acme"
        );
    }

    #[test]
    fn wrap_long_command_is_continued() {
        assert_eq!(
            wrapped(
                "then: keywright -p 'my long profile' keys list --json; or wait",
                38
            ),
            "then:\n      keywright -p 'my long profile' \\\n        keys list --json; or wait"
        );
        let longer = "keywright keys show 'a name that is longer than any line'";
        assert_eq!(
            wrapped(longer, 30),
            "keywright keys show \\\n        'a name that is longer than any line'"
        );
    }

    #[test]
    fn wrap_full_line_ends_command() {
        let hint = "if unused: keywright keys revoke 8-4-4-4-12; otherwise name it";
        assert_eq!(
            wrapped(hint, 18),
            "if unused:\n      keywright \\\n        keys \\\n        revoke \\\n        8-4-4-4-12\n      \
             otherwise\n      name it"
        );
    }

    #[test]
    fn wrap_prose_about_keywright_breaks() {
        assert_eq!(
            wrapped("this keywright reads one version", 26),
            "this keywright reads\n      one version"
        );
    }

    #[test]
    fn cut_wide_characters_fits() {
        assert_eq!(cut("production", 10, "…"), "production");
        assert_eq!(cut("production", 8, "…"), "product…");
        assert_eq!(cut("日本語のキー", 8, "…"), "日本語…");
        assert_eq!(cut("a b c", 4, "…"), "a b…");
        assert_eq!(cut("production", 8, "..."), "produ...");
        assert_eq!(cut("e\u{301}e\u{301}e\u{301}", 2, "…"), "e\u{301}…");
    }
}
