//! `keywright providers`.

mod check;
mod live;
mod new;
mod record;

pub(super) use check::check_all;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;

use super::{Context, Run};
use crate::authoring::schema::schema;
use crate::authoring::show::{origin, page, summary};
use crate::core::error::Result;
use crate::providers;
use crate::report::output::{Cell, Column, Tabular};

/// List, show, add and check service providers
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  keywright providers
  keywright providers show schatzi")]
pub struct ProvidersArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<ProvidersCommand>,
}

/// The verbs of `keywright providers`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProvidersCommand {
    /// List the providers
    #[command(after_help = "\
Examples:
  keywright providers list
  keywright providers list --json")]
    List,
    /// Show the operations that a service supports
    #[command(after_help = "\
Examples:
  keywright providers show schatzi
  keywright providers show schatzi --manifest > mine.toml")]
    Show {
        /// Name of the provider
        provider: String,
        /// Print the manifest instead
        #[arg(long)]
        manifest: bool,
    },
    /// Write a manifest for a new service from a few answers, or from the description of its API
    #[command(after_help = "\
At a terminal, missing values are prompted for. A value that you leave empty becomes a comment that explains it.
The examples in the file are made up from your answers: providers check --live --record puts real ones in their place.
With --from, what the document does not say is marked as open, and what its names suggest as guessed.

Examples:
  keywright providers new acme
  keywright providers new acme --from openapi.yaml
  keywright providers new acme --title Acme --url https://api.acme.example.com --header X-Api-Key --list /keys --id /id
  keywright providers new acme --title Acme --url https://{var.host}/api --part id --part secret --exchange /token --token /access_token")]
    New(Box<new::ProvidersNewArgs>),
    /// Validate a manifest, replay its examples and report coverage
    #[command(after_help = "\
Examples:
  keywright providers check ~/.config/keywright/providers/acme.toml
  keywright providers check acme --json
  keywright providers check --all
  keywright providers check acme --live -p acme
  keywright providers check acme --live --record -p acme")]
    Check(check::ProvidersCheckArgs),
    /// Print the JSON Schema of manifests, for editors; the reference is keywright-manifest(5)
    #[command(after_help = "\
Examples:
  keywright providers schema > keywright-manifest.json
  keywright providers schema | jq .properties.operations")]
    Schema,
}

impl Run for ProvidersArgs {
    /// Carries out `keywright providers`.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        match &self.command {
            None | Some(ProvidersCommand::List) => list(context),
            Some(ProvidersCommand::Show { provider, manifest }) => {
                show(provider, *manifest, context)
            }
            Some(ProvidersCommand::New(args)) => Box::pin(new::new(args, context)).await,
            Some(ProvidersCommand::Check(args)) => Box::pin(check::check(args, context)).await,
            Some(ProvidersCommand::Schema) => {
                context.reporter.text(&schema()?)?;
                Ok(0)
            }
        }
    }
}

#[derive(Serialize)]
struct ProviderRow {
    name: String,
    title: String,
    about: String,
    origin: String,
}

#[derive(Serialize)]
#[serde(transparent)]
struct ProviderRows(Vec<ProviderRow>);

impl Tabular<3> for ProviderRows {
    const COLUMNS: [Column; 3] = [
        Column::name("PROVIDER"),
        Column::name("SERVICE"),
        Column::prose("ABOUT"),
    ];

    fn rows(&self, _now: Timestamp) -> Vec<[Cell; 3]> {
        let row = |row: &ProviderRow| {
            let cells = [&row.name, &row.title, &row.about];
            cells.map(|text| Cell::from(text.as_str()))
        };
        self.0.iter().map(row).collect()
    }
}

/// Shows a provider, or prints its manifest.
fn show(name: &str, as_manifest: bool, context: &Context<'_>) -> Result<u8> {
    let known = providers::find(name, context.platform)?;
    if as_manifest {
        context.reporter.text(known.text()?)?;
        return Ok(0);
    }
    let manifest = known.manifest()?;
    if context.reporter.json {
        context.reporter.json_value(&summary(&manifest, &known))?;
    } else {
        context.reporter.text(&page(&manifest, &known))?;
    }
    Ok(0)
}

fn list(context: &Context<'_>) -> Result<u8> {
    let mut rows = Vec::new();
    let mut first = None;
    for (name, _) in providers::names(context.platform)? {
        let known = providers::find(&name, context.platform)?;
        match known.manifest() {
            Ok(manifest) => rows.push(ProviderRow {
                title: manifest.title,
                about: manifest.about,
                origin: origin(&known),
                name,
            }),
            // One bad manifest does not hide the others.
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    context
        .reporter
        .report(&ProviderRows(rows), "no providers")?;
    first.map_or(Ok(0), Err)
}
