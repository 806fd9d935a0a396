//! A port of this machine to which a browser returns.

use std::io;
use std::time::Duration;

use super::LocalBoxFuture;

/// Opens ports for a browser to return to.
pub trait CallbackServer {
    /// Listens on a port of the loopback address, on a free one for 0.
    fn listen(&self, port: u16) -> io::Result<Box<dyn CallbackListener>>;
}

/// A port that is listened on until this is dropped.
pub trait CallbackListener {
    /// Returns the port.
    fn port(&self) -> u16;
    /// Answers requests as `answer` says, which gets their method and their target, until a reply is the last one.
    /// Returns false if `limit` is over before.
    fn serve<'a>(
        &'a mut self,
        limit: Duration,
        answer: &'a mut dyn FnMut(&str, &str) -> CallbackReply,
    ) -> LocalBoxFuture<'a, io::Result<bool>>;
}

/// The reply to a request of a browser.
pub struct CallbackReply {
    /// The HTTP status.
    pub status: u16,
    /// A sentence for the page.
    pub text: &'static str,
    /// No request is answered after it.
    pub is_last: bool,
}
