//! Credentials with a fate of their own, so that every documented error can be met by hand and by tests.

/// The electronic mail address of the user that can log in at Siati and at Sieve.
pub const EMAIL: &str = "demo@example.com";

/// That user's password.
pub const PASSWORD: &str = "sandbox-password";

/// The behavior of a service for a test credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behavior {
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
pub struct TestCredential {
    /// The service that knows it.
    pub provider: &'static str,
    /// The credential.
    pub secret: &'static str,
    /// The behavior of the service for it.
    pub behavior: Behavior,
    /// The same in words, with the answer's status and code.
    pub what: &'static str,
}

/// Returns every test credential, by service.
#[must_use]
pub fn test_credentials() -> &'static [TestCredential] {
    TEST_CREDENTIALS
}

/// Returns the behavior of `provider` for `secret`, if it is a test credential of that service.
pub(super) fn behavior_of(provider: &str, secret: &str) -> Option<Behavior> {
    let mut known = TEST_CREDENTIALS.iter();
    let found = known.find(|known| known.provider == provider && known.secret == secret)?;
    Some(found.behavior)
}

const fn test_credential(
    provider: &'static str,
    secret: &'static str,
    behavior: Behavior,
    what: &'static str,
) -> TestCredential {
    TestCredential {
        provider,
        secret,
        behavior,
        what,
    }
}

const TEST_CREDENTIALS: &[TestCredential] = &[
    test_credential(
        "siati",
        "sk-siati-sandbox-demo",
        Behavior::Working,
        "works; its plan includes the tiers `standard` and `turbo`, not `ludicrous` (403 tier_not_allowed)",
    ),
    test_credential(
        "siati",
        "sk-siati-sandbox-second",
        Behavior::Working,
        "works like the first: one to paste where a new key is asked for",
    ),
    test_credential(
        "siati",
        "sk-siati-sandbox-third",
        Behavior::Working,
        "works like the first",
    ),
    test_credential(
        "siati",
        "sk-siati-sandbox-ludicrous",
        Behavior::EveryTier,
        "works, and its plan includes every tier",
    ),
    test_credential(
        "siati",
        "sk-siati-sandbox-revoked",
        Behavior::Revoked,
        "401 invalid_api_key",
    ),
    test_credential(
        "siati",
        "sk-siati-sandbox-limited-once",
        Behavior::LimitedOnce,
        "every other request, from the first on: 429 rate_limit_exceeded with Retry-After: 1",
    ),
    test_credential(
        "siati",
        "sk-siati-sandbox-limited",
        Behavior::Limited,
        "always 429 rate_limit_exceeded with Retry-After: 1",
    ),
    test_credential(
        "siati",
        "sk-siati-sandbox-no-quota",
        Behavior::NoQuota,
        "always 429 quota_exhausted without Retry-After, to be tried again in an hour",
    ),
    test_credential(
        "siati",
        "sk-siati-sandbox-no-credits",
        Behavior::NoCredits,
        "402 insufficient_credits",
    ),
    test_credential(
        "siati",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfZGVtbyIsImlhdCI6MTcwNDA2NzIwMCwiZXhwIjoxNzA2NjU5MjAwfQ.c2FuZGJveC1zaWF0aS1leHBpcmVk",
        Behavior::Expired,
        "a JWT: 401 expired_token, but POST /auth/refresh takes it",
    ),
    test_credential(
        "siati",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfZGVtbyIsImlhdCI6MTU3NzgzNjgwMCwiZXhwIjoxNTgwNDI4ODAwfQ.c2FuZGJveC1zaWF0aS1leHBpcmVkLWJleW9uZC1yZWZyZXNo",
        Behavior::ExpiredForGood,
        "a JWT: 401 expired_token, from POST /auth/refresh too",
    ),
    test_credential(
        "siesta",
        "siesta-sandbox-demo-key",
        Behavior::Working,
        "works together with the organization org-sandbox-demo; 403 with any other",
    ),
    test_credential(
        "siesta",
        "siesta-sandbox-second-key",
        Behavior::Working,
        "works like the first: one to paste where a new key is asked for",
    ),
    test_credential(
        "siesta",
        "siesta-sandbox-third-key",
        Behavior::Working,
        "works like the first",
    ),
    test_credential(
        "siesta",
        "siesta-sandbox-other-org-key",
        Behavior::OtherOrganization,
        "works together with the organization org-sandbox-other; 403 with any other",
    ),
    test_credential(
        "siesta",
        "siesta-sandbox-expired-key",
        Behavior::Expired,
        "401",
    ),
    test_credential(
        "siesta",
        "siesta-sandbox-no-access-key",
        Behavior::NoPermission,
        "403 with every organization",
    ),
    test_credential(
        "siesta",
        "siesta-sandbox-limited-once-key",
        Behavior::LimitedOnce,
        "every other request, from the first on: 429 with Retry-After: 1",
    ),
    test_credential(
        "siesta",
        "siesta-sandbox-limited-key",
        Behavior::Limited,
        "always 429 with Retry-After: 1",
    ),
    test_credential(
        "schatzi",
        "sk-sandbox-production-backend-000000000000004f2a",
        Behavior::Working,
        "the key `Production backend` that is there from the start; works until it is revoked",
    ),
    test_credential(
        "schatzi",
        "sk-sandbox-no-subscription-000000000000000000000",
        Behavior::NoSubscription,
        "402 subscription_required",
    ),
    test_credential(
        "schatzi",
        "sk-sandbox-revoked-00000000000000000000000000000",
        Behavior::Revoked,
        "403 Forbidden",
    ),
    test_credential(
        "schatzi",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfZGVtbyIsImlhdCI6MTcwNDA2NzIwMCwiZXhwIjoxNzA2NjU5MjAwfQ.c2FuZGJveC1zY2hhdHppLWV4cGlyZWQ",
        Behavior::Expired,
        "a JWT: 401 token_not_valid",
    ),
    test_credential(
        "schatzi",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfdW5zdWJzY3JpYmVkIiwiaWF0IjoxNzA0MDY3MjAwLCJleHAiOjQxMDI0NDQ4MDB9.c2FuZGJveC1zY2hhdHppLW5vLXN1YnNjcmlwdGlvbg",
        Behavior::NoSubscription,
        "a JWT: 402 subscription_required",
    ),
    test_credential(
        "generic",
        "generic-sandbox-demo-key",
        Behavior::Working,
        "works, with the permissions read and write",
    ),
    test_credential(
        "generic",
        "generic-sandbox-second-key",
        Behavior::Working,
        "works like the first: one to paste where a new key is asked for",
    ),
    test_credential(
        "generic",
        "generic-sandbox-third-key",
        Behavior::Working,
        "works like the first",
    ),
    test_credential(
        "generic",
        "generic-sandbox-read-only-key",
        Behavior::Working,
        "works, with the permission read",
    ),
    test_credential(
        "generic",
        "generic-sandbox-admin-key",
        Behavior::Working,
        "works, with the permission admin",
    ),
    test_credential(
        "generic",
        "generic-sandbox-write-only-key",
        Behavior::NoPermission,
        "403, as it may not generate",
    ),
    test_credential(
        "generic",
        "generic-sandbox-webhook-only-key",
        Behavior::NoPermission,
        "403, as it may not generate",
    ),
    test_credential(
        "generic",
        "generic-sandbox-revoked-key",
        Behavior::Revoked,
        "401 INVALID_API_KEY, with the key's id",
    ),
    test_credential(
        "generic",
        "generic-sandbox-expired-key",
        Behavior::Expired,
        "401 EXPIRED_API_KEY, expired on 2024-01-01T00:00:00Z",
    ),
    test_credential(
        "generic",
        "generic-sandbox-limited-once-key",
        Behavior::LimitedOnce,
        "every other request, from the first on: 429 with Retry-After: 1",
    ),
    test_credential(
        "generic",
        "generic-sandbox-limited-once-date-key",
        Behavior::LimitedOnceByDate,
        "every other request, from the first on: 429 with a date in Retry-After",
    ),
    test_credential(
        "generic",
        "generic-sandbox-limited-once-silent-key",
        Behavior::LimitedOnceSilently,
        "every other request, from the first on: 429 without Retry-After",
    ),
    test_credential(
        "generic",
        "generic-sandbox-limited-key",
        Behavior::Limited,
        "always 429 with Retry-After: 1",
    ),
    test_credential(
        "generic",
        "generic-sandbox-limited-silent-key",
        Behavior::LimitedSilently,
        "always 429 without Retry-After",
    ),
    test_credential(
        "sieve",
        "gds_sandboxdemo000000000000000000000",
        Behavior::Working,
        "the key that is there from the start; works until it is replaced or revoked",
    ),
    test_credential(
        "sieve",
        "gds_sandboxexpired000000000000000000",
        Behavior::Expired,
        "401, expired",
    ),
    test_credential(
        "sieve",
        "gds_sandboxrevoked000000000000000000",
        Behavior::Revoked,
        "401, as after a replacement",
    ),
    test_credential(
        "sieve",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyX3NhbmRib3hfZGVtbyIsImlhdCI6MTcwNDA2NzIwMCwiZXhwIjoxNzA0MDY4MTAwfQ.c2FuZGJveC1zaWV2ZS1leHBpcmVk",
        Behavior::Expired,
        "a JWT: 401, expired",
    ),
];
