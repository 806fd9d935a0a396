//! `keywright keys`.

mod choose;
mod repair;
mod restart;
mod view;
mod create;
mod questions;
mod due;
mod project_key;
mod revoked_here;
mod list;
mod paste;
mod select;
mod revoke;
mod rotate;
mod update;
mod verify;

use clap::{Args, Subcommand};
pub(super) use create::{check_quota, check_room_for_another};
pub(super) use paste::{credential, pasted, read_secret};
pub(super) use revoke::revoke_one;
pub(super) use rotate::KeysRotateArgs;
pub(super) use verify::{exit_code, verify_own};

use self::revoked_here::pick_left;
use self::view::key_card;
use super::inventory::{self, Deliveries};
use super::{Context, Run};
use crate::api::{ApiClient, FirstKeys, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::untrusted::{Untrusted, one_line};
use crate::manifest::{CredentialKind, Verb};
use crate::platform::ask_text;
use crate::profile::credential_index::CredentialIndex;
use crate::profile::session::as_credential;
use crate::profile::{self, UntrustedPolicy};
use crate::report::completion_cache;

/// The hint of an error before a key is created.
const NOTHING_CREATED: &str = "nothing was created";

/// Create, list, show, change, verify, rotate and revoke keys
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  keywright keys create ci --expires 90d
  keywright keys list --all-profiles --sort last-used")]
pub struct KeysArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<KeysCommand>,
    /// Flags of the list.
    #[command(flatten)]
    pub list: list::KeysListArgs,
}

/// The verbs of `keywright keys`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum KeysCommand {
    /// Create a key and print it once
    #[command(visible_alias = "new")]
    Create(create::KeysCreateArgs),
    /// List the keys
    #[command(
        visible_alias = "ls",
        after_help = "\
Examples:
  keywright keys list --sort last-used
  keywright keys list --all-profiles --older-than 90d --json"
    )]
    List(list::KeysListArgs),
    /// Show a key
    #[command(after_help = "\
Examples:
  keywright keys show ci
  keywright keys show ci --json")]
    Show {
        /// Id, or a unique name or prefix; prompted for if omitted, unless the service has one key
        key: Option<String>,
    },
    /// Rename a key
    #[command(after_help = "\
Examples:
  keywright keys rename ci deploy
  keywright keys rename 8a13d762 \"Production backend\"")]
    Rename {
        /// Id, or a unique name or prefix; prompted for if omitted
        key: Option<String>,
        /// New name of the key
        name: Option<String>,
    },
    /// Enable a disabled key
    #[command(after_help = "\
Examples:
  keywright keys enable ci
  keywright keys enable 8a13d762 --json")]
    Enable {
        /// Id, or a unique name or prefix; prompted for if omitted, unless the service has one key
        key: Option<String>,
    },
    /// Disable a key until it is enabled again
    #[command(after_help = "\
Examples:
  keywright keys disable ci
  keywright keys disable 8a13d762 --yes")]
    Disable {
        /// Id, or a unique name or prefix; prompted for if omitted, unless the service has one key
        key: Option<String>,
    },
    /// Change fields of a key, such as its scopes or its expiry
    #[command(
        override_usage = "keywright keys set KEY FIELD=VALUE...",
        after_help = "\
Examples:
  keywright keys set ci limit=25
  keywright keys set 8a13d762 name=deploy expires=90d --json
  keywright providers show openrouter"
    )]
    Set {
        /// Id, or a unique name or prefix; left out if the service has one key
        key: Option<String>,
        /// Field and its new value (can be repeated); `keywright providers show` lists the fields of a service
        #[arg(value_name = "FIELD=VALUE")]
        fields: Vec<String>,
    },
    /// Replace a key: create, deliver and verify a new one, then revoke the old one
    Rotate(rotate::KeysRotateArgs),
    /// Revoke keys permanently
    #[command(visible_aliases = ["rm", "delete"], after_help = "\
Examples:
  keywright keys revoke ci
  keywright keys revoke 8a13d762 297ebd7c --yes
  keywright keys revoke ci --dry-run")]
    Revoke {
        /// Ids, or unique names or prefixes; prompted for if omitted, unless the service has one key
        keys: Vec<String>,
        /// Show which keys would be revoked, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Show whether a key exists, and how many are allowed
    #[command(after_help = "\
Examples:
  keywright keys status
  keywright -p sieve keys status --json")]
    Status,
    /// Test a key at the service; exits with an error if it does not work
    #[command(after_help = "\
Examples:
  keywright keys verify
  keywright -p production keys verify --json")]
    Verify {
        /// Key to test [default: the profile's own key]
        key: Option<String>,
    },
}

impl Run for KeysArgs {
    /// Carries out `keywright keys`.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        match &self.command {
            None => list::list(&self.list, context).await,
            Some(KeysCommand::List(args)) => list::list(args, context).await,
            Some(KeysCommand::Create(args)) => Box::pin(create::create(args, context)).await,
            Some(KeysCommand::Show { key }) => show(key.as_deref(), context).await,
            Some(KeysCommand::Rename { key, name }) => {
                rename(key.as_deref(), name.as_deref(), context).await
            }
            Some(KeysCommand::Enable { key }) => update::enable(key.as_deref(), context).await,
            Some(KeysCommand::Disable { key }) => update::disable(key.as_deref(), context).await,
            Some(KeysCommand::Set { key, fields }) => {
                update::set(key.as_deref(), fields, context).await
            }
            Some(KeysCommand::Rotate(args)) => args.run(context).await,
            Some(KeysCommand::Revoke { keys, dry_run }) => {
                revoke::revoke(keys, *dry_run, context).await
            }
            Some(KeysCommand::Status) => status(context).await,
            Some(KeysCommand::Verify { key }) => verify::verify(key.as_deref(), context).await,
        }
    }
}

/// Returns the part of a key that the completion cache, which is not encrypted, may hold: no id that is as good as the
/// key, and no text that holds a secret.
fn completable(client: &ApiClient<'_>, key: &Key) -> Key {
    let holds_no_secret = |text: &Untrusted| {
        let text = text.as_received();
        client.log.redact(text) == text
    };
    let mut key = key.clone();
    key.id = key.id.filter(holds_no_secret);
    key.name = key.name.filter(holds_no_secret);
    if client.service.manifest.hides_ids() {
        key.id = None;
    }
    key
}

/// Returns every key of a profile; where the service lists none, the one that is kept here.
pub(super) async fn keys_of(client: &ApiClient<'_>) -> Result<Vec<Key>> {
    first_keys_of(client, None).await
}

/// Returns the first keys of a profile that are enough; where the service lists none, the one that is kept here.
async fn first_keys_of(client: &ApiClient<'_>, first: Option<&FirstKeys<'_>>) -> Result<Vec<Key>> {
    let manifest = client.service.manifest;
    match support(manifest, Verb::List) {
        Support::Native(_) | Support::Via(_) => {
            let (keys, complete) = client.list_first(first).await?;
            let known: Vec<Key> = keys.iter().map(|key| completable(client, key)).collect();
            let platform = client.session.platform;
            if complete {
                completion_cache::replace(platform, client.profile, &known);
            } else {
                for key in &known {
                    completion_cache::insert(platform, client.profile, key);
                }
            }
            Ok(keys)
        }
        Support::Manual(_) | Support::Unsupported(_) => {
            client.log.note(&format!(
                "{} has no call that lists keys: this is the one kept here",
                client.service.name()
            ));
            kept_here(client)
        }
    }
}

/// Returns the key that this profile uses, as far as it is known here.
fn kept_here(client: &ApiClient<'_>) -> Result<Vec<Key>> {
    let manifest = client.service.manifest;
    let Some(name) = manifest.new_key() else {
        return Ok(Vec::new());
    };
    let mut key = Key::unknown(client.service.name(), client.profile);
    if client.session.uses_environment() {
        let variable = CredentialKind::Key.variable();
        let Some(value) = client.session.platform.env.get(variable) else {
            return Ok(Vec::new());
        };
        key.masked = Some(Untrusted::new(
            as_credential(&crate::core::secret::Secret::pasted(value)).masked(),
        ));
        return Ok(vec![key]);
    }
    let index = CredentialIndex::load(client.session.platform)?;
    let Some(stored) = index.get(client.profile, name) else {
        return Ok(Vec::new());
    };
    key.masked = Some(Untrusted::new(stored.masked.clone()));
    key.name = stored.name.clone().map(Untrusted::new);
    key.expires_at = stored.expires_at;
    Ok(vec![key])
}

/// Returns the named key, the only one at a one-key service, or the one that the user chooses.
async fn named(context: &Context<'_>, client: &ApiClient<'_>, text: Option<&str>) -> Result<Key> {
    let one_key = client.service.manifest.one_key;
    if text.is_none() && !one_key && !context.may_ask {
        return Err(which_key_error());
    }
    let mut keys = keys_of(client).await?;
    match text {
        Some(text) => pick_left(context, client, &keys, text),
        None if one_key => keys.pop().ok_or_else(|| no_keys_error(client)),
        None => choose::one(context, client, keys),
    }
}

fn which_key_error() -> Error {
    Error::usage("no key given: use its id, or a unique name or prefix")
        .hint("list the keys: keywright keys list")
}

fn no_keys_error(client: &ApiClient<'_>) -> Error {
    Error::new(
        Kind::NotFound,
        format!("there is no key at {}", client.service.name()),
    )
    .hint("create one: keywright keys create")
}

/// Shows a key.
async fn show(text: Option<&str>, context: &Context<'_>) -> Result<u8> {
    let opened = context.open_to_read()?;
    let project = profile::project(context.platform, UntrustedPolicy::Ignore(None))?;
    let (key, places) = context
        .with_client(&opened, async |client| {
            let listed = named(context, client, text).await?;
            let entry = project.as_ref().and_then(|project| {
                inventory::entry(project, client.profile, &listed).map(|entry| (project, entry))
            });
            let mut places = None;
            if let Some(entry) = entry {
                let known = Deliveries::load(context.platform)?;
                let found = inventory::destinations(context, client, &known, entry, &listed);
                places = Some(Box::pin(found).await);
            }
            Ok((client.show_in_full(listed).await?, places))
        })
        .await?;
    if context.reporter.json {
        let mut value = serde_json::json!(key);
        if let Some(places) = places {
            value["destinations"] = serde_json::json!(places);
        }
        context.reporter.json_value(&value)?;
    } else {
        let reporter = &context.reporter;
        let symbols = reporter.at_a_terminal().then(|| reporter.charset());
        let now = context.platform.clock.now();
        let mut card = key_card(&key, now, symbols);
        for place in places.into_iter().flatten() {
            card.text(
                "destination",
                format!("{} ({})", place.destination, place.state.name()),
            );
        }
        reporter.card(&card)?;
    }
    Ok(0)
}

/// Gives a key another name.
async fn rename(text: Option<&str>, name: Option<&str>, context: &Context<'_>) -> Result<u8> {
    if name.is_none() && !context.may_ask {
        return Err(Error::usage("`NAME` is missing: the new name of the key")
            .hint("keywright keys rename KEY NAME"));
    }
    let opened = context.open()?;
    let (old, key, name) = context
        .with_client(&opened, async |client| {
            if !matches!(
                support(client.service.manifest, Verb::Rename),
                Support::Native(_)
            ) {
                return Err(client.cannot(Verb::Rename));
            }
            let old = named(context, client, text).await?;
            let name = match name {
                Some(name) => name.to_owned(),
                None => ask_text(&*context.platform.terminal, "New name")?,
            };
            let key = client.rename(&old, &name).await?;
            completion_cache::insert(context.platform, client.profile, &completable(client, &key));
            Ok((old, key, name))
        })
        .await?;
    if context.reporter.json {
        context.reporter.json_value(&key)?;
    }
    context
        .log
        .note(&format!("renamed {} to `{}`", old.label(), one_line(&name)));
    Ok(0)
}

/// Says whether there is a key.
async fn status(context: &Context<'_>) -> Result<u8> {
    let opened = context.open_to_read()?;
    let (slots, name) = context
        .with_client(&opened, async |client| {
            let manifest = client.service.manifest;
            let slots = match support(manifest, Verb::Status) {
                Support::Native(_) | Support::Via(_) => client.status().await?,
                Support::Manual(_) | Support::Unsupported(_) => {
                    client.slots(keys_of(client).await?)
                }
            };
            Ok((slots, client.service.name().to_owned()))
        })
        .await?;
    if context.reporter.json {
        context.reporter.json_value(&slots)?;
        return Ok(0);
    }
    let of = slots
        .limit
        .map_or_else(String::new, |limit| format!(" of {limit}"));
    let used = slots
        .used
        .map_or_else(String::new, |used| format!(" ({used}{of} in use)"));
    let line = match (&slots.key, slots.has_key) {
        (Some(key), _) => format!("there is a key at {name}: {}{used}\n", key.label()),
        (None, true) => format!("there are keys at {name}{used}\n"),
        (None, false) => format!("there is no key at {name}{used}\n"),
    };
    context.reporter.text(&line)?;
    Ok(0)
}
