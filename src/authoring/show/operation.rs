//! One operation: what it takes within which bounds, how many requests it costs, what it does to the login.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::core::map::map_of;
use crate::manifest::{CredentialEffect, InputSpec, Operation, Source};

/// Returns every input, with its bounds where it has some.
fn inputs(operation: &Operation) -> BTreeMap<&str, Option<&InputSpec>> {
    let used = operation
        .sources()
        .into_iter()
        .filter_map(|source| match source {
            Source::Input(name) => Some((name.as_str(), None)),
            _ => None,
        });
    let declared = operation.parameters.iter();
    let declared = declared.map(|(name, spec)| (name.as_str(), Some(spec)));
    map_of(used.chain(declared))
}

/// Returns the inputs for a program.
pub(super) fn inputs_as_json(operation: &Operation) -> Value {
    let described = inputs(operation).into_iter().map(|(name, spec)| {
        let bounds = spec.map(|spec| {
            json!({
                "required": spec.required,
                "default": spec.default,
                "about": spec.about,
                "min_length": spec.min_length,
                "max_length": spec.max_length,
                "choices": spec.choices,
                "min": spec.min.map(|span| span.to_string()),
                "max": spec.max.map(|span| span.to_string()),
            })
        });
        (name.to_owned(), bounds.unwrap_or_else(|| json!({})))
    });
    Value::Object(described.collect::<Map<_, _>>())
}

/// Returns the minimum number of requests that it makes; programs do not count.
pub(super) fn count(operation: &Operation) -> usize {
    let steps = operation.before.iter().chain(&operation.after);
    let sent = steps.filter(|step| step.request.is_some() && step.only_if.is_empty());
    sent.count() + usize::from(operation.request.is_some())
}

/// Returns its effect on the credential that it is made with, if any.
pub(super) fn effect(operation: &Operation) -> Option<&'static str> {
    match operation.effect {
        CredentialEffect::None => None,
        CredentialEffect::ReplacesOwn => Some("the new key replaces the one that it is made with"),
        CredentialEffect::RevokesOwn => Some("it revokes the key that it is made with"),
    }
}

/// Returns further notes about it, a line each.
pub(super) fn lines(operation: &Operation) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, spec) in inputs(operation) {
        let bounds = spec.map(bounds).unwrap_or_default();
        if bounds.is_empty() {
            lines.push(format!("takes {name}"));
        } else {
            lines.push(format!("takes {name}: {}", bounds.join(", ")));
        }
    }
    for names in &operation.exclusive {
        lines.push(format!("only one of {}", names.join(", ")));
    }
    if let Some(audience) = &operation.audience {
        let audience = audience.as_written();
        lines.push(format!("requests an identity token for {audience}"));
    }
    let cost = cost(operation);
    if cost != "1 request" {
        lines.push(cost);
    }
    lines.extend(effect(operation).map(str::to_owned));
    lines
}

fn bounds(spec: &InputSpec) -> Vec<String> {
    let mut bounds = Vec::new();
    bounds.extend(spec.about.clone());
    if spec.required {
        bounds.push("required".to_owned());
    }
    bounds.extend(
        spec.default
            .as_ref()
            .map(|value| format!("{value} unless said")),
    );
    bounds.extend(
        spec.min_length
            .map(|least| format!("at least {least} characters")),
    );
    bounds.extend(
        spec.max_length
            .map(|most| format!("at most {most} characters")),
    );
    bounds.extend(spec.min.map(|soonest| format!("at least {soonest}")));
    bounds.extend(spec.max.map(|latest| format!("at most {latest}")));
    if !spec.choices.is_empty() {
        bounds.push(format!("one of {}", spec.choices.join(" ")));
    }
    if spec.pattern.is_some() {
        bounds.push("of a certain shape".to_owned());
    }
    bounds
}

/// Returns the number of requests that it makes, in words.
fn cost(operation: &Operation) -> String {
    let mut cost = match count(operation) {
        1 => "1 request".to_owned(),
        number => format!("{number} requests"),
    };
    let guarded = |step: &&crate::manifest::StepSpec| !step.only_if.is_empty();
    if operation.before.iter().any(|step| guarded(&step)) {
        cost.push_str(", more where they are needed");
    }
    if operation.pagination.is_some() {
        cost.push_str(" for each page");
    }
    if operation.details.is_some() {
        cost.push_str(", and one for each key");
    }
    if operation.poll.is_some() {
        cost.push_str(", and polls until it is complete");
    }
    cost
}
