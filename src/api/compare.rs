//! Compares a new key with the requested properties.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{ApiClient, Support, support};
use crate::core::error::Error;
use crate::core::key::{Change, Expiry, Key, NewKey};
use crate::core::moment::to_the_minute;
use crate::core::untrusted::{Untrusted, one_line};
use crate::manifest::{Encode, KeyFields, Operation, Source, Verb, read_span};

/// The difference in expiry below which nothing has changed, however short the lifetime.
const EXPIRY_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The difference in expiry below which nothing has changed, if the service shows only the day.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The requested properties of which no response has shown yet whether the service honoured them.
#[derive(Clone, Copy)]
struct UnansweredFields {
    expiry: bool,
    scopes: bool,
    fields: bool,
}

impl UnansweredFields {
    fn any(self) -> bool {
        self.expiry || self.scopes || self.fields
    }

    /// Returns those of them that the responses to `operation` can show.
    fn told_by(self, operation: &Operation, usual: &KeyFields) -> bool {
        let own = &operation.response.key;
        self.expiry
            && own
                .expires_at
                .as_ref()
                .or(usual.expires_at.as_ref())
                .is_some()
            || self.scopes && own.scopes.as_ref().or(usual.scopes.as_ref()).is_some()
            || self.fields
    }
}

impl ApiClient<'_> {
    /// Compares a key that `verb` created with the request. Properties that its response left out are read back with
    /// a call that shows or lists keys, if `look` allows it; the rest stays unknown.
    pub async fn compare(
        &self,
        verb: Verb,
        asked: &NewKey,
        key: Key,
        look: bool,
    ) -> (Key, Vec<Change>) {
        let key = if look {
            Box::pin(self.read_back(verb, asked, key)).await
        } else {
            key
        };
        let changes = self.changes(verb, asked, &key, self.service.started);
        (key, changes)
    }

    /// Returns the properties of `key` that differ from the request at that moment, as far as they are known.
    pub fn changes(&self, verb: Verb, asked: &NewKey, key: &Key, at: Timestamp) -> Vec<Change> {
        let comparison = Comparison {
            service: self.service.name(),
            asked,
            key,
            scopes_are_expanded: self.expands_scopes(verb),
            by_day: key.said.by_day || self.writes_a_date(verb),
            now: at,
        };
        let secret = |field: &str| self.is_secret_input(verb, field);
        comparison
            .expiry()
            .filter(|_| self.takes(verb, "expires"))
            .into_iter()
            .chain(comparison.scopes())
            .chain(comparison.fields().filter(|change| !secret(&change.field)))
            .collect()
    }

    /// Returns whether the input of `verb` in that field is a secret.
    pub fn is_secret_input(&self, verb: Verb, field: &str) -> bool {
        let operation = self.native(verb);
        let spec = operation.and_then(|operation| operation.parameters.get(field));
        spec.is_some_and(|spec| spec.secret)
    }

    fn native(&self, verb: Verb) -> Option<&Operation> {
        match support(self.manifest(), verb) {
            Support::Native(operation) => Some(operation),
            _ => None,
        }
    }

    /// Returns whether the service shows the expansion of scopes instead of the scopes themselves.
    pub fn expands_scopes(&self, verb: Verb) -> bool {
        let own = self.native(verb).map(|operation| &operation.response.key);
        self.manifest().key.scopes_expanded || own.is_some_and(|own| own.scopes_expanded)
    }

    /// Returns whether the expiry is sent as a day without a time.
    fn writes_a_date(&self, verb: Verb) -> bool {
        let expires = Source::Input("expires".to_owned());
        let fields = self
            .native(verb)
            .and_then(|operation| operation.request.as_ref());
        fields.is_some_and(|request| {
            let mut fields = request.query.iter().chain(request.body.iter().flatten());
            fields.any(|field| field.from.as_ref() == Some(&expires) && field.form == Encode::Date)
        })
    }

    fn open(&self, verb: Verb, asked: &NewKey, key: &Key) -> UnansweredFields {
        let unsaid = |name: &String| {
            self.manifest().key.carry_over.contains_key(name)
                && !key.given.iter().any(|(given, _)| given == name)
                && !key.said.empty.contains(name)
        };
        UnansweredFields {
            expiry: asked.expires.is_some()
                && self.takes(verb, "expires")
                && key.expires_at.is_none()
                && !key.said.expiry,
            scopes: !asked.scopes.is_empty() && key.scopes.is_none(),
            fields: asked.fields.iter().any(|(name, _)| unsaid(name)),
        }
    }

    /// Completes the key with the properties that its response left out, if a call that shows or lists keys has them;
    /// makes at most one call.
    async fn read_back(&self, verb: Verb, asked: &NewKey, key: Key) -> Key {
        let open = self.open(verb, asked, &key);
        if !open.any() {
            return key;
        }
        let seen = match (self.native(Verb::Show), &key.id) {
            (Some(show), Some(_)) if open.told_by(show, &self.manifest().key) => {
                self.show(key.clone()).await
            }
            _ if self.list_that_tells(open) => self.list().await.and_then(|keys| {
                the_one(keys, &key).ok_or_else(|| Error::failed("the list does not show it").into())
            }),
            _ => return key,
        };
        match seen {
            Ok(seen) => completed(key, seen),
            Err(failure) => {
                let why = failure.error.message();
                self.log
                    .trace(|| format!("* the new key could not be read back: {why}"));
                key
            }
        }
    }

    /// Returns whether one call lists the keys, and shows their open properties.
    fn list_that_tells(&self, open: UnansweredFields) -> bool {
        let manifest = self.manifest();
        let operation = match support(manifest, Verb::List) {
            Support::Native(operation) => Some(operation),
            Support::Via(other) => manifest.operation(other),
            _ => None,
        };
        // One call for each key would be too expensive.
        operation.is_some_and(|operation| {
            operation.details.is_none() && open.told_by(operation, &manifest.key)
        })
    }
}

/// Returns the listed key that is `key`: by its id, or else the only one of its name.
pub(super) fn the_one(keys: Vec<Key>, key: &Key) -> Option<Key> {
    let is_it = |other: &Key| match (&key.id, &other.id) {
        (Some(id), Some(other)) => id == other,
        _ => key.name.is_some() && key.name == other.name,
    };
    let mut found = keys.into_iter().filter(is_it);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Returns `key` with the properties that only `seen` has.
fn completed(mut key: Key, seen: Key) -> Key {
    if key.expires_at.is_none() && !key.said.expiry {
        key.expires_at = seen.expires_at;
        key.said.expiry = seen.said.expiry;
        key.said.by_day = seen.said.by_day;
    }
    key.scopes = key.scopes.or(seen.scopes);
    let known = |name: &String, key: &Key| {
        key.said.empty.contains(name) || key.given.iter().any(|(given, _)| given == name)
    };
    for (name, value) in seen.given {
        if !known(&name, &key) {
            key.given.push((name, value));
        }
    }
    for name in seen.said.empty {
        if !known(&name, &key) {
            key.said.empty.push(name);
        }
    }
    key
}

/// A comparison of a new key with its request.
struct Comparison<'c> {
    service: &'c str,
    asked: &'c NewKey,
    key: &'c Key,
    scopes_are_expanded: bool,
    by_day: bool,
    now: Timestamp,
}

impl Comparison<'_> {
    fn expiry(&self) -> Option<Change> {
        let asked = self.asked.expires?;
        let service = self.service;
        let certain = self.key.expires_at.is_some() || self.key.said.expiry;
        let words = match (asked, self.key.expires_at) {
            (Expiry::Never, None) => return None,
            (Expiry::At(asked), Some(given)) if self.is_near(asked, given) => return None,
            (Expiry::At(asked), Some(given)) => format!(
                "{service} changed the expiry: the key expires on {}, and {} was requested",
                to_the_minute(given),
                to_the_minute(asked)
            ),
            (Expiry::At(asked), None) if certain => format!(
                "{service} left out the expiry: the key does not expire, and {} was requested",
                to_the_minute(asked)
            ),
            (Expiry::At(asked), None) => format!(
                "{service} does not say whether the key expires: {} was requested",
                to_the_minute(asked)
            ),
            (Expiry::Never, Some(given)) => format!(
                "{service} changed the expiry: the key expires on {}, and none was requested",
                to_the_minute(given)
            ),
        };
        Some(Change {
            field: "expires_at".to_owned(),
            asked: expiry_as_json(asked),
            given: json!(self.key.expires_at),
            certain,
            words,
        })
    }

    fn is_near(&self, asked: Timestamp, given: Timestamp) -> bool {
        let off = asked.duration_until(given).abs();
        let lifetime = self.now.duration_until(asked).abs();
        off < EXPIRY_TOLERANCE.max(lifetime / 100) || self.by_day && off < DAY
    }

    fn scopes(&self) -> Option<Change> {
        let given = self.key.scopes.as_ref()?;
        if self.scopes_are_expanded {
            return None;
        }
        let is_given = |wanted: &&String| !given.iter().any(|one| one.as_received() == *wanted);
        let missing: Vec<&String> = self.asked.scopes.iter().filter(is_given).collect();
        if missing.is_empty() {
            return None;
        }
        let names: Vec<String> = missing
            .iter()
            .map(|name| format!("`{}`", one_line(name)))
            .collect();
        Some(Change {
            field: "scopes".to_owned(),
            asked: json!(self.asked.scopes),
            given: json!(given),
            certain: true,
            words: format!(
                "{} left out a scope: the new key does not have {}",
                self.service,
                names.join(", ")
            ),
        })
    }

    fn fields(&self) -> impl Iterator<Item = Change> {
        self.asked.fields.iter().filter_map(|(name, asked)| {
            let given = self.key.given.iter().find(|(given, _)| given == name);
            let given = given.map(|(_, value)| value);
            let words = match given {
                Some(given) if same(asked, given) => return None,
                Some(given) => format!(
                    "{} changed `{}`: it is `{}`, and `{}` was requested",
                    self.service,
                    one_line(name),
                    one_line(given),
                    one_line(asked)
                ),
                None if self.key.said.empty.contains(name) && !means_nothing(asked) => format!(
                    "{} left out `{}`: `{}` was requested",
                    self.service,
                    one_line(name),
                    one_line(asked)
                ),
                None => return None,
            };
            Some(Change {
                field: name.clone(),
                asked: json!(asked),
                given: json!(given.map(|given| Untrusted::new(given.clone()))),
                certain: true,
                words,
            })
        })
    }
}

/// Returns a requested expiry in JSON.
pub fn expiry_as_json(expiry: Expiry) -> Value {
    match expiry {
        Expiry::At(moment) => json!(moment),
        Expiry::Never => json!("never"),
    }
}

/// Returns whether the value of a field means "none".
fn means_nothing(asked: &str) -> bool {
    let asked = asked.trim();
    matches!(asked, "" | "null" | "never" | "[]" | "{}")
        || asked.parse::<f64>().is_ok_and(|number| number == 0.0)
}

/// Returns whether two forms of a field mean the same: as text, number, span, list or JSON, to which the service may
/// add entries.
fn same(asked: &str, given: &str) -> bool {
    let (asked, given) = (asked.trim(), given.trim());
    let numbers = asked.parse::<f64>().ok().zip(given.parse::<f64>().ok());
    let spans = read_span(asked).zip(read_span(given));
    let json = serde_json::from_str::<Value>(asked)
        .ok()
        .zip(serde_json::from_str(given).ok());
    let words = |text: &str| {
        let mut words: Vec<String> = text
            .split(',')
            .map(|word| word.trim().to_lowercase())
            .filter(|word| !word.is_empty())
            .collect();
        words.sort_unstable();
        words
    };
    words(asked) == words(given)
        || numbers.is_some_and(|(asked, given)| (asked - given).abs() < f64::EPSILON)
        || spans.is_some_and(|(asked, given)| asked == given)
        || json.is_some_and(|(asked, given)| holds(&given, &asked))
}

/// Returns whether `whole` contains everything in `part`.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part
            .iter()
            .all(|(name, part)| whole.get(name).is_some_and(|whole| holds(whole, part))),
        (Value::Array(whole), Value::Array(part)) => part
            .iter()
            .all(|part| whole.iter().any(|whole| holds(whole, part))),
        (whole, part) => whole == part,
    }
}

#[cfg(test)]
mod tests;
