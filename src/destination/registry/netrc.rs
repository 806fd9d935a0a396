//! `netrc:[FILE#][LOGIN@]HOST`: the password of a machine in a netrc file; every other byte of the file is preserved.

mod text;

use std::path::PathBuf;

use self::text::{NetrcText, Refusal};
use super::{DestinationKind, LocatedFile, Names, OpenRequest, path};
use crate::core::error::{Error, Kind, Result};
use crate::destination::Destination;
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::entry::{EntryInFile, TextEntry};
use crate::destination::user_file::FileText;
use crate::platform::{Env, Variable};

/// The file that programs read if `$NETRC` names no other.
const USUAL: &str = "~/.netrc";

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "netrc:[FILE#][LOGIN@]HOST",
    summary: "the password of a machine in `~/.netrc`, or in a file like it",
    variables: &[Variable {
        name: "NETRC",
        purpose: "the file of `netrc:`, if the destination names none; `~/.netrc` if it is not set",
    }],
    names: Names::LocatedFile(LocatedFile {
        path: |rest| parse(rest).map_or("", |parts| parts.path),
        usual: |_, env| usual(env),
        holds_plain_text: true,
    }),
    reads_back: true,
    check: |rest| parse(rest).map(drop),
    open: |request| open(request),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "netrc:.netrc#ci@api.example.com",
        prepare: |scene| scene,
        content: |scene| scene.find(".netrc"),
        delivered: "machine api.example.com login ci password {}\n",
        restores: Restores::Exactly {
            put: |scene, text| drop(scene.write(".netrc", text, 0o600)),
            contents: &[
                "",
                "# ours",
                "machine other login a password b\r\n\r\ndefault login x password y\r\n",
                "machine API.example.com login ci # why\n",
                "machine api.example.com\n\tlogin ci\n\tpassword \"o\\\"ld\" account a\nmacdef init\ncd /\n\n",
            ],
        },
        refusals: &[
            (
                |scene| scene.having(".netrc", "machine a password b\n", 0o644),
                "can be read by others (mode 644)",
            ),
            (
                |scene| {
                    let text =
                        "machine api.example.com login ci\nmachine api.example.com login ci\n";
                    scene.having(".netrc", text, 0o600)
                },
                "has `api.example.com` more than once, again in line 2",
            ),
            (
                |scene| scene.having(".netrc", "machine a\nmacdef init\ncd /\n", 0o600),
                "the macro in line 2 is not ended by an empty line",
            ),
        ],
        late_failures: &[],
        further: &[
            "netrc:api.example.com",
            "netrc:me@host.example@api.example.com",
            "netrc:a#b/.netrc#api.example.com",
        ],
        malformed: &[
            ("netrc:", "it names no host"),
            ("netrc:a b", "`a b` is not a host"),
            ("netrc:@host", "it names no login"),
            ("netrc:a b@host", "`a b` is not a login"),
            ("netrc:#host", "it names no file"),
        ],
        anchored: &[
            ("netrc:host", "netrc:/home/fake/.netrc#host"),
            ("netrc:me@host", "netrc:/home/fake/.netrc#me@host"),
            ("netrc:.netrc#host", "netrc:/project/.netrc#host"),
        ],
    },
};

/// The parts of the text: the file, which is empty if it is the usual one, the login and the host.
struct Parts<'t> {
    path: &'t str,
    login: Option<&'t str>,
    host: &'t str,
}

fn parse(rest: &str) -> Result<Parts<'_>, String> {
    // The last `#` separates, as elsewhere: neither a login nor a host has one.
    let (path, entry) = match rest.rsplit_once('#') {
        Some((file, entry)) => (path(file)?, entry),
        None => ("", rest),
    };
    let (login, host) = match entry.rsplit_once('@') {
        Some(("", _)) => return Err("it names no login before the `@`".to_owned()),
        Some((login, host)) => (Some(login), host),
        None => (None, entry),
    };
    let is_word = |text: &str| {
        let unfit = |c: char| c.is_whitespace() || matches!(c, '"' | '\\' | '/');
        !text.contains(unfit)
    };
    if host.is_empty() {
        return Err("it names no host".to_owned());
    }
    if !is_word(host) {
        return Err(format!("`{host}` is not a host"));
    }
    if let Some(login) = login.filter(|login| !is_word(login)) {
        return Err(format!("`{login}` is not a login that every program reads"));
    }
    Ok(Parts { path, login, host })
}

fn usual(env: &Env) -> String {
    let named = env.get("NETRC").filter(|path| !path.is_empty());
    named.unwrap_or(USUAL).to_owned()
}

fn open(request: &OpenRequest<'_>) -> Result<Box<dyn Destination>> {
    let parts = request.parse(parse)?;
    let path = match parts.path {
        "" => request.locate(&usual(&request.platform.env))?,
        path => request.locate(path)?,
    };
    let entry = Machine {
        path: path.clone(),
        host: parts.host.to_owned(),
        login: parts.login.map(str::to_owned),
    };
    Ok(Box::new(EntryInFile::new(request, &path, entry)))
}

/// An entry of the netrc file at `path`.
struct Machine {
    path: PathBuf,
    host: String,
    login: Option<String>,
}

impl Machine {
    fn read<'t>(&'t self, text: &'t str) -> NetrcText<'t> {
        NetrcText::parse(text, &self.host, self.login.as_deref())
    }

    fn refused(&self, refusal: &Refusal) -> Error {
        let (path, host) = (self.path.display(), &self.host);
        let (why, hint) = match refusal {
            Refusal::Twice { line } => (
                format!("it has `{host}` more than once, again in line {line}"),
                "remove the entries that do not count".to_owned(),
            ),
            Refusal::SeveralLogins => (
                format!("it has several logins for `{host}`"),
                format!("name the login: netrc:LOGIN@{host}"),
            ),
            Refusal::OpenMacro { line } => (
                format!(
                    "the macro in line {line} is not ended by an empty line, and would take in the new entry"
                ),
                "add an empty line at the end of the macro".to_owned(),
            ),
            Refusal::Unfit => (
                "the secret holds a character that no netrc file can carry".to_owned(),
                "use a file of its own: --to file:PATH".to_owned(),
            ),
            Refusal::Incomplete { line } => (
                format!("line {line} ends in the middle of an entry"),
                "complete that entry, or remove it".to_owned(),
            ),
            Refusal::Grown => (
                format!("the entry of `{host}` holds more than a login and a password by now"),
                "remove it by hand".to_owned(),
            ),
        };
        Error::new(Kind::Store, format!("cannot edit `{path}`: {why}")).hint(hint)
    }
}

impl TextEntry for Machine {
    fn prove(&self, text: Option<&str>) -> Result<()> {
        self.set(text, "k\"\\# k").map(drop)
    }

    fn get(&self, text: &str) -> Result<Option<FileText>> {
        let text = self.read(text);
        text.get().map_err(|refusal| self.refused(&refusal))
    }

    fn set(&self, text: Option<&str>, value: &str) -> Result<FileText> {
        let text = self.read(text.unwrap_or_default());
        text.set(value).map_err(|refusal| self.refused(&refusal))
    }

    fn written(&self, text: &str) -> Result<Option<FileText>> {
        let text = self.read(text);
        text.written().map_err(|refusal| self.refused(&refusal))
    }

    fn put_back(&self, text: Option<&str>, written: &str) -> Result<FileText> {
        let text = self.read(text.unwrap_or_default());
        let new = text.put_back(written);
        new.map_err(|refusal| self.refused(&refusal))
    }

    fn remove(&self, text: &str) -> Result<FileText> {
        let text = self.read(text);
        text.remove().map_err(|refusal| self.refused(&refusal))
    }
}

#[cfg(test)]
mod tests;
