//! The uses of a key, as far as a service shows them.

use jiff::Timestamp;

use super::key::Key;

/// The uses of a key at one look. A count over a window that slides is none of them: it may fall while the key is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeyUse {
    /// The time of its last use.
    pub last_used_at: Option<Timestamp>,
    /// The number of requests in all.
    pub requests: Option<u64>,
}

impl KeyUse {
    /// Returns the uses that `key` shows.
    pub fn of(key: &Key) -> Self {
        KeyUse {
            last_used_at: key.last_used_at,
            requests: key.usage.as_ref().and_then(|usage| usage.requests),
        }
    }

    /// Returns whether anything is shown.
    pub fn is_known(self) -> bool {
        self.last_used_at.is_some() || self.requests.is_some()
    }

    /// Returns whether this shows a use that `before` does not.
    pub fn is_later_than(self, before: KeyUse) -> bool {
        self.last_used_at > before.last_used_at || self.requests > before.requests
    }

    /// Returns the later of each.
    #[must_use]
    pub fn or_later(self, other: KeyUse) -> KeyUse {
        KeyUse {
            last_used_at: self.last_used_at.max(other.last_used_at),
            requests: self.requests.max(other.requests),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(last: Option<&str>, requests: Option<u64>) -> KeyUse {
        KeyUse {
            last_used_at: last.map(|text| text.parse().unwrap()),
            requests,
        }
    }

    #[test]
    fn use_only_later_one_counts() {
        let (early, late) = (Some("2026-11-20T01:00:00Z"), Some("2026-11-20T02:00:00Z"));
        for (now, before, is_later) in [
            (seen(late, None), seen(early, None), true),
            (seen(early, None), seen(early, None), false),
            (seen(early, None), seen(late, None), false),
            (seen(None, Some(8)), seen(None, Some(7)), true),
            (seen(None, Some(7)), seen(None, Some(8)), false),
            (seen(early, Some(8)), seen(early, Some(7)), true),
            (seen(None, None), seen(early, Some(7)), false),
        ] {
            assert_eq!(now.is_later_than(before), is_later, "{now:?} {before:?}");
        }
    }
}
