//! Parses the expiry of a key as users write it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::times::{LAST_YEAR, Span};
use crate::core::error::{Error, Result};
use crate::core::key::Expiry;
use crate::core::untrusted::mask_typed_secret;

/// Reads `90d`, `2027-01-31`, an RFC 3339 time or `never`; refuses a time in the past or beyond the calendar of
/// services.
pub fn read_expiry(text: &str, now: Timestamp) -> Result<Expiry> {
    if text == "never" {
        return Ok(Expiry::Never);
    }
    let refused = |why: &str| Error::usage(format!("`{}` {why}", mask_typed_secret(text)));
    let span = text.parse::<Span>();
    if span.as_ref().is_ok_and(|span| span.is_zero()) {
        return Err(refused("is zero: the key would expire at once").hint(FORMS));
    }
    let moment = span
        .ok()
        .and_then(|span| span.after(now))
        .or_else(|| text.parse::<Timestamp>().ok())
        .or_else(|| {
            let date: Date = text.parse().ok()?;
            let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some(zoned.timestamp())
        });
    match moment {
        Some(moment) if moment <= now => Err(refused("is in the past")),
        Some(moment) if moment.as_second() < LAST_YEAR => Ok(Expiry::At(moment)),
        None if !is_beyond_calendar(text) => Err(refused("is not an expiry").hint(FORMS)),
        // Services write that year for "never", so it is read as "never".
        _ => Err(
            refused("is too far in the future: a key expires before the year 9999")
                .hint("for a key that does not expire, write `never`"),
        ),
    }
}

/// The forms of an expiry, for a hint.
const FORMS: &str = "write `90d`, `2027-01-31` or `never`";

/// Returns whether a text is a span or a date that is too large for the calendar.
fn is_beyond_calendar(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let (count, rest) = text.split_at(text.len() - digits.len());
    let is_large = count
        .parse::<u64>()
        .map_or(!count.is_empty(), |year| year >= 9999);
    match rest.strip_prefix('-') {
        // The rest of a date: `12-31`, possibly followed by a time.
        Some(day) => {
            is_large
                && format!("2000-{}", day.get(..5).unwrap_or_default())
                    .parse::<Date>()
                    .is_ok()
        }
        None => is_large && matches!(rest, "s" | "m" | "h" | "d" | "w"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_accepts_span_date_or_never() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let at = |text: &str| match read_expiry(text, now) {
            Ok(Expiry::At(moment)) => moment.to_string(),
            Ok(Expiry::Never) => "never".to_owned(),
            Err(error) => error.kind().name().to_owned(),
        };
        assert_eq!(at("90d"), "2027-02-18T12:00:00Z");
        assert_eq!(at("2027-01-31"), "2027-01-31T00:00:00Z");
        assert_eq!(at("2027-01-31T10:00:00+01:00"), "2027-01-31T09:00:00Z");
        assert_eq!(at("never"), "never");
        let refused = |text: &str| read_expiry(text, now).unwrap_err().to_string();
        for text in ["", "soon", "2027-13-01", "-1d", "10000-13-01", "9999-"] {
            assert!(refused(text).ends_with("is not an expiry"), "{text}");
        }
        for text in ["2020-01-01", "1970-01-01"] {
            assert!(refused(text).ends_with("is in the past"), "{text}");
        }
        for text in ["0d", "0s", "000w"] {
            assert!(refused(text).contains("is zero"), "{text}");
        }
        for text in [
            "9999-01-01",
            "9999-12-31",
            "9999-12-31T23:59:59Z",
            "10000-01-01",
            "99999999d",
            "99999999999999999999999w",
        ] {
            assert!(refused(text).contains("is too far in the future"), "{text}");
        }
        assert_eq!(at("9998-12-31"), "9998-12-31T00:00:00Z");
        assert_eq!(at("1000000d"), "4764-10-17T12:00:00Z");
    }
}
