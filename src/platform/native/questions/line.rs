//! A line of text that is typed and seen.

use super::Step;
use super::keys::Key;

/// A longer answer is none.
const MAX_CHARS: usize = 16 << 10;

/// A line that is edited.
pub(super) struct LineInput {
    text: Vec<char>,
    cursor: usize,
}

impl LineInput {
    /// Begins with a text that can be corrected.
    pub(super) fn new(text: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        LineInput {
            cursor: text.len(),
            text,
        }
    }

    pub(super) fn key(&mut self, key: &Key) -> Step {
        match key {
            Key::Char(c) => self.insert(*c),
            Key::Paste(text) => {
                for c in text.trim().chars() {
                    self.insert(if c.is_control() { ' ' } else { c });
                }
            }
            Key::Enter => return Step::Done,
            Key::EndOfInput => return Step::Cancelled,
            Key::NoText => return Step::Refused("the input is not text"),
            Key::Left => self.cursor = self.cursor.saturating_sub(1),
            Key::Right => self.cursor = (self.cursor + 1).min(self.text.len()),
            Key::Home | Key::All => self.cursor = 0,
            Key::End => self.cursor = self.text.len(),
            Key::Backspace if self.cursor > 0 => {
                self.cursor -= 1;
                self.text.remove(self.cursor);
            }
            Key::Delete if self.cursor < self.text.len() => {
                self.text.remove(self.cursor);
            }
            Key::EraseLine => {
                self.text.drain(..self.cursor);
                self.cursor = 0;
            }
            Key::EraseWord => {
                let before = &self.text[..self.cursor];
                let end = before
                    .iter()
                    .rposition(|c| *c != ' ')
                    .map_or(0, |at| at + 1);
                let start = before[..end]
                    .iter()
                    .rposition(|c| *c == ' ')
                    .map_or(0, |at| at + 1);
                self.text.drain(start..self.cursor);
                self.cursor = start;
            }
            _ => {}
        }
        Step::More
    }

    pub(super) fn text(&self) -> String {
        self.text.iter().collect()
    }

    /// The text before the cursor and after it.
    pub(super) fn halves(&self) -> (String, String) {
        let (before, after) = self.text.split_at(self.cursor);
        (before.iter().collect(), after.iter().collect())
    }

    fn insert(&mut self, c: char) {
        if self.text.len() < MAX_CHARS {
            self.text.insert(self.cursor, c);
            self.cursor += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::KeyDecoder;
    use super::*;

    #[test]
    fn line_applies_editing_keys() {
        for (before, keys, meant) in [
            ("", "ci", "ci|"),
            ("2027-13", "\u{7f}\u{7f}01", "2027-01|"),
            ("ab", "\u{1b}[D\u{1b}[Dx\u{1b}[3~", "x|b"),
            ("one two ", "\u{17}", "one |"),
            ("one two", "\u{1}x\u{5}y", "xone twoy|"),
            ("wrong", "\u{15}right", "right|"),
            ("", "\u{1b}[200~ one\rtwo\r\u{1b}[201~", "one two|"),
            ("", "\u{7f}é漢\u{1b}[D", "é|漢"),
        ] {
            let (mut decoder, mut line) = (KeyDecoder::default(), LineInput::new(before));
            for key in keys.bytes().filter_map(|byte| decoder.push(byte)) {
                assert_eq!(line.key(&key), Step::More);
            }
            let (left, right) = line.halves();
            assert_eq!(format!("{left}|{right}"), meant);
        }
    }
}
