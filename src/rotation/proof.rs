//! Proves that a key works, before a step of a rotation that invalidates the one beside it.

use jiff::SignedDuration;

use super::Rotation;
use crate::api::{Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::destination::{DestinationSpec, StoredContent, saved_value};
use crate::manifest::Verb;
use crate::rotation::journal::{EventKind, OldKey, PreviousValue, Record, RecordState};
use crate::rotation::liveness::{
    FoundSecret, KeyQuery, Liveness, OtherKey, OtherKeyResponse, find_out, found, is_accepted,
    is_gone,
};

/// The age up to which a new key may be unknown to its service.
const NEW_KEY_AGE: SignedDuration = SignedDuration::from_mins(1);

/// The step for which the new key has to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProofPurpose {
    /// It is delivered to its destinations.
    Delivery,
    /// The old key is revoked.
    Revocation,
}

/// The keys that the service still accepts, before the new one is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WorkingKey {
    /// The old one, or no proof is needed.
    Old,
    /// Neither.
    None,
}

/// The outlook of a rollback: it leaves a key that works, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RollbackPath {
    /// Not asked yet.
    Unknown,
    /// The old one remains.
    Open,
    /// Neither works any more.
    NothingWorks,
}

impl Rotation<'_> {
    /// Continues only with a new key that works, asked now.
    pub(super) async fn ensure_new_key_works(&mut self, before: ProofPurpose) -> Result<()> {
        let secret = self.secret().await?;
        let events = &self.record.events;
        let id = events.staged().and_then(|kept| kept.id.clone());
        let old_one = events.replaces().cloned();
        let young = self.is_young();
        // A question to the old key would count as a use of it.
        let watched = events.last_use().is_some();
        let old = || -> FoundSecret<'_> {
            if watched {
                return found(None);
            }
            Box::pin(self.old_secret_known(Some(&secret)))
        };
        let beside = match &old_one {
            Some(replaced) if replaced.survives() => OtherKey::Key {
                secret: &old,
                other_scopes: replaced.other_scopes,
                young: false,
            },
            _ => OtherKey::None,
        };
        let grace = old_one.as_ref().and_then(|replaced| replaced.grace);
        let subject = KeyQuery {
            what: self.new_key_label(),
            secret: Some(&secret),
            id: id.as_deref(),
            record: self.record_of_call(),
            lives_for: grace.filter(|_| before == ProofPurpose::Revocation),
            young,
            // A key that was created just now is listed.
            may_look: self.resumed || before == ProofPurpose::Revocation,
            before_revocation: before == ProofPurpose::Revocation,
            beside,
        };
        let finding = find_out(self.client, &subject).await?;
        match finding {
            Liveness::Works(limited) => {
                if let (Some(limited), ProofPurpose::Delivery) = (limited, before) {
                    self.log()
                        .warn(&format!("the new key is {}", limited.name()));
                }
            }
            Liveness::Dead(why, _) => return Err(self.not_accepted(&why, before)),
            Liveness::Open(why) => return Err(self.undetermined_error(&why, before)),
            Liveness::Unproved => self.accept_unproved(before)?,
        }
        self.proved = Some(before);
        Ok(())
    }

    /// Returns the record if a call created its key.
    fn record_of_call(&self) -> Option<&Record> {
        let sent = self.record.events.at(EventKind::Sending).is_some();
        sent.then_some(&self.record)
    }

    pub(super) fn new_key_label(&self) -> &'static str {
        if self.is_repair() {
            "the current key"
        } else if self.is_lease() {
            "the leased key"
        } else {
            "the new key"
        }
    }

    fn not_accepted(&mut self, why: &str, before: ProofPurpose) -> Error {
        let id = &self.record.id;
        if self.is_repair() {
            self.other_is_dead = true;
            return Error::new(Kind::Conflict, why)
                .append("it was not written anywhere else")
                .hint(format!("to close it: keywright rotations abort {id}"));
        }
        if !self.is_rotation() {
            return Error::new(Kind::Uncertain, why)
                .append("it was not handed over")
                .hint(format!("to abort it: keywright rotations abort {id}"));
        }
        if !self.old_lives_on() {
            return Error::new(Kind::Uncertain, why);
        }
        let rest = match before {
            ProofPurpose::Delivery => "the old key was not touched",
            ProofPurpose::Revocation => "the old key was not revoked",
        };
        self.other_is_dead = true;
        Error::new(Kind::Conflict, why).append(rest).hint(format!(
            "to revoke the new key and keep the old one: keywright rotations abort {id}"
        ))
    }

    fn undetermined_error(&self, why: &str, before: ProofPurpose) -> Error {
        let error = Error::new(Kind::Uncertain, why);
        match before {
            ProofPurpose::Delivery if !self.old_lives_on() => error,
            ProofPurpose::Delivery => error.append("the old key was not touched"),
            ProofPurpose::Revocation => error
                .append("the new key is in place, and the old one was not revoked: both are left"),
        }
    }

    /// Decides what happens if nothing shows whether the new key works.
    fn accept_unproved(&self, before: ProofPurpose) -> Result<()> {
        let name = self.client.service.name();
        match before {
            ProofPurpose::Delivery => {
                self.log().note(&format!(
                    "{name} has no operation to verify a key: this one is taken as it is"
                ));
                Ok(())
            }
            // The removal of the old one by hand asks then.
            ProofPurpose::Revocation if self.by_hand() => Ok(()),
            ProofPurpose::Revocation => self.callbacks.witness(
                &format!(
                    "{name} has no call and no list that shows whether the new key works, and the old one is to be revoked"
                ),
                "Does the new key work?",
            ),
        }
    }

    /// Refuses to give the new key up if the old one does not work.
    pub(super) async fn ensure_old_key_works(&mut self, state: RecordState) -> Result<WorkingKey> {
        if !self.old_lives_on() {
            return Err(self.only_key_error(
                "the old key is gone: it was invalidated when the new one was created",
            ));
        }
        if matches!(state, RecordState::Revoked | RecordState::Done) {
            return Err(self.only_key_error("the old key is gone: it is revoked"));
        }
        let new = self.secret_if_known().await?;
        let old = self.old_secret_known(new.as_ref()).await?;
        let replaces = self.record.events.replaces().cloned();
        let id = replaces.as_ref().and_then(|old| old.id.clone());
        let find_new = || found(new.as_ref().map(Secret::duplicate));
        let subject = KeyQuery {
            what: "the old key",
            secret: old.as_ref(),
            id: id.as_deref(),
            record: None,
            lives_for: None,
            young: false,
            may_look: true,
            before_revocation: false,
            beside: OtherKey::Key {
                secret: &find_new,
                other_scopes: replaces.is_some_and(|old| old.other_scopes),
                young: self.is_young(),
            },
        };
        match find_out(self.client, &subject).await? {
            Liveness::Works(_) => {
                self.rollback_path = RollbackPath::Open;
                Ok(WorkingKey::Old)
            }
            Liveness::Dead(why, asked) => {
                if self.new_is_gone(new.as_ref(), asked).await? {
                    self.rollback_path = RollbackPath::NothingWorks;
                    return Ok(WorkingKey::None);
                }
                Err(self.only_key_error(&why))
            }
            Liveness::Open(why) => Err(Error::new(Kind::Uncertain, why)
                .append("the new key was not revoked: both are left")
                .hint("try again when the service answers")),
            Liveness::Unproved if !self.revokes_new_by_call() => {
                self.rollback_path = RollbackPath::Open;
                Ok(WorkingKey::Old)
            }
            Liveness::Unproved => {
                let name = self.client.service.name();
                let what = format!(
                    "{name} has no call and no list that shows whether the old key works, and the new one is to be revoked"
                );
                self.callbacks.witness(&what, "Does the old key work?")?;
                self.rollback_path = RollbackPath::Open;
                Ok(WorkingKey::Old)
            }
        }
    }

    /// Returns whether the new key does not work either; `asked` is its response in this step.
    pub(super) async fn new_is_gone(
        &self,
        new: Option<&Secret>,
        asked: OtherKeyResponse,
    ) -> Result<bool> {
        let Some(new) = new else {
            return Ok(false);
        };
        let id = self.record.events.staged().and_then(|kept| kept.id.clone());
        let subject = KeyQuery {
            what: self.new_key_label(),
            secret: Some(new),
            id: id.as_deref(),
            record: self.record_of_call(),
            lives_for: None,
            young: self.is_young(),
            may_look: true,
            before_revocation: false,
            beside: OtherKey::None,
        };
        is_gone(self.client, &subject, asked).await
    }

    /// Returns whether the new key was created a moment ago.
    fn is_young(&self) -> bool {
        let staged = self.record.events.at(EventKind::Staged);
        staged.filter(|_| !self.is_repair()).is_some_and(|kept| {
            let age = kept.duration_until(self.platform().clock.now());
            !age.is_negative() && age < NEW_KEY_AGE
        })
    }

    fn only_key_error(&mut self, why: &str) -> Error {
        self.other_is_dead = true;
        Error::new(
            Kind::Conflict,
            format!("{why}; the new key is the only one"),
        )
        .hint(format!(
            "go on: keywright rotations resume {}",
            self.record.id
        ))
    }

    /// Returns whether a rollback sends a call that revokes the new key.
    fn revokes_new_by_call(&self) -> bool {
        let manifest = self.client.service.manifest;
        let native = matches!(support(manifest, Verb::Revoke), Support::Native(_));
        let id = self
            .record
            .events
            .staged()
            .and_then(|kept| kept.id.as_ref());
        let slot = self.record.events.replaces().and_then(OldKey::slot);
        slot.is_some() || native && (id.is_some() || manifest.one_key)
    }

    /// Returns the old secret, if a destination held it, still holds it, or the profile logs in with it. Another
    /// value may be a secret of another service, so it is not sent to this one.
    pub(super) async fn old_secret_known(&self, new: Option<&Secret>) -> Result<Option<Secret>> {
        let Some(old) = self.record.events.replaces() else {
            return Ok(None);
        };
        let own = match self.old_secret(old)? {
            Some(own) => Some(own),
            None => self.current_login_secret(old)?,
        };
        if let Some(own) = own.filter(|own| !new.is_some_and(|new| own.eq_secret(new))) {
            return Ok(Some(own));
        }
        let store = self.store()?;
        for (_, previous) in self.record.events.backups() {
            let PreviousValue::Value(item) = previous else {
                continue;
            };
            let saved = store.get(item)?;
            if let Some(value) = saved.map(|saved| saved_value(&saved))
                && self.is_old(&value, old, new)
            {
                self.log().register_secret(&value);
                return Ok(Some(value));
            }
        }
        Ok(self.find_old_secret_at_destinations(old, new).await)
    }

    /// Returns whether another key has taken the place of the new one: the profile logs in with it, and it works.
    pub(super) async fn is_new_replaced(&self, new: Option<&Secret>) -> Result<bool> {
        let session = self.client.session;
        let login = match session.service.manifest.new_key() {
            Some(name) if session.holds(name)? => session.kept(name)?,
            _ => None,
        };
        let Some(other) = login.filter(|login| !new.is_some_and(|new| login.eq_secret(new))) else {
            return Ok(false);
        };
        is_accepted(self.client, &other).await?.ok_or_else(|| {
            let name = self.client.service.name();
            Error::new(
                Kind::Uncertain,
                format!("could not determine which key {name} has now: none was revoked"),
            )
        })
    }

    /// Returns the key that the profile logs in with, if it is the old one and was not replaced yet.
    fn current_login_secret(&self, old: &OldKey) -> Result<Option<Secret>> {
        let own = DestinationSpec::of_profile(self.client.profile);
        let session = self.client.session;
        let name = session.service.manifest.new_key();
        match name {
            Some(name) if old.own.as_ref() == Some(&own) && session.holds(name)? => {
                session.kept(name)
            }
            _ => Ok(None),
        }
    }

    /// Returns the old secret from a destination that was not written yet.
    async fn find_old_secret_at_destinations(
        &self,
        old: &OldKey,
        new: Option<&Secret>,
    ) -> Option<Secret> {
        for to in self.record.events.undelivered() {
            if to == DestinationSpec::STDOUT || Some(&to) == old.own.as_ref() {
                continue;
            }
            // A destination that cannot be read shows nothing.
            let Ok(destination) = self.callbacks.open(&to) else {
                continue;
            };
            if let Ok(StoredContent::Value(value)) = destination.read_if_possible().await
                && self.is_old(&value, old, new)
            {
                self.log().register_secret(&value);
                return Some(value);
            }
        }
        None
    }

    /// Returns whether a value appears to be the old key.
    fn is_old(&self, value: &Secret, old: &OldKey, new: Option<&Secret>) -> bool {
        if new.is_some_and(|new| value.eq_secret(new)) {
            return false;
        }
        let tells = |masked: &&String| {
            let mut shown = masked.split(['*', '.', '…']);
            shown.any(|part| part.len() >= 4)
        };
        if let Some(masked) = old.masked.as_ref().filter(tells) {
            return self.client.is_shown_as(value, masked);
        }
        self.client.is_like_new_keys(value)
    }
}
