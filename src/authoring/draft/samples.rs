//! An example of each call, made up from the answers.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::answers::{CallLine, KeyPlacement, ServiceAnswers, TokenAnswers, TokenSource};
use super::quoted;
use crate::manifest::unescaped_part;

/// The name of an example that nobody recorded.
const MADE_UP: &str = "made up from the answers: record a real one";

/// The longest list that a location may lead into.
const MAX_ITEMS: usize = 8;

/// The credential that a call carries.
#[derive(Clone, Copy)]
pub(super) enum Carried<'a> {
    /// The key, or the token, at its place.
    Credential(&'a str, &'a KeyPlacement),
    /// None.
    Nothing,
}

/// A call as it is played.
pub(super) struct Sample<'a> {
    /// The table of the operation.
    pub(super) place: &'a str,
    /// The call.
    pub(super) call: &'a CallLine,
    /// The credential that it carries.
    pub(super) carried: Carried<'a>,
    /// The parameters.
    pub(super) input: &'a [(&'a str, &'a str)],
    /// The body of the request.
    pub(super) body: Option<Value>,
    /// The response; none is empty.
    pub(super) response: Option<Value>,
    /// The result, as TOML writes it.
    pub(super) expect: Option<String>,
}

impl Sample<'_> {
    /// Returns its table.
    pub(super) fn written(&self, answers: &ServiceAnswers) -> String {
        let mut text = format!(
            "\n[[{}.examples]]\nname = {}\n",
            self.place,
            quoted(MADE_UP)
        );
        let names = answers.used_variables();
        if !names.is_empty() {
            let values = names
                .iter()
                .map(|name| format!("{name} = {}", quoted(&value_of(name))));
            line(&mut text, "variables", &table(values));
        }
        if !self.input.is_empty() {
            let values = self.input.iter();
            let values = values.map(|(name, value)| format!("{name} = {}", quoted(value)));
            line(&mut text, "input", &table(values));
        }
        let request = format!("{} {}", self.call.method, self.address(answers));
        let mut exchange = format!("{{ request = {}", quoted(&request));
        let headers = self.headers(answers);
        if !headers.is_empty() {
            let headers = headers
                .iter()
                .map(|(name, value)| format!("{} = {}", toml_edit::Key::new(name), quoted(value)));
            let _ = write!(exchange, ", headers = {}", table(headers));
        }
        if let Some(body) = &self.body {
            let _ = write!(exchange, ", body = {}", quoted(&body.to_string()));
        }
        match &self.response {
            Some(response) => {
                let response = quoted(&response.to_string());
                let _ = write!(exchange, ", status = 200, response = {response}");
            }
            None => exchange.push_str(", status = 204"),
        }
        let _ = write!(text, "exchanges = [\n  {exchange} }},\n]\n");
        if let Some(expect) = &self.expect {
            line(&mut text, "expect", expect);
        }
        text
    }

    fn address(&self, answers: &ServiceAnswers) -> String {
        let mut address = format!("{}{}", answers.url, self.call.path);
        for name in answers.used_variables() {
            address = address.replace(&format!("{{var.{name}}}"), &value_of(name));
        }
        for (name, value) in self.input {
            address = address.replace(&format!("{{{name}}}"), value);
        }
        if let Carried::Credential(credential, KeyPlacement::Query(name)) = self.carried {
            let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let first = if address.contains('?') { '&' } else { '?' };
            let _ = write!(address, "{first}{name}=example-{credential}");
        }
        address
    }

    fn headers(&self, answers: &ServiceAnswers) -> Vec<(String, String)> {
        let mut headers = answers.headers.clone();
        for (_, value) in &mut headers {
            for name in answers.used_variables() {
                *value = value.replace(&format!("{{var.{name}}}"), &value_of(name));
            }
        }
        let with = |scheme: &Option<String>, value: &str| match scheme {
            Some(scheme) => format!("{scheme} example-{value}"),
            None => format!("example-{value}"),
        };
        match self.carried {
            Carried::Credential(credential, KeyPlacement::Header(name, scheme)) => {
                headers.push((name.clone(), with(scheme, credential)));
            }
            Carried::Credential(_, KeyPlacement::Headers(parts)) => {
                let parts = parts.iter();
                headers
                    .extend(parts.map(|(part, name, scheme)| (name.clone(), with(scheme, part))));
            }
            _ => {}
        }
        headers
    }
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {value}");
}

fn table(entries: impl Iterator<Item = String>) -> String {
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}

/// Returns the value that a variable has in an example.
fn value_of(name: &str) -> String {
    format!("example-{}", name.replace('_', "-"))
}

/// Returns the word at a location, which is `word` unless something stands there; none if nothing can.
fn put(root: &mut Value, pointer: &str, leaf: Value) -> Option<Value> {
    let mut place = root;
    for part in pointer.split('/').skip(1).map(unescaped_part) {
        let part = if part == "*" { "0".to_owned() } else { part };
        let index = part.parse::<usize>().ok();
        if place.is_null() {
            *place = index.map_or_else(|| json!({}), |_| json!([]));
        }
        place = match place {
            Value::Array(items) => {
                let index = index.filter(|index| *index < MAX_ITEMS)?;
                items.resize(items.len().max(index + 1), Value::Null);
                &mut items[index]
            }
            Value::Object(entries) => entries.entry(part).or_insert(Value::Null),
            _ => return None,
        };
    }
    if place.is_null() {
        *place = leaf;
    }
    (!place.is_object()).then(|| place.clone())
}

/// Puts the fields of a key at a location, and returns them as a result shows them.
fn put_key(
    root: &mut Value,
    within: &str,
    answers: &ServiceAnswers,
    id: &str,
) -> Option<Vec<String>> {
    let mut shown = Vec::new();
    for (field, pointer, value) in [("id", &answers.id, id), ("name", &answers.named, "ci")] {
        if let Some(pointer) = pointer {
            let found = put(root, &format!("{within}{pointer}"), json!(value))?;
            shown.push(format!("{field} = {}", quoted(found.as_str()?)));
        }
    }
    Some(shown)
}

/// Returns the response to the list, and the result.
pub(super) fn list(answers: &ServiceAnswers) -> Option<(Value, String)> {
    let (mut record, mut response) = (Value::Null, Value::Null);
    let shown = put_key(&mut record, "", answers, "k1")?;
    let items = answers.items.as_deref().unwrap_or_default();
    put(&mut response, items, json!([record]))?;
    Some((response, format!("[{}]", table(shown.into_iter()))))
}

/// Returns the body of a creation, its response, and the result.
pub(super) fn create(answers: &ServiceAnswers) -> Option<(Value, Value, String)> {
    let (mut body, mut response) = (json!({}), json!({}));
    if let Some(named) = &answers.named {
        put(&mut body, named, json!("ci"))?;
    }
    let mut parts = Map::new();
    for (part, pointer) in &answers.secret {
        let name = part.as_deref().unwrap_or("key");
        let value = put(&mut response, pointer, json!(format!("example-new-{name}")))?;
        parts.insert(name.to_owned(), value);
    }
    let within = answers.wrapper.as_deref().unwrap_or_default();
    let mut shown = put_key(&mut response, within, answers, "k2")?;
    let secret = match &answers.secret[..] {
        [(None, _)] => parts.values().next()?.as_str()?.to_owned(),
        _ => Value::Object(parts).to_string(),
    };
    shown.push(format!("secret = {}", quoted(&secret)));
    Some((body, response, table(shown.into_iter())))
}

/// Returns the body of a login, the response of the call that gives a token, and the result.
pub(super) fn token(token: &TokenAnswers) -> Option<(Option<Value>, Value, Option<String>)> {
    let (mut body, mut response) = (json!({}), json!({}));
    if let TokenSource::Login(user, password) = &token.source {
        put(&mut body, user, json!("ada@example.com"))?;
        put(&mut body, password, json!("example-password"))?;
    }
    put(&mut response, &token.value, json!("example-token"))?;
    let mut expect = None;
    if let Some((pointer, form)) = &token.expires {
        let (value, time) = lifetime(form)?;
        put(&mut response, pointer, value)?;
        expect = Some(format!("{{ expires_at = {} }}", quoted(time)));
    }
    let body = matches!(token.source, TokenSource::Login(..)).then_some(body);
    Some((body, response, expect))
}

/// A form of an expiry, a value of it, and the time that it means in an example.
type Lifetime = (&'static str, fn() -> Value, &'static str);

/// The forms of an expiry in a response.
const LIFETIMES: [Lifetime; 8] = [
    ("seconds", || json!(3600), HOUR),
    ("minutes", || json!(60), HOUR),
    ("hours", || json!(1), HOUR),
    ("days", || json!(1), DAY),
    ("milliseconds", || json!(3_600_000), HOUR),
    ("duration", || json!("1h"), HOUR),
    ("time", || json!(HOUR), HOUR),
    ("unix-ms", || json!(1_795_136_400_000_u64), HOUR),
];

/// One hour and one day after the time of an example.
const HOUR: &str = "2026-11-20T01:00:00Z";
const DAY: &str = "2026-11-21T00:00:00Z";

/// Returns the words for the forms of an expiry in a response.
pub(super) fn response_times() -> Vec<&'static str> {
    LIFETIMES.iter().map(|(form, ..)| *form).collect()
}

fn lifetime(form: &str) -> Option<(Value, &'static str)> {
    let mut all = LIFETIMES.iter();
    let (_, value, time) = all.find(|(known, ..)| *known == form)?;
    Some((value(), time))
}
