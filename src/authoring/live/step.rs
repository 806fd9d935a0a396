//! The steps of a live check: each runs an operation and checks its effect.

use std::time::Duration;

use super::{StepOutcome, skipped};
use crate::api::{ApiClient, KeyUpdate, Support, support};
use crate::core::error::{Error, Result};
use crate::core::key::{Key, NewKey, Validity, Verdict};
use crate::core::secret::Secret;
use crate::manifest::{Operation, Verb};
use crate::service::CredentialRef;

/// The pauses before a service is asked again: a new key may take a moment to reach every server.
const PROPAGATION_TIMEOUT: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// Returns the operation of a verb that the service does itself, or why there is none.
pub fn native<'m>(client: &ApiClient<'m>, verb: Verb) -> Result<&'m Operation, String> {
    match support(client.service.manifest, verb) {
        Support::Native(operation) => Ok(operation),
        Support::Via(other) => Err(format!("`{verb}` goes through `{other}`")),
        Support::Manual(_) => Err(format!("the manifest declares `{verb}` as manual")),
        Support::Unsupported(why) => Err(why),
    }
}

/// Returns whether the service supports it in any way.
pub fn can(client: &ApiClient<'_>, verb: Verb) -> Result<(), StepOutcome> {
    match support(client.service.manifest, verb) {
        Support::Native(_) | Support::Via(_) => Ok(()),
        _ => Err(skipped(native(client, verb).err().unwrap_or_default())),
    }
}

/// Returns the result of a step whose call failed.
pub fn failed(error: impl Into<Error>) -> StepOutcome {
    StepOutcome::Failed(error.into())
}

/// The service answers, and not as the manifest says.
pub fn wrong(why: impl Into<String>) -> StepOutcome {
    StepOutcome::Failed(Error::failed(why))
}

/// Returns whether a verification says that a credential works.
pub fn judged(verdict: &Verdict) -> Result<(), StepOutcome> {
    match (verdict.result, verdict.status_code) {
        (Validity::Valid, _) => Ok(()),
        (Validity::Unknown, None) => {
            Err(skipped("no call of the manifest says whether a key works"))
        }
        (Validity::Unknown, Some(_)) if verdict.foreign.is_some() => {
            Err(wrong(verdict.why_unknown("the service", "a key")))
        }
        (Validity::Unknown, Some(status)) => Err(wrong(format!(
            "the service answered with {status}, and the manifest does not define its meaning: see `verify.response.results`"
        ))),
        (other, _) => Err(wrong(format!(
            "the service says that it is {}",
            other.name()
        ))),
    }
}

/// Verifies the new key.
pub async fn verify_new(client: &ApiClient<'_>, secret: &Secret) -> Result<(), StepOutcome> {
    let Some(name) = client.service.manifest.new_key() else {
        return Err(skipped(
            "the manifest does not say which credential a new key is",
        ));
    };
    let carried = CredentialRef { name, secret };
    poll(client, async || {
        let verdict = client.verify(&carried).await.map_err(failed)?;
        judged(&verdict)
    })
    .await
}

/// Asks again for a while where the service does not say yet what it has to.
async fn poll(
    client: &ApiClient<'_>,
    check: impl AsyncFn() -> Result<(), StepOutcome>,
) -> Result<(), StepOutcome> {
    for wait in PROPAGATION_TIMEOUT {
        match check().await {
            Err(StepOutcome::Failed(error)) if error.http_status().is_none() => {}
            done => return done,
        }
        client.session.platform.clock.sleep(wait).await;
    }
    check().await
}

/// Shows the new key.
pub async fn show(client: &ApiClient<'_>, key: &Key) -> Result<(), StepOutcome> {
    can(client, Verb::Show)?;
    let shown = client.show(key.clone()).await.map_err(failed)?;
    if shown.id == key.id {
        return Ok(());
    }
    Err(wrong(
        "the response has another id than the one in the request: check `key.id`",
    ))
}

/// Returns the key as the list has it.
async fn find_in_list(client: &ApiClient<'_>, key: &Key) -> Result<Option<Key>, StepOutcome> {
    let keys = client.list().await.map_err(failed)?;
    let is_it = |listed: &Key| listed.id.is_some() && listed.id == key.id;
    Ok(keys.into_iter().find(is_it))
}

/// Looks for the new key in the list.
pub async fn listed(
    client: &ApiClient<'_>,
    key: &Key,
    name: Option<&str>,
) -> Result<(), StepOutcome> {
    can(client, Verb::List)?;
    poll(client, async || {
        let Some(found) = find_in_list(client, key).await? else {
            return Err(wrong(
                "the list does not show the new key: check `response.items` and `key.id`",
            ));
        };
        match (&found.name, name) {
            (Some(found), Some(name)) if found.as_received() != name => {
                Err(wrong(format!("the list names it `{found}`, not `{name}`")))
            }
            _ => Ok(()),
        }
    })
    .await
}

/// Renames the new key.
pub async fn rename(
    client: &ApiClient<'_>,
    key: &Key,
    name: Option<String>,
) -> Result<(), StepOutcome> {
    native(client, Verb::Rename).map_err(skipped)?;
    let Some(name) = name else {
        return Err(skipped("a new key has no name here"));
    };
    client.rename(key, &name).await.map_err(failed)?;
    if can(client, Verb::List).is_ok() {
        return listed(client, key, Some(&name)).await;
    }
    if can(client, Verb::Show).is_err() {
        return Ok(());
    }
    poll(client, async || {
        let shown = client.show(key.clone()).await.map_err(failed)?;
        match shown.name {
            Some(shown) if shown.as_received() != name => Err(wrong(format!(
                "the key is shown as `{shown}`, not `{name}`"
            ))),
            _ => Ok(()),
        }
    })
    .await
}

/// Returns fields of the new key that can be set without a guess: its name to another one, else a field that it was
/// created with to the same value.
pub fn settable(client: &ApiClient<'_>, new: &NewKey) -> Option<NewKey> {
    let named = NewKey {
        name: new.name.as_ref().map(|name| format!("{name}-set")),
        ..NewKey::default()
    };
    let fields = new.fields.iter().map(|field| NewKey {
        fields: vec![field.clone()],
        ..NewKey::default()
    });
    let ends = NewKey {
        expires: new.expires,
        ..NewKey::default()
    };
    let scopes = NewKey {
        scopes: new.scopes.clone(),
        ..NewKey::default()
    };
    let mut each = std::iter::once(named).chain(fields).chain([ends, scopes]);
    each.find(|asked| {
        *asked != NewKey::default() && client.check_update(&KeyUpdate::Set(asked)).is_ok()
    })
}

/// Sets fields of the new key.
pub async fn set(
    client: &ApiClient<'_>,
    key: &Key,
    asked: Option<&NewKey>,
) -> Result<(), StepOutcome> {
    native(client, Verb::Set).map_err(skipped)?;
    let asked = asked.ok_or_else(|| {
        skipped(
            "it has none of the fields that the new key was created with: name one with `--set`",
        )
    })?;
    update(client, key, &KeyUpdate::Set(asked)).await
}

/// Changes the new key, and looks whether the service shows it so.
pub async fn update(
    client: &ApiClient<'_>,
    key: &Key,
    update: &KeyUpdate<'_>,
) -> Result<(), StepOutcome> {
    native(client, update.verb()).map_err(skipped)?;
    let described = client.update(key, update).await.map_err(failed)?;
    poll(client, async || {
        let updated = client.updated(key, &described, update).await;
        let mut changed = updated.changed.iter();
        match changed.find(|change| change.certain) {
            Some(change) => Err(wrong(change.words.clone())),
            None => Ok(()),
        }
    })
    .await
}

/// Returns whether no operation accepts the key any more.
pub async fn gone(client: &ApiClient<'_>, key: &Key) -> Result<(), StepOutcome> {
    can(client, Verb::List)?;
    poll(client, async || match find_in_list(client, key).await? {
        Some(found) if found.status.counts_toward_limit() => {
            Err(wrong("the list still shows it as a key that works"))
        }
        _ => Ok(()),
    })
    .await
}
