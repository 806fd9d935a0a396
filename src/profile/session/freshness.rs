//! Decides whether a token is still valid.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Credential, Session};
use crate::profile::credential_index::StoredCredential;
use crate::service::TOLERATED_SKEW;

/// The shortest remaining life at which a token is renewed, where a tenth of its life is less.
const MIN_MARGIN: Duration = Duration::from_secs(30);

/// The longest remaining life at which a token is renewed, where a tenth of its life is more.
const MAX_MARGIN: Duration = Duration::from_secs(300);

/// The lifetime of a credential, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lifetime {
    /// Its expiry, by this machine's clock less `clock_ahead`.
    pub(super) expires_at: Option<Timestamp>,
    /// The time at which it was stored, by this machine's clock.
    saved_at: Option<Timestamp>,
    /// The time by which this machine's clock was ahead of the service's then, where the expiry is by the service's.
    clock_ahead: SignedDuration,
}

impl Lifetime {
    /// Returns the lifetime of a stored credential.
    pub(super) fn of(stored: &StoredCredential) -> Lifetime {
        Lifetime {
            expires_at: stored.expires_at,
            saved_at: Some(stored.saved_at),
            clock_ahead: stored.clock_ahead,
        }
    }

    /// Returns the lifetime of a credential that is not stored.
    pub(super) fn until(expires_at: Option<Timestamp>) -> Lifetime {
        Lifetime {
            expires_at,
            ..Lifetime::default()
        }
    }

    /// Returns its length, if the credential is stored.
    pub(super) fn length(self) -> Option<SignedDuration> {
        let saved = self.saved_at?.checked_sub(self.clock_ahead).ok()?;
        Some(saved.duration_until(self.expires_at?))
    }
}

impl Session<'_> {
    /// Returns whether more than `margin` of a lifetime is left.
    pub(super) fn is_fresh(&self, life: Lifetime, margin: Duration) -> bool {
        let margin = SignedDuration::try_from(margin).unwrap_or(SignedDuration::MAX);
        life.expires_at.is_none_or(|end| {
            self.time_of(life).duration_until(end) > margin && !self.clock_went_back(life)
        })
    }

    /// Returns whether `held` has expired, as far as that can be known here.
    pub(super) fn has_expired(&self, held: &Credential) -> bool {
        self.is_lifetime_over(held.life)
    }

    pub(super) fn is_lifetime_over(&self, life: Lifetime) -> bool {
        let left = |end| self.time_of(life).duration_until(end);
        life.expires_at
            .is_some_and(|end| left(end) <= SignedDuration::ZERO)
    }

    /// Returns whether this machine's clock is before the time at which a credential was stored: its age is then
    /// unknown.
    pub(super) fn clock_went_back(&self, life: Lifetime) -> bool {
        let now = self.service.now();
        life.saved_at
            .is_some_and(|saved| now.duration_until(saved) > TOLERATED_SKEW)
    }

    /// Returns the time by the clock on which the expiry is based.
    fn time_of(&self, life: Lifetime) -> Timestamp {
        let now = self.service.now();
        now.checked_sub(life.clock_ahead).unwrap_or(now)
    }
}

/// Returns the remaining lifetime that a token needs to be used without renewal.
pub(super) fn margin(lifetime: Option<SignedDuration>) -> Duration {
    let tenth = lifetime
        .and_then(|lifetime| Duration::try_from(lifetime).ok())
        .map_or(MIN_MARGIN, |lifetime| lifetime / 10);
    tenth.clamp(MIN_MARGIN, MAX_MARGIN)
}

/// Returns the remaining lifetime that a token needs if another process obtained it a moment ago. A token that lives
/// less than a minute never has the usual margin, so each process would obtain its own.
pub(super) fn margin_of_new(lifetime: Option<SignedDuration>) -> Duration {
    let half = lifetime.and_then(|lifetime| Duration::try_from(lifetime / 2).ok());
    half.map_or(margin(lifetime), |half| half.min(margin(lifetime)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margin_is_bounded_tenth_of_lifetime() {
        let of = |seconds: i64| margin(Some(SignedDuration::from_secs(seconds))).as_secs();
        assert_eq!(of(900), 90);
        assert_eq!(of(60), 30);
        assert_eq!(of(30 * 86_400), 300);
        assert_eq!(margin(None).as_secs(), 30);
    }

    #[test]
    fn new_token_margin_capped_at_half() {
        let of = |seconds: i64| margin_of_new(Some(SignedDuration::from_secs(seconds)));
        assert_eq!(of(900).as_secs(), 90);
        assert_eq!(of(60).as_secs(), 30);
        assert_eq!(of(5).as_millis(), 2_500);
        assert_eq!(margin_of_new(None).as_secs(), 30);
    }
}
