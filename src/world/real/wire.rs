//! HTTP through reqwest: no redirects, no retries of its own, TLS by rustls with ring.

use std::cell::OnceCell;
use std::error::Error as _;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue as Value};
use zeroize::Zeroizing;

use super::super::{
    Answer, HeaderValue, LARGEST_ANSWER, Local, Request, Wire, WireError, is_loopback,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The clients, built when the first request needs them.
#[derive(Default)]
pub(super) struct Http {
    /// For everything that leaves this machine, and for TLS.
    wide: OnceCell<reqwest::Client>,
    /// For plain HTTP to this machine: no proxy, and no certificates are loaded.
    near: OnceCell<reqwest::Client>,
}

impl Wire for Http {
    fn send<'a>(&'a self, request: &'a Request) -> Local<'a, Result<Answer, WireError>> {
        Box::pin(async move {
            super::event_loop().await;
            let client = self.client(request)?;
            let ready = prepare(client, request)?;
            let answer = client
                .execute(ready)
                .await
                .map_err(|error| explain(&error))?;
            read(answer).await
        })
    }
}

impl Http {
    fn client(&self, request: &Request) -> Result<&reqwest::Client, WireError> {
        let near = request.url.scheme() == "http";
        let cell = if near { &self.near } else { &self.wide };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        // Refused only when another provider is installed already, which is then as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("keywright/", env!("CARGO_PKG_VERSION")));
        builder = if near || is_loopback(&request.url) {
            builder.no_proxy()
        } else {
            builder
        };
        builder = if near {
            builder.tls_certs_only([])
        } else {
            builder
        };
        let client = builder
            .build()
            .map_err(|error| WireError::NotSent(reason(&error)))?;
        Ok(cell.get_or_init(|| client))
    }
}

fn prepare(client: &reqwest::Client, request: &Request) -> Result<reqwest::Request, WireError> {
    let method = reqwest::Method::from_bytes(request.method.as_bytes())
        .map_err(|_| WireError::NotSent("the method is no HTTP token".to_owned()))?;
    let mut headers = HeaderMap::new();
    for header in &request.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes())
            .map_err(|_| WireError::NotSent(format!("`{}` is no header name", header.name)))?;
        let (text, secret) = match &header.value {
            HeaderValue::Plain(text) => (text.as_str(), false),
            HeaderValue::Secret(secret) => (secret.expose(), true),
        };
        let mut value = Value::from_str(text).map_err(|_| {
            WireError::NotSent(format!(
                "the value of the header `{name}` holds a character that no header may"
            ))
        })?;
        value.set_sensitive(secret);
        headers.append(name, value);
    }
    let mut builder = client
        .request(method, request.url.clone())
        .headers(headers)
        .timeout(request.timeout);
    if let Some(body) = &request.body {
        if let Some(media_type) = &body.media_type {
            builder = builder.header(reqwest::header::CONTENT_TYPE, media_type);
        }
        builder = builder.body(body.text.expose().to_owned());
    }
    builder
        .build()
        .map_err(|error| WireError::NotSent(reason(&error)))
}

async fn read(mut answer: reqwest::Response) -> Result<Answer, WireError> {
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
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(WireError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status,
        headers,
        body,
    })
}

/// What went wrong, in words without the URL, and whether the server may have seen the request.
fn explain(error: &reqwest::Error) -> WireError {
    if error.is_connect() || error.is_builder() {
        return WireError::NotSent(reason(error));
    }
    if error.is_timeout() {
        return WireError::Uncertain("there was no answer in time".to_owned());
    }
    WireError::Uncertain(reason(error))
}

/// The innermost cause: the outer ones repeat the URL.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: Option<&dyn std::error::Error> = error.source();
    let mut words = if error.is_timeout() {
        "the connection could not be made in time".to_owned()
    } else {
        "the request could not be sent".to_owned()
    };
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    // The number of a system's error helps nobody who reads its words.
    if let Some((text, _)) = words.split_once(" (os error") {
        words = text.to_owned();
    }
    words
}
