//! The secrets of a record that machines share: they stand in its document and go with it.

use std::rc::Rc;
use std::time::Duration;

use super::Record;
use super::storage::HeldRecord;
use crate::core::error::{Kind, Result};
use crate::core::secret::Secret;
use crate::platform::SharedLease;
use crate::store::{SecretRef, SecretStore, StoreError, StoreKind};
use crate::wal::SharedText;

/// The fencing number of the holder that creates a record.
const FIRST_FENCE: u64 = 1;

/// The longest secret that stands in the document of its record, in bytes: each write sends the whole document.
const MAX_ITEM: usize = 32 << 10;

impl Record {
    /// Keeps a secret with the next event that announces an effect; returns false, and keeps nothing, if the record has
    /// no room for it.
    pub fn brings(&self, item: &SecretRef, secret: &Secret) -> Result<bool> {
        let Some((name, lease)) = self.document() else {
            return Ok(false);
        };
        let mut text = SharedText::read(name, &lease.text())?;
        if secret.len() > MAX_ITEM {
            // The record names the item before there is one.
            lease.replace(&text.to_text()?, Duration::ZERO)?;
            return Ok(false);
        }
        text.add_item(item, secret);
        lease.prepare(&text.to_text()?);
        Ok(true)
    }

    /// Returns the store of the secrets of this record: its document, and `beside` for the others.
    pub fn items(&self, beside: Rc<dyn SecretStore>) -> Rc<dyn SecretStore> {
        match self.document() {
            Some((name, lease)) if beside.kind() == StoreKind::VAULT => Rc::new(RecordItems {
                name: name.to_owned(),
                lease: Rc::clone(lease),
                beside,
            }),
            _ => beside,
        }
    }

    /// Returns the name of its document, and its lease.
    fn document(&self) -> Option<(&str, &Rc<dyn SharedLease>)> {
        match &*self.place {
            HeldRecord::Local(_) => None,
            HeldRecord::Shared(document) => document.held(),
        }
    }
}

/// The secrets in the document of a record that this process holds.
struct RecordItems {
    name: String,
    lease: Rc<dyn SharedLease>,
    /// The store of the secrets that are too long.
    beside: Rc<dyn SecretStore>,
}

impl RecordItems {
    fn text(&self) -> Result<SharedText> {
        SharedText::read(&self.name, &self.lease.text())
    }
}

impl SecretStore for RecordItems {
    fn kind(&self) -> StoreKind {
        self.beside.kind()
    }

    fn place(&self) -> String {
        self.beside.place()
    }

    fn get(&self, at: &SecretRef) -> Result<Option<Secret>, StoreError> {
        match self.text()?.item(at) {
            Some(secret) => Ok(Some(secret.duplicate())),
            None => self.beside.get(at),
        }
    }

    fn put(&self, at: &SecretRef, label: &str, secret: &Secret) -> Result<(), StoreError> {
        if secret.len() > MAX_ITEM {
            return self.beside.put(at, label, secret);
        }
        let add = |text: &mut SharedText| text.add_item(at, secret);
        match SharedText::change(&*self.lease, &self.name, Duration::ZERO, add) {
            // The record has another holder, who finds the secret beside it.
            Err(error) if error.kind() == Kind::Uncertain => self.beside.put(at, label, secret),
            put => Ok(put?),
        }
    }

    fn proves_writes(&self) -> bool {
        self.beside.proves_writes()
    }

    fn delete(&self, at: &SecretRef) -> Result<bool, StoreError> {
        let mut text = self.text()?;
        if !text.remove_item(at) {
            return self.beside.delete(at);
        }
        // The next write, or the removal of the document, takes it away.
        self.lease.prepare(&text.to_text()?);
        if self.lease.fence() > FIRST_FENCE {
            // An earlier holder that had lost its lease may have put it beside the record.
            self.beside.delete_all(&[at])?;
        }
        Ok(true)
    }
}
