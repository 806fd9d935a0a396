//! Spools the responses to the call that creates the key and to those that follow it: each is on disk before it is read,
//! and the next run reads them if this one is killed.

use std::cell::{Cell, Ref, RefCell};

use super::{StagingStore, items_of};
use crate::api::{ApiClient, KeyOrigin, SpooledKey};
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
use crate::wal::{self, KeptResponse, ResponseSlot, StateLock, Wal};

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

/// Keeps responses before they are read.
struct ResponseKeeper<'s> {
    slot: RefCell<Option<Box<dyn ResponseSlot>>>,
    /// Set if every response so far is on disk.
    has_all: Cell<bool>,
    platform: &'s Platform,
    log: &'s Log,
}

impl<'s> ResponseKeeper<'s> {
    fn new(client: &'s ApiClient<'s>, slot: Option<Box<dyn ResponseSlot>>) -> Self {
        ResponseKeeper {
            has_all: Cell::new(slot.is_some()),
            slot: RefCell::new(slot),
            platform: client.session.platform,
            log: client.log,
        }
    }

    fn keep(&self, call: usize, answer: &HttpResponse) {
        let mut slot = self.slot.borrow_mut();
        let Some(slot) = &mut *slot else {
            return;
        };
        // One that is not kept is still in memory, and is about to be stored.
        if let Err(error) = slot.keep(call, answer, self.platform.clock.now()) {
            self.has_all.set(false);
            self.log.trace(|| format!("* {error}"));
        }
    }
}

/// Records that the request is sent, and spools its response and those to the calls that follow before they are read.
pub(super) struct ResponseSpool<'s> {
    record: RefCell<Record>,
    keeper: ResponseKeeper<'s>,
    answered: Cell<bool>,
    /// The lock under which the key that is replaced was chosen, and its profile.
    lock: Option<(&'s StateLock, &'s str)>,
}

impl<'s> ResponseSpool<'s> {
    /// Prepares everything that takes time, so that a single write brings a response to disk.
    pub(super) fn begin(
        client: &'s ApiClient<'s>,
        staging: &StagingStore,
        record: Record,
        lock: Option<&'s StateLock>,
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
                keeper: ResponseKeeper::new(client, slot),
                answered: Cell::new(false),
                lock: lock.map(|lock| (lock, client.profile)),
            }),
            Err(error) => Err((error, record)),
        }
    }

    /// Returns the record, while nothing is sent.
    pub(super) fn record(&self) -> Ref<'_, Record> {
        self.record.borrow()
    }

    /// Returns the record, and whether all responses are on disk.
    pub(super) fn close(self) -> (Record, bool) {
        let spooled = self.answered.get() && self.keeper.has_all.get();
        (self.record.into_inner(), spooled)
    }

    fn write(&self, event: Event) -> Result<()> {
        self.record.borrow_mut().write(self.keeper.platform, event)
    }
}

impl CallObserver for ResponseSpool<'_> {
    fn sending(&self) -> Result<()> {
        self.write(Event::Sending)?;
        // A process that takes the lock from here on finds the record. One that took it before did not, and may have
        // replaced the same key.
        let checked = self
            .lock
            .map_or(Ok(()), |(lock, profile)| lock.check_choice(profile));
        if checked.is_err() {
            self.write(Event::Refused)?;
        }
        checked
    }

    fn refused(&self) -> Result<()> {
        self.write(Event::Refused)
    }

    fn created(&self, id: Option<&str>) -> Result<()> {
        let id = id.map(str::to_owned);
        self.write(Event::Created {
            id,
            one_of_several: false,
        })
    }

    fn answered<'o>(&'o self, answer: &'o HttpResponse) -> LocalBoxFuture<'o, ()> {
        self.answered.set(true);
        self.followed(0, answer)
    }

    fn following(&self) -> Result<()> {
        self.record.borrow().check(self.keeper.platform)
    }

    fn followed<'o>(&'o self, call: usize, answer: &'o HttpResponse) -> LocalBoxFuture<'o, ()> {
        Box::pin(async move { self.keeper.keep(call, answer) })
    }
}

/// Spools the responses to the calls that are left of an interrupted run.
struct ResumedSpool<'s> {
    record: &'s Record,
    keeper: ResponseKeeper<'s>,
}

impl CallObserver for ResumedSpool<'_> {
    fn sending(&self) -> Result<()> {
        Ok(())
    }

    fn refused(&self) -> Result<()> {
        Ok(())
    }

    fn answered<'o>(&'o self, _: &'o HttpResponse) -> LocalBoxFuture<'o, ()> {
        Box::pin(std::future::ready(()))
    }

    fn following(&self) -> Result<()> {
        self.record.check(self.keeper.platform)
    }

    fn followed<'o>(&'o self, call: usize, answer: &'o HttpResponse) -> LocalBoxFuture<'o, ()> {
        Box::pin(async move { self.keeper.keep(call, answer) })
    }
}

/// Returns the spooled responses of a record, decrypted; none if none arrived whole, or their spool key is lost.
pub fn kept_answers(
    record: &Record,
    stores: &Stores,
    platform: &Platform,
    wal: &dyn Wal,
) -> Result<Vec<KeptResponse>> {
    let opened = match record.spooled(wal)? {
        Some(spooled) if spooled.has_answer() => {
            spool_key(record, stores, platform)?.map(|key| spooled.answers(&key).collect())
        }
        _ => None,
    };
    Ok(opened.unwrap_or_default())
}

/// Returns the key that decrypts the responses of a record.
fn spool_key(record: &Record, stores: &Stores, platform: &Platform) -> Result<Option<Secret>> {
    let place = &record.intent()?.place;
    let Some(item) = &place.spool_key else {
        return Ok(None);
    };
    Ok(items_of(record, place, stores, platform)?.get(item)?)
}

/// Reads the responses that a killed process had received.
pub fn read_spooled_key(client: &ApiClient<'_>, record: &Record) -> Result<SpooledKey> {
    let kept = answers_of(client, record)?;
    if kept.is_empty() {
        return Ok(SpooledKey::Nothing);
    }
    let found = with_origin(client, record, |verb, origin| {
        client.new_in(verb, &kept, origin)
    });
    Ok(match found? {
        SpooledKey::Key(created) => SpooledKey::Key(Box::new(with_old_id(*created, record))),
        other => other,
    })
}

/// Returns whether the secret of the key of an interrupted run can still be had: a response holds it, or each call that
/// is left may be made again.
pub fn may_follow_again(client: &ApiClient<'_>, record: &Record) -> Result<bool> {
    let kept = answers_of(client, record)?;
    with_origin(client, record, |verb, origin| {
        client.may_follow_again(verb, &kept, origin)
    })
}

fn answers_of(client: &ApiClient<'_>, record: &Record) -> Result<Vec<KeptResponse>> {
    let session = client.session;
    kept_answers(record, session.stores, session.platform, &*session.wal)
}

/// Calls `read` with the call of a record, and the facts that the journal has about its key.
fn with_origin<T>(
    client: &ApiClient<'_>,
    record: &Record,
    read: impl FnOnce(Verb, &KeyOrigin<'_>) -> T,
) -> Result<T> {
    let (verb, new) = requested(record)?;
    let pair = kept_pair(client, record, verb)?;
    let renewed = renewed(client, record);
    let origin = KeyOrigin {
        new: &new,
        old: renewed.as_ref(),
        pair: pair.as_ref(),
    };
    Ok(read(verb, &origin))
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

/// Makes the calls that are left of those that bring the secret of a new key; `None` if one of them may have been sent,
/// and may not be sent again. Their responses are spooled, too.
pub async fn follow_up(
    client: &ApiClient<'_>,
    record: &Record,
    may_have_sent: bool,
) -> Result<Result<Option<CreatedKey>, CallError>> {
    let session = client.session;
    let kept = answers_of(client, record)?;
    let slot = match spool_key(record, session.stores, session.platform)? {
        Some(spool_key) => record.extend_spool(&*session.wal, &spool_key)?,
        None => None,
    };
    let spool = ResumedSpool {
        record,
        keeper: ResponseKeeper::new(client, slot),
    };
    let (verb, new) = requested(record)?;
    let old = renewed(client, record);
    let pair = kept_pair(client, record, verb)?;
    let origin = KeyOrigin {
        new: &new,
        old: old.as_ref(),
        pair: pair.as_ref(),
    };
    let kept = (&*kept, may_have_sent);
    Ok(client.follow_up(verb, kept, &origin, &spool).await)
}

/// A key that got a new secret is still the same one, unless the response names another.
pub fn with_old_id(mut created: CreatedKey, record: &Record) -> CreatedKey {
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
