//! A keyring in memory, which can be locked or gone.

use std::collections::BTreeMap;
use std::sync::Mutex;

use keywright::world::{Keychain, KeychainError};
use zeroize::Zeroizing;

type Items = BTreeMap<(String, String), Vec<u8>>;

/// What the keyring of the system would hold.
#[derive(Default)]
pub(crate) struct FakeKeychain {
    items: Mutex<Items>,
    trouble: Mutex<Option<KeychainError>>,
    full: Mutex<bool>,
    touched: Mutex<u64>,
}

impl FakeKeychain {
    /// From now on every call fails like this.
    pub(crate) fn fails(&self, trouble: KeychainError) {
        *self.trouble.lock().unwrap() = Some(trouble);
    }

    /// From now on nothing more is taken, or again something.
    pub(crate) fn is_full(&self, full: bool) {
        *self.full.lock().unwrap() = full;
    }

    /// Another keyring with the same items.
    pub(crate) fn copy(&self) -> Self {
        FakeKeychain {
            items: Mutex::new(self.items.lock().unwrap().clone()),
            ..FakeKeychain::default()
        }
    }

    /// How often anybody came near.
    pub(crate) fn touched(&self) -> u64 {
        *self.touched.lock().unwrap()
    }

    /// Every value that is kept.
    pub(crate) fn values(&self) -> Vec<String> {
        let items = self.items.lock().unwrap();
        items
            .values()
            .map(|value| String::from_utf8_lossy(value).into_owned())
            .collect()
    }

    fn enter(&self) -> Result<std::sync::MutexGuard<'_, Items>, KeychainError> {
        *self.touched.lock().unwrap() += 1;
        match &*self.trouble.lock().unwrap() {
            Some(trouble) => Err(trouble.clone()),
            None => Ok(self.items.lock().unwrap()),
        }
    }
}

fn place(service: &str, account: &str) -> (String, String) {
    (service.to_owned(), account.to_owned())
}

impl Keychain for FakeKeychain {
    fn name(&self) -> &'static str {
        "the test keyring"
    }

    fn open(&self) -> Result<(), KeychainError> {
        self.enter().map(drop)
    }

    fn get(
        &self,
        service: &str,
        account: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        let items = self.enter()?;
        Ok(items
            .get(&place(service, account))
            .cloned()
            .map(Zeroizing::new))
    }

    fn set(
        &self,
        service: &str,
        account: &str,
        _label: &str,
        value: &[u8],
    ) -> Result<(), KeychainError> {
        let mut items = self.enter()?;
        if *self.full.lock().unwrap() {
            return Err(KeychainError::Failed("there is no room".to_owned()));
        }
        items.insert(place(service, account), value.to_owned());
        Ok(())
    }

    fn delete(&self, service: &str, account: &str) -> Result<bool, KeychainError> {
        let mut items = self.enter()?;
        Ok(items.remove(&place(service, account)).is_some())
    }
}
