//! From a manifest's request and the values at hand to a request on the wire.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Number, Value, json};
use url::Url;

use super::values::{FillError, Filling, Values, fill_path};
use crate::error::{Error, Result};
use crate::key::Expiry;
use crate::manifest::{
    Absent, BasicPart, BodyFormat, Field, Placement, RequestSpec, Source, WriteAs, plain_text,
};
use crate::secret::Secret;
use crate::world::{Body, Header, Request};

/// Builds the request; `headers` are those of the base, `places` where the credential goes.
pub(super) fn request(
    spec: &RequestSpec,
    base: &Url,
    headers: &[Field],
    credential: Option<(&Secret, &[Placement])>,
    values: &Values,
    timeout: Duration,
) -> Result<Request> {
    let path = fill_path(&spec.path, values).map_err(explain)?;
    let mut target = Target::new(base, path.text.expose(), &path.shown)?;
    for field in &spec.query {
        if let Some(text) = written_text(field, values)? {
            target.parameter(&field.at, text.expose(), is_secret(field, values));
        }
    }
    let mut all = vec![Header::plain("accept", "application/json")];
    for field in headers.iter().chain(&spec.headers) {
        if let Some(text) = written_text(field, values)? {
            all.retain(|header| header.name != field.at.to_ascii_lowercase());
            all.push(if is_secret(field, values) {
                Header::secret(&field.at, text)
            } else {
                Header::plain(&field.at, text.expose())
            });
        }
    }
    if let Some((secret, places)) = credential {
        for place in places {
            carry(secret, place, values, &mut target, &mut all);
        }
    }
    Ok(Request {
        method: spec.method.clone(),
        url: target.url,
        shown_url: target.shown,
        headers: all,
        body: body(spec, values)?,
        timeout: spec
            .timeout
            .map_or(timeout, |own| own.duration().min(timeout)),
    })
}

/// The headers that carry a credential, where it goes into headers.
pub(super) fn carrying_headers(
    secret: &Secret,
    places: &[Placement],
    values: &Values,
) -> Vec<Header> {
    let mut headers = Vec::new();
    for place in places {
        if let Some(header) = header_for(secret, place, values) {
            headers.push(header);
        }
    }
    headers
}

fn carry(
    secret: &Secret,
    place: &Placement,
    values: &Values,
    target: &mut Target,
    headers: &mut Vec<Header>,
) {
    if let Some(header) = header_for(secret, place, values) {
        headers.push(header);
    } else if let Placement::Query { name } = place {
        target.parameter(name, secret.expose(), true);
    }
}

fn header_for(secret: &Secret, place: &Placement, values: &Values) -> Option<Header> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let value = secret.expose();
    Some(match place {
        Placement::Header { name, scheme } => {
            let text = match scheme {
                Some(scheme) => format!("{scheme} {value}"),
                None => value.to_owned(),
            };
            Header::secret(name, Secret::new(text))
        }
        Placement::Cookie { name } => {
            Header::secret("cookie", Secret::new(format!("{name}={value}")))
        }
        Placement::Basic { part, other } => {
            let other = other
                .as_ref()
                .and_then(|source| values.get(source))
                .and_then(Filling::text)
                .unwrap_or_else(|| Secret::new(""));
            let pair = match part {
                BasicPart::User => format!("{value}:{}", other.expose()),
                BasicPart::Password => format!("{}:{value}", other.expose()),
            };
            let encoded = STANDARD.encode(zeroize::Zeroizing::new(pair).as_bytes());
            Header::secret("authorization", Secret::new(format!("Basic {encoded}")))
        }
        Placement::Query { .. } => return None,
    })
}

/// The address of a request, and what of it may be shown.
pub(super) struct Target {
    pub(super) url: Url,
    pub(super) shown: String,
}

impl Target {
    /// `base` with `path` behind it, slashes at the end kept.
    pub(super) fn new(base: &Url, path: &str, shown: &str) -> Result<Self> {
        let base = base.as_str().trim_end_matches('/');
        let slash = if path.is_empty() || path.starts_with('/') {
            ""
        } else {
            "/"
        };
        let url = Url::parse(&format!("{base}{slash}{path}"))
            .map_err(|_| Error::usage(format!("`{base}{slash}{shown}` is no address")))?;
        Ok(Target {
            url,
            shown: format!("{base}{slash}{shown}"),
        })
    }

    pub(super) fn parameter(&mut self, name: &str, value: &str, secret: bool) {
        self.url.query_pairs_mut().append_pair(name, value);
        let sign = if self.shown.contains('?') { '&' } else { '?' };
        let shown = if secret { "***" } else { value };
        self.shown = format!("{}{sign}{name}={shown}", self.shown);
    }
}

fn is_secret(field: &Field, values: &Values) -> bool {
    field
        .from
        .as_ref()
        .is_some_and(|source| matches!(values.get(source), Some(Filling::Secret(_))))
}

fn body(spec: &RequestSpec, values: &Values) -> Result<Option<Body>> {
    let Some(fields) = &spec.body else {
        return Ok(None);
    };
    let (media_type, text) = match spec.format {
        BodyFormat::Json => {
            let mut root = Value::Object(Map::new());
            for field in fields {
                if let Some(value) = written(field, values)? {
                    place_at(&mut root, &field.at, value)?;
                }
            }
            ("application/json", root.to_string())
        }
        BodyFormat::Form => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            for field in fields {
                if let Some(text) = written_text(field, values)? {
                    form.append_pair(&field.at, text.expose());
                }
            }
            ("application/x-www-form-urlencoded", form.finish())
        }
    };
    Ok(Some(Body {
        media_type: Some(media_type.to_owned()),
        text: Secret::new(text),
    }))
}

/// Puts `value` at a JSON Pointer, making the objects and arrays on the way.
fn place_at(root: &mut Value, pointer: &str, value: Value) -> Result<()> {
    let wrong = || Error::usage(format!("`{pointer}` is no place in a JSON body"));
    let mut here = root;
    if !pointer.is_empty() {
        for part in pointer.strip_prefix('/').ok_or_else(wrong)?.split('/') {
            let part = part.replace("~1", "/").replace("~0", "~");
            // A number is a place in an array, unless an object stands there already.
            let index = part.parse::<usize>().ok();
            here = match (index, here) {
                (Some(index), here @ (Value::Null | Value::Array(_))) => {
                    if here.is_null() {
                        *here = json!([]);
                    }
                    let items = here.as_array_mut().ok_or_else(wrong)?;
                    if index > items.len() {
                        return Err(wrong());
                    }
                    if index == items.len() {
                        items.push(Value::Null);
                    }
                    &mut items[index]
                }
                (_, here @ (Value::Null | Value::Object(_))) => {
                    if here.is_null() {
                        *here = json!({});
                    }
                    let entries = here.as_object_mut().ok_or_else(wrong)?;
                    entries.entry(part).or_insert(Value::Null)
                }
                _ => return Err(wrong()),
            };
        }
    }
    *here = value;
    Ok(())
}

fn written_text(field: &Field, values: &Values) -> Result<Option<Secret>> {
    Ok(written(field, values)?
        .as_ref()
        .and_then(plain_text)
        .map(Secret::new))
}

/// The value of a field, or `None` where nothing is sent.
fn written(field: &Field, values: &Values) -> Result<Option<Value>> {
    let Some(source) = &field.from else {
        return Ok(field.value.clone());
    };
    let found = match values.get(source) {
        None => None,
        Some(Filling::Ends(Expiry::Never)) => {
            if let Some(never) = &field.never {
                return Ok(Some(never.clone()));
            }
            None
        }
        Some(Filling::Ends(Expiry::At(moment))) => {
            Some(write_moment(field.form, *moment, values.now)?)
        }
        Some(Filling::Secret(secret)) => Some(Value::from(secret.expose())),
        Some(Filling::Plain(value)) => Some(write_plain(field, value)?),
    };
    match (found, field.absent) {
        (Some(value), _) => Ok(Some(value)),
        (None, Absent::Omit) => Ok(None),
        (None, Absent::Null) => Ok(Some(Value::Null)),
        (None, Absent::Refuse) => Err(missing(source)),
    }
}

fn write_plain(field: &Field, value: &Value) -> Result<Value> {
    let mapped = map_words(field, value)?;
    let text = || plain_text(&mapped).unwrap_or_default();
    let wrong = |wanted: &str| Error::usage(format!("`{}` is not {wanted}", text()));
    let joined = |separator: &str| match &mapped {
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().filter_map(plain_text).collect();
            Value::from(parts.join(separator))
        }
        other => other.clone(),
    };
    Ok(match field.form {
        WriteAs::Integer => {
            Value::from(text().parse::<i64>().map_err(|_| wrong("a whole number"))?)
        }
        WriteAs::Boolean => Value::from(
            text()
                .parse::<bool>()
                .map_err(|_| wrong("`true` or `false`"))?,
        ),
        WriteAs::Comma => joined(","),
        WriteAs::Space => joined(" "),
        WriteAs::JsonText => Value::from(mapped.to_string()),
        _ => mapped,
    })
}

fn map_words(field: &Field, value: &Value) -> Result<Value> {
    if field.map.is_empty() {
        return Ok(value.clone());
    }
    let one = |value: &Value| {
        let word = plain_text(value).unwrap_or_default();
        field.map.get(&word).cloned().ok_or_else(|| {
            let known: Vec<&str> = field.map.keys().map(String::as_str).collect();
            Error::usage(format!("`{word}` is none of: {}", known.join(", ")))
        })
    };
    match value {
        Value::Array(items) => items
            .iter()
            .map(one)
            .collect::<Result<Vec<_>>>()
            .map(Value::Array),
        other => one(other),
    }
}

fn write_moment(form: WriteAs, moment: Timestamp, now: Timestamp) -> Result<Value> {
    let left = now.duration_until(moment);
    // Rounded down: a key may end a little sooner than asked, never later.
    let whole = |unit: i64| {
        let count = left.as_secs() / unit;
        if count < 1 {
            return Err(Error::usage("the end of the key is too near"));
        }
        Ok(Value::Number(Number::from(count)))
    };
    let civil = || jiff::tz::Offset::UTC.to_datetime(moment);
    Ok(match form {
        WriteAs::Seconds => whole(1)?,
        WriteAs::Minutes => whole(60)?,
        WriteAs::Hours => whole(3_600)?,
        WriteAs::Days => whole(86_400)?,
        WriteAs::Milliseconds => Value::from(left.as_secs() * 1_000),
        WriteAs::Unix => Value::from(moment.as_second()),
        WriteAs::UnixMs => Value::from(moment.as_millisecond()),
        WriteAs::Naive => Value::from(civil().strftime("%Y-%m-%dT%H:%M:%S").to_string()),
        WriteAs::Date => Value::from(civil().date().to_string()),
        WriteAs::Duration => Value::from(format!("{}s", left.as_secs())),
        _ => Value::from(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
    })
}

fn explain(error: FillError) -> Error {
    match error {
        FillError::Missing(source) => missing(&source),
        FillError::Unsafe(source) => Error::usage(format!(
            "the value of `{source}` cannot stand in an address: it would lead elsewhere"
        )),
    }
}

fn missing(source: &Source) -> Error {
    match source {
        Source::Variable(name) => {
            Error::usage(format!("the variable `{name}` is not set")).hint(format!(
                "set it when logging in: keywright login --set {name}=…; or with KEYWRIGHT_VAR_{}",
                name.to_ascii_uppercase()
            ))
        }
        Source::Input(name) => Error::usage(format!("`{name}` is missing")),
        Source::Credential(name) | Source::Refresh(name) => Error::new(
            crate::error::Kind::Auth,
            format!("there is no {name} to send"),
        ),
        Source::Step { step, capture } => Error::failed(format!(
            "the answer of the step `{step}` did not hold `{capture}`"
        )),
    }
}

#[cfg(test)]
mod tests;
