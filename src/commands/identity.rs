//! `keywright identity`: the key with which a machine opens an encrypted file.

use clap::{Args, Subcommand, ValueHint};
use serde_json::json;
use std::path::PathBuf;

use super::{Context, Run};
use crate::core::error::Result;
use crate::store;

/// Make an age identity, which opens the encrypted file without a passphrase
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright identity new
  keywright identity new ~/.config/keywright/identity.txt")]
pub struct IdentityArgs {
    /// The command.
    #[command(subcommand)]
    pub command: IdentityCommand,
}

/// The operations on an identity.
#[derive(Debug, Subcommand)]
pub enum IdentityCommand {
    /// Write an age X25519 identity to a file, and print its public half
    New(NewIdentityArgs),
}

/// Write an age X25519 identity to a file, and print its public half
#[derive(Debug, Args)]
#[command(after_help = "\
The file is readable by you alone, and a file that is there already is left as it is. Whoever has the file can read
what the store keeps, so in CI it is a secret of its own. `age` encrypts to the public half with -r.

Examples:
  keywright identity new
  keywright identity new /etc/keywright/identity.txt")]
pub struct NewIdentityArgs {
    /// File to write
    #[arg(value_name = "FILE", default_value = "identity.txt", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
}

impl Run for IdentityArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let IdentityCommand::New(new) = &self.command;
        let path = context.platform.folder.join(&new.file);
        let public = store::write_identity(&path)?;
        if context.reporter.json {
            context
                .reporter
                .json_value(&json!({ "file": path, "public_key": public }))?;
        } else {
            context.reporter.text(&format!("{public}\n"))?;
        }
        context.log.note(&format!(
            "wrote `{0}`, which only you can read; to keep secrets with it: export KEYWRIGHT_STORE_KEY_FILE={1}",
            path.display(),
            shell_words::quote(&path.display().to_string())
        ));
        Ok(0)
    }
}
