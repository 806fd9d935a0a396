//! Words the errors for a lost response: one set of hints, for the run that lost it and for every later one.

use super::reconcile::{self, Reconciled, SearchSchedule, UnknownKey};
use super::response_spool::{may_follow_again, read_spooled_key};
use super::verb_of;
use crate::api::{ApiClient, SpooledKey};
use crate::core::error::{Error, Kind};
use crate::core::untrusted::{one_line, shell_argument};
use crate::manifest::Strategy;
use crate::rotation::journal::{Event, EventKind, OldKey, Record};
use crate::service::CallError;

/// Searches for the key whose response was lost and reports what is known; the request is never sent again.
pub(super) async fn lost(
    client: &ApiClient<'_>,
    mut record: Record,
    failure: CallError,
    spooled: bool,
    search_schedule: SearchSchedule,
) -> Error {
    // The service may have repeated the request; the journal must hold no secret.
    let why = client.log.redact(failure.error.message());
    if let Err(error) = record.write(client.session.platform, Event::ResponseLost { why }) {
        client.log.warn(error.message());
    }
    if let Some(slot) = record.events.replaces().and_then(OldKey::slot) {
        return failure
            .error
            .with_kind(Kind::Uncertain)
            .context(&format!(
                "the slot `{}` may have a new key, which did not arrive; the slot in use was not touched",
                one_line(slot)
            ))
            .hint(format!(
                "to close the record: keywright rotations resume {}; then rotate again",
                record.id
            ));
    }
    let is_created = record.events.at(EventKind::Created).is_some();
    let verb = verb_of(record.events.replaces());
    if client.makes_key_pair(verb) && !is_created {
        return failure
            .error
            .with_kind(Kind::Uncertain)
            .context("the public key may have been registered; its private key is kept")
            .hint(format!(
                "to find out, and go on: keywright rotations resume {}",
                record.id
            ));
    }
    let found = match reconcile::wait(client, &record, search_schedule).await {
        Ok(found) => found,
        Err(error) => Reconciled::Failed {
            why: error.message().to_owned(),
            kind: error.kind(),
            passing: false,
        },
    };
    let (pending, unread) = if is_created {
        rest_of_calls(client, &record)
    } else {
        (false, spooled)
    };
    if pending {
        return secret_pending_error(&record, failure.error);
    }
    let spooled = unread;
    let what = if is_created && unread {
        "a key was created, and the answer that holds its secret cannot be read"
    } else if is_created {
        "a key was created, but its secret did not arrive"
    } else if spooled {
        "a key may have been created, and the answer could not be read"
    } else {
        "a key may have been created, but its secret did not arrive"
    };
    let error = failure.error.with_kind(Kind::Uncertain).context(what);
    let error = if spooled {
        with_raw_response(error, &record.id)
    } else {
        error
    };
    let error = with_findings(error, client, &record, &found, spooled);
    error.hint(format!(
        "next steps: keywright rotations show {}",
        record.id
    ))
}

/// Returns whether the calls that are left can bring the secret, and whether it is in the kept responses without the
/// manifest finding it.
fn rest_of_calls(client: &ApiClient<'_>, record: &Record) -> (bool, bool) {
    let found = read_spooled_key(client, record).and_then(|found| match found {
        SpooledKey::NoSecret(_) => Ok((false, true)),
        _ => Ok((may_follow_again(client, record)?, false)),
    });
    found.unwrap_or_else(|error| {
        client.log.trace(|| format!("* {error}"));
        (false, false)
    })
}

/// Returns the error for a key that exists, and whose secret can still be fetched.
pub fn secret_pending_error(record: &Record, error: Error) -> Error {
    error
        .with_kind(Kind::Uncertain)
        .context("a key was created, and the call that brings its secret failed")
        .hint(format!(
            "to fetch the secret: keywright rotations resume {}",
            record.id
        ))
        .hint(format!(
            "to give the key up: keywright rotations abort {}",
            record.id
        ))
}

/// Adds to an error how to read a spooled response in which the manifest finds no key.
pub fn with_raw_response(error: Error, id: &str) -> Error {
    error
        .hint(format!(
            "the answer is kept, encrypted; to see it: keywright rotations show {id} --raw"
        ))
        .hint(format!(
            "once its manifest finds the key in it: keywright rotations resume {id}"
        ))
}

/// Adds to an error what the search found.
fn with_findings(
    error: Error,
    client: &ApiClient<'_>,
    record: &Record,
    found: &Reconciled,
    spooled: bool,
) -> Error {
    match found {
        Reconciled::Candidates(candidates) if spooled => with_spooled(error, candidates),
        Reconciled::Candidates(candidates) => {
            error.with_hints(candidates.iter().map(|candidate| {
                let what = reconcile::describe_candidate(candidate, candidates);
                format!(
                    "{what}; to revoke it: keywright rotations resume {}",
                    record.id
                )
            }))
        }
        _ => {
            let open = undetermined_error(client, record, found);
            let hints = [open.message().to_owned()];
            error.with_hints(hints.into_iter().chain(open.hints().iter().cloned()))
        }
    }
}

/// Adds to an error the new keys whose secret the spooled response may hold.
pub fn with_spooled(error: Error, candidates: &[UnknownKey]) -> Error {
    error.with_hints(
        candidates
            .iter()
            .map(|candidate| format!("{} is new: its secret is in that answer", candidate.label())),
    )
}

/// Returns the error for a search that leaves it open whether a key was created.
pub fn undetermined_error(client: &ApiClient<'_>, record: &Record, found: &Reconciled) -> Error {
    let name = client.service.name();
    let intent = record.events.intent();
    let atomic = intent.is_some_and(|intent| intent.is_by(Strategy::Atomic));
    let uncertain = |what: String| Error::new(Kind::Uncertain, what);
    let abort = format!("then: keywright rotations abort {}", record.id);
    match found {
        Reconciled::Nothing { .. } if atomic => uncertain(format!(
            "could not determine whether {name} gave the key a new secret"
        ))
        .hint("if the old secret still works, nothing happened; to see whether it does: keywright keys verify")
        .hint("if it does not, its new secret is lost: revoke the key and create another")
        .hint(abort),
        Reconciled::Nothing { .. } if client.service.manifest.one_key => retry_later_error(
            record,
            "the current key still works, which proves nothing: the call can act late",
        ),
        Reconciled::Nothing { .. } | Reconciled::Candidates(_) => retry_later_error(
            record,
            "no new key shows yet, which proves nothing: a list can be late",
        ),
        Reconciled::Replaced => uncertain(format!(
            "{name} rejects the current key: it was replaced, and the new one was lost"
        ))
        .hint("create a key in the dashboard and log in with it: keywright login --with-key")
        .hint(abort),
        Reconciled::NoList => uncertain(format!(
            "could not determine whether {name} created a key: it has no list to look in"
        ))
        .hint("open its dashboard, and revoke the unused key")
        .hint(abort),
        Reconciled::Failed { why, kind, .. } => {
            let error = uncertain(format!(
                "could not determine whether a key was created: {why}"
            ));
            if *kind != Kind::Auth {
                return error;
            }
            error.hint(format!(
                "log in again: keywright login {name} --profile {}",
                shell_argument(client.profile)
            ))
        }
    }
}

/// Returns the error for a call of which nothing shows yet that it acted.
pub fn retry_later_error(record: &Record, why: &str) -> Error {
    let from = reconcile::believed_from(&record.events);
    let from = from.map_or_else(String::new, |from| {
        from.strftime(" after %H:%M UTC").to_string()
    });
    Error::new(Kind::Uncertain, why).hint(format!(
        "look again{from}: keywright rotations resume {}",
        record.id
    ))
}
