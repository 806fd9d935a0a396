//! Notes an effect before it happens: begin, guard, commit; the next run recovers what a killed process left.

mod calls;
mod notes;
mod probe;
pub mod shelter;
mod spool;

pub use calls::{ResponseSlot, Wal, open};
pub use notes::{Notes, Pending};
pub use probe::{PROBE_BYTES, probe, put_and_read_back};
pub use spool::{NOTE_VERSION, SpooledCall, SpooledResponse, new_spool_key, remove_call};
