//! Decides after a lost response whether a key was created, which one it is, and how it may be treated.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::response_spool::read_spooled_key;
use crate::api::{ApiClient, SpooledKey, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::untrusted::Untrusted;
use crate::manifest::{Strategy, Verb};
use crate::rotation::backoff::Backoff;
use crate::rotation::journal::{
    self, DeliveredKey, EventKind, EventLog, Record, RecordSummary, is_hidden, is_id,
};

/// The time for which a key whose response was lost is looked for.
const LOST_KEY_TIMEOUT: Duration = Duration::from_secs(30);

/// The time for which the key of a response without an id is looked for; its secret is safe.
const UNIDENTIFIED_KEY_TIMEOUT: Duration = Duration::from_secs(4);

/// The tolerance between the clocks of a service, and between a key's time and its creation.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The time after the request from which a list without a new key is believed.
const ABSENCE_BELIEVED_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// The schedule by which the list is read after a lost response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchSchedule {
    /// For half a minute, or until the key is listed.
    Wait,
    /// For the same time, without a message: stderr shows one error only.
    WaitSilently,
    /// Once: other work is waiting, or a later run reads it again.
    Once,
}

/// A key that may be the one whose response was lost.
pub struct UnknownKey {
    /// The key as listed.
    pub key: Key,
    /// Set if its name and its time match the lost key.
    pub matches: bool,
}

impl UnknownKey {
    /// Returns its name with its id.
    pub fn label(&self) -> String {
        label(&self.key)
    }
}

/// Describes a new key, as far as that can be known.
pub fn describe_candidate(candidate: &UnknownKey, candidates: &[UnknownKey]) -> String {
    let label = candidate.label();
    if candidate.matches && is_sure(candidates) {
        format!("{label} is new, and its secret did not arrive")
    } else {
        format!("{label} is new: it may be the lost key, or someone else's")
    }
}

/// Returns whether the lost key is found: one key is new, and it matches.
pub fn is_sure(candidates: &[UnknownKey]) -> bool {
    matches!(candidates, [only] if only.matches)
}

/// Returns the name of a key with its id.
fn label(key: &Key) -> String {
    match (&key.name, &key.id) {
        (Some(_), Some(id)) => format!("{} ({id})", key.label()),
        _ => key.label(),
    }
}

/// The result of a search after a lost response.
pub enum Reconciled {
    /// No key that may be the lost one.
    Nothing {
        /// New keys of other names, which were not created here.
        others: Vec<String>,
    },
    /// Keys that may be the lost one, each judged by itself.
    Candidates(Vec<UnknownKey>),
    /// The service no longer accepts the current key: it was replaced.
    Replaced,
    /// The service has no list.
    NoList,
    /// The list could not be read.
    Failed {
        /// The reason.
        why: String,
        /// The class of the failure.
        kind: Kind,
        /// Set if a later attempt may succeed.
        passing: bool,
    },
}

/// Reads the list once for the key whose response was lost.
pub async fn reconcile(client: &ApiClient<'_>, events: &EventLog, own: &str) -> Result<Reconciled> {
    let manifest = client.service.manifest;
    if manifest.one_key {
        return Ok(replaced(client).await);
    }
    if let Some(created) = created(client, events) {
        return Ok(Reconciled::Candidates(vec![created]));
    }
    let before = events.intent().and_then(|intent| intent.before.as_deref());
    let (Support::Native(_), Some(before)) = (support(manifest, Verb::List), before) else {
        return Ok(Reconciled::NoList);
    };
    let now = match client.list().await {
        Ok(now) => now,
        Err(failure) => {
            let ends_old = events.replaces().is_some_and(|old| !old.survives());
            // A login that may no longer read the list was invalidated by the call.
            if ends_old && failure.error.kind() == Kind::Auth {
                return Ok(as_replaced(client));
            }
            return Ok(failed(client, &failure.error));
        }
    };
    let known = KnownKeys::gather(client, own).await?;
    Ok(judge(events, before, &known, now))
}

/// Returns the new key that the service had created before a call for its secret was lost.
fn created(client: &ApiClient<'_>, events: &EventLog) -> Option<UnknownKey> {
    // A call that gives a key a new secret creates none.
    let renews = events.replaces().is_some_and(|old| old.renewed().is_some());
    let ends_old = events.replaces().is_some_and(|old| !old.survives());
    let id = events
        .created()
        .filter(|id| !renews && !ends_old && !is_hidden(id))?;
    let name = events.intent().and_then(|intent| intent.name.clone());
    Some(UnknownKey {
        key: Key {
            name: name.map(Untrusted::new),
            ..super::key_of(client, Some(id.to_owned()))
        },
        matches: true,
    })
}

async fn replaced(client: &ApiClient<'_>) -> Reconciled {
    match client.status().await {
        Ok(_) => Reconciled::Nothing { others: Vec::new() },
        Err(failure) if failure.error.kind() == Kind::Auth => as_replaced(client),
        Err(failure) => failed(client, &failure.error),
    }
}

fn as_replaced(client: &ApiClient<'_>) -> Reconciled {
    client.forget_tokens();
    Reconciled::Replaced
}

fn failed(client: &ApiClient<'_>, error: &Error) -> Reconciled {
    Reconciled::Failed {
        why: client.log.redact(error.message()),
        kind: error.kind(),
        passing: error.retryable(),
    }
}

/// Searches until the key is listed, for half a minute at most; Ctrl-C ends the wait.
pub(super) async fn wait(
    client: &ApiClient<'_>,
    record: &Record,
    search_schedule: SearchSchedule,
) -> Result<Reconciled> {
    let mut found = reconcile(client, &record.events, &record.id).await?;
    // A call that gives a key a new secret leaves the list unchanged.
    let atomic = record.intent()?.is_by(Strategy::Atomic);
    let one_key = client.service.manifest.one_key;
    // After a signal during the call, the run waits no longer than for its response.
    let hurried = crate::platform::native::deferred_signal().is_some();
    if search_schedule == SearchSchedule::Once || atomic || one_key || hurried {
        return Ok(found);
    }
    let mut sign: Option<Box<dyn crate::platform::Progress>> = None;
    let mut pauses = Backoff::within(LOST_KEY_TIMEOUT, &*client.session.platform.clock);
    while matches!(
        found,
        Reconciled::Nothing { .. } | Reconciled::Failed { passing: true, .. }
    ) {
        if sign.is_none() && search_schedule == SearchSchedule::Wait {
            client.log.note(
                "the response was lost, and the list of keys shows no new one yet: checking for up to 30 s (Ctrl-C ends the wait)",
            );
            sign = Some(
                client
                    .log
                    .progress("waiting for the new key to show up in the list"),
            );
        }
        let goes_on = tokio::select! {
            biased;
            () = crate::platform::native::ctrl_c() => false,
            goes_on = pauses.wait() => goes_on,
        };
        if !goes_on {
            break;
        }
        found = reconcile(client, &record.events, &record.id).await?;
    }
    Ok(found)
}

/// Finds the id of a new key whose response did not hold it, by its name, its masked secret and its newness.
pub async fn identify(
    client: &ApiClient<'_>,
    record: &Record,
    fits: impl Fn(&str) -> Option<bool>,
    search_schedule: SearchSchedule,
) -> Result<Option<String>> {
    let time = match search_schedule {
        SearchSchedule::Wait | SearchSchedule::WaitSilently => UNIDENTIFIED_KEY_TIMEOUT,
        SearchSchedule::Once => Duration::ZERO,
    };
    let mut pauses = Backoff::within(time, &*client.session.platform.clock);
    loop {
        match reconcile(client, &record.events, &record.id).await? {
            Reconciled::Candidates(candidates) => {
                let keys = candidates.iter().map(|candidate| &candidate.key);
                return Ok(only_one(keys, &fits));
            }
            Reconciled::Nothing { .. } | Reconciled::Failed { .. } => {}
            Reconciled::Replaced | Reconciled::NoList => return Ok(None),
        }
        if !pauses.wait().await {
            return Ok(None);
        }
    }
}

/// Returns the id of the only key whose mask fits, or else of the only key whose mask shows nothing.
fn only_one<'k>(
    keys: impl Iterator<Item = &'k Key>,
    fits: &impl Fn(&str) -> Option<bool>,
) -> Option<String> {
    let verdict = |key: &Key| fits(key.masked.as_ref()?.as_received());
    // A key whose mask shows another secret is somebody else's.
    let possible = keys.filter(|key| verdict(key) != Some(false));
    let (fitting, open): (Vec<&Key>, Vec<&Key>) = possible.partition(|key| verdict(key).is_some());
    let found = if fitting.is_empty() { open } else { fitting };
    let [only] = found.as_slice() else {
        return None;
    };
    only.id.as_ref().map(|id| id.as_received().to_owned())
}

/// Returns whether enough time has passed since the request to believe a list without the key, by the clock of this
/// machine and by that of the service if known.
pub fn is_believed(client: &ApiClient<'_>, events: &EventLog) -> bool {
    let long_ago =
        |from: Timestamp, to: Timestamp| from.duration_until(to) >= ABSENCE_BELIEVED_AFTER;
    let here = called_at(events)
        .is_some_and(|called| long_ago(called, client.session.platform.clock.now()));
    let listed_at = events.intent().and_then(|intent| intent.listed_at);
    let there = match (listed_at, client.listed_at.get()) {
        (Some(before), Some(now)) => long_ago(before, now),
        _ => true,
    };
    here && there
}

/// Returns the moment from which a list without the key is believed.
pub(super) fn believed_from(events: &EventLog) -> Option<Timestamp> {
    called_at(events)?.checked_add(ABSENCE_BELIEVED_AFTER).ok()
}

/// Returns the last moment at which the call may have been under way: a process can be paused before it sends.
fn called_at(events: &EventLog) -> Option<Timestamp> {
    let over = [EventKind::ResponseLost, EventKind::Staged];
    let over = over.into_iter().filter_map(|kind| events.at(kind)).max();
    events.sent_at().max(over)
}

/// The keys that other records, open and closed, hold.
struct KnownKeys {
    ids: Vec<String>,
    delivered: Vec<DeliveredKey>,
    unreadable: Vec<RecordSummary>,
    /// The names that other creations in progress gave to keys whose ids are not known yet.
    in_progress: Vec<String>,
}

impl KnownKeys {
    async fn gather(client: &ApiClient<'_>, own: &str) -> Result<KnownKeys> {
        let platform = client.session.platform;
        let provider = client.service.name();
        let mut known = KnownKeys {
            ids: Vec::new(),
            delivered: journal::delivered(platform)?,
            unreadable: Vec::new(),
            in_progress: Vec::new(),
        };
        known.delivered.retain(|key| key.provider == provider);
        for seen in journal::all(platform)? {
            let Ok(events) = &seen.events else {
                known.unreadable.push(seen);
                continue;
            };
            if seen.id != own {
                let kept = events.staged().and_then(|kept| kept.id.clone());
                let back = events.revoking_new().map(|(id, _)| id.to_owned());
                let created = events.created().map(str::to_owned);
                known
                    .ids
                    .extend(kept.into_iter().chain(back).chain(created));
                known.add_unidentified(client, &seen.id, events).await;
                if seen.torn_notice().is_some() {
                    known.unreadable.push(seen);
                }
            }
        }
        Ok(known)
    }

    /// Adds the key of another record that holds no id for it: its response had none, or was not read yet.
    async fn add_unidentified(&mut self, client: &ApiClient<'_>, id: &str, events: &EventLog) {
        let Some(intent) = events.intent() else {
            return;
        };
        let platform = client.session.platform;
        let add = |known: &mut KnownKeys, id, masked, fingerprint| {
            known.delivered.push(DeliveredKey {
                provider: intent.provider.clone(),
                profile: intent.profile.clone(),
                id,
                masked,
                fingerprint,
                at: platform.clock.now(),
            });
        };
        if let Some(kept) = events.staged() {
            if kept.id.is_none() && intent.provider == client.service.name() {
                add(self, None, kept.masked.clone(), kept.fingerprint.clone());
            }
            return;
        }
        if intent.profile != client.profile {
            return;
        }
        let read = async || {
            if journal::is_held(platform, id)? {
                return Ok(SpooledKey::Unread);
            }
            read_spooled_key(client, &Record::open(platform, id)?)
        };
        match read().await {
            Ok(SpooledKey::Key(created)) => {
                let id = created.key.id.map(|id| id.as_received().to_owned());
                let fingerprint = Some(created.secret.fingerprint());
                add(self, id, created.secret.masked(), fingerprint);
            }
            Ok(SpooledKey::Secretless(key) | SpooledKey::NoSecret(key)) => {
                self.ids
                    .extend(key.id.map(|id| id.as_received().to_owned()));
            }
            Ok(SpooledKey::Nothing) => {}
            Ok(SpooledKey::Unread) | Err(_) => self.in_progress.extend(intent.name.clone()),
        }
    }

    /// Returns whether no other creation in progress gave its key that name.
    fn is_free(&self, name: &str) -> bool {
        !self.in_progress.iter().any(|taken| taken == name)
    }

    /// Returns whether another record is about that key, or this machine delivered it.
    fn has(&self, key: &Key) -> bool {
        let id = key.id.as_ref().map(Untrusted::as_received);
        let masked = key.masked.as_ref().map(Untrusted::as_received);
        let of_record = id.is_some_and(|id| {
            self.ids.iter().any(|known| is_id(known, id))
                || self.unreadable.iter().any(|seen| seen.may_know(id))
        });
        of_record
            || self.delivered.iter().any(|known| match &known.id {
                Some(known) => id.is_some_and(|id| is_id(known, id)),
                None => masked.is_some_and(|masked| same_tail(masked, &known.masked)),
            })
    }
}

/// Returns whether two masks of at least four characters end alike.
fn same_tail(one: &str, other: &str) -> bool {
    let tail = |text: &str| -> Option<String> {
        let shown: String = text.rsplit(['*', '.', '…']).next()?.to_owned();
        let count = shown.chars().count();
        (count >= 4).then(|| shown.chars().skip(count - 4).collect())
    };
    tail(one).is_some_and(|one| Some(one) == tail(other))
}

/// Judges each listed key by itself.
fn judge(events: &EventLog, before: &[String], known: &KnownKeys, now: Vec<Key>) -> Reconciled {
    let name = events.intent().and_then(|intent| intent.name.as_deref());
    let floor = EarliestCreation::of(events, &now);
    let mut candidates = Vec::new();
    let mut others = Vec::new();
    for key in now {
        let Some(id) = &key.id else {
            continue;
        };
        let was_there = before.iter().any(|known| is_id(known, id.as_received()));
        if was_there || !key.status.counts_toward_limit() || known.has(&key) || floor.excludes(&key)
        {
            continue;
        }
        let listed = key.name.as_ref().map(Untrusted::as_received);
        match (name, listed) {
            (Some(name), Some(listed)) if name != listed => others.push(label(&key)),
            _ => candidates.push(UnknownKey {
                matches: name.is_some_and(|name| known.is_free(name))
                    && name == listed
                    && floor.allows(&key),
                key,
            }),
        }
    }
    if candidates.is_empty() {
        Reconciled::Nothing { others }
    } else {
        Reconciled::Candidates(candidates)
    }
}

/// The moment before which the lost key cannot have been created.
struct EarliestCreation {
    /// By the clock of the service.
    there: Option<Timestamp>,
    /// By the clock of this machine, which may be wrong: it excludes nothing.
    here: Option<Timestamp>,
}

impl EarliestCreation {
    fn of(events: &EventLog, listed: &[Key]) -> EarliestCreation {
        let grain = granularity(listed);
        let less = |moment: Timestamp| {
            let cut = moment.as_second().div_euclid(grain) * grain;
            Timestamp::from_second(cut)
                .ok()?
                .checked_sub(CLOCK_TOLERANCE)
                .ok()
        };
        let listed_at = events.intent().and_then(|intent| intent.listed_at);
        EarliestCreation {
            there: listed_at.and_then(less),
            here: events.sent_at().and_then(less),
        }
    }

    fn excludes(&self, key: &Key) -> bool {
        let made = key.created_at.zip(self.there);
        made.is_some_and(|(made, floor)| made < floor)
    }

    fn allows(&self, key: &Key) -> bool {
        let made = key.created_at.zip(self.there.or(self.here));
        made.is_none_or(|(made, floor)| made >= floor)
    }
}

/// Returns the precision, in seconds, of the times of the service's keys: a day, an hour, a minute, or a second.
fn granularity(listed: &[Key]) -> i64 {
    let times = || listed.iter().filter_map(|key| key.created_at);
    let steps = [86_400, 3_600, 60];
    let cut_to = |step: &i64| times().all(|time| time.as_second() % step == 0);
    let found = steps.into_iter().find(cut_to);
    found.filter(|_| times().next().is_some()).unwrap_or(1)
}

#[cfg(test)]
mod tests;
