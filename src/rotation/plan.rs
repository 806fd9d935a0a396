//! Plans a rotation before anything happens: its strategy, the properties that are carried over, and those that
//! cannot be.

use jiff::Timestamp;

use super::carry_over::CarryOver;
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Expiry, Key, NewKey, RequestedProperties};
use crate::core::untrusted::Untrusted;
use crate::hook::HookSpec;
use crate::manifest::{CredentialEffect, Manifest, Manual, Retirement, Span, Strategy, Verb};
use crate::rotation::journal::OldKey;

/// The options of a rotation, beyond the properties of the old key.
#[derive(Debug, Clone, Default)]
pub struct RotateOptions {
    /// A strategy other than the manifest's.
    pub strategy: Option<Strategy>,
    /// The grace of the old key.
    pub grace: Option<Span>,
    /// The scopes of the new key; empty carries over those of the old one.
    pub scopes: Vec<String>,
    /// The expiry of the new key; none carries over the lifetime of the old one.
    pub expires: Option<Expiry>,
    /// Further fields that override those of the old key.
    pub fields: Vec<(String, String)>,
    /// The proof of disuse after which the old key is retired.
    pub retire: Option<Retirement>,
    /// The hooks that follow the delivery.
    pub after: Vec<HookSpec>,
    /// The program by which the application says that it works with the new key.
    pub check: Option<HookSpec>,
}

impl RotateOptions {
    /// Returns the grace if it is longer than zero.
    pub fn real_grace(&self) -> Option<Span> {
        self.grace.filter(|grace| !grace.is_zero())
    }
}

/// A planned rotation.
#[derive(Debug)]
pub struct Plan {
    /// The call that creates the new key.
    pub verb: Verb,
    /// The key that is replaced.
    pub old: Key,
    /// The properties of the new key.
    pub new: NewKey,
    /// The properties that the new key is compared with.
    pub expected: NewKey,
    /// The further fields that override those of the old key.
    pub wished: Vec<(String, String)>,
    /// The expiry that follows from the old key's lifetime, if the service does not accept it.
    pub uncapped: Option<Expiry>,
    /// The old key and the strategy, as the journal holds them.
    pub replaces: OldKey,
    /// The properties of the old key that the new one will not have.
    pub drift: Vec<String>,
    /// The reason why there is no room for a second key, if there is none.
    pub full: Option<String>,
}

/// Plans a rotation; `keys` are the existing keys. Sends nothing, except one request for the whole key at services
/// whose lists leave out properties to carry over.
pub async fn plan(
    client: &ApiClient<'_>,
    old: Key,
    keys: Option<&[Key]>,
    options: &RotateOptions,
) -> Result<Plan> {
    let manifest = client.service.manifest;
    let strategy = strategy(client, options)?;
    let verb = match strategy {
        Strategy::Atomic | Strategy::Slots => Verb::Rotate,
        _ => Verb::Create,
    };
    let takes = |input: &str| match strategy {
        // A property that a call takes can also be given in the dashboard.
        Strategy::Manual if !matches!(support(manifest, Verb::Create), Support::Native(_)) => {
            by_hand(client).is_some_and(|manual| manual.takes.contains(&input.to_owned()))
        }
        _ => client.takes(verb, input),
    };
    let lacks = takes("scopes") && options.scopes.is_empty() && old.scopes.is_none()
        || takes("expires")
            && options.expires.is_none()
            && old.expires_at.is_none()
            && !old.said.expiry
        || old.given.is_empty() && manifest.key.carry_over.keys().any(|name| takes(name));
    let old = if lacks && strategy != Strategy::Manual {
        whole(client, old).await?
    } else {
        old
    };
    let mut drift = Vec::new();
    let carry = CarryOver {
        client,
        old: &old,
        options,
        verb,
        takes: &takes,
        now: client.service.started,
    };
    let only_once = strategy == Strategy::Overlap && manifest.rotation.unique_names;
    let name = carry.name(only_once, keys.unwrap_or_default(), &mut drift);
    let scopes = carry.scopes(&mut drift)?;
    if matches!(strategy, Strategy::Atomic | Strategy::Slots) {
        // It stays the same key: it keeps what the request leaves out, and the response shows whether it did.
        drift.clear();
    }
    let lifetime = carry.lifetime(strategy, &mut drift)?;
    let as_before = carry.as_long_as_the_old();
    // A call that replaces the old key may take a grace; the service then observes it.
    let handed = options
        .grace
        .filter(|_| strategy == Strategy::Atomic && takes("grace"));
    let grace = handed.map(|grace| ("grace".to_owned(), grace.to_string()));
    let new = NewKey {
        name,
        scopes,
        expires: lifetime.expires,
        fields: carry.fields().into_iter().chain(grace).collect(),
    };
    client.check_for(verb, &new, Some(&old))?;
    if handed.is_none() {
        check_grace(options, strategy)?;
    }
    let text = |field: &Option<Untrusted>| field.as_ref().map(|text| text.as_received().to_owned());
    let replaces = OldKey {
        strategy,
        id: text(&old.id),
        name: text(&old.name),
        masked: text(&old.masked),
        grace: options.real_grace().filter(|_| handed.is_none()),
        slot: (strategy == Strategy::Slots)
            .then(|| other_slot(manifest, &old))
            .flatten(),
        other_scopes: has_other_scopes(&old, &new),
        own: None,
        after: options.after.clone(),
        check: options.check.clone(),
        retire: options.retire,
        disable: options.retire.is_some()
            && strategy != Strategy::Slots
            && [Verb::Disable, Verb::Enable]
                .into_iter()
                .all(|verb| matches!(support(manifest, verb), Support::Native(_))),
    };
    if options.retire.is_some() && !client.use_of(&old).await?.is_known() {
        return Err(no_use_shown(client, &old));
    }
    let full = match keys {
        Some(keys) if strategy == Strategy::Overlap => {
            no_room(client, keys, manifest.limits.max_keys)
        }
        _ => None,
    };
    let expected = expected(&old, &new, as_before, strategy);
    Ok(Plan {
        verb,
        old,
        new,
        expected,
        wished: options.fields.clone(),
        uncapped: lifetime.uncapped,
        replaces,
        drift,
        full,
    })
}

/// Returns what the new key is compared with: the requested properties, else those of the old key.
fn expected(old: &Key, new: &NewKey, as_before: Option<Timestamp>, strategy: Strategy) -> NewKey {
    let mut expected = new.clone();
    if expected.expires.is_none() {
        expected.expires = match as_before {
            // A property that cannot be carried over is announced in advance.
            Some(moment) if strategy == Strategy::Atomic => Some(Expiry::At(moment)),
            None if old.expires_at.is_none() && old.said.expiry => Some(Expiry::Never),
            _ => None,
        };
    }
    if expected.scopes.is_empty() && strategy == Strategy::Atomic {
        let held = old.scopes.iter().flatten();
        expected.scopes = held.map(|scope| scope.as_received().to_owned()).collect();
    }
    expected.fields.retain(|(name, _)| name != "grace");
    expected
}

/// Returns the procedure for a new key by hand.
pub fn by_hand<'m>(client: &ApiClient<'m>) -> Option<&'m Manual> {
    let manifest = client.service.manifest;
    if let Support::Manual(manual) = support(manifest, Verb::Create) {
        return Some(manual);
    }
    let name = manifest.new_key()?;
    manifest.credentials.get(name)?.manual.as_ref()
}

/// Returns the strategy: the requested one if the service supports it, or the manifest's.
fn strategy(client: &ApiClient<'_>, options: &RotateOptions) -> Result<Strategy> {
    let manifest = client.service.manifest;
    let wanted = options.strategy.unwrap_or(manifest.rotation.strategy);
    let creates = match support(manifest, Verb::Create) {
        Support::Native(operation) => Some(operation.effect),
        _ => None,
    };
    let can = match wanted {
        Strategy::Overlap => creates == Some(CredentialEffect::None) && !manifest.one_key,
        Strategy::Replace => creates == Some(CredentialEffect::ReplacesOwn),
        Strategy::Atomic => matches!(support(manifest, Verb::Rotate), Support::Native(_)),
        Strategy::Slots => {
            manifest.rotation.slots.len() == 2
                && matches!(support(manifest, Verb::Rotate), Support::Native(_))
        }
        Strategy::Manual => by_hand(client).is_some(),
    };
    if can {
        return Ok(wanted);
    }
    let name = client.service.name();
    let error = Error::usage(format!(
        "{name} cannot rotate a key by the strategy `{}`",
        wanted.name()
    ));
    Err(match options.strategy {
        Some(_) => error.hint(format!(
            "its own is `{}`; leave `--strategy` out",
            manifest.rotation.strategy.name()
        )),
        None => error.hint("create a key, deliver it by hand, and revoke the old one"),
    })
}

/// Returns the slot beside the one that is in use.
fn other_slot(manifest: &Manifest, old: &Key) -> Option<String> {
    let used = old.id.as_ref().map(Untrusted::as_received)?;
    let mut slots = manifest.rotation.slots.iter();
    slots.find(|slot| slot.as_str() != used).cloned()
}

/// Returns the old key in full, if the service can show it.
async fn whole(client: &ApiClient<'_>, old: Key) -> Result<Key> {
    if old.id.is_none()
        || !matches!(
            support(client.service.manifest, Verb::Show),
            Support::Native(_)
        )
    {
        return Ok(old);
    }
    let shown = client.show(old.clone()).await?;
    Ok(Key {
        id: shown.id.or(old.id),
        name: shown.name.or(old.name),
        masked: shown.masked.or(old.masked),
        scopes: shown.scopes.or(old.scopes),
        created_at: shown.created_at.or(old.created_at),
        expires_at: shown.expires_at.or(old.expires_at),
        said: shown.said,
        given: if shown.given.is_empty() {
            old.given
        } else {
            shown.given
        },
        ..old
    })
}

/// Returns whether the new key is requested with other scopes than the old one has.
fn has_other_scopes(old: &Key, new: &NewKey) -> bool {
    let asked = new.scopes.iter().map(String::as_str);
    let asked: std::collections::BTreeSet<&str> = asked.collect();
    let held = old.scopes.iter().flatten().map(Untrusted::as_received);
    !asked.is_empty() && asked != held.collect()
}

/// Refuses a grace if the old key stops working when the new one is created.
fn check_grace(options: &RotateOptions, strategy: Strategy) -> Result<()> {
    match options.real_grace() {
        Some(grace)
            if !matches!(
                strategy,
                Strategy::Overlap | Strategy::Slots | Strategy::Manual
            ) =>
        {
            Err(Error::usage(format!(
                "`--grace {grace}` cannot be honoured: with the strategy `{}` the old key is invalidated when the new one is created",
                strategy.name()
            )))
        }
        _ => Ok(()),
    }
}

/// Refuses, before anything is sent, a proof of disuse that the service or the strategy does not allow.
pub fn check_retirement(client: &ApiClient<'_>, options: &RotateOptions) -> Result<()> {
    let Some(retirement) = options.retire else {
        return Ok(());
    };
    let refused = |why: String| {
        let what = format!("`--retire {retirement}` cannot be honoured: {why}");
        Err(Error::usage(what).hint("leave the old key for a time instead: `--grace 24h`"))
    };
    let name = client.service.name();
    let strategy = options
        .strategy
        .unwrap_or(client.service.manifest.rotation.strategy);
    match strategy {
        Strategy::Replace | Strategy::Atomic => refused(format!(
            "with the strategy `{}` the old key is invalidated when the new one is created",
            strategy.name()
        )),
        _ if !matches!(
            support(client.service.manifest, Verb::List),
            Support::Native(_)
        ) =>
        {
            refused(format!("{name} has no call that lists keys"))
        }
        _ if !client.shows_use() => refused(format!(
            "{name} shows neither when a key was last used nor its requests in all"
        )),
        _ => Ok(()),
    }
}

fn no_use_shown(client: &ApiClient<'_>, old: &Key) -> Error {
    let (name, label) = (client.service.name(), old.label());
    Error::usage(format!("{name} does not show when {label} was last used: a proof of disuse has nothing to begin with"))
        .hint("leave the old key for a time instead: `--grace 24h`")
}

/// Returns the reason why there is no room for a second key beside the old one.
fn no_room(client: &ApiClient<'_>, keys: &[Key], limit: Option<u64>) -> Option<String> {
    let limit = limit?;
    let used = keys
        .iter()
        .filter(|key| key.status.counts_toward_limit())
        .count() as u64;
    (used >= limit).then(|| {
        format!(
            "{} refused to create a key: {used} of {limit} keys are in use",
            client.service.name()
        )
    })
}

impl Plan {
    /// Refuses if there is no room for the new key beside the old one.
    pub fn check_room(&self) -> Result<()> {
        let Some(full) = &self.full else {
            return Ok(());
        };
        Err(Error::new(Kind::Conflict, full.clone())
            .hint("both keys exist for a while: revoke an unused one first")
            .hint("see which: keywright keys list --sort last-used"))
    }

    /// Returns the requested properties of the new key at that moment.
    pub fn asked(&self, at: Timestamp) -> RequestedProperties {
        RequestedProperties {
            at,
            new: self.new.clone(),
            expected: self.expected.clone(),
            wished: self.wished.clone(),
            uncapped: self.uncapped,
            drift: self.drift.clone(),
        }
    }
}
