//! One HTTP exchange: sent once, or again only where that can do no harm, within the time allowed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::decode;
use crate::log::Log;
use crate::manifest::{RetryAfter, Seen, WaitUnit, read_http_date, read_moment, read_span};
use crate::seam;
use crate::untrusted::clean;
use crate::world::{Answer, Clock, HeaderValue, Request, Wire, WireError};

/// The longest a command waits for a service, unless `--timeout` says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// How often a request is sent at most.
const MOST_TRIES: u32 = 4;

/// The first pause between two tries; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// Above this a bare number in a rate-limit header is a moment, not a span.
const MOMENT_FROM: f64 = 1e9;

/// A pause that is longer than any time allowed.
const NEVER: Duration = Duration::from_secs(u32::MAX as u64);

/// How long a connection that was kept open is given to be found closed.
const SETTLE: Duration = Duration::from_millis(1);

/// What a person is told while an answer is waited for.
fn host_of(request: &Request) -> String {
    let host = request.url.host_str().unwrap_or_default();
    format!("waiting for {}", clean(host))
}

/// When a request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Whenever there was no good answer: it changes nothing, or the same thing again.
    Always,
    /// When the service refused to look at it (429), or never saw it.
    IfRefused,
    /// Only when the service never saw it.
    Never,
}

/// Whether a request is sent once more.
enum Again {
    /// It is not.
    No,
    /// After the usual pause.
    Soon,
    /// After the pause that the service asked for.
    After(Duration),
}

/// An answer, and what came before it.
#[derive(Debug)]
pub struct Sent {
    /// The answer to the last try.
    pub answer: Answer,
    /// Whether an earlier try got no answer of the service itself, and may have been carried out.
    pub again: bool,
}

/// Sends requests and repeats what may be repeated.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// Where requests go.
    pub wire: &'a dyn Wire,
    /// The time, and waiting.
    pub clock: &'a dyn Clock,
    /// Where waiting and traces are told.
    pub log: &'a Log,
    /// The longest that one request may take, its repetitions and pauses included.
    pub timeout: Duration,
}

impl Exchange<'_> {
    /// Sends `request`; the answer may be a refusal. `wait` says where else an answer tells how long to wait.
    pub async fn send(
        &self,
        mut request: Request,
        repeat: Repeat,
        wait: Option<&RetryAfter>,
    ) -> Result<Sent, WireError> {
        let deadline = self.moment_after(request.timeout);
        if repeat == Repeat::Never {
            // A server may have closed the connection since the last answer; written to, it would look as if the
            // request had been lost on the way, and nobody could tell whether it arrived.
            self.clock.sleep(SETTLE).await;
        }
        let (mut tries, mut again) = (0, false);
        loop {
            tries += 1;
            request.timeout = self.left_until(deadline);
            self.trace_request(&request);
            let started = self.clock.now();
            let waiting = self.log.waiting(&host_of(&request));
            let outcome = self.wire.send(&request).await;
            drop(waiting);
            self.trace_outcome(&outcome, started);
            let pause = match self.worth_repeating(&outcome, repeat, wait) {
                Again::No => return outcome.map(|answer| Sent { answer, again }),
                Again::Soon => pause_before(tries),
                Again::After(pause) => pause,
            };
            if tries == MOST_TRIES || pause >= self.left_until(deadline) {
                return outcome.map(|answer| Sent { answer, again });
            }
            again |= may_have_acted(&outcome);
            self.announce(&outcome, pause);
            self.clock.sleep(pause).await;
        }
    }

    /// Whether the request should be sent again, and with which pause.
    fn worth_repeating(
        &self,
        outcome: &Result<Answer, WireError>,
        repeat: Repeat,
        wait: Option<&RetryAfter>,
    ) -> Again {
        let asked = |answer| match pause_asked_for(answer, wait, self.clock.now()) {
            Some(pause) => Again::After(pause),
            None => Again::Soon,
        };
        match outcome {
            Err(WireError::NotSent(_)) => Again::Soon,
            Err(WireError::Uncertain(_)) if repeat == Repeat::Always => Again::Soon,
            Ok(answer) if answer.status == 429 && repeat != Repeat::Never => asked(answer),
            Ok(answer) if matches!(answer.status, 502..=504) && repeat == Repeat::Always => {
                asked(answer)
            }
            _ => Again::No,
        }
    }

    fn announce(&self, outcome: &Result<Answer, WireError>, pause: Duration) {
        let why = match outcome {
            Ok(answer) if answer.status == 429 => "asked to slow down".to_owned(),
            Ok(answer) => format!("answered {}", answer.status),
            Err(error) => error.to_string(),
        };
        let seconds = pause.as_secs_f64();
        if seconds >= 1.0 {
            self.log
                .note(&format!("{why}; trying again in {seconds:.0} s"));
        } else {
            self.log
                .trace(|| format!("* {why}; trying again in {seconds:.1} s"));
        }
    }

    fn moment_after(&self, time: Duration) -> Timestamp {
        SignedDuration::try_from(time)
            .ok()
            .and_then(|time| self.clock.now().checked_add(time).ok())
            .unwrap_or(Timestamp::MAX)
    }

    fn left_until(&self, deadline: Timestamp) -> Duration {
        self.clock
            .now()
            .duration_until(deadline)
            .try_into()
            .unwrap_or(Duration::ZERO)
    }

    fn trace_request(&self, request: &Request) {
        self.log.trace(|| {
            let mut lines = vec![format!("> {} {}", request.method, request.shown_url)];
            for header in &request.headers {
                lines.push(match &header.value {
                    HeaderValue::Plain(value) => format!("> {}: {}", header.name, clean(value)),
                    HeaderValue::Secret(_) => format!("> {}: ***", header.name),
                });
            }
            if let Some(body) = &request.body {
                let media_type = body.media_type.as_deref().unwrap_or("no media type");
                lines.push(format!("> body of {} bytes, {media_type}", body.text.len()));
            }
            lines.join("\n")
        });
    }

    fn trace_outcome(&self, outcome: &Result<Answer, WireError>, started: Timestamp) {
        self.log.trace(|| {
            let took = started.duration_until(self.clock.now()).as_millis();
            match outcome {
                Ok(answer) => {
                    let mut lines = vec![format!(
                        "< {} after {took} ms, {} bytes",
                        answer.status,
                        answer.body.len()
                    )];
                    let shown = answer.headers.iter().filter(|(name, _)| may_be_shown(name));
                    lines.extend(shown.map(|(name, value)| format!("< {name}: {}", clean(value))));
                    lines.join("\n")
                }
                Err(error) => format!("< no answer after {took} ms: {error}"),
            }
        });
    }
}

/// Whether a try that is repeated may have been carried out.
fn may_have_acted(outcome: &Result<Answer, WireError>) -> bool {
    match outcome {
        Ok(answer) => answer.status >= 500,
        Err(error) => error.may_have_acted(),
    }
}

/// Whether a header of an answer is known to hold no secret.
fn may_be_shown(name: &str) -> bool {
    const KNOWN: &[&str] = &[
        "content-type",
        "content-length",
        "date",
        "server",
        "x-request-id",
        "request-id",
        "cf-ray",
        "allow",
    ];
    KNOWN.contains(&name) || name.contains("ratelimit") || name.contains("retry-after")
}

/// Exponential, with up to half of it taken away at random so that many clients do not come back together.
fn pause_before(tries: u32) -> Duration {
    let full = FIRST_PAUSE * 2_u32.pow(tries.min(8) - 1);
    // Without randomness the pause is only less polite.
    let mut random = u32::MAX.to_ne_bytes();
    let _ = seam::random(&mut random);
    let part = f64::from(u32::from_ne_bytes(random)) / f64::from(u32::MAX);
    full.mul_f64(0.5 + part / 2.0)
}

/// How long a refusal asks to wait, in any of the forms that servers use.
pub fn pause_asked_for(
    answer: &Answer,
    spec: Option<&RetryAfter>,
    now: Timestamp,
) -> Option<Duration> {
    let body = || decode::json(answer).unwrap_or_default();
    spec.and_then(|spec| {
        let seen = Seen {
            status: answer.status,
            headers: answer.headers.clone(),
            body: body(),
            ..Seen::default()
        };
        from_spec(spec, &seen, now)
    })
    .or_else(|| from_headers(answer, now))
    .or_else(|| from_usual_bodies(&body()))
    .or_else(|| from_reset_headers(answer, now))
}

fn from_headers(answer: &Answer, now: Timestamp) -> Option<Duration> {
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

fn from_reset_headers(answer: &Answer, now: Timestamp) -> Option<Duration> {
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

fn from_spec(spec: &RetryAfter, seen: &Seen, now: Timestamp) -> Option<Duration> {
    let number = || spec.at.number(seen, &seen.body, now);
    match spec.unit {
        WaitUnit::Seconds => seconds(number()?),
        WaitUnit::Milliseconds => seconds(number()? / 1000.0),
        WaitUnit::Time => {
            let value = spec.at.value(seen, &seen.body, now)?;
            Some(until(read_moment(&value)?, now))
        }
        WaitUnit::Duration => read_span(&spec.at.text(seen, &seen.body, now)?),
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

/// A span or a moment in any form that servers use; of several, as proxies join them, the longest.
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
        if number < MOMENT_FROM || !number.is_finite() {
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

/// The time until a moment; a moment that is past asks for no pause at all.
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
        let answer = Answer {
            status: 429,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        };
        pause_asked_for(&answer, None, NOW.parse().unwrap()).map(|pause| pause.as_millis())
    }

    #[test]
    fn every_form_of_retry_after_is_understood() {
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
    fn what_a_manifest_says_of_waiting_goes_first() {
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
            // What is not there leaves it to the usual places.
            (r#"{"at": "/wait"}"#, "7", 9_000),
        ] {
            let headers = [("retry-after", "9"), ("x-wait", header)];
            let answer = Answer {
                status: 429,
                headers: headers
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                body: Zeroizing::default(),
            };
            let spec: RetryAfter = serde_json::from_str(spec).unwrap();
            let pause = pause_asked_for(&answer, Some(&spec), NOW.parse().unwrap());
            assert_eq!(pause.map(|pause| pause.as_millis()), Some(milliseconds));
        }
    }

    #[test]
    fn a_past_moment_asks_for_no_pause_and_nonsense_for_none() {
        assert_eq!(
            pause(&[("retry-after", "Thu, 19 Nov 2026 00:00:00 GMT")], ""),
            Some(0)
        );
        for text in ["soon", "-5", "", "NaN", "inf"] {
            assert_eq!(pause(&[("retry-after", text)], ""), None, "{text}");
        }
    }

    #[test]
    fn pauses_grow_and_stay_within_their_bounds() {
        for (tries, least, most) in [(1, 125, 250), (2, 250, 500), (3, 500, 1_000)] {
            let pause = pause_before(tries).as_millis();
            assert!((least..=most).contains(&pause), "{tries}: {pause}");
        }
    }
}
