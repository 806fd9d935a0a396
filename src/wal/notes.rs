//! Keeps the notes of one kind of effect: a file for each, in a folder whose lock tells the living from the dead.

use std::path::{Path, PathBuf};

use crate::core::error::{Error, Result};
use crate::platform::Platform;
use crate::platform::files::{self, FileLock};
use crate::store::SecretRef;

/// The notes of one kind of effect on this machine's stores.
pub struct Notes<'p> {
    /// The platform whose state folder holds them.
    pub platform: &'p Platform,
    /// The name of their folder, and of the lock beside it.
    pub folder: &'static str,
    /// The extension of their files.
    pub extension: &'static str,
}

/// An effect in progress. Its note stays when this is dropped, and the next run recovers.
pub struct Pending {
    path: PathBuf,
    alive: FileLock,
}

impl Notes<'_> {
    /// Writes the note of an effect that has not begun, under a name that is used once.
    pub fn begin(&self, name: &SecretRef, note: &[u8]) -> Result<Pending> {
        let alive = self.hold()?;
        let file = format!("{}.{}", name.file_stem(), self.extension);
        let path = self.path().join(file);
        files::write_private(&path, note, &alive)?;
        Ok(Pending { path, alive })
    }

    /// Keeps every process from recovering until the lock is dropped.
    pub fn hold(&self) -> Result<FileLock> {
        FileLock::acquire_shared(&self.lock_path(), &self.platform.lock_deadline)
    }

    /// Takes the lock that no process holds while an effect is in progress; `None` if one is.
    pub fn alone(&self) -> Result<Option<FileLock>> {
        FileLock::acquire_brief(&self.lock_path(), &self.platform.lock_deadline)
    }

    /// Hands each note of a dead process to `undo`, and removes the note if that returns true.
    ///
    /// Does nothing while another process has an effect in progress: its notes look the same.
    pub fn recover<E: From<Error>>(
        &self,
        mut undo: impl FnMut(&Path, &[u8]) -> Result<bool, E>,
    ) -> Result<(), E> {
        let notes = files::list(&self.path(), self.extension)?;
        let unfinished = files::list(&self.path(), "new")?;
        if notes.is_empty() && unfinished.is_empty() {
            return Ok(());
        }
        let Some(alone) = self.alone()? else {
            return Ok(());
        };
        for path in unfinished {
            // A note that was not written whole: its effect had not begun.
            files::remove(&path, &alone)?;
        }
        for path in notes {
            let Some(note) = files::read(&path)? else {
                continue;
            };
            if undo(&path, &note)? {
                files::remove(&path, &alone)?;
            }
        }
        Ok(())
    }

    fn path(&self) -> PathBuf {
        self.platform.dirs.state.join(self.folder)
    }

    fn lock_path(&self) -> PathBuf {
        files::lock_path(&self.path())
    }
}

impl Pending {
    /// Removes the note: the effect is complete, or was undone.
    pub fn commit(self) -> Result<()> {
        files::remove(&self.path, &self.alive).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_world;

    /// Returns the notes that a dead process left, having undone those that are not `kept`.
    fn recovered(notes: &Notes<'_>, kept: &[u8]) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        let undo = |_: &Path, note: &[u8]| {
            found.push(note.to_vec());
            Ok::<_, Error>(note != kept)
        };
        notes.recover(undo).unwrap();
        found.sort();
        found
    }

    #[test]
    fn note_is_recovered_until_undone() {
        let folder = test_world::folder();
        let platform = test_world::platform(&folder, &[]);
        let notes = Notes {
            platform: &platform,
            folder: "notes",
            extension: "json",
        };
        let begin = |note: &[u8]| {
            let name = SecretRef::fresh().unwrap();
            notes.begin(&name, note).unwrap()
        };
        assert!(recovered(&notes, b"").is_empty());
        begin(b"done").commit().unwrap();
        assert!(recovered(&notes, b"").is_empty());
        drop(begin(b"one"));
        let alive = begin(b"two");
        assert!(recovered(&notes, b"").is_empty());
        drop(alive);
        let half = folder.write("state/notes/three.json.new", "");
        assert_eq!(recovered(&notes, b"one"), [b"one", b"two"]);
        assert!(files::read(Path::new(&half)).unwrap().is_none());
        assert_eq!(recovered(&notes, b""), [b"one"]);
        assert!(recovered(&notes, b"").is_empty());
    }
}
