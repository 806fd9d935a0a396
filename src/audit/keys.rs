//! Checks the keys of a profile, and keys that profiles share.

use jiff::{SignedDuration, Timestamp};

use super::{Finding, Severity};
use crate::api::{ApiClient, Support, support};
use crate::core::error::Result;
use crate::core::key::{Key, KeyStatus};
use crate::core::secret::Secret;
use crate::core::untrusted::{Untrusted, shell_argument};
use crate::manifest::{CredentialKind, Manifest, Verb};
use crate::profile::ProjectKey;
use crate::profile::credential_index::CredentialIndex;

/// The maximum age of a key, unless another is set.
const MAX_KEY_AGE: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The time before its expiry at which a key should have a successor.
const EXPIRY_WARNING: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The time without use after which a key is considered unneeded.
const MAX_IDLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Scopes that allow everything, or more than reading.
const BROAD_SCOPES: [&str; 6] = ["admin", "write", "all", "*", "full", "owner"];

/// A key under audit, with its properties beyond the list.
pub struct AuditedKey<'k> {
    /// The key.
    pub key: &'k Key,
    /// Its entry in the project file.
    pub project: Option<&'k ProjectKey>,
    /// Set if it is known here: through a profile that logs in with it, the project file, or a rotation.
    pub is_known: bool,
}

/// Checks the keys of one profile.
///
/// The suggested commands name the profile, unless only the environment describes it: no flag can name it then.
pub fn check_keys(
    client: &ApiClient<'_>,
    is_saved: bool,
    keys: &[AuditedKey<'_>],
    now: Timestamp,
) -> Vec<Finding> {
    let program = program(client.profile, is_saved);
    let manifest = client.service.manifest;
    let mut findings = Vec::new();
    for watched in keys {
        let one = KeyChecks {
            profile: client.profile,
            program: &program,
            name: id_of(watched.key),
            watched,
            now,
        };
        if matches!(watched.key.status, KeyStatus::Revoked) {
            continue;
        }
        findings.extend(one.end(client));
        if watched.key.status != KeyStatus::Expired {
            findings.extend(one.age(manifest));
            findings.extend(one.use_of());
            findings.extend(one.scopes());
        }
        findings.extend(one.unknown_key(manifest));
    }
    findings.extend(quota_finding(client, &program, keys));
    findings
}

/// Returns the id or name of a key for use in a command.
fn id_of(key: &Key) -> String {
    [&key.id, &key.name, &key.masked]
        .into_iter()
        .flatten()
        .next()
        .map_or_else(
            || "the key".to_owned(),
            |text| text.as_received().to_owned(),
        )
}

/// Returns the beginning of a command that means this profile.
fn program(profile: &str, is_saved: bool) -> String {
    if is_saved {
        format!("keywright -p {}", shell_argument(profile))
    } else {
        "keywright".to_owned()
    }
}

struct KeyChecks<'o> {
    profile: &'o str,
    /// The beginning of each suggested command.
    program: &'o str,
    name: String,
    watched: &'o AuditedKey<'o>,
    now: Timestamp,
}

impl KeyChecks<'_> {
    fn found(&self, level: Severity, check: &'static str) -> Finding {
        let known_as = self.watched.key.known_as();
        let what = known_as.map_or_else(|| "the key".to_owned(), ToString::to_string);
        Finding::new(level, check, what).of(self.profile)
    }

    fn command(&self, verb: &str) -> String {
        format!(
            "{} keys {verb} {}",
            self.program,
            shell_argument(&self.name)
        )
    }

    /// Returns the time since a moment, in words.
    fn ago(&self, moment: Timestamp) -> String {
        crate::report::output::in_words(moment.duration_until(self.now))
    }

    fn age(&self, manifest: &Manifest) -> Option<Finding> {
        let made = self.watched.key.secret_since()?;
        let own = self.watched.project.and_then(|key| key.rotate_every);
        let every = own.or(manifest.limits.rotate_every);
        let most = every.map_or(MAX_KEY_AGE, |span| {
            SignedDuration::try_from(span.duration()).unwrap_or(MAX_KEY_AGE)
        });
        if made.duration_until(self.now) <= most {
            return None;
        }
        let advice = every.map_or_else(
            || "keys should be replaced every 90 days".to_owned(),
            |every| format!("it should be replaced every {every}"),
        );
        let why = format!("it is {} old; {advice}", self.ago(made));
        let finding = self.found(Severity::Warning, "old").reason(why);
        Some(finding.fixed_by(self.command("rotate")))
    }

    fn end(&self, client: &ApiClient<'_>) -> Option<Finding> {
        let key = self.watched.key;
        let Some(end) = key.expires_at else {
            if key.status == KeyStatus::Expired {
                return Some(self.expired());
            }
            let native = matches!(
                support(client.service.manifest, Verb::Create),
                Support::Native(_)
            );
            let could = native && client.takes(Verb::Create, "expires");
            let finding = could.then(|| self.found(Severity::Info, "no-expiry"))?;
            let why = if key.said.expiry {
                "it never expires: once it leaks, it works until the leak is noticed"
            } else {
                "the service does not say when it expires: if never, a leaked one works until the leak is noticed"
            };
            return Some(
                finding
                    .reason(why)
                    .fixed_by(self.expiry_advice(client.service.manifest.one_key)),
            );
        };
        if end <= self.now || key.status == KeyStatus::Expired {
            return Some(self.expired());
        }
        let left = self.now.duration_until(end);
        if left > EXPIRY_WARNING {
            return None;
        }
        let words = crate::report::output::in_words(left);
        let finding = self.found(Severity::Warning, "expires-soon");
        Some(
            finding
                .reason(format!(
                    "it expires in {words}: programs that use it stop working then"
                ))
                .fixed_by(self.command("rotate")),
        )
    }

    fn expiry_advice(&self, replaces: bool) -> String {
        let create = format!("{} keys create NAME --expires 90d", self.program);
        if replaces {
            return create;
        }
        format!("{create}, then {}", self.command("revoke"))
    }

    fn expired(&self) -> Finding {
        self.found(Severity::Info, "expired")
            .reason("it has expired and is still listed")
            .fixed_by(self.command("revoke"))
    }

    fn use_of(&self) -> Option<Finding> {
        let key = self.watched.key;
        let (since, why) = match (key.last_used_at, key.created_at) {
            (Some(used), _) => (used, format!("it was last used {} ago", self.ago(used))),
            // This applies only if the service reports use at all: a list without it shows nothing.
            (None, Some(made))
                if key
                    .usage
                    .as_ref()
                    .is_some_and(|use_of| use_of.requests == Some(0)) =>
            {
                (made, "it was never used".to_owned())
            }
            _ => return None,
        };
        if since.duration_until(self.now) <= MAX_IDLE {
            return None;
        }
        let finding = self.found(Severity::Warning, "unused").reason(why);
        Some(finding.fixed_by(self.command("revoke")))
    }

    fn scopes(&self) -> Option<Finding> {
        let held = self.watched.key.scopes.as_ref()?;
        let words: Vec<&str> = held.iter().map(Untrusted::as_received).collect();
        let wanted = self.watched.project.map(|key| &key.scopes);
        if let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) {
            let more: Vec<&str> = words
                .iter()
                .filter(|word| !wanted.iter().any(|wanted| wanted == *word))
                .copied()
                .collect();
            if more.is_empty() {
                return None;
            }
            let finding = self.found(Severity::Warning, "too-wide");
            return Some(
                finding
                    .reason(format!(
                        "it may do more than the project needs: {}",
                        more.join(", ")
                    ))
                    .fixed_by(self.command("rotate")),
            );
        }
        let is_power = |word: &&str| {
            let word = word.to_ascii_lowercase();
            let mut parts = word.split([':', '.', '/', '_', '-']);
            parts.any(|part| BROAD_SCOPES.contains(&part))
        };
        let powers: Vec<&str> = words
            .iter()
            .filter(|word| is_power(word))
            .copied()
            .collect();
        if powers.is_empty() {
            return None;
        }
        let finding = self.found(Severity::Info, "powerful");
        Some(
            finding
                .reason(format!(
                    "it may do more than read: {}; where reading is all it does, a smaller one is safer",
                    powers.join(", ")
                ))
                .fixed_by(format!("{} keys create NAME --scope read", self.program)),
        )
    }

    fn unknown_key(&self, manifest: &Manifest) -> Option<Finding> {
        if self.watched.is_known || manifest.one_key || self.watched.key.id.is_none() {
            return None;
        }
        let finding = self.found(Severity::Info, "unknown-key");
        Some(
            finding
                .reason("no profile, project file or rotation here knows it")
                .fixed_by(format!(
                    "if it is not needed: {}; otherwise name it in keywright.toml",
                    self.command("revoke")
                )),
        )
    }
}

/// Finds the stored keys of a profile in whose place a job could present its identity.
pub fn check_federation(client: &ApiClient<'_>, is_saved: bool) -> Result<Vec<Finding>> {
    let manifest = client.service.manifest;
    let index = CredentialIndex::load(client.session.platform)?;
    let keys = manifest.credentials_of(CredentialKind::Key);
    let replaceable = keys.filter(|key| manifest.can_do_without(key));
    let stored = replaceable.filter_map(|key| index.get(client.profile, key));
    let program = program(client.profile, is_saved);
    let found = stored.map(|key| {
        Finding::new(Severity::Info, "identity", key.masked.as_str())
            .of(client.profile)
            .reason(format!(
                "{} exchanges the identity of a job for a short-lived token: a pipeline or a pod needs no stored key",
                manifest.name
            ))
            .fixed_by(format!("in the job: {program} exchange --identity SOURCE"))
    });
    Ok(found.collect())
}

/// Finds a quota of keys that is nearly used up.
fn quota_finding(
    client: &ApiClient<'_>,
    program: &str,
    keys: &[AuditedKey<'_>],
) -> Option<Finding> {
    let manifest = client.service.manifest;
    let limit = manifest.limits.max_keys.filter(|_| !manifest.one_key)?;
    let used = keys
        .iter()
        .filter(|watched| watched.key.status.counts_toward_limit())
        .count() as u64;
    if used + 1 < limit {
        return None;
    }
    let (level, why) = if used >= limit {
        let why = "no key can be created, and none rotated without an interruption";
        (Severity::Error, why)
    } else {
        (
            Severity::Info,
            "one more, and no key can be rotated without an interruption",
        )
    };
    let what = format!("{used} of {limit} keys are in use");
    let finding = Finding::new(level, "limit", what).of(client.profile);
    Some(
        finding
            .reason(why)
            .fixed_by(format!("{program} keys list --sort last-used")),
    )
}

/// The key that a profile logs in with.
pub struct LoginKey {
    /// The name of the profile.
    pub profile: String,
    /// Says that the profile is saved: a flag or a destination can name it.
    pub is_saved: bool,
    /// The key.
    pub secret: Secret,
}

/// Finds keys that several profiles use.
pub fn check_shared(held: &[LoginKey]) -> Vec<Finding> {
    let is_production = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["prod", "live"].iter().any(|word| name.contains(word))
    };
    let mut findings = Vec::new();
    for (index, first) in held.iter().enumerate() {
        let same = |other: &&LoginKey| other.secret.eq_secret(&first.secret);
        if held[..index].iter().any(|other| same(&other)) {
            continue;
        }
        let all: Vec<&LoginKey> = held[index..].iter().filter(same).collect();
        if all.len() < 2 {
            continue;
        }
        let names: Vec<&str> = all.iter().map(|key| key.profile.as_str()).collect();
        let production = names.iter().filter(|name| is_production(name)).count();
        let level = if production > 0 && production < all.len() {
            Severity::Error
        } else {
            Severity::Warning
        };
        // Of two profiles one is saved at least: the environment describes only one.
        let to = all.iter().rev().find(|key| key.is_saved).unwrap_or(&first);
        let from = all.iter().find(|key| key.profile != to.profile);
        let from = from.unwrap_or(&first);
        findings.push(
            Finding::new(level, "shared", first.secret.masked())
                .of(&first.profile)
                .reason(format!(
                    "the profiles {} use the same key: a leak of one affects them all",
                    names.join(", ")
                ))
                .fixed_by(format!(
                    "create a key for each: {} keys create NAME --to profile:{}",
                    program(&from.profile, from.is_saved),
                    shell_argument(&to.profile)
                )),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_key_in_production_is_error() {
        let held = |name: &str, secret: &str| LoginKey {
            profile: name.to_owned(),
            is_saved: name != "env",
            secret: Secret::new(secret),
        };
        let shared = |all: &[LoginKey]| -> Vec<(Severity, String)> {
            let found = check_shared(all);
            found.into_iter().map(|one| (one.level, one.why)).collect()
        };
        let one = "sk-fake-0000000000000001";
        let other = "sk-fake-0000000000000002";
        assert!(shared(&[held("a", one), held("b", other)]).is_empty());
        let found = shared(&[held("dev", one), held("production", one), held("c", other)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, Severity::Error);
        assert!(found[0].1.contains("dev, production"), "{found:?}");
        for all in [
            [held("env", one), held("b", one)],
            [held("b", one), held("env", one)],
        ] {
            assert_eq!(
                check_shared(&all)[0].fix,
                "create a key for each: keywright keys create NAME --to profile:b"
            );
        }
        let found = shared(&[held("a", one), held("b", one), held("c", one)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, Severity::Warning);
    }
}
