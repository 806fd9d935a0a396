//! The request for a rotation, from the command line and the project file.

use clap::Args;

use super::super::super::Context;
use super::super::project_key::ProjectEntry;
use crate::commands::arguments::{destination, pair};
use crate::core::error::{Error, Kind, Result};
use crate::destination::DestinationSpec;
use crate::manifest::{Retirement, Span, Strategy, read_expiry};
use crate::rotation::RotateOptions;
use crate::rotation::create::SearchSchedule;
use crate::rotation::journal::{Record, RecordState};

/// Replace a key: create, deliver and verify a new one, then revoke the old one
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright keys rotate ci --to dotenv:.env#API_KEY --grace 24h
  keywright keys rotate --due --yes
  keywright keys rotate --due --repair --plan")]
pub struct KeysRotateArgs {
    /// Id, unique name or prefix, or a key of keywright.toml [default: the only key]
    pub key: Option<String>,
    /// Destination of the new key: `file:PATH`, `dotenv:PATH#VAR`, … (can be repeated)
    #[arg(long, value_name = "DEST", value_parser = destination)]
    pub to: Vec<DestinationSpec>,
    /// Rotation strategy [default: the provider's]
    #[arg(long, value_enum, value_name = "S")]
    pub strategy: Option<Strategy>,
    /// Time for which the old key stays valid after the rotation
    #[arg(long, value_name = "D")]
    pub grace: Option<Span>,
    /// Keep the old key until it is unused for a time: when-unused or when-unused=24h
    #[arg(long, value_name = "WHEN")]
    pub retire: Option<Retirement>,
    /// Scope of the new key [default: those of the old one] (can be repeated)
    #[arg(long = "scope", value_name = "S")]
    pub scopes: Vec<String>,
    /// Expiry of the new key: 90d, 2027-01-31 or never [default: the lifetime of the old one]
    #[arg(long, value_name = "WHEN")]
    pub expires: Option<String>,
    /// Additional field of the new key [default: that of the old one] (can be repeated)
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Print the steps and change nothing
    #[arg(long, visible_alias = "dry-run")]
    pub plan: bool,
    /// Rotate all keys of keywright.toml that are due
    #[arg(long, conflicts_with_all = ["key", "to"])]
    pub due: bool,
    /// Write the current key again to destinations of keywright.toml that no longer hold it
    #[arg(long, requires = "due", conflicts_with_all = ["key", "to"])]
    pub repair: bool,
}

/// A request to rotate a key.
pub(in super::super) struct RotateRequest<'r> {
    /// The key as it was named; none where there is only one.
    pub key: Option<&'r str>,
    /// The project file named it, so that its name is exact.
    pub exactly: bool,
    /// The destinations come from the project file alone.
    pub by_project: bool,
    /// The destinations; empty means the known places of the old key, or else stdout.
    pub to: Vec<DestinationSpec>,
    /// The options that differ from the old key.
    pub options: RotateOptions,
    /// Another rotation starts once an aborted one is finished.
    pub anew: bool,
    /// The schedule of list requests if the response is lost.
    pub search_schedule: SearchSchedule,
    /// The flags that say what the new key is: too late where there is one already.
    flags: Vec<&'static str>,
}

/// Merges the command line and the project file; the command line wins.
pub(in super::super) fn request<'r>(
    args: &'r KeysRotateArgs,
    entry: Option<ProjectEntry<'r>>,
    profile: &str,
    context: &Context<'_>,
) -> Result<RotateRequest<'r>> {
    let mut request = RotateRequest {
        key: args.key.as_deref(),
        exactly: entry.is_some(),
        by_project: args.to.is_empty(),
        to: args.to.clone(),
        options: RotateOptions {
            strategy: args.strategy,
            grace: args.grace,
            retire: args.retire,
            fields: args.set.clone(),
            ..RotateOptions::default()
        },
        anew: !args.due,
        // The other keys that are due wait for their turn.
        search_schedule: if args.due {
            SearchSchedule::Once
        } else {
            context.search_schedule()
        },
        flags: flags(args),
    };
    if let Some((project, name, key)) = entry {
        request.key = Some(name);
        if args.to.is_empty() {
            request.to = project.destinations(key, profile)?;
        }
        let options = &mut request.options;
        options.strategy = options.strategy.or(key.strategy);
        options.grace = options.grace.or(key.grace);
        options.retire = options.retire.or(key.retire);
        (options.after, options.check) = project.hooks(key)?;
        options.scopes.clone_from(&key.scopes);
        let expires = key.expires.as_deref();
        options.expires = expires
            .map(|text| read_expiry(text, context.started))
            .transpose()
            .map_err(|error| {
                error.context(&format!("{}: keys.{name}.expires", project.path.display()))
            })?;
    }
    if !args.scopes.is_empty() {
        request.options.scopes.clone_from(&args.scopes);
    }
    if let Some(text) = &args.expires {
        request.options.expires = Some(read_expiry(text, context.started)?);
    }
    Ok(request)
}

/// Returns the flags of `args` that say what the new key is.
fn flags(args: &KeysRotateArgs) -> Vec<&'static str> {
    let given = [
        (!args.scopes.is_empty(), "--scope"),
        (args.expires.is_some(), "--expires"),
        (!args.set.is_empty(), "--set"),
    ];
    let given = given.into_iter().filter(|(is_given, _)| *is_given);
    given.map(|(_, flag)| flag).collect()
}

impl RotateRequest<'_> {
    /// Refuses what comes too late for a rotation that is under way: other places, and another kind of key.
    pub(super) fn check_against(&self, record: &Record, context: &Context<'_>) -> Result<()> {
        let id = &record.id;
        let planned = &record.intent()?.to;
        let mut why = None;
        for spec in &self.to {
            let spec = spec.absolute(&context.platform.folder, &context.platform.env)?;
            if !planned.contains(&spec) {
                why.get_or_insert_with(|| format!("does not go to `{spec}`"));
            }
        }
        // The rotation that was being rolled back makes room for another key, which is the one that they are about.
        let goes_on = record.state() != RecordState::RollingBack;
        let flag = self.flags.first().filter(|_| goes_on);
        let why = why.or_else(|| Some(format!("`{}` comes too late for its new key", flag?)));
        why.map_or(Ok(()), |why| {
            Err(Error::new(
                Kind::Conflict,
                format!("the rotation {id} of this key is unfinished, and {why}"),
            )
            .hint(format!("finish it: keywright rotations resume {id}"))
            .hint(format!("or abort it: keywright rotations abort {id}")))
        })
    }
}
