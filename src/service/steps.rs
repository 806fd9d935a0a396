//! The steps before and after the main call: requests, programs, and polling until an asynchronous operation
//! completes.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::encode::missing;
use super::observer::FollowingCall;
use super::retry::{CallPolicy, repeat_for};
use super::values::render_text;
use super::{
    CallError, CallObserver, CredentialRef, FieldValue, ResponseReader, Service, Values, inputs,
    response,
};
use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::{escape, one_line};
use crate::manifest::{
    CredentialEffect, Guard, Operation, PASSWORD, ParsedResponse, Poll, ProgramSpec, RequestSpec,
    Source, StepSpec, Verb, plain_text,
};
use crate::platform::{HttpResponse, PROGRAM_TIMEOUT, Program, ProgramError, fault};
use crate::service::transport::Repeat;

/// The default time limit and interval of polling.
const DEFAULT_POLL_INTERVAL: Duration = Duration::from_secs(1);
const DEFAULT_POLL_TIMEOUT: Duration = Duration::from_secs(30);

impl Service<'_> {
    /// Checks what was handed over and carries out the steps; the call itself is returned, not sent.
    pub(super) async fn prepare<'o>(
        &self,
        verb: Option<Verb>,
        operation: &'o Operation,
        values: &mut Values,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<&'o RequestSpec, CallError> {
        let deed = verb.map_or("verify a credential", Verb::infinitive);
        let request = operation
            .request
            .as_ref()
            .ok_or_else(|| Error::failed(format!("{} has no operation to {deed}", self.name())))?;
        inputs::check(operation, values)?;
        if let Some(observer) = self.observer {
            observer.begins(operation);
        }
        self.discover_endpoints(operation).await?;
        if operation.before.iter().any(|step| step.program.is_some()) {
            self.check_trust()?;
        }
        values.set(&Source::Uuid, FieldValue::Plain(uuid().into()));
        let password = Source::Credential(PASSWORD.to_owned());
        let asks = operation.sources().contains(&&password);
        if asks && values.get(&password).is_none() {
            let title = format!("Password of your account at {}", self.manifest.title);
            let log = self.transport.log;
            let secret = self.aside.ask(PASSWORD, &title, self.name(), log)?;
            values.credential(PASSWORD, &secret);
        }
        for step in &operation.before {
            if !step.only_if.iter().all(|guard| holds(guard, values)) {
                continue;
            }
            let seen = match &step.program {
                Some(program) => self.run(program, values),
                None => self.run_step(verb, step, values, carried, &()).await,
            };
            let seen = seen.map_err(|failure| failure.after_step(operation, &step.name))?;
            for (capture, reads) in &step.response.capture {
                if let Some(value) = reads.value(&seen, &seen.body, values.now) {
                    self.hide_captured(&value, verb);
                    let source = Source::Step {
                        step: step.name.clone(),
                        capture: capture.clone(),
                    };
                    values.set(&source, FieldValue::Plain(value));
                }
            }
        }
        Ok(request)
    }

    /// Keeps a captured value out of traces.
    pub(super) fn hide_captured(&self, value: &Value, verb: Option<Verb>) {
        if let Some(text) = plain_text(value).map(Secret::new) {
            let log = self.transport.log;
            log.hide_in_trace(&text);
            // A step on the way to a token may capture another token.
            if verb.is_some_and(Verb::issues_token) {
                log.register_secret(&text);
            }
        }
    }

    async fn run_step(
        &self,
        verb: Option<Verb>,
        step: &StepSpec,
        values: &mut Values,
        carried: Option<&CredentialRef<'_>>,
        watch: &dyn CallObserver,
    ) -> Result<ParsedResponse, CallError> {
        let Some(request) = &step.request else {
            return Err(Error::failed(format!("the step `{}` does nothing", step.name)).into());
        };
        // A step may leave something behind, so a create is never repeated half-way either.
        let verb_for_repeat = verb.unwrap_or(Verb::Status);
        let deed = CallPolicy {
            verb,
            repeat: repeat_for(
                verb_for_repeat,
                step.repeatable,
                &request.method,
                CredentialEffect::None,
            ),
        };
        self.call(deed, request, &step.response, values, carried, watch)
            .await
    }

    /// Makes the call at position `call` of those that come after the one which created a key; `None` if its conditions
    /// do not hold.
    pub async fn follow<'o>(
        &self,
        verb: Verb,
        (call, step): (usize, &'o StepSpec),
        mut values: Values,
        carried: Option<&CredentialRef<'_>>,
        watch: &dyn CallObserver,
    ) -> Result<Option<ResponseReader<'o>>, CallError> {
        values.set(&Source::Uuid, FieldValue::Plain(uuid().into()));
        if !step.only_if.iter().all(|guard| holds(guard, &values)) {
            return Ok(None);
        }
        let seen = self
            .run_step(
                Some(verb),
                step,
                &mut values,
                carried,
                &FollowingCall { call, watch },
            )
            .await?;
        Ok(Some(ResponseReader {
            spec: &step.response,
            seen,
            now: self.now(),
            lifetime: None,
        }))
    }

    /// Returns whether a call after the one which created a key may have been made: none of its conditions fails, those on
    /// credentials aside.
    pub fn may_follow(step: &StepSpec, values: &Values) -> bool {
        let of_credential =
            |source: &Source| matches!(source, Source::Credential(_) | Source::Part { .. });
        step.only_if
            .iter()
            .all(|guard| of_credential(&guard.from) || holds(guard, values))
    }

    /// Reads the kept response to a call after the one which created a key; `now` is when it came.
    pub fn read_step<'o>(
        &self,
        verb: Verb,
        step: &'o StepSpec,
        answer: &HttpResponse,
        values: &Values,
        now: Timestamp,
    ) -> Result<ResponseReader<'o>, CallError> {
        Ok(ResponseReader {
            spec: &step.response,
            seen: self.classify(answer, &step.response, Some(verb), values)?,
            now,
            lifetime: None,
        })
    }

    /// Refuses a step that starts a program, before anything is sent, unless the user trusts the manifest.
    fn check_trust(&self) -> Result<()> {
        if self.aside.trusted {
            return Ok(());
        }
        let provider = self.name();
        let programs: Vec<String> = self
            .manifest
            .programs
            .iter()
            .map(|name| escape(name))
            .collect();
        let error = Error::usage(format!(
            "the manifest of {provider} starts `{}`, and is not trusted",
            programs.join("`, `")
        ))
        .hint(format!("read it: keywright providers show {provider}"))
        .hint(format!(
            "then allow its programs: keywright trust --provider {provider}"
        ));
        Err(match &self.manifest.digest {
            Some(digest) => error.hint(format!(
                "in CI set KEYWRIGHT_TRUST_PROVIDER={provider}@{digest}"
            )),
            None => error,
        })
    }

    /// Runs the program of a step; its output is parsed like the body of a response.
    fn run(&self, spec: &ProgramSpec, values: &Values) -> Result<ParsedResponse, CallError> {
        let words: Vec<String> = spec
            .words
            .iter()
            .map(|word| {
                render_text(word, values)
                    .map(|filled| filled.shown)
                    .map_err(super::request_builder::explain)
            })
            .collect::<Result<_>>()?;
        let name = words.first().map(|word| one_line(word)).unwrap_or_default();
        if !self
            .manifest
            .programs
            .contains(words.first().unwrap_or(&name))
        {
            return Err(Error::usage(format!(
                "the manifest of {} does not say that it starts `{name}`",
                self.name()
            ))
            .into());
        }
        let stdin = match &spec.stdin {
            Some(source) => Some(
                values
                    .get(source)
                    .and_then(FieldValue::text)
                    .ok_or_else(|| missing(source))?,
            ),
            None => None,
        };
        let timeout = spec
            .timeout
            .map_or(PROGRAM_TIMEOUT, crate::manifest::Span::duration);
        self.transport.log.note(&format!(
            "runs `{name}`, as the manifest of {} says",
            self.name()
        ));
        let program = Program {
            stdin: stdin.as_ref(),
            timeout,
            ..Program::new(&words)
        };
        let ended = self.aside.run(&program).map_err(|error| {
            let why = match error {
                ProgramError::NotStarted(why) => format!("`{name}` could not be started: {why}"),
                ProgramError::Uncertain(why) => format!("`{name}` did not finish: {why}"),
            };
            Error::failed(why).hint(format!(
                "it is a step of the manifest of {0}: keywright providers show {0}",
                self.name()
            ))
        })?;
        if !ended.success() {
            let code = ended
                .code
                .map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
            // Its output may repeat a secret that no redactor knows. The user can run it to see the error.
            return Err(Error::failed(format!("`{name}` failed with {code}"))
                .hint(format!("run it by hand to see why: {name}"))
                .into());
        }
        let text = String::from_utf8_lossy(&ended.stdout);
        let body = serde_json::from_str(&text)
            .unwrap_or_else(|_| Value::String(text.trim_end_matches(['\r', '\n']).to_owned()));
        Ok(ParsedResponse {
            status: 200,
            headers: Vec::new(),
            body,
            xml: false,
            known: values.searchable(),
        })
    }

    /// Looks again and again until what a call began has come about.
    pub(super) async fn wait_until(
        &self,
        verb: Verb,
        poll: &Poll,
        values: &Values,
        carried: Option<&CredentialRef<'_>>,
    ) -> Result<(), CallError> {
        let pause = poll
            .every
            .map_or(DEFAULT_POLL_INTERVAL, crate::manifest::Span::duration)
            .max(Duration::from_millis(100));
        let most = poll
            .at_most
            .map_or(DEFAULT_POLL_TIMEOUT, crate::manifest::Span::duration);
        let mut waited = Duration::ZERO;
        loop {
            let build = || Ok(self.build(&poll.request, values, carried)?);
            let answer = self.send(Repeat::Always, None, build).await?.answer;
            let seen = response::parse(&answer);
            let status = match &poll.status {
                Some(set) => set.contains(seen.status),
                None if poll.when.is_empty() => matches!(seen.status, 404 | 410),
                None => (200..300).contains(&seen.status),
            };
            if status && poll.when.iter().all(|predicate| predicate.holds(&seen)) {
                return Ok(());
            }
            if waited >= most {
                let error = Error::new(
                    Kind::Uncertain,
                    format!(
                        "{} accepted the call to {}, but it was not complete after {} s",
                        self.name(),
                        verb.infinitive(),
                        most.as_secs()
                    ),
                );
                return Err(if verb.changes_destination() {
                    error.into()
                } else {
                    error.hint("look again later: keywright keys list").into()
                });
            }
            self.transport.clock.sleep(pause).await;
            waited += pause;
        }
    }
}

fn holds(guard: &Guard, values: &Values) -> bool {
    let found = values.get(&guard.from);
    let exists = guard
        .exists
        .or_else(|| guard.equals.is_none().then_some(true));
    let equals = guard.equals.as_ref().is_none_or(|wanted| match found {
        Some(FieldValue::Plain(value)) => plain_text(value) == plain_text(wanted),
        _ => false,
    });
    exists.is_none_or(|exists| exists == found.is_some()) && equals
}

/// Returns a random UUID (RFC 9562, version 4).
pub(super) fn uuid() -> String {
    let mut bytes = [0; 16];
    // Without randomness it is still a name for one request.
    let _ = fault::random(&mut bytes);
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}
