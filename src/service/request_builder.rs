//! Builds an HTTP request from a manifest's request and the values.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use url::Url;

use super::auth::{Authentication, basic};
use super::encode::{FieldEncoder, missing};
use super::values::{RenderError, Values, render_path};
use crate::core::error::{Error, Result};
use crate::core::exact_json;
use crate::core::secret::Secret;
use crate::manifest::{
    BodyFormat, Field, Placement, RequestSpec, Source, placeholder, plain_text, unescaped_part,
};
use crate::platform::{Header, HeaderValue, HttpRequest, RequestBody};
use crate::service::transport::DEFAULT_TIMEOUT;

/// The parts of a request that its own description does not contain.
pub(super) struct RequestContext<'a> {
    /// The base URL of the request.
    pub(super) base: &'a Url,
    /// The base URL is the whole address.
    pub(super) whole: bool,
    /// The headers of the base, and of a second factor.
    pub(super) headers: Vec<&'a Field>,
    /// The fields that a second factor adds to the body.
    pub(super) body: &'a [Field],
    /// The credential, and where it goes.
    pub(super) credential: Option<(&'a Secret, &'a [Placement])>,
    /// The longest that a request may take.
    pub(super) timeout: Duration,
    /// The moment it is, by this machine's clock.
    pub(super) now: Timestamp,
    /// By how much this machine's clock is ahead of the service's; zero if it is not known.
    pub(super) clock_ahead: SignedDuration,
}

/// A request that is complete but for its signatures, which each attempt makes anew.
pub(super) struct PreparedRequest<'a> {
    pub(super) http: HttpRequest,
    pub(super) auth: Authentication<'a>,
    pub(super) values: FieldEncoder<'a>,
    /// By how much this machine's clock is ahead of the service's.
    pub(super) clock_ahead: SignedDuration,
}

impl PreparedRequest<'_> {
    /// Signs the request as it is now, with the time of the service.
    pub(super) fn sign(&mut self, now: Timestamp) -> Result<()> {
        let there = time_there(now, self.clock_ahead);
        self.auth.sign(&mut self.http, &self.values, there)
    }
}

/// Returns the time of a service, whose clock is behind this machine's by so much.
fn time_there(now: Timestamp, clock_ahead: SignedDuration) -> Timestamp {
    now.checked_sub(clock_ahead).unwrap_or(now)
}

/// Builds the request.
pub(super) fn build_request<'a>(
    spec: &RequestSpec,
    around: &RequestContext<'a>,
    values: &'a Values,
) -> Result<PreparedRequest<'a>> {
    let ink = FieldEncoder::new(values, around.base);
    let url = if around.whole {
        RequestUrl::whole(around.base)
    } else {
        let path = render_path(&spec.path, values).map_err(explain)?;
        RequestUrl::new(around.base, path.text.expose(), &path.shown)?
    };
    let mut parts = RequestParts::to(url, spec.format);
    let dry_run = spec.dry_run.iter().filter(|_| values.is_dry_run);
    for field in spec.query.iter().chain(dry_run) {
        if let Some(text) = ink.text(field)? {
            let secret = ink.is_secret(field);
            parts.url.parameter(&field.at, text.expose(), secret);
        }
    }
    let accept = Header::plain("accept", "application/json");
    parts.headers.push(accept);
    for field in around.headers.iter().copied().chain(&spec.headers) {
        if let Some(text) = ink.text(field)? {
            parts.put_header(&field.at, text, ink.is_secret(field))?;
        }
    }
    if let Some(pair) = &spec.basic {
        let half = |source: &Source| ink.text_of(source);
        let user = half(&pair.user).ok_or_else(|| missing(&pair.user))?;
        let password = pair.password.as_ref().and_then(half);
        let password = password.unwrap_or_else(|| Secret::new(""));
        let value = basic::authorization(&user, &password);
        parts.put_header("authorization", value, true)?;
    }
    for field in &spec.cookies {
        if let Some(text) = ink.text(field)? {
            parts.add_cookie(&field.at, &text)?;
        }
    }
    parts.body = body(spec, around.body, &ink)?;
    let auth = match around.credential {
        Some((secret, placements)) if spec.authenticate => Authentication::of(secret, placements)?,
        _ => Authentication::default(),
    };
    auth.add(&mut parts, &ink, time_there(around.now, around.clock_ahead))?;
    Ok(PreparedRequest {
        http: HttpRequest {
            method: spec.method.clone(),
            url: parts.url.url,
            shown_url: parts.url.shown,
            headers: parts.headers,
            body: parts.body.map(|body| body.finished(spec)),
            identity: None,
            timeout: match spec.timeout {
                // A call that is known to be slow is given its time, unless the user gave less than usual.
                Some(own) if around.timeout >= DEFAULT_TIMEOUT => own.duration(),
                Some(own) => own.duration().min(around.timeout),
                None => around.timeout,
            },
        },
        auth,
        values: ink,
        clock_ahead: around.clock_ahead,
    })
}

/// Returns the headers that carry a credential, where it goes into headers.
pub(super) fn carrying_headers(
    secret: &Secret,
    placements: &[Placement],
    base: &Url,
    values: &Values,
    now: Timestamp,
) -> Result<Vec<Header>> {
    let mut parts = RequestParts::to(RequestUrl::new(base, "", "")?, BodyFormat::Json);
    let auth = Authentication::of(secret, placements)?;
    auth.add(&mut parts, &FieldEncoder::new(values, base), now)?;
    Ok(parts.headers)
}

/// A request whose body is not encoded yet.
pub(super) struct RequestParts {
    pub(super) url: RequestUrl,
    headers: Vec<Header>,
    body: Option<BodyContent>,
    format: BodyFormat,
}

impl RequestParts {
    fn to(url: RequestUrl, format: BodyFormat) -> Self {
        RequestParts {
            url,
            headers: Vec::new(),
            body: None,
            format,
        }
    }

    /// Sets a header in place of those of its name.
    fn put_header(&mut self, name: &str, value: Secret, secret: bool) -> Result<()> {
        let value = checked(name, value)?;
        self.headers
            .retain(|header| header.name != name.to_ascii_lowercase());
        self.headers.push(if secret {
            Header::secret(name, value)
        } else {
            Header::plain(name, value.expose())
        });
        Ok(())
    }

    /// Adds a secret header beside those of its name.
    pub(super) fn add_header(&mut self, name: &str, value: Secret) -> Result<()> {
        self.headers
            .push(Header::secret(name, checked(name, value)?));
        Ok(())
    }

    /// Adds a cookie to those that are there: a request has one header for all of them.
    pub(super) fn add_cookie(&mut self, name: &str, value: &Secret) -> Result<()> {
        let known = self
            .headers
            .iter()
            .position(|header| header.name == "cookie");
        let before = known.map(|index| self.headers.remove(index).value);
        let value = value.expose();
        let line = match before {
            Some(HeaderValue::Plain(before)) => format!("{before}; {name}={value}"),
            Some(HeaderValue::Secret(before)) => format!("{}; {name}={value}", before.expose()),
            None => format!("{name}={value}"),
        };
        self.add_header("cookie", Secret::new(line))
    }

    /// Puts a value into the body. A request without a body, such as a list, gets one.
    pub(super) fn put_in_body(&mut self, at: &str, value: Value) -> Result<()> {
        let content = self.body.get_or_insert_with(|| BodyContent {
            format: self.format,
            ..BodyContent::default()
        });
        content.put(at, value)
    }
}

/// Returns the value of a header. A line break in it is refused, because the text after it would be another header.
pub(super) fn checked(name: &str, value: Secret) -> Result<Secret> {
    if value.expose().chars().any(|c| c.is_control() && c != '\t') {
        return Err(Error::usage(format!(
            "the value for the header `{name}` holds a line break or another control character, which no header may"
        ))
        .hint("nothing was sent; hand the value over without it"));
    }
    Ok(value)
}

/// The address of a request, and what of it may be shown.
pub(super) struct RequestUrl {
    pub(super) url: Url,
    pub(super) shown: String,
}

impl RequestUrl {
    /// Returns `base` followed by `path`, with trailing slashes kept.
    pub(super) fn new(base: &Url, path: &str, shown: &str) -> Result<Self> {
        let base = base.as_str().trim_end_matches('/');
        let slash = if path.is_empty() || path.starts_with('/') {
            ""
        } else {
            "/"
        };
        let url = Url::parse(&format!("{base}{slash}{path}"))
            .map_err(|_| Error::usage(format!("`{base}{slash}{shown}` is not a URL")))?;
        Ok(RequestUrl {
            url,
            shown: format!("{base}{slash}{shown}"),
        })
    }

    /// Returns an address as it is.
    fn whole(url: &Url) -> Self {
        RequestUrl {
            url: url.clone(),
            shown: url.to_string(),
        }
    }

    pub(super) fn parameter(&mut self, name: &str, value: &str, secret: bool) {
        self.url.query_pairs_mut().append_pair(name, value);
        let sign = if self.shown.contains('?') { '&' } else { '?' };
        let shown = if secret { "***" } else { value };
        self.shown = format!("{}{sign}{name}={shown}", self.shown);
    }
}

/// The content of a body before it is encoded in its format.
#[derive(Default)]
struct BodyContent {
    /// The JSON value; `None` for a form and for text.
    root: Option<Value>,
    /// Of a form the pairs, of text the pieces.
    pairs: Vec<(String, Secret)>,
    format: BodyFormat,
}

impl BodyContent {
    fn put(&mut self, at: &str, value: Value) -> Result<()> {
        if self.format == BodyFormat::Json {
            let root = self.root.get_or_insert_with(|| Value::Object(Map::new()));
            return place_at(root, at, value);
        }
        let text = plain_text(&value).unwrap_or_else(|| value.to_string());
        self.pairs.push((at.to_owned(), Secret::new(text)));
        Ok(())
    }

    fn finished(self, spec: &RequestSpec) -> RequestBody {
        let (media_type, text) = match self.format {
            BodyFormat::Json => {
                let root = self.root.unwrap_or_else(|| Value::Object(Map::new()));
                ("application/json", exact_json::write(&root))
            }
            BodyFormat::Form => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                for (name, value) in &self.pairs {
                    form.append_pair(name, value.expose());
                }
                ("application/x-www-form-urlencoded", form.finish())
            }
            BodyFormat::Text => {
                let pieces = self.pairs.iter().map(|(_, piece)| piece.expose());
                ("text/plain; charset=utf-8", pieces.collect())
            }
        };
        let own = spec.media_type.clone();
        RequestBody {
            media_type: Some(own.unwrap_or_else(|| media_type.to_owned())),
            text: Secret::new(text),
        }
    }
}

fn body(
    spec: &RequestSpec,
    further: &[Field],
    ink: &FieldEncoder<'_>,
) -> Result<Option<BodyContent>> {
    if spec.body.is_none() && further.is_empty() {
        return Ok(None);
    }
    let mut content = BodyContent {
        format: spec.format,
        ..BodyContent::default()
    };
    for field in spec.body.iter().flatten().chain(further) {
        if spec.format == BodyFormat::Json {
            let parts = filled_parts(&field.at, ink)?;
            let root = content
                .root
                .get_or_insert_with(|| Value::Object(Map::new()));
            if field.remove {
                remove_at(root, &parts);
            } else if field.stringify {
                stringify_at(root, &parts);
            } else if let Some(value) = ink.written(field)? {
                place(root, &parts, value).ok_or_else(|| no_place(&field.at))?;
            }
        } else if let Some(text) = ink.text(field)? {
            content.pairs.push((field.at.clone(), text));
        }
    }
    Ok(Some(content))
}

/// A part of a JSON Pointer.
struct PointerPart {
    text: String,
    /// Says that it is a name even if it looks like a number: a placeholder was filled.
    is_name: bool,
}

fn no_place(pointer: &str) -> Error {
    Error::usage(format!("`{pointer}` is not a place in a JSON body"))
}

/// Returns the parts of a JSON Pointer.
fn parts_of_pointer(pointer: &str) -> Result<Vec<PointerPart>> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let rest = pointer.strip_prefix('/').ok_or_else(|| no_place(pointer))?;
    let part = |part: &str| PointerPart {
        text: unescaped_part(part),
        is_name: false,
    };
    Ok(rest.split('/').map(part).collect())
}

/// Returns the parts of a JSON Pointer with its placeholders filled, each as one name.
fn filled_parts(pointer: &str, ink: &FieldEncoder<'_>) -> Result<Vec<PointerPart>> {
    let mut parts = parts_of_pointer(pointer)?;
    for part in &mut parts {
        let Some(name) = placeholder(&part.text) else {
            continue;
        };
        let source = Source::Input(name.to_owned());
        let value = ink.text_of(&source).ok_or_else(|| missing(&source))?;
        *part = PointerPart {
            text: value.expose().to_owned(),
            is_name: true,
        };
    }
    Ok(parts)
}

/// Puts `value` at a JSON Pointer, making the objects and arrays on the way.
pub(super) fn place_at(root: &mut Value, pointer: &str, value: Value) -> Result<()> {
    place(root, &parts_of_pointer(pointer)?, value).ok_or_else(|| no_place(pointer))
}

fn place(root: &mut Value, parts: &[PointerPart], value: Value) -> Option<()> {
    let mut here = root;
    for part in parts {
        // A number is an index of an array, unless an object is already there.
        let index = part.text.parse::<usize>().ok().filter(|_| !part.is_name);
        here = match (index, here) {
            (Some(index), here @ (Value::Null | Value::Array(_))) => {
                if here.is_null() {
                    *here = json!([]);
                }
                let items = here.as_array_mut()?;
                if index == items.len() {
                    items.push(Value::Null);
                }
                items.get_mut(index)?
            }
            (_, here @ (Value::Null | Value::Object(_))) => {
                if here.is_null() {
                    *here = json!({});
                }
                let entries = here.as_object_mut()?;
                entries.entry(part.text.clone()).or_insert(Value::Null)
            }
            _ => return None,
        };
    }
    *here = value;
    Some(())
}

/// Removes the member that the parts lead to, if it is there.
fn remove_at(root: &mut Value, parts: &[PointerPart]) {
    let Some((last, around)) = parts.split_last() else {
        return;
    };
    if let Some(Value::Object(entries)) = found_at(root, around) {
        entries.remove(&last.text);
    }
}

/// Replaces the value that the parts lead to by its text as JSON.
fn stringify_at(root: &mut Value, parts: &[PointerPart]) {
    if let Some(value) = found_at(root, parts) {
        *value = Value::from(exact_json::write(value));
    }
}

fn found_at<'v>(root: &'v mut Value, parts: &[PointerPart]) -> Option<&'v mut Value> {
    parts.iter().try_fold(root, |here, part| match here {
        Value::Object(entries) => entries.get_mut(&part.text),
        Value::Array(items) => items.get_mut(part.text.parse::<usize>().ok()?),
        _ => None,
    })
}

pub(super) fn explain(error: RenderError) -> Error {
    match error {
        RenderError::Missing(source) => missing(&source),
        RenderError::Unsafe(source) => Error::usage(format!(
            "the value of `{source}` cannot stand in an address: it would lead elsewhere"
        )),
    }
}

#[cfg(test)]
mod tests;
