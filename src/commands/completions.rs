//! `keywright completions` and `keywright man`: what packagers and shells want.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Context, Run};
use crate::core::error::{Error, Result};
use crate::docs::completions::{asking_script, script};
use crate::docs::man;
use crate::platform::ForegroundCommand;
use crate::platform::files;

/// Print a shell completion script for commands, flags, keys and profiles
#[derive(Debug, Args)]
#[command(after_help = "\
The script runs keywright at each Tab. Suggestions come from files: profiles, manifests, and the ids and names of
the keys that were last listed. Completion opens no keyring and sends no request.

Examples:
  source <(keywright completions bash)                        # in ~/.bashrc
  keywright completions fish > ~/.config/fish/completions/keywright.fish
  keywright completions zsh --static > /usr/share/zsh/site-functions/_keywright")]
pub struct CompletionsArgs {
    /// Shell: bash, zsh, fish, powershell or elvish
    #[arg(value_enum)]
    shell: Shell,
    /// Print a self-contained script that completes commands and flags only
    #[arg(long = "static")]
    alone: bool,
}

impl Run for CompletionsArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        completions(self.shell, self.alone, context)
    }
}

/// Show the manual page, or write every page to a folder
#[derive(Debug, Args)]
#[command(after_help = "\
At a terminal the page opens in man, or the help is printed if man is not installed. Through a pipe it prints
unformatted. If the folder is called man1, pages of section 5 go into man5 beside it.

Examples:
  keywright man
  keywright man ~/.local/share/man/man1")]
pub struct ManArgs {
    /// Folder to write every page to, one file per command
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Run for ManArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        man(self.folder.as_deref(), context)
    }
}

/// Prints the script for a shell.
fn completions(shell: Shell, alone: bool, context: &Context<'_>) -> Result<u8> {
    let script = if alone {
        script(shell, Cli::command())
    } else {
        asking_script(shell)?
    };
    context.reporter.bytes(&script)?;
    Ok(0)
}

/// Shows keywright(1), or writes every page to a folder.
fn man(folder: Option<&Path>, context: &Context<'_>) -> Result<u8> {
    let unwritten = |error| Error::failed("the manual could not be made").caused_by(error);
    let Some(folder) = folder else {
        return show(&man::page(&grammar()).map_err(unwritten)?, context);
    };
    let folder = context.platform.folder.join(folder);
    let pages = man::pages(&grammar()).map_err(unwritten)?;
    for (name, page) in &pages {
        files::write_public(&place(&folder, name), page.as_bytes())?;
    }
    context.log.note(&format!(
        "wrote {} pages to `{}`",
        pages.len(),
        folder.display()
    ));
    Ok(0)
}

/// Returns the path of a page: in the folder, but a page of section 5 not in `man1`, where man does not look for it.
fn place(folder: &Path, name: &str) -> PathBuf {
    let is_first = folder.file_name().is_some_and(|last| last == "man1");
    if is_first && name.ends_with(".5") {
        return folder.with_file_name("man5").join(name);
    }
    folder.join(name)
}

/// Shows a page with `man` at a terminal, or the help if that is not installed; writes it as it is into a pipe.
fn show(page: &str, context: &Context<'_>) -> Result<u8> {
    let platform = context.platform;
    if !platform.terminal.stdout_is_terminal() {
        context.reporter.text(page)?;
        return Ok(0);
    }
    // `man` takes what has a slash in it for a file.
    let file = platform.dirs.cache.join("keywright.1");
    if files::write_public(&file, page.as_bytes()).is_ok() && file.is_absolute() {
        let words = ["man".into(), file.into_os_string()];
        // If it can run, it replaces this process and does not return.
        let _ = platform.programs.replace(&ForegroundCommand {
            words: &words,
            env: &[],
        });
    }
    let help = Cli::command().render_long_help().to_string();
    context.reporter.text(&help)?;
    Ok(0)
}

/// Returns the whole grammar.
fn grammar() -> clap::Command {
    let mut whole = Cli::command();
    whole.build();
    whole
}
