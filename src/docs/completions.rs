//! Completion: scripts made from the grammar, and candidates that a shell asks for at a Tab.

mod candidates;
mod line;
mod shells;

use std::ffi::OsString;
use std::io::ErrorKind;

use clap::Command;
use clap_complete::{Shell, generate};

use crate::core::error::{Error, Result};
use crate::platform::Platform;

/// The shells with a script, each with the name that its file usually has.
pub const SHELLS: [(Shell, &str); 5] = [
    (Shell::Bash, "keywright.bash"),
    (Shell::Zsh, "_keywright"),
    (Shell::Fish, "keywright.fish"),
    (Shell::PowerShell, "_keywright.ps1"),
    (Shell::Elvish, "keywright.elv"),
];

/// Returns the script by which `shell` asks keywright itself, which knows names of keys and profiles.
pub fn asking_script(shell: Shell) -> Result<Vec<u8>> {
    shells::registration(&shell.to_string())
}

/// Returns the script that completes commands and flags in `shell` by itself.
pub fn script(shell: Shell, mut grammar: Command) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut grammar, "keywright", &mut script);
    script
}

/// Answers a shell that asks for completions by `COMPLETE`; false when no shell asks.
pub fn answer(
    platform: &Platform,
    args: &[OsString],
    grammar: impl Fn() -> Command,
) -> Result<bool> {
    let Some(shell) = platform.env.get("COMPLETE").filter(|shell| *shell != "0") else {
        return Ok(false);
    };
    let text = match args {
        [_, dashes, asked @ ..] if dashes == "--" && !asked.is_empty() => {
            let at_cursor = |words: &[OsString]| candidates::at_cursor(platform, words, grammar());
            shells::answer(shell, asked, &at_cursor)?.into_bytes()
        }
        _ => shells::registration(shell)?,
    };
    match platform.terminal.write_stdout(&text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::failed("the answer could not be written").caused_by(error))
        }
        _ => Ok(true),
    }
}
