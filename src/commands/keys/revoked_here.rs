//! Keys that were revoked from here and that a list still shows: a name or a prefix never means one of them.

use super::super::Context;
use super::select::select;
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::untrusted::mask_typed_secret;
use crate::rotation::journal::{self, RevokedKey};

/// A way to find the key that a text means.
pub(super) type Selector = fn(&[Key], &str) -> Result<Key>;

/// The keys that this machine revoked.
pub(super) struct RevokedHere(Vec<RevokedKey>);

impl RevokedHere {
    /// Reads which they are.
    pub(super) fn known(context: &Context<'_>) -> Result<RevokedHere> {
        Ok(RevokedHere(journal::revoked(context.platform)?))
    }

    /// Returns whether a listed key is one of them.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.0.iter().any(|revoked| revoked.is(key))
    }

    /// Returns the keys that are none of them.
    pub(super) fn left(&self, keys: &[Key]) -> Vec<Key> {
        keys.iter().filter(|key| !self.has(key)).cloned().collect()
    }

    /// Returns whether a text means one of them and no other key.
    pub(super) fn is_meant(&self, keys: &[Key], text: &str, select: Selector) -> bool {
        let by_id = keys
            .iter()
            .any(|key| key.id.as_ref().is_some_and(|id| id.is_named(text)));
        !by_id
            && select(&self.left(keys), text).is_err()
            && select(keys, text).is_ok_and(|key| self.has(&key))
    }

    /// Returns the key that a text means: by its whole id any, otherwise one that was not revoked from here.
    pub(super) fn select(
        &self,
        client: &ApiClient<'_>,
        keys: &[Key],
        text: &str,
        select: Selector,
    ) -> Result<Key> {
        if self.is_meant(keys, text, select) {
            return Err(late(client, text));
        }
        let by_id = |key: &&Key| key.id.as_ref().is_some_and(|id| id.is_named(text));
        match keys.iter().find(by_id) {
            Some(key) => Ok(key.clone()),
            None => select(&self.left(keys), text),
        }
    }
}

/// As [`RevokedHere::pick`], for a command that looks once.
pub(super) fn pick_left(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    keys: &[Key],
    text: &str,
) -> Result<Key> {
    RevokedHere::known(context)?.select(client, keys, text, select)
}

/// Returns the refusal of a name that means only a key that was revoked from here.
pub(super) fn late(client: &ApiClient<'_>, text: &str) -> Error {
    Error::new(
        Kind::Conflict,
        format!(
            "`{}` was revoked from here, and {} still lists it: its list is late",
            mask_typed_secret(text),
            client.service.name()
        ),
    )
    .hint("run this again in a minute")
    .hint("list the keys: keywright keys list")
}
