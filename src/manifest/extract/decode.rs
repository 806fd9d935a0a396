//! Decodes values in their various forms.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::jwt::jwt_expiry;
use super::super::source::plain_text;
use super::super::times;
use super::Decode;
use crate::core::encoding::{from_base64, from_hex};
use crate::core::exact_json;

impl Decode {
    /// Decodes a value; a relative time counts from `now`.
    pub(super) fn decode(self, value: Value, now: Timestamp) -> Option<Value> {
        const SECOND: Duration = Duration::from_secs(1);
        let list = |separator: char| -> Option<Value> {
            let text = plain_text(&value)?;
            Some(Value::Array(
                text.split(separator)
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(Value::from)
                    .collect(),
            ))
        };
        let from_now = |unit: Duration| times::after(now, number(&value)?, unit);
        let moment = match self {
            Decode::Plain => return Some(value),
            Decode::Not => return Some(Value::Bool(!truth(&value)?)),
            Decode::Comma => return list(','),
            Decode::Space => return list(' '),
            Decode::Keys => return names(&value, |_| true),
            Decode::Flags => return names(&value, |flag| truth(flag) == Some(true)),
            Decode::Entries => {
                let entry = |(key, value): (&String, &Value)| json!({ "key": key, "value": value });
                return Some(Value::Array(value.as_object()?.iter().map(entry).collect()));
            }
            Decode::Base64 => return text(&from_base64(value.as_str()?)?),
            Decode::Hex => return text(&from_hex(value.as_str()?)?),
            Decode::Past => return Some(Value::Bool(times::read_moment(&value)? <= now)),
            Decode::Json => return exact_json::read(value.as_str()?),
            Decode::Time => times::read_moment(&value),
            Decode::UnixMs => times::unix_milliseconds(number(&value)?),
            Decode::Seconds => from_now(SECOND),
            Decode::Minutes => from_now(SECOND * 60),
            Decode::Hours => from_now(SECOND * 3_600),
            Decode::Days => from_now(SECOND * 86_400),
            Decode::Milliseconds => from_now(SECOND / 1000),
            Decode::Duration => {
                let span = times::read_span(&plain_text(&value)?)?;
                times::after(now, span.as_secs_f64(), SECOND)
            }
            Decode::Jwt => jwt_expiry(&plain_text(&value)?),
        };
        moment.map(|moment| Value::String(moment.to_string()))
    }

    /// Returns whether it counts from now, or from the time that `since` names.
    pub(super) fn is_relative_time(self) -> bool {
        matches!(
            self,
            Decode::Seconds
                | Decode::Minutes
                | Decode::Hours
                | Decode::Days
                | Decode::Milliseconds
                | Decode::Duration
        )
    }
}

/// Returns bytes as text, if they are that.
fn text(bytes: &[u8]) -> Option<Value> {
    std::str::from_utf8(bytes).ok().map(Value::from)
}

fn names(value: &Value, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
    let entries = value.as_object()?.iter();
    let names = entries.filter(|(_, value)| wanted(value));
    Some(Value::Array(
        names.map(|(name, _)| Value::from(name.as_str())).collect(),
    ))
}

/// Returns a number, or text that is one.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        other => exact_json::number_text(other)?.parse().ok(),
    }
}

/// Returns a boolean in the forms that services use; other numbers and texts are not one.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        _ => None,
    }
}
