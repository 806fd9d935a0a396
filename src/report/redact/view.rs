//! A text as it reads after decoding, with the place in the source of each of its characters.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::core::untrusted::is_unsafe_char;

/// A decoded text; only one that differs from its source exists.
pub(super) struct DecodedText {
    text: Zeroizing<String>,
    /// For each byte of `text` the range of the source that its character was decoded from.
    sources: Vec<Range<usize>>,
    joined: bool,
}

/// Collects the characters of a view.
struct DecodedTextBuilder {
    text: Zeroizing<Vec<u8>>,
    sources: Vec<Range<usize>>,
    changed: bool,
}

impl DecodedTextBuilder {
    fn new(source: &str) -> Self {
        DecodedTextBuilder {
            text: Zeroizing::new(Vec::with_capacity(source.len())),
            sources: Vec::with_capacity(source.len()),
            changed: false,
        }
    }

    fn push(&mut self, bytes: &[u8], source: &Range<usize>) {
        self.text.extend_from_slice(bytes);
        self.sources.extend(bytes.iter().map(|_| source.clone()));
    }

    fn push_char(&mut self, c: char, source: &Range<usize>) {
        self.push(c.encode_utf8(&mut [0; 4]).as_bytes(), source);
    }

    fn finish(mut self, joined: bool) -> Option<DecodedText> {
        // Bytes that are no text cannot be a secret, which is text: a view of them is not needed.
        let text = String::from_utf8(std::mem::take(&mut *self.text)).ok()?;
        self.changed.then(|| DecodedText {
            text: Zeroizing::new(text),
            sources: self.sources,
            joined,
        })
    }
}

impl DecodedText {
    /// Returns the source without escape sequences, line breaks, blanks and invisible characters.
    pub(super) fn joined(source: &str) -> Option<DecodedText> {
        let mut built = DecodedTextBuilder::new(source);
        let mut rest = source.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            if c == '\u{1b}' && rest.next_if(|(_, next)| *next == '[').is_some() {
                // The final byte of a control sequence is between `@` and `~`.
                let middle = rest.by_ref();
                let _ = middle.find(|(_, next)| ('@'..='~').contains(next));
            } else if !is_gap(c) {
                built.push_char(c, &(at..at + c.len_utf8()));
                continue;
            }
            built.changed = true;
        }
        built.finish(true)
    }

    /// Returns the source with `%XX` decoded.
    pub(super) fn percent_decoded(source: &str) -> Option<DecodedText> {
        let bytes = source.as_bytes();
        let mut built = DecodedTextBuilder::new(source);
        let mut at = 0;
        while at < bytes.len() {
            let digits = source.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            let length = if byte.is_some() { 3 } else { 1 };
            built.push(&[byte.unwrap_or(bytes[at])], &(at..at + length));
            built.changed |= byte.is_some();
            at += length;
        }
        built.finish(false)
    }

    /// Returns the source with the escapes of a JSON string decoded.
    pub(super) fn json_unescaped(source: &str) -> Option<DecodedText> {
        let mut built = DecodedTextBuilder::new(source);
        let mut at = 0;
        while let Some(c) = source[at..].chars().next() {
            let decoded = if c == '\\' {
                unescaped(&source[at..])
            } else {
                None
            };
            let (decoded, length) = decoded.map_or((c, c.len_utf8()), |found| {
                built.changed = true;
                found
            });
            built.push_char(decoded, &(at..at + length));
            at += length;
        }
        built.finish(false)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_joined(&self) -> bool {
        self.joined
    }

    /// Returns the range of the source that a range of the view, which is not empty, was decoded from.
    pub(super) fn source(&self, range: &Range<usize>) -> Range<usize> {
        self.sources[range.start].start..self.sources[range.end - 1].end
    }
}

/// Returns the character of the escape at the beginning of `text`, and the length of the escape.
fn unescaped(text: &str) -> Option<(char, usize)> {
    let plain = match text[1..].chars().next()? {
        c @ ('"' | '\\' | '/') => c,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => {
            let code = u32::from_str_radix(text.get(2..6)?, 16).ok()?;
            return Some((char::from_u32(code)?, 6));
        }
        _ => return None,
    };
    Some((plain, 2))
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || is_unsafe_char(c)
}

/// `text` without the characters that a joined view leaves out.
pub(super) fn without_gaps(text: &str) -> String {
    text.chars().filter(|c| !is_gap(*c)).collect()
}
