//! The end of a key as people write it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::times::Span;
use crate::error::{Error, Result};
use crate::key::Expiry;
use crate::untrusted::typed;

/// Reads `90d`, `2027-01-31`, an RFC 3339 time or `never`; what is in the past is refused.
pub fn read_expiry(text: &str, now: Timestamp) -> Result<Expiry> {
    if text == "never" {
        return Ok(Expiry::Never);
    }
    let moment = text
        .parse::<Span>()
        .ok()
        .and_then(|span| span.after(now))
        .or_else(|| text.parse::<Timestamp>().ok())
        .or_else(|| {
            let date: Date = text.parse().ok()?;
            let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some(zoned.timestamp())
        })
        .ok_or_else(|| {
            Error::usage(format!("`{}` is not an expiry", typed(text)))
                .hint("write `90d`, `2027-01-31` or `never`")
        })?;
    if moment <= now {
        return Err(Error::usage(format!("`{}` is in the past", typed(text))));
    }
    Ok(Expiry::At(moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_span_a_date_a_time_or_never() {
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
        for text in ["", "soon", "2020-01-01", "2027-13-01", "-1d"] {
            assert_eq!(at(text), "usage", "{text}");
        }
    }
}
