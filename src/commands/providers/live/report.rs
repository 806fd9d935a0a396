//! What came of each step.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::error::{Error, Kind};

/// A step, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Step {
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
    /// It is revoked.
    Revoke,
    /// The list shows it no longer.
    Gone,
}

impl Step {
    const ALL: [Step; 9] = [
        Step::Verify,
        Step::List,
        Step::Create,
        Step::Show,
        Step::Listed,
        Step::Rename,
        Step::VerifyNew,
        Step::Revoke,
        Step::Gone,
    ];

    /// What it is called.
    fn name(self) -> &'static str {
        match self {
            Step::Verify => "verify",
            Step::List => "list",
            Step::Create => "create",
            Step::Show => "show",
            Step::Listed => "list shows it",
            Step::Rename => "rename",
            Step::VerifyNew => "verify the new key",
            Step::Revoke => "revoke",
            Step::Gone => "list shows it no longer",
        }
    }
}

/// How a step ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// As it should.
    Ok,
    /// Otherwise.
    Failed(Error),
    /// It was not taken.
    Skipped(String),
}

/// A step that is not taken, and why.
pub(super) fn skipped(why: impl Into<String>) -> Outcome {
    Outcome::Skipped(why.into())
}

/// What came of all of them.
#[derive(Debug)]
pub(in super::super) struct Report {
    profile: String,
    name: Option<String>,
    steps: Vec<(Step, Outcome)>,
    /// The record of a key that is still there.
    pub(super) left_behind: Option<String>,
    /// Whether somebody wanted the end.
    pub(super) cancelled: bool,
}

impl Report {
    /// Nothing yet, of a key of that name.
    pub(super) fn of(profile: &str, name: Option<String>) -> Self {
        Report {
            profile: profile.to_owned(),
            name,
            steps: Vec::new(),
            left_behind: None,
            cancelled: false,
        }
    }

    pub(super) fn note(&mut self, step: Step, outcome: Outcome) {
        self.steps.push((step, outcome));
    }

    pub(super) fn leave_out(&mut self, step: Step, why: String) {
        self.note(step, Outcome::Skipped(why));
    }

    /// Leaves out every step that was not taken.
    pub(super) fn leave_out_rest(&mut self, why: &str) {
        for step in Step::ALL {
            if !self.steps.iter().any(|(taken, _)| *taken == step) {
                self.leave_out(step, why.to_owned());
            }
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
        self.steps.iter().any(|(_, outcome)| failed(outcome))
    }

    /// For a program.
    pub(in super::super) fn json(&self) -> Value {
        let steps = self.steps.iter().map(|(step, outcome)| {
            let (state, why) = match outcome {
                Outcome::Ok => ("ok", None),
                Outcome::Failed(error) => ("failed", Some(error.message())),
                Outcome::Skipped(why) => ("skipped", Some(why.as_str())),
            };
            json!({ "step": step.name(), "state": state, "why": why })
        });
        json!({
            "profile": self.profile,
            "key": self.name,
            "steps": steps.collect::<Vec<_>>(),
            "left_behind": self.left_behind,
        })
    }

    /// For a person.
    pub(in super::super) fn page(&self) -> String {
        let mut page = String::from("\nat the service:\n");
        for (step, outcome) in &self.steps {
            let name = step.name();
            let _ = match outcome {
                Outcome::Ok => writeln!(page, "  {name:<24} ok"),
                Outcome::Failed(error) => {
                    writeln!(page, "  {name:<24} failed   {}", error.message())
                }
                Outcome::Skipped(why) => writeln!(page, "  {name:<24} skipped  {why}"),
            };
        }
        page
    }

    /// The first failure; a key that is still there is worse than any.
    pub(in super::super) fn verdict(self) -> Result<(), Error> {
        let cancelled = self.cancelled;
        let mut first = None;
        for (step, outcome) in self.steps {
            if let Outcome::Failed(error) = outcome
                && (first.is_none() || step == Step::Revoke)
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
