//! A service that accepts and answers what its facts say.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use keywright::core::secret::Secret;
use keywright::manifest::RecordedExchange;
use keywright::platform::{
    HttpRequest, HttpResponse, HttpTransport, LocalBoxFuture, TransportError,
};
use serde_json::{Map, Value, json};
use url::form_urlencoded;
use zeroize::Zeroizing;

use super::facts::{Answer, CallFacts, Facts, Fields};

/// A transport to the service.
pub(super) struct PublishedService {
    facts: Facts,
    answer: Answer,
    pub(super) exchanges: RefCell<Vec<RecordedExchange>>,
    pub(super) objections: RefCell<Vec<String>>,
    /// The addresses of what was deleted.
    deleted: RefCell<BTreeSet<String>>,
}

impl PublishedService {
    pub(super) fn new(facts: Facts, answer: Answer) -> Self {
        PublishedService {
            facts,
            answer,
            exchanges: RefCell::default(),
            objections: RefCell::default(),
            deleted: RefCell::default(),
        }
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let mut place = request.url.clone();
        place.set_query(None);
        let name = format!("{} {place}", request.method);
        let form = request
            .body
            .as_ref()
            .map(|body| Secret::as_json(&body.text));
        let form = form.as_ref().and_then(Value::as_str).unwrap_or_default();
        let Some(call) = self.facts.call(&request.method, place.as_str(), form) else {
            self.objections
                .borrow_mut()
                .push(format!("{name} is not documented"));
            return response(404, String::new());
        };
        let objections = objections(&self.facts, call, request).into_iter();
        self.objections
            .borrow_mut()
            .extend(objections.map(|why| format!("{name}: {why}")));
        let is_gone = request.method == "GET" && self.deleted.borrow().contains(place.as_str());
        let answer = if is_gone {
            Answer::Refusal(404)
        } else {
            self.answer
        };
        let (status, body) = self.facts.answer(call, answer, &sent(call, request));
        if request.method == "DELETE" {
            self.deleted.borrow_mut().insert(place.to_string());
        }
        self.exchanges.borrow_mut().push(RecordedExchange {
            request: name,
            headers: BTreeMap::default(),
            body: None,
            status,
            response_headers: media_type(&body).into_iter().collect(),
            response: body.clone(),
        });
        response(status, body)
    }
}

impl HttpTransport for PublishedService {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
    ) -> LocalBoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(std::future::ready(Ok(self.answer(request))))
    }
}

/// Returns the header that tells XML.
fn media_type(body: &str) -> Option<(String, String)> {
    body.starts_with('<')
        .then(|| ("content-type".to_owned(), "text/xml".to_owned()))
}

fn response(status: u16, body: String) -> HttpResponse {
    HttpResponse {
        status,
        headers: media_type(&body).into_iter().collect(),
        body: Zeroizing::new(body.into_bytes()),
    }
}

/// Returns everything in a request that the call does not have, or not so.
fn objections(facts: &Facts, call: &CallFacts, request: &HttpRequest) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, value) in &call.headers {
        let line = format!("{name}: {value}");
        let media = request
            .body
            .as_ref()
            .and_then(|body| body.media_type.as_deref());
        let sent = request
            .headers
            .iter()
            .any(|header| header.as_line().eq_ignore_ascii_case(&line));
        let is_media = name.eq_ignore_ascii_case("content-type") && media == Some(value);
        if !(sent || is_media) {
            wrong.push(format!("there is no header `{line}`"));
        }
    }
    let query = request
        .url
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()));
    fields(
        &of_text(query, &call.query, ""),
        &call.query,
        "",
        &mut wrong,
    );
    let sent = sent(call, request);
    if call.is_query {
        wrong.extend(facts.graphql.objections(&sent));
    } else {
        fields(&sent, &call.body, "/", &mut wrong);
    }
    wrong
}

/// Returns the body of a request.
fn sent(call: &CallFacts, request: &HttpRequest) -> Value {
    let body = request
        .body
        .as_ref()
        .map(|body| Secret::as_json(&body.text));
    let text = body.as_ref().and_then(Value::as_str).unwrap_or_default();
    if call.form {
        let pairs = form_urlencoded::parse(text.as_bytes()).into_owned();
        of_text(pairs, &call.body, "/")
    } else if text.is_empty() {
        json!({})
    } else {
        serde_json::from_str(text).unwrap_or_else(|_| json!(text))
    }
}

/// Returns pairs of text as an object, each value of the type that it should have.
fn of_text(pairs: impl Iterator<Item = (String, String)>, known: &Fields, before: &str) -> Value {
    let read = |(name, text): (String, String)| {
        let fact = known.get(&format!("{before}{name}"));
        let value = fact.map_or(json!(text), |fact| fact.read(&text));
        (name, value)
    };
    Value::Object(pairs.map(read).collect::<Map<_, _>>())
}

/// Holds an object against its facts: nothing unknown, everything required, each value of its type.
fn fields(sent: &Value, known: &Fields, before: &str, wrong: &mut Vec<String>) {
    let mut seen = Vec::new();
    visit(sent, "", &mut |pointer, value| {
        let pointer = if before.is_empty() {
            pointer.trim_start_matches('/')
        } else {
            pointer
        };
        seen.push(pointer.to_owned());
        if pointer.is_empty() {
            return true;
        }
        match known.get(pointer) {
            None => wrong.push(format!("`{pointer}` is not documented")),
            Some(fact) => {
                wrong.extend(
                    fact.objection(value)
                        .map(|why| format!("`{pointer}`: {why}")),
                );
                return !fact.is_any();
            }
        }
        false
    });
    let missing = known.iter().filter(|(pointer, fact)| {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        fact.is_required()
            && !seen.contains(pointer)
            && seen.iter().any(|one| one == parent)
            && !pointer.ends_with('*')
    });
    wrong.extend(missing.map(|(pointer, _)| format!("`{pointer}` is required")));
}

/// Shows every value inside another, by its pointer with `*` for an element; `see` returns whether to go on inside.
fn visit(value: &Value, pointer: &str, see: &mut dyn FnMut(&str, &Value) -> bool) {
    if !see(pointer, value) {
        return;
    }
    match value {
        Value::Array(items) => {
            for item in items {
                visit(item, &format!("{pointer}/*"), see);
            }
        }
        Value::Object(entries) => {
            for (name, entry) in entries {
                let name = name.replace('~', "~0").replace('/', "~1");
                visit(entry, &format!("{pointer}/{name}"), see);
            }
        }
        _ => {}
    }
}
