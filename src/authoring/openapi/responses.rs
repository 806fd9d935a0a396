//! The shapes of responses: the list, the record of a key, the errors.

use serde_json::Value;

use super::calls::Call;
use super::document::{Document, Field};
use super::fields::places_of;
use super::words::{is, rank, words};
use super::write::quoted;
use crate::manifest::escaped_part;

/// The list in a response.
pub(super) struct Listed<'d> {
    /// Its location; an empty one is the whole response.
    pub(super) at: String,
    /// The schema of an element.
    pub(super) item: &'d Value,
}

/// The rank of a field as the list, the lowest first: an odd name, no objects in it, its depth, its name.
type ListRank = (bool, bool, usize, usize);

/// The usual names of lists.
const USUAL_LISTS: [&str; 14] = [
    "data", "item", "result", "key", "token", "value", "record", "content", "resource", "entry",
    "list", "element", "row", "page",
];

/// Finds the list in a response.
pub(super) fn listed<'d>(
    document: &'d Document,
    schema: &'d Value,
    noun: &[String],
) -> Option<Listed<'d>> {
    if let Some(item) = document.items(schema) {
        return Some(Listed {
            at: String::new(),
            item,
        });
    }
    let fields = document.fields(schema);
    let mut best: Option<(ListRank, &Field<'d>, &'d Value)> = None;
    for field in &fields {
        let Some(item) = document.items(field.schema) else {
            continue;
        };
        let name = words(field.name);
        let is_object = !document.properties(item).is_empty();
        let place = if name == noun {
            0
        } else if name.last() == noun.last() {
            1
        } else {
            2 + rank(&name, &USUAL_LISTS).unwrap_or(USUAL_LISTS.len())
        };
        let odd = is(
            &name,
            &[
                "error",
                "warning",
                "link",
                "message",
                "included",
                "meta",
                "scope",
                "permission",
            ],
        );
        let own = (odd, !is_object, field.depth(), place);
        if best.is_none_or(|(least, _, _)| own < least) {
            best = Some((own, field, item));
        }
    }
    let best = best?;
    (!best.0.0).then(|| Listed {
        at: best.1.at.clone(),
        item: best.2,
    })
}

/// Finds the record of a key in a response: the response itself, or one of its members.
pub(super) fn record<'d>(
    document: &'d Document,
    schema: &'d Value,
    item: Option<&str>,
    noun: &[String],
) -> (String, &'d Value) {
    if let Some(first) = document.items(schema) {
        return ("/0".to_owned(), first);
    }
    let weight = |schema: &Value| {
        let fields = document.fields(schema);
        let own: Vec<Field<'_>> = fields
            .into_iter()
            .filter(|field| field.depth() == 1)
            .collect();
        let found = places_of(document, &own, item, noun);
        (found.get("id").is_some(), found.found.len())
    };
    let mut best = (weight(schema), String::new(), schema);
    for property in document.properties(schema) {
        let name = words(property.name);
        let odd = is(
            &name,
            &[
                "owner",
                "user",
                "created by",
                "creator",
                "organization",
                "project",
                "error",
                "meta",
                "link",
                "metadata",
                "spec",
                "attribute",
                "config",
                "team",
                "account",
                "usage",
                "limit",
                "workspace",
            ],
        );
        if odd || document.kind(property.schema) != "object" {
            continue;
        }
        let own = weight(property.schema);
        let is_named = is(
            &name,
            &[
                "data", "result", "item", "record", "key", "token", "api key",
            ],
        ) || name == noun;
        if own.1 > 0 && (own.0 && !best.0.0 || own > best.0 && is_named) {
            best = (
                own,
                format!("/{}", escaped_part(property.name)),
                property.schema,
            );
        }
    }
    (best.1, best.2)
}

/// Finds the record of a key in the response of a call for one key, which may be the only element of a list.
pub(super) fn single<'d>(
    document: &'d Document,
    schema: &'d Value,
    item: Option<&str>,
    noun: &[String],
) -> (String, &'d Value) {
    let found = record(document, schema, item, noun);
    let has_id = |schema: &'d Value| {
        let fields = document.fields(schema);
        places_of(document, &fields, item, noun).get("id").is_some()
    };
    if has_id(found.1) {
        return found;
    }
    match listed(document, schema, noun) {
        Some(list) if has_id(list.item) => (format!("{}/0", list.at), list.item),
        _ => found,
    }
}

/// Returns the table of errors, if the document describes them.
pub(super) fn errors(document: &Document, calls: &[&Call<'_>]) -> String {
    let refusals = calls.iter().flat_map(|call| call.refusals(document));
    let mut best: (usize, Vec<String>) = (0, Vec::new());
    for refusal in refusals {
        let (base, schema) = match document.items(refusal.schema) {
            Some(items) => ("/0", items),
            None => ("", refusal.schema),
        };
        let mut fields: Vec<(String, &str, &Value)> = document
            .fields(schema)
            .iter()
            .map(|one| (one.at.clone(), one.name, one.schema))
            .collect();
        // A list of errors: its first.
        for (at, _, schema) in fields.clone() {
            if let Some(items) = document.items(schema) {
                fields.extend(
                    document
                        .fields(items)
                        .iter()
                        .map(|one| (format!("{at}/0{}", one.at), one.name, one.schema)),
                );
            }
        }
        let place = |phrases: &[&str]| {
            let rank = |(at, name, schema): &(String, &str, &Value)| {
                let kind = document.kind(schema);
                let fits = matches!(kind, "string" | "integer" | "");
                let place = rank(&words(name), phrases)?;
                fits.then_some((place, at.len()))
            };
            fields
                .iter()
                .filter_map(|one| Some((rank(one)?, one)))
                .min_by_key(|(rank, _)| *rank)
                .map(|(_, one)| format!("{base}{}", one.0))
        };
        let message = place(&[
            "message",
            "error message",
            "detail",
            "error description",
            "msg",
            "description",
            "reason",
            "title",
            "error",
        ]);
        let code = place(&[
            "code",
            "error code",
            "type",
            "error type",
            "id",
            "error",
            "slug",
            "name",
            "reason",
            "status code",
        ])
        .filter(|code| Some(code) != message.as_ref());
        let request = place(&[
            "request id",
            "trace id",
            "correlation id",
            "requestid",
            "req id",
            "debug id",
        ]);
        let found: Vec<String> = [
            ("message", &message),
            ("code", &code),
            ("request_id", &request),
        ]
        .into_iter()
        .filter_map(|(key, at)| Some(format!("{key} = {}", quoted(at.as_ref()?))))
        .collect();
        if message.is_some() && found.len() > best.0 {
            best = (found.len(), found);
        }
    }
    if best.1.is_empty() {
        String::new()
    } else {
        format!("\n[errors]\n{}\n", best.1.join("\n"))
    }
}
