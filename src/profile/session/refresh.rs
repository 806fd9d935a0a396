//! Replaces an expired token: one process obtains the new one, the others use it.

use jiff::Timestamp;

use super::freshness::{margin, margin_of_new};
use super::pending_refresh::{ConsumedCredential, ObtainedToken, TokenRequest};
use super::{Credential, CredentialSource, Session};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::manifest::{ErrorReason, Operation, Source, Verb};
use crate::profile::credential_index::CredentialIndex;
use crate::service::{CallError, CredentialRef, FieldValue};
use crate::store::{SecretRef, StoreKind};
use crate::wal::{self, StateLock};

/// The command that prints a token and stores none that it need not.
const TOKEN_COMMAND: &str = "keywright token";

/// The location of a secret.
type SecretLocation = (StoreKind, SecretRef);

/// The result of an exchange in place of a refresh.
enum Instead {
    Got(Box<ObtainedToken>),
    /// The key is invalid: the refresh is tried all the same.
    Refused,
    NotAsked,
}

impl Session<'_> {
    /// Returns a token in place of `old`, by a refresh or by the exchange of a key. One process does it; the others
    /// wait and use its result.
    pub(super) async fn renewed(
        &self,
        name: &str,
        old: Option<&CredentialSource>,
    ) -> Result<Option<Credential>> {
        let refresh = self.operation_yielding(Verb::Refresh, name);
        let exchange = self.operation_yielding(Verb::Exchange, name);
        let identity = self.identity_behind(name)?;
        if refresh.is_none() && exchange.is_none() && identity.is_none() {
            return Ok(None);
        }
        if self.uses_environment() {
            return self.renewed_for_this_run(name, refresh, exchange).await;
        }
        let index = CredentialIndex::load(self.platform)?;
        let exchangeable = exchange.is_some_and(|operation| self.has_key_for(operation, &index));
        if old.is_none() && !exchangeable {
            return Ok(None);
        }
        let come = || self.is_renewed(name, old);
        let Some(lock) = self.lock_unless(name, come).await? else {
            return self.lookup(name);
        };
        // The process that held the lock was killed midway, or has just renewed the token.
        self.finish(name, &lock)?;
        if come()? {
            return self.lookup(name);
        }
        let now = self.lookup(name)?;
        let instead = exchange.filter(|_| exchangeable && refresh.is_some());
        let exchangeable = match self.exchanged_instead(instead, now.as_ref(), &lock).await? {
            Instead::Got(got) => return self.store_or_hold(name, *got, &lock).map(Some),
            Instead::Refused => false,
            Instead::NotAsked => exchangeable,
        };
        let refreshed = match (refresh, &now) {
            (Some(operation), Some(held)) => self.refreshed(operation, held, Some(&lock)).await,
            _ => Ok(None),
        };
        // A home folder on two machines has two locks: the currently stored token decides whether the refusal is
        // believed.
        if refreshed.as_ref().is_err_and(is_final)
            && let Some(used) = &now
            && self.is_renewed(name, Some(&used.from))?
        {
            return self.lookup(name);
        }
        match (refreshed, exchange) {
            (Ok(Some(got)), _) => self.store_or_hold(name, got, &lock).map(Some),
            (Ok(None), Some(operation)) if exchangeable => {
                let got = self.exchanged(name, operation, Some(&lock)).await?;
                self.store_or_hold(name, got, &lock).map(Some)
            }
            (Err(failure), Some(operation)) if exchangeable && is_final(&failure) => {
                let got = self.exchanged(name, operation, Some(&lock)).await?;
                self.store_or_hold(name, got, &lock).map(Some)
            }
            (Ok(None), _) => Ok(None),
            (Err(failure), _) => Err(self.not_refreshed(failure)),
        }
    }

    /// Returns whether a key is stored that the exchange accepts.
    fn has_key_for(&self, exchange: &Operation, index: &CredentialIndex) -> bool {
        let mut uses = self.service.manifest.accepted_credentials(exchange).iter();
        uses.any(|key| index.get(self.profile, key).is_some())
    }

    /// Exchanges the key if the refresh token of `held` was presented before without a response. It may be used up,
    /// and a service that sees it twice may end the whole session.
    async fn exchanged_instead(
        &self,
        exchange: Option<&Operation>,
        held: Option<&Credential>,
        lock: &StateLock,
    ) -> Result<Instead> {
        let (Some(operation), Some(held)) = (exchange, held) else {
            return Ok(Instead::NotAsked);
        };
        if !self.may_be_used_up(held, lock)? {
            return Ok(Instead::NotAsked);
        }
        self.log.trace(|| {
            "* a refresh before this one got no answer: the key is exchanged instead".to_owned()
        });
        match self.exchanged(&held.name, operation, Some(lock)).await {
            Ok(got) => Ok(Instead::Got(Box::new(got))),
            Err(error) if matches!(error.kind(), Kind::Auth | Kind::Forbidden) => {
                self.log.trace(|| format!("* {error}"));
                Ok(Instead::Refused)
            }
            Err(error) => Err(error),
        }
    }

    async fn renewed_for_this_run(
        &self,
        name: &str,
        refresh: Option<&Operation>,
        exchange: Option<&Operation>,
    ) -> Result<Option<Credential>> {
        let old = self.lookup(name)?;
        let got = self.obtained_for_this_run(name, old.as_ref(), refresh, exchange);
        let Some(ObtainedToken { token, .. }) = got.await? else {
            return Ok(None);
        };
        if let Some(old) = &old
            && let CredentialSource::Environment(variable) = old.from
        {
            let why = if self.has_expired(old) {
                "has expired"
            } else if self.is_fresh(old.life, margin(None)) {
                "was refused"
            } else {
                "is about to expire"
            };
            self.log.note(&format!(
                "{variable} holds a token that {why}; a new one is used for this run only"
            ));
        }
        self.log.register_secret(&token.value);
        let mut here = self.ephemeral.borrow_mut();
        here.insert(name.to_owned(), token.into());
        drop(here);
        self.lookup(name)
    }

    /// Obtains a token from what the environment holds: an identity, a key, or else a token that can be refreshed.
    async fn obtained_for_this_run(
        &self,
        name: &str,
        old: Option<&Credential>,
        refresh: Option<&Operation>,
        exchange: Option<&Operation>,
    ) -> Result<Option<ObtainedToken>> {
        let federate = self.operation_yielding(Verb::Federate, name);
        if let (Some(operation), Some(source)) = (federate, self.identity_source()?) {
            return self.federated(name, operation, &source).await.map(Some);
        }
        let has_key = |operation: &&Operation| {
            let mut uses = self.service.manifest.accepted_credentials(operation).iter();
            uses.any(|key| self.in_environment(key).is_some())
        };
        if let Some(operation) = exchange.filter(has_key) {
            return self.exchanged(name, operation, None).await.map(Some);
        }
        let (Some(operation), Some(old)) = (refresh, old) else {
            return Ok(None);
        };
        let refreshed = self.refreshed(operation, old, None).await;
        refreshed.map_err(|failure| self.not_refreshed(failure))
    }

    /// Returns the operation of that verb, if its response holds the credential `name`.
    pub(super) fn operation_yielding(&self, verb: Verb, name: &str) -> Option<&Operation> {
        self.service
            .manifest
            .operation(verb)
            .filter(|operation| operation.request.is_some())
            .filter(|operation| operation.yields.as_deref() == Some(name))
    }

    /// Returns the token that a refresh of `held` yields; `None` without a refresh token. Without a lock, none of it
    /// is stored.
    async fn refreshed(
        &self,
        operation: &Operation,
        held: &Credential,
        lock: Option<&StateLock>,
    ) -> Result<Option<ObtainedToken>, CallError> {
        let mut values = self.service.values();
        let refresh = self.refresh_secret(held)?;
        let wanted = Source::Refresh(held.name.clone());
        let needs_refresh_secret = operation.sources().contains(&&wanted);
        if needs_refresh_secret && refresh.is_none() {
            return Ok(None);
        }
        let mut spent = ConsumedCredential::of(held);
        if let Some((secret, place)) = refresh {
            if let Some((store, item)) = place {
                spent = Some(ConsumedCredential::refresh(
                    &held.name,
                    (store, item),
                    &secret,
                ));
            }
            values.set(&wanted, FieldValue::Secret(secret));
        }
        values.credential(&held.name, &held.secret);
        let client = self.client_credential(&held.name, operation)?;
        if let Some(client) = &client {
            values.credential(&client.name, &client.secret);
        }
        let uses = self.service.manifest.accepted_credentials(operation);
        let carried = match &client {
            Some(client) => Some(client.credential_ref()),
            None => uses.contains(&held.name).then(|| held.credential_ref()),
        };
        let call = TokenRequest {
            name: &held.name,
            verb: Verb::Refresh,
            operation,
            values,
            carried: carried.as_ref(),
        };
        self.make(call, spent, lock).await.map(Some)
    }

    /// Returns the refresh token of `held` and its location.
    pub(super) fn refresh_secret(
        &self,
        held: &Credential,
    ) -> Result<Option<(Secret, Option<SecretLocation>)>> {
        match &held.from {
            CredentialSource::Ephemeral => Ok(self
                .ephemeral
                .borrow()
                .get(&held.name)
                .and_then(|lent| lent.token.refresh.as_ref().map(Secret::duplicate))
                .map(|secret| (secret, None))),
            CredentialSource::Environment(_) => Ok(None),
            CredentialSource::Store(..) => {
                let index = CredentialIndex::load_for(self.platform, self.profile, &held.name)?;
                let kept = index
                    .get(self.profile, &held.name)
                    .and_then(|stored| Some((stored.store, stored.refresh_item.clone()?)));
                let Some((store, item)) = kept else {
                    return Ok(None);
                };
                let secret = self.read(store, &item)?;
                Ok(Some((secret, Some((store, item)))))
            }
        }
    }

    async fn exchanged(
        &self,
        name: &str,
        operation: &Operation,
        lock: Option<&StateLock>,
    ) -> Result<ObtainedToken> {
        let uses = self.service.manifest.accepted_credentials(operation);
        let mut key = None;
        for name in uses {
            key = self.lookup(name)?;
            if key.is_some() {
                break;
            }
        }
        let key = key.ok_or_else(|| self.not_logged_in(uses))?;
        let mut values = self.service.values();
        values.credential(&key.name, &key.secret);
        let call = TokenRequest {
            name,
            verb: Verb::Exchange,
            operation,
            values,
            carried: Some(&key.credential_ref()),
        };
        let made = self.make(call, ConsumedCredential::of(&key), lock).await;
        Ok(made.map_err(|failure| self.explained(&key, failure))?)
    }

    /// Returns the token `name` that the exchange of `key` yields, which need not be the key of the profile. It is kept
    /// nowhere.
    pub async fn exchanged_from(
        &self,
        key: &CredentialRef<'_>,
        name: &str,
        operation: &Operation,
    ) -> Result<Secret, CallError> {
        let mut values = self.service.values();
        values.credential(key.name, key.secret);
        let call = TokenRequest {
            name,
            verb: Verb::Exchange,
            operation,
            values,
            carried: Some(key),
        };
        let token = self.make(call, None, None).await?.token.value;
        self.log.register_secret(&token);
        Ok(token)
    }

    /// Obtains a new token by exchanging the key and stores it; returns its expiry and location.
    pub async fn exchange_now(&self) -> Result<(Option<Timestamp>, String)> {
        let (name, operation) = self.token_operation(Verb::Exchange)?;
        self.prove_store(TOKEN_COMMAND)?;
        let lock = self.lock(name).await?;
        self.finish(name, &lock)?;
        let got = self.exchanged(name, operation, Some(&lock)).await?;
        self.keep_and_tell(name, got, &lock)
    }

    /// Obtains a new token by refreshing the current one and stores it; returns its expiry and location.
    pub async fn refresh_now(&self) -> Result<(Option<Timestamp>, String)> {
        let (name, operation) = self.token_operation(Verb::Refresh)?;
        if let Some(source) = self.identity_behind(name)? {
            return Err(Error::usage(format!(
                "there is no token to refresh: each command exchanges the identity of {source} anew"
            ))
            .hint("a token that is valid now: keywright token"));
        }
        let lock = self.lock(name).await?;
        self.finish(name, &lock)?;
        let Some(held) = self.lookup(name)? else {
            return Err(self.not_logged_in(&[name.to_owned()]));
        };
        self.prove_store(TOKEN_COMMAND)?;
        let exchange = self.operation_yielding(Verb::Exchange, name);
        let index = CredentialIndex::load(self.platform)?;
        let exchange = exchange.filter(|operation| self.has_key_for(operation, &index));
        if let Instead::Got(got) = self.exchanged_instead(exchange, Some(&held), &lock).await? {
            return self.keep_and_tell(name, *got, &lock);
        }
        let got = self
            .refreshed(operation, &held, Some(&lock))
            .await
            .map_err(|failure| self.not_refreshed(failure))?
            .ok_or_else(|| self.expired(&held))?;
        self.keep_and_tell(name, got, &lock)
    }

    fn token_operation(&self, verb: Verb) -> Result<(&str, &Operation)> {
        self.service
            .manifest
            .operation(verb)
            .filter(|operation| operation.request.is_some())
            .and_then(|operation| Some((operation.yields.as_deref()?, operation)))
            .ok_or_else(|| {
                let why = self
                    .service
                    .manifest
                    .operation(verb)
                    .and_then(|operation| operation.unsupported.clone());
                let error = Error::usage(format!(
                    "{} has no operation to {}",
                    self.service.name(),
                    verb.infinitive()
                ));
                match why {
                    Some(why) => error.hint(why),
                    None => error.hint("a token or key that is valid now: keywright token"),
                }
            })
    }

    pub(super) fn keep_and_tell(
        &self,
        name: &str,
        got: ObtainedToken,
        lock: &StateLock,
    ) -> Result<(Option<Timestamp>, String)> {
        let expires_at = got.token.expires_at;
        self.keep_token(name, got, lock)?;
        Ok((expires_at, self.stores.of(self.store)?.place()))
    }

    /// Proves that the store keeps secrets; `otherwise` is the command that keeps none.
    pub(super) fn prove_store(&self, otherwise: &str) -> Result<()> {
        let store = self.stores.of(self.store)?;
        wal::probe(&*store, self.platform).map_err(|error| {
            Error::from(error).hint(format!("to use a token without keeping it: {otherwise}"))
        })
    }

    /// Returns whether a token other than `old` exists that was obtained a moment ago.
    fn is_renewed(&self, name: &str, old: Option<&CredentialSource>) -> Result<bool> {
        let known = self.outlook(name)?;
        Ok(known.is_some_and(|(from, life)| {
            old != Some(&from) && self.is_fresh(life, margin_of_new(life.length()))
        }))
    }

    fn not_refreshed(&self, failure: CallError) -> Error {
        if is_final(&failure) {
            failure
                .error
                .with_kind(Kind::Auth)
                .hint(format!("log in again: {}", self.login_command()))
        } else if failure.may_have_acted {
            failure
                .error
                .with_kind(Kind::Uncertain)
                .hint("the refresh token may be used up; if the next call fails, log in again")
        } else {
            failure.error
        }
    }
}

/// Returns whether a refusal means that a refresh will never work again.
pub(super) fn is_final(failure: &CallError) -> bool {
    matches!(
        failure.reason,
        Some(
            ErrorReason::InvalidCredential
                | ErrorReason::ExpiredCredential
                | ErrorReason::RevokedCredential
                | ErrorReason::Forbidden
                | ErrorReason::InvalidInput
        )
    )
}
