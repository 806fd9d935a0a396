//! Finds unmatched pointers: a manifest reads them, but none of its own examples has them.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::super::extract::{ExtractRule, Extractor, ParsedResponse};
use super::super::schema::{Manifest, Operation, RecordedExchange};
use super::super::visit::{Node, Read, Reader, Responses};
use super::super::xml::from_xml;
use super::Diagnostic;

/// Returns every location that is read and that no example holds.
pub(super) fn unmatched_pointers(manifest: &Manifest) -> Vec<Diagnostic> {
    let recorded = RecordedResponses::of(manifest);
    let mut problems = Vec::new();
    manifest.walk(&mut |path, node| {
        let Node::Read(read) = node else { return };
        // A manifest that extends another has examples only for its changes.
        if read.operation.is_none() && manifest.extends.is_some() || is_meant_to_be_absent(&read) {
            return;
        }
        // A manifest without examples is not checked, but that is not a mistake.
        let responses = recorded.of_read(&read);
        if !responses.is_empty() && !responses.iter().any(|one| holds(&read, one)) {
            problems.push(Diagnostic::new(
                path.iter().map(ToString::to_string).collect(),
                "no recorded example contains this path: fix the path, or add an example that has it",
            ));
        }
    });
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
    let recorded = RecordedResponses::of(manifest);
    let mut places = Vec::new();
    manifest.walk(&mut |path, node| {
        let Node::Read(read) = node else { return };
        let responses = recorded.of_read(&read);
        let mut note = |at: Option<String>, is_in: &dyn Fn(&RecordedResponse<'_>) -> bool| {
            places.extend(at.map(|at| ReadLocation {
                key: path.join("."),
                at,
                shown: responses.iter().any(|one| is_in(one)),
            }));
        };
        match read.reader {
            Reader::Extractor(reads) => {
                for rule in &reads.0 {
                    let alone = Extractor(vec![rule.clone()]);
                    note(rule.location(), &|one| one.finds_anywhere(&alone));
                }
            }
            Reader::Predicate(predicate) => {
                note(predicate.location(), &|one| predicate.is_located(&one.seen));
            }
        }
    });
    places
}

/// Returns whether a condition requires that its location does not exist.
fn is_meant_to_be_absent(read: &Read<'_>) -> bool {
    matches!(read.reader, Reader::Predicate(predicate) if predicate.exists == Some(false))
}

/// Returns whether a response has the location, with a value or with nothing in it.
fn holds(read: &Read<'_>, one: &RecordedResponse<'_>) -> bool {
    let seen = &one.seen;
    match read.reader {
        Reader::Extractor(reads) if read.in_items => one.finds_anywhere(reads),
        Reader::Extractor(reads) => finds(reads, seen, &seen.body),
        Reader::Predicate(predicate) => {
            predicate.location().is_none() || predicate.is_located(seen)
        }
    }
}

fn finds(reads: &Extractor, seen: &ParsedResponse, within: &Value) -> bool {
    reads.value(seen, within, Timestamp::UNIX_EPOCH).is_some()
        || reads.is_empty_at(seen, within)
        || reads.0.iter().any(|rule| finds_element(rule, within))
}

/// Returns whether a list has an element like the one that a rule looks for: the value to look for is known only when
/// the call is made.
fn finds_element(rule: &ExtractRule, within: &Value) -> bool {
    let (Some(at), Some(find)) = (&rule.at, &rule.find) else {
        return false;
    };
    let list = at.find(within);
    let mut elements = list.iter().filter_map(|list| list.as_array()).flatten();
    find.sources().next().is_some()
        && elements.any(|element| {
            let then = find.then.as_ref();
            find.at.find(element).is_some() && then.is_none_or(|at| at.find(element).is_some())
        })
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

/// A response in an example of an operation.
struct RecordedResponse<'m> {
    operation: &'m Operation,
    /// Says that it is the success of the operation's own call.
    success: bool,
    /// Says that it is a refusal which may explain itself.
    refusal: bool,
    seen: ParsedResponse,
    /// The items of a list, in the form that they are read from.
    items: Value,
}

impl RecordedResponse<'_> {
    fn finds_anywhere(&self, reads: &Extractor) -> bool {
        let mut roots = [&self.seen.body, &self.items].into_iter();
        roots.any(|root| finds_anywhere(reads, &self.seen, root))
    }
}

/// The responses in the examples of a manifest.
struct RecordedResponses<'m>(Vec<RecordedResponse<'m>>);

impl<'m> RecordedResponses<'m> {
    fn of(manifest: &'m Manifest) -> Self {
        let mut all = Vec::new();
        for call in manifest.calls() {
            let operation = call.operation;
            // A step with a guard may have been skipped; a read of too many responses does no harm.
            let steps = operation.before.iter();
            let steps = steps.filter(|step| step.only_if.is_empty()).count();
            for example in &operation.examples {
                for (index, exchange) in example.exchanges.iter().enumerate() {
                    let seen = see(exchange);
                    let response = &operation.response;
                    let good = response.status.contains(seen.status)
                        && response.require.iter().all(|one| one.holds(&seen));
                    let explains = !is_program(exchange) && !seen.body.is_null();
                    let items = response.items.as_ref();
                    let items = items
                        .and_then(|items| items.value(&seen, &seen.body, Timestamp::UNIX_EPOCH));
                    all.push(RecordedResponse {
                        operation,
                        success: good && index >= steps && example.fails.is_none(),
                        refusal: explains && !good,
                        items: items.unwrap_or_default(),
                        seen,
                    });
                }
            }
        }
        RecordedResponses(all)
    }

    /// Returns the responses that a place is read from.
    fn of_read(&self, read: &Read<'m>) -> Vec<&RecordedResponse<'m>> {
        let fits = |one: &&RecordedResponse<'m>| {
            let owned = read
                .operation
                .is_none_or(|operation| std::ptr::eq(operation, one.operation));
            owned
                && match read.from {
                    Responses::Success => one.success,
                    Responses::Further(statuses) => statuses.contains(one.seen.status),
                    Responses::All => true,
                    Responses::Refusals => one.refusal,
                }
        };
        self.0.iter().filter(fits).collect()
    }
}

fn is_program(recorded: &RecordedExchange) -> bool {
    recorded.request.starts_with("RUN ")
}

fn see(recorded: &RecordedExchange) -> ParsedResponse {
    let headers = recorded.headers_of_answer();
    let media_type = headers.iter().find(|(name, _)| name == "content-type");
    let media_type = media_type.map(|(_, value)| value.as_str());
    let text = recorded.response.as_str();
    let json = serde_json::from_str(text).ok();
    let xml = json.is_none().then(|| from_xml(text, media_type)).flatten();
    ParsedResponse {
        // The exit code of a program counts like a status.
        status: match (is_program(recorded), recorded.status) {
            (false, status) => status,
            (true, 0) => 200,
            (true, _) => 500,
        },
        xml: xml.is_some(),
        body: match json.or(xml) {
            Some(body) => body,
            None if text.is_empty() => Value::Null,
            None => Value::from(text),
        },
        headers,
        known: std::collections::BTreeMap::new(),
    }
}
