//! An operation from its values to a good answer.

use jiff::Timestamp;

use super::request_builder::explain;
use super::retry::{CallPolicy, repeat_for};
use super::values::{RenderError, render_text};
use super::{CallError, CallObserver, CredentialRef, FieldValue, ResponseReader, Service, Values};
use crate::core::error::Result;
use crate::manifest::{Operation, ParsedResponse, RequestSpec, Source, Verb};
use crate::platform::HttpResponse;

impl Service<'_> {
    /// Returns the current time by the clock of the service, if its latest response had a date.
    pub fn time_there(&self) -> Option<Timestamp> {
        let (there, here) = self.dated.get()?;
        there.checked_add(here.duration_until(self.now())).ok()
    }

    /// Returns the audience that the identity token of a job is requested for, if the operation names one and its
    /// variables have values.
    pub fn audience(&self, operation: &Operation) -> Result<Option<String>> {
        let Some(audience) = &operation.audience else {
            return Ok(None);
        };
        match render_text(audience, &self.values()) {
            Ok(filled) => Ok(Some(filled.shown)),
            Err(RenderError::Missing(_)) => Ok(None),
            Err(error) => Err(explain(error)),
        }
    }

    /// Carries out an operation: its steps in order, then the call itself, and a look whether it has come about.
    pub async fn execute<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        values: Values,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<ResponseReader<'o>, CallError> {
        self.execute_observed(verb, operation, values, carried, &())
            .await
    }

    /// Carries out an operation and reports the progress of the call itself to `watch`.
    pub async fn execute_observed<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        mut values: Values,
        carried: Option<&CredentialRef<'_>>,
        watch: &dyn CallObserver,
    ) -> Result<ResponseReader<'o>, CallError> {
        let request = self
            .prepare(Some(verb), operation, &mut values, carried)
            .await?;
        if verb == Verb::Read && names_nothing(request, &values) {
            return Ok(ResponseReader {
                spec: &operation.response,
                seen: ParsedResponse::unasked(values.searchable()),
                now: self.now(),
                lifetime: None,
            });
        }
        let repeat = repeat_for(
            verb,
            operation.repeatable,
            &request.method,
            operation.effect,
        );
        let deed = CallPolicy {
            verb: Some(verb),
            repeat,
        };
        let answer = &operation.response;
        let seen = self
            .call(deed, request, answer, &mut values, carried, watch)
            .await
            .map_err(|failure| failure.after_steps(operation))?;
        let reading = ResponseReader {
            spec: answer,
            seen,
            now: self.now(),
            lifetime: self.lifetime_of(operation),
        };
        if let Some(poll) = &operation.poll {
            for (source, value) in reading.captured_as(verb.name()) {
                self.hide_captured(&value, Some(verb));
                values.set(&source, FieldValue::Plain(value));
            }
            let waited = self.wait_until(verb, poll, &values, carried).await;
            waited.map_err(|failure| CallError {
                may_have_acted: failure.may_have_acted || verb.changes_destination(),
                ..failure
            })?;
        }
        Ok(reading)
    }

    /// Reads the answer to an operation that was made with these values; `now` is when it came.
    pub fn read<'o>(
        &self,
        verb: Verb,
        operation: &'o Operation,
        answer: &HttpResponse,
        values: &Values,
        now: Timestamp,
    ) -> Result<ResponseReader<'o>, CallError> {
        let seen = self
            .classify(answer, &operation.response, Some(verb), values)
            .map_err(|failure| failure.after_steps(operation))?;
        Ok(ResponseReader {
            spec: &operation.response,
            seen,
            now,
            lifetime: self.lifetime_of(operation),
        })
    }

    pub(super) fn lifetime_of(&self, operation: &Operation) -> Option<crate::manifest::Span> {
        let name = operation.yields.as_ref()?;
        self.manifest.credentials.get(name)?.lifetime
    }
}

/// Returns whether a path names a value that a step before the call did not find.
fn names_nothing(request: &RequestSpec, values: &Values) -> bool {
    let mut sources = request.path.sources();
    sources.any(|source| matches!(source, Source::Step { .. }) && values.get(source).is_none())
}
