//! Validates the user's inputs before anything is sent.

use serde_json::Value;

use super::values::{FieldValue, Values};
use crate::core::error::{Error, Result};
use crate::core::key::Expiry;
use crate::manifest::{InputSpec, Operation, Source, Span, plain_text, read_expiry};

/// Fills in what is left to a default, and refuses what the service would refuse.
pub(super) fn check(operation: &Operation, values: &mut Values) -> Result<()> {
    for names in &operation.exclusive {
        let given: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|name| values.get(&Source::Input((*name).to_owned())).is_some())
            .collect();
        if let [one, other, ..] = given.as_slice() {
            return Err(Error::usage(format!(
                "`{one}` and `{other}` exclude each other: give one of them"
            )));
        }
    }
    for (name, spec) in &operation.parameters {
        let source = Source::Input(name.clone());
        if values.get(&source).is_none()
            && !excluded(operation, name, values)
            && let Some(default) = &spec.default
        {
            values.set(&source, default_of(name, default, values)?);
        }
        check_one(name, spec, values)?;
        if spec.secret {
            values.hide(&source);
        }
    }
    Ok(())
}

/// Returns whether another given input excludes this one, so that its default does not apply.
fn excluded(operation: &Operation, name: &str, values: &Values) -> bool {
    let given =
        |other: &String| *other != name && values.get(&Source::Input(other.clone())).is_some();
    operation
        .exclusive
        .iter()
        .any(|names| names.iter().any(|one| one == name) && names.iter().any(given))
}

fn default_of(name: &str, text: &str, values: &Values) -> Result<FieldValue> {
    Ok(match name {
        "expires" => FieldValue::Ends(
            read_expiry(text, values.now)
                .map_err(|error| error.context("the default of `expires`"))?,
        ),
        "scopes" => FieldValue::Plain(
            text.split(',')
                .map(|word| Value::from(word.trim()))
                .collect(),
        ),
        _ => FieldValue::Plain(Value::from(text)),
    })
}

/// Refuses what the service would refuse as the value of the input `name`; other inputs may be missing.
pub(super) fn check_named(operation: &Operation, name: &str, values: &Values) -> Result<()> {
    let spec = operation.parameters.get(name);
    spec.map_or(Ok(()), |spec| check_one(name, spec, values))
}

fn check_one(name: &str, spec: &InputSpec, values: &Values) -> Result<()> {
    let refuse = |why: String| {
        let error = Error::usage(format!("`{name}` {why}"));
        Err(match &spec.about {
            Some(about) => error.hint(format!("{name}: {about}")),
            None => error,
        })
    };
    match values.get(&Source::Input(name.to_owned())) {
        None if spec.required => refuse("is required here".to_owned()),
        None | Some(FieldValue::Secret(_)) => Ok(()),
        Some(FieldValue::Ends(end)) => check_end(*end, spec, values).or_else(refuse),
        Some(FieldValue::Plain(value)) => check_words(value, spec).or_else(refuse),
    }
}

fn check_end(end: Expiry, spec: &InputSpec, values: &Values) -> Result<(), String> {
    let say = |span: Option<Span>| span.map_or_else(|| "any".to_owned(), |span| span.to_string());
    let bounds = || {
        format!(
            "is out of bounds: at least {}, at most {}",
            say(spec.min),
            say(spec.max)
        )
    };
    let Expiry::At(moment) = end else {
        return match spec.max {
            Some(max) => Err(format!("cannot be `never` here: at most {max}")),
            None => Ok(()),
        };
    };
    let after = |span: Option<Span>| span.and_then(|span| span.after(values.now));
    let too_soon = after(spec.min).is_some_and(|least| moment < least);
    let too_late = after(spec.max).is_some_and(|most| moment > most);
    if too_soon || too_late {
        return Err(bounds());
    }
    Ok(())
}

fn check_words(value: &Value, spec: &InputSpec) -> Result<(), String> {
    let texts: Vec<String> = match value {
        Value::Array(items) => items.iter().filter_map(plain_text).collect(),
        other => plain_text(other).into_iter().collect(),
    };
    for text in texts {
        let length = text.chars().count();
        if let Some(least) = spec.min_length.filter(|least| length < *least) {
            return Err(format!("is too short: at least {least} characters"));
        }
        if let Some(most) = spec.max_length.filter(|most| length > *most) {
            return Err(format!("is too long: at most {most} characters"));
        }
        if !spec.choices.is_empty() && !spec.choices.contains(&text) {
            return Err(format!("is one of: {}", spec.choices.join(", ")));
        }
        if let Some(pattern) = spec
            .pattern
            .as_ref()
            .filter(|pattern| !pattern.matches(&text))
        {
            return Err(format!("must match {}", pattern.as_str()));
        }
    }
    Ok(())
}
