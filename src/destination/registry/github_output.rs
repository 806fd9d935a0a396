//! `github-output:NAME`: an output of a GitHub Actions step. GitHub drops a masked one from the outputs of the whole
//! job.

use super::{DestinationKind, Names, name};
use crate::destination::github_actions::WorkflowCommandFile;
use crate::platform::Variable;

pub(super) const KIND: DestinationKind = DestinationKind {
    syntax: "github-output:NAME",
    summary: "an output of a step of a GitHub job, masked first",
    variables: &[Variable {
        name: "GITHUB_OUTPUT",
        purpose: "set by GitHub Actions: the file that `github-output:` appends to",
    }],
    names: Names::Nothing,
    check: |rest| {
        // Unlike a variable, an output may have a `-` after its first character.
        name(&rest.replace('-', "_"))?;
        if rest.starts_with('-') {
            return Err("it starts with a `-`".to_owned());
        }
        Ok(())
    },
    open: |request| Ok(Box::new(WorkflowCommandFile::new(request, "GITHUB_OUTPUT"))),
};
