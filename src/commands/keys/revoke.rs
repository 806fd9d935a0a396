//! `keywright keys revoke`.

use super::super::{Context, delivery};
use super::revoked_here::pick_left;
use super::{completable, keys_of, named};
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Key, KeyStatus};
use crate::manifest::{CredentialEffect, Verb};
use crate::rotation::journal;

/// Ends keys for good; each is tried, and the first failure is the exit code.
pub(super) async fn revoke(texts: &[String], context: &Context<'_>) -> Result<u8> {
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
            let ends_own = operation.effect == CredentialEffect::RevokesOwn;
            let mut own: Option<Key> = None;
            let mut wanted = Vec::new();
            if texts.is_empty() {
                if manifest.one_key {
                    confirm_revoke(context, client, None, ends_own)?;
                    wanted.push(Ok(Key::unknown(client.service.name(), client.profile)));
                } else {
                    let key = named(context, client, None).await?;
                    own = client.find_login_key(&[&key]).await?.cloned();
                    confirm_revoke(context, client, Some(&[&key]), own.is_some() || ends_own)?;
                    wanted.push(Ok(key));
                }
            } else {
                let keys = keys_of(client).await?;
                wanted.extend(deduplicate(
                    texts
                        .iter()
                        .map(|text| pick_left(context, client, &keys, text)),
                ));
                let found: Vec<&Key> = wanted.iter().flatten().collect();
                if !found.is_empty() {
                    own = client.find_login_key(&found).await?.cloned();
                    confirm_revoke(context, client, Some(&found), own.is_some() || ends_own)?;
                }
            }
            let mut first: Option<Error> = None;
            let mut revoked = Vec::new();
            let work = context.log.progress_of("revoking", wanted.len());
            for key in wanted {
                let outcome = match key {
                    Ok(key) => {
                        let is_own = ends_own || own.as_ref() == Some(&key);
                        revoke_one(client, is_own, key).await
                    }
                    Err(error) => Err(error),
                };
                work.step();
                match outcome {
                    Ok(key) => {
                        let gone = completable(client, &key);
                        crate::report::completion_cache::remove(
                            context.platform,
                            client.profile,
                            &gone,
                        );
                        context.log.note(&format!("revoked {}", key.label()));
                        revoked.push(key);
                    }
                    Err(error) => match &mut first {
                        None => first = Some(error),
                        Some(_) => context.reporter.warning(&error),
                    },
                }
            }
            drop(work);
            if context.reporter.json {
                context.reporter.json_value(&revoked)?;
            }
            first.map_or(Ok(0), Err)
        })
        .await
}

/// Leaves out the keys that stand there twice, whatever they were called.
fn deduplicate(picked: impl Iterator<Item = Result<Key>>) -> Vec<Result<Key>> {
    let mut once: Vec<Result<Key>> = Vec::new();
    for key in picked {
        let again = key
            .as_ref()
            .is_ok_and(|key| once.iter().flatten().any(|other| other == key));
        if !again {
            once.push(key);
        }
    }
    once
}

async fn revoke_one(client: &ApiClient<'_>, is_own: bool, key: Key) -> Result<Key> {
    client.revoke(&key).await.map_err(|trouble| {
        if trouble.may_have_acted {
            trouble
                .error
                .with_kind(Kind::Uncertain)
                .hint("check whether the key still exists: keywright keys list")
        } else {
            trouble.error
        }
    })?;
    let hides_id = client.service.manifest.hides_ids();
    if let Err(error) = journal::remember_revoked(client.session.platform, &key, hides_id) {
        client.log.trace(|| format!("* {error}"));
    }
    if is_own
        && let Some(name) = client.service.manifest.new_key()
        && !client.session.uses_environment()
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
    is_own: bool,
) -> Result<()> {
    let which = match keys {
        Some(keys) => keys
            .iter()
            .map(|key| delivery::full_label(client, key))
            .collect::<Vec<_>>()
            .join(", "),
        None => "the key".to_owned(),
    };
    let which = delivery::subject(client, &which);
    let own = if is_own {
        "; it is the key that this profile logs in with"
    } else {
        ""
    };
    let what = format!("revoking {which} cannot be undone{own}");
    match keys {
        Some(keys) if keys.len() > 1 => context.confirm_by_name(&what, client.profile),
        _ => context.confirm(&what, "Revoke?"),
    }
}
