//! `keywright credential`: the protocols in which other programs ask for a credential. Only the answer goes to stdout.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::{Context, ResolvedProfile, Run, rotations, token};
use crate::api::ApiClient;
use crate::core::error::{Error, Result};
use crate::core::secret::Secret;
use crate::core::untrusted::one_line;
use crate::profile;
use crate::profile::session::Credential;

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
    #[command(after_help = "\
Examples:
  git config --global credential.https://git.example.com.helper '!keywright credential git'
  printf 'host=git.example.com\\n\\n' | keywright credential git get")]
    Git {
        /// User name to return if git names none
        #[arg(long, value_name = "NAME")]
        username: Option<String>,
        /// Action: `get`, `store` or `erase`; others are ignored, as git requires
        action: String,
    },
    /// Serve the AWS SDKs' `credential_process`, for credentials that are an access key id and secret
    #[command(after_help = "\
Examples:
  credential_process = keywright --profile cloud credential aws
  keywright -p cloud credential aws")]
    Aws,
    /// Serve kubectl with an `ExecCredential`
    #[command(after_help = "\
Examples:
  kubectl config set-credentials ci --exec-command=keywright --exec-arg=credential --exec-arg=k8s --exec-api-version=client.authentication.k8s.io/v1
  keywright -p cluster credential k8s")]
    K8s,
    /// Serve docker, for hosts of the profile only
    #[command(after_help = "\
Examples:
  exec keywright credential docker \"$@\"
  echo registry.example.com | keywright credential docker get")]
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

/// Bounds the request of a program.
const MAX_QUESTION_BYTES: usize = 64 << 10;

/// The default user name beside a token: most services check the token only.
const DEFAULT_USERNAME: &str = "keywright";

/// By these words docker knows that a helper does not know a host.
const DOCKER_NOT_FOUND: &str = "credentials not found in native keychain\n";

/// The kind and the versions of kubectl's question and answer.
const EXEC_CREDENTIAL: &str = "ExecCredential";
const K8S_VERSIONS: [&str; 2] = [
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1beta1",
];

impl Run for CredentialArgs {
    /// Answers the program that asks.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        match &self.command {
            CredentialCommand::Git { username, action } => {
                git(context, action, username.as_deref()).await
            }
            CredentialCommand::Aws => aws(context).await,
            CredentialCommand::K8s => k8s(context).await,
            CredentialCommand::Docker { username, action } => {
                docker(context, *action, username.as_deref()).await
            }
        }
    }
}

/// Reads the request of the asking program.
fn question(context: &Context<'_>, who: &str) -> Result<zeroize::Zeroizing<String>> {
    let terminal = &context.platform.terminal;
    if terminal.stdin_is_terminal() {
        return Err(Error::usage(format!("{who} writes its request to stdin"))
            .hint(format!("this is not for interactive use: {who} runs it")));
    }
    let bytes = terminal.read_stdin(MAX_QUESTION_BYTES).map_err(|error| {
        Error::failed(format!("could not read the request of {who}")).caused_by(error)
    })?;
    String::from_utf8(bytes)
        .map(zeroize::Zeroizing::new)
        .map_err(|_| Error::usage(format!("the request of {who} is not text")))
}

async fn git(context: &Context<'_>, action: &str, username: Option<&str>) -> Result<u8> {
    if !matches!(action, "get" | "store" | "erase") {
        // Git may ask for more one day and wants to be met with silence until then.
        return Ok(0);
    }
    let question = question(context, "git")?;
    let attribute = |name: &str| attribute(&question, name);
    let (Some(protocol), Some(host)) = (attribute("protocol"), attribute("host")) else {
        return Ok(0);
    };
    let opened = context.open()?;
    let Some(uses) = answering(&opened, &format!("{protocol}://{host}")) else {
        return Ok(0);
    };
    match action {
        "get" => {}
        "erase" => {
            context.log.note(&format!(
                "{} rejected the credential; it stays stored. Check it: keywright keys verify",
                one_line(host)
            ));
            return Ok(0);
        }
        _ => return Ok(0),
    }
    let username = username.or_else(|| attribute("username"));
    context
        .with_client(&opened, async |client| {
            let held = held_of(client, &uses).await?;
            let (name, password) = name_and_password(client, &held, username);
            let mut lines = vec![("username", name), ("password", password)];
            if let Some(end) = held.expires_at {
                let end = Secret::new(end.as_second().to_string());
                lines.push(("password_expiry_utc", end));
            }
            context.reporter.attributes(&lines)?;
            Ok(0)
        })
        .await
}

/// Returns what git writes after `name=`, up to the blank line; `None` if it writes that twice.
fn attribute<'q>(question: &'q str, name: &str) -> Option<&'q str> {
    // Not `lines`, which takes a carriage return away: it would be part of the host.
    let lines = question.split('\n').take_while(|line| !line.is_empty());
    let mut found = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Returns the hosts of the profile as programs ask with them, `SCHEME://HOST[:PORT]`, each with the credentials that
/// it takes.
fn known_hosts(opened: &ResolvedProfile) -> Vec<(String, &[String])> {
    let bases = opened.bases.iter().filter_map(|(name, (url, _))| {
        let uses = opened.manifest.servers.get(name)?.auth.as_slice();
        (!uses.is_empty()).then(|| (url.origin().ascii_serialization(), uses))
    });
    let further = profile::hosts(&opened.manifest, &opened.bases, &opened.variables);
    let further = further
        .into_iter()
        .map(|(name, uses)| (with_scheme(&name), uses));
    bases.chain(further).collect()
}

/// Returns the credentials for what a program asks with. The texts are compared, not what some reader of addresses
/// makes of them: no other spelling is answered.
fn answering(opened: &ResolvedProfile, asked: &str) -> Option<Vec<String>> {
    let known = known_hosts(opened);
    let (_, uses) = known.iter().find(|(known, _)| known == asked)?;
    Some(uses.to_vec())
}

/// Returns the best of the credentials `uses`.
async fn held_of(client: &ApiClient<'_>, uses: &[String]) -> Result<Credential> {
    rotations::must_stand(client).await?;
    let held = client.session.credential_to_lend(uses).await?;
    held.ok_or_else(|| Error::failed("no credential is used there"))
}

fn name_and_password(
    client: &ApiClient<'_>,
    held: &Credential,
    username: Option<&str>,
) -> (Secret, Secret) {
    client.basic(held).unwrap_or_else(|| {
        let name = username.unwrap_or(DEFAULT_USERNAME);
        (Secret::new(name), held.secret.duplicate())
    })
}

async fn aws(context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    context
        .with_client(&opened, async |client| {
            let held = token::valid(client, None).await?;
            let Some(key) = client.access_key(&held) else {
                return Err(Error::usage(format!(
                    "the credential of the profile `{}` is not an AWS credential: that is an access key id and a secret",
                    client.profile
                ))
                .hint("a key written as `ID:SECRET` is one; so is one that the service takes as HTTP Basic")
                .hint("for another program: keywright exec -- COMMAND"));
            };
            let mut answer = json!({
                "Version": 1,
                "AccessKeyId": key.id.as_json(),
                "SecretAccessKey": key.secret.as_json(),
            });
            if let Some(token) = &key.session_token {
                answer["SessionToken"] = token.as_json();
            }
            if let Some(end) = held.expires_at {
                answer["Expiration"] = json!(end);
            }
            print(context, &answer)
        })
        .await
}

async fn k8s(context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    let version = version_wanted(context, &opened)?;
    context
        .with_client(&opened, async |client| {
            let held = token::valid(client, None).await?;
            let mut status = json!({ "token": held.secret.as_json() });
            if let Some(end) = held.expires_at {
                status["expirationTimestamp"] = json!(end);
            }
            let answer = json!({
                "apiVersion": version,
                "kind": EXEC_CREDENTIAL,
                "status": status,
            });
            print(context, &answer)
        })
        .await
}

/// Returns the version that kubectl asks for; where it says which cluster it asks for, that has to be one of the
/// profile.
fn version_wanted(context: &Context<'_>, opened: &ResolvedProfile) -> Result<&'static str> {
    const VARIABLE: &str = "KUBERNETES_EXEC_INFO";
    let Some(text) = context.platform.env.get(VARIABLE) else {
        return Ok(K8S_VERSIONS[0]);
    };
    let asked: Value = serde_json::from_str(text)
        .map_err(|error| Error::usage(format!("{VARIABLE} is not JSON")).caused_by(error))?;
    let server = &asked["spec"]["cluster"]["server"];
    let is_known = |server: &str| {
        let mut urls = opened.bases.values().map(|(url, _)| url);
        answering(opened, server).is_some()
            || urls.any(|url| url.path() != "/" && url.as_str() == server)
    };
    if !server.is_null() && !server.as_str().is_some_and(is_known) {
        let shown = server.as_str().map_or_else(|| server.to_string(), one_line);
        return Err(Error::usage(format!(
            "the cluster `{}` is not where the profile `{}` logs in",
            one_line(&shown),
            opened.chosen.name
        ))
        .hint("name its profile in the kubeconfig: keywright --profile NAME credential k8s"));
    }
    let version = asked["apiVersion"].as_str().unwrap_or(K8S_VERSIONS[0]);
    let known = K8S_VERSIONS.into_iter().find(|known| *known == version);
    known.ok_or_else(|| {
        Error::usage(format!(
            "kubectl asks in the version `{}`, which is not known",
            one_line(version)
        ))
        .hint(format!(
            "write `apiVersion: {}` in the kubeconfig",
            K8S_VERSIONS[0]
        ))
    })
}

async fn docker(context: &Context<'_>, action: DockerAction, username: Option<&str>) -> Result<u8> {
    let opened = context.open()?;
    match action {
        DockerAction::List => {
            let name = username.unwrap_or(DEFAULT_USERNAME);
            let known = known_hosts(&opened).into_iter();
            let hosts: serde_json::Map<String, Value> =
                known.map(|(host, _)| (host, Value::from(name))).collect();
            print(context, &Value::Object(hosts))
        }
        DockerAction::Get => {
            let server = question(context, "docker")?;
            let server = server.strip_suffix('\n').unwrap_or(&server);
            let Some(uses) = asked_by_docker(&opened, server) else {
                context.reporter.text(DOCKER_NOT_FOUND)?;
                return Ok(1);
            };
            context
                .with_client(&opened, async |client| {
                    let held = held_of(client, &uses).await?;
                    let (name, password) = name_and_password(client, &held, username);
                    let answer = json!({
                        "ServerURL": server,
                        "Username": name.as_json(),
                        "Secret": password.as_json(),
                    });
                    print(context, &answer)
                })
                .await
        }
        DockerAction::Store | DockerAction::Erase => {
            question(context, "docker")?;
            let what = if action == DockerAction::Store {
                "kept: log in with: keywright login"
            } else {
                "forgotten: log out with: keywright logout"
            };
            context.log.note(&format!("nothing was {what}"));
            Ok(0)
        }
    }
}

/// Returns the credentials for what docker asks with: a host, its address, or that of an old or a new registry there.
fn asked_by_docker(opened: &ResolvedProfile, server: &str) -> Option<Vec<String>> {
    let asked = with_scheme(server);
    answering(opened, &asked).or_else(|| {
        let origin = ["/v1/", "/v2/"]
            .iter()
            .find_map(|path| asked.strip_suffix(path))?;
        answering(opened, origin)
    })
}

/// Docker leaves the scheme out and means HTTPS.
fn with_scheme(server: &str) -> String {
    if server.contains("://") {
        server.to_owned()
    } else {
        format!("https://{server}")
    }
}

fn print(context: &Context<'_>, answer: &Value) -> Result<u8> {
    let line = zeroize::Zeroizing::new(format!("{answer}\n"));
    context.reporter.bytes(line.as_bytes())?;
    Ok(0)
}
