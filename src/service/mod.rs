//! A service as a profile reaches it: carries out what a manifest describes, with the credential it is given.

mod base_url;
mod response;
mod prompt;
mod raw;
mod discover;
mod request_builder;
mod auth;
mod inputs;
mod key_pair;
mod pagination;
mod execute;
pub mod oauth;
mod retry;
mod sending;
mod steps;
mod error;
mod values;
mod observer;
mod encode;
mod sealed_box;
pub mod decode;
pub mod identity;
pub mod transport;

use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::Timestamp;
use url::Url;

pub use base_url::{check_url, parse_bases, unknown_base};
pub use discover::VariableChoice;
pub use error::CallError;
pub use observer::{CallObserver, OnResponse, OperationObserver};
pub use pagination::{RawPages, pages_as_text};
pub use prompt::{Interaction, Prompter};
pub use raw::RawCall;
use raw::blank_request;
use response::BodyReading;
pub use response::{ResponseReader, TOLERATED_SKEW, TokenResponse};
pub use retry::follows_again;
pub use sealed_box::opened;
pub use values::{FieldValue, Values, in_parts, joined, lack_of_object, parts_of, render_host};

use crate::core::error::{Kind, Result};
use crate::core::key::{CHECK_BASE_URL, Verdict};
use crate::core::map::map_of;
use crate::core::secret::Secret;
use crate::manifest::{
    ErrorReason, Manifest, Operation, ParsedResponse, RequestSpec, ResponseSpec, Source, Verb,
    looks_like_html,
};
use crate::platform::{Header, HttpResponse, Platform};
use crate::report::log::Log;
use crate::service::transport::{DEFAULT_TIMEOUT, Repeat, SentResponse, Transport};
use retry::CallPolicy;

/// A service as a profile reaches it.
pub struct Service<'a> {
    /// The manifest of the service.
    pub manifest: &'a Manifest,
    /// The URL of each base.
    pub bases: BTreeMap<String, Url>,
    /// The variables of the profile.
    pub variables: BTreeMap<String, String>,
    /// The transport for requests.
    pub transport: Transport<'a>,
    /// The prompts and programs that a call may use.
    pub aside: Interaction<'a>,
    /// The start of the command, from which the expiry of a new key is counted.
    pub started: Timestamp,
    /// The moment that the latest answer was dated, and the local moment at which it came.
    pub dated: Cell<Option<(Timestamp, Timestamp)>>,
    /// The description that the authorization server publishes of itself, once it was asked.
    pub metadata: OnceCell<oauth::ServerMetadata>,
    /// The observer of its operations, if there is one.
    pub observer: Option<&'a dyn OperationObserver>,
}

/// A credential in use: its name in the manifest, and its value.
pub struct CredentialRef<'a> {
    /// The name in the manifest.
    pub name: &'a str,
    /// The value.
    pub secret: &'a Secret,
}

impl<'a> Service<'a> {
    /// Returns the service that `manifest` describes. It cannot prompt, and the
    /// manifest's programs are not trusted.
    pub fn new(
        platform: &'a Platform,
        log: &'a Log,
        manifest: &'a Manifest,
        bases: impl IntoIterator<Item = (String, Url)>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        for part in manifest.credentials.values().flat_map(|spec| &spec.parts) {
            log.declare_part(&part.name, part.public);
        }
        Service {
            manifest,
            bases: map_of(bases),
            variables: map_of(variables),
            transport: Transport {
                http: &*platform.http,
                clock: &*platform.clock,
                log,
                timeout: DEFAULT_TIMEOUT,
            },
            aside: Interaction {
                programs: &*platform.programs,
                trusted: false,
                person: Prompter::NonInteractive,
                env: &platform.env,
            },
            started: platform.clock.now(),
            dated: Cell::default(),
            metadata: OnceCell::new(),
            observer: None,
        }
    }
}

impl Service<'_> {
    /// Returns the provider's name.
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// Returns the moment it is.
    pub fn now(&self) -> Timestamp {
        self.transport.clock.now()
    }

    /// Values with everything that the profile knows.
    pub fn values(&self) -> Values {
        let mut values = Values::at(self.started);
        for (name, value) in &self.variables {
            values.set(
                &Source::Variable(name.clone()),
                FieldValue::Plain(value.clone().into()),
            );
        }
        values
    }

    /// Returns the values of the profile, and the credential that the call is made with: a field may name it.
    pub fn values_with(&self, carried: Option<&CredentialRef<'_>>) -> Values {
        let mut values = self.values();
        if let Some(carried) = carried {
            values.credential(carried.name, carried.secret);
        }
        values
    }

    /// Lists all pages of an operation; `see` receives the responses page by page, and may break off.
    pub async fn execute_pages(
        &self,
        verb: Verb,
        operation: &Operation,
        mut values: Values,
        carried: Option<&CredentialRef<'_>>,
        see: &mut dyn FnMut(&ResponseReader<'_>, Vec<serde_json::Value>) -> ControlFlow<()>,
    ) -> Result<(), CallError> {
        self.prepare(Some(verb), operation, &mut values, carried)
            .await?;
        pagination::all(self, verb, operation, &values, carried, see).await
    }

    /// Asks for one item of a list by its id.
    pub async fn look_at<'o>(
        &self,
        operation: &'o Operation,
        id: &str,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<Option<ResponseReader<'o>>, CallError> {
        let Some(details) = &operation.details else {
            return Ok(None);
        };
        let mut values = self.values_with(carried);
        values.input("id", id);
        let deed = CallPolicy {
            verb: Some(Verb::List),
            repeat: Repeat::Always,
        };
        let seen = self
            .call(
                deed,
                &details.request,
                &details.response,
                &mut values,
                carried,
                &(),
            )
            .await?;
        Ok(Some(ResponseReader {
            spec: &details.response,
            seen,
            now: self.now(),
            lifetime: None,
        }))
    }

    /// Refuses a credential that its signer cannot use.
    pub fn check_credential(&self, carried: &CredentialRef<'_>) -> Result<()> {
        let now = self.time_there().unwrap_or_else(|| self.now());
        auth::Authentication::of(carried.secret, self.places(carried))?.check(now)
    }

    /// Refuses a value of one input that the bounds of the operation do not allow, while others are still missing.
    pub fn check_input(&self, operation: &Operation, name: &str, values: &Values) -> Result<()> {
        inputs::check_named(operation, name, values)
    }

    /// Refuses, before anything is sent, what the bounds of the operation's inputs do not allow.
    pub fn check_inputs(&self, operation: &Operation, mut values: Values) -> Result<()> {
        inputs::check(operation, &mut values)?;
        let requests = operation.request.iter().filter(|_| values.partial);
        let mut fields = requests.flat_map(|request| {
            let parts = request.query.iter().chain(&request.headers);
            parts.chain(request.body.iter().flatten())
        });
        fields.try_for_each(|field| encode::check_written(field, &values))
    }

    /// Asks whether the credential `verified` works; a refusal is an answer here, unless the call carries another one.
    pub async fn verify(
        &self,
        operation: &Operation,
        verified: &CredentialRef<'_>,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<Verdict, CallError> {
        // Some services take it in the body of the one call that they have for it.
        let mut values = self.values_with(carried);
        values.credential(verified.name, verified.secret);
        let request = self.prepare(None, operation, &mut values, carried).await?;
        let build = || self.build(request, &values, carried).map_err(Into::into);
        let answer = self.send(Repeat::Always, None, build).await?.answer;
        let spec = &operation.response;
        let mut seen = response::parse_as(&answer, BodyReading::of(spec, false));
        seen.known = values.searchable();
        let foreign = response::foreign(&answer, &seen, spec);
        let busy = match answer.status {
            300..400 => true,
            // A server that does not know the call will not know it in a moment either.
            429 | 500 | 502.. => foreign.is_none(),
            _ => false,
        };
        if busy {
            return Err(self.refusal(&answer, &seen, None));
        }
        let good =
            is_success(spec, &seen) && response::counts(&seen, spec) && !says_failure(&seen.body);
        let refusal = (!good).then(|| self.manifest.errors.classify(&seen, None, values.now));
        let by_other = carried.is_none_or(|carried| carried.name != verified.name)
            && self
                .manifest
                .exchange_that_proves(operation, verified.name)
                .is_none();
        if by_other && refusal.is_some() && foreign.is_none() && !response::is_ruled(spec, &seen) {
            // It says something of the credential that the call carries.
            return Err(self.refusal(&answer, &seen, None));
        }
        Ok(response::verdict(
            spec,
            &seen,
            foreign,
            refusal.as_ref(),
            values.now,
        ))
    }

    /// Returns the headers that carry a credential and everything else that each call of the base needs.
    pub fn carrying_headers(&self, carried: &CredentialRef<'_>, base: &str) -> Result<Vec<Header>> {
        let values = self.values_with(Some(carried));
        let now = self.time_there().unwrap_or_else(|| self.now());
        let places = self.places(carried);
        let base_url = self.base(base)?;
        let mut headers =
            request_builder::carrying_headers(carried.secret, places, base_url, &values, now)?;
        let spec = blank_request("GET", base)?;
        let constant = self.build(&spec, &values, None)?;
        headers.extend(
            constant
                .http
                .headers
                .into_iter()
                .filter(|header| header.name != "accept"),
        );
        Ok(headers)
    }

    /// Makes a call and returns its response if it is a success; if a second factor is required, calls again with it.
    async fn call(
        &self,
        deed: CallPolicy,
        spec: &RequestSpec,
        answer_spec: &ResponseSpec,
        values: &mut Values,
        carried: Option<&CredentialRef<'_>>,
        watch: &dyn CallObserver,
    ) -> Result<ParsedResponse, CallError> {
        let failure = match self
            .try_call(deed, spec, answer_spec, values, carried, watch)
            .await
        {
            Ok(seen) => return Ok(seen),
            Err(failure) => failure,
        };
        let Some(challenge) = &self.manifest.challenge else {
            return Err(failure);
        };
        if failure.reason != Some(ErrorReason::Challenge) {
            return Err(failure);
        }
        for hint in failure.error.hints() {
            self.transport.log.note(hint);
        }
        watch.refused()?;
        let code = self
            .aside
            .ask("code", &challenge.title, self.name(), self.transport.log)?;
        let source = Source::Challenge("code".to_owned());
        values.set(&source, FieldValue::Secret(code));
        for (name, value) in failure.captured {
            values.set(&Source::Challenge(name), FieldValue::Plain(value));
        }
        let spec = challenge.request.as_ref().unwrap_or(spec);
        self.try_call(deed, spec, answer_spec, values, carried, watch)
            .await
    }

    async fn try_call(
        &self,
        deed: CallPolicy,
        spec: &RequestSpec,
        answer_spec: &ResponseSpec,
        values: &Values,
        carried: Option<&CredentialRef<'_>>,
        watch: &dyn CallObserver,
    ) -> Result<ParsedResponse, CallError> {
        let request = self.build(spec, values, carried)?;
        watch.sending()?;
        let first = Cell::new(Some(request));
        let build = || match first.take() {
            Some(request) => Ok(request),
            None => Ok(self.build(spec, values, carried)?),
        };
        let SentResponse {
            answer,
            earlier_attempt_may_have_acted,
        } = self.send(deed.repeat, deed.verb, build).await?;
        if answer_spec.status.contains(answer.status) {
            watch.answered(&answer).await;
        }
        self.classify(&answer, answer_spec, deed.verb, values)
            .map_err(|failure| CallError {
                earlier_attempt_may_have_acted,
                ..failure
            })
    }

    /// Returns whether a response is the success that the manifest describes.
    fn classify(
        &self,
        answer: &HttpResponse,
        spec: &ResponseSpec,
        verb: Option<Verb>,
        values: &Values,
    ) -> Result<ParsedResponse, CallError> {
        let is_place = self.manifest.address.is_some();
        let mut seen = response::parse_as(answer, BodyReading::of(spec, is_place));
        seen.known = values.searchable();
        let garbled = !spec.text && response::is_garbled(answer, &seen);
        if spec.status.contains(answer.status) && garbled {
            let text = seen.body.as_str().unwrap_or_default();
            // An operation of which nothing is read does not mind.
            if !spec.is_empty() || looks_like_html(text) {
                return Err(CallError::garbled(self.name(), verb, answer, text));
            }
        }
        // A step before it that finds nothing says nothing of the place itself.
        let read = self.manifest.operation(Verb::Read);
        if read.is_some_and(|read| std::ptr::eq(&raw const read.response, spec))
            && spec.is_absent(&seen)
        {
            return Ok(seen);
        }
        let failed = says_failure(&seen.body) || self.hands_out_no_token(spec, &seen);
        if is_success(spec, &seen) && !failed {
            return Ok(seen);
        }
        if let Some(verb) = verb.filter(|_| spec.status.contains(answer.status))
            && let Some(why) = spec.require.iter().find_map(|one| one.mismatch(&seen))
        {
            return Err(CallError::undecided(self.name(), verb, &why));
        }
        Err(self.refusal(answer, &seen, verb))
    }

    /// Returns whether a response explains an error instead of holding a token: some token endpoints send `{"error":
    /// "invalid_grant"}` with 200.
    fn hands_out_no_token(&self, spec: &ResponseSpec, seen: &ParsedResponse) -> bool {
        let Some(token) = &spec.token else {
            return false;
        };
        explains(&seen.body) && response::token_value(token, seen, self.now()).is_none()
    }

    fn refusal(
        &self,
        answer: &HttpResponse,
        seen: &ParsedResponse,
        verb: Option<Verb>,
    ) -> CallError {
        if (300..400).contains(&answer.status) {
            return CallError::redirect(self.name(), verb, answer);
        }
        let refusal = self.manifest.errors.classify(seen, verb, self.now());
        let pause = crate::service::transport::retry_after(
            answer,
            self.manifest.errors.retry_after.as_ref(),
            self.now(),
        );
        let mut failure = CallError::refused(self.name(), verb, refusal, pause);
        // A list that is not there has another address; of a key, the message says what is missing.
        let is_elsewhere = verb == Some(Verb::List) && failure.error.kind() == Kind::NotFound;
        if (is_elsewhere || response::is_unrecognised_error(seen))
            && failure.error.hints().is_empty()
        {
            failure.error = failure.error.hint(CHECK_BASE_URL);
        }
        let ahead = response::clock_ahead(seen, self.now());
        if failure.error.kind() == Kind::Auth && !ahead.is_zero() {
            failure.error = failure
                .error
                .hint(response::wrong_clock(self.name(), ahead));
        }
        if let Some(challenge) = &self.manifest.challenge
            && failure.reason == Some(ErrorReason::Challenge)
        {
            let captures = challenge.capture.iter();
            failure.captured = map_of(captures.filter_map(|(name, reads)| {
                Some((name.clone(), reads.value(seen, &seen.body, self.now())?))
            }));
        }
        failure
    }
}

fn is_success(spec: &ResponseSpec, seen: &ParsedResponse) -> bool {
    spec.status.contains(seen.status) && spec.require.iter().all(|predicate| predicate.holds(seen))
}

/// Returns whether a response reports a failure regardless of its status: `{"success": false, "error": …}`.
fn says_failure(body: &serde_json::Value) -> bool {
    let failed = ["/success", "/ok"]
        .iter()
        .any(|place| body.pointer(place) == Some(&serde_json::Value::Bool(false)));
    failed && explains(body)
}

/// Returns whether a response has a text for an error.
fn explains(body: &serde_json::Value) -> bool {
    use serde_json::Value;
    ["/error", "/errors"]
        .iter()
        .any(|place| match body.pointer(place) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::Array(errors)) => !errors.is_empty(),
            Some(Value::String(error)) => !error.is_empty(),
            Some(_) => true,
        })
}
