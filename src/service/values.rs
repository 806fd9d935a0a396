//! The values that a request is filled from, and the filling of paths and hosts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use zeroize::Zeroize;

use crate::core::key::Expiry;
use crate::core::map::map_of;
use crate::core::secret::Secret;
use crate::manifest::{CredentialSpec, PartSpec, Piece, Source, Template, plain_text};

/// A value for a field of a request.
pub enum FieldValue {
    /// Anything that may be shown.
    Plain(Value),
    /// A value that must not be shown.
    Secret(Secret),
    /// The expiry of a key.
    Ends(Expiry),
}

impl FieldValue {
    /// Returns the value as text, if it is text, a number or a boolean; secrets included.
    pub fn text(&self) -> Option<Secret> {
        match self {
            FieldValue::Plain(value) => plain_text(value).map(Secret::new),
            FieldValue::Secret(secret) => Some(secret.duplicate()),
            FieldValue::Ends(Expiry::At(moment)) => Some(Secret::new(moment.to_string())),
            FieldValue::Ends(Expiry::Never) => None,
        }
    }
}

/// The values that a request is filled from.
pub struct Values {
    known: BTreeMap<String, FieldValue>,
    /// The moment from which spans are counted.
    pub now: Timestamp,
    /// Says that a field whose input is not given is left out, whatever its handling of a missing value.
    pub partial: bool,
    /// Says that the call is made with the parameters that keep it from changing anything.
    pub is_dry_run: bool,
}

impl Values {
    /// No values yet.
    pub fn at(now: Timestamp) -> Self {
        Values {
            known: BTreeMap::new(),
            now,
            partial: false,
            is_dry_run: false,
        }
    }

    /// Sets the value of `source`.
    pub fn set(&mut self, source: &Source, filling: FieldValue) {
        self.known.insert(source.to_string(), filling);
    }

    /// Sets what the user handed over as `name`.
    pub fn input(&mut self, name: &str, value: impl Into<Value>) {
        self.set(
            &Source::Input(name.to_owned()),
            FieldValue::Plain(value.into()),
        );
    }

    /// Sets a credential.
    pub fn credential(&mut self, name: &str, secret: &Secret) {
        for (part, value) in parts_of(secret) {
            let source = Source::Part {
                credential: name.to_owned(),
                part,
            };
            self.set(&source, FieldValue::Secret(value));
        }
        self.set(
            &Source::Credential(name.to_owned()),
            FieldValue::Secret(secret.duplicate()),
        );
    }

    /// Returns the values that a response is searched for, by the name of their source: inputs, variables and captures. An
    /// input may be a secret, as the id of a key is where a service has no other.
    pub fn searchable(&self) -> BTreeMap<String, Value> {
        let shown = |(name, filling): (&String, &FieldValue)| match filling {
            FieldValue::Plain(Value::Null) => None,
            FieldValue::Plain(value) => Some((name.clone(), value.clone())),
            FieldValue::Secret(secret) if !name.contains('.') => {
                Some((name.clone(), secret.expose().into()))
            }
            FieldValue::Secret(_) | FieldValue::Ends(_) => None,
        };
        map_of(self.known.iter().filter_map(shown))
    }

    /// Makes the value of `source` one that may not be shown.
    pub(super) fn hide(&mut self, source: &Source) {
        if let Some(text) = self.get(source).and_then(FieldValue::text) {
            self.set(source, FieldValue::Secret(text));
        }
    }

    /// Returns the value of `source`, if there is one; `null` is none.
    pub fn get(&self, source: &Source) -> Option<&FieldValue> {
        self.known
            .get(&source.to_string())
            .filter(|filling| !matches!(filling, FieldValue::Plain(Value::Null)))
    }
}

/// Returns the parts of a credential that has several: the members of one JSON object, such as a key file. A member that
/// is an object, such as a JWK, is its text as JSON.
pub fn parts_of(secret: &Secret) -> BTreeMap<String, Secret> {
    let text = secret.expose();
    if !text.starts_with('{') {
        return BTreeMap::new();
    }
    let members: BTreeMap<String, Value> = serde_json::from_str(text).unwrap_or_default();
    let texts = members.into_iter().filter_map(|(name, member)| {
        let text = match member {
            Value::String(text) => text,
            Value::Object(_) | Value::Number(_) => {
                let text = member.to_string();
                wipe(member);
                text
            }
            _ => return None,
        };
        Some((name, Secret::new(text)))
    });
    map_of(texts)
}

/// Wipes the texts of a value, which may be those of a private key.
fn wipe(value: Value) {
    match value {
        Value::String(mut text) => text.zeroize(),
        Value::Array(items) => items.into_iter().for_each(wipe),
        Value::Object(members) => members.into_iter().for_each(|(_, member)| wipe(member)),
        _ => {}
    }
}

/// Returns a credential of several parts as one text.
pub fn joined(parts: &BTreeMap<String, Secret>) -> Secret {
    let entries = parts
        .iter()
        .map(|(name, part)| (name.clone(), part.as_json()));
    Secret::new(Value::Object(entries.collect()).to_string())
}

/// Returns a credential of several parts from what was handed over: a JSON object with all of them, a line for each, or
/// one line with separators. An object with further members, or with members that are no texts, is a document and stays
/// as it is.
pub fn in_parts(handed: &Secret, spec: &CredentialSpec) -> Option<Secret> {
    let text = handed.expose().trim();
    let mut found = parts_of(&Secret::new(text));
    if found.is_empty() {
        let lines: Vec<&str> = match &spec.separator {
            Some(separator) if !text.contains('\n') => {
                text.splitn(spec.parts.len(), separator.as_str()).collect()
            }
            _ => text.lines().collect(),
        };
        if lines.len() > spec.parts.len() || lines.iter().any(|line| line.trim().is_empty()) {
            return None;
        }
        let names = spec.parts.iter().map(|part| part.name.clone());
        let lines = lines.into_iter().map(|line| Secret::new(line.trim()));
        found = map_of(names.zip(lines));
    }
    if !missing_parts(&found, spec).is_empty() {
        return None;
    }
    let known = |name: &String| spec.parts.iter().any(|part| part.name == *name);
    if !found.keys().all(known) || has_objects(text) {
        return Some(handed.duplicate());
    }
    Some(joined(&found))
}

/// Returns whether a text is a JSON object with members that are no texts.
fn has_objects(text: &str) -> bool {
    let members: BTreeMap<String, Value> = serde_json::from_str(text).unwrap_or_default();
    let found = !members.values().all(Value::is_string);
    members.into_values().for_each(wipe);
    found
}

/// Returns the names of the parts that a credential lacks and cannot do without.
fn missing_parts<'s>(found: &BTreeMap<String, Secret>, spec: &'s CredentialSpec) -> Vec<&'s str> {
    let lacks = |part: &&PartSpec| !part.optional && !found.contains_key(&part.name);
    let missing = spec.parts.iter().filter(lacks);
    missing.map(|part| part.name.as_str()).collect()
}

/// Returns the reason why a JSON object that was handed over is no credential of several parts; `None` if it is no
/// object.
pub fn lack_of_object(handed: &Secret, spec: &CredentialSpec) -> Option<String> {
    let text = handed.expose().trim();
    if !text.starts_with('{') {
        return None;
    }
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let place = (error.line(), error.column());
        return Some(format!(
            "it begins as a JSON object and is none: line {}, column {}",
            place.0, place.1
        ));
    }
    let missing = missing_parts(&parts_of(&Secret::new(text)), spec);
    Some(format!("the JSON object has no `{}`", missing.join("`, `")))
}

/// The characters that must be encoded in one segment of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A filled template.
pub struct Rendered {
    /// The text to send.
    pub text: Secret,
    /// The text with its secrets hidden.
    pub shown: String,
}

/// The reason why a template could not be rendered.
#[derive(Debug, PartialEq, Eq)]
pub enum RenderError {
    /// There is no such value.
    Missing(Source),
    /// The value would lead to another place.
    Unsafe(Source),
}

/// Returns the text with each hole filled as one segment of a path.
pub(super) fn render_path(template: &Template, values: &Values) -> Result<Rendered, RenderError> {
    render(template, values, |text, keep_slashes| {
        let parts: Vec<&str> = if keep_slashes {
            text.split('/').collect()
        } else {
            vec![text]
        };
        // A part that is empty or all dots would change the path around it, encoded or not.
        if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
            return None;
        }
        let encoded: Vec<String> = parts
            .iter()
            .map(|part| utf8_percent_encode(part, SEGMENT).to_string())
            .collect();
        Some(encoded.join("/"))
    })
}

/// Returns the text with each hole filled as it is, for the words of a program.
pub(super) fn render_text(template: &Template, values: &Values) -> Result<Rendered, RenderError> {
    render(template, values, |text, _| {
        (!text.chars().any(char::is_control)).then(|| text.to_owned())
    })
}

/// Returns the text with each hole filled as it is, for host names: letters, digits, `-`, `.` and `:` alone.
pub fn render_host(template: &Template, values: &Values) -> Result<Rendered, RenderError> {
    render(template, values, |text, _| {
        let good = !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':'));
        good.then(|| text.to_owned())
    })
}

fn render(
    template: &Template,
    values: &Values,
    encode: impl Fn(&str, bool) -> Option<String>,
) -> Result<Rendered, RenderError> {
    let mut text = String::new();
    let mut shown = String::new();
    for piece in template.pieces() {
        match piece {
            Piece::Text(literal) => {
                text.push_str(literal);
                shown.push_str(literal);
            }
            Piece::Hole {
                source,
                keep_slashes,
            } => {
                let missing = || RenderError::Missing(source.clone());
                let filling = values.get(source).ok_or_else(missing)?;
                let value = filling.text().ok_or_else(missing)?;
                let encoded = encode(value.expose(), *keep_slashes)
                    .ok_or_else(|| RenderError::Unsafe(source.clone()))?;
                shown.push_str(match filling {
                    FieldValue::Secret(_) => "***",
                    FieldValue::Plain(_) | FieldValue::Ends(_) => &encoded,
                });
                text.push_str(&encoded);
            }
        }
    }
    Ok(Rendered {
        text: Secret::new(text),
        shown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(template: &str, id: &str) -> Result<String, RenderError> {
        let template: Template = template.parse().unwrap();
        let mut values = Values::at(Timestamp::UNIX_EPOCH);
        values.input("id", id);
        render_path(&template, &values).map(|filled| filled.text.expose().to_owned())
    }

    #[test]
    fn path_value_is_one_segment() {
        assert_eq!(
            path("/keys/{id}/", "a b/c?d#e").unwrap(),
            "/keys/a%20b%2Fc%3Fd%23e/"
        );
        assert_eq!(path("/x/{+id}", "a b/c").unwrap(), "/x/a%20b/c");
        assert_eq!(path("/keys/{id}", "é").unwrap(), "/keys/%C3%A9");
    }

    #[test]
    fn path_value_traversal_is_refused() {
        for id in ["", ".", ".."] {
            assert!(
                matches!(path("/keys/{id}", id), Err(RenderError::Unsafe(_))),
                "{id}"
            );
        }
        assert!(matches!(
            path("/x/{+id}", "a/../b"),
            Err(RenderError::Unsafe(_))
        ));
    }

    #[test]
    fn path_secret_is_hidden_when_shown() {
        let template: Template = "/revoke/{credential.key}".parse().unwrap();
        let mut values = Values::at(Timestamp::UNIX_EPOCH);
        values.credential("key", &Secret::new("fake-secret"));
        let filled = render_path(&template, &values).ok().unwrap();
        assert_eq!(filled.shown, "/revoke/***");
        assert_eq!(filled.text.expose(), "/revoke/fake-secret");
    }

    #[test]
    fn object_in_document_is_part() {
        let document =
            Secret::new(r#"{"kid":"k1","jwk":{"kty":"EC","d":"fake"},"number":7,"none":null}"#);
        let parts = parts_of(&document);
        let text = |name: &str| parts.get(name).map(Secret::expose);
        assert_eq!(text("kid"), Some("k1"));
        assert_eq!(text("jwk"), Some(r#"{"kty":"EC","d":"fake"}"#));
        assert_eq!(text("number"), Some("7"));
        assert_eq!(text("none"), None);
        assert!(has_objects(document.expose()));
        assert!(!has_objects(r#"{"id":"a","secret":"b"}"#));
    }
}
