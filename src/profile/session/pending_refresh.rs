//! Makes calls that consume the credential that they present. Each is noted before it is made, its response is stored
//! before it is read, and the next run finishes it if this one is killed.

use std::cell::Cell;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::refresh::is_final;
use super::renewal_lock::call_name;
use super::{Credential, CredentialMetadata, CredentialSource, EphemeralToken, Session};
use crate::core::error::{Error, Kind, Result};
use crate::core::format::{WriterVersion, first_version};
use crate::core::secret::Secret;
use crate::manifest::{CredentialKind, Operation, Verb};
use crate::platform::{HttpResponse, Platform};
use crate::profile::credential_index::{self, CredentialIndex, DerivedFrom};
use crate::service::{CallError, CredentialRef, OnResponse, TokenResponse, Values};
use crate::store::{SecretRef, StoreKind, Stores};
use crate::wal::{NOTE_VERSION, SpooledCall, StateLock};

/// The calls that are noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenCall {
    /// A refresh.
    Refresh,
    /// An exchange.
    Exchange,
}

/// The note of a call: the items that it consumes and the items that its token will have. It holds no secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingCall {
    #[serde(default = "first_version")]
    version: u32,
    #[serde(default, rename = "keywright")]
    writer: WriterVersion,
    deed: TokenCall,
    /// The time of the first of the calls without a response.
    since: Timestamp,
    /// The store and the item of the consumed credential, which is the spool key.
    spent: (StoreKind, SecretRef),
    /// The origins that the response comes from.
    origins: Vec<String>,
    /// The pointer at the time of the call.
    before: Option<SecretRef>,
    /// The store of `item` and `refresh_item`, and of the items that they replace.
    store: StoreKind,
    /// The item of the new token.
    item: SecretRef,
    /// The item of the new refresh token.
    refresh_item: SecretRef,
    /// The items that are deleted once the pointer names the new ones.
    old: Vec<SecretRef>,
    /// The credential that the new token is exchanged from.
    #[serde(default)]
    derived: Option<DerivedFrom>,
    /// The refresh before this exchange that got no response.
    #[serde(default)]
    unanswered: Option<Unanswered>,
}

/// A refresh without a response: the token that it presented may be used up.
#[derive(Clone, Serialize, Deserialize)]
pub struct Unanswered {
    since: Timestamp,
    spent: (StoreKind, SecretRef),
}

impl PendingCall {
    /// Returns this note in place of that of an earlier call, and the time since which the same call has no response.
    fn after(mut self, known: PendingCall) -> (PendingCall, Option<Timestamp>) {
        let same = (known.deed, &known.spent) == (self.deed, &self.spent);
        let refresh = known.unanswered_refresh();
        let earlier = match self.deed {
            TokenCall::Refresh => refresh
                .filter(|refresh| refresh.spent == self.spent)
                .map(|refresh| refresh.since),
            TokenCall::Exchange => {
                self.unanswered = refresh;
                same.then_some(known.since)
            }
        };
        self.since = earlier.unwrap_or(self.since);
        if same && known.item.is_bound_to(&self.origins) {
            // The items are the same ones, so that those of the earlier call are overwritten and not left behind.
            self.item = known.item;
            self.refresh_item = known.refresh_item;
        } else if known.store == self.store {
            // The earlier note is of another call or for other addresses: its items are deleted with the replaced
            // ones.
            self.old.extend([known.item, known.refresh_item]);
        }
        (self, earlier)
    }

    fn to_json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self)
            .map_err(|_| Error::new(Kind::Store, "cannot prepare for an answer"))
    }

    /// Returns the refresh that got no response: this call or one before it.
    fn unanswered_refresh(&self) -> Option<Unanswered> {
        match self.deed {
            TokenCall::Refresh => Some(Unanswered {
                since: self.since,
                spent: self.spent.clone(),
            }),
            TokenCall::Exchange => self.unanswered.clone(),
        }
    }
}

/// A credential that a call consumes, and its location.
pub(super) struct ConsumedCredential {
    credential: String,
    at: (StoreKind, SecretRef),
    secret: Secret,
}

impl ConsumedCredential {
    /// Returns `held` as a consumed credential, if it is stored.
    pub(super) fn of(held: &Credential) -> Option<ConsumedCredential> {
        match &held.from {
            CredentialSource::Store(store, item) => Some(ConsumedCredential {
                credential: held.name.clone(),
                at: (*store, item.clone()),
                secret: held.secret.duplicate(),
            }),
            CredentialSource::Environment(_) | CredentialSource::Ephemeral => None,
        }
    }

    /// Returns the refresh token at `item` as a consumed credential.
    pub(super) fn refresh(
        name: &str,
        (store, item): (StoreKind, SecretRef),
        secret: &Secret,
    ) -> ConsumedCredential {
        ConsumedCredential {
            credential: name.to_owned(),
            at: (store, item),
            secret: secret.duplicate(),
        }
    }
}

/// A call that issues a token.
pub(super) struct TokenRequest<'c> {
    /// The credential that the token belongs to.
    pub(super) name: &'c str,
    /// Either refresh or exchange.
    pub(super) verb: Verb,
    /// The operation of the manifest.
    pub(super) operation: &'c Operation,
    /// The values of its request.
    pub(super) values: Values,
    /// The credential that authenticates it.
    pub(super) carried: Option<&'c CredentialRef<'c>>,
}

/// A token that was obtained, with its note; no note if it is not stored.
pub(super) struct ObtainedToken {
    pub(super) token: TokenResponse,
    note: Option<PendingCall>,
    /// Set if the response is on disk.
    safe: bool,
}

impl Session<'_> {
    /// Makes the call. With the lock of its credential and a stored spool key, no response that
    /// arrives is lost.
    pub(super) async fn make(
        &self,
        call: TokenRequest<'_>,
        spent: Option<ConsumedCredential>,
        lock: Option<&StateLock>,
    ) -> Result<ObtainedToken, CallError> {
        let TokenRequest {
            name,
            verb,
            operation,
            values,
            carried,
        } = call;
        self.requested_token.set(true);
        let (Some(lock), Some(spent)) = (lock, spent) else {
            let reading = self
                .service
                .execute(verb, operation, values, carried)
                .await?;
            return Ok(ObtainedToken {
                token: self.token_in(verb, reading.token())?,
                note: None,
                safe: false,
            });
        };
        let own_name = call_name(self.profile, name);
        let (note, earlier) = self.note(name, verb, &spent, lock)?;
        let calls = self.calls(lock);
        let noted = || {
            lock.check(self.service.transport.timeout)?;
            let note = note.to_json()?;
            calls.begin(&own_name, note, &spent.secret, lock)
        };
        let slot = noted();
        let slot = slot.map_err(|error: Error| error.hint("nothing was sent"))?;
        let safe = Cell::new(false);
        let lost = Cell::new(None);
        let slot = Cell::new(Some(slot));
        let catch = async |answer: &HttpResponse| {
            let Some(mut slot) = slot.take() else {
                return;
            };
            match slot.keep(0, answer, self.service.now()) {
                Ok(()) => safe.set(true),
                // The present holder of the lease finishes the call: nothing more is done here.
                Err(error) if error.kind() == Kind::Uncertain => lost.set(Some(error)),
                // It is still in memory, and is about to be stored.
                Err(error) => self.log.trace(|| format!("* {error}")),
            }
        };
        let outcome = self
            .service
            .execute_observed(verb, operation, values, carried, &OnResponse(catch))
            .await
            .and_then(|reading| self.token_in(verb, reading.token()));
        if let Some(error) = lost.take() {
            return Err(error.into());
        }
        match outcome {
            Ok(token) => Ok(ObtainedToken {
                token,
                note: Some(note),
                safe: safe.get(),
            }),
            Err(mut failure) => {
                match earlier {
                    None if !failure.may_have_acted && note.unanswered.is_none() => {
                        // A note that remains only makes the next refusal claim more than is known.
                        if let Err(error) = calls.commit(&own_name, lock) {
                            self.log.trace(|| format!("* {error}"));
                        }
                    }
                    Some(since) if is_final(&failure) => {
                        let since = since.strftime("%Y-%m-%d %H:%M:%S UTC");
                        failure.error = failure.error.hint(format!(
                            "a call at {since} was interrupted before its answer arrived: what gets the next token \
                             was used up by it, and the new one is lost"
                        ));
                    }
                    _ => {}
                }
                Err(failure)
            }
        }
    }

    fn token_in(
        &self,
        verb: Verb,
        token: Option<TokenResponse>,
    ) -> Result<TokenResponse, CallError> {
        token.ok_or_else(|| CallError::incomplete(self.service.name(), verb, "the token"))
    }

    /// Returns the note of a call, and the time since which the same call has no response.
    fn note(
        &self,
        name: &str,
        verb: Verb,
        spent: &ConsumedCredential,
        lock: &StateLock,
    ) -> Result<(PendingCall, Option<Timestamp>)> {
        let index = CredentialIndex::load(self.platform)?;
        let before = index.get(self.profile, name);
        let (deed, derived) = if verb == Verb::Refresh {
            let derived = before.and_then(|stored| stored.derived.clone());
            (TokenCall::Refresh, derived)
        } else {
            let derived = DerivedFrom {
                credential: spent.credential.clone(),
                item: spent.at.1.clone(),
                setting: self.setting(),
            };
            (TokenCall::Exchange, Some(derived))
        };
        let origins = self.origins();
        let note = PendingCall {
            version: NOTE_VERSION,
            writer: WriterVersion,
            deed,
            since: self.service.now(),
            spent: spent.at.clone(),
            before: before.map(|stored| stored.item.clone()),
            store: before.map_or(self.store, |stored| stored.store),
            item: SecretRef::fresh_for(&origins)?,
            refresh_item: SecretRef::fresh_for(&origins)?,
            old: before.map_or_else(Vec::new, credential_index::StoredCredential::items),
            derived,
            origins,
            unanswered: None,
        };
        Ok(match self.interrupted(name, lock)? {
            Some((known, _)) => note.after(known),
            None => (note, None),
        })
    }

    /// Returns the note of a call for `name` that a killed process left, and what arrived of its response.
    fn interrupted(
        &self,
        name: &str,
        lock: &StateLock,
    ) -> Result<Option<(PendingCall, SpooledCall)>> {
        let calls = self.calls(lock);
        let found = calls.recover(&call_name(self.profile, name))?;
        found.map(|call| Ok((call.note()?, call))).transpose()
    }

    /// Returns whether the refresh token of `held` was presented before by a call that got no response.
    pub(super) fn may_be_used_up(&self, held: &Credential, lock: &StateLock) -> Result<bool> {
        let known = self.interrupted(&held.name, lock)?;
        let known = known.and_then(|(note, _)| note.unanswered_refresh());
        let Some(known) = known else {
            return Ok(false);
        };
        let refresh = self.refresh_secret(held)?.and_then(|(_, place)| place);
        let spent = refresh.or_else(|| ConsumedCredential::of(held).map(|spent| spent.at));
        Ok(spent == Some(known.spent))
    }

    /// Finishes a call for `name` that a killed process left, if there is one.
    pub(super) fn finish(&self, name: &str, lock: &StateLock) -> Result<()> {
        let Some((note, spooled)) = self.interrupted(name, lock)? else {
            return Ok(());
        };
        let now = CredentialIndex::load(self.platform)?;
        let now = now.get(self.profile, name).map(|stored| &stored.item);
        if now != note.before.as_ref() {
            return self.settle(&note, name, lock);
        }
        let Some(token) = self.arrived(name, &note, &spooled)? else {
            return Ok(());
        };
        let got = ObtainedToken {
            token,
            note: Some(note),
            safe: true,
        };
        self.log
            .trace(|| "* the answer to an interrupted call had arrived: it is kept now".to_owned());
        self.store_or_hold(name, got, lock).map(drop)
    }

    fn arrived(
        &self,
        name: &str,
        note: &PendingCall,
        spooled: &SpooledCall,
    ) -> Result<Option<TokenResponse>> {
        if !spooled.has_answer() {
            return Ok(None);
        }
        let (store, item) = &note.spent;
        let verb = match note.deed {
            TokenCall::Refresh => Verb::Refresh,
            TokenCall::Exchange => Verb::Exchange,
        };
        let spool_key = self.stores.of(*store)?.get(item)?;
        let answer = spool_key.and_then(|spool_key| spooled.answer(&spool_key));
        let (Some((answer, at)), Some(operation)) = (answer, self.operation_yielding(verb, name))
        else {
            return Ok(None);
        };
        // A response that could not be read then cannot be read now either.
        let values = self.service.values();
        let reading = self.service.read(verb, operation, &answer, &values, at);
        Ok(reading.ok().and_then(|reading| reading.token()))
    }

    /// Deletes the items of a note that no pointer names, and the note.
    fn settle(&self, note: &PendingCall, name: &str, lock: &StateLock) -> Result<()> {
        delete_unused(self.platform, self.stores, note)?;
        let calls = self.calls(lock);
        calls.commit(&call_name(self.profile, name), lock)
    }

    /// Stores a token, or keeps it for this run if its store rejects it and its response is safe.
    pub(super) fn store_or_hold(
        &self,
        name: &str,
        got: ObtainedToken,
        lock: &StateLock,
    ) -> Result<Credential> {
        let lent = got.safe.then(|| TokenResponse {
            value: got.token.value.duplicate(),
            refresh: None,
            expires_at: got.token.expires_at,
        });
        let derived = got.note.as_ref().and_then(|note| note.derived.clone());
        let error = match (self.keep_token(name, got, lock), lent) {
            (Err(error), Some(lent)) => {
                self.log.register_secret(&lent.value);
                let lent = EphemeralToken {
                    token: lent,
                    derived,
                };
                self.ephemeral.borrow_mut().insert(name.to_owned(), lent);
                error
            }
            (outcome, _) => return outcome,
        };
        self.log.warn(&format!(
            "{error}; the new token waits encrypted in the state folder, and the next call tries again"
        ));
        self.lookup(name)?.ok_or(error)
    }

    /// Stores a token that was noted before; if another login happened meanwhile, its credential stays.
    pub(super) fn keep_token(
        &self,
        name: &str,
        got: ObtainedToken,
        lock: &StateLock,
    ) -> Result<Credential> {
        let ObtainedToken { token, note, .. } = got;
        let secret = token.value.duplicate();
        let metadata = CredentialMetadata {
            refresh: token.refresh,
            expires_at: token.expires_at,
            derived: note.as_ref().and_then(|note| note.derived.clone()),
            ..CredentialMetadata::default()
        };
        let held = |stored: &credential_index::StoredCredential| {
            Credential::kept(name, CredentialKind::Token, secret, stored)
        };
        let Some(note) = note else {
            return Ok(held(&self.keep(name, &token.value, metadata)?));
        };
        let before = CredentialIndex::load(self.platform)?
            .get(self.profile, name)
            .cloned();
        let at = (note.store, note.item.clone(), note.refresh_item.clone());
        let changing = credential_index::changing(self.platform)?;
        let mut stored = self.put_items(name, &token.value, metadata, before.as_ref(), at)?;
        stored.origins.clone_from(&note.origins);
        let first = CredentialIndex::replace_if_unchanged(
            self.platform,
            self.profile,
            name,
            note.before.as_ref(),
            &stored,
        )?;
        drop(changing);
        // An item that is not deleted now is deleted by the next renewal, which finds the note.
        if let Err(error) = self.settle(&note, name, lock) {
            self.log
                .warn(&format!("an old secret stays in its store: {error}"));
        }
        if first {
            return Ok(held(&stored));
        }
        match self.lookup(name)? {
            Some(theirs) => Ok(theirs),
            // After a logout meanwhile, the token is valid for this run only.
            None => Ok(Credential {
                from: CredentialSource::Ephemeral,
                ..held(&stored)
            }),
        }
    }
}

/// Deletes the items of a note that no pointer names.
pub(super) fn delete_unused(
    platform: &Platform,
    stores: &Stores,
    note: &PendingCall,
) -> Result<()> {
    let mut items = note.old.clone();
    items.extend([note.item.clone(), note.refresh_item.clone()]);
    credential_index::delete_unused(platform, stores, note.store, &items).map(drop)
}
