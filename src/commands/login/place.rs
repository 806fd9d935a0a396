//! The store of a first login: another one where there is no keyring, as in a container, over SSH or in WSL.

use super::super::{Context, ResolvedProfile};
use super::LoginArgs;
use crate::core::error::{Error, Kind, Result};
use crate::profile::Config;
use crate::store::{self, StoreKind};
use crate::wal;

/// Proves the store of a login. If it is the usual one, which nobody chose, and it does not work, a person is asked
/// whether to keep secrets in an encrypted file.
pub(super) fn settle(
    args: &LoginArgs,
    context: &Context<'_>,
    mut opened: ResolvedProfile,
) -> Result<ResolvedProfile> {
    let kind = context.store_of(&opened)?;
    let Err(error) = prove(context, kind) else {
        return Ok(opened);
    };
    let is_of_store = error.kind() == Kind::Store;
    if !context.may_ask || !is_of_store || !is_unchosen(args, context, &opened, kind)? {
        return Err(error);
    }
    offer_file(context, &error)?;
    prove(context, StoreKind::FILE)?;
    opened.chosen.saved.store = Some(StoreKind::FILE);
    Ok(opened)
}

fn prove(context: &Context<'_>, kind: StoreKind) -> Result<()> {
    let store = context.stores.of(kind)?;
    wal::probe(&*store, context.platform)?;
    for notice in store.notices() {
        context.log.warn(&notice);
    }
    Ok(())
}

/// Returns whether `kind` is in force because nothing says otherwise.
fn is_unchosen(
    args: &LoginArgs,
    context: &Context<'_>,
    opened: &ResolvedProfile,
    kind: StoreKind,
) -> Result<bool> {
    let config = Config::load(context.platform)?;
    let saved = config.profiles.get(&opened.chosen.name);
    let is_saved = saved.is_some_and(|saved| saved.store.is_some());
    let is_named = args.store.is_some() || context.platform.env.get("KEYWRIGHT_STORE").is_some();
    Ok(kind == StoreKind::USUAL && !is_saved && !is_named)
}

/// The ways to open the file, as they are offered.
const PASSPHRASE: &str = "a passphrase, which commands ask for (or `keywright unlock`, once)";
const IDENTITY: &str = "an identity file: nothing is asked, and whoever has it reads the secrets";

/// Asks whether secrets go into an encrypted file, and by what it is opened.
fn offer_file(context: &Context<'_>, error: &Error) -> Result<()> {
    let terminal = &context.platform.terminal;
    context.log.warn(&error.to_string());
    if !terminal.confirm("Keep secrets in an encrypted file instead?")? {
        return Err(Error::new(Kind::Cancelled, "cancelled: nothing was stored")
            .with_hints(error.hints().to_vec()));
    }
    let is_there = context.platform.dirs.state.join("store.age").exists();
    if is_there || StoreKind::set_up(context.platform) == Some(StoreKind::FILE) {
        return Ok(());
    }
    let ways = [PASSPHRASE.to_owned(), IDENTITY.to_owned()];
    if terminal.choose("Open it with", &ways)? == 1 {
        let path = store::machine_identity(&context.platform.dirs.state)?;
        context.log.note(&format!(
            "wrote `{}`; keep a copy elsewhere",
            path.display()
        ));
    }
    Ok(())
}
