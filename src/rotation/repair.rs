//! Repairs the destinations of a key: its current secret is written again where it does not stand any more. The same
//! record and the same loop as for a new key do it, but nothing is created and nothing is revoked.

use super::Rotation;
use super::rollback::RollbackMode;
use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::escape;
use crate::destination::DestinationSpec;
use crate::rotation::create::StagingStore;
use crate::rotation::journal::{
    self, Event, EventLog, Intent, Record, RecordState, RepairedKey, StagedSecret,
};
use crate::wal::StateLock;

/// A key whose destinations are repaired.
pub struct RepairRequest<'r> {
    /// The key.
    pub key: RepairedKey,
    /// Its secret, which the service accepts.
    pub secret: &'r Secret,
    /// The destinations that do not hold it.
    pub to: &'r [DestinationSpec],
    /// The lock under which it was found to be the current key.
    pub lock: &'r StateLock,
}

/// Records a repair and stores the secret that it writes.
pub fn begin_repair(client: &ApiClient<'_>, request: RepairRequest<'_>) -> Result<Record> {
    let platform = client.session.platform;
    let staging = StagingStore::open(client.session)?;
    let place = staging.place_of_copy()?;
    let RepairRequest {
        key,
        secret,
        to,
        lock,
    } = request;
    let id = key.id.clone();
    let is_secret = |id: &String| client.log.redact(id) != *id;
    let hides_ids = client.service.manifest.hides_ids() || id.as_ref().is_some_and(is_secret);
    let of = (client.profile, client.service.name());
    let intent = Intent::of_repair(of, key, to, place.clone());
    let mut record = Record::start(platform, intent, hides_ids)?;
    if let Err(error) = staging.keep(&place.item, "keywright: a key that is repaired", secret) {
        record.write(platform, Event::Abandoned)?;
        record.close(platform, None)?;
        return Err(Error::from(error).append("nothing was repaired"));
    }
    let item = place.item.clone();
    let kept = StagedSecret {
        place,
        id,
        masked: secret.masked(),
        fingerprint: Some(secret.fingerprint()),
        expires_at: None,
    };
    record.write(platform, Event::Staged(kept))?;
    record.write(platform, Event::Verified)?;
    // The record is written first, as before a key is created: see `ResponseSpool`.
    if let Err(error) = lock.check_choice(client.profile) {
        staging.forget(&item)?;
        record.write(platform, Event::Abandoned)?;
        record.close(platform, None)?;
        return Err(error);
    }
    Ok(record)
}

/// Returns whether the value of a fingerprint is a key that was delivered from here with this profile.
pub fn is_delivered_key(client: &ApiClient<'_>, fingerprint: &str) -> Result<bool> {
    let delivered = journal::delivered(client.session.platform)?;
    Ok(delivered.iter().any(|known| {
        (known.provider.as_str(), known.profile.as_str()) == (client.service.name(), client.profile)
            && known.fingerprint.as_deref() == Some(fingerprint)
    }))
}

impl Rotation<'_> {
    /// Lets a repair overwrite the values of these fingerprints without another question.
    #[must_use]
    pub fn overwriting(mut self, agreed: Vec<String>) -> Self {
        self.agreed = agreed;
        self
    }

    pub(super) fn is_repair(&self) -> bool {
        self.record.events.repairs().is_some()
    }

    /// Returns whether a repair that was interrupted has written nothing: its secret is not recorded.
    pub(super) fn is_unbegun_repair(&self) -> bool {
        self.is_repair() && self.record.state() == RecordState::Intended
    }

    /// Asks before a repair overwrites a value, by its fingerprint, that is neither an earlier key nor one that was agreed to.
    pub(super) fn agree_to_overwrite(&self, to: &DestinationSpec, value: &str) -> Result<()> {
        let is_agreed = self.agreed.iter().any(|agreed| agreed == value);
        if !self.is_repair() || is_agreed || is_delivered_key(self.client, value)? {
            return Ok(());
        }
        let what = format!(
            "`{}` holds neither the current key nor an earlier one",
            escape(&to.to_string())
        );
        if self.callbacks.yes() {
            self.log().warn(&format!("{what}: it is overwritten"));
        }
        self.callbacks
            .confirm(&format!("{what}, and is overwritten"), "Overwrite?")
    }

    /// Restores the values that a repair has overwritten, and closes its record.
    pub(super) async fn undo_repair(mut self) -> Result<EventLog> {
        if self.is_unbegun_repair() {
            self.write(Event::Abandoned)?;
        }
        if self.record.state().is_over() {
            let events = self.record.displayed();
            self.cleanup()?;
            return Ok(events);
        }
        self.check_restorable().await?;
        let (what, question) = match self.rollback_mode {
            RollbackMode::Strict => ("this restores the values from before the repair", "Undo?"),
            RollbackMode::BestEffort => (
                "aborting restores the values from before the repair, and deletes its record",
                "Abort?",
            ),
        };
        self.callbacks.confirm(what, question)?;
        self.write(Event::RollbackStarted)?;
        self.finish_undo().await
    }
}
