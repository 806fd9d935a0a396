//! Parses and displays the destinations of `--to`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::core::error::{Error, Result};
use crate::core::untrusted;
use crate::platform::Env;

/// The syntaxes of a destination.
pub const SYNTAXES: [&str; 9] = [
    "stdout",
    "file:PATH",
    "dotenv:PATH#VAR",
    "profile:NAME",
    "keyring:SERVICE/ACCOUNT",
    "exec:COMMAND…",
    "github:OWNER/REPO[@ENVIRONMENT]#NAME",
    "github-env:NAME",
    "github-output:NAME",
];

/// A destination as the user wrote it: parsed from text, and displayed as the same text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "SerializedSpec", into = "SerializedSpec")]
pub enum DestinationSpec {
    /// Standard output: the secret and a newline.
    Stdout,
    /// A file that holds the secret and a newline.
    File {
        /// Its path; `~/` at its start is the home folder.
        path: String,
    },
    /// One variable of a dotenv file.
    Dotenv {
        /// The file's path; `~/` at its start is the home folder.
        path: String,
        /// The variable.
        variable: String,
    },
    /// The stored key of a profile.
    Profile {
        /// The profile.
        name: String,
    },
    /// An item of the system's keyring.
    Keyring {
        /// The service: the part before the last `/`.
        service: String,
        /// The account: the part after it.
        account: String,
    },
    /// A program that reads the secret on stdin.
    Exec(CommandLine),
    /// A secret of a GitHub repository, or of one of its environments.
    GitHub {
        /// The user or organisation.
        owner: String,
        /// The repository.
        repository: String,
        /// The environment, if the secret belongs to one.
        environment: Option<String>,
        /// The secret's name.
        name: String,
    },
    /// A variable for the later steps of a GitHub Actions job.
    GitHubEnv {
        /// The variable.
        name: String,
    },
    /// An output of a GitHub Actions step; GitHub drops a masked one from the outputs of the whole job.
    GitHubOutput {
        /// The output.
        name: String,
    },
}

/// A program and its arguments, split as a shell splits words; no shell ever reads them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandLine {
    text: String,
    words: Vec<String>,
    /// The folder that it runs in; the current one if none is set.
    folder: Option<String>,
}

/// A destination in its recorded form: its text, and the folder of a program beside it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SerializedSpec {
    Text(String),
    InFolder { to: String, folder: String },
}

impl CommandLine {
    /// Returns the program, then its arguments; the program is always there.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Returns the folder that it runs in, if one is set.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref().map(Path::new)
    }

    /// Returns the same, run in `folder`, unless it has a folder already.
    pub(super) fn run_in(&self, folder: &Path) -> Result<Self> {
        let folder = match &self.folder {
            Some(folder) => folder.clone(),
            None => utf8(folder.to_owned(), &self.text)?,
        };
        Ok(CommandLine {
            folder: Some(folder).filter(|folder| !folder.is_empty()),
            ..self.clone()
        })
    }
}

impl DestinationSpec {
    /// Returns the destination in the form to record, independent of the current folder. `~/` is expanded, and a
    /// relative path becomes relative to `folder`, in which a program runs.
    pub fn absolute(&self, folder: &Path, env: &Env) -> Result<Self> {
        let anchor = |path: &str| utf8(locate(path, folder, env)?, path);
        Ok(match self {
            DestinationSpec::File { path } => DestinationSpec::File {
                path: anchor(path)?,
            },
            DestinationSpec::Dotenv { path, variable } => DestinationSpec::Dotenv {
                path: anchor(path)?,
                variable: variable.clone(),
            },
            DestinationSpec::Exec(command) => DestinationSpec::Exec(command.run_in(folder)?),
            other => other.clone(),
        })
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
    let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let home = env.get(home).ok_or_else(|| {
        Error::usage(format!(
            "`{}` starts in a home folder that is not known",
            untrusted::one_line(text)
        ))
        .hint(format!("set {home}, or write the whole path"))
    })?;
    Ok(Path::new(home).join(rest))
}

impl fmt::Display for DestinationSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DestinationSpec::Stdout => f.write_str("stdout"),
            DestinationSpec::File { path } => write!(f, "file:{path}"),
            DestinationSpec::Dotenv { path, variable } => write!(f, "dotenv:{path}#{variable}"),
            DestinationSpec::Profile { name } => write!(f, "profile:{name}"),
            DestinationSpec::Keyring { service, account } => {
                write!(f, "keyring:{service}/{account}")
            }
            DestinationSpec::Exec(command) => write!(f, "exec:{}", command.text),
            DestinationSpec::GitHub {
                owner,
                repository,
                environment,
                name,
            } => {
                write!(f, "github:{owner}/{repository}")?;
                if let Some(environment) = environment {
                    write!(f, "@{environment}")?;
                }
                write!(f, "#{name}")
            }
            DestinationSpec::GitHubEnv { name } => write!(f, "github-env:{name}"),
            DestinationSpec::GitHubOutput { name } => write!(f, "github-output:{name}"),
        }
    }
}

impl FromStr for DestinationSpec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text == "stdout" {
            return Ok(DestinationSpec::Stdout);
        }
        let (kind, rest) = text.split_once(':').ok_or_else(|| unknown(text))?;
        if rest.contains(|c: char| c.is_control() && !(kind == "exec" && c.is_whitespace())) {
            return Err(malformed(text, kind, "it holds a control character"));
        }
        let parsed = match kind {
            "file" => file(rest),
            "dotenv" => dotenv(rest),
            "profile" if rest.is_empty() => Err("it names no profile".to_owned()),
            "profile" => Ok(DestinationSpec::Profile {
                name: rest.to_owned(),
            }),
            "keyring" => keyring(rest),
            "exec" => exec(rest),
            "github" => github(rest),
            "github-env" => github_env(rest),
            "github-output" => github_output(rest),
            "vault" => {
                return Err(
                    Error::usage("`vault:` destinations are not built yet").hint(
                        "hand the secret to the vault's own program: exec:vault kv put -mount=secret app key=-",
                    ),
                );
            }
            _ => return Err(unknown(text)),
        };
        parsed.map_err(|why| malformed(text, kind, &why))
    }
}

impl TryFrom<SerializedSpec> for DestinationSpec {
    type Error = Error;

    fn try_from(written: SerializedSpec) -> Result<Self> {
        match written {
            SerializedSpec::Text(text) => text.parse(),
            SerializedSpec::InFolder { to, folder } => match to.parse()? {
                DestinationSpec::Exec(command) => Ok(DestinationSpec::Exec(CommandLine {
                    folder: Some(folder),
                    ..command
                })),
                other => Ok(other),
            },
        }
    }
}

impl From<DestinationSpec> for SerializedSpec {
    fn from(spec: DestinationSpec) -> Self {
        let to = spec.to_string();
        match spec {
            DestinationSpec::Exec(CommandLine {
                folder: Some(folder),
                ..
            }) => SerializedSpec::InFolder { to, folder },
            _ => SerializedSpec::Text(to),
        }
    }
}

/// A destination, or the error in its text.
type Parsed = Result<DestinationSpec, String>;

fn file(rest: &str) -> Parsed {
    Ok(DestinationSpec::File { path: path(rest)? })
}

fn dotenv(rest: &str) -> Parsed {
    // The last `#` separates: a path may contain one, a variable may not.
    let (file, variable) = rest
        .rsplit_once('#')
        .ok_or("it names no variable behind a `#`")?;
    Ok(DestinationSpec::Dotenv {
        path: path(file)?,
        variable: name(variable)?,
    })
}

fn keyring(rest: &str) -> Parsed {
    // The last `/` separates: services are often addresses, accounts hardly ever.
    match rest.rsplit_once('/') {
        Some((service, account)) if !service.is_empty() && !account.is_empty() => {
            Ok(DestinationSpec::Keyring {
                service: service.to_owned(),
                account: account.to_owned(),
            })
        }
        _ => Err("it needs a service and an account".to_owned()),
    }
}

fn exec(rest: &str) -> Parsed {
    let words = shell_words::split(rest).map_err(|_| "a quote in it is not closed")?;
    if words.first().is_none_or(String::is_empty) {
        return Err("it names no program".to_owned());
    }
    if words.iter().any(|word| word.contains('\0')) {
        return Err("it holds a control character".to_owned());
    }
    Ok(DestinationSpec::Exec(CommandLine {
        text: rest.to_owned(),
        words,
        folder: None,
    }))
}

fn github(rest: &str) -> Parsed {
    let (place, secret) = rest
        .rsplit_once('#')
        .ok_or("it names no secret behind a `#`")?;
    let secret = name(secret)?;
    if secret.to_ascii_uppercase().starts_with("GITHUB_") {
        return Err("GitHub allows no secret whose name starts with `GITHUB_`".to_owned());
    }
    let (place, environment) = match place.split_once('@') {
        Some((_, "")) => return Err("it names no environment behind the `@`".to_owned()),
        Some((place, environment)) => (place, Some(environment.to_owned())),
        None => (place, None),
    };
    match place.split_once('/') {
        Some((owner, repository)) if is_part(owner) && is_part(repository) => {
            Ok(DestinationSpec::GitHub {
                owner: owner.to_owned(),
                repository: repository.to_owned(),
                environment,
                name: secret,
            })
        }
        _ => Err("it needs an owner and a repository".to_owned()),
    }
}

fn github_env(rest: &str) -> Parsed {
    let name = name(rest)?;
    let upper = name.to_ascii_uppercase();
    if upper.starts_with("GITHUB_") || upper.starts_with("RUNNER_") || upper == "NODE_OPTIONS" {
        return Err(format!("GitHub reserves the variable `{name}`"));
    }
    Ok(DestinationSpec::GitHubEnv { name })
}

fn github_output(rest: &str) -> Parsed {
    // Unlike a variable, an output may have a `-` after its first character.
    name(&rest.replace('-', "_"))?;
    if rest.starts_with('-') {
        return Err("it starts with a `-`".to_owned());
    }
    Ok(DestinationSpec::GitHubOutput {
        name: rest.to_owned(),
    })
}

fn path(text: &str) -> Result<String, String> {
    match text {
        "" | "~/" => Err("it names no file".to_owned()),
        text if text.ends_with('/') => Err("its path is a folder's".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// Checks for a name that every shell and every loader accepts.
fn name(text: &str) -> Result<String, String> {
    let fits = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if fits {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{}` is not a name of letters, digits and `_` that starts without a digit",
        untrusted::one_line(text)
    ))
}

fn is_part(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && !text.starts_with(['-', '.']) && text.chars().all(fits)
}

fn unknown(text: &str) -> Error {
    // A secret that was pasted in place of a destination must not be printed.
    let kind = text.split_once(':').map(|(kind, _)| kind);
    let message = match kind.filter(|kind| kind.len() <= 16) {
        Some(kind) => format!(
            "`{}:` is not a kind of destination",
            untrusted::one_line(kind)
        ),
        None => "a destination needs its kind before a `:`".to_owned(),
    };
    Error::usage(message).hint(format!("destinations are {}", SYNTAXES.join(", ")))
}

fn malformed(text: &str, kind: &str, why: &str) -> Error {
    let form = SYNTAXES
        .into_iter()
        .find(|form| form.split(':').next() == Some(kind));
    Error::usage(format!(
        "`{}` is not a destination: {why}",
        untrusted::one_line(text)
    ))
    .with_hints(form.map(|form| format!("write it as {form}")))
}

#[cfg(test)]
mod tests;
