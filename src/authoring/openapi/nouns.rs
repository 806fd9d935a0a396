//! The names of resources that are keys.

use super::words::{has, has_any, words};

/// The names of things that are keys, with their weight.
pub(super) const NOUNS: [(&str, i32); 22] = [
    ("authorization", 8),
    ("api key", 20),
    ("api token", 20),
    ("personal access token", 20),
    ("access key", 18),
    ("service key", 15),
    ("access token", 17),
    ("service account key", 19),
    ("auth token", 14),
    ("authentication token", 14),
    ("secret key", 14),
    ("app key", 12),
    ("application key", 12),
    ("virtual key", 14),
    ("client secret", 10),
    ("api client", 12),
    ("pat", 10),
    ("key", 11),
    ("token", 10),
    ("credential", 7),
    ("service token", 16),
    ("secret", 4),
];

/// Words of things that are called keys and are none of these.
pub(super) const OTHERS: [&str; 38] = [
    "ssh",
    "gpg",
    "pgp",
    "deploy",
    "public",
    "signing",
    "encryption",
    "webhook",
    "registration",
    "device",
    "invite",
    "invitation",
    "password",
    "reset",
    "refresh",
    "idempotency",
    "license",
    "runner",
    "installation",
    "trigger",
    "master",
    "kms",
    "jwk",
    "session",
    "login",
    "scim",
    "push",
    "cache",
    "join",
    "bootstrap",
    "oauth",
    "partition",
    "metric",
    "unlock",
    "recovery",
    "verification",
    "csrf",
    "kv",
];

/// The least weight of a name that means keys and nothing else.
pub(super) const KEY_NOUN: i32 = 7;

/// The least weight of a name that means keys whatever their creation brings.
pub(super) const SURE_NOUN: i32 = 10;

/// Returns the weight of the last name of a path as one of keys.
pub(super) fn noun(path: &str) -> i32 {
    // `/carts/key={key}` is one cart.
    let mut parts = path.rsplit('/').filter(|part| !part.contains('{'));
    let last = words(parts.next().unwrap_or_default());
    let before = words(parts.next().unwrap_or_default());
    let weight = |words: &[String]| {
        let known = NOUNS.iter().filter(|(noun, _)| has(words, noun));
        known.map(|(_, weight)| *weight).max().unwrap_or(0)
    };
    let is_other = |words: &[String]| has_any(words, &OTHERS);
    let own = weight(&last);
    if own == 0 || is_other(&last) {
        return 0;
    }
    // `/service-accounts/{id}/keys`, `/api/keys`.
    let both: Vec<String> = before.iter().chain(&last).cloned().collect();
    own.max(weight(&both)) - if is_other(&before) { 8 } else { 0 }
}
