//! The nouns that every layer shares: errors, secrets, untrusted text, keys.

pub mod advice;
pub mod encoding;
pub mod error;
pub mod exact_json;
pub mod format;
pub mod key;
pub mod key_use;
pub mod map;
pub mod moment;
pub mod packed;
pub mod secret;
pub mod terminal;
pub mod untrusted;
pub mod yaml;
