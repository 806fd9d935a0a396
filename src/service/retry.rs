//! Decides when a call may be sent again.

use crate::manifest::{CredentialEffect, StepSpec, Verb};
use crate::service::transport::Repeat;

/// The effect of a call, as far as retries are concerned.
#[derive(Clone, Copy)]
pub(super) struct CallPolicy {
    pub(super) verb: Option<Verb>,
    pub(super) repeat: Repeat,
}

/// Returns whether a method is idempotent.
pub(super) fn is_repeatable(method: &str) -> bool {
    matches!(
        method,
        "GET" | "HEAD" | "LIST" | "PUT" | "DELETE" | "OPTIONS"
    )
}

/// Returns whether a call after the one that creates a key may be made again.
pub fn follows_again(step: &StepSpec) -> bool {
    let method = step.request.as_ref().map_or("", |request| &request.method);
    let none = CredentialEffect::None;
    repeat_for(Verb::Create, step.repeatable, method, none) == Repeat::Always
}

/// Returns when a call may be sent again: creating, rotating and all calls that issue tokens never, a change of a
/// destination only if it was refused unread.
pub(super) fn repeat_for(
    verb: Verb,
    said: Option<bool>,
    method: &str,
    effect: CredentialEffect,
) -> Repeat {
    let once = verb.issues_token()
        || verb.changes_destination()
        || matches!(verb, Verb::Create | Verb::Rotate);
    if once {
        // A step before or after a create may only look.
        return if said == Some(true) || matches!(method, "GET" | "HEAD" | "LIST") {
            Repeat::Always
        } else if verb.changes_destination() {
            Repeat::IfNotCarriedOut
        } else {
            Repeat::Never
        };
    }
    match said {
        Some(true) => Repeat::Always,
        // A read changes nothing, by whatever method.
        None if verb == Verb::Read => Repeat::Always,
        None if effect == CredentialEffect::None && is_repeatable(method) => Repeat::Always,
        Some(false) | None => Repeat::IfRefused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn change_is_repeated_if_refused() {
        let repeat = |verb, method| repeat_for(verb, None, method, CredentialEffect::None);
        for (verb, method, repeats) in [
            (Verb::Read, "POST", Repeat::Always),
            (Verb::Probe, "GET", Repeat::Always),
            (Verb::Write, "PUT", Repeat::IfNotCarriedOut),
            (Verb::Restore, "POST", Repeat::IfNotCarriedOut),
            (Verb::Remove, "PATCH", Repeat::IfNotCarriedOut),
            (Verb::Discard, "DELETE", Repeat::IfNotCarriedOut),
            (Verb::Create, "POST", Repeat::Never),
            (Verb::Exchange, "POST", Repeat::Never),
        ] {
            assert_eq!(repeat(verb, method), repeats, "{verb} by {method}");
        }
    }
}
