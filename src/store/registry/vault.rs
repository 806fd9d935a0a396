//! Keeps secrets in the engine that holds the state which machines share: a document for each.
//!
//! The other stores are synchronous, and so is this one: a thread of its own sends the requests, and this one waits.

use std::rc::Rc;

use super::{FailureText, StoreDescription, StoreKind};
use crate::core::error::Error;
use crate::core::secret::Secret;
use crate::engine;
use crate::platform::SharedState;
#[cfg(test)]
use crate::store::conformance::Fixture;
use crate::store::error::{OTHER_STORE, StoreError};
#[cfg(test)]
use crate::store::test_world;
use crate::store::{SecretRef, SecretStore};

pub(super) const STORE: StoreDescription =
    StoreDescription {
        name: "vault",
        variables: engine::VARIABLES,
        open: |platform, _| {
            match &platform.shared_state {
        Some(state) => Ok(Box::new(VaultStore(Rc::clone(state)))),
        None => Err(Error::usage("the store `vault` has no place for its secrets")
            .hint("set KEYWRIGHT_STATE=vault:MOUNT/PATH, or `vault` under [state] in config.toml")
            .hint(OTHER_STORE)),
    }
        },
        is_set_up: |_| false,
        check: |platform| {
            let state = platform.shared_state.as_ref()?;
            Some(("engine", state.place()))
        },
        missing: FailureText {
            says: "holds no secret of keywright, although one was stored there",
            hints: &["log in again: keywright login"],
        },
        locked: FailureText {
            says: "is sealed",
            hints: &["unseal it, then run this again", OTHER_STORE],
        },
        #[cfg(test)]
        fixture: Fixture {
            setups: &[|folder| test_world::sharing(test_world::platform(folder, &[]))],
            closed: None,
            can_be_missing: false,
        },
    };

/// Secrets in documents of an engine.
struct VaultStore(Rc<dyn SharedState>);

fn name(at: &SecretRef) -> String {
    format!("secrets/{}", at.file_stem())
}

impl SecretStore for VaultStore {
    fn kind(&self) -> StoreKind {
        StoreKind::VAULT
    }

    fn place(&self) -> String {
        self.0.place()
    }

    fn get(&self, at: &SecretRef) -> Result<Option<Secret>, StoreError> {
        let found = self.0.read(&name(at))?;
        Ok(found.map(|found| found.text))
    }

    fn put(&self, at: &SecretRef, _label: &str, secret: &Secret) -> Result<(), StoreError> {
        // The version in the answer is the proof that it is kept; it is not read back.
        if self.0.write_once(&name(at), secret)? {
            Ok(())
        } else {
            Err(StoreError::taken(&self.place(), at))
        }
    }

    fn proves_writes(&self) -> bool {
        true
    }

    fn delete(&self, at: &SecretRef) -> Result<bool, StoreError> {
        Ok(self.0.remove(&name(at))?)
    }

    fn delete_all(&self, items: &[&SecretRef]) -> Result<(), StoreError> {
        let deleted = items.iter().map(|item| self.0.discard(&name(item)));
        deleted
            .fold(Ok(()), crate::core::error::Result::and)
            .map_err(StoreError::from)
    }
}
