//! The result of each step of a live check.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::core::error::{Error, Kind};
use crate::manifest::{Manifest, Verb};

/// A step, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveStep {
    /// The profile's own credential works.
    Verify,
    /// The list can be read.
    List,
    /// A key is created.
    Create,
    /// It is shown.
    Show,
    /// The list shows it.
    Listed,
    /// It gets another name.
    Rename,
    /// It works.
    VerifyNew,
    /// Its fields are changed.
    Set,
    /// It works no longer.
    Disable,
    /// It works again.
    Enable,
    /// It is revoked.
    Revoke,
    /// The list shows it no longer.
    Gone,
}

impl LiveStep {
    const ALL: [LiveStep; 12] = [
        LiveStep::Verify,
        LiveStep::List,
        LiveStep::Create,
        LiveStep::Show,
        LiveStep::Listed,
        LiveStep::Rename,
        LiveStep::VerifyNew,
        LiveStep::Set,
        LiveStep::Disable,
        LiveStep::Enable,
        LiveStep::Revoke,
        LiveStep::Gone,
    ];

    /// Returns its operation, if a manifest need not say anything of it.
    pub fn optional_verb(self) -> Option<Verb> {
        match self {
            LiveStep::Set => Some(Verb::Set),
            LiveStep::Disable => Some(Verb::Disable),
            LiveStep::Enable => Some(Verb::Enable),
            _ => None,
        }
    }

    /// Returns its name.
    fn name(self) -> &'static str {
        match self {
            LiveStep::Verify => "verify",
            LiveStep::List => "list",
            LiveStep::Create => "create",
            LiveStep::Show => "show",
            LiveStep::Listed => "list shows it",
            LiveStep::Rename => "rename",
            LiveStep::VerifyNew => "verify the new key",
            LiveStep::Set => "set",
            LiveStep::Disable => "disable",
            LiveStep::Enable => "enable",
            LiveStep::Revoke => "revoke",
            LiveStep::Gone => "list shows it no longer",
        }
    }
}

/// The result of a step.
#[derive(Debug)]
pub enum StepOutcome {
    /// As it should.
    Ok,
    /// Otherwise.
    Failed(Error),
    /// It was not taken.
    Skipped(String),
}

/// Returns a step that is not taken, and why.
pub fn skipped(why: impl Into<String>) -> StepOutcome {
    StepOutcome::Skipped(why.into())
}

/// An operation whose calls were recorded as an example, or the reason why they were not.
#[derive(Debug, Clone)]
pub struct RecordedExample {
    /// The path of the operation in the manifest.
    pub place: String,
    /// The reason why there is no example.
    pub why_not: Option<String>,
}

/// The results of all steps.
#[derive(Debug)]
pub struct LiveReport {
    profile: String,
    name: Option<String>,
    steps: Vec<(LiveStep, StepOutcome)>,
    /// The steps that the manifest has.
    planned: Vec<LiveStep>,
    /// The record of a key that is still there.
    pub left_behind: Option<String>,
    /// A signal to stop arrived.
    pub cancelled: bool,
    /// The examples that were recorded, if any were to be.
    pub recorded: Option<Vec<RecordedExample>>,
}

impl LiveReport {
    /// Nothing yet, of a key of that name.
    pub fn of(manifest: &Manifest, profile: &str, name: Option<String>) -> Self {
        let is_known = |step: &LiveStep| {
            let verb = step.optional_verb();
            verb.is_none_or(|verb| manifest.operation(verb).is_some())
        };
        LiveReport {
            profile: profile.to_owned(),
            name,
            steps: Vec::new(),
            planned: LiveStep::ALL.into_iter().filter(is_known).collect(),
            left_behind: None,
            cancelled: false,
            recorded: None,
        }
    }

    /// Records the result of a step.
    pub fn note(&mut self, step: LiveStep, outcome: StepOutcome) {
        self.steps.push((step, outcome));
    }

    /// Records that a step was not taken.
    pub fn skip(&mut self, step: LiveStep, why: String) {
        self.note(step, StepOutcome::Skipped(why));
    }

    /// Returns whether the manifest has a step.
    pub fn has(&self, step: LiveStep) -> bool {
        self.planned.contains(&step)
    }

    /// Leaves out every step that was not taken.
    pub fn skip_rest(&mut self, why: &str) {
        for step in self.planned.clone() {
            if !self.steps.iter().any(|(taken, _)| *taken == step) {
                self.skip(step, why.to_owned());
            }
        }
    }

    /// Returns whether a step failed.
    pub fn has_failed(&self) -> bool {
        let failed = |outcome: &StepOutcome| matches!(outcome, StepOutcome::Failed(_));
        self.steps.iter().any(|(_, outcome)| failed(outcome))
    }

    /// For a program.
    pub fn json(&self) -> Value {
        let steps = self.steps.iter().map(|(step, outcome)| {
            let (state, why) = match outcome {
                StepOutcome::Ok => ("ok", None),
                StepOutcome::Failed(error) => ("failed", Some(error.message())),
                StepOutcome::Skipped(why) => ("skipped", Some(why.as_str())),
            };
            json!({ "step": step.name(), "state": state, "why": why })
        });
        let mut report = json!({
            "profile": self.profile,
            "key": self.name,
            "steps": steps.collect::<Vec<_>>(),
            "left_behind": self.left_behind,
        });
        if let Some(recorded) = &self.recorded {
            let recorded = recorded.iter().map(|example| {
                let is_there = example.why_not.is_none();
                json!({ "place": example.place, "recorded": is_there, "why": example.why_not })
            });
            report["recorded"] = recorded.collect();
        }
        report
    }

    /// Returns the report as text.
    pub fn page(&self) -> String {
        let mut page = String::from("\nat the service:\n");
        for (step, outcome) in &self.steps {
            let name = step.name();
            let _ = match outcome {
                StepOutcome::Ok => writeln!(page, "  {name:<24} ok"),
                StepOutcome::Failed(error) => {
                    writeln!(page, "  {name:<24} failed   {}", error.message())
                }
                StepOutcome::Skipped(why) => writeln!(page, "  {name:<24} skipped  {why}"),
            };
        }
        if let Some(recorded) = &self.recorded {
            page.push_str("\nexamples:\n");
            for example in recorded {
                let place = &example.place;
                let _ = match &example.why_not {
                    None => writeln!(page, "  {place:<32} recorded"),
                    Some(why) => writeln!(page, "  {place:<32} left out  {why}"),
                };
            }
        }
        page
    }

    /// The first failure; a key that is still there is worse than any.
    pub fn verdict(self) -> Result<(), Error> {
        let cancelled = self.cancelled;
        let mut first = None;
        for (step, outcome) in self.steps {
            if let StepOutcome::Failed(error) = outcome
                && (first.is_none() || step == LiveStep::Revoke)
            {
                first = Some(error.context(&format!("the step `{}` failed", step.name())));
            }
        }
        if let Some(id) = self.left_behind {
            let error = first.unwrap_or_else(|| Error::failed("the key was not revoked"));
            return Err(error
                .with_kind(Kind::Uncertain)
                .hint(format!("revoke it: keywright rotations resume {id}")));
        }
        match first {
            Some(error) => Err(error),
            None if cancelled => Err(Error::new(
                Kind::Cancelled,
                "cancelled: no key was left behind",
            )),
            None => Ok(()),
        }
    }
}
