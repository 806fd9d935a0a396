//! `github-env:NAME`: a variable for the later steps of a GitHub Actions job.

#[cfg(all(test, unix))]
use super::workflow_refusals;
use super::{DestinationKind, Names, name};
#[cfg(all(test, unix))]
use crate::core::error::Kind;
use crate::destination::github_actions::WorkflowCommandFile;
#[cfg(all(test, unix))]
use crate::destination::{
    conformance::{Fixture, Restores},
    test_world::Scene,
};
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
    reads_back: false,
    check: |rest| {
        let upper = name(rest)?.to_ascii_uppercase();
        if upper.starts_with("GITHUB_") || upper.starts_with("RUNNER_") || upper == "NODE_OPTIONS" {
            return Err(format!("GitHub reserves the variable `{rest}`"));
        }
        Ok(())
    },
    open: |request| Ok(Box::new(WorkflowCommandFile::new(request, "GITHUB_ENV"))),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "github-env:API_KEY",
        prepare: |scene| scene.in_github_job("GITHUB_ENV"),
        content: |scene| scene.workflow_file(),
        delivered: "API_KEY<<DELIMITER\n{}\nDELIMITER\n",
        restores: Restores::ByDelivery,
        refusals: workflow_refusals!("GITHUB_ENV"),
        // Without a mask nothing is written.
        late_failures: &[(Scene::fill_stdout, Kind::Store)],
        further: &[],
        malformed: &[
            ("github-env:GITHUB_TOKEN", "GitHub reserves"),
            ("github-env:runner_temp", "GitHub reserves"),
            ("github-env:NODE_OPTIONS", "GitHub reserves"),
            ("github-env:1", "`1` is not a name"),
        ],
        anchored: &[],
    },
};
