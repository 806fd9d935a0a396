//! Provides valid credentials: from the environment or a store, refreshed or exchanged first if needed.

mod hints;
mod federation;
mod freshness;
mod input;
mod persist;
mod pending_refresh;
mod refresh;
mod renewal_lock;
mod revoke;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

pub use federation::IDENTITY_VARIABLE;
pub use input::as_credential;
pub use pending_refresh::{PendingCall, TokenCall, Unanswered};
pub use persist::forget;

use freshness::{Lifetime, margin};

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::manifest::{CredentialKind, ErrorReason, jwt_expiry};
use crate::platform::Platform;
use crate::profile::credential_index::{CredentialIndex, DerivedFrom, StoredCredential};
use crate::report::log::Log;
use crate::service::{CallError, CredentialRef, Service, TokenResponse, in_parts};
use crate::store::{SecretRef, StoreKind, Stores};
use crate::wal::{self, Wal};

/// The source of a credential in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// An environment variable.
    Environment(&'static str),
    /// A store, at this item.
    Store(StoreKind, SecretRef),
    /// Obtained in this run and not stored.
    Ephemeral,
}

/// A credential in use.
pub struct Credential {
    /// Its name in the manifest.
    pub name: String,
    /// Long-lived key or short-lived token.
    pub kind: CredentialKind,
    /// Its value.
    pub secret: Secret,
    /// Its expiry, if known.
    pub expires_at: Option<Timestamp>,
    /// Its source.
    pub from: CredentialSource,
    /// Its lifetime.
    life: Lifetime,
}

impl Credential {
    /// Returns a stored credential.
    fn kept(
        name: &str,
        kind: CredentialKind,
        secret: Secret,
        stored: &StoredCredential,
    ) -> Credential {
        Credential {
            name: name.to_owned(),
            kind,
            secret,
            expires_at: stored.expires_at,
            from: CredentialSource::Store(stored.store, stored.item.clone()),
            life: Lifetime::of(stored),
        }
    }

    /// Returns the form in which it is passed to a service.
    pub fn credential_ref(&self) -> CredentialRef<'_> {
        CredentialRef {
            name: &self.name,
            secret: &self.secret,
        }
    }
}

/// The credentials of one profile.
pub struct Session<'a> {
    /// The platform that it runs on.
    pub platform: &'a Platform,
    /// The log for its notes.
    pub log: &'a Log,
    /// The profile's name.
    pub profile: &'a str,
    /// The service of the profile.
    pub service: &'a Service<'a>,
    /// The stores of its secrets.
    pub stores: &'a Stores,
    /// The store for new secrets.
    pub store: StoreKind,
    /// Tokens of this run that are not stored.
    pub ephemeral: RefCell<BTreeMap<String, EphemeralToken>>,
    /// The secrets that this run has read from an engine, by item.
    shared_items: RefCell<BTreeMap<SecretRef, Secret>>,
    /// Set once this run has requested a token itself.
    requested_token: Cell<bool>,
    /// The notes of calls in progress.
    pub wal: Box<dyn Wal>,
}

/// A token that is not stored, and its source if that is stored.
pub struct EphemeralToken {
    token: TokenResponse,
    derived: Option<DerivedFrom>,
}

impl From<TokenResponse> for EphemeralToken {
    fn from(token: TokenResponse) -> Self {
        EphemeralToken {
            token,
            derived: None,
        }
    }
}

/// The properties of a credential that is about to be stored.
#[derive(Default)]
pub struct CredentialMetadata {
    /// The secret that obtains the next token.
    pub refresh: Option<Secret>,
    /// Its expiry.
    pub expires_at: Option<Timestamp>,
    /// The key's name at the service.
    pub name: Option<String>,
    /// The identity that it belongs to.
    pub identity: Option<String>,
    /// The credential that it was exchanged from.
    pub derived: Option<DerivedFrom>,
    /// The variables that the service returned with it; `None` keeps the known ones.
    pub found: Option<BTreeMap<String, String>>,
}

impl<'a> Session<'a> {
    /// Returns the session of `profile` at `service`; new secrets go to `store`.
    pub fn new(
        platform: &'a Platform,
        service: &'a Service<'a>,
        profile: &'a str,
        stores: &'a Stores,
        store: StoreKind,
    ) -> Self {
        Session {
            platform,
            log: service.transport.log,
            profile,
            service,
            stores,
            store,
            ephemeral: RefCell::default(),
            shared_items: RefCell::default(),
            requested_token: Cell::default(),
            wal: wal::open(platform),
        }
    }
}

impl Session<'_> {
    /// Returns the best of the credentials `uses` for a call; an error says how to get one.
    ///
    /// A credential that has expired by the clock here and that cannot be renewed is used if there is no other: only
    /// the service knows whether it still works.
    pub async fn credential(&self, uses: &[String]) -> Result<Option<Credential>> {
        if uses.is_empty() {
            return Ok(None);
        }
        let mut over = None;
        for name in uses {
            match self.best(name, None).await? {
                Some(held) if self.has_expired(&held) => drop(over.get_or_insert(held)),
                Some(held) => return Ok(Some(held)),
                None => {}
            }
        }
        let held = over.ok_or_else(|| self.not_logged_in(uses))?;
        self.log.trace(|| {
            format!(
                "* the {} has expired by this machine's clock: the service decides",
                held.name
            )
        });
        Ok(Some(held))
    }

    /// Returns the best of the credentials `uses` for another program, valid now; an error says how to get one.
    pub async fn credential_to_lend(&self, uses: &[String]) -> Result<Option<Credential>> {
        match self.credential(uses).await? {
            Some(held) if self.has_expired(&held) => Err(self.expired(&held)),
            held => Ok(held),
        }
    }

    /// Returns the credential `name` if it exists or can be obtained, valid for at least `min_ttl`.
    pub async fn valid(&self, name: &str, min_ttl: Option<Duration>) -> Result<Option<Credential>> {
        match self.best(name, min_ttl).await? {
            Some(held) if self.has_expired(&held) => Err(self.expired(&held)),
            held => {
                if let Some(held) = held.as_ref().filter(|held| self.clock_went_back(held.life)) {
                    self.log.warn(&format!(
                        "this machine's clock shows a time before the {} was saved: it may have expired",
                        held.name
                    ));
                }
                Ok(held)
            }
        }
    }

    /// Returns the credential `name`, renewed if needed and possible.
    async fn best(&self, name: &str, min_ttl: Option<Duration>) -> Result<Option<Credential>> {
        let known = self.outlook(name)?;
        if let Some((_, life)) = known
            && self.is_good(name, life, min_ttl)
        {
            return self.lookup(name);
        }
        match self
            .renewed(name, known.as_ref().map(|(from, _)| from))
            .await
        {
            Ok(Some(fresh)) => Ok(Some(fresh)),
            Ok(None) => self.lookup(name),
            // A failed renewal is no failure while the current token still works.
            Err(error) => match known {
                Some((_, life)) if !self.is_lifetime_over(life) && min_ttl.is_none() => {
                    self.log
                        .warn(&format!("the token could not be renewed: {error}"));
                    self.lookup(name)
                }
                _ => Err(error),
            },
        }
    }

    /// Returns the credential `name` if it exists and need not be renewed.
    pub fn fresh_or_none(
        &self,
        name: &str,
        min_ttl: Option<Duration>,
    ) -> Result<Option<Credential>> {
        match self.outlook(name)? {
            Some((_, life)) if self.is_good(name, life, min_ttl) => self.lookup(name),
            _ => Ok(None),
        }
    }

    /// Returns whether the credential `name` with this lifetime need not be renewed.
    fn is_good(&self, name: &str, life: Lifetime, min_ttl: Option<Duration>) -> bool {
        let spec = self.service.manifest.credentials.get(name);
        spec.is_some_and(|spec| spec.kind == CredentialKind::Key)
            || self.is_fresh(life, min_ttl.unwrap_or_else(|| margin(life.length())))
    }

    /// Returns the source and the lifetime of the credential `name`; does not open a store, which may be slow.
    fn outlook(&self, name: &str) -> Result<Option<(CredentialSource, Lifetime)>> {
        if let Some(held) = self.outside_of_stores(name)? {
            return Ok(Some((held.from, held.life)));
        }
        if self.uses_environment() || !self.service.manifest.credentials.contains_key(name) {
            return Ok(None);
        }
        let stored = self.pointer(name, true)?;
        Ok(stored.map(|stored| {
            let life = Lifetime::of(&stored);
            (CredentialSource::Store(stored.store, stored.item), life)
        }))
    }

    /// Obtains another token after the service refused this one; `None` if there is no way to get one.
    pub async fn renew(&self, refused: &Credential) -> Result<Option<Credential>> {
        if refused.kind == CredentialKind::Key {
            return Ok(None);
        }
        let renewed = self.renewed(&refused.name, Some(&refused.from)).await;
        if renewed
            .as_ref()
            .is_err_and(|error| error.kind() == Kind::Auth)
        {
            self.forget_refused(refused);
        }
        renewed
    }

    /// Returns whether this run has requested a token itself, and did not only find one.
    pub fn has_requested_token(&self) -> bool {
        self.requested_token.get()
    }

    /// Returns whether another token may cure a refusal: it may cure any 401, whatever its body says, and a response
    /// that the manifest calls expired.
    pub fn can_retry_after_refresh(held: &Credential, failure: &CallError) -> bool {
        let cured = match failure.reason {
            Some(ErrorReason::ExpiredCredential) => true,
            // A service that requires a second factor has accepted the token.
            Some(ErrorReason::Challenge) | None => false,
            Some(_) => failure.error.http_status() == Some(401),
        };
        cured && held.kind == CredentialKind::Token
    }

    /// Returns the credential `name` unchanged, without a check of its validity.
    fn lookup(&self, name: &str) -> Result<Option<Credential>> {
        if let Some(held) = self.outside_of_stores(name)? {
            return Ok(Some(held));
        }
        let spec = self.service.manifest.credentials.get(name);
        let Some(spec) = spec.filter(|_| !self.uses_environment()) else {
            return Ok(None);
        };
        let kept = self.pointed_to(name, true)?;
        Ok(kept.map(|(stored, secret)| Credential::kept(name, spec.kind, secret, &stored)))
    }

    /// Returns the credential `name` from this run or the environment.
    fn outside_of_stores(&self, name: &str) -> Result<Option<Credential>> {
        let Some(spec) = self.service.manifest.credentials.get(name) else {
            return Ok(None);
        };
        let lent = self.ephemeral_token(name, spec.kind)?;
        Ok(lent.or_else(|| self.in_environment(name)))
    }

    /// Returns the token `name` that this run obtained and that is not stored.
    fn ephemeral_token(&self, name: &str, kind: CredentialKind) -> Result<Option<Credential>> {
        let here = self.ephemeral.borrow();
        let Some(EphemeralToken { token, derived }) = here.get(name) else {
            return Ok(None);
        };
        if let Some(derived) = derived {
            let index = CredentialIndex::load(self.platform)?;
            if !index.is_current(self.profile, derived, &self.setting()) {
                return Ok(None);
            }
        }
        Ok(Some(Credential {
            name: name.to_owned(),
            kind,
            secret: token.value.duplicate(),
            expires_at: token.expires_at,
            from: CredentialSource::Ephemeral,
            life: Lifetime::until(token.expires_at),
        }))
    }

    /// Returns whether the profile has the credential `name`, valid or not, or an identity to exchange for it; no store
    /// is opened.
    pub fn holds(&self, name: &str) -> Result<bool> {
        if self.uses_environment() {
            return Ok(self.in_environment(name).is_some() || self.identity_behind(name)?.is_some());
        }
        let index = CredentialIndex::load_for(self.platform, self.profile, name)?;
        Ok(index.get(self.profile, name).is_some())
    }

    /// Returns whether a credential, or the identity to exchange for one, comes from the environment, so that no store is opened. A variable that is set
    /// but empty holds none, and a stored credential does not take its place.
    pub fn uses_environment(&self) -> bool {
        !self.platform.env.credentials().is_empty()
    }

    /// Returns the credential `name` from its environment variable.
    pub fn in_environment(&self, name: &str) -> Option<Credential> {
        let spec = self.service.manifest.credentials.get(name)?;
        let variable = spec.kind.variable();
        let value = self.platform.env.get(variable)?;
        let pasted = as_credential(&Secret::pasted(value));
        if is_blank(&pasted) {
            return None;
        }
        let manifest = self.service.manifest;
        if manifest.credential_like(spec.kind, pasted.expose()) != Some(name) {
            return None;
        }
        let secret = match spec.parts.as_slice() {
            [] => pasted,
            _ => in_parts(&pasted, spec).unwrap_or(pasted),
        };
        self.log.register_secret(&secret);
        let expires_at = match spec.kind {
            CredentialKind::Key => None,
            CredentialKind::Token => expiry_of(&secret),
        };
        Some(Credential {
            name: name.to_owned(),
            kind: spec.kind,
            expires_at,
            secret,
            from: CredentialSource::Environment(variable),
            life: Lifetime::until(expires_at),
        })
    }

    /// Returns whether the variable for a credential is unset or empty.
    fn holds_nothing(&self, variable: &str) -> bool {
        let value = self.platform.env.get(variable);
        value.is_none_or(|value| is_blank(&as_credential(&Secret::pasted(value))))
    }

    fn read(&self, store: StoreKind, item: &SecretRef) -> Result<Secret> {
        // An item never changes, and a pointer to it was read before: an engine need not send it again.
        let is_shared = store == StoreKind::VAULT;
        if let Some(secret) = self.shared_items.borrow().get(item) {
            return Ok(secret.duplicate());
        }
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
            .hint(format!("log in again: {}", self.login_command()))
        })?;
        self.log.register_secret(&secret);
        if is_shared {
            let copy = secret.duplicate();
            self.shared_items.borrow_mut().insert(item.clone(), copy);
        }
        Ok(secret)
    }
}

/// Returns whether a credential is blank after cleaning.
fn is_blank(pasted: &Secret) -> bool {
    pasted.expose().trim().is_empty()
}

/// Returns the expiry of a token that contains one.
pub fn expiry_of(token: &Secret) -> Option<Timestamp> {
    jwt_expiry(token.expose())
}
