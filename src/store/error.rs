//! Distinguishes six failures of a store, each with its own message and hints.

use std::fmt;

use super::{SecretRef, StoreKind};
use crate::core::error::{Error, Kind};

/// The location of a failure, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreLocation {
    /// The kind of the store.
    pub kind: StoreKind,
    /// A path in backticks, or the name of the keyring.
    pub name: String,
}

impl fmt::Display for StoreLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The reason why a store failed; holds no part of a secret.
#[derive(Debug)]
pub enum StoreError {
    /// The store itself is missing, although a secret was kept in it.
    Missing(StoreLocation),
    /// The store exists and is closed: a locked keyring, or a file without its key.
    Locked(StoreLocation),
    /// The store cannot be reached; with the reason.
    Unavailable(StoreLocation, String),
    /// The store accepts no secret of this size in bytes.
    TooLarge(StoreLocation, usize),
    /// Several items have the name, so that the right one is unknown.
    Ambiguous(StoreLocation, SecretRef),
    /// Any other failure, as an error.
    Failed(Error),
}

impl StoreError {
    /// A write that reported success and left nothing behind.
    pub fn not_kept(place: &str) -> Self {
        let flags = StoreKind::all()
            .rev()
            .filter(|kind| *kind != StoreKind::VAULT)
            .map(|kind| format!("`--store {kind}`"));
        let flags: Vec<String> = flags.collect();
        StoreError::Failed(
            Error::new(
                Kind::Store,
                format!("{place} accepted a secret and does not give it back"),
            )
            .hint(format!("use another store: {}", flags.join(" or "))),
        )
    }

    /// Returns the error for a name that already holds another value.
    pub(super) fn taken(place: &str, at: &SecretRef) -> Self {
        StoreError::Failed(Error::new(
            Kind::Store,
            format!("`{at}` in {place} holds another secret, and items are never overwritten"),
        ))
    }

    fn message(&self) -> String {
        match self {
            StoreError::Missing(place) => {
                format!("{place} {}", place.kind.description().missing.says)
            }
            StoreError::Locked(place) => {
                format!("{place} {}", place.kind.description().locked.says)
            }
            StoreError::Unavailable(place, why) => format!("{place} is not available: {why}"),
            StoreError::TooLarge(place, bytes) => {
                format!("{place} takes no secret of {bytes} bytes")
            }
            StoreError::Ambiguous(place, at) => {
                format!("{place} holds more than one item `{at}`")
            }
            StoreError::Failed(error) => error.message().to_owned(),
        }
    }

    fn hints(&self) -> Vec<String> {
        let mut ways: Vec<&str> = match self {
            StoreError::Missing(place) => place.kind.description().missing.hints.to_vec(),
            StoreError::Locked(place) => place.kind.description().locked.hints.to_vec(),
            StoreError::Unavailable(..) | StoreError::TooLarge(..) => vec![OTHER_STORE],
            StoreError::Ambiguous(..) => vec![
                "remove the one that another program wrote, in the keyring's own program",
                OTHER_STORE,
            ],
            StoreError::Failed(_) => return Vec::new(),
        };
        if !matches!(self, StoreError::TooLarge(..)) {
            ways.push(NO_STORE);
        }
        ways.into_iter().map(str::to_owned).collect()
    }
}

/// The way out of any store.
pub(super) const OTHER_STORE: &str = "keep secrets in an encrypted file instead: `--store file`";
const NO_STORE: &str = "or set KEYWRIGHT_API_KEY or KEYWRIGHT_TOKEN: then no store is opened";

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for StoreError {}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        StoreError::Failed(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            // A failure of the store has the store's class, unless it already has one of its own.
            StoreError::Failed(error) if error.kind() == Kind::Failed => {
                error.with_kind(Kind::Store)
            }
            StoreError::Failed(error) => error,
            other => Error::new(Kind::Store, other.message()).with_hints(other.hints()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(kind: StoreKind) -> Vec<StoreError> {
        let place = StoreLocation {
            kind,
            name: "the place".to_owned(),
        };
        vec![
            StoreError::Missing(place.clone()),
            StoreError::Locked(place.clone()),
            StoreError::Unavailable(place.clone(), "nobody answers".to_owned()),
            StoreError::TooLarge(place.clone(), 5000),
            StoreError::Ambiguous(place, SecretRef::fresh().unwrap()),
            StoreError::Failed(Error::failed("broken")),
        ]
    }

    #[test]
    fn store_errors_have_distinct_messages() {
        for kind in StoreKind::all() {
            let mut seen = std::collections::BTreeSet::new();
            for error in all(kind) {
                let failed = matches!(error, StoreError::Failed(_));
                let error = Error::from(error);
                assert_eq!(error.kind(), Kind::Store);
                assert!(failed || !error.hints().is_empty(), "{error}");
                assert!(seen.insert((error.message().to_owned(), error.hints().to_vec())));
            }
            assert_eq!(seen.len(), 6);
        }
    }

    #[test]
    fn cancelled_error_keeps_its_kind() {
        let error = StoreError::Failed(Error::cancelled());
        assert_eq!(Error::from(error).kind(), Kind::Cancelled);
    }
}
