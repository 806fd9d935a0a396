//! `keywright keys`.

mod create;
mod due;
mod list;
mod paste;
mod pick;
mod rotate;
mod verify;

pub(super) use paste::{pasted, read_secret};
pub(super) use verify::exit_code;

use std::fmt::Write;

use jiff::Timestamp;

use self::pick::pick;
use super::Context;
use crate::api::{ApiClient, Support, support};
use crate::cli::{Keys, KeysCommand};
use crate::error::{Error, Kind, Result};
use crate::holdings::Holdings;
use crate::key::{Key, KeyStatus};
use crate::manifest::{CredentialKind, Effect, Verb};
use crate::output::relative;
use crate::untrusted::{Untrusted, clean};

/// Carries out `keywright keys`.
pub(super) async fn run(args: &Keys, context: &Context<'_>) -> Result<u8> {
    match &args.command {
        None => list::list(&args.list, context).await,
        Some(KeysCommand::List(args)) => list::list(args, context).await,
        Some(KeysCommand::Create(args)) => create::create(args, context).await,
        Some(KeysCommand::Show { key }) => show(key.as_deref(), context).await,
        Some(KeysCommand::Rename { key, name }) => rename(key, name, context).await,
        Some(KeysCommand::Rotate(args)) => rotate::rotate(args, context).await,
        Some(KeysCommand::Revoke { keys }) => revoke(keys, context).await,
        Some(KeysCommand::Status) => status(context).await,
        Some(KeysCommand::Verify { key }) => verify::verify(key.as_deref(), context).await,
    }
}

/// Every key of a profile; where the service lists none, the one that is kept here.
async fn keys_of(client: &ApiClient<'_>) -> Result<Vec<Key>> {
    let manifest = client.service.manifest;
    match support(manifest, Verb::List) {
        Support::Native(_) | Support::Via(_) => Ok(client.list().await?),
        Support::Manual(_) | Support::Unsupported(_) => {
            client.log.note(&format!(
                "{} has no call that lists keys: this is the one kept here",
                client.service.name()
            ));
            kept_here(client)
        }
    }
}

/// The key that this profile uses, as far as it is known here.
fn kept_here(client: &ApiClient<'_>) -> Result<Vec<Key>> {
    let manifest = client.service.manifest;
    let Some(name) = manifest.credential_of(CredentialKind::Key) else {
        return Ok(Vec::new());
    };
    let mut key = Key::unknown(client.service.name(), client.profile);
    if client.session.environment_rules() {
        let variable = CredentialKind::Key.variable();
        let Some(value) = client.session.world.env.get(variable) else {
            return Ok(Vec::new());
        };
        key.masked = Some(Untrusted::new(
            crate::secret::Secret::pasted(value).masked(),
        ));
        return Ok(vec![key]);
    }
    let holdings = Holdings::load(client.session.world)?;
    let Some(holding) = holdings.get(client.profile, name) else {
        return Ok(Vec::new());
    };
    key.masked = Some(Untrusted::new(holding.masked.clone()));
    key.name = holding.name.clone().map(Untrusted::new);
    key.expires_at = holding.expires_at;
    Ok(vec![key])
}

/// The key that was named, or the only one at a one-key service.
async fn named(client: &ApiClient<'_>, text: Option<&str>) -> Result<Key> {
    let one_key = client.service.manifest.one_key;
    if text.is_none() && !one_key {
        return Err(Error::usage(
            "which key? name it by its id, or by a name or prefix that is unique",
        )
        .hint("see what there is: keywright keys list"));
    }
    let mut keys = keys_of(client).await?;
    match text {
        Some(text) => pick(&keys, text),
        None => keys.pop().ok_or_else(|| {
            Error::new(
                Kind::NotFound,
                format!("there is no key at {}", client.service.name()),
            )
            .hint("create one: keywright keys create")
        }),
    }
}

/// Shows a key.
async fn show(text: Option<&str>, context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    let key = context
        .with_client(&opened, async |client| {
            let listed = named(client, text).await?;
            Ok(client.show(listed).await?)
        })
        .await?;
    if context.reporter.json {
        context.reporter.json_value(&key)?;
    } else {
        context
            .reporter
            .text(&card(&key, context.world.clock.now()))?;
    }
    Ok(0)
}

fn card(key: &Key, now: Timestamp) -> String {
    let text = |field: &Option<Untrusted>| {
        field
            .as_ref()
            .map_or_else(|| "-".to_owned(), ToString::to_string)
    };
    let moment = |moment: Option<Timestamp>| match moment {
        Some(at) => format!(
            "{} ({})",
            at.strftime("%Y-%m-%d %H:%M UTC"),
            relative(moment, now)
        ),
        None => "-".to_owned(),
    };
    let scopes = key.scopes.as_ref().map_or_else(
        || "-".to_owned(),
        |scopes| {
            let words: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            words.join(", ")
        },
    );
    let mut card = String::new();
    for (title, value) in [
        ("name", text(&key.name)),
        ("id", text(&key.id)),
        ("provider", key.provider.clone()),
        ("profile", key.profile.clone()),
        ("key", text(&key.masked)),
        ("status", key.status.name().to_owned()),
        ("scopes", scopes),
        ("created", moment(key.created_at)),
        ("expires", moment(key.expires_at)),
        ("last used", moment(key.last_used_at)),
    ] {
        let _ = writeln!(card, "{title:<10}  {value}");
    }
    if let Some(usage) = &key.usage {
        let number = |number: Option<u64>| {
            number.map_or_else(|| "-".to_owned(), |number| number.to_string())
        };
        let _ = writeln!(
            card,
            "{:<10}  {} requests, {} in the last 30 days, {}",
            "usage",
            number(usage.requests),
            number(usage.requests_30d),
            list::cost(usage)
        );
    }
    card
}

/// Gives a key another name.
async fn rename(text: &str, name: &str, context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    let (old, key) = context
        .with_client(&opened, async |client| {
            if !matches!(
                support(client.service.manifest, Verb::Rename),
                Support::Native(_)
            ) {
                return Err(client.cannot(Verb::Rename));
            }
            let old = named(client, Some(text)).await?;
            let key = client.rename(&old, name).await?;
            Ok((old, key))
        })
        .await?;
    if context.reporter.json {
        context.reporter.json_value(&key)?;
    }
    context
        .log
        .note(&format!("renamed {} to `{}`", old.label(), clean(name)));
    Ok(0)
}

/// Ends keys for good; each is tried, and the first failure is the exit code.
async fn revoke(texts: &[String], context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    context
        .with_client(&opened, async |client| {
            let manifest = client.service.manifest;
            let operation = match support(manifest, Verb::Revoke) {
                Support::Native(operation) => operation,
                Support::Manual(manual) => {
                    context.log.line(&format!(
                        "{} has no call to revoke a key; nothing was changed. Do it by hand",
                        client.service.name()
                    ));
                    context.instruct("open", manual, &[]);
                    return Ok(0);
                }
                _ => return Err(client.cannot(Verb::Revoke)),
            };
            let mut wanted = Vec::new();
            if texts.is_empty() {
                if !manifest.one_key {
                    return Err(Error::usage("which key? name at least one")
                        .hint("see what there is: keywright keys list"));
                }
                confirm_revoke(context, client, None, operation.effect)?;
                wanted.push(Ok(Key::unknown(client.service.name(), client.profile)));
            } else {
                let keys = keys_of(client).await?;
                wanted.extend(texts.iter().map(|text| pick(&keys, text)));
                let found: Vec<&Key> = wanted.iter().flatten().collect();
                if !found.is_empty() {
                    confirm_revoke(context, client, Some(&found), operation.effect)?;
                }
            }
            let mut first: Option<Error> = None;
            let mut revoked = Vec::new();
            for key in wanted {
                let outcome = match key {
                    Ok(key) => revoke_one(client, operation.effect, key).await,
                    Err(error) => Err(error),
                };
                match outcome {
                    Ok(key) => {
                        context.log.note(&format!("revoked {}", key.label()));
                        revoked.push(key);
                    }
                    Err(error) => match &mut first {
                        None => first = Some(error),
                        Some(_) => context.log.warn(error.message()),
                    },
                }
            }
            if context.reporter.json {
                context.reporter.json_value(&revoked)?;
            }
            first.map_or(Ok(0), Err)
        })
        .await
}

async fn revoke_one(client: &ApiClient<'_>, effect: Effect, key: Key) -> Result<Key> {
    client.revoke(&key).await.map_err(|trouble| {
        if trouble.may_have_acted {
            trouble
                .error
                .as_kind(Kind::Uncertain)
                .hint("see whether the key is still there: keywright keys list")
        } else {
            trouble.error
        }
    })?;
    if effect == Effect::RevokesOwn
        && let Some(name) = client.service.manifest.credential_of(CredentialKind::Key)
        && !client.session.environment_rules()
        && client.session.forget(name)?
    {
        client
            .log
            .note("it was the key of this profile, which is logged out now");
    }
    Ok(Key {
        status: KeyStatus::Revoked,
        ..key
    })
}

fn confirm_revoke(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    keys: Option<&[&Key]>,
    effect: Effect,
) -> Result<()> {
    let which = match keys {
        Some(keys) => keys
            .iter()
            .map(|key| key.label())
            .collect::<Vec<_>>()
            .join(", "),
        None => format!("the key at {}", client.service.name()),
    };
    let own = if effect == Effect::RevokesOwn {
        "; it is the key that this profile logs in with"
    } else {
        ""
    };
    context.confirm(
        &format!("revoking {which} cannot be undone{own}"),
        "Revoke?",
    )
}

/// Says whether there is a key.
async fn status(context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
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
