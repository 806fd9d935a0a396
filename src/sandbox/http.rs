//! From bytes on a connection to a [`ServiceRequest`] that a service can judge, and back.

use crate::core::error::Error;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{HeaderMap, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::{TcpListener, TcpStream};

/// No documented request comes near this; it bounds what a stray client can make the sandbox hold.
const MAX_BODY_BYTES: usize = 1024 * 1024;
const TOO_LARGE: &str = "the body is larger than 1 MiB";

/// One of the five services.
pub(super) trait SandboxService: Send + Sync + 'static {
    /// Judges one request.
    fn answer(&self, request: &ServiceRequest) -> Result<ServiceReply, HttpFailure>;

    /// Returns a general refusal (unknown path, wrong method, unreadable body) in this service's error format.
    fn fault(&self, status: u16, message: &str) -> ServiceReply;
}

/// The reason of a general refusal.
pub(super) enum HttpFailure {
    /// The service refused it, in words of its own.
    Refused(ServiceReply),
    /// No such address.
    UnknownPath,
    /// The address exists, but not for this method; holds those it exists for.
    WrongMethod(&'static str),
    /// The body, or a query parameter, is not what the document says.
    BadRequest(String),
    /// The body is not labelled as JSON.
    MediaType,
    /// The sandbox itself failed.
    Broken(Error),
}

impl From<Error> for HttpFailure {
    fn from(error: Error) -> HttpFailure {
        HttpFailure::Broken(error)
    }
}

/// The response of a service.
pub(super) struct ServiceReply {
    status: u16,
    media_type: &'static str,
    headers: Vec<(&'static str, HeaderValue)>,
    body: String,
}

impl ServiceReply {
    /// Returns a JSON answer.
    pub(super) fn json(status: u16, body: &Value) -> ServiceReply {
        ServiceReply::text(status, "application/json", body.to_string())
    }

    /// Returns an answer of any other kind.
    pub(super) fn text(status: u16, media_type: &'static str, body: String) -> ServiceReply {
        ServiceReply {
            status,
            media_type,
            headers: Vec::new(),
            body,
        }
    }

    /// Returns the same answer with one more header; `name` is in lower case. A value that no header may hold is left
    /// out.
    pub(super) fn with(
        mut self,
        name: &'static str,
        value: impl TryInto<HeaderValue>,
    ) -> ServiceReply {
        if let Ok(value) = value.try_into() {
            self.headers.push((name, value));
        }
        self
    }

    fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(Bytes::from(self.body)));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let media_type = HeaderValue::from_static(self.media_type);
        let headers = response.headers_mut();
        headers.insert("content-type", media_type);
        for (name, value) in self.headers {
            headers.insert(HeaderName::from_static(name), value);
        }
        response
    }
}

/// One request, read to its end.
pub(super) struct ServiceRequest {
    pub(super) method: String,
    /// As it was sent: slashes at the end count.
    pub(super) path: String,
    query: String,
    headers: HeaderMap,
    body: Bytes,
}

impl ServiceRequest {
    /// Returns a header's value, without white space around it; `None` when absent or empty.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?.to_str().ok()?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// Returns the credential of an `Authorization: Bearer` header.
    pub(super) fn bearer(&self) -> Option<&str> {
        let (scheme, credential) = self.header("authorization")?.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") && !credential.is_empty()).then_some(credential)
    }

    /// Refuses a method the address is not made for. `allowed` is the value of the answer's `Allow` header.
    pub(super) fn only(&self, allowed: &'static str) -> Result<(), HttpFailure> {
        if allowed.split(", ").any(|method| method == self.method) {
            Ok(())
        } else {
            Err(HttpFailure::WrongMethod(allowed))
        }
    }

    /// Returns the JSON object in the body.
    pub(super) fn fields(&self) -> Result<JsonFields, HttpFailure> {
        if self.body.is_empty() {
            return Err(HttpFailure::BadRequest(
                "a JSON body is required".to_owned(),
            ));
        }
        self.fields_if_any()
    }

    /// Returns the JSON object in the body; an empty one where there is no body at all.
    pub(super) fn fields_if_any(&self) -> Result<JsonFields, HttpFailure> {
        if self.body.is_empty() {
            return Ok(JsonFields(Map::new()));
        }
        let media_type = self.header("content-type").unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(HttpFailure::MediaType);
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(fields)) => Ok(JsonFields(fields)),
            Ok(_) => Err(HttpFailure::BadRequest(
                "the body must be a JSON object".to_owned(),
            )),
            Err(error) => Err(HttpFailure::BadRequest(format!(
                "the body is not JSON: {error}"
            ))),
        }
    }

    /// Returns the query's numbers by name; any other name, a repeated one and what is no number are refused.
    pub(super) fn numbers<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<usize>; N], HttpFailure> {
        let mut numbers = [None; N];
        for pair in self.query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(place) = names.iter().position(|known| *known == name) else {
                return Err(HttpFailure::BadRequest(format!(
                    "unknown parameter `{name}`"
                )));
            };
            let number = value.parse().ok().filter(|_| numbers[place].is_none());
            if number.is_none() {
                let wrong = format!("`{name}` must be one whole number");
                return Err(HttpFailure::BadRequest(wrong));
            }
            numbers[place] = number;
        }
        Ok(numbers)
    }
}

/// The fields of a JSON object, each of the type its document says or refused.
pub(super) struct JsonFields(Map<String, Value>);

impl JsonFields {
    /// Refuses a field that is not documented: a misspelt optional one would otherwise pass in silence.
    pub(super) fn only(self, names: &[&str]) -> Result<JsonFields, HttpFailure> {
        match self.0.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => Err(HttpFailure::BadRequest(format!("unknown field `{name}`"))),
            None => Ok(self),
        }
    }

    /// A text that may be left out, but not be blank.
    pub(super) fn text_if_any(&self, name: &str) -> Result<Option<&str>, HttpFailure> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(_) => Err(HttpFailure::BadRequest(format!(
                "`{name}` must be a text that is not blank"
            ))),
        }
    }

    /// Returns a text that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, HttpFailure> {
        let text = self.text_if_any(name)?;
        text.ok_or_else(|| HttpFailure::BadRequest(format!("`{name}` is required")))
    }

    /// Any value.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

/// Tells every other request of a credential apart, so that "limited once" is met by each run and again by each retry
/// that follows a success.
#[derive(Default)]
pub(super) struct Alternation(Mutex<HashMap<String, bool>>);

impl Alternation {
    /// True at the first, third, fifth... time.
    pub(super) fn odd(&self, secret: &str) -> bool {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let odd = turns.entry(secret.to_owned()).or_insert(false);
        *odd = !*odd;
        *odd
    }
}

/// Accepts connections for as long as the task lives.
pub(super) async fn accept(listener: TcpListener, service: Arc<dyn SandboxService>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(converse(stream, Arc::clone(&service)));
            }
            // A client that is gone already, or no descriptor left: the others want to be served all the same.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

async fn converse(stream: TcpStream, service: Arc<dyn SandboxService>) {
    // Answers are small: waiting to fill a packet would only make them late.
    drop(stream.set_nodelay(true));
    let respond = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(respond(request, service.as_ref()).await.into_response()) }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), respond)
        .await;
    // The client disconnected or did not speak HTTP; either way there is no one to report to.
    drop(served);
}

async fn respond(request: hyper::Request<Incoming>, service: &dyn SandboxService) -> ServiceReply {
    let (head, body) = request.into_parts();
    // An announced length is judged before the client goes to the trouble of sending that much.
    if body.size_hint().lower() > MAX_BODY_BYTES as u64 {
        return service.fault(413, TOO_LARGE);
    }
    let body = match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return service.fault(413, TOO_LARGE);
        }
        Err(_) => return service.fault(400, "the body ended too early"),
    };
    let request = ServiceRequest {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body,
    };
    match service.answer(&request) {
        Ok(reply) | Err(HttpFailure::Refused(reply)) => reply,
        Err(HttpFailure::UnknownPath) => service.fault(404, "there is nothing at this address"),
        Err(HttpFailure::WrongMethod(allowed)) => {
            let message = format!("{} is not allowed here, only {allowed}", request.method);
            service.fault(405, &message).with("allow", allowed)
        }
        Err(HttpFailure::BadRequest(message)) => service.fault(400, &message),
        Err(HttpFailure::MediaType) => {
            service.fault(415, "the body must be sent as application/json")
        }
        Err(HttpFailure::Broken(error)) => {
            service.fault(500, &format!("the sandbox lost its state: {error}"))
        }
    }
}
