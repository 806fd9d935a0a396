//! `keywright completions` and `keywright man`: what packagers and shells want.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Context, Run};
use crate::core::error::{Error, Result};
use crate::core::untrusted::mask_typed_secret;
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

/// Show a manual page, or write every page to a folder
#[derive(Debug, Args)]
#[command(after_help = "\
At a terminal the page opens in man, or the help is printed if man is not installed. Through a pipe it prints
unformatted. An argument that is `.` or contains `/` is a folder. If the folder is called man1, pages of section 5 go
into man5 beside it.

Examples:
  keywright man
  keywright man keys create
  keywright man ~/.local/share/man/man1")]
pub struct ManArgs {
    /// Page, as the words of its command; or a folder such as ./man to write every page to
    #[arg(value_name = "DIR|PAGE")]
    words: Vec<String>,
}

impl Run for ManArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let is_folder = |word: &String| word == "." || word.contains('/');
        match self.words.as_slice() {
            [folder] if is_folder(folder) => write_pages(Path::new(folder), context),
            words if words.iter().any(is_folder) => {
                Err(Error::usage("a folder stands alone").hint("keywright man ./man"))
            }
            words => show_page(words, context),
        }
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

fn unwritten(error: std::io::Error) -> Error {
    Error::failed("the manual could not be made").caused_by(error)
}

/// Writes every page to a folder.
fn write_pages(folder: &Path, context: &Context<'_>) -> Result<u8> {
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

/// Shows the page that words name: those of a command, or the name of the page itself.
fn show_page(words: &[String], context: &Context<'_>) -> Result<u8> {
    let grammar = grammar();
    let typed = words.join(" ");
    let typed = typed.strip_prefix("keywright").unwrap_or(&typed);
    let mut command = &grammar;
    let mut name = "keywright".to_owned();
    let mut unknown = None;
    for word in typed.split([' ', '-']).filter(|word| !word.is_empty()) {
        match command.find_subcommand(word).filter(|_| unknown.is_none()) {
            Some(below) => {
                command = below;
                name = format!("{name}-{}", below.get_name());
            }
            None => unknown = Some(word.to_owned()),
        }
    }
    let pages = man::pages(&grammar).map_err(unwritten)?;
    if unknown.as_deref() == Some("manifest") && name == "keywright" {
        "keywright-manifest".clone_into(&mut name);
        unknown = None;
    }
    let page = pages
        .iter()
        .filter(|_| unknown.is_none())
        .find(|(file, _)| file.rsplit_once('.').is_some_and(|(stem, _)| stem == name));
    let Some((file, page)) = page else {
        let known = command.get_subcommands().map(clap::Command::get_name);
        let typed = unknown.unwrap_or_else(|| words.join(" "));
        return Err(Error::usage(format!(
            "there is no page on `{}`",
            mask_typed_secret(&words.join(" "))
        ))
        .did_you_mean(&typed, known)
        .hint("name a command, such as: keywright man keys create")
        .hint("to write every page to a folder: keywright man ./FOLDER"));
    };
    show(file, page, command.clone(), context)
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
fn show(name: &str, page: &str, mut command: clap::Command, context: &Context<'_>) -> Result<u8> {
    let platform = context.platform;
    if !platform.terminal.stdout_is_terminal() {
        context.reporter.text(page)?;
        return Ok(0);
    }
    // `man` takes what has a slash in it for a file.
    let file = platform.dirs.cache.join(name);
    if files::write_public(&file, page.as_bytes()).is_ok() && file.is_absolute() {
        let words = ["man".into(), file.into_os_string()];
        // If it can run, it replaces this process and does not return.
        let _ = platform.programs.replace(&ForegroundCommand {
            words: &words,
            env: &[],
        });
    }
    let help = command.render_long_help().to_string();
    context.reporter.text(&help)?;
    Ok(0)
}

/// Returns the whole grammar.
fn grammar() -> clap::Command {
    let mut whole = Cli::command();
    whole.build();
    whole
}
