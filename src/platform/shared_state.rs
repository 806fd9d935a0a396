//! State that several machines share: documents with versions, and leases that prove who may change them.

use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::core::error::Result;
use crate::core::secret::Secret;

/// A document as it was read.
pub struct SharedDocument {
    /// Its text.
    pub text: Secret,
    /// Its version, which the next write names.
    pub version: u64,
    /// The process that holds it.
    pub holder: Option<Holder>,
}

/// A process of some machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The name of its machine.
    #[serde(default)]
    pub host: String,
    /// Its user.
    #[serde(default)]
    pub user: String,
    /// The run of a CI system that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Its number at its machine.
    #[serde(default)]
    pub process: u32,
    /// The start of the machine and the namespace that the number belongs to; unknown where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub numbered_in: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.host)?;
        match &self.run {
            Some(run) => write!(f, " ({run})"),
            None => Ok(()),
        }
    }
}

/// The processes of this machine.
pub trait Processes: Send + Sync {
    /// Returns this process, without its user and its CI run.
    fn own(&self) -> Holder;
    /// Returns whether a process surely runs no more, because it ran here; false where that cannot be told.
    fn is_gone(&self, holder: &Holder) -> bool;
    /// Returns the path of this program; `None` where it cannot be told.
    fn program(&self) -> Option<PathBuf> {
        None
    }
}

/// Documents that several machines share. Each write names the version that it replaces.
pub trait SharedState {
    /// Returns its location, for messages.
    fn place(&self) -> String;

    /// Returns the document; `None` if there is none.
    fn read(&self, name: &str) -> Result<Option<SharedDocument>>;

    /// Replaces the document if it still has the version `expected`, 0 for one that does not exist; returns the new
    /// version, or `None` if another write came first. Its holder stays.
    fn write(&self, name: &str, text: &Secret, expected: u64) -> Result<Option<u64>>;

    /// Removes every version of a document; returns false if there was none.
    fn remove(&self, name: &str) -> Result<bool>;

    /// Returns the names of the documents in a folder, sorted.
    fn list(&self, folder: &str) -> Result<Vec<String>>;

    /// Takes the lease of a document, which is created with `text` if there is none; `None` if another process holds
    /// it.
    fn try_hold(&self, name: &str, text: &Secret) -> Result<Option<Rc<dyn SharedLease>>>;
}

/// The proof that no other process changes a document. It is renewed in the background, and given back when it is
/// dropped.
pub trait SharedLease: fmt::Debug {
    /// Returns its fencing number: each later holder of the document has a higher one.
    fn fence(&self) -> u64;

    /// Returns the text of the document as this holder knows it.
    fn text(&self) -> Secret;

    /// Replaces the text, unless the lease has expired.
    fn replace(&self, text: &Secret) -> Result<()>;

    /// Fails unless the lease lasts for `time` from now, after a renewal if needed: an effect is about to begin.
    fn check(&self, time: Duration) -> Result<()>;

    /// Removes every version of the document instead of giving it back.
    fn remove(&self) -> Result<()>;
}
