//! Where a fresh secret goes: proved before there is one, written, read back where the place allows, and restored.

mod process;
mod confined;
mod dotenv;
mod exact_bytes;
mod exec;
mod file;
mod git;
mod github;
mod user_file;
mod github_actions;
mod callback;
mod spec;
mod stdout;

#[cfg(test)]
#[cfg(unix)]
mod test_world;
#[cfg(test)]
#[cfg(unix)]
mod tests;

pub use exact_bytes::saved_value;
pub use git::ask as ask_git;
pub use spec::{CommandLine, DestinationSpec, SYNTAXES};

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted;
use crate::platform::Platform;
use crate::report::log::Log;

/// What stands at a destination.
#[derive(Debug)]
pub enum StoredContent {
    /// A value.
    Value(Secret),
    /// Nothing.
    Absent,
    /// Nobody can tell: the place takes secrets and does not give them back.
    Unreadable,
}

impl StoredContent {
    /// Whether this is `secret`; `None` when nobody can tell.
    pub fn is(&self, secret: &Secret) -> Option<bool> {
        match self {
            StoredContent::Value(value) => Some(value.eq_secret(secret)),
            StoredContent::Absent => Some(false),
            StoredContent::Unreadable => None,
        }
    }
}

/// A place that takes a secret.
///
/// An error of [`Kind::Store`] means that the place holds what it held before; one of [`Kind::Uncertain`] that it may
/// hold the new secret, so that the key must not be revoked for it.
pub trait Destination {
    /// Its text, as on the command line.
    fn describe(&self) -> String;

    /// Whether [`Destination::read`] can tell what stands there.
    fn can_read(&self) -> bool;

    /// Proves that [`Destination::deliver`] will work, as far as that can be proved without a secret; changes nothing.
    fn probe(&self) -> Result<()>;

    /// Puts `secret` there in place of what stands there now.
    fn deliver(&self, secret: &Secret) -> Result<()>;

    /// The value that stands there now.
    fn read(&self) -> Result<StoredContent>;

    /// What [`Destination::restore`] needs to put back every byte that stands there now. It is more than a value where a
    /// delivery writes it in another way: [`saved_value`] tells the value.
    fn snapshot(&self) -> Result<StoredContent> {
        self.read()
    }

    /// Puts back what stood there. A value that another store still has can be put back where nothing can be read;
    /// [`StoredContent::Unreadable`] cannot.
    fn restore(&self, previous: &StoredContent) -> Result<()>;
}

/// A place for one secret that a higher floor keeps: a profile's key, an item of the keyring.
pub trait SecretSlot {
    /// Proves that [`SecretSlot::write`] will work.
    fn probe(&self) -> Result<()>;
    /// The secret that is kept there.
    fn read(&self) -> Result<Option<Secret>>;
    /// Keeps `secret` there; `None` forgets what is there. Its errors have the kinds of [`Destination::deliver`].
    fn write(&self, secret: Option<&Secret>) -> Result<()>;
}

/// Gives the slot that a profile's name means, or says why there is none.
pub type ProfileSlot<'a> = dyn Fn(&str) -> Result<Box<dyn SecretSlot>> + 'a;

/// Gives the slot that a service and an account in the keyring mean, or says why there is none.
pub type KeyringSlot<'a> = dyn Fn(&str, &str) -> Result<Box<dyn SecretSlot>> + 'a;

/// How destinations reach what stands above them.
pub struct Hooks<'a> {
    /// The key of the profile of that name.
    pub profile: &'a ProfileSlot<'a>,
    /// The item of the keyring for that service and account.
    pub keyring: &'a KeyringSlot<'a>,
}

/// Opens the destination that `spec` means; nothing is touched before the first use.
pub fn open(
    spec: &DestinationSpec,
    platform: &Platform,
    log: &Log,
    hooks: &Hooks<'_>,
) -> Result<Box<dyn Destination>> {
    let shown = untrusted::escape(&spec.to_string());
    let locate = |path: &str| spec::locate(path, &platform.folder, &platform.env);
    Ok(match spec {
        DestinationSpec::Stdout => Box::new(stdout::StdoutDestination::new(platform)),
        DestinationSpec::File { path } => Box::new(file::FileDestination::new(
            shown,
            locate(path)?,
            platform,
            log,
        )),
        DestinationSpec::Dotenv { path, variable } => Box::new(dotenv::DotenvDestination::new(
            shown,
            locate(path)?,
            variable.clone(),
            platform,
            log,
        )),
        DestinationSpec::Profile { name } => Box::new(callback::CallbackDestination::new(
            shown,
            (hooks.profile)(name)?,
        )),
        DestinationSpec::Keyring { service, account } => Box::new(
            callback::CallbackDestination::new(shown, (hooks.keyring)(service, account)?),
        ),
        DestinationSpec::Exec(command) => {
            Box::new(exec::ExecDestination::new(shown, command, platform, log))
        }
        DestinationSpec::GitHub {
            owner,
            repository,
            environment,
            name,
        } => Box::new(github::GitHubSecret::new(
            shown,
            format!("{owner}/{repository}"),
            environment.clone(),
            name.clone(),
            platform,
            log,
        )),
        DestinationSpec::GitHubEnv { name } => Box::new(github_actions::WorkflowCommandFile::new(
            shown,
            "GITHUB_ENV",
            name,
            platform,
        )),
        DestinationSpec::GitHubOutput { name } => Box::new(
            github_actions::WorkflowCommandFile::new(shown, "GITHUB_OUTPUT", name, platform),
        ),
    })
}

/// What to say when nobody knows what stood at a destination.
fn nothing_to_restore(shown: &str) -> Error {
    Error::new(
        Kind::Store,
        format!("cannot restore `{shown}`: it does not tell what it held"),
    )
    .hint("put the old value there by hand")
}
