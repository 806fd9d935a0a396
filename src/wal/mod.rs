//! Notes an effect before it happens: begin, guard, commit; the next run recovers what a killed process left.

mod calls;
mod notes;
mod probe;
mod shared_calls;
mod shared_text;
pub mod shelter;
mod spool;
mod state_lock;

pub use calls::{ResponseSlot, Wal, open, open_local};
pub use notes::{Notes, Pending};
pub use probe::{PROBE_BYTES, probe, put_and_read_back};
pub use shared_calls::{document, forget_call, forget_late_response};
pub use shared_text::SharedText;
pub use spool::{
    KeptResponse, NOTE_VERSION, SpooledCall, SpooledResponse, new_spool_key, remove_call,
};
pub use state_lock::{StateLock, held_elsewhere, hold_shared};
