//! A wire without a network: what cannot be had from a server on loopback without waiting.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use keywright::world::{Answer, Local, Request, Wire, WireError};
use zeroize::Zeroizing;

/// Answers each request with the next of its answers; one request more fails the test.
pub(crate) struct FakeWire {
    answers: RefCell<VecDeque<Result<(u16, String), WireError>>>,
    /// The requests that were sent: method, address, and how many seconds the whole may take.
    pub(crate) sent: RefCell<Vec<(String, String, u64)>>,
}

impl FakeWire {
    pub(crate) fn new(
        answers: impl IntoIterator<Item = Result<(u16, String), WireError>>,
    ) -> Rc<Self> {
        Rc::new(FakeWire {
            answers: RefCell::new(answers.into_iter().collect()),
            sent: RefCell::default(),
        })
    }

    /// The methods that were sent, in order.
    pub(crate) fn methods(&self) -> Vec<String> {
        let sent = self.sent.borrow();
        sent.iter().map(|(method, _, _)| method.clone()).collect()
    }
}

impl Wire for FakeWire {
    fn send<'a>(&'a self, request: &'a Request) -> Local<'a, Result<Answer, WireError>> {
        let (method, url) = (request.method.clone(), request.url.to_string());
        let seconds = request.timeout.as_secs();
        self.sent.borrow_mut().push((method, url, seconds));
        let next = self.answers.borrow_mut().pop_front();
        let answer = next.unwrap_or_else(|| panic!("nobody expected {request:?}"));
        Box::pin(std::future::ready(answer.map(|(status, body)| Answer {
            status,
            headers: Vec::new(),
            body: Zeroizing::new(body.into_bytes()),
        })))
    }
}
