//! The grammar: what can be typed. No behaviour, no input, no output.

mod examples;
mod keys;
mod fast_path;
mod parsers;
mod pipeline;
mod providers;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::audit::Severity;
use crate::manifest::Span;
use crate::store::StoreKind;
pub(crate) use fast_path::token_line;
pub use keys::{KeysArgs, KeysCommand, KeysCreateArgs, KeysListArgs, KeysRotateArgs, SortColumn};
use parsers::{pair, positive, store};
pub use pipeline::{CredentialArgs, CredentialCommand, DockerAction, ExecArgs};
pub use providers::{ProvidersArgs, ProvidersCheckArgs, ProvidersCommand, ProvidersNewArgs};

/// One command for the whole life of an API key.
///
/// Log in once, then create, list, rename, verify and revoke keys, exchange them for tokens, and hand a valid token
/// to a script. Try everything without an account: keywright --sandbox keys create "my first key"
#[derive(Debug, Parser)]
#[command(
    name = "keywright",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = examples::ROOT
)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are booleans"
)]
pub struct GlobalArgs {
    /// Profile to use
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Project file to use; naming it here trusts it
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub project: Option<String>,
    /// Print one JSON value instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Print only results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Answer every question with yes
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Never prompt; fail and name the missing flag instead
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Log requests and responses, without secrets
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Maximum time to wait for a service
    #[arg(long, global = true, value_name = "D", value_parser = positive)]
    pub timeout: Option<Span>,
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto"
    )]
    pub color: ColorWhen,
    /// Use an embedded copy of the services; nothing leaves this machine
    #[arg(long, global = true)]
    pub sandbox: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// At a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Log in: with a key, a token, or email and password
    Login(LoginArgs),
    /// Delete the stored credentials; revokes nothing at the service
    Logout(LogoutArgs),
    /// List, show, select, move and remove profiles
    #[command(args_conflicts_with_subcommands = true)]
    Profiles(ProfilesArgs),
    /// Check the credential store, paths, proxy and clock
    #[command(after_help = examples::DOCTOR)]
    Doctor,
    /// Create, list, show, rename, verify, rotate and revoke keys
    #[command(args_conflicts_with_subcommands = true)]
    Keys(KeysArgs),
    /// List, resume, abort or undo unfinished rotations
    #[command(args_conflicts_with_subcommands = true)]
    Rotations(RotationsArgs),
    /// Exchange the long-lived key for a short-lived token, and store it
    #[command(after_help = examples::EXCHANGE)]
    Exchange,
    /// Get a new access token, and store it
    #[command(after_help = examples::REFRESH)]
    Refresh,
    /// Print a valid access token, refreshing it if needed (or the API key if the service has no tokens)
    Token(TokenArgs),
    /// Run a command with a valid credential or a temporary key in its environment
    Exec(ExecArgs),
    /// Serve credentials to git, AWS tools, kubectl or docker
    Credential(CredentialArgs),
    /// Send a request with the profile's credential and print the response unchanged
    Api(ApiArgs),
    /// Audit all profiles for old, unused, over-privileged, expiring or exposed keys
    Audit(AuditArgs),
    /// Trust a project file or the programs of a manifest, and list what it may do
    Trust(TrustArgs),
    /// List, show, add and check service providers
    #[command(args_conflicts_with_subcommands = true)]
    Providers(ProvidersArgs),
    /// Print a shell completion script for commands, flags, keys and profiles
    #[command(after_help = "\
The script runs keywright at each Tab. Suggestions come from files: profiles, manifests, and the ids and names of
the keys that were last listed. Completion opens no keyring and sends no request.

Examples:
  source <(keywright completions bash)                        # in ~/.bashrc
  keywright completions fish > ~/.config/fish/completions/keywright.fish
  keywright completions zsh --static > /usr/share/zsh/site-functions/_keywright")]
    Completions {
        /// Shell: bash, zsh, fish, powershell or elvish
        #[arg(value_enum)]
        shell: clap_complete::Shell,
        /// Print a self-contained script that completes commands and flags only
        #[arg(long = "static")]
        alone: bool,
    },
    /// Show the manual page, or write every page to a folder
    #[command(after_help = "\
At a terminal the page opens in man, or prints as plain text if man is not installed. Through a pipe it prints
unformatted. If the folder is called man1, pages of section 5 go into man5 beside it.

Examples:
  keywright man
  keywright man ~/.local/share/man/man1")]
    Man {
        /// Folder to write every page to, one file per command
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Serve the embedded copy of the services and print its URLs
    #[cfg(feature = "sandbox")]
    #[command(after_help = examples::SANDBOX)]
    Sandbox,
}

/// Log in: with a key, a token, or email and password
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright login siati --email you@example.com
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

/// The flags of the login methods, of which one can be given.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct LoginMethodArgs {
    /// Read a key from stdin
    #[arg(long)]
    pub with_key: bool,
    /// Read a token from stdin
    #[arg(long)]
    pub with_token: bool,
    /// Email to log in with; the password is prompted for, or read from stdin
    #[arg(long, value_name = "E")]
    pub email: Option<String>,
}

/// Delete the stored credentials; revokes nothing at the service
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright logout
  keywright logout --all")]
pub struct LogoutArgs {
    /// Log out of all profiles
    #[arg(long)]
    pub all: bool,
}

/// List, show, select, move and remove profiles
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright profiles --check
  keywright profiles use production")]
pub struct ProfilesArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<ProfilesCommand>,
    /// Flags of the list.
    #[command(flatten)]
    pub list: ProfilesListArgs,
}

/// The verbs of `keywright profiles`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ProfilesCommand {
    /// List the profiles
    #[command(after_help = examples::PROFILES_LIST)]
    List(ProfilesListArgs),
    /// Show a profile, and the source of each value
    #[command(after_help = examples::PROFILES_SHOW)]
    Show {
        /// Name of the profile [default: the current one]
        name: Option<String>,
        /// Test the credentials at the service
        #[arg(long)]
        check: bool,
    },
    /// Make a profile the default
    #[command(after_help = examples::PROFILES_USE)]
    Use {
        /// Name of the profile
        name: String,
    },
    /// Move a profile's secrets to another store
    #[command(after_help = examples::PROFILES_MOVE)]
    Move {
        /// Name of the profile [default: the current one]
        name: Option<String>,
        /// Store to move the secrets to
        #[arg(long, value_name = "STORE", value_parser = store)]
        store: StoreKind,
    },
    /// Remove a profile and delete its credentials
    #[command(after_help = examples::PROFILES_REMOVE)]
    Remove {
        /// Name of the profile
        name: String,
    },
}

/// List the profiles
#[derive(Debug, Args)]
pub struct ProfilesListArgs {
    /// Test the credentials at their services; exits with an error if any fails
    #[arg(long)]
    pub check: bool,
}

/// List, resume, abort or undo unfinished rotations
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright rotations
  keywright rotations resume 20261120-3f9a0c")]
pub struct RotationsArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<RotationsCommand>,
}

/// The verbs of `keywright rotations`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum RotationsCommand {
    /// List unfinished rotations
    #[command(after_help = examples::ROTATIONS_LIST)]
    List,
    /// Show the progress of a rotation and the next step
    #[command(after_help = examples::ROTATIONS_SHOW)]
    Show {
        /// Id of the rotation [default: the only unfinished one]
        id: Option<String>,
        /// Print the saved response that could not be parsed, decrypted; it may contain the key
        #[arg(long)]
        raw: bool,
    },
    /// Resume a rotation, or search for a key whose response was lost
    #[command(after_help = examples::ROTATIONS_RESUME)]
    Resume {
        /// Id of the rotation [default: all unfinished ones]
        id: Option<String>,
    },
    /// Abort a rotation: revoke the new key and keep the old one
    #[command(after_help = examples::ROTATIONS_ABORT)]
    Abort {
        /// Id of the rotation [default: the only unfinished one]
        id: Option<String>,
    },
    /// Restore the old key everywhere while it is still valid, and revoke the new one
    #[command(after_help = examples::ROTATIONS_UNDO)]
    Undo {
        /// Id of the rotation [default: the only unfinished one]
        id: Option<String>,
    },
}

/// Print a valid access token, refreshing it if needed (or the API key if the service has no tokens)
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  curl -H \"$(keywright token --header)\" https://api.example.com/v1/models
  keywright token --min-ttl 5m")]
pub struct TokenArgs {
    /// Minimum remaining lifetime of the token
    #[arg(long, value_name = "D")]
    pub min_ttl: Option<Span>,
    /// Print it as an HTTP header
    #[arg(long)]
    pub header: bool,
}

/// Send a request with the profile's credential and print the response unchanged
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright api GET /v1/models
  keywright api POST /v1/generate -d '{\"prompt\":\"Hello\"}'")]
pub struct ApiArgs {
    /// HTTP method: GET, POST, …
    pub method: String,
    /// Path, relative to the base URL
    pub path: String,
    /// Request body: JSON, @FILE, or - for stdin
    #[arg(short, long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub data: Option<String>,
    /// Additional header (can be repeated)
    #[arg(short = 'H', long = "header", value_name = "N: V")]
    pub headers: Vec<String>,
    /// Name of the base URL to use
    #[arg(long, value_name = "NAME")]
    pub base: Option<String>,
    /// Tier to use for this request
    #[arg(long, value_name = "T")]
    pub tier: Option<String>,
}

/// Audit all profiles for old, unused, over-privileged, expiring or exposed keys
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright audit
  keywright audit --fail-on warning --json")]
pub struct AuditArgs {
    /// Exit with 1 if there is a finding at this level or above
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<Severity>,
}

/// Trust a project file or the programs of a manifest, and list what it may do
#[derive(Debug, Args)]
#[command(after_help = "\
A project file is used only once it is trusted, and must be trusted again after each change. Trust covers one file,
not those in folders below it. In CI, cron and containers name the file with --project instead, which is consent.

Examples:
  keywright trust
  keywright trust --show --json
  keywright trust --provider acme")]
pub struct TrustArgs {
    /// Folder of the project file [default: the nearest one upwards]
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
    /// Only list what it may do; do not trust it
    #[arg(long, conflicts_with = "revoke")]
    pub show: bool,
    /// Withdraw the trust
    #[arg(long)]
    pub revoke: bool,
    /// Provider whose manifest may run its programs
    #[arg(long, value_name = "NAME", conflicts_with = "folder")]
    pub provider: Option<String>,
}

#[cfg(test)]
mod tests;
