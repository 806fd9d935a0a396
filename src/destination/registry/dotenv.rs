//! `dotenv:PATH#VAR`: one variable of a dotenv file; every other byte of the file is preserved.

mod quoting;
mod text;

use std::path::PathBuf;

use zeroize::Zeroizing;

use self::text::{DotenvText, EditError};
use super::{DestinationKind, Names, name, path};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::entry::{EntryInFile, TextEntry};
use crate::destination::user_file::FileText;

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "dotenv:PATH#VAR",
    summary: "one variable of a dotenv file",
    variables: &[],
    names: Names::File(|rest| parse(rest).map_or("", |(path, _)| path)),
    reads_back: true,
    check: |rest| parse(rest).map(drop),
    open: |request| {
        let (path, name) = request.parse(parse)?;
        let (path, name) = (request.locate(path)?, name.to_owned());
        let variable = Variable { path, name };
        let path = variable.path.clone();
        Ok(Box::new(EntryInFile::new(request, &path, variable)))
    },
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

/// A variable of the dotenv file at `path`.
struct Variable {
    path: PathBuf,
    name: String,
}

impl Variable {
    fn refused(&self, refusal: &EditError) -> Error {
        let (path, variable) = (self.path.display(), &self.name);
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

impl TextEntry for Variable {
    fn prove(&self, text: Option<&str>) -> Result<()> {
        DotenvText::parse(text.unwrap_or_default())
            .prove(&self.name)
            .map_err(|refusal| self.refused(&refusal))
    }

    fn get(&self, text: &str) -> Result<Option<FileText>> {
        DotenvText::parse(text)
            .get(&self.name)
            .map_err(|refusal| self.refused(&refusal))
    }

    fn set(&self, text: Option<&str>, value: &str) -> Result<FileText> {
        DotenvText::parse(text.unwrap_or_default())
            .set(&self.name, value)
            .map_err(|refusal| self.refused(&refusal))
    }

    fn written(&self, text: &str) -> Result<Option<FileText>> {
        DotenvText::parse(text)
            .written(&self.name)
            .map_err(|refusal| self.refused(&refusal))
    }

    fn put_back(&self, text: Option<&str>, written: &str) -> Result<FileText> {
        DotenvText::parse(text.unwrap_or_default())
            .put_back(&self.name, written)
            .map_err(|refusal| self.refused(&refusal))
    }

    fn remove(&self, text: &str) -> Result<FileText> {
        DotenvText::parse(text)
            .remove(&self.name)
            .map_err(|refusal| self.refused(&refusal))
    }

    fn warning(&self, text: &str) -> Option<String> {
        let earlier = DotenvText::parse(text).earlier_lines(&self.name);
        let lines: Vec<String> = earlier.iter().map(ToString::to_string).collect();
        (!lines.is_empty()).then(|| {
            format!(
                "`{}` sets `{}` more than once: the last line counts and was written; remove line {}",
                self.path.display(),
                self.name,
                lines.join(", ")
            )
        })
    }
}

#[cfg(test)]
mod tests;
