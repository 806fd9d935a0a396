//! `keywright keys create`: the new key is shown once, and is safe before.

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::delivery::{self, CliCallbacks, NewKeyInfo};
use super::super::rotations;
use super::super::{Context, browser};
use super::NOTHING_CREATED;
use super::paste::paste;
use super::questions;
use crate::api::{ApiClient, Support, support};
use crate::commands::arguments::{destination, pair};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Change, CreatedKey, Key, NewKey, RequestedProperties};
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::destination::DestinationSpec;
use crate::manifest::{CredentialEffect, Verb, read_expiry};
use crate::rotation::Rotation;
use crate::rotation::create::{self, CreateRequest, StagedKey, StagingStore};
use crate::rotation::journal::{self, Record};

/// Create a key and print it once
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright keys create \"Production backend\"
  keywright keys create ci --web
  keywright keys create ci --scope read --expires 90d > key.txt")]
pub struct KeysCreateArgs {
    /// Name of the key
    pub name: Option<String>,
    /// Scope to grant (can be repeated)
    #[arg(long = "scope", value_name = "S")]
    pub scopes: Vec<String>,
    /// Expiry: 90d, 2027-01-31 or never
    #[arg(long, value_name = "WHEN")]
    pub expires: Option<String>,
    /// Additional field for the service (can be repeated)
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Destination of the new key instead of stdout: `file:PATH`, `dotenv:PATH#VAR`, … (can be repeated)
    #[arg(long, value_name = "DEST", value_parser = destination)]
    pub to: Vec<DestinationSpec>,
    /// Open the page on which you create the key by hand, at a service without a call for it
    #[arg(long)]
    pub web: bool,
}

/// Creates a key.
pub(super) async fn create(args: &KeysCreateArgs, context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    let new = new_key(args, context.started)?;
    context
        .with_client(&opened, async |client| {
            let (new, asked) = if has_no_options(args) && context.may_ask {
                questions::ask(context, client, new)?
            } else {
                let new = questions::ask_required_fields(context, client, new)?;
                (new, args.to.clone())
            };
            client.check_new(&new)?;
            let mut to = delivery::proved(context, &asked, NOTHING_CREATED).await?;
            if to.is_empty() {
                to.push(DestinationSpec::STDOUT);
            }
            if to.contains(&DestinationSpec::STDOUT) || context.reporter.json {
                prove_stdout(context)?;
            }
            if args.web {
                show_page(context, client)?;
            }
            let safe = Box::pin(create_or_paste(context, client, &new, to)).await?;
            if !safe.created.id_holds_secret() {
                let known = super::completable(client, &safe.created.key);
                crate::report::completion_cache::insert(context.platform, client.profile, &known);
            }
            Box::pin(deliver_and_close(context, client, safe, &asked)).await
        })
        .await
}

/// Returns whether no option of the new key was given, so that a terminal may prompt for them.
fn has_no_options(args: &KeysCreateArgs) -> bool {
    args.name.is_none()
        && args.scopes.is_empty()
        && args.expires.is_none()
        && args.set.is_empty()
        && args.to.is_empty()
}

fn new_key(args: &KeysCreateArgs, now: Timestamp) -> Result<NewKey> {
    Ok(NewKey {
        name: args.name.clone(),
        scopes: args.scopes.clone(),
        expires: args
            .expires
            .as_deref()
            .map(|text| read_expiry(text, now))
            .transpose()?,
        fields: args.set.clone(),
    })
}

/// Fails before a key exists that could not be read.
pub(super) fn prove_stdout(context: &Context<'_>) -> Result<()> {
    context.platform.terminal.probe_stdout().map_err(|error| {
        Error::new(
            Kind::Store,
            "the new key could not be printed: stdout does not take it",
        )
        .caused_by(error)
        .hint("nothing was created; send the output to a file or a pipe that is read")
    })
}

/// Opens the page on which a key is created by hand.
fn show_page(context: &Context<'_>, client: &ApiClient<'_>) -> Result<()> {
    match support(client.service.manifest, Verb::Create) {
        Support::Manual(manual) => {
            browser::show_page(context, &manual.url);
            Ok(())
        }
        Support::Native(_) => Err(Error::usage(format!(
            "{} creates keys by a call: there is no page to open",
            client.service.name()
        ))
        .hint("leave out `--web`; nothing was created")),
        _ => Err(client.cannot(Verb::Create)),
    }
}

/// Creates the key, by a call or by hand; its secret is safe afterwards.
async fn create_or_paste(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    new: &NewKey,
    mut to: Vec<DestinationSpec>,
) -> Result<StagedKey> {
    let name = client.service.name();
    let operation = match support(client.service.manifest, Verb::Create) {
        Support::Native(operation) => operation,
        Support::Manual(manual) => {
            context.log.line(&format!(
                "{name} has no operation to create a key: create it by hand"
            ));
            let staging = StagingStore::open(client.session)?;
            staging.prove()?;
            let secret = paste(context, client, manual, new, &[]).await?;
            let request = CreateRequest {
                new,
                before: None,
                to: &to,
                replaces: None,
                asked: Some(RequestedProperties::of(new, client.service.started)),
                search_schedule: context.search_schedule(),
                lock: None,
            };
            return create::stage_pasted(client, &staging, request, secret).await;
        }
        _ => return Err(client.cannot(Verb::Create)),
    };
    if operation.effect == CredentialEffect::ReplacesOwn {
        // The login follows the new key before anything else does.
        let own = delivery::login_destination(client, None).await?;
        to.splice(0..0, own.filter(|own| !to.contains(own)));
        let subject = delivery::subject(client, "a key");
        let places = delivery::places(&to);
        context.confirm(
            &format!(
                "creating {subject} invalidates the current one at once: programs that use it stop working{places}"
            ),
            "Create a new key?",
        )?;
    }
    let before = check_quota(client).await?;
    let staging = StagingStore::open(client.session)?;
    let request = CreateRequest {
        new,
        before: before.as_deref(),
        to: &to,
        replaces: None,
        asked: Some(RequestedProperties::of(new, client.service.started)),
        search_schedule: context.search_schedule(),
        lock: None,
    };
    let safe = create::create(client, &staging, request).await?;
    if operation.effect == CredentialEffect::ReplacesOwn {
        delivery::warn_of_variable(client);
    }
    Ok(safe)
}

/// Returns the existing keys, to recognise an unknown key; fails if the limit is reached.
pub(in crate::commands) async fn check_quota(client: &ApiClient<'_>) -> Result<Option<Vec<Key>>> {
    let manifest = client.service.manifest;
    if manifest.one_key || !matches!(support(manifest, Verb::List), Support::Native(_)) {
        return Ok(None);
    }
    let keys = client.list().await?;
    check_room_for_another(client, &keys)?;
    Ok(Some(keys))
}

/// Refuses where as many keys are there as there may be.
pub(in crate::commands) fn check_room_for_another(
    client: &ApiClient<'_>,
    keys: &[Key],
) -> Result<()> {
    let manifest = client.service.manifest;
    let used = keys
        .iter()
        .filter(|key| key.status.counts_toward_limit())
        .count() as u64;
    match manifest.limits.max_keys.filter(|limit| used >= *limit) {
        None => Ok(()),
        Some(limit) => Err(Error::new(
            Kind::Conflict,
            format!(
                "{} refused to create a key: {used} of {limit} keys are in use",
                client.service.name()
            ),
        )
        .hint("revoke one first: keywright keys list --sort last-used")),
    }
}

/// Delivers and prints the key; only then is the copy forgotten.
async fn deliver_and_close(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    safe: StagedKey,
    asked: &[DestinationSpec],
) -> Result<u8> {
    let id_holds_secret = safe.created.id_holds_secret();
    let CreatedKey { key, secret } = safe.created;
    let (key, changed) =
        rotations::compare_with_request(context, client, &safe.record, key).await?;
    let new_key = CreatedKeyReport {
        key,
        changed,
        asked,
    };
    let person = CliCallbacks {
        context,
        about: NewKeyInfo::of(&new_key.key),
        show: &|_: &Record, secret: &Secret| print(context, &new_key, secret),
        subject: delivery::subject_of(client, &safe.record),
        places: delivery::places_of(&safe.record),
    };
    let outcome = Rotation::new(client, &person, safe.record, Some(secret))
        .run()
        .await?;
    let intent = outcome.events.intent();
    let printed = intent.is_some_and(|intent| intent.to.contains(&DestinationSpec::STDOUT));
    if context.reporter.json && !printed {
        let new_key = new_key.without_secret_id(id_holds_secret);
        context.reporter.json_value(&new_key.answer(None))?;
    }
    Ok(0)
}

/// The view of a new key.
struct CreatedKeyReport<'m> {
    key: Key,
    /// Deviations from the request.
    changed: Vec<Change>,
    /// The destinations as they were asked for.
    asked: &'m [DestinationSpec],
}

fn print(
    context: &Context<'_>,
    create_or_paste: &CreatedKeyReport<'_>,
    secret: &Secret,
) -> std::io::Result<()> {
    if context.reporter.json {
        return context
            .reporter
            .secret_json(&create_or_paste.answer(Some(secret)));
    }
    delivery::print_once(
        context,
        &create_or_paste.key.provider,
        &create_or_paste.key.label(),
        secret,
    )
}

impl CreatedKeyReport<'_> {
    /// Returns the id, or a fingerprint if the id is as sensitive as the secret.
    fn without_secret_id(mut self, holds_secret: bool) -> Self {
        if holds_secret {
            let id = self.key.id.as_ref();
            let hidden = id.map(|id| journal::hidden_id(id.as_received()));
            self.key.id = hidden.map(Untrusted::new);
        }
        self
    }

    /// Returns the answer as JSON; destinations are named as they were asked for.
    fn answer(&self, secret: Option<&Secret>) -> Value {
        let mut value = json!(self.key);
        value["secret"] = secret.map_or(Value::Null, Secret::as_json);
        value["delivered_to"] = if self.asked.is_empty() {
            json!([DestinationSpec::STDOUT])
        } else {
            json!(self.asked)
        };
        value["changed"] = json!(self.changed);
        value
    }
}
