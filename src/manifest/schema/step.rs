//! Additional calls: steps, discoveries, second factors.

use serde::Deserialize;
use serde_json::Value;

use super::operation::Operation;
use super::request::{Field, RequestSpec};
use super::response::ResponseSpec;
use crate::manifest::extract::Extractor;
use crate::manifest::source::{Source, Template};
use crate::manifest::times::Span;

/// A call, or a program, before or after the main call.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StepSpec {
    /// The name by which later parts use its captures, `step.NAME.CAPTURE`. Required.
    pub name: String,
    /// The call. Either this or `program` is required.
    pub request: Option<RequestSpec>,
    /// A program in place of a call, for requests that data cannot describe. Default: none.
    pub program: Option<ProgramSpec>,
    /// Conditions for the step to run; all must hold. Default: always. Example: `only_if = [{ from = "step.find.id",
    /// exists = false }]`.
    #[serde(default)]
    pub only_if: Vec<Guard>,
    /// Its response; of a step before the call, `capture` must take something. A capture that finds nothing keeps the value that an earlier step
    /// of the same name captured.
    #[serde(default)]
    pub response: ResponseSpec,
    /// Allows it to be sent again when it may already have arrived. Default: by its method; before or after a `create`
    /// only a call that only reads.
    pub repeatable: Option<bool>,
    /// The leftover of a later failure, and how to clean it up. Default: nothing.
    pub leaves: Option<String>,
}

/// A condition on a value.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// The value. Required. Example: `"step.find.id"`.
    pub from: Source,
    /// Requires it to be there or not. Default: `true`, unless `equals` is set.
    pub exists: Option<bool>,
    /// The value it must have. Default: anything.
    pub equals: Option<Value>,
}

/// A program that a step starts: no shell, no terminal, and no secret in its arguments. Its output is read like the
/// body of a response, its exit code like a status of 200 (for 0) or 500.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProgramSpec {
    /// Its name or path, then its arguments; each may be filled from parameters, variables and captures, never from a
    /// credential. The first is one of the manifest's `programs`. Required.
    /// Example: `words = ["op", "read", "op://vault/{var.item}/token"]`.
    pub words: Vec<Template>,
    /// Its stdin; the only way to pass a secret. Default: nothing. Example: `stdin = "credential.key"`.
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
    /// The location of the value in an item, or in the response if there is no list. Required. Example: `value =
    /// "/id"`.
    pub value: Extractor,
    /// The location of its display name. Default: the value. Example: `title = "/name"`.
    pub title: Option<Extractor>,
}

/// The answer to a second-factor prompt: the call is sent once more with these fields.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// The name of the value to prompt for, without echo. Required. Example: `title = "one-time password"`.
    pub title: String,
    /// The values of the refusal that are needed again, as `challenge.NAME`. Default: nothing. Example: `capture = {
    /// session = "/session" }`.
    #[serde(default)]
    pub capture: std::collections::BTreeMap<String, Extractor>,
    /// Headers of the second call; `challenge.code` is the typed code. Default: none. Example: `headers = [{ at =
    /// "npm-otp", from = "challenge.code" }]`.
    #[serde(default)]
    pub headers: Vec<Field>,
    /// Fields of its body, which is created if the call has none. Default: none.
    #[serde(default)]
    pub body: Vec<Field>,
    /// Another call in place of the same one; its response is read as the first one's. Default: the same call.
    pub request: Option<RequestSpec>,
}
