//! Errors of calls, with the facts that a session and a rotation need.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::core::error::{Error, Kind};
use crate::core::key::CHECK_BASE_URL;
use crate::core::untrusted::one_line;
use crate::manifest::{ErrorReason, Operation, ServiceError, Verb, looks_like_html};
use crate::platform::{HttpResponse, TransportError};
use crate::service::decode::{self, DecodeError};

/// A call that did not succeed.
#[derive(Debug)]
pub struct CallError {
    /// The error for the user.
    pub error: Error,
    /// The reason of the refusal, if the service refused.
    pub reason: Option<ErrorReason>,
    /// Says that the service may have acted although there is no good response.
    pub may_have_acted: bool,
    /// Says that an earlier attempt of the same call, whose response was lost, may have been carried out.
    pub earlier_attempt_may_have_acted: bool,
    /// The values captured from a second-factor prompt that are needed to answer it.
    pub captured: BTreeMap<String, Value>,
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        CallError {
            error,
            reason: None,
            may_have_acted: false,
            earlier_attempt_may_have_acted: false,
            captured: BTreeMap::new(),
        }
    }
}

impl From<CallError> for Error {
    fn from(failure: CallError) -> Self {
        failure.error
    }
}

/// Returns whether a lost response may leave something behind that must be looked for.
fn leaves_something(verb: Option<Verb>) -> bool {
    let Some(verb) = verb else { return false };
    verb.changes_destination()
        || matches!(
            verb,
            Verb::Create
                | Verb::Rotate
                | Verb::Exchange
                | Verb::Refresh
                | Verb::Revoke
                | Verb::Rename
                | Verb::Set
                | Verb::Enable
                | Verb::Disable
        )
}

fn infinitive(verb: Option<Verb>) -> &'static str {
    verb.map_or("answer", Verb::infinitive)
}

impl CallError {
    /// The service said no.
    pub(super) fn refused(
        name: &str,
        verb: Option<Verb>,
        refusal: ServiceError,
        pause: Option<Duration>,
    ) -> Self {
        let reason = refusal.reason;
        // A gateway's word is not the service's: it may have acted before the gateway, or we, went silent.
        let undecided = refusal.status >= 500 || matches!(refusal.status, 408 | 499);
        let may_have_acted = undecided && leaves_something(verb);
        let message = match reason {
            ErrorReason::Unavailable => {
                format!("{name} could not {}: {}", infinitive(verb), refusal.message)
            }
            _ => format!(
                "{name} refused to {}: {}",
                infinitive(verb),
                refusal.message
            ),
        };
        let mut error = Error::new(reason.kind(), message)
            .with_code(refusal.code)
            .with_status(refusal.status)
            .with_request_id(refusal.request_id)
            .with_hints(refusal.hints);
        if let Some(pause) =
            pause.filter(|pause| reason == ErrorReason::RateLimited && !pause.is_zero())
        {
            let seconds = pause.as_secs_f64().ceil();
            error = error.hint(format!("it asks to wait {seconds:.0} s"));
        }
        if reason == ErrorReason::Unavailable && !may_have_acted {
            error = error.hint("this call changed nothing: run it again in a moment");
        }
        CallError {
            error,
            reason: Some(reason),
            may_have_acted,
            earlier_attempt_may_have_acted: false,
            captured: BTreeMap::new(),
        }
    }

    /// There is no answer; `changes` where the call may have changed something that no verb names.
    pub(super) fn lost(
        name: &str,
        at: &str,
        verb: Option<Verb>,
        changes: bool,
        error: &TransportError,
    ) -> Self {
        let may_have_acted = error.may_have_acted() && (changes || leaves_something(verb));
        let kind = match error {
            _ if may_have_acted => Kind::Uncertain,
            TransportError::TooLarge => Kind::Failed,
            _ => Kind::Unreachable,
        };
        let message = match error {
            TransportError::NotSent(why) | TransportError::Blocked { why, .. } => {
                format!("{name} could not be reached at {at}: {why}")
            }
            TransportError::Uncertain(why) => format!("{name} at {at} did not answer: {why}"),
            TransportError::TooLarge => {
                format!("{name} answered with more than the 4 MiB that are read")
            }
        };
        let lost = Error::new(kind, message);
        let error = match (error, kind) {
            (TransportError::Blocked { way_out, .. }, _) => lost.hint(*way_out),
            (_, Kind::Unreachable) => {
                lost.hint("check the network, the proxy and the base URL: keywright profiles show")
            }
            (_, Kind::Uncertain) if changes => {
                lost.hint("the call may have been carried out: look before you send it again")
            }
            _ => lost,
        };
        CallError {
            error,
            reason: None,
            may_have_acted,
            earlier_attempt_may_have_acted: false,
            captured: BTreeMap::new(),
        }
    }

    /// The answer was a success, but it is no JSON.
    pub(super) fn garbled(
        name: &str,
        verb: Option<Verb>,
        answer: &HttpResponse,
        text: &str,
    ) -> Self {
        let may_have_acted = leaves_something(verb);
        let kind = if may_have_acted {
            Kind::Uncertain
        } else {
            Kind::Failed
        };
        let what = match decode::error(answer) {
            Some(DecodeError::Coding(coding)) => format!(
                "`{}` which was not requested: this compression is not supported",
                one_line(&coding)
            ),
            Some(DecodeError::Damaged) => {
                "a compressed answer that is damaged: it may have been cut".to_owned()
            }
            Some(DecodeError::TooLarge) => "more than the 4 MiB that are read".to_owned(),
            None if looks_like_html(text) => {
                "a web page instead of JSON: is there a proxy or a login page in between?"
                    .to_owned()
            }
            None => "text that is not JSON: the answer may have been cut".to_owned(),
        };
        let error = Error::new(kind, format!("{name} answered with {what}"));
        let error = match kind {
            Kind::Failed => error.hint(CHECK_BASE_URL),
            _ => error,
        };
        CallError {
            error: error.with_status(answer.status),
            reason: None,
            may_have_acted,
            earlier_attempt_may_have_acted: false,
            captured: BTreeMap::new(),
        }
    }

    /// The answer was a success, but what it has to hold is missing.
    pub fn incomplete(name: &str, verb: Verb, what: &str) -> Self {
        let may_have_acted = leaves_something(Some(verb));
        let kind = if may_have_acted {
            Kind::Uncertain
        } else {
            Kind::Failed
        };
        let error = Error::new(
            kind,
            format!("{name} answered, but {what} is not where its manifest says it is"),
        );
        let error = match kind {
            Kind::Failed => error.hint(format!(
                "the service may have changed: keywright providers check {name} --live"
            )),
            _ => error,
        };
        CallError {
            error,
            reason: None,
            may_have_acted,
            earlier_attempt_may_have_acted: false,
            captured: BTreeMap::new(),
        }
    }

    /// The answer was a success by its status, but a value in it that has to decide is of another type than it should be.
    pub fn undecided(name: &str, verb: Verb, why: &str) -> Self {
        let failure = CallError::incomplete(name, verb, why);
        let kind = failure.error.kind();
        let message = format!(
            "{name} was asked to {}, and its answer decides nothing: {why}",
            verb.infinitive()
        );
        CallError {
            error: Error::new(kind, message),
            ..failure
        }
    }

    /// The service points somewhere else.
    pub(super) fn redirect(name: &str, verb: Option<Verb>, answer: &HttpResponse) -> Self {
        let target = answer
            .header("location")
            .unwrap_or("an address it does not name");
        // The query of a redirect may repeat what was sent.
        let target = one_line(target.split(['?', '#']).next().unwrap_or_default());
        CallError {
            error: Error::failed(format!(
                "{name} could not {}: it redirects to `{target}`, which is not followed",
                infinitive(verb)
            ))
            .with_status(answer.status)
            .hint("a redirect would carry your credential along; if the new address is right, set it as the base URL with `--base-url` when logging in"),
            reason: None,
            // Some services answer a form that they took with a redirect.
            may_have_acted: matches!(verb, Some(Verb::Create | Verb::Rotate | Verb::Refresh)),
            earlier_attempt_may_have_acted: false,
            captured: BTreeMap::new(),
        }
    }

    /// Tells what the steps before the call have left behind.
    pub(super) fn after_steps(self, operation: &Operation) -> Self {
        self.leaving(operation.before.iter())
    }

    /// Tells what the steps before the step `name` have left behind.
    pub(super) fn after_step(self, operation: &Operation, name: &str) -> Self {
        self.leaving(operation.before.iter().take_while(|step| step.name != name))
    }

    fn leaving<'s>(mut self, steps: impl Iterator<Item = &'s crate::manifest::StepSpec>) -> Self {
        let left = steps.filter_map(|step| step.leaves.clone());
        self.error = self.error.with_hints(left);
        self
    }
}
