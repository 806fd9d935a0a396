//! The lines of a question on the screen, drawn over those before.

use console::measure_text_width;

use super::super::look::Look;

/// Lines to show; the cursor stands in the last one.
#[derive(Default, PartialEq)]
pub(super) struct Frame {
    pub(super) lines: Vec<String>,
    /// The columns that the cursor stands left of the end.
    pub(super) back: usize,
}

/// The lines that were drawn.
pub(super) struct Screen {
    look: Look,
    widths: Vec<usize>,
}

impl Screen {
    pub(super) fn new(look: Look) -> Self {
        Screen {
            look,
            widths: Vec::new(),
        }
    }

    /// Forgets what was drawn: it is no longer where it was.
    pub(super) fn forget(&mut self) {
        self.widths.clear();
    }

    /// Returns what draws `frame` in place of the one before.
    pub(super) fn draw(&mut self, frame: &Frame, columns: usize) -> String {
        let mut text = self.erase(columns);
        self.widths = frame
            .lines
            .iter()
            .map(|line| measure_text_width(line))
            .collect();
        text.push_str(&frame.lines.join("\r\n"));
        if frame.back > 0 {
            if self.look.dumb {
                text.push_str(&"\u{8}".repeat(frame.back));
            } else {
                let back = format!("\u{1b}[{}D", frame.back);
                text.push_str(&back);
            }
        }
        text
    }

    /// Returns what removes the frame.
    pub(super) fn erase(&mut self, columns: usize) -> String {
        let Some(last) = self.widths.last() else {
            return String::new();
        };
        if self.look.dumb {
            // All but the last line stay.
            let text = format!("\r{}\r", " ".repeat(*last));
            self.widths.clear();
            return text;
        }
        // A terminal that became narrower has broken the lines.
        let rows = |width: &usize| width.saturating_sub(1) / columns.max(1) + 1;
        let above = self.widths.iter().map(rows).sum::<usize>() - 1;
        self.widths.clear();
        if above > 0 {
            format!("\r\u{1b}[{above}A\u{1b}[J")
        } else {
            "\r\u{1b}[J".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::Env;
    use super::*;

    #[test]
    fn frame_is_drawn_over_last_one() {
        let look = Look::of(&Env::new([("TERM".to_owned(), "xterm".to_owned())]));
        let mut screen = Screen::new(look);
        let frame = |lines: &[&str], back| Frame {
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            back,
        };
        assert_eq!(screen.draw(&frame(&["one", "two"], 0), 80), "one\r\ntwo");
        assert_eq!(
            screen.draw(&frame(&["three"], 2), 80),
            "\r\u{1b}[1A\u{1b}[Jthree\u{1b}[2D"
        );
        screen.draw(&frame(&[&"x".repeat(70), "y"], 0), 80);
        // At 40 columns the first one has become two.
        assert_eq!(screen.erase(40), "\r\u{1b}[2A\u{1b}[J");
        assert_eq!(screen.erase(40), "");
    }

    #[test]
    fn dumb_terminal_gets_no_escapes() {
        let look = Look::of(&Env::new([("TERM".to_owned(), "dumb".to_owned())]));
        let mut screen = Screen::new(look);
        let frame = |text: &str| Frame {
            lines: vec![text.to_owned()],
            back: 1,
        };
        assert_eq!(screen.draw(&frame("ab"), 80), "ab\u{8}");
        assert_eq!(screen.draw(&frame("a"), 80), "\r  \ra\u{8}");
    }
}
