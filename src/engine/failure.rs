//! Turns the refusals of an engine into errors: sealed, unreachable, denied and out of quota are told apart.

use serde_json::Value;

use crate::core::error::{Error, Kind};
use crate::core::untrusted::one_line;
use crate::platform::{HttpResponse, TransportError};

/// An answer that was read.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    /// Reads an answer; a body that is no JSON counts as empty.
    pub(super) fn read(answer: &HttpResponse) -> Answer {
        Answer {
            status: answer.status,
            body: serde_json::from_slice(&answer.body).unwrap_or_default(),
        }
    }

    pub(super) fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns whether a write named another version than the current one.
    pub(super) fn is_conflict(&self) -> bool {
        self.status == 400 && self.why().contains("check-and-set")
    }

    pub(super) fn is_sealed(&self) -> bool {
        self.status == 503 && self.why().contains("sealed")
    }

    /// Returns whether the engine did not look at the request, or may look at it a moment later.
    pub(super) fn is_passing(&self) -> bool {
        // A mount that was just made is upgraded first, and says so with this status.
        let upgrades = self.status == 400 && self.why().contains("will resume service");
        let passes = matches!(self.status, 408 | 412 | 429 | 472 | 473 | 500..=599);
        upgrades || passes && !self.is_sealed()
    }

    /// Returns the reasons that the engine gives.
    pub(super) fn why(&self) -> String {
        let reasons = self.body["errors"].as_array();
        let reasons = reasons.into_iter().flatten().filter_map(Value::as_str);
        one_line(&reasons.collect::<Vec<_>>().join("; "))
    }
}

/// A request, for the error about it.
#[derive(Clone, Copy)]
pub(super) struct Purpose<'r> {
    /// The verb, in the infinitive.
    pub(super) verb: &'static str,
    /// The capability that a policy has to give.
    pub(super) capability: &'static str,
    /// The path below `/v1`.
    pub(super) path: &'r str,
}

/// Returns the error for an answer that is none of those which the caller expects.
pub(super) fn refused(engine: &str, purpose: Purpose<'_>, answer: &Answer) -> Error {
    let Purpose {
        verb,
        capability,
        path,
    } = purpose;
    let why = answer.why();
    let because = if why.is_empty() {
        format!(": it answered with status {}", answer.status)
    } else {
        format!(": {why}")
    };
    let store = |message: String| Error::new(Kind::Store, message).with_status(answer.status);
    if answer.is_sealed() {
        return store(format!("{engine} is sealed"))
            .hint("unseal it, then run this again: nothing irreversible begins without it");
    }
    match answer.status {
        403 => store(format!("{engine} refused to {verb} `{path}`{because}"))
            .hint(format!(
                "the policy of its token has to allow it: path \"{path}\" {{ capabilities = [\"{capability}\"] }}"
            ))
            .hint("or the token has expired: check it with `vault token lookup` or `bao token lookup`"),
        429 => store(format!("{engine} is over its quota and did not {verb} `{path}`{because}"))
            .hint("run this again in a moment, or raise the rate limit of the engine"),
        404 => store(format!("{engine} has no `{path}`{because}"))
            .hint("mount a KV engine of version 2 there: bao secrets enable -path=MOUNT -version=2 kv"),
        301..=308 => store(format!("{engine} passed the request to `{verb}` `{path}` on to another server"))
            .hint("set VAULT_ADDR to the address of the active server"),
        500..=599 => store(format!("{engine} could not {verb} `{path}`{because}"))
            .hint("run this again when it is well: nothing irreversible begins without it"),
        _ => store(format!("{engine} refused to {verb} `{path}`{because}")),
    }
}

/// Returns the error for a request without an answer.
pub(super) fn unreachable(engine: &str, error: &TransportError) -> Error {
    let error_text = Error::new(Kind::Store, format!("{engine} cannot be reached: {error}"))
        .hint("check VAULT_ADDR, and that the server runs: nothing irreversible begins without it");
    match error {
        TransportError::Blocked { way_out, .. } => error_text.hint(*way_out),
        _ => error_text,
    }
}
