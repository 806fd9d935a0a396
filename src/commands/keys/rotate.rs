//! `keywright keys rotate`: replaces a key; the old one is revoked only once the new one is delivered everywhere.

mod consent;
mod request;
pub(super) mod slots;

use std::cell::Cell;
use std::collections::BTreeMap;

pub(super) use request::{RotateRequest, request};

pub(super) use self::consent::prove_hooks;
use self::consent::{check_consent, check_no_variable, confirm};
pub(in crate::commands) use self::request::KeysRotateArgs;
use super::super::delivery::{self, CliCallbacks, NewKeyInfo};
use super::super::rotations::{self, RotationView};
use super::super::{Context, Run};
use super::NOTHING_CREATED;
use super::create::prove_stdout;
use super::paste::paste;
use super::project_key::{entry, obeyed, open_for};
use super::restart::{self, nothing_rotated};
use super::revoked_here::{RevokedHere, Selector, late};
use super::select::{select, select_exactly};
use super::{choose, keys_of, no_keys_error, which_key_error};
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Change, CreatedKey, Key};
use crate::core::map::map_of;
use crate::core::secret::Secret;
use crate::core::untrusted::{Untrusted, one_line};
use crate::destination::DestinationSpec;
use crate::manifest::{Strategy, Verb};
use crate::rotation::backoff::Backoff;
use crate::rotation::create::{self, CreateRequest, SearchSchedule, StagedKey, StagingStore};
use crate::rotation::journal::{self, EventKind, EventLog, OldKey, Record, RecordState};
use crate::rotation::{Rotation, RunOutcome, by_hand, check_retirement, plan};
use crate::wal::StateLock;

impl Run for KeysRotateArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        rotate(self, context).await
    }
}

/// Rotates a key, or prints how that would go.
async fn rotate(args: &KeysRotateArgs, context: &Context<'_>) -> Result<u8> {
    if args.due {
        return super::due::rotate_due(args, context).await;
    }
    let project = obeyed(context)?;
    let entry = entry(project.as_ref(), args, context)?;
    let opened = match (entry, &context.global.profile) {
        (Some((project, _, key)), None) => open_for(context, project, key)?,
        _ => context.open()?,
    };
    let request = request(args, entry, &opened.chosen.name, context)?;
    context
        .with_client(&opened, async |client| {
            check_retirement(client, &request.options)?;
            if args.plan {
                return show_plan(context, client, &request).await;
            }
            let lock = journal::lock_profile(context.platform, client.profile)?;
            let done = rotate_one(context, client, request, &lock).await?;
            rotations::report_outcome(context, &done.outcome);
            if context.reporter.json && !done.printed {
                context.reporter.json_value(&done.told())?;
            }
            Ok(0)
        })
        .await
}

/// The key that is meant, those that are there where the service lists them, and the records under way since.
type OldKeyAmong = (Key, Option<Vec<Key>>, Vec<journal::RecordSummary>);

/// Returns the key that is meant, and what stands beside it.
async fn old_key(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    request: &RotateRequest<'_>,
) -> Result<OldKeyAmong> {
    let listed = lists(client);
    let text = request.key;
    let by_turns = slots::is_strategy(client, request.options.strategy);
    if text.is_none() && listed && !by_turns && !context.may_ask {
        return Err(which_key_error());
    }
    let mut keys = keys_of(client).await?;
    let select: Selector = if request.exactly && listed {
        select_exactly
    } else {
        select
    };
    if by_turns {
        let to = destinations(context, &request.to, None)?;
        let named = text.filter(|_| !request.exactly);
        let old = slots::in_use(context, client, &to, named, &keys).await?;
        let under_way = in_progress(context, client)?;
        return Ok((old, listed.then_some(keys), under_way));
    }
    let gone = RevokedHere::known(context)?;
    if let Some(text) = text {
        let mut pauses = Backoff::of(client);
        let waits = request.search_schedule != SearchSchedule::Once;
        while gone.is_meant(&keys, text, select) {
            if !(waits && pauses.wait().await) {
                return Err(late(client, text));
            }
            keys = keys_of(client).await?;
        }
    }
    // A key that is not yet delivered exists beside the one it replaces, under the same name.
    let under_way = in_progress(context, client)?;
    let new = under_way
        .iter()
        .filter_map(|seen| Some((seen.events.as_ref().ok()?.staged()?.id.as_ref()?, seen)));
    let new: BTreeMap<&String, &journal::RecordSummary> = map_of(new);
    let record_of = |key: &Key| new.get(&key.id.as_ref()?.as_received().to_owned()).copied();
    let settled = keys.iter().filter(|key| record_of(key).is_none());
    let settled: Vec<Key> = settled.cloned().collect();
    let old = match text {
        Some(text) => {
            gone.select(client, &settled, text, select)
                .or_else(|error| match keys.as_slice() {
                    // Where only the key kept here is known, its name may be anybody's guess.
                    [only] if !listed && only.name.is_none() => Ok(only.clone()),
                    _ => match select(&keys, text).as_ref().ok().and_then(record_of) {
                        Some(record) => Err(unsettled_error(text, record)),
                        None => Err(error),
                    },
                })?
        }
        None if listed => choose::one(context, client, gone.left(&settled))?,
        None => keys.pop().ok_or_else(|| no_keys_error(client))?,
    };
    Ok((old, listed.then_some(keys), under_way))
}

/// Refuses to rotate a key that is not settled yet.
fn unsettled_error(text: &str, seen: &journal::RecordSummary) -> Error {
    let record = &seen.id;
    let role = match &seen.events {
        Ok(events) if events.repairs().is_some() => "is repaired by",
        _ => "is the new key of",
    };
    Error::new(
        Kind::Conflict,
        format!(
            "`{}` {role} {record}, which is not finished",
            one_line(text)
        ),
    )
    .hint(format!(
        "finish it first: keywright rotations resume {record}"
    ))
    .hint(format!("next steps: keywright rotations show {record}"))
}

/// Prints how a rotation would go; nothing is changed anywhere.
async fn show_plan(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    request: &RotateRequest<'_>,
) -> Result<u8> {
    let seen = unfinished(context, client, request.key)?;
    let view = match start(context, client, request, seen).await? {
        RotationStart::Unfinished(seen) => rotations::view(&seen.id, &seen.events),
        RotationStart::Fresh(old, keys) => {
            let plan = plan(client, *old, keys.as_deref(), &request.options).await?;
            let own = delivery::login_destination(client, Some(&plan.old)).await?;
            let to = destinations(context, &request.to, own.as_ref())?;
            for drift in &plan.drift {
                context.log.warn(drift);
            }
            if let Some(note) = &client.service.manifest.rotation.note {
                context.log.note(note);
            }
            rotations::view_plan(&plan, client, &to)
        }
    };
    if context.reporter.json {
        context.reporter.json_value(&view)?;
    } else {
        context.reporter.card(&view.card())?;
    }
    Ok(0)
}

/// Returns the destinations of the new key: the requested ones, and the profile that logs in with the old key.
pub(super) fn destinations(
    context: &Context<'_>,
    wanted: &[DestinationSpec],
    own: Option<&DestinationSpec>,
) -> Result<Vec<DestinationSpec>> {
    let mut to: Vec<DestinationSpec> = own.into_iter().cloned().collect();
    for spec in wanted {
        let spec = spec.absolute(&context.platform.folder, &context.platform.env)?;
        if !to.contains(&spec) {
            to.push(spec);
        }
    }
    if to.is_empty() {
        to.push(DestinationSpec::STDOUT);
    }
    Ok(to)
}

/// The start of a rotation.
enum RotationStart {
    /// With one of the same key that is not finished.
    Unfinished(journal::RecordSummary),
    /// With the key that is replaced, and those that are there where the service lists them.
    Fresh(Box<Key>, Option<Vec<Key>>),
}

/// Finds what is to be rotated, and whether that is under way already, as `seen` is.
async fn start(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    request: &RotateRequest<'_>,
    seen: Option<journal::RecordSummary>,
) -> Result<RotationStart> {
    let text = request.key;
    if let Some(seen) = seen {
        return Ok(RotationStart::Unfinished(seen));
    }
    let (old, keys, under_way) = old_key(context, client, request).await?;
    let id = old.id.as_ref().map(Untrusted::as_received);
    // It may have been named by the start of its name, or chosen.
    if let (Some(id), true) = (id, text != id)
        && let Some(seen) = unfinished_of(under_way, client, Some(id))
    {
        return Ok(RotationStart::Unfinished(seen));
    }
    Ok(RotationStart::Fresh(Box::new(old), keys))
}

/// Returns whether the service lists keys, so that one must be named.
fn lists(client: &ApiClient<'_>) -> bool {
    let manifest = client.service.manifest;
    matches!(support(manifest, Verb::List), Support::Native(_)) && !manifest.one_key
}

/// Returns the rotations and creations of this profile that are under way and can be read.
pub(super) fn in_progress(
    context: &Context<'_>,
    client: &ApiClient<'_>,
) -> Result<Vec<journal::RecordSummary>> {
    let mut all = journal::all(context.platform)?;
    all.retain(|seen| is_of_profile(seen, client));
    Ok(all)
}

/// Returns whether a record can be read and is of this profile.
pub(super) fn is_of_profile(seen: &journal::RecordSummary, client: &ApiClient<'_>) -> bool {
    let intent = seen.events.as_ref().ok().and_then(EventLog::intent);
    intent.is_some_and(|intent| intent.profile == client.profile)
}

/// Returns a rotation of the key of that name or id that is not finished; without a name that of the only key there is.
pub(super) fn unfinished(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    text: Option<&str>,
) -> Result<Option<journal::RecordSummary>> {
    Ok(unfinished_of(in_progress(context, client)?, client, text))
}

/// As [`unfinished`], of those that are under way.
fn unfinished_of(
    all: Vec<journal::RecordSummary>,
    client: &ApiClient<'_>,
    text: Option<&str>,
) -> Option<journal::RecordSummary> {
    let mut all = all.into_iter();
    all.find(|seen| is_rotation_of(seen, client, text))
}

/// Returns whether a record is a rotation of the key of that name or id; without a name of the only key there is.
pub(super) fn is_rotation_of(
    seen: &journal::RecordSummary,
    client: &ApiClient<'_>,
    text: Option<&str>,
) -> bool {
    let Some(old) = seen.events.as_ref().ok().and_then(EventLog::replaces) else {
        return false;
    };
    match text {
        // The slots of a profile are rotated by turns.
        _ if old.slot.is_some() => true,
        Some(text) => [&old.id, &old.name]
            .into_iter()
            .flatten()
            .any(|known| journal::is_id(known, text)),
        None => !lists(client),
    }
}

/// A rotation that has come as far as it can.
pub(super) struct RotationDone {
    /// The result of its run.
    pub outcome: RunOutcome,
    /// Deviations of the new key from the request.
    changed: Vec<Change>,
    /// The new key, and with it everything else, was printed.
    printed: bool,
}

impl RotationDone {
    /// Returns the view of the rotation.
    pub(super) fn told(self) -> RotationView {
        rotations::outcome_view(self.outcome).with_changes(self.changed)
    }
}

/// Rotates one key, under the lock of its profile; a rotation of it that is not finished is taken up instead.
pub(super) async fn rotate_one(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    request: RotateRequest<'_>,
    lock: &StateLock,
) -> Result<RotationDone> {
    let mut under_way = unfinished(context, client, request.key)?;
    if under_way.is_none() {
        check_consent(context, client, &request)?;
    }
    let mut rolled_back = None;
    let (old, keys) = loop {
        let seen = match start(context, client, &request, under_way.take()).await? {
            RotationStart::Fresh(old, keys) => break (*old, keys),
            RotationStart::Unfinished(seen) => seen,
        };
        let record = Record::open(context.platform, &seen.id)?;
        request.check_against(&record, context)?;
        let to = record.intent()?.to.clone();
        let was_rolling_back = record.state() == RecordState::RollingBack;
        context
            .log
            .note(&format!("going on with the rotation {}", seen.id));
        let changed = rotations::compare_resumed(context, client, &record).await?;
        let going_on = carried_out(context, client, record, None, changed.unwrap_or_default());
        let done = Box::pin(going_on).await?;
        if done.outcome.events.at(EventKind::Abandoned).is_none() {
            return Ok(done);
        }
        let id = done.outcome.id;
        if !(was_rolling_back && request.anew) {
            return Err(nothing_rotated(&id).hint("to rotate the key now, run this again"));
        }
        rolled_back = Some((id, to));
        under_way = unfinished(context, client, request.key)?;
    };
    if let Some((id, to)) = rolled_back {
        restart::check(context, client, &request, &old, (&id, &to)).await?;
        check_consent(context, client, &request)?;
    }
    let safe = Box::pin(begun(context, client, &request, (old, keys), lock)).await?;
    let CreatedKey { key, secret } = safe.created;
    let (key, changed) =
        rotations::compare_with_request(context, client, &safe.record, key).await?;
    let new = Some((NewKeyInfo::of(&key), secret));
    Box::pin(carried_out(context, client, safe.record, new, changed)).await
}

/// Takes a record as far as it can go; `new` is the new key where this run has made it, `changed` what it was given
/// otherwise than asked.
pub(super) async fn carried_out(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    record: Record,
    new: Option<(NewKeyInfo, Secret)>,
    changed: Vec<Change>,
) -> Result<RotationDone> {
    let (about, secret) = new.unzip();
    let shown = Cell::new(false);
    let person = CliCallbacks {
        context,
        about: about.unwrap_or_default(),
        subject: delivery::subject_of(client, &record),
        places: delivery::places_of(&record),
        show: &|record: &Record, secret: &Secret| {
            shown.set(true);
            print(context, client, record, &changed, secret)
        },
    };
    let outcome = Rotation::new(client, &person, record, secret).run().await?;
    Ok(RotationDone {
        outcome,
        printed: shown.get(),
        changed,
    })
}

/// Proves everything that can be proved, then makes the new key; its secret is safe afterwards.
async fn begun(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    request: &RotateRequest<'_>,
    (old, keys): (Key, Option<Vec<Key>>),
    lock: &StateLock,
) -> Result<StagedKey> {
    let mut plan = plan(client, old, keys.as_deref(), &request.options).await?;
    plan.check_room()?;
    let own = delivery::login_destination(client, Some(&plan.old)).await?;
    if request.by_project {
        delivery::check_items(context, &request.to)?;
    }
    let to = destinations(context, &request.to, own.as_ref())?;
    let to = delivery::proved(context, &to, NOTHING_CREATED).await?;
    if to.contains(&DestinationSpec::STDOUT) || context.reporter.json {
        prove_stdout(context)?;
    }
    let hooks: Vec<_> = plan.replaces.hooks().cloned().collect();
    prove_hooks(context, client, &hooks, NOTHING_CREATED)?;
    confirm(context, client, &plan, &to, request.options.real_grace())?;
    if request.options.retire.is_some() {
        check_no_variable(client, &plan.old).await?;
    }
    plan.replaces.own.clone_from(&own);
    let is_in_variable = client.service.manifest.one_key
        || keys.is_none()
        // An unknown value is left out.
        || client.is_key_of_environment(&plan.old).await.unwrap_or(false);
    let staging = StagingStore::open(client.session)?;
    let create_request = CreateRequest {
        new: &plan.new,
        before: keys.as_deref(),
        to: &to,
        replaces: Some(plan.replaces.clone()),
        asked: Some(plan.asked(client.service.started)),
        search_schedule: request.search_schedule,
        lock: Some(lock),
    };
    let safe = if plan.replaces.strategy == Strategy::Manual {
        staging.prove()?;
        let manual = by_hand(client).ok_or_else(|| client.cannot(Verb::Create))?;
        let old = known_old(context, client, &plan.replaces, &to).await?;
        let new = paste(context, client, manual, &plan.new, &old).await?;
        create::stage_pasted(client, &staging, create_request, new).await?
    } else {
        create::create(client, &staging, create_request).await?
    };
    if is_in_variable {
        delivery::warn_of_variable(client);
    }
    Ok(safe)
}

/// Returns the old secret, if the profile logs in with it or a destination of the new one holds it.
async fn known_old(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    replaced: &OldKey,
    to: &[DestinationSpec],
) -> Result<Vec<Secret>> {
    let mut old = delivery::standing(context, to).await;
    let shown = |masked: &&String| masked.chars().filter(char::is_ascii_alphanumeric).count() >= 4;
    if let Some(masked) = replaced.masked.as_ref().filter(shown) {
        old.retain(|value| client.is_shown_as(value, masked));
    }
    if let (Some(credential), Some(_)) = (client.service.manifest.new_key(), &replaced.own) {
        old.extend(client.session.kept(credential)?);
    }
    Ok(old)
}

/// Prints the new key; with `--json` as a field of the rotation's view.
fn print(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    record: &Record,
    changed: &[Change],
    secret: &Secret,
) -> std::io::Result<()> {
    if context.reporter.json {
        let view: RotationView = rotations::view(&record.id, &Ok(record.displayed()));
        let view = view.with_changes(changed.to_vec());
        let mut value = serde_json::to_value(&view)?;
        value["secret"] = secret.as_json();
        return context.reporter.secret_json(&value);
    }
    let kept = record.events.staged();
    let id = kept.and_then(|kept| kept.id.clone()).map(Untrusted::new);
    let name = record
        .events
        .intent()
        .and_then(|intent| intent.name.clone());
    let key = Key {
        id,
        name: name.map(Untrusted::new),
        masked: kept.map(|kept| Untrusted::new(kept.masked.clone())),
        ..Key::unknown(client.service.name(), client.profile)
    };
    delivery::print_once(context, client.service.name(), &key.label(), secret)
}
