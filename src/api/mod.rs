//! Provides every operation of a manifest as one method, with a valid credential.

mod compare;
mod after;
mod list;
mod create;
mod new_key;
mod login_key;
mod key_use;
mod update;
mod basic_auth;
mod verify;

use std::cell::Cell;

pub use after::SpooledKey;
pub use compare::expiry_as_json;
pub use create::KeyOrigin;
use jiff::Timestamp;
pub use list::FirstKeys;
use serde::Serialize;
use serde_json::Value;
pub use update::{KeyUpdate, UpdatedKey};

use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::manifest::{CredentialKind, ErrorReason, Manifest, Manual, Operation, Verb};
use crate::platform::HttpResponse;
use crate::profile::session::{Credential, Session};
use crate::report::log::Log;
use crate::service::{
    CallError, CallObserver, CredentialRef, RawCall, ResponseReader, Service, Values,
};

/// A client of a service for one profile.
pub struct ApiClient<'a> {
    /// The service.
    pub service: &'a Service<'a>,
    /// The credentials of the profile.
    pub session: &'a Session<'a>,
    /// The profile's name.
    pub profile: &'a str,
    /// The log for its notes.
    pub log: &'a Log,
    /// The time of the last list of keys, by the clock of the service if known.
    pub listed_at: Cell<Option<Timestamp>>,
}

/// The way in which a service supports an operation.
pub enum Support<'m> {
    /// By calls.
    Native(&'m Operation),
    /// Through the response to another operation.
    Via(Verb),
    /// By hand.
    Manual(&'m Manual),
    /// Not at all; with the reason.
    Unsupported(String),
}

/// Returns how `manifest` supports `verb`.
pub fn support(manifest: &Manifest, verb: Verb) -> Support<'_> {
    let Some(operation) = manifest.operation(verb) else {
        return Support::Unsupported(undefined(verb));
    };
    if operation.request.is_some() {
        Support::Native(operation)
    } else if let Some(other) = operation.via {
        Support::Via(other)
    } else if let Some(manual) = &operation.manual {
        Support::Manual(manual)
    } else {
        let why = operation.unsupported.clone();
        Support::Unsupported(why.unwrap_or_else(|| undefined(verb)))
    }
}

fn undefined(verb: Verb) -> String {
    format!("the manifest has no operation to {}", verb.infinitive())
}

/// The number of keys, and its limit.
#[derive(Debug, PartialEq, Serialize)]
pub struct KeyQuota {
    /// Set if there is at least one key.
    pub has_key: bool,
    /// The key, if exactly one counts.
    pub key: Option<Key>,
    /// The maximum number of keys.
    pub limit: Option<u64>,
    /// The number of keys.
    pub used: Option<u64>,
}

impl<'a> ApiClient<'a> {
    /// Returns a client that acts with the credentials of `session`.
    pub fn new(session: &'a Session<'a>) -> Self {
        ApiClient {
            service: session.service,
            session,
            profile: session.profile,
            log: session.log,
            listed_at: Cell::default(),
        }
    }
}

impl ApiClient<'_> {
    fn manifest(&self) -> &Manifest {
        self.service.manifest
    }

    /// Returns every key that the service lists.
    pub async fn list(&self) -> Result<Vec<Key>, CallError> {
        Ok(self.list_first(None).await?.0)
    }

    /// Returns the first keys that the service lists, as far as they are enough, and whether these are all.
    pub async fn list_first(
        &self,
        first: Option<&FirstKeys<'_>>,
    ) -> Result<(Vec<Key>, bool), CallError> {
        match support(self.manifest(), Verb::List) {
            Support::Native(operation) => {
                let listed = self.listed(operation, first).await?;
                Ok((listed.keys, listed.complete))
            }
            Support::Via(_) => match support(self.manifest(), Verb::Status) {
                Support::Native(operation) => {
                    let slots = self.status_natively(operation).await?;
                    Ok((slots.key.into_iter().collect(), true))
                }
                _ => Err(self.cannot(Verb::List).into()),
            },
            Support::Manual(_) | Support::Unsupported(_) => Err(self.cannot(Verb::List).into()),
        }
    }

    /// Returns the number of keys, and its limit.
    pub async fn status(&self) -> Result<KeyQuota, CallError> {
        match support(self.manifest(), Verb::Status) {
            Support::Native(operation) => self.status_natively(operation).await,
            Support::Via(Verb::List) => match support(self.manifest(), Verb::List) {
                Support::Native(operation) => {
                    let listed = self.listed(operation, None).await?;
                    let slots = self.slots(listed.keys);
                    Ok(KeyQuota {
                        limit: listed.limit.or(slots.limit),
                        ..slots
                    })
                }
                _ => Err(self.cannot(Verb::Status).into()),
            },
            _ => Err(self.cannot(Verb::Status).into()),
        }
    }

    async fn status_natively(&self, operation: &Operation) -> Result<KeyQuota, CallError> {
        let reading = self.execute(Verb::Status, operation, |_| ()).await?;
        let key = self.key_of(&reading);
        let none = reading
            .says_none(&key)
            .map_err(|why| CallError::undecided(self.service.name(), Verb::Status, &why))?;
        let key = (!none).then_some(key);
        let limit = reading
            .number(operation.response.limit.as_ref())
            .or(self.manifest().limits.max_keys);
        Ok(KeyQuota {
            has_key: key.is_some(),
            used: self.manifest().one_key.then(|| u64::from(key.is_some())),
            key,
            limit,
        })
    }

    /// Returns the quota that a list shows.
    pub fn slots(&self, keys: Vec<Key>) -> KeyQuota {
        let counting: Vec<Key> = keys
            .into_iter()
            .filter(|key| key.status.counts_toward_limit())
            .collect();
        KeyQuota {
            has_key: !counting.is_empty(),
            limit: self.manifest().limits.max_keys,
            used: Some(counting.len() as u64),
            key: <[Key; 1]>::try_from(counting).ok().map(|[only]| only),
        }
    }

    /// Returns one key in full; `listed` is its entry in the list.
    pub async fn show(&self, listed: Key) -> Result<Key, CallError> {
        let (Support::Native(operation), Some(id)) =
            (support(self.manifest(), Verb::Show), listed.id.clone())
        else {
            return Ok(listed);
        };
        let reading = self
            .execute(Verb::Show, operation, |values| {
                values.input("id", id.as_received());
            })
            .await?;
        Ok(self.key_of(&reading))
    }

    /// Renames a key.
    pub async fn rename(&self, key: &Key, name: &str) -> Result<Key, CallError> {
        let Support::Native(operation) = support(self.manifest(), Verb::Rename) else {
            return Err(self.cannot(Verb::Rename).into());
        };
        self.check_id(Verb::Rename, key)?;
        self.execute(Verb::Rename, operation, |values| {
            fill_id(values, key);
            values.input("name", name);
        })
        .await?;
        Ok(Key {
            name: Some(Untrusted::new(name)),
            ..key.clone()
        })
    }

    /// Some services list keys of an older kind without the id that a call needs.
    fn check_id(&self, verb: Verb, key: &Key) -> Result<()> {
        let manifest = self.manifest();
        if manifest.one_key || key.id.is_some() {
            return Ok(());
        }
        let error = Error::failed(format!(
            "{} lists {} without an id, and cannot {verb} it by a call",
            manifest.name,
            key.label()
        ));
        Err(match &manifest.dashboard {
            Some(dashboard) => error.hint(format!("do it in the dashboard: {dashboard}")),
            None => error,
        })
    }

    /// Revokes a key permanently.
    pub async fn revoke(&self, key: &Key) -> Result<(), CallError> {
        let Support::Native(operation) = support(self.manifest(), Verb::Revoke) else {
            return Err(self.cannot(Verb::Revoke).into());
        };
        self.check_id(Verb::Revoke, key)?;
        let outcome = self
            .execute(Verb::Revoke, operation, |values| fill_id(values, key))
            .await;
        match outcome {
            // The response to the previous try was lost: that try revoked the key.
            Err(failure)
                if failure.earlier_attempt_may_have_acted
                    && failure.reason == Some(ErrorReason::NotFound) =>
            {
                self.log.note(&format!(
                    "{} did not find the key on the second attempt: the first attempt revoked it",
                    self.service.name()
                ));
                Ok(())
            }
            outcome => outcome.map(drop),
        }
    }

    /// Sends a request that no operation describes, with the first of the credentials `uses` that exists.
    ///
    /// Returns any response; with its error if it is no success.
    pub async fn raw<'c>(
        &self,
        uses: &[String],
        call: impl Fn() -> RawCall<'c>,
    ) -> Result<(HttpResponse, Option<Error>), CallError> {
        let mut held = self.session.credential(uses).await?;
        let mut answer = self
            .service
            .raw(
                &call,
                held.as_ref().map(Credential::credential_ref).as_ref(),
            )
            .await?;
        if self.service.is_good(&answer) {
            return Ok((answer, None));
        }
        let refused = self.service.refused(&answer);
        if let Some(old) = &held
            && Session::can_retry_after_refresh(old, &refused)
            && let Some(fresh) = self.session.renew(old).await?
        {
            answer = self
                .service
                .raw(&call, Some(&fresh.credential_ref()))
                .await?;
            held = Some(fresh);
        }
        if self.service.is_good(&answer) {
            return Ok((answer, None));
        }
        let mut failure = self.service.refused(&answer);
        if let Some(held) = &held {
            failure = self.session.explained(held, failure);
        }
        Ok((answer, Some(failure.error)))
    }

    /// Returns the names of the credentials of that kind whose form fits a value; all names if none fits.
    pub fn alike(&self, kind: CredentialKind, secret: &Secret) -> Vec<&str> {
        let manifest = self.service.manifest;
        let value = secret.expose();
        let alike: Vec<&str> = manifest
            .credentials_of(kind)
            .filter(|name| manifest.credentials[*name].looks_like(value))
            .collect();
        if alike.is_empty() {
            return manifest.credentials_of(kind).collect();
        }
        alike
    }

    /// Forgets the tokens that were exchanged from a key which the service has replaced, or may have.
    pub fn forget_tokens(&self) {
        if let Some(name) = self.manifest().new_key() {
            self.session.forget_tokens_from(name);
        }
    }

    /// Returns whether a value has the form of a new key, if the manifest describes that form.
    pub fn is_like_new_keys(&self, value: &Secret) -> bool {
        let name = self.manifest().new_key();
        let spec = name.and_then(|name| self.manifest().credentials.get(name));
        spec.is_some_and(|spec| {
            let told = !spec.prefixes.is_empty() || spec.pattern.is_some();
            told && spec.looks_like(value.expose())
        })
    }

    /// Warns if a pasted credential does not have the form of its kind. It is only a warning, since services change
    /// their forms.
    pub fn odd_shape(&self, name: &str, secret: &Secret) -> Option<String> {
        let spec = self.manifest().credentials.get(name)?;
        let value = secret.expose();
        if spec.looks_like(value) {
            return None;
        }
        let starts = spec.prefixes.is_empty()
            || spec.prefixes.iter().any(|prefix| value.starts_with(prefix));
        let usual = match spec.prefixes.first() {
            Some(prefix) if !starts => format!("it does not start with `{prefix}`"),
            _ => "its format is different".to_owned(),
        };
        Some(format!(
            "this does not look like the usual {} of {}: {usual}",
            spec.title,
            self.manifest().title
        ))
    }

    /// Returns the error for an operation that the service does not support.
    pub fn cannot(&self, verb: Verb) -> Error {
        let name = self.service.name();
        match support(self.manifest(), verb) {
            Support::Manual(manual) => Error::usage(format!(
                "{name} has no operation to {}: do it by hand",
                verb.infinitive()
            ))
            .hint(format!("do it by hand: {}", manual.url)),
            Support::Unsupported(why) => Error::usage(format!(
                "{name} cannot {}: {}",
                verb.infinitive(),
                lower_first(&why)
            )),
            _ => Error::new(Kind::Failed, format!("{name} cannot {}", verb.infinitive())),
        }
    }

    async fn execute<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        fill: impl Fn(&mut Values),
    ) -> Result<ResponseReader<'o>, CallError> {
        self.execute_observed(verb, operation, fill, &()).await
    }

    /// Executes an operation; `watch` observes the progress of the call itself.
    async fn execute_observed<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        fill: impl Fn(&mut Values),
        watch: &dyn CallObserver,
    ) -> Result<ResponseReader<'o>, CallError> {
        self.with_credential(operation, async |carried| {
            let mut values = self.service.values_with(carried);
            fill(&mut values);
            self.service
                .execute_observed(verb, operation, values, carried, watch)
                .await
        })
        .await
    }

    /// Calls with a valid credential; if the service refuses it as invalid, once more with a renewed one. A renewed
    /// one that was obtained earlier, by an interrupted run, may be refused as well.
    async fn with_credential<T>(
        &self,
        operation: &Operation,
        call: impl AsyncFn(Option<&CredentialRef<'_>>) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let uses = self.manifest().accepted_credentials(operation);
        let Some(mut held) = self.session.credential(uses).await? else {
            return call(None).await;
        };
        let mut renewals = 0;
        loop {
            let failure = match call(Some(&held.credential_ref())).await {
                Ok(done) => return Ok(done),
                Err(failure) => failure,
            };
            let again = renewals == 0 || renewals == 1 && !self.session.has_requested_token();
            if !again || !Session::can_retry_after_refresh(&held, &failure) {
                return Err(self.session.explained(&held, failure));
            }
            match self.session.renew(&held).await? {
                Some(renewed) => held = renewed,
                None => return Err(self.session.explained(&held, failure)),
            }
            renewals += 1;
        }
    }

    fn key_of(&self, reading: &ResponseReader<'_>) -> Key {
        self.with_guarded_id(reading.key(&self.manifest().key, self.service.name(), self.profile))
    }

    fn key_in(&self, reading: &ResponseReader<'_>, item: &Value) -> Key {
        self.with_guarded_id(reading.key_in(
            item,
            &self.manifest().key,
            self.service.name(),
            self.profile,
        ))
    }

    /// Marks the id of a key as a secret where the manifest says that it is one.
    fn with_guarded_id(&self, mut key: Key) -> Key {
        if self.manifest().hides_ids() {
            key.id = key.id.map(|id| {
                self.log.register_secret(&Secret::new(id.as_received()));
                id.into_secret()
            });
        }
        key
    }
}

fn fill_id(values: &mut Values, key: &Key) {
    if let Some(id) = &key.id {
        values.input("id", id.as_received());
    }
}

fn lower_first(text: &str) -> String {
    // This applies only if the word is not a name: service names keep their capital.
    match text.strip_prefix("This ") {
        Some(rest) => format!("this {rest}"),
        None => text.to_owned(),
    }
}
