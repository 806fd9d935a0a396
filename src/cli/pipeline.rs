//! The grammar of `exec` and `credential`, which hand a credential to another program.

use std::ffi::OsString;

use clap::{Args, Subcommand, ValueEnum};

use super::examples;
use super::parsers::variable;

/// Run a command with a valid credential or a temporary key in its environment
#[derive(Debug, Args)]
#[command(after_help = "\
The credential is the one that `keywright token` prints. The command runs in keywright's place: same streams, same
signals, same exit code; 127 if there is no such command, 126 if it cannot be executed. Variables that hold
keywright's own secrets are not passed on.

With --lease the command gets a new key. It is revoked when the command exits for any reason, or five seconds after
keywright receives a signal to stop. If keywright itself is killed, `keywright rotations resume` revokes the key.

Examples:
  keywright exec -- ./deploy.sh
  keywright exec --env OPENAI_API_KEY --lease --scope read --expires 1h -- pytest -q")]
pub struct ExecArgs {
    /// Environment variable for the credential
    #[arg(long, value_name = "NAME", default_value = "API_KEY", value_parser = variable)]
    pub env: String,
    /// Create a key for this command only, and revoke it afterwards
    #[arg(long)]
    pub lease: bool,
    /// Scope to grant to the leased key (can be repeated)
    #[arg(long = "scope", value_name = "S", requires = "lease")]
    pub scopes: Vec<String>,
    /// Expiry of the leased key: 1h or 2027-01-31 [default: one day, if the service supports it]
    #[arg(long, value_name = "D", requires = "lease")]
    pub expires: Option<String>,
    /// Command to run, with its arguments
    #[arg(
        value_name = "COMMAND",
        required = true,
        trailing_var_arg = true,
        value_parser = clap::value_parser!(OsString)
    )]
    pub command: Vec<OsString>,
}

/// Serve credentials to git, AWS tools, kubectl or docker
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  git config --global credential.https://git.example.com.helper '!keywright credential git'
  credential_process = keywright --profile cloud credential aws")]
pub struct CredentialArgs {
    /// The protocol.
    #[command(subcommand)]
    pub command: CredentialCommand,
}

/// The programs that ask for credentials, each in its own protocol.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum CredentialCommand {
    /// Serve git, for hosts of the profile only
    #[command(after_help = examples::CREDENTIAL_GIT)]
    Git {
        /// User name to return if git names none
        #[arg(long, value_name = "NAME")]
        username: Option<String>,
        /// Action: `get`, `store` or `erase`; others are ignored, as git requires
        action: String,
    },
    /// Serve the AWS SDKs' `credential_process`, for credentials that are an access key id and secret
    #[command(after_help = examples::CREDENTIAL_AWS)]
    Aws,
    /// Serve kubectl with an `ExecCredential`
    #[command(after_help = examples::CREDENTIAL_K8S)]
    K8s,
    /// Serve docker, for hosts of the profile only
    #[command(after_help = examples::CREDENTIAL_DOCKER)]
    Docker {
        /// User name to return
        #[arg(long, value_name = "NAME")]
        username: Option<String>,
        /// Action of docker's protocol
        action: DockerAction,
    },
}

/// The actions of docker's protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DockerAction {
    /// Return the credential for a host
    Get,
    /// Ignored: log in with `keywright login` instead
    Store,
    /// Ignored: log out with `keywright logout` instead
    Erase,
    /// List the hosts of the profile
    List,
}
