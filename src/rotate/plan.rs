//! What a rotation will do, before it does anything: which strategy, what is carried over, what cannot be.

use jiff::Timestamp;

use crate::api::{ApiClient, Support, support};
use crate::error::{Error, Kind, Result};
use crate::journal::Replaced;
use crate::key::{Expiry, Key, NewKey};
use crate::manifest::{Effect, Manual, Span, Strategy, Verb};
use crate::untrusted::Untrusted;

/// What is wished for beyond what the old key was.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// Another order of things than the manifest's.
    pub strategy: Option<Strategy>,
    /// How long the old key lives on.
    pub grace: Option<Span>,
    /// What the new key may do; empty carries over what the old one may.
    pub scopes: Vec<String>,
    /// When the new key ends; none carries over how long the old one was given.
    pub expires: Option<Expiry>,
}

impl Wishes {
    /// Returns the grace where it is one: no time at all is none.
    pub fn real_grace(&self) -> Option<Span> {
        self.grace.filter(|grace| !grace.is_zero())
    }
}

/// A rotation that is thought through.
#[derive(Debug)]
pub struct Plan {
    /// The key that is replaced.
    pub old: Key,
    /// What the new one shall be.
    pub new: NewKey,
    /// The order of things, as the journal has it.
    pub replaces: Replaced,
    /// What of the old key the new one will not have.
    pub drift: Vec<String>,
    /// Why there is no room for a second key, where there is none.
    pub full: Option<String>,
}

/// Thinks a rotation through; `keys` are those that are there. Nothing is sent but, at services whose lists leave out
/// what has to be carried over, one question for the whole key.
pub async fn plan(
    client: &ApiClient<'_>,
    old: Key,
    keys: Option<&[Key]>,
    wishes: &Wishes,
) -> Result<Plan> {
    let manifest = client.service.manifest;
    let strategy = strategy(client, wishes)?;
    let verb = match strategy {
        Strategy::Atomic => Verb::Rotate,
        _ => Verb::Create,
    };
    let takes = |input: &str| match strategy {
        // Where a call takes it, a person in the dashboard can give it as well.
        Strategy::Manual if !matches!(support(manifest, Verb::Create), Support::Native(_)) => {
            by_hand(client).is_some_and(|manual| manual.takes.contains(&input.to_owned()))
        }
        _ => client.takes(verb, input),
    };
    let lacks = takes("scopes") && wishes.scopes.is_empty() && old.scopes.is_none()
        || takes("expires") && wishes.expires.is_none() && old.expires_at.is_none()
        || old.given.is_empty() && manifest.key.given.keys().any(|name| takes(name));
    let old = if lacks && strategy != Strategy::Manual {
        whole(client, old).await?
    } else {
        old
    };
    let now = client.service.now();
    let mut drift = Vec::new();
    let only_once = strategy == Strategy::Overlap && manifest.rotation.unique_names;
    let name = match &old.name {
        Some(name) if takes("name") && only_once => {
            let free = another_name(name.as_received(), keys.unwrap_or_default(), now);
            drift.push(format!(
                "no two keys may have one name: the new one is called `{}`",
                crate::untrusted::clean(&free)
            ));
            Some(free)
        }
        Some(name) if takes("name") => Some(name.as_received().to_owned()),
        Some(name) => {
            drift.push(format!("the name `{name}` cannot be given to the new key"));
            None
        }
        None => None,
    };
    let scopes = scopes(&old, wishes, &takes, &mut drift)?;
    if strategy == Strategy::Atomic {
        // It stays the same key: what is not handed over is kept, and the answer shows whether it was.
        drift.clear();
    }
    let keeps_its_end = strategy == Strategy::Atomic && !takes("expires");
    let expires = match wishes.expires {
        None if keeps_its_end => None,
        _ => expires(&old, wishes, &takes, now, &mut drift)?,
    };
    // A call that ends the old key may be told to let it live on for a while; that is then the service's business.
    let handed = wishes
        .grace
        .filter(|_| strategy == Strategy::Atomic && takes("grace"));
    let grace = handed.map(|grace| ("grace".to_owned(), grace.to_string()));
    let new = NewKey {
        name,
        scopes,
        expires,
        fields: old
            .given
            .iter()
            .filter(|(name, _)| takes(name))
            .cloned()
            .chain(grace)
            .collect(),
    };
    if strategy != Strategy::Atomic {
        client.check_new(&new)?;
    }
    if handed.is_none() {
        check_grace(wishes, strategy)?;
    }
    let text = |field: &Option<Untrusted>| field.as_ref().map(|text| text.as_received().to_owned());
    let replaces = Replaced {
        strategy,
        id: text(&old.id),
        name: text(&old.name),
        masked: text(&old.masked),
        grace: wishes.real_grace().filter(|_| handed.is_none()),
        other_scopes: has_other_scopes(&old, &new),
        own: None,
    };
    let full = match keys {
        Some(keys) if strategy == Strategy::Overlap => {
            no_room(client, keys, manifest.limits.max_keys)
        }
        _ => None,
    };
    Ok(Plan {
        old,
        new,
        replaces,
        drift,
        full,
    })
}

/// How a person gets a new key.
pub fn by_hand<'m>(client: &ApiClient<'m>) -> Option<&'m Manual> {
    let manifest = client.service.manifest;
    if let Support::Manual(manual) = support(manifest, Verb::Create) {
        return Some(manual);
    }
    let name = manifest.new_key()?;
    manifest.credentials.get(name)?.paste.as_ref()
}

/// The order of things: the one that is wished for where the service can do it, or the manifest's.
fn strategy(client: &ApiClient<'_>, wishes: &Wishes) -> Result<Strategy> {
    let manifest = client.service.manifest;
    let wanted = wishes.strategy.unwrap_or(manifest.rotation.strategy);
    let creates = match support(manifest, Verb::Create) {
        Support::Native(operation) => Some(operation.effect),
        _ => None,
    };
    let can = match wanted {
        Strategy::Overlap => creates == Some(Effect::None) && !manifest.one_key,
        Strategy::Replace => creates == Some(Effect::ReplacesOwn),
        Strategy::Atomic => matches!(support(manifest, Verb::Rotate), Support::Native(_)),
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
    Err(match wishes.strategy {
        Some(_) => error.hint(format!(
            "its own is `{}`; leave `--strategy` out",
            manifest.rotation.strategy.name()
        )),
        None => error.hint("create a key, put it where it belongs, and revoke the old one"),
    })
}

/// The old key in full, where the service can show it.
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
        given: if shown.given.is_empty() {
            old.given
        } else {
            shown.given
        },
        ..old
    })
}

fn scopes(
    old: &Key,
    wishes: &Wishes,
    takes: &dyn Fn(&str) -> bool,
    drift: &mut Vec<String>,
) -> Result<Vec<String>> {
    if !wishes.scopes.is_empty() {
        if takes("scopes") {
            return Ok(wishes.scopes.clone());
        }
        return Err(Error::usage(
            "the service cannot honour the scopes that are wished for",
        ));
    }
    let held = old.scopes.iter().flatten();
    let held: Vec<String> = held.map(|scope| scope.as_received().to_owned()).collect();
    if takes("scopes") || held.is_empty() {
        if takes("scopes") && old.scopes.is_none() {
            drift.push("the service does not say what the old key may do: the new one gets what a new key gets".to_owned());
        }
        return Ok(held);
    }
    drift.push(format!(
        "the scopes {} cannot be given to the new key",
        held.join(", ")
    ));
    Ok(Vec::new())
}

/// Whether the new key is asked to do other things than the old one may.
fn has_other_scopes(old: &Key, new: &NewKey) -> bool {
    let asked = new.scopes.iter().map(String::as_str);
    let asked: std::collections::BTreeSet<&str> = asked.collect();
    let held = old.scopes.iter().flatten().map(Untrusted::as_received);
    !asked.is_empty() && asked != held.collect()
}

fn expires(
    old: &Key,
    wishes: &Wishes,
    takes: &dyn Fn(&str) -> bool,
    now: Timestamp,
    drift: &mut Vec<String>,
) -> Result<Option<Expiry>> {
    if let Some(wanted) = wishes.expires {
        if takes("expires") || wanted == Expiry::Never {
            return Ok(Some(wanted).filter(|_| takes("expires")));
        }
        return Err(Error::usage(
            "the service cannot honour the end that is wished for",
        ));
    }
    let Some(end) = old.expires_at else {
        return Ok(None);
    };
    if !takes("expires") {
        drift.push("the old key has an end, which cannot be given to the new one".to_owned());
        return Ok(None);
    }
    let life = old.created_at.map(|made| made.duration_until(end));
    let moment = life.and_then(|life| now.checked_add(life).ok());
    let moment = moment.filter(|moment| *moment > now);
    if moment.is_none() {
        let why =
            "nobody knows how long the old key was given: the new one gets what a new key gets";
        drift.push(why.to_owned());
    }
    Ok(moment.map(Expiry::At))
}

/// A name that no key has yet: the old one with the day behind it, in place of an earlier day.
fn another_name(name: &str, keys: &[Key], now: Timestamp) -> String {
    let base = match name.rsplit_once('_') {
        Some((base, day)) if day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()) => {
            base
        }
        _ => name,
    };
    let day = now.strftime("%Y%m%d");
    let taken = |wanted: &str| {
        let mut names = keys.iter().filter_map(|key| key.name.as_ref());
        wanted == name || names.any(|name| name.as_received() == wanted)
    };
    let first = format!("{base}_{day}");
    let further = (2u32..).map(|number| format!("{base}_{number}_{day}"));
    let mut names = std::iter::once(first.clone()).chain(further);
    names.find(|wanted| !taken(wanted)).unwrap_or(first)
}

/// Refuses a grace where the old key ends when the new one is made.
fn check_grace(wishes: &Wishes, strategy: Strategy) -> Result<()> {
    match wishes.real_grace() {
        Some(grace) if !matches!(strategy, Strategy::Overlap | Strategy::Manual) => {
            Err(Error::usage(format!(
                "`--grace {grace}` cannot be honoured: with the strategy `{}` the old key ends when the new one is made",
                strategy.name()
            )))
        }
        _ => Ok(()),
    }
}

/// Says so where there is no place for a second key beside the old one.
fn no_room(client: &ApiClient<'_>, keys: &[Key], limit: Option<u64>) -> Option<String> {
    let limit = limit?;
    let used = keys.iter().filter(|key| key.status.takes_a_slot()).count() as u64;
    (used >= limit).then(|| {
        format!(
            "{} refused to create a key: {used} of {limit} keys are in use",
            client.service.name()
        )
    })
}

impl Plan {
    /// Refuses where there is no room for the new key beside the old one.
    pub fn check_room(&self) -> Result<()> {
        let Some(full) = &self.full else {
            return Ok(());
        };
        Err(Error::new(Kind::Conflict, full.clone())
            .hint("the new key lives beside the old one for a while: revoke one that nobody uses first")
            .hint("see which: keywright keys list --sort last-used"))
    }

    /// What the new key has become otherwise than the old one was.
    pub fn drift_of(&self, new: &Key) -> Vec<String> {
        let words = |key: &Key| {
            let scopes = key.scopes.as_ref()?;
            let mut words: Vec<&str> = scopes.iter().map(Untrusted::as_received).collect();
            words.sort_unstable();
            Some(words.join(", "))
        };
        let mut wanted = self.new.scopes.clone();
        wanted.sort_unstable();
        let wanted = if wanted.is_empty() {
            words(&self.old)
        } else {
            Some(wanted.join(", "))
        };
        let mut drift = Vec::new();
        if let (Some(wanted), Some(got)) = (wanted, words(new))
            && wanted != got
        {
            drift.push(format!(
                "the new key may do other things than it should: `{}` instead of `{}`",
                crate::untrusted::clean(&got),
                crate::untrusted::clean(&wanted)
            ));
        }
        // An answer that is little more than the secret says nothing of a key that stays the same one.
        let same = self.replaces.strategy == Strategy::Atomic
            && new.id.as_ref().map(Untrusted::as_received) == self.replaces.id.as_deref();
        if self.old.expires_at.is_some() && new.expires_at.is_none() && !same {
            drift.push("the old key had an end, the new one has none".to_owned());
        }
        drift
    }
}
