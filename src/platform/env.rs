//! Environment variables: a map that does not print, and the table of those that keywright reads.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::core::error::Result;
use crate::core::map::map_of;
use crate::core::secret::Secret;

/// A variable that keywright reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name; `<NAME>` is a placeholder for the name of a provider's variable or of a destination, in capitals.
    pub name: &'static str,
    /// Its purpose.
    pub purpose: &'static str,
}

/// The variable that names the home folder, which a leading `~/` means.
pub const HOME_VARIABLE: &str = if cfg!(windows) { "USERPROFILE" } else { "HOME" };

const fn variable(name: &'static str, purpose: &'static str) -> Variable {
    Variable { name, purpose }
}

/// The variables that keywright reads, apart from those of a single kind of store or destination.
pub const VARIABLES: &[Variable] = &[
    variable(
        "KEYWRIGHT_PROFILE",
        "the profile to use, unless `--profile` names one",
    ),
    variable(
        "KEYWRIGHT_PROVIDER",
        "the provider to use without any profile or config file",
    ),
    variable(
        "KEYWRIGHT_PROJECT",
        "the project file to use, as with `--project`; set but empty: none",
    ),
    variable(
        "KEYWRIGHT_TRUST_PROVIDER",
        "`NAME@SHA256`: the programs of this manifest may start, as after `keywright trust --provider NAME`",
    ),
    variable(
        "KEYWRIGHT_BASE_URL",
        "one URL for every base of the provider, or `NAME=URL,NAME=URL`; replaces the whole base, path included",
    ),
    variable(
        "KEYWRIGHT_VAR_<NAME>",
        "a variable of the provider, such as `KEYWRIGHT_VAR_ORG_ID`",
    ),
    variable(
        "KEYWRIGHT_DESTINATION_URL_<NAME>",
        "the URL of a destination, in place of its own and of the one that its tools use, such as `KEYWRIGHT_DESTINATION_URL_AWS_SM`; `NAME=URL,NAME=URL` if it has several servers",
    ),
    variable("KEYWRIGHT_API_KEY", "the key to use; no store is opened"),
    variable("KEYWRIGHT_TOKEN", "the token to use; no store is opened"),
    variable(
        "KEYWRIGHT_IDENTITY",
        "the source of the job's identity token, which is exchanged for a token for this run: `github`, `gitlab[:NAME]`, `kubernetes[:PATH]`, `circleci`, `env:NAME` or `file:PATH`; no store is opened",
    ),
    variable(
        "KEYWRIGHT_PASSWORD",
        "the password that a call needs, in place of the prompt, for the profile in force",
    ),
    variable(
        "KEYWRIGHT_PASSWORD_FD",
        "the number of an open file descriptor to read that password from, to the end of its first line",
    ),
    variable(
        "KEYWRIGHT_CODE",
        "the code of a second factor, in place of the prompt, for the profile in force",
    ),
    variable(
        "KEYWRIGHT_CODE_FD",
        "the number of an open file descriptor to read that code from, to the end of its first line",
    ),
    variable(
        "KEYWRIGHT_CONFIG_DIR",
        "the folder of `config.toml` and `providers/`",
    ),
    variable(
        "KEYWRIGHT_STATE_DIR",
        "the folder of journal, locks and the encrypted-file store",
    ),
    variable(
        "KEYWRIGHT_STATE",
        "`vault:MOUNT/PATH`: keep journal, locks and staged secrets there, in OpenBao or Vault, so that other machines can go on; `folder` (the default): in the state folder",
    ),
    variable(
        "KEYWRIGHT_STORE",
        "the store for the secrets of a login, unless `--store` names it",
    ),
    variable(
        "KEYWRIGHT_NO_INPUT",
        "when not empty: never ask, as with `--no-input`",
    ),
    variable(
        "KEYWRIGHT_SANDBOX",
        "when not empty: work against the embedded sandbox, as with `--sandbox`",
    ),
    variable("NO_COLOR", "when not empty: no colours"),
    variable("CLICOLOR", "when it is `0`: no colours"),
    variable(
        "TERM",
        "when it is `dumb`: no colours, no progress, and lists with numbers",
    ),
    variable(
        "LANG",
        "the encoding of the terminal (also `LC_ALL` and `LC_CTYPE`): without UTF-8, questions, tables and symbols are drawn in ASCII",
    ),
    variable(
        "COLUMNS",
        "the width of tables at a terminal whose width cannot be determined",
    ),
    variable("CI", "when not empty: never ask"),
    variable(
        "BROWSER",
        "the programs that open a page for `login --web`, with colons between them; `%s` stands for the address",
    ),
    variable(
        "DISPLAY",
        "without it (and `WAYLAND_DISPLAY`), no browser is opened on Linux, unless `BROWSER` is set, and the keyring is not expected to be unlocked at a prompt",
    ),
    variable("WAYLAND_DISPLAY", "as `DISPLAY`"),
    variable(
        "SSH_CONNECTION",
        "over SSH without a display (also `SSH_TTY`, `SSH_CLIENT`), no browser is opened",
    ),
    variable(
        "WSL_DISTRO_NAME",
        "set by WSL (also `WSL_INTEROP`): `wslview` opens pages",
    ),
    variable(
        "GITHUB_RUN_ID",
        "set by GitHub Actions: part of the name of a leased key",
    ),
    variable(
        "CI_JOB_ID",
        "set by GitLab CI: part of the name of a leased key",
    ),
    variable(
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "set by GitHub Actions: the address that issues identity tokens, for `ACTIONS_ID_TOKEN_REQUEST_TOKEN`",
    ),
    variable(
        "GITLAB_OIDC_TOKEN",
        "the identity token of a GitLab job, if its `id_tokens` name this variable",
    ),
    variable(
        "CI_SERVER_URL",
        "set by GitLab CI: the issuer of the identity tokens to look for in other variables",
    ),
    variable(
        "CIRCLE_OIDC_TOKEN_V2",
        "set by CircleCI: the identity token of a job (also `CIRCLE_OIDC_TOKEN`)",
    ),
    variable(
        "KUBERNETES_EXEC_INFO",
        "set by kubectl: the cluster that needs the credential, and the version of the request",
    ),
    variable(
        "PATH",
        "the folders to find `gh`, `git`, the program of an `exec:` destination and the command of `exec` in",
    ),
    variable(
        "HOME",
        "the folder that `~/` at the start of a destination's path means",
    ),
    variable(
        "HTTPS_PROXY",
        "the proxy for HTTPS requests (also in lower case, also `ALL_PROXY`)",
    ),
    variable("NO_PROXY", "hosts that are reached without the proxy"),
    variable(
        "SSL_CERT_FILE",
        "the certificates to trust instead of the system's",
    ),
    variable("SSL_CERT_DIR", "a folder of certificates to trust"),
];

/// The variables of the locale, the deciding one first.
const LOCALE_VARIABLES: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

/// The variables that hold a secret of ours: no program that we start inherits them.
pub const SECRET_VARIABLES: [&str; 6] = [
    "KEYWRIGHT_API_KEY",
    "KEYWRIGHT_TOKEN",
    "KEYWRIGHT_PASSWORD",
    "KEYWRIGHT_CODE",
    "KEYWRIGHT_PASSPHRASE",
    "KEYWRIGHT_STORE_KEY",
];

/// The variables that provide a credential of a service.
const CREDENTIAL_VARIABLES: [&str; 3] = [
    SECRET_VARIABLES[0],
    SECRET_VARIABLES[1],
    "KEYWRIGHT_IDENTITY",
];

/// Returns whether the variable `name` holds what would be typed, or says where to read it.
fn is_handed_over(name: &str) -> bool {
    let name = name.strip_suffix("_FD").unwrap_or(name);
    matches!(name, "KEYWRIGHT_PASSWORD" | "KEYWRIGHT_CODE")
}

/// Returns whether the variable `name` is for the profile in force, and for no other.
fn is_of_a_profile(name: &str) -> bool {
    CREDENTIAL_VARIABLES.contains(&name)
        || name == "KEYWRIGHT_BASE_URL"
        || is_handed_over(name)
        || name.starts_with("KEYWRIGHT_VAR_")
}

/// The environment of one run.
#[derive(Clone, Default)]
pub struct Env {
    /// Shared: everything that acts for itself keeps a copy of the environment.
    values: Arc<BTreeMap<String, String>>,
    /// The secrets that were read from descriptors, which can be read only once.
    kept: Arc<Mutex<BTreeMap<String, Secret>>>,
}

impl Env {
    /// Returns an environment of these pairs.
    pub fn new(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Env {
            values: Arc::new(map_of(values)),
            kept: Arc::default(),
        }
    }

    /// Returns the secret `name` that was read before, or reads and keeps it.
    pub(super) fn keep(
        &self,
        name: &str,
        read: impl FnOnce() -> Result<Option<Secret>>,
    ) -> Result<Option<Secret>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(secret) = kept.get(name) {
            return Ok(Some(secret.duplicate()));
        }
        let secret = read()?;
        if let Some(secret) = &secret {
            kept.insert(name.to_owned(), secret.duplicate());
        }
        Ok(secret)
    }

    /// Returns the value of `name`; an empty one counts as unset.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Returns whether `name` is set, even if it is empty.
    pub fn is_set(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Returns the value of `name`, also an empty one.
    pub fn set_to(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Returns the variables for a credential of a service that are set, be it to nothing.
    pub fn credentials(&self) -> Vec<&'static str> {
        let mut names = CREDENTIAL_VARIABLES.to_vec();
        names.retain(|name| self.is_set(name));
        names
    }

    /// Returns whether a variable describes the active profile: a credential, an address or a variable of the
    /// provider.
    pub fn describes_a_profile(&self) -> bool {
        self.values.keys().any(|name| is_of_a_profile(name))
    }

    /// Returns the same environment without what describes the profile in force.
    #[must_use]
    pub fn without_a_profile(&self) -> Self {
        self.filtered(|name| !is_of_a_profile(name))
    }

    /// Returns whether `name` is set to a value other than empty, `0` or `false`.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| !matches!(value, "0" | "false"))
    }

    /// Returns whether a terminal may be painted.
    pub fn allows_color(&self) -> bool {
        self.get("NO_COLOR").is_none()
            && self.get("CLICOLOR") != Some("0")
            && !self.is_dumb_terminal()
    }

    /// Returns whether the terminal understands nothing but text.
    pub fn is_dumb_terminal(&self) -> bool {
        self.get("TERM") == Some("dumb")
    }

    /// Returns whether the locale is one of UTF-8, by the variables in the order that POSIX gives them. Where none is set, the
    /// terminals of Windows and macOS show Unicode all the same.
    pub fn speaks_utf8(&self) -> bool {
        let locale = LOCALE_VARIABLES.iter().find_map(|name| self.get(name));
        locale.map_or(cfg!(any(windows, target_os = "macos")), |locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
    }

    /// Returns every pair, for a program that inherits them.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the same environment without the variables that `keep` refuses.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        Env {
            kept: Arc::clone(&self.kept),
            ..Env::new(
                self.values
                    .iter()
                    .filter(|(name, _)| keep(name))
                    .map(|(name, value)| (name.clone(), value.clone())),
            )
        }
    }

    /// Returns the same environment with `name` set to `value`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.values).insert(name.to_owned(), value.into());
        self.kept = Arc::default();
        self
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn env_debug_hides_values() {
        let env = Env::default().with("KEYWRIGHT_API_KEY", "sk-fake-secret");
        assert_eq!(format!("{env:?}"), r#"{"KEYWRIGHT_API_KEY"}"#);
    }

    #[test]
    fn color_is_refused_by_variables() {
        let env = Env::default().with("TERM", "xterm");
        assert!(env.allows_color());
        assert!(env.clone().with("CLICOLOR", "1").allows_color());
        assert!(env.clone().with("NO_COLOR", "").allows_color());
        for (name, value) in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
            assert!(!env.clone().with(name, value).allows_color(), "{name}");
        }
    }

    #[test]
    fn locale_first_variable_decides_charset() {
        let speaks = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            let pairs = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Env::new(pairs).speaks_utf8()
        };
        assert!(speaks(&[("LANG", "de_CH.UTF-8")]) && speaks(&[("LC_CTYPE", "C.utf8")]));
        assert!(!speaks(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]));
        assert!(speaks(&[("LC_ALL", ""), ("LANG", "en_US.UTF-8")]));
        assert_eq!(speaks(&[]), cfg!(any(windows, target_os = "macos")));
    }

    #[test]
    fn env_empty_variable_is_unset() {
        assert_eq!(Env::default().with("X", "").get("X"), None);
    }
}
