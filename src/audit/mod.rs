//! What a careful person would look for among many keys: the services' own advice as checks, each with its remedy.

mod keys;
mod locations;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use keys::{AuditedKey, check_keys, check_shared};
pub use locations::{check_destinations, check_git, check_unfinished};

use crate::core::untrusted::one_line;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// It will be trouble one day.
    Warning,
    /// It is trouble now.
    Error,
}

impl Severity {
    /// The word for it.
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

/// Something that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub level: Severity,
    /// Which check found it.
    pub check: &'static str,
    /// The profile, where it is about one.
    pub profile: Option<String>,
    /// The key, place or file it is about.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// The command that mends it.
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
