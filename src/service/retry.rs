//! When a call may be sent again.

use crate::manifest::{CredentialEffect, Verb};
use crate::service::transport::Repeat;

/// What a call does, as far as sending it again is concerned.
#[derive(Clone, Copy)]
pub(super) struct CallPolicy {
    pub(super) verb: Option<Verb>,
    pub(super) repeat: Repeat,
}

/// Whether a method changes nothing, or the same thing again.
pub(super) fn is_repeatable(method: &str) -> bool {
    matches!(
        method,
        "GET" | "HEAD" | "LIST" | "PUT" | "DELETE" | "OPTIONS"
    )
}

/// When a call may be sent again: creating, rotating and everything that hands out tokens never.
pub(super) fn repeat_for(
    verb: Verb,
    said: Option<bool>,
    method: &str,
    effect: CredentialEffect,
) -> Repeat {
    let once = matches!(
        verb,
        Verb::Create | Verb::Rotate | Verb::Exchange | Verb::Refresh | Verb::Login
    );
    if once {
        // A step before a create may only look.
        return if said == Some(true) || matches!(method, "GET" | "HEAD" | "LIST") {
            Repeat::Always
        } else {
            Repeat::Never
        };
    }
    match said {
        Some(true) => Repeat::Always,
        None if effect == CredentialEffect::None && is_repeatable(method) => Repeat::Always,
        Some(false) | None => Repeat::IfRefused,
    }
}
