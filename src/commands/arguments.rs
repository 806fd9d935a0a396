//! Parses the values of arguments.

use std::time::Duration;

use crate::destination::DestinationSpec;
use crate::manifest::Span;
use crate::store::StoreKind;

pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "write it as NAME=VALUE".to_owned())
}

pub(super) fn store(text: &str) -> Result<StoreKind, String> {
    text.parse()
        .map_err(|error: crate::core::error::Error| error.to_string())
}

pub(super) fn destination(text: &str) -> Result<DestinationSpec, String> {
    text.parse().map_err(|error: crate::core::error::Error| {
        let hints = error.hints().join("; ");
        if hints.is_empty() {
            error.to_string()
        } else {
            format!("{error} ({hints})")
        }
    })
}

pub(super) fn positive(text: &str) -> Result<Span, String> {
    let span: Span = text.parse()?;
    if span.duration() == Duration::ZERO {
        return Err("it must be longer than zero".to_owned());
    }
    Ok(span)
}
