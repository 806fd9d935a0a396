//! Finds the listed key that the profile logs in with.

use super::ApiClient;
use crate::core::error::Result;
use crate::core::key::Key;
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::service::{CredentialRef, parts_of};

/// Finds a secret when it is needed.
type FindSecret<'f> = &'f dyn Fn() -> Result<Option<Secret>>;

impl ApiClient<'_> {
    /// Returns whether a listed key is the one that the profile logs in with.
    pub async fn is_login_key(&self, key: &Key) -> Result<bool> {
        Ok(self.find_login_key(&[key]).await?.is_some())
    }

    /// Returns the listed key that the profile logs in with, by its masked form or with a call to the service.
    pub async fn find_login_key<'k>(&self, keys: &[&'k Key]) -> Result<Option<&'k Key>> {
        let Some(name) = self.manifest().new_key() else {
            return Ok(None);
        };
        if self.session.uses_environment() || !self.session.holds(name)? {
            return Ok(None);
        }
        self.key_with_secret(name, &|| self.session.kept(name), keys)
            .await
    }

    /// Returns whether a listed key is the one that an environment variable holds.
    pub async fn is_key_of_environment(&self, key: &Key) -> Result<bool> {
        let Some(name) = self.manifest().new_key() else {
            return Ok(false);
        };
        let Some(held) = self.session.in_environment(name) else {
            return Ok(false);
        };
        let find = || Ok(Some(held.secret.duplicate()));
        Ok(self.key_with_secret(name, &find, &[key]).await?.is_some())
    }

    /// Returns the listed key whose secret is that of the credential `name`; the secret is found when it is needed.
    async fn key_with_secret<'k>(
        &self,
        name: &str,
        find: FindSecret<'_>,
        keys: &[&'k Key],
    ) -> Result<Option<&'k Key>> {
        let mut own = self.key_by_parts(name, find, keys)?;
        let mut undecided: Vec<&'k Key> = keys.to_vec();
        if own.is_none() && keys.iter().any(|key| key.masked.is_some()) {
            let secret = find()?;
            let shown = |key: &Key| {
                let masked = key.masked.as_ref()?;
                self.compare_shown(secret.as_ref()?, masked.as_received())
            };
            own = keys.iter().find(|key| shown(key) == Some(true));
            undecided.retain(|key| shown(key).is_none());
        }
        // A list that shows too little of a secret is as one that shows nothing.
        if own.is_none() && !undecided.is_empty() {
            let id = self.key_id_of(name, find).await?;
            own = keys.iter().find(|key| {
                key.id.is_some() && key.id == id && undecided.iter().any(|one| one.id == key.id)
            });
        }
        Ok(own.copied())
    }

    /// Returns the listed key whose id or masked form is a part of the credential `name`: an access key is listed by
    /// its id.
    fn key_by_parts<'a, 'k>(
        &self,
        name: &str,
        find: FindSecret<'_>,
        keys: &'a [&'k Key],
    ) -> Result<Option<&'a &'k Key>> {
        if self.manifest().credentials[name].parts.is_empty() {
            return Ok(None);
        }
        let Some(secret) = find()? else {
            return Ok(None);
        };
        let parts = parts_of(&secret);
        let is_it = |key: &&&Key| {
            let id = key.id.as_ref().map(Untrusted::as_received);
            let masked = key.masked.as_ref().map(Untrusted::as_received);
            parts.values().any(|part| {
                id == Some(part.expose()) || masked.is_some_and(|masked| part.matches_mask(masked))
            })
        };
        Ok(keys.iter().find(is_it))
    }

    /// Returns the id of a key that may be listed, if the manifest describes how the service shows it.
    async fn key_id_of(&self, name: &str, find: FindSecret<'_>) -> Result<Option<Untrusted>> {
        let verify = self.manifest().credentials[name].verify.as_ref();
        if verify.is_none_or(|verify| verify.response.key_id.is_none()) {
            return Ok(None);
        }
        let Some(secret) = find()? else {
            return Ok(None);
        };
        let secret = &secret;
        Ok(self.verify(&CredentialRef { name, secret }).await?.key_id)
    }
}
