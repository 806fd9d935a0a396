//! The grammar of `keywright keys`.

use clap::{Args, Subcommand, ValueEnum};

use super::examples;
use super::parsers::{destination, pair};
use crate::destination::DestinationSpec;
use crate::manifest::{Span, Strategy};

/// Create, list, show, rename, verify, rotate and revoke keys
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright keys create ci --expires 90d
  keywright keys list --all-profiles --sort last-used")]
pub struct KeysArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<KeysCommand>,
    /// Flags of the list.
    #[command(flatten)]
    pub list: KeysListArgs,
}

/// The verbs of `keywright keys`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum KeysCommand {
    /// Create a key and print it once
    Create(KeysCreateArgs),
    /// List the keys
    #[command(after_help = examples::KEYS_LIST)]
    List(KeysListArgs),
    /// Show a key
    #[command(after_help = examples::KEYS_SHOW)]
    Show {
        /// Id, or a unique name or prefix; prompted for if omitted, unless the service has one key
        key: Option<String>,
    },
    /// Rename a key
    #[command(after_help = examples::KEYS_RENAME)]
    Rename {
        /// Id, or a unique name or prefix; prompted for if omitted
        key: Option<String>,
        /// New name of the key
        name: Option<String>,
    },
    /// Replace a key: create, deliver and verify a new one, then revoke the old one
    Rotate(KeysRotateArgs),
    /// Revoke keys permanently
    #[command(after_help = examples::KEYS_REVOKE)]
    Revoke {
        /// Ids, or unique names or prefixes; prompted for if omitted, unless the service has one key
        keys: Vec<String>,
    },
    /// Show whether a key exists, and how many are allowed
    #[command(after_help = examples::KEYS_STATUS)]
    Status,
    /// Test a key at the service; exits with an error if it does not work
    #[command(after_help = examples::KEYS_VERIFY)]
    Verify {
        /// Key to test [default: the profile's own key]
        key: Option<String>,
    },
}

/// Create a key and print it once
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright keys create \"Production backend\"
  keywright keys create ci --scope read --expires 90d > key.txt")]
pub struct KeysCreateArgs {
    /// Name of the key
    pub name: Option<String>,
    /// Scope to grant (can be repeated)
    #[arg(long = "scope", value_name = "S")]
    pub scopes: Vec<String>,
    /// Expiry: 90d, 2027-01-31 or never
    #[arg(long, value_name = "WHEN")]
    pub expires: Option<String>,
    /// Additional field for the service (can be repeated)
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Destination of the new key instead of stdout: `file:PATH`, `dotenv:PATH#VAR`, … (can be repeated)
    #[arg(long, value_name = "DEST", value_parser = destination)]
    pub to: Vec<DestinationSpec>,
}

/// Replace a key: create, deliver and verify a new one, then revoke the old one
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright keys rotate ci --to dotenv:.env#API_KEY --grace 24h
  keywright keys rotate --due --yes")]
pub struct KeysRotateArgs {
    /// Id, unique name or prefix, or a key of keywright.toml [default: the only key]
    pub key: Option<String>,
    /// Destination of the new key: `file:PATH`, `dotenv:PATH#VAR`, … (can be repeated)
    #[arg(long, value_name = "DEST", value_parser = destination)]
    pub to: Vec<DestinationSpec>,
    /// Rotation strategy [default: the provider's]
    #[arg(long, value_enum, value_name = "S")]
    pub strategy: Option<Strategy>,
    /// How long the old key stays valid after the rotation
    #[arg(long, value_name = "D")]
    pub grace: Option<Span>,
    /// Scope of the new key [default: those of the old one] (can be repeated)
    #[arg(long = "scope", value_name = "S")]
    pub scopes: Vec<String>,
    /// Expiry of the new key: 90d, 2027-01-31 or never [default: the lifetime of the old one]
    #[arg(long, value_name = "WHEN")]
    pub expires: Option<String>,
    /// Additional field of the new key [default: that of the old one] (can be repeated)
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Print the steps and change nothing
    #[arg(long)]
    pub plan: bool,
    /// Rotate all keys of keywright.toml that are due
    #[arg(long, conflicts_with_all = ["key", "to"])]
    pub due: bool,
}

/// List the keys
#[derive(Debug, Args)]
pub struct KeysListArgs {
    /// List the keys of all profiles
    #[arg(long)]
    pub all_profiles: bool,
    /// Column to sort by
    #[arg(long, value_enum, value_name = "COLUMN")]
    pub sort: Option<SortColumn>,
    /// Only keys created longer ago than this
    #[arg(long, value_name = "D")]
    pub older_than: Option<Span>,
    /// Only keys not used for this long
    #[arg(long, value_name = "D")]
    pub unused_for: Option<Span>,
    /// Only keys that expire within this time
    #[arg(long, value_name = "D")]
    pub expires_within: Option<Span>,
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortColumn {
    /// The name.
    Name,
    /// The id.
    Id,
    /// The profile.
    Profile,
    /// The status.
    Status,
    /// Creation time, the oldest first.
    #[value(alias = "created-at")]
    Created,
    /// Expiry, the soonest first.
    #[value(alias = "expires-at")]
    Expires,
    /// Last use, the longest unused first.
    #[value(alias = "last-used-at")]
    LastUsed,
    /// Number of requests, the fewest first.
    #[value(alias = "requests")]
    Usage,
    /// Cost, the lowest first.
    Cost,
}
