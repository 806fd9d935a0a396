//! Keys that are chosen from a list at a terminal.

use super::super::Context;
use super::no_keys_error;
use crate::api::ApiClient;
use crate::core::error::Result;
use crate::core::key::Key;
use crate::core::untrusted::Untrusted;
use crate::report::output::relative;

/// Returns the key that the user chooses.
pub(super) fn one(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    mut keys: Vec<Key>,
) -> Result<Key> {
    let items = choices(context, client, &mut keys)?;
    let prompt = asked_at(client, "Key");
    let index = context.platform.terminal.choose(&prompt, &items)?;
    Ok(keys.swap_remove(index))
}

/// Returns the keys that the user chooses to revoke.
pub(super) fn to_revoke(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    mut keys: Vec<Key>,
) -> Result<Vec<Key>> {
    let items = choices(context, client, &mut keys)?;
    let prompt = asked_at(client, "Keys to revoke");
    let terminal = &context.platform.terminal;
    let chosen = terminal.choose_many(&prompt, &items, false)?;
    let keys = keys.into_iter().enumerate();
    let keys = keys.filter(|(index, _)| chosen.contains(index));
    Ok(keys.map(|(_, key)| key).collect())
}

/// Returns a question with the place that it is about: the profile and its service.
fn asked_at(client: &ApiClient<'_>, question: &str) -> String {
    let (profile, service) = (client.profile, client.service.name());
    if profile == service {
        format!("{question} at {service}")
    } else {
        format!("{question} of `{profile}` at {service}")
    }
}

/// Leaves those of the keys that can be chosen, and returns them as they are shown; fails if there are none.
fn choices(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    keys: &mut Vec<Key>,
) -> Result<Vec<String>> {
    keys.retain(|key| key.status.counts_toward_limit());
    if keys.is_empty() {
        return Err(no_keys_error(client));
    }
    let now = context.platform.clock.now();
    let text = |field: &Option<Untrusted>| field.as_ref().map(ToString::to_string);
    let items = keys.iter().map(|key| {
        let name = text(&key.name).unwrap_or_else(|| "(no name)".to_owned());
        let used = key
            .last_used_at
            .map(|_| format!("used {}", relative(key.last_used_at, now)));
        let parts = [Some(name), text(&key.masked), text(&key.id), used];
        parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
    });
    Ok(items.collect())
}
