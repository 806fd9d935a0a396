//! KV v2 in memory, as `OpenBao` and Vault answer: versions, check-and-set, sealing, refusals, and answers that get lost.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use keywright::platform::{BlockingHttp, HeaderValue, HttpRequest, HttpResponse, TransportError};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::point;

/// The fault of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EngineFault {
    /// It is sealed.
    Sealed,
    /// It takes no connection.
    Refuses,
    /// It writes, and its answer is lost.
    LosesAnswer,
    /// The request is lost on the way.
    LosesRequest,
    /// A policy lacks the capability for this method.
    Denies(&'static str),
    /// It is over its quota.
    Limited,
    /// Its mount was just made.
    Upgrades,
}

/// The documents of an engine, by path: each a version and its data.
#[derive(Default)]
pub(crate) struct FakeEngine {
    documents: Mutex<BTreeMap<String, (u64, Value)>>,
    /// The documents before the latest write: a server that is behind answers with them, unless it is told the index.
    before: Mutex<BTreeMap<String, (u64, Value)>>,
    /// The number of writes, if the server that answers is behind.
    index: Mutex<Option<u64>>,
    /// The faults to come: after so many requests, this one, so often.
    faults: Mutex<VecDeque<(usize, EngineFault, usize)>>,
    /// Says whether a request has failed.
    failed: AtomicBool,
    /// Says whether the machine is about to die.
    dies: AtomicBool,
    /// The tokens that it has issued, if it does; no other is accepted then.
    tokens: Mutex<Option<Vec<String>>>,
    /// The logins, each with its path and body.
    logins: Mutex<Vec<(String, Value)>>,
    /// The namespaces that requests named.
    namespaces: Mutex<Vec<String>>,
    /// The requests that came, as method and path.
    pub(crate) requests: Mutex<Vec<String>>,
}

impl FakeEngine {
    /// From now on so many requests end badly.
    pub(crate) fn fails(&self, fault: EngineFault, times: usize) {
        self.fails_after(0, fault, times);
    }

    /// After so many requests so many end badly.
    pub(crate) fn fails_after(&self, count: usize, fault: EngineFault, times: usize) {
        let faults = (times > 0).then_some((count, fault, times));
        *self.faults.lock().unwrap() = faults.into_iter().collect();
    }

    /// After so many requests, to this engine or elsewhere, one ends with `last`, and no further one leaves the machine.
    pub(crate) fn dies_after(&self, count: usize, last: EngineFault) {
        *self.faults.lock().unwrap() =
            [(count, last, 1), (0, EngineFault::Refuses, usize::MAX)].into();
        self.dies.store(true, Ordering::Relaxed);
    }

    /// Says whether a request has ended badly.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// The fault of a request of the machine to another place, if it is about to die.
    pub(crate) fn next_fault_elsewhere(&self) -> Option<EngineFault> {
        let dies = self.dies.load(Ordering::Relaxed);
        dies.then(|| self.next_fault()).flatten()
    }

    /// The requests since the last look.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }

    /// The texts of all documents.
    pub(crate) fn texts(&self) -> Vec<String> {
        let documents = self.documents.lock().unwrap();
        documents
            .values()
            .map(|(_, data)| data.to_string())
            .collect()
    }

    /// The names of the documents whose path begins so.
    pub(crate) fn names(&self, beginning: &str) -> Vec<String> {
        let documents = self.documents.lock().unwrap();
        let names = documents.keys();
        names
            .filter(|name| name.starts_with(beginning))
            .cloned()
            .collect()
    }

    /// Changes the text of a document behind everybody's back.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let mut documents = self.documents.lock().unwrap();
        let (_, data) = documents.get_mut(name).unwrap();
        let text = data["text"].as_str().unwrap();
        assert!(text.contains(from), "{text}");
        data["text"] = Value::from(text.replace(from, to));
    }

    /// From now on it issues tokens, and accepts no others.
    pub(crate) fn issues_tokens(&self) {
        *self.tokens.lock().unwrap() = Some(Vec::new());
    }

    /// The tokens that were issued are accepted no longer.
    pub(crate) fn revokes_tokens(&self) {
        self.issues_tokens();
    }

    /// The logins since the last look.
    pub(crate) fn take_logins(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut *self.logins.lock().unwrap())
    }

    /// The namespaces that were named since the last look.
    pub(crate) fn take_namespaces(&self) -> Vec<String> {
        std::mem::take(&mut *self.namespaces.lock().unwrap())
    }

    /// The answer of an auth method, or to a request whose token is not accepted.
    fn authenticated(&self, path: &str, body: &Value, token: &str) -> Option<(u16, Value)> {
        let mut tokens = self.tokens.lock().unwrap();
        let auth = path.strip_prefix("auth/");
        let issued = tokens.as_mut();
        let lasts = |token: &str| json!({ "auth": { "client_token": token, "lease_duration": 60, "renewable": true } });
        if auth.is_some_and(|path| path.ends_with("/login")) {
            let Some(issued) = issued else {
                return Some((400, json!({ "errors": ["invalid role or secret ID"] })));
            };
            let mut logins = self.logins.lock().unwrap();
            logins.push((path.to_owned(), body.clone()));
            issued.push(format!("fake-issued-{}", logins.len()));
            return Some((200, lasts(issued.last().unwrap())));
        }
        if issued.is_some_and(|issued| !issued.iter().any(|one| one == token)) {
            return Some((403, json!({ "errors": ["permission denied"] })));
        }
        auth.map(|_| (200, lasts(token)))
    }

    /// From now on a server answers that has not seen the latest write.
    pub(crate) fn is_behind(&self) {
        *self.index.lock().unwrap() = Some(0);
    }

    /// The answer to a request that names the state which it wants to see, and the state after it.
    fn answer_at(
        &self,
        (method, path): (&str, &str),
        body: &Value,
        wanted: Option<&str>,
    ) -> (u16, Value, Option<u64>) {
        let mut index = self.index.lock().unwrap();
        let Some(now) = *index else {
            let (status, body) = self.answer(method, path, body);
            return (status, body, None);
        };
        if matches!(method, "GET" | "LIST") {
            if wanted == Some(&now.to_string()) {
                let (status, body) = self.answer(method, path, body);
                return (status, body, None);
            }
            let stale = FakeEngine {
                documents: Mutex::new(self.before.lock().unwrap().clone()),
                ..FakeEngine::default()
            };
            let (status, body) = stale.answer(method, path, body);
            return (status, body, None);
        }
        *self.before.lock().unwrap() = self.documents.lock().unwrap().clone();
        let (status, body) = self.answer(method, path, body);
        *index = Some(now + 1);
        (status, body, Some(now + 1))
    }

    fn next_fault(&self) -> Option<EngineFault> {
        let mut faults = self.faults.lock().unwrap();
        let (before, fault, left) = faults.front_mut()?;
        if *before > 0 {
            *before -= 1;
            return None;
        }
        let fault = *fault;
        *left -= 1;
        if *left == 0 {
            faults.pop_front();
        }
        self.failed.store(true, Ordering::Relaxed);
        Some(fault)
    }

    fn answer(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let mut documents = self.documents.lock().unwrap();
        let parts = path.split_once('/');
        let Some((kind, name)) = parts.and_then(|(_, rest)| rest.split_once('/')) else {
            return (404, json!({ "errors": ["no handler for route"] }));
        };
        match (method, kind) {
            ("GET", "data") => match documents.get(name) {
                Some((version, data)) => (
                    200,
                    json!({ "data": { "data": data, "metadata": { "version": version } } }),
                ),
                None => (404, json!({ "errors": [] })),
            },
            ("POST", "data") => {
                let now = documents.get(name).map_or(0, |(version, _)| *version);
                if body["options"]["cas"].as_u64() != Some(now) {
                    let why = "check-and-set parameter did not match the current version";
                    return (400, json!({ "errors": [why] }));
                }
                documents.insert(name.to_owned(), (now + 1, body["data"].clone()));
                (200, json!({ "data": { "version": now + 1 } }))
            }
            ("DELETE", "metadata") => {
                documents.remove(name);
                (204, Value::Null)
            }
            ("LIST", "metadata") => {
                let folder = format!("{name}/");
                let keys: Vec<&str> = documents
                    .keys()
                    .filter_map(|path| path.strip_prefix(&folder))
                    .collect();
                if keys.is_empty() {
                    return (404, json!({ "errors": [] }));
                }
                (200, json!({ "data": { "keys": keys } }))
            }
            _ => (405, json!({ "errors": ["unsupported operation"] })),
        }
    }
}

fn response(status: u16, body: &Value) -> HttpResponse {
    HttpResponse {
        status,
        headers: Vec::new(),
        body: Zeroizing::new(body.to_string().into_bytes()),
    }
}

impl BlockingHttp for FakeEngine {
    fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        point::reach("engine");
        let answered = self.reply(&request);
        point::reach("response");
        answered
    }
}

impl FakeEngine {
    /// The answer to a request, or its fault.
    fn reply(&self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        let path = request.url.path().trim_start_matches("/v1/").to_owned();
        let asked = format!("{} {path}", request.method);
        self.requests.lock().unwrap().push(asked);
        let body = request
            .body
            .as_ref()
            .map(|body| body.text.expose().to_owned());
        let body = body.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
        let lost = || TransportError::Uncertain("the connection broke".to_owned());
        match self.next_fault() {
            Some(EngineFault::Sealed) => {
                Ok(response(503, &json!({ "errors": ["Vault is sealed"] })))
            }
            Some(EngineFault::Refuses) => {
                Err(TransportError::NotSent("connection refused".to_owned()))
            }
            Some(EngineFault::LosesRequest) => Err(lost()),
            Some(EngineFault::Limited) => {
                let why = "request path: rate limit quota exceeded";
                Ok(response(429, &json!({ "errors": [why] })))
            }
            Some(EngineFault::Upgrades) => {
                let why = "Waiting for the primary to upgrade from non-versioned to versioned data. This backend will be unavailable for a brief period and will resume service when the primary is finished.";
                Ok(response(400, &json!({ "errors": [why] })))
            }
            Some(EngineFault::LosesAnswer) => {
                self.answer(&request.method, &path, &body);
                Err(lost())
            }
            Some(EngineFault::Denies(method)) if request.method == method => {
                let why = "1 error occurred:\n\t* permission denied\n\n";
                Ok(response(403, &json!({ "errors": [why] })))
            }
            Some(EngineFault::Denies(_)) | None => {
                let named = |name: &str| {
                    let mut headers = request.headers.iter();
                    let found = headers.find(|header| header.name == name);
                    found.map(|header| match &header.value {
                        HeaderValue::Plain(text) => text.clone(),
                        HeaderValue::Secret(text) => text.expose().to_owned(),
                    })
                };
                self.namespaces
                    .lock()
                    .unwrap()
                    .extend(named("x-vault-namespace"));
                let token = named("x-vault-token").unwrap_or_default();
                if let Some((status, body)) = self.authenticated(&path, &body, &token) {
                    return Ok(response(status, &body));
                }
                let wanted = named("x-vault-inconsistent").and(named("x-vault-index"));
                let asked = (request.method.as_str(), path.as_str());
                let (status, body, index) = self.answer_at(asked, &body, wanted.as_deref());
                let mut answer = response(status, &body);
                answer
                    .headers
                    .extend(index.map(|index| ("x-vault-index".to_owned(), index.to_string())));
                Ok(answer)
            }
        }
    }
}

/// The variables that lead to the engine.
pub(crate) fn variables() -> [(&'static str, &'static str); 3] {
    [
        ("KEYWRIGHT_STATE", "vault:kv/team"),
        ("VAULT_ADDR", "http://127.0.0.1:8200"),
        ("VAULT_TOKEN", "fake-engine-token"),
    ]
}
