//! `keywright login`.

mod by_hand;
mod discover;
mod issued;
mod methods;
mod place;

use clap::Args;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use super::arguments::{pair, store};
use super::{Context, ResolvedProfile, Run};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Validity, Verdict};
use crate::core::moment::to_the_minute;
use crate::core::untrusted::{mask_typed_secret, one_line};
use crate::manifest::Manifest;
use crate::platform::{Platform, ask_until};
use crate::profile::session::CredentialMetadata;
use crate::profile::{self, Config, ProfileConfig, SelectedProfile, SelectionSource};
use crate::providers;
use crate::report::output::relative;
use crate::service::parse_bases;
use crate::store::StoreKind;
use methods::{LoginInput, LoginMethodArgs};

/// Log in: with a key, a token, email and password, a browser or a code
#[derive(Debug, Args)]
#[command(after_help = "\
Without a browser here, as over SSH, --web logs in with a code that you enter on any device. At a service without such a
login it opens the page on which you get a key, which you then paste.

Examples:
  keywright login siati --email you@example.com
  keywright login acme --web
  keywright login acme --device
  keywright login sieve --with-key < key.txt")]
pub struct LoginArgs {
    /// Name of the service
    pub provider: Option<String>,
    /// The login method.
    #[command(flatten)]
    pub method: LoginMethodArgs,
    /// Variable that the service needs, such as `org_id=…` (can be repeated)
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// URL to use instead of the service's own, for all of its base URLs or the named one (can be repeated)
    #[arg(long, value_name = "[NAME=]URL")]
    pub base_url: Vec<String>,
    /// Store for the secret
    #[arg(long, value_name = "STORE", value_parser = store)]
    pub store: Option<StoreKind>,
}

impl Run for LoginArgs {
    /// Logs in: proves the store, gets the credential, verifies it, keeps it, saves the profile.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        // A password typed too soon is not echoed.
        let _hidden = context.hidden_tries();
        let (opened, before) = prepare(self, context)?;
        let method = methods::choose(&self.method, context, &opened.manifest)?;
        let opened = place::settle(self, context, opened)?;
        context
            .with_client(&opened, async |client| {
                let store = context.stores.of(client.session.store)?;
                let LoginInput {
                    name,
                    secret,
                    metadata,
                    verdict,
                    variables,
                } = (method.obtain)(&self.method, context, client).await?;
                let mut saved = opened.chosen.saved.clone();
                for (variable, value) in variables {
                    profile::check_variable(client.service.manifest, &variable, &value)?;
                    saved.variables.insert(variable, value);
                }
                let found = discover::variables(
                    context,
                    client,
                    (&name, &secret),
                    (&mut saved.variables, &before),
                )
                .await?;
                let identity = verdict
                    .identity
                    .map(|identity| one_line(&context.log.redact(identity.as_received())));
                let stored = client.session.keep(
                    &name,
                    &secret,
                    CredentialMetadata {
                        identity: identity.clone(),
                        found: Some(found),
                        ..metadata
                    },
                )?;
                Config::save_profile(context.platform, &opened.chosen.name, &saved)?;
                tell(
                    context,
                    client,
                    &name,
                    identity.as_deref(),
                    stored.expires_at,
                    &store.place(),
                )
            })
            .await
    }
}

/// Returns the profile that is logged in to, as it will be saved, without the variables that the service told for the
/// login before: they come second.
fn prepare(
    args: &LoginArgs,
    context: &Context<'_>,
) -> Result<(ResolvedProfile, BTreeMap<String, String>)> {
    let platform = context.platform;
    let provider = which_provider(args, context)?;
    let manifest = providers::manifest(&provider, platform)?;
    let name = context
        .global
        .profile
        .clone()
        .or_else(|| platform.env.get("KEYWRIGHT_PROFILE").map(str::to_owned))
        .unwrap_or_else(|| provider.clone());
    if !providers::is_name(&name) {
        return Err(Error::usage(format!(
            "`{}` cannot name a profile",
            mask_typed_secret(&name)
        ))
        .hint("use letters, digits, `-`, `_` and `.`"));
    }
    let known = Config::load(platform)?.profiles.remove(&name);
    let mut saved = match known {
        Some(known) if known.provider != provider => {
            return Err(Error::new(
                Kind::Conflict,
                format!("the profile `{name}` is for {}", known.provider),
            )
            .hint(format!(
                "choose another name: keywright login {provider} --profile NAME"
            )));
        }
        Some(known) => known,
        None => ProfileConfig {
            provider: provider.clone(),
            ..ProfileConfig::default()
        },
    };
    let before = discover::forget(platform, &manifest, &name, &mut saved.variables)?;
    let urls = parse_bases(&manifest, args.base_url.iter().map(String::as_str))?;
    saved.base_urls.extend(urls);
    for (variable, value) in &args.set {
        profile::check_variable(&manifest, variable, value)?;
        saved.variables.insert(variable.clone(), value.clone());
    }
    ask_variables(context, &manifest, &mut saved)?;
    if let Some(store) = args.store {
        saved.store = Some(store);
    }
    let platform = yielding_to(args, context, &manifest)?;
    let chosen = SelectedProfile {
        name,
        saved,
        decided: SelectionSource::Flag,
    };
    let mut opened = ResolvedProfile::new(&platform, chosen, manifest)?;
    opened.chosen.saved.store = Some(context.store_of(&opened)?);
    Ok((opened, before))
}

/// The world without the variables that say something else than the flags of this login.
fn yielding_to(args: &LoginArgs, context: &Context<'_>, manifest: &Manifest) -> Result<Platform> {
    const ADDRESS_HINT: &str = "KEYWRIGHT_BASE_URL";
    let mut env = context.platform.env.clone();
    let flags = parse_bases(manifest, args.base_url.iter().map(String::as_str))?;
    if let Some(text) = env.get(ADDRESS_HINT).filter(|_| !flags.is_empty()) {
        let mut rest =
            parse_bases(manifest, text.split(',')).map_err(|error| error.context(ADDRESS_HINT))?;
        if rest
            .iter()
            .any(|(name, url)| flags.get(name).is_some_and(|flag| flag != url))
        {
            context.log.warn(&format!(
                "{ADDRESS_HINT} is set and names another address than `--base-url`: this login is not used while it is set"
            ));
        }
        rest.retain(|name, _| !flags.contains_key(name));
        let rest: Vec<String> = rest
            .iter()
            .map(|(name, url)| format!("{name}={url}"))
            .collect();
        env = env.with(ADDRESS_HINT, rest.join(","));
    }
    for (name, _) in &args.set {
        let variable = format!("KEYWRIGHT_VAR_{}", name.to_ascii_uppercase());
        env = env.filtered(|one| one != variable);
    }
    Ok(Platform {
        env,
        ..context.platform.clone()
    })
}

fn which_provider(args: &LoginArgs, context: &Context<'_>) -> Result<String> {
    let platform = context.platform;
    if let Some(provider) = &args.provider {
        return Ok(provider.clone());
    }
    if let Some(provider) = platform.env.get("KEYWRIGHT_PROVIDER") {
        return Ok(provider.to_owned());
    }
    if let Some(name) = &context.global.profile
        && let Some(known) = Config::load(platform)?.profiles.get(name)
    {
        return Ok(known.provider.clone());
    }
    if !context.may_ask {
        return Err(Error::usage("no service given: `PROVIDER` is missing")
            .hint("keywright login PROVIDER; the services: keywright providers"));
    }
    let names: Vec<String> = providers::names(platform)?
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let index = platform.terminal.choose("Service", &names)?;
    Ok(names[index].clone())
}

/// Asks for what every call needs, unless a variable of the environment will do.
fn ask_variables(
    context: &Context<'_>,
    manifest: &Manifest,
    saved: &mut ProfileConfig,
) -> Result<()> {
    for (name, spec) in &manifest.variables {
        let variable = format!("KEYWRIGHT_VAR_{}", name.to_ascii_uppercase());
        let given = saved.variables.contains_key(name)
            || spec.default.is_some()
            || context.platform.env.get(&variable).is_some();
        // Variables that a call can discover are read from the service, with the new credential.
        if given || !spec.required || spec.discover.is_some() {
            continue;
        }
        if profile::is_overridden(name, context.platform, saved, manifest)? {
            continue;
        }
        if !context.may_ask {
            let error = Error::usage(format!(
                "{} needs the {} on every call",
                manifest.name, spec.title
            ))
            .hint(format!("add `--set {name}=VALUE`, or set {variable}"));
            return Err(match &spec.help {
                Some(help) => error.hint(format!("it is {help}")),
                None => error,
            });
        }
        if let Some(help) = &spec.help {
            context.log.preface(&format!("{}: {help}", spec.title));
        }
        let value = ask_until(&*context.platform.terminal, &spec.title, "", |value| {
            profile::check_variable(manifest, name, value)?;
            Ok(value.to_owned())
        })?;
        saved.variables.insert(name.clone(), value);
    }
    Ok(())
}

/// Checks that the service's verdict on the credential allows storing it.
fn accept(context: &Context<'_>, client: &ApiClient<'_>, verdict: &Verdict) -> Result<()> {
    let provider = client.service.name();
    match verdict.result {
        Validity::Valid => Ok(()),
        Validity::Unknown if verdict.foreign.is_some() => Err(Error::new(
            verdict.error_kind(),
            format!(
                "{}; nothing was stored",
                verdict.why_unknown(provider, "it")
            ),
        )
        .with_status(verdict.status_code.unwrap_or_default())
        .with_hints(verdict.hint().map(str::to_owned))),
        Validity::Unknown => {
            context.log.note(&format!(
                "{}, so it is kept as it is",
                verdict.why_unknown(provider, "it")
            ));
            Ok(())
        }
        Validity::Restricted => {
            context.log.warn(&format!(
                "{provider} knows it, but it may not do what was asked to find out"
            ));
            Ok(())
        }
        Validity::Blocked => {
            context.log.warn(&format!(
                "{provider} knows it, but the account may not use the service now"
            ));
            Ok(())
        }
        Validity::Invalid | Validity::Expired | Validity::Disabled => Err(Error::new(
            Kind::Auth,
            format!(
                "{provider} does not accept it: it is {}",
                verdict.result.name()
            ),
        )
        .with_status(verdict.status_code.unwrap_or_default())
        .hint("copy all of it again; nothing was stored")),
    }
}

fn tell(
    context: &Context<'_>,
    client: &ApiClient<'_>,
    name: &str,
    identity: Option<&str>,
    expires_at: Option<Timestamp>,
    place: &str,
) -> Result<u8> {
    let spec = &client.service.manifest.credentials[name];
    if context.reporter.json {
        context.reporter.json_value(&json!({
            "profile": client.profile,
            "provider": client.service.name(),
            "credential": name,
            "identity": identity,
            "expires_at": expires_at,
            "stored_in": place,
        }))?;
    }
    let who = identity.map_or_else(String::new, |identity| format!(" as {identity}"));
    let until = expires_at.map_or_else(String::new, |end| {
        format!(
            " until {} ({})",
            to_the_minute(end),
            relative(expires_at, context.platform.clock.now())
        )
    });
    context.log.note(&format!(
        "logged in to {}{who}{until}; the {} is kept in {place}",
        client.service.name(),
        spec.title
    ));
    let set = context.platform.env.credentials();
    if !set.is_empty() {
        context.log.warn(&format!(
            "{} is set and decides for the profile in force: this login is used once it is unset",
            set.join(" and ")
        ));
    }
    if client.profile != client.service.name() {
        context
            .log
            .note(&format!("use it with: --profile {}", client.profile));
    }
    Ok(0)
}
