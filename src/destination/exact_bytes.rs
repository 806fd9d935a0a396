//! What stood at a destination, with the bytes around its value that a delivery does not keep.

use zeroize::Zeroizing;

use crate::core::secret::Secret;

/// What such a text starts with; no value does, for none holds this character.
const MARKER: &str = "\0as written\0";

/// `value`, and the text that has to stand there for every byte to be as it was.
pub(super) fn with_text(value: &Secret, text: &str) -> Secret {
    let whole = Zeroizing::new(format!("{MARKER}{}\0{text}", value.expose()));
    Secret::new(whole.as_str())
}

/// The value of what was saved of a destination.
pub fn saved_value(saved: &Secret) -> Secret {
    match parts(saved) {
        Some((value, _)) => Secret::new(value),
        None => saved.duplicate(),
    }
}

/// The text that stood there, where it is known.
pub(super) fn text_of(saved: &Secret) -> Option<&str> {
    parts(saved).map(|(_, text)| text)
}

fn parts(saved: &Secret) -> Option<(&str, &str)> {
    saved.expose().strip_prefix(MARKER)?.split_once('\0')
}
