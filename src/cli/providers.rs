//! The grammar of `keywright providers`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::examples;
use super::parsers::pair;
use crate::manifest::BasicAuthPart;

/// List, show, add and check service providers
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright providers
  keywright providers show schatzi")]
pub struct ProvidersArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<ProvidersCommand>,
}

/// The verbs of `keywright providers`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProvidersCommand {
    /// List the providers
    #[command(after_help = examples::PROVIDERS_LIST)]
    List,
    /// Show the operations that a service supports
    #[command(after_help = examples::PROVIDERS_SHOW)]
    Show {
        /// Name of the provider
        provider: String,
        /// Print the manifest instead
        #[arg(long)]
        manifest: bool,
    },
    /// Write a manifest for a new service from a few answers
    #[command(after_help = examples::PROVIDERS_NEW)]
    New(Box<ProvidersNewArgs>),
    /// Validate a manifest, replay its examples and report coverage
    #[command(after_help = examples::PROVIDERS_CHECK)]
    Check(ProvidersCheckArgs),
    /// Print the JSON Schema of manifests, for editors; the reference is keywright-manifest(5)
    #[command(after_help = examples::PROVIDERS_SCHEMA)]
    Schema,
}

/// Validate a manifest, replay its examples and report coverage
#[derive(Debug, Args)]
pub struct ProvidersCheckArgs {
    /// Manifest file, name of a known provider, or - for stdin
    #[arg(value_name = "FILE")]
    pub provider: PathBuf,
    /// Also run each operation against the live service with a temporary key, revoked afterwards
    #[arg(long)]
    pub live: bool,
    /// Create the key even if that invalidates the profile's login key; the login is updated
    #[arg(long, requires = "live")]
    pub replace: bool,
    /// Scope of the temporary key (can be repeated)
    #[arg(long = "scope", value_name = "S", requires = "live")]
    pub scopes: Vec<String>,
    /// Expiry of the temporary key, as a safety net
    #[arg(long, value_name = "WHEN", requires = "live")]
    pub expires: Option<String>,
    /// Additional field of the temporary key (can be repeated)
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair, requires = "live")]
    pub set: Vec<(String, String)>,
}

/// Write a manifest for a new service from a few answers
#[derive(Debug, Args)]
pub struct ProvidersNewArgs {
    /// Name of the provider in commands, and of the file
    pub name: String,
    /// Display name of the service
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Base URL: https://…
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Header that carries the key, with its scheme: `X-Api-Key`, `Authorization: Bearer`
    #[arg(long, value_name = "NAME[: SCHEME]", conflicts_with_all = ["query", "basic"])]
    pub header: Option<String>,
    /// Query parameter that carries the key
    #[arg(long, value_name = "NAME", conflicts_with = "basic")]
    pub query: Option<String>,
    /// Part of HTTP Basic that carries the key
    #[arg(long, value_enum, value_name = "HALF")]
    pub basic: Option<BasicAuthPart>,
    /// Request that lists keys [default method: GET]
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub list: Option<String>,
    /// JSON Pointer to the list in its response [default: the whole response]
    #[arg(long, value_name = "POINTER")]
    pub items: Option<String>,
    /// JSON Pointer to the id of a key
    #[arg(long, value_name = "POINTER")]
    pub id: Option<String>,
    /// JSON Pointer to the name of a key
    #[arg(long, value_name = "POINTER")]
    pub named: Option<String>,
    /// Request that creates a key [default method: POST]
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub create: Option<String>,
    /// JSON Pointer to the new secret in its response
    #[arg(long, value_name = "POINTER")]
    pub secret: Option<String>,
    /// Body field for the expiry of a key, and its format: `/expires_in=seconds`
    #[arg(long, value_name = "POINTER=FORM", value_parser = pair)]
    pub expiry: Option<(String, String)>,
    /// Request that revokes a key, with `{id}` in it [default method: DELETE]
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub revoke: Option<String>,
    /// Request that tests a key [default: the list request]
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub verify: Option<String>,
    /// URL of the API documentation
    #[arg(long, value_name = "URL")]
    pub docs: Option<String>,
    /// URL of the page to manage keys by hand
    #[arg(long, value_name = "URL")]
    pub dashboard: Option<String>,
}
