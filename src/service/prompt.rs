//! What a call may need besides the wire: a person who is asked, and programs of this machine.

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{Program, ProgramError, ProgramOutput, Programs, Terminal};
use crate::report::log::Log;

/// What a call may need besides the wire.
#[derive(Clone, Copy)]
pub struct Interaction<'a> {
    /// The programs of this machine.
    pub programs: &'a dyn Programs,
    /// Whether the programs that the manifest names may be started.
    pub trusted: bool,
    /// Who answers questions.
    pub person: Prompter<'a>,
}

/// Who answers questions.
#[derive(Clone, Copy)]
pub enum Prompter<'a> {
    /// Somebody at this terminal.
    Terminal(&'a dyn Terminal),
    /// Nobody may be asked.
    NonInteractive,
    /// The examples of a manifest: `example-` and the name of what is asked for.
    Scripted,
}

impl Interaction<'_> {
    /// Asks for a secret that is kept nowhere: `name` is what it is, `title` what a person calls it.
    pub(super) fn ask(&self, name: &str, title: &str, service: &str, log: &Log) -> Result<Secret> {
        let secret = match self.person {
            Prompter::Terminal(terminal) => terminal.ask_secret(title)?,
            Prompter::Scripted => Secret::new(format!("example-{name}")),
            Prompter::NonInteractive => {
                return Err(Error::new(
                    Kind::Auth,
                    format!("{service} asks for the {title}, and there is nobody to ask"),
                )
                .hint(
                    "run this at a terminal: it is asked for there, used once and kept nowhere",
                ));
            }
        };
        if secret.is_empty() {
            return Err(Error::usage(format!("there was no {title}")));
        }
        log.register_secret(&secret);
        Ok(secret)
    }

    /// Runs a program to its end.
    pub(super) fn run(&self, program: &Program<'_>) -> Result<ProgramOutput, ProgramError> {
        self.programs.run(program)
    }
}
