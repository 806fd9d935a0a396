//! Remembers the keys that this machine revoked: a list can show them for a while, and no name refers to one of them
//! any more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{delivered, hidden_id, is_id};
use crate::core::error::Result;
use crate::core::key::Key;
use crate::core::untrusted::Untrusted;
use crate::platform::Platform;

/// A revoked key; holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokedKey {
    /// Its provider.
    pub provider: String,
    /// The profile that it was revoked with.
    pub profile: String,
    /// Its id at the service.
    pub id: String,
    /// Its masked secret, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked: Option<String>,
    /// The time of its revocation.
    pub at: Timestamp,
}

impl RevokedKey {
    /// Returns a key that was revoked just now, with `hides_id` as the fingerprint of its id; `None` if it has no id.
    pub(super) fn of(platform: &Platform, key: &Key, hides_id: bool) -> Option<RevokedKey> {
        let id = key.id.as_ref().map(Untrusted::as_received)?;
        let masked = key.masked.as_ref().map(Untrusted::as_received);
        Some(RevokedKey {
            provider: key.provider.clone(),
            profile: key.profile.clone(),
            id: if hides_id {
                hidden_id(id)
            } else {
                id.to_owned()
            },
            masked: masked.filter(|_| !hides_id).map(str::to_owned),
            at: platform.clock.now(),
        })
    }

    /// Returns whether a listed key is this one; a service may reuse an id for a key that is created later.
    pub fn is(&self, key: &Key) -> bool {
        let same = (&self.provider, &self.profile) == (&key.provider, &key.profile);
        let id = key.id.as_ref().map(Untrusted::as_received);
        let later = key.created_at.is_some_and(|made| made > self.at);
        let other_mask = match (&self.masked, &key.masked) {
            (Some(known), Some(shown)) => known != shown.as_received(),
            _ => false,
        };
        same && id.is_some_and(|id| is_id(&self.id, id)) && !later && !other_mask
    }
}

/// Returns the keys that this machine revoked, the newest last.
pub fn revoked(platform: &Platform) -> Result<Vec<RevokedKey>> {
    Ok(delivered::memory(platform)?.revoked)
}

/// Remembers a revoked key; with `hides_id` as the fingerprint of its id.
pub fn remember_revoked(platform: &Platform, key: &Key, hides_id: bool) -> Result<()> {
    match RevokedKey::of(platform, key, hides_id) {
        Some(revoked) => delivered::change(platform, |memory| memory.add_revoked(revoked.clone())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revoked_reused_id_is_other_key() {
        let at: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let revoked = RevokedKey {
            provider: "acme".to_owned(),
            profile: "work".to_owned(),
            id: "7".to_owned(),
            masked: Some("ak_...0001".to_owned()),
            at,
        };
        let listed = Key {
            id: Some(Untrusted::new("7")),
            ..Key::unknown("acme", "work")
        };
        assert!(revoked.is(&listed));
        let others = [
            Key {
                profile: "home".to_owned(),
                ..listed.clone()
            },
            Key {
                id: Some(Untrusted::new("8")),
                ..listed.clone()
            },
            Key {
                created_at: "2026-11-20T12:00:01Z".parse().ok(),
                ..listed.clone()
            },
            Key {
                masked: Some(Untrusted::new("ak_...0002")),
                ..listed.clone()
            },
        ];
        for other in others {
            assert!(!revoked.is(&other), "{other:?}");
        }
        let hidden = RevokedKey {
            id: hidden_id("7"),
            ..revoked
        };
        assert!(hidden.is(&listed));
    }
}
