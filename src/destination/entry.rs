//! One entry of a text file as a destination: every other byte of the file is preserved.

use std::path::Path;

use super::registry::OpenRequest;
use super::user_file::{FileText, UserFile};
use super::{Destination, StoredContent, exact_bytes, git, nothing_to_restore};
use crate::core::error::Result;
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::report::log::Log;

/// The saved form of a file that existed without the entry, and that a delivery could have created otherwise; the
/// written form of a value is never empty.
const VACANT_FILE: &str = "";

/// An entry of a text: found, replaced, added and removed, with every other byte as it was.
pub(super) trait TextEntry {
    /// Returns the text that remains of a file that a delivery created, once the entry is removed.
    fn vacant(&self) -> &'static str {
        ""
    }

    /// Refuses a text in which not every value would be read back as it was written.
    fn prove(&self, text: Option<&str>) -> Result<()>;

    /// Returns the value.
    fn get(&self, text: &str) -> Result<Option<FileText>>;

    /// Returns the text with `value` in place of the current one, or added.
    fn set(&self, text: Option<&str>, value: &str) -> Result<FileText>;

    /// Returns the text that [`TextEntry::put_back`] needs to restore the value as it is written; `None` without an entry.
    fn written(&self, text: &str) -> Result<Option<FileText>>;

    /// Returns the text with the value in the form that [`TextEntry::written`] returned.
    fn put_back(&self, text: Option<&str>, written: &str) -> Result<FileText>;

    /// Returns the text without the entry.
    fn remove(&self, text: &str) -> Result<FileText>;

    /// Returns a warning about a text in which the value was replaced.
    fn warning(&self, _text: &str) -> Option<String> {
        None
    }
}

/// An entry of a file of the user.
pub(super) struct EntryInFile<E> {
    shown: String,
    place: UserFile,
    entry: E,
    platform: Platform,
    log: Log,
}

impl<E: TextEntry> EntryInFile<E> {
    pub(super) fn new(request: &OpenRequest<'_>, path: &Path, entry: E) -> Self {
        EntryInFile {
            shown: request.shown.clone(),
            place: UserFile::new(path.to_owned(), request.platform),
            entry,
            platform: request.platform.clone(),
            log: request.log.clone(),
        }
    }

    fn set(&self, secret: &Secret) -> Result<()> {
        let mut warning = None;
        self.place.edit(|old| {
            let new = self.entry.set(old, secret.expose())?;
            warning = old.and_then(|old| self.entry.warning(old));
            Ok(Some(new))
        })?;
        if let Some(warning) = warning {
            self.log.warn(&warning);
        }
        Ok(())
    }

    /// Removes the entry; a file that has nothing else left is deleted, too, unless it existed before.
    fn remove(&self, was_there: bool) -> Result<()> {
        self.place.edit(|old| {
            let Some(old) = old else { return Ok(None) };
            let new = self.entry.remove(old)?;
            Ok((was_there || *new != self.entry.vacant()).then_some(new))
        })
    }
}

impl<E: TextEntry> Destination for EntryInFile<E> {
    fn describe(&self) -> String {
        self.shown.clone()
    }

    fn can_read(&self) -> bool {
        true
    }

    fn probe(&self) -> Result<()> {
        let text = self.place.probe()?;
        self.entry.prove(text.as_ref().map(|text| text.as_str()))?;
        git::warn_if_not_ignored(&self.place.target()?, &self.platform, &self.log);
        Ok(())
    }

    fn deliver(&self, secret: &Secret) -> Result<()> {
        self.set(secret)
    }

    fn read(&self) -> Result<StoredContent> {
        let Some(text) = self.place.read()? else {
            return Ok(StoredContent::Absent);
        };
        Ok(match self.entry.get(&text)? {
            Some(value) => StoredContent::Value(Secret::new(value.as_str())),
            None => StoredContent::Absent,
        })
    }

    fn snapshot(&self) -> Result<StoredContent> {
        let Some(text) = self.place.read()? else {
            return Ok(StoredContent::Absent);
        };
        let written = self.entry.written(&text)?;
        let value = self.entry.get(&text)?;
        Ok(match (value, written) {
            // An entry may be there without a value.
            (value, Some(written)) => StoredContent::Value(exact_bytes::with_text(
                &Secret::new(value.as_ref().map_or("", |value| value.as_str())),
                &written,
            )),
            // The entry is not in it, but the file exists.
            _ if *text == self.entry.vacant() => {
                StoredContent::Value(exact_bytes::with_text(&Secret::new(""), VACANT_FILE))
            }
            _ => StoredContent::Absent,
        })
    }

    fn restore(&self, previous: &StoredContent) -> Result<()> {
        match previous {
            StoredContent::Value(saved) => match exact_bytes::text_of(saved) {
                Some(VACANT_FILE) => self.remove(true),
                Some(written) => self
                    .place
                    .edit(|old| self.entry.put_back(old, written).map(Some)),
                None => self.set(saved),
            },
            StoredContent::Absent => self.remove(false),
            StoredContent::Digest(_) | StoredContent::Unreadable => {
                Err(nothing_to_restore(&self.shown))
            }
        }
    }
}
