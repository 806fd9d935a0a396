//! Calls around the call that matters: steps, discoveries, second factors.

use serde::Deserialize;
use serde_json::Value;

use super::operation::Operation;
use super::request::{Field, RequestSpec};
use super::response::ResponseSpec;
use crate::manifest::extract::Extractor;
use crate::manifest::source::{Source, Template};
use crate::manifest::times::Span;

/// A call, or a program, that comes before the call that matters.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StepSpec {
    /// Later parts name what it captured as `step.NAME.CAPTURE`. Required.
    pub name: String,
    /// The call. Either this or `program` is required.
    pub request: Option<RequestSpec>,
    /// A program in place of a call, the way out for what data cannot describe. Default: none.
    pub program: Option<ProgramSpec>,
    /// When the step is taken: all of these have to hold. Default: always.
    /// Example: `only_if = [{ from = "step.find.id", exists = false }]`.
    #[serde(default)]
    pub only_if: Vec<Guard>,
    /// How its answer is read; `capture` has to take something. A capture that finds nothing leaves what an earlier
    /// step of the same name captured.
    #[serde(default)]
    pub response: ResponseSpec,
    /// Whether it may be sent again when nobody knows whether it arrived. Default: by its method; before a `create`
    /// only what looks.
    pub repeatable: Option<bool>,
    /// What is left behind, and how to clean it up, when a later call fails. Default: nothing.
    pub leaves: Option<String>,
}

/// Something that has to hold of a value.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// The value. Required. Example: `"step.find.id"`.
    pub from: Source,
    /// Whether it has to be there. Default: `true`, unless `equals` is said.
    pub exists: Option<bool>,
    /// What it has to be. Default: anything.
    pub equals: Option<Value>,
}

/// A program that a step starts: no shell, no terminal, and no secret in its arguments. What it prints is read like
/// the body of an answer, its exit code like a status of 200 (for 0) or 500.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProgramSpec {
    /// Its name or path, then its arguments; each may be filled from inputs, variables and captures, never from a
    /// credential. The first is one of the manifest's `programs`. Required.
    /// Example: `words = ["op", "read", "op://vault/{var.item}/token"]`.
    pub words: Vec<Template>,
    /// What it reads on stdin; the only way a secret gets in. Default: nothing. Example: `stdin = "credential.key"`.
    pub stdin: Option<Source>,
    /// The longest it may take: a span of at most ten minutes. Default: `"60s"`.
    pub timeout: Option<Span>,
}

/// A call that finds the value of a variable.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Discovery {
    /// The call, its credentials, and where its items are (`call = { request = …, response = { items = … } }`). Required.
    pub call: Box<Operation>,
    /// Where an item, or the answer where there is no list, holds the value. Required. Example: `value = "/id"`.
    pub value: Extractor,
    /// Where it holds what a person knows it by. Default: the value. Example: `title = "/name"`.
    pub title: Option<Extractor>,
}

/// How a question for a second factor is answered: the call is sent once more with these fields.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// What to ask for, without showing it. Required. Example: `title = "one-time password"`.
    pub title: String,
    /// What of the refusal is needed again, as `challenge.NAME`. Default: nothing.
    /// Example: `capture = { session = "/session" }`.
    #[serde(default)]
    pub capture: std::collections::BTreeMap<String, Extractor>,
    /// Headers of the second call; `challenge.code` is what the person typed. Default: none.
    /// Example: `headers = [{ at = "npm-otp", from = "challenge.code" }]`.
    #[serde(default)]
    pub headers: Vec<Field>,
    /// Fields of its body, which is made where the call has none. Default: none.
    #[serde(default)]
    pub body: Vec<Field>,
    /// Another call in place of the same one; its answer is read as the first one's. Default: the same call.
    pub request: Option<RequestSpec>,
}
