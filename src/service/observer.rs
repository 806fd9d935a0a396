//! Observes the progress of a call that must not be lost.

use crate::core::error::Result;
use crate::platform::HttpResponse;

/// Receives the progress of a call.
pub trait CallObserver {
    /// Every question was answered, and the request is about to be sent; an error keeps it from being sent.
    fn sending(&self) -> Result<()>;
    /// The service refused the request, and a second factor is asked for before it is sent again.
    fn refused(&self) -> Result<()>;
    /// A good response has arrived and has not been read yet.
    fn answered(&self, answer: &HttpResponse);
}

/// Observes nothing.
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
