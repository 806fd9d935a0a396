//! Input that is typed or pasted without being shown.

use zeroize::Zeroizing;

use super::Step;
use super::keys::{Key, MAX_PASTE_BYTES, USUAL_PASTE_BYTES};

/// More bullets than this would only run over the end of the line.
const MAX_BULLETS: usize = 24;

/// A hidden input: its blocks are single keys and whole pastes.
pub(super) struct HiddenInput {
    text: Zeroizing<String>,
    /// The length of each block in bytes.
    blocks: Vec<usize>,
    /// Enter was pressed, and ends the input unless more follows at once.
    entered: bool,
    /// Keys that follow each other at once are one block: a paste of a terminal without brackets.
    in_burst: bool,
}

impl HiddenInput {
    pub(super) fn new() -> Self {
        HiddenInput {
            // Room from the start, so that no half of it stays behind where it grew.
            text: Zeroizing::new(String::with_capacity(USUAL_PASTE_BYTES)),
            blocks: Vec::new(),
            entered: false,
            in_burst: false,
        }
    }

    pub(super) fn key(&mut self, key: Key) -> Step {
        if self.entered {
            self.entered = false;
            self.add("\n");
            if is_whole_pem(&self.text) {
                return Step::Done;
            }
        }
        match key {
            Key::Char(c) => self.add(c.encode_utf8(&mut [0; 4])),
            Key::Tab => self.add("\t"),
            Key::Paste(text) => {
                self.in_burst = false;
                self.add(&text);
                self.in_burst = false;
            }
            Key::Enter => self.entered = true,
            Key::Backspace => {
                if let Some(length) = self.blocks.pop() {
                    let rest = self.text.len() - length;
                    self.text.truncate(rest);
                }
                self.in_burst = false;
            }
            Key::EraseLine | Key::EraseWord => {
                self.text.clear();
                self.blocks.clear();
            }
            Key::EndOfInput => return Step::Cancelled,
            Key::NoText => return Step::Refused("the input is not text"),
            _ => {}
        }
        Step::More
    }

    /// Nothing followed for a while.
    pub(super) fn idle(&mut self) -> Step {
        self.in_burst = false;
        if is_whole_pem(&self.text) {
            return Step::Done;
        }
        if !std::mem::take(&mut self.entered) {
            return Step::More;
        }
        // An empty line ends a document that never comes to its end.
        if self.text.starts_with("-----BEGIN ") && !self.text.ends_with('\n') {
            self.add("\n");
            return Step::More;
        }
        Step::Done
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns a bullet for each block, and the number of characters if any of it was pasted.
    pub(super) fn shown(&self, bullet: char) -> String {
        let mut shown: String =
            std::iter::repeat_n(bullet, self.blocks.len().min(MAX_BULLETS)).collect();
        if let Some(count) = self.pasted_count() {
            let count = format!(" ({count} characters)");
            shown.push_str(&count);
        }
        shown
    }

    /// Returns the number of characters if any of it was pasted.
    pub(super) fn pasted_count(&self) -> Option<usize> {
        let pasted = self.blocks.iter().any(|length| *length > 4);
        pasted.then(|| self.text.trim().chars().count())
    }

    fn add(&mut self, text: &str) {
        if self.text.len() + text.len() > MAX_PASTE_BYTES {
            return;
        }
        self.text.push_str(text);
        match self.blocks.last_mut().filter(|_| self.in_burst) {
            Some(last) => *last += text.len(),
            None => self.blocks.push(text.len()),
        }
        self.in_burst = true;
    }
}

/// Returns whether `text` is a PEM document up to the end of an `-----END` line.
fn is_whole_pem(text: &str) -> bool {
    if !text.starts_with("-----BEGIN ") {
        return false;
    }
    let last = text.trim_end().lines().next_back().unwrap_or_default();
    last.starts_with("-----END ") && last.len() > 10 && last.ends_with("-----")
}

#[cfg(test)]
mod tests {
    use super::super::keys::KeyDecoder;
    use super::*;

    /// Types bursts with a pause after each.
    fn typed(bursts: &[&str]) -> (Step, HiddenInput) {
        let (mut decoder, mut input) = (KeyDecoder::default(), HiddenInput::new());
        for burst in bursts {
            for byte in burst.bytes() {
                if let Some(key) = decoder.push(byte) {
                    let step = input.key(key);
                    if step != Step::More {
                        return (step, input);
                    }
                }
            }
            decoder.idle();
            let step = input.idle();
            if step != Step::More {
                return (step, input);
            }
        }
        (Step::More, input)
    }

    #[test]
    fn hidden_input_applies_editing_keys() {
        let long = "x".repeat(64 << 10);
        for (bursts, meant) in [
            (vec!["sk-fake\r"], "sk-fake"),
            (vec!["sk-fak", "k", "\u{7f}", "e\n"], "sk-fake"),
            (vec!["é", "é", "\u{8}", "\u{8}", "e\r"], "e"),
            (vec!["wrong\u{15}sk-fake\r"], "sk-fake"),
            // Bytes that follow at once belong to it.
            (vec!["one\rtwo\r"], "one\ntwo"),
            (vec!["\u{1b}[200~one\rtwo\r\u{1b}[201~", "\r"], "one\ntwo\n"),
            // A block goes as a whole.
            (
                vec!["\u{1b}[200~wrong\u{1b}[201~", "\u{7f}", "right", "\r"],
                "right",
            ),
            (vec![&long, "\r"], &long),
            (vec!["\r"], ""),
        ] {
            let (step, input) = typed(&bursts);
            assert_eq!((step, input.text()), (Step::Done, meant));
        }
    }

    #[test]
    fn hidden_input_cancels_at_end() {
        assert_eq!(typed(&["\u{4}"]).0, Step::Cancelled);
        assert_eq!(typed(&["sk-fake\u{4}"]).0, Step::Cancelled);
        assert_eq!(typed(&["sk-fake"]).0, Step::More);
    }

    #[test]
    fn pem_ends_at_its_last_line() {
        let pem = "-----BEGIN FAKE-----\rQUJD\r-----END FAKE-----";
        let lines = "-----BEGIN FAKE-----\nQUJD\n-----END FAKE-----";
        // The rest of the paste is none of it.
        for burst in [
            pem.to_owned(),
            format!("{pem}\r"),
            format!("{pem}\rrm -rf\r"),
        ] {
            let (step, input) = typed(&[&burst]);
            assert_eq!(
                (step, input.text().trim_end()),
                (Step::Done, lines),
                "{burst:?}"
            );
        }
        // Line by line, with a pause after each.
        let (step, input) = typed(&["-----BEGIN FAKE-----\r", "QUJD\r", "-----END FAKE-----\r"]);
        assert_eq!((step, input.text()), (Step::Done, lines));
        // One that never ends is ended by an empty line.
        assert_eq!(typed(&["-----BEGIN FAKE-----\r", "QUJD\r"]).0, Step::More);
        assert_eq!(typed(&["-----BEGIN FAKE-----\r", "\r"]).0, Step::Done);
    }

    #[test]
    fn hidden_input_shows_bullets_per_block() {
        let shown = |bursts: &[&str]| typed(bursts).1.shown('•');
        assert_eq!(shown(&["a", "b", "c"]), "•••");
        assert_eq!(shown(&["a", "sk-fake-0123"]), "•• (13 characters)");
        assert_eq!(
            shown(&["\u{1b}[200~sk-fake-0123\u{1b}[201~"]),
            "• (12 characters)"
        );
        assert_eq!(shown(&vec!["a"; 99]), "•".repeat(24));
    }
}
