//! Delivers the new secret to its destinations, one after the other, with an event before and after each.

use jiff::Timestamp;

use super::Rotation;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::{escape, one_line};
use crate::destination::{
    DestinationSpec, OpenDestination, StoredContent, ValueDigest, saved_value,
};
use crate::rotation::journal::{self, Event, EventKind, PreviousValue};
use crate::store::SecretRef;

impl Rotation<'_> {
    /// Delivers to every destination that does not have the secret yet; printing comes last.
    pub(super) async fn deliver_all(&mut self) -> Result<()> {
        let secret = self.secret().await?;
        let (shown, written): (Vec<_>, Vec<_>) = self
            .record
            .events
            .undelivered()
            .into_iter()
            .partition(|to| *to == DestinationSpec::STDOUT);
        let delivered = self.deliver_each(&written, &shown, &secret).await;
        delivered.map_err(|error| self.still_safe(error))
    }

    async fn deliver_each(
        &mut self,
        written: &[DestinationSpec],
        shown: &[DestinationSpec],
        secret: &Secret,
    ) -> Result<()> {
        for to in written {
            let destination = self.open_here(to)?;
            // After an attempt whose answer was lost, a refusal says nothing of what stands there.
            let is_first = self.record.events.is_untouched(to);
            self.save_previous(to, &destination, secret).await?;
            self.record.check(self.platform())?;
            if let Err(error) = destination.deliver(secret).await {
                let previous = self.record.events.previous(to);
                let is_unknown = matches!(previous, Some(PreviousValue::Unreadable));
                if is_first && is_unknown && is_refusal(&error) {
                    self.write(Event::Restored { to: to.clone() })?;
                }
                return Err(error);
            }
            if destination.read_if_possible().await?.is(secret) == Some(false) {
                return Err(Error::new(
                    Kind::Uncertain,
                    format!(
                        "`{}` was written and holds something else",
                        destination.describe()
                    ),
                ));
            }
            self.report_delivered(to, &destination);
            self.write(Event::Delivered { to: to.clone() })?;
        }
        for to in shown {
            self.write(Event::Printing)?;
            self.callbacks.show(&self.record, secret).map_err(|error| {
                Error::new(Kind::Store, "cannot write the new key to stdout").caused_by(error)
            })?;
            self.is_delivered = true;
            self.write(Event::Delivered { to: to.clone() })?;
        }
        self.is_delivered = true;
        Ok(())
    }

    /// Opens a destination, if it is reached from here: a file of the machine on which the rotation was begun is not.
    pub(super) fn open_here(&self, to: &DestinationSpec) -> Result<OpenDestination> {
        if let Some(host) = self.record.begun_elsewhere()
            && to.is_on_one_machine()
        {
            let (to, host) = (to.to_string(), one_line(host));
            let message = format!("`{to}` is on `{host}`, where the rotation was begun");
            return Err(Error::new(Kind::Uncertain, message)
                .hint(format!(
                    "resume it there: keywright rotations resume {}",
                    self.record.id
                ))
                .hint(format!(
                    "or revoke the new key: keywright rotations abort {}",
                    self.record.id
                )));
        }
        self.callbacks.open(to)
    }

    /// Checks, before the old key is revoked and the staged copy is deleted, that some destination still holds the
    /// new secret. Delivers it again where the destination is empty or holds its previous value.
    pub(super) async fn deliver_again(&mut self) -> Result<()> {
        let secret = self.secret().await?;
        let written = self.record.intent()?.to.clone();
        let mut stands = written.is_empty();
        let mut changed_since = Vec::new();
        for to in written {
            if to == DestinationSpec::STDOUT {
                stands = true;
                continue;
            }
            let destination = self.open_here(&to)?;
            let shown = destination.describe();
            let content = destination.read_if_possible().await?;
            let standing = content.fingerprint();
            match (&content, standing.as_deref()) {
                _ if content.is(&secret) == Some(true) => {}
                (_, Some(value)) if self.is_made_later(value)? => {}
                (_, Some(value)) if !self.is_previous_value(&to, value)? => {
                    changed_since.push(shown);
                    continue;
                }
                (StoredContent::Unreadable, _) => {}
                // A profile that was logged out gets no new login.
                (StoredContent::Absent, _) if to.profile().is_some() => {
                    changed_since.push(shown);
                    continue;
                }
                _ => {
                    let delivered = destination.deliver(&secret).await;
                    delivered.map_err(|error| self.still_safe(error))?;
                    self.log().warn(&format!(
                        "`{shown}` did not hold the new key any more: it was delivered again"
                    ));
                }
            }
            stands = true;
        }
        for shown in &changed_since {
            self.log().warn(&format!(
                "`{shown}` holds neither the old key nor the new one: it stays as it is"
            ));
        }
        if stands {
            return Ok(());
        }
        self.callbacks.witness(
            "the new key is not in its place any more, and the copy here goes with its record",
            "Continue anyway?",
        )
    }

    /// Returns whether the value of a fingerprint is a key that this machine created after this one.
    fn is_made_later(&self, fingerprint: &str) -> Result<bool> {
        let kept = self.record.events.at(EventKind::Staged);
        let later = |at: Option<Timestamp>| at > kept;
        let records = journal::all(self.platform())?;
        let mut open = records.iter().filter_map(|seen| seen.events.as_ref().ok());
        let is_open = open.any(|events| {
            let known = events.staged().and_then(|kept| kept.fingerprint.as_ref());
            known.is_some_and(|known| known == fingerprint) && later(events.at(EventKind::Intended))
        });
        let delivered = journal::delivered(self.platform())?;
        let mut closed = delivered.iter().filter(|key| later(Some(key.at)));
        Ok(is_open || closed.any(|key| key.fingerprint.as_deref() == Some(fingerprint)))
    }

    /// Returns whether the value of a fingerprint is the one that the destination held before the new secret.
    fn is_previous_value(&self, to: &DestinationSpec, value: &str) -> Result<bool> {
        match self.record.events.previous(to) {
            Some(PreviousValue::Value(item)) => {
                let saved = self.store()?.get(item)?;
                Ok(saved.is_some_and(|saved| saved_value(&saved).fingerprint() == value))
            }
            Some(PreviousValue::Digest(known)) => Ok(known == value),
            _ => Ok(false),
        }
    }

    fn report_delivered(&self, to: &DestinationSpec, destination: &OpenDestination) {
        let (profile, key) = (self.client.profile, self.new_key_label());
        self.log().note(&if to.profile() == Some(profile) {
            format!("the profile `{profile}` logs in with {key} from now on")
        } else {
            format!("delivered to `{}`", destination.describe())
        });
    }

    /// Returns the label of the new key, with a blank before it.
    fn label(&self) -> String {
        let events = &self.record.events;
        let name = events.intent().and_then(|intent| intent.name.as_deref());
        let kept = events.staged();
        let known = name.or(kept.and_then(|kept| kept.id.as_deref().or(Some(&kept.masked))));
        known.map_or_else(String::new, |known| format!(" `{}`", one_line(known)))
    }

    fn still_safe(&self, error: Error) -> Error {
        let place = match self.store() {
            Ok(store) => store.place(),
            Err(error) => return error,
        };
        let (key, label) = (self.new_key_label(), self.label());
        error.append(&format!("{key}{label} is not lost: {place} keeps it"))
    }

    /// Saves the current value of a destination, so that it can be restored. Its item is recorded first: an
    /// unrecorded copy would remain forever.
    async fn save_previous(
        &mut self,
        to: &DestinationSpec,
        destination: &OpenDestination,
        secret: &Secret,
    ) -> Result<()> {
        let store = self.store()?;
        let mut known = None;
        if let Some(previous) = self.record.events.previous(to).cloned() {
            let kept = match &previous {
                PreviousValue::Value(item) => store.get(item)?.map(StoredContent::Value),
                PreviousValue::Digest(known) => {
                    Some(StoredContent::Digest(ValueDigest::of_fingerprint(known)))
                }
                PreviousValue::Absent => Some(StoredContent::Absent),
                PreviousValue::Unreadable if self.record.events.is_restored(to) => {
                    return self.write_saved(to, previous);
                }
                PreviousValue::Unreadable => return Ok(()),
            };
            match kept {
                Some(kept) if !self.is_changed(to, destination, secret, &kept).await? => {
                    return Ok(());
                }
                Some(_) => {}
                None => known = Some(previous),
            }
        }
        let saved = match destination.read_if_possible().await? {
            // A delivery was interrupted: the previous value is not known any more.
            content if content.is(secret) == Some(true) => {
                return self.write_saved(to, PreviousValue::Unreadable);
            }
            StoredContent::Value(value) => {
                self.log().register_secret(&value);
                self.agree_to_overwrite(to, &value.fingerprint())?;
                match destination.snapshot().await? {
                    StoredContent::Value(saved) => saved,
                    _ => value,
                }
            }
            StoredContent::Digest(digest) => {
                let known = digest.fingerprint().to_owned();
                self.agree_to_overwrite(to, &known)?;
                return self.write_saved(to, PreviousValue::Digest(known));
            }
            // Without a value there may still be something to restore.
            StoredContent::Absent => match destination.snapshot().await? {
                StoredContent::Value(saved) => saved,
                _ => return self.write_saved(to, PreviousValue::Absent),
            },
            StoredContent::Unreadable => return self.write_saved(to, PreviousValue::Unreadable),
        };
        let item = if let Some(PreviousValue::Value(item)) = known {
            item
        } else {
            let item = SecretRef::fresh()?;
            let is_kept = self.record.brings(&item, &saved)?;
            self.write_saved(to, PreviousValue::Value(item.clone()))?;
            if is_kept {
                return Ok(());
            }
            item
        };
        Ok(store.put(&item, "keywright: what a destination held before", &saved)?)
    }

    /// Returns whether a destination holds neither the value that was saved nor the new one: an earlier run was
    /// interrupted, and something else has changed it since.
    async fn is_changed(
        &self,
        to: &DestinationSpec,
        destination: &OpenDestination,
        secret: &Secret,
        saved: &StoredContent,
    ) -> Result<bool> {
        let now = destination.read_if_possible().await?;
        let before = match saved {
            StoredContent::Value(saved) => Some(saved_value(saved).fingerprint()),
            other => other.fingerprint(),
        };
        let is_changed = match now {
            StoredContent::Unreadable => false,
            _ => now.is(secret) != Some(true) && now.fingerprint() != before,
        };
        if is_changed {
            self.log().warn(&format!(
                "`{}` was changed since its value was saved: an undo restores the later one",
                escape(&to.to_string())
            ));
        }
        Ok(is_changed)
    }

    fn write_saved(&mut self, to: &DestinationSpec, previous: PreviousValue) -> Result<()> {
        self.write(Event::BackedUp {
            to: to.clone(),
            previous,
        })
    }
}

/// Returns whether a service has refused a write, so that nothing was written.
fn is_refusal(error: &Error) -> bool {
    let refused = |status| (400..500).contains(&status);
    error.kind() != Kind::Uncertain && error.http_status().is_some_and(refused)
}
