//! Moments, spans and pointers: written in one form, read as what they were; a second reader judges pointers.

use std::fmt::Write as _;

use arbtest::arbitrary::{Result, Unstructured};
use jiff::Timestamp;
use keywright::manifest::{Pointer, read_expiry, read_moment, read_span};
use serde_json::{Map, Value, json};

use super::{fuzz, pieces};
use crate::support::clock::NOON;

/// The first second that is not "never", and the last.
const RANGE: std::ops::RangeInclusive<i64> = 100_000_001..=253_370_764_799;

#[test]
fn timestamp_parses_every_form() {
    fuzz("moments", 8, |u| {
        let at = Timestamp::from_second(u.int_in_range(RANGE)?).unwrap();
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(u.int_in_range(-11..=12)?));
        let there = at.to_zoned(zone);
        let forms = [
            json!(at.to_string()),
            json!(at.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            json!(at.strftime("%Y-%m-%dT%H:%M:%S.000000").to_string()),
            json!(there.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            json!(at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
            json!(at.as_second().to_string()),
            json!(at.as_second()),
        ];
        for form in &forms {
            let known_in_seconds = !form.is_number()
                && form
                    .as_str()
                    .is_none_or(|text| text.parse::<f64>().is_err());
            // Above that, a bare number is one of milliseconds.
            if known_in_seconds || at.as_second() < 100_000_000_000 {
                assert_eq!(read_moment(form), Some(at), "{form}");
            }
        }
        Ok(())
    });
}

#[test]
fn arbitrary_time_text_never_panics() {
    let now: Timestamp = NOON.parse().unwrap();
    let among = [
        "0",
        "1",
        "9999",
        "-",
        ":",
        "T",
        "Z",
        "+",
        ".",
        " ",
        "e",
        "d",
        "h",
        "ms",
        "w",
        "never",
        "GMT",
        "Fri, ",
        "Nov",
        "é",
        "\u{0}",
        "18446744073709551616",
        "inf",
        "NaN",
    ];
    fuzz("times, anything", 8, |u| {
        let text = pieces(u, &among, 10)?;
        let _ = read_moment(&json!(text));
        let _ = read_span(&text);
        let _ = read_expiry(&text, now);
        if let Ok(number) = serde_json::from_str::<Value>(&text) {
            let _ = read_moment(&number);
        }
        Ok(())
    });
}

#[test]
fn duration_equals_sum_of_parts() {
    fuzz("spans", 8, |u| {
        let mut text = String::new();
        let mut seconds = 0;
        for (unit, each) in [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)] {
            if u.arbitrary()? {
                let count = u64::from(u.int_in_range(0..=5000_u16)?);
                let _ = write!(text, "{count}{unit}");
                seconds += count * each;
            }
        }
        let read = read_span(&text).map(|span| span.as_secs());
        assert_eq!(read, (!text.is_empty()).then_some(seconds), "{text}");
        Ok(())
    });
}

const NAMES: [&str; 9] = ["a", "b", "", "0", "1", "~", "/", "a/b", "ä"];

fn value(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match u.int_in_range(0..=if depth == 0 { 1 } else { 3 })? {
        0 => json!(u.arbitrary::<i32>()?),
        1 => Value::Null,
        2 => {
            let count = u.int_in_range(0..=3)?;
            (0..count)
                .map(|_| value(u, depth - 1))
                .collect::<Result<Vec<_>>>()?
                .into()
        }
        _ => {
            let mut entries = Map::new();
            for _ in 0..u.int_in_range(0..=3)? {
                entries.insert((*u.choose(&NAMES)?).to_owned(), value(u, depth - 1)?);
            }
            entries.into()
        }
    })
}

#[test]
fn json_pointer_matches_serde_json() {
    fuzz("pointers", 8, |u| {
        let value = value(u, 4)?;
        let mut text = String::new();
        for _ in 0..u.int_in_range(0..=4)? {
            let name = u.choose(&NAMES)?.replace('~', "~0").replace('/', "~1");
            text.push('/');
            text.push_str(&name);
        }
        let pointer: Pointer = text.parse().unwrap();
        let found = pointer.find(&value).map(std::borrow::Cow::into_owned);
        assert_eq!(found.as_ref(), value.pointer(&text), "{text} in {value}");
        Ok(())
    });
}
