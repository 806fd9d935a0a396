//! The one who is told how far a call has come that must not be lost.

use crate::error::Result;
use crate::world::Answer;

/// Is told how far a call has come.
pub trait Watch {
    /// Every question was answered, and the request is about to be sent; an error keeps it from being sent.
    fn sending(&self) -> Result<()>;
    /// The service refused the request, and a second factor is asked for before it is sent again.
    fn refused(&self) -> Result<()>;
    /// A good answer has arrived, and nobody has read it yet.
    fn answered(&self, answer: &Answer);
}

/// Nobody is told anything.
impl Watch for () {
    fn sending(&self) -> Result<()> {
        Ok(())
    }

    fn refused(&self) -> Result<()> {
        Ok(())
    }

    fn answered(&self, _: &Answer) {}
}

/// Only the answer is wanted.
pub struct Catch<F: Fn(&Answer)>(pub F);

impl<F: Fn(&Answer)> Watch for Catch<F> {
    fn sending(&self) -> Result<()> {
        Ok(())
    }

    fn refused(&self) -> Result<()> {
        Ok(())
    }

    fn answered(&self, answer: &Answer) {
        (self.0)(answer);
    }
}
