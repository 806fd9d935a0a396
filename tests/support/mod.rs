//! Support that tests share.

#[expect(dead_code, reason = "unit tests use the rest")]
pub(crate) mod doubles;
pub(crate) mod browser;
pub(crate) mod fake;
pub(crate) mod home;
pub(crate) mod jwt;
pub(crate) mod messages;
pub(crate) mod places;
pub(crate) mod programs;
pub(crate) mod run;
pub(crate) mod sealed_box;
pub(crate) mod server;
pub(crate) mod service;
pub(crate) mod sigv4;
pub(crate) mod steps;
pub(crate) mod stopped;
pub(crate) mod pty;

pub(crate) use doubles::{clock, engine, http, kernel_keys, keychain, terminal};
pub(crate) use service::service;
