//! Compares a new key with the requested properties: in the run that creates it, and in one that resumes later.

use jiff::Timestamp;

use crate::api::{ApiClient, SpooledKey, Support, expiry_as_json, support};
use crate::core::error::Result;
use crate::core::key::{Change, Key, RequestedProperties};
use crate::core::moment::to_the_minute;
use crate::core::untrusted::Untrusted;
use crate::manifest::{CredentialEffect, Verb};
use crate::rotation::create::{key_of, read_spooled_key, verb_of};
use crate::rotation::journal::{Intent, OldKey, Record, is_hidden};

/// A new key with its differences from the request.
pub struct GrantedKey {
    /// The key, completed by the properties that were read back.
    pub key: Key,
    /// The differences.
    pub changed: Vec<Change>,
    /// The warnings, in order.
    pub warnings: Vec<String>,
}

/// Compares a new key with the request in its record. Returns nothing if no comparison is wanted or the key is not
/// known.
pub async fn granted_later(client: &ApiClient<'_>, record: &Record) -> Result<Option<GrantedKey>> {
    let intent = record.intent()?;
    if !record.state().awaits_delivery() || intent.asked.is_none() || intent.lease {
        return Ok(None);
    }
    let arrived = read_spooled_key(client, record).unwrap_or(SpooledKey::Nothing);
    let key = match (arrived, record.events.staged()) {
        (SpooledKey::Key(created), _) => created.key,
        (_, Some(kept)) => Key {
            name: intent.name.clone().map(Untrusted::new),
            ..key_of(client, kept.id.clone().filter(|id| !is_hidden(id)))
        },
        _ => return Ok(None),
    };
    Ok(granted(client, intent, key).await)
}

/// Compares a new key with the request; `None` if no comparison is wanted.
pub async fn granted(client: &ApiClient<'_>, intent: &Intent, key: Key) -> Option<GrantedKey> {
    let asked = intent.asked.as_ref()?;
    let replaces = intent.replaces.as_ref();
    let comparison = GrantComparison {
        client,
        asked,
        replaces,
        verb: verb_of(replaces),
    };
    let (key, changed) = comparison.changes(key).await;
    let mut warnings = asked.drift.clone();
    warnings.extend(changed.iter().map(|change| change.words.clone()));
    if replaces.is_some() {
        warnings.extend(comparison.further_scopes(&key));
        let now = client.session.platform.clock.now();
        warnings.extend(comparison.expires_in_grace(&key, now));
    }
    let changed = comparison.with_cap(&key, changed);
    Some(GrantedKey {
        key,
        changed,
        warnings,
    })
}

struct GrantComparison<'c> {
    client: &'c ApiClient<'c>,
    asked: &'c RequestedProperties,
    replaces: Option<&'c OldKey>,
    verb: Verb,
}

impl GrantComparison<'_> {
    /// Returns whether a call can read what the response left out. None can if the key that this run logs in with has
    /// expired or was revoked.
    fn may_look(&self) -> bool {
        let Some(old) = self.replaces else {
            let create = support(self.client.service.manifest, Verb::Create);
            return !matches!(create, Support::Native(operation) if operation.effect == CredentialEffect::ReplacesOwn);
        };
        let mine = old.own.is_some() || self.client.session.uses_environment();
        old.survives() || self.verb == Verb::Rotate && !mine
    }

    /// Returns the differences, each with a warning, in the order of the response.
    async fn changes(&self, key: Key) -> (Key, Vec<Change>) {
        let (client, verb) = (self.client, self.verb);
        // Of the further fields, only those that you name are worth a call.
        let mut asked = self.asked.new.clone();
        asked.fields.clone_from(&self.asked.wished);
        let (key, _) = client.compare(verb, &asked, key, self.may_look()).await;
        let mut changes = client.changes(verb, &self.asked.expected, &key, self.asked.at);
        // Of properties that were not requested, only those in the response count.
        let asked = self.asked.new.expires.is_some();
        changes.retain(|change| change.certain || asked || change.field != "expires_at");
        (key, changes)
    }

    /// Adds the cap that was announced in advance to the differences.
    fn with_cap(&self, key: &Key, mut changes: Vec<Change>) -> Vec<Change> {
        let Some(uncapped) = self.asked.uncapped else {
            return changes;
        };
        let asked = expiry_as_json(uncapped);
        match changes
            .iter_mut()
            .find(|change| change.field == "expires_at")
        {
            Some(change) => change.asked = asked,
            None => changes.insert(
                0,
                Change {
                    field: "expires_at".to_owned(),
                    asked,
                    given: serde_json::json!(key.expires_at),
                    certain: true,
                    words: String::new(),
                },
            ),
        }
        changes
    }

    /// Warns if the new key expires before the grace of the old one is over.
    fn expires_in_grace(&self, key: &Key, now: Timestamp) -> Option<String> {
        let over = self.replaces?.grace?.after(now)?;
        let expiry = key.expires_at.filter(|expiry| *expiry <= over)?;
        Some(format!(
            "the new key expires on {}, before the grace of the old one is over: the old one is not revoked then",
            to_the_minute(expiry)
        ))
    }

    /// Warns of scopes of the new key that the old one did not have and that were not requested.
    fn further_scopes(&self, key: &Key) -> Option<String> {
        let asked = &self.asked.expected.scopes;
        if asked.is_empty() || self.client.expands_scopes(self.verb) {
            return None;
        }
        let given = key.scopes.iter().flatten();
        let further: Vec<String> = given
            .filter(|scope| !asked.iter().any(|asked| asked == scope.as_received()))
            .map(|scope| format!("`{scope}`"))
            .collect();
        (!further.is_empty()).then(|| {
            format!(
                "the new key has more scopes than were requested: {}",
                further.join(", ")
            )
        })
    }
}
