//! `dotenv:PATH#VAR`: one variable of a dotenv file; every other byte of the file is preserved.

mod quoting;
mod text;

use std::path::PathBuf;

use zeroize::Zeroizing;

use self::text::{DotenvText, EditError};
use super::{DestinationKind, Names, OpenRequest, name, path};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::user_file::UserFile;
use crate::destination::{Destination, StoredContent, exact_bytes, git, nothing_to_restore};
use crate::platform::Platform;
use crate::report::log::Log;

/// The saved form of an empty file; a written variable is never empty.
const EMPTY_FILE: &str = "";

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "dotenv:PATH#VAR",
    summary: "one variable of a dotenv file",
    variables: &[],
    names: Names::File(|rest| parse(rest).map_or("", |(path, _)| path)),
    check: |rest| parse(rest).map(drop),
    open: |request| Ok(Box::new(DotenvDestination::new(request)?)),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "dotenv:.env#K",
        prepare: |scene| scene,
        content: |scene| scene.find(".env"),
        delivered: "K={}\n",
        restores: Restores::Exactly {
            put: |scene, text| drop(scene.write(".env", text, 0o600)),
            contents: &[
                "",
                "A=1\r\n",
                "K=${BASE}-old\n",
                "A=1\nK=\"a\\nb\"#c",
                "# ours\r\nexport K='old' # rotate me\r\nB=2\r\n",
            ],
        },
        refusals: &[
            (
                |scene| scene.having(".env", "K=old\n", 0o640),
                "can be read by others (mode 640)",
            ),
            (
                |scene| scene.having(".env", "K='a'\"b\"\n", 0o600),
                "line 1 sets `K`",
            ),
        ],
        late_failures: &[],
        further: &["dotenv:.env#API_KEY", "dotenv:odd#folder/.env#_x1"],
        malformed: &[
            ("dotenv:.env", "it names no variable"),
            ("dotenv:.env#1A", "`1A` is not a name"),
            ("dotenv:.env#A-B", "`A-B` is not a name"),
            ("dotenv:#A", "it names no file"),
        ],
        anchored: &[
            ("dotenv:~/.env#V", "dotenv:/home/fake/.env#V"),
            ("dotenv:a#b/.env#V", "dotenv:/project/a#b/.env#V"),
        ],
    },
};

/// Returns the line of a dotenv file that sets a variable; `None` if no line can hold the value.
pub fn dotenv_line(name: &str, value: &Secret) -> Option<Zeroizing<String>> {
    let text = DotenvText::parse("").set(name, value.expose()).ok()?;
    Some(Zeroizing::new(text.trim_end_matches('\n').to_owned()))
}

fn parse(rest: &str) -> Result<(&str, &str), String> {
    // The last `#` separates: a path may contain one, a variable may not.
    let (file, variable) = rest
        .rsplit_once('#')
        .ok_or("it names no variable behind a `#`")?;
    Ok((path(file)?, name(variable)?))
}

struct DotenvDestination {
    shown: String,
    path: PathBuf,
    place: UserFile,
    variable: String,
    platform: Platform,
    log: Log,
}

impl DotenvDestination {
    fn new(request: &OpenRequest<'_>) -> Result<Self> {
        let (path, variable) = request.parse(parse)?;
        let path = request.locate(path)?;
        Ok(DotenvDestination {
            shown: request.shown.clone(),
            place: UserFile::new(path.clone(), request.platform),
            path,
            variable: variable.to_owned(),
            platform: request.platform.clone(),
            log: request.log.clone(),
        })
    }

    fn set(&self, secret: &Secret) -> Result<()> {
        let mut earlier = Vec::new();
        self.place.edit(|old| {
            let document = DotenvText::parse(old.unwrap_or_default());
            let new = document
                .set(&self.variable, secret.expose())
                .map_err(|refusal| self.refused(&refusal))?;
            earlier = document.earlier_lines(&self.variable);
            Ok(Some(new))
        })?;
        if !earlier.is_empty() {
            let lines: Vec<String> = earlier.iter().map(ToString::to_string).collect();
            self.log.warn(&format!(
                "`{}` sets `{}` more than once: the last line counts and was written; remove line {}",
                self.path.display(),
                self.variable,
                lines.join(", ")
            ));
        }
        Ok(())
    }

    /// Removes the variable; a file that becomes empty is deleted, too, unless it existed before.
    fn remove(&self, was_there: bool) -> Result<()> {
        self.place.edit(|old| {
            let Some(old) = old else { return Ok(None) };
            let new = DotenvText::parse(old)
                .remove(&self.variable)
                .map_err(|refusal| self.refused(&refusal))?;
            Ok((was_there || !new.is_empty()).then_some(new))
        })
    }

    fn value(&self, text: &str) -> Result<StoredContent> {
        let found = DotenvText::parse(text)
            .get(&self.variable)
            .map_err(|refusal| self.refused(&refusal))?;
        Ok(match found {
            Some(value) => StoredContent::Value(Secret::new(value.as_str())),
            None => StoredContent::Absent,
        })
    }

    fn refused(&self, refusal: &EditError) -> Error {
        let (path, variable) = (self.path.display(), &self.variable);
        match refusal {
            EditError::Odd { line } => Error::new(
                Kind::Store,
                format!(
                    "cannot edit `{path}`: line {line} sets `{variable}` to more than one plain or quoted value"
                ),
            )
            .hint(format!("write that line as {variable}=VALUE")),
            EditError::Unfit => Error::new(
                Kind::Store,
                format!(
                    "cannot write `{variable}` to `{path}`: the secret holds a character that no dotenv file can carry"
                ),
            )
            .hint("use a file of its own: --to file:PATH"),
            EditError::Open { line } => Error::new(
                Kind::Store,
                format!(
                    "cannot write `{variable}` to `{path}`: the quote in line {line} is never closed, and would take in the new value"
                ),
            )
            .hint(format!("close the quote in line {line} of `{path}`, or use a file of its own: --to file:PATH")),
        }
    }
}

impl Destination for DotenvDestination {
    fn describe(&self) -> String {
        self.shown.clone()
    }

    fn can_read(&self) -> bool {
        true
    }

    fn probe(&self) -> Result<()> {
        if let Some(text) = self.place.probe()? {
            let document = DotenvText::parse(&text);
            document
                .prove(&self.variable)
                .map_err(|refusal| self.refused(&refusal))?;
        }
        git::warn_if_not_ignored(&self.place.target()?, &self.platform, &self.log);
        Ok(())
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        self.set(secret)
    }

    fn read(&self) -> Result<StoredContent> {
        match self.place.read()? {
            Some(text) => self.value(&text),
            None => Ok(StoredContent::Absent),
        }
    }

    fn snapshot(&self) -> Result<StoredContent> {
        let Some(text) = self.place.read()? else {
            return Ok(StoredContent::Absent);
        };
        let document = DotenvText::parse(&text);
        let refused = |refusal| self.refused(&refusal);
        let written = document.written(&self.variable).map_err(refused)?;
        let value = document.get(&self.variable).map_err(refused)?;
        Ok(match (value, written) {
            (Some(value), Some(written)) => StoredContent::Value(exact_bytes::with_text(
                &Secret::new(value.as_str()),
                &written,
            )),
            // Nothing is written in it, but the file exists.
            _ if text.is_empty() => {
                StoredContent::Value(exact_bytes::with_text(&Secret::new(""), EMPTY_FILE))
            }
            _ => StoredContent::Absent,
        })
    }

    fn restore(&self, previous: &StoredContent) -> Result<()> {
        match previous {
            StoredContent::Value(saved) => match exact_bytes::text_of(saved) {
                Some(EMPTY_FILE) => self.remove(true),
                Some(text) => self.place.edit(|old| {
                    let document = DotenvText::parse(old.unwrap_or_default());
                    let new = document.put_back(&self.variable, text);
                    new.map(Some).map_err(|refusal| self.refused(&refusal))
                }),
                None => self.set(saved),
            },
            StoredContent::Absent => self.remove(false),
            StoredContent::Unreadable => Err(nothing_to_restore(&self.shown)),
        }
    }
}

#[cfg(test)]
mod tests;
