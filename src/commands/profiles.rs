//! `keywright profiles`.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::arguments::store;
use super::{Context, ResolvedProfile, Run};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Validity;
use crate::core::untrusted::{one_line, sanitize};
use crate::manifest::CredentialSpec;
use crate::profile::credential_index::CredentialIndex;
use crate::profile::{self, Config, ProfileConfig, SelectedProfile, SelectionSource};
use crate::report::output::{Card, Cell, Column, Tabular, expiry};
use crate::store::StoreKind;
use crate::wal;

/// List, show, select, move and remove profiles
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  keywright profiles --check
  keywright profiles use production")]
pub struct ProfilesArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<ProfilesCommand>,
    /// Flags of the list.
    #[command(flatten)]
    pub list: ProfilesListArgs,
}

/// The verbs of `keywright profiles`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProfilesCommand {
    /// List the profiles
    #[command(after_help = "\
Examples:
  keywright profiles list
  keywright profiles list --check")]
    List(ProfilesListArgs),
    /// Show a profile, and the source of each value
    #[command(after_help = "\
Examples:
  keywright profiles show
  keywright profiles show production --check")]
    Show {
        /// Name of the profile [default: the current one]
        name: Option<String>,
        /// Test the credentials at the service
        #[arg(long)]
        check: bool,
    },
    /// Make a profile the default
    #[command(after_help = "\
Examples:
  keywright profiles use production
  keywright -p staging keys list    # for one command alone")]
    Use {
        /// Name of the profile
        name: String,
    },
    /// Move a profile's secrets to another store
    #[command(after_help = "\
Examples:
  keywright profiles move --store file
  keywright profiles move production --store keyring")]
    Move {
        /// Name of the profile [default: the current one]
        name: Option<String>,
        /// Store to move the secrets to
        #[arg(long, value_name = "STORE", value_parser = store)]
        store: StoreKind,
    },
    /// Remove a profile and delete its credentials
    #[command(after_help = "\
Examples:
  keywright profiles remove staging
  keywright profiles remove staging --yes")]
    Remove {
        /// Name of the profile
        name: String,
    },
}

/// List the profiles
#[derive(Debug, Args)]
pub struct ProfilesListArgs {
    /// Test the credentials at their services; exits with an error if any fails
    #[arg(long)]
    pub check: bool,
}

impl Run for ProfilesArgs {
    /// Carries out `keywright profiles`.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        match &self.command {
            None => list(&self.list, context).await,
            Some(ProfilesCommand::List(args)) => list(args, context).await,
            Some(ProfilesCommand::Show { name, check }) => {
                show(name.as_deref(), *check, context).await
            }
            Some(ProfilesCommand::Use { name }) => use_profile(name, context),
            Some(ProfilesCommand::Move { name, store }) => {
                move_to(name.as_deref(), *store, context).await
            }
            Some(ProfilesCommand::Remove { name }) => remove(name, context),
        }
    }
}

/// A profile in the list.
#[derive(Serialize)]
struct ProfileRow {
    name: String,
    provider: String,
    default: bool,
    credentials: Vec<String>,
    store: Option<String>,
    expires_at: Option<Timestamp>,
    result: Option<Validity>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct ProfileRows(Vec<ProfileRow>);

impl Tabular<6> for ProfileRows {
    const COLUMNS: [Column; 6] = [
        Column::name("PROFILE"),
        Column::name("PROVIDER").optional(1),
        Column::name("CREDENTIALS"),
        Column::name("STORE").optional(2),
        Column::date("EXPIRES"),
        Column::status("WORKS"),
    ];

    fn rows(&self, now: Timestamp) -> Vec<[Cell; 6]> {
        self.0
            .iter()
            .map(|row| {
                let mark = if row.default { " (default)" } else { "" };
                let credentials = if row.credentials.is_empty() {
                    "not logged in".to_owned()
                } else {
                    row.credentials.join(", ")
                };
                [
                    Cell::from(format!("{}{mark}", row.name)),
                    Cell::from(row.provider.as_str()),
                    Cell::from(credentials),
                    Cell::optional(row.store.as_deref()),
                    Cell::moment(row.expires_at, now),
                    Cell::optional(row.result.map(Validity::name)),
                ]
            })
            .collect()
    }
}

async fn list(args: &ProfilesListArgs, context: &Context<'_>) -> Result<u8> {
    context.warn_of_untrusted()?;
    let all = profile::all(context.platform, context.global.profile.as_deref())?;
    if args.check && all.is_empty() {
        return Err(Error::new(Kind::Auth, "there is no profile to check")
            .hint("log in: keywright login PROVIDER"));
    }
    let mut rows = rows(context, &all)?;
    let mut first = None;
    if args.check {
        let each = all
            .into_iter()
            .map(async |chosen| check(context, chosen).await);
        for (row, outcome) in rows
            .iter_mut()
            .zip(context.side_by_side("verifying", each).await)
        {
            match outcome {
                Ok(result) => {
                    row.result = Some(result);
                    let code = super::keys::exit_code(result);
                    if code != 0 {
                        first.get_or_insert(Ok(code));
                    }
                }
                Err(error) => {
                    let error = error.context(&format!("profile `{}`", row.name));
                    match &first {
                        None => first = Some(Err(error)),
                        Some(_) => context.log.warn(error.message()),
                    }
                }
            }
        }
    }
    context.reporter.report(
        &ProfileRows(rows),
        "no profiles yet; log in: keywright login PROVIDER",
    )?;
    first.unwrap_or(Ok(0))
}

/// Returns the local facts of each profile; for one that uses credentials of the environment, their variables.
fn rows(context: &Context<'_>, all: &[SelectedProfile]) -> Result<Vec<ProfileRow>> {
    let default = Config::load(context.platform)?.default_profile;
    let index = CredentialIndex::load(context.platform)?;
    let row = |SelectedProfile { name, saved, .. }: &SelectedProfile| {
        let variables = context.variables_for(name);
        let kept = || index.of(name).filter(|_| variables.is_empty());
        let credentials = kept().map(|(credential, _)| credential);
        ProfileRow {
            name: name.clone(),
            provider: saved.provider.clone(),
            default: default.as_ref() == Some(name),
            credentials: credentials
                .chain(variables.iter().copied())
                .map(str::to_owned)
                .collect(),
            store: saved.store.map(|store| store.name().to_owned()),
            expires_at: kept().filter_map(|(_, stored)| stored.expires_at).min(),
            result: None,
        }
    };
    Ok(all.iter().map(row).collect())
}

/// Returns the worst that the service says of a profile's credentials.
async fn check(context: &Context<'_>, chosen: SelectedProfile) -> Result<Validity> {
    let opened = context.open_chosen(chosen)?;
    let mut worst = None;
    for (_, result) in check_all(context, &opened).await? {
        if result != Validity::Valid {
            return Ok(result);
        }
        worst = Some(result);
    }
    if let Some(worst) = worst {
        return Ok(worst);
    }
    let names: Vec<String> = opened.manifest.credentials.keys().cloned().collect();
    context
        .with_client(&opened, async |client| {
            // It says why there is none, and how to get one.
            client.session.credential(&names).await.map(drop)
        })
        .await?;
    Err(Error::new(Kind::Auth, "there is no credential to check"))
}

/// Returns the service's verdict on each credential of the profile.
async fn check_all(
    context: &Context<'_>,
    opened: &ResolvedProfile,
) -> Result<Vec<(String, Validity)>> {
    context
        .with_client(opened, async |client| {
            let mut results = Vec::new();
            for name in opened.manifest.credentials.keys() {
                let has = client.session.holds(name)?;
                if !has {
                    continue;
                }
                let one = std::slice::from_ref(name);
                if let Some(held) = client.session.credential(one).await? {
                    let verdict = client.verify_held(&held).await?;
                    results.push((name.clone(), verdict.result));
                }
            }
            Ok(results)
        })
        .await
}

/// A credential of a profile, as `profiles show` tells it.
#[derive(Serialize)]
struct CredentialShown {
    name: String,
    source: String,
    /// Its name in the store: the account, under the service `keywright`, in a keyring.
    item: Option<String>,
    masked: Option<String>,
    expires_at: Option<Timestamp>,
    result: Option<Validity>,
}

/// Returns the profile of that name, or the one that is `in_force`.
fn profile_named(
    name: Option<&str>,
    context: &Context<'_>,
    in_force: impl FnOnce() -> Result<SelectedProfile>,
) -> Result<SelectedProfile> {
    let Some(name) = name else {
        return in_force();
    };
    Ok(SelectedProfile {
        name: name.to_owned(),
        saved: Config::load(context.platform)?.profile(name)?.clone(),
        decided: SelectionSource::Flag,
    })
}

async fn show(name: Option<&str>, check: bool, context: &Context<'_>) -> Result<u8> {
    let opened = context.open_chosen(profile_named(name, context, || context.choose_to_read())?)?;
    let results = if check {
        check_all(context, &opened).await?
    } else {
        Vec::new()
    };
    let credentials = credentials(context, &opened, &results)?;
    if context.reporter.json {
        context
            .reporter
            .json_value(&as_json(&opened, &credentials))?;
    } else {
        context
            .reporter
            .card(&as_card(context, &opened, &credentials))?;
    }
    if check && results.is_empty() {
        return Err(Error::new(Kind::Auth, "there is no credential to check"));
    }
    let codes = results
        .iter()
        .map(|(_, result)| super::keys::exit_code(*result));
    Ok(codes.into_iter().find(|code| *code != 0).unwrap_or(0))
}

/// Returns the credentials that are in force: those of the environment, or else those that are kept.
fn credentials(
    context: &Context<'_>,
    opened: &ResolvedProfile,
    results: &[(String, Validity)],
) -> Result<Vec<CredentialShown>> {
    let index = CredentialIndex::load(context.platform)?;
    let variables = context.variables_for(&opened.chosen.name);
    let shown = |name: &String, spec: &CredentialSpec| {
        let result = results.iter().find(|(checked, _)| checked == name);
        let result = result.map(|(_, result)| *result);
        let variable = spec.kind.variable();
        let usual = opened.manifest.credential_of(spec.kind) == Some(name);
        if !variables.is_empty() {
            let set = usual && context.platform.env.get(variable).is_some();
            return set.then(|| CredentialShown {
                name: name.clone(),
                source: variable.to_owned(),
                item: None,
                masked: None,
                expires_at: None,
                result,
            });
        }
        let stored = index.get(&opened.chosen.name, name)?;
        Some(CredentialShown {
            name: name.clone(),
            source: stored.store.name().to_owned(),
            item: Some(stored.item.to_string()),
            masked: Some(stored.masked.clone()),
            expires_at: stored.expires_at,
            result,
        })
    };
    let specs = opened.manifest.credentials.iter();
    Ok(specs.filter_map(|(name, spec)| shown(name, spec)).collect())
}

fn as_json(opened: &ResolvedProfile, credentials: &[CredentialShown]) -> Value {
    let chosen = &opened.chosen;
    let told =
        |value: &str, from: profile::ValueSource| json!({ "value": value, "source": from.name() });
    let bases: Map<_, _> = opened
        .bases
        .iter()
        .map(|(name, (url, from))| (name.clone(), told(url.as_str(), *from)))
        .collect();
    let variables: Map<_, _> = opened
        .variables
        .iter()
        .map(|(name, (value, from))| (name.clone(), told(value, *from)))
        .collect();
    json!({
        "name": chosen.name,
        "provider": chosen.saved.provider,
        "decided_by": chosen.decided.to_string(),
        "store": chosen.saved.store,
        "base_urls": bases,
        "variables": variables,
        "credentials": credentials,
    })
}

fn as_card(
    context: &Context<'_>,
    opened: &ResolvedProfile,
    credentials: &[CredentialShown],
) -> Card {
    let chosen = &opened.chosen;
    let now = context.platform.clock.now();
    let mut card = Card::new(11);
    let decided = format!("{} (by {})", chosen.name, chosen.decided);
    card.text("profile", decided);
    card.text("provider", &*chosen.saved.provider);
    for (name, (url, from)) in &opened.bases {
        card.text("base", format!("{name} = {url} ({})", from.name()));
    }
    for (name, (value, from)) in &opened.variables {
        let value = one_line(value);
        card.text("variable", format!("{name} = {value} ({})", from.name()));
    }
    for credential in credentials {
        let masked = credential.masked.as_deref().unwrap_or("***");
        let mut facts = vec![credential.source.clone()];
        facts.extend(credential.expires_at.map(|end| expiry(end, now)));
        facts.extend(credential.result.map(|result| result.name().to_owned()));
        let facts = facts.join(", ");
        card.text(&credential.name, format!("{masked} ({facts})"));
    }
    if credentials.is_empty() {
        card.text("not logged in", "");
    }
    let path = Config::path(context.platform);
    card.whole("config", sanitize(&path.display().to_string()));
    card
}

fn use_profile(name: &str, context: &Context<'_>) -> Result<u8> {
    context.refuse_untrusted()?;
    Config::load(context.platform)?.profile(name)?;
    Config::set_default(context.platform, name)?;
    context
        .log
        .note(&format!("`{name}` is the default profile now"));
    for (variable, what) in [
        ("KEYWRIGHT_PROFILE", "profile"),
        ("KEYWRIGHT_PROVIDER", "provider"),
    ] {
        if context.platform.env.get(variable).is_some() {
            context.log.warn(&format!(
                "{variable} is set, and its {what} goes before the default"
            ));
        }
    }
    Ok(0)
}

/// Keeps a profile's secrets in another store: each is written there, read back, and only then forgotten here.
async fn move_to(name: Option<&str>, store: StoreKind, context: &Context<'_>) -> Result<u8> {
    let chosen = profile_named(name, context, || context.choose())?;
    let opened = context.open_chosen(chosen)?;
    let name = &opened.chosen.name;
    let place = context
        .with_client(&opened, async |client| {
            let target = context.stores.of(store)?;
            wal::probe(&*target, context.platform)?;
            client.session.move_to(store).await?;
            Ok(target.place())
        })
        .await?;
    if Config::load(context.platform)?.profiles.contains_key(name) {
        let saved = ProfileConfig {
            store: Some(store),
            ..opened.chosen.saved.clone()
        };
        Config::save_profile(context.platform, name, &saved)?;
    }
    context.log.note(&format!(
        "the secrets of the profile `{name}` are kept in {place} now"
    ));
    Ok(0)
}

fn remove(name: &str, context: &Context<'_>) -> Result<u8> {
    Config::load(context.platform)?.profile(name)?;
    context.confirm(
        &format!("removing the profile `{name}` deletes its stored credentials; nothing is revoked at the service"),
        "Remove it?",
    )?;
    super::logout::forget(context, name)?;
    Config::remove_profile(context.platform, name)?;
    crate::report::completion_cache::forget(context.platform, name);
    context.log.note(&format!("removed the profile `{name}`"));
    Ok(0)
}
