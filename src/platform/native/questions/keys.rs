//! The keys behind the bytes of a terminal.

use zeroize::Zeroizing;

/// The longest paste, in bytes; the rest of a longer one is dropped.
pub(super) const MAX_PASTE_BYTES: usize = 1 << 20;

/// Room from the start, so that no half of a pasted secret stays behind where the buffer grew.
pub(super) const USUAL_PASTE_BYTES: usize = 128 << 10;

/// The end of a bracketed paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// A key, or what was pasted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Enter,
    Tab,
    Escape,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// Ctrl-U.
    EraseLine,
    /// Ctrl-W.
    EraseWord,
    /// Ctrl-A at a list.
    All,
    /// Ctrl-D.
    EndOfInput,
    /// A bracketed paste, with `\n` as its line ends.
    Paste(Zeroizing<String>),
    /// Bytes that are no text.
    NoText,
}

/// Reads keys out of bytes as they come.
#[derive(Default)]
pub(super) struct KeyDecoder {
    state: State,
}

#[derive(Default)]
enum State {
    #[default]
    Ground,
    Escape,
    /// After `ESC [` or `ESC O`, with what followed.
    Sequence(Vec<u8>),
    /// A character of several bytes, and how many it has.
    Character(Vec<u8>, usize),
    Paste(Zeroizing<Vec<u8>>),
}

impl KeyDecoder {
    /// Takes the next byte, and returns the key that it completes.
    pub(super) fn push(&mut self, byte: u8) -> Option<Key> {
        match &mut self.state {
            State::Ground => self.begin(byte),
            State::Escape if matches!(byte, b'[' | b'O') => {
                self.state = State::Sequence(Vec::new());
                None
            }
            // Alt and a key is no key of ours.
            State::Escape => {
                self.state = State::Ground;
                (byte == 0x1b).then_some(Key::Escape)
            }
            State::Sequence(bytes) => {
                bytes.push(byte);
                if !(0x40..=0x7e).contains(&byte) {
                    return None;
                }
                let bytes = std::mem::take(bytes);
                self.state = State::Ground;
                if bytes == b"200~" {
                    self.state =
                        State::Paste(Zeroizing::new(Vec::with_capacity(USUAL_PASTE_BYTES)));
                    return None;
                }
                sequence(&bytes)
            }
            State::Character(bytes, length) => {
                bytes.push(byte);
                if bytes.len() < *length && byte & 0xc0 == 0x80 {
                    return None;
                }
                let text = std::str::from_utf8(bytes).ok();
                let key = text
                    .and_then(|text| text.chars().next())
                    .map_or(Key::NoText, Key::Char);
                self.state = State::Ground;
                Some(key)
            }
            State::Paste(bytes) => {
                if bytes.len() >= MAX_PASTE_BYTES && byte != 0x1b && !is_in_end(bytes) {
                    return None;
                }
                bytes.push(byte);
                if !bytes.ends_with(PASTE_END) {
                    return None;
                }
                let end = bytes.len() - PASTE_END.len();
                bytes.truncate(end);
                let key = std::str::from_utf8(bytes)
                    .map_or(Key::NoText, |text| Key::Paste(unix_lines(text)));
                self.state = State::Ground;
                Some(key)
            }
        }
    }

    /// Nothing followed for a while: an escape that stands alone is a key.
    pub(super) fn idle(&mut self) -> Option<Key> {
        match self.state {
            State::Escape => {
                self.state = State::Ground;
                Some(Key::Escape)
            }
            State::Sequence(_) | State::Character(..) => {
                self.state = State::Ground;
                None
            }
            State::Ground | State::Paste(_) => None,
        }
    }

    fn begin(&mut self, byte: u8) -> Option<Key> {
        Some(match byte {
            b'\r' | b'\n' => Key::Enter,
            b'\t' => Key::Tab,
            0x01 => Key::All,
            0x04 => Key::EndOfInput,
            0x05 => Key::End,
            0x08 | 0x7f => Key::Backspace,
            0x15 => Key::EraseLine,
            0x17 => Key::EraseWord,
            0x1b => {
                self.state = State::Escape;
                return None;
            }
            0..0x20 => return None,
            0x20..0x80 => Key::Char(char::from(byte)),
            0xc2..0xf5 => {
                let length = match byte {
                    0xc2..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    _ => 4,
                };
                self.state = State::Character(vec![byte], length);
                return None;
            }
            _ => Key::NoText,
        })
    }
}

/// Returns whether the last bytes may be the beginning of [`PASTE_END`].
fn is_in_end(bytes: &[u8]) -> bool {
    (1..PASTE_END.len()).any(|count| bytes.ends_with(&PASTE_END[..count]))
}

fn sequence(bytes: &[u8]) -> Option<Key> {
    Some(match bytes {
        b"A" | b"Z" => Key::Up,
        b"B" => Key::Down,
        b"C" => Key::Right,
        b"D" => Key::Left,
        b"H" | b"1~" | b"7~" => Key::Home,
        b"F" | b"4~" | b"8~" => Key::End,
        b"3~" => Key::Delete,
        b"5~" => Key::PageUp,
        b"6~" => Key::PageDown,
        b"M" => Key::Enter,
        _ => return None,
    })
}

/// Terminals send the lines of a paste with `\r`.
fn unix_lines(text: &str) -> Zeroizing<String> {
    let mut lines = Zeroizing::new(String::with_capacity(text.len()));
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\n' if before == '\r' => {}
            '\r' => lines.push('\n'),
            _ => lines.push(c),
        }
        before = c;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut decoder = KeyDecoder::default();
        let mut keys: Vec<Key> = bytes
            .iter()
            .filter_map(|byte| decoder.push(*byte))
            .collect();
        keys.extend(decoder.idle());
        keys
    }

    #[test]
    fn decoder_reads_keys_and_characters() {
        for (bytes, meant) in [
            (&b"a\r"[..], vec![Key::Char('a'), Key::Enter]),
            ("é漢".as_bytes(), vec![Key::Char('é'), Key::Char('漢')]),
            (b"\x1b", vec![Key::Escape]),
            (
                b"\x1b[A\x1b[3~\x1bOH",
                vec![Key::Up, Key::Delete, Key::Home],
            ),
            // Neither focus reports nor keys of no use leave anything behind.
            (b"\x1b[I\x1b[1;5Cx\x1bb", vec![Key::Char('x')]),
            (
                b"\x04\x15\x7f",
                vec![Key::EndOfInput, Key::EraseLine, Key::Backspace],
            ),
            (b"\xff", vec![Key::NoText]),
            (b"\xc3(", vec![Key::NoText]),
        ] {
            assert_eq!(keys(bytes), meant, "{bytes:?}");
        }
    }

    #[test]
    fn decoder_keeps_paste_whole() {
        let paste = |text: &str| Key::Paste(Zeroizing::new(text.to_owned()));
        let long = "x".repeat(64 << 10);
        for (pasted, meant) in [
            ("sk-fake", "sk-fake"),
            ("a\rb\r\nc\nd", "a\nb\nc\nd"),
            // A part of the end is content.
            ("\u{1b}[20", "\u{1b}[20"),
            ("\u{4}\u{7f}", "\u{4}\u{7f}"),
            (&long, &long),
        ] {
            let bytes = format!("\u{1b}[200~{pasted}\u{1b}[201~\r");
            assert_eq!(keys(bytes.as_bytes()), [paste(meant), Key::Enter]);
        }
        let endless = format!(
            "\u{1b}[200~{}\u{1b}[201~\r",
            "x".repeat(MAX_PASTE_BYTES + 99)
        );
        let read = keys(endless.as_bytes());
        assert_eq!(read[0], paste(&"x".repeat(MAX_PASTE_BYTES)));
        assert_eq!(read[1..], [Key::Enter]);
    }
}
