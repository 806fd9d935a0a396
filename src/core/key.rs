//! The nouns: a key as every service describes it, whatever it calls its fields.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::core::error::Kind;
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;

/// A key at a service. A value that the service does not report is unknown, never guessed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Key {
    /// The provider's name.
    pub provider: String,
    /// The profile through which it was seen.
    pub profile: String,
    /// The service's name for it; `None` where a service has one key and no ids.
    pub id: Option<Untrusted>,
    /// Its display name.
    pub name: Option<Untrusted>,
    /// The part of the secret that may be shown.
    pub masked: Option<Untrusted>,
    /// Its status.
    pub status: KeyStatus,
    /// Its scopes.
    pub scopes: Option<Vec<Untrusted>>,
    /// The time of its creation.
    pub created_at: Option<Timestamp>,
    /// Its expiry.
    pub expires_at: Option<Timestamp>,
    /// The time at which it got its present secret, if that is later than its creation.
    pub rotated_at: Option<Timestamp>,
    /// The time of its last use.
    pub last_used_at: Option<Timestamp>,
    /// Its usage so far.
    pub usage: Option<Usage>,
    /// The other values that it was created with, by the name of the field, for the key that replaces it.
    #[serde(skip)]
    pub given: Vec<(String, String)>,
    /// The facts that the response states about it besides the values.
    #[serde(skip)]
    pub said: StatedFields,
}

/// The statements of a response about a key, beside the values that it has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StatedFields {
    /// Says that the manifest locates the status: an unrecognised status is then shown as unknown. Otherwise every
    /// listed key counts as active.
    pub status: bool,
    /// Says that the response reports the expiry: a key without a value then has none.
    pub expiry: bool,
    /// Says that the expiry is a date without a time.
    pub by_day: bool,
    /// The names of the further fields that it has, with nothing in them.
    pub empty: Vec<String>,
}

/// Something that a new key was given otherwise than asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The field, as the JSON of a key or `--set` calls it.
    pub field: String,
    /// The value that was asked for.
    pub asked: Value,
    /// The value; `null` if there is none or it is unknown.
    pub given: Value,
    /// Says that the service reported it. Otherwise the value is unknown.
    #[serde(skip)]
    pub certain: bool,
    /// The change as a warning says it.
    #[serde(skip)]
    pub words: String,
}

impl Key {
    /// Returns a key of which nothing is known but where it belongs.
    pub fn unknown(provider: &str, profile: &str) -> Self {
        Key {
            provider: provider.to_owned(),
            profile: profile.to_owned(),
            id: None,
            name: None,
            masked: None,
            status: KeyStatus::Unknown,
            scopes: None,
            created_at: None,
            expires_at: None,
            rotated_at: None,
            last_used_at: None,
            usage: None,
            given: Vec::new(),
            said: StatedFields::default(),
        }
    }

    /// Returns the key with everything that it leaves open as `listed`, its entry in a list, has it.
    #[must_use]
    pub fn over(self, listed: Key) -> Key {
        let has_expiry = self.said.expiry || self.expires_at.is_some();
        let has_status = self.status != KeyStatus::Unknown;
        let mut given = self.given;
        let mut empty = self.said.empty;
        for (name, value) in listed.given {
            if given.iter().all(|(known, _)| *known != name) && !empty.contains(&name) {
                given.push((name, value));
            }
        }
        for name in listed.said.empty {
            if given.iter().all(|(known, _)| *known != name) && !empty.contains(&name) {
                empty.push(name);
            }
        }
        Key {
            provider: self.provider,
            profile: self.profile,
            id: listed.id.or(self.id),
            name: self.name.or(listed.name),
            masked: self.masked.or(listed.masked),
            status: if has_status {
                self.status
            } else {
                listed.status
            },
            scopes: self.scopes.or(listed.scopes),
            created_at: self.created_at.or(listed.created_at),
            expires_at: if has_expiry {
                self.expires_at
            } else {
                listed.expires_at
            },
            rotated_at: self.rotated_at.or(listed.rotated_at),
            last_used_at: self.last_used_at.or(listed.last_used_at),
            usage: self.usage.or(listed.usage),
            given,
            said: StatedFields {
                status: self.said.status || listed.said.status,
                expiry: self.said.expiry || listed.said.expiry,
                by_day: if has_expiry {
                    self.said.by_day
                } else {
                    listed.said.by_day
                },
                empty,
            },
        }
    }

    /// Returns the time from which its secret is in use, as far as it is known.
    pub fn secret_since(&self) -> Option<Timestamp> {
        self.rotated_at.max(self.created_at)
    }

    /// Returns whether nothing is known of it but where it belongs.
    pub fn describes_nothing(&self) -> bool {
        let texts = [&self.id, &self.name, &self.masked];
        let times = [self.created_at, self.expires_at, self.last_used_at];
        texts.iter().all(|text| text.is_none()) && times.iter().all(Option::is_none)
    }

    /// Returns the name, or else the id, or else what may be shown of the secret, in backticks.
    pub fn label(&self) -> String {
        let known_as = self.known_as();
        known_as.map_or_else(|| "the key".to_owned(), |text| format!("`{text}`"))
    }

    /// Returns the name, else the id, else the masked form.
    pub fn known_as(&self) -> Option<&Untrusted> {
        let texts = [&self.name, &self.id, &self.masked];
        let mut texts = texts.into_iter().flatten();
        texts.find(|text| !text.as_received().is_empty())
    }
}

/// The status of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// It works.
    Active,
    /// Switched off, and can be switched on again.
    Disabled,
    /// Its time is over.
    Expired,
    /// Gone for good.
    Revoked,
    /// The service does not say.
    Unknown,
}

impl KeyStatus {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            KeyStatus::Active => "active",
            KeyStatus::Disabled => "disabled",
            KeyStatus::Expired => "expired",
            KeyStatus::Revoked => "revoked",
            KeyStatus::Unknown => "unknown",
        }
    }

    /// Returns whether a key of this status still counts toward the service's limit of keys.
    pub fn counts_toward_limit(self) -> bool {
        !matches!(self, KeyStatus::Revoked)
    }
}

/// The usage of a key.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Usage {
    /// Requests in all.
    pub requests: Option<u64>,
    /// Requests in the last 30 days.
    pub requests_30d: Option<u64>,
    /// Requests of each day, the oldest first, where the service counts days; never more than 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily: Option<Vec<u64>>,
    /// Its cost, in `currency`.
    pub cost: Option<f64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
}

/// The request for a new key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// Its display name.
    pub name: Option<String>,
    /// Its scopes; an empty list leaves them to the service.
    pub scopes: Vec<String>,
    /// Its expiry.
    pub expires: Option<Expiry>,
    /// Further fields that the service takes, by name.
    pub fields: Vec<(String, String)>,
}

/// The values asked for in a new key, stored with the intent so that a later run can compare the key with them too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedProperties {
    /// The time of the request.
    pub at: Timestamp,
    /// The values asked for.
    pub new: NewKey,
    /// The values that the key is compared with.
    pub expected: NewKey,
    /// The further fields that are wished for, in place of those of the old key.
    pub wished: Vec<(String, String)>,
    /// The expiry that the old key's lifetime would give, where the service does not take that.
    pub uncapped: Option<Expiry>,
    /// The properties of the old key that the new one will not have.
    pub drift: Vec<String>,
}

impl RequestedProperties {
    /// Returns the values asked for in a key that replaces none.
    pub fn of(new: &NewKey, at: Timestamp) -> Self {
        RequestedProperties {
            at,
            new: new.clone(),
            expected: new.clone(),
            wished: new.fields.clone(),
            uncapped: None,
            drift: Vec::new(),
        }
    }

    /// Leaves out the fields that are secrets.
    #[must_use]
    pub fn without(mut self, is_secret: impl Fn(&str) -> bool) -> Self {
        let all = [
            &mut self.new.fields,
            &mut self.expected.fields,
            &mut self.wished,
        ];
        for fields in all {
            fields.retain(|(name, _)| !is_secret(name));
        }
        self
    }
}

/// The expiry asked for in a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    /// At this moment.
    At(Timestamp),
    /// Never, said in so many words.
    Never,
}

/// A new key with its secret: it exists once, and leaves by move.
#[derive(Debug)]
pub struct CreatedKey {
    /// The part that may be shown.
    pub key: Key,
    /// The part that must not be shown.
    pub secret: Secret,
}

impl CreatedKey {
    /// Returns whether the id of the key holds its secret, and is therefore a secret itself.
    pub fn id_holds_secret(&self) -> bool {
        let id = self.key.id.as_ref();
        id.is_some_and(|id| self.secret.is_part_of(id.as_received()))
    }
}

/// A service's verdict on a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Validity {
    /// It works.
    Valid,
    /// The service does not know it, or no longer.
    Invalid,
    /// Its time is over.
    Expired,
    /// Switched off.
    Disabled,
    /// Good, but it may not do what was asked to find out.
    Restricted,
    /// Good, but the account may not use the service (no subscription, no credit).
    Blocked,
    /// The service gave no answer that decides it.
    Unknown,
}

impl Validity {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Validity::Valid => "valid",
            Validity::Invalid => "invalid",
            Validity::Expired => "expired",
            Validity::Disabled => "disabled",
            Validity::Restricted => "restricted",
            Validity::Blocked => "blocked",
            Validity::Unknown => "unknown",
        }
    }
}

/// The hint for a response that does not come from the service.
pub const CHECK_BASE_URL: &str =
    "a proxy or login page may be in the way; check the base URL: keywright profiles show";

/// The answer to "does it work?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The verdict of the service.
    pub result: Validity,
    /// The HTTP status it said it with.
    pub status_code: Option<u16>,
    /// The owner of the credential, if the response names one.
    pub identity: Option<Untrusted>,
    /// The id that the credential has among the keys of a list, where the answer tells.
    #[serde(skip)]
    pub key_id: Option<Untrusted>,
    /// The service's own code of its refusal.
    #[serde(skip)]
    pub code: Option<String>,
    /// The response that came in place of one from the service.
    #[serde(skip)]
    pub foreign: Option<ForeignResponse>,
}

/// An answer that is not one of the service's own, and therefore says nothing of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignResponse {
    /// A web page: a proxy, a login page or another server answered.
    Page,
    /// A success whose body is not the JSON that the service answers with.
    NotJson,
}

impl Verdict {
    /// Returns the verdict for a credential that was not checked.
    pub fn undecided() -> Self {
        Verdict {
            result: Validity::Unknown,
            status_code: None,
            identity: None,
            key_id: None,
            code: None,
            foreign: None,
        }
    }

    /// Returns why `service` leaves it open whether `what` works.
    pub fn why_unknown(&self, service: &str, what: &str) -> String {
        match (self.status_code, self.foreign) {
            (Some(status), Some(foreign)) => {
                let came = match foreign {
                    ForeignResponse::Page => "a web page",
                    ForeignResponse::NotJson => "something else",
                };
                format!(
                    "{service} answered with {came} instead of JSON (HTTP {status}), so it is unknown whether {what} works"
                )
            }
            (Some(status), None) => {
                format!(
                    "{service} gave no answer that decides whether {what} works (HTTP {status})"
                )
            }
            (None, _) => format!("{service} has no operation to verify {what}"),
        }
    }

    /// Says where to look after an answer that is not the service's own.
    pub fn hint(&self) -> Option<&'static str> {
        self.foreign.map(|_| CHECK_BASE_URL)
    }

    /// Returns the kind of error that a verdict is which leaves the question open.
    pub fn error_kind(&self) -> Kind {
        match self.status_code {
            Some(429) => Kind::RateLimited,
            Some(500..) => Kind::Unreachable,
            _ => Kind::Failed,
        }
    }
}
