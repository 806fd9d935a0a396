//! `keywright logout`.

use clap::Args;
use serde_json::json;

use super::{Context, FirstFailure, ResolvedProfile, Run, keys};
use crate::api::{ApiClient, Support, support};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::manifest::CredentialKind::Token;
use crate::manifest::{CredentialEffect, Operation, Verb};
use crate::profile::credential_index::{self, CredentialIndex};
use crate::profile::{Config, SelectedProfile, SelectionSource, session};
use crate::store::StoreKind;

/// Delete the stored credentials; revokes nothing at the service
#[derive(Debug, Args)]
#[command(after_help = "\
With --revoke the service is asked first to revoke the key or token that the profile logs in with. If it refuses, the
exit code is 10 and the credentials stay. If it has no call for that, nothing is done.

Examples:
  keywright logout
  keywright logout --all
  keywright -p sieve logout --revoke")]
pub struct LogoutArgs {
    /// Log out of all profiles
    #[arg(long)]
    pub all: bool,
    /// Revoke the credential at the service first
    #[arg(long)]
    pub revoke: bool,
}

/// The result for one profile.
enum LoggedOut {
    Nothing,
    Forgotten,
    Revoked,
}

impl Run for LogoutArgs {
    /// Forgets the credentials of one profile or of all.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let chosen = if self.all {
            all(context)?
        } else {
            vec![context.choose()?]
        };
        let mut forgotten = Vec::new();
        let mut revoked = Vec::new();
        let mut first = FirstFailure::default();
        for chosen in chosen {
            let name = chosen.name.clone();
            match self.log_out(context, chosen).await {
                Ok(LoggedOut::Revoked) => {
                    context.log.note(&format!(
                        "revoked and forgot the credentials of the profile `{name}`"
                    ));
                    revoked.push(name.clone());
                    forgotten.push(name);
                }
                Ok(LoggedOut::Forgotten) => {
                    context.log.note(&format!(
                        "forgot the credentials of the profile `{name}`; nothing was revoked at the service"
                    ));
                    forgotten.push(name);
                }
                Ok(LoggedOut::Nothing) => context
                    .log
                    .note(&format!("nothing was stored for the profile `{name}`")),
                Err(error) => first.add(context, error),
            }
        }
        // Remains of an interrupted login or logout are deleted too.
        for kind in StoreKind::all() {
            if let Err(error) = credential_index::collect(context.platform, &context.stores, kind) {
                first.add(context, error);
            }
        }
        if context.reporter.json {
            let mut told = json!({ "forgotten": forgotten });
            if self.revoke {
                told["revoked"] = json!(revoked);
            }
            context.reporter.json_value(&told)?;
        }
        warn_of_environment(context);
        first.exit_code()
    }
}

impl LogoutArgs {
    async fn log_out(&self, context: &Context<'_>, chosen: SelectedProfile) -> Result<LoggedOut> {
        let name = chosen.name.clone();
        let stored = CredentialIndex::load(context.platform)?
            .of(&name)
            .next()
            .is_some();
        let revokes = self.revoke && stored;
        if revokes {
            let opened = context.open_chosen(chosen)?;
            revoke_login(context, &opened).await?;
        }
        Ok(match forget(context, &name)? {
            _ if revokes => LoggedOut::Revoked,
            true => LoggedOut::Forgotten,
            false => LoggedOut::Nothing,
        })
    }
}

/// Returns every saved profile.
fn all(context: &Context<'_>) -> Result<Vec<SelectedProfile>> {
    let profiles = Config::load(context.platform)?.profiles.into_iter();
    let each = profiles.map(|(name, saved)| SelectedProfile {
        name,
        saved,
        decided: SelectionSource::Each,
    });
    Ok(each.collect())
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

/// Revokes the credentials that a profile logs in with.
async fn revoke_login(context: &Context<'_>, opened: &ResolvedProfile) -> Result<()> {
    if let Some(variable) = context.variables_for(&opened.chosen.name).first() {
        return Err(Error::usage(format!(
            "{variable} is set, so that the stored credential is not the one in use; nothing was revoked"
        ))
        .hint(format!("log out without it: env -u {variable} keywright logout --revoke")));
    }
    context
        .with_client(opened, async |client| {
            let revocation = Revocation::of(client)?;
            if revocation.key.is_some() && context.may_ask {
                let whose = format!("the key of the profile `{}`", client.profile);
                let what = format!(
                    "revoking {whose} at {} cannot be undone",
                    client.service.name()
                );
                context.confirm(&what, "Revoke?")?;
            }
            revocation.carry_out(client).await.map_err(|error| {
                let told = match error.kind() {
                    Kind::Usage | Kind::Store | Kind::Cancelled => error,
                    _ => error.with_kind(Kind::Uncertain),
                };
                told.append("nothing was forgotten").hint(format!(
                    "to forget the credentials here all the same: keywright -p {} logout",
                    shell_words::quote(client.profile)
                ))
            })?;
            for title in revocation.left {
                context.log.warn(&format!(
                    "no call revokes the {title}: it is only forgotten"
                ));
            }
            Ok(())
        })
        .await
}

/// The calls that revoke what a profile logs in with.
struct Revocation<'c> {
    /// Credentials with a call of their own.
    credentials: Vec<(&'c str, &'c Operation)>,
    /// The call that revokes the key, as any other key.
    key: Option<&'c Operation>,
    /// The titles of the credentials that no call revokes.
    left: Vec<&'c str>,
}

impl<'c> Revocation<'c> {
    fn of(client: &'c ApiClient<'_>) -> Result<Self> {
        let manifest = client.service.manifest;
        let mut found = Revocation {
            credentials: Vec::new(),
            key: None,
            left: Vec::new(),
        };
        let supported = support(manifest, Verb::Revoke);
        for (name, spec) in &manifest.credentials {
            if !client.session.holds(name)? {
                continue;
            }
            match (&spec.revoke, &supported) {
                (Some(operation), _) => found.credentials.push((name, operation)),
                (None, Support::Native(operation)) if manifest.new_key() == Some(name) => {
                    found.key = Some(*operation);
                }
                _ => found.left.push(&spec.title),
            }
        }
        // A token that comes from the key ends with it.
        if found.key.is_some() {
            found.left.clear();
        }
        if found.credentials.is_empty() && found.key.is_none() {
            let title = found.left.first().copied().unwrap_or("credential");
            return Err(irrevocable(client, title, &supported));
        }
        Ok(found)
    }

    /// Revokes all: the tokens first, since a call for them may need the key.
    async fn carry_out(&self, client: &ApiClient<'_>) -> Result<()> {
        let is_token = |name: &str| client.service.manifest.credentials[name].kind == Token;
        for tokens in [true, false] {
            for (name, operation) in &self.credentials {
                if is_token(name) == tokens {
                    Box::pin(client.session.revoke(name, operation)).await?;
                }
            }
        }
        match self.key {
            Some(operation) => revoke_own(client, operation).await,
            None => Ok(()),
        }
    }
}

/// Returns the error for a profile of which no call revokes anything.
fn irrevocable(client: &ApiClient<'_>, title: &str, supported: &Support<'_>) -> Error {
    let error = Error::usage(format!(
        "{} has no call that revokes the {title}; nothing was revoked or forgotten",
        client.service.name()
    ));
    let dashboard = match supported {
        Support::Manual(manual) => Some(&manual.url),
        _ => client.service.manifest.dashboard.as_ref(),
    };
    let error = match dashboard {
        Some(url) => error.hint(format!("revoke it by hand: {url}")),
        None => error,
    };
    error.hint(format!(
        "to forget it here alone: keywright -p {} logout",
        shell_words::quote(client.profile)
    ))
}

async fn revoke_own(client: &ApiClient<'_>, operation: &Operation) -> Result<()> {
    let manifest = client.service.manifest;
    let key = if operation.effect == CredentialEffect::RevokesOwn && manifest.one_key {
        Key::unknown(client.service.name(), client.profile)
    } else {
        let listed = keys::keys_of(client).await?;
        let own = client
            .find_login_key(&listed.iter().collect::<Vec<_>>())
            .await?;
        own.cloned().ok_or_else(|| {
            Error::new(
                Kind::Uncertain,
                format!(
                    "the list of {} does not show which key is this one",
                    manifest.name
                ),
            )
            .hint("revoke it by its id: keywright keys revoke ID")
        })?
    };
    keys::revoke_one(client, false, key).await.map(drop)
}
