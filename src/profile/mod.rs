//! Selects the service and the profile: the config file, and precedence in one function.

mod address;
mod config;
mod project;
mod trust;
pub mod credential_index;
pub mod session;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

pub use address::{bases, hosts, is_overridden};
pub use config::{Config, LoginConfig, ProfileConfig};
pub use project::{FoundProject, PROJECT_FILE, Project, ProjectFile, ProjectKey};
pub use trust::{TrustEntry, TrustRecord, may_start_programs};

use crate::core::error::{Error, Kind, Result};
use crate::core::map::map_of;
use crate::manifest::Manifest;
use crate::platform::Platform;
use crate::report::log::Log;

/// The source that selected the profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelectionSource {
    /// `--profile`.
    Flag,
    /// `KEYWRIGHT_PROFILE`.
    ProfileVariable,
    /// `KEYWRIGHT_PROVIDER`: no profile is needed.
    ProviderVariable,
    /// The nearest project file.
    Project(PathBuf),
    /// `default_profile`.
    Default,
    /// The only profile.
    Only,
    /// A command that runs for each profile in turn.
    Each,
}

impl fmt::Display for SelectionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SelectionSource::Flag => f.write_str("--profile"),
            SelectionSource::ProfileVariable => f.write_str("KEYWRIGHT_PROFILE"),
            SelectionSource::ProviderVariable => f.write_str("KEYWRIGHT_PROVIDER"),
            SelectionSource::Project(path) => write!(f, "{}", path.display()),
            SelectionSource::Default => f.write_str("default_profile"),
            SelectionSource::Only => f.write_str("the only profile"),
            SelectionSource::Each => f.write_str("each profile in turn"),
        }
    }
}

/// The selected profile and the source of the selection.
#[derive(Debug, Clone)]
pub struct SelectedProfile {
    /// Its name.
    pub name: String,
    /// Its saved configuration.
    pub saved: ProfileConfig,
    /// The source that selected it.
    pub decided: SelectionSource,
}

/// The treatment of an untrusted project file, if it would matter.
#[derive(Clone, Copy)]
pub enum UntrustedPolicy<'l> {
    /// The command fails.
    Refuse,
    /// The command continues without it, and prints one line if there is a log.
    Ignore(Option<&'l Log>),
}

/// Returns whether the profile is selected before a project file is read.
pub fn is_named(platform: &Platform, flag: Option<&str>) -> bool {
    flag.is_some()
        || ["KEYWRIGHT_PROFILE", "KEYWRIGHT_PROVIDER"]
            .iter()
            .any(|name| platform.env.get(name).is_some())
}

/// Selects the profile from `--profile`, `KEYWRIGHT_PROFILE`, `KEYWRIGHT_PROVIDER`, the nearest project file,
/// `default_profile`, or the only profile.
pub fn select(
    platform: &Platform,
    flag: Option<&str>,
    if_untrusted: UntrustedPolicy<'_>,
) -> Result<SelectedProfile> {
    Project::check_named(platform)?;
    let named = flag
        .map(|name| (name.to_owned(), SelectionSource::Flag))
        .or_else(|| {
            let name = platform.env.get("KEYWRIGHT_PROFILE")?;
            Some((name.to_owned(), SelectionSource::ProfileVariable))
        });
    if named.is_none()
        && let Some(provider) = platform.env.get("KEYWRIGHT_PROVIDER")
    {
        return Ok(SelectedProfile {
            name: provider.to_owned(),
            saved: ProfileConfig {
                provider: provider.to_owned(),
                ..ProfileConfig::default()
            },
            decided: SelectionSource::ProviderVariable,
        });
    }
    let config = Config::load(platform)?;
    let (name, decided) = match named {
        Some(named) => named,
        None => unnamed(platform, &config, if_untrusted)?,
    };
    let saved = config
        .profile(&name)
        .cloned()
        .map_err(|error| match &decided {
            SelectionSource::Flag => error,
            other => error.hint(format!("it is named by {other}")),
        })?;
    Ok(SelectedProfile {
        name,
        saved,
        decided,
    })
}

/// Returns every saved profile. A profile that only the environment describes replaces a saved one of its name.
pub fn all(platform: &Platform, flag: Option<&str>) -> Result<Vec<SelectedProfile>> {
    Project::check_named(platform)?;
    let profiles = Config::load(platform)?.profiles;
    let each = profiles.into_iter().map(|(name, saved)| SelectedProfile {
        name,
        saved,
        decided: SelectionSource::Each,
    });
    let mut all: BTreeMap<String, SelectedProfile> =
        map_of(each.map(|chosen| (chosen.name.clone(), chosen)));
    if platform.env.get("KEYWRIGHT_PROVIDER").is_some()
        && let Ok(chosen) = select(platform, flag, UntrustedPolicy::Ignore(None))
        && chosen.decided == SelectionSource::ProviderVariable
    {
        all.insert(chosen.name.clone(), chosen);
    }
    Ok(all.into_values().collect())
}

fn unnamed(
    platform: &Platform,
    config: &Config,
    if_untrusted: UntrustedPolicy<'_>,
) -> Result<(String, SelectionSource)> {
    if let Some(project) = project(platform, if_untrusted)?
        && let Some(name) = project.profile
    {
        return Ok((name, SelectionSource::Project(project.path)));
    }
    if let Some(name) = &config.default_profile {
        return Ok((name.clone(), SelectionSource::Default));
    }
    let mut names = config.profiles.keys();
    match (names.next(), names.next()) {
        (Some(only), None) => Ok((only.clone(), SelectionSource::Only)),
        (Some(_), Some(_)) => {
            let known: Vec<&str> = config.profiles.keys().map(String::as_str).collect();
            Err(
                Error::usage("there are several profiles, and none is the default")
                    .hint(format!("name one with `--profile`: {}", known.join(", ")))
                    .hint("or choose a default: keywright profiles use NAME"),
            )
        }
        (None, _) => Err(
            Error::new(Kind::Auth, "not logged in: there is no profile yet")
                .hint("log in: keywright login PROVIDER")
                .hint("try everything without an account: keywright --sandbox keys list")
                .hint("in CI set KEYWRIGHT_PROVIDER, and KEYWRIGHT_API_KEY, KEYWRIGHT_TOKEN or KEYWRIGHT_IDENTITY"),
        ),
    }
}

/// Returns the project file of this run, if it is obeyed.
pub fn project(platform: &Platform, if_untrusted: UntrustedPolicy<'_>) -> Result<Option<Project>> {
    let untrusted = match ProjectFile::find(platform)? {
        ProjectFile::Absent => return Ok(None),
        ProjectFile::Obeyed(project) => return Ok(Some(project)),
        ProjectFile::Untrusted(untrusted) => untrusted,
    };
    match if_untrusted {
        // A sandbox ignores the projects around it.
        _ if !platform.addresses.is_empty() => {}
        UntrustedPolicy::Refuse => return Err(untrusted.error()),
        UntrustedPolicy::Ignore(Some(log)) => log.warn(&untrusted.notice()),
        UntrustedPolicy::Ignore(None) => {}
    }
    Ok(None)
}

/// The source of a value, for `profiles show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueSource {
    /// The running sandbox.
    Sandbox,
    /// An environment variable.
    Environment,
    /// The profile.
    Profile,
    /// The manifest.
    Manifest,
}

impl ValueSource {
    /// Returns its word.
    pub fn name(self) -> &'static str {
        match self {
            ValueSource::Sandbox => "sandbox",
            ValueSource::Environment => "environment",
            ValueSource::Profile => "profile",
            ValueSource::Manifest => "manifest",
        }
    }
}

/// Returns the variables of a profile, each with its source.
pub fn variables(
    platform: &Platform,
    saved: &ProfileConfig,
    manifest: &Manifest,
) -> Result<BTreeMap<String, (String, ValueSource)>> {
    let mut all = BTreeMap::new();
    for (name, spec) in &manifest.variables {
        let variable = format!("KEYWRIGHT_VAR_{}", name.to_ascii_uppercase());
        let found = platform
            .env
            .get(&variable)
            .map(|value| (value.to_owned(), ValueSource::Environment))
            .or_else(|| Some((saved.variables.get(name)?.clone(), ValueSource::Profile)))
            .or_else(|| Some((spec.default.clone()?, ValueSource::Manifest)));
        let Some((value, from)) = found else {
            continue;
        };
        check_variable(manifest, name, &value)?;
        all.insert(name.clone(), (value, from));
    }
    Ok(all)
}

/// Refuses a variable that the provider does not know or that cannot have this value.
pub fn check_variable(manifest: &Manifest, name: &str, value: &str) -> Result<()> {
    let Some(spec) = manifest.variables.get(name) else {
        let known: Vec<&str> = manifest.variables.keys().map(String::as_str).collect();
        let error = Error::usage(format!("{} has no variable `{name}`", manifest.name));
        return Err(error.hint(if known.is_empty() {
            "leave it out: the service has no variables".to_owned()
        } else {
            format!("it has: {}", known.join(", "))
        }));
    };
    match spec.objection(value) {
        Some(why) => Err(Error::usage(format!("`{name}` {why}"))),
        None => Ok(()),
    }
}
