//! Values as a request has them: transforms, times, and texts around them.

use std::ops::Deref;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Number, Value};
use url::Url;

use super::request_builder::{explain, place_at};
use super::sealed_box::sealed;
use super::values::{FieldValue, Values, render_text};
use crate::core::encoding::to_base64;
use crate::core::error::{Error, Result};
use crate::core::exact_json;
use crate::core::key::Expiry;
use crate::core::secret::Secret;
use crate::manifest::{
    Encode, Field, Piece, SignerValue, Source, Span, Template, WhenMissing, plain_text,
};

/// The context in which a field is encoded: the values, and the base URL of the request.
pub(super) struct FieldEncoder<'v> {
    values: &'v Values,
    origin: String,
    signer: Option<SignerValues>,
}

/// The values that only the fields of a token that is being signed know.
pub(super) struct SignerValues {
    /// The time of the signature.
    pub(super) now: Timestamp,
    /// A UUID of its own.
    pub(super) uuid: String,
    /// The thumbprint of the public key.
    pub(super) thumbprint: Option<String>,
    /// The digest of the public key.
    pub(super) spki: Option<String>,
}

/// A value that a field is filled from.
pub(super) enum Found<'f> {
    Known(&'f FieldValue),
    Made(FieldValue),
}

impl Deref for Found<'_> {
    type Target = FieldValue;

    fn deref(&self) -> &FieldValue {
        match self {
            Found::Known(value) => value,
            Found::Made(value) => value,
        }
    }
}

impl<'v> FieldEncoder<'v> {
    pub(super) fn new(values: &'v Values, base: &Url) -> Self {
        FieldEncoder {
            values,
            origin: base.origin().ascii_serialization(),
            signer: None,
        }
    }

    /// Returns the encoder of the fields of a token.
    pub(super) fn with_signer(&self, signer: SignerValues) -> Self {
        FieldEncoder {
            values: self.values,
            origin: self.origin.clone(),
            signer: Some(signer),
        }
    }

    pub(super) fn get(&self, source: &Source) -> Option<Found<'_>> {
        let text = |text: &String| Some(Found::Made(FieldValue::Plain(text.as_str().into())));
        let signer = self.signer.as_ref();
        match (source, signer) {
            (Source::Origin, _) => text(&self.origin),
            (Source::Now(seconds), _) => {
                let now = signer.map_or(self.values.now, |signer| signer.now);
                let moment = now.checked_add(SignedDuration::from_secs(*seconds)).ok()?;
                Some(Found::Made(FieldValue::Ends(Expiry::At(moment))))
            }
            (Source::Uuid, Some(signer)) => text(&signer.uuid),
            (Source::Signer(SignerValue::Thumbprint), Some(signer)) => {
                text(signer.thumbprint.as_ref()?)
            }
            (Source::Signer(SignerValue::Spki), Some(signer)) => text(signer.spki.as_ref()?),
            (other, _) => self.values.get(other).map(Found::Known),
        }
    }

    /// Returns the text of a source, if it is text, a number or a boolean; secrets included.
    pub(super) fn text_of(&self, source: &Source) -> Option<Secret> {
        self.get(source)?.text()
    }

    /// Returns a template with its placeholders filled as they are.
    pub(super) fn filled(&self, template: &Template) -> Result<String> {
        let filled = render_text(template, self.values).map_err(explain)?;
        Ok(filled.text.expose().to_owned())
    }

    /// Returns whether the value of a field must not be shown.
    pub(super) fn is_secret(&self, field: &Field) -> bool {
        let mut sources = field.from.iter().chain(placeholders(field));
        sources.any(|source| {
            self.get(source)
                .is_some_and(|found| matches!(*found, FieldValue::Secret(_)))
        })
    }

    pub(super) fn text(&self, field: &Field) -> Result<Option<Secret>> {
        let written = self.written(field)?;
        let Some(value) = written else {
            return Ok(None);
        };
        // Outside JSON, a list is its items with commas between them.
        let text = match &value {
            Value::Array(_) => plain_text(&joined(&value, ",")),
            other => {
                plain_text(other).or_else(|| other.is_object().then(|| exact_json::write(other)))
            }
        };
        Ok(text.map(Secret::new))
    }

    /// Returns the value of a field, or `None` where nothing is sent.
    pub(super) fn written(&self, field: &Field) -> Result<Option<Value>> {
        if let Some(missing) = placeholders(field).find(|source| self.text_of(source).is_none()) {
            return self.when_missing(field, missing);
        }
        if field.null {
            return Ok(Some(Value::Null));
        }
        let Some(source) = &field.from else {
            let value = field.value.clone().unwrap_or_else(|| Value::from(""));
            return Ok(Some(around(field.format.as_ref(), value, self)));
        };
        let now = self.values.now;
        // A claim is a time in seconds since 1970 (RFC 7519), unless the field says otherwise.
        let form = match (source, field.form) {
            (Source::Now(_), Encode::Plain) if self.signer.is_some() => Encode::Unix,
            (_, form) => form,
        };
        let found = match self.get(source).as_deref() {
            None => None,
            Some(FieldValue::Ends(Expiry::Never)) => {
                if let Some(never) = &field.when_unlimited {
                    return Ok(Some(never.clone()));
                }
                None
            }
            Some(FieldValue::Ends(Expiry::At(moment))) => Some(write_moment(form, *moment, now)?),
            Some(FieldValue::Secret(secret)) if field.form == Encode::Plain => {
                Some(Value::from(secret.expose()))
            }
            Some(FieldValue::Secret(secret)) => {
                Some(write_plain(field, &Value::from(secret.expose()), now)?)
            }
            Some(FieldValue::Plain(value)) => Some(write_plain(field, value, now)?),
        };
        let found = match found {
            Some(value) if field.form == Encode::SealedBox => Some(self.sealed(field, &value)?),
            found => found,
        };
        match found {
            Some(value) => Ok(Some(around(field.format.as_ref(), value, self))),
            None => self.when_missing(field, source),
        }
    }

    /// Returns a value in a sealed box for the recipient of its field.
    fn sealed(&self, field: &Field, value: &Value) -> Result<Value> {
        let Some(source) = &field.recipient else {
            return Err(Error::failed(format!("`{}` has no recipient", field.at)));
        };
        let recipient = self.text_of(source).ok_or_else(|| missing(source))?;
        let text = Secret::new(plain_text(value).unwrap_or_else(|| value.to_string()));
        sealed(&text, &recipient)
            .map(Value::from)
            .map_err(|error| error.context(&format!("`{source}`")))
    }

    /// Returns what is sent in place of a value that is not there.
    fn when_missing(&self, field: &Field, source: &Source) -> Result<Option<Value>> {
        let is_not_given = matches!(source, Source::Input(_)) && self.values.get(source).is_none();
        match field.when_missing {
            _ if self.values.partial && is_not_given => Ok(None),
            _ if let Some(default) = &field.default => Ok(Some(default.clone())),
            WhenMissing::Omit => Ok(None),
            WhenMissing::Null => Ok(Some(Value::Null)),
            WhenMissing::Refuse => Err(missing(source)),
        }
    }
}

/// Refuses a given value that a field cannot be written from.
pub(super) fn check_written(field: &Field, values: &Values) -> Result<()> {
    let Some(source @ Source::Input(name)) = &field.from else {
        return Ok(());
    };
    let written = match values.get(source) {
        Some(FieldValue::Ends(Expiry::Never))
            if field.when_unlimited.is_none() && field.when_missing != WhenMissing::Null =>
        {
            return Err(Error::usage(format!("`{name}` cannot be `never` here")));
        }
        Some(FieldValue::Ends(Expiry::At(moment))) => write_moment(field.form, *moment, values.now),
        Some(FieldValue::Plain(value)) => write_plain(field, value, values.now),
        None | Some(FieldValue::Secret(_) | FieldValue::Ends(Expiry::Never)) => return Ok(()),
    };
    written
        .map(drop)
        .map_err(|error| error.context(&format!("`{name}`")))
}

/// Returns the sources that the text around a value names.
fn placeholders(field: &Field) -> impl Iterator<Item = &Source> {
    let named = field.format.iter().flat_map(Template::sources);
    named.filter(|source| !matches!(source, Source::Input(name) if name == "value"))
}

/// Renders a template around a value: text, with the value in place of `{value}`.
fn around(format: Option<&Template>, value: Value, ink: &FieldEncoder<'_>) -> Value {
    let (Some(format), Some(text)) = (format, plain_text(&value)) else {
        return value;
    };
    Value::from(formatted(format, &text, ink))
}

/// Returns a template with `{value}` filled by `value`, and its other holes by what is known.
pub(super) fn formatted(format: &Template, value: &str, ink: &FieldEncoder<'_>) -> String {
    let whole = Source::Input("value".to_owned());
    format
        .pieces()
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Hole { source, .. } if *source == whole => value.to_owned(),
            Piece::Hole { source, .. } => ink
                .text_of(source)
                .map_or_else(String::new, |text| text.expose().to_owned()),
        })
        .collect()
}

fn joined(value: &Value, separator: &str) -> Value {
    match value {
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().filter_map(plain_text).collect();
            Value::from(parts.join(separator))
        }
        other => other.clone(),
    }
}

fn write_plain(field: &Field, value: &Value, now: Timestamp) -> Result<Value> {
    if let Value::Array(words) = value
        && let [Value::String(only)] = words.as_slice()
        && let Some(alone) = field.when_single.get(only)
    {
        return Ok(alone.clone());
    }
    let mut mapped = map_words(field, value)?;
    if let Some(place) = &field.wrap_in {
        let mut object = Value::Object(Map::new());
        place_at(&mut object, place, mapped)?;
        mapped = object;
    }
    if let Some(place) = &field.wrap_each {
        let wrapped = words_of(&mapped).into_iter().map(|word| {
            let mut object = Value::Object(Map::new());
            place_at(&mut object, place, word).map(|()| object)
        });
        return wrapped.collect::<Result<Vec<_>>>().map(Value::Array);
    }
    let text = || plain_text(&mapped).unwrap_or_default();
    let wrong = |wanted: &str| Error::usage(format!("`{}` is not {wanted}", text()));
    let words = || words_of(&mapped);
    Ok(match field.form {
        Encode::Integer => Value::from(text().parse::<i64>().map_err(|_| wrong("a whole number"))?),
        Encode::Boolean => Value::from(
            text()
                .parse::<bool>()
                .map_err(|_| wrong("`true` or `false`"))?,
        ),
        Encode::Text => Value::from(text()),
        Encode::Comma => joined(&mapped, ","),
        Encode::Space => joined(&mapped, " "),
        Encode::List => Value::Array(words()),
        Encode::Json => exact_json::read(&text()).ok_or_else(|| wrong("JSON"))?,
        Encode::JsonText => Value::from(exact_json::write(&mapped)),
        Encode::Base64 => Value::from(to_base64(text().as_bytes())),
        Encode::Merge => merged(words()),
        Encode::Flags => {
            let names = words();
            let names = names.iter().filter_map(plain_text);
            Value::Object(names.map(|name| (name, Value::Bool(true))).collect())
        }
        form if form.is_time() => match (&field.when_unlimited, moment_of(&mapped, now)) {
            (Some(never), None) if mapped == "never" => never.clone(),
            // A zero duration, as a grace period may be; the expiry of a key never comes here.
            (_, Some(moment)) if moment == now => write_nothing(form, moment, now)?,
            (_, Some(moment)) => write_moment(form, moment, now)?,
            // A service of its own kind may take words as well, such as `never`.
            (_, None) => mapped,
        },
        _ => mapped,
    })
}

/// Returns the items of a list, or the words of a text with commas.
fn words_of(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        other => plain_text(other)
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(Value::from)
            .collect(),
    }
}

/// Returns the moment that a text names: a span from now, or a moment.
fn moment_of(value: &Value, now: Timestamp) -> Option<Timestamp> {
    let text = value.as_str()?;
    let span: Option<Span> = text.parse().ok();
    span.and_then(|span| span.after(now))
        .or_else(|| text.parse().ok())
}

fn merged(parts: Vec<Value>) -> Value {
    fn merge(whole: &mut Value, part: Value) {
        match (whole, part) {
            (Value::Object(whole), Value::Object(part)) => {
                for (name, value) in part {
                    merge(whole.entry(name).or_insert(Value::Null), value);
                }
            }
            (Value::Array(whole), Value::Array(part)) => whole.extend(part),
            (whole, part) => *whole = part,
        }
    }
    let mut whole = Value::Object(Map::new());
    for part in parts {
        merge(&mut whole, part);
    }
    whole
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

/// Returns a span of no length: a count of zero, or the moment itself.
fn write_nothing(form: Encode, moment: Timestamp, now: Timestamp) -> Result<Value> {
    Ok(match form {
        Encode::Seconds
        | Encode::Minutes
        | Encode::Hours
        | Encode::Days
        | Encode::Weeks
        | Encode::Milliseconds => Value::from(0),
        form => write_moment(form, moment, now)?,
    })
}

fn write_moment(form: Encode, moment: Timestamp, now: Timestamp) -> Result<Value> {
    let left = now.duration_until(moment);
    // Rounded down: a key may expire a little sooner than asked, never later.
    let whole = |unit: i64| {
        let count = left.as_secs() / unit;
        if count < 1 {
            let least = Span::of_seconds(unit.unsigned_abs());
            return Err(Error::usage(format!(
                "the time is too short for this service: it takes {least} or more"
            )));
        }
        Ok(Value::Number(Number::from(count)))
    };
    let civil = |layout: &str| {
        let civil = Offset::UTC.to_datetime(moment);
        Value::from(civil.strftime(layout).to_string())
    };
    Ok(match form {
        Encode::Seconds => whole(1)?,
        Encode::Minutes => whole(60)?,
        Encode::Hours => whole(3_600)?,
        Encode::Days => whole(86_400)?,
        Encode::Weeks => whole(604_800)?,
        Encode::Milliseconds => Value::from(left.as_secs() * 1_000),
        Encode::Unix => Value::from(moment.as_second()),
        Encode::UnixMs => Value::from(moment.as_millisecond()),
        Encode::Rfc3339Ms => civil("%Y-%m-%dT%H:%M:%S.%3fZ"),
        Encode::Naive => civil("%Y-%m-%dT%H:%M:%S"),
        Encode::DateTime => civil("%Y-%m-%d %H:%M:%S"),
        Encode::Date => civil("%Y-%m-%d"),
        Encode::HttpDate => civil("%a, %d %b %Y %H:%M:%S GMT"),
        Encode::Duration => Value::from(format!("{}s", left.as_secs())),
        _ => Value::from(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
    })
}

/// Returns the error for a missing value that a request needs.
pub(super) fn missing(source: &Source) -> Error {
    match source {
        Source::Variable(name) => {
            Error::usage(format!("the variable `{name}` is not set")).hint(format!(
                "set it when logging in: keywright login --set {name}=…; or with KEYWRIGHT_VAR_{}",
                name.to_ascii_uppercase()
            ))
        }
        Source::Input(name) => Error::usage(format!("`{name}` is missing")),
        Source::Credential(name) | Source::Refresh(name) => Error::new(
            crate::core::error::Kind::Auth,
            format!("there is no {name} to send"),
        ),
        Source::Part { credential, part } => Error::new(
            crate::core::error::Kind::Auth,
            format!("the {credential} has no part `{part}`"),
        )
        .hint(format!(
            "it is a JSON object with that name, or one line for each part; log in again with the {credential} as a whole"
        )),
        Source::Step { step, capture } => Error::failed(format!(
            "the answer of the step `{step}` did not hold `{capture}`"
        )),
        Source::Challenge(name) => Error::failed(format!("the refusal did not hold `{name}`")),
        Source::Origin
        | Source::Uuid
        | Source::Now(_)
        | Source::Signer(_)
        | Source::PublicKey(_) => {
            Error::failed(format!("there is no `{source}`"))
        }
    }
}
