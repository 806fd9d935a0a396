//! Places in memory: what stands in one value of each service that a built-in manifest describes. They answer as their
//! sources say, and are written without a look at the manifests.

mod environments;
mod repositories;
mod vaults;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The credential that each place accepts.
pub(crate) const TOKEN: &str = "fake-token-of-the-place";

/// A place, and what its description promises.
pub(crate) struct Place {
    /// The name of its manifest.
    pub(crate) name: &'static str,
    /// An address there.
    pub(crate) to: &'static str,
    /// The servers of the manifest.
    pub(crate) servers: &'static [&'static str],
    /// The environment in which its tools find the credential.
    pub(crate) environment: &'static [(&'static str, &'static str)],
    /// Says whether a value that was written is shown.
    pub(crate) shows: bool,
    /// Says whether a write names what was read.
    pub(crate) compares: bool,
    /// The path of its server's address, which a stand-in may leave out.
    base: &'static str,
    /// The response to a request.
    answer: fn(&mut Entry, &Request) -> Reply,
}

/// A place with one server that shows its values and compares nothing.
const fn place(
    name: &'static str,
    to: &'static str,
    environment: &'static [(&'static str, &'static str)],
    answer: fn(&mut Entry, &Request) -> Reply,
) -> Place {
    Place {
        name,
        to,
        servers: &["api"],
        environment,
        shows: true,
        compares: false,
        base: "",
        answer,
    }
}

/// The response of a place: status and body.
pub(crate) type Reply = (u16, Value);

/// The content of a place.
#[derive(Default)]
pub(crate) struct Entry {
    pub(crate) value: Option<String>,
    /// Grows with each change.
    pub(crate) version: u64,
    /// Another value, which arrives just before the next write.
    pub(crate) rival: Option<String>,
}

impl Entry {
    /// Makes a value stand there.
    pub(crate) fn put(&mut self, value: &str) {
        self.set(Some(value));
    }

    /// Returns the value that stands there, which may be a member of a text that is JSON.
    pub(crate) fn held(&self) -> Option<String> {
        let text = self.value.clone()?;
        let member = serde_json::from_str::<Value>(&text).ok();
        let member = member.and_then(|object| Some(object.get("API_KEY")?.as_str()?.to_owned()));
        Some(member.unwrap_or(text))
    }

    fn set(&mut self, value: Option<&str>) {
        self.value = value.map(str::to_owned);
        self.version += 1;
    }

    /// Stores the text at a location of the body.
    fn take(&mut self, request: &Request, at: &str) {
        let value = request.body.pointer(at).and_then(Value::as_str);
        assert!(value.is_some(), "{at} of {}", request.body);
        self.set(value);
    }
}

/// A request as a place reads it.
pub(crate) struct Request {
    method: String,
    /// The path without the query, its parts decoded.
    parts: Vec<String>,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    /// JSON, or the pairs of a form.
    body: Value,
}

impl Request {
    /// Reads a request; names of headers are in lower case.
    pub(crate) fn new(
        method: &str,
        target: &str,
        headers: impl IntoIterator<Item = (String, String)>,
        body: &[u8],
    ) -> Self {
        let url = url::Url::parse("http://place").unwrap();
        let url = url.join(target).unwrap();
        let decoded = |part: &str| {
            let part = part.replace('+', "%2B");
            let pair = format!("x={part}");
            let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
            pairs.next().unwrap().1.into_owned()
        };
        let content = serde_json::from_slice(body).unwrap_or_else(|_| {
            let pairs = url::form_urlencoded::parse(body).into_owned();
            json!(pairs.collect::<BTreeMap<String, String>>())
        });
        Request {
            method: method.to_owned(),
            parts: url.path_segments().unwrap().map(decoded).collect(),
            query: url.query_pairs().into_owned().collect(),
            headers: headers.into_iter().collect(),
            body: content,
        }
    }

    /// Leaves out the path of the server's address.
    fn below(mut self, base: &str) -> Self {
        let parts = base.split('/').filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.map(str::to_owned).collect();
        if self.parts.starts_with(&parts) {
            self.parts.drain(..parts.len());
        }
        self
    }

    /// Returns whether it changes what stands there.
    pub(crate) fn is_write(&self) -> bool {
        let asks = self.line().ends_with("capabilities-self") || self.query("dryRun") == "All";
        let logs_in = ["token", "login"].contains(&self.parts.last().map_or("", String::as_str));
        self.method != "GET" && !asks && !logs_in && !self.header("x-amz-target").contains(".Get")
    }

    /// Returns the method and the path, `GET a/b`.
    fn line(&self) -> String {
        format!("{} {}", self.method, self.parts.join("/"))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn is_bearer(&self) -> bool {
        self.header("authorization") == format!("Bearer {TOKEN}")
    }

    fn query(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    fn text(&self, at: &str) -> &str {
        let found = self.body.pointer(at).and_then(Value::as_str);
        found.unwrap_or_default()
    }
}

fn encoded(text: &str) -> String {
    STANDARD.encode(text)
}

fn decoded(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

/// Answers a request; a rival's value arrives just before a write.
pub(crate) fn respond(place: &Place, entry: &mut Entry, request: Request) -> Reply {
    let request = &request.below(place.base);
    if let Some(rival) = entry.rival.take_if(|_| request.is_write()) {
        entry.set(Some(&rival));
    }
    (place.answer)(entry, request)
}

/// Every place.
pub(crate) fn all() -> impl Iterator<Item = &'static Place> {
    let places = environments::PLACES.iter().chain(vaults::PLACES);
    places.chain(repositories::PLACES)
}
