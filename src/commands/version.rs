//! `keywright version`.

use clap::Args;
use serde_json::json;

use super::{Context, Run};
use crate::core::error::Result;

/// The line that `keywright --version` prints.
pub(crate) const VERSION_LINE: &str = concat!("keywright ", env!("CARGO_PKG_VERSION"), "\n");

/// Print the version
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright version
  keywright version --json")]
pub struct VersionArgs {}

impl Run for VersionArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        if context.reporter.json {
            let version = json!({ "version": env!("CARGO_PKG_VERSION") });
            context.reporter.json_value(&version)?;
        } else {
            context.reporter.text(VERSION_LINE)?;
        }
        Ok(0)
    }
}
