//! `keywright providers`.

mod check;
mod live;
mod new;
mod show;

use jiff::Timestamp;
use serde::Serialize;

use super::Context;
use crate::cli::{ProvidersArgs, ProvidersCommand};
use crate::core::error::Result;
use crate::providers::{self, ManifestOrigin, ProviderSource};
use crate::report::output::Tabular;

/// Carries out `keywright providers`.
pub(super) async fn run(args: &ProvidersArgs, context: &Context<'_>) -> Result<u8> {
    match &args.command {
        None | Some(ProvidersCommand::List) => list(context),
        Some(ProvidersCommand::Show { provider, manifest }) => {
            show::show(provider, *manifest, context)
        }
        Some(ProvidersCommand::New(args)) => new::new(args, context),
        Some(ProvidersCommand::Check(args)) => Box::pin(check::check(args, context)).await,
        Some(ProvidersCommand::Schema) => {
            context.reporter.text(crate::docs::language::SCHEMA)?;
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

fn origin(known: &ProviderSource) -> String {
    match &known.origin {
        ManifestOrigin::BuiltIn => "built in".to_owned(),
        ManifestOrigin::User(path) => path.display().to_string(),
    }
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
