//! Runs a rotation: a loop reads the state of the record and takes the next step, so that a start and a resumption
//! are one code path.

mod carry_over;
mod deliver;
mod rollback;
mod granted;
mod hooks;
mod restore;
mod resume_lost;
mod plan;
mod proof;
mod repair;
mod retirement;
mod revoke_old;
pub mod journal;
pub mod backoff;
pub mod liveness;
pub mod create;

use std::io;
use std::rc::Rc;

use jiff::Timestamp;

pub use granted::{GrantedKey, granted, granted_later};
pub use plan::{Plan, RotateOptions, by_hand, check_retirement, plan};
use proof::{ProofPurpose, RollbackPath};
pub use repair::{RepairRequest, begin_repair, is_delivered_key};
use rollback::RollbackMode;

use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::destination::{DestinationSpec, OpenDestination, StoredContent};
use crate::manifest::{Manual, Strategy};
use crate::platform::Platform;
use crate::report::log::Log;
use crate::rotation::create::{delete_spool_key, items_of};
use crate::rotation::journal::{
    Event, EventLog, PreviousValue, Record, RecordState, Step, StorageLocation,
};
use crate::store::{SecretRef, SecretStore, Stores};

/// The callbacks of a rotation into the layers above.
pub trait RotationCallbacks {
    /// Opens a destination.
    fn open(&self, to: &DestinationSpec) -> Result<OpenDestination>;
    /// Prints the new secret, once.
    fn show(&self, record: &Record, secret: &Secret) -> io::Result<()>;
    /// Returns whether the run is interactive.
    fn may_ask(&self) -> bool;
    /// Asks whether to continue; a run that is not interactive needs `--yes`.
    fn confirm(&self, what: &str, question: &str) -> Result<()>;
    /// Asks you for a fact that only you can know. `--yes` does not answer it; a run that is not interactive fails.
    fn witness(&self, what: &str, question: &str) -> Result<()>;
    /// As [`RotationCallbacks::confirm`], but "no" is an answer.
    fn agrees(&self, what: &str, question: &str) -> Result<bool>;
    /// Returns whether `--yes` was given.
    fn yes(&self) -> bool;
    /// Shows the steps to do by hand.
    fn instruct(&self, title: &str, manual: &Manual, further: &[String]);
}

/// A creation or rotation in progress.
pub struct Rotation<'r> {
    client: &'r ApiClient<'r>,
    callbacks: &'r dyn RotationCallbacks,
    record: Record,
    /// The new secret, if this run knows it already.
    secret: Option<Secret>,
    /// Set if an earlier run began it.
    resumed: bool,
    /// The state of the record when this run began.
    began_in: RecordState,
    /// The last purpose for which a key was proved to work in this run.
    proved: Option<ProofPurpose>,
    /// Set if the run stops because the other key does not work.
    other_is_dead: bool,
    /// The findings of this run about a rollback.
    rollback_path: RollbackPath,
    /// Set if the new secret is at all its destinations.
    is_delivered: bool,
    /// The completeness of a rollback.
    rollback_mode: RollbackMode,
    /// The values that a repair may overwrite without another question.
    agreed: Vec<String>,
}

/// The outcome of a run that did not fail.
pub struct RunOutcome {
    /// The id of the record.
    pub id: String,
    /// The events of the record.
    pub events: EventLog,
    /// The moment from which a later run may go on with the old key, if that is left to it.
    pub waits_until: Option<Timestamp>,
}

impl<'r> Rotation<'r> {
    /// Takes a record up; `secret` is the new one if this run obtained it.
    pub fn new(
        client: &'r ApiClient<'r>,
        callbacks: &'r dyn RotationCallbacks,
        record: Record,
        secret: Option<Secret>,
    ) -> Self {
        if let Some(notice) = record.torn_notice() {
            client.log.warn(&notice);
        }
        Rotation {
            client,
            callbacks,
            resumed: secret.is_none() || record.events.revoking_new().is_some(),
            began_in: record.state(),
            record,
            secret,
            proved: None,
            other_is_dead: false,
            rollback_path: RollbackPath::Unknown,
            is_delivered: false,
            rollback_mode: RollbackMode::Strict,
            agreed: Vec::new(),
        }
    }

    /// Runs until everything is done or the rotation has to wait for the grace of the old key.
    pub async fn run(mut self) -> Result<RunOutcome> {
        let id = self.record.id.clone();
        self.reveal_ids().await;
        match self.advance().await {
            Ok(waits_until) => {
                let events = self.record.displayed();
                let created = self.is_creation() && self.is_delivered;
                let log = self.log();
                if waits_until.is_none()
                    && let Err(error) = self.cleanup()
                {
                    if !created {
                        return Err(error);
                    }
                    warn_of_leftovers(log, &error, &id);
                }
                Ok(RunOutcome {
                    id,
                    events,
                    waits_until,
                })
            }
            Err(error) if self.is_delivered && self.is_creation() => {
                warn_of_leftovers(self.log(), &error, &id);
                Ok(RunOutcome {
                    id,
                    events: self.record.displayed(),
                    waits_until: None,
                })
            }
            Err(error) => Err(self.ended(error)),
        }
    }

    async fn advance(&mut self) -> Result<Option<Timestamp>> {
        loop {
            let state = self.record.state();
            match self.record.next_step() {
                Some(Step::Create) => self.resume_lost().await?,
                Some(Step::RevokeUnstored) => self.finish_revoking_new().await?,
                Some(Step::Verify) => self.verify().await?,
                Some(Step::Deliver) => {
                    if self.resumed && self.proved.is_none() {
                        if state == RecordState::Staged {
                            self.verify().await?;
                        } else {
                            self.ensure_new_key_works(ProofPurpose::Delivery).await?;
                        }
                    }
                    self.update_login().await?;
                    Box::pin(self.deliver_all()).await?;
                    let server_at = self.client.service.time_there();
                    self.write(Event::DeliveredAll { server_at })?;
                }
                Some(Step::RunHooks) => Box::pin(self.run_hooks()).await?,
                Some(Step::VerifyAgain | Step::RevokeOld | Step::DisableOld)
                    if Box::pin(self.was_used_after_all()).await? => {}
                Some(Step::LeaveOldKey | Step::VerifyAgain) => {
                    if let Some(end) = self.grace_left() {
                        return Ok(Some(end));
                    }
                    self.ensure_new_key_usable().await?;
                    // The responses to that show the clock of the service.
                    if let Some(end) = self.grace_left() {
                        self.warn_of_clock();
                        return Ok(Some(end));
                    }
                    Box::pin(self.check_again()).await?;
                    self.write(Event::Revoking)?;
                }
                Some(Step::RevokeOld) => {
                    if self.proved != Some(ProofPurpose::Revocation) {
                        self.ensure_new_key_usable().await?;
                    }
                    self.revoke_old().await?;
                    self.write(Event::Revoked)?;
                }
                Some(Step::Watch) => {
                    if let Some(end) = Box::pin(self.watch()).await? {
                        return Ok(Some(end));
                    }
                }
                Some(Step::DisableOld) => return Box::pin(self.disable_old()).await.map(Some),
                // The command of a lease has ended, or was never started.
                Some(Step::RollBack) if state != RecordState::RollingBack => {
                    self.write(Event::RollbackStarted)?;
                }
                Some(Step::RollBack) if self.cannot_roll_back().await? => {
                    self.log()
                        .warn("the old key no longer works: delivering the new key");
                    let kept = self.record.staged()?.clone();
                    self.write(Event::Staged(kept))?;
                }
                Some(Step::RollBack) => self.undo_all().await?,
                Some(Step::CleanUp) => self.finish().await?,
                Some(Step::Intend | Step::Stage) | None => return Ok(None),
            }
        }
    }

    /// Records that the service accepts the new key.
    async fn verify(&mut self) -> Result<()> {
        // A secret that was pasted in this run was tested before it was accepted.
        if self.resumed || !self.by_hand() {
            self.ensure_new_key_works(ProofPurpose::Delivery).await?;
        }
        self.write(Event::Verified)
    }

    /// Continues only if the new key works and its destinations hold it.
    async fn ensure_new_key_usable(&mut self) -> Result<()> {
        self.ensure_new_key_works(ProofPurpose::Revocation).await?;
        if !self.is_delivered {
            Box::pin(self.deliver_again()).await?;
        }
        Ok(())
    }

    /// Closes the rotation and deletes the staged copy.
    async fn finish(&mut self) -> Result<()> {
        if self.is_unbegun_repair() {
            self.log()
                .note("it was interrupted before anything was written: nothing was repaired");
            return self.write(Event::Abandoned);
        }
        let looked = self.is_delivered || self.proved == Some(ProofPurpose::Revocation);
        if self.is_rotation() && !looked {
            self.deliver_again().await?;
        }
        self.write(Event::Done)
    }

    /// Returns whether a rollback that was begun leads to a key that does not work, while the new one does.
    async fn cannot_roll_back(&mut self) -> Result<bool> {
        if !self.old_lives_on() {
            return Ok(false);
        }
        let left = self.check_remaining_key(RecordState::RollingBack).await;
        match left {
            Err(_) if self.other_is_dead => {
                self.other_is_dead = false;
                Ok(true)
            }
            left => left.map(|()| false),
        }
    }

    fn is_rotation(&self) -> bool {
        self.record.events.replaces().is_some()
    }

    fn is_creation(&self) -> bool {
        !self.is_rotation() && !self.is_repair()
    }

    fn is_lease(&self) -> bool {
        self.record.events.is_lease()
    }

    fn by_hand(&self) -> bool {
        let replaces = self.record.events.replaces();
        replaces.is_some_and(|replaced| replaced.strategy == Strategy::Manual)
    }

    fn old_lives_on(&self) -> bool {
        let replaces = self.record.events.replaces();
        replaces.is_some_and(crate::rotation::journal::OldKey::survives)
    }

    /// Returns the end of the old key's grace if it is still to come by this machine's clock or by the service's. A
    /// wrong clock only makes the grace longer.
    fn grace_left(&self) -> Option<Timestamp> {
        let end = self.record.events.grace_ends()?;
        (self.old_lives_on() && self.is_to_come(end)).then_some(end)
    }

    /// Returns whether a moment is still to come, by this machine's clock or by the service's.
    fn is_to_come(&self, moment: Timestamp) -> bool {
        let here = self.platform().clock.now();
        let there = self.client.service.time_there().unwrap_or(here);
        here.min(there) < moment
    }

    fn warn_of_clock(&self) {
        let name = self.client.service.name();
        self.log().warn(&format!(
            "the grace period is not over by the clock of {name}; this machine's clock is ahead"
        ));
    }

    fn platform(&self) -> &'r Platform {
        self.client.session.platform
    }

    fn stores(&self) -> &'r Stores {
        self.client.session.stores
    }

    fn log(&self) -> &'r Log {
        self.client.log
    }

    fn write(&mut self, event: Event) -> Result<()> {
        self.record.write(self.client.session.platform, event)
    }

    /// Returns the present or future location of the new secret.
    fn place(&self) -> Result<StorageLocation> {
        match self.record.events.staged() {
            Some(kept) => Ok(kept.place.clone()),
            None => Ok(self.record.intent()?.place.clone()),
        }
    }

    fn store(&self) -> Result<Rc<dyn SecretStore>> {
        items_of(&self.record, &self.place()?, self.stores(), self.platform())
    }

    /// Returns the new secret, from its store if this run did not obtain it, or from a destination.
    async fn secret(&mut self) -> Result<Secret> {
        if let Some(secret) = self.secret_if_known().await? {
            return Ok(secret);
        }
        Err(Error::new(
            Kind::Store,
            format!("{} no longer holds the key", self.store()?.place()),
        )
        .hint(format!(
            "give it up, and revoke the key: keywright rotations abort {}",
            self.record.id
        )))
    }

    /// As [`Rotation::secret`]; `None` if nothing here holds it any more.
    async fn secret_if_known(&mut self) -> Result<Option<Secret>> {
        if self.secret.is_none() {
            let kept = self.store()?.get(&self.place()?.item)?;
            self.secret = match kept {
                Some(kept) => Some(kept),
                None => self.find_new_secret_at_destinations().await,
            };
            if let Some(found) = &self.secret {
                self.log().register_secret(found);
            }
        }
        Ok(self.secret.as_ref().map(Secret::duplicate))
    }

    /// Returns the new secret from a destination that holds it: the store may be an older copy, or have lost it.
    async fn find_new_secret_at_destinations(&self) -> Option<Secret> {
        let fingerprint = self.record.events.staged()?.fingerprint.as_ref()?;
        let to = &self.record.events.intent()?.to;
        for to in to.iter().filter(|to| **to != DestinationSpec::STDOUT) {
            if let Ok(destination) = self.callbacks.open(to)
                && let Ok(StoredContent::Value(value)) = destination.read_if_possible().await
                && value.fingerprint() == *fingerprint
            {
                return Some(value);
            }
        }
        None
    }

    /// Returns whether a value of that fingerprint is the new secret; `None` if that cannot be decided any more.
    fn is_new(&self, value: &str) -> Result<Option<bool>> {
        if let Some(secret) = &self.secret {
            return Ok(Some(secret.fingerprint() == value));
        }
        let kept = self.record.events.staged();
        if let Some(fingerprint) = kept.and_then(|kept| kept.fingerprint.as_ref()) {
            return Ok(Some(value == fingerprint));
        }
        let secret = self.store()?.get(&self.place()?.item)?;
        Ok(secret.map(|secret| secret.fingerprint() == value))
    }

    /// Deletes the copies and the record of a finished rotation; a record that stays open is unfinished.
    pub fn cleanup(self) -> Result<()> {
        let id = self.record.id.clone();
        self.close().map_err(|error| unfinished(error, &id))
    }

    fn close(self) -> Result<()> {
        let place = self.place()?;
        let intended = &self.record.intent()?.place;
        let is_beside = (place.store, place.shelter) == (intended.store, intended.shelter);
        let saved = self.record.events.backups();
        let saved = saved.filter_map(|(_, previous)| match previous {
            PreviousValue::Value(item) => Some(item),
            PreviousValue::Digest(_) | PreviousValue::Absent | PreviousValue::Unreadable => None,
        });
        let spool_key = intended.spool_key.iter().filter(|_| is_beside);
        let items: Vec<&SecretRef> = saved.chain([&place.item]).chain(spool_key).collect();
        if let Err(error) = self.store()?.delete_all(&items) {
            let error = Error::from(error);
            self.log()
                .warn(&format!("a copy of a key stays in its store: {error}"));
        }
        if !is_beside && let Err(error) = delete_spool_key(self.client, &self.record) {
            self.log().warn(error.message());
        }
        let revoked = self.old_key_revoked_by_call();
        self.record
            .close(self.client.session.platform, revoked.as_ref())
    }
}

impl Rotation<'_> {
    /// Returns the error that a failure of this run is reported as.
    fn ended(&self, error: Error) -> Error {
        if self.other_is_dead {
            return error.hint("list the unfinished ones: keywright rotations");
        }
        unfinished(error, &self.record.id)
    }
}

/// Warns if a new key is delivered and only its record could not be closed.
fn warn_of_leftovers(log: &Log, error: &Error, id: &str) {
    log.warn(&format!(
        "the key was handed over, but its record could not be closed: {error}; to close it: keywright rotations resume {id}"
    ));
}

/// Adds to an error how to resume.
fn unfinished(error: Error, id: &str) -> Error {
    let cancelled = error.kind() == Kind::Cancelled;
    let error = if cancelled {
        error
    } else {
        error.with_kind(Kind::Uncertain)
    };
    let resume = format!("keywright rotations resume {id}");
    let told = error.hints().iter().any(|hint| hint.ends_with(&resume));
    let error = if told {
        error
    } else {
        error.hint(format!("go on: {resume}"))
    };
    error.hint("list the unfinished ones: keywright rotations")
}
