//! Restores the earlier values of destinations, the last one that was written first.

use super::Rotation;
use super::rollback::RollbackMode;
use crate::core::error::{Error, Kind, Result};
use crate::destination::{DestinationSpec, OpenDestination, StoredContent};
use crate::rotation::journal::PreviousValue;

impl Rotation<'_> {
    /// Refuses, before anything is restored, if a value could not be.
    pub(super) async fn check_restorable(&self) -> Result<()> {
        let mut lost = Vec::new();
        for to in self.touched().await {
            if self.value_to_restore(&to).await?.is_none()
                && self.holds_new(&to).await? != Some(false)
            {
                lost.push(to.to_string());
            }
        }
        if lost.is_empty() {
            return Ok(());
        }
        let what = format!(
            "cannot restore the earlier value of `{}`: it cannot be read back",
            lost.join("`, `")
        );
        match self.rollback_mode {
            RollbackMode::BestEffort => {
                self.log().warn(&if self.is_repair() {
                    format!("{what}; it keeps the current key")
                } else {
                    format!("{what}; it keeps the new key, which is revoked now: put the old one there by hand")
                });
                Ok(())
            }
            RollbackMode::Strict => Err(Error::new(Kind::Store, what)
                .hint(if self.is_repair() {
                    "put the earlier value there by hand"
                } else {
                    "put the old key there by hand"
                })
                .hint(format!(
                    "then abort: keywright rotations abort {}",
                    self.record.id
                ))),
        }
    }

    /// Returns the destinations that may hold the new secret, the last one first: those that were written, and those
    /// that hold it although the record, as an older copy, does not say so.
    pub(super) async fn touched(&self) -> Vec<DestinationSpec> {
        let events = &self.record.events;
        let intended = events.intent().map(|intent| intent.to.as_slice());
        let mut holding = Vec::new();
        for to in intended.unwrap_or_default() {
            if events.previous(to).is_none() && self.is_seen_to_hold_new(to).await {
                holding.push(to);
            }
        }
        let mut touched: Vec<DestinationSpec> = Vec::new();
        let written = holding
            .into_iter()
            .chain(events.backups().map(|(to, _)| to));
        for to in written.rev() {
            let previous = events.previous(to);
            if matches!(previous, Some(PreviousValue::Unreadable)) && events.is_restored(to) {
                continue;
            }
            if *to != DestinationSpec::STDOUT && !touched.contains(to) {
                touched.push(to.clone());
            }
        }
        touched
    }

    /// Returns whether the destination can be read and holds the new secret.
    pub(super) async fn is_seen_to_hold_new(&self, to: &DestinationSpec) -> bool {
        // For one that cannot be read, the record counts.
        matches!(self.holds_new(to).await, Ok(Some(true)))
    }

    /// Returns whether the destination holds the new secret; `None` if that cannot be decided.
    async fn holds_new(&self, to: &DestinationSpec) -> Result<Option<bool>> {
        if *to == DestinationSpec::STDOUT {
            return Ok(None);
        }
        self.is_new_at(&self.callbacks.open(to)?).await
    }

    /// Returns whether an opened destination holds the new secret; `None` if that cannot be decided.
    async fn is_new_at(&self, destination: &OpenDestination) -> Result<Option<bool>> {
        let content = destination.read_if_possible().await?;
        match content.fingerprint() {
            Some(value) => self.is_new(&value),
            None => Ok(matches!(content, StoredContent::Absent).then_some(false)),
        }
    }

    /// Returns the value to restore at the destination; `None` if it is not known. One that could not be read is taken to
    /// have held the old key, if that is known from another place.
    async fn value_to_restore(&self, to: &DestinationSpec) -> Result<Option<StoredContent>> {
        match self.record.events.previous(to) {
            Some(PreviousValue::Absent) => return Ok(Some(StoredContent::Absent)),
            Some(PreviousValue::Value(item)) => {
                if let Some(value) = self.store()?.get(item)? {
                    return Ok(Some(StoredContent::Value(value)));
                }
            }
            Some(PreviousValue::Digest(_) | PreviousValue::Unreadable) | None => {}
        }
        let mut old = self.old_secret_known(self.secret.as_ref()).await?;
        if let Some(PreviousValue::Digest(known)) = self.record.events.previous(to) {
            // The digest tells whether it was this one.
            old = old.filter(|old| old.fingerprint() == *known);
        }
        Ok(old.map(StoredContent::Value))
    }

    /// Restores the value of a destination that holds the new key.
    pub(super) async fn restore(&self, to: &DestinationSpec) -> Result<()> {
        let previous = self.value_to_restore(to).await?;
        let destination = self.callbacks.open(to)?;
        // The restoring write may carry the precondition that this read gives.
        if self.is_new_at(&destination).await? == Some(false) {
            self.log().note(&format!(
                "`{}` does not hold {}: left unchanged",
                destination.describe(),
                self.new_key_label()
            ));
            return Ok(());
        }
        let Some(previous) = previous else {
            return Ok(());
        };
        self.record.check(self.platform())?;
        destination.restore(&previous).await?;
        let shown = destination.describe();
        let is_known = !matches!(
            self.record.events.previous(to),
            Some(PreviousValue::Unreadable)
        );
        self.log().note(&if is_known {
            format!("restored the previous value of `{shown}`")
        } else {
            format!("`{shown}` could not be read before: it holds the old key now")
        });
        Ok(())
    }
}
