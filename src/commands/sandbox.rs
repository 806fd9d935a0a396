//! `--sandbox` and `keywright sandbox`.

use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use serde_json::json;

use super::GlobalArgs;
use super::{Context, ResolvedProfile, Run};
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::platform::Platform;
use crate::platform::files;
use crate::profile::credential_index::CredentialIndex;
use crate::profile::session::{CredentialMetadata, Session};
use crate::profile::{Config, ProfileConfig, SelectedProfile, SelectionSource};
use crate::providers;
use crate::report::log::Log;
use crate::sandbox::{Sandbox, SandboxLogin, test_credentials};
use crate::store::{self, StoreKind, Stores};

/// Serve the embedded copy of the services and print its URLs
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright sandbox
  keywright sandbox --quiet")]
pub struct SandboxArgs {}

impl Run for SandboxArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        serve(context).await
    }
}

/// The profile that is used where nothing names one.
const DEFAULT_PROFILE: &str = "schatzi";

/// Returns whether this run works against the sandbox.
pub fn is_wanted(global: &GlobalArgs, platform: &Platform) -> bool {
    global.sandbox || platform.env.flag("KEYWRIGHT_SANDBOX")
}

/// Starts the services and returns a world in which they are all there is; it lasts as long as the sandbox is kept.
pub async fn enter(platform: &Platform, log: &Log) -> Result<(Sandbox, Platform)> {
    let sandbox = start(platform).await?;
    let inside = inside(platform, &sandbox)?;
    log_in(&sandbox, &inside, log)?;
    log.note("sandbox: an embedded copy of the services; nothing leaves this machine");
    Ok((sandbox, inside))
}

async fn start(platform: &Platform) -> Result<Sandbox> {
    // The services accept connections directly, not through the platform.
    crate::platform::native::event_loop().await;
    let clock = Arc::clone(&platform.clock);
    let folder = platform.dirs.state.join("sandbox").join("services");
    Sandbox::start(&folder, Arc::new(move || clock.now())).await
}

/// Returns the same world, but with folders of its own and without the user's credentials.
fn inside(platform: &Platform, sandbox: &Sandbox) -> Result<Platform> {
    let own = platform.dirs.state.join("sandbox");
    files::create_private_folder(&own)?;
    let identity = store::machine_identity(&own)?;
    let mut addresses: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for address in sandbox.addresses() {
        addresses
            .entry(address.provider.to_owned())
            .or_default()
            .insert(address.base.to_owned(), address.url.clone());
    }
    let mut inside = platform.sandboxed();
    inside.env = inside
        .env
        .with("KEYWRIGHT_STORE", StoreKind::FILE.name())
        .with("KEYWRIGHT_STORE_KEY_FILE", identity.display().to_string());
    inside.addresses = addresses;
    Ok(inside)
}

/// Logs in to one profile for each provider, unless an earlier run did.
fn log_in(sandbox: &Sandbox, platform: &Platform, log: &Log) -> Result<()> {
    let config = Config::load(platform)?;
    let logins = sandbox.logins()?;
    for provider in platform.addresses.keys() {
        if !config.profiles.contains_key(provider) {
            let own: Vec<&SandboxLogin> = logins
                .iter()
                .filter(|login| login.provider == provider)
                .collect();
            log_in_to(provider, &own, platform, log)?;
        }
    }
    if config.default_profile.is_none() {
        Config::set_default(platform, DEFAULT_PROFILE)?;
    }
    Ok(())
}

fn log_in_to(
    provider: &str,
    logins: &[&SandboxLogin],
    platform: &Platform,
    log: &Log,
) -> Result<()> {
    let manifest = providers::manifest(provider, platform)?;
    let mut saved = ProfileConfig {
        provider: provider.to_owned(),
        store: Some(StoreKind::FILE),
        ..ProfileConfig::default()
    };
    for login in logins {
        for (name, value) in login.variables {
            saved
                .variables
                .insert((*name).to_owned(), (*value).to_owned());
        }
    }
    let chosen = SelectedProfile {
        name: provider.to_owned(),
        saved,
        decided: SelectionSource::Each,
    };
    let opened = ResolvedProfile::new(platform, chosen, manifest)?;
    let service = opened.service(platform, log);
    let stores = Stores::new(platform, false);
    let session = Session::new(platform, &service, provider, &stores, StoreKind::FILE);
    for login in logins {
        let held = CredentialIndex::load(platform)?
            .get(provider, login.kind)
            .is_some();
        if !held {
            let secret = Secret::new(login.secret.as_str());
            let metadata = CredentialMetadata {
                expires_at: crate::manifest::jwt_expiry(&login.secret),
                ..CredentialMetadata::default()
            };
            session.keep(login.kind, &secret, metadata)?;
        }
    }
    Config::save_profile(platform, provider, &opened.chosen.saved)
}

/// Serves the sandbox until Ctrl-C and prints where.
pub(super) async fn serve(context: &Context<'_>) -> Result<u8> {
    let sandbox = start(context.platform).await?;
    if context.reporter.json {
        let addresses: Vec<_> = sandbox
            .addresses()
            .iter()
            .map(|address| json!({ "provider": address.provider, "base": address.base, "url": address.url }))
            .collect();
        context.reporter.json_value(&addresses)?;
    } else {
        let mut text = String::new();
        for address in sandbox.addresses() {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{:<8} {:<4} {}",
                address.provider, address.base, address.url
            );
        }
        context.reporter.text(&text)?;
        context.log.note("credentials that behave in a known way:");
        for character in test_credentials() {
            context.log.note(&format!(
                "  {:<8} {}  {}",
                character.provider, character.secret, character.what
            ));
        }
        context.log.note(
            "point a command at it: KEYWRIGHT_BASE_URL=http://127.0.0.1:PORT; stop it with Ctrl-C",
        );
    }
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| Error::failed("cannot wait for Ctrl-C").caused_by(error))?;
    Ok(0)
}
