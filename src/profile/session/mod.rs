//! Credentials that are valid now: from the environment or a store, refreshed or exchanged first where they must be.

mod hints;
mod freshness;
mod input;
mod persist;
mod pending_refresh;
mod refresh;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

pub use input::as_credential;
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

/// Where a credential in use came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// An environment variable.
    Environment(&'static str),
    /// A store, at this item.
    Store(StoreKind, SecretRef),
    /// Got in this run and kept nowhere.
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
    /// When it ends, as far as anybody knows.
    pub expires_at: Option<Timestamp>,
    /// Where it came from.
    pub from: CredentialSource,
    /// How long it lives.
    life: Lifetime,
}

impl Credential {
    /// A credential that a store keeps.
    fn kept(
        name: &str,
        kind: CredentialKind,
        secret: Secret,
        holding: &StoredCredential,
    ) -> Credential {
        Credential {
            name: name.to_owned(),
            kind,
            secret,
            expires_at: holding.expires_at,
            from: CredentialSource::Store(holding.store, holding.item.clone()),
            life: Lifetime::of(holding),
        }
    }

    /// The form in which a service takes it.
    pub fn credential_ref(&self) -> CredentialRef<'_> {
        CredentialRef {
            name: &self.name,
            secret: &self.secret,
        }
    }
}

/// The credentials of one profile.
pub struct Session<'a> {
    /// What is outside.
    pub platform: &'a Platform,
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
    /// Tokens of this run that no store keeps.
    pub ephemeral: RefCell<BTreeMap<String, EphemeralToken>>,
}

/// A token that no store keeps, and what it was exchanged from where a store keeps that.
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

/// What is known of a credential that is about to be kept.
#[derive(Default)]
pub struct CredentialMetadata {
    /// What gets the next token.
    pub refresh: Option<Secret>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// The key's name at the service.
    pub name: Option<String>,
    /// Who it belongs to.
    pub identity: Option<String>,
    /// By how much this machine's clock is ahead of the service's.
    pub clock_ahead: SignedDuration,
    /// What it was exchanged from.
    pub derived: Option<DerivedFrom>,
    /// The variables that the service told for it; `None` leaves those that are known.
    pub found: Option<BTreeMap<String, String>>,
}

impl Session<'_> {
    /// The best of the credentials `uses` for a call; an error says how to get one.
    ///
    /// One whose life is over by the clock here and that nothing renews is used where there is no other: the service
    /// knows better whether it still works.
    pub async fn credential(&self, uses: &[String]) -> Result<Option<Credential>> {
        if uses.is_empty() {
            return Ok(None);
        }
        let mut over = None;
        for name in uses {
            match self.best(name, None).await? {
                Some(held) if self.is_over(&held) => drop(over.get_or_insert(held)),
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

    /// The best of the credentials `uses` for another program, valid now; an error says how to get one.
    pub async fn credential_to_lend(&self, uses: &[String]) -> Result<Option<Credential>> {
        match self.credential(uses).await? {
            Some(held) if self.is_over(&held) => Err(self.expired(&held)),
            held => Ok(held),
        }
    }

    /// The credential `name` if there is one or one can be got, valid for at least `min_ttl`.
    pub async fn valid(&self, name: &str, min_ttl: Option<Duration>) -> Result<Option<Credential>> {
        match self.best(name, min_ttl).await? {
            Some(held) if self.is_over(&held) => Err(self.expired(&held)),
            held => {
                if let Some(held) = held.as_ref().filter(|held| self.clock_went_back(held.life)) {
                    self.log.warn(&format!(
                        "this machine's clock stands before the moment at which the {} was saved: it may have expired",
                        held.name
                    ));
                }
                Ok(held)
            }
        }
    }

    /// The credential `name`, renewed where it must and can be.
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
            // A failed renewal ends nothing while the present token still works.
            Err(error) => match known {
                Some((_, life)) if !self.is_life_over(life) && min_ttl.is_none() => {
                    self.log
                        .warn(&format!("the token could not be renewed: {error}"));
                    self.lookup(name)
                }
                _ => Err(error),
            },
        }
    }

    /// The credential `name` if it is there and need not be renewed.
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

    /// Whether the credential `name` with this life need not be renewed.
    fn is_good(&self, name: &str, life: Lifetime, min_ttl: Option<Duration>) -> bool {
        let spec = self.service.manifest.credentials.get(name);
        spec.is_some_and(|spec| spec.kind == CredentialKind::Key)
            || self.is_fresh(life, min_ttl.unwrap_or_else(|| margin(life.length())))
    }

    /// Where the credential `name` is and how long it lives; no store is opened for it, which may take its time.
    fn outlook(&self, name: &str) -> Result<Option<(CredentialSource, Lifetime)>> {
        if let Some(held) = self.outside_of_stores(name)? {
            return Ok(Some((held.from, held.life)));
        }
        if self.uses_environment() || !self.service.manifest.credentials.contains_key(name) {
            return Ok(None);
        }
        let holding = self.pointer(name, true)?;
        Ok(holding.map(|holding| {
            let life = Lifetime::of(&holding);
            (CredentialSource::Store(holding.store, holding.item), life)
        }))
    }

    /// Another token after the service refused this one; `None` where there is no way to get one.
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

    /// Whether a refusal may be cured by another token: any 401 may, whatever is said with it, and what a manifest calls
    /// expired.
    pub fn can_retry_after_refresh(held: &Credential, trouble: &CallError) -> bool {
        let cured = match trouble.reason {
            Some(ErrorReason::ExpiredCredential) => true,
            // One that wants a second factor has taken the token.
            Some(ErrorReason::Challenge) | None => false,
            Some(_) => trouble.error.http_status() == Some(401),
        };
        cured && held.kind == CredentialKind::Token
    }

    /// The credential `name` as it is; whether it still works is not asked.
    fn lookup(&self, name: &str) -> Result<Option<Credential>> {
        if let Some(held) = self.outside_of_stores(name)? {
            return Ok(Some(held));
        }
        let spec = self.service.manifest.credentials.get(name);
        let Some(spec) = spec.filter(|_| !self.uses_environment()) else {
            return Ok(None);
        };
        let kept = self.pointed_to(name, true)?;
        Ok(kept.map(|(holding, secret)| Credential::kept(name, spec.kind, secret, &holding)))
    }

    /// The credential `name` where this run or the environment has it.
    fn outside_of_stores(&self, name: &str) -> Result<Option<Credential>> {
        let Some(spec) = self.service.manifest.credentials.get(name) else {
            return Ok(None);
        };
        let lent = self.ephemeral_token(name, spec.kind)?;
        Ok(lent.or_else(|| self.in_environment(name)))
    }

    /// The token `name` that this run got and no store keeps.
    fn ephemeral_token(&self, name: &str, kind: CredentialKind) -> Result<Option<Credential>> {
        let here = self.ephemeral.borrow();
        let Some(EphemeralToken { token, derived }) = here.get(name) else {
            return Ok(None);
        };
        if let Some(derived) = derived {
            let holdings = CredentialIndex::load(self.platform)?;
            if !holdings.is_current(self.profile, derived, &self.setting()) {
                return Ok(None);
            }
        }
        Ok(Some(Credential {
            name: name.to_owned(),
            kind,
            secret: token.value.duplicate(),
            expires_at: token.expires_at,
            from: CredentialSource::Ephemeral,
            life: Lifetime::until(token.expires_at, token.clock_ahead),
        }))
    }

    /// Whether the profile has the credential `name`, valid or not; no store is opened.
    pub fn holds(&self, name: &str) -> Result<bool> {
        if self.uses_environment() {
            return Ok(self.in_environment(name).is_some());
        }
        Ok(CredentialIndex::load(self.platform)?
            .get(self.profile, name)
            .is_some())
    }

    /// Whether a credential comes from the environment, so that no store is opened; one that is set but empty is none,
    /// and what is stored does not take its place.
    pub fn uses_environment(&self) -> bool {
        !self.platform.env.credentials().is_empty()
    }

    /// The credential `name` that a variable of the environment holds.
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
            parts => in_parts(&pasted, parts).unwrap_or(pasted),
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
            life: Lifetime::until(expires_at, SignedDuration::ZERO),
        })
    }

    /// Whether a variable for a credential holds none, be it set or not.
    fn holds_nothing(&self, variable: &str) -> bool {
        let value = self.platform.env.get(variable);
        value.is_none_or(|value| is_blank(&as_credential(&Secret::pasted(value))))
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
        self.log.register_secret(&secret);
        Ok(secret)
    }
}

/// Whether nothing is left of a credential that was handed over.
fn is_blank(pasted: &Secret) -> bool {
    pasted.expose().trim().is_empty()
}

/// When a token ends, where it says so itself.
pub fn expiry_of(token: &Secret) -> Option<Timestamp> {
    jwt_expiry(token.expose())
}
