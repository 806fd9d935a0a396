//! Calls that spend what they are made with: noted before they are made, their answer kept before it is read, and
//! finished by the next run where this one is killed.

use std::cell::Cell;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::refresh::is_final;
use super::{Credential, CredentialMetadata, CredentialSource, EphemeralToken, Session};
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::manifest::{CredentialKind, Operation, Verb};
use crate::platform::files::{self, FileLock};
use crate::platform::{HttpResponse, Platform};
use crate::profile::credential_index::{self, CredentialIndex, DerivedFrom};
use crate::service::{CallError, CredentialRef, OnResponse, TokenResponse, Values};
use crate::store::{SecretRef, Spool, SpooledCall, StoreKind, Stores};

/// The calls that are noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TokenCall {
    Refresh,
    Exchange,
}

/// What is noted before a call: which items it spends and where what it gets will be. No secret is in it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PendingCall {
    deed: TokenCall,
    /// When the first of the calls was made that got no answer.
    since: Timestamp,
    /// The store and the item of what is spent, which opens the answer.
    spent: (StoreKind, SecretRef),
    /// Where the answer comes from.
    origins: Vec<String>,
    /// What was pointed to when the call was made.
    before: Option<SecretRef>,
    /// The store of `item` and `refresh_item`, and of those that go for them.
    store: StoreKind,
    /// The item that the new token will be.
    item: SecretRef,
    /// The item that will get the next one.
    refresh_item: SecretRef,
    /// The items that go once the new ones are pointed to.
    old: Vec<SecretRef>,
    /// What the new token is exchanged from.
    #[serde(default)]
    derived: Option<DerivedFrom>,
    /// The refresh before this exchange that got no answer.
    #[serde(default)]
    unanswered: Option<Unanswered>,
}

/// A refresh without an answer: what it presented may be used up.
#[derive(Clone, Serialize, Deserialize)]
struct Unanswered {
    since: Timestamp,
    spent: (StoreKind, SecretRef),
}

impl PendingCall {
    /// This note in place of that of an earlier call, and since when the same call is without an answer.
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
            // The same items: what the call before may have written is written over, and not left behind.
            self.item = known.item;
            self.refresh_item = known.refresh_item;
        } else if known.store == self.store {
            // Of another call or for other addresses: its items go with what is replaced.
            self.old.extend([known.item, known.refresh_item]);
        }
        (self, earlier)
    }

    /// The refresh that got no answer, be it this call or one before it.
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

/// A credential that a call spends, and where it is kept.
pub(super) struct ConsumedCredential {
    credential: String,
    at: (StoreKind, SecretRef),
    secret: Secret,
}

impl ConsumedCredential {
    /// What `held` is, where a store keeps it.
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

    /// What gets the next token, kept at `item`.
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

/// A call that hands out a token.
pub(super) struct TokenRequest<'c> {
    /// The credential that the token is.
    pub(super) name: &'c str,
    /// To refresh or to exchange.
    pub(super) verb: Verb,
    /// How.
    pub(super) operation: &'c Operation,
    /// What it is filled with.
    pub(super) values: Values,
    /// What carries it.
    pub(super) carried: Option<&'c CredentialRef<'c>>,
}

/// A token that was got, and what was noted of it; no note where it is kept nowhere.
pub(super) struct ObtainedToken {
    pub(super) token: TokenResponse,
    note: Option<PendingCall>,
    /// Whether the answer is on the disk.
    safe: bool,
}

impl Session<'_> {
    /// Makes the call; with the lock of its credential and something that is kept to open the answer, nothing that
    /// arrives is lost.
    pub(super) async fn make(
        &self,
        call: TokenRequest<'_>,
        spent: Option<ConsumedCredential>,
        lock: Option<&FileLock>,
    ) -> Result<ObtainedToken, CallError> {
        let TokenRequest {
            name,
            verb,
            operation,
            values,
            carried,
        } = call;
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
        let path = pending_path(self.platform, self.profile, name);
        let (note, earlier) = self.note(name, verb, &spent)?;
        let spool = Spool::begin(&path, &note, &spent.secret, lock)
            .map_err(|error| error.hint("nothing was sent"))?;
        let safe = Cell::new(false);
        let spool = Cell::new(Some(spool));
        let catch = |answer: &HttpResponse| {
            let Some(spool) = spool.take() else {
                return;
            };
            match spool.keep(answer, self.service.now()) {
                Ok(()) => safe.set(true),
                // It is still in memory, and is about to be kept in its store.
                Err(error) => self.log.trace(|| format!("* {error}")),
            }
        };
        let outcome = self
            .service
            .execute_observed(verb, operation, values, carried, &OnResponse(catch))
            .await
            .and_then(|reading| self.token_in(verb, reading.token()));
        match outcome {
            Ok(token) => Ok(ObtainedToken {
                token,
                note: Some(note),
                safe: safe.get(),
            }),
            Err(mut trouble) => {
                match earlier {
                    None if !trouble.may_have_acted && note.unanswered.is_none() => {
                        // One that stays only makes the next refusal say more than is known.
                        if let Err(error) = files::remove(&path, lock) {
                            self.log.trace(|| format!("* {error}"));
                        }
                    }
                    Some(since) if is_final(&trouble) => {
                        let since = since.strftime("%Y-%m-%d %H:%M:%S UTC");
                        trouble.error = trouble.error.hint(format!(
                            "a call at {since} was interrupted before its answer arrived: what gets the next token \
                             was used up by it, and the new one is lost"
                        ));
                    }
                    _ => {}
                }
                Err(trouble)
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

    /// What to note before a call, and since when the same one is without an answer.
    fn note(
        &self,
        name: &str,
        verb: Verb,
        spent: &ConsumedCredential,
    ) -> Result<(PendingCall, Option<Timestamp>)> {
        let holdings = CredentialIndex::load(self.platform)?;
        let before = holdings.get(self.profile, name);
        let (deed, derived) = if verb == Verb::Refresh {
            let derived = before.and_then(|holding| holding.derived.clone());
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
            deed,
            since: self.service.now(),
            spent: spent.at.clone(),
            before: before.map(|holding| holding.item.clone()),
            store: before.map_or(self.store, |holding| holding.store),
            item: SecretRef::fresh_for(&origins)?,
            refresh_item: SecretRef::fresh_for(&origins)?,
            old: before.map_or_else(Vec::new, credential_index::StoredCredential::items),
            derived,
            origins,
            unanswered: None,
        };
        let path = pending_path(self.platform, self.profile, name);
        Ok(match SpooledCall::<PendingCall>::find(&path)? {
            Some(known) => note.after(known.note),
            None => (note, None),
        })
    }

    /// Whether what gets the next token in place of `held` was presented before by a call that got no answer.
    pub(super) fn may_be_used_up(&self, held: &Credential) -> Result<bool> {
        let path = pending_path(self.platform, self.profile, &held.name);
        let known = SpooledCall::<PendingCall>::find(&path)?
            .and_then(|known| known.note.unanswered_refresh());
        let Some(known) = known else {
            return Ok(false);
        };
        let refresh = self.refresh_secret(held)?.and_then(|(_, place)| place);
        let spent = refresh.or_else(|| ConsumedCredential::of(held).map(|spent| spent.at));
        Ok(spent == Some(known.spent))
    }

    /// Finishes what a process that was killed has left of a call for `name`, if there is anything.
    pub(super) fn finish(&self, name: &str, lock: &FileLock) -> Result<()> {
        let path = pending_path(self.platform, self.profile, name);
        let Some(spooled) = SpooledCall::<PendingCall>::find(&path)? else {
            return Ok(());
        };
        let now = CredentialIndex::load(self.platform)?;
        let now = now.get(self.profile, name).map(|holding| &holding.item);
        if now != spooled.note.before.as_ref() {
            return settle(
                self.platform,
                self.stores,
                &spooled.note,
                name,
                self.profile,
                lock,
            );
        }
        let Some(token) = self.arrived(name, &spooled)? else {
            return Ok(());
        };
        let got = ObtainedToken {
            token,
            note: Some(spooled.note),
            safe: true,
        };
        self.log
            .trace(|| "* the answer to an interrupted call had arrived: it is kept now".to_owned());
        self.store_or_hold(name, got, lock).map(drop)
    }

    fn arrived(
        &self,
        name: &str,
        spooled: &SpooledCall<PendingCall>,
    ) -> Result<Option<TokenResponse>> {
        if !spooled.has_answer() {
            return Ok(None);
        }
        let (store, item) = &spooled.note.spent;
        let verb = match spooled.note.deed {
            TokenCall::Refresh => Verb::Refresh,
            TokenCall::Exchange => Verb::Exchange,
        };
        let opener = self.stores.of(*store)?.get(item)?;
        let answer = opener.and_then(|opener| spooled.answer(&opener));
        let (Some((answer, at)), Some(operation)) = (answer, self.operation_yielding(verb, name))
        else {
            return Ok(None);
        };
        // What could not be read then cannot be read now either.
        let reading = self.service.read(verb, operation, &answer, at);
        Ok(reading.ok().and_then(|reading| reading.token()))
    }

    /// Keeps a token, or lends it to this run where its store does not take it and its answer is safe.
    pub(super) fn store_or_hold(
        &self,
        name: &str,
        got: ObtainedToken,
        lock: &FileLock,
    ) -> Result<Credential> {
        let lent = got.safe.then(|| TokenResponse {
            value: got.token.value.duplicate(),
            refresh: None,
            expires_at: got.token.expires_at,
            clock_ahead: got.token.clock_ahead,
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

    /// Keeps a token that was noted before; where somebody has logged in meanwhile, theirs stays.
    pub(super) fn keep_token(
        &self,
        name: &str,
        got: ObtainedToken,
        lock: &FileLock,
    ) -> Result<Credential> {
        let ObtainedToken { token, note, .. } = got;
        let secret = token.value.duplicate();
        let facts = CredentialMetadata {
            refresh: token.refresh,
            expires_at: token.expires_at,
            clock_ahead: token.clock_ahead,
            derived: note.as_ref().and_then(|note| note.derived.clone()),
            ..CredentialMetadata::default()
        };
        let held = |holding: &credential_index::StoredCredential| {
            Credential::kept(name, CredentialKind::Token, secret, holding)
        };
        let Some(note) = note else {
            return Ok(held(&self.keep(name, &token.value, facts)?));
        };
        let before = CredentialIndex::load(self.platform)?
            .get(self.profile, name)
            .cloned();
        let at = (note.store, note.item.clone(), note.refresh_item.clone());
        let changing = credential_index::changing(self.platform)?;
        let mut holding = self.put_items(name, &token.value, facts, before.as_ref(), at)?;
        holding.origins.clone_from(&note.origins);
        let first = CredentialIndex::put_after(
            self.platform,
            self.profile,
            name,
            note.before.as_ref(),
            holding.clone(),
        )?;
        drop(changing);
        // What is not gone now goes with the next renewal, which finds the note.
        if let Err(error) = settle(self.platform, self.stores, &note, name, self.profile, lock) {
            self.log
                .warn(&format!("an old secret stays in its store: {error}"));
        }
        if first {
            return Ok(held(&holding));
        }
        match self.lookup(name)? {
            Some(theirs) => Ok(theirs),
            // Logged out meanwhile: the token is good for this run.
            None => Ok(Credential {
                from: CredentialSource::Ephemeral,
                ..held(&holding)
            }),
        }
    }
}

/// Deletes the items of a note that nothing points to, and the note.
fn settle(
    platform: &Platform,
    stores: &Stores,
    note: &PendingCall,
    name: &str,
    profile: &str,
    lock: &FileLock,
) -> Result<()> {
    let mut items = note.old.clone();
    items.extend([note.item.clone(), note.refresh_item.clone()]);
    credential_index::delete_unused(platform, stores, note.store, &items)?;
    files::remove(&pending_path(platform, profile, name), lock).map(drop)
}

/// Drops what is noted of a call for a credential that is forgotten, unless the call is being made right now: who
/// makes it will find the credential gone.
pub(super) fn drop_note(
    platform: &Platform,
    stores: &Stores,
    profile: &str,
    name: &str,
) -> Result<()> {
    let path = pending_path(platform, profile, name);
    if !path.exists() {
        return Ok(());
    }
    let Some(lock) =
        FileLock::acquire_brief(&lock_path(platform, profile, name), &platform.patience)?
    else {
        return Ok(());
    };
    match SpooledCall::<PendingCall>::find(&path)? {
        Some(spooled) => settle(platform, stores, &spooled.note, name, profile, &lock),
        None => Ok(()),
    }
}

/// The lock of a credential that is being renewed.
pub(super) fn lock_path(platform: &Platform, profile: &str, name: &str) -> PathBuf {
    let folder = platform.dirs.state.join("locks");
    folder.join(format!("{profile}.{name}.lock"))
}

pub(super) fn pending_path(platform: &Platform, profile: &str, name: &str) -> PathBuf {
    let folder = platform.dirs.state.join("pending");
    folder.join(format!("{profile}.{name}.call"))
}
