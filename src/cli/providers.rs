//! The grammar of `keywright providers`.

use clap::{Args, Subcommand};

use super::examples;
use super::parsers::pair;

/// List, show, check and begin manifests of services
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright providers
  keywright providers show schatzi")]
pub struct Providers {
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
    /// Begin a manifest of your own, from a few answers
    New(Box<ProvidersNew>),
    /// Say what is wrong with a manifest, play its examples, and try it with --live
    Check(ProvidersCheck),
    /// Print the JSON Schema of manifests, from which editors complete; the reference is keywright-manifest(5)
    #[command(after_help = examples::PROVIDERS_SCHEMA)]
    Schema,
}

/// Begin a manifest of your own, from a few answers
///
/// It is written into the folder of your manifests, with notes on what is still to be said. At a terminal, what no flag
/// says is asked for; an empty answer leaves it for later.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright providers new acme
  keywright providers new acme --url https://api.acme.example.com/v1 --list /keys --items /data")]
pub struct ProvidersNew {
    /// What commands will call the service
    pub name: String,
    /// Its own name
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// The address of its API, with `https://` before it
    #[arg(long)]
    pub url: Option<String>,
    /// The page that describes its API
    #[arg(long, value_name = "URL")]
    pub docs: Option<String>,
    /// The page where people manage keys by hand
    #[arg(long, value_name = "URL")]
    pub dashboard: Option<String>,
    /// The header that carries a key [default: Authorization]
    #[arg(long, value_name = "NAME")]
    pub header: Option<String>,
    /// The word before the key in that header [default: Bearer, in Authorization]
    #[arg(long, value_name = "WORD")]
    pub scheme: Option<String>,
    /// The path of a call that changes nothing and shows whether a key works
    #[arg(long, value_name = "PATH")]
    pub verify: Option<String>,
    /// The path of the call that lists keys
    #[arg(long, value_name = "PATH")]
    pub list: Option<String>,
    /// Where the list stands in its answer, such as /data [default: it is the answer]
    #[arg(long, value_name = "POINTER")]
    pub items: Option<String>,
    /// The path of the call that creates a key
    #[arg(long, value_name = "PATH")]
    pub create: Option<String>,
    /// Where the new key stands in its answer, such as /key
    #[arg(long, value_name = "POINTER")]
    pub secret: Option<String>,
    /// The path of the call that revokes a key, with {id} for which one
    #[arg(long, value_name = "PATH")]
    pub revoke: Option<String>,
}

/// Say what is wrong with a manifest, play its examples, and try it with --live
///
/// Each mistake is named with file, line and key. The examples are played without any network. With --live the service
/// itself is tried: verify, list, create a key, show, rename and verify it, and revoke it again, whatever happens.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright providers check ~/.config/keywright/providers/acme.toml
  keywright providers check acme --live -p acme --scope read")]
pub struct ProvidersCheck {
    /// A file, the name of a known service, or - for stdin
    #[arg(value_name = "FILE")]
    pub manifest: String,
    /// Try the service itself, with the login of the profile
    #[arg(long)]
    pub live: bool,
    /// With --live: what the key that is tried may do; may be given several times
    #[arg(long = "scope", value_name = "S", requires = "live")]
    pub scopes: Vec<String>,
    /// With --live: when that key ends, in case it stays [default: 24h, where the service takes an end]
    #[arg(long, value_name = "WHEN", requires = "live")]
    pub expires: Option<String>,
    /// With --live: a further field that the service takes
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair, requires = "live")]
    pub set: Vec<(String, String)>,
}
