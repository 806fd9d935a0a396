//! One exit code for several tries.

use super::Context;
use crate::core::error::{Error, Result};

/// The failure that is the exit code of a command that tries several things; the others are printed at once.
#[derive(Default)]
pub(super) struct FirstFailure(Option<Error>);

impl FirstFailure {
    /// Keeps the first failure, and prints each further one.
    pub(super) fn add(&mut self, context: &Context<'_>, error: Error) {
        match &self.0 {
            None => self.0 = Some(error),
            Some(_) => context.reporter.warning(&error),
        }
    }

    /// Returns whether everything went well up to now.
    pub(super) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Returns 0, or the failure.
    pub(super) fn exit_code(self) -> Result<u8> {
        self.0.map_or(Ok(0), Err)
    }
}
