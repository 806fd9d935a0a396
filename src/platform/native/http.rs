//! HTTP through reqwest: no redirects, no retries of its own, TLS by rustls with ring.

mod errors;

use std::cell::RefCell;
use std::future::Future;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue as Value};
use url::Url;
use zeroize::Zeroizing;

use super::super::proxy::{BrokenProxy, broken_proxy, needs_no_proxy};
use super::super::{
    HeaderValue, HttpRequest, HttpResponse, HttpTransport, LocalBoxFuture, MAX_RESPONSE_BYTES,
    SignalGuard, TlsCertificates, TransportError, is_local_name, is_loopback,
};
use crate::core::secret::Secret;
use errors::FailedRequest;

/// The longest time to open a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The time left to look for a response after the deadline: a process that was stopped may wake up past its deadline
/// with the response in the socket.
const FINAL_POLL: Duration = Duration::from_millis(100);

/// The clients, each built when the first request needs it.
#[derive(Default)]
pub(super) struct HttpClients {
    clients: RefCell<Vec<(ClientOptions, reqwest::Client)>>,
    certificates: TlsCertificates,
}

impl HttpClients {
    /// Returns clients that trust these certificates, in PEM, instead of the system's.
    pub(super) fn trusting(roots: Option<Vec<u8>>) -> Self {
        HttpClients {
            clients: RefCell::default(),
            certificates: TlsCertificates {
                roots,
                identity: None,
            },
        }
    }
}

/// The client options that a request needs.
#[derive(Clone, PartialEq, Eq)]
struct ClientOptions {
    /// Plain HTTP, which only goes to this machine: no certificates are loaded.
    plain: bool,
    /// To this machine: no proxy.
    near: bool,
    /// A name that is this machine, and that no resolver is asked for.
    name: Option<String>,
    /// The longest time to open a connection.
    connect: Duration,
    /// The fingerprint of the certificate that this side shows, and of its key.
    identity: Option<String>,
}

impl ClientOptions {
    fn of(request: &HttpRequest) -> Self {
        let url = &request.url;
        let name = url.host_str().filter(|_| is_local_name(url));
        ClientOptions {
            plain: url.scheme() == "http",
            near: is_loopback(url) || is_local_name(url),
            name: name.map(str::to_owned),
            // A request whose time is over before its connection is open was never sent.
            connect: CONNECT_TIMEOUT.min(request.timeout),
            identity: request.identity.as_ref().map(Secret::fingerprint),
        }
    }
}

impl HttpTransport for HttpClients {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
    ) -> LocalBoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            super::event_loop().await;
            let need = ClientOptions::of(request);
            refuse_broken_proxy(&need, &request.url)?;
            let explain = |error: &reqwest::Error| {
                let about = FailedRequest {
                    url: &request.url,
                    proxy: proxy(&need, &request.url),
                    connect: need.connect,
                    shows_certificate: self.identity(request).is_some(),
                };
                about.explain(error)
            };
            let client = self
                .client(&need, request)
                .map_err(|error| explain(&error))?;
            let ready = prepare(&client, request, &explain)?;
            let work = async {
                let answer = client.execute(ready).await;
                read(answer.map_err(|error| explain(&error))?, &explain).await
            };
            let answer = within(request.timeout, work).await;
            answer.unwrap_or_else(|| {
                Err(TransportError::Uncertain(
                    "there was no answer in time".to_owned(),
                ))
            })
        })
    }

    fn with_certificates(&self, certificates: TlsCertificates) -> Option<Rc<dyn HttpTransport>> {
        Some(Rc::new(HttpClients {
            clients: RefCell::default(),
            certificates,
        }))
    }

    fn hold(&self) -> Box<dyn SignalGuard> {
        Box::new(super::signal_guard::hold())
    }
}

/// Returns the result of `work`, or `None` if it takes longer than `time`.
async fn within<T>(time: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    if let Ok(done) = tokio::time::timeout(time, &mut work).await {
        return Some(done);
    }
    tokio::time::timeout(FINAL_POLL, work).await.ok()
}

/// Refuses a request that would use a proxy whose value in the environment is malformed.
fn refuse_broken_proxy(need: &ClientOptions, url: &Url) -> Result<(), TransportError> {
    if need.near {
        return Ok(());
    }
    let env = super::env();
    match broken_proxy(&env) {
        Some(BrokenProxy { why, way_out }) if !needs_no_proxy(&env, url) => {
            Err(TransportError::Blocked { why, way_out })
        }
        _ => Ok(()),
    }
}

/// The proxy that a request goes through, for messages.
fn proxy(need: &ClientOptions, url: &Url) -> Option<String> {
    if need.near {
        return None;
    }
    let matcher = hyper_util::client::proxy::matcher::Matcher::from_env();
    let proxy = matcher.intercept(&url.as_str().parse().ok()?)?;
    let authority = proxy.uri().authority()?.as_str();
    let host = authority.rsplit('@').next().unwrap_or_default();
    Some(crate::core::untrusted::one_line(host))
}

impl HttpClients {
    /// Returns the certificate that this side shows for a request, with its key.
    fn identity<'r>(&'r self, request: &'r HttpRequest) -> Option<&'r Secret> {
        let own = self.certificates.identity.as_ref();
        request.identity.as_ref().or(own)
    }

    fn client(
        &self,
        need: &ClientOptions,
        request: &HttpRequest,
    ) -> Result<reqwest::Client, reqwest::Error> {
        let mut clients = self.clients.borrow_mut();
        if let Some((_, client)) = clients.iter().find(|(known, _)| known == need) {
            return Ok(client.clone());
        }
        let roots = self.certificates.roots.as_deref();
        let client = build(need, roots, self.identity(request))?;
        clients.push((need.clone(), client.clone()));
        Ok(client)
    }
}

fn build(
    need: &ClientOptions,
    roots: Option<&[u8]>,
    identity: Option<&Secret>,
) -> Result<reqwest::Client, reqwest::Error> {
    // Refused only when another provider is installed already, which is then as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(need.connect)
        .user_agent(concat!("keywright/", env!("CARGO_PKG_VERSION")));
    if need.near {
        builder = builder.no_proxy();
    }
    if need.plain {
        builder = builder.tls_certs_only([]);
    } else if let Some(roots) = roots {
        builder = builder.tls_certs_only(reqwest::Certificate::from_pem_bundle(roots)?);
    }
    if let Some(identity) = identity.filter(|_| !need.plain) {
        let pem = identity.expose().as_bytes();
        builder = builder.identity(reqwest::Identity::from_pem(pem)?);
    }
    if let Some(name) = &need.name {
        let here = [
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
        ];
        builder = builder.resolve_to_addrs(name, &here);
    }
    builder.build()
}

fn prepare(
    client: &reqwest::Client,
    request: &HttpRequest,
    explain: &impl Fn(&reqwest::Error) -> TransportError,
) -> Result<reqwest::Request, TransportError> {
    let method = reqwest::Method::from_bytes(request.method.as_bytes())
        .map_err(|_| TransportError::NotSent("the method is not an HTTP token".to_owned()))?;
    let mut headers = HeaderMap::new();
    for header in &request.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| {
            TransportError::NotSent(format!("`{}` is not a header name", header.name))
        })?;
        let (text, secret) = match &header.value {
            HeaderValue::Plain(text) => (text.as_str(), false),
            HeaderValue::Secret(secret) => (secret.expose(), true),
        };
        let mut value = Value::from_str(text).map_err(|_| {
            TransportError::NotSent(format!(
                "the value of the header `{name}` holds a character that no header may"
            ))
        })?;
        value.set_sensitive(secret);
        headers.append(name, value);
    }
    let mut builder = client.request(method, request.url.clone()).headers(headers);
    if let Some(body) = &request.body {
        if let Some(media_type) = &body.media_type {
            builder = builder.header(reqwest::header::CONTENT_TYPE, media_type);
        }
        builder = builder.body(body.text.expose().to_owned());
    }
    builder.build().map_err(|error| explain(&error))
}

async fn read(
    mut answer: reqwest::Response,
    explain: &impl Fn(&reqwest::Error) -> TransportError,
) -> Result<HttpResponse, TransportError> {
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    let mut body = Zeroizing::new(Vec::new());
    while let Some(chunk) = answer.chunk().await.map_err(|error| explain(&error))? {
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err(TransportError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(HttpResponse {
        status,
        headers,
        body,
    })
}
