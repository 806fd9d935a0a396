//! `sops:FILE#/POINTER`: one string of a file that `sops` encrypts; the program itself reads and writes the value.

mod document;
#[cfg(test)]
#[cfg(unix)]
mod stand_in;

use std::path::PathBuf;

use self::document::SopsDocument;
use super::{DestinationKind, LocatedFile, Names, OpenRequest};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
#[cfg(all(test, unix))]
use crate::destination::conformance::{Fixture, Restores};
use crate::destination::process::SecretConsumer;
use crate::destination::user_file::{FileText, UserFile};
use crate::destination::{
    Destination, StoredContent, exact_bytes, nothing_to_restore, saved_value, structured,
};
use crate::platform::files;
use crate::platform::{PROGRAM_TIMEOUT, Platform};
use crate::report::log::Log;

/// The first version whose `set` reads a value from stdin.
const FIRST_VERSION: (u32, u32) = (3, 11);

/// Keeps `sops --version` from asking the network for a newer one.
const ENV: [(&str, &str); 1] = [("SOPS_DISABLE_VERSION_CHECK", "1")];

/// The value that proves a file to be writable; it is written to a copy.
const PLACEHOLDER: &str = "not-a-secret";

/// The mark before the saved text of a file that had the entry, and of one that had not.
const WITH_ENTRY: &str = "=";
const WITHOUT_ENTRY: &str = "-";

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "sops:FILE#/POINTER",
    summary: "one string of a YAML or JSON file that `sops` encrypts",
    variables: &[],
    names: Names::LocatedFile(LocatedFile {
        path: structured::path_of,
        usual: |_, _| String::new(),
        holds_plain_text: false,
    }),
    reads_back: true,
    check: |rest| parse(rest).map(drop),
    open: |request| Ok(Box::new(SopsEntry::new(request)?)),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "sops:app.enc.json#/key",
        prepare: |scene| {
            let scene = scene.having_program("sops", stand_in::PROGRAM);
            scene.having("app.enc.json", stand_in::EMPTY, 0o644)
        },
        content: |scene| {
            let text = scene.find("app.enc.json")?;
            (text != stand_in::EMPTY).then(|| stand_in::decrypted(&text))
        },
        delivered: "{\"a\":\"1\",\"key\":\"{}\"}",
        restores: Restores::Exactly {
            put: |scene, text| {
                let text = stand_in::encrypted(text);
                drop(scene.write("app.enc.json", &text, 0o644));
            },
            contents: &["{\"a\":\"1\",\"key\":\"old\"}", "{\"a\":\"2\"}"],
        },
        refusals: &[
            (|scene| scene.with("PATH", "/nowhere"), "there is no `sops`"),
            (
                |scene| scene.having_program("sops", "echo sops 3.10.2"),
                "`sops` 3.10.2 is too old",
            ),
            (
                |scene| scene.having("app.enc.json", "{\"key\": \"old\"}", 0o600),
                "`sops` has not encrypted it",
            ),
            (
                |scene| {
                    let text = stand_in::encrypted("{\"key\":{}}");
                    scene.having("app.enc.json", &text, 0o600)
                },
                "`/key` is an object, not a string",
            ),
            (
                |scene| {
                    let text = stand_in::EMPTY.replace("type:str", "type:int");
                    let text = text.replace("\"a\"", "\"key\"");
                    scene.having("app.enc.json", &text, 0o600)
                },
                "`/key` is not a string",
            ),
            (
                |scene| {
                    scene.having_program(
                        "sops",
                        "case $1 in set) exit 128;; *) echo sops 3.11.0;; esac",
                    )
                },
                "`sops` failed",
            ),
        ],
        late_failures: &[(
            |scene| scene.program("sops", "case $1 in set) exit 1;; esac"),
            Kind::Store,
        )],
        further: &["sops:secrets/app.yaml#/api/0/key", "sops:a.yml#/k"],
        malformed: &[
            ("sops:a.yaml", "it needs a pointer"),
            (
                "sops:a.txt#/k",
                "`sops:` takes files named `.yaml`, `.yml` or `.json`",
            ),
            ("sops:a.yaml#/a[0]", "`sops` cannot address a name with `[`"),
        ],
        anchored: &[("sops:~/a.yaml#/k", "sops:/home/fake/a.yaml#/k")],
    },
};

fn parse(rest: &str) -> Result<(&str, Vec<String>), String> {
    let (path, parts) = structured::parse(rest)?;
    if document::format(path).is_none() {
        return Err("`sops:` takes files named `.yaml`, `.yml` or `.json`".to_owned());
    }
    if parts.iter().any(|part| part.contains('[')) {
        return Err("`sops` cannot address a name with `[`".to_owned());
    }
    Ok((path, parts))
}

struct SopsEntry {
    shown: String,
    path: PathBuf,
    place: UserFile,
    /// The folder of the copy that `sops` changes.
    scratch: PathBuf,
    parts: Vec<String>,
    platform: Platform,
    log: Log,
}

impl SopsEntry {
    fn new(request: &OpenRequest<'_>) -> Result<Self> {
        let (path, parts) = request.parse(parse)?;
        let path = request.locate(path)?;
        let mut platform = request.platform.clone();
        // `.sops.yaml` is looked for from there upwards.
        if let Some(folder) = path.parent() {
            platform.programs = platform.programs.in_folder(folder);
        }
        Ok(SopsEntry {
            shown: request.shown.clone(),
            place: UserFile::encrypted(path.clone(), request.platform),
            scratch: request.platform.dirs.state.join("sops"),
            path,
            parts,
            platform,
            log: request.log.clone(),
        })
    }

    fn sops(&self, words: &[&str], stdin: Option<&Secret>) -> Result<FileText> {
        let words: Vec<String> = ["sops"]
            .iter()
            .chain(words)
            .map(ToString::to_string)
            .collect();
        let child = SecretConsumer {
            platform: &self.platform,
            log: &self.log,
            words: &words,
            env: &ENV,
            timeout: PROGRAM_TIMEOUT,
            shown: &self.shown,
        };
        child.filter(stdin)
    }

    /// Reads the text of the file.
    fn document<'t>(&'t self, text: Option<&'t str>) -> Result<SopsDocument> {
        let Some(text) = text else {
            return Err(self.refused("there is no such file").hint(format!(
                "write and encrypt it first: sops edit {}",
                self.path.display()
            )));
        };
        SopsDocument::read(text, &self.path, &self.parts)
            .map_err(|(why, hint)| self.refused(&why).hint(hint))
    }

    fn refused(&self, why: &str) -> Error {
        Error::new(
            Kind::Store,
            format!("cannot edit `{}`: {why}", self.path.display()),
        )
    }

    /// Returns the text with another value, or without the entry. `sops` works on a copy, so that the file is replaced
    /// as a whole.
    fn changed(&self, text: &str, value: Option<&Secret>) -> Result<FileText> {
        let document = self.document(Some(text))?;
        let name = self.path.file_name().unwrap_or_default();
        files::create_private_folder(&self.scratch)?;
        let path = self.scratch.join(name);
        let copy = UserFile::encrypted(path.clone(), &self.platform);
        copy.edit(|_| Ok(Some(FileText::new(text.to_owned()))))?;
        let shown = path.display().to_string();
        let done = match value {
            Some(value) => {
                // A string is always JSON.
                let json = serde_json::to_string(value.expose()).map(Secret::new);
                let json = json.map_err(|_| self.refused("the value cannot be passed on"))?;
                self.sops(
                    &["set", "--value-stdin", &shown, &document.index],
                    Some(&json),
                )
            }
            None if document.has_entry => self.sops(&["unset", &shown, &document.index], None),
            None => Ok(FileText::default()),
        };
        let new = copy.read();
        copy.edit(|_| Ok(None))?;
        done?;
        let new = new?.unwrap_or_default();
        if value.is_some() && self.document(Some(&new))?.ciphertext.is_none() {
            return Err(self
                .refused("`sops` leaves this entry unencrypted")
                .hint("see `encrypted_regex` and the like in .sops.yaml, or name another entry"));
        }
        Ok(new)
    }

    /// Returns whether two texts of the file differ in the entry and in the notes of `sops` at most.
    fn is_same(&self, one: &str, two: &str) -> bool {
        let read = |text| self.document(Some(text)).ok();
        let (Some(old), Some(new)) = (read(one), read(two)) else {
            return false;
        };
        let values = old.ciphertext.as_ref().zip(new.ciphertext.as_ref());
        document::is_same(
            one,
            two,
            values.map(|(old, new)| (old.as_str(), new.as_str())),
        )
    }

    fn check_version(&self) -> Result<()> {
        let install = "install sops 3.11 or later: https://getsops.io/docs/#download";
        if self.platform.programs.which("sops").is_none() {
            let why = format!("cannot set `{}`: there is no `sops` on PATH", self.shown);
            return Err(Error::new(Kind::Store, why).hint(install));
        }
        let said = self.sops(&["--version"], None)?;
        let version = said
            .split_whitespace()
            .nth(1)
            .unwrap_or("of no known version");
        let mut numbers = version
            .split('.')
            .map(|part| part.parse::<u32>().unwrap_or(0));
        let numbers = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if numbers < FIRST_VERSION {
            let why = format!("`sops` {version} is too old: its `set` takes no value on stdin");
            return Err(Error::new(Kind::Store, why).hint(install));
        }
        Ok(())
    }

    fn value(&self, text: &str) -> Result<Option<Secret>> {
        let document = self.document(Some(text))?;
        if !document.has_entry {
            return Ok(None);
        }
        let path = self.path.display().to_string();
        let value = self.sops(&["decrypt", "--extract", &document.index, &path], None)?;
        Ok(Some(Secret::new(value.as_str())))
    }
}

impl Destination for SopsEntry {
    fn describe(&self) -> String {
        self.shown.clone()
    }

    fn can_read(&self) -> bool {
        true
    }

    fn probe(&self) -> Result<()> {
        self.check_version()?;
        self.place.probe()?;
        self.place.examine(|text| {
            self.document(text)?;
            let placeholder = Secret::new(PLACEHOLDER);
            self.changed(text.unwrap_or_default(), Some(&placeholder))
        })?;
        Ok(())
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        self.log.register_secret(secret);
        self.check_version()?;
        self.place.edit(|old| {
            self.document(old)?;
            self.changed(old.unwrap_or_default(), Some(secret))
                .map(Some)
        })
    }

    fn read(&self) -> Result<StoredContent> {
        let Some(text) = self.place.read()? else {
            return Ok(StoredContent::Absent);
        };
        let value = self.value(&text)?;
        Ok(value.map_or(StoredContent::Absent, StoredContent::Value))
    }

    fn snapshot(&self) -> Result<StoredContent> {
        let Some(text) = self.place.read()? else {
            return Ok(StoredContent::Absent);
        };
        let value = self.value(&text)?;
        let mark = if value.is_some() {
            WITH_ENTRY
        } else {
            WITHOUT_ENTRY
        };
        let whole = FileText::new([mark, text.as_str()].concat());
        let value = value.unwrap_or_else(|| Secret::new(""));
        Ok(StoredContent::Value(exact_bytes::with_text(&value, &whole)))
    }

    fn restore(&self, previous: &StoredContent) -> Result<()> {
        let (value, text) = match previous {
            StoredContent::Value(saved) => {
                let whole = exact_bytes::text_of(saved);
                let without = whole.and_then(|whole| whole.strip_prefix(WITHOUT_ENTRY));
                let with = whole.and_then(|whole| whole.strip_prefix(WITH_ENTRY));
                let value = without.is_none().then(|| saved_value(saved));
                if let Some(value) = &value {
                    self.log.register_secret(value);
                }
                (value, with.or(without))
            }
            StoredContent::Absent => (None, None),
            StoredContent::Digest(_) | StoredContent::Unreadable => {
                return Err(nothing_to_restore(&self.shown));
            }
        };
        self.place.edit(|old| {
            let Some(old) = old else {
                return Ok(text.map(|text| FileText::new(text.to_owned())));
            };
            let new = self.changed(old, value.as_ref())?;
            // Each encryption is another text: the earlier bytes come back where nothing else has changed since.
            let exact = text.filter(|text| self.is_same(text, &new));
            Ok(Some(
                exact.map_or(new, |text| FileText::new(text.to_owned())),
            ))
        })
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
