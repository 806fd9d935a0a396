//! Keys that the kernel keeps for this user, for a time.

use std::time::Duration;

use zeroize::Zeroizing;

/// A reason why the kernel keeps no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KernelKeysError {
    /// This system has no such place.
    Unsupported,
    /// The system refuses, with its reason: containers often forbid it.
    Refused(String),
}

/// The keys of this user in the kernel: they outlive the process and its session, and end with their time, with the
/// machine, or when they are removed.
pub trait KernelKeys {
    /// Returns the key of that name; `None` if there is none, or its time is over.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KernelKeysError>;
    /// Keeps `key` under `name` for `time`, instead of an earlier one.
    fn set(&self, name: &str, key: &[u8], time: Duration) -> Result<(), KernelKeysError>;
    /// Removes the key of that name; returns whether there was one.
    fn remove(&self, name: &str) -> Result<bool, KernelKeysError>;
}
