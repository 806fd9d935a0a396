//! Moves the log and the remembered keys to another place: from the state folder to an engine, or back.

use super::delivered;
use super::storage::closed;
use super::summary::all;
use crate::core::error::{Error, Kind, Result};
use crate::platform::Platform;

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
        record.keep(to)?;
    }
    delivered::join(to, &delivered::memory(from)?)?;
    // Everything stands at its new place before it leaves the old one.
    for record in &records {
        record.forget(from)?;
    }
    delivered::forget(from)?;
    Ok(records.len())
}
