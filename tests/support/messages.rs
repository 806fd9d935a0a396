//! The messages that more than one test compares.

pub(crate) const ALL_KEYS_IN_USE: &str = "schatzi refused to create a key: 5 of 5 keys are in use";
pub(crate) const CANCELLED: &str = "cancelled: nothing was changed\n";
pub(crate) const CLUB_UNDETERMINED: &str =
    "could not determine whether club gave the key a new secret";
pub(crate) const CONFIRM_WITH_YES: &str = "confirm with `--yes`";
pub(crate) const CREDENTIALS_NOT_FOUND: &str = "credentials not found in native keychain\n";
pub(crate) const EXCHANGE_REFUSED: &str = "mine refused to exchange the key for a token: no longer";
pub(crate) const EXPIRY_LOST: &str =
    "warning: the old key has an expiry, which cannot be given to the new one\n";
#[cfg(feature = "sandbox")]
pub(crate) const FIVE_KEYS_AT_MOST: &str = "of 5 in use";
pub(crate) const INVALID_TOML: &str = "acme.toml:12: this is not valid TOML";
pub(crate) const JWT_REFUSED: &str =
    "schatzi refused to list keys: the JWT is not accepted: it has expired or is not valid";
pub(crate) const LOGGED_IN_UNVERIFIED: &str = "mine has no operation to verify it, so it is kept as it is\n\
     logged in to mine; the key is kept in the test keyring\n";
pub(crate) const MANIFEST_NEXT_STEP: &str = "next: look it over, record an example of each call in it, then: keywright providers check \
     acme\n";
pub(crate) const MANIFEST_NOT_TRUSTED: &str =
    "error: the manifest of mine starts `./ask`, and is not trusted\n";
pub(crate) const NAME_REQUIRED: &str = "schatzi requires a name for the new key";
pub(crate) const NEITHER_KEY_WORKS: &str =
    "neither the old key nor the new one works any more: the record is closed";
pub(crate) const NEW_KEY_RESTRICTED: &str = "warning: the new key is restricted\n";
pub(crate) const NEW_KEY_UNLISTED: &str =
    "error: acme does not list the new key; the old key was not revoked\n";
pub(crate) const NOTHING_CREATED: &str = "hint: nothing was created\n";
pub(crate) const NOTHING_REVOKED: &str = "nothing was revoked\n";
pub(crate) const NOTHING_ROTATED: &str = " was aborted: nothing was rotated\n";
pub(crate) const NOTHING_UNFINISHED: &str = "nothing is unfinished\n";
pub(crate) const OLD_KEY_IN_USE: &str = "the old key is still in use\n";
pub(crate) const DISABLED_OLD_KEY: &str = "disabled the old key `ci`\n";
pub(crate) const ENABLED_OLD_KEY: &str = "enabled the old key `ci`\n";
pub(crate) const IN_TWO_DAYS_AT_EARLIEST: &str = "2026-11-22 12:00 UTC at the earliest\n";
pub(crate) const NEW_KEY_IN_PLACE: &str = "the new key is in place; ";
pub(crate) const OLD_ONE_NOT_REVOKED: &str =
    "; the new key is in place, and the old one was not revoked\n";
pub(crate) const NOT_REGULAR_FILE: &str = "it is not a regular file";
pub(crate) const NOT_TRUSTED: &str = "is not trusted";
pub(crate) const NO_KEY_AT_SIEVE: &str = "there is no key at sieve (0 of 1 in use)\n";
pub(crate) const NO_KEY_CREATED: &str = "no key was created: the list shows no new key 15 minutes after the request; the old key was not touched\n";
pub(crate) const NO_KEY_GIVEN: &str = "no key given: use its id, or a unique name or prefix";
pub(crate) const NO_LOGIN_METHOD: &str = "no login method given, and prompts are disabled";
pub(crate) const NO_NEW_KEY_YET: &str =
    "error: no new key shows yet, which proves nothing: a list can be late\n";
pub(crate) const NO_PROJECT_FILE: &str = "there is no keywright.toml here or above";
pub(crate) const OLD_KEY_INVALID: &str =
    "error: schatzi does not accept the old key: it is invalid; the new key is the only one\n";
pub(crate) const ROTATE_AGAIN: &str = "then rotate the key again: keywright keys rotate\n";
pub(crate) const OLD_KEY_PASTED: &str = "error: this is the old key, not a new one\n";
pub(crate) const PASSWORD_REFUSED: &str = "siati does not accept this email and password";
pub(crate) const POSSIBLY_LOST_KEY: &str =
    "`ci` (k7) is new: it may be the lost key, or someone else's\n";
pub(crate) const PROGRAMS_TRUSTED: &str = "the programs of mine are trusted\n";
pub(crate) const RAW_ANSWER: &str = "answered with 201 at 2026-11-20 12:00:00 UTC: 71 bytes\n\
     warning: the answer may hold the new key: keep it from others\n";
pub(crate) const REFRESH_TOKEN_USED: &str =
    "hint: the refresh token may be used up; if the next call fails, log in again\n";
pub(crate) const RESPONSE_LOST: &str = "the response was lost, and the list of keys shows no new one yet: checking for up to 30 s \
     (Ctrl-C ends the wait)\n";
pub(crate) const RESPONSE_TOO_LARGE: &str =
    "schatzi answered with more than the 4 MiB that are read";
pub(crate) const ROTATION_RESUMED: &str = "going on with the rotation";
pub(crate) const SECRET_LOST: &str = "a key may have been created, but its secret did not arrive";
pub(crate) const STATUS_UNDECIDED: &str =
    "sieve gave no answer that decides whether a key works (HTTP 200)\n";
pub(crate) const TOKEN_EMPTY: &str = "KEYWRIGHT_TOKEN is set but empty";

// Hints.

pub(crate) const CHECK_AND_RETRY: &str = "check both and try again; nothing was stored";
pub(crate) const CONFIRM_IF_WANTED: &str = "if you want that, confirm with `--yes`";
pub(crate) const COPY_AGAIN: &str = "copy all of it again; nothing was stored";
pub(crate) const KNOWN_PROFILES: &str = "profiles are: a, b, c";
pub(crate) const KNOWN_SERVICES: &str = "see the services that are known: keywright providers";
pub(crate) const LIST_KEYS: &str = "list the keys: keywright keys list";
pub(crate) const LOG_IN: &str = "log in: keywright login PROVIDER";
pub(crate) const LOG_IN_WITH_KEY: &str = "log in: keywright login mine --with-key";
pub(crate) const LOG_IN_WITH_NEW_KEY: &str =
    "if the key was replaced or revoked, log in with the new one: keywright login sieve --with-key";
pub(crate) const PASTE_NEW_TOKEN: &str = "paste a new one, and set KEYWRIGHT_TOKEN to it";
pub(crate) const REVOKE_ONE_FIRST: &str = "revoke one first: keywright keys list --sort last-used";

pub(crate) fn delivered(destination: &str) -> String {
    format!("delivered to `{destination}`\n")
}

pub(crate) fn login_follows(profile: &str) -> String {
    format!("the profile `{profile}` logs in with the new key from now on\n")
}

pub(crate) fn new_key_gone(key: &str) -> String {
    format!("the new key `{key}` is gone\n")
}

pub(crate) fn new_key_not_revoked(key: &str) -> String {
    format!("the new key `{key}` was not revoked")
}

pub(crate) fn new_key_stored(key: &str) -> String {
    format!("the new key `{key}` is not lost: the test keyring keeps it\n")
}

pub(crate) fn new_key_works(key: &str) -> String {
    format!("the new key `{key}` still works\n")
}

pub(crate) fn no_key(key: &str) -> String {
    format!("there is no key `{key}`")
}

pub(crate) fn no_profile(profile: &str) -> String {
    format!("there is no profile `{profile}`")
}

pub(crate) fn no_project_file(file: &str) -> String {
    format!("there is no project file `{file}`")
}

pub(crate) fn not_overwritten(destination: &str) -> String {
    format!("`{destination}` does not hold the new key: left unchanged\n")
}

pub(crate) fn old_key_not_revoked(key: &str) -> String {
    format!("the old key `{key}` was not revoked")
}

pub(crate) fn old_key_valid_until(key: &str, expiry: &str) -> String {
    format!("the old one of `{key}` is valid until {expiry}\n")
}

pub(crate) fn refused_to_answer(provider: &str, reason: &str) -> String {
    format!("{provider} refused to answer: {reason}")
}

/// Returns how a rotation ends that revokes the old key.
pub(crate) fn replaced(key: &str) -> String {
    revoked_old(key) + &rotated(key)
}

pub(crate) fn restored(destination: &str) -> String {
    format!("restored the previous value of `{destination}`\n")
}

pub(crate) fn revoked(key: &str) -> String {
    format!("revoked `{key}`\n")
}

pub(crate) fn revoked_lost(key: &str) -> String {
    format!("revoked the lost key `{key}`\n")
}

pub(crate) fn revoked_new(key: &str) -> String {
    format!("revoked the new key `{key}`\n")
}

pub(crate) fn revoked_old(key: &str) -> String {
    format!("revoked the old key `{key}`\n")
}

pub(crate) fn rotated(key: &str) -> String {
    format!("rotated `{key}`\n")
}

pub(crate) fn shown_once(key: &str) -> String {
    format!("warning: the key `{key}` is shown once, here: it will not be shown again\n")
}

pub(crate) fn trusted(file: &str) -> String {
    format!("`{file}` is trusted\n")
}

pub(crate) fn slot_renewed(slot: &str) -> String {
    format!("renewed the slot `{slot}`: its old key is dead\n")
}

pub(crate) fn stdout_refused(key: &str) -> String {
    format!(
        "error: cannot write the new key to stdout; {}",
        new_key_stored(key)
    )
}

pub(crate) const NOTHING_FORGOTTEN: &str = "; nothing was forgotten\n";

pub(crate) const CHECK_LEFTOVER: &str = "warning: check for a leftover key: keywright keys list\n";

pub(crate) const CHANGED_SINCE_READ: &str =
    "it was changed since it was read, and nothing was written";

pub(crate) const MAY_HOLD_NEW: &str = "it may hold the new value";
pub(crate) const HOLDS_VALUE: &str = "it holds a value";
pub(crate) const KEY_NOT_LOST: &str = "is not lost";
