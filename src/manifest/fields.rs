//! The fields of a key, and where a response holds them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::extract::Extractor;

/// The location of each field of a key in the record. A field that is not named stays unknown.
#[derive(Debug, Default, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyFields {
    /// Its id; a number becomes text.
    pub id: Option<Extractor>,
    /// Its name.
    pub name: Option<Extractor>,
    /// The form of its secret that may be shown; a whole secret found there is masked.
    pub masked: Option<Extractor>,
    /// `active`, `disabled`, `expired` or `revoked`, after `map`; `true` is active, `false` disabled. A key past its
    /// expiry is expired unless the service says more. Several fields: the first that has a value counts. Example:
    /// `status = [{ at = "/revoked", map = { true = "revoked" } }, { at = "/enabled" }]`.
    pub status: Option<Extractor>,
    /// Its scopes: a list, or one text.
    pub scopes: Option<Extractor>,
    /// Says that the service shows the effective scopes instead of the requested ones, so that a requested scope
    /// missing from the response is no change. Default: `false`.
    #[serde(default)]
    pub scopes_expanded: bool,
    /// Its creation time: `as = "time"` and the other forms of time.
    pub created_at: Option<Extractor>,
    /// Its expiry; an empty, zero or absent value means that it has none.
    pub expires_at: Option<Extractor>,
    /// The time at which a rotation gave it its present secret: `as = "time"`. The age of a key counts from there, and it
    /// tells whether a rotation whose response was lost took place.
    pub rotated_at: Option<Extractor>,
    /// The time of its last use.
    pub last_used_at: Option<Extractor>,
    /// The other values it was created with, by the name of the input of `create`. A rotation passes them to the new
    /// key, a list joined by commas, an object as JSON. Default: nothing, and the new key gets the defaults. Example:
    /// `carry_over = { indexes = "/indexes" }`.
    #[serde(default)]
    pub carry_over: BTreeMap<String, Extractor>,
    /// Its usage.
    pub usage: Option<UsageFields>,
}

/// The fields of the usage of a key.
#[derive(Debug, Default, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UsageFields {
    /// The total number of requests.
    pub requests: Option<Extractor>,
    /// The number of requests in the last 30 days.
    pub requests_30d: Option<Extractor>,
    /// Requests of each day, a list of numbers, the oldest first; the last 30 are in `--json`. Example:
    /// `daily = "/usage/days/*/requests"`.
    pub daily: Option<Extractor>,
    /// Its cost, a number.
    pub cost: Option<Extractor>,
    /// The ISO 4217 code of the cost's currency; a constant is `{ value = "CHF" }`.
    pub currency: Option<Extractor>,
}
