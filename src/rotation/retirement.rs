//! Leaves the old key until it is unused, and disables it before it is revoked if the service can.

use jiff::Timestamp;

use super::Rotation;
use crate::api::KeyUpdate;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::key_use::KeyUse;
use crate::core::untrusted::Untrusted;
use crate::rotation::journal::{self, Event, RecordState};

impl Rotation<'_> {
    /// Looks for a later use of the old key. Returns the moment from which it counts as unused if that is still to come;
    /// otherwise the next step is announced.
    pub(super) async fn watch(&mut self) -> Result<Option<Timestamp>> {
        let last = self.record.events.last_use();
        match (last, self.use_of_old().await?) {
            (_, Some(seen)) if !seen.is_known() => return Err(self.use_not_shown()),
            (None, None) => return Err(self.use_not_shown()),
            (None, Some(seen)) => self.note_use(seen)?,
            (Some(last), Some(seen)) if seen.is_later_than(last) => {
                self.log().note("the old key is still in use");
                self.note_use(seen.or_later(last))?;
            }
            // A key that is not listed shows no use.
            (Some(_), _) => {}
        }
        if let Some(end) = self.unused_left() {
            return Ok(Some(end));
        }
        self.ensure_new_key_usable().await?;
        // The responses to that show the clock of the service.
        if let Some(end) = self.unused_left() {
            self.warn_of_clock();
            return Ok(Some(end));
        }
        self.check_again().await?;
        let disables = self.record.events.replaces().is_some_and(|old| old.disable);
        self.write(if disables {
            Event::Disabling
        } else {
            Event::Revoking
        })?;
        Ok(None)
    }

    /// Looks once more if an earlier run announced the end of the old key, which may have been used since then or been
    /// enabled by hand. Returns whether it was used: then it is left until it is unused again.
    pub(super) async fn was_used_after_all(&mut self) -> Result<bool> {
        let state = self.record.state();
        let is_announced = matches!(
            state,
            RecordState::Disabling | RecordState::Disabled | RecordState::Revoking
        );
        let old = self.record.events.replaces();
        let retires = old.is_some_and(|old| old.retire.is_some());
        if !retires || !is_announced || self.began_in != state {
            return Ok(false);
        }
        match (self.record.events.last_use(), self.use_of_old().await?) {
            (Some(last), Some(seen)) if seen.is_later_than(last) => {
                self.log().note("the old key is still in use");
                self.enable_old().await?;
                self.note_use(seen.or_later(last))?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Disables the old key; it is revoked by a later run, so that it can be enabled again until then.
    pub(super) async fn disable_old(&mut self) -> Result<Timestamp> {
        let old = self.disabled_key()?;
        match self.client.update(&old, &KeyUpdate::Disable).await {
            Ok(_) => self
                .log()
                .note(&format!("disabled the old key {}", old.label())),
            Err(failure) if failure.error.kind() == Kind::NotFound => {
                let label = old.label();
                self.log()
                    .note(&format!("the old key {label} was gone already"));
            }
            Err(failure) => {
                let what = format!("the old key {} was not disabled", old.label());
                return Err(failure.error.context(&what));
            }
        }
        self.write(Event::Disabled)?;
        Ok(self.platform().clock.now())
    }

    /// Enables the old key again if it may be disabled, before anything depends on it.
    pub(super) async fn enable_old(&mut self) -> Result<()> {
        let may_act = matches!(
            self.record.state(),
            RecordState::Disabling | RecordState::Disabled | RecordState::Revoking
        );
        if !may_act || !self.record.events.may_be_disabled() {
            return Ok(());
        }
        let old = self.disabled_key()?;
        match self.client.update(&old, &KeyUpdate::Enable).await {
            Ok(_) => {
                self.log()
                    .note(&format!("enabled the old key {}", old.label()));
                self.write(Event::Enabled)
            }
            // It is gone, which the look at the old key tells next.
            Err(failure) if failure.error.kind() == Kind::NotFound => Ok(()),
            Err(failure) => {
                let what = format!("the old key {} was not enabled", old.label());
                Err(super::unfinished(
                    failure.error.context(&what),
                    &self.record.id,
                ))
            }
        }
    }

    fn disabled_key(&self) -> Result<Key> {
        let old = self.record.events.replaces();
        let old = old.ok_or_else(|| Error::failed("the record names no old key"))?;
        Ok(self.old_key(old))
    }

    fn note_use(&mut self, seen: KeyUse) -> Result<()> {
        let server_at = self.client.service.time_there();
        self.write(Event::UseSeen {
            last_used_at: seen.last_used_at,
            requests: seen.requests,
            server_at,
        })
    }

    /// Returns the uses of the old key; `None` if the service does not list it.
    async fn use_of_old(&self) -> Result<Option<KeyUse>> {
        let failed = |failure: crate::service::CallError| {
            failure
                .error
                .context("could not see whether the old key is in use")
        };
        let old = self.record.events.replaces().and_then(|old| old.id.clone());
        let listed = self.client.list().await.map_err(failed)?;
        let is_old = |key: &&Key| {
            let id = key.id.as_ref().map(Untrusted::as_received);
            id.zip(old.as_deref())
                .is_some_and(|(id, old)| journal::is_id(old, id))
        };
        match listed.iter().find(is_old) {
            Some(key) => Ok(Some(self.client.use_of(key).await.map_err(failed)?)),
            None => Ok(None),
        }
    }

    fn use_not_shown(&self) -> Error {
        let name = self.client.service.name();
        let why = format!("{name} does not show when the old key was last used");
        Error::new(Kind::Uncertain, why).append("the old key was not revoked")
    }

    /// Returns the end of the wait if it is still to come by this machine's clock or by the service's.
    fn unused_left(&self) -> Option<Timestamp> {
        let end = self.record.events.unused_ends()?;
        self.is_to_come(end).then_some(end)
    }
}
