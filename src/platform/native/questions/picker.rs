//! A list to choose from, narrowed by typing.

use super::super::look::Look;
use super::Step;
use super::keys::Key;
use super::screen::Frame;

/// More items than this are not taken in at once.
const MAX_ROWS: usize = 12;

/// The lines of the prompt, of the help and of the end.
const LINES_AROUND: usize = 3;

/// The number of items that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    One,
    /// At least one: Enter without a mark takes the one under the cursor.
    Several,
    /// None is an answer.
    Any,
}

/// A list that is chosen from.
pub(super) struct Picker<'a> {
    prompt: &'a str,
    items: &'a [String],
    choice: Choice,
    filter: String,
    /// The items that match the filter.
    matches: Vec<usize>,
    /// The item under the cursor, and the first one that is shown, as places in `matches`.
    cursor: usize,
    top: usize,
    marked: Vec<bool>,
}

impl<'a> Picker<'a> {
    pub(super) fn new(prompt: &'a str, items: &'a [String], choice: Choice) -> Self {
        Picker {
            prompt,
            items,
            choice,
            filter: String::new(),
            matches: (0..items.len()).collect(),
            cursor: 0,
            top: 0,
            marked: vec![false; items.len()],
        }
    }

    pub(super) fn key(&mut self, key: Key) -> Step {
        let count = self.matches.len();
        match key {
            Key::Escape | Key::EndOfInput => return Step::Cancelled,
            Key::Enter if self.answer().is_some() => return Step::Done,
            Key::Up if count > 0 => self.cursor = (self.cursor + count - 1) % count,
            Key::Down if count > 0 => self.cursor = (self.cursor + 1) % count,
            Key::Tab if self.choice == Choice::One && count > 0 => {
                self.cursor = (self.cursor + 1) % count;
            }
            Key::PageUp => self.cursor = self.cursor.saturating_sub(MAX_ROWS),
            Key::PageDown => self.cursor = (self.cursor + MAX_ROWS).min(count.saturating_sub(1)),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = count.saturating_sub(1),
            Key::Tab | Key::Char(' ') if self.choice != Choice::One => {
                if let Some(index) = self.matches.get(self.cursor) {
                    self.marked[*index] ^= true;
                }
            }
            Key::All if self.choice != Choice::One => {
                let wanted = !self.matches.iter().all(|index| self.marked[*index]);
                for index in &self.matches {
                    self.marked[*index] = wanted;
                }
            }
            Key::Char(c) => self.narrow(|filter| filter.push(c)),
            Key::Paste(text) => self.narrow(|filter| {
                let words: Vec<&str> = text.split_whitespace().collect();
                filter.push_str(&words.join(" "));
            }),
            Key::Backspace => self.narrow(|filter| {
                filter.pop();
            }),
            Key::EraseLine | Key::EraseWord => self.narrow(String::clear),
            _ => {}
        }
        Step::More
    }

    /// Returns the indices of the chosen items; `None` while nothing is chosen.
    pub(super) fn answer(&self) -> Option<Vec<usize>> {
        let marked: Vec<usize> = (0..self.items.len())
            .filter(|index| self.marked[*index])
            .collect();
        match self.choice {
            Choice::Any => Some(marked),
            Choice::Several if !marked.is_empty() => Some(marked),
            Choice::One | Choice::Several => {
                self.matches.get(self.cursor).map(|index| vec![*index])
            }
        }
    }

    /// Returns the lines for a screen of this size.
    pub(super) fn frame(&mut self, look: Look, (rows, columns): (usize, usize)) -> Frame {
        // The last column stays free: some terminals break the line there.
        let width = columns.saturating_sub(1);
        let rows = rows.saturating_sub(LINES_AROUND).clamp(1, MAX_ROWS);
        self.top = self.top.min(self.cursor);
        if self.cursor >= self.top + rows {
            self.top = self.cursor + 1 - rows;
        }
        let mut lines = vec![self.head(look, width)];
        for (place, index) in self.matches.iter().enumerate().skip(self.top).take(rows) {
            lines.push(self.row(look, width, place == self.cursor, *index));
        }
        if self.matches.is_empty() {
            lines.push(look.reason(&look.cut(&format!("  no match for `{}`", self.filter), width)));
        }
        lines.push(look.dim(&look.cut(&self.help(rows), width)));
        Frame { lines, back: 0 }
    }

    fn head(&self, look: Look, width: usize) -> String {
        // Of both, the prompt needs to be read.
        let room = width.saturating_sub(5);
        let prompt = look.cut(self.prompt, room);
        let room = room.saturating_sub(console::measure_text_width(&prompt));
        let filter = look.cut_start(&self.filter, room);
        format!(
            "{} {} {} {filter}",
            look.asks(),
            look.bold(&prompt),
            look.arrow()
        )
    }

    fn row(&self, look: Look, width: usize, here: bool, index: usize) -> String {
        let cursor = if here { look.sign('❯', '>') } else { ' ' };
        let mark = match self.choice {
            Choice::One => String::new(),
            _ if self.marked[index] => format!("{} ", look.sign('◉', 'x')),
            _ => format!("{} ", look.sign('○', '-')),
        };
        let row = look.cut(&format!("{cursor} {mark}{}", self.items[index]), width);
        if here { look.paint("36", &row) } else { row }
    }

    fn help(&self, rows: usize) -> String {
        let keys = if self.choice == Choice::One {
            "esc cancels, enter selects, type to search"
        } else {
            "esc cancels, enter confirms, space marks, ctrl-a marks all"
        };
        if self.matches.len() > rows {
            format!("  {} of {}: {keys}", self.cursor + 1, self.matches.len())
        } else {
            format!("  {keys}")
        }
    }

    fn narrow(&mut self, change: impl FnOnce(&mut String)) {
        change(&mut self.filter);
        let lower = self.filter.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let items = self
            .items
            .iter()
            .map(|item| item.to_lowercase())
            .enumerate();
        let found = items.filter(|(_, item)| words.iter().all(|word| item.contains(word)));
        self.matches = found.map(|(index, _)| index).collect();
        (self.cursor, self.top) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::Env;
    use super::super::keys::KeyDecoder;
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn press(picker: &mut Picker<'_>, keys: &str) -> Step {
        let mut decoder = KeyDecoder::default();
        let mut pressed: Vec<Key> = keys.bytes().filter_map(|byte| decoder.push(byte)).collect();
        pressed.extend(decoder.idle());
        let mut last = Step::More;
        for key in pressed {
            last = picker.key(key);
        }
        last
    }

    fn shown(picker: &mut Picker<'_>, size: (usize, usize)) -> Vec<String> {
        let look = Look::of(&Env::new([("LANG".to_owned(), "C.UTF-8".to_owned())]));
        let look = Look {
            color: false,
            ..look
        };
        picker.frame(look, size).lines
    }

    #[test]
    fn picker_chooses_by_keys() {
        let items = names(&["ci", "ci", "Production API", "staging"]);
        for (choice, keys, meant) in [
            (Choice::One, "\r", Some(vec![0])),
            // Of two that look alike, the one under the cursor.
            (Choice::One, "\u{1b}[B\r", Some(vec![1])),
            (Choice::One, "\u{1b}[A\r", Some(vec![3])),
            (Choice::One, "api prod\r", Some(vec![2])),
            (Choice::One, "x\u{7f}stag\r", Some(vec![3])),
            (Choice::One, "nothing\r", None),
            (Choice::Several, "\u{1b}[B\r", Some(vec![1])),
            (Choice::Several, " \u{1b}[B\u{1b}[B\t\r", Some(vec![0, 2])),
            (Choice::Several, "stag \u{15}\r", Some(vec![3])),
            (Choice::Several, "ci\u{1}\r", Some(vec![0, 1])),
            (Choice::Several, "\u{1}\u{1}\r", Some(vec![0])),
            (Choice::Any, "\r", Some(vec![])),
            (Choice::Any, "prod \r", Some(vec![2])),
        ] {
            let mut picker = Picker::new("Key", &items, choice);
            let step = press(&mut picker, keys);
            let done = (step == Step::Done).then(|| picker.answer()).flatten();
            assert_eq!(done, meant, "{choice:?} {keys:?}");
        }
        for keys in ["\u{1b}", "\u{4}", "prod\u{1b}"] {
            let mut picker = Picker::new("Key", &items, Choice::One);
            assert_eq!(press(&mut picker, keys), Step::Cancelled);
        }
    }

    #[test]
    fn picker_says_no_match() {
        let items = names(&["ci"]);
        let mut picker = Picker::new("Key", &items, Choice::One);
        press(&mut picker, "prod");
        assert_eq!(shown(&mut picker, (24, 80))[1], "  no match for `prod`");
    }

    #[test]
    fn picker_lines_fit_narrow_screen() {
        let items = names(&[&"a long name ".repeat(9), &"漢字".repeat(30), "ci"]);
        let prompt = "Key to revoke at production (schatzi)";
        for columns in [10, 40, 80] {
            let mut picker = Picker::new(prompt, &items, Choice::Several);
            press(&mut picker, "a");
            for line in shown(&mut picker, (24, columns)) {
                assert!(console::measure_text_width(&line) < columns, "{line}");
            }
        }
        let mut picker = Picker::new(prompt, &items, Choice::One);
        assert_eq!(
            shown(&mut picker, (24, 24)),
            [
                "? Key to revoke at … › ",
                "❯ a long name a long n…",
                "  漢字漢字漢字漢字漢字…",
                "  ci",
                "  esc cancels, enter s…",
            ]
        );
    }

    #[test]
    fn picker_scrolls_with_its_cursor() {
        let items: Vec<String> = (0..30).map(|number| format!("key {number}")).collect();
        let mut picker = Picker::new("Key", &items, Choice::One);
        press(&mut picker, "\u{1b}[A");
        let lines = shown(&mut picker, (8, 80));
        assert_eq!(lines[1], "  key 25");
        assert_eq!(lines[5], "❯ key 29");
        assert!(lines[6].starts_with("  30 of 30: "), "{}", lines[6]);
    }
}
