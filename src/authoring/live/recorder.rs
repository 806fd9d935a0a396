//! A transport that keeps the calls of each operation.

use std::cell::RefCell;
use std::rc::Rc;

use url::Url;
use zeroize::Zeroizing;

use crate::core::secret::Secret;
use crate::manifest::{Manifest, Operation};
use crate::platform::{
    HttpRequest, HttpResponse, HttpTransport, LocalBoxFuture, SignalGuard, TransportError,
};
use crate::service::OperationObserver;

/// A call that was made, with its response. Nothing of it is shown: it may hold secrets.
pub(super) struct RecordedCall {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) body: Option<Secret>,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) response: Zeroizing<Vec<u8>>,
}

/// The calls of one operation.
pub struct RecordedCalls {
    /// The path of the operation in the manifest.
    pub path: Vec<String>,
    pub(super) calls: Vec<RecordedCall>,
    /// Says that a call got no response.
    pub(super) has_gap: bool,
}

/// A transport that keeps the calls of each operation.
pub struct Recorder {
    http: Rc<dyn HttpTransport>,
    manifest: Rc<Manifest>,
    begun: RefCell<Vec<RecordedCalls>>,
}

impl Recorder {
    /// Returns a recorder of what goes through `http`.
    pub fn new(http: Rc<dyn HttpTransport>, manifest: Rc<Manifest>) -> Self {
        Recorder {
            http,
            manifest,
            begun: RefCell::default(),
        }
    }

    /// Returns the manifest whose operations are recorded.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the latest calls of an operation whose path is accepted, and forgets them.
    pub fn take(&self, accepts: impl Fn(&[String]) -> bool) -> Option<RecordedCalls> {
        let mut begun = self.begun.borrow_mut();
        let last = begun.iter().rposition(|calls| accepts(&calls.path))?;
        Some(begun.remove(last))
    }

    fn keep(&self, request: &HttpRequest, outcome: &Result<HttpResponse, TransportError>) {
        let mut begun = self.begun.borrow_mut();
        let Some(current) = begun.last_mut() else {
            return;
        };
        let Ok(answer) = outcome else {
            current.has_gap = true;
            return;
        };
        current.calls.push(RecordedCall {
            method: request.method.clone(),
            url: request.url.clone(),
            body: request.body.as_ref().map(|body| body.text.duplicate()),
            status: answer.status,
            headers: answer.headers.clone(),
            response: answer.body.clone(),
        });
    }
}

impl OperationObserver for Recorder {
    fn begins(&self, operation: &Operation) {
        let mut calls = self.manifest.calls().into_iter();
        let call = calls.find(|call| std::ptr::eq(call.operation, operation));
        self.begun.borrow_mut().push(RecordedCalls {
            path: call.map(|call| call.path).unwrap_or_default(),
            calls: Vec::new(),
            has_gap: false,
        });
    }
}

impl HttpTransport for Recorder {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
    ) -> LocalBoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let outcome = self.http.send(request).await;
            self.keep(request, &outcome);
            outcome
        })
    }

    fn hold(&self) -> Box<dyn SignalGuard> {
        self.http.hold()
    }
}
