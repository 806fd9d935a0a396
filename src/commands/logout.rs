//! `keywright logout`.

use clap::Args;
use serde_json::json;

use super::{Context, Run};
use crate::core::error::Result;
use crate::profile::Config;
use crate::profile::credential_index::{self, CredentialIndex};
use crate::profile::session;
use crate::store::StoreKind;

/// Delete the stored credentials; revokes nothing at the service
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright logout
  keywright logout --all")]
pub struct LogoutArgs {
    /// Log out of all profiles
    #[arg(long)]
    pub all: bool,
}

impl Run for LogoutArgs {
    /// Forgets the credentials of one profile or of all.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let names: Vec<String> = if self.all {
            Config::load(context.platform)?
                .profiles
                .into_keys()
                .collect()
        } else {
            vec![context.choose()?.name]
        };
        let mut forgotten = Vec::new();
        let mut first = None;
        for name in names {
            match forget(context, &name) {
                Ok(true) => forgotten.push(name),
                Ok(false) => context
                    .log
                    .note(&format!("nothing was stored for the profile `{name}`")),
                Err(error) => {
                    first.get_or_insert(error);
                }
            }
        }
        // Remains of an interrupted login or logout are deleted too.
        for kind in StoreKind::all() {
            if let Err(error) = credential_index::collect(context.platform, &context.stores, kind) {
                first.get_or_insert(error);
            }
        }
        if context.reporter.json {
            context
                .reporter
                .json_value(&json!({ "forgotten": forgotten }))?;
        }
        for name in &forgotten {
            context.log.note(&format!(
                "forgot the credentials of the profile `{name}`; nothing was revoked at the service"
            ));
        }
        warn_of_environment(context);
        first.map_or(Ok(0), Err)
    }
}

fn warn_of_environment(context: &Context<'_>) {
    for variable in context.platform.env.credentials() {
        context
            .log
            .warn(&format!("{variable} is still set, and is used"));
    }
}

/// Forgets every credential of a profile; false when there was none.
pub(super) fn forget(context: &Context<'_>, name: &str) -> Result<bool> {
    let credentials: Vec<String> = CredentialIndex::load(context.platform)?
        .of(name)
        .map(|(credential, _)| credential.to_owned())
        .collect();
    for credential in &credentials {
        session::forget(context.platform, &context.stores, name, credential)?;
    }
    Ok(!credentials.is_empty())
}
