//! What can be done at a service, and how.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::request::RequestSpec;
use super::response::{Example, ResponseSpec};
use super::step::StepSpec;
use crate::manifest::pagination::Pagination;
use crate::manifest::pattern::Pattern;
use crate::manifest::predicate::{Predicate, StatusSet};
use crate::manifest::source::{Source, Template};
use crate::manifest::times::Span;
use crate::manifest::verb::Verb;

/// How one thing is done: by calls (`request`), through another operation (`via`), by hand (`manual`), or not at all
/// (`unsupported`); exactly one of them is said.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Where people read about this call: an address. Default: the manifest's.
    pub docs: Option<String>,
    /// Where the facts of this operation come from, where not from the manifest's sources. Default: from there.
    #[serde(default)]
    pub sources: Vec<String>,
    /// What was assumed because no source says it. Default: nothing.
    #[serde(default)]
    pub assumed: Vec<String>,
    /// Why the service cannot do it, and what to do instead.
    pub unsupported: Option<String>,
    /// How a person does it.
    pub manual: Option<Manual>,
    /// The operation whose answer holds it: `show` in `list`, `list` in `status`, `status` in `list`.
    pub via: Option<Verb>,
    /// The credentials it takes, the best first; `[]` for none. Default: those of its base.
    pub auth: Option<Vec<String>>,
    /// Bounds on what the user hands over, by name: `name`, `scopes`, `expires`, `id`, and any `--set FIELD=VALUE`
    /// that the request names. Checked before anything is sent. Default: none.
    #[serde(default)]
    pub parameters: BTreeMap<String, InputSpec>,
    /// Inputs of which at most one may be given, each list on its own. Default: none.
    /// Example: `exclusive = [["expires", "ttl"]]`.
    #[serde(default)]
    pub exclusive: Vec<Vec<String>>,
    /// Calls that come first, in order. Default: none.
    #[serde(default)]
    pub before: Vec<StepSpec>,
    /// The call itself.
    pub request: Option<RequestSpec>,
    /// How its answer is read. Default: any 2xx is a success, and nothing is read.
    #[serde(default)]
    pub response: ResponseSpec,
    /// How a list goes on. Default: it is one page.
    pub pagination: Option<Pagination>,
    /// A call for each item of a list that holds little more than ids; its answer describes the key. Default: none.
    pub details: Option<DetailCall>,
    /// A look, again and again, until what the call began has come about, as with an asynchronous delete. Default: a
    /// success is believed.
    pub poll: Option<Poll>,
    /// Whether the call may be sent again when nobody knows whether it arrived. Default: by its method; `login`,
    /// `refresh`, `exchange`, `create` and `rotate` never.
    pub repeatable: Option<bool>,
    /// What the call does to the credential it was made with: `none`, `replaces-own` or `revokes-own`.
    /// Default: `none`.
    #[serde(default)]
    pub effect: CredentialEffect,
    /// The name of the credential that its answer holds; required of `login`, `refresh` and `exchange`. With `create`
    /// and `rotate`: which of several credentials of the kind `key` a new key is. Default: none, and a new key is the
    /// first of them by name.
    pub yields: Option<String>,
    /// Recorded calls, replayed by tests and by `providers check`. Default: none.
    #[serde(default)]
    pub examples: Vec<Example>,
}

impl Operation {
    /// Every request of the operation, in the order in which they are sent.
    pub fn requests(&self) -> impl Iterator<Item = &RequestSpec> {
        self.before
            .iter()
            .filter_map(|step| step.request.as_ref())
            .chain(&self.request)
            .chain(self.details.iter().map(|each| &each.request))
            .chain(self.poll.iter().map(|until| &until.request))
    }

    /// Every value that the operation is filled from.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let programs = self.before.iter().filter_map(|step| step.program.as_ref());
        let of_programs = programs.flat_map(|program| {
            let words = program.words.iter().flat_map(Template::sources);
            words.chain(&program.stdin)
        });
        self.requests()
            .flat_map(RequestSpec::sources)
            .chain(of_programs)
    }
}

/// A call for each item of a list.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DetailCall {
    /// The call; `{id}` is the id of the item. Required.
    pub request: RequestSpec,
    /// How its answer is read. Default: the whole answer is the key.
    #[serde(default)]
    pub response: ResponseSpec,
}

/// A look, again and again, until something has come about.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// The call that looks. Required.
    pub request: RequestSpec,
    /// The statuses that say it has come about. Default: 404 and 410.
    pub status: Option<StatusSet>,
    /// What the answer has to show as well. Default: nothing.
    #[serde(default)]
    pub when: Vec<Predicate>,
    /// The pause between two looks: a span. Default: `"1s"`.
    pub every: Option<Span>,
    /// The longest to wait in all: a span of at most ten minutes. Default: `"30s"`.
    pub at_most: Option<Span>,
}

/// What a call does to the credential it was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CredentialEffect {
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
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manual {
    /// The page to open. Required.
    pub url: String,
    /// What to do there, one sentence each. Required.
    pub steps: Vec<String>,
    /// What of a new key the person can choose there: `name`, `scopes`, `expires`. Default: nothing.
    #[serde(default)]
    pub takes: Vec<String>,
}

/// Bounds on what the user hands over, checked before anything is sent.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// What to say about it; of `email`: what it is called where it is no email, such as `user name`. Default: nothing.
    pub about: Option<String>,
    /// Whether the call needs it. Default: `false`.
    #[serde(default)]
    pub required: bool,
    /// Whether its value is hidden in traces, as where the id of a key is the key. Default: `false`.
    #[serde(default)]
    pub secret: bool,
    /// What it is when nobody says: for `expires` a span or `never`, for `scopes` words with commas between them, else
    /// any text. Default: nothing.
    pub default: Option<String>,
    /// The fewest characters. Default: any number.
    pub min_length: Option<usize>,
    /// The most characters. Default: any number.
    pub max_length: Option<usize>,
    /// A regular expression that it has to match, each word of a list on its own. Default: anything.
    pub pattern: Option<Pattern>,
    /// The values it may have, each word of a list on its own. Default: any.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The soonest end of a key: a span from now. Default: any.
    pub min: Option<Span>,
    /// The latest end of a key: a span from now; "never" is then refused. Default: any.
    pub max: Option<Span>,
}
