//! What types cannot catch in a manifest.

use super::schema::Manifest;

/// A mistake in a manifest.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, from the top.
    pub path: Vec<String>,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Everything that is wrong with a manifest whose types are right.
pub fn check(_manifest: &Manifest) -> Vec<Problem> {
    Vec::new()
}
