//! Resumes a record whose response never arrived, and acts on the result of the search for the key.

use jiff::Timestamp;

use super::Rotation;
use crate::api::{SpooledKey, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{CreatedKey, Key};
use crate::core::moment::to_the_minute;
use crate::core::secret::Secret;
use crate::core::untrusted::{Untrusted, one_line, shell_argument};
use crate::manifest::Verb;
use crate::rotation::create::{
    Reconciled, SearchSchedule, UnknownKey, describe_candidate, follow_up, identify, is_believed,
    is_sure, label, read_spooled_key, reconcile, retry_later_error, secret_pending_error,
    undetermined_error, verb_of, with_old_id, with_raw_response, with_spooled,
};
use crate::rotation::journal::{
    Event, EventKind, Intent, OldKey, RecordState, StagedSecret, is_hidden,
};
use crate::rotation::liveness::{is_accepted, is_refused};

impl Rotation<'_> {
    /// Resumes a record whose response never arrived. The request is never sent again. If the secret was stored all
    /// the same, continues with it; else searches for the key, which is revoked with your consent.
    pub(super) async fn resume_lost(&mut self) -> Result<()> {
        let state = self.record.state();
        let is_pair = self.makes_key_pair();
        if !is_pair
            && state != RecordState::ResponseLost
            && let Some(secret) = self.staged_secret()?
        {
            return self.stage_recovered(secret).await;
        }
        match read_spooled_key(self.client, &self.record)? {
            SpooledKey::Key(created) => return self.stage_response(*created).await,
            // The secret of a lease is not needed any more.
            SpooledKey::Secretless(key) => {
                if let Some(created) = Box::pin(self.fetch_secret(&key)).await? {
                    return self.stage_response(created).await;
                }
            }
            SpooledKey::Unread | SpooledKey::NoSecret(_) if !self.is_lease() => {
                return Err(self.unreadable_response_error().await);
            }
            SpooledKey::Unread | SpooledKey::NoSecret(_) | SpooledKey::Nothing => {}
        }
        if self.is_pasted() {
            self.log().note(
                "the pasted key was not stored: run the command again, and paste the key again",
            );
            return self.write(Event::Abandoned);
        }
        if state == RecordState::Intended && self.record.intent()?.records_sending() {
            self.log()
                .note("it was interrupted before anything was sent: no key was created");
            return self.write(Event::Abandoned);
        }
        if is_pair && Box::pin(self.adopt_pair()).await? {
            return Ok(());
        }
        if let Some(slot) = self.record.events.replaces().and_then(OldKey::slot) {
            self.log().note(&format!(
                "the new key of the slot `{}` is lost, and the slot is not in use: rotate again",
                one_line(slot)
            ));
            return self.write(Event::Abandoned);
        }
        let found = reconcile(self.client, &self.record.events, &self.record.id).await?;
        match &found {
            Reconciled::Nothing { .. } if self.is_atomic() => {
                Box::pin(self.close_by_old_secret(&found)).await?;
            }
            Reconciled::Nothing { others } => self.close_without_key(others, &found)?,
            Reconciled::Candidates(candidates) => self.revoke_candidates(candidates).await?,
            Reconciled::Replaced | Reconciled::NoList | Reconciled::Failed { .. } => {
                return Err(undetermined_error(self.client, &self.record, &found));
            }
        }
        self.write(Event::Abandoned)
    }

    /// Returns whether the secret of the new key is the private half of a pair that is made here.
    pub(super) fn makes_key_pair(&self) -> bool {
        let verb = verb_of(self.record.events.replaces());
        self.record.events.at(EventKind::Sending).is_some() && self.client.makes_key_pair(verb)
    }

    /// Continues with a key pair whose registration got no response, if the service accepts its signature, or, where no
    /// call shows that, if it lists the new key. The private half was kept before the public one was sent.
    async fn adopt_pair(&mut self) -> Result<bool> {
        let Some(private) = self.staged_secret()? else {
            return Ok(false);
        };
        self.log().register_secret(&private);
        let accepted = is_accepted(self.client, &private).await?;
        if accepted == Some(true) {
            self.stage_recovered(private).await?;
            return Ok(true);
        }
        let found = reconcile(self.client, &self.record.events, &self.record.id).await?;
        let id = match &found {
            Reconciled::Candidates(found) if accepted.is_none() && is_sure(found) => found[0]
                .key
                .id
                .as_ref()
                .map(|id| id.as_received().to_owned()),
            _ => return Ok(false),
        };
        self.stage_as(id, private).await?;
        Ok(true)
    }

    /// Makes the calls that bring the secret of a key which the service has created; `None` if one of them may have been
    /// sent and may not be sent again, or if nobody needs the secret.
    async fn fetch_secret(&mut self, key: &Key) -> Result<Option<CreatedKey>> {
        let was_sent = self.record.events.at(EventKind::Created).is_some();
        if !was_sent {
            let id = key.id.as_ref().map(|id| id.as_received().to_owned());
            self.write(Event::Created {
                id,
                one_of_several: false,
            })?;
        }
        let verb = verb_of(self.record.events.replaces());
        if self.is_lease() || !self.client.has_calls_after(verb) {
            return Ok(None);
        }
        match follow_up(self.client, &self.record, was_sent).await? {
            Ok(created) => Ok(created.map(|created| with_old_id(created, &self.record))),
            Err(failure) => Err(secret_pending_error(&self.record, failure.error)),
        }
    }

    /// Records the key that a spooled response without its secret names, so that it is reported.
    pub(super) fn note_created(&mut self) -> Result<()> {
        if self.record.events.at(EventKind::Created).is_none()
            && self.record.state() != RecordState::Intended
            && let SpooledKey::Secretless(key) | SpooledKey::NoSecret(key) =
                read_spooled_key(self.client, &self.record)?
        {
            let id = key.id.map(|id| id.as_received().to_owned());
            self.write(Event::Created {
                id,
                one_of_several: false,
            })?;
        }
        Ok(())
    }

    /// Finds the ids of which the journal holds only fingerprints, in the spooled response and in the list.
    pub(super) async fn reveal_ids(&mut self) {
        if !self.record.events.hides_ids() {
            return;
        }
        let mut ids = Vec::new();
        if let Ok(SpooledKey::Key(created)) = read_spooled_key(self.client, &self.record) {
            ids.extend(created.key.id);
        }
        match self.client.list().await {
            Ok(keys) => ids.extend(keys.into_iter().filter_map(|key| key.id)),
            Err(failure) => self.log().trace(|| format!("* {}", failure.error)),
        }
        let ids: Vec<String> = ids.iter().map(|id| id.as_received().to_owned()).collect();
        self.record.events.reveal(&ids);
    }

    /// Returns the listed keys that may be the lost key; fails if the list cannot be read.
    pub(super) async fn possibly_lost(&self) -> Result<Vec<UnknownKey>> {
        let unsent = self.record.state() == RecordState::Intended
            && self.record.intent().is_ok_and(Intent::records_sending);
        // A call that replaces a key creates no further one.
        let slot = self.record.events.replaces().and_then(OldKey::slot);
        if unsent || slot.is_some() || self.ends_old_by_call() || self.is_pasted() {
            return Ok(Vec::new());
        }
        let found = reconcile(self.client, &self.record.events, &self.record.id).await?;
        match found {
            Reconciled::Candidates(candidates) => Ok(candidates),
            Reconciled::Failed { .. } => Err(undetermined_error(self.client, &self.record, &found)),
            Reconciled::Nothing { .. } | Reconciled::NoList | Reconciled::Replaced => {
                Ok(Vec::new())
            }
        }
    }

    /// Finishes the revocation of a key whose secret no store took; it is never delivered.
    pub(super) async fn finish_revoking_new(&mut self) -> Result<()> {
        let back = self.record.events.revoking_new();
        let (id, masked) =
            back.ok_or_else(|| Error::failed("the record names no key to revoke"))?;
        let key = Key {
            masked: Some(Untrusted::new(masked)),
            ..crate::rotation::create::key_of(self.client, Some(id.to_owned()))
        };
        let what = "the new key, whose secret could not be kept,";
        if is_hidden(id) {
            self.gone_from_list(what).await?;
        } else {
            self.revoke(&key, what).await?;
        }
        self.write(Event::Abandoned)
    }

    /// Returns whether no request was ever sent: the key was created by hand.
    fn is_pasted(&self) -> bool {
        let create = support(self.client.service.manifest, Verb::Create);
        self.by_hand() || !self.is_rotation() && matches!(create, Support::Manual(_))
    }

    fn is_atomic(&self) -> bool {
        let intent = self.record.events.intent();
        intent.is_some_and(|intent| intent.is_by(crate::manifest::Strategy::Atomic))
    }

    /// Returns whether the call that creates the new key invalidates the old one.
    pub(super) fn ends_old_by_call(&self) -> bool {
        self.is_atomic() || self.client.service.manifest.one_key
    }

    /// Closes a record for which no key is found, once the list can be believed.
    fn close_without_key(&self, others: &[String], found: &Reconciled) -> Result<()> {
        let events = &self.record.events;
        for other in others {
            self.log().note(&format!(
                "{other} is new, but has another name than the one that was requested: it is left alone"
            ));
        }
        if !is_believed(self.client, events) {
            return Err(undetermined_error(self.client, &self.record, found));
        }
        let old = if self.is_rotation() {
            "; the old key was not touched"
        } else {
            ""
        };
        self.log().note(&format!(
            "no key was created: the list shows no new key 15 minutes after the request{old}"
        ));
        Ok(())
    }

    /// Closes a record of a call that gives the key a new secret, once the old secret proves that it did not.
    async fn close_by_old_secret(&self, found: &Reconciled) -> Result<()> {
        let refused = match self.old_secret_known(None).await? {
            Some(old) => is_refused(self.client, &old).await?,
            None => None,
        };
        let ends_old = !self.client.takes(Verb::Rotate, "grace");
        if refused != Some(true)
            && let Some(at) = Box::pin(self.rotated_at()).await
        {
            self.client.forget_tokens();
            let name = self.client.service.name();
            return Err(self.secret_lost_error(&format!(
                "{name} gave the key a new secret at {}, which was lost",
                to_the_minute(at)
            )));
        }
        match refused {
            Some(true) => {
                self.client.forget_tokens();
                let name = self.client.service.name();
                Err(self.secret_lost_error(&format!(
                    "{name} rejects the old secret: the key has a new one, which was lost"
                )))
            }
            Some(false) if ends_old && is_believed(self.client, &self.record.events) => {
                self.log().note(
                    "the key kept its old secret, which still works 15 minutes after the request",
                );
                Ok(())
            }
            Some(false) if ends_old => Err(retry_later_error(
                &self.record,
                "the old secret still works, which proves nothing: the call can act late",
            )),
            _ => Err(undetermined_error(self.client, &self.record, found)),
        }
    }

    /// Returns the time at which the service gave the key another secret, if it says so and that is after the list which
    /// this rotation began with, by the clock of the service.
    async fn rotated_at(&self) -> Option<Timestamp> {
        let listed_at = self.record.intent().ok()?.listed_at?;
        let id = self.record.events.replaces()?.id.as_deref()?;
        let keys = self.client.list().await.ok()?;
        let is_it = |key: &Key| key.id.as_ref().is_some_and(|key| key.is_named(id));
        let listed = keys.into_iter().find(is_it)?;
        let key = match listed.rotated_at {
            Some(_) => listed,
            None => self.client.show(listed).await.ok()?,
        };
        key.rotated_at.filter(|at| *at > listed_at)
    }

    /// Returns the error for an old secret that no longer works and a new one that is lost.
    fn secret_lost_error(&self, what: &str) -> Error {
        Error::new(Kind::Uncertain, what)
            .hint(format!(
                "abort this rotation: keywright rotations abort {}",
                self.record.id
            ))
            .hint("then rotate the key again: keywright keys rotate")
    }

    /// Returns the error for a spooled response in which the manifest finds no key.
    async fn unreadable_response_error(&self) -> Error {
        let id = &self.record.id;
        let error = Error::new(
            Kind::Uncertain,
            "a key was created, but the response that holds its secret cannot be read",
        );
        let error = with_raw_response(error, id).hint(format!(
            "to close the record without the key: keywright rotations abort {id}"
        ));
        match reconcile(self.client, &self.record.events, id).await {
            Ok(Reconciled::Candidates(candidates)) => with_spooled(error, &candidates),
            _ => error,
        }
    }

    /// Returns the new secret, if the process died between storing it and recording that.
    fn staged_secret(&self) -> Result<Option<Secret>> {
        Ok(self.store()?.get(&self.place()?.item)?)
    }

    /// Continues with the key in a response that had arrived.
    async fn stage_response(&mut self, created: CreatedKey) -> Result<()> {
        let place = self.place()?;
        if !self.makes_key_pair() {
            self.store()?
                .put(&place.item, &label(&created), &created.secret)?;
        }
        self.keep_with_id(StagedSecret::new(place, &created), created.secret)
            .await
    }

    /// Continues with a secret that was stored and whose key was not recorded.
    async fn stage_recovered(&mut self, secret: Secret) -> Result<()> {
        self.log().register_secret(&secret);
        let replaces = self.record.events.replaces();
        let id = replaces.and_then(OldKey::renewed).cloned();
        self.stage_as(id, secret).await
    }

    /// Continues with a secret that was stored, as that of the key `id` if it is known.
    async fn stage_as(&mut self, id: Option<String>, secret: Secret) -> Result<()> {
        let kept = StagedSecret {
            id,
            place: self.place()?,
            masked: secret.masked(),
            fingerprint: Some(secret.fingerprint()),
            expires_at: None,
        };
        self.keep_with_id(kept, secret).await
    }

    /// Records the location of the new secret, then the id of its key, which only the list may show.
    async fn keep_with_id(&mut self, kept: StagedSecret, secret: Secret) -> Result<()> {
        self.write(Event::Staged(kept.clone()))?;
        self.secret = Some(secret);
        if kept.id.is_none() {
            self.find_id(kept).await?;
        }
        Ok(())
    }

    /// Reads the list once for the id of the new key.
    async fn find_id(&mut self, kept: StagedSecret) -> Result<()> {
        let secret = self.secret().await?;
        let client = self.client;
        let fits = |masked: &str| client.compare_shown(&secret, masked);
        let id = identify(self.client, &self.record, fits, SearchSchedule::Once).await?;
        match id {
            Some(id) => self.write(Event::Staged(StagedSecret {
                id: Some(id),
                ..kept
            })),
            None => Ok(()),
        }
    }

    /// Revokes the key whose response was lost; judges each candidate by itself.
    pub(super) async fn revoke_candidates(&mut self, candidates: &[UnknownKey]) -> Result<()> {
        let ours: Vec<&UnknownKey> = candidates.iter().filter(|one| one.matches).collect();
        if self.is_lease() && !ours.is_empty() {
            // The name of a lease is unique.
            let is_only = ours.len() == 1;
            for candidate in ours {
                self.revoke_found(&candidate.key, "the leased key", is_only)
                    .await?;
            }
            return Ok(());
        }
        if !is_sure(candidates) && (self.callbacks.yes() || !self.callbacks.may_ask()) {
            return Err(self.undecided(candidates));
        }
        let mut revoked = Vec::new();
        let mut left = Vec::new();
        for candidate in candidates {
            let what = describe_candidate(candidate, candidates);
            if self.callbacks.agrees(&what, "Revoke it?")? {
                let is_only = is_sure(candidates);
                self.revoke_found(&candidate.key, "the lost key", is_only)
                    .await?;
                revoked.push(candidate.label());
            } else {
                left.push(candidate.label());
            }
        }
        if left.is_empty() {
            return Ok(());
        }
        let done = if revoked.is_empty() {
            "no key was revoked".to_owned()
        } else {
            format!("revoked {}", revoked.join(", "))
        };
        Err(Error::new(
            Kind::Cancelled,
            format!("cancelled: {done}; left alone: {}", left.join(", ")),
        )
        .hint(format!(
            "to close the record and leave them: keywright rotations abort {}",
            self.record.id
        )))
    }

    /// Revokes a key that was found after its response was lost. The record names it first: a later run then knows that it
    /// is gone, and so does the log.
    pub(super) async fn revoke_found(
        &mut self,
        key: &Key,
        what: &str,
        is_only: bool,
    ) -> Result<()> {
        self.write_found(key, is_only)?;
        self.revoke(key, what).await
    }

    /// Records a key that was found after its response was lost; unless `is_only`, others may be the lost one, too.
    pub(super) fn write_found(&mut self, key: &Key, is_only: bool) -> Result<()> {
        self.write(Event::Created {
            id: key.id.as_ref().map(|id| id.as_received().to_owned()),
            one_of_several: !is_only,
        })
    }

    /// Returns the error for candidates of which no program can know whether one is the lost key.
    fn undecided(&self, candidates: &[UnknownKey]) -> Error {
        let labels: Vec<String> = candidates.iter().map(UnknownKey::label).collect();
        let what = if labels.len() == 1 {
            "is new: it may be the lost key, or someone else's"
        } else {
            "are new: one of them may be the lost key, or they are someone else's"
        };
        let ways = candidates.iter().filter_map(|candidate| {
            let id = candidate.key.id.as_ref()?;
            let id = shell_argument(&id.as_named());
            Some(format!("if it is yours: keywright keys revoke {id}"))
        });
        Error::new(Kind::Uncertain, format!("{} {what}", labels.join(", ")))
            .with_hints(ways)
            .hint(format!(
                "to close the record and leave the rest: keywright rotations abort {}",
                self.record.id
            ))
    }
}
