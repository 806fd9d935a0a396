//! `keywright rotations`: what is unfinished, how to finish it, how to give it up, how to go back.

mod log;
mod login;
mod raw;
mod resume;
mod view;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;

pub(super) use login::{may_have_ended, must_stand};
pub(super) use view::{RotationView, view, view_plan, view_repair};

use self::view::RotationList;
use super::arguments::positive;
use super::delivery::{self, CliCallbacks, NewKeyInfo};
use super::{Context, Run};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Change, Key};
use crate::core::moment::to_the_minute;
use crate::core::secret::Secret;
use crate::core::untrusted::{mask_typed_secret, one_line};
use crate::manifest::Span;
use crate::profile::{Config, ProfileConfig, SelectedProfile, SelectionSource};
use crate::rotation::journal::{
    self, EventKind, EventLog, Intent, Record, RecordState, RecordSummary, Unreadable,
};
use crate::rotation::{GrantedKey, Rotation, RunOutcome, granted, granted_later};

/// List, resume, abort or undo unfinished rotations, and show the log
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  keywright rotations
  keywright rotations resume 20261120-3f9a0c-7b21d4")]
pub struct RotationsArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<RotationsCommand>,
}

/// The verbs of `keywright rotations`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum RotationsCommand {
    /// List unfinished rotations
    #[command(after_help = "\
Examples:
  keywright rotations list
  keywright rotations list --json")]
    List,
    /// Show the progress of a rotation and the next step
    #[command(after_help = "\
Examples:
  keywright rotations show 20261120-3f9a0c-7b21d4 --json
  keywright rotations show 20261120-3f9a0c-7b21d4 --raw > answer")]
    Show {
        /// Id of the rotation [default: the only unfinished one]
        id: Option<String>,
        /// Print the saved response that could not be parsed, decrypted; it may contain the key
        #[arg(long)]
        raw: bool,
    },
    /// Resume a rotation, or search for a key whose response was lost
    #[command(after_help = "\
Examples:
  keywright rotations resume
  keywright rotations resume 20261120-3f9a0c-7b21d4 --yes")]
    Resume {
        /// Id of the rotation [default: all unfinished ones]
        id: Option<String>,
    },
    /// Abort a rotation: revoke the new key and keep the old one
    #[command(after_help = "\
Examples:
  keywright rotations abort
  keywright rotations abort 20261120-3f9a0c-7b21d4 --yes")]
    Abort {
        /// Id of the rotation [default: the only unfinished one]
        id: Option<String>,
    },
    /// Restore the old key everywhere while it is still valid, and revoke the new one
    #[command(after_help = "\
Examples:
  keywright rotations undo
  keywright rotations undo 20261120-3f9a0c-7b21d4")]
    Undo {
        /// Id of the rotation [default: the only unfinished one]
        id: Option<String>,
    },
    /// Show what was done with keys, when and by whom, and prove that nothing of it was changed
    #[command(after_help = "\
Examples:
  keywright rotations log --since 30d
  keywright rotations log --json")]
    Log {
        /// Only events of this last time
        #[arg(long, value_name = "D", value_parser = positive)]
        since: Option<Span>,
    },
}

impl Run for RotationsArgs {
    /// Carries out `keywright rotations`.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        match &self.command {
            None | Some(RotationsCommand::List) => list(context),
            Some(RotationsCommand::Show { id, raw: true }) => {
                raw::show(&pick(id.as_deref(), context)?, context)
            }
            Some(RotationsCommand::Show { id, raw: false }) => {
                show(&pick(id.as_deref(), context)?, context)
            }
            Some(RotationsCommand::Resume { id: Some(id) }) => resume::one(id, context).await,
            Some(RotationsCommand::Resume { id: None }) => resume::all(context).await,
            Some(RotationsCommand::Abort { id }) => {
                abort(&pick(id.as_deref(), context)?, context).await
            }
            Some(RotationsCommand::Log { since }) => log::show(*since, context),
            Some(RotationsCommand::Undo { id }) => {
                undo(&pick(id.as_deref(), context)?, context).await
            }
        }
    }
}

fn list(context: &Context<'_>) -> Result<u8> {
    context.warn_of_untrusted()?;
    let seen = journal::all(context.platform)?;
    for notice in seen.iter().flat_map(RecordSummary::notices) {
        context.log.warn(&notice);
    }
    let now = context.platform.clock.now();
    let all = seen.iter().map(|seen| view_at(seen, now)).collect();
    context
        .reporter
        .report(&RotationList(all), "nothing is unfinished")?;
    for path in journal::set_aside(context.platform)? {
        context.log.note(&format!(
            "a damaged record was set aside: {}",
            one_line(&path.display().to_string())
        ));
    }
    journal::clear_orphans(context.platform);
    Ok(0)
}

/// Tells what a record says at a moment, and who holds it.
fn view_at(seen: &RecordSummary, now: Timestamp) -> RotationView {
    let view = view(&seen.id, &seen.events).held_by(seen);
    match &seen.events {
        Ok(events) => view.at(events, now),
        Err(_) => view,
    }
}

/// Returns the one that is named, or the only one.
fn pick(id: Option<&str>, context: &Context<'_>) -> Result<String> {
    if let Some(id) = id {
        return Ok(id.to_owned());
    }
    let mut all = journal::all(context.platform)?;
    match all.len() {
        1 => Ok(all.remove(0).id),
        0 => Err(Error::new(Kind::NotFound, "nothing is unfinished")),
        _ => Err(
            Error::new(Kind::Conflict, "several are unfinished; name one").with_hints(
                all.into_iter()
                    .map(|seen| format!("it may be: {}", seen.id)),
            ),
        ),
    }
}

fn show(id: &str, context: &Context<'_>) -> Result<u8> {
    let all = journal::all(context.platform)?;
    let view = all
        .iter()
        .find(|seen| seen.id == id)
        .map(|seen| view_at(seen, context.platform.clock.now()))
        .ok_or_else(|| {
            Error::new(
                Kind::NotFound,
                format!("no unfinished rotation with id `{}`", mask_typed_secret(id)),
            )
            .hint("list the unfinished ones: keywright rotations")
        })?;
    answer(context, &view)?;
    Ok(0)
}

fn answer(context: &Context<'_>, view: &RotationView) -> Result<()> {
    if context.reporter.json {
        return context.reporter.json_value(view);
    }
    context.reporter.card(&view.card())
}

/// Describes a finished or waiting run in words.
pub(super) fn outcome_view(outcome: RunOutcome) -> RotationView {
    let view = view(&outcome.id, &Ok(outcome.events));
    match outcome.waits_until {
        Some(_) => view,
        None => view.over(),
    }
}

/// Says on stderr how a run ended.
pub(super) fn report_outcome(context: &Context<'_>, outcome: &RunOutcome) {
    let events = &outcome.events;
    if let (Some(key), Some(_)) = (events.repairs(), events.at(EventKind::Done)) {
        let label = key.name.as_ref().or(key.id.as_ref());
        let label = label.map_or_else(
            || "the key".to_owned(),
            |label| format!("`{}`", one_line(label)),
        );
        context
            .log
            .note(&format!("repaired the destinations of {label}"));
    }
    let Some(old) = events.replaces() else {
        return;
    };
    let label = old.name.clone().or_else(|| old.label());
    let label = label.map_or_else(
        || "the key".to_owned(),
        |label| format!("`{}`", one_line(&label)),
    );
    if let Some(end) = outcome.waits_until {
        let end = to_the_minute(end);
        let old = match events.state() {
            Ok(RecordState::Watching) => {
                format!("the old one of {label} is left until it is unused, {end} at the earliest")
            }
            Ok(RecordState::Disabled) => format!("the old one of {label} is disabled"),
            _ => format!("the old one of {label} is valid until {end}"),
        };
        let now = context.platform.clock.now();
        if let Some(expired) = events.expired_in_place(now) {
            let expired = journal::expired_notice(expired);
            let back = journal::way_back(&outcome.id);
            context
                .log
                .warn(&format!("{expired}; {old}: go back to it: {back}"));
            return;
        }
        context.log.note(&format!("the new key is in place; {old}"));
        context.log.note(&format!(
            "revoke it then: keywright rotations resume {id}; go back: keywright rotations undo {id}",
            id = outcome.id
        ));
        return;
    }
    if events.at(EventKind::Done).is_some() {
        context.log.note(&format!("rotated {label}"));
    }
}

fn person<'p>(
    context: &'p Context<'p>,
    client: &ApiClient<'_>,
    record: &Record,
    show: &'p delivery::PrintSecret<'p>,
) -> CliCallbacks<'p> {
    CliCallbacks {
        context,
        about: NewKeyInfo::default(),
        show,
        subject: delivery::subject_of(client, record),
        places: delivery::places_of(record),
    }
}

/// Holds a new key against what was asked, and warns of what is not as asked.
pub(super) async fn compare_with_request(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    record: &Record,
    key: Key,
) -> Result<(Key, Vec<Change>)> {
    let Some(granted_key) = granted(client, record.intent()?, key.clone()).await else {
        return Ok((key, Vec::new()));
    };
    warn_of(context, &granted_key);
    Ok((granted_key.key, granted_key.changed))
}

/// As [`compare_with_request`], by a run that goes on with what another has begun; `None` where nothing is compared any more.
pub(super) async fn compare_resumed(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    record: &Record,
) -> Result<Option<Vec<Change>>> {
    let given = granted_later(client, record).await?;
    Ok(given.map(|given| {
        warn_of(context, &given);
        given.changed
    }))
}

fn warn_of(context: &Context<'_>, given: &GrantedKey) {
    for warning in &given.warnings {
        context.log.warn(warning);
    }
}

/// Prints a key that was kept; `changed` is what it was given otherwise than asked.
fn print(
    context: &Context<'_>,
    record: &Record,
    changed: Option<&[Change]>,
    secret: &Secret,
) -> std::io::Result<()> {
    let kept = record.events.staged();
    if context.reporter.json {
        let id = kept.and_then(|kept| kept.id.clone());
        let masked = kept.map(|kept| kept.masked.clone());
        let mut value = json!({ "id": id, "masked": masked, "secret": secret.as_json() });
        if let Some(changed) = changed {
            value["changed"] = json!(changed);
        }
        return context.reporter.secret_json(&value);
    }
    if context.reporter.at_a_terminal() {
        return context
            .reporter
            .framed_secret("the key that was kept", secret);
    }
    context.reporter.secret(secret)
}

/// Acts on a record as its profile, under the lock of its rotations.
async fn with_record<T>(
    context: &Context<'_>,
    record: Record,
    act: impl AsyncFnOnce(&ApiClient<'_>, Record) -> Result<T>,
) -> Result<T> {
    let intent = record.intent()?.clone();
    let _lock = journal::lock_profile(context.platform, &intent.profile)?;
    let opened = context.open_chosen(chosen(&intent, context)?)?;
    context
        .with_client(&opened, async |client| act(client, record).await)
        .await
}

/// Returns the profile of a record, as it is saved now or as the environment says it.
fn chosen(intent: &Intent, context: &Context<'_>) -> Result<SelectedProfile> {
    let saved = Config::load(context.platform)?
        .profiles
        .remove(&intent.profile)
        .unwrap_or_else(|| ProfileConfig {
            provider: intent.provider.clone(),
            ..ProfileConfig::default()
        });
    Ok(SelectedProfile {
        name: intent.profile.clone(),
        saved,
        decided: SelectionSource::Each,
    })
}

/// Gives up: the new key is revoked, the old one left alone, and the copies are forgotten.
async fn abort(id: &str, context: &Context<'_>) -> Result<u8> {
    let record = match Record::try_open(context.platform, id) {
        Ok(record) => record,
        // Only a record that is unreadable for good is aborted unread: the disk may recover.
        Err(Unreadable::Damaged(error)) => return set_aside(id, &error, context),
        Err(unreadable) => return Err(unreadable.into()),
    };
    let events = with_record(context, record, async |client, record| {
        let show = |record: &Record, secret: &Secret| print(context, record, None, secret);
        let person = person(context, client, &record, &show);
        Rotation::new(client, &person, record, None).abort().await
    })
    .await?;
    report_aborted(context, id, events)
}

/// Sets a damaged record aside.
fn set_aside(id: &str, error: &Error, context: &Context<'_>) -> Result<u8> {
    context.confirm(
        &format!(
            "the record `{}` cannot be read ({error}); aborting sets it aside without searching for its key",
            one_line(id)
        ),
        "Set it aside?",
    )?;
    let path = Record::set_aside(context.platform, id)?;
    context.log.warn(&format!(
        "set aside: {}; check for a leftover key: keywright keys list",
        one_line(&path)
    ));
    Ok(0)
}

/// Puts the old value back everywhere, and revokes the new key.
async fn undo(id: &str, context: &Context<'_>) -> Result<u8> {
    let record = Record::open(context.platform, id)?;
    let events = with_record(context, record, async |client, record| {
        let show = |record: &Record, secret: &Secret| print(context, record, None, secret);
        let person = person(context, client, &record, &show);
        Rotation::new(client, &person, record, None).undo().await
    })
    .await?;
    report_aborted(context, id, events)
}

fn report_aborted(context: &Context<'_>, id: &str, events: EventLog) -> Result<u8> {
    if context.reporter.json {
        context.reporter.json_value(&view(id, &Ok(events)).over())?;
    }
    Ok(0)
}
