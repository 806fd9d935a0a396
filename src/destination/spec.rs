//! Parses and displays the destinations of `--to`, and makes them independent of the current folder.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::registry::{self, DestinationKind, KINDS, Names};
use crate::core::error::{Error, Result};
use crate::core::untrusted;
use crate::platform::{Env, HOME_VARIABLE};
use crate::providers::Catalogue;

/// A destination as the user wrote it: parsed from text, and displayed as the same text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SerializedSpec", into = "SerializedSpec")]
pub struct DestinationSpec {
    kind: SpecKind,
    /// The text after the `:`.
    rest: String,
    /// The folder that a program runs in; the current one if none is set.
    folder: Option<String>,
    /// The profile that lends it a credential.
    login: Option<String>,
}

/// The kind of a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SpecKind {
    /// One in code.
    Code(&'static DestinationKind),
    /// One that a manifest describes, by the word before the `:`; it is looked for when it is opened.
    Described(String),
}

impl SpecKind {
    /// Returns the object on this machine that the destination names.
    fn names(&self) -> &'static Names {
        match self {
            SpecKind::Code(kind) => &kind.names,
            SpecKind::Described(_) => &Names::Nothing,
        }
    }
}

/// A destination in its recorded form: its text, and beside it the folder of a program or the profile of its login.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SerializedSpec {
    Text(String),
    Table {
        to: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        folder: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
}

impl DestinationSpec {
    /// Standard output, where the command itself prints the secret once.
    pub const STDOUT: DestinationSpec = DestinationSpec {
        kind: SpecKind::Code(&registry::STDOUT),
        rest: String::new(),
        folder: None,
        login: None,
    };

    /// Returns the destination `profile:NAME`.
    pub fn of_profile(name: &str) -> Self {
        DestinationSpec {
            kind: SpecKind::Code(&registry::PROFILE),
            rest: name.to_owned(),
            folder: None,
            login: None,
        }
    }

    /// Returns the word before the `:`.
    pub fn name(&self) -> &str {
        match &self.kind {
            SpecKind::Code(kind) => kind.name(),
            SpecKind::Described(name) => name,
        }
    }

    /// Returns the profile that lends it a credential, if one is named beside it.
    pub fn login(&self) -> Option<&str> {
        self.login.as_deref()
    }

    /// Returns the same destination with the credential of a profile.
    pub fn lent_by(self, profile: String) -> Result<Self> {
        if !self.takes_login() {
            return Err(Error::usage(format!(
                "`{}:` has no login: only a place with an HTTP API takes a `profile`",
                self.name()
            )));
        }
        Ok(DestinationSpec {
            login: Some(profile),
            ..self
        })
    }

    fn takes_login(&self) -> bool {
        match &self.kind {
            SpecKind::Code(kind) => Catalogue::Destinations.has_built_in(kind.name()),
            SpecKind::Described(_) => true,
        }
    }

    /// Returns the profile whose stored key this is.
    pub fn profile(&self) -> Option<&str> {
        matches!(self.kind.names(), Names::Profile).then_some(&self.rest)
    }

    /// Returns whether it is a place on one machine.
    pub fn is_on_one_machine(&self) -> bool {
        matches!(
            self.kind.names(),
            Names::File(_) | Names::LocatedFile(_) | Names::Profile | Names::KeyringItem(_)
        )
    }

    /// Returns the path of the file that holds the key in plain text.
    pub fn file(&self) -> Option<&str> {
        match self.kind.names() {
            Names::LocatedFile(file) if !file.holds_plain_text => None,
            names => names.file(&self.rest).filter(|path| !path.is_empty()),
        }
    }

    /// Returns whether it is a file in its usual place, outside of every project.
    pub(super) fn is_usual_file(&self) -> bool {
        let names = self.kind.names();
        matches!(names, Names::LocatedFile(_)) && names.file(&self.rest).is_some_and(str::is_empty)
    }

    /// Returns the service and the account of the item of the keyring that this is.
    pub fn keyring_item(&self) -> Option<(&str, &str)> {
        match self.kind.names() {
            Names::KeyringItem(item) => item(&self.rest),
            _ => None,
        }
    }

    /// Returns the program that this runs.
    pub(super) fn program(&self) -> Option<String> {
        match self.kind.names() {
            Names::Program(program) => Some(program(&self.rest)),
            _ => None,
        }
    }

    /// Returns the kind, the text after its `:`, and the folder of a program.
    pub(super) fn parts(&self) -> (&SpecKind, &str, Option<&Path>) {
        (
            &self.kind,
            &self.rest,
            self.folder.as_deref().map(Path::new),
        )
    }

    /// Returns the destination in the form to record, independent of the current folder. `~/` is expanded, and a
    /// relative path becomes relative to `folder`, in which a program runs. A file in its usual place gets its path.
    pub fn absolute(&self, folder: &Path, env: &Env) -> Result<Self> {
        let mut named = self.clone();
        if let Names::LocatedFile(file) = self.kind.names()
            && self.is_usual_file()
        {
            named.rest = format!("{}#{}", (file.usual)(&self.rest, env), self.rest);
        }
        named.anchored(folder, |path| utf8(locate(path, folder, env)?, path))
    }

    /// Returns the same destination with the path of its file as `locate` returns it, or its program run in `folder`
    /// unless it has a folder already.
    pub(super) fn anchored(
        &self,
        folder: &Path,
        locate: impl FnOnce(&str) -> Result<String>,
    ) -> Result<Self> {
        let mut anchored = self.clone();
        match self.kind.names() {
            Names::File(_) | Names::LocatedFile(_) => {
                let path = self.kind.names().file(&self.rest).unwrap_or_default();
                anchored.rest.replace_range(..path.len(), &locate(path)?);
            }
            Names::Program(_) if self.folder.is_none() => {
                let folder = utf8(folder.to_owned(), &self.rest)?;
                anchored.folder = Some(folder).filter(|folder| !folder.is_empty());
            }
            _ => {}
        }
        Ok(anchored)
    }
}

/// Returns a path as text; an error names its source `text`.
pub(super) fn utf8(path: PathBuf, text: &str) -> Result<String> {
    path.into_os_string().into_string().map_err(|_| {
        Error::usage(format!(
            "the folder of `{}` is not UTF-8 text",
            untrusted::one_line(text)
        ))
    })
}

/// Resolves the path in `text`: `~/` is the home folder, any other relative path is relative to `folder`.
pub(super) fn locate(text: &str, folder: &Path, env: &Env) -> Result<PathBuf> {
    let Some(rest) = text.strip_prefix("~/") else {
        return Ok(folder.join(text));
    };
    let home = env.get(HOME_VARIABLE).ok_or_else(|| {
        Error::usage(format!(
            "`{}` starts in a home folder that is not known",
            untrusted::one_line(text)
        ))
        .hint(format!("set {HOME_VARIABLE}, or write the whole path"))
    })?;
    Ok(Path::new(home).join(rest))
}

impl fmt::Display for DestinationSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            SpecKind::Code(kind) if kind.takes_text() => write!(f, "{}:{}", kind.name(), self.rest),
            SpecKind::Code(kind) => f.write_str(kind.name()),
            SpecKind::Described(name) => write!(f, "{name}:{}", self.rest),
        }
    }
}

impl FromStr for DestinationSpec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, rest) = match text.split_once(':') {
            Some((name, rest)) => (name, Some(rest)),
            None => (text, None),
        };
        let kind = registry::find(name).filter(|kind| kind.takes_text() == rest.is_some());
        let may_hold_newlines = kind.is_some_and(|kind| matches!(kind.names, Names::Program(_)));
        let rest = rest.unwrap_or_default();
        if rest.contains(|c: char| c.is_control() && !(may_hold_newlines && c.is_whitespace())) {
            return Err(malformed(text, kind, "it holds a control character"));
        }
        if registry::find(name).is_none() && is_described(name, rest) {
            return Ok(DestinationSpec {
                kind: SpecKind::Described(name.to_owned()),
                rest: rest.to_owned(),
                folder: None,
                login: None,
            });
        }
        let Some(kind) = kind else {
            return Err(unknown(text, &[]));
        };
        (kind.check)(rest).map_err(|why| malformed(text, Some(kind), &why))?;
        Ok(DestinationSpec {
            kind: SpecKind::Code(kind),
            rest: rest.to_owned(),
            folder: None,
            login: None,
        })
    }
}

impl TryFrom<SerializedSpec> for DestinationSpec {
    type Error = Error;

    fn try_from(written: SerializedSpec) -> Result<Self> {
        match written {
            SerializedSpec::Text(text) => text.parse(),
            SerializedSpec::Table {
                to,
                folder,
                profile,
            } => {
                let spec: DestinationSpec = to.parse()?;
                let runs = matches!(spec.kind.names(), Names::Program(_));
                let takes_login = spec.takes_login();
                Ok(DestinationSpec {
                    folder: folder.filter(|_| runs),
                    login: profile.filter(|_| takes_login),
                    ..spec
                })
            }
        }
    }
}

impl From<DestinationSpec> for SerializedSpec {
    fn from(spec: DestinationSpec) -> Self {
        let to = spec.to_string();
        match (spec.folder, spec.login) {
            (None, None) => SerializedSpec::Text(to),
            (folder, profile) => SerializedSpec::Table {
                to,
                folder,
                profile,
            },
        }
    }
}

/// Returns whether a text can be the address of a destination that a manifest describes. A secret that was pasted in its
/// place is longer, or has other letters, in nearly all cases.
fn is_described(name: &str, rest: &str) -> bool {
    let is_word = |name: &str| {
        name.chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    !rest.is_empty()
        && name.len() <= MAX_NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && is_word(name)
}

/// The longest name of a destination that a manifest describes.
const MAX_NAME: usize = 16;

/// Returns the error for a destination of no known kind; `described` are the forms of those that manifests describe.
pub(super) fn unknown(text: &str, described: &[String]) -> Error {
    let name = text.split_once(':').map(|(name, _)| name);
    // A secret that was pasted in place of a destination must not be printed.
    let message = match name.filter(|name| name.len() <= 16) {
        Some(name) => format!(
            "`{}:` is not a kind of destination",
            untrusted::one_line(name)
        ),
        None => "a destination needs its kind before a `:`".to_owned(),
    };
    let in_code = KINDS.iter().map(|kind| kind.syntax);
    let syntaxes: Vec<&str> = in_code
        .chain(described.iter().map(String::as_str))
        .collect();
    Error::usage(message).hint(format!("destinations are {}", syntaxes.join(", ")))
}

fn malformed(text: &str, kind: Option<&DestinationKind>, why: &str) -> Error {
    Error::usage(format!(
        "`{}` is not a destination: {why}",
        untrusted::one_line(text)
    ))
    .with_hints(kind.map(|kind| format!("write it as {}", kind.syntax)))
}

#[cfg(test)]
mod tests;
