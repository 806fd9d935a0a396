//! Finds unmatched pointers: a manifest reads them, but none of its own examples has them.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::super::extract::{ExtractRule, Extractor, ParsedResponse};
use super::super::fields::KeyFields;
use super::super::schema::{Manifest, Operation, RecordedExchange, ResponseSpec};
use super::Diagnostic;

/// Returns every location that is read and that no example holds.
pub(super) fn unmatched_pointers(manifest: &Manifest) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut everywhere = Vec::new();
    for (path, operation) in operations(manifest) {
        let answers = good_answers(operation);
        everywhere.extend(good_answers(operation));
        if answers.is_empty() {
            continue;
        }
        for (key, reads) in read_by(&operation.response) {
            if !answers.iter().any(|seen| finds(reads, seen, &seen.body)) {
                problems.push(problem(&path, key));
            }
        }
        for (field, reads) in fields_of(&operation.response.key) {
            if !answers
                .iter()
                .any(|seen| finds_anywhere(reads, seen, &seen.body))
            {
                problems.push(problem(&path, &format!("response.key.{field}")));
            }
        }
    }
    // A manifest without examples is not checked, but that is not a mistake. One that extends another has examples
    // only for its changes.
    if !everywhere.is_empty() && manifest.extends.is_none() {
        for (field, reads) in fields_of(&manifest.key) {
            if !everywhere
                .iter()
                .any(|seen| finds_anywhere(reads, seen, &seen.body))
            {
                problems.push(problem(&["key".to_owned()], field));
            }
        }
    }
    problems
}

/// A location that is read, and whether an example holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadLocation {
    /// The dotted key of the manifest that reads it.
    pub key: String,
    /// The location: a JSON Pointer, a header, a cookie.
    pub at: String,
    /// Says that an example has it.
    pub shown: bool,
}

/// Returns every location that the manifest reads from, each alternative on its own.
pub fn places(manifest: &Manifest) -> Vec<ReadLocation> {
    let mut places = Vec::new();
    let mut everywhere = Vec::new();
    for (path, operation) in operations(manifest) {
        let answers = good_answers(operation);
        let path = path.join(".");
        for (key, reads) in read_by(&operation.response) {
            each_place(reads, &format!("{path}.{key}"), &answers, &mut places);
        }
        for (field, reads) in fields_of(&operation.response.key) {
            let key = format!("{path}.answer.key.{field}");
            each_place(reads, &key, &answers, &mut places);
        }
        everywhere.extend(answers);
    }
    for (field, reads) in fields_of(&manifest.key) {
        each_place(reads, &format!("key.{field}"), &everywhere, &mut places);
    }
    places
}

fn each_place(
    reads: &Extractor,
    key: &str,
    answers: &[ParsedResponse],
    places: &mut Vec<ReadLocation>,
) {
    for read in &reads.0 {
        let Some(at) = read.location() else {
            continue;
        };
        let alone = Extractor(vec![read.clone()]);
        let shown = answers
            .iter()
            .any(|seen| finds_anywhere(&alone, seen, &seen.body));
        let key = key.to_owned();
        places.push(ReadLocation { key, at, shown });
    }
}

fn problem(path: &[String], key: &str) -> Diagnostic {
    let mut path = path.to_vec();
    path.extend(key.split('.').map(str::to_owned));
    Diagnostic {
        path,
        message:
            "no recorded example contains this path: fix the path, or add an example that has it"
                .to_owned(),
    }
}

fn operations(manifest: &Manifest) -> Vec<(Vec<String>, &Operation)> {
    let verifications = manifest.credentials.iter().filter_map(|(name, spec)| {
        let path = ["credentials", name, "verify"].map(str::to_owned).to_vec();
        Some((path, spec.verify.as_ref()?))
    });
    let verbs = manifest.operations.iter().map(|(verb, operation)| {
        let path = ["operations", verb.name()].map(str::to_owned).to_vec();
        (path, operation)
    });
    verifications.chain(verbs).collect()
}

/// Returns the responses to the operation's own call, in the examples that succeed.
fn good_answers(operation: &Operation) -> Vec<ParsedResponse> {
    // A step with a guard may have been skipped; a read of too many responses does no harm.
    let skipped = operation
        .before
        .iter()
        .filter(|step| step.only_if.is_empty())
        .count();
    operation
        .examples
        .iter()
        .filter(|example| example.fails.is_none())
        .flat_map(|example| example.exchanges.iter().skip(skipped))
        .map(see)
        .filter(|seen| operation.response.status.contains(seen.status))
        .collect()
}

fn see(recorded: &RecordedExchange) -> ParsedResponse {
    ParsedResponse {
        status: recorded.status,
        headers: recorded.headers_of_answer(),
        body: if recorded.response.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&recorded.response)
                .unwrap_or_else(|_| Value::String(recorded.response.clone()))
        },
        known: std::collections::BTreeMap::new(),
    }
}

fn finds(reads: &Extractor, seen: &ParsedResponse, within: &Value) -> bool {
    let asks = |read: &ExtractRule| read.find.as_ref().is_some_and(|find| find.from.is_some());
    // The value to look for is known when the call is made, not here.
    reads.0.iter().any(asks) || reads.value(seen, within, Timestamp::UNIX_EPOCH).is_some()
}

/// Returns whether the reads find something in the response or in anything inside it.
fn finds_anywhere(reads: &Extractor, seen: &ParsedResponse, within: &Value) -> bool {
    if finds(reads, seen, within) {
        return true;
    }
    match within {
        Value::Array(items) => items.iter().any(|item| finds_anywhere(reads, seen, item)),
        Value::Object(entries) => entries
            .values()
            .any(|entry| finds_anywhere(reads, seen, entry)),
        _ => false,
    }
}

fn read_by(answer: &ResponseSpec) -> Vec<(&'static str, &Extractor)> {
    let token = answer.token.as_ref();
    [
        ("response.items", answer.items.as_ref()),
        ("response.secret", answer.secret.as_ref()),
        ("response.identity", answer.identity.as_ref()),
        ("response.key_id", answer.key_id.as_ref()),
        ("response.limit", answer.limit.as_ref()),
        ("response.warning", answer.warning.as_ref()),
        ("response.token.value", token.map(|token| &token.value)),
        (
            "response.token.refresh",
            token.and_then(|token| token.refresh.as_ref()),
        ),
        (
            "response.token.expires",
            token.and_then(|token| token.expires.as_ref()),
        ),
    ]
    .into_iter()
    .filter_map(|(key, reads)| Some((key, reads?)))
    .collect()
}

fn fields_of(key: &KeyFields) -> Vec<(&'static str, &Extractor)> {
    let usage = key.usage.as_ref();
    [
        ("id", key.id.as_ref()),
        ("name", key.name.as_ref()),
        ("masked", key.masked.as_ref()),
        ("status", key.status.as_ref()),
        ("scopes", key.scopes.as_ref()),
        ("created_at", key.created_at.as_ref()),
        ("expires_at", key.expires_at.as_ref()),
        ("last_used_at", key.last_used_at.as_ref()),
        (
            "usage.requests",
            usage.and_then(|usage| usage.requests.as_ref()),
        ),
        (
            "usage.requests_30d",
            usage.and_then(|usage| usage.requests_30d.as_ref()),
        ),
        ("usage.daily", usage.and_then(|usage| usage.daily.as_ref())),
        ("usage.cost", usage.and_then(|usage| usage.cost.as_ref())),
    ]
    .into_iter()
    .filter_map(|(field, reads)| Some((field, reads?)))
    .chain(key.carry_over.values().map(|reads| ("carry_over", reads)))
    .collect()
}
