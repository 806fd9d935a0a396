//! Questions where the terminal has no settings of Unix: as `dialoguer` asks them.

use std::fs::File;
use std::io;

use dialoguer::theme::ColorfulTheme;

use super::super::{CheckAnswer, HiddenTyping, LineQuestion, reason};
use super::look::Look;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;

/// Hides nothing: what is typed is shown only when it is read.
pub(super) struct EchoOff(());

impl HiddenTyping for EchoOff {}

impl EchoOff {
    pub(super) fn begin() -> io::Result<EchoOff> {
        Ok(EchoOff(()))
    }
}

/// There is no controlling terminal beside the streams.
pub(super) fn input() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn output() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Signals have no effects on a screen here.
pub(super) fn hear_signals() {}

pub(super) fn is_terminal_changed() -> bool {
    false
}

pub(super) fn secret(_: Look, prompt: &str) -> Result<Secret> {
    let theme = ColorfulTheme::default();
    let typed = dialoguer::Password::with_theme(&theme)
        .with_prompt(prompt)
        .report(false)
        .interact();
    answer(typed).map(|text| Secret::pasted(&zeroize::Zeroizing::new(text)))
}

pub(super) fn line(_: Look, asked: &LineQuestion<'_>, check: CheckAnswer<'_>) -> Result<()> {
    let theme = ColorfulTheme::default();
    let mut typed = asked.typed.to_owned();
    loop {
        let given = dialoguer::Input::<String>::with_theme(&theme)
            .with_prompt(asked.prompt)
            .with_initial_text(typed)
            .allow_empty(asked.optional)
            .interact_text();
        typed = answer(given)?;
        let Err(why) = check(&typed) else {
            return Ok(());
        };
        for line in reason(&why).lines() {
            let written = console::Term::stderr().write_line(line);
            answer(written.map_err(dialoguer::Error::from))?;
        }
    }
}

pub(super) fn confirm(_: Look, prompt: &str) -> Result<bool> {
    let theme = ColorfulTheme::default();
    let said = dialoguer::Confirm::with_theme(&theme)
        .with_prompt(prompt)
        .default(false)
        .wait_for_newline(true)
        .interact_opt();
    answer(said).map(|said| said.unwrap_or(false))
}

pub(super) fn choose(look: Look, prompt: &str, items: &[String]) -> Result<usize> {
    let theme = ColorfulTheme::default();
    let chosen = dialoguer::FuzzySelect::with_theme(&theme)
        .with_prompt(prompt)
        .items(cut(look, items))
        .default(0)
        .interact_opt();
    answer(chosen)?.ok_or_else(Error::cancelled)
}

pub(super) fn choose_many(
    look: Look,
    prompt: &str,
    items: &[String],
    may_be_none: bool,
) -> Result<Vec<usize>> {
    let theme = ColorfulTheme::default();
    let chosen = dialoguer::MultiSelect::with_theme(&theme)
        .with_prompt(prompt)
        .items(cut(look, items))
        .interact_opt();
    let chosen = answer(chosen)?.ok_or_else(Error::cancelled)?;
    if chosen.is_empty() && !may_be_none {
        return Err(Error::cancelled());
    }
    Ok(chosen)
}

fn cut(look: Look, items: &[String]) -> Vec<String> {
    let columns = console::Term::stderr().size().1;
    let width = usize::from(columns).saturating_sub(6);
    items.iter().map(|item| look.cut(item, width)).collect()
}

fn answer<T>(given: dialoguer::Result<T>) -> Result<T> {
    given.map_err(|dialoguer::Error::IO(error)| match error.kind() {
        io::ErrorKind::Interrupted => Error::cancelled(),
        _ => Error::usage("the question could not be asked").caused_by(error),
    })
}
