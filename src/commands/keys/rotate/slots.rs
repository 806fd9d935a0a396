//! Finds the slot that is in use: the other one is overwritten, so a guess is refused.

use std::collections::BTreeMap;

use crate::api::ApiClient;
use crate::commands::Context;
use crate::commands::delivery;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::secret::Secret;
use crate::core::untrusted::{Untrusted, escape, shell_argument};
use crate::destination::DestinationSpec;
use crate::manifest::Strategy;
use crate::rotation::create::key_of;
use crate::rotation::journal;

/// Returns whether the rotation is one of two slots.
pub(in crate::commands::keys) fn is_strategy(
    client: &ApiClient<'_>,
    wanted: Option<Strategy>,
) -> bool {
    let own = client.service.manifest.rotation.strategy;
    wanted.unwrap_or(own) == Strategy::Slots
}

/// Returns the slot whose key is in use at the destinations `to` or by the login; `named` is the one that you name.
pub(in crate::commands::keys) async fn in_use(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    to: &[DestinationSpec],
    named: Option<&str>,
    keys: &[Key],
) -> Result<Key> {
    let slots = &client.service.manifest.rotation.slots;
    if let Some(named) = named
        && !slots.iter().any(|slot| slot == named)
    {
        return Err(Error::new(
            Kind::NotFound,
            format!(
                "`{}` is none of the slots: {}",
                escape(named),
                slots.join(", ")
            ),
        ));
    }
    let used = seen(context, client, to, keys).await?;
    let mut found = used.keys();
    let slot = match (found.next(), found.next()) {
        (Some(one), Some(other)) => {
            let places = |slot: &str| used.get(slot).map_or("", String::as_str);
            return Err(Error::new(
                Kind::Conflict,
                format!(
                    "both slots are in use: `{one}` ({}), `{other}` ({})",
                    places(one),
                    places(other)
                ),
            )
            .hint("put the key of one slot at all places first; the other slot is overwritten"));
        }
        (Some(slot), None) => {
            if let Some(named) = named.filter(|named| named != slot) {
                return Err(Error::new(
                    Kind::Conflict,
                    format!(
                        "not `{}` but `{slot}` is in use ({}), and would be overwritten",
                        escape(named),
                        used.get(slot).map_or("", String::as_str)
                    ),
                )
                .hint(format!(
                    "rotate that one: keywright keys rotate {}",
                    shell_argument(slot)
                )));
            }
            slot.clone()
        }
        _ => named.map(str::to_owned).ok_or_else(|| unknown(slots))?,
    };
    let listed = keys.iter().find(|key| is_slot(key, &slot));
    Ok(listed
        .cloned()
        .unwrap_or_else(|| key_of(client, Some(slot))))
}

fn unknown(slots: &[String]) -> Error {
    let error = Error::new(
        Kind::Conflict,
        format!(
            "could not determine which slot is in use: {}",
            slots.join(" or ")
        ),
    );
    let ways = slots.iter().map(|slot| {
        let slot = shell_argument(slot);
        format!("if it is {slot}, so that the other one may be overwritten: keywright keys rotate {slot}")
    });
    error.with_hints(ways)
}

fn is_slot(key: &Key, slot: &str) -> bool {
    key.id.as_ref().map(Untrusted::as_received) == Some(slot)
}

/// Returns the slots whose keys are seen in use, each with the place.
async fn seen(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    to: &[DestinationSpec],
    keys: &[Key],
) -> Result<BTreeMap<String, String>> {
    let delivered = journal::delivered(context.platform)?;
    let ours = || {
        let mine = delivered.iter().rev();
        mine.filter(|key| {
            key.profile == client.profile && key.provider == client.service.manifest.name
        })
    };
    let slots = &client.service.manifest.rotation.slots;
    let slot_of = |secret: &Secret| -> Option<String> {
        let shown = |slot: &&String| {
            let mut keys = keys.iter().filter(|key| is_slot(key, slot));
            keys.any(|key| {
                let masked = key.masked.as_ref();
                masked.is_some_and(|masked| client.is_shown_as(secret, masked.as_received()))
            })
        };
        let mut fitting = slots.iter().filter(shown);
        if let (Some(only), None) = (fitting.next(), fitting.next()) {
            return Some(only.clone());
        }
        // The list shows too little: what was delivered from here decides.
        let fingerprint = Some(secret.fingerprint());
        let known = ours().find(|key| key.fingerprint == fingerprint)?;
        known.id.clone().filter(|id| slots.contains(id))
    };
    let mut used = BTreeMap::new();
    for spec in to {
        for value in delivery::standing(context, std::slice::from_ref(spec)).await {
            if let Some(slot) = slot_of(&value) {
                used.entry(slot).or_insert_with(|| spec.to_string());
            }
        }
    }
    let name = client.service.manifest.new_key();
    if let Some(name) = name.filter(|_| !client.session.uses_environment())
        && client.session.holds(name)?
        && let Some(login) = client.session.kept(name)?
        && let Some(slot) = slot_of(&login)
    {
        used.entry(slot).or_insert_with(|| "the login".to_owned());
    }
    if used.is_empty() {
        let last = ours().find_map(|key| key.id.clone().filter(|id| slots.contains(id)));
        used.extend(last.map(|slot| (slot, "it was delivered from here last".to_owned())));
    }
    Ok(used)
}
