//! `github-output:NAME`: an output of a GitHub Actions step. GitHub drops a masked one from the outputs of the whole
//! job.

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
    syntax: "github-output:NAME",
    summary: "an output of a step of a GitHub job, masked first",
    variables: &[Variable {
        name: "GITHUB_OUTPUT",
        purpose: "set by GitHub Actions: the file that `github-output:` appends to",
    }],
    names: Names::Nothing,
    reads_back: false,
    check: |rest| {
        // Unlike a variable, an output may have a `-` after its first character.
        name(&rest.replace('-', "_"))?;
        if rest.starts_with('-') {
            return Err("it starts with a `-`".to_owned());
        }
        Ok(())
    },
    open: |request| Ok(Box::new(WorkflowCommandFile::new(request, "GITHUB_OUTPUT"))),
    #[cfg(all(test, unix))]
    fixture: Fixture {
        text: "github-output:API_KEY",
        prepare: |scene| scene.in_github_job("GITHUB_OUTPUT"),
        content: |scene| scene.workflow_file(),
        delivered: "API_KEY<<DELIMITER\n{}\nDELIMITER\n",
        restores: Restores::ByDelivery,
        refusals: workflow_refusals!("GITHUB_OUTPUT"),
        // Without a mask nothing is written.
        late_failures: &[(Scene::fill_stdout, Kind::Store)],
        further: &["github-output:api-key"],
        malformed: &[
            ("github-output:a b", "`a b` is not a name"),
            ("github-output:-a", "it starts with a `-`"),
        ],
        anchored: &[],
    },
};
