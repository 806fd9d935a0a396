//! Observes the operations of a service, and the progress of a call that must not be lost.

use crate::core::error::Result;
use crate::manifest::Operation;
use crate::platform::{HttpResponse, LocalBoxFuture};

/// Receives the name of each operation before its first call.
pub trait OperationObserver {
    /// The calls of `operation` begin.
    fn begins(&self, operation: &Operation);
}

/// Receives the progress of a call.
pub trait CallObserver {
    /// Every question was answered, and the request is about to be sent; an error keeps it from being sent.
    fn sending(&self) -> Result<()>;
    /// The service refused the request, and a second factor is asked for before it is sent again.
    fn refused(&self) -> Result<()>;
    /// The key of that id was created, and the first call after it is about to be sent; an error keeps it from being sent.
    fn created(&self, _id: Option<&str>) -> Result<()> {
        Ok(())
    }
    /// A good response has arrived and has not been read yet.
    fn answered<'o>(&'o self, answer: &'o HttpResponse) -> LocalBoxFuture<'o, ()>;
    /// A call that follows is about to be sent; an error keeps it from being sent.
    fn following(&self) -> Result<()> {
        Ok(())
    }
    /// A good response to the call at that position among those that follow, from 1 on, has arrived and has not been read
    /// yet.
    fn followed<'o>(&'o self, _call: usize, _answer: &'o HttpResponse) -> LocalBoxFuture<'o, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// One of the calls that follow, as `watch` observes it.
pub(super) struct FollowingCall<'w> {
    pub(super) call: usize,
    pub(super) watch: &'w dyn CallObserver,
}

impl CallObserver for FollowingCall<'_> {
    fn sending(&self) -> Result<()> {
        self.watch.following()
    }

    fn refused(&self) -> Result<()> {
        Ok(())
    }

    fn answered<'o>(&'o self, answer: &'o HttpResponse) -> LocalBoxFuture<'o, ()> {
        self.watch.followed(self.call, answer)
    }
}

/// Observes nothing.
impl CallObserver for () {
    fn sending(&self) -> Result<()> {
        Ok(())
    }

    fn refused(&self) -> Result<()> {
        Ok(())
    }

    fn answered<'o>(&'o self, _: &'o HttpResponse) -> LocalBoxFuture<'o, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Only the answer is wanted.
pub struct OnResponse<F: AsyncFn(&HttpResponse)>(pub F);

impl<F: AsyncFn(&HttpResponse)> CallObserver for OnResponse<F> {
    fn sending(&self) -> Result<()> {
        Ok(())
    }

    fn refused(&self) -> Result<()> {
        Ok(())
    }

    fn answered<'o>(&'o self, answer: &'o HttpResponse) -> LocalBoxFuture<'o, ()> {
        Box::pin((self.0)(answer))
    }
}
