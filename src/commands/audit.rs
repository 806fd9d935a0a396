//! `keywright audit`: checks all profiles together; each finding names the command that fixes it.

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::inventory::{self, Deliveries, DestinationState, entry};
use super::keys::keys_of;
use super::{Context, Run};
use crate::api::{ApiClient, Support, support};
use crate::audit::{
    AuditedKey, Finding, LoginKey, Severity, check_destinations, check_federation, check_git,
    check_keys, check_shared, check_unfinished,
};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::manifest::Verb;
use crate::profile::credential_index::CredentialIndex;
use crate::profile::{self, Project, SelectedProfile, SelectionSource, UntrustedPolicy};
use crate::report::output::{Cell, Column, Tabular};
use crate::rotation::journal;

/// Audit all profiles for old, unused, over-privileged, expiring or exposed keys
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright audit
  keywright audit --fail-on warning --json")]
pub struct AuditArgs {
    /// Exit with 1 if there is a finding at this level or above
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<Severity>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct AuditReport(Vec<Finding>);

impl Tabular<5> for AuditReport {
    const COLUMNS: [Column; 5] = [
        Column::status("LEVEL"),
        Column::name("PROFILE"),
        Column::name("WHAT"),
        Column::prose("WHY"),
        Column::advice("FIX"),
    ];

    fn rows(&self, _now: Timestamp) -> Vec<[Cell; 5]> {
        let row = |finding: &Finding| {
            [
                Cell::from(finding.level.name()),
                Cell::optional(finding.profile.clone()),
                Cell::from(finding.what.as_str()),
                Cell::from(finding.why.as_str()),
                Cell::from(finding.fix.as_str()),
            ]
        };
        self.0.iter().map(row).collect()
    }
}

impl Run for AuditArgs {
    /// Looks at everything; 1 where something is found at or above the level that was asked for.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let platform = context.platform;
        let project = profile::project(platform, UntrustedPolicy::Ignore(Some(context.log)))?;
        let mut findings = check_unfinished(platform)?;
        let profiles = profiles(context)?;
        let has_profiles = !profiles.is_empty();
        let mut first = profiles.is_empty().then(nothing_to_audit);
        let each = profiles
            .into_iter()
            .map(|chosen| of_profile(context, project.as_ref(), chosen));
        let mut held: Vec<LoginKey> = Vec::new();
        for (name, outcome) in context.side_by_side("looking", each).await {
            match outcome {
                Ok((own, secret)) => {
                    findings.extend(own);
                    held.extend(secret);
                }
                Err(error) => {
                    let error = error.context(&format!("profile `{name}`"));
                    match &first {
                        None => first = Some(error),
                        Some(_) => context.log.warn(&error.to_string()),
                    }
                }
            }
        }
        findings.extend(check_shared(&held));
        findings.extend(check_places(context, project.as_ref())?);
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        let worst = findings.iter().map(|finding| finding.level).max();
        let nothing = match first {
            None => "nothing to complain about",
            Some(_) => "nothing was found, and not every profile could be checked",
        };
        // Without a profile the error says it all.
        if has_profiles || !findings.is_empty() || context.reporter.json {
            context.reporter.report(&AuditReport(findings), nothing)?;
        }
        match (worst, self.fail_on) {
            (Some(worst), Some(limit)) if worst >= limit => {
                if let Some(error) = first {
                    context.log.warn(&error.to_string());
                }
                Ok(1)
            }
            _ => first.map_or(Ok(0), Err),
        }
    }
}

fn nothing_to_audit() -> Error {
    Error::new(Kind::Auth, "there is no profile to audit")
        .hint("log in: keywright login PROVIDER")
        .hint("in CI set KEYWRIGHT_PROVIDER, and KEYWRIGHT_API_KEY, KEYWRIGHT_TOKEN or KEYWRIGHT_IDENTITY")
}

/// Returns every profile; the one that is named or that the environment describes alone.
fn profiles(context: &Context<'_>) -> Result<Vec<SelectedProfile>> {
    let flag = context.global.profile.as_deref();
    if profile::is_named(context.platform, flag) {
        return Ok(vec![context.choose_to_read()?]);
    }
    profile::all(context.platform, flag)
}

/// Returns the findings of one profile, and its login key.
type ProfileAudit = (Vec<Finding>, Option<LoginKey>);

async fn of_profile(
    context: &Context<'_>,
    project: Option<&Project>,
    chosen: SelectedProfile,
) -> (String, Result<ProfileAudit>) {
    let name = chosen.name.clone();
    let is_saved = chosen.decided != SelectionSource::ProviderVariable;
    let looked = async {
        let opened = context.open_chosen(chosen)?;
        let (findings, own) = context
            .with_client(&opened, async |client| {
                look(context, client, is_saved, project).await
            })
            .await?;
        let own = own.map(|secret| LoginKey {
            profile: opened.chosen.name.clone(),
            is_saved,
            secret,
        });
        Ok((findings, own))
    };
    (name, looked.await)
}

async fn look(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    is_saved: bool,
    project: Option<&Project>,
) -> Result<(Vec<Finding>, Option<Secret>)> {
    let own = own_key(client)?;
    let keys = keys_of(client).await?;
    if keys.is_empty() && !lists_keys(client) {
        return Err(
            Error::new(Kind::Auth, "there is no key to audit").hint(format!(
                "log in with one: {}",
                client.session.login_command()
            )),
        );
    }
    let mut known: Vec<String> = Vec::new();
    for seen in journal::all(context.platform)? {
        let events = seen.events.unwrap_or_default();
        known.extend(events.staged().and_then(|kept| kept.id.clone()));
        known.extend(events.replaces().and_then(|old| old.id.clone()));
    }
    // A memory that cannot be read is for `doctor` to find.
    let delivered = match journal::delivered(context.platform) {
        // A newer keywright wrote it: what it names is not nothing.
        Err(error) if error.kind() == Kind::Store => return Err(error),
        outcome => outcome.unwrap_or_default(),
    };
    let here = delivered
        .into_iter()
        .filter(|key| key.provider == client.service.name());
    known.extend(here.filter_map(|key| key.id));
    let watched: Vec<AuditedKey<'_>> = keys
        .iter()
        .map(|key| {
            let project = project.and_then(|project| entry(project, client.profile, key));
            let masked = key.masked.as_ref().map(Untrusted::as_received);
            let is_own = own
                .as_ref()
                .zip(masked)
                .is_some_and(|(own, masked)| client.is_shown_as(own, masked));
            let id = key.id.as_ref().map(Untrusted::as_received);
            let in_journal =
                id.is_some_and(|id| known.iter().any(|known| journal::is_id(known, id)));
            AuditedKey {
                key,
                project,
                is_known: project.is_some() || is_own || in_journal,
            }
        })
        .collect();
    let now = context.platform.clock.now();
    let mut findings = check_keys(client, is_saved, &watched, now);
    findings.extend(check_federation(client, is_saved)?);
    if let Some(project) = project {
        findings.extend(Box::pin(check_drift(context, client, project, &keys)).await?);
    }
    Ok((findings, own))
}

/// Checks whether the destinations of the project hold the keys that this machine delivered.
async fn check_drift(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    project: &Project,
    keys: &[Key],
) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let entries = keys.iter();
    let entries: Vec<_> = entries
        .filter_map(|key| Some((key, entry(project, client.profile, key)?)))
        .collect();
    if entries.is_empty() {
        return Ok(findings);
    }
    let known = Deliveries::load(context.platform)?;
    for (key, own) in entries {
        let id = key.id.as_ref().map_or("", |id| id.as_received());
        if known.replaces(id) {
            continue;
        }
        for place in inventory::destinations(context, client, &known, (project, own), key).await {
            if !place.is_delivered {
                continue;
            }
            let why = match place.state {
                DestinationState::Different => format!("it does not hold the key {}", key.label()),
                DestinationState::Missing => {
                    format!("it holds nothing, and is for the key {}", key.label())
                }
                _ => continue,
            };
            let fix = "keywright keys rotate --due --repair".to_owned();
            findings.push(Finding::drift(client.profile, &place.destination, why, fix));
        }
    }
    Ok(findings)
}

/// Returns whether the service says which keys there are.
fn lists_keys(client: &ApiClient<'_>) -> bool {
    let support = support(client.service.manifest, Verb::List);
    matches!(support, Support::Native(_) | Support::Via(_))
}

/// Returns the key that the profile logs in with.
fn own_key(client: &ApiClient<'_>) -> Result<Option<Secret>> {
    let Some(name) = client.service.manifest.new_key() else {
        return Ok(None);
    };
    if client.session.uses_environment() {
        return Ok(client.session.in_environment(name).map(|held| held.secret));
    }
    let index = CredentialIndex::load(client.session.platform)?;
    if index.get(client.profile, name).is_none() {
        return Ok(None);
    }
    client.session.kept(name)
}

fn check_places(context: &Context<'_>, project: Option<&Project>) -> Result<Vec<Finding>> {
    let platform = context.platform;
    let mut destinations = Vec::new();
    if let Some(project) = project {
        let all = project.keys.0.iter();
        destinations.extend(all.flat_map(|(_, key)| project.allowed_destinations(key)));
    }
    let mut findings = check_destinations(&destinations, platform);
    if platform.addresses.is_empty() {
        let mut manifests = Vec::new();
        for (name, _) in crate::providers::names(platform)? {
            // A manifest with a mistake in it is for `providers check` to find.
            manifests.extend(crate::providers::find(&name, platform)?.manifest().ok());
        }
        if let Some(found) = check_git(&manifests, platform) {
            findings.extend(found);
            context
                .log
                .note("tracked files were searched for keys of known services; gitleaks does more");
        }
    }
    Ok(findings)
}
