//! What tests share.

pub(crate) mod programs;
pub(crate) mod steps;
