//! `keywright unlock` and `keywright lock`: the encrypted file, opened for a time.

use clap::Args;
use serde_json::json;

use super::arguments::positive;
use super::{Context, Run};
use crate::core::error::{Error, Result};
use crate::core::moment::to_the_minute;
use crate::manifest::Span;
use crate::store::{self, Unlocked};

/// Open the encrypted file for a time: commands then ask for no passphrase
#[derive(Debug, Args)]
#[command(after_help = "\
Linux only. The key of the file, not the passphrase, is kept in the kernel's keyring of this user until the time is
over, `keywright lock`, or a restart. While it is there, every program of this user can read the secrets.

Examples:
  keywright unlock
  keywright unlock --for 15m")]
pub struct UnlockArgs {
    /// Time after which it is locked again
    #[arg(long = "for", value_name = "D", default_value = "1h", value_parser = positive)]
    pub time: Span,
}

/// Forget what `keywright unlock` keeps
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright lock
  keywright lock --quiet")]
pub struct LockArgs {}

impl Run for UnlockArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let time = self.time.duration();
        let (path, unlocked) = store::unlock(context.platform, context.may_ask, time)?;
        let until = context
            .platform
            .clock
            .now()
            .checked_add(time)
            .map_err(|_| Error::usage("`--for` ends after the end of the calendar"))?;
        let until = (unlocked == Unlocked::ForTime).then_some(until);
        let place = path.display();
        context.log.note(&match until {
            Some(until) => format!(
                "`{place}` is unlocked until {}; `keywright lock` ends it",
                to_the_minute(until)
            ),
            None => {
                format!(
                    "`{place}` is opened by an identity, without a passphrase: nothing to unlock"
                )
            }
        });
        if context.reporter.json {
            context
                .reporter
                .json_value(&json!({ "store": path, "unlocked_until": until }))?;
        }
        Ok(0)
    }
}

impl Run for LockArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let (path, was_unlocked) = store::lock(context.platform)?;
        let place = path.display();
        context.log.note(&if was_unlocked {
            format!("`{place}` is locked")
        } else {
            format!("`{place}` was not unlocked")
        });
        if context.reporter.json {
            context
                .reporter
                .json_value(&json!({ "store": path, "was_unlocked": was_unlocked }))?;
        }
        Ok(0)
    }
}
