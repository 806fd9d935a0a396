//! `keywright completions` and `keywright man`: what packagers and shells want.

use std::path::Path;

use clap_complete::Shell;

use super::Context;
use crate::docs::completions::{asking_script, script};
use crate::docs::man;
use crate::error::{Error, Result};
use crate::files;

/// Prints the script for a shell.
pub(super) fn completions(shell: Shell, alone: bool, context: &Context<'_>) -> Result<u8> {
    let script = if alone {
        script(shell)
    } else {
        asking_script(shell)?
    };
    context.reporter.bytes(&script)?;
    Ok(0)
}

/// Prints keywright(1), or writes every page to a folder.
pub(super) fn man(folder: Option<&Path>, context: &Context<'_>) -> Result<u8> {
    let unwritten = |error| Error::failed("the manual could not be made").caused_by(error);
    let Some(folder) = folder else {
        context.reporter.text(&man::page().map_err(unwritten)?)?;
        return Ok(0);
    };
    let folder = context.world.folder.join(folder);
    let pages = man::pages().map_err(unwritten)?;
    for (name, page) in &pages {
        files::write_public(&folder.join(name), page.as_bytes())?;
    }
    context.log.note(&format!(
        "wrote {} pages to `{}`",
        pages.len(),
        folder.display()
    ));
    Ok(0)
}
