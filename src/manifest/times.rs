//! Times and spans of time in the forms that services use; what is unclear is refused, not guessed.

use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// A span of time as people write it: `90s`, `15m`, `24h`, `30d`, `4w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(Duration);

impl Span {
    /// The span as a duration.
    pub fn duration(self) -> Duration {
        self.0
    }

    /// The moment that is this span after `now`.
    pub fn after(self, now: Timestamp) -> Option<Timestamp> {
        now.checked_add(SignedDuration::try_from(self.0).ok()?).ok()
    }
}

impl std::str::FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no duration: write `90s`, `15m`, `24h`, `30d` or `4w`");
        let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        let count: u64 = digits.parse().map_err(|_| wrong())?;
        let unit: u64 = match &text[digits.len()..] {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 604_800,
            _ => return Err(wrong()),
        };
        // Some ten thousand years: more is a slip, and would overflow every date.
        let seconds = count
            .checked_mul(unit)
            .filter(|seconds| *seconds < 315_000_000_000);
        seconds
            .map(|seconds| Span(Duration::from_secs(seconds)))
            .ok_or_else(wrong)
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = self.0.as_secs();
        let (count, unit) = match seconds {
            0 => (0, "s"),
            s if s.is_multiple_of(86_400) => (s / 86_400, "d"),
            s if s.is_multiple_of(3_600) => (s / 3_600, "h"),
            s if s.is_multiple_of(60) => (s / 60, "m"),
            s => (s, "s"),
        };
        write!(f, "{count}{unit}")
    }
}

impl serde::Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// Above this a bare number is taken for milliseconds: as seconds it would lie beyond the year 5000; and a thousand
/// times above that for microseconds, and again for nanoseconds.
const MILLISECONDS_FROM: f64 = 1e11;

/// A distance in time as people say it, in its largest unit: `now`, `3 days`.
pub fn in_words(distance: SignedDuration) -> String {
    let seconds = distance.as_secs();
    let (count, unit) = match seconds {
        0..30 => return "now".to_owned(),
        30..90 => (1, "minute"),
        90..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..5_184_000 => (seconds / 86_400, "day"),
        5_184_000..63_072_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A moment as a service writes it: RFC 3339 with or without a zone (none means UTC), a date, an HTTP date, or seconds
/// since 1970 and parts of them. Empty, zero and `null` mean that there is none, and so does what is not after 1970:
/// some services write the first day of their calendar for "never".
pub fn read_moment(value: &Value) -> Option<Timestamp> {
    let moment = match value {
        Value::Number(number) => from_unix(number.as_f64()?),
        Value::String(text) => read_moment_text(text.trim()),
        _ => None,
    };
    moment.filter(|moment| *moment > Timestamp::UNIX_EPOCH)
}

/// A moment in the form that `layout` describes as `strftime` has it; without a zone it is in UTC.
pub(super) fn read_layout(text: &str, layout: &str) -> Option<String> {
    let parts = jiff::fmt::strtime::parse(layout, text.trim()).ok()?;
    let moment = parts.to_timestamp().ok().or_else(|| {
        let civil = parts.to_datetime().ok();
        in_utc(civil.or_else(|| {
            Some(
                parts
                    .to_date()
                    .ok()?
                    .to_datetime(jiff::civil::Time::midnight()),
            )
        })?)
    })?;
    Some(moment.to_string())
}

fn read_moment_text(text: &str) -> Option<Timestamp> {
    if text.is_empty() {
        return None;
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    // `2026-02-14 10:30:45` and `2026-11-20T22:04:56.971982`: without a zone, so UTC.
    if let Ok(civil) = text.parse::<DateTime>() {
        return in_utc(civil);
    }
    if let Ok(date) = text.parse::<Date>() {
        return in_utc(date.to_datetime(jiff::civil::Time::midnight()));
    }
    if let Ok(zoned) = jiff::fmt::rfc2822::parse(text) {
        return Some(zoned.timestamp());
    }
    text.parse::<f64>().ok().and_then(from_unix)
}

fn in_utc(civil: DateTime) -> Option<Timestamp> {
    civil
        .to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// Seconds since 1970, or milliseconds where seconds would be absurd; zero is no moment.
fn from_unix(number: f64) -> Option<Timestamp> {
    // Beyond the last there is no calendar.
    if number <= 0.0 || number >= MILLISECONDS_FROM * 1e8 {
        return None;
    }
    let scales = [1e6, 1e3, 1.0];
    let scale = scales
        .into_iter()
        .find(|scale| number >= MILLISECONDS_FROM * scale);
    unix_milliseconds(scale.map_or(number * 1000.0, |scale| number / scale))
}

/// Milliseconds since 1970.
pub(super) fn unix_milliseconds(number: f64) -> Option<Timestamp> {
    let whole = whole(number)?;
    (whole > 0).then(|| Timestamp::from_millisecond(whole).ok())?
}

/// `count` units of `unit` after `now`; a negative count is none.
pub(super) fn after(now: Timestamp, count: f64, unit: Duration) -> Option<Timestamp> {
    let seconds = count * unit.as_secs_f64();
    if !(0.0..1e12).contains(&seconds) {
        return None;
    }
    now.checked_add(SignedDuration::try_from_secs_f64(seconds).ok()?)
        .ok()
}

fn whole(number: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked in the same line"
    )]
    (number.abs() < 9e15).then_some(number as i64)
}

/// A span as services write it in text: `1s`, `6m30s`, `24h`, `250ms`, or bare seconds.
pub fn read_span(text: &str) -> Option<Duration> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return (0.0..1e12)
            .contains(&seconds)
            .then(|| Duration::from_secs_f64(seconds));
    }
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .filter(|end| *end > 0)?;
        let count: f64 = rest[..digits].parse().ok()?;
        let letters = &rest[digits..];
        let end = letters
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(letters.len());
        let seconds = match letters[..end].trim() {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return None,
        };
        let part = count * seconds;
        if !(0.0..1e12).contains(&part) {
            return None;
        }
        total += Duration::from_secs_f64(part);
        rest = &letters[end..];
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_of_a_moment_is_read() {
        for value in [
            json!("2026-02-14T10:30:45Z"),
            json!("2026-02-14T04:30:45-06:00"),
            json!("2026-02-14T10:30:45.000000"),
            json!("2026-02-14 10:30:45"),
            json!("Sat, 14 Feb 2026 10:30:45 GMT"),
            json!(1_771_065_045),
            json!(1_771_065_045_000_i64),
            json!("1771065045"),
            json!(1_771_065_045_000_000_i64),
            json!(1_771_065_045_000_000_000_i64),
            json!(1_771_065_045.0),
            json!("2026-02-14T10:30:45.000000000Z"),
            json!("2026-02-14T10:30:45+0000"),
        ] {
            assert_eq!(
                read_moment(&value).map(|moment| moment.to_string()),
                Some("2026-02-14T10:30:45Z".to_owned()),
                "{value}"
            );
        }
        assert_eq!(
            read_moment(&json!("2026-02-14")).map(|moment| moment.to_string()),
            Some("2026-02-14T00:00:00Z".to_owned())
        );
    }

    #[test]
    fn nothing_zero_and_nonsense_are_no_moment() {
        for value in [
            json!(null),
            json!(""),
            json!(0),
            json!(-5),
            json!("soon"),
            json!("0001-01-01T00:00:00Z"),
            json!("1970-01-01T00:00:00Z"),
            json!(1e300),
            json!(true),
        ] {
            assert_eq!(read_moment(&value), None, "{value}");
        }
    }

    #[test]
    fn a_layout_reads_what_is_not_clear_by_itself() {
        for (text, layout, moment) in [
            ("14/02/2026", "%d/%m/%Y", Some("2026-02-14T00:00:00Z")),
            (
                "Feb 14, 2026 10:30",
                "%b %d, %Y %H:%M",
                Some("2026-02-14T10:30:00Z"),
            ),
            (
                "2026-02-14 10:30 +0200",
                "%Y-%m-%d %H:%M %z",
                Some("2026-02-14T08:30:00Z"),
            ),
            ("soon", "%d/%m/%Y", None),
            ("14/02/2026", "%Q", None),
        ] {
            assert_eq!(read_layout(text, layout).as_deref(), moment, "{text}");
        }
    }

    #[test]
    fn spans_of_people() {
        for (text, seconds) in [
            ("90s", 90),
            ("15m", 900),
            ("24h", 86_400),
            ("30d", 2_592_000),
            ("4w", 2_419_200),
        ] {
            assert_eq!(text.parse::<Span>().unwrap().duration().as_secs(), seconds);
        }
        for text in [
            "",
            "d",
            "30",
            "30 d",
            "-1d",
            "1y",
            "99999999999999999w",
            "1.5h",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    #[test]
    fn spans_of_servers() {
        assert_eq!(read_span("6m30s"), Some(Duration::from_secs(390)));
        assert_eq!(read_span("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(read_span("1.5"), Some(Duration::from_millis(1500)));
        for text in ["", "-1", "abc", "5x", "s", "1e40"] {
            assert_eq!(read_span(text), None, "{text}");
        }
    }
}
