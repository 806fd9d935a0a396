//! The table of login methods. A method is a file in `methods/`, and its two lines and its flag here.

mod device;
mod password;
mod web;
mod with_key;
mod with_token;

use clap::Args;
use std::collections::BTreeMap;

use futures_util::future::LocalBoxFuture;

use super::super::Context;
use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::key::Verdict;
use crate::core::secret::Secret;
use crate::manifest::Manifest;
use crate::profile::session::CredentialMetadata;

/// The flags of the login methods, of which one can be given.
#[derive(Debug, Args)]
#[group(multiple = false)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are booleans"
)]
pub struct LoginMethodArgs {
    /// Read a key from stdin
    #[arg(long)]
    pub with_key: bool,
    /// Read a token from stdin
    #[arg(long)]
    pub with_token: bool,
    /// Log in with a code that you enter on any device
    #[arg(long)]
    pub device: bool,
    /// Log in in a browser; without one here, with a code for another device
    #[arg(long)]
    pub web: bool,
    /// Email to log in with; the password is prompted for, or read from stdin
    #[arg(long, value_name = "E")]
    pub email: Option<String>,
}

/// The login methods, in the order in which they are offered.
const METHODS: &[&LoginMethod] = &[
    &web::METHOD,
    &device::METHOD,
    &password::METHOD,
    &with_key::METHOD,
    &with_token::METHOD,
];

/// A way to get the credential of a login.
pub(super) struct LoginMethod {
    /// Its flag, as it is typed.
    flag: &'static str,
    /// Returns whether the command line asks for it.
    is_asked_for: fn(&LoginMethodArgs) -> bool,
    /// Returns its title in the menu; `None` if the service does not have it.
    title: fn(&Manifest) -> Option<String>,
    /// Returns the manifest's reason why the service does not have it.
    why_not: fn(&Manifest) -> Option<String>,
    /// Returns what its flag means where the service does not have it.
    instead: fn(&Context<'_>, &Manifest) -> Option<&'static LoginMethod>,
    /// Checks that its flag can be used here.
    check: fn(&Context<'_>, &Manifest) -> Result<()>,
    /// Gets the credential.
    pub(super) obtain: Obtain,
}

/// Gets the credential of a login.
type Obtain = for<'a> fn(
    &'a LoginMethodArgs,
    &'a Context<'_>,
    &'a ApiClient<'_>,
) -> LocalBoxFuture<'a, Result<LoginInput>>;

/// A credential that was got, and what is known of it.
pub(super) struct LoginInput {
    /// Its name in the manifest.
    pub(super) name: String,
    /// Its value.
    pub(super) secret: Secret,
    /// The metadata stored with it.
    pub(super) metadata: CredentialMetadata,
    /// The service's verdict on it.
    pub(super) verdict: Verdict,
    /// Variables of the profile that came with it.
    pub(super) variables: BTreeMap<String, String>,
}

/// Returns the method that the command line asks for, the only one of the service, or the one that you choose.
pub(super) fn choose(
    args: &LoginMethodArgs,
    context: &Context<'_>,
    manifest: &Manifest,
) -> Result<&'static LoginMethod> {
    let asked_for = METHODS.iter().find(|method| (method.is_asked_for)(args));
    if let Some(method) = asked_for {
        if (method.title)(manifest).is_none() {
            let instead = (method.instead)(context, manifest);
            return instead.ok_or_else(|| impossible(manifest, method));
        }
        (method.check)(context, manifest)?;
        return Ok(method);
    }
    if !context.may_ask {
        return Err(
            Error::usage("no login method given, and prompts are disabled")
                .with_hints(ways("name one", manifest)),
        );
    }
    let possible: Vec<_> = possible(manifest).collect();
    if let [(only, _)] = possible.as_slice() {
        return Ok(*only);
    }
    let titles: Vec<String> = possible.iter().map(|(_, title)| title.clone()).collect();
    let index = context.platform.terminal.choose("Log in with", &titles)?;
    Ok(possible[index].0)
}

/// Returns the methods of the service, each with its title.
fn possible(manifest: &Manifest) -> impl Iterator<Item = (&'static LoginMethod, String)> {
    let methods = METHODS.iter().copied();
    methods.filter_map(|method| Some((method, (method.title)(manifest)?)))
}

/// Returns the flags of the methods of the service.
fn ways(advice: &str, manifest: &Manifest) -> Vec<String> {
    let leads = std::iter::once(advice).chain(std::iter::repeat("or"));
    let flags = possible(manifest).map(|(method, _)| method.flag);
    leads
        .zip(flags)
        .map(|(lead, flag)| format!("{lead}: keywright login {} {flag}", manifest.name))
        .collect()
}

/// Returns the error for a method that the service does not have.
fn impossible(manifest: &Manifest, method: &LoginMethod) -> Error {
    let error = Error::usage(format!(
        "{} cannot be logged in to with `{}`",
        manifest.name, method.flag
    ))
    .with_hints(ways("use", manifest));
    error.with_hints((method.why_not)(manifest))
}
