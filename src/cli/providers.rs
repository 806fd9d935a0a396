//! The grammar of `keywright providers`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::examples;
use super::parsers::pair;

/// List and show the services that are known, and add one
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright providers
  keywright providers show schatzi")]
pub struct ProvidersArgs {
    /// Which of them.
    #[command(subcommand)]
    pub command: Option<ProvidersCommand>,
}

/// The verbs of `keywright providers`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProvidersCommand {
    /// List the services
    #[command(after_help = examples::PROVIDERS_LIST)]
    List,
    /// Show what a service can do
    #[command(after_help = examples::PROVIDERS_SHOW)]
    Show {
        /// The service
        provider: String,
        /// Print its manifest instead
        #[arg(long)]
        manifest: bool,
    },
    /// Write the manifest of a service of your own, from a few answers
    #[command(after_help = examples::PROVIDERS_NEW)]
    New(Box<ProvidersNewArgs>),
    /// Explain every mistake of a manifest, play its examples, and say what they leave out
    #[command(after_help = examples::PROVIDERS_CHECK)]
    Check(ProvidersCheckArgs),
    /// Print the JSON Schema of manifests, from which editors complete; the reference is keywright-manifest(5)
    #[command(after_help = examples::PROVIDERS_SCHEMA)]
    Schema,
}

/// Explain every mistake of a manifest, play its examples, and say what they leave out
#[derive(Debug, Args)]
pub struct ProvidersCheckArgs {
    /// A file, the name of a known service, or - for stdin
    #[arg(value_name = "FILE")]
    pub provider: PathBuf,
    /// Try it at the real service too, with the profile's login and a key that is revoked again
    #[arg(long)]
    pub live: bool,
    /// Create a key even where that ends the one the profile logs in with; the login follows
    #[arg(long, requires = "live")]
    pub replace: bool,
    /// A permission of the key that is tried
    #[arg(long = "scope", value_name = "S", requires = "live")]
    pub scopes: Vec<String>,
    /// When the key that is tried ends, should all else fail
    #[arg(long, value_name = "WHEN", requires = "live")]
    pub expires: Option<String>,
    /// A further field of the key that is tried
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair, requires = "live")]
    pub set: Vec<(String, String)>,
}

/// Write the manifest of a service of your own, from a few answers
#[derive(Debug, Args)]
pub struct ProvidersNewArgs {
    /// What commands shall call the service; the name of the file too
    pub name: String,
    /// The service's own name
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// The address that stands before every path: https://…
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The header that carries a key, and the word before it: `X-Api-Key`, `Authorization: Bearer`
    #[arg(long, value_name = "NAME[: SCHEME]", conflicts_with_all = ["query", "basic"])]
    pub header: Option<String>,
    /// The parameter of the address that carries a key
    #[arg(long, value_name = "NAME", conflicts_with = "basic")]
    pub query: Option<String>,
    /// The half of HTTP Basic that a key is
    #[arg(long, value_enum, value_name = "HALF")]
    pub basic: Option<Half>,
    /// The call that lists keys; GET unless said
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub list: Option<String>,
    /// Where its answer holds the list: a JSON Pointer; left out, the answer is the list
    #[arg(long, value_name = "POINTER")]
    pub items: Option<String>,
    /// Where a key has its id
    #[arg(long, value_name = "POINTER")]
    pub id: Option<String>,
    /// Where a key has its name
    #[arg(long, value_name = "POINTER")]
    pub named: Option<String>,
    /// The call that creates a key; POST unless said
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub create: Option<String>,
    /// Where its answer holds the new secret
    #[arg(long, value_name = "POINTER")]
    pub secret: Option<String>,
    /// The field of its body that takes the end of a key, and how that is written: `/expires_in=seconds`
    #[arg(long, value_name = "POINTER=FORM", value_parser = pair)]
    pub expiry: Option<(String, String)>,
    /// The call that revokes a key, with `{id}` in it; DELETE unless said
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub revoke: Option<String>,
    /// A call that shows whether a key works; left out, the list
    #[arg(long, value_name = "[METHOD ]PATH")]
    pub verify: Option<String>,
    /// Where people read about it
    #[arg(long, value_name = "URL")]
    pub docs: Option<String>,
    /// Where people manage keys by hand
    #[arg(long, value_name = "URL")]
    pub dashboard: Option<String>,
}

/// A half of HTTP Basic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Half {
    /// Before the colon
    User,
    /// After the colon
    Password,
}
