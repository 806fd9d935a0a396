//! `keywright keys revoke`.

use super::super::{Context, FirstFailure, delivery};
use super::revoked_here::pick_left;
use super::{choose, completable, keys_of, named, which_key_error};
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Kind, Result};
use crate::core::key::{Key, KeyStatus};
use crate::manifest::{CredentialEffect, Verb};
use crate::report::completion_cache;
use crate::rotation::journal;

/// Ends keys for good; each is tried, and the first failure is the exit code.
pub(super) async fn revoke(texts: &[String], dry_run: bool, context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    context
        .with_client(&opened, async |client| {
            let operation = match support(client.service.manifest, Verb::Revoke) {
                Support::Native(operation) => operation,
                Support::Manual(manual) => {
                    context.log.line(&format!(
                        "{} has no operation to revoke a key; nothing was changed. Do it by hand",
                        client.service.name()
                    ));
                    context.instruct("open", manual, &[]);
                    return Ok(0);
                }
                _ => return Err(client.cannot(Verb::Revoke)),
            };
            let ends_own = operation.effect == CredentialEffect::RevokesOwn;
            let targets = Targets::find(context, client, texts, dry_run).await?;
            if dry_run {
                return targets.show(context, client, ends_own);
            }
            targets.confirm(context, client, ends_own)?;
            targets.revoke(context, client, ends_own).await
        })
        .await
}

/// The keys to revoke, each with the failure to find it.
struct Targets {
    wanted: Vec<Result<Key>>,
    /// The one that the profile logs in with.
    own: Option<Key>,
    /// The service has one key, and nothing is known of it.
    unseen: bool,
}

impl Targets {
    async fn find(
        context: &Context<'_>,
        client: &ApiClient<'_>,
        texts: &[String],
        dry_run: bool,
    ) -> Result<Targets> {
        let manifest = client.service.manifest;
        let unseen = texts.is_empty() && manifest.one_key && !dry_run;
        let wanted = if unseen {
            vec![Ok(Key::unknown(client.service.name(), client.profile))]
        } else if texts.is_empty() && manifest.one_key {
            vec![Ok(named(context, client, None).await?)]
        } else if texts.is_empty() {
            if !context.may_ask {
                return Err(which_key_error());
            }
            let keys = choose::to_revoke(context, client, keys_of(client).await?)?;
            keys.into_iter().map(Ok).collect()
        } else {
            let keys = keys_of(client).await?;
            let picked = texts
                .iter()
                .map(|text| pick_left(context, client, &keys, text));
            deduplicate(picked)
        };
        let found: Vec<&Key> = wanted.iter().flatten().collect();
        let own = if unseen || found.is_empty() {
            None
        } else {
            client.find_login_key(&found).await?.cloned()
        };
        Ok(Targets {
            wanted,
            own,
            unseen,
        })
    }

    fn confirm(&self, context: &Context<'_>, client: &ApiClient<'_>, ends_own: bool) -> Result<()> {
        let found: Vec<&Key> = self.wanted.iter().flatten().collect();
        if found.is_empty() {
            return Ok(());
        }
        let keys = (!self.unseen).then_some(found.as_slice());
        confirm_revoke(context, client, keys, self.own.is_some() || ends_own)
    }

    /// Prints which keys would be revoked.
    fn show(self, context: &Context<'_>, client: &ApiClient<'_>, ends_own: bool) -> Result<u8> {
        let mut first = FirstFailure::default();
        let mut found = Vec::new();
        for key in self.wanted {
            match key {
                Ok(key) => {
                    if !context.reporter.json {
                        let own = own_key(ends_own || self.own.as_ref() == Some(&key));
                        let key = delivery::full_label(client, &key);
                        context
                            .reporter
                            .text(&format!("would revoke {key}{own}\n"))?;
                    }
                    found.push(key);
                }
                Err(error) => first.add(context, error),
            }
        }
        if context.reporter.json {
            context.reporter.json_value(&found)?;
        }
        context.log.note("nothing was revoked");
        first.exit_code()
    }

    async fn revoke(
        self,
        context: &Context<'_>,
        client: &ApiClient<'_>,
        ends_own: bool,
    ) -> Result<u8> {
        let mut first = FirstFailure::default();
        let mut revoked = Vec::new();
        let work = context.log.progress_of("revoking", self.wanted.len());
        for key in self.wanted {
            let outcome = match key {
                Ok(key) => {
                    let is_own = ends_own || self.own.as_ref() == Some(&key);
                    revoke_one(client, is_own, key).await
                }
                Err(error) => Err(error),
            };
            work.step();
            match outcome {
                Ok(key) => {
                    let gone = completable(client, &key);
                    completion_cache::remove(context.platform, client.profile, &gone);
                    context.log.note(&format!("revoked {}", key.label()));
                    revoked.push(key);
                }
                Err(error) => first.add(context, error),
            }
        }
        drop(work);
        if context.reporter.json {
            context.reporter.json_value(&revoked)?;
        }
        first.exit_code()
    }
}

/// Returns the words behind the key that the profile logs in with.
pub(super) fn own_key(is_own: bool) -> &'static str {
    if is_own {
        "; it is the key that this profile logs in with"
    } else {
        ""
    }
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

pub(in crate::commands) async fn revoke_one(
    client: &ApiClient<'_>,
    is_own: bool,
    key: Key,
) -> Result<Key> {
    client.revoke(&key).await.map_err(|failure| {
        if failure.may_have_acted {
            failure
                .error
                .with_kind(Kind::Uncertain)
                .hint("check whether the key still exists: keywright keys list")
        } else {
            failure.error
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
    let own = own_key(is_own);
    let what = format!("revoking {which} cannot be undone{own}");
    match keys {
        Some(keys) if keys.len() > 1 => context.confirm_by_name(&what, client.profile),
        _ => context.confirm(&what, "Revoke?"),
    }
}
