//! The root of the grammar: the command line as a whole, and the flags of every command.

use clap::{Args, Parser, ValueEnum, ValueHint};

use super::Command;
use super::arguments::positive;
use crate::manifest::Span;

/// One command for the whole life of an API key.
///
/// Log in once, then create, list, rename, verify and revoke keys, exchange them for tokens, and hand a valid token
/// to a script. Try everything without an account: keywright --sandbox keys create "my first key"
#[derive(Debug, Parser)]
#[command(
    name = "keywright",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "\
Topics: keywright help destinations, environment, exit-codes, files, formats, profiles or project

Examples:
  keywright --sandbox keys create \"my first key\"
  keywright login sieve --with-key < key.txt"
)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are booleans"
)]
pub struct GlobalArgs {
    /// Profile to use
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Project file to use; naming it here trusts it
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub project: Option<String>,
    /// Print one JSON value instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Print only results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Answer every question with yes
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Never prompt; fail and name the missing flag instead
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Log requests and responses, without secrets
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Maximum time to wait for a service
    #[arg(long, global = true, value_name = "D", value_parser = positive)]
    pub timeout: Option<Span>,
    /// Colours in the output
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto"
    )]
    pub color: ColorWhen,
    /// Use an embedded copy of the services; nothing leaves this machine
    #[arg(long, global = true)]
    pub sandbox: bool,
}

/// The use of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// At a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorWhen {
    /// Returns what is asked for, if anything is.
    pub(crate) fn wanted(self) -> Option<bool> {
        match self {
            ColorWhen::Auto => None,
            ColorWhen::Always => Some(true),
            ColorWhen::Never => Some(false),
        }
    }
}

#[cfg(test)]
mod tests;
