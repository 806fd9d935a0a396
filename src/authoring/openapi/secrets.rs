//! The new secret in a response: by its name, its description, and because the list does not have it.

use serde_json::Value;

use super::document::{Document, Field};
use super::words::{has_any, is, words};

/// The names of new secrets, with their weight.
const SECRETS: [(&str, i32); 32] = [
    ("secret access key", 12),
    ("plaintext", 12),
    ("plain text token", 12),
    ("plain text key", 12),
    ("raw key", 12),
    ("raw token", 12),
    ("full key", 12),
    ("secret", 11),
    ("secret key", 11),
    ("client secret", 11),
    ("key secret", 11),
    ("api secret", 11),
    ("token value", 10),
    ("key value", 10),
    ("token", 9),
    ("api key", 9),
    ("api token", 9),
    ("access token", 9),
    ("auth token", 9),
    ("key", 9),
    ("value", 6),
    ("jwt", 8),
    ("password", 5),
    ("cleartext", 12),
    ("unencrypted token", 12),
    ("secret value", 11),
    ("token secret", 11),
    ("sensitive id", 8),
    ("data", 2),
    ("pat", 8),
    ("private key", 10),
    ("encoded", 10),
];

/// Returns the location of the new secret in a response; `known` is the schema of a key in the list, which does not
/// have it.
pub(super) fn secret(document: &Document, schema: &Value, known: Option<&Value>) -> Option<String> {
    if document.kind(schema) == "string" {
        return Some(String::new());
    }
    let (base, schema) = match document.items(schema) {
        Some(items) => ("/0", items),
        None => ("", schema),
    };
    let listed: Vec<Vec<String>> = known
        .map(|schema| {
            document
                .fields(schema)
                .iter()
                .map(|field| words(field.name))
                .collect()
        })
        .unwrap_or_default();
    let weight = |field: &Field<'_>| {
        let is_new = known.is_some() && !listed.contains(&words(field.name));
        likeliness(document, field, is_new)
    };
    let is_secret = |field: &&Field<'_>| {
        let format = document.text(field.schema, "format");
        document.may_be_text(field.schema)
            && !matches!(format, "date-time" | "date" | "uri" | "url")
            && document.words(field.schema).is_empty()
    };
    let fields = document.fields(schema);
    let mut best: Option<(i32, &Field<'_>)> = None;
    for field in fields.iter().filter(is_secret) {
        let weight = weight(field);
        if weight >= 4 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, field));
        }
    }
    best.map(|(_, field)| format!("{base}{}", field.at))
}

/// Words in names that are not those of a secret.
const ODD: [&str; 27] = [
    "prefix",
    "hash",
    "type",
    "name",
    "url",
    "hint",
    "masked",
    "at",
    "preview",
    "partial",
    "object",
    "count",
    "public",
    "last",
    "refresh",
    "version",
    "next",
    "page",
    "redacted",
    "truncated",
    "short",
    "suffix",
    "idempotency",
    "encrypted",
    "fingerprint",
    "start",
    "csrf",
];

/// Words in the description of a secret.
const PLAIN: [&str; 7] = [
    "once",
    "only shown",
    "only returned",
    "only available",
    "plain",
    "secret",
    "full ",
];

/// Words in the description of a field that only stands for a secret.
const HIDDEN: [&str; 9] = [
    "mask",
    "redact",
    "obfuscat",
    "truncate",
    "first few",
    "last four",
    "last 4",
    "hash of",
    "identifier",
];

/// Returns the likeness of a field to the new secret; `is_new` says that a key in the list does not have it.
fn likeliness(document: &Document, field: &Field<'_>, is_new: bool) -> i32 {
    let name = words(field.name);
    let known = SECRETS.iter().find(|(phrase, _)| is(&name, &[*phrase]));
    let mut weight = known.map_or(0, |(_, weight)| *weight);
    let last = name.last().map(String::as_str);
    if weight == 0 && matches!(last, Some("secret" | "token" | "key" | "plaintext")) {
        weight = 7;
    }
    let is_id = last == Some("id") && weight < 8;
    if weight == 0 || is_id || has_any(&name, &ODD) {
        return 0;
    }
    let said = document
        .text(field.schema, "description")
        .to_ascii_lowercase()
        .replace("unredacted", "plain")
        .replace("unmasked", "plain");
    if PLAIN.iter().any(|word| said.contains(word)) {
        weight += 4;
    }
    if HIDDEN.iter().any(|word| said.contains(word)) {
        weight -= 5;
    }
    if is_new {
        weight += 5;
    }
    weight - i32::try_from(field.depth()).unwrap_or(9)
}
