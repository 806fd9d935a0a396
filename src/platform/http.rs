//! HTTP transport: one request, one response, and the one distinction that retries and rotation need.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use url::{Host, Url};
use zeroize::Zeroizing;

use super::LocalBoxFuture;
use crate::core::secret::Secret;

/// The most that is read of an answer, in bytes.
pub const MAX_RESPONSE_BYTES: usize = 4 << 20;

/// Sends one request and reads the whole answer.
pub trait HttpTransport {
    /// Sends `request` once; follows no redirect.
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
    ) -> LocalBoxFuture<'a, Result<HttpResponse, TransportError>>;
    /// Returns a transport whose connections have these certificates; `None` if they are the same for all.
    fn with_certificates(&self, certificates: TlsCertificates) -> Option<Rc<dyn HttpTransport>> {
        drop(certificates);
        None
    }
    /// Keeps signals from ending this process until what is returned is dropped: a call goes out whose answer must not
    /// be lost.
    fn hold(&self) -> Box<dyn SignalGuard> {
        Box::new(())
    }
}

/// The certificates of connections that differ from those of this machine.
#[derive(Default)]
pub struct TlsCertificates {
    /// The authorities that a server is trusted by, in PEM, in place of the system's.
    pub roots: Option<Vec<u8>>,
    /// The certificate that this side shows, with its private key, in PEM.
    pub identity: Option<Secret>,
}

/// Sends requests for callers that cannot wait otherwise than by blocking their thread.
pub trait BlockingHttp: Send + Sync {
    /// Sends `request` once, and waits for the whole answer; follows no redirect.
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}

/// A call whose answer must not be lost; signals wait until this is dropped.
pub trait SignalGuard {}

impl SignalGuard for () {}

/// Returns whether secrets may be sent to an address: over HTTPS, or over HTTP to this machine.
pub fn may_carry_secrets(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => is_loopback(url),
        _ => false,
    }
}

/// Returns whether an address is on this machine: a loopback address or `localhost`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Returns whether an address has a name that always means this machine (RFC 6761), so that no resolver has to know
/// it.
pub fn is_local_name(url: &Url) -> bool {
    let Some(Host::Domain(name)) = url.host() else {
        return false;
    };
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// A request, ready to be sent.
#[derive(Debug)]
pub struct HttpRequest {
    /// Any HTTP token.
    pub method: String,
    /// The URL; its path may hold a secret, which [`HttpRequest::shown_url`] hides.
    pub url: Url,
    /// The URL without its secrets.
    pub shown_url: String,
    /// In the order in which they are sent.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Option<RequestBody>,
    /// The certificate that this side shows, with its private key, in PEM, in place of that of the transport.
    pub identity: Option<Secret>,
    /// The longest that the whole request may take.
    pub timeout: Duration,
}

impl HttpRequest {
    /// Returns the same request for another attempt.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let header = |header: &Header| Header {
            name: header.name.clone(),
            value: match &header.value {
                HeaderValue::Plain(text) => HeaderValue::Plain(text.clone()),
                HeaderValue::Secret(secret) => HeaderValue::Secret(secret.duplicate()),
            },
        };
        HttpRequest {
            method: self.method.clone(),
            url: self.url.clone(),
            shown_url: self.shown_url.clone(),
            headers: self.headers.iter().map(header).collect(),
            body: self.body.as_ref().map(|body| RequestBody {
                media_type: body.media_type.clone(),
                text: body.text.duplicate(),
            }),
            identity: self.identity.as_ref().map(Secret::duplicate),
            timeout: self.timeout,
        }
    }
}

/// A header; its value is a secret until proved otherwise.
#[derive(Debug)]
pub struct Header {
    /// Lower case.
    pub name: String,
    /// Text without control characters.
    pub value: HeaderValue,
}

/// The value of a header.
#[derive(Debug)]
pub enum HeaderValue {
    /// May be shown in a trace.
    Plain(String),
    /// May not.
    Secret(Secret),
}

impl Header {
    /// Returns a header that may be shown.
    pub fn plain(name: &str, value: impl Into<String>) -> Self {
        Header {
            name: name.to_ascii_lowercase(),
            value: HeaderValue::Plain(value.into()),
        }
    }

    /// Returns a header that may not.
    pub fn secret(name: &str, value: Secret) -> Self {
        Header {
            name: name.to_ascii_lowercase(),
            value: HeaderValue::Secret(value),
        }
    }
}

impl Header {
    /// Returns the header as a line of a request, with its value in clear.
    pub fn as_line(&self) -> String {
        let name = canonical(&self.name);
        match &self.value {
            HeaderValue::Plain(value) => format!("{name}: {value}"),
            HeaderValue::Secret(value) => format!("{name}: {}", value.expose()),
        }
    }
}

/// Returns the usual spelling of a header name: `X-Api-Key` for `x-api-key`.
fn canonical(name: &str) -> String {
    let part = |part: &str| {
        let mut letters = part.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase())
            .into_iter()
            .chain(letters)
            .collect::<String>()
    };
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}

/// The body of a request: never shown, it may hold a password.
#[derive(Debug)]
pub struct RequestBody {
    /// Sent as `Content-Type`.
    pub media_type: Option<String>,
    /// The text.
    pub text: Secret,
}

/// The response of a server.
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// At most 4 MiB; wiped when dropped.
    pub body: Zeroizing<Vec<u8>>,
}

impl HttpResponse {
    /// Returns the first header of that name; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

/// The reason why there is no response; the text holds no URL and no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportError {
    /// The server never saw the request.
    NotSent(String),
    /// The server never saw the request, and will not until something is changed.
    Blocked {
        /// The obstacle.
        why: String,
        /// The hint.
        way_out: &'static str,
    },
    /// The server may have acted.
    Uncertain(String),
    /// The server answered with more than is read.
    TooLarge,
}

impl TransportError {
    /// Returns whether the server may have acted on the request.
    pub fn may_have_acted(&self) -> bool {
        !matches!(
            self,
            TransportError::NotSent(_) | TransportError::Blocked { .. }
        )
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TransportError::NotSent(why)
            | TransportError::Blocked { why, .. }
            | TransportError::Uncertain(why) => f.write_str(why),
            TransportError::TooLarge => f.write_str("the answer is larger than 4 MiB"),
        }
    }
}
