//! The one who is told how far a call has come that must not be lost.

use crate::core::error::Result;
use crate::platform::HttpResponse;

/// Is told how far a call has come.
pub trait CallObserver {
    /// Every question was answered, and the request is about to be sent; an error keeps it from being sent.
    fn sending(&self) -> Result<()>;
    /// The service refused the request, and a second factor is asked for before it is sent again.
    fn refused(&self) -> Result<()>;
    /// A good answer has arrived, and nobody has read it yet.
    fn answered(&self, answer: &HttpResponse);
}

/// Nobody is told anything.
impl CallObserver for () {
    fn sending(&self) -> Result<()> {
        Ok(())
    }

    fn refused(&self) -> Result<()> {
        Ok(())
    }

    fn answered(&self, _: &HttpResponse) {}
}

/// Only the answer is wanted.
pub struct OnResponse<F: Fn(&HttpResponse)>(pub F);

impl<F: Fn(&HttpResponse)> CallObserver for OnResponse<F> {
    fn sending(&self) -> Result<()> {
        Ok(())
    }

    fn refused(&self) -> Result<()> {
        Ok(())
    }

    fn answered(&self, answer: &HttpResponse) {
        (self.0)(answer);
    }
}
