//! Audits keys: the services' own advice as checks, each with its fix.

mod keys;
mod locations;

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

pub use keys::{AuditedKey, LoginKey, check_federation, check_keys, check_shared};
pub use locations::{check_destinations, check_git, check_unfinished};

use crate::core::untrusted::one_line;

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    #[value(alias = "low")]
    Info,
    /// Should be fixed.
    #[value(alias = "medium")]
    Warning,
    /// Needs action now.
    #[value(aliases = ["high", "critical"])]
    Error,
}

impl Severity {
    /// Returns its word.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A finding that needs your attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its severity.
    pub level: Severity,
    /// The name of its check.
    pub check: &'static str,
    /// The profile that it concerns, if it concerns one.
    pub profile: Option<String>,
    /// The key, location or file that it concerns.
    pub what: String,
    /// The reason why it matters.
    pub why: String,
    /// The command that fixes it.
    pub fix: String,
}

impl Finding {
    fn new(level: Severity, check: &'static str, what: impl Into<String>) -> Self {
        Finding {
            level,
            check,
            profile: None,
            what: one_line(&what.into()),
            why: String::new(),
            fix: String::new(),
        }
    }

    /// Returns the finding that a destination does not hold the key that it is for.
    pub fn drift(profile: &str, destination: &str, why: String, fix: String) -> Self {
        let finding = Finding::new(Severity::Warning, "drift", destination).of(profile);
        finding.reason(why).fixed_by(fix)
    }

    fn of(mut self, profile: &str) -> Self {
        self.profile = Some(profile.to_owned());
        self
    }

    fn reason(mut self, why: impl Into<String>) -> Self {
        self.why = one_line(&why.into());
        self
    }

    fn fixed_by(mut self, fix: impl Into<String>) -> Self {
        self.fix = one_line(&fix.into());
        self
    }
}
