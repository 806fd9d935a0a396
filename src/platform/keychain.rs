//! The keyring of the system: the only file that names the `keyring` crate.
//!
//! Its errors never leave this file: two of them carry the secret, and their debug form prints it.

use std::collections::HashMap;

use keyring_core::Entry;
use keyring_core::error::Error as KeyringError;
use zeroize::Zeroizing;

use super::{Keychain, KeychainError};

/// Keychain on macOS, Credential Manager on Windows, the Secret Service elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn name(&self) -> &'static str {
        if cfg!(target_os = "macos") {
            "the macOS keychain"
        } else if cfg!(windows) {
            "the Windows Credential Manager"
        } else {
            "the Secret Service"
        }
    }

    fn open(&self) -> Result<(), KeychainError> {
        // The crate connects once per process, and its second error hides the cause.
        match keyring::Entry::store_status() {
            Ok(()) => Ok(()),
            Err(error) => Err(classify(error)),
        }
    }

    fn get(
        &self,
        service: &str,
        account: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        let entry = self.entry(service, account, None)?;
        optional(entry.get_secret().map(Zeroizing::new))
    }

    fn set(
        &self,
        service: &str,
        account: &str,
        label: &str,
        value: &[u8],
    ) -> Result<(), KeychainError> {
        // Bytes, never a password: Windows would store text as UTF-16 and take half of it.
        self.entry(service, account, Some(label))?
            .set_secret(value)
            .map_err(|error| classify(&error))
    }

    fn delete(&self, service: &str, account: &str) -> Result<bool, KeychainError> {
        let entry = self.entry(service, account, None)?;
        optional(entry.delete_credential()).map(|deleted| deleted.is_some())
    }
}

impl SystemKeychain {
    fn entry(
        self,
        service: &str,
        account: &str,
        label: Option<&str>,
    ) -> Result<Entry, KeychainError> {
        self.open()?;
        let modifiers: HashMap<&str, &str> = if cfg!(windows) {
            // The default would send the secret to every machine of the domain.
            HashMap::from([("persistence", "Local")])
        } else if cfg!(target_os = "macos") {
            HashMap::new()
        } else {
            label.map(|label| ("label", label)).into_iter().collect()
        };
        Entry::new_with_modifiers(service, account, &modifiers).map_err(|error| classify(&error))
    }
}

fn optional<T>(result: Result<T, KeyringError>) -> Result<Option<T>, KeychainError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(KeyringError::NoEntry) => Ok(None),
        Err(error) => Err(classify(&error)),
    }
}

fn classify(error: &KeyringError) -> KeychainError {
    match error {
        KeyringError::TooLong(..) => KeychainError::TooLarge,
        KeyringError::Ambiguous(_) => KeychainError::Ambiguous,
        KeyringError::BadEncoding(_) | KeyringError::BadDataFormat(..) => {
            KeychainError::Failed("an item that this program did not write".to_owned())
        }
        KeyringError::PlatformFailure(cause) => {
            system::classify(cause.as_ref()).unwrap_or_else(|| {
                // The system's own words about its own failure; the item is not among them.
                KeychainError::Failed(cause.to_string())
            })
        }
        KeyringError::NoStorageAccess(cause) => {
            system::classify(cause.as_ref()).unwrap_or(KeychainError::Locked)
        }
        KeyringError::NoDefaultStore => {
            KeychainError::Unavailable("no supported keyring on this system".to_owned())
        }
        KeyringError::NoEntry => KeychainError::Failed("the item is gone".to_owned()),
        KeyringError::Invalid(what, _) => KeychainError::Failed(format!("it rejects this {what}")),
        _ => KeychainError::Failed("the request failed".to_owned()),
    }
}

#[cfg(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
))]
mod system {
    //! Translates errors of the Secret Service and D-Bus. Their types belong to crates that only the `keyring` crate
    //! uses, and the variant that wraps a failure depends on its origin. So the texts of the whole chain of causes are
    //! searched; a test holds them against the types.

    use std::error::Error as StdError;
    use std::io::{Error as Io, ErrorKind};
    use std::sync::Arc;

    use crate::platform::KeychainError;

    const NOBODY: &str = "no service on the session bus stores secrets (org.freedesktop.secrets)";
    const NO_COLLECTION: &str = "it has no default collection to keep secrets in";
    const NO_BUS: &str = "there is no session bus (D-Bus)";
    const REFUSES: &str = "the session bus (D-Bus) refuses this user";
    const HUNG_UP: &str = "the session bus (D-Bus) closed the connection, \
                           as it does when it does not know the user";
    const NO_ANSWER: &str = "the session bus (D-Bus) does not answer";

    /// The first words of an error for a locked keyring.
    const LOCKED: [&str; 2] = ["SS Error: object locked", "SS error: prompt dismissed"];

    /// The first words of an error for a keyring that cannot be reached, and the reason.
    const UNAVAILABLE: [(&str, &str); 6] = [
        ("SS error: result not returned", NO_COLLECTION),
        (
            "SS error: connection closed",
            "it went away while it was asked",
        ),
        ("no secret service provider or dbus session", NO_BUS),
        ("address error", NO_BUS),
        ("Failed to connect to address", NO_BUS),
        ("D-Bus handshake failed", REFUSES),
    ];

    pub(super) fn classify(cause: &(dyn StdError + 'static)) -> Option<KeychainError> {
        let whole = cause.to_string();
        let mut cause = Some(cause);
        while let Some(error) = cause {
            if let Some(broken) = error.downcast_ref::<Arc<Io>>() {
                return Some(unavailable(match broken.kind() {
                    ErrorKind::BrokenPipe
                    | ErrorKind::ConnectionReset
                    | ErrorKind::UnexpectedEof => HUNG_UP,
                    _ => NO_ANSWER,
                }));
            }
            let text = error.to_string();
            if LOCKED.iter().any(|words| text.starts_with(words)) {
                return Some(KeychainError::Locked);
            }
            let mut reasons = UNAVAILABLE.iter();
            if let Some((_, why)) = reasons.find(|(words, _)| text.starts_with(words)) {
                return Some(unavailable(why));
            }
            if let Some((name, _)) = text.split_once(": ").filter(|(name, _)| is_name(name)) {
                return Some(named(name));
            }
            cause = error.source();
        }
        let other = whole.strip_prefix("zbus error: ")?;
        Some(KeychainError::Failed(other.to_owned()))
    }

    /// Returns whether a text is the name of a D-Bus error, such as `org.freedesktop.DBus.Error.NoReply`.
    fn is_name(text: &str) -> bool {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        text.contains('.') && text.chars().all(known)
    }

    /// Translates the name of a D-Bus error. Its text comes from the other side and is not repeated.
    fn named(name: &str) -> KeychainError {
        let short = name
            .strip_prefix("org.freedesktop.DBus.Error.")
            .or_else(|| name.strip_prefix("org.freedesktop.Secret.Error."))
            .unwrap_or(name);
        match short {
            "IsLocked" => KeychainError::Locked,
            "ServiceUnknown" | "NameHasNoOwner" => unavailable(NOBODY),
            _ if short.starts_with("Spawn.") => unavailable("its program does not start"),
            "NoReply" | "Timeout" | "TimedOut" | "Disconnected" | "NoServer"
            // A property could not be read; the cause is lost on the way.
            | "org.freedesktop.zbus.Error" => unavailable(NO_ANSWER),
            "AccessDenied" | "AuthFailed" => unavailable(REFUSES),
            _ => KeychainError::Failed(format!("D-Bus says {}", name.escape_debug())),
        }
    }

    fn unavailable(why: &str) -> KeychainError {
        KeychainError::Unavailable(why.to_owned())
    }
}

#[cfg(not(all(
    unix,
    not(any(target_os = "macos", target_os = "ios", target_os = "android"))
)))]
mod system {
    //! Other systems say what they mean in the outer error already.

    use std::error::Error as StdError;

    use crate::platform::KeychainError;

    pub(super) fn classify(_cause: &(dyn StdError + 'static)) -> Option<KeychainError> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keychain_error_hides_secret() {
        let leak = b"sk-fake-leak".to_vec();
        let numbers = format!("{leak:?}");
        for error in [
            KeyringError::BadEncoding(leak.clone()),
            KeyringError::BadDataFormat(leak, Box::new(std::fmt::Error)),
        ] {
            let text = format!("{:?}", classify(&error));
            assert!(!text.contains("leak") && !text.contains(&numbers), "{text}");
        }
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn keychain_error_is_classified_by_cause() {
        use secret_service::Error as Service;
        use std::io::{Error as Io, ErrorKind};
        let in_platform =
            |cause: Service| classify(&KeyringError::PlatformFailure(Box::new(cause)));
        let in_access = |cause: Service| classify(&KeyringError::NoStorageAccess(Box::new(cause)));
        for wrap in [
            &in_platform as &dyn Fn(Service) -> KeychainError,
            &in_access,
        ] {
            assert_eq!(wrap(Service::Locked), KeychainError::Locked);
            assert_eq!(wrap(Service::Prompt), KeychainError::Locked);
            let of_bus = |cause: zbus::Error| wrap(Service::Zbus(cause));
            let other = KeychainError::Failed("invalid message field".to_owned());
            assert_eq!(of_bus(zbus::Error::InvalidField), other);
            let full = zbus::fdo::Error::LimitsExceeded("fake".to_owned());
            let said = "D-Bus says org.freedesktop.DBus.Error.LimitsExceeded".to_owned();
            assert_eq!(wrap(Service::ZbusFdo(full)), KeychainError::Failed(said));
            for (cause, words) in [
                (Service::NoResult, "default collection"),
                (Service::Unavailable, "no session bus"),
                (Service::PromptDisconnected, "went away"),
                (
                    Service::Zbus(zbus::Error::Handshake("fake".to_owned())),
                    "refuses this user",
                ),
                (
                    Service::Zbus(Io::from(ErrorKind::WouldBlock).into()),
                    "does not answer",
                ),
                (
                    Service::ZbusFdo(zbus::Error::InvalidField.into()),
                    "does not answer",
                ),
                (
                    Service::Zbus(zbus::Error::Address("fake".to_owned())),
                    "no session bus",
                ),
                (
                    Service::Zbus(Io::from(ErrorKind::BrokenPipe).into()),
                    "closed the connection",
                ),
                (
                    Service::ZbusFdo(zbus::fdo::Error::ServiceUnknown("fake".to_owned())),
                    "no service on the session bus",
                ),
                (
                    Service::Zbus(zbus::fdo::Error::NoReply("fake".to_owned()).into()),
                    "does not answer",
                ),
            ] {
                let text = format!("{cause:?}");
                match wrap(cause) {
                    KeychainError::Unavailable(why) => assert!(why.contains(words), "{why}"),
                    other => panic!("{text} became {other:?}"),
                }
            }
        }
    }

    #[test]
    fn keychain_limit_and_duplicate_are_distinguished() {
        assert_eq!(
            classify(&KeyringError::TooLong("secret".to_owned(), 2560)),
            KeychainError::TooLarge
        );
        assert_eq!(
            classify(&KeyringError::Ambiguous(Vec::new())),
            KeychainError::Ambiguous
        );
    }
}
