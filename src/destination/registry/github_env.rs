//! `github-env:NAME`: a variable for the later steps of a GitHub Actions job.

use super::{DestinationKind, Names, name};
use crate::destination::github_actions::WorkflowCommandFile;
use crate::platform::Variable;

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "github-env:NAME",
    summary: "a variable for the later steps of a GitHub job, masked first",
    variables: &[
        Variable {
            name: "GITHUB_ACTIONS",
            purpose: "`true` in GitHub Actions: a delivered secret is masked first",
        },
        Variable {
            name: "GITHUB_ENV",
            purpose: "set by GitHub Actions: the file that `github-env:` appends to",
        },
    ],
    names: Names::Nothing,
    check: |rest| {
        let upper = name(rest)?.to_ascii_uppercase();
        if upper.starts_with("GITHUB_") || upper.starts_with("RUNNER_") || upper == "NODE_OPTIONS" {
            return Err(format!("GitHub reserves the variable `{rest}`"));
        }
        Ok(())
    },
    open: |request| Ok(Box::new(WorkflowCommandFile::new(request, "GITHUB_ENV"))),
};
