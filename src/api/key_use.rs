//! Asks the service when a key was last used.

use super::{ApiClient, Support, support};
use crate::core::key::Key;
use crate::core::key_use::KeyUse;
use crate::manifest::{KeyFields, Verb};
use crate::service::CallError;

impl ApiClient<'_> {
    /// Returns whether the manifest says where the service shows the last use of a key, or its requests in all.
    pub fn shows_use(&self) -> bool {
        let manifest = self.manifest();
        let shows = |key: &KeyFields| {
            let requests = key.usage.as_ref().and_then(|usage| usage.requests.as_ref());
            key.last_used_at.is_some() || requests.is_some()
        };
        let native =
            [Verb::List, Verb::Show]
                .into_iter()
                .filter_map(|verb| match support(manifest, verb) {
                    Support::Native(operation) => Some(operation),
                    _ => None,
                });
        let mut reads = native.flat_map(|operation| {
            let details = operation.details.iter();
            let details = details.map(|details| &details.response.key);
            details.chain([&operation.response.key])
        });
        reads.any(|own| shows(own) || shows(&manifest.key))
    }

    /// Returns the uses of a key whose entry in the list is `listed`: if that shows none, the key itself is asked for.
    pub async fn use_of(&self, listed: &Key) -> Result<KeyUse, CallError> {
        let seen = KeyUse::of(listed);
        let shows = matches!(support(self.manifest(), Verb::Show), Support::Native(_));
        if seen.is_known() || !shows || listed.id.is_none() {
            return Ok(seen);
        }
        Ok(KeyUse::of(&self.show(listed.clone()).await?))
    }
}
