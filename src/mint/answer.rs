//! The answer to the call that makes a key: on the disk before anybody reads it, and read by the next run where this
//! one is killed.

use std::cell::{Cell, RefCell};

use super::{Shelter, store_of};
use crate::api::ApiClient;
use crate::error::{Error, Kind, Result};
use crate::journal::{Place, Record};
use crate::key::{Minted, NewKey};
use crate::log::Log;
use crate::manifest::{Strategy, Verb};
use crate::secret::Secret;
use crate::service::Service;
use crate::store::{Spool, StoreError, opener};
use crate::untrusted::Untrusted;
use crate::world::Answer;

/// What a store says of a secret that only opens an answer.
const LABEL: &str = "keywright: opens the answer to a call that is under way";

impl Shelter {
    /// Keeps what opens the answer to one call, read back: a store that keeps it will keep the new key.
    fn keep_opener(&self, place: &Place) -> Result<Option<Secret>> {
        let Some(item) = &place.opener else {
            return Ok(None);
        };
        let opener = opener()?;
        let kept = self
            .store
            .put(item, LABEL, &opener)
            .and_then(|()| self.store.get(item))
            .and_then(|found| match found {
                Some(found) if found.same_as(&opener) => Ok(()),
                _ => Err(StoreError::not_kept(&self.store.place())),
            });
        kept.map_err(super::unsafe_place)?;
        Ok(Some(opener))
    }
}

/// What catches the answer before anybody reads it.
pub(super) struct Net<'n> {
    spool: RefCell<Option<Spool>>,
    service: &'n Service<'n>,
    log: &'n Log,
    caught: Cell<bool>,
}

impl<'n> Net<'n> {
    /// Makes everything ready that takes time, so that one write is all that stands between an answer and the disk.
    pub(super) fn spread(
        client: &'n ApiClient<'n>,
        shelter: &Shelter,
        record: &Record,
    ) -> Result<Net<'n>> {
        let opener = shelter.keep_opener(&record.intent()?.place)?;
        let spool = opener.map(|opener| record.spool(&opener)).transpose()?;
        Ok(Net {
            spool: RefCell::new(spool),
            service: client.service,
            log: client.log,
            caught: Cell::new(false),
        })
    }

    /// Keeps an answer.
    pub(super) fn catch(&self, answer: &Answer) {
        let Some(spool) = self.spool.take() else {
            return;
        };
        match spool.keep(answer, self.service.now()) {
            Ok(()) => self.caught.set(true),
            // It is still in memory, and is about to be kept in its store.
            Err(error) => self.log.trace(|| format!("* {error}")),
        }
    }

    /// Whether an answer is on the disk.
    pub(super) fn has_caught(&self) -> bool {
        self.caught.get()
    }
}

/// The key in the answer that a killed process had received; `None` where none had arrived, or none is in it that the
/// manifest finds.
pub fn arrived(client: &ApiClient<'_>, record: &Record) -> Result<Option<Minted>> {
    let (intent, session) = (record.intent()?, client.session);
    let (Some(item), Some(spooled)) = (&intent.place.opener, record.spooled()?) else {
        return Ok(None);
    };
    if !spooled.has_answer() {
        return Ok(None);
    }
    let store = store_of(&intent.place, session.stores, session.world)?;
    let Some((answer, at)) = store.get(item)?.and_then(|opener| spooled.answer(&opener)) else {
        return Ok(None);
    };
    let verb = if intent.is_by(Strategy::Atomic) {
        Verb::Rotate
    } else {
        Verb::Create
    };
    let new = NewKey {
        name: intent.name.clone(),
        ..NewKey::default()
    };
    let minted = client.new_in(verb, &answer, at, &new);
    Ok(minted.map(|minted| with_old_id(minted, record)))
}

/// A key that got a new secret is still the same one, where the answer does not name another.
pub(super) fn with_old_id(mut minted: Minted, record: &Record) -> Minted {
    if let Some(old) = record.story.replaces()
        && old.strategy == Strategy::Atomic
        && minted.key.id.is_none()
    {
        minted.key.id = old.id.clone().map(Untrusted::new);
    }
    minted
}

/// Closes a record that has come to nothing, and forgets what would have opened its answer.
pub(super) fn close(client: &ApiClient<'_>, record: Record) -> Result<()> {
    forget_opener(client, &record)?;
    record.close()
}

/// Forgets what opens the answer of a record.
pub fn forget_opener(client: &ApiClient<'_>, record: &Record) -> Result<()> {
    let (place, session) = (&record.intent()?.place, client.session);
    if let Some(item) = &place.opener {
        let store = store_of(place, session.stores, session.world)?;
        store.delete(item).map_err(|error| {
            Error::from(error).context("what opens an answer stays in its store")
        })?;
    }
    Ok(())
}

/// A hint for whoever mends the manifest.
pub(super) fn with_way_to_read(error: Error, net: &Net<'_>, id: &str) -> Error {
    if net.has_caught() && error.kind() == Kind::Uncertain {
        return error.hint(format!(
            "what it answered is kept, encrypted: where its manifest is mended, this reads it: keywright rotations resume {id}"
        ));
    }
    error
}
