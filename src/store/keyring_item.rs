//! Reads, writes and deletes an item of another program in the system's keyring, under its own name.

use super::own_items;
use super::timeout::{KeyringFailure, KeyringTimeout};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{Keychain, KeychainError, Platform};

/// An item of the keyring, by the service and account that another program uses for it.
pub struct KeyringItem {
    platform: Platform,
    timeout: KeyringTimeout,
    service: String,
    account: String,
}

impl KeyringItem {
    /// Returns the item of that service and account; the keyring is not called yet.
    pub fn new(platform: &Platform, may_ask: bool, service: &str, account: &str) -> Result<Self> {
        Ok(KeyringItem {
            platform: platform.clone(),
            timeout: KeyringTimeout::of(platform, may_ask)?,
            service: service.to_owned(),
            account: account.to_owned(),
        })
    }

    /// Returns its value; fails if it is not text.
    pub fn read(&self) -> Result<Option<Secret>> {
        let found = self.ask(|keychain, service, account| keychain.get(service, account))?;
        found
            .map(|bytes| match std::str::from_utf8(&bytes) {
                Ok(text) => Ok(Secret::new(text)),
                Err(_) => Err(Error::new(
                    Kind::Store,
                    format!("{} is not text", self.name()),
                )),
            })
            .transpose()
    }

    /// Writes `secret` and reads it back.
    pub fn write(&self, secret: &Secret) -> Result<()> {
        let value = secret.duplicate();
        let label = format!("{}/{}", self.service, self.account);
        self.ask(move |keychain, service, account| {
            keychain.set(service, account, &label, value.expose().as_bytes())
        })?;
        match self.read()? {
            Some(found) if found.eq_secret(secret) => {
                // The item already holds the new secret, even if the list cannot be written.
                own_items::record(&self.platform, &self.service, &self.account)
                    .map_err(|error| error.with_kind(Kind::Uncertain))
            }
            _ => Err(Error::new(
                Kind::Uncertain,
                format!(
                    "{} was written and does not hold what was written",
                    self.name()
                ),
            )),
        }
    }

    /// Returns whether an item exists that was not written here.
    pub fn is_foreign(&self) -> Result<bool> {
        if own_items::is_recorded(&self.platform, &self.service, &self.account)? {
            return Ok(false);
        }
        Ok(self.read()?.is_some())
    }

    /// Deletes the item; returns false if there was none.
    pub fn forget(&self) -> Result<bool> {
        self.ask(|keychain, service, account| keychain.delete(service, account))
    }

    fn name(&self) -> String {
        format!(
            "`{}/{}` in {}",
            self.service,
            self.account,
            self.platform.keychain.name()
        )
    }

    fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&dyn Keychain, &str, &str) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T> {
        let (service, account) = (self.service.clone(), self.account.clone());
        self.timeout
            .ask(&self.platform, move |keychain| {
                job(keychain, &service, &account)
            })
            .map_err(|silence| self.explain(silence))
    }

    fn explain(&self, silence: KeyringFailure) -> Error {
        let name = self.name();
        let refused = |why: &str| Error::new(Kind::Store, format!("{name}: {why}"));
        match silence {
            KeyringFailure::Refused(KeychainError::Locked) => {
                refused("the keyring is locked").hint("unlock it and run this again")
            }
            KeyringFailure::Refused(
                KeychainError::Unavailable(why) | KeychainError::Failed(why),
            ) => refused(&why).hint("check the keyring, or use another destination: `file:PATH`"),
            KeyringFailure::Refused(KeychainError::TooLarge) => {
                refused("it takes no secret of this length")
            }
            KeyringFailure::Refused(KeychainError::Ambiguous) => {
                refused("there are several items of that name")
                    .hint("remove all but one with the keyring's own program")
            }
            KeyringFailure::Late { waited, .. } => {
                refused(&format!("no answer within {} s", waited.as_secs()))
                    .hint("KEYWRIGHT_KEYRING_TIMEOUT sets the limit, in seconds")
            }
            KeyringFailure::Broken => refused("the program's side of it broke off"),
        }
    }
}
