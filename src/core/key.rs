//! The nouns: a key as every service describes it, whatever it calls its fields.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::core::error::Kind;
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;

/// A key at a service; what the service does not say is unknown, never guessed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Key {
    /// The provider's name.
    pub provider: String,
    /// The profile through which it was seen.
    pub profile: String,
    /// The service's name for it; `None` where a service has one key and no ids.
    pub id: Option<Untrusted>,
    /// What people call it.
    pub name: Option<Untrusted>,
    /// What may be shown of the secret.
    pub masked: Option<Untrusted>,
    /// Whether it works.
    pub status: KeyStatus,
    /// What it may do.
    pub scopes: Option<Vec<Untrusted>>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// How much it was used.
    pub usage: Option<Usage>,
    /// What else it was given when it was made, by the name of the field, for the key that replaces it.
    #[serde(skip)]
    pub given: Vec<(String, String)>,
    /// What is said of it beside the values.
    #[serde(skip)]
    pub said: StatedFields,
}

/// What an answer says of a key beside the values that it has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StatedFields {
    /// Whether the manifest says where the status stands: an unknown one then shows nothing, and otherwise whatever is
    /// listed is active.
    pub status: bool,
    /// Whether it tells the expiry: without a value there is then none.
    pub expiry: bool,
    /// Whether the expiry is a day without a time.
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
    /// The value that was given; `null` where there is none, or nobody can tell.
    pub given: Value,
    /// Whether the service says so; otherwise nobody can tell.
    #[serde(skip)]
    pub certain: bool,
    /// The change as a warning says it.
    #[serde(skip)]
    pub words: String,
}

impl Key {
    /// A key of which nothing is known but where it belongs.
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
            last_used_at: None,
            usage: None,
            given: Vec::new(),
            said: StatedFields::default(),
        }
    }

    /// Returns whether nothing is known of it but where it belongs.
    pub fn describes_nothing(&self) -> bool {
        let texts = [&self.id, &self.name, &self.masked];
        let times = [self.created_at, self.expires_at, self.last_used_at];
        texts.iter().all(|text| text.is_none()) && times.iter().all(Option::is_none)
    }

    /// The name, or else the id, or else what may be shown of the secret, in backticks.
    pub fn label(&self) -> String {
        [&self.name, &self.id, &self.masked]
            .into_iter()
            .flatten()
            .find(|text| !text.as_received().is_empty())
            .map_or_else(|| "the key".to_owned(), |text| format!("`{text}`"))
    }
}

/// Whether a key works.
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
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            KeyStatus::Active => "active",
            KeyStatus::Disabled => "disabled",
            KeyStatus::Expired => "expired",
            KeyStatus::Revoked => "revoked",
            KeyStatus::Unknown => "unknown",
        }
    }

    /// Whether a key of this status still takes one of the places a service gives.
    pub fn counts_toward_limit(self) -> bool {
        !matches!(self, KeyStatus::Revoked)
    }
}

/// How much a key was used.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Usage {
    /// Requests in all.
    pub requests: Option<u64>,
    /// Requests in the last 30 days.
    pub requests_30d: Option<u64>,
    /// Requests of each day, the oldest first, where the service counts days; never more than 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily: Option<Vec<u64>>,
    /// What it cost, in `currency`.
    pub cost: Option<f64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
}

/// What a new key shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// What people will call it.
    pub name: Option<String>,
    /// What it may do; empty leaves it to the service.
    pub scopes: Vec<String>,
    /// When it ends.
    pub expires: Option<Expiry>,
    /// Further fields that the service takes, by name.
    pub fields: Vec<(String, String)>,
}

/// What was asked of a new key: kept with the intent, so that a later run holds the key against it as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// When.
    pub at: Timestamp,
    /// What was asked for.
    pub new: NewKey,
    /// What the key is held against.
    pub expected: NewKey,
    /// The further fields that are wished for, in place of those of the old key.
    pub wished: Vec<(String, String)>,
    /// The expiry that the old key's lifetime would give, where the service does not take that.
    pub uncapped: Option<Expiry>,
    /// What of the old key the new one will not have.
    pub drift: Vec<String>,
}

impl Asked {
    /// What is asked of a key that replaces none.
    pub fn of(new: &NewKey, at: Timestamp) -> Self {
        Asked {
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

/// When a new key shall end.
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
    /// What may be shown.
    pub key: Key,
    /// What may not.
    pub secret: Secret,
}

impl CreatedKey {
    /// Returns whether the id of the key holds its secret, and is therefore a secret itself.
    pub fn id_holds_secret(&self) -> bool {
        let id = self.key.id.as_ref();
        id.is_some_and(|id| self.secret.is_part_of(id.as_received()))
    }
}

/// What a service says of a credential.
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
    /// The word for it.
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

/// Where to look when something else than the service answers.
pub const CHECK_BASE_URL: &str = "is the base URL right? or does a proxy or a login page stand in between? see: keywright profiles show";

/// The answer to "does it work?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// What the service says.
    pub result: Validity,
    /// The HTTP status it said it with.
    pub status_code: Option<u16>,
    /// Who the credential belongs to, where the answer tells.
    pub identity: Option<Untrusted>,
    /// The id that the credential has among the keys of a list, where the answer tells.
    #[serde(skip)]
    pub key_id: Option<Untrusted>,
    /// The service's own code of its refusal.
    #[serde(skip)]
    pub code: Option<String>,
    /// What came in place of an answer of the service's own.
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
    /// The answer where nobody was asked.
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

    /// Why `service` leaves it open whether `what` works.
    pub fn why_unknown(&self, service: &str, what: &str) -> String {
        match (self.status_code, self.foreign) {
            (Some(status), Some(foreign)) => {
                let came = match foreign {
                    ForeignResponse::Page => "a web page",
                    ForeignResponse::NotJson => "something else",
                };
                format!(
                    "{service} answered with {came} instead of JSON (HTTP {status}), which does not show whether {what} works"
                )
            }
            (Some(status), None) => {
                format!(
                    "{service} gave no answer that decides whether {what} works (HTTP {status})"
                )
            }
            (None, _) => format!("{service} has no call that shows whether {what} works"),
        }
    }

    /// Says where to look after an answer that is not the service's own.
    pub fn hint(&self) -> Option<&'static str> {
        self.foreign.map(|_| CHECK_BASE_URL)
    }

    /// The kind of error that a verdict is which leaves the question open.
    pub fn error_kind(&self) -> Kind {
        match self.status_code {
            Some(429) => Kind::RateLimited,
            Some(500..) => Kind::Unreachable,
            _ => Kind::Failed,
        }
    }
}
