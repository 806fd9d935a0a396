//! `keywright providers check`: what is wrong with a manifest, what its examples come to, and what they leave out.

use crate::commands::arguments::pair;
use clap::Args;
use std::path::Path;
use std::path::PathBuf;
use std::rc::Rc;

use super::super::{Context, ResolvedProfile};
use super::live;
use super::record::ManifestFile;
use crate::authoring::check::{self, CheckReport};
use crate::authoring::live::Recorder;
use crate::core::error::{Error, Result};
use crate::manifest::Manifest;
use crate::providers::{self, Catalogue, ProviderSource};

/// Validate a manifest, replay its examples and report coverage
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are booleans"
)]
pub struct ProvidersCheckArgs {
    /// Manifest file, name of a known provider, or - for stdin
    #[arg(value_name = "FILE", required_unless_present = "all")]
    pub provider: Option<PathBuf>,
    /// Check every manifest, built in or your own
    #[arg(long, conflicts_with_all = ["provider", "live"])]
    pub all: bool,
    /// Also run each operation against the live service with a temporary key, revoked afterwards
    #[arg(long)]
    pub live: bool,
    /// Write an example of each operation into the manifest file, with fake values in place of secrets
    #[arg(long, requires = "live")]
    pub record: bool,
    /// Create the key even if that invalidates the profile's login key; the login is updated
    #[arg(long, requires = "live")]
    pub replace: bool,
    /// Scope of the temporary key (can be repeated)
    #[arg(long = "scope", value_name = "S", requires = "live")]
    pub scopes: Vec<String>,
    /// Expiry of the temporary key, as a safety net
    #[arg(long, value_name = "WHEN", requires = "live")]
    pub expires: Option<String>,
    /// Additional field of the temporary key (can be repeated)
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair, requires = "live")]
    pub set: Vec<(String, String)>,
}

/// The word for stdin.
pub(super) const STDIN: &str = "-";

/// The largest manifest that is read from stdin, in bytes.
const MAX_STDIN_BYTES: usize = 1 << 20;

/// Checks a manifest; 2 where it is wrong or an example fails.
pub(super) async fn check(args: &ProvidersCheckArgs, context: &Context<'_>) -> Result<u8> {
    let Some(named) = &args.provider else {
        return check_all(Catalogue::Providers, context).await;
    };
    let known = known(named, context)?;
    let (mut report, manifest) = check::check(&known, context.platform).await?;
    let Some(manifest) = manifest.filter(|_| args.live) else {
        tell(&report, context, "")?;
        return report.verdict().map(|()| 0);
    };
    let file = args.record.then(|| ManifestFile::of(&known, args, context));
    let file = file.transpose()?;
    let opened = at_the_service(manifest, &known, context)?;
    let manifest = Rc::clone(&opened.manifest);
    let recorder = Recorder::new(Rc::clone(&context.platform.http), manifest);
    let recorder = file.is_some().then_some(&recorder);
    let (mut walked, recording) = Box::pin(live::walk(args, &opened, context, recorder)).await?;
    if let Some((file, recording)) = file.as_ref().zip(recording) {
        walked.recorded = Some(Box::pin(file.record(&recording, &opened.manifest, context)).await?);
    }
    report.live = Some(walked.json());
    tell(&report, context, &walked.page())?;
    walked.verdict().map(|()| 0)
}

/// Checks every manifest of a set; 2 if one is wrong or an example fails.
pub(in crate::commands) async fn check_all(
    catalogue: Catalogue,
    context: &Context<'_>,
) -> Result<u8> {
    let reports = check::check_all(catalogue, context.platform).await?;
    if context.reporter.json {
        context.reporter.json_value(&reports)?;
    } else {
        let page = reports.page(context.global.verbose);
        context.reporter.text(&page)?;
    }
    reports.verdict().map(|()| 0)
}

fn tell(report: &CheckReport, context: &Context<'_>, more: &str) -> Result<()> {
    if context.reporter.json {
        return context.reporter.json_value(report);
    }
    let page = report.page(context.global.verbose);
    context.reporter.text(&format!("{page}{more}"))
}

/// Returns the profile with the manifest that is checked in place of its own.
fn at_the_service(
    mut manifest: Manifest,
    known: &ProviderSource,
    context: &Context<'_>,
) -> Result<ResolvedProfile> {
    let platform = context.platform;
    let chosen = context.choose()?;
    manifest.digest = known.manifest()?.digest;
    if chosen.saved.provider != manifest.name {
        return Err(Error::usage(format!(
            "the profile `{}` is one of {}, and the manifest describes {}",
            chosen.name, chosen.saved.provider, manifest.name
        ))
        .hint(format!(
            "name a profile of it with `-p`, or make one: keywright login {}",
            manifest.name
        )));
    }
    // Whoever finishes what was interrupted reads the manifest that everything else reads.
    let in_force = providers::find(&manifest.name, platform)?;
    if in_force.text()? != known.text()? {
        context.log.warn(&format!(
            "{} is not the manifest in force: `rotations resume` would use {}",
            known.file(),
            in_force.file()
        ));
    }
    context.open_with(chosen, Rc::new(manifest))
}

/// Returns the manifest that is meant: a file, stdin, or that of a known provider.
fn known(path: &Path, context: &Context<'_>) -> Result<ProviderSource> {
    let platform = context.platform;
    let name = path.to_str().unwrap_or_default();
    if name == STDIN {
        if platform.terminal.stdin_is_terminal() {
            return Err(
                Error::usage("`-` reads the manifest from stdin, and stdin is a terminal")
                    .hint("name the file: keywright providers check FILE"),
            );
        }
        let bytes = platform
            .terminal
            .read_stdin(MAX_STDIN_BYTES)
            .map_err(|error| {
                Error::usage("the manifest could not be read from stdin").caused_by(error)
            })?;
        let text = String::from_utf8(bytes).map_err(|_| Error::usage("stdin is not UTF-8 text"))?;
        return ProviderSource::from_text(text, "stdin", platform);
    }
    let file = platform.folder.join(path);
    if !file.is_file()
        && providers::is_name(name)
        && path.extension().is_none_or(|end| end != "toml")
    {
        return providers::find(name, platform);
    }
    ProviderSource::from_file(&file, platform)
}
