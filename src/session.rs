//! Credentials that are valid now: from the environment or a store, refreshed or exchanged first where they must be.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::error::{Error, Kind, Result};
use crate::files::Lock;
use crate::holdings::{Holding, Holdings};
use crate::log::Log;
use crate::manifest::{CredentialKind, Operation, Reason, Source, Verb, jwt_expiry};
use crate::profile::is_loopback;
use crate::secret::Secret;
use crate::service::{Carried, Filling, Service, Token, Trouble};
use crate::store::{SecretRef, StoreKind, Stores};
use crate::world::World;

/// How long to wait for another process that refreshes the same credential.
const REFRESH_WAIT: Duration = Duration::from_secs(30);

/// How often a held lock is tried again.
const LOCK_POLL: Duration = Duration::from_millis(50);

/// A token is renewed when less than a tenth of its life is left, within these bounds.
const SMALLEST_MARGIN: Duration = Duration::from_secs(30);
const LARGEST_MARGIN: Duration = Duration::from_secs(300);

/// Where a credential in use came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeldFrom {
    /// An environment variable.
    Environment(&'static str),
    /// A store, at this item.
    Store(StoreKind, SecretRef),
    /// Got in this run and kept nowhere.
    ThisRun,
}

/// A credential in use.
pub struct Held {
    /// Its name in the manifest.
    pub name: String,
    /// Long-lived key or short-lived token.
    pub kind: CredentialKind,
    /// Its value.
    pub secret: Secret,
    /// When it ends, as far as anybody knows.
    pub expires_at: Option<Timestamp>,
    /// Where it came from.
    pub from: HeldFrom,
}

impl Held {
    /// The form in which a service takes it.
    pub fn carried(&self) -> Carried<'_> {
        Carried {
            name: &self.name,
            secret: &self.secret,
        }
    }
}

/// The credentials of one profile.
pub struct Session<'a> {
    /// What is outside.
    pub world: &'a World,
    /// Where notes go.
    pub log: &'a Log,
    /// The profile's name.
    pub profile: &'a str,
    /// The service it is for.
    pub service: &'a Service<'a>,
    /// Where secrets are kept.
    pub stores: &'a Stores,
    /// The store that new secrets go to.
    pub store: StoreKind,
    /// Tokens that this run got for a credential of the environment; they are kept nowhere else.
    pub here: RefCell<BTreeMap<String, Token>>,
}

/// What is known of a credential that is about to be kept.
#[derive(Default)]
pub struct Facts {
    /// What gets the next token.
    pub refresh: Option<Secret>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// The key's name at the service.
    pub name: Option<String>,
    /// Who it belongs to.
    pub identity: Option<String>,
}

impl Session<'_> {
    /// The best of the credentials `uses` that is there and valid; an error says how to get one.
    pub async fn credential(&self, uses: &[String]) -> Result<Option<Held>> {
        if uses.is_empty() {
            return Ok(None);
        }
        for name in uses {
            if let Some(held) = self.valid(name, None).await? {
                return Ok(Some(held));
            }
        }
        Err(self.not_logged_in(uses))
    }

    /// The credential `name` if there is one or one can be got, valid for at least `min_ttl`.
    pub async fn valid(&self, name: &str, min_ttl: Option<Duration>) -> Result<Option<Held>> {
        let held = match self.present(name)? {
            Some((held, _)) if held.kind == CredentialKind::Key => return Ok(Some(held)),
            Some((held, lifetime)) => {
                let margin = min_ttl.unwrap_or_else(|| margin(lifetime));
                if self.is_fresh(&held, margin) {
                    return Ok(Some(held));
                }
                Some(held)
            }
            None => None,
        };
        match self.renewed(name, held.as_ref()).await {
            Ok(Some(fresh)) => Ok(Some(fresh)),
            Ok(None) => match held {
                // Nothing can renew it; the service knows better than our clock whether it still works.
                Some(held) if self.is_over(&held) => Err(self.expired(name)),
                other => Ok(other),
            },
            // A failed renewal ends nothing while the present token still works.
            Err(error) => match held {
                Some(held) if !self.is_over(&held) && min_ttl.is_none() => {
                    self.log
                        .warn(&format!("the token could not be renewed: {error}"));
                    Ok(Some(held))
                }
                _ => Err(error),
            },
        }
    }

    /// Another token after the service refused this one; `None` where there is no way to get one.
    pub async fn renew(&self, refused: &Held) -> Result<Option<Held>> {
        if refused.kind == CredentialKind::Key {
            return Ok(None);
        }
        self.renewed(&refused.name, Some(refused)).await
    }

    /// Whether a refusal may be cured by another token.
    pub fn may_be_cured(held: &Held, trouble: &Trouble) -> bool {
        let cured = match trouble.reason {
            Some(Reason::ExpiredCredential) => true,
            // A service that names its reasons and did not say "expired" means something else.
            Some(Reason::InvalidCredential) => trouble.error.code().is_none(),
            _ => false,
        };
        cured && held.kind == CredentialKind::Token && trouble.error.http_status() == Some(401)
    }

    /// The credential `name` as it is, with the time it was given to live; whether it still works is not asked.
    fn present(&self, name: &str) -> Result<Option<(Held, Option<SignedDuration>)>> {
        let Some(spec) = self.service.manifest.credentials.get(name) else {
            return Ok(None);
        };
        if let Some(token) = self.here.borrow().get(name) {
            let held = Held {
                name: name.to_owned(),
                kind: spec.kind,
                secret: token.value.duplicate(),
                expires_at: token.expires_at,
                from: HeldFrom::ThisRun,
            };
            return Ok(Some((held, None)));
        }
        if let Some(held) = self.from_environment(name) {
            return Ok(Some((held, None)));
        }
        if self.environment_rules() {
            return Ok(None);
        }
        let holdings = Holdings::load(self.world)?;
        let Some(holding) = holdings.get(self.profile, name) else {
            return Ok(None);
        };
        self.check_origins(holding)?;
        let secret = self.read(holding.store, &holding.item)?;
        let held = Held {
            name: name.to_owned(),
            kind: spec.kind,
            secret,
            expires_at: holding.expires_at,
            from: HeldFrom::Store(holding.store, holding.item.clone()),
        };
        let lifetime = holding
            .expires_at
            .map(|end| holding.saved_at.duration_until(end));
        Ok(Some((held, lifetime)))
    }

    /// Whether the profile has the credential `name`, valid or not; no store is opened.
    pub fn holds(&self, name: &str) -> Result<bool> {
        if self.environment_rules() {
            return Ok(self.from_environment(name).is_some());
        }
        Ok(Holdings::load(self.world)?
            .get(self.profile, name)
            .is_some())
    }

    /// Whether a credential comes from the environment, so that no store is opened.
    pub fn environment_rules(&self) -> bool {
        [CredentialKind::Key, CredentialKind::Token]
            .iter()
            .any(|kind| self.world.env.get(kind.variable()).is_some())
    }

    fn from_environment(&self, name: &str) -> Option<Held> {
        let spec = self.service.manifest.credentials.get(name)?;
        if self.service.manifest.credential_of(spec.kind) != Some(name) {
            return None;
        }
        let variable = spec.kind.variable();
        let secret = Secret::pasted(self.world.env.get(variable)?);
        self.log.learn(&secret);
        Some(Held {
            name: name.to_owned(),
            kind: spec.kind,
            expires_at: match spec.kind {
                CredentialKind::Key => None,
                CredentialKind::Token => jwt_expiry(secret.expose()),
            },
            secret,
            from: HeldFrom::Environment(variable),
        })
    }

    fn read(&self, store: StoreKind, item: &SecretRef) -> Result<Secret> {
        let opened = self.stores.of(store)?;
        let found = opened.get(item)?;
        for notice in opened.notices() {
            self.log.warn(&notice);
        }
        let secret = found.ok_or_else(|| {
            Error::new(
                Kind::Store,
                format!(
                    "{} no longer holds a credential of the profile `{}`",
                    opened.place(),
                    self.profile
                ),
            )
            .hint(format!(
                "log in again: keywright login {}",
                self.service.name()
            ))
        })?;
        self.log.learn(&secret);
        Ok(secret)
    }

    fn is_fresh(&self, held: &Held, margin: Duration) -> bool {
        let margin = SignedDuration::try_from(margin).unwrap_or(SignedDuration::MAX);
        held.expires_at
            .is_none_or(|end| self.service.now().duration_until(end) > margin)
    }

    fn is_over(&self, held: &Held) -> bool {
        !self.is_fresh(held, Duration::ZERO)
    }

    /// Another token in place of `old`: by refreshing it, or by exchanging a key. One process does it, the others
    /// wait and take what it got.
    async fn renewed(&self, name: &str, old: Option<&Held>) -> Result<Option<Held>> {
        let refresh = self.yielding(Verb::Refresh, name);
        let exchange = self.yielding(Verb::Exchange, name);
        if refresh.is_none() && exchange.is_none() {
            return Ok(None);
        }
        if self.environment_rules() {
            return self
                .renewed_for_this_run(name, old, refresh, exchange)
                .await;
        }
        let holdings = Holdings::load(self.world)?;
        let exchangeable = exchange.is_some_and(|operation| {
            let uses = self.service.manifest.uses(operation);
            uses.iter()
                .any(|key| holdings.get(self.profile, key).is_some())
        });
        if old.is_none() && !exchangeable {
            return Ok(None);
        }
        let _lock = self.lock(name).await?;
        // Whoever held the lock may have renewed it already.
        let (now, lifetime) = match self.present(name)? {
            Some((held, lifetime)) => (Some(held), lifetime),
            None => (None, None),
        };
        if let Some(held) = &now {
            let replaced = old.is_none_or(|old| old.from != held.from);
            if replaced && self.is_fresh(held, margin(lifetime)) {
                return Ok(now);
            }
        }
        let refreshed = match (refresh, &now) {
            (Some(operation), Some(held)) => self.refreshed(operation, held).await,
            _ => Ok(None),
        };
        match (refreshed, exchange) {
            (Ok(Some(token)), _) => self.keep_token(name, token).map(Some),
            (Ok(None), Some(operation)) if exchangeable => {
                let token = self.exchanged(operation).await?;
                self.keep_token(name, token).map(Some)
            }
            (Err(trouble), Some(operation)) if exchangeable && is_final(&trouble) => {
                let token = self.exchanged(operation).await?;
                self.keep_token(name, token).map(Some)
            }
            (Ok(None), _) => Ok(None),
            (Err(trouble), _) => Err(self.not_refreshed(trouble)),
        }
    }

    async fn renewed_for_this_run(
        &self,
        name: &str,
        old: Option<&Held>,
        refresh: Option<&Operation>,
        exchange: Option<&Operation>,
    ) -> Result<Option<Held>> {
        let key = exchange.and_then(|operation| {
            let uses = self.service.manifest.uses(operation);
            uses.iter().find_map(|key| self.from_environment(key))
        });
        let token = match (refresh, old, key) {
            (_, _, Some(_)) => match exchange {
                Some(operation) => Some(self.exchanged(operation).await?),
                None => None,
            },
            (Some(operation), Some(old), None) => self
                .refreshed(operation, old)
                .await
                .map_err(|trouble| self.not_refreshed(trouble))?,
            _ => None,
        };
        let Some(token) = token else {
            return Ok(None);
        };
        if let Some(HeldFrom::Environment(variable)) = old.map(|old| &old.from) {
            self.log.note(&format!(
                "{variable} holds a token that has expired; a new one is used for this run only"
            ));
        }
        self.log.learn(&token.value);
        self.here.borrow_mut().insert(name.to_owned(), token);
        Ok(self.present(name)?.map(|(held, _)| held))
    }

    /// The operation of that verb, if its answer holds the credential `name`.
    fn yielding(&self, verb: Verb, name: &str) -> Option<&Operation> {
        self.service
            .manifest
            .operation(verb)
            .filter(|operation| operation.request.is_some())
            .filter(|operation| operation.yields.as_deref() == Some(name))
    }

    /// The token that `held` is refreshed to; `None` where what refreshes it is not there.
    async fn refreshed(
        &self,
        operation: &Operation,
        held: &Held,
    ) -> Result<Option<Token>, Trouble> {
        let mut values = self.service.values();
        let refresh = self.refresh_secret(held)?;
        let wanted = Source::Refresh(held.name.clone());
        let needs_refresh_secret = operation
            .request
            .as_ref()
            .and_then(|request| request.body.as_ref())
            .is_some_and(|body| {
                body.iter()
                    .any(|field| field.from.as_ref() == Some(&wanted))
            });
        if needs_refresh_secret && refresh.is_none() {
            return Ok(None);
        }
        if let Some(secret) = refresh {
            values.set(&wanted, Filling::Secret(secret));
        }
        values.credential(&held.name, &held.secret);
        let carried = held.carried();
        let uses = self.service.manifest.uses(operation);
        let carried = uses.contains(&held.name).then_some(&carried);
        let reading = self
            .service
            .perform(Verb::Refresh, operation, values, carried)
            .await?;
        let token = reading
            .token()
            .ok_or_else(|| Trouble::incomplete(self.service.name(), Verb::Refresh, "the token"))?;
        Ok(Some(token))
    }

    fn refresh_secret(&self, held: &Held) -> Result<Option<Secret>> {
        match &held.from {
            HeldFrom::ThisRun => Ok(self
                .here
                .borrow()
                .get(&held.name)
                .and_then(|token| token.refresh.as_ref().map(Secret::duplicate))),
            HeldFrom::Environment(_) => Ok(None),
            HeldFrom::Store(..) => {
                let holdings = Holdings::load(self.world)?;
                holdings
                    .get(self.profile, &held.name)
                    .and_then(|holding| Some((holding.store, holding.refresh_item.clone()?)))
                    .map(|(store, item)| self.read(store, &item))
                    .transpose()
            }
        }
    }

    async fn exchanged(&self, operation: &Operation) -> Result<Token> {
        let uses = self.service.manifest.uses(operation);
        let mut key = None;
        for name in uses {
            key = self.present(name)?.map(|(held, _)| held);
            if key.is_some() {
                break;
            }
        }
        let key = key.ok_or_else(|| self.not_logged_in(uses))?;
        let mut values = self.service.values();
        values.credential(&key.name, &key.secret);
        let reading = self
            .service
            .perform(Verb::Exchange, operation, values, Some(&key.carried()))
            .await?;
        let token = reading
            .token()
            .ok_or_else(|| Trouble::incomplete(self.service.name(), Verb::Exchange, "the token"))?;
        Ok(token)
    }

    /// A new token by exchanging the key, kept in the store; returns when it ends and where it is.
    pub async fn exchange_now(&self) -> Result<(Option<Timestamp>, String)> {
        let (name, operation) = self.token_operation(Verb::Exchange)?;
        self.prove_store()?;
        let _lock = self.lock(name).await?;
        let token = self.exchanged(operation).await?;
        self.keep_and_tell(name, token)
    }

    /// A new token by refreshing the present one, kept in the store; returns when it ends and where it is.
    pub async fn refresh_now(&self) -> Result<(Option<Timestamp>, String)> {
        let (name, operation) = self.token_operation(Verb::Refresh)?;
        let _lock = self.lock(name).await?;
        let Some((held, _)) = self.present(name)? else {
            return Err(self.not_logged_in(&[name.to_owned()]));
        };
        self.prove_store()?;
        let token = self
            .refreshed(operation, &held)
            .await
            .map_err(|trouble| self.not_refreshed(trouble))?
            .ok_or_else(|| self.expired(name))?;
        self.keep_and_tell(name, token)
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
                    "{} has no call to {}",
                    self.service.name(),
                    verb.deed()
                ));
                match why {
                    Some(why) => error.hint(why),
                    None => error.hint("a token or key that is valid now: keywright token"),
                }
            })
    }

    fn keep_and_tell(&self, name: &str, token: Token) -> Result<(Option<Timestamp>, String)> {
        let expires_at = token.expires_at;
        self.keep_token(name, token)?;
        Ok((expires_at, self.stores.of(self.store)?.place()))
    }

    fn prove_store(&self) -> Result<()> {
        self.stores.of(self.store)?.probe().map_err(|error| {
            Error::from(error).hint("to use a token without keeping it: keywright token")
        })
    }

    fn keep_token(&self, name: &str, token: Token) -> Result<Held> {
        let facts = Facts {
            refresh: token.refresh,
            expires_at: token.expires_at,
            ..Facts::default()
        };
        let secret = token.value.duplicate();
        let holding = self.keep(name, &token.value, facts)?;
        Ok(Held {
            name: name.to_owned(),
            kind: CredentialKind::Token,
            secret,
            expires_at: holding.expires_at,
            from: HeldFrom::Store(holding.store, holding.item),
        })
    }

    /// Keeps a credential: the new item first, then the pointer to it, then the old item goes.
    pub fn keep(&self, name: &str, secret: &Secret, facts: Facts) -> Result<Holding> {
        self.log.learn(secret);
        let before = Holdings::load(self.world)?;
        let before = before.get(self.profile, name);
        let kind = before.map_or(self.store, |holding| holding.store);
        let store = self.stores.of(kind)?;
        let label = format!("keywright: {} {name}", self.profile);
        let item = SecretRef::fresh()?;
        store.put(&item, &label, secret)?;
        let refresh_item = match &facts.refresh {
            Some(refresh) => {
                self.log.learn(refresh);
                let item = SecretRef::fresh()?;
                store.put(&item, &format!("{label}, refresh"), refresh)?;
                Some(item)
            }
            // Where the answer leaves it out, the old one stays (RFC 6749 section 6).
            None => before.and_then(|holding| holding.refresh_item.clone()),
        };
        let holding = Holding {
            store: kind,
            item,
            refresh_item,
            origins: self.origins(),
            saved_at: self.service.now(),
            expires_at: facts.expires_at,
            masked: secret.masked(),
            name: facts.name,
            identity: facts
                .identity
                .or_else(|| before.and_then(|holding| holding.identity.clone())),
        };
        let old = Holdings::put(self.world, self.profile, name, holding.clone())?;
        if let Some(old) = old {
            self.drop_items(&old, &holding);
        }
        Ok(holding)
    }

    /// Deletes what `old` points to and `new` does not.
    fn drop_items(&self, old: &Holding, new: &Holding) {
        let kept = [Some(&new.item), new.refresh_item.as_ref()];
        for item in [Some(&old.item), old.refresh_item.as_ref()]
            .into_iter()
            .flatten()
        {
            if kept.contains(&Some(item)) {
                continue;
            }
            let gone = self
                .stores
                .of(old.store)
                .and_then(|store| Ok(store.delete(item)?));
            if let Err(error) = gone {
                self.log
                    .warn(&format!("an old secret stays in its store: {error}"));
            }
        }
    }

    /// Forgets the credential `name`; false when there was none. Nothing changes at the service.
    pub fn forget(&self, name: &str) -> Result<bool> {
        let holdings = Holdings::load(self.world)?;
        let Some(holding) = holdings.get(self.profile, name) else {
            return Ok(false);
        };
        let store = self.stores.of(holding.store)?;
        store.delete(&holding.item)?;
        if let Some(item) = &holding.refresh_item {
            store.delete(item)?;
        }
        Holdings::forget(self.world, self.profile, name)?;
        Ok(true)
    }

    fn origins(&self) -> Vec<String> {
        let mut origins: Vec<String> = self
            .service
            .bases
            .values()
            .map(|url| url.origin().ascii_serialization())
            .collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// Refuses to hand a stored secret to a place that it was not saved for.
    fn check_origins(&self, holding: &Holding) -> Result<()> {
        let near = |origin: &str| Url::parse(origin).is_ok_and(|url| is_loopback(&url));
        for origin in self.origins() {
            let known = holding.origins.contains(&origin)
                || near(&origin) && holding.origins.iter().any(|saved| near(saved));
            if !known && self.world.addresses.is_empty() {
                return Err(Error::usage(format!(
                    "the credential of the profile `{}` was saved for {}, and is not sent to `{origin}`",
                    self.profile,
                    holding.origins.join(", ")
                ))
                .hint(format!(
                    "if `{origin}` is right, log in for it: keywright login {} --profile NAME --base-url {origin}",
                    self.service.name()
                )));
            }
        }
        Ok(())
    }

    async fn lock(&self, name: &str) -> Result<Lock> {
        let path = self.lock_path(name);
        let mut waited = Duration::ZERO;
        loop {
            if let Some(lock) = Lock::try_acquire(&path)? {
                return Ok(lock);
            }
            if waited >= REFRESH_WAIT {
                return Err(Lock::held(&path));
            }
            self.world.clock.sleep(LOCK_POLL).await;
            waited += LOCK_POLL;
        }
    }

    fn lock_path(&self, name: &str) -> PathBuf {
        self.world
            .dirs
            .state
            .join("locks")
            .join(format!("{}.{name}.lock", self.profile))
    }

    fn not_refreshed(&self, trouble: Trouble) -> Error {
        if is_final(&trouble) {
            trouble.error.as_kind(Kind::Auth).hint(format!(
                "log in again: keywright login {}",
                self.service.name()
            ))
        } else if trouble.may_have_acted {
            trouble.error.as_kind(Kind::Uncertain).hint(
                "what refreshes the token may be used up; if the next call fails, log in again",
            )
        } else {
            trouble.error
        }
    }

    fn expired(&self, name: &str) -> Error {
        let title = self.title(name);
        Error::new(
            Kind::Auth,
            format!("the {title} of the profile `{}` has expired", self.profile),
        )
        .hint(self.way_in(name))
    }

    fn title<'n>(&'n self, name: &'n str) -> &'n str {
        self.service
            .manifest
            .credentials
            .get(name)
            .map_or(name, |spec| spec.title.as_str())
    }

    fn way_in(&self, name: &str) -> String {
        let provider = self.service.name();
        let manifest = self.service.manifest;
        let kind = manifest.credentials.get(name).map(|spec| spec.kind);
        let profile = if self.profile == provider {
            String::new()
        } else {
            format!(" --profile {}", self.profile)
        };
        let by_password = manifest
            .operation(Verb::Login)
            .is_some_and(|login| login.request.is_some() && login.yields.as_deref() == Some(name));
        match kind {
            Some(CredentialKind::Token) if by_password => {
                format!("log in: keywright login {provider}{profile} --email YOU@EXAMPLE.COM")
            }
            Some(kind) => format!(
                "log in: keywright login {provider}{profile} --with-{}",
                kind.name()
            ),
            None => format!("log in: keywright login {provider}{profile}"),
        }
    }

    fn not_logged_in(&self, uses: &[String]) -> Error {
        let titles: Vec<&str> = uses.iter().map(|name| self.title(name)).collect();
        let error = Error::new(
            Kind::Auth,
            format!(
                "not logged in to {}: this takes its {}, and the profile `{}` has none",
                self.service.name(),
                titles.join(" or "),
                self.profile
            ),
        );
        let kinds = uses
            .iter()
            .filter_map(|name| Some(self.service.manifest.credentials.get(name)?.kind.variable()));
        let variables: Vec<&str> = kinds.collect();
        let ways = uses.iter().map(|name| self.way_in(name));
        error
            .hints(ways)
            .hint(format!("or set {}", variables.join(" or ")))
    }
}

/// Whether a refusal says that refreshing will never work again.
fn is_final(trouble: &Trouble) -> bool {
    matches!(
        trouble.reason,
        Some(
            Reason::InvalidCredential
                | Reason::ExpiredCredential
                | Reason::RevokedCredential
                | Reason::Forbidden
                | Reason::InvalidInput
        )
    )
}

/// How much of its life a token must have left to be used as it is.
fn margin(lifetime: Option<SignedDuration>) -> Duration {
    let tenth = lifetime
        .and_then(|lifetime| Duration::try_from(lifetime).ok())
        .map_or(SMALLEST_MARGIN, |lifetime| lifetime / 10);
    tenth.clamp(SMALLEST_MARGIN, LARGEST_MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_in_the_last_tenth_of_its_life() {
        let of = |seconds: i64| margin(Some(SignedDuration::from_secs(seconds))).as_secs();
        assert_eq!(of(900), 90);
        assert_eq!(of(60), 30);
        assert_eq!(of(30 * 86_400), 300);
        assert_eq!(margin(None).as_secs(), 30);
    }
}
