//! What can be done at a service, and how.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::answer::{AnswerSpec, Example};
use super::request::RequestSpec;
use crate::manifest::paging::Paging;
use crate::manifest::pattern::Pattern;
use crate::manifest::times::Span;
use crate::manifest::verb::Verb;

/// How one thing is done: by calls, through another operation, by hand, or not at all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Where the facts of this operation come from, where not from the manifest's sources.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What was assumed because no source says it.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// Why the service cannot do it.
    pub unsupported: Option<String>,
    /// How a person does it.
    pub manual: Option<Manual>,
    /// The operation whose answer holds it: `show` in `list`, `list` in `status`, `status` in `list`.
    pub via: Option<Verb>,
    /// The credentials it takes, the best first; those of its base where it does not say.
    pub uses: Option<Vec<String>>,
    /// Bounds on what the user hands over.
    #[serde(default)]
    pub inputs: BTreeMap<String, InputSpec>,
    /// Calls that come first.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The call itself.
    pub request: Option<RequestSpec>,
    /// How its answer is read.
    #[serde(default)]
    pub answer: AnswerSpec,
    /// How a list goes on.
    pub paging: Option<Paging>,
    /// Whether the call may be sent again when nobody knows whether it arrived; by its method where it does not say.
    pub repeatable: Option<bool>,
    /// What the call does to the credential it was made with.
    #[serde(default)]
    pub effect: Effect,
    /// The credential that its answer holds.
    pub yields: Option<String>,
    /// Recorded calls, replayed by tests and by `providers check`.
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// What a call does to the credential it was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing.
    #[default]
    None,
    /// The new key takes its place, and it is dead.
    ReplacesOwn,
    /// It is dead.
    RevokesOwn,
}

/// How a person does something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// The page to open.
    pub url: String,
    /// What to do there, one sentence each.
    pub steps: Vec<String>,
    /// What of a new key the person can choose there: `name`, `scopes`, `expires`.
    #[serde(default)]
    pub takes: Vec<String>,
}

/// Bounds on what the user hands over, checked before anything is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// What to say about it.
    pub about: Option<String>,
    /// Whether the call needs it.
    #[serde(default)]
    pub required: bool,
    /// What it is when nobody says.
    pub default: Option<String>,
    /// The fewest characters.
    pub min_length: Option<usize>,
    /// The most characters.
    pub max_length: Option<usize>,
    /// A regular expression that it has to match.
    pub pattern: Option<Pattern>,
    /// The values it may have.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The soonest end of a key.
    pub min: Option<Span>,
    /// The latest end of a key.
    pub max: Option<Span>,
}

/// A call that comes before the one that matters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Later parts name what it captured as `step.NAME.CAPTURE`.
    pub name: String,
    /// The call.
    pub request: RequestSpec,
    /// How its answer is read.
    #[serde(default)]
    pub answer: AnswerSpec,
    /// Whether it may be sent again when nobody knows whether it arrived.
    pub repeatable: Option<bool>,
    /// What is left behind, and how to clean it up, when a later call fails.
    pub leaves: Option<String>,
}
