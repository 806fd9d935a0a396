//! The two old forms of HTTP dates (RFC 9110, section 5.6.7): those of RFC 850 and of `asctime`.

use jiff::Timestamp;
use jiff::fmt::strtime;

/// A two-digit year is read as one of this century.
const LAYOUTS: [&str; 2] = ["%d-%b-%y %H:%M:%S", "%b %d %H:%M:%S %Y"];

/// Reads an HTTP date in an old form.
pub fn read_http_date(text: &str) -> Option<Timestamp> {
    // The day of the week is redundant.
    let (_, date) = text.split_once(' ')?;
    let date = date.trim().trim_end_matches("GMT").trim_end();
    let civil = LAYOUTS
        .iter()
        .find_map(|form| strtime::parse(form, date).ok()?.to_datetime().ok())?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_date_obsolete_forms_are_read() {
        for (text, moment) in [
            (
                "Sunday, 06-Nov-94 08:49:37 GMT",
                Some("1994-11-06T08:49:37Z"),
            ),
            (
                "Friday, 20-Nov-26 00:00:09 GMT",
                Some("2026-11-20T00:00:09Z"),
            ),
            ("Sun Nov  6 08:49:37 1994", Some("1994-11-06T08:49:37Z")),
            ("Fri Nov 20 00:00:09 2026 GMT", Some("2026-11-20T00:00:09Z")),
            ("Fri Nov 40 00:00:09 2026", None),
            ("soon", None),
            ("", None),
        ] {
            let read = read_http_date(text).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), moment, "{text}");
        }
    }
}
