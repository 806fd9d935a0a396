//! What tests share.

pub(crate) mod clock;
pub(crate) mod fake;
pub(crate) mod home;
pub(crate) mod keychain;
pub(crate) mod programs;
pub(crate) mod run;
pub(crate) mod server;
pub(crate) mod steps;
pub(crate) mod terminal;
pub(crate) mod wire;
