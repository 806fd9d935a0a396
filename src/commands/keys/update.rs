//! `keywright keys enable`, `disable` and `set`: changes of a key that goes on existing.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::super::{Context, delivery};
use super::{completable, named};
use crate::api::{ApiClient, KeyUpdate, Support, UpdatedKey, support};
use crate::commands::arguments::pair;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Key, NewKey};
use crate::core::untrusted::{mask_typed_secret, one_line};
use crate::manifest::{Verb, read_expiry};
use crate::report::completion_cache;
use crate::rotation::backoff::Backoff;

/// The form of the command, as a hint.
const USAGE: &str = "keywright keys set KEY FIELD=VALUE";

/// The longest time for which the service is asked again while it shows the key as it was: lists may be late.
const LATE_LIST: Duration = Duration::from_secs(5);

/// Makes a disabled key work again.
pub(super) async fn enable(text: Option<&str>, context: &Context<'_>) -> Result<u8> {
    change_status(text, &KeyUpdate::Enable, context).await
}

/// Makes a key stop working until it is enabled.
pub(super) async fn disable(text: Option<&str>, context: &Context<'_>) -> Result<u8> {
    change_status(text, &KeyUpdate::Disable, context).await
}

async fn change_status(
    text: Option<&str>,
    update: &KeyUpdate<'_>,
    context: &Context<'_>,
) -> Result<u8> {
    let opened = context.open()?;
    context
        .with_client(&opened, async |client| {
            check(context, client, update)?;
            let key = named(context, client, text).await?;
            Box::pin(change(context, client, key, update)).await
        })
        .await
}

/// Gives fields of a key other values. The words are the key and the fields; at a service with one key, its fields
/// alone.
pub(super) async fn set(key: Option<&str>, fields: &[String], context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    context
        .with_client(&opened, async |client| {
            let one_key = client.service.manifest.one_key;
            let (key, fields) = match key {
                Some(first) if one_key && pair(first).is_ok() => (
                    None,
                    std::iter::once(first)
                        .chain(fields.iter().map(String::as_str))
                        .collect(),
                ),
                key => (key, fields.iter().map(String::as_str).collect::<Vec<_>>()),
            };
            if fields.is_empty() {
                check(context, client, &KeyUpdate::Set(&NewKey::default()))?;
                return Err(no_field(client, key));
            }
            let asked = requested(&fields, context.started)?;
            let update = KeyUpdate::Set(&asked);
            check(context, client, &update)?;
            let key = named(context, client, key).await?;
            Box::pin(change(context, client, key, &update)).await
        })
        .await
}

/// Refuses, before anything is sent, a change that the service cannot make; steps by hand are shown.
fn check(context: &Context<'_>, client: &ApiClient<'_>, update: &KeyUpdate<'_>) -> Result<()> {
    if let Support::Manual(manual) = support(client.service.manifest, update.verb()) {
        context.instruct("open", manual, &[]);
    }
    client.check_update(update)
}

fn no_field(client: &ApiClient<'_>, key: Option<&str>) -> Error {
    let error = match key.filter(|key| pair(key).is_ok()) {
        Some(key) => Error::usage(format!(
            "no key given: `{}` is a field, and the key goes before it",
            mask_typed_secret(key)
        )),
        None => Error::usage("no field given: write each as FIELD=VALUE"),
    };
    let error = error.hint(USAGE);
    match support(client.service.manifest, Verb::Set) {
        Support::Native(operation) => error.hint(client.fields_hint(operation)),
        _ => error,
    }
}

/// Reads the requested fields.
fn requested(fields: &[&str], now: Timestamp) -> Result<NewKey> {
    let mut asked = NewKey::default();
    let mut seen = Vec::new();
    for field in fields {
        let (name, value) = pair(field).map_err(|_| {
            let field = mask_typed_secret(field);
            Error::usage(format!("`{field}` is no field: write it as FIELD=VALUE")).hint(USAGE)
        })?;
        if seen.contains(&name) {
            let name = one_line(&name);
            return Err(Error::usage(format!("`{name}` is given twice")).hint(USAGE));
        }
        seen.push(name.clone());
        match name.as_str() {
            "name" => asked.name = Some(value),
            "scopes" => asked.scopes = scopes(&value)?,
            "expires" => asked.expires = Some(read_expiry(&value, now)?),
            _ => asked.fields.push((name, value)),
        }
    }
    Ok(asked)
}

/// Reads scopes with commas between them.
fn scopes(value: &str) -> Result<Vec<String>> {
    let scopes = value
        .split(',')
        .map(str::trim)
        .filter(|scope| !scope.is_empty());
    let scopes: Vec<String> = scopes.map(str::to_owned).collect();
    if scopes.is_empty() {
        return Err(Error::usage("`scopes` is empty: name at least one").hint(USAGE));
    }
    Ok(scopes)
}

async fn change(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    key: Key,
    update: &KeyUpdate<'_>,
) -> Result<u8> {
    if update.is_done(&key) {
        context.log.note(&already(&key, update));
        let done = UpdatedKey {
            key,
            changed: Vec::new(),
        };
        return show(context, &done);
    }
    let is_own = matches!(update, KeyUpdate::Disable) && client.is_login_key(&key).await?;
    if let KeyUpdate::Disable = update {
        confirm_disable(context, client, &key, is_own)?;
    }
    let (described, lost) = match client.update(&key, update).await {
        Ok(described) => (described, None),
        Err(failure) if failure.may_have_acted => {
            let nothing = Key::unknown(client.service.name(), client.profile);
            (nothing, Some(failure.error))
        }
        Err(failure) => return Err(failure.error),
    };
    let updated = settled(client, &key, &described, update).await;
    if let Some(error) = lost.filter(|_| !updated.is_confirmed()) {
        return Err(error
            .with_kind(Kind::Uncertain)
            .hint("see whether it has changed: keywright keys list"));
    }
    completion_cache::insert(
        context.platform,
        client.profile,
        &completable(client, &updated.key),
    );
    show(context, &updated)?;
    if updated.is_contradicted() {
        let status = updated.key.status.name();
        let error = Error::new(
            Kind::Uncertain,
            format!(
                "{} accepted the call to {}, and shows {} as {status}",
                client.service.name(),
                update.verb().infinitive(),
                key.label()
            ),
        );
        return Err(error.hint("look again in a minute: keywright keys list"));
    }
    for change in &updated.changed {
        context.log.warn(&change.words);
    }
    context.log.note(&done(&key, update));
    if is_own {
        context
            .log
            .note("it is the key of this profile, which cannot use it until it is enabled again");
    }
    Ok(0)
}

/// Returns the key after the change; a service that still shows it as it was is asked again for a moment.
async fn settled(
    client: &ApiClient<'_>,
    old: &Key,
    described: &Key,
    update: &KeyUpdate<'_>,
) -> UpdatedKey {
    let transport = &client.service.transport;
    let time = LATE_LIST.min(transport.timeout);
    let mut pauses = Backoff::within(time, transport.clock);
    let mut updated = client.updated(old, described, update).await;
    let nothing = Key::unknown(client.service.name(), client.profile);
    while client.is_stale(old, &updated, update) && pauses.wait().await {
        updated = client.updated(old, &nothing, update).await;
    }
    updated
}

fn confirm_disable(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    key: &Key,
    is_own: bool,
) -> Result<()> {
    let label = delivery::full_label(client, key);
    let which = delivery::subject(client, &label);
    let own = super::revoke::own_key(is_own);
    let what = format!("disabling {which} stops every program that uses it{own}");
    context.confirm(&what, "Disable?")
}

/// Prints the key.
fn show(context: &Context<'_>, updated: &UpdatedKey) -> Result<u8> {
    if context.reporter.json {
        let mut value = json!(updated.key);
        value["changed"] = json!(updated.changed);
        context.reporter.json_value(&value)?;
    }
    Ok(0)
}

fn already(key: &Key, update: &KeyUpdate<'_>) -> String {
    let label = key.label();
    match update {
        KeyUpdate::Enable => format!("{label} is enabled already: nothing was changed"),
        KeyUpdate::Disable => format!("{label} is disabled already: nothing was changed"),
        KeyUpdate::Set(_) => format!("{label} has these values already: nothing was changed"),
    }
}

fn done(key: &Key, update: &KeyUpdate<'_>) -> String {
    let label = key.label();
    match update {
        KeyUpdate::Enable => format!("enabled {label}"),
        KeyUpdate::Disable => format!("disabled {label}"),
        KeyUpdate::Set(_) => format!("changed {label}"),
    }
}
