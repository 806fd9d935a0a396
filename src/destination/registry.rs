//! The table of the kinds of destinations. A kind is a file in `registry/`, and its two lines here.

mod dotenv;
mod exec;
mod file;
mod github;
mod github_env;
mod github_output;
mod json;
mod keyring;
mod netrc;
mod profile;
mod sops;
mod stdout;
mod systemd_creds;
mod toml;
mod yaml;

pub use dotenv::dotenv_line;
pub use exec::words as program_words;

use std::fmt;
use std::path::{Path, PathBuf};

#[cfg(all(test, unix))]
use super::conformance::Fixture;
use super::{Destination, SlotOpeners, spec};
use crate::core::error::{Error, Result};
use crate::core::untrusted;
use crate::platform::{Env, Platform, Variable};
use crate::report::log::Log;

/// The obstacles of a file that a job's runner names in `$variable`.
#[cfg(all(test, unix))]
macro_rules! workflow_refusals {
    ($variable:literal) => {
        &[
            (
                |scene| scene.with("GITHUB_ACTIONS", "false"),
                "not a GitHub Actions job",
            ),
            (
                |scene| scene.with($variable, ""),
                concat!($variable, " is not set"),
            ),
            (
                |scene| scene.with($variable, "/nowhere/f"),
                "cannot append to `/nowhere/f`",
            ),
            (
                |scene| scene.with($variable, "/dev/null"),
                "not a regular file",
            ),
            (Scene::with_closed_stdout, "the runner"),
        ]
    };
}
#[cfg(all(test, unix))]
use workflow_refusals;

/// The kinds of destinations, in the order in which they are listed.
pub const KINDS: &[&DestinationKind] = &[
    &stdout::KIND,
    &file::KIND,
    &dotenv::KIND,
    &json::KIND,
    &yaml::KIND,
    &toml::KIND,
    &netrc::KIND,
    &sops::KIND,
    &systemd_creds::KIND,
    &profile::KIND,
    &keyring::KIND,
    &exec::KIND,
    &github::KIND,
    &github_env::KIND,
    &github_output::KIND,
];

pub(super) use profile::KIND as PROFILE;
pub(super) use stdout::KIND as STDOUT;

/// Everything that the crate knows about a kind of destination.
pub struct DestinationKind {
    /// Its syntax; the word before the `:` is its name.
    pub syntax: &'static str,
    /// The description in the guide.
    pub summary: &'static str,
    /// The environment variables that it reads.
    pub variables: &'static [Variable],
    /// The object on this machine that the text after the `:` names.
    pub names: Names,
    /// Says that its content can be read back.
    pub reads_back: bool,
    /// Checks the text after the `:`; an error says what is wrong with it.
    pub(super) check: fn(&str) -> Result<(), String>,
    /// Opens a destination; nothing is touched before its first use.
    pub(super) open: fn(&OpenRequest<'_>) -> Result<Box<dyn Destination>>,
    /// The place in which the conformance suite tries the kind.
    #[cfg(all(test, unix))]
    pub(super) fixture: Fixture,
}

/// The object on this machine that a destination names: it decides how the text is anchored, confined, completed and
/// audited.
pub enum Names {
    /// Nothing that depends on this machine's folders or profiles.
    Nothing,
    /// A file that holds the key in plain text; the function returns its path, at the start of the text.
    File(fn(&str) -> &str),
    /// A file that has a usual place, or holds no plain text.
    LocatedFile(LocatedFile),
    /// A program, which the function returns; it runs in a folder.
    Program(fn(&str) -> String),
    /// A profile.
    Profile,
    /// An item of the keyring: the function returns service and account.
    KeyringItem(fn(&str) -> Option<(&str, &str)>),
}

/// A file and an entry: `FILE#ENTRY`, or `ENTRY` for the file in its usual place.
pub struct LocatedFile {
    /// Returns its path, at the start of the text; empty if the text names none.
    pub(super) path: fn(&str) -> &str,
    /// Returns the path of the usual file for a text that names none.
    pub(super) usual: fn(&str, &Env) -> String,
    /// Says that it holds the key in plain text.
    pub(super) holds_plain_text: bool,
}

impl Names {
    /// Returns the path of the file in `text`, which is empty for the one in the usual place; `None` if it names no file.
    pub fn file<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Names::File(path) => Some(path(text)),
            Names::LocatedFile(file) => Some((file.path)(text)),
            _ => None,
        }
    }
}

/// A destination to open, and the platform to open it on.
pub(super) struct OpenRequest<'a> {
    /// The text after the `:`.
    pub(super) rest: &'a str,
    /// The folder that a program runs in, if one is set.
    pub(super) folder: Option<&'a Path>,
    /// The destination's text, escaped.
    pub(super) shown: String,
    pub(super) platform: &'a Platform,
    pub(super) log: &'a Log,
    pub(super) openers: &'a SlotOpeners<'a>,
}

impl DestinationKind {
    /// Returns the word before the `:`.
    pub fn name(&self) -> &'static str {
        self.syntax.split(':').next().unwrap_or_default()
    }

    /// Returns whether a text follows the name.
    pub fn takes_text(&self) -> bool {
        self.syntax.contains(':')
    }
}

impl PartialEq for DestinationKind {
    fn eq(&self, other: &Self) -> bool {
        self.syntax == other.syntax
    }
}

impl Eq for DestinationKind {}

impl fmt::Debug for DestinationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl OpenRequest<'_> {
    /// Splits the text, which was checked when it was read.
    pub(super) fn parse<'t, T>(&'t self, parse: fn(&'t str) -> Result<T, String>) -> Result<T> {
        parse(self.rest).map_err(Error::usage)
    }

    /// Resolves a path in the text.
    pub(super) fn locate(&self, path: &str) -> Result<PathBuf> {
        spec::locate(path, &self.platform.folder, &self.platform.env)
    }
}

/// Returns the kind of that name.
pub(super) fn find(name: &str) -> Option<&'static DestinationKind> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}

/// Checks for the path of a file.
pub(super) fn path(text: &str) -> Result<&str, String> {
    match text {
        "" | "~/" => Err("it names no file".to_owned()),
        text if text.ends_with('/') => Err("its path is a folder's".to_owned()),
        text => Ok(text),
    }
}

/// Checks for a name that every shell and every loader accepts.
fn name(text: &str) -> Result<&str, String> {
    let fits = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if fits {
        return Ok(text);
    }
    Err(format!(
        "`{}` is not a name of letters, digits and `_` that starts without a digit",
        untrusted::one_line(text)
    ))
}
