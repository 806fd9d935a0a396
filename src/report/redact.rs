//! Known secrets in text on its way out, in the forms in which programs and servers repeat them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::core::secret::Secret;

mod view;

use view::DecodedText;

/// The shortest secret that is replaced: replacing shorter ones would shred ordinary text.
const MIN_PLAIN: usize = 8;

/// The shortest secret whose derived forms (base64, percent, JSON, upper case, split) are replaced.
const MIN_DERIVED: usize = 12;

/// The length of a visible beginning that a mask may have; a longer one before `…` is a secret that was cut.
const MAX_VISIBLE_PREFIX: usize = 12;

/// The text that replaces a secret.
const MASK: &str = "***";

/// Replaces each secret that this process has met by `***`.
///
/// A secret is found plainly from 8 characters on; from 12 on also in base64 (three alignments, both alphabets),
/// percent-encoded, JSON-escaped, in upper or lower case as a whole word, split by line breaks or invisible characters,
/// and cut short.
#[derive(Default)]
pub struct Redactor {
    known: RefCell<Vec<KnownSecret>>,
    /// The names of the parts of credentials, with whether they are public.
    parts: RefCell<BTreeMap<String, bool>>,
}

/// One secret and the text forms that are looked for literally.
struct KnownSecret {
    plain: Zeroizing<String>,
    /// The secret without white space, as a split copy of it reads once it is joined.
    joined: Zeroizing<String>,
    /// The secret in upper and in lower case, where that differs from it.
    cases: Vec<Zeroizing<String>>,
    base64: Vec<Base64Form>,
}

/// A base64 form without the characters that depend on the neighbouring bytes.
struct Base64Form {
    text: Zeroizing<String>,
    /// The number of characters before and after it that also carry bits of the secret.
    around: (usize, usize),
}

impl Redactor {
    /// Registers a secret; each part of a credential of several parts, and each long line of a longer document,
    /// counts as a secret of its own.
    pub fn register(&self, secret: &Secret) {
        let value = secret.expose();
        if value.starts_with('{') {
            let parts: BTreeMap<String, String> = serde_json::from_str(value).unwrap_or_default();
            let secret = |name: &String| self.parts.borrow().get(name) != Some(&true);
            for (_, part) in parts.into_iter().filter(|(name, _)| secret(name)) {
                self.register(&Secret::new(part));
            }
        }
        if value.contains('\n') {
            let lines = value.lines().map(str::trim);
            for line in
                lines.filter(|line| line.len() >= 2 * MIN_DERIVED && !line.contains("-----"))
            {
                self.register(&Secret::new(line));
            }
        }
        let mut known = self.known.borrow_mut();
        if value.len() < MIN_PLAIN || known.iter().any(|one| one.plain.as_str() == value) {
            return;
        }
        known.push(KnownSecret::new(value));
    }

    /// Says whether the part `name` of a credential is public: it is only if every service that has one says so.
    pub fn declare_part(&self, name: &str, is_public: bool) {
        let mut parts = self.parts.borrow_mut();
        let known = parts.entry(name.to_owned()).or_insert(is_public);
        *known &= is_public;
    }

    /// Returns `text` with `***` in place of every registered secret.
    pub fn redact(&self, text: &str) -> String {
        let known = self.known.borrow();
        if known.is_empty() {
            return text.to_owned();
        }
        let views = [
            DecodedText::joined(text),
            DecodedText::percent_decoded(text),
            DecodedText::json_unescaped(text),
        ];
        let mut found: Vec<Range<usize>> = Vec::new();
        for secret in known.iter() {
            secret.find_literal(text, &mut found);
            for view in views.iter().flatten() {
                secret.find_in(view, &mut found);
            }
        }
        replace(text, found)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({} known)", self.known.borrow().len())
    }
}

impl KnownSecret {
    fn new(value: &str) -> Self {
        let derived = value.len() >= MIN_DERIVED;
        let cases = [value.to_uppercase(), value.to_lowercase()];
        KnownSecret {
            plain: Zeroizing::new(value.to_owned()),
            joined: Zeroizing::new(view::without_gaps(value)),
            cases: cases
                .into_iter()
                .filter(|case| derived && case != value)
                .map(Zeroizing::new)
                .collect(),
            base64: if derived {
                base64_forms(value)
            } else {
                Vec::new()
            },
        }
    }

    fn find_literal(&self, text: &str, found: &mut Vec<Range<usize>>) {
        let plain = self.plain.as_str();
        found.extend(occurrences(text, plain));
        for case in &self.cases {
            let whole_words = occurrences(text, case).filter(|range| is_whole_word(text, range));
            found.extend(whole_words);
        }
        for form in &self.base64 {
            let widened = occurrences(text, &form.text).map(|range| form.widen(text, &range));
            found.extend(widened);
        }
        self.find_cut(text, found);
    }

    /// Finds a beginning of the secret that is more than half of it, or that was cut at `…` after more than a mask shows.
    fn find_cut(&self, text: &str, found: &mut Vec<Range<usize>>) {
        let plain = self.plain.as_str();
        if plain.len() < MIN_DERIVED {
            return;
        }
        let least = MAX_VISIBLE_PREFIX + 1;
        let Some(beginning) = plain.get(..least.min(plain.len())) else {
            return;
        };
        for start in occurrences(text, beginning).map(|range| range.start) {
            let length = common_prefix(&text[start..], plain);
            let end = start + length;
            if length * 2 > plain.len() || text[end..].starts_with('…') {
                found.push(start..end);
            }
        }
    }

    fn find_in(&self, view: &DecodedText, found: &mut Vec<Range<usize>>) {
        let needle = if view.is_joined() {
            self.joined.as_str()
        } else {
            self.plain.as_str()
        };
        if needle.len() >= MIN_DERIVED {
            let ranges = occurrences(view.text(), needle);
            found.extend(ranges.map(|range| view.source(&range)));
        }
    }
}

impl Base64Form {
    /// Extends a match over the characters beside it that hold bits of the secret, and over padding.
    fn widen(&self, text: &str, range: &Range<usize>) -> Range<usize> {
        let bytes = text.as_bytes();
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
        let (before, behind) = self.around;
        let mut start = range.start;
        while range.start - start < before && start > 0 && is_base64(bytes[start - 1]) {
            start -= 1;
        }
        let mut end = range.end;
        while end - range.end < behind && bytes.get(end).is_some_and(|byte| is_base64(*byte)) {
            end += 1;
        }
        while bytes.get(end) == Some(&b'=') {
            end += 1;
        }
        start..end
    }
}

/// Returns the base64 forms of a value at each of the three positions that it can have within a group of three bytes.
fn base64_forms(value: &str) -> Vec<Base64Form> {
    let mut forms = Vec::new();
    for offset in 0..3_usize {
        let mut bytes = Zeroizing::new(vec![0; offset]);
        bytes.extend_from_slice(value.as_bytes());
        // A character that carries bits of a neighbouring byte depends on that byte's value.
        let before = (offset * 8).div_ceil(6);
        let whole = bytes.len() * 8 / 6;
        let partial = usize::from(!(bytes.len() * 8).is_multiple_of(6));
        for text in [
            STANDARD_NO_PAD.encode(&*bytes),
            URL_SAFE_NO_PAD.encode(&*bytes),
        ] {
            let text = Zeroizing::new(text);
            let text = Zeroizing::new(text[before..whole].to_owned());
            if forms.iter().all(|form: &Base64Form| form.text != text) {
                let around = (before.min(1), partial);
                forms.push(Base64Form { text, around });
            }
        }
    }
    forms
}

/// Returns the positions of `needle` in `text`, including overlapping ones.
fn occurrences<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find(needle)?;
        from = start + needle.chars().next().map_or(1, char::len_utf8);
        Some(start..start + needle.len())
    })
}

fn is_whole_word(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let behind = text[range.end..].chars().next();
    ![before, behind]
        .into_iter()
        .flatten()
        .any(char::is_alphanumeric)
}

/// Returns the length in bytes of the longest common beginning.
fn common_prefix(one: &str, other: &str) -> usize {
    let pairs = one.char_indices().zip(other.chars());
    let same = pairs.take_while(|((_, a), b)| a == b);
    same.last().map_or(0, |((at, c), _)| at + c.len_utf8())
}

/// Puts the mask in place of each range; ranges that touch become one.
fn replace(text: &str, mut found: Vec<Range<usize>>) -> String {
    found.retain(|range| !range.is_empty());
    if found.is_empty() {
        return text.to_owned();
    }
    found.sort_by_key(|range| (range.start, range.end));
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    let mut ranges = found.into_iter().peekable();
    while let Some(mut range) = ranges.next() {
        while let Some(next) = ranges.next_if(|next| next.start < range.end) {
            range.end = range.end.max(next.end);
        }
        shown.push_str(&text[from..range.start]);
        shown.push_str(MASK);
        from = range.end;
    }
    shown.push_str(&text[from..]);
    shown
}

#[cfg(test)]
mod tests;
