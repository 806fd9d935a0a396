//! `keywright providers`.

mod check;
mod live;
mod new;

use jiff::Timestamp;
use serde::Serialize;

use super::Context;
use crate::authoring::schema::SCHEMA;
use crate::authoring::show::{origin, page, summary};
use crate::cli::{ProvidersArgs, ProvidersCommand};
use crate::core::error::Result;
use crate::providers;
use crate::report::output::Tabular;

/// Carries out `keywright providers`.
pub(super) async fn run(args: &ProvidersArgs, context: &Context<'_>) -> Result<u8> {
    match &args.command {
        None | Some(ProvidersCommand::List) => list(context),
        Some(ProvidersCommand::Show { provider, manifest }) => show(provider, *manifest, context),
        Some(ProvidersCommand::New(args)) => new::new(args, context),
        Some(ProvidersCommand::Check(args)) => Box::pin(check::check(args, context)).await,
        Some(ProvidersCommand::Schema) => {
            context.reporter.text(SCHEMA)?;
            Ok(0)
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
    const COLUMNS: [&'static str; 3] = ["PROVIDER", "SERVICE", "ABOUT"];

    fn rows(&self, _now: Timestamp) -> Vec<[String; 3]> {
        self.0
            .iter()
            .map(|row| [row.name.clone(), row.title.clone(), row.about.clone()])
            .collect()
    }
}

/// Shows a provider, or prints its manifest.
fn show(name: &str, as_manifest: bool, context: &Context<'_>) -> Result<u8> {
    let known = providers::find(name, context.platform)?;
    if as_manifest {
        context.reporter.text(&known.text)?;
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
