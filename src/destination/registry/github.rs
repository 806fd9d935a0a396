//! `github:OWNER/REPO[@ENVIRONMENT]#NAME`: a repository's secret, set by GitHub's own program `gh` where no token is in the
//! environment; with one, the manifests `github` and `github-environment` set it through the API.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{DestinationKind, Names, OpenRequest, name};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::process::{SecretConsumer, outcome};
use crate::destination::{Destination, StoredContent, nothing_to_restore};
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

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "github:OWNER/REPO[@ENVIRONMENT]#NAME",
    summary: "a GitHub secret, through the API with GH_TOKEN or GITHUB_TOKEN, else through `gh`",
    variables: &[],
    names: Names::Nothing,
    reads_back: false,
    check: |rest| parse(rest).map(drop),
    open: |request| Ok(Box::new(GitHubSecret::new(request)?)),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "github:octo/app#API_KEY",
        prepare: |scene| scene.having_program("gh", "case $1 in secret) cat > got;; esac"),
        content: |scene| scene.find("got"),
        delivered: "{}",
        restores: Restores::ByDelivery,
        refusals: &[(|scene| scene.with("PATH", "/nowhere"), "`gh`")],
        late_failures: &[(
            |scene| scene.program("gh", "case $1 in secret) exit 1;; esac"),
            Kind::Uncertain,
        )],
        further: &["github:octo_corp/app.io@a/b c@d#KEY_1"],
        malformed: &[
            ("github:o/r", "it names no secret"),
            ("github:o#N", "an owner and a repository"),
            ("github:o/..#N", "an owner and a repository"),
            ("github:-o/r#N", "an owner and a repository"),
            ("github:o/r@#N", "it names no environment"),
            ("github:o/r#github_x", "GitHub allows no secret"),
        ],
        anchored: &[],
    },
};

/// The parts of the text: `OWNER/REPO`, the environment if the secret belongs to one, and its name.
type Parts<'t> = (&'t str, Option<&'t str>, &'t str);

fn parse(rest: &str) -> Result<Parts<'_>, String> {
    let (place, secret) = rest
        .rsplit_once('#')
        .ok_or("it names no secret behind a `#`")?;
    if name(secret)?.to_ascii_uppercase().starts_with("GITHUB_") {
        return Err("GitHub allows no secret whose name starts with `GITHUB_`".to_owned());
    }
    let (place, environment) = match place.split_once('@') {
        Some((_, "")) => return Err("it names no environment behind the `@`".to_owned()),
        Some((place, environment)) => (place, Some(environment)),
        None => (place, None),
    };
    match place.split_once('/') {
        Some((owner, repository)) if is_part(owner) && is_part(repository) => {
            Ok((place, environment, secret))
        }
        _ => Err("it needs an owner and a repository".to_owned()),
    }
}

fn is_part(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && !text.starts_with(['-', '.']) && text.chars().all(fits)
}

struct GitHubSecret {
    shown: String,
    repository: String,
    environment: Option<String>,
    name: String,
    platform: Platform,
    log: Log,
}

impl GitHubSecret {
    fn new(request: &OpenRequest<'_>) -> Result<Self> {
        let (repository, environment, name) = request.parse(parse)?;
        Ok(GitHubSecret {
            shown: request.shown.clone(),
            repository: repository.to_owned(),
            environment: environment.map(str::to_owned),
            name: name.to_owned(),
            platform: request.platform.clone(),
            log: request.log.clone(),
        })
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
            .hint("set GITHUB_TOKEN, or install the GitHub CLI from https://cli.github.com"));
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
            StoredContent::Digest(_) | StoredContent::Absent | StoredContent::Unreadable => {
                Err(nothing_to_restore(&self.shown))
            }
        }
    }
}
