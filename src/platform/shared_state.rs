//! State that several machines share: documents with versions, and leases that prove who may change them.

use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::platform::Platform;

/// A document as it was read.
pub struct SharedDocument {
    /// Its text.
    pub text: Secret,
    /// Its version, which the next write names.
    pub version: u64,
    /// The process that holds it.
    pub holder: Option<Holder>,
}

impl SharedDocument {
    /// Returns a copy of it.
    #[must_use]
    pub fn duplicate(&self) -> SharedDocument {
        SharedDocument {
            text: self.text.duplicate(),
            version: self.version,
            holder: self.holder.clone(),
        }
    }

    /// Returns the text of a document that holds no secret.
    pub fn plain(&self) -> &str {
        self.text.expose()
    }
}

/// The user, and the machine or run, that an action is recorded for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The name of the machine.
    #[serde(default)]
    pub host: String,
    /// The user.
    #[serde(default)]
    pub user: String,
    /// The run of a CI system.
    #[serde(default)]
    pub run: Option<String>,
}

/// A process of some machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its machine and user.
    #[serde(flatten)]
    pub actor: Actor,
    /// Its number at its machine.
    #[serde(default)]
    pub process: u32,
    /// The start of the machine, and after a space the namespace that the number belongs to; unknown where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub numbered_in: String,
}

impl Holder {
    /// Returns the start of its machine; empty if unknown.
    pub fn started_at(&self) -> &str {
        self.numbered_in.split(' ').next().unwrap_or_default()
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.host)?;
        match &self.run {
            Some(run) => write!(f, " ({run})"),
            None => Ok(()),
        }
    }
}

impl Platform {
    /// Returns who acts here.
    pub fn actor(&self) -> Actor {
        let run = |system: &str, name: &str| {
            let number = self.env.get(name)?;
            Some(format!("{system} {number}"))
        };
        let users = ["USER", "LOGNAME", "USERNAME"];
        let user = users.iter().find_map(|name| self.env.get(name));
        Actor {
            host: self.processes.host(),
            user: user.unwrap_or("unknown").to_owned(),
            run: run("GitHub run", "GITHUB_RUN_ID").or_else(|| run("GitLab job", "CI_JOB_ID")),
        }
    }
}

/// The processes of this machine.
pub trait Processes: Send + Sync {
    /// Returns the name of this machine.
    fn host(&self) -> String;
    /// Returns the number of this process, and the start of the machine and the namespace that it belongs to.
    fn own(&self) -> (u32, String);
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

    /// As [`SharedState::read`], but a document that this process found missing is not asked for again until it writes
    /// it, and one that it has just read, not before it takes a lease.
    fn read_recent(&self, name: &str) -> Result<Option<SharedDocument>>;

    /// Returns the document as this process knows it, for a write that fails if another came first.
    fn recall(&self, name: &str) -> Result<Option<SharedDocument>>;

    /// Replaces the document if it still has the version `expected`, 0 for one that does not exist; returns the new
    /// version, or `None` if another write came first. Its holder stays.
    fn write(&self, name: &str, text: &Secret, expected: u64) -> Result<Option<u64>>;

    /// Creates a document that never changes; returns false if another text stands there.
    fn write_once(&self, name: &str, text: &Secret) -> Result<bool> {
        if self.write(name, text, 0)?.is_some() {
            return Ok(true);
        }
        let found = self.read(name)?;
        Ok(found.is_some_and(|found| found.text.eq_secret(text)))
    }

    /// Removes every version of a document; returns false if there was none.
    fn remove(&self, name: &str) -> Result<bool>;

    /// Returns the names of the documents in a folder, sorted.
    fn list(&self, folder: &str) -> Result<Vec<String>>;

    /// As [`SharedState::remove`], for a document that is known to exist or of which it does not matter.
    fn discard(&self, name: &str) -> Result<()>;

    /// Takes the lease of a document; one that does not exist is created with `text`, if that is given.
    fn try_hold(&self, name: &str, text: Option<&Secret>) -> Result<Hold>;

    /// Takes the lease of a new document with `text`; the first write under it creates the document, and fails if there
    /// is one.
    fn hold_new(&self, name: &str, text: &Secret) -> Result<Rc<dyn SharedLease>>;
}

/// The result of an attempt to take a lease.
pub enum Hold {
    /// This process holds it.
    Held(Rc<dyn SharedLease>),
    /// Another process holds it, and the document has this version.
    Elsewhere(u64),
    /// There is no document.
    Missing,
}

/// The proof that no other process changes a document. It is renewed in the background, and given back when it is
/// dropped.
pub trait SharedLease: fmt::Debug {
    /// Returns its fencing number: each later holder of the document has a higher one.
    fn fence(&self) -> u64;

    /// Returns the text of the document as this holder knows it.
    fn text(&self) -> Secret;

    /// Replaces the text, unless the lease has expired; the lease then lasts for `time` at least.
    fn replace(&self, text: &Secret, time: Duration) -> Result<()>;

    /// Sets the text that the next write brings along.
    fn prepare(&self, text: &Secret);

    /// Fails unless the lease lasts for `time` from now, after a renewal if needed: an effect is about to begin.
    fn check(&self, time: Duration) -> Result<()>;

    /// Removes every version of the document instead of giving it back.
    fn remove(&self) -> Result<()>;
}
