//! Where credentials are kept and where they may be sent.

use url::Url;

use super::{Facts, Session};
use crate::error::{Error, Result};
use crate::holdings::{Holding, Holdings};
use crate::secret::Secret;
use crate::store::{SecretRef, StoreKind};
use crate::world::is_loopback;

impl Session<'_> {
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

    /// Keeps every credential of the profile in another store: written and read back there, then forgotten here.
    pub fn move_to(&self, kind: StoreKind) -> Result<()> {
        let target = self.stores.of(kind)?;
        let holdings = Holdings::load(self.world)?;
        let own: Vec<(String, Holding)> = holdings
            .of(self.profile)
            .filter(|(_, holding)| holding.store != kind)
            .map(|(name, holding)| (name.to_owned(), holding.clone()))
            .collect();
        for (name, old) in own {
            let label = format!("keywright: {} {name}", self.profile);
            let copy = |item: &SecretRef, label: &str| -> Result<SecretRef> {
                let secret = self.read(old.store, item)?;
                let fresh = SecretRef::fresh()?;
                target.put(&fresh, label, &secret)?;
                Ok(fresh)
            };
            let new = Holding {
                store: kind,
                item: copy(&old.item, &label)?,
                refresh_item: old
                    .refresh_item
                    .as_ref()
                    .map(|item| copy(item, &format!("{label}, refresh")))
                    .transpose()?,
                ..old.clone()
            };
            Holdings::put(self.world, self.profile, &name, new.clone())?;
            self.drop_items(&old, &new);
        }
        Ok(())
    }

    /// The credential `name` as it is kept, whatever the environment says.
    pub fn kept(&self, name: &str) -> Result<Option<Secret>> {
        let found = self.pointed_to(name, false)?;
        Ok(found.map(|(_, secret)| secret))
    }

    /// The credential `name` with the pointer to it; `bound` refuses one that was saved for another place.
    ///
    /// No lock is taken: another process may point elsewhere and delete the old item in between, so an item that is
    /// gone is believed only where the pointer to it still stands.
    pub(super) fn pointed_to(&self, name: &str, bound: bool) -> Result<Option<(Holding, Secret)>> {
        let look = || -> Result<Option<Holding>> {
            let holdings = Holdings::load(self.world)?;
            Ok(holdings.get(self.profile, name).cloned())
        };
        let mut pointer = look()?;
        loop {
            let Some(holding) = pointer else {
                return Ok(None);
            };
            if bound {
                self.check_origins(&holding)?;
            }
            match self.read(holding.store, &holding.item) {
                Ok(secret) => return Ok(Some((holding, secret))),
                Err(error) => {
                    pointer = look()?;
                    if pointer.as_ref().is_some_and(|now| now.item == holding.item) {
                        return Err(error);
                    }
                }
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
    pub(super) fn check_origins(&self, holding: &Holding) -> Result<()> {
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
}
