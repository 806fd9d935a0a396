//! Times and durations in the forms that services use; an ambiguous form is refused, not guessed.

use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// A duration as users write it: `90s`, `15m`, `24h`, `30d`, `4w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(Duration);

/// The longest duration in days: its result is still in the calendar, which ends with the year 9999.
const MAX_DAYS: u64 = 1_000_000;

impl Span {
    /// Returns a duration of `count` seconds.
    pub fn of_seconds(count: u64) -> Span {
        Span(Duration::from_secs(count))
    }

    /// Returns whether it has no length.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Returns the standard duration.
    pub fn duration(self) -> Duration {
        self.0
    }

    /// Returns the moment that is this duration after `now`.
    pub fn after(self, now: Timestamp) -> Option<Timestamp> {
        now.checked_add(SignedDuration::try_from(self.0).ok()?).ok()
    }
}

impl std::str::FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is not a duration: write `90s`, `15m`, `24h`, `30d` or `4w`");
        let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(wrong());
        }
        // A count that overflows is too large for every unit.
        let count: u64 = digits.parse().unwrap_or(u64::MAX);
        let unit: u64 = match &text[digits.len()..] {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 604_800,
            _ => return Err(wrong()),
        };
        let seconds = count
            .checked_mul(unit)
            .filter(|seconds| *seconds <= MAX_DAYS * 86_400);
        seconds
            .map(|seconds| Span(Duration::from_secs(seconds)))
            .ok_or_else(|| too_long(text))
    }
}

fn too_long(text: &str) -> String {
    format!("`{text}` is too long: the longest duration is `{MAX_DAYS}d`")
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

/// The second after the last one of the year 9999. A larger number counts milliseconds; a thousand times larger,
/// microseconds; a thousand times larger again, nanoseconds.
const END_OF_SECONDS: f64 = 253_402_300_800.0;

/// The first second that a finer unit can mean, in 2001. A number between the year 9999 in one unit and this in the
/// next one is not a moment.
const START_OF_FINER_UNITS: f64 = 1e9;

/// The first second of the year 9999, which services write for "never".
pub(super) const LAST_YEAR: i64 = 253_370_764_800;

/// Reads a moment as a service writes it: RFC 3339 with or without a zone (none means UTC), a date, an HTTP date, or
/// seconds since 1970 and fractions of them. Empty, zero and `null` mean that there is none, and so does a time up to
/// 1970 or from 9999 on: some services write the first or the last day of their calendar for "never".
pub fn read_moment(value: &Value) -> Option<Timestamp> {
    let moment = match value {
        Value::Number(number) => from_unix(number.as_f64()?),
        Value::String(text) => read_moment_text(text.trim()),
        _ => None,
    };
    moment.filter(|moment| *moment > Timestamp::UNIX_EPOCH && moment.as_second() < LAST_YEAR)
}

/// Returns whether a value in the place of a moment means "none", instead of being unreadable.
pub(super) fn is_never(value: &Value) -> bool {
    match value {
        Value::Null | Value::Number(_) => read_moment(value).is_none(),
        Value::String(text) => {
            let text = text.trim();
            let word = text.is_empty() || text.eq_ignore_ascii_case("never");
            let number = text.parse::<f64>().is_ok_and(f64::is_finite);
            (word || number || is_edge_of_calendar(text)) && read_moment(value).is_none()
        }
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Returns whether a text begins with a year that is no real expiry: up to 1970, or 9999.
fn is_edge_of_calendar(text: &str) -> bool {
    let year = text
        .split_once('-')
        .filter(|(year, _)| year.len() == 4)
        .and_then(|(year, _)| year.parse::<u16>().ok());
    year.is_some_and(|year| year <= 1970 || year == 9999)
}

/// Returns whether a moment is the first of a day, in UTC.
pub(super) fn is_midnight(moment: Timestamp) -> bool {
    moment.as_second() % 86_400 == 0
}

/// Returns whether a value is a date without a time of day.
pub(super) fn is_date(value: &Value) -> bool {
    let text = value.as_str().map(str::trim);
    text.is_some_and(|text| text.len() == 10 && text.parse::<Date>().is_ok())
}

/// Reads a moment in the `strftime` format `layout`; without a zone it is in UTC.
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

/// Reads seconds since 1970, or a finer unit if seconds would be beyond the calendar; zero is not a moment.
fn from_unix(number: f64) -> Option<Timestamp> {
    // A number beyond 64 bits is not a time.
    if number <= 0.0 || number >= 2f64.powi(63) {
        return None;
    }
    if number < END_OF_SECONDS {
        return unix_milliseconds(number * 1e3);
    }
    let per_millisecond = [1.0, 1e3, 1e6]
        .into_iter()
        .find(|count| number < END_OF_SECONDS * 1e3 * count)?;
    let milliseconds = number / per_millisecond;
    (milliseconds >= START_OF_FINER_UNITS * 1e3).then(|| unix_milliseconds(milliseconds))?
}

/// Reads milliseconds since 1970.
pub(super) fn unix_milliseconds(number: f64) -> Option<Timestamp> {
    let whole = whole(number)?;
    (whole > 0).then(|| Timestamp::from_millisecond(whole).ok())?
}

/// Returns the moment `count` units of `unit` after `now`; none if the count is zero or negative, which services
/// write for "never".
pub(super) fn after(now: Timestamp, count: f64, unit: Duration) -> Option<Timestamp> {
    let seconds = count * unit.as_secs_f64();
    if !(f64::MIN_POSITIVE..1e12).contains(&seconds) {
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

/// Reads a duration as services write it in text: `1s`, `6m30s`, `24h`, `250ms`, or bare seconds.
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
    fn moment_every_format_is_read() {
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
    fn moment_empty_or_invalid_is_none() {
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
            json!("9999-12-31T23:59:59Z"),
            json!("9999-01-01"),
            json!(253_402_300_799_i64),
            json!(253_402_300_799_000_i64),
            json!("253402300799"),
            json!(999_999_999_999_i64),
        ] {
            assert_eq!(read_moment(&value), None, "{value}");
        }
    }

    #[test]
    fn moment_number_unit_is_inferred() {
        for (number, moment) in [
            (json!(1), "1970-01-01T00:00:01Z"),
            (json!(100_000_000_000_i64), "5138-11-16T09:46:40Z"),
            (json!(250_000_000_000_i64), "9892-03-08T12:26:40Z"),
            (json!(1_000_000_000_000_i64), "2001-09-09T01:46:40Z"),
            (json!(1_893_456_000_000_i64), "2030-01-01T00:00:00Z"),
            (json!(1_893_456_000_123_456_i64), "2030-01-01T00:00:00.123Z"),
        ] {
            let read = read_moment(&number).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), Some(moment), "{number}");
        }
    }

    #[test]
    fn is_never_excludes_unreadable_values() {
        for value in [
            json!(null),
            json!(""),
            json!(" "),
            json!(0),
            json!("0"),
            json!(-1),
            json!("never"),
            json!("0001-01-01T00:00:00Z"),
            json!("0000-00-00 00:00:00"),
            json!("9999-12-31T23:59:59.999Z"),
            json!(253_402_300_799_i64),
        ] {
            assert!(is_never(&value), "{value}");
        }
        for value in [
            json!("soon"),
            json!(true),
            json!({}),
            json!([]),
            json!("2026-02-14"),
            json!(1_771_065_045),
            json!("2026-02-31T00:00:00Z"),
        ] {
            assert!(!is_never(&value), "{value}");
        }
    }

    #[test]
    fn after_zero_or_overflow_is_none() {
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
        let day = Duration::from_secs(86_400);
        for count in [0.0, -1.0, 1e12, f64::NAN, f64::INFINITY] {
            assert_eq!(after(now, count, day), None, "{count}");
        }
        let last = Timestamp::MAX;
        assert_eq!(after(last, 1.0, day), None);
        assert_eq!("1d".parse::<Span>().unwrap().after(last), None);
    }

    #[test]
    fn layout_reads_ambiguous_time() {
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
    fn span_parses_user_durations() {
        for (text, seconds) in [
            ("90s", 90),
            ("15m", 900),
            ("24h", 86_400),
            ("30d", 2_592_000),
            ("4w", 2_419_200),
        ] {
            assert_eq!(text.parse::<Span>().unwrap().duration().as_secs(), seconds);
        }
        let refused = |text: &str| text.parse::<Span>().unwrap_err();
        for text in [
            "",
            "d",
            "30",
            "30 d",
            "-1d",
            "+1d",
            "1y",
            "1.5h",
            "99999999999999999999999y",
        ] {
            assert!(refused(text).contains("is not a duration"), "{text}");
        }
        for text in ["1000001d", "99999999d", "99999999999999999999999w"] {
            assert!(refused(text).contains("is too long"), "{text}");
        }
    }

    #[test]
    fn span_maximum_stays_within_calendar() {
        let longest: Span = "1000000d".parse().unwrap();
        let far: Timestamp = "2500-01-01T00:00:00Z".parse().unwrap();
        assert!(longest.after(far).is_some());
    }

    #[test]
    fn read_span_parses_server_durations() {
        assert_eq!(read_span("6m30s"), Some(Duration::from_secs(390)));
        assert_eq!(read_span("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(read_span("1.5"), Some(Duration::from_millis(1500)));
        for text in ["", "-1", "abc", "5x", "s", "1e40"] {
            assert_eq!(read_span(text), None, "{text}");
        }
    }
}
