//! Which of the listed keys is the one that the profile logs in with.

use super::ApiClient;
use crate::error::Result;
use crate::key::Key;
use crate::service::Carried;
use crate::untrusted::Untrusted;

impl ApiClient<'_> {
    /// Whether a listed key is the one that the profile logs in with.
    pub async fn is_own(&self, key: &Key) -> Result<bool> {
        Ok(self.own_among(&[key]).await?.is_some())
    }

    /// The one of the listed keys that the profile logs in with: its masked form tells, or the service does.
    pub async fn own_among<'k>(&self, keys: &[&'k Key]) -> Result<Option<&'k Key>> {
        let Some(name) = self.manifest().new_key() else {
            return Ok(None);
        };
        if self.session.environment_rules() || !self.session.holds(name)? {
            return Ok(None);
        }
        let mut own = None;
        if keys.iter().any(|key| key.masked.is_some()) {
            let secret = self.session.kept(name)?;
            let fits = |masked: &Untrusted| {
                let secret = secret.as_ref();
                secret.is_some_and(|secret| secret.fits(masked.as_received()))
            };
            own = keys
                .iter()
                .find(|key| key.masked.as_ref().is_some_and(fits));
        }
        if own.is_none() && keys.iter().any(|key| key.masked.is_none()) {
            let id = self.own_id().await?;
            let is_it = |key: &&&Key| key.masked.is_none() && key.id.is_some() && key.id == id;
            own = keys.iter().find(is_it);
        }
        Ok(own.copied())
    }

    /// The id of the key that the profile logs in with, where the manifest says how the service tells it.
    async fn own_id(&self) -> Result<Option<Untrusted>> {
        let Some(name) = self.manifest().new_key() else {
            return Ok(None);
        };
        let verify = self.manifest().credentials[name].verify.as_ref();
        if verify.is_none_or(|verify| verify.answer.key_id.is_none()) {
            return Ok(None);
        }
        let Some(secret) = self.session.kept(name)? else {
            return Ok(None);
        };
        let secret = &secret;
        Ok(self.verify(&Carried { name, secret }).await?.key_id)
    }
}
