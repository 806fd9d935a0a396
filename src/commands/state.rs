//! `keywright state`: where journal, locks and staged secrets are, and how they move.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Context, Run};
use crate::core::error::{Error, Kind, Result};
use crate::engine;
use crate::platform::Platform;
use crate::profile::Config;
use crate::report::output::Card;
use crate::rotation::journal;

/// Show where journal, locks and staged secrets are kept, or move them
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  keywright state
  keywright state move vault:kv/keywright")]
pub struct StateArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<StateCommand>,
}

/// The verbs of `keywright state`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum StateCommand {
    /// Move the log and what is remembered of keys to an engine, or back to the state folder
    ///
    /// Nothing may be unfinished: the secrets of a rotation stay where it began. The new place is written to config.toml.
    #[command(after_help = "\
Examples:
  keywright state move vault:kv/keywright
  keywright state move folder")]
    Move {
        /// The new place: vault:MOUNT/PATH, or folder
        #[arg(value_name = "PLACE")]
        to: String,
    },
}

/// The place of the state.
#[derive(Serialize)]
struct StatePlace {
    place: String,
    shared: bool,
}

impl StatePlace {
    fn of(platform: &Platform) -> StatePlace {
        let shared = platform.shared_state.as_ref();
        StatePlace {
            place: shared.map_or_else(
                || platform.dirs.state.display().to_string(),
                |state| state.place(),
            ),
            shared: shared.is_some(),
        }
    }
}

impl Run for StateArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        match &self.command {
            None => show(context),
            Some(StateCommand::Move { to }) => move_to(to, context),
        }
    }
}

fn show(context: &Context<'_>) -> Result<u8> {
    let place = StatePlace::of(context.platform);
    if context.reporter.json {
        context.reporter.json_value(&place)?;
        return Ok(0);
    }
    let mut card = Card::new(7);
    card.whole("place", place.place);
    card.text("shared", if place.shared { "yes" } else { "no" });
    context.reporter.card(&card)?;
    Ok(0)
}

fn move_to(to: &str, context: &Context<'_>) -> Result<u8> {
    let platform = context.platform;
    let place = (to != "folder").then_some(to);
    if let Some(place) = place {
        engine::check_place(place)?;
    }
    if let Some(named) = platform.env.get(engine::PLACE_VARIABLE)
        && named != to
    {
        return Err(Error::new(
            Kind::Usage,
            "KEYWRIGHT_STATE names the place that is moved from, and would still name it afterwards",
        )
        .hint(format!("unset it, or name the new place with it: export KEYWRIGHT_STATE={to}"))
        .hint("the old place is then the one in config.toml, or the state folder"));
    }
    let mut there = platform.clone();
    if platform.env.get(engine::PLACE_VARIABLE) != Some(to) {
        there.shared_state = engine::open_at(platform, context.log, to)?;
    }
    let mut here = platform.clone();
    here.shared_state = configured(platform, context)?;
    let (from, into) = (StatePlace::of(&here), StatePlace::of(&there));
    if from.place == into.place {
        context
            .log
            .note(&format!("the state is in {} already", into.place));
        Config::set_state(platform, place)?;
        return Ok(0);
    }
    let count = journal::move_closed(&here, &there)?;
    Config::set_state(platform, place)?;
    context.log.note(&format!(
        "the state is in {} now; {count} records of the log were moved",
        into.place
    ));
    Ok(0)
}

/// Opens the place that the configuration names, whatever the environment says.
fn configured(
    platform: &Platform,
    context: &Context<'_>,
) -> Result<Option<std::rc::Rc<dyn crate::platform::SharedState>>> {
    let place = Config::load(platform)?.state.vault;
    place.map_or(Ok(None), |place| {
        engine::open_at(platform, context.log, place)
    })
}
