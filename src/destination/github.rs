//! Delivers to `github:OWNER/REPO[@ENVIRONMENT]#NAME`: a repository's secret, set by GitHub's own program `gh`.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::process::{SecretConsumer, outcome};
use super::{Destination, StoredContent};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{PROGRAM_TIMEOUT, Platform};
use crate::report::log::Log;

/// The timeout of a query through `gh`.
const GH_TIMEOUT: Duration = Duration::from_secs(30);

/// The exit code of `gh` without a login.
const NOT_LOGGED_IN: Option<i32> = Some(4);

/// The maximum size of a value at GitHub, in bytes.
const MAX_SECRET_BYTES: usize = 48 << 10;

/// Keeps `gh` from prompting, and from announcing updates.
const ENV: [(&str, &str); 3] = [
    ("GH_PROMPT_DISABLED", "1"),
    ("GH_NO_UPDATE_NOTIFIER", "1"),
    ("NO_COLOR", "1"),
];

pub(super) struct GitHubSecret {
    shown: String,
    repository: String,
    environment: Option<String>,
    name: String,
    platform: Platform,
    log: Log,
}

impl GitHubSecret {
    pub(super) fn new(
        shown: String,
        repository: String,
        environment: Option<String>,
        name: String,
        platform: &Platform,
        log: &Log,
    ) -> Self {
        GitHubSecret {
            shown,
            repository,
            environment,
            name,
            platform: platform.clone(),
            log: log.clone(),
        }
    }

    fn child<'a>(&'a self, words: &'a [String], timeout: Duration) -> SecretConsumer<'a> {
        SecretConsumer {
            platform: &self.platform,
            log: &self.log,
            words,
            env: &ENV,
            timeout,
            shown: &self.shown,
        }
    }

    /// Returns the address of the secrets, relative to the API's root.
    fn secrets(&self) -> String {
        match &self.environment {
            None => format!("repos/{}/actions/secrets", self.repository),
            Some(environment) => format!(
                "repos/{}/environments/{}/secrets",
                self.repository,
                utf8_percent_encode(environment, NON_ALPHANUMERIC)
            ),
        }
    }

    /// Requests `address` from GitHub; only the success matters.
    fn ask(&self, address: &str) -> Result<()> {
        let words = ["gh", "api", "--silent", address].map(str::to_owned);
        let child = self.child(&words, GH_TIMEOUT);
        let ended = child.ask()?;
        if ended.success() {
            return Ok(());
        }
        let place = match &self.environment {
            None => format!("`{}`", self.repository),
            Some(environment) => format!("`{}` (environment `{environment}`)", self.repository),
        };
        if ended.code == NOT_LOGGED_IN || !self.logged_in()? {
            return Err(Error::new(
                Kind::Store,
                format!("`gh` cannot set a secret of {place}: `gh` is not logged in"),
            )
            .hint("log in with: gh auth login, or set GH_TOKEN"));
        }
        Err(Error::new(
            Kind::Store,
            format!(
                "`gh` cannot reach the secrets of {place}: {}{}",
                outcome(&ended),
                child.last_words(&ended, None)
            ),
        )
        .hint("check the name, and that the login may write secrets there: gh auth status"))
    }

    fn logged_in(&self) -> Result<bool> {
        let words = ["gh", "auth", "status"].map(str::to_owned);
        Ok(self.child(&words, GH_TIMEOUT).ask()?.success())
    }
}

impl Destination for GitHubSecret {
    fn describe(&self) -> String {
        self.shown.clone()
    }

    fn can_read(&self) -> bool {
        false
    }

    fn probe(&self) -> Result<()> {
        if self.platform.programs.which("gh").is_none() {
            return Err(Error::new(
                Kind::Store,
                format!("cannot set `{}`: there is no `gh` on PATH", self.shown),
            )
            .hint("install the GitHub CLI from https://cli.github.com"));
        }
        let secrets = self.secrets();
        // The public key encrypts a value. Read access to the repository suffices for it, while the list needs write
        // access.
        self.ask(&format!("{secrets}/public-key"))?;
        self.ask(&format!("{secrets}?per_page=1"))
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        if secret.len() > MAX_SECRET_BYTES {
            return Err(Error::new(
                Kind::Store,
                format!("cannot set `{}`: GitHub takes 48 KiB at most", self.shown),
            ));
        }
        let mut words = ["gh", "secret", "set", &self.name]
            .map(str::to_owned)
            .to_vec();
        words.push(format!("--repo={}", self.repository));
        if let Some(environment) = &self.environment {
            words.push(format!("--env={environment}"));
        }
        self.child(&words, PROGRAM_TIMEOUT).feed(secret).map(drop)
    }

    fn read(&self) -> Result<StoredContent> {
        Ok(StoredContent::Unreadable)
    }

    fn restore(&self, previous: &StoredContent) -> Result<()> {
        match previous {
            StoredContent::Value(secret) => self.deliver(secret),
            StoredContent::Absent | StoredContent::Unreadable => {
                Err(super::nothing_to_restore(&self.shown))
            }
        }
    }
}
