//! Spools the response to the call that creates the key: it is on disk before it is read, and the next run reads it
//! if this one is killed.

use std::cell::{Cell, Ref, RefCell};

use jiff::Timestamp;

use super::{StagingStore, items_of};
use crate::api::{ApiClient, KeyOrigin};
use crate::core::error::{Error, Result};
use crate::core::key::{CreatedKey, Key, NewKey};
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::manifest::Verb;
use crate::platform::{HttpResponse, LocalBoxFuture, Platform};
use crate::report::log::Log;
use crate::rotation::journal::{Event, OldKey, Record};
use crate::service::{CallError, CallObserver};
use crate::store::{SecretRef, Stores};
use crate::wal::{self, ResponseSlot, Wal};

/// The store label of a secret that only opens a response.
const SPOOL_KEY_LABEL: &str = "keywright: opens the answer to a call that is under way";

impl StagingStore {
    /// Stores the spool key of one call, and reads it back: a store that keeps it will keep the new
    /// key.
    fn store_spool_key(&self, item: &SecretRef, spool_key: &Secret) -> Result<()> {
        wal::put_and_read_back(&*self.store, item, SPOOL_KEY_LABEL, spool_key)
            .map_err(super::unsafe_place)
    }
}

/// Records that the request is sent, and spools its response before it is read.
pub(super) struct ResponseSpool<'s> {
    record: RefCell<Record>,
    slot: Cell<Option<Box<dyn ResponseSlot>>>,
    platform: &'s Platform,
    log: &'s Log,
    spooled: Cell<bool>,
}

impl<'s> ResponseSpool<'s> {
    /// Prepares everything that takes time, so that a single write brings a response to disk.
    pub(super) fn begin(
        client: &'s ApiClient<'s>,
        staging: &StagingStore,
        record: Record,
    ) -> Result<ResponseSpool<'s>, (Error, Record)> {
        let wal = &*client.session.wal;
        let ready = || -> Result<Option<Box<dyn ResponseSlot>>> {
            let Some(item) = &record.intent()?.place.spool_key else {
                return Ok(None);
            };
            let spool_key = wal::new_spool_key()?;
            // Its folder is synced with it, and the record is on disk before the store holds anything.
            let slot = record.spool(wal, &spool_key)?;
            if !record.brings(item, &spool_key)? {
                staging.store_spool_key(item, &spool_key)?;
            }
            Ok(Some(slot))
        };
        match ready() {
            Ok(slot) => Ok(ResponseSpool {
                record: RefCell::new(record),
                slot: Cell::new(slot),
                platform: client.session.platform,
                log: client.log,
                spooled: Cell::new(false),
            }),
            Err(error) => Err((error, record)),
        }
    }

    /// Returns the record, while nothing is sent.
    pub(super) fn record(&self) -> Ref<'_, Record> {
        self.record.borrow()
    }

    /// Returns the record, and whether a response is on disk.
    pub(super) fn close(self) -> (Record, bool) {
        (self.record.into_inner(), self.spooled.get())
    }
}

impl CallObserver for ResponseSpool<'_> {
    fn sending(&self) -> Result<()> {
        self.record
            .borrow_mut()
            .write(self.platform, Event::Sending)
    }

    fn refused(&self) -> Result<()> {
        self.record
            .borrow_mut()
            .write(self.platform, Event::Refused)
    }

    fn created(&self, id: Option<&str>) -> Result<()> {
        let id = id.map(str::to_owned);
        let mut record = self.record.borrow_mut();
        let created = Event::Created {
            id,
            one_of_several: false,
        };
        record.write(self.platform, created)
    }

    fn answered<'o>(&'o self, answer: &'o HttpResponse) -> LocalBoxFuture<'o, ()> {
        Box::pin(async {
            let Some(slot) = self.slot.take() else {
                return;
            };
            match slot.keep(answer, self.platform.clock.now()) {
                Ok(()) => self.spooled.set(true),
                // It is still in memory, and is about to be stored.
                Err(error) => self.log.trace(|| format!("* {error}")),
            }
        })
    }
}

/// The content of the spool.
pub enum SpooledKey {
    /// No response arrived, or its spool key is lost.
    Nothing,
    /// A response in which the manifest finds no key.
    Unread,
    /// A new key whose secret a further call brings.
    Secretless(Box<Key>),
    /// A new key.
    Key(Box<CreatedKey>),
}

/// A response as received, with the time of its arrival.
pub type RawResponse = (HttpResponse, Timestamp);

/// Returns the spooled response of a record, decrypted; `None` if none arrived whole, or its spool key is lost.
pub fn kept_answer(
    record: &Record,
    stores: &Stores,
    platform: &Platform,
    wal: &dyn Wal,
) -> Result<Option<RawResponse>> {
    let intent = record.intent()?;
    let (Some(item), Some(spooled)) = (&intent.place.spool_key, record.spooled(wal)?) else {
        return Ok(None);
    };
    if !spooled.has_answer() {
        return Ok(None);
    }
    let spool_key = items_of(record, &intent.place, stores, platform)?.get(item)?;
    Ok(spool_key.and_then(|spool_key| spooled.answer(&spool_key)))
}

/// Reads the response that a killed process had received.
pub fn read_spooled_key(client: &ApiClient<'_>, record: &Record) -> Result<SpooledKey> {
    let session = client.session;
    let Some((answer, at)) = kept_answer(record, session.stores, session.platform, &*session.wal)?
    else {
        return Ok(SpooledKey::Nothing);
    };
    let (verb, new) = requested(record)?;
    let pair = kept_pair(client, record, verb)?;
    let renewed = renewed(client, record);
    let origin = KeyOrigin {
        new: &new,
        old: renewed.as_ref(),
        pair: pair.as_ref(),
    };
    if let Some(created) = client.new_in(verb, &answer, at, &origin) {
        return Ok(SpooledKey::Key(Box::new(with_old_id(created, record))));
    }
    let secretless = client.secretless_in(verb, &answer, at);
    Ok(secretless.map_or(SpooledKey::Unread, |key| {
        SpooledKey::Secretless(Box::new(key))
    }))
}

/// Returns the key that the call of a record gives a new secret, if that is the call.
fn renewed(client: &ApiClient<'_>, record: &Record) -> Option<Key> {
    let id = record.events.replaces()?.renewed()?;
    Some(super::key_of(client, Some(id.clone())))
}

/// Returns the call that a record is about, and what the journal knows of the request.
fn requested(record: &Record) -> Result<(Verb, NewKey)> {
    let intent = record.intent()?;
    let new = NewKey {
        name: intent.name.clone(),
        ..NewKey::default()
    };
    Ok((super::verb_of(intent.replaces.as_ref()), new))
}

/// Returns the private half of the key pair that a record made, if it made one and it is still there.
pub fn kept_pair(client: &ApiClient<'_>, record: &Record, verb: Verb) -> Result<Option<Secret>> {
    if !client.makes_key_pair(verb) {
        return Ok(None);
    }
    let (place, session) = (&record.intent()?.place, client.session);
    let store = items_of(record, place, session.stores, session.platform)?;
    let private = store.get(&place.item)?;
    if let Some(private) = &private {
        client.log.register_secret(private);
    }
    Ok(private)
}

/// Makes the calls that bring the secret of the key in a spooled response; `None` if there is no such response.
pub async fn follow_up(
    client: &ApiClient<'_>,
    record: &Record,
) -> Result<Option<Result<CreatedKey, CallError>>> {
    let session = client.session;
    let answer = kept_answer(record, session.stores, session.platform, &*session.wal)?;
    let Some((answer, at)) = answer else {
        return Ok(None);
    };
    let (verb, new) = requested(record)?;
    let old = renewed(client, record);
    let pair = kept_pair(client, record, verb)?;
    let origin = KeyOrigin {
        new: &new,
        old: old.as_ref(),
        pair: pair.as_ref(),
    };
    let followed = client.follow_up(verb, (&answer, at), &origin);
    Ok(followed.await)
}

/// A key that got a new secret is still the same one, unless the response names another.
pub(super) fn with_old_id(mut created: CreatedKey, record: &Record) -> CreatedKey {
    if let Some(id) = record.events.replaces().and_then(OldKey::renewed)
        && created.key.id.is_none()
    {
        created.key.id = Some(Untrusted::new(id.clone()));
    }
    created
}

/// Closes a record without a key, and deletes the key that would have opened its response, and the pair made for it.
pub(super) fn close(client: &ApiClient<'_>, record: Record) -> Result<()> {
    delete_spool_key(client, &record)?;
    let intent = record.intent()?;
    if client.makes_key_pair(super::verb_of(intent.replaces.as_ref())) {
        let (place, session) = (&intent.place, client.session);
        items_of(&record, place, session.stores, session.platform)?.delete(&place.item)?;
    }
    record.close(client.session.platform, None)
}

/// Deletes the spool key of a record.
pub fn delete_spool_key(client: &ApiClient<'_>, record: &Record) -> Result<()> {
    let (place, session) = (&record.intent()?.place, client.session);
    if let Some(item) = &place.spool_key {
        let store = items_of(record, place, session.stores, session.platform)?;
        store.delete(item).map_err(|error| {
            Error::from(error).context("cannot delete the key that decrypts the stored response")
        })?;
    }
    Ok(())
}
