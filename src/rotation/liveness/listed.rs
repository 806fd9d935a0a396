//! Reads from the list whether a key works.

use jiff::Timestamp;

use super::{KeyQuery, decides_nothing};
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Kind, Result};
use crate::core::key::{Key, KeyStatus};
use crate::core::untrusted::Untrusted;
use crate::manifest::Verb;
use crate::rotation::create::{Reconciled, is_believed, reconcile};
use crate::rotation::journal::{self, Record};

/// The state of the key in the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ListAnswer {
    /// The list was not read yet.
    NotYet,
    /// There is no list, or no id to find it by.
    NoWay,
    /// It is listed and works.
    Active,
    /// It is not listed.
    Missing,
    /// It is listed and does not work.
    Over(KeyStatus),
    /// It is listed, and was revoked from here: the list is late.
    RevokedHere,
    /// It expires too soon.
    EndsSoon(Timestamp),
    /// The list could not be read; with the reason.
    Open(String),
}

/// Reads the list for the key.
pub(super) async fn look(client: &ApiClient<'_>, subject: &KeyQuery<'_>) -> Result<ListAnswer> {
    let lists = matches!(
        support(client.service.manifest, Verb::List),
        Support::Native(_)
    );
    let id = match (lists, subject.id, subject.record) {
        (true, Some(id), _) => id,
        (true, None, Some(record)) => return look_for_unidentified(client, subject, record).await,
        _ => return Ok(ListAnswer::NoWay),
    };
    let keys = match client.list().await {
        Ok(keys) => keys,
        Err(failure) => return decides_nothing(failure).map(ListAnswer::Open),
    };
    let is_it = |own: &Untrusted| own.as_received() == id;
    let Some(key) = keys.iter().find(|key| key.id.as_ref().is_some_and(is_it)) else {
        return Ok(ListAnswer::Missing);
    };
    state_of(client, subject, key)
}

/// Decides from a listed key whether it works.
fn state_of(client: &ApiClient<'_>, subject: &KeyQuery<'_>, key: &Key) -> Result<ListAnswer> {
    let revoked = journal::revoked(client.session.platform)?;
    if revoked.iter().any(|revoked| revoked.is(key)) {
        return Ok(ListAnswer::RevokedHere);
    }
    match key.status {
        KeyStatus::Active => {}
        KeyStatus::Unknown if !key.said.status => {}
        KeyStatus::Unknown => {
            return Ok(ListAnswer::Open(format!(
                "{} does not list {} as active: its status is unknown",
                client.service.name(),
                subject.what
            )));
        }
        status => return Ok(ListAnswer::Over(status)),
    }
    let now = client.service.now();
    let until = subject.lives_for.map_or(Some(now), |span| span.after(now));
    Ok(match (key.expires_at, until) {
        (Some(end), Some(until)) if end <= until => ListAnswer::EndsSoon(end),
        (Some(end), None) => ListAnswer::EndsSoon(end),
        _ => ListAnswer::Active,
    })
}

/// Reads the list for a new key whose id is not known: a list without any new key shows that it is gone.
async fn look_for_unidentified(
    client: &ApiClient<'_>,
    subject: &KeyQuery<'_>,
    record: &Record,
) -> Result<ListAnswer> {
    if client.service.manifest.one_key {
        return Ok(ListAnswer::NoWay);
    }
    Ok(match reconcile(client, &record.events, &record.id).await? {
        Reconciled::Candidates(candidates) => {
            let candidates = candidates.iter().map(|candidate| &candidate.key);
            let states = candidates.map(|key| state_of(client, subject, key));
            any_working(states.collect::<Result<_>>()?)
        }
        Reconciled::Nothing { .. } if is_believed(client, &record.events) => ListAnswer::Missing,
        Reconciled::Nothing { .. } => {
            ListAnswer::Open("the list does not show the new key yet".to_owned())
        }
        Reconciled::NoList
        | Reconciled::Replaced
        | Reconciled::Failed {
            kind: Kind::Forbidden,
            ..
        } => ListAnswer::NoWay,
        Reconciled::Failed { why, .. } => ListAnswer::Open(why),
    })
}

/// Returns `Active` if one of the keys that may be the new one works, else the state of the first.
fn any_working(states: Vec<ListAnswer>) -> ListAnswer {
    if states.contains(&ListAnswer::Active) {
        return ListAnswer::Active;
    }
    let mut states = states.into_iter();
    states.next().unwrap_or(ListAnswer::Missing)
}
