//! The grammar of what hands a credential to another program.

use std::ffi::OsString;

use clap::{Args, Subcommand, ValueEnum};

use super::examples;
use super::parsers::variable;

/// Run a command with a valid credential in its environment, or with a key of its own
#[derive(Debug, Args)]
#[command(after_help = "\
The credential is the one that `keywright token` prints. The command runs in keywright's place: same streams, same
signals, same exit code; 127 where there is no such command, 126 where it cannot be executed. Variables that hold
secrets of keywright's own are not passed on.

With --lease the command gets a new key, which is revoked when the command ends, however it ends, or five seconds
after keywright is told to stop. If keywright itself is killed, `keywright rotations resume` revokes the key.

Examples:
  keywright exec -- ./deploy.sh
  keywright exec --env OPENAI_API_KEY --lease --scope read --expires 1h -- pytest -q")]
pub struct ExecArgs {
    /// The variable that holds the credential
    #[arg(long, value_name = "NAME", default_value = "API_KEY", value_parser = variable)]
    pub env: String,
    /// Create a key for this command alone, and revoke it at the end
    #[arg(long)]
    pub lease: bool,
    /// What the leased key may do; may be given several times
    #[arg(long = "scope", value_name = "S", requires = "lease")]
    pub scopes: Vec<String>,
    /// When the leased key ends at the latest: 1h, 2027-01-31; one day where it is left out and the service can
    #[arg(long, value_name = "D", requires = "lease")]
    pub expires: Option<String>,
    /// The command and its arguments
    #[arg(
        value_name = "COMMAND",
        required = true,
        trailing_var_arg = true,
        value_parser = clap::value_parser!(OsString)
    )]
    pub command: Vec<OsString>,
}

/// Answer git, AWS tools, kubectl or docker when they ask for a credential
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  git config --global credential.https://git.example.com.helper '!keywright credential git'
  credential_process = keywright --profile cloud credential aws")]
pub struct CredentialArgs {
    /// Who asks.
    #[command(subcommand)]
    pub command: CredentialCommand,
}

/// The programs that ask, each in its own protocol.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum CredentialCommand {
    /// Answer git, for hosts of the profile only
    #[command(after_help = examples::CREDENTIAL_GIT)]
    Git {
        /// The user name to give, where git names none
        #[arg(long, value_name = "NAME")]
        username: Option<String>,
        /// `get`, `store` or `erase`; any other is passed over, as git wants it
        action: String,
    },
    /// Answer the AWS SDKs' `credential_process`, where the credential is a pair of access key id and secret
    #[command(after_help = examples::CREDENTIAL_AWS)]
    Aws,
    /// Answer kubectl with an `ExecCredential`
    #[command(after_help = examples::CREDENTIAL_K8S)]
    K8s,
    /// Answer docker, for hosts of the profile only
    #[command(after_help = examples::CREDENTIAL_DOCKER)]
    Docker {
        /// The user name to give
        #[arg(long, value_name = "NAME")]
        username: Option<String>,
        /// What docker wants
        action: DockerAction,
    },
}

/// What docker wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DockerAction {
    /// The credential for a host
    Get,
    /// Keep a credential; keywright keeps only what is logged in with
    Store,
    /// Forget a credential; keywright forgets only at a logout
    Erase,
    /// The hosts that are known
    List,
}
