//! `keywright whoami`.

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::{Context, ResolvedProfile, Run, keys};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Validity, Verdict};
use crate::manifest::{CredentialKind, Manifest};
use crate::profile::credential_index::CredentialIndex;
use crate::profile::session::{Credential, CredentialSource};
use crate::report::output::{Card, expiry};
use crate::service::identity::IdentitySource;

/// Show who you are logged in as, with what, and until when
#[derive(Debug, Args)]
#[command(after_help = "\
The service is asked if it has a call that tells the identity; the exit code is then that of `keywright keys verify`.
Otherwise the identity is unknown, and nothing is sent.

Examples:
  keywright whoami
  keywright -p production whoami --json")]
pub struct WhoamiArgs {}

/// Returns the sources that decided: of the profile, and of the identity that its token is exchanged from.
fn decided_by(opened: &ResolvedProfile, login: &Login) -> String {
    let decided = &opened.chosen.decided;
    match &login.identity {
        Some(identity) => format!("{decided}, identity {identity}"),
        None => decided.to_string(),
    }
}

/// A credential of the profile, and the answer of the service to it.
struct Login {
    credential: String,
    source: String,
    expires_at: Option<Timestamp>,
    /// The source of the identity that it is exchanged from.
    identity: Option<IdentitySource>,
    /// Missing if no call tells the identity.
    verdict: Option<Verdict>,
}

impl Run for WhoamiArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let opened = context.open_to_read()?;
        let login = context
            .with_client(&opened, async |client| logged_in(client).await)
            .await?;
        let verdict = login.verdict.as_ref();
        if context.reporter.json {
            context.reporter.json_value(&json!({
                "profile": opened.chosen.name,
                "provider": opened.chosen.saved.provider,
                "identity": verdict.and_then(|verdict| verdict.identity.as_ref()),
                "credential": login.credential,
                "expires_at": login.expires_at,
                "decided_by": decided_by(&opened, &login),
            }))?;
        } else {
            context.reporter.card(&as_card(context, &opened, &login))?;
        }
        Ok(match verdict {
            None => 0,
            Some(verdict) => conclude(context, &opened, &login, verdict),
        })
    }
}

/// Says on stderr what is wrong with the credential, and returns the exit code.
fn conclude(
    context: &Context<'_>,
    opened: &ResolvedProfile,
    login: &Login,
    verdict: &Verdict,
) -> u8 {
    let name = &opened.manifest.name;
    let what = &opened.manifest.credentials[&login.credential].title;
    match verdict.result {
        Validity::Valid => 0,
        Validity::Unknown => {
            context.log.note(&verdict.why_unknown(name, "it"));
            if let Some(way_out) = verdict.hint() {
                context.log.note(way_out);
            }
            verdict.error_kind().exit_code()
        }
        Validity::Restricted | Validity::Blocked => keys::exit_code(verdict.result),
        refused => {
            context.log.note(&format!(
                "{name} does not accept the {what}; log in again: keywright login {name}"
            ));
            keys::exit_code(refused)
        }
    }
}

/// Returns whether a call of the service tells whose credential it is.
fn tells_identity(manifest: &Manifest, name: &str) -> bool {
    let verify = manifest.credentials[name].verify.as_ref();
    verify.is_some_and(|operation| operation.response.identity.is_some())
}

/// Returns the credential that tells who it is; or else the first of the profile.
async fn logged_in(client: &ApiClient<'_>) -> Result<Login> {
    let manifest = client.service.manifest;
    let session = client.session;
    let names: Vec<String> = [CredentialKind::Key, CredentialKind::Token]
        .into_iter()
        .flat_map(|kind| manifest.credentials_of(kind))
        .map(str::to_owned)
        .collect();
    let mut first = None;
    for name in &names {
        if !session.holds(name)? {
            continue;
        }
        if tells_identity(manifest, name) {
            let one = std::slice::from_ref(name);
            if let Some(held) = session.credential(one).await? {
                let verdict = client.verify_held(&held).await?;
                return of_credential(client, held, Some(verdict));
            }
        }
        first.get_or_insert(name);
    }
    let Some(name) = first else {
        // It says that there is none, and how to get one.
        let held = session.credential(&names).await?;
        let held = held.ok_or_else(|| {
            Error::new(Kind::Auth, "there is no credential")
                .hint(format!("log in: keywright login {}", manifest.name))
        })?;
        return of_credential(client, held, None);
    };
    if let Some(held) = session.in_environment(name) {
        return of_credential(client, held, None);
    }
    if let Some(identity) = session.identity_behind(name)? {
        // Nothing is sent, so that its expiry is not known.
        return Ok(Login {
            credential: name.clone(),
            source: format!("identity {identity}"),
            expires_at: None,
            identity: Some(identity),
            verdict: None,
        });
    }
    // An answer that is known here needs no store, which may ask for a passphrase.
    let index = CredentialIndex::load(session.platform)?;
    let stored = index.get(client.profile, name);
    Ok(Login {
        credential: name.clone(),
        source: stored.map_or_else(String::new, |stored| stored.store.name().to_owned()),
        expires_at: stored.and_then(|stored| stored.expires_at),
        identity: None,
        verdict: None,
    })
}

fn of_credential(
    client: &ApiClient<'_>,
    held: Credential,
    verdict: Option<Verdict>,
) -> Result<Login> {
    let identity = match held.from {
        CredentialSource::Ephemeral => client.session.identity_behind(&held.name)?,
        CredentialSource::Environment(_) | CredentialSource::Store(..) => None,
    };
    let source = match &held.from {
        CredentialSource::Environment(variable) => (*variable).to_owned(),
        CredentialSource::Store(store, _) => store.name().to_owned(),
        CredentialSource::Ephemeral => match &identity {
            Some(identity) => format!("identity {identity}"),
            None => "this run".to_owned(),
        },
    };
    Ok(Login {
        credential: held.name,
        source,
        expires_at: held.expires_at,
        identity,
        verdict,
    })
}

fn as_card(context: &Context<'_>, opened: &ResolvedProfile, login: &Login) -> Card {
    let chosen = &opened.chosen;
    let identity = match &login.verdict {
        None => format!(
            "unknown: {} has no call that tells it",
            opened.manifest.name
        ),
        Some(verdict) => match &verdict.identity {
            Some(identity) => identity.to_string(),
            None => "unknown".to_owned(),
        },
    };
    let mut facts = vec![login.source.clone()];
    let now = context.platform.clock.now();
    facts.extend(login.expires_at.map(|end| expiry(end, now)));
    let result = login.verdict.as_ref().map(|verdict| verdict.result.name());
    facts.extend(result.map(str::to_owned));
    let mut card = Card::new(12);
    card.text("identity", identity);
    let facts = facts.join(", ");
    card.text("credential", format!("{} ({facts})", login.credential));
    let decided = format!("{} (by {})", chosen.name, chosen.decided);
    card.text("profile", decided);
    card.text("provider", &*chosen.saved.provider);
    card
}
