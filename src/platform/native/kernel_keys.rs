//! The keyring of the Linux kernel: the one of the user, since that of a session ends with its shell.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::platform::{KernelKeys, KernelKeysError};

/// The keys in the kernel of this machine.
pub(super) struct UserKeyring;

#[cfg(target_os = "linux")]
mod linux {
    use linux_keyutils::{
        Key, KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission,
    };

    use super::{Duration, KernelKeysError, Zeroizing};

    /// The longest key that is read.
    const MAX_KEY: usize = 512;

    pub(super) fn refused(error: KeyError) -> KernelKeysError {
        KernelKeysError::Refused(match error {
            KeyError::AccessDenied | KeyError::PermissionDenied => "permission denied".to_owned(),
            KeyError::OperationNotSupported => "it is not supported".to_owned(),
            KeyError::QuotaExceeded => "this user's quota of keys is used up".to_owned(),
            other => other.to_string().to_lowercase(),
        })
    }

    fn of_user() -> Result<KeyRing, KeyError> {
        KeyRing::from_special_id(KeyRingIdentifier::User, false)
    }

    fn found(name: &str) -> Result<Option<(KeyRing, Key)>, KeyError> {
        let ring = of_user()?;
        match ring.search(name) {
            Ok(key) => Ok(Some((ring, key))),
            Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn get(name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
        let Some((_, key)) = found(name)? else {
            return Ok(None);
        };
        let mut buffer = Zeroizing::new(vec![0; MAX_KEY]);
        let length = match key.read(&mut *buffer) {
            Ok(length) => length,
            Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        buffer.truncate(length);
        Ok(Some(buffer))
    }

    pub(super) fn set(name: &str, key: &[u8], time: Duration) -> Result<(), KeyError> {
        // Only who possesses a key may say who else reads it. A session may not have the user's keyring in it, so the
        // key begins in the keyring of this process.
        let own = KeyRing::from_special_id(KeyRingIdentifier::Process, true)?;
        let key = own.add_key(name, key)?;
        let of_user_alone = KeyPermissionsBuilder::builder()
            .posessor(Permission::ALL)
            .user(Permission::VIEW | Permission::READ | Permission::SEARCH)
            .build();
        key.set_perms(of_user_alone)?;
        let seconds = usize::try_from(time.as_secs()).unwrap_or(usize::MAX);
        key.set_timeout(seconds.clamp(1, u32::MAX as usize))?;
        of_user()?.link_key(key)
    }

    pub(super) fn remove(name: &str) -> Result<bool, KeyError> {
        let Some((ring, key)) = found(name)? else {
            return Ok(false);
        };
        // Invalid at once for whoever still has a link to it; a kernel without that forgets it with its last link.
        let _ = key.invalidate();
        match ring.unlink_key(key) {
            Ok(()) => Ok(true),
            Err(_) if found(name)?.is_none() => Ok(true),
            Err(error) => Err(error),
        }
    }
}

#[cfg(target_os = "linux")]
impl KernelKeys for UserKeyring {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KernelKeysError> {
        linux::get(name).map_err(linux::refused)
    }

    fn set(&self, name: &str, key: &[u8], time: Duration) -> Result<(), KernelKeysError> {
        linux::set(name, key, time).map_err(linux::refused)
    }

    fn remove(&self, name: &str) -> Result<bool, KernelKeysError> {
        linux::remove(name).map_err(linux::refused)
    }
}

#[cfg(not(target_os = "linux"))]
impl KernelKeys for UserKeyring {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KernelKeysError> {
        Err(KernelKeysError::Unsupported)
    }

    fn set(&self, _: &str, _: &[u8], _: Duration) -> Result<(), KernelKeysError> {
        Err(KernelKeysError::Unsupported)
    }

    fn remove(&self, _: &str) -> Result<bool, KernelKeysError> {
        Err(KernelKeysError::Unsupported)
    }
}
