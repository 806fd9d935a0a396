//! `keywright trust`: allows a project file, or the programs of a manifest, and says what it may do.

use clap::{Args, ValueHint};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::PathBuf;

use super::{Context, Run};
use crate::core::error::{Error, Result};
use crate::core::untrusted::escape;
use crate::profile::{FoundProject, PROJECT_FILE, Project, TrustEntry, TrustRecord};
use crate::providers;
use crate::report::output::Card;

/// Trust a project file or the programs of a manifest, and list what it may do
#[derive(Debug, Args)]
#[command(after_help = "\
A project file is used only once it is trusted, and must be trusted again after each change. Trust covers one file,
not those in folders below it. In CI, cron and containers name the file with --project instead, which is consent.

Examples:
  keywright trust
  keywright trust --show --json
  keywright trust --provider acme")]
pub struct TrustArgs {
    /// Folder of the project file [default: the nearest one upwards]
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
    /// Only list what it may do; do not trust it
    #[arg(long, conflicts_with = "revoke")]
    pub show: bool,
    /// Withdraw the trust
    #[arg(long)]
    pub revoke: bool,
    /// Provider whose manifest may run its programs
    #[arg(long, value_name = "NAME", conflicts_with = "folder")]
    pub provider: Option<String>,
}

/// A project file as `--show` tells it.
#[derive(Serialize)]
struct ProjectView {
    path: String,
    folder: String,
    trusted: bool,
    sha256: String,
    keys: Vec<ProjectKeyView>,
}

/// A key of a project file.
#[derive(Serialize)]
struct ProjectKeyView {
    name: String,
    profile: Option<String>,
    destinations: Vec<String>,
    /// The hooks that follow a delivery: a text if there is one, a list if there are several.
    after: Option<Value>,
    /// The program by which the application says that it works with a new key.
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<String>,
}

impl Run for TrustArgs {
    /// Allows, shows or disallows; nothing is asked.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        match &self.provider {
            Some(name) => provider(name, self, context),
            None => project(self, context),
        }
    }
}

fn project(args: &TrustArgs, context: &Context<'_>) -> Result<u8> {
    let found = find(args, context)?;
    let shown_path = escape(&found.path.display().to_string());
    if args.revoke {
        let changed = TrustRecord::set_project(context.platform, &found.path, None)?;
        context.log.note(&if changed {
            format!("`{shown_path}` is not trusted any more")
        } else {
            format!("`{shown_path}` was not trusted: nothing was changed")
        });
        return Ok(0);
    }
    if !args.show {
        found.check_ownership()?;
    }
    let project = match (found.project(context.platform), &found.objection) {
        // An unreadable file is shown as unreadable.
        (Err(_), Some(_)) => Project::default(),
        (project, _) => project?,
    };
    if !args.show {
        let trusted = TrustEntry {
            sha256: found.sha256(),
            may: project.effects(),
            at: context.platform.clock.now(),
        };
        TrustRecord::set_project(context.platform, &found.path, Some(trusted))?;
    }
    let is_trusted = !args.show || found.is_trusted(&TrustRecord::load(context.platform)?);
    if context.reporter.json {
        context
            .reporter
            .json_value(&shown(&found, &project, is_trusted))?;
    } else {
        context.reporter.card(&card(&found, &project, is_trusted))?;
    }
    if !args.show {
        context.log.note(&format!("`{shown_path}` is trusted"));
    }
    Ok(0)
}

/// Returns the project file that is meant: that of a folder, the one that `--project` names, or the nearest.
fn find(args: &TrustArgs, context: &Context<'_>) -> Result<FoundProject> {
    let platform = context.platform;
    let absent = |place: &str| {
        Error::usage(format!("there is no {PROJECT_FILE} {place}"))
            .hint("name the folder that holds it: keywright trust DIR")
    };
    let folder = match (&args.folder, &context.global.project) {
        (Some(folder), _) => platform.folder.join(folder),
        (None, Some(file)) if !file.is_empty() => platform.folder.join(file),
        _ => {
            let nearest = FoundProject::nearest(platform)?;
            return nearest.ok_or_else(|| absent("here or above"));
        }
    };
    let is_file = folder
        .file_name()
        .is_some_and(|name| name == PROJECT_FILE && !folder.is_dir());
    let folder = match folder.parent() {
        Some(parent) if is_file => parent.to_owned(),
        _ => folder,
    };
    let is_absent = folder.join(PROJECT_FILE).symlink_metadata().is_err();
    // Trust can be withdrawn even if the file is gone.
    if is_absent && (!args.revoke || !folder.is_dir()) {
        return Err(absent(&format!(
            "in `{}`",
            escape(&folder.display().to_string())
        )));
    }
    FoundProject::inside(&folder)
}

fn shown(found: &FoundProject, project: &Project, trusted: bool) -> ProjectView {
    let keys = project.keys.0.iter();
    ProjectView {
        path: found.path.display().to_string(),
        folder: found.folder.display().to_string(),
        trusted,
        sha256: found.sha256(),
        keys: keys
            .map(|(name, key)| ProjectKeyView {
                name: name.clone(),
                profile: project.profile_of(key).map(str::to_owned),
                destinations: key
                    .destinations
                    .iter()
                    .map(|to| project.shown(key, to))
                    .collect(),
                after: match key.after.as_slice() {
                    [] => None,
                    [only] => Some(json!(only.to_string())),
                    several => Some(several.iter().map(ToString::to_string).collect()),
                },
                check: key.check.as_ref().map(ToString::to_string),
            })
            .collect(),
    }
}

fn card(found: &FoundProject, project: &Project, trusted: bool) -> Card {
    let state = match (trusted, &found.objection) {
        (true, _) => "trusted".to_owned(),
        (false, Some(why)) => format!("not trusted: {why}"),
        (false, None) => "not trusted".to_owned(),
    };
    let mut card = Card::new(9);
    card.whole("file", escape(&found.path.display().to_string()));
    card.text("state", escape(&state));
    card.whole("sha256", found.sha256());
    let effects = project.effects();
    if effects.is_empty() {
        card.text("may", "nothing");
    }
    for effect in effects {
        card.text("may", effect);
    }
    card
}

fn provider(name: &str, args: &TrustArgs, context: &Context<'_>) -> Result<u8> {
    let platform = context.platform;
    if args.revoke {
        let changed = TrustRecord::set_provider(platform, name, None)?;
        context.log.note(&if changed {
            format!(
                "the programs of `{}` are not trusted any more",
                escape(name)
            )
        } else {
            format!(
                "the programs of `{}` were not trusted: nothing was changed",
                escape(name)
            )
        });
        return Ok(0);
    }
    let known = providers::find(name, platform)?;
    let manifest = known.manifest()?;
    let Some(digest) = manifest
        .digest
        .clone()
        .filter(|_| !manifest.programs.is_empty())
    else {
        context.log.note(&format!(
            "the manifest of {name} starts no programs: there is nothing to allow"
        ));
        if context.reporter.json {
            context.reporter.json_value(
                &json!({ "provider": name, "trusted": true, "sha256": null, "programs": [] }),
            )?;
        }
        return Ok(0);
    };
    if !args.show {
        let trusted = TrustEntry {
            sha256: digest.clone(),
            may: manifest.programs.clone(),
            at: platform.clock.now(),
        };
        TrustRecord::set_provider(platform, name, Some(trusted))?;
    }
    let trusted = crate::profile::may_start_programs(platform, &manifest)?;
    if context.reporter.json {
        context.reporter.json_value(&json!({
            "provider": name,
            "path": known.file(),
            "trusted": trusted,
            "sha256": digest,
            "programs": manifest.programs,
        }))?;
    } else {
        let mut card = Card::new(9);
        card.whole("file", escape(&known.file()));
        card.text("state", if trusted { "trusted" } else { "not trusted" });
        card.whole("sha256", digest);
        for program in &manifest.programs {
            card.text("may", format!("start {}", escape(program)));
        }
        context.reporter.card(&card)?;
    }
    if !args.show {
        context
            .log
            .note(&format!("the programs of {name} are trusted"));
    }
    Ok(0)
}
