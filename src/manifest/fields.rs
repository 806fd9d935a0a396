//! How a key is described, field by field.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::extract::Extractor;

/// How a key is described: where each field is, in the record. A field that is not said stays unknown.
#[derive(Debug, Default, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyFields {
    /// Its id; a number becomes text.
    pub id: Option<Extractor>,
    /// Its name.
    pub name: Option<Extractor>,
    /// What may be shown of its secret; a whole secret that stands there is masked.
    pub masked: Option<Extractor>,
    /// `active`, `disabled`, `expired` or `revoked`, after `map`; `true` is active, `false` disabled. A key whose end
    /// is past is expired where the service does not say more.
    pub status: Option<Extractor>,
    /// What it may do: a list, or one text.
    pub scopes: Option<Extractor>,
    /// Whether the service shows what a scope stands for instead of the scope itself, so that one that was asked for and
    /// is not shown is no change. Default: `false`.
    #[serde(default)]
    pub scopes_expanded: bool,
    /// When it was made: `as = "time"` and the other forms of time.
    pub created_at: Option<Extractor>,
    /// When it ends; empty, zero and absent mean that it does not.
    pub expires_at: Option<Extractor>,
    /// When it was last used.
    pub last_used_at: Option<Extractor>,
    /// What else it was given when it was made, by the name of the input of `create`: a rotation gives it to the new key
    /// as well, a list joined by commas, an object as JSON. Default: nothing, and the new key gets what any new key gets.
    /// Example: `carry_over = { indexes = "/indexes" }`.
    #[serde(default)]
    pub carry_over: BTreeMap<String, Extractor>,
    /// How much it was used.
    pub usage: Option<UsageFields>,
}

/// How the use of a key is described.
#[derive(Debug, Default, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UsageFields {
    /// Requests in all.
    pub requests: Option<Extractor>,
    /// Requests in the last 30 days.
    pub requests_30d: Option<Extractor>,
    /// Requests of each day, a list of numbers, the oldest first; the last 30 are drawn for a person.
    /// Example: `daily = "/usage/days/*/requests"`.
    pub daily: Option<Extractor>,
    /// What it cost, a number.
    pub cost: Option<Extractor>,
    /// The ISO 4217 code of the cost's currency; a constant is `{ value = "CHF" }`.
    pub currency: Option<Extractor>,
}
