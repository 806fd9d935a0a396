//! The needs of a call beside the network: prompts for the user, and programs of this machine.

use crate::core::error::{Error, Kind, Result};
use crate::core::secret::Secret;
use crate::platform::{Env, Program, ProgramError, ProgramOutput, Programs, Terminal, handed_over};
use crate::report::log::Log;

/// The prompts and programs that a call may use.
#[derive(Clone, Copy)]
pub struct Interaction<'a> {
    /// The programs of this machine.
    pub programs: &'a dyn Programs,
    /// Allows the programs that the manifest names to be started.
    pub trusted: bool,
    /// The source of answers to prompts.
    pub person: Prompter<'a>,
    /// The environment, which may answer in place of the user.
    pub env: &'a Env,
}

/// The source of answers to prompts.
#[derive(Clone, Copy)]
pub enum Prompter<'a> {
    /// The user at this terminal.
    Terminal(&'a dyn Terminal),
    /// Prompts are disabled.
    NonInteractive,
    /// The examples of a manifest: `example-` and the name of what is asked for.
    Scripted,
}

impl Interaction<'_> {
    /// Asks for a secret that is stored nowhere: `name` identifies it, `title` is its display name. A variable named after
    /// it answers first.
    pub(super) fn ask(&self, name: &str, title: &str, service: &str, log: &Log) -> Result<Secret> {
        let variable = format!("KEYWRIGHT_{}", name.to_ascii_uppercase());
        let handed_over = match self.person {
            Prompter::Scripted => None,
            _ => handed_over(self.env, &variable)?,
        };
        if let Some(secret) = handed_over {
            log.register_secret(&secret);
            return Ok(secret);
        }
        let secret = match self.person {
            Prompter::Terminal(terminal) => terminal.ask_secret(title)?,
            Prompter::Scripted => Secret::new(format!("example-{name}")),
            Prompter::NonInteractive => {
                return Err(Error::new(
                    Kind::Auth,
                    format!("{service} asks for the {title}, and prompts are disabled"),
                )
                .hint("run this at a terminal: it is asked for there, used once and kept nowhere")
                .hint(format!(
                    "or hand it over: {variable}, or {variable}_FD with the number of a file descriptor"
                )));
            }
        };
        if secret.is_empty() {
            return Err(Error::usage(format!("there was no {title}")));
        }
        log.register_secret(&secret);
        Ok(secret)
    }

    /// Runs a program to completion.
    pub(super) fn run(&self, program: &Program<'_>) -> Result<ProgramOutput, ProgramError> {
        self.programs.run(program)
    }
}
