//! The fields of a key in a response: id, name, times, status, scopes, and the secret.

use serde_json::Value;

use super::document::{Document, Field};
use super::phrases::{CREATED, EXPIRES, LAST_USED, MASKED, NAMES, SCOPES, SPANS};
use super::words::{has_any, rank, words};
use super::write::quoted;

/// The locations of the fields of a key, each as it is written in a manifest.
#[derive(Default, Clone, PartialEq, Eq)]
pub(super) struct KeyPlaces {
    /// The fields by their names in `[key]`, in the order of writing.
    pub(super) found: Vec<(&'static str, String)>,
}

impl KeyPlaces {
    /// Returns the location of a field.
    pub(super) fn get(&self, name: &str) -> Option<&String> {
        let found = self.found.iter().find(|(known, _)| *known == name);
        found.map(|(_, place)| place)
    }

    /// Returns the JSON Pointers of the fields that make a key this one, scopes aside.
    pub(super) fn own(&self) -> Vec<&str> {
        let own = self.found.iter().filter(|(name, _)| *name != "scopes");
        own.filter_map(|(_, place)| place.split('"').nth(1))
            .collect()
    }
}

/// Finds the fields of a key in the schema of its record.
pub(super) fn places(
    document: &Document,
    schema: &Value,
    item: Option<&str>,
    noun: &[String],
) -> KeyPlaces {
    places_of(document, &document.fields(schema), item, noun)
}

/// Finds the fields of a key among some.
pub(super) fn places_of(
    document: &Document,
    fields: &[Field<'_>],
    item: Option<&str>,
    noun: &[String],
) -> KeyPlaces {
    let id = id(document, fields, item, noun);
    let mut found = Vec::new();
    if let Some(id) = &id {
        found.push(("id", quoted(id)));
    }
    if let Some(name) = name_of(document, fields) {
        found.push(("name", quoted(&name.at)));
    }
    let masked = first(fields, MASKED, |field| is_text(document, field)).or_else(|| {
        let mut shallow = fields.iter().filter(|field| is_shallow(field));
        shallow.find(|field| is_text(document, field) && is_mask(&words(field.name)))
    });
    if let Some(masked) = masked {
        found.push(("masked", quoted(&masked.at)));
    }
    for (key, phrases) in [
        ("created_at", CREATED),
        ("expires_at", EXPIRES),
        ("last_used_at", LAST_USED),
    ] {
        if let Some(field) = first(fields, phrases, |field| may_be_time(document, field)) {
            found.push((
                key,
                format!("{{ at = {}, as = \"time\" }}", quoted(&field.at)),
            ));
        }
    }
    if let Some(status) = status(document, fields) {
        found.push(("status", status));
    }
    if let Some(scopes) = first(fields, SCOPES, |field| document.lists_texts(field.schema)) {
        found.push(("scopes", quoted(&scopes.at)));
    } else if let Some(scopes) = first(fields, SCOPES, |field| is_text(document, field)) {
        let text = document
            .text(scopes.schema, "description")
            .to_ascii_lowercase();
        let form = if text.contains("comma") {
            "comma"
        } else {
            "space"
        };
        let is_list = text.contains("comma") || text.contains("space") || scopes.name == "scope";
        let place = quoted(&scopes.at);
        found.push((
            "scopes",
            if is_list {
                format!("{{ at = {place}, as = \"{form}\" }}")
            } else {
                place
            },
        ));
    }
    KeyPlaces { found }
}

/// Returns whether a name is that of a part of a secret: `valuePrefix`, `maskedSecret`.
fn is_mask(name: &[String]) -> bool {
    let ends = ["prefix", "suffix", "hint", "preview", "mask"];
    let hidden = ["masked", "redacted", "obfuscated", "truncated", "partial"];
    let is_end = name
        .last()
        .is_some_and(|last| ends.contains(&last.as_str()));
    (is_end || has_any(name, &hidden))
        && has_any(name, &["key", "token", "secret", "value", "credential"])
}

fn is_shallow(field: &Field<'_>) -> bool {
    // The name of an owner is not that of the key.
    let parents = words(field.at.rsplit_once('/').map_or("", |(before, _)| before));
    let others = [
        "owner",
        "user",
        "creator",
        "organization",
        "project",
        "workspace",
        "created",
        "team",
        "account",
        "resource",
    ];
    !has_any(&parents, &others)
}

fn is_text(document: &Document, field: &Field<'_>) -> bool {
    document.may_be_text(field.schema)
}

fn may_be_time(document: &Document, field: &Field<'_>) -> bool {
    !matches!(document.kind(field.schema), "object" | "array" | "boolean")
}

/// Returns the field whose name is the earliest of some phrases, the least deep of several.
pub(super) fn first<'f, 'd>(
    fields: &'f [Field<'d>],
    phrases: &[&str],
    fits: impl Fn(&Field<'d>) -> bool,
) -> Option<&'f Field<'d>> {
    let rank = |field: &Field<'_>| Some((field.depth(), rank(&words(field.name), phrases)?));
    let known = fields
        .iter()
        .filter(|field| fits(field) && is_shallow(field));
    known
        .filter_map(|field| Some((rank(field)?, field)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, field)| field)
}

/// Returns the location of the id: the field that the path names, else the usual ones.
fn id(
    document: &Document,
    fields: &[Field<'_>],
    item: Option<&str>,
    noun: &[String],
) -> Option<String> {
    let scalar = |field: &&Field<'_>| {
        matches!(
            document.kind(field.schema),
            "string" | "integer" | "number" | ""
        )
    };
    let named = |sought: &[String]| {
        let mut all = fields
            .iter()
            .filter(scalar)
            .filter(|field| words(field.name) == sought);
        all.next()
    };
    let item = item.map(words).unwrap_or_default();
    if let Some(field) = named(&item).filter(|_| !item.is_empty()) {
        return Some(field.at.clone());
    }
    // `{keyId}` is the `id` of a key, `{tokenName}` the `name` of a token.
    if let Some(field) = item
        .last()
        .and_then(|last| named(std::slice::from_ref(last)))
    {
        return Some(field.at.clone());
    }
    let last = noun.last().cloned().unwrap_or_default();
    let with_noun = [last, "id".to_owned()];
    let whole: Vec<String> = noun.iter().cloned().chain(["id".to_owned()]).collect();
    let usual = [
        "id",
        "uuid",
        "uid",
        "guid",
        "hash",
        "identifier",
        "sid",
        "key id",
        "token id",
        "api key id",
        "slug",
        "access key id",
        "access key",
        "fingerprint",
    ];
    named(&with_noun)
        .or_else(|| named(&whole))
        .or_else(|| first(fields, &usual, |field| scalar(&field)))
        .map(|field| field.at.clone())
}

fn status(document: &Document, fields: &[Field<'_>]) -> Option<String> {
    let flag = |phrases: &[&str]| {
        first(fields, phrases, |field| {
            document.kind(field.schema) == "boolean"
        })
    };
    if let Some(field) = flag(&[
        "active",
        "enabled",
        "is active",
        "is enabled",
        "valid",
        "is valid",
    ]) {
        return Some(quoted(&field.at));
    }
    if let Some(field) = flag(&["revoked", "is revoked"]) {
        return Some(format!(
            "{{ at = {}, map = {{ true = \"revoked\", false = \"active\" }} }}",
            quoted(&field.at)
        ));
    }
    if let Some(field) = flag(&[
        "disabled",
        "is disabled",
        "disable",
        "blocked",
        "is blocked",
        "inactive",
        "suspended",
    ]) {
        return Some(format!("{{ at = {}, as = \"not\" }}", quoted(&field.at)));
    }
    let field = first(
        fields,
        &["status", "state", "key status", "token status"],
        |field| is_text(document, field),
    )?;
    let meant: Vec<String> = document
        .words(field.schema)
        .into_iter()
        .filter_map(|word| {
            let known = words(&word);
            let means = |list: &[&str]| has_any(&known, list);
            let meaning = match () {
                () if means(&[
                    "inactive",
                    "disabled",
                    "suspended",
                    "blocked",
                    "paused",
                    "deactivated",
                    "off",
                ]) =>
                {
                    "disabled"
                }
                () if means(&["expired"]) => "expired",
                () if means(&[
                    "revoked",
                    "deleted",
                    "cancelled",
                    "canceled",
                    "invalid",
                    "removed",
                ]) =>
                {
                    "revoked"
                }
                () if means(&[
                    "active",
                    "enabled",
                    "valid",
                    "activated",
                    "live",
                    "ok",
                    "on",
                ]) =>
                {
                    "active"
                }
                () => return None,
            };
            Some(format!("{} = \"{meaning}\"", quoted(&word)))
        })
        .collect();
    (!meant.is_empty()).then(|| {
        format!(
            "{{ at = {}, map = {{ {} }} }}",
            quoted(&field.at),
            meant.join(", ")
        )
    })
}

/// Returns the field for the name.
pub(super) fn name_of<'f, 'd>(
    document: &Document,
    fields: &'f [Field<'d>],
) -> Option<&'f Field<'d>> {
    first(fields, NAMES, |field| is_text(document, field))
}

/// Returns the field for the expiry.
pub(super) fn expiry_of<'f, 'd>(
    document: &Document,
    fields: &'f [Field<'d>],
) -> Option<&'f Field<'d>> {
    let fits = |field: &Field<'d>| may_be_time(document, field);
    first(fields, EXPIRES, fits).or_else(|| first(fields, SPANS, fits))
}

/// Returns the field for scopes: a list of words, or a text that is called scope or permission.
pub(super) fn scopes_of<'f, 'd>(
    document: &Document,
    fields: &'f [Field<'d>],
) -> Option<&'f Field<'d>> {
    let is_list = |field: &Field<'d>| document.lists_texts(field.schema);
    // One of some words is a choice; several scopes in a text are not.
    let is_line = |field: &Field<'d>| {
        document.kind(field.schema) == "string" && document.words(field.schema).is_empty()
    };
    first(fields, SCOPES, is_list)
        .or_else(|| first(fields, &["scope", "permission", "access scope"], is_line))
}
