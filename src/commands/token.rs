//! `keywright token`, `exchange` and `refresh`.

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::{Context, Run, rotations};
use crate::api::ApiClient;
use crate::core::error::{Error, Kind, Result};
use crate::core::untrusted::shell_argument;
use crate::manifest::{CredentialKind, DEFAULT_SERVER, Placement, Span};
use crate::profile::SelectionSource;
use crate::profile::session::Credential;
use crate::providers;
use crate::report::output::expiry;
use crate::service::identity::IdentitySource;

/// Print a valid access token, refreshing it if needed (or the API key if the service has no tokens)
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  curl -H @<(keywright token --header) https://api.example.com/v1/models
  keywright token --min-ttl 5m")]
pub struct TokenArgs {
    /// Minimum remaining lifetime of the token
    #[arg(long, value_name = "D")]
    pub min_ttl: Option<Span>,
    /// Print it as an HTTP header
    #[arg(long)]
    pub header: bool,
}

/// Exchange the long-lived key, or the identity of a job, for a short-lived token, and store it
#[derive(Debug, Args)]
#[command(after_help = "\
SOURCE is github, gitlab[:NAME], kubernetes[:PATH], circleci, env:NAME or file:PATH. The identity is never stored, and its token \
only if the profile is saved. With KEYWRIGHT_IDENTITY=SOURCE every command works on the identity.

Examples:
  keywright exchange
  keywright exchange --identity github --json
  KEYWRIGHT_PROVIDER=openbao KEYWRIGHT_IDENTITY=gitlab keywright exec -- ./deploy.sh")]
pub struct ExchangeArgs {
    /// Exchange the identity token of this job: its source
    #[arg(long, value_name = "SOURCE")]
    pub identity: Option<String>,
}

impl Run for ExchangeArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let source = self.identity.as_deref().map(str::parse);
        let source: Option<IdentitySource> = source
            .transpose()
            .map_err(|error: Error| error.context("--identity"))?;
        exchange(context, source).await
    }
}

/// Get a new access token, and store it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keywright refresh
  keywright -p siati refresh --json")]
pub struct RefreshArgs {}

impl Run for RefreshArgs {
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        refresh(context).await
    }
}

impl Run for TokenArgs {
    /// Prints a credential that is valid now: a token, or the key where the service has none.
    async fn run(&self, context: &Context<'_>) -> Result<u8> {
        let mut chosen = context.choose()?;
        // Scripts ask before every call, and most of the time it is there: what the service can do need not be known then.
        let stands = !rotations::may_have_ended(context.platform, &chosen.name)?;
        if stands && let Some(face) = providers::header(&chosen.saved.provider, context.platform)? {
            let opened = context.open_with(chosen, face)?;
            let printed = context
                .with_client(&opened, async |client| {
                    let held = at_hand(client, self)?;
                    held.map(|held| print(self, context, client, &held))
                        .transpose()
                })
                .await?;
            if let Some(code) = printed {
                return Ok(code);
            }
            chosen = opened.chosen;
        }
        let opened = context.open_chosen(chosen)?;
        context
            .with_client(&opened, async |client| {
                let held = valid(client, self.min_ttl).await?;
                let manifest = client.service.manifest;
                let mut tokens = manifest.credentials_of(CredentialKind::Token);
                let has_tokens = tokens.any(|name| !manifest.is_only_federated(name));
                if held.kind == CredentialKind::Key && has_tokens {
                    client.log.note(&format!(
                        "the profile `{}` has no token: this is its key",
                        client.profile
                    ));
                }
                print(self, context, client, &held)
            })
            .await
    }
}

/// Returns a token that is there and fresh; the key where the service has no tokens.
fn at_hand(client: &ApiClient<'_>, args: &TokenArgs) -> Result<Option<Credential>> {
    let manifest = client.service.manifest;
    let min_ttl = args.min_ttl.map(Span::duration);
    let mut kinds = [CredentialKind::Token, CredentialKind::Key].into_iter();
    let kind = kinds.find(|kind| manifest.credential_of(*kind).is_some());
    for name in kind
        .into_iter()
        .flat_map(|kind| manifest.credentials_of(kind))
    {
        if let Some(held) = client.session.fresh_or_none(name, min_ttl)? {
            return Ok(Some(held));
        }
    }
    Ok(None)
}

/// Returns a credential that is valid now, and for at least `span`: a token, or the key where the service has none.
pub(super) async fn valid(client: &ApiClient<'_>, span: Option<Span>) -> Result<Credential> {
    rotations::must_stand(client).await?;
    let manifest = client.service.manifest;
    let min_ttl = span.map(Span::duration);
    let names = |kind: CredentialKind| -> Vec<String> {
        manifest.credentials_of(kind).map(str::to_owned).collect()
    };
    let tokens = names(CredentialKind::Token);
    let keys = names(CredentialKind::Key);
    for name in &tokens {
        if let Some(held) = client.session.valid(name, min_ttl).await? {
            return lasts_long_enough(client, span, held);
        }
    }
    for name in &keys {
        if let Some(held) = client.session.valid(name, None).await? {
            return Ok(held);
        }
    }
    let all: Vec<String> = tokens.into_iter().chain(keys).collect();
    client
        .session
        .credential(&all)
        .await?
        .ok_or_else(|| Error::new(Kind::Auth, "there is no token"))
}

fn lasts_long_enough(
    client: &ApiClient<'_>,
    span: Option<Span>,
    held: Credential,
) -> Result<Credential> {
    let (Some(span), Some(end)) = (span, held.expires_at) else {
        return Ok(held);
    };
    let now = client.service.now();
    if span.after(now).is_some_and(|wanted| end >= wanted) {
        return Ok(held);
    }
    Err(Error::new(
        Kind::Auth,
        format!(
            "the newest token {}, before the {span} that `--min-ttl` asks for",
            expiry(end, now)
        ),
    )
    .hint(format!(
        "ask for less; {} gives tokens no longer life",
        client.service.name()
    )))
}

fn print(
    args: &TokenArgs,
    context: &Context<'_>,
    client: &ApiClient<'_>,
    held: &Credential,
) -> Result<u8> {
    let base = base_of(client, &held.name);
    if context.reporter.json {
        let value = json!({
            "token": held.secret.as_json(),
            "type": type_of(client, held),
            "expires_at": held.expires_at,
        });
        return deliver(context, &value.to_string());
    }
    if args.header {
        let headers = client
            .service
            .carrying_headers(&held.credential_ref(), &base)?;
        if headers.is_empty() {
            return Err(Error::usage(format!(
                "{} does not take this credential in a header",
                client.service.name()
            )));
        }
        let lines: Vec<String> = headers
            .iter()
            .map(crate::platform::Header::as_line)
            .collect();
        return deliver(context, &lines.join("\n"));
    }
    arrived(context.reporter.secret(&held.secret))
}

fn deliver(context: &Context<'_>, text: &str) -> Result<u8> {
    let line = zeroize::Zeroizing::new(format!("{text}\n"));
    arrived(context.platform.terminal.write_secret(line.as_bytes()))
}

/// Returns the exit code of an answer. A reader that has gone wants none, and the token is still in its store.
fn arrived(written: std::io::Result<()>) -> Result<u8> {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::failed("cannot write the token to stdout").caused_by(error))
        }
        _ => Ok(0),
    }
}

/// Returns the base whose calls take the credential.
fn base_of(client: &ApiClient<'_>, name: &str) -> String {
    let bases = &client.service.manifest.servers;
    let takes = |base: &String| bases[base].auth.iter().any(|used| used == name);
    let usual = DEFAULT_SERVER.to_owned();
    if bases.contains_key(&usual) && takes(&usual) {
        return usual;
    }
    bases
        .keys()
        .find(|base| takes(base))
        .cloned()
        .unwrap_or(usual)
}

/// Returns the word before the token in its header, as OAuth calls it; the kind of the credential where there is none.
fn type_of(client: &ApiClient<'_>, held: &Credential) -> String {
    let spec = client.service.manifest.credentials.get(&held.name);
    let scheme = spec.and_then(|spec| {
        spec.placements.iter().find_map(|place| match place {
            Placement::Header(header) => header.scheme.clone(),
            Placement::Basic(_) => Some("Basic".to_owned()),
            _ => None,
        })
    });
    scheme.unwrap_or_else(|| {
        let kind = match held.kind {
            CredentialKind::Key => "api_key",
            CredentialKind::Token => "access_token",
        };
        kind.to_owned()
    })
}

/// Exchanges the identity that is named, or else the key, for a token.
async fn exchange(context: &Context<'_>, named: Option<IdentitySource>) -> Result<u8> {
    let opened = context.open()?;
    // A credential from the environment is used in this run only.
    let is_saved = named.is_some() && opened.chosen.decided != SelectionSource::ProviderVariable;
    let (source, got) = context
        .with_client(&opened, async |client| {
            let session = client.session;
            let source = match named {
                Some(source) => Some(source),
                None => session.identity_source()?,
            };
            let Some(source) = source else {
                let (expires_at, place) = session.exchange_now().await?;
                return Ok((None, (expires_at, Some(place))));
            };
            let got = session.exchange_identity(&source, is_saved).await?;
            Ok((Some(source), got))
        })
        .await?;
    let what = match &source {
        Some(source) => format!("exchanged the identity of {source} for a token"),
        None => "exchanged the key for a token".to_owned(),
    };
    let is_lost = got.1.is_none();
    tell(context, &what, got)?;
    if let Some(source) = source.filter(|_| is_lost) {
        context.log.note(&format!(
            "to use it: KEYWRIGHT_IDENTITY={} keywright exec -- COMMAND",
            shell_argument(&source.to_string())
        ));
    }
    Ok(0)
}

/// Refreshes the token and keeps it.
pub(super) async fn refresh(context: &Context<'_>) -> Result<u8> {
    let opened = context.open()?;
    let (expires_at, place) = context
        .with_client(&opened, async |client| client.session.refresh_now().await)
        .await?;
    tell(context, "refreshed the token", (expires_at, Some(place)))
}

/// Tells the expiry of a new token, and its place if it is stored.
fn tell(
    context: &Context<'_>,
    what: &str,
    kept: (Option<Timestamp>, Option<String>),
) -> Result<u8> {
    let (expires_at, place) = kept;
    if context.reporter.json {
        context
            .reporter
            .json_value(&json!({ "expires_at": expires_at, "stored_in": place }))?;
        return Ok(0);
    }
    let now = context.platform.clock.now();
    let until = expires_at.map_or_else(String::new, |end| format!(", which {}", expiry(end, now)));
    let place = match place {
        Some(place) => format!("it is stored in {place}"),
        None => "it is not stored".to_owned(),
    };
    context.log.note(&format!("{what}{until}; {place}"));
    Ok(0)
}
