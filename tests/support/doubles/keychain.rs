//! A keyring in memory, which can be locked, gone, full or slow.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use keywright::platform::{Keychain, KeychainError};
use zeroize::Zeroizing;

use super::point;

/// Label and value of each item, by service and account.
pub(crate) type Items = BTreeMap<(String, String), (String, Vec<u8>)>;

/// The fault of a keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeychainFault {
    /// Refuses every call.
    Refuse(KeychainError),
    /// Takes nothing more.
    Full,
    /// Never answers, from the first moment.
    Mute,
    /// Waits on a write for a password that is never typed.
    WaitToWrite,
    /// Writes, and never says so.
    WriteAndWait,
    /// Says that it wrote, and did not.
    Forget,
}

/// The content of the system's keyring.
#[derive(Default)]
pub(crate) struct FakeKeychain {
    pub(crate) items: Mutex<Items>,
    fault: Mutex<Option<KeychainFault>>,
    touched: Mutex<u64>,
}

impl FakeKeychain {
    /// A keyring that does this from the start.
    pub(crate) fn with(fault: KeychainFault) -> Arc<Self> {
        let keychain = FakeKeychain::default();
        keychain.take(Some(fault));
        Arc::new(keychain)
    }

    /// From now on it does this instead of its work, or its work again.
    pub(crate) fn take(&self, fault: Option<KeychainFault>) {
        *self.fault.lock().unwrap() = fault;
    }

    /// From now on every call fails like this.
    pub(crate) fn fails(&self, trouble: KeychainError) {
        self.take(Some(KeychainFault::Refuse(trouble)));
    }

    /// From now on nothing more is taken, or again something.
    pub(crate) fn is_full(&self, full: bool) {
        self.take(full.then_some(KeychainFault::Full));
    }

    /// Another keyring with the same items.
    pub(crate) fn copy(&self) -> Self {
        FakeKeychain {
            items: Mutex::new(self.items.lock().unwrap().clone()),
            ..FakeKeychain::default()
        }
    }

    /// The number of accesses.
    pub(crate) fn touched(&self) -> u64 {
        *self.touched.lock().unwrap()
    }

    /// Every value that is kept.
    pub(crate) fn values(&self) -> Vec<String> {
        let items = self.items.lock().unwrap();
        items
            .values()
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
            .collect()
    }

    fn enter(&self, call: &'static str) -> Result<MutexGuard<'_, Items>, KeychainError> {
        *self.touched.lock().unwrap() += 1;
        if point::fails(call) {
            return Err(KeychainError::Failed("it is broken".to_owned()));
        }
        let fault = self.fault.lock().unwrap().clone();
        match fault {
            Some(KeychainFault::Refuse(trouble)) => Err(trouble),
            Some(KeychainFault::Mute) => never(),
            _ => Ok(self.items.lock().unwrap()),
        }
    }
}

fn never() -> ! {
    loop {
        std::thread::park();
    }
}

/// Where an item is.
pub(crate) fn place(service: &str, account: &str) -> (String, String) {
    (service.to_owned(), account.to_owned())
}

impl Keychain for FakeKeychain {
    fn name(&self) -> &'static str {
        "the test keyring"
    }

    fn open(&self) -> Result<(), KeychainError> {
        self.enter("keyring open").map(drop)
    }

    fn get(
        &self,
        service: &str,
        account: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        let items = self.enter("keyring get")?;
        let item = items.get(&place(service, account));
        Ok(item.map(|(_, value)| Zeroizing::new(value.clone())))
    }

    fn set(
        &self,
        service: &str,
        account: &str,
        label: &str,
        value: &[u8],
    ) -> Result<(), KeychainError> {
        let mut items = self.enter("keyring set")?;
        let fault = self.fault.lock().unwrap().clone();
        match fault {
            Some(KeychainFault::Full) => {
                return Err(KeychainError::Failed("there is no room".to_owned()));
            }
            Some(KeychainFault::WaitToWrite) => {
                drop(items);
                never();
            }
            Some(KeychainFault::Forget) => return Ok(()),
            _ => {}
        }
        items.insert(place(service, account), (label.to_owned(), value.to_vec()));
        if fault == Some(KeychainFault::WriteAndWait) && account != "keywright-store" {
            drop(items);
            never();
        }
        Ok(())
    }

    fn delete(&self, service: &str, account: &str) -> Result<bool, KeychainError> {
        let mut items = self.enter("keyring delete")?;
        Ok(items.remove(&place(service, account)).is_some())
    }
}
