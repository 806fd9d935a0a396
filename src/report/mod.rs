//! All output for users and scripts: one gate to stderr, tables, the completion cache.

pub mod wrap;
pub mod log;
pub mod qr_code;
pub mod redact;
pub mod output;
pub mod completion_cache;
