//! `file:PATH`: a file that holds the secret and a newline, and nothing else.

use zeroize::Zeroizing;

use super::{DestinationKind, Names, OpenRequest, path};
use crate::core::error::Result;
use crate::core::secret::{Secret, is_document};
use crate::destination::user_file::{FileText, UserFile};
use crate::destination::{Destination, StoredContent, exact_bytes, git, nothing_to_restore};
#[cfg(all(test, unix))]
use crate::destination::{
    conformance::{Fixture, Restores},
    test_world::Scene,
};
use crate::platform::Platform;
use crate::report::log::Log;

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "file:PATH",
    summary: "a file that holds the key and a newline",
    variables: &[],
    names: Names::File(|rest| rest),
    reads_back: true,
    check: |rest| path(rest).map(drop),
    open: |request| Ok(Box::new(FileDestination::new(request)?)),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "file:key",
        prepare: |scene| scene,
        content: |scene| scene.find("key"),
        delivered: "{}\n",
        restores: Restores::Exactly {
            put: |scene, text| drop(scene.write("key", text, 0o600)),
            contents: &[
                "",
                "no newline",
                "of windows\r\n",
                "two\n\n",
                "two\nlines\n",
                "one\n",
            ],
        },
        refusals: &[
            (
                |scene| scene.having("key", "old\n", 0o644),
                "can be read by others (mode 644)",
            ),
            (Scene::having_folder_at_key, "it is a folder"),
        ],
        late_failures: &[],
        further: &["file:~/a b#c", "file:C:\\keys\\one"],
        malformed: &[
            ("file:", "it names no file"),
            ("file:a/", "its path is a folder's"),
        ],
        anchored: &[
            ("file:a/b", "file:/project/a/b"),
            ("file:/a", "file:/a"),
            ("file:~/a", "file:/home/fake/a"),
        ],
    },
};

struct FileDestination {
    shown: String,
    place: UserFile,
    platform: Platform,
    log: Log,
}

impl FileDestination {
    fn new(request: &OpenRequest<'_>) -> Result<Self> {
        let path = request.locate(request.rest)?;
        Ok(FileDestination {
            shown: request.shown.clone(),
            place: UserFile::new(path, request.platform),
            platform: request.platform.clone(),
            log: request.log.clone(),
        })
    }

    fn write(&self, secret: &Secret) -> Result<()> {
        self.place.edit(|_| Ok(Some(written(secret))))
    }
}

impl Destination for FileDestination {
    fn describe(&self) -> String {
        self.shown.clone()
    }

    fn can_read(&self) -> bool {
        true
    }

    fn probe(&self) -> Result<()> {
        self.place.probe()?;
        git::warn_if_not_ignored(&self.place.target()?, &self.platform, &self.log);
        Ok(())
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        self.write(secret)
    }

    fn read(&self) -> Result<StoredContent> {
        Ok(match self.place.read()? {
            Some(text) => StoredContent::Value(value(&text)),
            None => StoredContent::Absent,
        })
    }

    fn snapshot(&self) -> Result<StoredContent> {
        let Some(text) = self.place.read()? else {
            return Ok(StoredContent::Absent);
        };
        let value = value(&text);
        let same = *written(&value) == *text;
        Ok(StoredContent::Value(if same {
            value
        } else {
            exact_bytes::with_text(&value, &text)
        }))
    }

    fn restore(&self, previous: &StoredContent) -> Result<()> {
        match previous {
            StoredContent::Value(saved) => match exact_bytes::text_of(saved) {
                Some(text) => self
                    .place
                    .edit(|_| Ok(Some(FileText::new(text.to_owned())))),
                None => self.write(saved),
            },
            StoredContent::Absent => self.place.edit(|_| Ok(None)),
            StoredContent::Digest(_) | StoredContent::Unreadable => {
                Err(nothing_to_restore(&self.shown))
            }
        }
    }
}

/// Returns the secret and a newline; a file that was empty stays empty, and a document is written byte for byte.
fn written(secret: &Secret) -> FileText {
    let whole = secret.is_empty() || is_document(secret.expose());
    let end = if whole { "" } else { "\n" };
    Zeroizing::new(format!("{}{end}", secret.expose()))
}

fn value(text: &str) -> Secret {
    if is_document(text) {
        return Secret::new(text);
    }
    let text = text.strip_suffix('\n').unwrap_or(text);
    Secret::new(text.strip_suffix('\r').unwrap_or(text))
}
