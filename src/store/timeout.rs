//! Calls the keyring on a thread of its own, with a timeout: it may wait for a user who is away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::core::error::{Error, Result};
use crate::platform::fault;
use crate::platform::{Keychain, KeychainError, Platform};

/// The timeout of a run without a user.
const UNATTENDED: Duration = Duration::from_secs(3);

/// The timeout of a run whose user may have to type a password.
const ATTENDED: Duration = Duration::from_secs(60);

/// The delay before a waiting user sees the reason.
const NOTICE_DELAY: Duration = Duration::from_secs(1);

const VARIABLE: &str = "KEYWRIGHT_KEYRING_TIMEOUT";

/// The reason why the keyring did not respond.
#[derive(Debug)]
pub(crate) enum KeyringFailure {
    /// It refused the call.
    Refused(KeychainError),
    /// The timeout expired; `reached` if the keyring was there at all.
    Late { reached: bool, waited: Duration },
    /// The thread died or could not be started.
    Broken,
}

/// The timeout, and whether to announce the wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyringTimeout {
    limit: Duration,
    person: bool,
}

impl KeyringTimeout {
    /// Returns the timeout for `platform`: short if no user can unlock the keyring.
    pub(crate) fn of(platform: &Platform, may_ask: bool) -> Result<Self> {
        let env = &platform.env;
        let terminal = &platform.terminal;
        let screen = !cfg!(all(unix, not(target_os = "macos")))
            || env.get("DISPLAY").or(env.get("WAYLAND_DISPLAY")).is_some();
        let person = may_ask
            && screen
            && !env.flag("CI")
            && (terminal.stdin_is_terminal() || terminal.stderr_is_terminal());
        let limit = match env.get(VARIABLE) {
            Some(text) => text
                .parse()
                .ok()
                .filter(|seconds| *seconds > 0)
                .map(Duration::from_secs)
                .ok_or_else(|| {
                    Error::usage(format!(
                        "`{VARIABLE}` is `{}`, which is not a number of seconds",
                        text.escape_debug()
                    ))
                })?,
            None if person => ATTENDED,
            None => UNATTENDED,
        };
        Ok(KeyringTimeout { limit, person })
    }

    /// Returns the same, limited to the timeout without a user, and silent.
    pub(crate) fn short(self) -> Self {
        KeyringTimeout {
            limit: self.limit.min(UNATTENDED),
            person: false,
        }
    }

    /// Runs `job` with the keyring; after the timeout the thread is abandoned, and exits with the process.
    pub(crate) fn ask<T: Send + 'static>(
        self,
        platform: &Platform,
        job: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeyringFailure> {
        if fault::has_fault_injector() {
            let keychain = &*platform.keychain;
            let answer = keychain.open().and_then(|()| job(keychain));
            return answer.map_err(KeyringFailure::Refused);
        }
        let reached = Arc::new(AtomicBool::new(false));
        let (answer, answers) = mpsc::channel();
        let keychain = Arc::clone(&platform.keychain);
        let flag = Arc::clone(&reached);
        let thread = std::thread::Builder::new().name("keyring".to_owned());
        let started = thread.spawn(move || {
            let result = keychain.open().and_then(|()| {
                flag.store(true, Ordering::SeqCst);
                job(&*keychain)
            });
            // The caller may have stopped waiting.
            let _ = answer.send(result);
        });
        if started.is_err() {
            return Err(KeyringFailure::Broken);
        }
        match self.wait(platform, &answers) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(refused)) => Err(KeyringFailure::Refused(refused)),
            Err(RecvTimeoutError::Disconnected) => Err(KeyringFailure::Broken),
            Err(RecvTimeoutError::Timeout) => Err(KeyringFailure::Late {
                reached: reached.load(Ordering::SeqCst),
                waited: self.limit,
            }),
        }
    }

    fn wait<T>(self, platform: &Platform, answers: &Receiver<T>) -> Result<T, RecvTimeoutError> {
        if !self.person || self.limit <= NOTICE_DELAY {
            return answers.recv_timeout(self.limit);
        }
        match answers.recv_timeout(NOTICE_DELAY) {
            Err(RecvTimeoutError::Timeout) => {
                let name = platform.keychain.name();
                platform
                    .terminal
                    .write_stderr(&format!("waiting for {name} to be unlocked\n"));
                answers.recv_timeout(self.limit.saturating_sub(NOTICE_DELAY))
            }
            answered => answered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_world::{self, who_answers};

    fn limit(env: &[(&str, &str)], person: bool, may_ask: bool) -> Duration {
        let folder = test_world::folder();
        let who = who_answers(&["more"]);
        let platform = test_world::world_with(&folder, env, person.then_some(&who));
        KeyringTimeout::of(&platform, may_ask).unwrap().limit
    }

    #[test]
    fn timeout_is_long_when_attended() {
        let screen = ("DISPLAY", ":0");
        assert_eq!(limit(&[screen], true, true), ATTENDED);
        assert_eq!(
            limit(&[("WAYLAND_DISPLAY", "wayland-0")], true, true),
            ATTENDED
        );
        assert_eq!(limit(&[screen], false, true), UNATTENDED);
        assert_eq!(limit(&[screen], true, false), UNATTENDED);
        assert_eq!(limit(&[screen, ("CI", "true")], true, true), UNATTENDED);
        assert_eq!(limit(&[screen, (VARIABLE, "7")], true, true).as_secs(), 7);
        assert_eq!(limit(&[(VARIABLE, "100")], false, false).as_secs(), 100);
        #[cfg(all(unix, not(target_os = "macos")))]
        assert_eq!(limit(&[], true, true), UNATTENDED);
    }

    #[test]
    fn timeout_invalid_value_is_refused() {
        let folder = test_world::folder();
        for text in ["soon", "0", "-1", "1.5"] {
            let platform = test_world::platform(&folder, &[(VARIABLE, text)]);
            let error = KeyringTimeout::of(&platform, true).unwrap_err();
            assert_eq!(error.kind(), crate::core::error::Kind::Usage);
        }
    }
}
