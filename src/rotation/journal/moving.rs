//! Moves the log and the remembered keys to another place: from the state folder to an engine, or back.

use std::time::Duration;

use super::delivered;
use super::storage::{ClosedRecord, LOG, closed};
use super::summary::all;
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::platform::files::{self, FileLock, LockDeadline};

/// The longest wait for another process that moves the same files.
const WAIT: Duration = Duration::from_secs(10);

/// Moves everything that is kept of closed records from the place of `from` to that of `to`; returns their number. Fails
/// while a record is open, whose secrets are where it says.
pub fn move_closed(from: &Platform, to: &Platform) -> Result<usize> {
    let open = all(from)?;
    if !open.is_empty() {
        let hints = open
            .iter()
            .map(|seen| format!("finish it: keywright rotations resume {}", seen.id));
        return Err(Error::new(
            Kind::Conflict,
            "a rotation is unfinished, and its secrets stay where it began",
        )
        .with_hints(hints));
    }
    let records = closed(from)?;
    for record in &records {
        keep(to, record)?;
    }
    delivered::join(to, &delivered::memory(from)?)?;
    // Everything stands at its new place before it leaves the old one.
    for record in &records {
        forget(from, record)?;
    }
    delivered::forget(from)?;
    Ok(records.len())
}

fn file_lock(platform: &Platform) -> Result<FileLock> {
    let path = platform.dirs.state.join(format!("{LOG}.lock"));
    FileLock::acquire(&path, &LockDeadline::new(WAIT))
}

impl ClosedRecord {
    fn name(&self) -> String {
        format!("{}-{}", self.id, self.head)
    }
}

/// Keeps a closed record at the place of `platform`, unless it is there.
fn keep(platform: &Platform, record: &ClosedRecord) -> Result<()> {
    let name = record.name();
    let Some(state) = &platform.shared_state else {
        let path = platform.dirs.state.join(LOG).join(format!("{name}.{LOG}"));
        if path.exists() {
            return Ok(());
        }
        return files::write_private(&path, record.text.as_bytes(), &file_lock(platform)?);
    };
    let name = format!("{LOG}/{name}");
    if state
        .write(&name, &Secret::new(record.text.as_str()), 0)?
        .is_some()
    {
        return Ok(());
    }
    match state.read(&name)? {
        Some(there) if there.plain() == record.text => Ok(()),
        _ => Err(Error::new(
            Kind::Store,
            format!("`{name}` in {} holds another record", state.place()),
        )),
    }
}

/// Removes a closed record from the place of `platform`.
fn forget(platform: &Platform, record: &ClosedRecord) -> Result<()> {
    let name = record.name();
    if let Some(state) = &platform.shared_state {
        return state.discard(&format!("{LOG}/{name}"));
    }
    let path = platform.dirs.state.join(LOG).join(format!("{name}.{LOG}"));
    files::remove(&path, &file_lock(platform)?).map(drop)
}
