//! Builds and sends the requests of a service, by the clock of the service.

use jiff::SignedDuration;
use url::Url;

use super::request_builder::{self, PreparedRequest};
use super::response::{self, TOLERATED_SKEW};
use super::transport::{Repeat, SentResponse};
use super::{CallError, CredentialRef, Service, Values};
use crate::core::error::{Error, Result};
use crate::manifest::{Field, Placement, RequestSpec, Source, Verb};

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
    /// A signature that was made by a wrong clock may be refused, and the answer tells the time of the service: the
    /// clock is named. A refused request, which had no effect, is then built and signed once more.
    pub(super) async fn send<'r>(
        &self,
        repeat: Repeat,
        verb: Option<Verb>,
        build: impl Fn() -> Result<PreparedRequest<'r>, CallError>,
    ) -> Result<SentResponse, CallError> {
        let request = build()?;
        let (is_timed, ahead) = (request.auth.is_timed(), request.clock_ahead);
        let sent = Box::pin(self.send_once(repeat, verb, request)).await?;
        let off = self.clock_ahead();
        if !is_timed || (off - ahead).abs() <= TOLERATED_SKEW {
            return Ok(sent);
        }
        let (log, name) = (self.transport.log, self.name());
        log.warn_once(name, &response::wrong_clock(name, off));
        if !matches!(sent.answer.status, 400 | 401 | 403) {
            return Ok(sent);
        }
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

    pub(super) fn build<'r>(
        &'r self,
        spec: &RequestSpec,
        values: &'r Values,
        carried: Option<&CredentialRef<'r>>,
    ) -> Result<PreparedRequest<'r>> {
        match spec.endpoint {
            Some(endpoint) => {
                self.build_for(spec, self.discovered(endpoint)?, true, values, carried)
            }
            None => self.build_for(spec, self.base(&spec.server)?, false, values, carried),
        }
    }

    /// Builds a request below `base`, or to that address itself if it is `whole`.
    pub(super) fn build_for<'r>(
        &'r self,
        spec: &RequestSpec,
        base_url: &'r Url,
        whole: bool,
        values: &'r Values,
        carried: Option<&CredentialRef<'r>>,
    ) -> Result<PreparedRequest<'r>> {
        let base = self.manifest.servers.get(&spec.server);
        let mut headers: Vec<&Field> = base.iter().flat_map(|base| &base.headers).collect();
        let mut body: &[Field] = &[];
        let answered = values.get(&Source::Challenge("code".to_owned())).is_some();
        if let Some(challenge) = self.manifest.challenge.as_ref().filter(|_| answered) {
            headers.extend(&challenge.headers);
            body = &challenge.body;
        }
        request_builder::build_request(
            spec,
            &request_builder::RequestContext {
                base: base_url,
                whole,
                headers,
                body,
                credential: carried.map(|carried| (carried.secret, self.places(carried))),
                timeout: self.transport.timeout,
                now: self.now(),
                clock_ahead: self.clock_ahead(),
            },
            values,
        )
    }

    pub(super) fn base(&self, name: &str) -> Result<&Url> {
        self.bases.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.bases.keys().map(String::as_str).collect();
            Error::usage(format!(
                "{} has no base `{name}`; it has: {}",
                self.name(),
                known.join(", ")
            ))
        })
    }

    pub(super) fn places(&self, carried: &CredentialRef<'_>) -> &[Placement] {
        self.manifest
            .credentials
            .get(carried.name)
            .map_or(&[], |spec| spec.placements.as_slice())
    }
}
