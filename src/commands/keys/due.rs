//! `keywright keys rotate --due`: every key of the project whose time has come, providers side by side.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::super::inventory::Deliveries;
use super::super::rotations::{self, RotationView};
use super::super::{Context, FirstFailure, delivery};
use super::project_key::open_for;
use super::repair::{self, Outcomes};
use super::revoked_here::RevokedHere;
use super::rotate::KeysRotateArgs;
use super::rotate::{destinations, is_of_profile, is_rotation_of, request, rotate_one, slots};
use super::{keys_of, select::select_exactly};
use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::key::Key;
use crate::core::untrusted::{escape, one_line, shell_argument};
use crate::destination::DestinationSpec;
use crate::manifest::{Span, Strategy};
use crate::platform::Progress;
use crate::profile::credential_index::CredentialIndex;
use crate::profile::{PROJECT_FILE, Project, ProjectFile, ProjectKey};
use crate::rotation::journal::{self, RecordSummary};
use crate::rotation::{check_retirement, plan};
use crate::wal::StateLock;

/// A key that ends sooner than this is due whatever its age.
const EXPIRY_WARNING: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A key of the project that may be due, with its name there.
type DueKey<'p> = &'p (String, ProjectKey);

#[derive(Serialize)]
#[serde(transparent)]
struct DueRotations(Vec<RotationView>);

/// Rotates what is due; one failure does not keep the others from their turn.
pub(super) async fn rotate_due(args: &KeysRotateArgs, context: &Context<'_>) -> Result<u8> {
    let project = match ProjectFile::find(context.platform)? {
        ProjectFile::Obeyed(project) => project,
        ProjectFile::Untrusted(untrusted) => return Err(untrusted.error()),
        ProjectFile::Absent => {
            return Err(
                Error::usage(format!("there is no {PROJECT_FILE} here or above")).hint(
                    "`--due` reads from it which keys there are and how often each is rotated",
                ),
            );
        }
    };
    let mut by_profile: BTreeMap<Option<&str>, Vec<DueKey<'_>>> = BTreeMap::new();
    let wanted = context.global.profile.as_deref();
    for entry in &project.keys.0 {
        let own = project.profile_of(&entry.1);
        if wanted.is_none_or(|wanted| own.is_none_or(|own| own == wanted)) {
            by_profile.entry(own.or(wanted)).or_default().push(entry);
        }
    }
    if !args.plan && !project.keys.0.is_empty() {
        confirm(context, &project, &by_profile, args.repair)?;
    }
    let count = by_profile.values().map(Vec::len).sum();
    let work = context.log.progress_of("rotating what is due", count);
    // One profile's keys in order, for the sake of its limits; the profiles side by side.
    let each = by_profile
        .into_values()
        .map(|keys| of_profile(args, context, &project, keys, &*work));
    let mut told = Vec::new();
    let mut first = FirstFailure::default();
    for outcome in join_all(each).await.into_iter().flatten() {
        match outcome {
            Ok(one) => told.extend(one),
            Err(error) => first.add(context, error),
        }
    }
    drop(work);
    if context.reporter.json {
        context.reporter.json_value(&DueRotations(told))?;
    } else if args.plan {
        for one in &told {
            context.reporter.card(&one.card())?;
        }
    } else if told.is_empty() && first.is_none() {
        context.log.note(if args.repair {
            "no key is due, and nothing was repaired"
        } else {
            "no key is due"
        });
    }
    first.exit_code()
}

/// Asks whether what is due may be rotated, with every key that may be, its profile and service, and where it goes.
fn confirm(
    context: &Context<'_>,
    project: &Project,
    by_profile: &BTreeMap<Option<&str>, Vec<DueKey<'_>>>,
    is_repair: bool,
) -> Result<()> {
    let mut what =
        "every key of the project that is due is replaced, and the old one revoked".to_owned();
    if is_repair {
        what.push_str(
            "; the others are written again to their destinations that no longer hold them",
        );
    }
    if context.may_ask && !context.global.yes {
        let listed = by_profile.values().flatten();
        for (name, key) in listed {
            // A profile that cannot be opened is reported when its turn comes.
            let (profile, service) = match open_for(context, project, key) {
                Ok(opened) => (opened.chosen.name, opened.manifest.name.clone()),
                Err(_) => (
                    project.profile_of(key).unwrap_or("?").to_owned(),
                    "?".to_owned(),
                ),
            };
            let key_of = format!("\n`{}` of the profile `{}`", escape(name), escape(&profile));
            let places = key.destinations.iter();
            let places = places.map(|to| delivery::place(&project.shown(key, to)));
            what.extend([key_of, format!(" at {service}")]);
            what.extend(places);
            what.extend(delivery::hook_lines(&key.after, key.check.as_ref()));
        }
    }
    context.confirm(&what, "Rotate the due keys?")
}

async fn of_profile(
    args: &KeysRotateArgs,
    context: &Context<'_>,
    project: &Project,
    keys: Vec<DueKey<'_>>,
    work: &dyn Progress,
) -> Vec<Result<Option<RotationView>>> {
    let Some((_, first)) = keys.first() else {
        return Vec::new();
    };
    let opened = match open_for(context, project, first) {
        Ok(opened) => opened,
        Err(error) => return vec![Err(error)],
    };
    let all = context
        .with_client(&opened, async |client| {
            // Taken before anybody looks: what another process rotates meanwhile is not due any more.
            let lock = if args.plan {
                None
            } else {
                journal::try_lock_profile(context.platform, client.profile)?
            };
            if lock.is_none() && !args.plan {
                context.log.note(&format!(
                    "the keys of the profile `{}` are left to the other process that rotates them",
                    client.profile
                ));
                return Ok(Vec::new());
            }
            let there = keys_of(client).await?;
            let mut outcomes = Vec::new();
            let mut seen = SeenJournal::default();
            for (name, key) in keys {
                let entry = (project, name.as_str(), key);
                let of_key = one(args, context, client, entry, (&there, &seen), lock.as_ref());
                let of_key = of_key.await.unwrap_or_else(|error| vec![Err(error)]);
                work.step();
                if !of_key.iter().all(|outcome| matches!(outcome, Ok(None))) {
                    // It may hold a record of this key now.
                    seen = SeenJournal::default();
                }
                let named = of_key.into_iter().map(|outcome| {
                    outcome.map_err(|error| error.context(&format!("`{}`", one_line(name))))
                });
                outcomes.extend(named);
            }
            Ok(outcomes)
        })
        .await;
    all.unwrap_or_else(|error| vec![Err(error)])
}

/// The journal as the keys of a profile find it, read once for those that are left as they are.
#[derive(Default)]
struct SeenJournal {
    records: OnceCell<Vec<RecordSummary>>,
    revoked: OnceCell<RevokedHere>,
    deliveries: OnceCell<Deliveries>,
}

impl SeenJournal {
    /// Returns the records of all profiles.
    fn records(&self, context: &Context<'_>) -> Result<&[RecordSummary]> {
        once(&self.records, || journal::all(context.platform)).map(Vec::as_slice)
    }

    fn revoked(&self, context: &Context<'_>) -> Result<&RevokedHere> {
        once(&self.revoked, || RevokedHere::known(context))
    }

    fn deliveries(&self, context: &Context<'_>) -> Result<&Deliveries> {
        once(&self.deliveries, || {
            Ok(Deliveries::of(self.records(context)?, context.platform))
        })
    }
}

/// Returns the value in `cell`, which is read at its first use.
fn once<T>(cell: &OnceCell<T>, read: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let value = read()?;
    Ok(cell.get_or_init(|| value))
}

/// Rotates one key where it is due, or else repairs its destinations if that is asked; `there` are the keys of its
/// profile.
async fn one(
    args: &KeysRotateArgs,
    context: &Context<'_>,
    client: &ApiClient<'_>,
    entry: (&Project, &str, &ProjectKey),
    (there, journal): (&[Key], &SeenJournal),
    lock: Option<&StateLock>,
) -> Result<Outcomes> {
    let (project, name, wanted) = entry;
    let manifest = client.service.manifest;
    let records = journal.records(context)?.iter();
    let mut under_way = records.filter(|seen| is_of_profile(seen, client));
    if let Some(seen) = under_way
        .clone()
        .find(|seen| repair::is_repair_of(seen, name))
    {
        let going_on = repair::resume(context, client, seen, args.plan);
        return Ok(vec![Box::pin(going_on).await.map(Some)]);
    }
    let begun = under_way.find(|seen| is_rotation_of(seen, client, Some(name)));
    let alone = manifest.one_key || there.len() == 1 && there[0].id.is_none();
    let key = match (there, &begun) {
        // Old and new stand side by side under one name until it is finished.
        (_, Some(_)) => Key::unknown(client.service.name(), client.profile),
        _ if slots::is_strategy(client, wanted.strategy) => {
            let to = project.destinations(wanted, client.profile)?;
            let to = destinations(context, &to, None)?;
            slots::in_use(context, client, &to, None, there).await?
        }
        ([only], _) if alone => only.clone(),
        _ => journal
            .revoked(context)?
            .select(client, there, name, select_exactly)?,
    };
    let now = context.platform.clock.now();
    let every = wanted.rotate_every.or(manifest.limits.rotate_every);
    match why_due(client, &key, every, now)? {
        _ if begun.is_some() => {}
        Due::Yes(why) => context.log.note(&format!("`{name}` is due: {why}")),
        Due::No if !args.repair => return Ok(Vec::new()),
        Due::Unknown(why) if !args.repair => {
            context.log.warn(&format!("`{name}` is left alone: {why}"));
            return Ok(Vec::new());
        }
        Due::No | Due::Unknown(_) => {
            let fingerprint = journal.deliveries(context)?.fingerprint(client, &key);
            let known = (&key, fingerprint);
            return Ok(repair::repair(context, client, entry, known, lock).await);
        }
    }
    let request = request(args, Some(entry), client.profile, context)?;
    check_retirement(client, &request.options)?;
    if let (true, Some(seen)) = (args.plan, begun) {
        return Ok(vec![Ok(Some(rotations::view(&seen.id, &seen.events)))]);
    }
    let own = delivery::login_destination(client, Some(&key)).await?;
    let to = destinations(context, &request.to, own.as_ref())?;
    if begun.is_none() && to.contains(&DestinationSpec::STDOUT) {
        // The output of a scheduler may not be read, and several keys in a row cannot be told apart.
        return Err(Error::usage("no destination for the new key").hint(format!(
            "name it in {}: keys.{name}.destinations = [\"…\"]",
            project.path.display()
        )));
    }
    let Some(lock) = lock else {
        let plan = plan(client, key, Some(there), &request.options).await?;
        return Ok(vec![Ok(Some(rotations::view_plan(&plan, client, &to)))]);
    };
    let strategy = request.options.strategy;
    let strategy = strategy.unwrap_or(client.service.manifest.rotation.strategy);
    if strategy == Strategy::Manual && begun.is_none() && !context.may_ask {
        return Err(Error::usage(format!(
            "{} has no operation to create keys: do it by hand",
            client.service.name()
        ))
        .hint(format!(
            "rotate it at a terminal: keywright keys rotate {}",
            shell_argument(name)
        )));
    }
    let done = rotate_one(context, client, request, lock).await?;
    rotations::report_outcome(context, &done.outcome);
    Ok(vec![Ok(Some(done.told()))])
}

enum Due {
    Yes(String),
    No,
    Unknown(String),
}

/// Returns whether a key is due: by its age, or because it expires soon.
fn why_due(client: &ApiClient<'_>, key: &Key, every: Option<Span>, now: Timestamp) -> Result<Due> {
    if let Some(end) = key.expires_at
        && now.duration_until(end) < EXPIRY_WARNING
    {
        let words = crate::report::output::expiry(end, now);
        return Ok(Due::Yes(format!("it {words}")));
    }
    let Some(every) = every else {
        return Ok(match key.expires_at {
            Some(_) => Due::No,
            None => {
                Due::Unknown("nothing says how often it is rotated: set `rotate_every`".to_owned())
            }
        });
    };
    let Some(made) = key.secret_since().or(saved_at(client)?) else {
        return Ok(Due::Unknown("its age is unknown".to_owned()));
    };
    match every.after(made) {
        Some(due) if due <= now => {
            let words = crate::report::output::relative(Some(made), now);
            Ok(Due::Yes(format!(
                "it was made {words}, and is rotated every {every}"
            )))
        }
        _ => Ok(Due::No),
    }
}

/// Returns the time the login key was stored: its minimum age, if the service does not report one.
fn saved_at(client: &ApiClient<'_>) -> Result<Option<Timestamp>> {
    let Some(name) = client.service.manifest.new_key() else {
        return Ok(None);
    };
    let index = CredentialIndex::load(client.session.platform)?;
    Ok(index
        .get(client.profile, name)
        .map(|stored| stored.saved_at))
}
