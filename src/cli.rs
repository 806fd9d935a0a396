//! The grammar: what can be typed. No behaviour, no input, no output.

mod examples;
mod keys;
mod fast_path;
mod parsers;
mod pipeline;
mod providers;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::manifest::Span;
use crate::store::StoreKind;
pub(crate) use fast_path::token_line;
pub use keys::{
    KeysArgs, KeysCommand, KeysCreateArgs, KeysListArgs, KeysRotateArgs, SortColumn, StrategyName,
};
use parsers::{pair, positive, store};
pub use pipeline::{CredentialArgs, CredentialCommand, DockerAction, ExecArgs};
pub use providers::{Half, ProvidersArgs, ProvidersCheckArgs, ProvidersCommand, ProvidersNewArgs};

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
    /// What to do.
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
    /// The profile to use
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The project file to use; to name it is to trust it
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub project: Option<String>,
    /// Print one JSON value instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Say nothing but the answer and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Answer every question with yes
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Never ask; fail instead, naming the missing flag
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Show what goes over the wire, without secrets
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// The longest to wait for a service
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
    /// Work against an embedded copy of the services; nothing leaves this machine
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

/// What to do.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Log in: with a key, a token, or email and password
    Login(LoginArgs),
    /// Forget the credentials kept here; nothing is revoked at the service
    Logout(LogoutArgs),
    /// List, show, choose, move and remove profiles
    #[command(args_conflicts_with_subcommands = true)]
    Profiles(ProfilesArgs),
    /// Say which store is in force and whether a secret can be kept; look at paths, proxy and clock
    #[command(after_help = examples::DOCTOR)]
    Doctor,
    /// Create, list, show, rename, verify, rotate and revoke keys
    #[command(args_conflicts_with_subcommands = true)]
    Keys(KeysArgs),
    /// See what is unfinished, and finish it, give it up or undo it
    #[command(args_conflicts_with_subcommands = true)]
    Rotations(RotationsArgs),
    /// Exchange the long-lived key for a short-lived token, and keep it
    #[command(after_help = examples::EXCHANGE)]
    Exchange,
    /// Get a new access token, and keep it
    #[command(after_help = examples::REFRESH)]
    Refresh,
    /// Print a token that is valid now; where a service has none, the key its calls use
    Token(TokenArgs),
    /// Run a command with a valid credential in its environment, or with a key of its own
    Exec(ExecArgs),
    /// Answer git, AWS tools, kubectl or docker when they ask for a credential
    Credential(CredentialArgs),
    /// Send any request with the profile's credential and print the answer unchanged
    Api(ApiArgs),
    /// Look at every profile: keys that are old, unused, too powerful, about to end, lying about
    Audit(AuditArgs),
    /// Allow a project file, or the programs of a manifest, and say what it may do
    Trust(TrustArgs),
    /// List and show the services that are known, and add one
    #[command(args_conflicts_with_subcommands = true)]
    Providers(ProvidersArgs),
    /// Print the script that makes a shell complete commands, flags, names of keys and profiles
    #[command(after_help = "\
The script asks keywright at each Tab. What keywright answers stands in files: profiles, manifests, and the ids and
names of the keys that were last listed. It opens no keyring and sends nothing.

Examples:
  source <(keywright completions bash)                        # in ~/.bashrc
  keywright completions fish > ~/.config/fish/completions/keywright.fish
  keywright completions zsh --static > /usr/share/zsh/site-functions/_keywright")]
    Completions {
        /// bash, zsh, fish, powershell or elvish
        #[arg(value_enum)]
        shell: clap_complete::Shell,
        /// A script that knows commands and flags by itself, and no names
        #[arg(long = "static")]
        alone: bool,
    },
    /// Show the manual page, or write every page to a folder
    #[command(after_help = "\
At a terminal the page is shown by man, or as plain text where there is no man; through a pipe it is printed as it is.
Pages of section 5 go beside a folder that is called man1, into man5.

Examples:
  keywright man
  keywright man ~/.local/share/man/man1")]
    Man {
        /// Where every page goes, one file for each command
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Serve the embedded copy of the services and print its addresses
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
    /// The service
    pub provider: Option<String>,
    /// Read a key from stdin
    #[arg(long, conflicts_with_all = ["with_token", "email"])]
    pub with_key: bool,
    /// Read a token from stdin
    #[arg(long, conflicts_with = "email")]
    pub with_token: bool,
    /// Log in with this address; the password is asked for, or read from stdin
    #[arg(long, value_name = "E")]
    pub email: Option<String>,
    /// A variable that the service needs, such as `org_id=…`
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// An address in place of the service's own, for every base or for one
    #[arg(long, value_name = "[NAME=]URL")]
    pub base_url: Vec<String>,
    /// Where to keep the secret
    #[arg(long, value_name = "STORE", value_parser = store)]
    pub store: Option<StoreKind>,
}

/// Forget the credentials kept here; nothing is revoked at the service
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright logout
  keywright logout --all")]
pub struct LogoutArgs {
    /// Every profile
    #[arg(long)]
    pub all: bool,
}

/// List, show, choose, move and remove profiles
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright profiles --check
  keywright profiles use production")]
pub struct ProfilesArgs {
    /// Which of them.
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
    /// Show a profile, and which source is in force for each value
    #[command(after_help = examples::PROFILES_SHOW)]
    Show {
        /// The profile; the one in force where it is left out
        name: Option<String>,
        /// Ask the service whether the credentials work
        #[arg(long)]
        check: bool,
    },
    /// Make a profile the default
    #[command(after_help = examples::PROFILES_USE)]
    Use {
        /// The profile
        name: String,
    },
    /// Keep a profile's secrets in another store
    #[command(after_help = examples::PROFILES_MOVE)]
    Move {
        /// The profile; the one in force where it is left out
        name: Option<String>,
        /// Where to
        #[arg(long, value_name = "STORE", value_parser = store)]
        store: StoreKind,
    },
    /// Remove a profile and forget its credentials
    #[command(after_help = examples::PROFILES_REMOVE)]
    Remove {
        /// The profile
        name: String,
    },
}

/// List the profiles
#[derive(Debug, Args)]
pub struct ProfilesListArgs {
    /// Ask the services whether the credentials work; the exit code tells
    #[arg(long)]
    pub check: bool,
}

/// See what is unfinished, and finish it, give it up or undo it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright rotations
  keywright rotations resume 20261120-3f9a0c")]
pub struct RotationsArgs {
    /// Which of them.
    #[command(subcommand)]
    pub command: Option<RotationsCommand>,
}

/// The verbs of `keywright rotations`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum RotationsCommand {
    /// List what is unfinished
    #[command(after_help = examples::ROTATIONS_LIST)]
    List,
    /// Show how far one has come, and what is next
    #[command(after_help = examples::ROTATIONS_SHOW)]
    Show {
        /// Its id; may be left out where there is one
        id: Option<String>,
        /// Print the answer that was kept and could not be read, decrypted: it may hold the key
        #[arg(long)]
        raw: bool,
    },
    /// Go on where it stopped, or look for a key whose answer was lost
    #[command(after_help = examples::ROTATIONS_RESUME)]
    Resume {
        /// Its id; without one every one that is unfinished is resumed
        id: Option<String>,
    },
    /// Give one up: revoke the new key, leave the old one, forget it
    #[command(after_help = examples::ROTATIONS_ABORT)]
    Abort {
        /// Its id; may be left out where there is one
        id: Option<String>,
    },
    /// Put the old value back everywhere while the old key lives, and revoke the new one
    #[command(after_help = examples::ROTATIONS_UNDO)]
    Undo {
        /// Its id; may be left out where there is one
        id: Option<String>,
    },
}

/// Print a token that is valid now; where a service has none, the key its calls use
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  curl -H \"$(keywright token --header)\" https://api.example.com/v1/models
  keywright token --min-ttl 5m")]
pub struct TokenArgs {
    /// How long it has to stay valid at least
    #[arg(long, value_name = "D")]
    pub min_ttl: Option<Span>,
    /// Print it as the header that carries it
    #[arg(long)]
    pub header: bool,
}

/// Send any request with the profile's credential and print the answer unchanged
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright api GET /v1/models
  keywright api POST /v1/generate -d '{\"prompt\":\"Hello\"}'")]
pub struct ApiArgs {
    /// GET, POST, …
    pub method: String,
    /// The path behind the base URL
    pub path: String,
    /// The body: JSON, @FILE, or - for stdin
    #[arg(short, long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub data: Option<String>,
    /// A further header
    #[arg(short = 'H', long = "header", value_name = "N: V")]
    pub headers: Vec<String>,
    /// Which base URL
    #[arg(long, value_name = "NAME")]
    pub base: Option<String>,
    /// The tier to use for this request
    #[arg(long, value_name = "T")]
    pub tier: Option<String>,
}

/// Look at every profile: keys that are old, unused, too powerful, about to end, lying about
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright audit
  keywright audit --fail-on warning --json")]
pub struct AuditArgs {
    /// End with 1 where something is found at this level or above
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_on: Option<LevelName>,
}

/// Allow a project file, or the programs of a manifest, and say what it may do
#[derive(Debug, Args)]
#[command(after_help = "\
A project file is used only after this, and again after each change of it. It allows one file, not those below it.
In CI, cron and containers nobody says this: name the file with --project, which is consent.

Examples:
  keywright trust
  keywright trust --show --json
  keywright trust --provider acme")]
pub struct TrustArgs {
    /// The folder of the project file; the nearest one upwards where it is left out
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
    /// Say what it may do, and allow nothing
    #[arg(long, conflicts_with = "revoke")]
    pub show: bool,
    /// Allow it no longer
    #[arg(long)]
    pub revoke: bool,
    /// The provider whose manifest may start its programs
    #[arg(long, value_name = "NAME", conflicts_with = "folder")]
    pub provider: Option<String>,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LevelName {
    /// Good to know
    #[value(alias = "low")]
    Info,
    /// It will be trouble one day
    #[value(alias = "medium")]
    Warning,
    /// It is trouble now
    #[value(aliases = ["high", "critical"])]
    Error,
}

#[cfg(test)]
mod tests;
