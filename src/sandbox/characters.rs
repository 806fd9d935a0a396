//! Credentials with a fate of their own, so that every documented error can be met by hand and by tests.

/// The electronic mail address of the user that can log in at Siati and at Sieve.
pub const EMAIL: &str = "demo@example.com";

/// That user's password.
pub const PASSWORD: &str = "sandbox-password";

/// What a service does with a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Is served; where keys can be revoked, for as long as it is not.
    Working,
    /// Is served, with every tier.
    EveryTier,
    /// Was revoked.
    Revoked,
    /// Has expired; a token can be refreshed where the service refreshes tokens.
    Expired,
    /// Has expired so long ago that it cannot be refreshed either.
    ExpiredForGood,
    /// Belongs to an account without a subscription.
    NoSubscription,
    /// Belongs to an account that has spent its credits.
    NoCredits,
    /// Belongs to an account that has used up its quota for now.
    NoQuota,
    /// May do nothing the service offers.
    NoPermission,
    /// Belongs to another organization.
    OtherOrganization,
    /// Is told to slow down at every other request, the first one included.
    LimitedOnce,
    /// Likewise, with the time to wait given as a date.
    LimitedOnceByDate,
    /// Likewise, without a time to wait.
    LimitedOnceSilently,
    /// Is always told to slow down.
    Limited,
    /// Is always told to slow down, but not for how long.
    LimitedSilently,
}

/// A credential that a service treats in a way known beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Character {
    /// The service that knows it.
    pub provider: &'static str,
    /// The credential.
    pub secret: &'static str,
    /// What the service does with it.
    pub role: Role,
    /// The same in words, with the answer's status and code.
    pub what: &'static str,
}

/// Every character there is, by service.
#[must_use]
pub fn characters() -> &'static [Character] {
    CHARACTERS
}

/// What `provider` does with `secret`, if it is a character of that service.
pub(super) fn role(provider: &str, secret: &str) -> Option<Role> {
    let mut known = CHARACTERS.iter();
    let found = known.find(|known| known.provider == provider && known.secret == secret)?;
    Some(found.role)
}

const fn character(
    provider: &'static str,
    secret: &'static str,
    role: Role,
    what: &'static str,
) -> Character {
    Character {
        provider,
        secret,
        role,
        what,
    }
}

const CHARACTERS: &[Character] = &[
    character(
        "siati",
        "sk-siati-sandbox-demo",
        Role::Working,
        "works; its plan includes the tiers `standard` and `turbo`, not `ludicrous` (403 tier_not_allowed)",
    ),
    character(
        "siati",
        "sk-siati-sandbox-second",
        Role::Working,
        "works like the first: one to paste where a new key is asked for",
    ),
    character(
        "siati",
        "sk-siati-sandbox-third",
        Role::Working,
        "works like the first",
    ),
    character(
        "siati",
        "sk-siati-sandbox-ludicrous",
        Role::EveryTier,
        "works, and its plan includes every tier",
    ),
    character(
        "siati",
        "sk-siati-sandbox-revoked",
        Role::Revoked,
        "401 invalid_api_key",
    ),
    character(
        "siati",
        "sk-siati-sandbox-limited-once",
        Role::LimitedOnce,
        "every other request, from the first on: 429 rate_limit_exceeded with Retry-After: 1",
    ),
    character(
        "siati",
        "sk-siati-sandbox-limited",
        Role::Limited,
        "always 429 rate_limit_exceeded with Retry-After: 1",
    ),
    character(
        "siati",
        "sk-siati-sandbox-no-quota",
        Role::NoQuota,
        "always 429 quota_exhausted without Retry-After, to be tried again in an hour",
    ),
    character(
        "siati",
        "sk-siati-sandbox-no-credits",
        Role::NoCredits,
        "402 insufficient_credits",
    ),
    character(
        "siati",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfZGVtbyIsImlhdCI6MTcwNDA2NzIwMCwiZXhwIjoxNzA2NjU5MjAwfQ.c2FuZGJveC1zaWF0aS1leHBpcmVk",
        Role::Expired,
        "a JWT: 401 expired_token, but POST /auth/refresh takes it",
    ),
    character(
        "siati",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfZGVtbyIsImlhdCI6MTU3NzgzNjgwMCwiZXhwIjoxNTgwNDI4ODAwfQ.c2FuZGJveC1zaWF0aS1leHBpcmVkLWJleW9uZC1yZWZyZXNo",
        Role::ExpiredForGood,
        "a JWT: 401 expired_token, from POST /auth/refresh too",
    ),
    character(
        "siesta",
        "siesta-sandbox-demo-key",
        Role::Working,
        "works together with the organization org-sandbox-demo; 403 with any other",
    ),
    character(
        "siesta",
        "siesta-sandbox-second-key",
        Role::Working,
        "works like the first: one to paste where a new key is asked for",
    ),
    character(
        "siesta",
        "siesta-sandbox-third-key",
        Role::Working,
        "works like the first",
    ),
    character(
        "siesta",
        "siesta-sandbox-other-org-key",
        Role::OtherOrganization,
        "works together with the organization org-sandbox-other; 403 with any other",
    ),
    character("siesta", "siesta-sandbox-expired-key", Role::Expired, "401"),
    character(
        "siesta",
        "siesta-sandbox-no-access-key",
        Role::NoPermission,
        "403 with every organization",
    ),
    character(
        "siesta",
        "siesta-sandbox-limited-once-key",
        Role::LimitedOnce,
        "every other request, from the first on: 429 with Retry-After: 1",
    ),
    character(
        "siesta",
        "siesta-sandbox-limited-key",
        Role::Limited,
        "always 429 with Retry-After: 1",
    ),
    character(
        "schatzi",
        "sk-sandbox-production-backend-000000000000004f2a",
        Role::Working,
        "the key `Production backend` that is there from the start; works until it is revoked",
    ),
    character(
        "schatzi",
        "sk-sandbox-no-subscription-000000000000000000000",
        Role::NoSubscription,
        "402 subscription_required",
    ),
    character(
        "schatzi",
        "sk-sandbox-revoked-00000000000000000000000000000",
        Role::Revoked,
        "403 Forbidden",
    ),
    character(
        "schatzi",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfZGVtbyIsImlhdCI6MTcwNDA2NzIwMCwiZXhwIjoxNzA2NjU5MjAwfQ.c2FuZGJveC1zY2hhdHppLWV4cGlyZWQ",
        Role::Expired,
        "a JWT: 401 token_not_valid",
    ),
    character(
        "schatzi",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfdW5zdWJzY3JpYmVkIiwiaWF0IjoxNzA0MDY3MjAwLCJleHAiOjQxMDI0NDQ4MDB9.c2FuZGJveC1zY2hhdHppLW5vLXN1YnNjcmlwdGlvbg",
        Role::NoSubscription,
        "a JWT: 402 subscription_required",
    ),
    character(
        "generic",
        "generic-sandbox-demo-key",
        Role::Working,
        "works, with the permissions read and write",
    ),
    character(
        "generic",
        "generic-sandbox-second-key",
        Role::Working,
        "works like the first: one to paste where a new key is asked for",
    ),
    character(
        "generic",
        "generic-sandbox-third-key",
        Role::Working,
        "works like the first",
    ),
    character(
        "generic",
        "generic-sandbox-read-only-key",
        Role::Working,
        "works, with the permission read",
    ),
    character(
        "generic",
        "generic-sandbox-admin-key",
        Role::Working,
        "works, with the permission admin",
    ),
    character(
        "generic",
        "generic-sandbox-write-only-key",
        Role::NoPermission,
        "403, as it may not generate",
    ),
    character(
        "generic",
        "generic-sandbox-webhook-only-key",
        Role::NoPermission,
        "403, as it may not generate",
    ),
    character(
        "generic",
        "generic-sandbox-revoked-key",
        Role::Revoked,
        "401 INVALID_API_KEY, with the key's id",
    ),
    character(
        "generic",
        "generic-sandbox-expired-key",
        Role::Expired,
        "401 EXPIRED_API_KEY, expired on 2024-01-01T00:00:00Z",
    ),
    character(
        "generic",
        "generic-sandbox-limited-once-key",
        Role::LimitedOnce,
        "every other request, from the first on: 429 with Retry-After: 1",
    ),
    character(
        "generic",
        "generic-sandbox-limited-once-date-key",
        Role::LimitedOnceByDate,
        "every other request, from the first on: 429 with a date in Retry-After",
    ),
    character(
        "generic",
        "generic-sandbox-limited-once-silent-key",
        Role::LimitedOnceSilently,
        "every other request, from the first on: 429 without Retry-After",
    ),
    character(
        "generic",
        "generic-sandbox-limited-key",
        Role::Limited,
        "always 429 with Retry-After: 1",
    ),
    character(
        "generic",
        "generic-sandbox-limited-silent-key",
        Role::LimitedSilently,
        "always 429 without Retry-After",
    ),
    character(
        "sieve",
        "gds_sandboxdemo000000000000000000000",
        Role::Working,
        "the key that is there from the start; works until it is replaced or revoked",
    ),
    character(
        "sieve",
        "gds_sandboxexpired000000000000000000",
        Role::Expired,
        "401, expired",
    ),
    character(
        "sieve",
        "gds_sandboxrevoked000000000000000000",
        Role::Revoked,
        "401, as after a replacement",
    ),
    character(
        "sieve",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfZGVtbyIsImlhdCI6MTcwNDA2NzIwMCwiZXhwIjoxNzA0MDY4MTAwfQ.c2FuZGJveC1zaWV2ZS1leHBpcmVk",
        Role::Expired,
        "a JWT: 401, expired",
    ),
];
