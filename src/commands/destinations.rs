//! `keywright destinations`.

mod page;

use std::path::Path;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::providers::check_all;
use super::{Context, Run, delivery};
use crate::authoring::check;
use crate::authoring::show::origin;
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::mask_typed_secret;
use crate::destination::{self, DestinationKind, DestinationSpec, KINDS, StoredContent};
use crate::manifest::Manifest;
use crate::providers::{Catalogue, ProviderSource, is_name};
use crate::report::output::{Cell, Column, Tabular};

/// List, show and check the places that keys are delivered to
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  keywright destinations
  keywright destinations check --live vault:secret/app#API_KEY")]
pub struct DestinationsArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<DestinationsCommand>,
}

/// The verbs of `keywright destinations`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum DestinationsCommand {
    /// List the kinds of destinations
    #[command(after_help = "\
Examples:
  keywright destinations list
  keywright destinations list --json")]
    List,
    /// Show how a destination is addressed and reached
    #[command(after_help = "\
Examples:
  keywright destinations show vault
  keywright destinations show vault --manifest > ~/.config/keywright/destinations/mine.toml")]
    Show {
        /// Name of the destination: the word before the `:`
        destination: String,
        /// Print the manifest instead
        #[arg(long)]
        manifest: bool,
    },
    /// Validate a manifest and replay its examples, or test a destination
    #[command(after_help = "\
Examples:
  keywright destinations check ./mine.toml
  keywright destinations check --all
  keywright destinations check --live vault:secret/app#API_KEY")]
    Check {
        /// Manifest file, or name of a known destination; with --live a destination as for `--to`
        #[arg(value_name = "FILE|DEST", required_unless_present = "all")]
        checked: Option<String>,
        /// Check every manifest, built in or your own
        #[arg(long, conflicts_with_all = ["checked", "live"])]
        all: bool,
        /// Ask the place whether it can take a secret, and read what it holds; nothing is written
        #[arg(long)]
        live: bool,
    },
}

impl Run for DestinationsArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        match &self.command {
            None | Some(DestinationsCommand::List) => list(context),
            Some(DestinationsCommand::Show {
                destination,
                manifest,
            }) => show(destination, *manifest, context),
            Some(DestinationsCommand::Check { checked, live, .. }) => match checked {
                None => check_all(Catalogue::Destinations, context).await,
                Some(checked) if *live => check_live(checked, context).await,
                Some(checked) => check_manifest(checked, context).await,
            },
        }
    }
}

/// A kind of destination, as it is listed.
#[derive(Serialize)]
struct DestinationRow {
    name: String,
    form: String,
    about: String,
    /// Says that its content can be read back.
    reads: bool,
    /// Says that a digest of its content is shown, by which it is compared.
    digest: bool,
    origin: String,
}

#[derive(Serialize)]
#[serde(transparent)]
struct DestinationRows(Vec<DestinationRow>);

impl Tabular<3> for DestinationRows {
    const COLUMNS: [Column; 3] = [
        Column::name("DESTINATION"),
        Column::name("READ BACK"),
        Column::prose("ABOUT"),
    ];

    fn rows(&self, _now: Timestamp) -> Vec<[Cell; 3]> {
        let row = |row: &DestinationRow| {
            let reads = match (row.reads, row.digest) {
                (true, _) => "yes",
                (false, true) => "digest",
                (false, false) => "no",
            };
            [
                Cell::from(row.form.as_str()),
                Cell::from(reads),
                Cell::from(row.about.as_str()),
            ]
        };
        self.0.iter().map(row).collect()
    }
}

fn row(known: &ProviderSource, manifest: &Manifest) -> Option<DestinationRow> {
    let address = manifest.address.as_ref()?;
    Some(DestinationRow {
        name: address.name().to_owned(),
        form: address.shown(),
        about: manifest.about.clone(),
        reads: page::can_read(manifest),
        digest: page::shows_digest(manifest),
        origin: origin(known),
    })
}

fn list(context: &Context<'_>) -> Result<u8> {
    let mut rows: Vec<DestinationRow> = Vec::new();
    for kind in KINDS {
        rows.push(DestinationRow {
            name: kind.name().to_owned(),
            form: kind.syntax.to_owned(),
            about: kind.summary.to_owned(),
            reads: kind.reads_back,
            digest: false,
            origin: "in code".to_owned(),
        });
    }
    let mut first = None;
    for known in Catalogue::Destinations.sources(context.platform, |_| true)? {
        match known.manifest() {
            Ok(manifest) => {
                let of_kind =
                    |row: &DestinationRow| KINDS.iter().any(|kind| kind.name() == row.name);
                rows.extend(row(&known, &manifest).filter(|row| !of_kind(row)));
            }
            // One bad manifest does not hide the others.
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    context
        .reporter
        .report(&DestinationRows(rows), "no destinations")?;
    first.map_or(Ok(0), Err)
}

fn show(name: &str, as_manifest: bool, context: &Context<'_>) -> Result<u8> {
    let word = name.split(':').next().unwrap_or_default();
    if let Some(kind) = KINDS.iter().find(|kind| kind.name() == word) {
        return show_in_code(kind, as_manifest, context);
    }
    let known = described(word, context)?;
    if as_manifest {
        return show_texts(&known, context);
    }
    let manifests = read(&known)?;
    if context.reporter.json {
        let shown = manifests
            .iter()
            .map(|(from, manifest)| page::summary(manifest, from));
        let shown: Vec<_> = shown.collect();
        // Nearly every name has one manifest.
        match shown.as_slice() {
            [only] => context.reporter.json_value(only)?,
            several => context.reporter.json_value(&several)?,
        }
    } else {
        let pages = manifests
            .iter()
            .map(|(from, manifest)| page::page(manifest, from));
        context
            .reporter
            .text(&pages.collect::<Vec<_>>().join("\n"))?;
    }
    Ok(0)
}

fn show_in_code(kind: &DestinationKind, as_manifest: bool, context: &Context<'_>) -> Result<u8> {
    let word = kind.name();
    let known = if Catalogue::Destinations.has_built_in(word) {
        destination::described(word, context.platform)?
    } else {
        Vec::new()
    };
    if as_manifest && known.is_empty() {
        return Err(
            Error::usage(format!("`{word}` is in code: it has no manifest")).hint(format!(
                "see what it does: keywright destinations show {word}"
            )),
        );
    }
    if as_manifest {
        return show_texts(&known, context);
    }
    let manifests = read(&known)?;
    let manifests = manifests.iter();
    if context.reporter.json {
        let mut shown = json!({
            "name": word,
            "form": kind.syntax,
            "about": kind.summary,
            "reads": kind.reads_back,
            "origin": "in code",
        });
        let by_api: Vec<_> = manifests
            .map(|(from, manifest)| page::summary(manifest, from))
            .collect();
        if !by_api.is_empty() {
            shown["by_api"] = json!(by_api);
        }
        context.reporter.json_value(&shown)?;
    } else {
        let pages = manifests.map(|(from, manifest)| page::page(manifest, from));
        let pages: Vec<_> = [page::in_code(kind)].into_iter().chain(pages).collect();
        context.reporter.text(&pages.join("\n"))?;
    }
    Ok(0)
}

fn show_texts(known: &[ProviderSource], context: &Context<'_>) -> Result<u8> {
    for one in known {
        context.reporter.text(one.text()?)?;
    }
    Ok(0)
}

/// Reads manifests, each with its origin.
fn read(known: &[ProviderSource]) -> Result<Vec<(String, Manifest)>> {
    let each = known.iter();
    each.map(|one| Ok((origin(one), one.manifest()?))).collect()
}

/// Returns the manifests whose addresses begin with a word.
fn described(word: &str, context: &Context<'_>) -> Result<Vec<ProviderSource>> {
    let platform = context.platform;
    let known = if is_name(word) {
        destination::described(word, platform)?
    } else {
        Vec::new()
    };
    if !known.is_empty() {
        return Ok(known);
    }
    let mut names: Vec<String> = KINDS.iter().map(|kind| kind.name().to_owned()).collect();
    let described = Catalogue::Destinations.names(platform)?;
    names.extend(described.into_iter().map(|(name, _)| name));
    Err(Error::new(
        Kind::NotFound,
        format!("there is no destination `{}`", mask_typed_secret(word)),
    )
    .did_you_mean(word, names.iter().map(String::as_str))
    .hint("see those that are known: keywright destinations")
    .hint(format!(
        "a manifest of your own goes to {}",
        Catalogue::Destinations
            .folder(platform)
            .join("NAME.toml")
            .display()
    )))
}

/// Checks a manifest; 2 where it is wrong or an example fails.
async fn check_manifest(checked: &str, context: &Context<'_>) -> Result<u8> {
    let platform = context.platform;
    let file = platform.folder.join(checked);
    let is_file = file.is_file()
        || Path::new(checked)
            .extension()
            .is_some_and(|end| end == "toml");
    let known = if is_file {
        vec![ProviderSource::from_file_of(
            Catalogue::Destinations,
            &file,
            platform,
        )?]
    } else if checked.contains(':') {
        return Err(Error::usage(format!(
            "`{}` is a destination, not a manifest",
            crate::core::untrusted::one_line(checked)
        ))
        .hint("add --live to test it; nothing is written"));
    } else {
        described(checked, context)?
    };
    for one in &known {
        let (report, manifest) = check::check(one, platform).await?;
        if context.reporter.json {
            context.reporter.json_value(&report)?;
        } else {
            context
                .reporter
                .text(&report.page(context.global.verbose))?;
        }
        report.verdict()?;
        if manifest.is_some_and(|manifest| manifest.address.is_none()) {
            return Err(Error::usage(format!("{} describes a service", one.file()))
                .hint("check it with: keywright providers check FILE"));
        }
    }
    Ok(0)
}

/// Tests whether a destination can take a secret, and reads what it holds.
async fn check_live(checked: &str, context: &Context<'_>) -> Result<u8> {
    let spec: DestinationSpec = checked.parse()?;
    let spec = spec.absolute(&context.platform.folder, &context.platform.env)?;
    let place = delivery::open_for_check(context, &spec)?;
    place.probe().await?;
    let holds = match place.read_if_possible().await? {
        StoredContent::Value(_) => "a value",
        StoredContent::Digest(_) => "a digest",
        StoredContent::Absent => "nothing",
        StoredContent::Unreadable => "unknown",
    };
    let name = place.describe();
    if context.reporter.json {
        let said = json!({ "destination": spec.to_string(), "ok": true, "holds": holds });
        context.reporter.json_value(&said)?;
    } else {
        let holds = match holds {
            "unknown" => "its content cannot be read back".to_owned(),
            "a digest" => "it shows a digest of the value that it holds".to_owned(),
            holds => format!("it holds {holds}"),
        };
        context
            .reporter
            .text(&format!("`{name}` can take a secret; {holds}\n"))?;
    }
    Ok(0)
}
