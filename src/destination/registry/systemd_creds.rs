//! `systemd-creds:[FILE#]NAME`: an encrypted credential of systemd, which `systemd-creds` encrypts for this machine.

use super::{DestinationKind, LocatedFile, Names, OpenRequest, path};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::process::SecretConsumer;
use crate::destination::user_file::{FileText, UserFile};
use crate::destination::{
    Destination, StoredContent, exact_bytes, nothing_to_restore, saved_value,
};
use crate::platform::{PROGRAM_TIMEOUT, Platform};
use crate::report::log::Log;

/// The folder in which `LoadCredentialEncrypted=NAME` of a unit finds `NAME`.
const USUAL_FOLDER: &str = "/etc/credstore.encrypted";

/// The value that proves that the machine's key can be used.
const PLACEHOLDER: &str = "not-a-secret";

/// The longest name of a credential.
const MAX_NAME: usize = 255;

/// The mark before the saved text of the file.
const WRITTEN: &str = "=";

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "systemd-creds:[FILE#]NAME",
    summary: "a credential of systemd, encrypted for this machine",
    variables: &[],
    names: Names::LocatedFile(LocatedFile {
        path: |rest| parse(rest).map_or("", |(path, _)| path),
        usual: |name, _| usual(name),
        holds_plain_text: false,
    }),
    reads_back: true,
    check: |rest| parse(rest).map(drop),
    open: |request| Ok(Box::new(Credential::new(request)?)),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "systemd-creds:app.cred#app-key",
        prepare: |scene| scene.having_program("systemd-creds", stand_in::PROGRAM),
        content: |scene| Some(stand_in::decrypted(&scene.find("app.cred")?)),
        delivered: "{}",
        restores: Restores::Exactly {
            put: |scene, text| {
                drop(scene.write("app.cred", &stand_in::encrypted(text), 0o644));
            },
            contents: &["old", "", "two\nlines\n"],
        },
        refusals: &[
            (
                |scene| scene.with("PATH", "/nowhere"),
                "there is no `systemd-creds`",
            ),
            (
                |scene| scene.having_program("systemd-creds", "echo no key >&2; exit 1"),
                "`systemd-creds` failed",
            ),
        ],
        late_failures: &[(
            |scene| scene.program("systemd-creds", "exit 1"),
            Kind::Store,
        )],
        further: &[
            "systemd-creds:app-key",
            "systemd-creds:/run/credstore.encrypted/db.pw#db.pw",
        ],
        malformed: &[
            ("systemd-creds:", "it names no credential"),
            ("systemd-creds:a/b", "`a/b` is not the name of a credential"),
            ("systemd-creds:..", "`..` is not the name of a credential"),
            ("systemd-creds:a:b", "is not the name of a credential"),
            ("systemd-creds:#a", "it names no file"),
        ],
        anchored: &[
            (
                "systemd-creds:key",
                "systemd-creds:/etc/credstore.encrypted/key#key",
            ),
            (
                "systemd-creds:a.cred#key",
                "systemd-creds:/project/a.cred#key",
            ),
        ],
    },
};

/// Returns the path of the file, which is empty for the usual one, and the name of the credential.
fn parse(rest: &str) -> Result<(&str, &str), String> {
    let (path, name) = match rest.rsplit_once('#') {
        Some((file, name)) => (path(file)?, name),
        None => ("", rest),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+');
    if name.is_empty() {
        return Err("it names no credential".to_owned());
    }
    let is_name = name.chars().all(fits) && !name.starts_with('-') && !matches!(name, "." | "..");
    if !is_name || name.len() > MAX_NAME {
        return Err(format!("`{name}` is not the name of a credential"));
    }
    Ok((path, name))
}

fn usual(name: &str) -> String {
    format!("{USUAL_FOLDER}/{name}")
}

struct Credential {
    shown: String,
    name: String,
    place: UserFile,
    platform: Platform,
    log: Log,
}

impl Credential {
    fn new(request: &OpenRequest<'_>) -> Result<Self> {
        let (path, name) = request.parse(parse)?;
        let path = match path {
            "" => request.locate(&usual(name))?,
            path => request.locate(path)?,
        };
        Ok(Credential {
            shown: request.shown.clone(),
            name: name.to_owned(),
            place: UserFile::encrypted(path, request.platform),
            platform: request.platform.clone(),
            log: request.log.clone(),
        })
    }

    /// Passes a text through `systemd-creds encrypt` or `decrypt`.
    fn passed(&self, verb: &str, text: &Secret) -> Result<FileText> {
        let name = format!("--name={}", self.name);
        let words = ["systemd-creds", verb, &name, "-", "-"].map(str::to_owned);
        let child = SecretConsumer {
            platform: &self.platform,
            log: &self.log,
            words: &words,
            env: &[],
            timeout: PROGRAM_TIMEOUT,
            shown: &self.shown,
        };
        child.filter(Some(text)).map_err(|error| {
            error.hint("the key of the machine is root's: run this as root, or through sudo")
        })
    }

    fn encrypted(&self, secret: &Secret) -> Result<FileText> {
        let text = self.passed("encrypt", secret)?;
        if text.trim().is_empty() {
            let why = format!("`systemd-creds` wrote nothing for `{}`", self.shown);
            return Err(Error::new(Kind::Store, why).hint("see: systemd-creds --version"));
        }
        Ok(text)
    }

    fn decrypted(&self, text: &str) -> Result<Secret> {
        let value = self.passed("decrypt", &Secret::new(text))?;
        Ok(Secret::new(value.as_str()))
    }

    fn check_program(&self) -> Result<()> {
        if self.platform.programs.which("systemd-creds").is_some() {
            return Ok(());
        }
        let why = format!(
            "cannot encrypt `{}`: there is no `systemd-creds` on PATH",
            self.shown
        );
        Err(Error::new(Kind::Store, why).hint("it comes with systemd 250 and later"))
    }
}

impl Destination for Credential {
    fn describe(&self) -> String {
        self.shown.clone()
    }

    fn can_read(&self) -> bool {
        true
    }

    fn probe(&self) -> Result<()> {
        self.check_program()?;
        self.place.probe()?;
        let text = self.encrypted(&Secret::new(PLACEHOLDER))?;
        self.decrypted(&text).map(drop)
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        self.log.register_secret(secret);
        self.check_program()?;
        let text = self.encrypted(secret)?;
        self.place.edit(|_| Ok(Some(text)))
    }

    fn read(&self) -> Result<StoredContent> {
        let Some(text) = self.place.read()? else {
            return Ok(StoredContent::Absent);
        };
        // Of another machine, or for another name: it is there, and nobody here can say what it is.
        let value = self.decrypted(&text);
        Ok(value.map_or(StoredContent::Unreadable, StoredContent::Value))
    }

    fn snapshot(&self) -> Result<StoredContent> {
        let Some(text) = self.place.read()? else {
            return Ok(StoredContent::Absent);
        };
        // The bytes come back even if their value is not known.
        let value = self.decrypted(&text);
        let value = value.unwrap_or_else(|_| Secret::new(""));
        let whole = FileText::new([WRITTEN, text.as_str()].concat());
        Ok(StoredContent::Value(exact_bytes::with_text(&value, &whole)))
    }

    fn restore(&self, previous: &StoredContent) -> Result<()> {
        let text = match previous {
            StoredContent::Value(saved) => {
                let text = exact_bytes::text_of(saved);
                let text = text.and_then(|text| text.strip_prefix(WRITTEN));
                match text {
                    Some(text) => Some(FileText::new(text.to_owned())),
                    None => Some(self.encrypted(&saved_value(saved))?),
                }
            }
            StoredContent::Absent => None,
            StoredContent::Digest(_) | StoredContent::Unreadable => {
                return Err(nothing_to_restore(&self.shown));
            }
        };
        self.place.edit(|_| Ok(text))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod stand_in;
#[cfg(test)]
#[cfg(unix)]
mod tests;
