//! One HTTP exchange: sent once, or again only where that can do no harm, within the time allowed.

mod retry_after;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::request_builder::PreparedRequest;
use crate::core::error::Result;
use crate::core::untrusted::one_line;
use crate::manifest::RetryAfter;
use crate::platform::fault;
use crate::platform::{
    Clock, HeaderValue, HttpRequest, HttpResponse, HttpTransport, TransportError,
};
use crate::report::log::Log;

pub use retry_after::retry_after;

/// The longest a command waits for a service, unless `--timeout` says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The most attempts for a request.
const MAX_ATTEMPTS: u32 = 4;

/// The first pause between two tries; each further one is twice as long.
const FIRST_BACKOFF: Duration = Duration::from_millis(250);

/// The time in which an idle connection may turn out to be closed.
const SETTLE_TIME: Duration = Duration::from_millis(1);

/// Returns the text of the progress display during a request.
fn progress_text(request: &HttpRequest) -> String {
    format!(
        "waiting for {}",
        one_line(request.url.host_str().unwrap_or_default())
    )
}

/// The condition under which a request may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Whenever there was no good answer: it changes nothing, or the same thing again.
    Always,
    /// If the service refused to look at it (429), or never saw it.
    IfRefused,
    /// The same, for a call whose answer must not be lost.
    IfNotCarriedOut,
    /// Only when the service never saw it.
    Never,
}

impl Repeat {
    /// Returns whether the answer of the call must not be lost: it cannot be asked for again.
    fn is_held(self) -> bool {
        matches!(self, Repeat::IfNotCarriedOut | Repeat::Never)
    }
}

/// The decision about another attempt.
enum Retry {
    /// Do not retry.
    No,
    /// Retry after the usual pause.
    Soon,
    /// Retry after the pause that the service asked for.
    After(Duration),
}

/// An answer, and what came before it.
#[derive(Debug)]
pub struct SentResponse {
    /// The answer to the last try.
    pub answer: HttpResponse,
    /// Says that an earlier attempt got no response from the service itself, and may have been carried out.
    pub earlier_attempt_may_have_acted: bool,
}

/// Sends requests and repeats what may be repeated.
#[derive(Clone, Copy)]
pub struct Transport<'a> {
    /// The HTTP transport.
    pub http: &'a dyn HttpTransport,
    /// The time, and waiting.
    pub clock: &'a dyn Clock,
    /// The log for waits and traces.
    pub log: &'a Log,
    /// The longest that one request may take, its repetitions and pauses included.
    pub timeout: Duration,
}

impl Transport<'_> {
    /// Sends `request`; the answer may be a refusal. `wait` says where else an answer tells how long to wait. The outer
    /// error is a signature that could not be made.
    pub(super) async fn send(
        &self,
        mut request: PreparedRequest<'_>,
        repeat: Repeat,
        wait: Option<&RetryAfter>,
    ) -> Result<Result<SentResponse, TransportError>> {
        let deadline = self.moment_after(request.http.timeout);
        let mut hold = repeat.is_held().then(|| self.http.hold());
        if repeat.is_held() {
            // A server may have closed the connection since the last response. A write to it would look as if the
            // request had been lost on the way, and could not show whether it arrived.
            self.clock.sleep(SETTLE_TIME).await;
        }
        let mut tries = 0;
        let mut earlier_attempt_may_have_acted = false;
        loop {
            tries += 1;
            request.http.timeout = self.left_until(deadline);
            request.sign(self.clock.now())?;
            self.trace_request(&request.http);
            let started = self.clock.now();
            let waiting = self.log.progress(&progress_text(&request.http));
            let outcome = self.http.send(&request.http).await;
            drop(waiting);
            self.trace_outcome(&outcome, started);
            let pause = match self.worth_repeating(&outcome, repeat, wait) {
                Retry::No => {
                    return Ok(outcome.map(|answer| SentResponse {
                        answer,
                        earlier_attempt_may_have_acted,
                    }));
                }
                Retry::Soon => backoff(tries),
                Retry::After(pause) => pause,
            };
            if tries == MAX_ATTEMPTS || pause >= self.left_until(deadline) {
                return Ok(outcome.map(|answer| SentResponse {
                    answer,
                    earlier_attempt_may_have_acted,
                }));
            }
            earlier_attempt_may_have_acted |= may_have_acted(&outcome);
            self.announce(&outcome, pause);
            // Nothing is under way during the pause.
            drop(hold.take());
            self.clock.sleep(pause).await;
            hold = repeat.is_held().then(|| self.http.hold());
        }
    }

    /// Decides whether the request should be sent again, and after which pause.
    fn worth_repeating(
        &self,
        outcome: &Result<HttpResponse, TransportError>,
        repeat: Repeat,
        wait: Option<&RetryAfter>,
    ) -> Retry {
        let asked = |answer| match retry_after(answer, wait, self.clock.now()) {
            Some(pause) => Retry::After(pause),
            None => Retry::Soon,
        };
        match outcome {
            Err(TransportError::NotSent(_)) => Retry::Soon,
            Err(TransportError::Uncertain(_)) if repeat == Repeat::Always => Retry::Soon,
            Ok(answer) if answer.status == 429 && repeat != Repeat::Never => asked(answer),
            Ok(answer) if matches!(answer.status, 502..=504) && repeat == Repeat::Always => {
                asked(answer)
            }
            _ => Retry::No,
        }
    }

    fn announce(&self, outcome: &Result<HttpResponse, TransportError>, pause: Duration) {
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

    fn trace_request(&self, request: &HttpRequest) {
        self.log.trace(|| {
            let mut lines = vec![format!("> {} {}", request.method, request.shown_url)];
            for header in &request.headers {
                lines.push(match &header.value {
                    HeaderValue::Plain(value) => format!("> {}: {}", header.name, one_line(value)),
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

    fn trace_outcome(&self, outcome: &Result<HttpResponse, TransportError>, started: Timestamp) {
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
                    lines.extend(
                        shown.map(|(name, value)| format!("< {name}: {}", one_line(value))),
                    );
                    lines.join("\n")
                }
                Err(error) => format!("< no answer after {took} ms: {error}"),
            }
        });
    }
}

/// Returns whether an attempt that is repeated may have been carried out.
fn may_have_acted(outcome: &Result<HttpResponse, TransportError>) -> bool {
    match outcome {
        Ok(answer) => answer.status >= 500,
        Err(error) => error.may_have_acted(),
    }
}

/// Returns whether a header of a response is known to hold no secret.
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

/// Returns an exponential pause, reduced at random by up to half, so that many clients do not return together.
fn backoff(tries: u32) -> Duration {
    let full = FIRST_BACKOFF * 2_u32.pow(tries.min(8) - 1);
    // Without randomness the pause is only less polite.
    let mut random = u32::MAX.to_ne_bytes();
    let _ = fault::random(&mut random);
    let part = f64::from(u32::from_ne_bytes(random)) / f64::from(u32::MAX);
    full.mul_f64(0.5 + part / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_within_bounds() {
        for (tries, least, most) in [(1, 125, 250), (2, 250, 500), (3, 500, 1_000)] {
            let pause = backoff(tries).as_millis();
            assert!((least..=most).contains(&pause), "{tries}: {pause}");
        }
    }
}
