//! A wire without a network: what cannot be had from a server on loopback without waiting.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::ready;
use std::rc::Rc;

use keywright::platform::{
    HttpRequest, HttpResponse, HttpTransport, LocalBoxFuture, TransportError,
};
use zeroize::Zeroizing;

use super::point;

/// The outcome of a request.
pub(crate) type Outcome = Result<HttpResponse, TransportError>;

/// Sends each request to a function, and keeps what was sent.
pub(crate) struct FakeTransport {
    #[expect(clippy::type_complexity, reason = "it is named once, here")]
    answers: Box<dyn for<'a> Fn(&'a HttpRequest) -> LocalBoxFuture<'a, Outcome>>,
    /// The requests that were sent: method, address, and how many seconds the whole may take.
    pub(crate) sent: RefCell<Vec<(String, String, u64)>>,
}

/// An answer with nothing but a status and a body.
pub(crate) fn answer(status: u16, body: impl Into<Vec<u8>>) -> HttpResponse {
    HttpResponse {
        status,
        headers: Vec::new(),
        body: Zeroizing::new(body.into()),
    }
}

impl FakeTransport {
    /// Answers each request with the next of its answers; one request more fails the test.
    pub(crate) fn new(
        answers: impl IntoIterator<Item = Result<(u16, String), TransportError>>,
    ) -> Rc<Self> {
        let answers: RefCell<VecDeque<_>> = RefCell::new(answers.into_iter().collect());
        FakeTransport::answering(move |request| {
            let next = answers.borrow_mut().pop_front();
            let next = next.unwrap_or_else(|| panic!("unexpected request: {request:?}"));
            next.map(|(status, body)| answer(status, body))
        })
    }

    /// Answers each request at once with what a function says.
    pub(crate) fn answering(answers: impl Fn(&HttpRequest) -> Outcome + 'static) -> Rc<Self> {
        FakeTransport::serving(move |request| Box::pin(ready(answers(request))))
    }

    /// Answers each request with what a function says in its own time.
    pub(crate) fn serving(
        answers: impl for<'a> Fn(&'a HttpRequest) -> LocalBoxFuture<'a, Outcome> + 'static,
    ) -> Rc<Self> {
        Rc::new(FakeTransport {
            answers: Box::new(answers),
            sent: RefCell::default(),
        })
    }

    /// The methods that were sent, in order.
    pub(crate) fn methods(&self) -> Vec<String> {
        let sent = self.sent.borrow();
        sent.iter().map(|(method, _, _)| method.clone()).collect()
    }
}

impl HttpTransport for FakeTransport {
    fn send<'a>(&'a self, request: &'a HttpRequest) -> LocalBoxFuture<'a, Outcome> {
        point::reach("send");
        let (method, url) = (request.method.clone(), request.url.to_string());
        let seconds = request.timeout.as_secs();
        self.sent.borrow_mut().push((method, url, seconds));
        (self.answers)(request)
    }
}
