//! Words the errors for a lost response: one set of hints, none of which contradicts another.

use super::reconcile::{self, LookSchedule, Reconciled};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind};
use crate::manifest::Strategy;
use crate::rotation::journal::{Event, Record};
use crate::service::CallError;

/// Searches for the key whose response was lost and reports what is known; the request is never sent again.
pub(super) async fn lost(
    client: &ApiClient<'_>,
    mut record: Record,
    trouble: CallError,
    caught: bool,
    patience: LookSchedule,
) -> Error {
    // The service may have repeated the request; the journal must hold no secret.
    let why = client.log.redact(trouble.error.message());
    if let Err(error) = record.write(client.session.platform, Event::ResponseLost { why }) {
        client.log.warn(error.message());
    }
    let found = match reconcile::wait(client, &record, patience).await {
        Ok(found) => found,
        Err(error) => Reconciled::Failed {
            why: error.message().to_owned(),
            kind: error.kind(),
            passing: false,
        },
    };
    let what = if caught {
        "a key may have been created, and the answer could not be read"
    } else {
        "a key may have been created, but its secret did not arrive"
    };
    let error = trouble.error.with_kind(Kind::Uncertain).context(what);
    let error = if caught {
        kept_answer(error, &record.id)
    } else {
        error
    };
    let error = told(error, client, &record, &found, caught);
    error.hint(format!(
        "next steps: keywright rotations show {}",
        record.id
    ))
}

/// Adds to an error how to read a spooled response in which the manifest finds no key.
pub(super) fn kept_answer(error: Error, id: &str) -> Error {
    error
        .hint(format!(
            "the answer is kept, encrypted; to see it: keywright rotations show {id} --raw"
        ))
        .hint(format!(
            "once its manifest finds the key in it: keywright rotations resume {id}"
        ))
}

fn told(
    error: Error,
    client: &ApiClient<'_>,
    record: &Record,
    found: &Reconciled,
    caught: bool,
) -> Error {
    let (id, name) = (&record.id, client.service.name());
    let story = &record.story;
    let atomic = story
        .intent()
        .is_some_and(|intent| intent.is_by(Strategy::Atomic));
    match found {
        Reconciled::Nothing { .. } if atomic => error.hint(
            "the old key may be dead: verify it before you rely on it, and do not rotate it again",
        ),
        Reconciled::Nothing { .. } if client.service.manifest.one_key => error.hint(format!(
            "the current key still works; to look again: keywright rotations resume {id}"
        )),
        Reconciled::Nothing { .. } => error.hint(format!(
            "the list shows no new key yet, which proves nothing; to look again: keywright rotations resume {id}"
        )),
        Reconciled::Candidates(candidates) => error.with_hints(candidates.iter().map(|candidate| {
            if caught {
                format!("{} is new: its secret is in that answer", candidate.label())
            } else {
                let what = reconcile::what_it_is(candidate, candidates);
                format!("{what}; to revoke it: keywright rotations resume {id}")
            }
        })),
        Reconciled::Replaced => error
            .hint("the current key is rejected: it was replaced, and the new one was lost")
            .hint("create a key in the dashboard and log in with it: keywright login --with-key"),
        Reconciled::NoList => error.hint(format!(
            "{name} has no list to look in: look in its dashboard for a new key before you try again"
        )),
        Reconciled::Failed { why, .. } => error.hint(format!(
            "the list could not be read ({why}); to look again: keywright rotations resume {id}"
        )),
    }
}
