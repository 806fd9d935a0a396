//! Stores credentials and checks the origins that they may be sent to.

use super::renewal_lock::drop_note;
use super::{Credential, CredentialMetadata, CredentialSource, Session};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::shell_argument;
use crate::platform::Platform;
use crate::profile::credential_index::{self, CredentialIndex, PendingItems, StoredCredential};
use crate::store::{SecretRef, StoreKind, Stores};

impl Session<'_> {
    /// Stores a credential: first the new item, then the pointer to it; then the old item is deleted.
    pub fn keep(
        &self,
        name: &str,
        secret: &Secret,
        metadata: CredentialMetadata,
    ) -> Result<StoredCredential> {
        let before = CredentialIndex::load(self.platform)?
            .get(self.profile, name)
            .cloned();
        let kind = before.as_ref().map_or(self.store, |stored| stored.store);
        self.clear_leftovers(kind);
        let origins = self.origins();
        let (item, refresh_item) = (
            SecretRef::fresh_for(&origins)?,
            SecretRef::fresh_for(&origins)?,
        );
        let mut touched = before
            .as_ref()
            .map_or_else(Vec::new, StoredCredential::items);
        touched.extend([item.clone(), refresh_item.clone()]);
        let left = PendingItems::begin(self.platform, kind, touched)?;
        let at = (kind, item, refresh_item);
        let stored = self.put_items(name, secret, metadata, before.as_ref(), at)?;
        let old = CredentialIndex::put(self.platform, self.profile, name, &stored)?;
        if old.is_none_or(|old| self.drop_items(&old, &stored)) {
            left.commit()?;
        }
        Ok(stored)
    }

    /// Writes the items of a credential under names that were chosen before, and returns the pointer to them.
    pub(super) fn put_items(
        &self,
        name: &str,
        secret: &Secret,
        metadata: CredentialMetadata,
        before: Option<&StoredCredential>,
        (kind, item, refresh_item): (StoreKind, SecretRef, SecretRef),
    ) -> Result<StoredCredential> {
        self.log.register_secret(secret);
        let store = self.stores.of(kind)?;
        let label = format!("keywright: {} {name}", self.profile);
        store.put(&item, &label, secret)?;
        let refresh_item = match &metadata.refresh {
            Some(refresh) => {
                self.log.register_secret(refresh);
                store.put(&refresh_item, &format!("{label}, refresh"), refresh)?;
                Some(refresh_item)
            }
            // If the response leaves it out, the old one stays (RFC 6749 section 6), but never for other addresses.
            None => before
                .filter(|stored| stored.origins == self.origins())
                .and_then(|stored| stored.refresh_item.clone()),
        };
        let found = metadata
            .found
            .or_else(|| before.map(|stored| stored.found.clone()));
        Ok(StoredCredential {
            store: kind,
            item,
            refresh_item,
            origins: self.origins(),
            saved_at: self.service.now(),
            expires_at: metadata.expires_at,
            masked: secret.masked(),
            name: metadata.name,
            identity: metadata
                .identity
                .or_else(|| before.and_then(|stored| stored.identity.clone())),
            clock_ahead: jiff::SignedDuration::ZERO,
            derived: metadata.derived,
            found: found.unwrap_or_default(),
        })
    }

    /// Deletes the items that killed processes left in that store; this can wait if the store does not respond.
    fn clear_leftovers(&self, kind: StoreKind) {
        if let Err(error) = credential_index::collect(self.platform, self.stores, kind) {
            self.log
                .trace(|| format!("* something is left over in a store: {error}"));
        }
    }

    /// Deletes the items that `old` points to and `new` does not; returns false if one of them remains.
    fn drop_items(&self, old: &StoredCredential, new: &StoredCredential) -> bool {
        let kept = new.items();
        let mut gone = true;
        for item in old.items().iter().filter(|item| !kept.contains(item)) {
            let deleted = self
                .stores
                .of(old.store)
                .and_then(|store| Ok(store.delete(item)?));
            if let Err(error) = deleted {
                gone = false;
                self.log
                    .warn(&format!("an old secret stays in its store: {error}"));
            }
        }
        gone
    }

    /// Moves every credential of the profile to another store: each is written and read back there, then deleted
    /// here.
    pub async fn move_to(&self, kind: StoreKind) -> Result<()> {
        let names: Vec<String> = CredentialIndex::load(self.platform)?
            .of(self.profile)
            .map(|(name, _)| name.to_owned())
            .collect();
        for name in names {
            // The lock prevents a renewal meanwhile, and an interrupted call is finished where its items are.
            let lock = self.lock(&name).await?;
            self.finish(&name, &lock)?;
            let index = CredentialIndex::load(self.platform)?;
            if let Some(old) = index.get(self.profile, &name)
                && old.store != kind
            {
                self.move_one(&name, old, kind)?;
            }
        }
        Ok(())
    }

    fn move_one(&self, name: &str, old: &StoredCredential, kind: StoreKind) -> Result<()> {
        let target = self.stores.of(kind)?;
        let label = format!("keywright: {} {name}", self.profile);
        let new = StoredCredential {
            store: kind,
            item: SecretRef::fresh_for(&old.origins)?,
            refresh_item: match &old.refresh_item {
                Some(_) => Some(SecretRef::fresh_for(&old.origins)?),
                None => None,
            },
            ..old.clone()
        };
        let coming = PendingItems::begin(self.platform, kind, new.items())?;
        let going = PendingItems::begin(self.platform, old.store, old.items())?;
        let labels = [label.clone(), format!("{label}, refresh")];
        for ((from, to), label) in old.items().iter().zip(new.items()).zip(labels) {
            target.put(&to, &label, &self.read(old.store, from)?)?;
        }
        CredentialIndex::relocate(self.platform, self.profile, name, &new)?;
        coming.commit()?;
        if self.drop_items(old, &new) {
            going.commit()?;
        }
        Ok(())
    }

    /// Returns the stored credential `name`, independent of the environment.
    pub fn kept(&self, name: &str) -> Result<Option<Secret>> {
        let found = self.pointed_to(name, false)?;
        Ok(found.map(|(_, secret)| secret))
    }

    /// Returns the credential `name` with its pointer; `bound` refuses one that was saved for other addresses.
    ///
    /// Takes no lock: another process may change the pointer and delete the old item in between, so a missing item is
    /// believed only if the pointer to it is unchanged.
    pub(super) fn pointed_to(
        &self,
        name: &str,
        bound: bool,
    ) -> Result<Option<(StoredCredential, Secret)>> {
        let mut pointer = self.pointer(name, bound)?;
        loop {
            let Some(stored) = pointer else {
                return Ok(None);
            };
            match self.read(stored.store, &stored.item) {
                Ok(secret) => return Ok(Some((stored, secret))),
                Err(error) => {
                    pointer = self.pointer(name, bound)?;
                    if pointer.as_ref().is_some_and(|now| now.item == stored.item) {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Returns the pointer to the credential `name`. `bound` refuses one that was saved for other addresses, and
    /// treats a token as absent if its source is not the profile's current one.
    pub(super) fn pointer(&self, name: &str, bound: bool) -> Result<Option<StoredCredential>> {
        let index = CredentialIndex::load_for(self.platform, self.profile, name)?;
        let stored = index.get(self.profile, name);
        let usable = |stored: &&StoredCredential| {
            !bound || index.source_is_current(self.profile, stored, &self.setting())
        };
        let Some(stored) = stored.filter(usable) else {
            return Ok(None);
        };
        if bound {
            self.check_origins(stored)?;
        }
        Ok(Some(stored.clone()))
    }

    /// Deletes the credential `name`; returns false if there was none. Nothing changes at the service.
    pub fn forget(&self, name: &str) -> Result<bool> {
        forget(self.platform, self.stores, self.profile, name)
    }

    /// Deletes a token that the service refused and whose source yields no other, so that it is not used again.
    pub(super) fn forget_refused(&self, refused: &Credential) {
        let CredentialSource::Store(_, item) = &refused.from else {
            return;
        };
        let index = CredentialIndex::load_for(self.platform, self.profile, &refused.name);
        let forgotten = index.and_then(|index| {
            let stored = index.get(self.profile, &refused.name);
            let is_it = stored.is_some_and(|now| now.item == *item && now.derived.is_some());
            if is_it {
                self.forget(&refused.name)
            } else {
                Ok(false)
            }
        });
        if let Err(error) = forgotten {
            self.log.trace(|| {
                format!(
                    "* the refused {} could not be forgotten: {error}",
                    refused.name
                )
            });
        }
    }

    /// Deletes the tokens that were exchanged from a credential which the service has replaced, or may have. One that
    /// is deleted too early is exchanged again.
    pub fn forget_tokens_from(&self, source: &str) {
        let forgotten = CredentialIndex::load(self.platform).and_then(|index| {
            let from_it = |stored: &StoredCredential| {
                let derived = stored.derived.as_ref();
                derived.is_some_and(|derived| derived.credential == source)
            };
            let mut tokens = index.of(self.profile).filter(|(_, stored)| from_it(stored));
            tokens.try_for_each(|(name, _)| self.forget(name).map(drop))
        });
        if let Err(error) = forgotten {
            self.log
                .trace(|| format!("* a token of a replaced credential stays: {error}"));
        }
    }

    /// Returns the addresses and variables that a token depends on, beside the credential that it is exchanged from.
    pub(super) fn setting(&self) -> Vec<String> {
        if !self.platform.addresses.is_empty() {
            // The services of a sandbox use another port each time, and are the same.
            return Vec::new();
        }
        let bases = self.service.bases.iter();
        let variables = self.service.variables.iter();
        bases
            .map(|(name, url)| format!("{name}={url}"))
            .chain(variables.map(|(name, value)| format!("{name}={value}")))
            .collect()
    }

    /// Returns the origins that a stored secret may be sent to. One that takes nothing but identities is none of them.
    pub(super) fn origins(&self) -> Vec<String> {
        let manifest = self.service.manifest;
        let bases = self.service.bases.iter();
        let bases = bases.filter(|(name, _)| !manifest.takes_identities_alone(name));
        let mut origins: Vec<String> = bases
            .map(|(_, url)| url.origin().ascii_serialization())
            .collect();
        origins.sort();
        origins.dedup();
        origins
    }

    /// Refuses to send a stored secret to an origin that it was not saved for.
    pub(super) fn check_origins(&self, stored: &StoredCredential) -> Result<()> {
        let bound = |item: &SecretRef| item.is_bound_to(&stored.origins);
        if !stored.items().iter().all(bound) {
            return Err(Error::new(
                Kind::Store,
                format!(
                    "the addresses in `{}` are not those that the credential of the profile `{}` was saved for",
                    CredentialIndex::path(self.platform).display(),
                    self.profile
                ),
            )
            .hint("the file was edited, so the credential is not sent")
            .hint(format!(
                "log in again: keywright login {} --profile {}",
                self.service.name(),
                shell_argument(self.profile)
            )));
        }
        for origin in self.origins() {
            let known = stored.origins.contains(&origin);
            if !known && self.platform.addresses.is_empty() {
                return Err(Error::usage(format!(
                    "the credential of the profile `{}` was saved for {}, and is not sent to `{origin}`",
                    self.profile,
                    stored.origins.join(", ")
                ))
                .hint(format!(
                    "if `{origin}` is right, log in for it: keywright login {} --profile NAME --base-url {}",
                    self.service.name(),
                    shell_argument(&origin)
                )));
            }
        }
        Ok(())
    }
}

/// Deletes a credential of a profile; returns false if there was none. Nothing changes at the service.
pub fn forget(platform: &Platform, stores: &Stores, profile: &str, name: &str) -> Result<bool> {
    let index = CredentialIndex::load(platform)?;
    let Some(pointer) = index.get(profile, name) else {
        return Ok(false);
    };
    let store = stores.of(pointer.store)?;
    let left = PendingItems::begin(platform, pointer.store, pointer.items())?;
    // The pointer is removed first: a pointer to nothing would be a permanent error.
    CredentialIndex::forget(platform, profile, name)?;
    drop_note(platform, stores, (profile, name), pointer.store)?;
    for item in pointer.items() {
        store.delete(&item)?;
    }
    left.commit()?;
    Ok(true)
}
