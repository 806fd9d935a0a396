//! keywright: one command for the whole life of an API key.
//!
//! The modules stand in the order of the staircase: each imports only what stands before it.

pub mod error;
pub mod key;
pub mod secret;
pub mod untrusted;

pub mod files;
pub mod log;
pub mod world;

pub mod manifest;
pub mod providers;

pub mod exchange;
pub mod service;
pub mod store;

pub mod api;
pub mod holdings;
pub mod profile;
pub mod session;
