//! Rolls a rotation back: restores the previous values, revokes the new key and leaves the old one alone.

use super::Rotation;
use super::proof::{RollbackPath, WorkingKey};
use super::revoke_old::ManualRemoval;
use crate::api::{SpooledKey, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::untrusted::{Untrusted, shell_argument};
use crate::manifest::Verb;
use crate::rotation::create::{
    Reconciled, UnknownKey, is_believed, is_sure, read_spooled_key, reconcile,
};
use crate::rotation::journal::OldKey;
use crate::rotation::journal::{self, Event, EventLog, RecordState, is_hidden};
use crate::rotation::liveness::OtherKeyResponse;

/// The completeness of a rollback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RollbackMode {
    /// Every destination gets its previous value again, or nothing is begun.
    Strict,
    /// A value that cannot be restored is named and left.
    BestEffort,
}

impl Rotation<'_> {
    /// Restores the previous value everywhere and revokes the new key, while the old one works.
    pub async fn undo(mut self) -> Result<EventLog> {
        self.reveal_ids().await;
        let state = self.record.state();
        if state == RecordState::RollingBack {
            return self.finish_undo().await;
        }
        if self.is_repair() {
            return Box::pin(self.undo_repair()).await;
        }
        if state == RecordState::RevokingNew {
            return self.abort().await;
        }
        if !self.is_rotation() {
            return Err(
                Error::usage("nothing to undo: no key was replaced").hint(format!(
                    "to revoke the new key and close the record: keywright rotations abort {}",
                    self.record.id
                )),
            );
        }
        if state == RecordState::Abandoned {
            return self.abort().await;
        }
        if state.awaits_secret() {
            if self.secret_is_absent()? {
                return Err(
                    Error::usage("the new key was not delivered: nothing to undo").hint(format!(
                        "check whether it was created: keywright rotations resume {}",
                        self.record.id
                    )),
                );
            }
            self.resume_lost().await?;
        }
        Box::pin(self.enable_old()).await?;
        if self.ensure_old_key_works(self.record.state()).await? == WorkingKey::None {
            self.other_is_dead = true;
            return Err(Error::new(
                Kind::Conflict,
                "neither the old key nor the new one works: nothing to undo",
            )
            .hint(format!(
                "to close the record: keywright rotations abort {}",
                self.record.id
            )));
        }
        self.check_restorable().await?;
        self.callbacks.confirm(
            "this restores the old value and revokes the new key",
            "Undo?",
        )?;
        self.write(Event::RollbackStarted)?;
        self.finish_undo().await
    }

    /// Gives the rotation up: restores previous values as far as possible, revokes the new key and deletes the
    /// record.
    pub async fn abort(mut self) -> Result<EventLog> {
        self.rollback_mode = RollbackMode::BestEffort;
        self.reveal_ids().await;
        let state = self.record.state();
        if state.is_over() {
            return self.closed();
        }
        if self.is_repair() && state != RecordState::RollingBack {
            return Box::pin(self.undo_repair()).await;
        }
        if state == RecordState::RevokingNew {
            return match self.finish_revoking_new().await {
                Ok(()) => self.closed(),
                Err(error) => Err(super::unfinished(error, &self.record.id)),
            };
        }
        if state.awaits_secret() && self.secret_is_absent()? {
            self.note_created()?;
            self.callbacks.confirm(
                "aborting without a search may leave an unknown key at the service",
                "Abort?",
            )?;
            let left = match self.possibly_lost().await {
                Ok(left) => left,
                // An interactive answer counts; `--yes` was given before the failure to look was known.
                Err(error) if self.callbacks.yes() => {
                    self.confirm_abort_without_search(error)?;
                    Vec::new()
                }
                Err(error) => {
                    self.log().warn(error.message());
                    Vec::new()
                }
            };
            if self.ends_old_by_call() {
                self.client.forget_tokens();
            }
            // Said first: once the record is closed, no later command says it.
            self.report_possibly_lost(&left)?;
            if let [only] = left.as_slice()
                && only.matches
                && self.record.events.created().is_none()
            {
                self.write_found(&only.key, true)?;
            }
            self.write(Event::Abandoned)?;
            let events = self.record.displayed();
            self.cleanup()?;
            return Ok(events);
        }
        if state.awaits_secret() {
            self.resume_lost().await?;
        }
        if self.record.state() != RecordState::RollingBack {
            if self.is_rotation() {
                Box::pin(self.enable_old()).await?;
                self.check_remaining_key(self.record.state()).await?;
            }
            self.check_restorable().await?;
            let masked = self.record.staged()?.masked.clone();
            self.callbacks.confirm(
                &format!("aborting revokes the new key {masked} and deletes the record"),
                "Abort?",
            )?;
            self.write(Event::RollbackStarted)?;
        }
        self.finish_undo().await
    }

    /// Names the keys that the lost creation may have left, or says how to look for one.
    fn report_possibly_lost(&self, left: &[UnknownKey]) -> Result<()> {
        let log = self.log();
        for candidate in left {
            let id = candidate.key.id.as_ref();
            log.warn(&format!(
                "the key {} may be the lost one; revoke it: keywright keys revoke {}",
                candidate.key.label(),
                shell_argument(id.map_or("", |id| id.as_received()))
            ));
        }
        // The list may be late, and what it shows may be somebody else's.
        if !is_sure(left) || self.has_namesake()? {
            log.warn("check for a leftover key: keywright keys list");
        }
        Ok(())
    }

    /// Returns whether another open record lost a key of the same name, which may be the one that the list shows.
    fn has_namesake(&self) -> Result<bool> {
        let own = self.record.intent()?;
        let is_namesake = |events: &EventLog| {
            let intent = events.intent();
            events.state().is_ok_and(RecordState::awaits_secret)
                && intent
                    .is_some_and(|other| (&other.profile, &other.name) == (&own.profile, &own.name))
        };
        let all = journal::all(self.platform())?;
        let mut others = all.iter().filter(|seen| seen.id != self.record.id);
        Ok(others.any(|seen| seen.events.as_ref().is_ok_and(is_namesake)))
    }

    /// Continues without a look only with your consent.
    fn confirm_abort_without_search(&self, error: Error) -> Result<()> {
        if self.callbacks.may_ask() {
            return self.callbacks.witness(
                &format!(
                    "{}: aborting may leave an unknown key at the service",
                    error.message()
                ),
                "Abort anyway?",
            );
        }
        Err(super::unfinished(
            error.append("the record is kept: a key may be left at the service"),
            &self.record.id,
        ))
    }

    /// Cleans up after a finished rollback.
    fn closed(self) -> Result<EventLog> {
        let events = self.record.displayed();
        self.cleanup()?;
        Ok(events)
    }

    fn secret_is_absent(&self) -> Result<bool> {
        let kept = self.store()?.get(&self.place()?.item)?;
        let arrived = read_spooled_key(self.client, &self.record)?;
        // A key pair is kept before anything is sent.
        Ok((kept.is_none() || self.makes_key_pair()) && !matches!(arrived, SpooledKey::Key(_)))
    }

    /// Refuses to revoke the only key that works; if neither works, aborting loses nothing.
    pub(super) async fn check_remaining_key(&mut self, state: RecordState) -> Result<()> {
        if self.ensure_old_key_works(state).await? == WorkingKey::None {
            self.log().warn(
                "neither the old key nor the new one works any more: the record is closed; make another key: keywright keys create",
            );
        }
        Ok(())
    }

    /// Completes a rollback and cleans up.
    pub(super) async fn finish_undo(mut self) -> Result<EventLog> {
        match self.undo_all().await {
            Ok(()) => {
                let events = self.record.displayed();
                self.cleanup()?;
                Ok(events)
            }
            Err(error) => Err(self.ended(error)),
        }
    }

    /// Restores the values that are not restored yet, then revokes the new key.
    pub(super) async fn undo_all(&mut self) -> Result<()> {
        if self.old_lives_on() && self.rollback_path == RollbackPath::Unknown {
            self.check_remaining_key(RecordState::RollingBack).await?;
        }
        for to in self.touched().await {
            // A destination that the record calls restored is checked all the same: the record may be an older copy.
            if !self.record.events.is_restored(&to) || self.is_seen_to_hold_new(&to).await {
                self.restore(&to).await?;
                self.write(Event::Restored { to })?;
            }
        }
        Box::pin(self.run_hooks_after_rollback()).await?;
        if !self.is_repair() {
            self.revoke_new().await?;
        }
        self.write(Event::Abandoned)
    }

    async fn revoke_new(&mut self) -> Result<()> {
        let kept = self.record.staged()?.clone();
        let manifest = self.client.service.manifest;
        let native = matches!(support(manifest, Verb::Revoke), Support::Native(_));
        let slot = self.record.events.replaces().and_then(OldKey::slot);
        let created = self.record.events.created().map(str::to_owned);
        let revoked = match &kept.id.clone().or(created) {
            _ if let Some(slot) = slot => {
                let slot = slot.to_owned();
                let slot = crate::rotation::create::key_of(self.client, Some(slot));
                Box::pin(self.retire_slot(&slot)).await
            }
            Some(id) if native && !is_hidden(id) => {
                let key = Key {
                    masked: Some(Untrusted::new(kept.masked.clone())),
                    ..crate::rotation::create::key_of(self.client, Some(id.clone()))
                };
                self.revoke(&key, self.new_key_label()).await
            }
            None if native && manifest.one_key => self.revoke_only_key(&kept.masked).await,
            _ if native && self.lists_keys() => self.revoke_unidentified().await,
            _ => self.revoke_new_by_hand(&kept.masked).await,
        };
        match revoked {
            // The service refuses it in any case.
            Err(error) if self.rollback_path == RollbackPath::NothingWorks => {
                self.log().warn(error.message());
                Ok(())
            }
            revoked => revoked,
        }
    }

    /// Revokes the new key by a call that names none, unless it would end a key that was created later.
    async fn revoke_only_key(&mut self, masked: &str) -> Result<()> {
        let new = self.secret_if_known().await?;
        if self
            .new_is_gone(new.as_ref(), OtherKeyResponse::default())
            .await?
            || self.is_new_replaced(new.as_ref()).await?
        {
            let what = self.new_key_label();
            self.log()
                .note(&format!("{what} {masked} was gone already"));
            return Ok(());
        }
        let key = crate::rotation::create::key_of(self.client, None);
        self.revoke(&key, "the key").await
    }

    async fn revoke_new_by_hand(&self, masked: &str) -> Result<()> {
        let manual = match support(self.client.service.manifest, Verb::Revoke) {
            Support::Manual(manual) => Some(manual),
            _ => None,
        };
        if self.is_rotation() {
            let secret = self.store()?.get(&self.place()?.item)?;
            let key = ManualRemoval {
                what: "the new key",
                label: masked.to_owned(),
                secret: secret.as_ref(),
                told_before: self.began_in == RecordState::RollingBack,
            };
            return self.removed_by_hand(&key, manual).await;
        }
        self.log().warn(&format!(
            "{} has no operation to revoke it: revoke the key {masked} by hand",
            self.client.service.name(),
        ));
        if let Some(manual) = manual {
            self.callbacks.instruct("open", manual, &[]);
        }
        Ok(())
    }

    fn lists_keys(&self) -> bool {
        let list = support(self.client.service.manifest, Verb::List);
        matches!(list, Support::Native(_))
    }

    /// Revokes the new key whose id is not known: searches for it in the list.
    async fn revoke_unidentified(&mut self) -> Result<()> {
        let secret = self.secret().await?;
        let masked = self.record.staged()?.masked.clone();
        let unknown = |why: &str| {
            Error::new(
                Kind::Uncertain,
                format!(
                    "the id of the new key {masked} is not known, so it was not revoked: {why}"
                ),
            )
            .hint("revoke it in the dashboard, then run this again")
        };
        let candidates = match reconcile(self.client, &self.record.events, &self.record.id).await? {
            Reconciled::Candidates(candidates) => candidates,
            Reconciled::Nothing { .. } if is_believed(self.client, &self.record.events) => {
                self.log()
                    .note(&format!("the list shows no new key: {masked} is gone"));
                return Ok(());
            }
            Reconciled::Nothing { .. } => return Err(unknown("the list does not show it yet")),
            Reconciled::Failed { why, .. } => return Err(unknown(&why)),
            Reconciled::NoList | Reconciled::Replaced => {
                return self.revoke_new_by_hand(&masked).await;
            }
        };
        let fits = |candidate: &&UnknownKey| {
            let shown = candidate.key.masked.as_ref();
            shown.is_some_and(|shown| self.client.is_shown_as(&secret, shown.as_received()))
        };
        let fitting: Vec<&UnknownKey> = candidates.iter().filter(fits).collect();
        match fitting.as_slice() {
            [only] => self.revoke_found(&only.key, "the new key", true).await,
            _ => self.revoke_candidates(&candidates).await,
        }
    }
}
