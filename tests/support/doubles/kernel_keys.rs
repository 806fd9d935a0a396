//! The kernel's keys, in memory.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use keywright::platform::{KernelKeys, KernelKeysError};
use zeroize::Zeroizing;

/// Keys whose time never ends, with the time that was asked for.
#[derive(Default)]
pub(crate) struct FakeKernelKeys {
    pub(crate) kept: RefCell<BTreeMap<String, (Vec<u8>, Duration)>>,
    /// Every call is refused, as in a container.
    pub(crate) is_forbidden: Cell<bool>,
}

impl FakeKernelKeys {
    fn check(&self) -> Result<(), KernelKeysError> {
        if self.is_forbidden.get() {
            return Err(KernelKeysError::Refused("permission denied".to_owned()));
        }
        Ok(())
    }
}

impl KernelKeys for FakeKernelKeys {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KernelKeysError> {
        self.check()?;
        let kept = self.kept.borrow();
        Ok(kept.get(name).map(|(key, _)| Zeroizing::new(key.clone())))
    }

    fn set(&self, name: &str, key: &[u8], time: Duration) -> Result<(), KernelKeysError> {
        self.check()?;
        let key = (key.to_vec(), time);
        self.kept.borrow_mut().insert(name.to_owned(), key);
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<bool, KernelKeysError> {
        self.check()?;
        Ok(self.kept.borrow_mut().remove(name).is_some())
    }
}
