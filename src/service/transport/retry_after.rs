//! Reads how long a service asks to wait, in the forms that servers use.

use std::time::Duration;

use jiff::Timestamp;

use crate::manifest::{
    ParsedResponse, RetryAfter, RetryAfterUnit, read_http_date, read_moment, read_span,
};
use crate::platform::HttpResponse;
use crate::service::decode;

/// Above this a bare number in a rate-limit header is a moment, not a span.
const EPOCH_THRESHOLD: f64 = 1e9;

/// A pause that is longer than any time allowed.
const NEVER: Duration = Duration::from_secs(u32::MAX as u64);

/// Returns how long a refusal asks to wait, in any of the forms that servers use.
pub fn retry_after(
    answer: &HttpResponse,
    spec: Option<&RetryAfter>,
    now: Timestamp,
) -> Option<Duration> {
    let body = || decode::json(answer).unwrap_or_default();
    spec.and_then(|spec| {
        let seen = ParsedResponse {
            status: answer.status,
            headers: answer.headers.clone(),
            body: body(),
            ..ParsedResponse::default()
        };
        from_spec(spec, &seen, now)
    })
    .or_else(|| from_headers(answer, now))
    .or_else(|| from_usual_bodies(&body()))
    .or_else(|| from_reset_headers(answer, now))
}

fn from_headers(answer: &HttpResponse, now: Timestamp) -> Option<Duration> {
    let milliseconds = answer
        .header("retry-after-ms")
        .and_then(|text| text.trim().parse::<f64>().ok())
        .and_then(|number| seconds(number / 1000.0));
    let longest = |wanted: &str| {
        let headers = answer.headers.iter().filter(|(name, _)| name == wanted);
        headers
            .filter_map(|(_, value)| span_or_moment(value, now))
            .max()
    };
    milliseconds
        .or_else(|| longest("retry-after"))
        .or_else(|| longest("x-retry-after"))
}

fn from_reset_headers(answer: &HttpResponse, now: Timestamp) -> Option<Duration> {
    let reset = |(name, value): &(String, String)| {
        let is_reset = name.contains("ratelimit-reset") || name.contains("rate-limit-reset");
        if is_reset {
            return span_or_moment(value, now);
        }
        // `RateLimit: "default";r=0;t=30`
        let after = value.split_once(";t=").filter(|_| name == "ratelimit")?.1;
        span_or_moment(after.split([';', ',']).next()?, now)
    };
    answer.headers.iter().filter_map(reset).max()
}

fn from_spec(spec: &RetryAfter, seen: &ParsedResponse, now: Timestamp) -> Option<Duration> {
    let number = || spec.at.number(seen, &seen.body, now);
    match spec.unit {
        RetryAfterUnit::Seconds => seconds(number()?),
        RetryAfterUnit::Milliseconds => seconds(number()? / 1000.0),
        RetryAfterUnit::Time => {
            let value = spec.at.value(seen, &seen.body, now)?;
            Some(until(read_moment(&value)?, now))
        }
        RetryAfterUnit::Duration => read_span(&spec.at.text(seen, &seen.body, now)?),
    }
}

fn from_usual_bodies(body: &serde_json::Value) -> Option<Duration> {
    let number = |place: &str| body.pointer(place).and_then(serde_json::Value::as_f64);
    number("/retry_after_ms")
        .or_else(|| number("/details/tryAgainIn"))
        .map(|milliseconds| milliseconds / 1000.0)
        .or_else(|| number("/retry_after"))
        .or_else(|| number("/error/retry_after"))
        .or_else(|| {
            // Django: "Request was throttled. Expected available in 53 seconds."
            let text = body.pointer("/detail")?.as_str()?;
            let (_, after) = text.split_once("available in ")?;
            after.split(' ').next()?.parse().ok()
        })
        .and_then(seconds)
}

/// Returns a span or a moment in any form that servers use; of several, as proxies join them, the longest.
fn span_or_moment(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim().trim_matches('"');
    one_span_or_moment(text, now).or_else(|| {
        let several = text.contains(',').then(|| text.split(','));
        several?
            .filter_map(|part| one_span_or_moment(part.trim(), now))
            .max()
    })
}

fn one_span_or_moment(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(number) = text.parse::<f64>() {
        if number < EPOCH_THRESHOLD || !number.is_finite() {
            return seconds(number);
        }
        // A moment that no calendar knows is as good as never.
        let moment = read_moment(&serde_json::json!(number));
        return Some(moment.map_or(NEVER, |moment| until(moment, now)));
    }
    let in_words = || text.strip_suffix("seconds").or(text.strip_suffix("second"));
    let moment = || read_moment(&serde_json::Value::from(text)).or_else(|| read_http_date(text));
    read_span(text)
        .or_else(|| read_span(in_words()?))
        .or_else(|| Some(until(moment()?, now)))
}

/// Returns the time until a moment; a moment that is past asks for no pause at all.
fn until(moment: Timestamp, now: Timestamp) -> Duration {
    now.duration_until(moment)
        .try_into()
        .unwrap_or(Duration::ZERO)
}

fn seconds(number: f64) -> Option<Duration> {
    (0.0..1e9)
        .contains(&number)
        .then(|| Duration::from_secs_f64(number))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    const NOW: &str = "2026-11-20T00:00:00Z";

    fn pause(headers: &[(&str, &str)], body: &str) -> Option<u128> {
        let answer = HttpResponse {
            status: 429,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        };
        retry_after(&answer, None, NOW.parse().unwrap()).map(|pause| pause.as_millis())
    }

    #[test]
    fn retry_after_every_form_is_read() {
        for (headers, body, milliseconds) in [
            (vec![("retry-after", "7")], "", 7_000),
            (vec![("retry-after", "1.5")], "", 1_500),
            (
                vec![("retry-after", "Fri, 20 Nov 2026 00:00:09 GMT")],
                "",
                9_000,
            ),
            (
                vec![("retry-after", "Friday, 20-Nov-26 00:00:09 GMT")],
                "",
                9_000,
            ),
            (vec![("retry-after", "Fri Nov 20 00:00:09 2026")], "", 9_000),
            (vec![("retry-after", "2814, 2")], "", 2_814_000),
            (vec![("retry-after", "2"), ("retry-after", "7")], "", 7_000),
            (vec![("retry-after", "\"7\"")], "", 7_000),
            (vec![("retry-after", "7s")], "", 7_000),
            (vec![("retry-after", "7 seconds")], "", 7_000),
            (vec![("retry-after", "-5, 3")], "", 3_000),
            (
                vec![("retry-after", "-5"), ("x-retry-after", "3")],
                "",
                3_000,
            ),
            (
                vec![("retry-after-ms", "250"), ("retry-after", "1")],
                "",
                250,
            ),
            (vec![("x-retry-after", "10")], "", 10_000),
            (vec![("x-retry-after", "1795132805")], "", 5_000),
            (vec![("x-ratelimit-reset", "1795132805")], "", 5_000),
            (vec![("x-ratelimit-reset", "52")], "", 52_000),
            (
                vec![("retry-after", "99999999999999999999")],
                "",
                4_294_967_295_000,
            ),
            (vec![("x-ratelimit-reset-requests", "6m30s")], "", 390_000),
            (
                vec![("anthropic-ratelimit-reset", "2026-11-20T00:00:03Z")],
                "",
                3_000,
            ),
            (vec![("ratelimit", "\"default\";r=0;t=30")], "", 30_000),
            (vec![], r#"{"retry_after_ms": 400}"#, 400),
            (vec![], r#"{"details": {"tryAgainIn": 9975}}"#, 9_975),
            (
                vec![],
                r#"{"detail": "Request was throttled. Expected available in 53 seconds."}"#,
                53_000,
            ),
        ] {
            assert_eq!(
                pause(&headers, body),
                Some(milliseconds),
                "{headers:?} {body}"
            );
        }
    }

    #[test]
    fn retry_after_manifest_rule_takes_precedence() {
        for (spec, header, milliseconds) in [
            (r#"{"at": {"header": "x-wait"}}"#, "7", 7_000),
            (
                r#"{"at": {"header": "x-wait"}, "unit": "milliseconds"}"#,
                "7",
                7,
            ),
            (
                r#"{"at": {"header": "x-wait"}, "unit": "duration"}"#,
                "1m5s",
                65_000,
            ),
            (
                r#"{"at": {"header": "x-wait"}, "unit": "time"}"#,
                "1795132805",
                5_000,
            ),
            // A missing value leaves it to the usual places.
            (r#"{"at": "/wait"}"#, "7", 9_000),
        ] {
            let headers = [("retry-after", "9"), ("x-wait", header)];
            let answer = HttpResponse {
                status: 429,
                headers: headers
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                body: Zeroizing::default(),
            };
            let spec: RetryAfter = serde_json::from_str(spec).unwrap();
            let pause = retry_after(&answer, Some(&spec), NOW.parse().unwrap());
            assert_eq!(pause.map(|pause| pause.as_millis()), Some(milliseconds));
        }
    }

    #[test]
    fn retry_after_past_differs_from_invalid() {
        assert_eq!(
            pause(&[("retry-after", "Thu, 19 Nov 2026 00:00:00 GMT")], ""),
            Some(0)
        );
        for text in ["soon", "-5", "", "NaN", "inf"] {
            assert_eq!(pause(&[("retry-after", text)], ""), None, "{text}");
        }
    }
}
