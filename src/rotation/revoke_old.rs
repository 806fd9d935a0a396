//! Revokes the old key: by a call, or by hand, which is then verified.

use super::Rotation;
use crate::api::{Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Key, NewKey};
use crate::core::secret::Secret;
use crate::core::untrusted::{Untrusted, one_line};
use crate::destination::DestinationSpec;
use crate::manifest::{Manual, Strategy, Verb};
use crate::rotation::journal::{self, EventKind, OldKey, PreviousValue, RecordState, is_hidden};
use crate::rotation::liveness::{Refusal, is_refused, refusal};

/// A key that you have to remove by hand.
pub(super) struct ManualRemoval<'k> {
    /// Its name in messages: `the old key`.
    pub what: &'k str,
    /// Its label at the service.
    pub label: String,
    /// Its secret, if it is known here.
    pub secret: Option<&'k Secret>,
    /// Set if an earlier run asked for its removal.
    pub told_before: bool,
}

impl ManualRemoval<'_> {
    fn name(&self) -> String {
        if self.label.is_empty() {
            return self.what.to_owned();
        }
        format!("{} `{}`", self.what, self.label)
    }
}

impl Rotation<'_> {
    /// Revokes the old key; one that no longer exists counts as revoked.
    pub(super) async fn revoke_old(&mut self) -> Result<()> {
        let old = self.record.events.replaces().cloned();
        let old = old.ok_or_else(|| Error::failed("the record names no old key"))?;
        let manifest = self.client.service.manifest;
        if old.slot.is_some() {
            return Box::pin(self.retire_slot(&self.old_key(&old))).await;
        }
        match support(manifest, Verb::Revoke) {
            Support::Native(_) if old.id.as_deref().is_some_and(is_hidden) => {
                let label = self.old_key(&old).label();
                self.gone_from_list(&format!("the old key {label}")).await
            }
            // It is remembered when the record is closed.
            Support::Native(_) if old.id.is_some() => {
                self.call_revoke(&self.old_key(&old), "the old key").await
            }
            Support::Manual(manual) => self.revoke_old_by_hand(&old, Some(manual)).await,
            _ => self.revoke_old_by_hand(&old, None).await,
        }
    }

    /// Ends the key in a slot: by a call that clears it, or by one that gives it a key which nobody keeps.
    pub(super) async fn retire_slot(&mut self, slot: &Key) -> Result<()> {
        if matches!(
            support(self.client.service.manifest, Verb::Revoke),
            Support::Native(_)
        ) {
            return self.call_revoke(slot, "the key in the slot").await;
        }
        let new = self.secret_if_known().await?;
        let secret = self.old_secret_known(new.as_ref()).await?;
        let is_old = self.record.state() == RecordState::Revoking;
        if let Some(secret) = secret.filter(|_| is_old && self.began_in == RecordState::Revoking)
            && refusal(self.client, &secret).await? == Refusal::Refused
        {
            self.log()
                .note(&format!("the slot {} was renewed already", slot.label()));
            return Ok(());
        }
        let pair = self.client.make_key_pair(Verb::Rotate)?;
        let nothing = NewKey::default();
        let renewed = self.client.rotate(slot, &nothing, pair.as_ref(), &());
        Box::pin(renewed).await.map_err(|failure| {
            let error = failure.error;
            error.context(&format!(
                "the key in the slot {} was not ended",
                slot.label()
            ))
        })?;
        self.log().note(&format!(
            "renewed the slot {}: its old key is dead",
            slot.label()
        ));
        Ok(())
    }

    /// Considers a key removed of whose id only a fingerprint is known, if the list can be read: no listed key had
    /// that fingerprint.
    pub(super) async fn gone_from_list(&self, what: &str) -> Result<()> {
        let listed = self.client.list().await;
        listed.map_err(|failure| failure.error.context(&format!("{what} was not revoked")))?;
        self.log().note(&format!("{what} was gone already"));
        Ok(())
    }

    /// Returns the old key if the record shows that a call revoked it.
    pub(super) fn old_key_revoked_by_call(&self) -> Option<Key> {
        let revoke = support(self.client.service.manifest, Verb::Revoke);
        let old = self.record.events.replaces()?;
        let is_hidden = old.id.as_deref().is_some_and(is_hidden);
        let revoked = self.record.events.at(EventKind::Revoked).is_some();
        let is_key = matches!(revoke, Support::Native(_)) && !is_hidden && old.slot.is_none();
        (revoked && is_key).then(|| self.old_key(old))
    }

    /// Revokes a key, or finds that it no longer exists, and remembers it.
    pub(super) async fn revoke(&self, key: &Key, what: &str) -> Result<()> {
        self.call_revoke(key, what).await?;
        self.remember_revoked(key);
        Ok(())
    }

    async fn call_revoke(&self, key: &Key, what: &str) -> Result<()> {
        match self.client.revoke(key).await {
            Ok(()) => {
                self.log().note(&format!("revoked {what} {}", key.label()));
                Ok(())
            }
            Err(failure) if failure.error.kind() == Kind::NotFound => {
                self.log()
                    .note(&format!("{what} {} was gone already", key.label()));
                Ok(())
            }
            Err(failure) => Err(failure
                .error
                .context(&format!("{what} {} was not revoked", key.label()))),
        }
    }

    /// Records a revoked key, which a list may show for a while. The revocation is complete without that.
    fn remember_revoked(&self, key: &Key) {
        // The name of a lease is unique.
        if self.is_lease() {
            return;
        }
        let hides_id = self.record.hides_ids();
        if let Err(error) = journal::remember_revoked(self.platform(), key, hides_id) {
            self.log().trace(|| format!("* {error}"));
        }
    }

    pub(super) fn old_key(&self, old: &OldKey) -> Key {
        Key {
            name: old.name.clone().map(Untrusted::new),
            masked: old.masked.clone().map(Untrusted::new),
            ..crate::rotation::create::key_of(self.client, old.id.clone())
        }
    }

    async fn revoke_old_by_hand(&mut self, old: &OldKey, manual: Option<&Manual>) -> Result<()> {
        let new = self.secret().await?;
        let label = old.label();
        let secret = self.old_secret_known(Some(&new)).await?;
        let key = ManualRemoval {
            what: "the old key",
            label: label.map_or_else(String::new, |label| one_line(&label)),
            secret: secret.as_ref(),
            told_before: self.began_in == RecordState::Revoking,
        };
        self.removed_by_hand(&key, manual).await
    }

    /// Asks you to remove a key that no call removes. It is removed when the service refuses it, or, if no call shows
    /// that, when you confirm it.
    pub(super) async fn removed_by_hand(
        &self,
        key: &ManualRemoval<'_>,
        manual: Option<&Manual>,
    ) -> Result<()> {
        let name = key.name();
        let mut refused = self.refusal_of(key).await?;
        if refused == Refusal::Refused {
            self.log().note(&format!("{name} is gone"));
            return Ok(());
        }
        let dashboard = self.client.service.manifest.dashboard.as_deref();
        match manual {
            Some(manual) => {
                let further = [format!("The key to remove is `{}`", key.label)];
                let title = format!("now remove {}: open", key.what);
                self.callbacks.instruct(&title, manual, &further);
            }
            None => self.log().line(&format!(
                "now remove {name} by hand{}",
                dashboard.map_or_else(String::new, |page| format!(": {page}"))
            )),
        }
        // `--yes` cannot confirm a removal that was requested only now, nor one that an answer may contradict.
        let by_flag = self.callbacks.yes() && key.told_before;
        let by_person = self.callbacks.may_ask() && (!by_flag || refused == Refusal::Limited);
        if by_person {
            self.callbacks
                .witness(&format!("{name} is no longer needed"), "Is it removed?")?;
            refused = self.refusal_of(key).await?;
        }
        let unfinished = |why: String| {
            Error::new(Kind::Uncertain, why).hint("remove it in the dashboard, then go on")
        };
        let undetermined = format!("could not determine whether {name} is removed");
        match refused {
            Refusal::Refused => Ok(()),
            Refusal::Works => Err(unfinished(format!("{name} still works"))),
            // The service can show it later, so nobody's word replaces that.
            Refusal::Open(why) => Err(unfinished(format!("{undetermined}: {why}"))),
            Refusal::NoWay if by_flag || by_person => Ok(()),
            Refusal::NoWay => Err(unfinished(undetermined)
                .hint("if it is removed, confirm with `--yes` when you resume")),
            Refusal::Limited if by_person => Ok(()),
            Refusal::Limited => Err(unfinished(undetermined)
                .hint("if it is removed, confirm it at a terminal when you resume")),
        }
    }

    async fn refusal_of(&self, key: &ManualRemoval<'_>) -> Result<Refusal> {
        match key.secret {
            Some(secret) => refusal(self.client, secret).await,
            None => Ok(Refusal::NoWay),
        }
    }

    /// Returns the old secret, if the rotated profile held it.
    pub(super) fn old_secret(&self, old: &OldKey) -> Result<Option<Secret>> {
        let Some(own) = &old.own else {
            return Ok(None);
        };
        let Some(PreviousValue::Value(item)) = self.record.events.previous(own) else {
            return Ok(None);
        };
        let saved = self.store()?.get(item)?;
        let found = saved.map(|saved| crate::destination::saved_value(&saved));
        if let Some(secret) = &found {
            self.log().register_secret(secret);
        }
        Ok(found)
    }

    /// Updates the login if the call invalidated the key that it used. A list does not always show which key belongs
    /// to which login, but the service no longer accepts ours.
    pub(super) async fn update_login(&mut self) -> Result<()> {
        let old = self.record.events.replaces().cloned();
        let atomic = old.filter(|old| old.strategy == Strategy::Atomic && old.own.is_none());
        let session = self.client.session;
        let name = session.service.manifest.new_key();
        let (Some(_), Some(name)) = (atomic, name) else {
            return Ok(());
        };
        let own = DestinationSpec::of_profile(self.client.profile);
        let goes_there = self.record.intent()?.to.contains(&own);
        if goes_there || session.uses_environment() || !session.holds(name)? {
            return Ok(());
        }
        let Some(present) = session.kept(name)? else {
            return Ok(());
        };
        if is_refused(self.client, &present).await? != Some(true) {
            return Ok(());
        }
        let secret = self.secret().await?;
        self.callbacks.open(&own)?.deliver(&secret).await?;
        self.log().note(&format!(
            "it was the key of the profile `{}`, which logs in with the new one from now on",
            self.client.profile
        ));
        Ok(())
    }
}
