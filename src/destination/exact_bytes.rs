//! Saves the previous value of a destination, with the bytes around it that a delivery does not preserve.

use zeroize::Zeroizing;

use crate::core::secret::Secret;

/// The prefix of such a text; no value has it, since none contains this character.
const MARKER: &str = "\0as written\0";

/// Returns `value` with the text that restores every byte.
pub(super) fn with_text(value: &Secret, text: &str) -> Secret {
    let whole = Zeroizing::new(format!("{MARKER}{}\0{text}", value.expose()));
    Secret::new(whole.as_str())
}

/// Returns the value in the saved content of a destination.
pub fn saved_value(saved: &Secret) -> Secret {
    match parts(saved) {
        Some((value, _)) => Secret::new(value),
        None => saved.duplicate(),
    }
}

/// Returns the previous text, if it is known.
pub(super) fn text_of(saved: &Secret) -> Option<&str> {
    parts(saved).map(|(_, text)| text)
}

fn parts(saved: &Secret) -> Option<(&str, &str)> {
    saved.expose().strip_prefix(MARKER)?.split_once('\0')
}
