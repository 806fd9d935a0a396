//! Stores the new secret before anything else. If no store takes it, the key is revoked again, which is recorded
//! before it happens. A rotation first tries every store, and revokes only beside an old key that works.

use std::rc::Rc;

use super::response_spool;
use super::{SearchSchedule, StagedKey, StagingStore, label, reconcile};
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{CreatedKey, Key};
use crate::manifest::Verb;
use crate::rotation::journal::{
    self, Event, EventKind, Record, RecordState, StagedSecret, StorageLocation,
};
use crate::rotation::liveness::{KeyQuery, Liveness, OtherKey, find_out, found};
use crate::store::StoreError;
use crate::wal::shelter;

/// Stores a new key, unless `is_kept` says that it is stored already; `spooled` if the response that held it is on disk.
pub(super) async fn keep(
    client: &ApiClient<'_>,
    staging: &StagingStore,
    mut record: Record,
    created: CreatedKey,
    (spooled, is_kept): (bool, bool),
) -> Result<StagedKey> {
    if created.id_holds_secret() {
        record.hide_ids();
    }
    let mut place = record.intent()?.place.clone();
    // A response that is kept in the record holds it already.
    let brought = if spooled && !is_kept {
        record.brings(&place.item, &created.secret)
    } else {
        Ok(is_kept)
    };
    let put = match brought {
        Ok(true) => Ok(()),
        Ok(false) => {
            let (store, label) = (record.items(Rc::clone(&staging.store)), label(&created));
            store.put(&place.item, &label, &created.secret)
        }
        Err(error) => Err(StoreError::from(error)),
    };
    if let Err(error) = put {
        let rotates = record.events.replaces().is_some();
        // A key that is not in use yet is revoked without harm; one in place of another may be the only one that
        // works.
        if !rotates && try_revoke(client, &mut record, &created.key).await {
            return Err(revoked_error(client, record, &created.key, error));
        }
        if let Err(failure) = keep_elsewhere(client, &place, &created, &error) {
            if rotates
                && old_works(client, &record, &created).await
                && try_revoke(client, &mut record, &created.key).await
            {
                return Err(revoked_error(client, record, &created.key, error));
            }
            return Err(untaken(client, &mut record, failure, spooled));
        }
        client
            .log
            .warn("the store did not take the new key; it waits in the file beside the journal");
        place.shelter = true;
    }
    let kept = StagedSecret::new(place, &created);
    if let Err(error) = record.write(client.session.platform, Event::Staged(kept.clone())) {
        // An engine that fails tells nothing of the record, and is not asked.
        let lost = error.kind() == Kind::Uncertain;
        if lost
            && record
                .forget_if_closed_elsewhere(client.session.platform)
                .unwrap_or(false)
        {
            staging.forget(&kept.place.item)?;
            return Err(error
                .append("it has closed the rotation, and revoked the new key if the list showed it")
                .hint("see which keys there are: keywright keys list"));
        }
        return Err(error
            .with_kind(Kind::Uncertain)
            .append("the new key is not lost: it is kept")
            .hint(format!("go on: keywright rotations resume {}", record.id)));
    }
    find_id_in_list(client, record, created, kept).await
}

/// Searches the list for the id of a key whose response did not hold it: without an id, it cannot be revoked.
async fn find_id_in_list(
    client: &ApiClient<'_>,
    mut record: Record,
    mut created: CreatedKey,
    kept: StagedSecret,
) -> Result<StagedKey> {
    let pasted = record.events.at(EventKind::Sending).is_none();
    if kept.id.is_some() || pasted || !revocable(client) {
        return Ok(StagedKey {
            created,
            record,
            id_from_list: false,
        });
    }
    let secret = &created.secret;
    let found = reconcile::identify(
        client,
        &record,
        |masked| client.compare_shown(secret, masked),
        SearchSchedule::Wait,
    )
    .await;
    let id = found.unwrap_or_else(|error| {
        client.log.trace(|| format!("* {error}"));
        None
    });
    if let Some(id) = &id {
        let id = Some(id.clone());
        let platform = client.session.platform;
        if let Err(error) = record.write(platform, Event::Staged(StagedSecret { id, ..kept })) {
            client.log.warn(error.message());
        }
    }
    let id_from_list = id.is_some();
    created.key.id = id.map(crate::core::untrusted::Untrusted::new);
    Ok(StagedKey {
        created,
        record,
        id_from_list,
    })
}

/// Returns whether a key could be revoked by its id, and found in a list.
fn revocable(client: &ApiClient<'_>) -> bool {
    let manifest = client.service.manifest;
    let native = |verb| matches!(support(manifest, verb), Support::Native(_));
    !manifest.one_key && native(Verb::Revoke) && native(Verb::List)
}

/// Revokes a key whose secret cannot be stored, if that is harmless; returns whether that succeeded.
async fn try_revoke(client: &ApiClient<'_>, record: &mut Record, key: &Key) -> bool {
    let manifest = client.service.manifest;
    let replaces = record.events.replaces();
    let only_one = manifest.one_key || replaces.is_some_and(|replaced| !replaced.survives());
    let native = matches!(support(manifest, Verb::Revoke), Support::Native(_));
    let (false, true, Some(id)) = (only_one, native, &key.id) else {
        return false;
    };
    let masked = key.masked.as_ref();
    let event = Event::RevokingNew {
        id: id.as_received().to_owned(),
        masked: masked.map_or_else(String::new, |masked| masked.as_received().to_owned()),
    };
    if let Err(error) = record.write(client.session.platform, event) {
        // An unrecorded revocation does not happen: the next run would consider the key good.
        client.log.trace(|| format!("* {error}"));
        return false;
    }
    let revoked = client.revoke(key).await;
    if revoked.is_ok()
        && let Err(error) =
            journal::remember_revoked(client.session.platform, key, record.hides_ids())
    {
        client.log.trace(|| format!("* {error}"));
    }
    match revoked {
        Ok(()) => true,
        Err(failure) => {
            client.log.trace(|| format!("* {}", failure.error));
            failure.error.kind() == Kind::NotFound
        }
    }
}

/// Returns whether the old key of a rotation is proved to work, as before any other irreversible step.
async fn old_works(client: &ApiClient<'_>, record: &Record, created: &CreatedKey) -> bool {
    let session = client.session;
    let Some(old) = record.events.replaces().filter(|old| old.survives()) else {
        return false;
    };
    let own = session
        .service
        .manifest
        .new_key()
        .filter(|_| old.own.is_some());
    let own = own.and_then(|name| session.kept(name).ok().flatten());
    let new = || found(Some(created.secret.duplicate()));
    let subject = KeyQuery {
        what: "the old key",
        secret: own.as_ref(),
        id: old.id.as_deref(),
        record: None,
        lives_for: None,
        young: false,
        may_look: true,
        before_revocation: false,
        beside: OtherKey::Key {
            secret: &new,
            other_scopes: old.other_scopes,
            young: true,
        },
    };
    match find_out(client, &subject).await {
        Ok(Liveness::Works(_)) => true,
        Ok(_) => false,
        Err(error) => {
            client.log.trace(|| format!("* {error}"));
            false
        }
    }
}

/// Closes the record of a key that was revoked again, and returns the error that says so.
fn revoked_error(client: &ApiClient<'_>, record: Record, key: &Key, error: StoreError) -> Error {
    let id = record.id.clone();
    let error = Error::from(error).context(&format!(
        "{} created the key {}, and it was revoked again because its secret could not be kept",
        client.service.name(),
        key.label()
    ));
    match response_spool::close(client, record) {
        Ok(()) => error.hint("make room in the store, then run this again"),
        Err(_) => error.hint("make room in the store").hint(format!(
            "then close its record: keywright rotations resume {id}"
        )),
    }
}

/// Stores a secret that its store has `refused` in the store beside the journal.
fn keep_elsewhere(
    client: &ApiClient<'_>,
    place: &StorageLocation,
    created: &CreatedKey,
    refused: &StoreError,
) -> Result<()> {
    if client.session.platform.shared_state.is_some() {
        // No other machine would find it there.
        return Err(Error::new(Kind::Store, refused.to_string()));
    }
    let store = shelter::open(client.session.platform)?;
    Ok(store.put(&place.item, &label(created), &created.secret)?)
}

/// Returns the error for a key whose secret no store took and that was not revoked.
fn untaken(client: &ApiClient<'_>, record: &mut Record, error: Error, spooled: bool) -> Error {
    if record.state() == RecordState::RevokingNew {
        return error
            .with_kind(Kind::Uncertain)
            .context(&format!(
                "{} created a key, no store accepted its secret, and it could not be revoked yet",
                client.service.name()
            ))
            .hint(format!(
                "revoke it: keywright rotations resume {}",
                record.id
            ));
    }
    if spooled {
        return error
            .with_kind(Kind::Uncertain)
            .context("a key was created, and no store accepted its secret; the response that contains it is saved, encrypted")
            .hint("make room in the store")
            .hint(format!("then go on: keywright rotations resume {}", record.id));
    }
    let why = client.log.redact(error.message());
    // The record already shows a call in progress: if even this cannot be written, nothing else changes.
    if let Err(unwritten) = record.write(client.session.platform, Event::ResponseLost { why }) {
        client.log.warn(unwritten.message());
    }
    error
        .with_kind(Kind::Uncertain)
        .context("a key was created, but no store accepted its secret, which is lost")
        .hint(format!(
            "next steps: keywright rotations show {}",
            record.id
        ))
}
