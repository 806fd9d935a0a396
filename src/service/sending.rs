//! Sends the requests of a service, by the clock of the service.

use jiff::SignedDuration;

use super::request_builder::PreparedRequest;
use super::response::{self, TOLERATED_SKEW};
use super::transport::{Repeat, SentResponse};
use super::{CallError, Service};
use crate::manifest::Verb;

impl Service<'_> {
    /// Returns by how much this machine's clock is ahead of the service's, as its latest dated response shows; zero
    /// where the two agree.
    pub(super) fn clock_ahead(&self) -> SignedDuration {
        let dated = self.dated.get();
        dated
            .map(|(there, here)| there.duration_until(here))
            .filter(|ahead| ahead.abs() > TOLERATED_SKEW)
            .unwrap_or_default()
    }

    /// Sends a request; the response tells whether it was sent before.
    ///
    /// A signature that was made by a wrong clock is refused, and the refusal tells the time of the service. The
    /// request, which had no effect, is then built and signed once more.
    pub(super) async fn send<'r>(
        &self,
        repeat: Repeat,
        verb: Option<Verb>,
        build: impl Fn() -> Result<PreparedRequest<'r>, CallError>,
    ) -> Result<SentResponse, CallError> {
        let request = build()?;
        let (is_timed, ahead) = (request.auth.is_timed(), request.clock_ahead);
        let sent = Box::pin(self.send_once(repeat, verb, request)).await?;
        let refused = matches!(sent.answer.status, 400 | 401 | 403);
        let off = self.clock_ahead();
        if !is_timed || !refused || (off - ahead).abs() <= TOLERATED_SKEW {
            return Ok(sent);
        }
        let log = self.transport.log;
        log.warn(&response::wrong_clock(self.name(), off));
        Box::pin(self.send_once(repeat, verb, build()?)).await
    }

    async fn send_once(
        &self,
        repeat: Repeat,
        verb: Option<Verb>,
        request: PreparedRequest<'_>,
    ) -> Result<SentResponse, CallError> {
        let at = request.http.url.origin().ascii_serialization();
        // The effect of a user's own call is unknown here; only a call that may always be repeated surely changes
        // nothing.
        let changes = verb.is_none() && repeat != Repeat::Always;
        let sent = self
            .transport
            .send(request, repeat, self.manifest.errors.retry_after.as_ref())
            .await?
            .map_err(|error| CallError::lost(self.name(), &at, verb, changes, &error))?;
        if let Some(there) = response::dated(&sent.answer.headers) {
            self.dated.set(Some((there, self.now())));
        }
        Ok(sent)
    }
}
