//! `keywright providers check`: what is wrong with a manifest, and whether its examples hold.

use std::path::Path;

use serde_json::json;

use super::super::Context;
use super::live;
use crate::cli::ProvidersCheck;
use crate::error::{Error, Kind, Result};
use crate::manifest::{Manifest, place_of};
use crate::providers::{self, Known};
use crate::replay::{self, Played};

/// Checks a manifest; 2 where it or one of its examples is wrong.
pub(super) async fn check(args: &ProvidersCheck, context: &Context<'_>) -> Result<u8> {
    let known = named(&args.manifest, context)?;
    let manifest = known.with_examples()?;
    let played = replay::play(&manifest, context.world).await;
    let not_shown = replay::not_shown(&manifest);
    let wrong: Vec<String> = played
        .iter()
        .filter_map(|one| Some(complaint(&known, one, one.outcome.as_ref().err()?)))
        .collect();
    if context.reporter.json && !args.live {
        report_json(&manifest, &known, &played, &not_shown, context)?;
    }
    for place in &not_shown {
        context
            .log
            .warn(&format!("no example shows {place}: record one"));
    }
    warn_of_the_rest(&manifest, &known, &args.manifest, context);
    if !wrong.is_empty() {
        if context.reporter.json {
            return Ok(Kind::Usage.exit_code());
        }
        let count = (wrong.len(), played.len());
        return Err(
            Error::usage(format!("{} of {} examples do not hold", count.0, count.1)).hints(wrong),
        );
    }
    if !context.reporter.json {
        let examples = match played.len() {
            0 => "it has no examples yet".to_owned(),
            1 => "its example holds".to_owned(),
            count => format!("its {count} examples hold"),
        };
        context.log.note(&format!(
            "the manifest of `{}` is sound, and {examples}",
            manifest.name
        ));
    }
    if args.live {
        return live::walk(args, manifest, context).await;
    }
    Ok(0)
}

/// The manifest that is meant: a file, or what is known by that name.
fn named(text: &str, context: &Context<'_>) -> Result<Known> {
    let world = context.world;
    let path = world.folder.join(text);
    let is_path = text.contains(std::path::is_separator)
        || Path::new(text).extension().is_some_and(|end| end == "toml");
    if is_path {
        Known::of_file(&path, world)
    } else {
        providers::find(text, world)
    }
}

fn complaint(known: &Known, played: &Played, why: &str) -> String {
    let path: Vec<&str> = played.place.split('.').collect();
    format!(
        "{}:{}, example `{}`: {why}",
        known.file(),
        place_of(&known.text, &path),
        played.name
    )
}

/// What is no mistake, and worth mending all the same.
fn warn_of_the_rest(manifest: &Manifest, known: &Known, given: &str, context: &Context<'_>) {
    if manifest.name != known.name {
        context.log.warn(&format!(
            "`{given}` has to be called {}.toml before commands know it",
            manifest.name
        ));
    }
    if manifest.sources.is_empty() && manifest.docs.is_none() {
        context
            .log
            .warn("neither `sources` nor `docs` says where its facts come from");
    }
}

fn report_json(
    manifest: &Manifest,
    known: &Known,
    played: &[Played],
    not_shown: &[String],
    context: &Context<'_>,
) -> Result<()> {
    let examples: Vec<_> = played
        .iter()
        .map(|one| {
            json!({
                "place": one.place,
                "name": one.name,
                "holds": one.outcome.is_ok(),
                "why": one.outcome.as_ref().err(),
            })
        })
        .collect();
    context.reporter.json_value(&json!({
        "name": manifest.name,
        "file": known.file(),
        "examples": examples,
        "not_shown": not_shown,
    }))
}
