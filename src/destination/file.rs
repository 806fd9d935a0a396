//! `file:PATH`: a file that holds the secret and a newline, and nothing else.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::place::{Place, Text};
use super::{Content, Destination, exact, git};
use crate::error::Result;
use crate::log::Log;
use crate::platform::Platform;
use crate::secret::Secret;

pub(super) struct SecretFile {
    shown: String,
    place: Place,
    platform: Platform,
    log: Log,
}

impl SecretFile {
    pub(super) fn new(shown: String, path: PathBuf, platform: &Platform, log: &Log) -> Self {
        SecretFile {
            shown,
            place: Place::new(path, platform),
            platform: platform.clone(),
            log: log.clone(),
        }
    }

    fn write(&self, secret: &Secret) -> Result<()> {
        self.place.edit(|_| Ok(Some(written(secret))))
    }
}

impl Destination for SecretFile {
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

    fn read(&self) -> Result<Content> {
        Ok(match self.place.read()? {
            Some(text) => Content::Value(value(&text)),
            None => Content::Absent,
        })
    }

    fn snapshot(&self) -> Result<Content> {
        let Some(text) = self.place.read()? else {
            return Ok(Content::Absent);
        };
        let value = value(&text);
        let same = *written(&value) == *text;
        Ok(Content::Value(if same {
            value
        } else {
            exact::with_text(&value, &text)
        }))
    }

    fn restore(&self, previous: &Content) -> Result<()> {
        match previous {
            Content::Value(saved) => match exact::text_of(saved) {
                Some(text) => self.place.edit(|_| Ok(Some(Text::new(text.to_owned())))),
                None => self.write(saved),
            },
            Content::Absent => self.place.edit(|_| Ok(None)),
            Content::Unreadable => Err(super::nothing_to_restore(&self.shown)),
        }
    }
}

/// The secret and a newline; a file that was empty stays so.
fn written(secret: &Secret) -> Text {
    let end = if secret.is_empty() { "" } else { "\n" };
    Zeroizing::new(format!("{}{end}", secret.expose()))
}

fn value(text: &str) -> Secret {
    let text = text.strip_suffix('\n').unwrap_or(text);
    Secret::new(text.strip_suffix('\r').unwrap_or(text))
}
