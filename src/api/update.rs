//! Changes a key in place: its fields, or whether it works.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::compare::the_one;
use super::create::fill_new;
use super::{ApiClient, Support, fill_id, support};
use crate::core::error::{Error, Result};
use crate::core::key::{Change, Expiry, Key, KeyStatus, NewKey};
use crate::core::untrusted::{Untrusted, one_line};
use crate::manifest::{Operation, Verb};
use crate::service::CallError;

/// A change of a key that goes on existing.
pub enum KeyUpdate<'u> {
    /// It works again.
    Enable,
    /// It works no longer, until it is enabled.
    Disable,
    /// Its fields get other values.
    Set(&'u NewKey),
}

impl KeyUpdate<'_> {
    /// Returns its operation.
    pub fn verb(&self) -> Verb {
        match self {
            KeyUpdate::Enable => Verb::Enable,
            KeyUpdate::Disable => Verb::Disable,
            KeyUpdate::Set(_) => Verb::Set,
        }
    }

    fn status(&self) -> Option<KeyStatus> {
        match self {
            KeyUpdate::Enable => Some(KeyStatus::Active),
            KeyUpdate::Disable => Some(KeyStatus::Disabled),
            KeyUpdate::Set(_) => None,
        }
    }

    /// Returns whether `key` is as requested already.
    pub fn is_done(&self, key: &Key) -> bool {
        let KeyUpdate::Set(asked) = self else {
            return key.said.status && Some(key.status) == self.status();
        };
        let name = asked.name.as_deref();
        let expiry = match asked.expires {
            None => true,
            Some(Expiry::At(moment)) => key.expires_at == Some(moment),
            Some(Expiry::Never) => key.said.expiry && key.expires_at.is_none(),
        };
        let has = |(name, value): &(String, String)| {
            let mut given = key.given.iter();
            given.any(|(given, of)| given == name && of == value)
        };
        name.is_none_or(|name| {
            key.name
                .as_ref()
                .is_some_and(|has| has.as_received() == name)
        }) && expiry
            && (asked.scopes.is_empty() || words(key.scopes.as_ref()) == Some(set(&asked.scopes)))
            && asked.fields.iter().all(has)
    }

    /// Returns whether `key` says what became of everything that was requested.
    fn is_told(&self, key: &Key) -> bool {
        let KeyUpdate::Set(asked) = self else {
            return key.said.status && key.status != KeyStatus::Unknown;
        };
        (asked.name.is_none() || key.name.is_some())
            && (asked.expires.is_none() || key.expires_at.is_some() || key.said.expiry)
            && (asked.scopes.is_empty() || key.scopes.is_some())
            && asked.fields.iter().all(|(name, _)| has_field(key, name))
    }
}

/// A key after a change.
pub struct UpdatedKey {
    /// The key, as far as the service describes it.
    pub key: Key,
    /// Its deviations from the request.
    pub changed: Vec<Change>,
}

impl UpdatedKey {
    /// Returns whether the service shows everything as it was requested.
    pub fn is_confirmed(&self) -> bool {
        self.changed.is_empty()
    }

    /// Returns whether the service shows another status than the requested one.
    pub fn is_contradicted(&self) -> bool {
        let mut changed = self.changed.iter();
        changed.any(|change| change.field == "status" && change.certain)
    }
}

impl ApiClient<'_> {
    /// Refuses, before anything is sent, a change that the service could not make.
    pub fn check_update(&self, update: &KeyUpdate<'_>) -> Result<()> {
        let verb = update.verb();
        let Support::Native(operation) = support(self.manifest(), verb) else {
            let error = self.cannot(verb);
            let dashboard = self.manifest().dashboard.as_ref();
            return Err(match (support(self.manifest(), verb), dashboard) {
                (Support::Unsupported(_), Some(page)) => {
                    error.hint(format!("the dashboard may have it: {page}"))
                }
                _ => error,
            });
        };
        let KeyUpdate::Set(asked) = update else {
            return Ok(());
        };
        let fields = operation.settable();
        for name in field_names(asked) {
            if !fields.contains(name) {
                return Err(self.unknown_field(operation, name));
            }
        }
        self.check_scopes(&asked.scopes)?;
        let mut values = self.service.values();
        values.partial = true;
        fill_new(&mut values, asked);
        self.service.check_inputs(operation, values)
    }

    fn unknown_field(&self, operation: &Operation, name: &str) -> Error {
        let (fields, service) = (operation.settable(), self.service.name());
        let name = one_line(name);
        Error::usage(format!("{service} cannot change `{name}` of a key"))
            .did_you_mean(&name, fields.iter().copied())
            .hint(self.fields_hint(operation))
    }

    /// Returns the hint that lists the fields which the operation can change.
    pub fn fields_hint(&self, operation: &Operation) -> String {
        let fields = operation.settable().into_iter().map(|name| {
            let choices = operation.parameters.get(name).map(|spec| &spec.choices);
            match choices {
                Some(choices) if !choices.is_empty() => format!("{name} ({})", choices.join(", ")),
                _ => name.to_owned(),
            }
        });
        format!("fields are: {}", fields.collect::<Vec<_>>().join(", "))
    }

    /// Changes a key; returns what the response says of it.
    pub async fn update(&self, key: &Key, update: &KeyUpdate<'_>) -> Result<Key, CallError> {
        let verb = update.verb();
        let Support::Native(operation) = support(self.manifest(), verb) else {
            return Err(self.cannot(verb).into());
        };
        self.check_id(verb, key)?;
        let reading = self
            .execute(verb, operation, |values| {
                values.partial = true;
                fill_id(values, key);
                if let KeyUpdate::Set(asked) = update {
                    fill_new(values, asked);
                }
            })
            .await?;
        let described = self.key_of(&reading);
        // An empty response has a constant status all the same; only one with the key's id describes the key.
        let own = &operation.response.key;
        let is_it = described.id.is_some() && described.id == key.id
            || own.status.is_some()
            || self.manifest().one_key && !described.describes_nothing();
        Ok(if is_it {
            described
        } else {
            Key::unknown(self.service.name(), self.profile)
        })
    }

    /// Returns the key as the service shows it now: by the call that shows it, else in the list.
    async fn look(&self, key: &Key) -> Option<Key> {
        let manifest = self.manifest();
        let shows = matches!(support(manifest, Verb::Show), Support::Native(_)) && key.id.is_some();
        let seen = if shows {
            self.show(key.clone()).await.map(Some)
        } else if matches!(
            support(manifest, Verb::List),
            Support::Native(_) | Support::Via(_)
        ) {
            let listed = self.list().await;
            listed.map(|keys| {
                if manifest.one_key {
                    keys.into_iter().next()
                } else {
                    the_one(keys, key)
                }
            })
        } else {
            Ok(None)
        };
        seen.unwrap_or_else(|failure| {
            let why = failure.error.message();
            self.log
                .trace(|| format!("* the key could not be read back: {why}"));
            None
        })
    }

    /// Compares a key with the requested change. `described` is what the response said of it; if that leaves anything
    /// open, the service is asked.
    pub async fn updated(&self, old: &Key, described: &Key, update: &KeyUpdate<'_>) -> UpdatedKey {
        let seen = if update.is_told(described) {
            described.clone()
        } else {
            let seen = self.look(old).await;
            seen.unwrap_or_else(|| described.clone())
        };
        let changed = self.update_changes(old, &seen, update);
        UpdatedKey {
            key: completed(seen, old, update),
            changed,
        }
    }

    /// Returns whether the service may show the key as it was before the change.
    pub fn is_stale(&self, old: &Key, updated: &UpdatedKey, update: &KeyUpdate<'_>) -> bool {
        let certain = |change: &&Change| change.certain;
        let before = self.update_changes(old, old, update);
        let mut before = before.iter().filter(certain);
        let mut after = updated.changed.iter().filter(certain);
        after.any(|after| before.any(|before| before.given == after.given))
    }

    fn update_changes(&self, old: &Key, seen: &Key, update: &KeyUpdate<'_>) -> Vec<Change> {
        let service = self.service.name();
        let asked = match update {
            KeyUpdate::Set(asked) => asked,
            KeyUpdate::Enable | KeyUpdate::Disable => {
                return status_change(service, old, seen, update)
                    .into_iter()
                    .collect();
            }
        };
        let verb = update.verb();
        let mut changes = self.changes(verb, asked, seen, self.service.started);
        changes.extend(name_change(service, asked, seen));
        if !self.expands_scopes(verb) && changes.iter().all(|change| change.field != "scopes") {
            changes.extend(scope_change(service, asked, old, seen));
        }
        let fields = asked
            .fields
            .iter()
            .filter(|(name, _)| !has_field(seen, name) && !self.is_secret_input(verb, name));
        changes.extend(fields.map(|(name, value)| Change {
            field: name.clone(),
            asked: json!(value),
            given: Value::Null,
            certain: false,
            words: format!(
                "{service} does not say whether it changed `{}`",
                one_line(name)
            ),
        }));
        changes
    }
}

fn status_change(service: &str, old: &Key, seen: &Key, update: &KeyUpdate<'_>) -> Option<Change> {
    let asked = update.status()?;
    let certain = seen.said.status && seen.status != KeyStatus::Unknown;
    if certain && seen.status == asked {
        return None;
    }
    let (label, wanted) = (old.label(), asked.name());
    Some(Change {
        field: "status".to_owned(),
        asked: json!(asked),
        given: json!(certain.then_some(seen.status)),
        certain,
        words: if certain {
            format!(
                "{service} shows {label} as {}, not {wanted}",
                seen.status.name()
            )
        } else {
            format!("{service} does not say whether {label} is {wanted} now")
        },
    })
}

fn name_change(service: &str, asked: &NewKey, seen: &Key) -> Option<Change> {
    let wanted = asked.name.as_ref()?;
    let given = seen.name.as_ref();
    if given.is_some_and(|given| given.as_received() == wanted) {
        return None;
    }
    let wanted_words = one_line(wanted);
    Some(Change {
        field: "name".to_owned(),
        asked: json!(wanted),
        given: json!(given),
        certain: given.is_some(),
        words: match given {
            Some(given) => format!(
                "{service} changed the name: it is `{given}`, and `{wanted_words}` was requested"
            ),
            None => format!("{service} does not say whether it changed the name"),
        },
    })
}

/// Returns the difference of a scope that should have gone and is still there, and of scopes that are not told.
fn scope_change(service: &str, asked: &NewKey, old: &Key, seen: &Key) -> Option<Change> {
    if asked.scopes.is_empty() {
        return None;
    }
    let change = |given: Option<&Vec<Untrusted>>, words: String| Change {
        field: "scopes".to_owned(),
        asked: json!(asked.scopes),
        given: json!(given),
        certain: given.is_some(),
        words,
    };
    let Some(given) = words(seen.scopes.as_ref()) else {
        let words = format!("{service} does not say which scopes the key has");
        return Some(change(None, words));
    };
    let wanted = set(&asked.scopes);
    let before = words(old.scopes.as_ref()).unwrap_or_default();
    let left: Vec<String> = given
        .difference(&wanted)
        .filter(|scope| before.contains(*scope))
        .map(|scope| format!("`{}`", one_line(scope)))
        .collect();
    let words = format!(
        "{service} kept a scope: the key still has {}",
        left.join(", ")
    );
    (!left.is_empty()).then(|| change(seen.scopes.as_ref(), words))
}

/// Returns the names of the fields that are requested.
fn field_names(asked: &NewKey) -> impl Iterator<Item = &str> {
    let standard = [
        ("name", asked.name.is_some()),
        ("scopes", !asked.scopes.is_empty()),
        ("expires", asked.expires.is_some()),
    ];
    let standard = standard.into_iter().filter(|(_, given)| *given);
    let further = asked.fields.iter().map(|(name, _)| name.as_str());
    standard.map(|(name, _)| name).chain(further)
}

fn has_field(key: &Key, name: &String) -> bool {
    key.said.empty.contains(name) || key.given.iter().any(|(given, _)| given == name)
}

fn set(scopes: &[String]) -> BTreeSet<&str> {
    scopes.iter().map(String::as_str).collect()
}

fn words(scopes: Option<&Vec<Untrusted>>) -> Option<BTreeSet<&str>> {
    Some(scopes?.iter().map(Untrusted::as_received).collect())
}

/// Returns the key that the service shows, with what is known of it from before; not with what was to change.
fn completed(seen: Key, old: &Key, update: &KeyUpdate<'_>) -> Key {
    let (is_status, nothing) = (update.status().is_some(), NewKey::default());
    let asked = match update {
        KeyUpdate::Set(asked) => asked,
        KeyUpdate::Enable | KeyUpdate::Disable => &nothing,
    };
    let old = old.clone();
    let status_is_known = is_status || seen.said.status && seen.status != KeyStatus::Unknown;
    let status = if is_status && !seen.said.status {
        KeyStatus::Unknown
    } else if status_is_known {
        seen.status
    } else {
        old.status
    };
    let keeps_expiry = asked.expires.is_none() && !seen.said.expiry;
    Key {
        id: seen.id.or(old.id),
        name: seen.name.or(old.name.filter(|_| asked.name.is_none())),
        masked: seen.masked.or(old.masked),
        status,
        scopes: seen
            .scopes
            .or(old.scopes.filter(|_| asked.scopes.is_empty())),
        created_at: seen.created_at.or(old.created_at),
        expires_at: seen.expires_at.or(old.expires_at.filter(|_| keeps_expiry)),
        rotated_at: seen.rotated_at.or(old.rotated_at),
        last_used_at: seen.last_used_at.or(old.last_used_at),
        usage: seen.usage.or(old.usage),
        ..seen
    }
}
