//! Credentials that are valid now: from the environment or a store, refreshed or exchanged first where they must be.

mod keep;
mod pending;
mod renew;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

pub use keep::forget;

use crate::error::{Error, Kind, Result};
use crate::holdings::Holdings;
use crate::log::Log;
use crate::manifest::{CredentialKind, Reason, Verb, jwt_expiry};
use crate::secret::Secret;
use crate::service::{Carried, Service, Token, Trouble, in_parts};
use crate::store::{SecretRef, StoreKind, Stores};
use crate::world::World;

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
                Some(held) if self.is_over(&held) => Err(self.expired(&held)),
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

    /// The credential `name` if it is there and need not be renewed.
    pub fn at_hand(&self, name: &str, min_ttl: Option<Duration>) -> Result<Option<Held>> {
        let fresh = self.present(name)?.filter(|(held, lifetime)| {
            held.kind == CredentialKind::Key
                || self.is_fresh(held, min_ttl.unwrap_or_else(|| margin(*lifetime)))
        });
        Ok(fresh.map(|(held, _)| held))
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
            // Only a manifest says so, whatever the status is.
            Some(Reason::ExpiredCredential) => true,
            // A service that names its reasons and did not say "expired" means something else.
            Some(Reason::InvalidCredential) => {
                trouble.error.code().is_none() && trouble.error.http_status() == Some(401)
            }
            _ => false,
        };
        cured && held.kind == CredentialKind::Token
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
        if let Some(held) = self.in_environment(name) {
            return Ok(Some((held, None)));
        }
        if self.environment_rules() {
            return Ok(None);
        }
        let Some((holding, secret)) = self.pointed_to(name, true)? else {
            return Ok(None);
        };
        let held = Held {
            name: name.to_owned(),
            kind: spec.kind,
            secret,
            expires_at: holding.expires_at,
            from: HeldFrom::Store(holding.store, holding.item),
        };
        let lifetime = holding
            .expires_at
            .map(|end| holding.saved_at.duration_until(end));
        Ok(Some((held, lifetime)))
    }

    /// Whether the profile has the credential `name`, valid or not; no store is opened.
    pub fn holds(&self, name: &str) -> Result<bool> {
        if self.environment_rules() {
            return Ok(self.in_environment(name).is_some());
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

    fn in_environment(&self, name: &str) -> Option<Held> {
        let spec = self.service.manifest.credentials.get(name)?;
        let variable = spec.kind.variable();
        let value = self.world.env.get(variable)?;
        if self
            .service
            .manifest
            .credential_like(spec.kind, value.trim())
            != Some(name)
        {
            return None;
        }
        let pasted = Secret::pasted(value);
        let secret = match spec.parts.as_slice() {
            [] => pasted,
            parts => in_parts(&pasted, parts).unwrap_or(pasted),
        };
        self.log.learn(&secret);
        Some(Held {
            name: name.to_owned(),
            kind: spec.kind,
            expires_at: match spec.kind {
                CredentialKind::Key => None,
                CredentialKind::Token => end_of(&secret),
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

    fn expired(&self, held: &Held) -> Error {
        let title = self.title(&held.name);
        let message = match held.from {
            HeldFrom::Environment(variable) => format!("the {title} in {variable} has expired"),
            _ => format!("the {title} of the profile `{}` has expired", self.profile),
        };
        Error::new(Kind::Auth, message).hint(self.way_on(held))
    }

    /// A refusal of this credential, with the way to another where nobody has said it.
    pub fn explained(&self, held: &Held, mut trouble: Trouble) -> Trouble {
        if trouble.error.kind() == Kind::Auth && trouble.error.ways_out().is_empty() {
            trouble.error = trouble.error.hint(self.way_on(held));
        }
        trouble
    }

    /// How to get another credential in place of this one.
    fn way_on(&self, held: &Held) -> String {
        match held.from {
            HeldFrom::Environment(variable) => format!("set another in {variable}"),
            _ => self.way_in(&held.name),
        }
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

/// When a token ends, where it says so itself.
pub fn end_of(token: &Secret) -> Option<Timestamp> {
    jwt_expiry(token.expose())
}

/// How much of its life a token must have left to be used as it is.
fn margin(lifetime: Option<SignedDuration>) -> Duration {
    let tenth = lifetime
        .and_then(|lifetime| Duration::try_from(lifetime).ok())
        .map_or(SMALLEST_MARGIN, |lifetime| lifetime / 10);
    tenth.clamp(SMALLEST_MARGIN, LARGEST_MARGIN)
}

/// How much of its life a token must have left that another process got a moment ago: one that lives less than a minute
/// never has the usual margin, and each process would get one of its own.
fn margin_of_new(lifetime: Option<SignedDuration>) -> Duration {
    let half = lifetime.and_then(|lifetime| Duration::try_from(lifetime / 2).ok());
    half.map_or(margin(lifetime), |half| half.min(margin(lifetime)))
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

    #[test]
    fn what_another_process_got_just_now_is_taken_however_short_it_lives() {
        let of = |seconds: i64| margin_of_new(Some(SignedDuration::from_secs(seconds)));
        assert_eq!(of(900).as_secs(), 90);
        assert_eq!(of(60).as_secs(), 30);
        assert_eq!(of(5).as_millis(), 2_500);
        assert_eq!(margin_of_new(None).as_secs(), 30);
    }
}
