//! The grammar of `keywright keys`.

use clap::{Args, Subcommand, ValueEnum};

use super::examples;
use super::parsers::{destination, pair};
use crate::destination::DestinationSpec;
use crate::manifest::Span;

/// Create, list, show, rename, verify, rotate and revoke keys
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright keys create ci --expires 90d
  keywright keys list --all-profiles --sort last-used")]
pub struct KeysArgs {
    /// Which of them.
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
        /// Its id, or a name or prefix that is unique; asked for where it is left out, but at a one-key service
        key: Option<String>,
    },
    /// Give a key another name
    #[command(after_help = examples::KEYS_RENAME)]
    Rename {
        /// Its id, or a name or prefix that is unique; asked for where it is left out
        key: Option<String>,
        /// The new name
        name: Option<String>,
    },
    /// Replace a key by a new one: created, delivered and verified before the old one goes
    Rotate(KeysRotateArgs),
    /// End keys for good
    #[command(after_help = examples::KEYS_REVOKE)]
    Revoke {
        /// Their ids, or names or prefixes that are unique; asked for where they are left out, but at a one-key service
        keys: Vec<String>,
    },
    /// Say whether there is a key, and how many there may be
    #[command(after_help = examples::KEYS_STATUS)]
    Status,
    /// Ask the service whether a key works; the exit code tells
    #[command(after_help = examples::KEYS_VERIFY)]
    Verify {
        /// A key of the list; the profile's own key where it is left out
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
    /// What people will call it
    pub name: Option<String>,
    /// What it may do; may be given several times
    #[arg(long = "scope", value_name = "S")]
    pub scopes: Vec<String>,
    /// When it ends: 90d, 2027-01-31 or never
    #[arg(long, value_name = "WHEN")]
    pub expires: Option<String>,
    /// A further field that the service takes
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Where the new key goes instead of stdout: `file:PATH`, `dotenv:PATH#VAR`, …; may be given several times
    #[arg(long, value_name = "DEST", value_parser = destination)]
    pub to: Vec<DestinationSpec>,
}

/// Replace a key by a new one: created, delivered and verified before the old one goes
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright keys rotate ci --to dotenv:.env#API_KEY --grace 24h
  keywright keys rotate --due --yes")]
pub struct KeysRotateArgs {
    /// Its id, or a name or prefix that is unique, or a key of keywright.toml; may be left out where there is one
    pub key: Option<String>,
    /// Where the new key goes: `file:PATH`, `dotenv:PATH#VAR`, …; may be given several times
    #[arg(long, value_name = "DEST", value_parser = destination)]
    pub to: Vec<DestinationSpec>,
    /// Another order of things than the service's own
    #[arg(long, value_enum, value_name = "S")]
    pub strategy: Option<StrategyName>,
    /// How long the old key lives on beside the new one
    #[arg(long, value_name = "D")]
    pub grace: Option<Span>,
    /// A scope of the new key [default: those of the old one]; can be given several times
    #[arg(long = "scope", value_name = "S")]
    pub scopes: Vec<String>,
    /// Expiry of the new key: 90d, 2027-01-31 or never [default: the lifetime of the old one]
    #[arg(long, value_name = "WHEN")]
    pub expires: Option<String>,
    /// A further field of the new key [default: that of the old one]
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Print the steps and change nothing
    #[arg(long)]
    pub plan: bool,
    /// Rotate every key of keywright.toml that is due
    #[arg(long, conflicts_with_all = ["key", "to"])]
    pub due: bool,
}

/// The order of things in a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StrategyName {
    /// Create, deliver, verify, revoke the old one
    Overlap,
    /// Creating ends the old one
    Replace,
    /// One call gives the new one and ends the old one
    Atomic,
    /// A person creates and pastes
    Manual,
}

/// List the keys
#[derive(Debug, Args)]
pub struct KeysListArgs {
    /// The keys of every profile
    #[arg(long)]
    pub all_profiles: bool,
    /// The column to sort by
    #[arg(long, value_enum, value_name = "COLUMN")]
    pub sort: Option<SortColumn>,
    /// Only keys created longer ago than this
    #[arg(long, value_name = "D")]
    pub older_than: Option<Span>,
    /// Only keys not used for this long
    #[arg(long, value_name = "D")]
    pub unused_for: Option<Span>,
    /// Only keys that end within this time
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
    /// When it was made, the oldest first.
    #[value(alias = "created-at")]
    Created,
    /// When it ends, the soonest first.
    #[value(alias = "expires-at")]
    Expires,
    /// When it was last used, the longest unused first.
    #[value(alias = "last-used-at")]
    LastUsed,
    /// Requests in all, the fewest first.
    #[value(alias = "requests")]
    Usage,
    /// What it cost, the least first.
    Cost,
}
